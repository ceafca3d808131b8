"""Sentences that can stand alone, from the HTML of a page."""

from __future__ import annotations

from typing import Any

from sitegraph.sentences import standing_sentences


def test_sentences_that_stand_alone_are_told_from_others(case: Any) -> None:
    assert standing_sentences(case["html"]) == case["sentences"]
