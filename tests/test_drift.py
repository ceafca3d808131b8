"""What a second run finds otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.conftest import NOTEBOOK_HEAD, a_claim, a_result, notebook

from sitegraph.drift import drift as found_drift
from sitegraph.model import Notebook
from sitegraph.notebooks import read_notebook


def drift(stored: Notebook, fresh: Notebook) -> Iterator[str]:
    """What drifted, without its place, which is the one cell of the notebook."""
    for told in found_drift(stored, fresh):
        place, _, sentence = told.partition(": ")
        assert place == f"notebooks/jets.ipynb:{LINE}"
        yield sentence


LINE = 22


def ran(*outputs: dict[str, Any]) -> Notebook:
    """A notebook whose one cell published these."""
    text = notebook(NOTEBOOK_HEAD % "Jets?", ("race()\n", *outputs))
    return read_notebook("notebooks/jets.ipynb", text.encode()).notebook


GAP = a_result("gap", 0.254, lo=0.2, hi=0.3)
FASTER = a_claim("faster", "supported", "x")


def test_the_same_again_is_no_drift() -> None:
    assert list(drift(ran(GAP, FASTER), ran(GAP, FASTER))) == []


@pytest.mark.parametrize("value", [0.25, 0.2585])
def test_a_result_may_move_within_its_precision(value: float) -> None:
    assert list(drift(ran(GAP), ran(a_result("gap", value, lo=0.2, hi=0.3)))) == []


def test_a_result_that_moved_by_more_is_told() -> None:
    (told,) = drift(ran(GAP), ran(a_result("gap", 0.26, lo=0.2, hi=0.3)))
    assert told == "the result `gap` was 0.254 and is 0.26, which is more than its precision of 0.005"


def test_an_interval_that_moved_is_told() -> None:
    (told,) = drift(ran(GAP), ran(a_result("gap", 0.254, lo=0.21, hi=0.3)))
    assert told == "the result `gap` was 0.2 (lower end) and is 0.21, which is more than its precision of 0.005"


def test_what_a_clock_decides_may_move_as_it_likes() -> None:
    before, after = (ran(a_result("seconds", value, measured=True)) for value in (0.1, 7.0))
    assert list(drift(before, after)) == []


def test_a_verdict_that_flipped_is_told() -> None:
    (told,) = drift(ran(GAP, FASTER), ran(GAP, a_claim("faster", "conditional", "x")))
    assert told == "the verdict on `faster` was supported and is conditional"


def measured(state: str, verdict: str) -> dict[str, Any]:
    """A claim that a clock decides, in one setting."""
    cell = {"setting": "ε = 0.1", "mean": 0.2, "lo": 0.1, "hi": 0.3, "n": 5, "state": state}
    return a_claim("slow", verdict, "x", measured=True, cells=[cell])


def test_a_measured_claim_may_come_out_undecided() -> None:
    assert list(drift(ran(GAP, measured("holds", "supported")), ran(GAP, measured("unclear", "open")))) == []


def test_a_measured_claim_that_turned_round_is_told() -> None:
    (told,) = drift(ran(GAP, measured("holds", "supported")), ran(GAP, measured("fails", "contradicted")))
    assert told == "the claim `slow` held at ε = 0.1 and fails there now"


def test_what_appeared_or_went_is_told() -> None:
    assert list(drift(ran(GAP), ran(FASTER))) == [
        "the claim `faster` is judged now and was not before",
        "the result `gap` is not published any more",
    ]
    assert list(drift(ran(FASTER), ran(GAP))) == [
        "the claim `faster` is not judged any more",
        "the result `gap` is published now and was not before",
    ]
