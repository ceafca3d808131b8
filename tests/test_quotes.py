"""Numbers in the words of a link, against the result that the link leads to."""

from __future__ import annotations

from typing import Any

from sitegraph.model import Place, Result
from sitegraph.quotes import disagreement, numbers_in


def test_words_agree_with_the_result_or_are_told_how_not(case: Any) -> None:
    given = {"name": "gap", "says": "", "unit": "", "lo": None, "hi": None, "decimals": 2, **case["result"]}
    result = Result(**given, seeds="", measured=False, place=Place("x", 1), cell=0)
    agree = [words for words in case.get("agree", ()) if disagreement(words, result) == ""]
    assert agree == case.get("agree", [])
    assert {words: disagreement(words, result) for words in case.get("differ", {})} == case.get("differ", {})


def test_numbers_are_found_in_the_order_in_which_they_are_written() -> None:
    written = [number.written for number in numbers_in("from 12 000 to −3.5 %, one in five, twice, two thirds, half")]
    assert written == ["12 000", "−3.5 %", "one in five", "twice", "two thirds", "half"]
