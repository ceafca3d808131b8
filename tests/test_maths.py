"""Formulas: LaTeX to MathML while building."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.conftest import Here


def test_formulas_are_set_or_reported(case: Any, read_here: Callable[..., Here], matches: Callable[..., bool]) -> None:
    here = read_here(case["text"])
    assert matches(here.problems, case.get("problems", []))
    expected = case.get("html", [])
    for part in [expected] if isinstance(expected, str) else expected:
        assert part in here.leaf.html
    assert case.get("html-lacks", "\0") not in here.leaf.html
    assert case.get("toc", "") in str(here.leaf.toc)
