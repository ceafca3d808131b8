"""Hunting a harmful voice and crowding it out: the threshold, controls, figures, and core against study."""

import math
import random
from dataclasses import replace
from statistics import fmean
from typing import Any

import numpy as np
import pytest
from tests.conftest import wrong_in_vega_lite

from lab import bootstrap, stream
from models import persona_management as model
from models.persona_management import CLASSES, DESIRABLE, FIRST_BAD, STRATEGIES, Setting
from studies import persona_management as study

SETTING = Setting()


def test_at_the_threshold_both_voices_are_copied_equally_well() -> None:
    setting = Setting(interference=0.4, bad_gain=0.15, good_gain=-0.02)
    fitness = model.copying(model.threshold(setting), setting)
    assert fitness[DESIRABLE] == pytest.approx(fitness[FIRST_BAD])
    assert (
        model.margin(model.threshold(setting) + 0.01, setting)
        > 0
        > model.margin(model.threshold(setting) - 0.01, setting)
    )


def test_where_a_release_merely_dilutes_no_share_is_enough() -> None:
    assert model.threshold(replace(SETTING, interference=0)) == math.inf
    assert model.threshold(replace(SETTING, interference=0, good_gain=0.2)) == -math.inf


def test_without_luck_the_harmful_fall_above_the_threshold_and_rise_below_it() -> None:
    at = model.threshold(SETTING)
    assert model.smooth_ratio(at + 0.02, SETTING, 30) < 1 < model.smooth_ratio(at - 0.02, SETTING, 30)


def test_evasion_moves_texts_one_step_and_arrivals_are_of_the_first_kind() -> None:
    setting = Setting(interference=0, bad_gain=0, evasion=0.2, evasion_cost=0, immigration=0.1)
    chances = model.next_chances([0, 50, 50] + [0] * (CLASSES - 1), setting)
    assert chances[FIRST_BAD : FIRST_BAD + 3] == pytest.approx([0.9 * 0.4 + 0.1, 0.9 * 0.1, 0])
    assert math.fsum(chances) == pytest.approx(1)


def test_a_hunt_removes_what_it_sees_and_no_more_than_it_can_pay_for() -> None:
    corpus = [10, 500, 90] + [0] * (CLASSES - 1)
    keen = replace(SETTING, detection=1.0)
    assert model.hunt(random.Random(1), corpus, 30, keen)[FIRST_BAD] == 60
    assert model.hunt(random.Random(1), corpus, 200, keen)[FIRST_BAD] == 0
    assert model.hunt(random.Random(1), corpus, 200, replace(SETTING, detection=0.0)) == corpus


def test_a_purse_buys_whole_texts_and_nothing_of_it_is_lost() -> None:
    assert [model.allowance(0.4, g) for g in range(5)] == [0, 0, 1, 0, 1]
    assert sum(model.allowance(7.3, g) for g in range(30)) == 219


def test_both_spends_half_on_each() -> None:
    removals, releases = model.spending(SETTING, "both")
    assert (2 * removals, 2 * releases) == (
        model.spending(SETTING, "suppress")[0],
        model.spending(SETTING, "promote")[1],
    )


def test_without_a_budget_all_strategies_run_alike() -> None:
    settings = [replace(setting, budget=0.0) for setting in study.draw_settings(5, 1)]
    idle = {strategy: study.run(1000, settings, strategy)[0] for strategy in STRATEGIES}
    assert all((idle[strategy] == idle["none"]).all() for strategy in STRATEGIES)
    assert len({tuple(model.run(stream(1), replace(SETTING, budget=0.0), s).bad) for s in STRATEGIES}) == 1


