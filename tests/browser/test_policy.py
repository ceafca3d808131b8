"""The policy in the browser, on a host that obeys `_headers`: everything works, and nothing is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.conftest import Quiet, served
from tests.browser.test_reading import ESSAY, KINDS, NOTEBOOK, THREAD, Open

pytestmark = pytest.mark.browser

LISTEN = """document.addEventListener("securitypolicyviolation", (event) =>
  violated(`${event.effectiveDirective} ${event.blockedURI} on line ${event.lineNumber}`))"""

SHOW_ALL = """async () => {
  for (const part of document.querySelectorAll("details")) part.open = true;
  for (const image of document.images) {
    image.loading = "eager";
    if (image.checkVisibility()) await image.decode();
  }
}"""
"""Unfold what is folded, and show every picture, also those far down; one that cannot be shown is an error."""

ANSWER = "Nobody asked Sisyphus which hill"


def rules(text: str) -> dict[str, list[tuple[str, str]]]:
    """The headers of each pattern in a `_headers` file."""
    found: dict[str, list[tuple[str, str]]] = {}
    for rule in re.split(r"\n(?=/)", text.strip()):
        pattern, *lines = rule.splitlines()
        found[pattern] = [(name, value) for name, _, value in (line.strip().partition(": ") for line in lines)]
    return found


class _Host(Quiet):
    """Serves the site with the headers that it asks for."""

    def end_headers(self) -> None:
        for pattern, lines in rules((Path(self.directory) / "_headers").read_text()).items():
            if self.path == pattern or (pattern.endswith("*") and self.path.startswith(pattern[:-1])):
                for name, value in lines:
                    self.send_header(name, value)
        super().end_headers()


@pytest.fixture(scope="module")
def host(real_site: Path) -> Iterator[str]:
    """Where the whole site is served as a host would."""
    yield from served(real_site, _Host)


@pytest.fixture
def visit(browser: Browser, host: str) -> Iterator[Open]:
    """Open a page of that host. What the browser refuses, or complains about, fails the test at its end."""
    contexts: list[BrowserContext] = []
    refused: list[str] = []

    def opened(path: str, **settings: Any) -> Page:
        context = browser.new_context(base_url=host, **settings)
        contexts.append(context)
        context.expose_function("violated", lambda told: refused.append(told))
        context.add_init_script(LISTEN)
        page = context.new_page()
        page.on("console", lambda said: refused.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: refused.append(str(error)))
        page.goto(path, wait_until="load")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert refused == []


@pytest.mark.parametrize("path", KINDS)
def test_a_page_is_shown_whole(visit: Open, path: str) -> None:
    page = visit(path)
    for scheme, ground in (("light", "rgb(253, 252, 249)"), ("dark", "rgb(23, 24, 26)")):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate(SHOW_ALL)
        page.wait_for_function("g => getComputedStyle(document.body).backgroundColor === g", arg=ground)


@pytest.mark.parametrize(("tells", "path"), [("meta", "404.html"), ("header", "assets/favicon.svg")])
def test_what_the_policy_does_not_allow_does_not_run(browser: Browser, host: str, tells: str, path: str) -> None:
    """The page tells its browser by itself; what is no page is told by a header."""
    page = browser.new_page(base_url=host)
    page.goto(path)
    page.evaluate("""() => {
      const script = document.createElementNS("http://www.w3.org/1999/xhtml", "script");
      script.textContent = "window.ran = true";
      document.documentElement.append(script);
    }""")
    assert page.evaluate("window.ran") is None
    page.close()


def test_the_search_finds(visit: Open) -> None:
    page = visit("about/")
    page.keyboard.press("/")
    page.keyboard.type("Sisyphus")
    expect(page.locator("a:visible").filter(has_text=ANSWER).first).to_be_visible(timeout=20_000)


def test_the_colours_can_be_chosen(visit: Open) -> None:
    page = visit(ESSAY, color_scheme="light")
    page.get_by_title("Follow the system's colours").click()
    page.get_by_title("Light colours").click()
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 24, 26)"


def test_a_reference_shows_when_its_number_is_pointed_at(visit: Open) -> None:
    page = visit(ESSAY)
    page.locator("[role=doc-biblioref]").first.hover()
    expect(page.locator(".md-tooltip2").first).to_be_visible()


def test_code_can_be_copied(visit: Open) -> None:
    page = visit(NOTEBOOK, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy to clipboard").first.click()
    assert "make" in page.evaluate("navigator.clipboard.readText()")


def test_a_page_is_exchanged_for_another_without_being_loaded(visit: Open) -> None:
    page = visit("essays/")
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name=ANSWER).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ANSWER)
    page.locator("[role=doc-biblioref]").first.hover()
    expect(page.locator(".md-tooltip2").first).to_be_visible()
    page.get_by_role("link", name="Notebooks").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Notebooks")
    assert page.evaluate("window.stayed")
    assert page.locator("meta[http-equiv=Content-Security-Policy]").count() == 1


def test_the_ledger_can_be_filtered(visit: Open) -> None:
    page = visit("claims/")
    page.get_by_label("Verdict").select_option("contradicted")
    expect(page.get_by_role("status")).to_contain_text(" of ")


def test_without_javascript_nothing_is_missing(visit: Open) -> None:
    page = visit(THREAD, java_script_enabled=False, color_scheme="dark")
    expect(page.locator("math").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 24, 26)"


@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize(
    ("stored", "ground"), [("default", "rgb(253, 252, 249)"), ("slate", "rgb(23, 24, 26)"), (None, None)]
)
def test_no_page_begins_in_other_colours_than_it_ends_in(
    browser: Browser, host: str, system: str, stored: str | None, ground: str | None
) -> None:
    """The colours that a reader chose, else the system's, are there before the theme's script is."""
    context = browser.new_context(base_url=host, color_scheme="dark" if system == "dark" else "light")
    context.route("**/bundle.*", lambda route: route.abort())
    if stored:
        media = f"(prefers-color-scheme: {'dark' if stored == 'slate' else 'light'})"
        chosen = json.dumps({"index": 1, "color": {"media": media, "scheme": stored}})
        context.add_init_script(f"localStorage.setItem('/.__palette', {json.dumps(chosen)})")
    page = context.new_page()
    page.goto(ESSAY)
    system_ground = "rgb(23, 24, 26)" if system == "dark" else "rgb(253, 252, 249)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (ground or system_ground)
    context.close()
