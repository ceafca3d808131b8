"""The model of reward-seeking: what is derived, what is simulated, and what the figures say."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from statistics import fmean
from typing import Any

import numpy as np
import pytest
from tests.conftest import wrong_in_vega_lite

from lab import bootstrap, stream
from models import reward_seeking as model
from models.reward_seeking import Training, critical_transfer
from studies import reward_seeking as study

SHORT = Training(rollouts=120)


def test_the_bound_says_the_same_of_transfer_and_of_the_number_of_environments() -> None:
    transfer = critical_transfer(4, 16, prior=0.3)
    assert model.critical_environments(4, transfer, prior=0.3) == pytest.approx(16)


def test_in_two_environments_a_local_skill_learned_half_again_as_fast_needs_a_transfer_of_one_half() -> None:
    assert critical_transfer(1.5, 2) == pytest.approx(0.5)


def test_a_rare_wish_raises_the_bound_by_its_odds() -> None:
    assert model.critical_row_sum(2, 0.2) == pytest.approx(8)


@pytest.mark.parametrize("prior", [0.1, 0.5])
@pytest.mark.parametrize("ratio", [2.0, 8.0])
def test_without_chance_and_with_exact_expectations_the_threshold_is_the_bound(ratio: float, prior: float) -> None:
    assert model.drift_ratio(Training(ratio=ratio, prior=prior, knows=True)) == pytest.approx(1, abs=0.01)


def test_expectations_that_lag_lower_the_threshold_and_the_more_the_slower_they_are() -> None:
    slow, fast = (model.drift_ratio(Training(ratio=8, baseline_step=step)) for step in (0.05, 0.4))
    assert slow < fast < 0.9


def test_the_simulation_meets_the_threshold_without_chance_within_a_quarter() -> None:
    training, seeds = Training(ratio=8, rollouts=400), range(24)
    found = study.thresholds(training, seeds, (8,), 4, arm=3)
    ratio = math.exp(fmean(np.log(found[0] / critical_transfer(8, 16))))
    assert ratio == pytest.approx(model.drift_ratio(training), rel=0.25)


def test_without_transfer_a_slower_skill_loses_and_with_all_of_it_an_equal_one_wins() -> None:
    loses = fmean(model.share(Training(transfer=0, ratio=4), stream(seed)) for seed in range(8))
    wins = fmean(model.share(Training(transfer=1, ratio=1), stream(seed)) for seed in range(8))
    assert loses < 0.3
    assert wins > 0.8


def test_nothing_is_learned_in_no_time() -> None:
    assert model.train(Training(rollouts=0, prior=0.3), random.Random(0)) == pytest.approx([0.3] * 16)


def test_core_and_study_agree_at_the_defaults() -> None:
    training = Training()
    core = bootstrap(model.share(training, stream(seed, 8)) for seed in range(20))
    swept = bootstrap(study.shares(training, study.Luck.of(range(40), training, arm=8))[0])
    assert core.lo < swept.hi
    assert swept.lo < core.hi
    assert core.mean == pytest.approx(swept.mean, abs=0.25)


@pytest.mark.parametrize("change", [{"bonus": 0.5, "error": 0.2}, {"knows": True}])
def test_core_and_study_agree_with_a_bonus_and_with_exact_expectations(change: dict[str, Any]) -> None:
    training = replace(SHORT, transfer=0.4, **change)
    core = bootstrap(model.share(training, stream(seed, 9)) for seed in range(20))
    swept = bootstrap(study.shares(training, study.Luck.of(range(40), training, arm=9))[0])
    assert core.lo < swept.hi
    assert swept.lo < core.hi


def test_an_even_matrix_ends_as_the_one_number_that_describes_it() -> None:
    luck = study.Luck.of(range(5), SHORT)
    matrix = model.transfer_matrix("even", 1 + 15 * 0.3, 16, random.Random(0))
    uneven = study.uneven_shares(SHORT, luck, [matrix] * 5).mean(axis=1)
    assert uneven == pytest.approx(study.shares(SHORT, luck, transfer=0.3)[0], abs=1e-9)


def test_the_judge_who_never_errs_makes_reward_seeking_rare_and_one_who_tosses_a_coin_does_not() -> None:
    training = Training(transfer=0.4, bonus=0.5)
    luck = study.Luck.of(range(10), training)
    sound, coin = study.shares(training, luck, error=[0.0, 0.5]).mean(axis=1)
    assert sound < 0.1
    assert coin > 0.8


def test_settings_are_lanes_that_do_not_touch_each_other() -> None:
    luck = study.Luck.of(range(3), SHORT)
    both = study.shares(SHORT, luck, transfer=[0.1, 0.6], ratio=[2, 8])
    assert both[1] == pytest.approx(study.shares(SHORT, luck, transfer=0.6, ratio=8)[0])


@pytest.mark.parametrize(("wins", "place"), [("0000000", 7), ("1111111", 0), ("0001111", 3), ("0111111", 1)])
def test_bisection_ends_between_the_last_loss_and_the_first_win(wins: str, place: int) -> None:
    assert study.bracket([win == "1" for win in wins]) == place


@pytest.mark.parametrize("family", model.FAMILIES)
@pytest.mark.parametrize("row_sum", [1.5, 4.0, 9.0])
def test_a_matrix_has_about_the_row_sum_that_was_asked_for(family: str, row_sum: float) -> None:
    sums = [fmean(model.row_sums(model.transfer_matrix(family, row_sum, 16, random.Random(i)))) for i in range(20)]
    if family == "scattered":  # cut off at 1, so lower where transfer is high
        assert 0.75 * row_sum < fmean(sums) < 1.1 * row_sum
    else:
        assert sums == pytest.approx([row_sum] * 20)


def test_cliques_fill_up_before_anything_reaches_a_stranger() -> None:
    matrix = model.transfer_matrix("cliques", 2.5, 16, random.Random(0))
    assert matrix[0][1] == pytest.approx(0.5)
    assert matrix[0][4] == 0


def test_a_seeker_carries_over_along_graders_and_an_honest_worker_along_families() -> None:
    seeker, honest = (model.reach(bound, 0, random.Random(3)) for bound in (True, False))
    assert seeker[0][1] >= 0.5 > seeker[0][4]  # another family, another grader
    assert honest[0][4] >= 0.5 > honest[0][1]


def test_the_gap_lowers_what_an_honest_worker_carries_over_and_never_below_nothing() -> None:
    full, less = (model.reach(False, gap, random.Random(3)) for gap in (0, 0.45))
    assert full[0][4] - less[0][4] == pytest.approx(0.45)
    assert less[0][1] == 0


def test_core_and_study_agree_on_practice() -> None:
    matrix = model.reach(True, 0, random.Random(1))
    core = bootstrap(model.breadth(model.practise(matrix, SHORT, stream(seed))) for seed in range(20))
    swept = bootstrap(map(model.breadth, study.practise([matrix] * 20, SHORT, range(20), 0)))
    assert core.lo < swept.hi
    assert swept.lo < core.hi


def test_a_score_that_may_point_either_way_tells_as_much_upside_down() -> None:
    assert model.told_apart([1, 2, 3], [0, 2.5, 0]) == model.told_apart([0, 2.5, 0], [1, 2, 3]) == pytest.approx(7 / 9)
    assert model.auc([1], [1]) == 0.5


MAP = [{**tile, "share": 0.1 + 0.8 * (tile["left"] > 0.15)} for tile in model.tiles(4, 3, transfer=0.4, ratio=8)]
THRESHOLDS = [{"series": "16", "ratio": r, "mean": 0.8, "lo": 0.7, "hi": 0.9} for r in (2, 4)]
SUMS = [{"relative": 0.9, "share": 0.7, "family": "even"}, {"relative": 2.0, "share": 0.9, "family": "cliques"}]
REACH = [{"series": "reach", "gap": g, "mean": 0.6 + g, "lo": 0.5 + g, "hi": 0.7 + g} for g in (0.0, 0.3)]
PAID = [{"series": "twice", "error": e, "mean": 2 * e, "lo": e, "hi": 2 * e} for e in (0.0, 0.2, 0.4)]


FIGURES = {
    "map": model.share_map_figure(MAP, 16),
    "threshold": model.threshold_figure(THRESHOLDS, ["16"]),
    "row-sum": model.row_sum_figure(SUMS),
    "reach": model.reach_figure(REACH, ["reach"]),
    "band-aid": model.band_aid_figure(PAID, ["twice"]),
}


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_valid_vega_lite_and_have_words(name: str) -> None:
    assert wrong_in_vega_lite(FIGURES[name]["spec"]) == []
    assert len(FIGURES[name]["alt"].split()) > 8
    assert len(FIGURES[name]["caption"].split()) > 8


@pytest.mark.parametrize(
    ("alt", "number"),
    [
        (model.map_alt(MAP, 16), "is 60 % on average; left of it, 30 %, and in 25 % of the settings"),
        (model.threshold_alt(THRESHOLDS), "0.80 at ρ = 2 and 0.80 at ρ = 4"),
        (model.row_sum_alt(SUMS), "1 end on the side that was not predicted, all between 0.90 and 0.90"),
        (model.reach_alt(REACH), "from 0.60 at gap 0 to 0.90 at 0.3"),
        (model.band_aid_alt(PAID), "above one half from an error of 40 %"),
    ],
)
def test_the_words_of_a_figure_give_its_numbers(alt: str, number: str) -> None:
    assert number in alt


class _Cell:
    def __init__(self, state: str, **params: Any) -> None:
        self.state, self.params = state, params


def test_conditions_are_written_from_the_cells() -> None:
    cells = [_Cell("holds", ρ=2, environments=64), _Cell("fails", ρ=8, environments=64)]
    undecided = _Cell("unclear", ρ=2, environments=16)
    bound = model.bound_condition([undecided, *cells])
    assert bound.startswith("with 16 environments the runs do not decide; with 64 environments it holds where")
    assert "learned 2 times as fast as reward-seeking and fails at 8 times: the faster" in bound
    paid = [_Cell("holds", ε=0.2, transfer="2 times the bound"), _Cell("fails", ε=0.4, transfer="2 times the bound")]
    band_aid = model.band_aid_condition(paid, (2,))
    assert "at most 20 % (carry-over at 2 times the bound) of cases, and fails from 40 %" in band_aid
    gaps = [_Cell("holds", gap=0.0), _Cell("fails", gap=0.1), _Cell("fails", gap=0.3)]
    assert "is no less for the honest skill than for reward-seeking, and fails" in model.gap_condition(gaps)
    assert "smaller by 0.1 or 0.3" in model.gap_condition(gaps)


def test_a_share_counts_for_the_bound_on_the_side_that_was_derived() -> None:
    effects = model.side_effects({(2, "above"): [0.9, 0.4], (2, "below"): [0.9, 0.4]}, {"above": 2, "below": 0.5})
    assert [params for params, _ in effects] == [{"ρ": 2, "transfer": "above"}, {"ρ": 2, "transfer": "below"}]
    assert effects[0][1] == pytest.approx([0.4, -0.1])
    assert effects[1][1] == pytest.approx([-0.4, 0.1])


def test_the_cells_of_the_bound_are_every_ratio_in_every_size() -> None:
    off = {16: {2: [0.5], 4: [0.6]}, 64: {2: [-0.7], 4: [0.8]}}
    assert model.below_effects(off)[1] == ({"ρ": 2, "environments": 64}, [0.7])
    assert model.near_effects(off, 1.5)[1][1] == pytest.approx([math.log(1.5) - 0.7])
    assert len(model.below_effects(off)) == 4


def test_only_declared_errors_are_cells_of_the_band_aid() -> None:
    effects = model.band_aid_effects({(0.0, 2): [0.9], (0.1, 2): [0.5]}, (0.0,))
    assert effects == [({"ε": 0.0, "transfer": "2 times the bound"}, [0.9])]


def test_a_curve_has_its_name_its_place_and_its_interval() -> None:
    (row,) = model.curves({"a": {0.1: [1.0, 1.0]}}, "gap", bootstrap)
    assert row == {"series": "a", "gap": 0.1, "mean": 1, "lo": 1, "hi": 1}


def test_what_is_asked_is_also_answered() -> None:
    assert list(model.ASKED) == list(model.SAID)


def test_the_two_sides_of_the_bound_are_runs_at_its_multiples() -> None:
    luck = study.Luck.of(range(3), SHORT)
    ends = study.two_sides(SHORT, luck, (2, 4), {"above": 2, "below": 0.5})
    assert list(ends) == [(2, "above"), (2, "below"), (4, "above"), (4, "below")]
    alone = study.shares(SHORT, luck, transfer=critical_transfer(4, 16) / 2, ratio=4)[0]
    assert ends[4, "below"] == pytest.approx(alone)


def test_a_bonus_of_nothing_changes_nothing_whoever_judges() -> None:
    luck = study.Luck.of(range(3), SHORT)
    paid = study.paid_shares(SHORT, luck, (0.0, 0.4), (2,), bonus=0)
    alone = study.shares(SHORT, luck, transfer=2 * critical_transfer(4, 16))[0]
    assert paid[0.0, 2] == pytest.approx(alone)
    assert paid[0.4, 2] == pytest.approx(alone)


def test_the_line_of_the_bound_ends_at_the_edge_of_the_map() -> None:
    line = model.bound_line(16)
    assert line[0] == {"transfer": 0, "ratio": 1}
    assert line[-1] == {"transfer": 0.8, "ratio": 13}
    middle = line[12]
    assert middle["transfer"] == pytest.approx(critical_transfer(middle["ratio"], 16), abs=0.001)


def test_the_tiles_of_a_map_touch_and_are_known_by_their_middle() -> None:
    first, second = model.tiles(2, 1, transfer=0.4, ratio=4)
    assert (first["left"], first["right"], second["left"], second["right"]) == (0, 0.2, 0.2, 0.4)
    assert (first["transfer"], first["ratio"]) == (0.1, 2)


def test_a_mapped_tile_has_the_share_found_in_its_middle() -> None:
    luck, tiles = study.Luck.of(range(3), SHORT), model.tiles(2, 1)
    found = study.mapped(SHORT, luck, tiles)
    alone = study.shares(SHORT, luck, transfer=tiles[1]["transfer"], ratio=tiles[1]["ratio"]).mean()
    assert found[1]["share"] == pytest.approx(float(alone), abs=0.001)


def test_uneven_runs_know_their_winner_their_row_sum_and_whether_the_sum_foretold_it() -> None:
    drawn = [("even", model.transfer_matrix("even", row_sum, 16, random.Random(0))) for row_sum in (1.0, 12.0)]
    runs = study.uneven(SHORT, study.Luck.of(range(2), SHORT), drawn)
    assert runs.relative == pytest.approx([0.25, 3])
    assert runs.predicted.tolist() == [1, 1]
    assert runs.from_even < 1e-9
    assert runs.points(1) == [{"relative": 0.25, "share": round(float(runs.shares[0]), 3), "family": "even"}]


def test_families_of_matrices_take_turns() -> None:
    assert [model.drawn_matrix(seed, 8, random.Random(seed))[0] for seed in range(4)] == [*model.FAMILIES, "even"]


def test_a_score_is_judged_block_by_block() -> None:
    seeking, honest = [[3.0], [4.0], [1.0], [4.0]], [[1.0], [2.0], [2.0], [3.0]]
    assert model.separated(fmean, seeking, honest, 2) == [1, 0.5]


def test_the_geometric_mean_of_twice_and_half_is_one() -> None:
    assert model.factor([math.log(2), math.log(0.5)]) == pytest.approx(1)


def test_the_threshold_is_set_against_the_bound_as_a_logarithm() -> None:
    training = replace(SHORT, environments=7, rollouts=40)
    found = study.thresholds(training, range(4), (4,), 4, arm=3)
    off = study.off_bound(training, range(4), (4,), 4, arm=3)
    assert off[4][0] == pytest.approx(math.log(found[0, 0] / 0.5))


def test_seekers_and_honest_workers_are_examined_where_they_were_not_trained() -> None:
    seeking, honest = (
        study.examined(SHORT, range(12), stream, grader_bound=bound, arm=arm) for bound, arm in ((True, 6), (False, 7))
    )
    assert fmean(map(model.contrast, seeking)) > 0.1 > -0.1 > fmean(map(model.contrast, honest))
    assert model.by_gap(model.contrast, seeking, {0.0: honest}, 12) == {0.0: [1]}
    assert 0.2 < model.halves(seeking) < 0.8
