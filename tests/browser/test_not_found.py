"""Asking for a page that is not there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Open = Callable[..., Page]

ESSAY = "Nobody asked Sisyphus which hill"


@pytest.fixture
def ask(open_page: Open, real_site: Path) -> Callable[..., Page]:
    """Ask for a page that is not there, as a host answers that: with 404.html; *names* replaces pages.json."""

    def asked(path: str, names: list[dict[str, object]] | None = None) -> Page:
        page = open_page("404.html")
        missing = (real_site / "404.html").read_text(encoding="utf-8")
        page.route(f"**/{path}", lambda route: route.fulfill(content_type="text/html", body=missing))
        if names:
            page.route("**/pages.json", lambda route: route.fulfill(json=names))
        page.goto(path)
        return page

    return asked


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("threads/catastophe/", "A rare penalty or a steady bonus?"),
        ("essays/absurdism.html", ESSAY),
        ("threads/absurdism/", ESSAY),
        ("a/b/nobody-asked-sisyphus", ESSAY),
        ("bibliografy", "Bibliography"),
    ],
)
def test_the_nearest_page_is_suggested_first(ask: Callable[..., Page], path: str, title: str) -> None:
    page = ask(path)
    link = page.get_by_role("article").get_by_role("list").get_by_role("link").first
    expect(link).to_have_text(title)
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_a_page_that_was_renamed_is_named_by_its_new_name(ask: Callable[..., Page], real_site: Path) -> None:
    names = json.loads((real_site / "pages.json").read_text(encoding="utf-8"))
    jet = next(page for page in names if page["address"] == "threads/outrunning-the-jet/")
    jet["aliases"] = ["Camus’s runner"]
    page = ask("threads/camuss-runner/", names)
    expect(page.get_by_role("article").get_by_role("status")).to_have_text(
        re.compile(r"^It has moved to Outrunning the jet \(thread\)\.")
    )
    page.get_by_role("link", name="Outrunning the jet").click()
    expect(page).to_have_url(re.compile("/threads/outrunning-the-jet/$"))


def test_where_nothing_is_near_the_lists_remain(ask: Callable[..., Page]) -> None:
    page = ask("xyz/qqq/")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".nearest")).to_be_empty()
    expect(page.get_by_role("article").get_by_role("link", name="threads")).to_be_visible()
