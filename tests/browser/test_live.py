"""A claim asked again in the reader's browser, on a host that obeys `_headers`; and every way in which that can fail.

The policy is at work in all of them: what the browser refuses, or asks of another host, fails the test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from tests.browser.conftest import served
from tests.browser.test_policy import LISTEN, _Host

pytestmark = pytest.mark.browser

CLAIM = "confession-judge"
PATH = "threads/confession/"
NAME = "cot-detects"
DATA = "**/confession-judge/live.json"
BELIEVED = "The share of recitals that the judge believes (%)"
STANDS = "What is shown above stays as published."
LONG = 30_000
"""Milliseconds: the machine that runs the tests may be busy."""


@pytest.fixture(scope="module")
def host(real_site: Path) -> Iterator[str]:
    """Where the whole site is served as a host would."""
    if not (real_site / "notebooks" / CLAIM / "live.json").is_file():
        pytest.skip("`make live` has not been run, and cannot be run here: it needs npm and a network")
    yield from served(real_site, _Host)


@pytest.fixture
def visit(browser: Browser, host: str) -> Iterator[Callable[..., Page]]:
    """Open a page of that host. What the browser refuses, or asks of others, fails the test at its end."""
    contexts: list[BrowserContext] = []
    refused: list[str] = []
    asked: list[str] = []

    def opened(path: str = PATH, *, script: str = "", **settings: object) -> Page:
        context = browser.new_context(base_url=host, **settings)  # type: ignore[arg-type]
        contexts.append(context)
        context.expose_function("violated", lambda told: refused.append(told))
        context.add_init_script(LISTEN)
        if script:
            context.add_init_script(script)
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.on("pageerror", lambda error: refused.append(str(error)))
        page.goto(path, wait_until="load")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert refused == []
    assert [url for url in asked if urlsplit(url).scheme in ("http", "https") and not url.startswith(host)] == []


def figure(page: Page, name: str = NAME) -> Locator:
    return page.locator(f"#boundary-{name}")


def start(page: Page, name: str = NAME) -> Locator:
    """Press the button."""
    found = figure(page, name)
    found.get_by_role("button", name=re.compile("Try your own numbers|Run the numbers")).click()
    return found


def opened(page: Page, name: str = NAME) -> Locator:
    """Press the button, and wait for the first answer."""
    found = start(page, name)
    expect(found.locator(".live-mark")).to_contain_text("in your run", timeout=LONG)
    return found


def changed(page: Page, change: Callable[[dict[str, str]], object]) -> None:
    """Let the page be given other code."""

    def answer(route: Route) -> None:
        told = route.fetch().json()
        change(told["code"])
        route.fulfill(status=200, content_type="application/json", body=json.dumps(told))

    page.route(DATA, answer)


def told(found: Locator) -> Locator:
    return found.locator(".live [role=status]")


def test_the_published_run_is_reproduced_and_another_can_be_made_shared_and_kept(visit: Callable[..., Page]) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    before = page.evaluate("performance.getEntriesByType('resource').filter(r => r.name.includes('/live/')).length")
    assert before == 1, "before the click there is the button’s own script and nothing else"
    found = opened(page)
    expect(found.locator(".live-proof")).to_have_text("This browser reproduces the published run exactly.")
    slider = found.get_by_role("slider", name=BELIEVED)
    slider.press("Home")
    mark = found.locator(".live-mark")
    expect(mark.locator(".verdict")).to_have_text("holds", timeout=LONG)
    expect(mark).to_have_text("holds at 0 % in your run, of 10 seeds; the notebook asked 30.")
    expect(told(found)).to_contain_text("At 0 % it holds in your run", timeout=LONG)
    at = found.locator(".live-panel tbody tr").first
    expect(at).to_have_text("At50 %0 %")
    assert found.locator(".live-chart svg").count() == 1
    found.get_by_role("spinbutton", name=f"{BELIEVED}, as a number").fill("100")
    found.get_by_role("spinbutton", name=f"{BELIEVED}, as a number").press("Enter")
    expect(mark.locator(".verdict")).to_have_text("fails", timeout=LONG)
    with page.expect_download() as download:
        found.get_by_role("link", name="Results as CSV").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert lines[0] == "seed,recital,gullibility,effect"
    assert len(lines) == 11
    assert lines[1].startswith("6000,0.6,1,")
    found.get_by_role("button", name="Copy a link").click()
    expect(told(found)).to_have_text("The link is copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert "try=cot-detects&recital=0.6&gullibility=1" in link
    found.get_by_role("button", name="Reset").click()
    expect(yours(found)).to_have_text("50 %", timeout=LONG)
    other = visit(link.removeprefix(page.url.split("threads/")[0]))
    again = start(other)
    expect(yours(again)).to_have_text("100 %", timeout=LONG)


def test_two_claims_share_one_worker_and_it_ends_when_the_reader_leaves(visit: Callable[..., Page]) -> None:
    page = visit()
    opened(page)
    opened(page, "false-credit")
    assert len(page.workers) == 1
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Claims").click()
    page.wait_for_url(re.compile("/claims/$"))
    for _ in range(50):
        if not page.workers:
            break
        page.wait_for_timeout(100)
    assert page.workers == []


def test_on_a_phone_in_the_dark_it_fits_and_has_the_colours_of_the_page(visit: Callable[..., Page]) -> None:
    page = visit(viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True)
    found = opened(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert "#41bf96" in found.locator(".live-chart").inner_html()
    page.emulate_media(color_scheme="light")
    expect(found.locator(".live-chart [fill='#0d7f5f'], .live-chart [stroke='#0d7f5f']").first).to_be_attached()


def test_without_a_network_it_says_so_and_works_once_there_is_one(visit: Callable[..., Page]) -> None:
    page = visit()
    page.context.set_offline(True)
    found = start(page)
    expect(told(found)).to_contain_text("There seems to be no network.", timeout=LONG)
    expect(told(found)).to_contain_text(STANDS)
    expect(found.locator("img.figure-light")).to_be_visible()
    page.context.set_offline(False)
    found.get_by_role("button", name="Try again").click()
    expect(found.locator(".live-mark")).to_contain_text("in your run", timeout=LONG)


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("**/live/app.js*", "The program that runs the model could not be fetched."),
        ("**/stdlib.gzb", "A file that the model needs is missing on this host (stdlib.gzb)."),
        ("**/pyodide.asm.wasm", "A file that the model needs is missing on this host (pyodide.asm.wasm)."),
        ("**/vega-lite.js", "A file that the model needs is missing on this host (vega-lite.js)."),
        ("**/live/worker.js", "A file that the model needs is missing on this host (worker.js)."),
    ],
)
def test_a_missing_file_is_named_and_the_figure_stands(visit: Callable[..., Page], pattern: str, sentence: str) -> None:
    page = visit()
    page.context.route(pattern, lambda route: route.fulfill(status=404, body="gone"))
    found = start(page)
    expect(told(found)).to_have_text(f"{sentence} {STANDS}", timeout=LONG)
    expect(found.locator("img.figure-light")).to_be_visible()


def test_an_old_browser_is_told_before_anything_is_fetched(visit: Callable[..., Page]) -> None:
    page = visit(script="delete self.DecompressionStream")
    found = start(page)
    expect(told(found)).to_have_text(f"This browser is too old to run the model. {STANDS}")


def test_where_compiled_code_is_blocked_it_says_so(visit: Callable[..., Page]) -> None:
    page = visit()

    def blocked(route: Route) -> None:
        source = route.fetch().text()
        body = f'WebAssembly.Module = function () {{ throw new WebAssembly.CompileError("refused"); }};\n{source}'
        route.fulfill(status=200, content_type="text/javascript", body=body)

    page.context.route("**/live/worker.js", blocked)
    found = start(page)
    expect(told(found)).to_have_text(
        f"This browser does not let pages run compiled code, which the model needs. {STANDS}", timeout=LONG
    )


ANSWER = "    return watched(at, seed).gain\n"
MISTAKES = {
    "100": ("raise ValueError('no judge')", r"ValueError: no judge \(live/confession_judge.py, line \d+\)\.$"),
    "95": ("return gain(at, seed)", "RecursionError: |^The interpreter broke down"),
    "90": ("return len(bytearray(1 << 30))", "^The model needed more memory than it may have and was stopped.$"),
    "85": ("held = [0]\n        while True: held = [held] * 99 + [*held]", "needed more memory|interpreter broke down"),
}
"""What the model does wrong where the judge believes so many in a hundred recitals, and what the reader is told."""
ENDLESS = "80"


def broken(page: Page) -> Locator:
    """The figure of a model with all of these mistakes, opened where it makes none."""
    wrong = {**{at: mistake for at, (mistake, _) in MISTAKES.items()}, ENDLESS: "while True: pass"}
    lines = "".join(f"    if round(100 * at['gullibility']) == {at}:\n        {does}\n" for at, does in wrong.items())

    def change(code: dict[str, str]) -> None:
        path = "live/confession_judge.py"
        assert ANSWER in code[path]
        code[path] = code[path].replace(ANSWER, lines + ANSWER)

    changed(page, change)
    return opened(page)


def choose(found: Locator, per_cent: str) -> None:
    number = found.get_by_role("spinbutton", name=f"{BELIEVED}, as a number")
    number.fill(per_cent)
    number.press("Enter")


def yours(found: Locator) -> Locator:
    """Where the last answer was asked."""
    return found.locator(".live-panel tbody tr").first.locator("td").last


def test_a_mistake_of_the_model_is_told_the_last_answer_stands_and_the_next_run_works(
    visit: Callable[..., Page],
) -> None:
    found = broken(visit())
    for at, (_, sentence) in MISTAKES.items():
        stood = yours(found).inner_text()
        choose(found, at)
        expect(told(found)).to_have_text(re.compile(sentence), timeout=LONG)
        assert yours(found).inner_text() == stood
        other = "0" if stood != "0 %" else "10"
        choose(found, other)
        expect(yours(found)).to_have_text(f"{other} %", timeout=LONG)
        expect(told(found)).to_contain_text(f"At {other} %")
    choose(found, ENDLESS)
    found.get_by_role("button", name="Stop").click(timeout=LONG)
    expect(told(found)).to_have_text("Stopped.")
    choose(found, "20")
    expect(yours(found)).to_have_text("20 %", timeout=LONG)


def test_a_run_without_end_ends_by_itself(visit: Callable[..., Page]) -> None:
    page = visit()

    def sooner(route: Route) -> None:
        body = route.fetch().text().replace("const LIMIT = 20_000;", "const LIMIT = 1_500;")
        route.fulfill(status=200, content_type="text/javascript", body=body)

    page.route("**/live/app.js*", sooner)
    found = broken(page)
    choose(found, ENDLESS)
    expect(told(found)).to_contain_text("The model gave no sign of life for", timeout=LONG)


def test_a_browser_whose_answers_differ_says_that_they_are_a_sketch(visit: Callable[..., Page]) -> None:
    page = visit()

    def change(code: dict[str, str]) -> None:
        code["live/confession_judge.py"] = code["live/confession_judge.py"].replace(".gain\n", ".gain + 0.001\n", 1)

    changed(page, change)
    found = opened(page)
    expect(found.locator(".live-proof")).to_contain_text("differ from those of the published run")


def test_without_javascript_there_is_no_button(visit: Callable[..., Page]) -> None:
    page = visit(java_script_enabled=False)
    expect(figure(page).locator("figcaption")).to_be_visible()
    assert page.get_by_role("button", name=re.compile("Try your own")).count() == 0
