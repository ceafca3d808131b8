"""Excerpts: the sentence that holds a link, with the link marked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.conftest import Here


def test_the_sentence_around_a_link_is_told(case: Any, read_here: Callable[..., Here]) -> None:
    here = read_here(case["text"])
    assert here.problems == []
    if "excerpts" in case:
        assert [" ".join(excerpt.split()) for excerpt in here.excerpts] == case["excerpts"]
    else:  # with a formula, whose MathML would be long
        assert all(map(str.startswith, here.excerpts, case["begins"]))
        assert all(map(str.endswith, here.excerpts, case["ends"]))
        assert len(here.excerpts) == len(case["begins"]) == len(case["ends"])
