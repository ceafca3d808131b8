"""What a browser makes of the links to a page's other forms."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ESSAY = "essays/absurdism/"


def test_the_theme_takes_no_other_form_of_a_page_for_a_translation(
    open_page: Callable[..., Page], address: str
) -> None:
    """It would look for a sitemap beside each: one request is made, for the sitemap that there is."""
    page = open_page("about/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload(wait_until="networkidle")
    assert page.locator('link[rel~="alternate"]').count() >= 3
    assert [url.removeprefix(address) for url in asked if "sitemap" in url] == ["sitemap.xml"]


def test_the_markdown_of_a_page_can_be_fetched(open_page: Callable[..., Page]) -> None:
    page = open_page(ESSAY)
    copy = page.locator('link[type="text/markdown"]').evaluate("link => link.href")
    assert copy == f"{page.url}index.md"
    answer = page.request.get(copy)
    assert answer.ok
    assert "# Nobody asked Sisyphus which hill" in answer.text()
