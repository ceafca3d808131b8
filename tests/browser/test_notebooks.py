"""Reading notebooks and the ledger: with the pointer, by keyboard, in both schemes, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]

NOTEBOOK = "notebooks/catastrophe-reward/"


def rows(page: Page) -> int:
    """How many claims the ledger shows."""
    return page.locator(".ledger tbody tr:visible").count()


def test_the_result_stands_before_the_reasoning(open_page: Open) -> None:
    page = open_page(NOTEBOOK)
    answer = page.get_by_role("table", name="What this model says of each claim")
    assert answer.get_by_role("row").count() == 6
    before = "(a, b) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING"
    heading = page.locator(".prose h2").first.element_handle()
    assert answer.evaluate(before, heading)
    expect(page.locator(".answer-figure img:visible")).to_have_count(1)


@pytest.mark.parametrize("javascript", [True, False])
def test_code_is_folded_and_a_key_away(open_page: Open, javascript: bool) -> None:
    page = open_page(NOTEBOOK, java_script_enabled=javascript)
    code = page.locator("details.code").first
    expect(code.locator("pre")).to_be_hidden()
    code.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(code.locator("pre")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("javascript", [True, False])
def test_a_figure_is_shown_in_the_colours_of_the_page(open_page: Open, scheme: str, javascript: bool) -> None:
    page = open_page(NOTEBOOK, color_scheme=scheme, java_script_enabled=javascript)
    figures = page.locator("figure")
    shown = page.locator(f"figure img.figure-{scheme}:visible")
    assert shown.count() == figures.count() > 1
    expect(page.locator("figure img:visible")).to_have_count(figures.count())
    assert all(shown.nth(number).get_attribute("alt") for number in range(shown.count()))


def test_a_figure_is_drawn_and_the_other_one_is_not_fetched(open_page: Open) -> None:
    page = open_page(NOTEBOOK, color_scheme="dark")
    first = page.locator("figure img.figure-dark").first
    first.scroll_into_view_if_needed()
    page.wait_for_function("e => e.complete && e.naturalWidth > 100", arg=first.element_handle())
    assert page.locator("figure img.figure-light").first.evaluate("e => e.naturalWidth") == 0


def test_a_quoted_number_leads_to_the_result_it_quotes(open_page: Open) -> None:
    page = open_page(NOTEBOOK)
    number = page.locator(".prose a.checked").first
    row = page.locator("#" + (number.get_attribute("href") or "").partition("#")[2])
    expect(row).not_to_be_in_viewport()
    number.click()
    expect(row).to_be_in_viewport()


def test_the_notebook_can_be_had_as_a_file(open_page: Open) -> None:
    page = open_page(NOTEBOOK)
    with page.expect_download() as download:
        page.get_by_role("link", name="catastrophe-reward.ipynb").click()
    assert download.value.suggested_filename == "catastrophe-reward.ipynb"


def _click_at_rest(link: Locator) -> None:
    """Click *link* as a person does; while a page still scrolls, the theme loses the place that a click leads to."""
    link.scroll_into_view_if_needed()
    link.page.wait_for_timeout(400)
    link.click()


def test_a_claim_leads_from_its_thread_to_where_it_was_decided(open_page: Open) -> None:
    page = open_page("threads/catastrophe/")
    claim = page.locator(".claims li", has=page.locator("#claim-one-life"))
    verdict = claim.locator(".verdict").inner_text()
    _click_at_rest(claim.get_by_role("link", name="how it was decided"))
    page.wait_for_url(re.compile("#claim-one-life$"))
    outcome = page.locator(".outcome", has=page.locator("#claim-one-life"))
    expect(outcome).to_be_in_viewport()
    assert outcome.locator(".verdict").inner_text() == verdict


def test_the_limits_of_a_model_are_a_link_away_from_the_claim(open_page: Open) -> None:
    page = open_page("threads/catastrophe/")
    claim = page.locator(".claims li", has=page.locator("#claim-one-life"))
    _click_at_rest(claim.get_by_role("link", name="the limits"))
    page.wait_for_url(re.compile("/notebooks/catastrophe-reward/#."))
    expect(page.locator("h2:target")).to_be_in_viewport()


def test_the_ledger_shows_what_is_chosen(open_page: Open) -> None:
    page = open_page("claims/")
    everything = rows(page)
    status = page.get_by_role("status").filter(has_text="claims")
    page.get_by_label("Verdict").select_option("contradicted")
    contradicted = rows(page)
    assert 0 < contradicted < everything
    assert set(page.locator(".ledger tbody tr:visible .verdict").all_inner_texts()) == {"contradicted"}
    expect(status).to_have_text(f"{contradicted} of {everything} claims")
    page.get_by_label("Theme").select_option("reward design")
    assert 0 < rows(page) <= contradicted
    page.get_by_label("Verdict").select_option("")
    page.get_by_label("Theme").select_option("")
    assert rows(page) == everything


def test_the_ledger_can_be_filtered_after_coming_from_another_page(open_page: Open) -> None:
    page = open_page("about/")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Claims").click()
    page.wait_for_url(re.compile("/claims/$"))
    expect(page.locator(".ledger tbody tr").first).to_be_visible()  # the address is there before the page
    everything = rows(page)
    page.get_by_label("Verdict").select_option("supported")
    assert 0 < rows(page) < everything


def test_without_javascript_the_ledger_is_complete_and_offers_no_filter(open_page: Open) -> None:
    page = open_page("claims/", java_script_enabled=False)
    assert rows(page) == 60
    expect(page.locator(".ledger-filter")).to_be_hidden()


def test_on_a_phone_every_row_of_the_ledger_says_what_stands_in_it(open_page: Open) -> None:
    page = open_page("claims/", width=390)
    cell = page.locator(".ledger tbody tr").first.locator("td").first
    assert cell.evaluate("e => getComputedStyle(e, '::before').content") == '"Verdict: "'
