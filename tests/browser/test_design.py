"""How pages look where it can be measured: margins, previews, print, what a reader asks of the system."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]

ESSAY = "essays/absurdism/"
THREAD = "threads/catastrophe/"
NOTEBOOK = "notebooks/catastrophe-reward/"


@pytest.mark.parametrize("path", [ESSAY, THREAD, NOTEBOOK])
def test_notes_stand_in_the_margin_where_there_is_one(open_page: Open, path: str) -> None:
    page = open_page(path, java_script_enabled=False)
    for width in (390, 820, 960, 1220, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        text = page.locator(".prose").bounding_box()
        assert text is not None
        boxes = page.locator(".prose .note").evaluate_all(
            "all => all.map(e => e.getBoundingClientRect()).map(b => [b.left, b.top, b.right, b.bottom])"
        )
        assert boxes
        if width < 960:
            assert boxes == [[0, 0, 0, 0]] * len(boxes)
            continue
        below = float("-inf")
        for left, top, right, bottom in boxes:
            assert text["x"] + text["width"] < left
            assert right <= width
            assert top >= below  # no note covers another
            below = bottom


def test_the_typeface_comes_with_the_site(open_page: Open) -> None:
    page = open_page(ESSAY)
    loaded = page.evaluate("document.fonts.ready.then(() => document.fonts.check('20px Newsreader'))")
    assert loaded


@pytest.mark.parametrize("path", ["", ESSAY, THREAD, NOTEBOOK, "claims/", "bibliography/"])
def test_nothing_moves_while_a_page_loads(open_page: Open, path: str) -> None:
    """`make audit` asks for none at all; here a busy machine may paint a page while it arrives."""
    page = open_page(path)
    page.wait_for_timeout(500)
    shift = page.evaluate(
        """() => new Promise((resolve) => {
          let sum = 0;
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) sum += entry.hadRecentInput ? 0 : entry.value;
          }).observe({type: "layout-shift", buffered: true});
          setTimeout(() => resolve(sum), 200);
        })"""
    )
    assert shift < 0.25  # what Web Vitals call poor


def test_a_link_to_a_page_shows_its_head_to_the_pointer(open_page: Open) -> None:
    page = open_page(ESSAY)
    page.get_by_role("link", name="Belaire’s remedy for nihilism").hover()
    preview = page.get_by_role("dialog", name="Preview")
    expect(preview).to_be_visible()
    expect(preview).to_contain_text("Answering")


def test_a_link_to_a_page_shows_its_head_to_the_keyboard(open_page: Open) -> None:
    page = open_page(ESSAY)
    page.get_by_role("link", name="Belaire’s remedy for nihilism").focus()
    expect(page.get_by_role("dialog", name="Preview")).to_contain_text("Answering")


def test_a_link_to_a_claim_shows_its_sentence_verdict_and_number(open_page: Open) -> None:
    page = open_page("essays/relative-impact/")
    link = page.locator('.prose a[href*="#claim-"]').first
    link.focus()
    preview = page.get_by_role("dialog", name="Preview")
    expect(preview.locator(".verdict")).to_be_visible()
    expect(preview.locator(".claim-number strong")).to_be_visible()
    expect(preview.get_by_role("heading")).not_to_be_empty()


def test_a_link_to_a_result_shows_its_value_and_interval(open_page: Open) -> None:
    page = open_page(THREAD)
    page.locator('.prose a[href*="#result-"]').first.focus()
    preview = page.get_by_role("dialog", name="Preview")
    expect(preview.locator("td").first).to_be_visible()
    assert any(character.isdigit() for character in preview.locator("td").first.inner_text())


def test_escape_dismisses_a_preview_and_leaves_the_focus(open_page: Open) -> None:
    page = open_page(ESSAY)
    link = page.get_by_role("link", name="Belaire’s remedy for nihilism")
    link.focus()
    preview = page.get_by_role("dialog", name="Preview")
    expect(preview).to_be_visible()
    page.keyboard.press("Escape")
    expect(preview).to_be_hidden()
    expect(link).to_be_focused()


def test_a_preview_stays_while_the_pointer_is_on_it_and_covers_no_word_of_its_link(open_page: Open) -> None:
    page = open_page(ESSAY)
    link = page.get_by_role("link", name="Belaire’s remedy for nihilism")
    link.hover()
    preview = page.locator(".md-tooltip2__inner")
    expect(preview).to_be_visible()
    page.wait_for_timeout(400)
    shown, words = preview.bounding_box(), link.bounding_box()
    assert shown is not None
    assert words is not None
    assert shown["y"] >= words["y"] + words["height"] or shown["y"] + shown["height"] <= words["y"]
    preview.hover()
    page.wait_for_timeout(600)
    expect(preview).to_be_visible()


def test_previews_work_after_an_instant_navigation(open_page: Open) -> None:
    page = open_page(ESSAY)
    page.evaluate("window.stays = true")
    page.get_by_role("link", name="Belaire’s remedy for nihilism").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Outrunning the jet")
    assert page.evaluate("window.stays")  # the page was exchanged, not loaded
    page.locator(".prose a[data-preview]").first.focus()
    expect(page.get_by_role("dialog", name="Preview")).to_be_visible()


def test_on_paper_there_is_no_chrome_and_the_claims_come_last(open_page: Open) -> None:
    page = open_page(THREAD, color_scheme="dark")
    page.emulate_media(media="print")
    for away in (".site-header", ".site-footer", ".linked-from", ".headerlink", ".back"):
        assert not page.locator(away).first.is_visible(), away
    ends = [page.locator(part).bounding_box() for part in (".prose", ".references", ".claims")]
    tops = [box["y"] for box in ends if box]
    assert len(tops) == 3
    assert tops == sorted(tops)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    work = page.locator('.references a[href^="http"]').first
    address = work.get_attribute("href")
    assert address in work.evaluate("e => getComputedStyle(e, '::after').content")


def test_more_contrast_is_given_where_it_is_asked_for(open_page: Open) -> None:
    page = open_page(ESSAY)
    page.emulate_media(contrast="more")
    colours = page.evaluate(
        "() => ['.standfirst', 'body'].map((s) => getComputedStyle(document.querySelector(s)).color)"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(0, 0, 0)"]


def test_verdicts_are_told_apart_where_the_system_chooses_the_colours(open_page: Open) -> None:
    page = open_page("claims/")
    page.emulate_media(forced_colors="active")
    marks = page.locator(".ledger .verdict").evaluate_all(
        "all => [...new Set(all.map((e) => getComputedStyle(e, '::before').content.slice(0, 2) + e.textContent))]"
    )
    assert len(marks) == 5
    assert len({mark[:2] for mark in marks}) == 5


def test_nothing_moves_for_readers_who_asked_for_it(open_page: Open) -> None:
    page = open_page(ESSAY, reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('.md-header')).transitionDuration") in ("0s", "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_scheme_is_there_before_the_first_paint(open_page: Open, scheme: str) -> None:
    """Without JavaScript the system's choice is kept too."""
    page = open_page(ESSAY, color_scheme=scheme, java_script_enabled=False)
    ground = page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
    assert (ground == "rgb(253, 252, 249)") == (scheme == "light")