def test_phases_are_the_last_generations_of_the_campaign_and_of_all() -> None:
    bad = [0.0] * 61
    bad[23:31] = [0.5] * 8
    bad[53:61] = [0.25] * 8
    assert model.phases(bad, SETTING) == (0.5, 0.25)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_core_and_study_agree_at_the_defaults(strategy: model.Strategy) -> None:
    setting = replace(SETTING, evasion=0.2, control=10, after=6)  # so much evasion that leaving it out would show
    seeds = range(1000, 1020)
    slow = [model.run(stream(seed), setting, strategy) for seed in seeds]
    bad, good = study.run(7, [setting] * 20, strategy)
    for core, fast in (([c.bad[-1] for c in slow], bad[:, -1]), ([c.good[-1] for c in slow], good[:, -1])):
        one, other = bootstrap(core), bootstrap(fast.tolist())
        assert one.lo <= other.hi
        assert other.lo <= one.hi


def test_strong_interference_lets_promotion_last_and_none_lets_the_hunted_come_back() -> None:
    firm = replace(SETTING, interference=0.5, bad_gain=0.1, budget=0.1)
    last = {s: fmean(study.run(1000, [firm] * 20, s)[0][:, -1].tolist()) for s in ("suppress", "promote")}
    assert last["promote"] < last["suppress"]
    weak = replace(firm, interference=0.0, bad_gain=0.3)
    later = study.run(1000, [weak] * 20, "promote")[0].mean(axis=0)
    assert later[-1] > later[30] + 0.1


def test_settings_are_drawn_within_the_box_and_the_same_each_time() -> None:
    settings = study.draw_settings(50, 3)
    for name, (_, low, high) in study.BOX.items():
        assert all(low <= getattr(setting, name) <= high for setting in settings)
    assert settings == study.draw_settings(50, 3) != study.draw_settings(50, 4)


def test_a_difference_within_five_hundredths_has_no_winner() -> None:
    assert [model.winner(0.5, promoted) for promoted in (0.4, 0.46, 0.54, 0.6)] == [1, 0, 0, -1]


COURSES = [
    {"series": model.NAMES[s], "generation": g, "share": share}
    for s, (early, late) in zip(STRATEGIES, ((0.6, 0.8), (0.1, 0.5), (0.3, 0.4), (0.2, 0.35)), strict=True)
    for g, share in ((0, 0.1), (30, early), (60, late))
]
DOTS = [
    {"i": 0.05, "gain": 0.1, "winner": model.WINNERS[-1]},
    {"i": 0.4, "gain": 0.1, "winner": model.WINNERS[1]},
    {"i": 0.45, "gain": 0.3, "winner": model.WINNERS[1]},
]
BARS = [
    {"strategy": model.NAMES[s], "phase": phase, "measure": measure, "regret": regret}
    for s in STRATEGIES[1:]
    for phase in ("during", "after")
    for measure, regret in (("mean", 0.05), ("worst in twenty", 0.31))
]
STEPS = model.binned([-0.1] * 10 + [0.1] * 10 + [0.2], [False] * 9 + [True] * 11 + [True], [-0.15, 0, 0.15, 0.3])


@pytest.mark.parametrize(
    "spec",
    [
        model.course_figure(COURSES, 30),
        model.winner_figure(DOTS),
        model.regret_figure(BARS),
        model.threshold_figure(STEPS),
    ],
    ids=["courses", "winners", "regret", "threshold"],
)
def test_every_figure_is_valid_vega_lite(spec: dict[str, Any]) -> None:
    assert wrong_in_vega_lite(spec) == []


def test_the_words_for_the_figures_hold_their_numbers() -> None:
    assert "hunt 0.10 and 0.50" in model.course_alt(COURSES, 30)
    assert "'hunt' has left least; afterwards 'hunt' gives back most" in model.course_alt(COURSES, 30)
    assert "promoting left less in 0 and hunting in 1; above 0.3 promoting in 2 and hunting in 0" in model.winner_alt(
        DOTS
    )
    assert "after, promote 0.05 on average and 0.31 in the worst" in model.regret_alt(BARS)
    assert "down in 10% of runs, above it in 100%" in model.threshold_alt(STEPS)


def test_bins_with_few_runs_fall_out() -> None:
    assert [row["runs"] for row in STEPS] == [10, 10]


WINS = [model.Setting(interference=i) for i in (0.05, 0.1, 0.4)]


