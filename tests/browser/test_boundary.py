"""The slider beside a claim that stops being true somewhere; and the page without it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]

THREAD = "threads/confession/"
BELIEVED = "The share of recitals that the judge believes"


def test_the_slider_moves_along_the_numbers_and_the_mark_with_it(open_page: Open) -> None:
    page = open_page(THREAD)
    boundary = page.locator("#boundary-cot-detects")
    slider = boundary.get_by_role("slider", name=BELIEVED)
    mark = boundary.locator(".boundary-told .verdict")
    slider.press("Home")
    expect(mark).to_have_text("holds")
    assert slider.evaluate("e => e.ariaValueText") == "0 %: it holds"
    slider.press("End")
    expect(mark).to_have_text("fails")
    assert "verdict--contradicted" in (mark.get_attribute("class") or "")
    boundary.get_by_text("In numbers").click()
    expect(boundary.locator("tr.here th")).to_have_text("100 %")


def test_the_slider_is_there_after_coming_from_another_page(open_page: Open) -> None:
    page = open_page("threads/")
    page.locator(f"a[href*='{THREAD.split('/')[1]}']").first.click()
    expect(page.get_by_role("slider", name=BELIEVED).first).to_be_visible()
    assert page.locator("#boundary-cot-detects").get_by_role("slider").count() == 1


def test_without_javascript_the_figure_the_sentence_and_the_numbers_stand(open_page: Open) -> None:
    boundary = open_page(THREAD, java_script_enabled=False).locator("#boundary-cot-detects")
    expect(boundary.locator("figcaption")).to_contain_text("It holds while the share of recitals")
    expect(boundary.locator("img.figure-light")).to_be_visible()
    boundary.get_by_text("In numbers").click()
    expect(boundary.get_by_role("table")).to_be_visible()
    assert boundary.get_by_role("slider").count() == 0


def test_on_paper_the_figure_and_the_sentence_stand_without_the_slider(open_page: Open) -> None:
    page = open_page(THREAD)
    page.emulate_media(media="print")
    boundary = page.locator("#boundary-cot-detects")
    expect(boundary.locator("figcaption")).to_be_visible()
    expect(boundary.locator("img.figure-light")).to_be_visible()
    expect(boundary.locator("input")).to_be_hidden()


def test_on_a_phone_the_slider_stays_within_the_page(open_page: Open) -> None:
    page = open_page(THREAD, width=390)
    box = page.get_by_role("slider", name=BELIEVED).first.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
