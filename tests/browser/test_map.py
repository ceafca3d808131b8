"""The map in a window and on a phone: its words can be read, its points hit, its links followed by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]

LABELS = """all => all.filter(text => text.checkVisibility({visibilityProperty: true})).map(text => {
  const {left, top, right, bottom} = text.getBoundingClientRect();
  return [text.textContent, left, top, right, bottom];
})"""
Label = tuple[str, float, float, float, float]


def seen(page: Page) -> list[Label]:
    labels: list[Label] = page.locator(".map text").evaluate_all(LABELS)
    return labels


def meet(one: Label, other: Label) -> bool:
    # A pixel is left out on each side: a box reaches a little beyond the letters in it.
    return one[1] + 1 < other[3] and other[1] + 1 < one[3] and one[2] + 1 < other[4] and other[2] + 1 < one[4]


def test_labels_lie_in_the_window_and_not_on_each_other(open_page: Open) -> None:
    page = open_page("map/")
    for width, most_missing in ((320, 12), (390, 12), (820, 12), (1220, 0), (1440, 0), (1920, 0)):
        page.set_viewport_size({"width": width, "height": 900})
        labels = seen(page)
        assert len(labels) >= page.locator(".map a").count() - most_missing
        assert [(a[0], b[0]) for i, a in enumerate(labels) for b in labels[:i] if meet(a, b)] == []
        assert [label[0] for label in labels if label[1] < 0 or label[3] > width] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 1440])
def test_essays_are_named_in_every_window(open_page: Open, width: int) -> None:
    page = open_page("map/", width=width)
    essays = page.locator(".map a.e")
    assert essays.count() >= 5
    assert [len(essay.locator("text").evaluate_all(LABELS)) for essay in essays.all()] == [1] * essays.count()


@pytest.mark.parametrize("width", [390, 1440])
def test_a_point_is_large_enough_for_a_finger(open_page: Open, width: int) -> None:
    page = open_page("map/", width=width)
    sizes = page.locator(".map a").evaluate_all(
        "all => all.map(a => a.getBoundingClientRect()).map(box => Math.min(box.width, box.height))"
    )
    assert min(sizes) > 23.9


def test_a_reader_who_listens_hears_links_with_whole_titles(open_page: Open) -> None:
    page = open_page("map/")
    titles = page.locator(".map title").all_text_contents()
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    said = [node["name"]["value"] for node in nodes if node.get("role", {}).get("value") == "link"]
    first = said.index(titles[0])
    assert said[first : first + len(titles)] == titles


def test_the_keyboard_reaches_a_point_shows_it_and_follows_it(open_page: Open) -> None:
    page = open_page("map/", width=1440)
    page.locator(".map a").nth(0).focus()
    page.keyboard.press("Tab")
    point = page.locator(".map a").nth(1)
    expect(point).to_be_focused()
    assert point.evaluate("a => getComputedStyle(a).outlineStyle") == "solid"
    target = point.evaluate("a => new URL(a.getAttribute('xlink:href'), location).href")
    page.keyboard.press("Enter")
    page.wait_for_url(target)


def test_words_without_room_are_seen_while_their_point_has_the_focus(open_page: Open) -> None:
    page = open_page("map/", width=390)
    hidden = page.locator(".map a:has(.p.h)").first
    assert not hidden.locator(".p").evaluate("text => text.checkVisibility({visibilityProperty: true})")
    hidden.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(hidden).to_be_focused()
    assert hidden.locator(".p").evaluate("text => text.checkVisibility({visibilityProperty: true})")


def test_the_theme_can_show_the_map_without_loading_it_anew(open_page: Open) -> None:
    # What Material does with every page that it fetches; an exception here leaves readers with an empty window.
    page = open_page("map/")
    page.evaluate(
        """() => {
          'use strict';
          for (const found of document.querySelectorAll('[href], [src]'))
            for (const name of ['href', 'src'])
              if (found.getAttribute(name)) found[name] = found[name];
        }"""
    )


def test_what_is_around_a_page_is_complete_without_scripts(open_page: Open) -> None:
    page = open_page("threads/one-percent/", width=390, java_script_enabled=False)
    around = page.locator(".around")
    expect(around.get_by_role("heading", name="Around this page")).to_be_visible()
    middle = around.locator("svg").bounding_box()
    assert middle is not None
    for number, column in enumerate(around.get_by_role("list").all()):
        box = column.bounding_box()
        assert box is not None
        assert (box["x"] > middle["x"]) == (number == 1)
        assert box["y"] == pytest.approx(middle["y"])
        assert box["height"] == pytest.approx(middle["height"])
