"""A page that is looked at while its author saves."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.test_cache import TIDE, add, put, serving

pytestmark = pytest.mark.browser


def test_a_page_that_loads_again_after_a_save_is_where_it_was(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        served.folder.edit({TIDE: add("\n" + "\n\n".join(f"Wave {n} of the sea." for n in range(200)))})
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto(f"{served.address}threads/tide/", wait_until="load")
        expect(page.get_by_text("Wave 199 of the sea.")).to_be_attached()
        page.get_by_text("Wave 100 of the sea.").evaluate("line => line.scrollIntoView({behavior: 'instant'})")
        before = page.evaluate("window.scrollY")
        assert before > 1000
        for number, words in ((101, "with foam"), (150, "further down"), (101, "and salt")):
            served.folder.edit({TIDE: put(f"Wave {number} ", f"Wave {number} {words} ")})
            expect(page.get_by_text(words)).to_be_attached(timeout=60_000)
            page.wait_for_function(f"Math.abs(window.scrollY - {before}) < 2")
        context.close()
