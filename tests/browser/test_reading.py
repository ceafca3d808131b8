"""Reading the site: with the pointer, by keyboard, on a phone, and without JavaScript."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]

ESSAY = "essays/absurdism/"
THREAD = "threads/catastrophe/"
NOTEBOOK = "notebooks/catastrophe-reward/"
KINDS = ["", "essays/", ESSAY, "threads/", THREAD, "notebooks/", NOTEBOOK, "claims/", "bibliography/", "about/"]
KINDS += ["contributing/", "rules/", "topics/", "map/", "404.html"]
"""One page of each kind."""

FAINT = """(within) => {
  const channels = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b]
    .map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const [r, g, b, a = 1] = channels(getComputedStyle(e).backgroundColor);
      if (a > 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll(within)]
    .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
    .filter((e) => e.checkVisibility({opacityProperty: true, visibilityProperty: true}))
    .filter((e) => !e.closest(".headerlink, pre"))
    .map((e) => {
      const [a, b] = [luminance(channels(getComputedStyle(e).color)), luminance(ground(e))];
      return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.textContent.slice(0, 40)];
    })
    .filter(([ratio]) => ratio < 4.5);
}"""
"""The texts *within* that stand out too little from their ground."""


def windows(page: Page, *widths: int) -> Iterator[int]:
    """Each of *widths*, with the window of *page* as wide: to load it anew for each would take most of the time."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        yield width


def test_the_table_of_contents_stands_beside_the_text_or_not_at_all(open_page: Open) -> None:
    page = open_page(ESSAY)
    for width in windows(page, 959, 960, 1100, 1219, 1220, 1440):
        text = page.get_by_role("article").bounding_box()
        contents = page.locator(".md-sidebar--secondary").bounding_box()
        assert text is not None
        assert (contents is not None) == (width >= 1220)
        if contents is not None:
            assert contents["x"] >= 0
            assert contents["x"] + contents["width"] < text["x"]


@pytest.mark.parametrize("width", [390, 1440])
def test_the_footer_begins_where_the_text_begins(open_page: Open, width: int) -> None:
    page = open_page(ESSAY, width=width)
    left = "e => e.getBoundingClientRect().left + parseFloat(getComputedStyle(e).paddingLeft)"
    assert page.get_by_role("contentinfo").locator("p").evaluate(left) == page.locator(".prose").evaluate(left)


