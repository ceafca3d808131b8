"""Citations: which works a text cites, where, and how a page prints it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.conftest import Here


def test_citations_are_numbered_or_reported(case: Any, read_here: Callable[..., Here]) -> None:
    here = read_here(case["text"])
    assert here.problems == case.get("problems", [])
    assert here.citations == case.get("citations", [])
    assert here.elsewhere == []


def test_citations_are_printed_as_the_author_meant(case: Any, read_here: Callable[..., Here]) -> None:
    leaf = read_here(case["text"]).leaf
    expected = case.get("html", [])
    for part in [expected] if isinstance(expected, str) else expected:
        assert part in leaf.html
    if "shown" in case:
        assert _shown(leaf.html) == case["shown"]
    if "toc" in case:
        assert [token["name"] for token in leaf.toc] == case["toc"]


def test_the_list_leads_back_to_every_place(case: Any, read_here: Callable[..., Here]) -> None:
    here = read_here(case["text"])
    ids = re.findall(r'id="(cite-[^"]+)"', here.leaf.html)
    assert len(set(ids)) == len(ids) == len(here.citations)
    assert sorted(ids) == sorted(anchor for entry in here.leaf.references for anchor, _ in entry.back)
    if "back" in case:
        back = [
            f"{entry.number} {entry.reference.key}: {', '.join(place for _, place in entry.back)}"
            for entry in here.leaf.references
        ]
        assert back == case["back"]


def _shown(text: str) -> str:
    """The words of *text*, as a reader sees them where there is no margin."""
    return " ".join(html.unescape(re.sub(r'<span aria-hidden="true" class="note".*?</span>|<[^>]+>', "", text)).split())
