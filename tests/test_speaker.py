"""Which sentences tell what a speaker says or thinks."""

from __future__ import annotations

from typing import Any

from sitegraph.speaker import attributes


def test_a_sentence_attributes_something_or_merely_names(case: Any) -> None:
    wrong = [sentence for sentence in case["sentences"] if attributes(sentence, "Belaire") != case["attributes"]]
    assert wrong == []
