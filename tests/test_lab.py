"""The decision rule, and what a notebook publishes."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lab

H, F, U = "holds", "fails", "unclear"


@pytest.mark.parametrize(
    ("states", "verdict"),
    [
        ([H], "supported"),
        ([F], "contradicted"),
        ([U], "open"),
        ([H, H, H, H, U], "supported"),  # four in five
        ([H, H, H, U], "open"),
        ([F, F, F, F, U], "contradicted"),
        ([F, F, F, U], "open"),
        ([H, F], "conditional"),
        ([H, F, U, U], "conditional"),  # just half decided
        ([H, F, U, U, U], "open"),
        ([H, H, H, H, F], "conditional"),
    ],
)
def test_a_verdict_follows_from_the_states_of_the_cells(states: list[lab.State], verdict: str) -> None:
    assert lab.decide(states) == verdict


@given(st.lists(st.sampled_from([H, F, U]), min_size=1), st.randoms(use_true_random=False))
def test_a_verdict_does_not_depend_on_the_order_of_the_cells(states: list[lab.State], rng: random.Random) -> None:
    verdict = lab.decide(states)
    rng.shuffle(states)
    assert lab.decide(states) == verdict


@given(st.lists(st.sampled_from([H, F, U]), min_size=1))
def test_the_opposite_claim_has_the_opposite_verdict(states: list[lab.State]) -> None:
    turned: dict[lab.State, lab.State] = {"holds": "fails", "fails": "holds", "unclear": "unclear"}
    opposite = {"supported": "contradicted", "contradicted": "supported"}
    verdict = lab.decide(states)
    assert lab.decide([turned[state] for state in states]) == opposite.get(verdict, verdict)


def test_no_cell_is_no_verdict() -> None:
    with pytest.raises(ValueError, match="at least one cell"):
        lab.decide([])


@pytest.mark.parametrize(
    ("lo", "hi", "state"), [(0.11, 0.3, H), (0.1, 0.3, U), (0.0, 0.3, U), (0.0, 0.1, U), (0.0, 0.09, F)]
)
def test_a_cell_is_decided_only_when_its_whole_interval_lies_on_one_side(lo: float, hi: float, state: str) -> None:
    assert lab.state_of(lab.Interval(0.1, lo, hi, 10), 0.1) == state


def test_equal_effects_are_exact() -> None:
    found = lab.bootstrap([0.5] * 4)
    assert (found.mean, found.lo, found.hi, found.exact) == (0.5, 0.5, 0.5, True)


@pytest.mark.parametrize("values", [[], [1.0, math.nan], [math.inf]])
def test_an_interval_of_nothing_or_of_no_numbers_is_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="finite effects"):
        lab.bootstrap(values)


def test_an_interval_is_the_same_each_time() -> None:
    rng = random.Random(1)
    values = [rng.gauss(0, 1) for _ in range(20)]
    assert lab.bootstrap(values) == lab.bootstrap(values)


def test_an_interval_covers_the_mean_about_as_often_as_it_says() -> None:
    rng = random.Random(7)
    covered = 0
    for _ in range(200):
        found = lab.bootstrap([rng.gauss(0, 1) for _ in range(30)])
        covered += found.lo <= 0 <= found.hi
    assert 0.88 <= covered / 200 <= 0.99


def test_more_cells_make_wider_intervals() -> None:
    rng = random.Random(2)
    values = [rng.gauss(0, 1) for _ in range(30)]
    alone, one_of_ten = (lab.judge_cells([({"a": i}, values) for i in range(n)], 0)[0] for n in (1, 10))
    assert one_of_ten.lo < alone.lo < alone.hi < one_of_ten.hi


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What a notebook would display: data and metadata."""
    found: list[tuple[dict[str, Any], dict[str, Any]]] = []
    monkeypatch.setattr(lab, "_display_raw", lambda data, metadata: found.append((dict(data), dict(metadata))))
    return found


Shown = Sequence[tuple[dict[str, Any], dict[str, Any]]]


