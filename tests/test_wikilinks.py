"""Wikilinks: pages named by slug, title or alias."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.conftest import Here


def test_wikilinks_lead_to_what_is_called_so_or_are_reported(case: Any, read_here: Callable[..., Here]) -> None:
    here = read_here(case["text"], case.get("files"))
    assert here.problems == case.get("problems", [])
    assert here.links == case.get("links", [])
    assert here.elsewhere == case.get("elsewhere", [])
    page = here.leaf.html.replace(' data-preview=""', "")
    assert case.get("html", "") in page
    assert case.get("html-lacks", "\0") not in page
