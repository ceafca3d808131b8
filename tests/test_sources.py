"""Sources: an essay that tells what a speaker says links the thread where he says it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.conftest import Here


def test_a_paragraph_shows_where_it_is_said(case: Any, read_here: Callable[..., Here]) -> None:
    here = read_here(case["text"], case.get("files"))
    assert here.problems == case.get("problems", [])
