"""The words of texts, counted."""

from __future__ import annotations

from typing import Any

from sitegraph.words import count_words


def test_words_are_counted_without_regard_to_case_and_number(case: Any) -> None:
    counted = count_words(case["texts"])
    assert [dict(words) for words in counted.counts] == case["words"]
    assert {word: counted.written[word] for word in case["written"]} == case["written"]


def test_the_words_of_a_part_are_those_of_the_whole() -> None:
    counted = count_words(["A boat, and Boats", "Oars"])
    assert counted.words("Oars, a boat’s") == {"boat", "oars"}
    assert counted.words("nothing") == set()
