"""Searching."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]

ESSAY = "Nobody asked Sisyphus which hill"
CLAIM = "A learner that starts by expecting nothing meets more catastrophes"

POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'"
)
"""A strict one, but for the theme's own inline scripts; WebAssembly is not allowed on the page."""


def search(page: Page, words: str) -> Locator:
    """The results for *words*, once they are there."""
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill(words)
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text(re.compile(r"\d+ result"))
    return page.get_by_role("dialog").get_by_role("listitem")


@pytest.mark.parametrize(
    ("words", "kind", "title", "leads_to"),
    [
        ("Sisyphus hill", "Essay", ESSAY, "/essays/absurdism/"),
        (
            "clerk conqueror",
            "Section of an essay",
            "The clerk and the conqueror",
            "/absurdism/#the-clerk-and-the-conqueror",
        ),
        ("rare penalty", "Thread", "A rare penalty or a steady bonus?", "/threads/catastrophe/"),
        ("expecting nothing catastrophes", "Claim, supported", CLAIM, "/threads/catastrophe/#claim-initial-values"),
        ("rare punishment", "Notebook", "Is not-dying a rare punishment", "/notebooks/catastrophe-reward/"),
        (
            "same bargain",
            "Section of a notebook",
            "The same bargain, told twice",
            "/catastrophe-reward/#the-same-bargain-told-twice",
        ),
        ("Mythe de Sisyphe", "Reference", "Le Mythe de Sisyphe", "/bibliography/#camus1942sisyphe"),
    ],
)
def test_what_is_found_is_told_apart_by_its_kind(
    open_page: Open, words: str, kind: str, title: str, leads_to: str
) -> None:
    page = open_page("")
    found = search(page, words).filter(has=page.get_by_role("link", name=title)).first
    expect(found).to_contain_text(re.compile(rf"^{kind}", re.IGNORECASE))
    href = found.get_by_role("link").get_attribute("href") or ""
    assert href.endswith(leads_to)


def test_a_page_comes_before_its_parts_and_its_claims(open_page: Open) -> None:
    page = open_page("")
    kinds = search(page, "rare penalty").locator("p:first-child")
    expect(kinds.first).to_have_text("thread")
    assert "claim" in kinds.last.inner_text().lower()


def test_the_words_are_marked_in_the_text_around_them(open_page: Open) -> None:
    page = open_page("")
    expect(search(page, "watchman").first.locator("mark")).to_have_text("watchman")


def test_nothing_of_the_search_is_fetched_before_it_is_opened(open_page: Open) -> None:
    asked: list[str] = []
    page = open_page("about/")
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.reload(wait_until="networkidle")
    assert "/assets/search.js" in asked
    assert [path for path in asked if "pagefind" in path or "search_index" in path] == []
    search(page, "Sisyphus")
    assert "/pagefind/pagefind-worker.js" in asked


def test_the_first_results_take_few_bytes(open_page: Open, real_site: Path) -> None:
    """As they would be compressed; the index is stored compressed already."""
    asked: set[str] = set()
    page = open_page("")
    page.on("request", lambda request: asked.add(urlsplit(request.url).path))
    expect(search(page, "Sisyphus").first).to_be_visible()
    sizes = {path: len((real_site / path[1:]).read_bytes()) for path in asked if path.startswith("/pagefind/")}
    assert 100_000 < sum(sizes.values()) < 260_000
    whole = sum(path.stat().st_size for path in (real_site / "pagefind").rglob("*.pf_*"))
    assert sum(size for path, size in sizes.items() if ".pf_" in path) < whole / 4


@pytest.mark.parametrize("key", ["/", "f", "s", "Control+k"])
def test_a_key_opens_the_search_and_escape_closes_it(open_page: Open, key: str) -> None:
    page = open_page("")
    page.keyboard.press(key)
    field = page.get_by_role("searchbox", name="Search")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    field.fill("Sisyphus")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()


def test_the_keys_are_letters_where_one_writes(open_page: Open) -> None:
    page = open_page("")
    search(page, "Sisyphus")
    page.keyboard.type("/fs")
    expect(page.get_by_role("searchbox")).to_have_value("Sisyphus/fs")
    page.keyboard.press("Escape")
    page.goto("claims/")
    page.get_by_label("Verdict").focus()
    page.keyboard.press("s")
    expect(page.get_by_role("dialog")).not_to_be_visible()


def test_the_focus_returns_to_the_button(open_page: Open) -> None:
    page = open_page("")
    button = page.get_by_role("button", name="Search", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


def test_arrows_move_through_the_results_and_back_to_the_words(open_page: Open) -> None:
    page = open_page("")
    links = search(page, "Sisyphus").get_by_role("link")
    page.keyboard.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(links.last).to_be_focused()


def test_what_is_typed_on_a_result_goes_on_with_the_words(open_page: Open) -> None:
    page = open_page("")
    search(page, "Sisyph")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("us")
    expect(page.get_by_role("searchbox")).to_have_value("Sisyphus")


def test_the_search_can_be_closed_with_the_pointer(open_page: Open) -> None:
    page = open_page("")
    button, dialog = page.get_by_role("button", name="Search", exact=True), page.get_by_role("dialog")
    button.click()
    page.get_by_role("button", name="Close").click()
    expect(dialog).not_to_be_visible()
    button.click()
    expect(dialog).to_be_visible()
    page.mouse.click(5, 500)
    expect(dialog).not_to_be_visible()


def instant(open_page: Open, path: str) -> Page:
    """The page at *path*, with a sitemap by which the others are here: then they are shown without loading anew."""
    page = open_page("404.html")
    here = page.evaluate("location.origin") + "/"

    def at_home(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r"(?<=<loc>)https?://[^/]+/", here, answer.text()))

    page.route("**/sitemap.xml", at_home)
    with page.expect_response("**/sitemap.xml"):
        page.goto(path)
    return page


