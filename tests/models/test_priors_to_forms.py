"""Believers who update and learners who predict: what is derived, what is simulated, and what the figures say."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import fmean
from typing import Any

import numpy as np
import pytest
from tests.conftest import wrong_in_vega_lite

from lab import bootstrap, stream
from models import priors_to_forms as model
from studies import priors_to_forms as study

BY_NAME = {quarrel.name: quarrel for quarrel in model.QUARRELS}


def ends(name: str, seeds: Sequence[int] = range(20)) -> list[float]:
    return [BY_NAME[name].run((1000,), stream(seed, 40))[0] for seed in seeds]


def test_on_common_data_the_distance_is_the_derived_one_at_every_length() -> None:
    rng = random.Random(1)
    p = model.dirichlet(model.OUTCOMES, rng)
    days = rng.choices(range(model.OUTCOMES), p, k=500)
    counts = [days[:100].count(i) for i in range(model.OUTCOMES)]
    mine, yours = (
        model.predicted([1 + c for c in counts]),
        model.predicted([start + c for start, c in zip(model.tilted(2), counts, strict=True)]),
    )
    assert model.total_variation(mine, yours) == pytest.approx(model.same_data_distance(100, counts[2] / 100))


def test_own_data_leave_the_difference_that_sampling_makes() -> None:
    expected = []
    for seed in range(20):
        rng = stream(seed, 40)
        expected.append(model.own_data_distance(1000, model.dirichlet(model.OUTCOMES, rng)))
    assert fmean(ends("own data")) == pytest.approx(fmean(expected), rel=0.3)


def test_counting_days_and_counting_what_follows_what_end_at_the_derived_distance() -> None:
    expected = [model.sticky_distance(model.dirichlet(model.OUTCOMES, stream(seed, 40))) for seed in range(20)]
    assert fmean(ends("different models")) == pytest.approx(fmean(expected), abs=0.03)


def test_missing_half_of_the_commonest_outcome_costs_the_derived_distance() -> None:
    expected = [model.filtered_distance(model.dirichlet(model.OUTCOMES, stream(seed, 40))) for seed in range(20)]
    assert fmean(ends("filtered data")) == pytest.approx(fmean(expected), abs=0.02)


def test_two_who_are_wrong_in_the_same_way_agree_and_are_wrong() -> None:
    assert fmean(ends("both wrong")) < 0.02
    assert fmean(model.both_wrong_error(1000, stream(seed)) for seed in range(10)) > 0.3


def test_coin_tossers_end_at_the_walls_nearest_to_the_coin() -> None:
    she, he = model.coin_predictions((model.LOW_ROOM, model.HIGH_ROOM), 0.45, (1000,), random.Random(0))[0]
    assert (she, he) == pytest.approx((0.3, 0.6), abs=0.001)
    assert model.nearest(model.HIGH_ROOM, 0.2) == 0.6


def test_whoever_has_the_truth_in_the_room_finds_it() -> None:
    found = [model.coin_predictions((model.LOW_ROOM, model.HIGH_ROOM), 0.2, (1000,), stream(s))[0][0] for s in range(9)]
    assert fmean(found) == pytest.approx(0.2, abs=0.02)


def test_a_sliver_can_bring_both_into_one_room_and_never_to_the_coin() -> None:
    pairs = [model.coin_predictions(model.THIRDS, 0.5, (1000,), stream(seed), 0.001)[0] for seed in range(12)]
    met = [she for she, he in pairs if abs(she - he) < 0.05]
    assert len(met) >= 4
    assert all(abs(each - 0.5) > 0.1 for each in met)


def test_a_room_is_a_prior() -> None:
    assert sum(model.room(model.LOW_ROOM, model.HIGH_ROOM, 0.01).values()) == pytest.approx(1)
    assert set(model.room(model.LOW_ROOM)) == set(model.LOW_ROOM)


def test_the_wall_is_reached_after_the_last_step_away_from_it() -> None:
    rooms: model.Rooms = ((0.1,), (0.9,))
    assert model.tosses_to_the_wall(rooms, 0.5, 0.02, random.Random(0), most=20) == 1
    assert model.tosses_to_the_wall(model.THIRDS, 0.5, 0.02, random.Random(0), most=300) > 5


def test_those_who_agree_on_the_scale_differ_on_the_cat_for_ever() -> None:
    for sums, cats in model.weighed((1, 10, 1000), random.Random(0)):
        assert sums == 0
        assert cats == pytest.approx(3)


def test_the_weather_stays_as_often_as_it_should() -> None:
    days = model._weather([1 / 6] * 6, 6000, random.Random(0))
    stays = fmean(a == b for a, b in pairwise(days))
    assert stays == pytest.approx(0.6 + 0.4 / 6, abs=0.03)


def test_ranks_share_ties_and_correlation_has_a_sign() -> None:
    assert model.ranks([5, 1, 5]) == [2.5, 1, 2.5]
    assert model.spearman([1, 2, 3, 4], [10, 20, 40, 30]) == pytest.approx(0.8)
    assert model.spearman([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)


# --- learners


def loss(networks: study.Networks, seen: study.Floats, happened: study.Floats) -> study.Floats:
    q = networks.forecast(seen)
    each = -(happened * np.log(q) + (1 - happened) * np.log(1 - q))
    return np.asarray(each.sum(axis=2).mean(axis=1))


@pytest.mark.parametrize("which", range(4))
def test_the_gradient_is_the_slope_of_the_loss(which: int) -> None:
    those = study.lives([0], 0, examples=20)
    seen, happened = those.first(20)
    weights = list(those.untrained.weights())
    bump = np.zeros_like(weights[which])
    bump[0, 0, 1] = 1e-5
    names = ("inner", "inner_shift", "outer", "outer_shift")
    up, down = (replace(those.untrained, **{names[which]: weights[which] + sign * bump}) for sign in (1, -1))
    slope = (loss(up, seen, happened) - loss(down, seen, happened))[0] / 2e-5
    assert those.untrained.gradient(seen, happened).weights()[which][0, 0, 1] == pytest.approx(slope, rel=1e-4)


def test_training_makes_forecasts_better() -> None:
    those = study.lives([0, 1], 0, examples=500)
    alike, able = study.curves(those, (0, 500), np.random.default_rng(0))
    assert alike.shape == able.shape == (2, 2)
    assert (able[:, 1] > able[:, 0] + 0.5).all()


def test_a_layer_is_like_itself_turned_round_and_unlike_noise() -> None:
    rng = np.random.default_rng(0)
    layer = rng.normal(size=(300, 4))
    turn = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    assert study.likeness(layer, 3 * layer @ turn + 1) == pytest.approx(1)
    assert study.likeness(layer, rng.normal(size=(300, 4))) < 0.05


def test_true_probabilities_fall_short_of_nothing() -> None:
    truth = np.full((1, 5, 8), 0.3)
    assert study.shortfall(truth, truth) == pytest.approx([0])
    by_hand = 8 * (0.3 * np.log(0.3 / 0.5) + 0.7 * np.log(0.7 / 0.5))
    assert study.shortfall(truth, truth * 0 + 0.5) == pytest.approx([by_hand])


def test_factors_can_be_read_off_a_layer_that_holds_them_and_off_no_other() -> None:
    rng = np.random.default_rng(0)
    factors = rng.normal(size=(600, 2))
    found = study.readable(factors[:, :1] + rng.normal(0, 0.01, (600, 1)), factors)
    assert found[0] > 0.99
    assert found[1] < 0.05


def test_worlds_share_what_they_are_said_to_share() -> None:
    for shift, common in ((0, 6), (3, 3), (6, 0)):
        first, second = study.lives([7], 0, examples=5, shift=shift).common_factors
        assert len({*first[0].round(9)} & {*second[0].round(9)}) == common


def test_outcomes_depend_on_the_relevant_factors_alone() -> None:
    those = study.lives([3], 0, examples=5, relevant=3, common=400)
    log_odds = np.log(those.common_truth[0] / (1 - those.common_truth[0]))
    fit = np.linalg.lstsq(those.common_factors[0], log_odds, rcond=None)[0]
    assert abs(fit[3:]).max() < 1e-6 < abs(fit[:3]).max()


def test_a_narrow_layer_learns_what_the_outcomes_need_and_forgets_the_rest() -> None:
    those = study.lives(range(3), 0, examples=1000, relevant=3, hidden=3, common=400)
    relevant, idle = np.diff(study.recovery(those, 3, np.random.default_rng(0)).mean(axis=0), axis=0)[0]
    assert relevant > 0.2
    assert idle < -0.2


# --- words and figures

DISTANCES = [
    {"n": n, "distance": round(0.5 / n, 3), "series": quarrel.name, "shared": quarrel.shared}
    for quarrel in model.QUARRELS
    for n in (1, 1000)
]
ALIGNED = [
    {"series": name, "n": n, "alignment": 0.5 + n / 10000, "shortfall": 300 / n}
    for name in ("a", "b")
    for n in (30, 2000)
]
READ = [
    {"kind": kind, "width": width, "when": when, "mean": 0.25, "lo": 0.2, "hi": 0.3}
    for kind in model.KINDS
    for width in (3, 6)
    for when in ("before", "after")
]


@pytest.mark.parametrize(
    "spec",
    [model.distance_chart(DISTANCES), model.alignment_chart(ALIGNED, ["a", "b"]), model.recovery_chart(READ)],
)
def test_figures_are_valid_vega_lite(spec: dict[str, Any]) -> None:
    assert wrong_in_vega_lite(spec) == []


def test_figures_are_made_of_what_was_run() -> None:
    those = model.courses((1, 10), range(2), stream)
    distance = model.distance_figure((1, 10), those)
    assert "After 10 observations, in the upper panel: same data" in distance["alt"]
    read = {3: [[[0.25, 0.5], [0.75, 0.0]]] * 2}
    recovery = model.recovery_figure(read, bootstrap)
    assert "0.25 before and 0.75 after at width 3" in recovery["alt"]
    assert "0.50 before and 0.00 after at width 3" in recovery["alt"]
    alignment = model.alignment_figure(ALIGNED, ["a", "b"])
    for figure in (distance, recovery, alignment):
        assert wrong_in_vega_lite(figure["spec"]) == []
        assert len(figure["caption"].split()) > 8


@pytest.mark.parametrize(
    ("alt", "number"),
    [
        (model.distance_alt(DISTANCES), "After 1000 observations, in the upper panel: same data 0.001"),
        (model.alignment_alt(ALIGNED), "a: likeness 0.50 at first and 0.70 at last"),
        (model.recovery_alt(READ), "0.25 before and 0.25 after at width 3"),
    ],
)
def test_the_words_of_a_figure_give_its_numbers(alt: str, number: str) -> None:
    assert number in alt


class _Cell:
    def __init__(self, name: str, state: str) -> None:
        self.params, self.state = {"": name}, state


def test_the_condition_says_whether_what_was_expected_to_separate_the_quarrels_does() -> None:
    as_expected = model.merging_condition([_Cell("same data", "holds"), _Cell("disjoint priors", "fails")])
    assert "it holds in 1 quarrels, in which each believer gives some weight" in as_expected
    assert as_expected.endswith("and fails in 1, in which one of these is missing")
    otherwise = model.merging_condition([_Cell("same data", "fails"), _Cell("disjoint priors", "holds")])
    assert "does not" in otherwise


def test_conditions_name_the_worlds_and_the_widths() -> None:
    worlds = model.alignment_condition([_Cell("shared world, own tasks", "holds"), _Cell("no factor shared", "fails")])
    assert "with “shared world, own tasks”, and fails for “no factor shared”" in worlds

    class Width:
        def __init__(self, width: int, state: str) -> None:
            self.params, self.state = {"width": width}, state

    widths = model.width_condition([Width(3, "holds"), Width(12, "fails")])
    assert "an inner layer of 3 units and fails for one of 12" in widths


def test_what_is_asked_is_also_answered() -> None:
    assert list(model.ASKED) == list(model.SAID)


def test_every_quarrel_is_an_arm_of_its_own() -> None:
    those = model.courses((1, 5), range(2), stream)
    assert list(those) == [quarrel.name for quarrel in model.QUARRELS]
    assert those["own data"][1] == model.own_data((1, 5), stream(1, 1))


def test_log_spaced_numbers_begin_at_one_and_end_where_they_should() -> None:
    assert model.log_spaced(1000)[:4] == [1, 2, 3, 5]
    assert model.log_spaced(1000)[-1] == 1000
    assert model.log_spaced(30)[-1] == 30


def test_only_those_who_agree_share_an_error() -> None:
    pairs = [(0.3, 0.31), (0.3, 0.7)]
    assert model.agreeing(pairs) == [1, 0]
    assert model.shared_error(pairs, 0.5) == pytest.approx([0.2])


def test_growth_starts_from_nothing_and_ranks_what_comes_after() -> None:
    grown = study.growth([0, 1], (30, 300), 5)
    assert grown.alike.shape == (2, 3)
    alike, able = np.array([[0.9, 0.1, 0.2, 0.3]]), np.array([[-9.0, -1.0, -2.0, -3.0]])
    assert study.Growth((0, 1, 2, 3), alike, able).together() == pytest.approx([-1])
    assert [row["n"] for row in study.growth_rows({"a": grown})] == [30, 300]


def test_the_two_learners_of_a_seed_count_as_one() -> None:
    read = study.read_off([0, 1], 5, hidden=3, relevant=3, examples=100)
    pairs = study.lives([0, 1], 5, examples=100, relevant=3, hidden=3, common=600)
    each = study.recovery(pairs, 3, np.random.default_rng([5, 1]))
    assert read[1] == pytest.approx((each[2] + each[3]) / 2)
    assert study.held_in_full() > 0.99