def judged(*effects: list[float]) -> lab.Claim:
    cells = [({"ε": i}, values) for i, values in enumerate(effects)]
    return lab.judge_claim(
        "jets/faster", comment="C14", statement="x", statistic="y", delta=0, effects=cells, used=range(1000, 1003)
    )


def test_a_result_is_published_as_data_and_as_words(shown: Shown) -> None:
    lab.publish_result(
        "gap", lab.Interval(-0.19123, -0.2, -0.18, 30), "the gap", unit="of lives", used=range(1000, 1030)
    )
    data, _ = shown[0]
    published = data[lab.RESULT_TYPE]
    assert (published["value"], published["lo"], published["seeds"]) == (-0.1912, -0.2, "1000–1029")
    assert data["text/plain"] == "the gap: −0.19 (−0.20 to −0.18) of lives"


def test_a_count_stays_a_count(shown: Shown) -> None:
    lab.publish_result("steps", 12345, "steps")
    assert shown[0][0][lab.RESULT_TYPE]["value"] == 12345
    assert shown[0][0][lab.RESULT_TYPE]["decimals"] == 0


def test_a_result_that_is_no_number_is_refused(shown: Shown) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        lab.publish_result("gap", math.nan, "the gap")


def test_a_claim_under_conditions_has_to_say_which(shown: Shown) -> None:
    claim = judged([1.0, 1.1, 0.9], [-1.0, -1.1, -0.9])
    number = lab.publish_result("gap", 1.0, "the gap")
    with pytest.raises(ValueError, match="say which"):
        lab.publish_claim(claim, number=number, right_if="…")
    published = lab.publish_claim(claim, number=number, right_if="…", condition="where ε is 0")
    assert (published.verdict, published.condition) == ("conditional", "where ε is 0")
    assert (
        "jets/faster: supported under conditions, in this model (1 holds, 1 fails of 2 cells)"
        in shown[-1][0]["text/plain"]
    )


def test_a_condition_is_left_out_where_the_verdict_has_none(shown: Shown) -> None:
    number = lab.publish_result("gap", 1.0, "the gap")
    published = lab.publish_claim(judged([1.0, 1.1, 0.9]), number=number, right_if="…", condition="where it holds")
    assert (published.verdict, published.condition) == ("supported", "")


def test_a_control_that_fails_stops_the_notebook(shown: Shown) -> None:
    number = lab.publish_result("gap", 1.0, "the gap")
    failed = lab.control("nothing in, nothing out", 0.3, "0", passed=False)
    with pytest.raises(AssertionError, match="nothing in, nothing out"):
        lab.publish_claim(judged([1.0]), number=number, right_if="…", controls=[failed])


def test_a_quick_run_has_no_verdict(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab, "PROFILE", "quick")
    assert lab.seeds(30) == range(1000, 1003)
    assert judged([1.0]).verdict is None


def test_published_seeds_are_fresh() -> None:
    assert lab.seeds(30) == range(1000, 1030)


def test_two_arms_of_a_seed_have_streams_of_their_own() -> None:
    draws = {lab.stream(seed, arm).random() for seed in range(1000, 1030) for arm in range(5)}
    assert len(draws) == 150


SPEC = {"mark": "point", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a", "type": "quantitative"}}}


def test_a_figure_is_stored_as_specification_drawing_and_words(shown: Shown) -> None:
    lab.show("race", SPEC, alt="A jet wins.", caption="The race.")
    data, metadata = shown[0]
    assert data[lab.VEGA_TYPE] == SPEC
    assert data["image/svg+xml"].startswith("<svg")
    assert data["text/plain"] == "A jet wins."
    assert metadata == {"figure": {"name": "race", "alt": "A jet wins.", "caption": "The race."}}


def test_a_drawing_is_the_same_each_time(shown: Shown) -> None:
    for _ in range(2):
        lab.show("race", SPEC, alt="A jet wins.", caption="The race.")
    assert shown[0] == shown[1]


def test_a_figure_without_words_is_refused(shown: Shown) -> None:
    with pytest.raises(ValueError, match="words for those who do not see it"):
        lab.show("race", SPEC, alt=" ", caption="The race.")