def test_scores_are_kept_apart_by_interference() -> None:
    assert model.scores([0.5, 0.5], [0.3, 0.52]) == [1, 0]
    assert model.scores_between([1, 0, -1], WINS, high=0.1) == [1]
    assert model.scores_between([1, 0, -1], WINS, low=0.1) == [0, -1]
    assert [row["winner"] for row in model.winner_rows([1, 0, -1], WINS)] == list(model.WINNERS.values())


def test_the_condition_says_when_promotion_wins_and_where() -> None:
    words = model.promotion_condition({"holds": "after", "fails": "during"}.__getitem__, -0.36, 0.53)
    assert words.startswith("it holds after the campaign and fails during it;")
    assert "are −0.36 per setting" in words
    assert "and 0.53 where" in words


def test_the_threshold_is_never_on_the_wrong_side_when_it_is_all_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = study.draw_settings(40, 5)
    assert model.wrong_sides(settings) == 0
    monkeypatch.setattr(model, "threshold", lambda setting: 0.5)
    assert model.wrong_sides(settings) > 10


def of_runs(bad: float, good: float) -> tuple[np.ndarray, np.ndarray]:
    """One seed, two settings, 61 generations at the same shares."""
    return np.full((1, 2, 61), bad), np.full((1, 2, 61), good)


FOUND: study.Courses = {
    "none": of_runs(0.8, 0.0),
    "suppress": of_runs(0.2, 0.0),
    "promote": of_runs(0.5, 0.4),
    "both": of_runs(0.3, 0.2),
}


def test_what_is_left_is_averaged_over_the_end_of_each_phase() -> None:
    bad = np.zeros((1, 1, 61))
    bad[:, :, 23:31], bad[:, :, 53:] = 0.5, 0.25
    left = study.left_by({"promote": (bad, bad)})
    assert left == {("promote", "during"): [0.5], ("promote", "after"): [0.25]}


def test_savings_and_regrets_are_differences_from_half_of_each_and_from_the_best() -> None:
    left = study.left_by(FOUND)
    assert study.scores_by(left)["during"] == [-1, -1]
    assert study.saved_by_both(left)["against promotion, after"] == pytest.approx([0.2, 0.2])
    rued = study.regrets(left)
    assert rued["suppress", "during"] == pytest.approx([0, 0])
    assert rued["promote", "during"] == pytest.approx([0.3, 0.3])
    rows = {(row["strategy"], row["phase"], row["measure"]): row["regret"] for row in study.regret_rows(rued)}
    assert rows["half of each", "after", "worst in twenty"] == pytest.approx(0.1)
    assert study.worst_in_twenty(list(range(101))) == 95


def test_a_course_has_a_row_for_every_other_generation() -> None:
    rows = study.course_rows(FOUND)
    assert len(rows) == 4 * 31
    assert rows[31] == {"series": "hunt", "generation": 0, "share": 0.2}


def test_a_forecast_is_right_where_the_threshold_and_the_end_agree() -> None:
    near, far = Setting(interference=0.5, bad_gain=0.1), Setting(interference=0.1, bad_gain=0.3)
    forecast = study.foretold(FOUND, [near, far])
    assert forecast.passed.tolist() == [[True, False]]
    assert forecast.right == [0, 1]  # the harmful are at one half in both, so neither stays down
    assert forecast.cheap == 1
    assert forecast.margins == pytest.approx([model.margin(0.4, near), model.margin(0.4, far)])
    assert study.in_blocks([0, 1, 1, 1], 2) == [0.5, 1]


def test_the_gap_of_idle_strategies_is_nothing() -> None:
    assert study.idle_gap(1000, study.draw_settings(3, 1)) == 0


def test_further_draws_are_judged_as_the_first() -> None:
    (draw,) = study.redrawn([1000], 4, [3])
    left = study.left_by(study.run_all([1000], study.draw_settings(4, 3)))
    assert draw["after"] == fmean(study.scores_by(left)["after"])
    assert draw["saved"] == fmean(study.saved_by_both(left)["against hunting, during"])