@pytest.mark.parametrize("path", KINDS)
def test_a_page_fits_every_window_skips_no_heading_and_stands_out_from_its_ground(open_page: Open, path: str) -> None:
    """WCAG 2.2 AA asks for a contrast of 4.5 to 1. A page is loaded once for all of it: that is what takes long."""
    page = open_page(path, color_scheme="light")
    for width in windows(page, 390, 820, 1440):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    levels = [int(tag[1]) for tag in page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(h => h.tagName)")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    grounds = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_function("s => (document.body.dataset.mdColorScheme === 'slate') === (s === 'dark')", arg=scheme)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert page.evaluate(FAINT, ".leaf *, .site-header a, .site-footer *") == []
    assert len(grounds) == 2


def test_a_line_of_an_essay_has_about_66_characters(open_page: Open) -> None:
    page = open_page(ESSAY, width=1440)
    per_line = (
        page.locator(".prose > p")
        .nth(2)
        .evaluate(
            """(p) => {
          const range = document.createRange();
          range.selectNodeContents(p);
          const lines = new Set([...range.getClientRects()].map((r) => Math.round(r.bottom / 8)));
          return p.textContent.length / lines.size;
        }"""
        )
    )
    assert 55 <= per_line <= 76


def test_a_reference_shows_when_its_number_is_pointed_at(open_page: Open) -> None:
    page = open_page(ESSAY)
    page.locator("[role=doc-biblioref]").first.hover()
    expect(page.locator(".md-tooltip2").filter(has_text="Nagel")).to_be_visible()


def test_a_reference_shows_when_its_number_has_the_focus(open_page: Open) -> None:
    page = open_page(ESSAY)
    page.locator("[role=doc-biblioref]").first.focus()
    expect(page.locator(".md-tooltip2").filter(has_text="Nagel")).to_be_visible()


def test_a_number_leads_to_its_reference_and_back_by_keyboard(open_page: Open) -> None:
    page = open_page(ESSAY)
    number = page.locator("[role=doc-biblioref]").first
    number.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#ref-nagel1971absurd$"))
    back = page.locator("#ref-nagel1971absurd [role=doc-backlink]").first
    back.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#cite-nagel1971absurd-1$"))
    expect(number).to_be_in_viewport()


def test_the_way_back_is_named_after_its_place(open_page: Open) -> None:
    page = open_page(ESSAY)
    backs = page.locator("[role=doc-backlink]", has_text="What stops when the race stops")
    expect(backs.first).to_have_accessible_name(re.compile("What stops when the race stops"))
    names = page.locator("[role=doc-backlink]").all_inner_texts()
    assert all(names)
    assert page.locator("[role=doc-backlink][aria-label]").count() == 0  # what is seen is what is heard


def test_linked_from_quotes_the_sentence_and_leads_to_it(open_page: Open) -> None:
    page = open_page(THREAD)
    section = page.get_by_role("region", name="Linked from")
    first = section.get_by_role("listitem").first
    expect(first.locator("mark")).not_to_be_empty()
    words = first.locator("mark").inner_text()
    first.get_by_role("link").click()
    expect(page.get_by_role("article").get_by_role("link", name=words).first).to_be_visible()


def test_the_first_tab_offers_to_skip_to_the_text(open_page: Open) -> None:
    page = open_page(ESSAY)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()


def test_every_link_of_the_header_is_reached_by_keyboard(open_page: Open) -> None:
    page = open_page("")
    seen = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.textContent.trim()"))
    assert {"Essays", "Threads", "Bibliography", "About"} <= seen


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_the_search_finds_stands_out_from_its_ground(open_page: Open, scheme: str) -> None:
    page = open_page("", color_scheme=scheme)
    page.keyboard.press("/")
    page.keyboard.type("Sisyphus")
    expect(page.get_by_role("dialog").get_by_role("link").first).to_be_visible()
    assert page.evaluate(FAINT, "dialog *") == []


@pytest.mark.parametrize("width", [1000, 1440])
def test_the_open_search_moves_nothing(open_page: Open, width: int) -> None:
    page = open_page("", width=width)
    heading = page.locator("h1")
    before = (heading.bounding_box(), page.locator(".site-nav a").first.bounding_box())
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search")).to_be_in_viewport(ratio=1)
    after = (heading.bounding_box(), page.locator(".site-nav a").first.bounding_box())
    assert after == before


def test_the_chosen_colours_stay_chosen(open_page: Open) -> None:
    page = open_page("", color_scheme="light")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_title("Follow the system's colours").click()
    page.get_by_title("Light colours").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != paper
    page.goto(ESSAY)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_the_bibtex_of_a_work_can_be_unfolded_without_javascript(open_page: Open) -> None:
    page = open_page("bibliography/", java_script_enabled=False)
    work = page.locator(".works > li", has=page.locator("#camus1942sisyphe"))
    expect(work.get_by_text("@book{camus1942sisyphe")).not_to_be_visible()
    work.get_by_text("BibTeX").click()
    expect(work.get_by_text("@book{camus1942sisyphe")).to_be_visible()


def test_without_javascript_the_page_is_complete(open_page: Open) -> None:
    page = open_page(THREAD, java_script_enabled=False)
    expect(page.get_by_role("heading", name="What the comment says")).to_be_visible()
    expect(page.locator("math").first).to_be_visible()
    expect(page.locator("[role=doc-bibliography]")).to_be_visible()
    expect(page.get_by_role("heading", name="Linked from", exact=True)).to_be_visible()
    expect(page.locator(".linked-from mark").first).to_be_visible()
    page.locator("[role=doc-biblioref]").first.click()
    expect(page).to_have_url(re.compile("#ref-"))


def test_without_javascript_there_is_no_dead_control(open_page: Open) -> None:
    page = open_page("", java_script_enabled=False)
    expect(page.locator(".site-tools")).not_to_be_visible()


def test_without_javascript_the_colours_follow_the_system(open_page: Open) -> None:
    grounds = [
        open_page(ESSAY, java_script_enabled=False, color_scheme=scheme).evaluate(
            "getComputedStyle(document.body).backgroundColor"
        )
        for scheme in ("light", "dark")
    ]
    assert grounds == ["rgb(253, 252, 249)", "rgb(23, 24, 26)"]


def test_going_from_page_to_page_keeps_the_references_alive(open_page: Open) -> None:
    """Material exchanges the text without loading the page anew; what it shows on hover must follow."""
    page = open_page("essays/")
    page.get_by_role("link", name="Nobody asked Sisyphus which hill").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nobody asked Sisyphus which hill")
    page.locator("[role=doc-biblioref]").first.hover()
    expect(page.locator(".md-tooltip2").filter(has_text="Nagel")).to_be_visible()