def test_enter_follows_the_first_result_without_loading_the_page_anew(open_page: Open) -> None:
    page = instant(open_page, "")
    page.evaluate("window.same = true")
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill("Sisyphus hill")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/essays/absurdism/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(ESSAY)
    expect(page.get_by_role("dialog")).not_to_be_visible()
    assert page.evaluate("window.same")


def test_the_search_goes_on_after_going_from_page_to_page(open_page: Open) -> None:
    page = instant(open_page, "essays/")
    page.evaluate("window.same = true")
    page.get_by_role("link", name=ESSAY).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ESSAY)
    search(page, "watchman").first.get_by_role("link").click()
    expect(page).to_have_url(re.compile("/notebooks/catastrophe-reward/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Is not-dying"))
    assert page.evaluate("window.same")


def test_going_back_closes_the_search(open_page: Open) -> None:
    page = instant(open_page, "essays/")
    page.get_by_role("link", name=ESSAY).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ESSAY)
    search(page, "watchman")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Essays")
    expect(page.get_by_role("dialog")).not_to_be_visible()


def test_a_result_on_the_same_page_is_gone_to(open_page: Open) -> None:
    page = open_page("threads/catastrophe/")
    search(page, "expecting nothing catastrophes").filter(has_text="Claim").first.get_by_role("link").click()
    expect(page.get_by_role("dialog")).not_to_be_visible()
    expect(page).to_have_url(re.compile("/threads/catastrophe/#claim-initial-values$"))
    expect(page.locator("#claim-initial-values")).to_be_in_viewport()


def test_more_than_can_be_read_at_once_is_shown_when_asked_for(open_page: Open) -> None:
    page = open_page("")
    found = search(page, "reward")
    expect(found).to_have_count(10)
    page.get_by_role("button", name="Show more").click()
    expect(found).to_have_count(20)
    expect(found.nth(10).get_by_role("link")).to_be_focused()


def test_the_number_of_results_is_told_and_that_there_is_none(open_page: Open) -> None:
    page = open_page("")
    status = page.get_by_role("dialog").get_by_role("status")
    found = search(page, "watchman")
    expect(status).to_have_text(re.compile(r"^(1 result|\d+ results)$"))
    page.get_by_role("searchbox").fill("wireheading")
    expect(status).to_have_text("Nothing found for “wireheading”")
    expect(found).to_have_count(0)
    page.get_by_role("searchbox").fill("")
    expect(status).to_have_text(re.compile("^Finds threads"))


@pytest.mark.parametrize(
    ("word", "title"), [("Polzler", "Absurdism as Self-Help"), ("pölzler", "Absurdism as Self-Help")]
)
def test_accents_may_be_left_out(open_page: Open, word: str, title: str) -> None:
    expect(search(open_page(""), word).first).to_contain_text(title)


def test_a_site_below_a_path_is_searched_there(open_page: Open) -> None:
    page = open_page("below/essays/absurdism/")
    link = search(page, "watchman").first.get_by_role("link")
    assert urlsplit(link.get_attribute("href") or "").path == "/below/notebooks/catastrophe-reward/"


def test_the_search_needs_no_webassembly_on_the_page(open_page: Open) -> None:
    """Pagefind runs in a worker, which a policy in the page does not bind; what breaks one fails the test."""
    page = open_page("")
    warned: list[str] = []
    page.on("console", lambda said: warned.append(said.text))
    policy = f'<head><meta http-equiv="Content-Security-Policy" content="{POLICY}">'

    def guarded(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("<head>", policy))

    page.route("**/about/", guarded)
    page.goto("about/")
    search(page, "watchman")
    assert [worker.url for worker in page.workers if worker.url.endswith("/pagefind-worker.js")]
    assert warned == []


def test_where_the_search_cannot_be_loaded_it_says_so(open_page: Open) -> None:
    page = open_page("")
    page.route("**/pagefind.js", lambda route: route.fulfill(content_type="text/javascript", body="throw 'away'"))
    page.keyboard.press("/")
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text(re.compile("^The search could not be loaded"))


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_the_open_search_fits_the_window_and_what_is_pressed_is_large_enough(open_page: Open, width: int) -> None:
    page = open_page("", width=width)
    search(page, "reward")
    box = page.get_by_role("dialog").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= 900
    for name in ("Close", "Show more"):
        button = page.get_by_role("button", name=name).bounding_box()
        assert button
        assert min(button["width"], button["height"]) >= 24


def test_without_javascript_there_is_no_search_and_its_button_is_not_shown(open_page: Open) -> None:
    page = open_page("", java_script_enabled=False)
    expect(page.locator(".search-open")).not_to_be_visible()
    expect(page.locator("dialog")).not_to_be_visible()
    expect(page.get_by_role("navigation", name="Site").get_by_role("link", name="Threads")).to_be_visible()
