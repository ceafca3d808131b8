"""The history of verdicts: what a line of it must be, what it must end in, and what a run adds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sitegraph.history import HISTORY, Verdicts, new_changes, outdated, read_history, written
from sitegraph.model import Change

FASTER = Change("2026-11-25", "jets/faster", "", "open")


def test_every_mistake_is_told_with_its_line(case: Any, matches: Callable[..., bool]) -> None:
    history = read_history(case["text"])
    problems = [*history.problems, *outdated(history, case.get("verdicts", {}))]
    assert {found.place.path for found in problems} <= {HISTORY}
    assert matches([f"{found.place.line}: {found.sentence} [{found.rule}]" for found in problems], case["problems"])


def test_what_is_written_is_read_again() -> None:
    changes = (FASTER, Change("2026-11-26", "jets/faster", "open", "supported"))
    assert read_history(written(changes)).changes == changes


def test_a_run_adds_the_claims_whose_verdict_differs_by_notebook_and_claim() -> None:
    verdicts = {"jets": {"louder": "open", "faster": "supported"}, "gliders": {"slower": "open"}}
    assert new_changes([FASTER], verdicts, "2026-11-26") == [
        Change("2026-11-26", "gliders/slower", "", "open"),
        Change("2026-11-26", "jets/faster", "open", "supported"),
        Change("2026-11-26", "jets/louder", "", "open"),
    ]


def test_a_run_adds_nothing_where_nothing_changed() -> None:
    assert new_changes([FASTER], {"jets": {"faster": "open"}}, "2026-11-26") == []


def test_a_quick_run_adds_nothing() -> None:
    assert new_changes([FASTER], {"jets": {"faster": None, "louder": None}}, "2026-11-26") == []


def test_a_claim_that_is_judged_no_more_is_closed_once() -> None:
    closed = new_changes([FASTER], {"jets": {}}, "2026-11-26")
    assert closed == [Change("2026-11-26", "jets/faster", "open", "")]
    assert new_changes([FASTER, *closed], {"jets": {}}, "2026-11-27") == []


def test_the_claims_of_a_notebook_that_is_gone_stay_as_they_are() -> None:
    assert new_changes([FASTER], {}, "2026-11-26") == []


def test_after_a_run_nothing_is_outdated() -> None:
    verdicts: Verdicts = {"jets": {"louder": "open", "faster": "supported"}, "gliders": {"slower": None}}
    history = read_history(written([FASTER, *new_changes([FASTER], verdicts, "2026-11-26")]))
    assert (history.problems, list(outdated(history, verdicts))) == ((), [])
