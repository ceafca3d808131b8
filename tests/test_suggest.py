"""The nearest right thing to a wrong one."""

from __future__ import annotations

from sitegraph.suggest import did_you_mean, nearest


def test_the_nearest_is_suggested() -> None:
    assert nearest("outruning-the-jet", ["absurdism", "outrunning-the-jet", "running"]) == "outrunning-the-jet"


def test_capitals_make_no_distance_and_are_kept() -> None:
    assert nearest("CAMUS'S RUNER", ["Camus's runner"]) == "Camus's runner"


def test_nothing_near_is_nothing_suggested() -> None:
    assert did_you_mean("xyzzy", ["outrunning-the-jet"]) == ""
    assert did_you_mean("xyzzy", []) == ""


def test_of_equally_near_ones_the_suggestion_is_always_the_same() -> None:
    assert len({nearest("ab", order) for order in (["abc", "abd"], ["abd", "abc"])}) == 1


def test_a_suggestion_can_be_put_behind_a_sentence() -> None:
    assert did_you_mean("suports", ["supports"]) == "; did you mean `supports`?"
