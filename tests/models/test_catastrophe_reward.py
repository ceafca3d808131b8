"""The ladder, the wage and the charge: what is known on paper, against what the model does."""

from __future__ import annotations

import math
from statistics import fmean
from typing import Any

import numpy as np
import pytest
from tests.conftest import wrong_in_vega_lite

from lab import bootstrap, judge_cells, stream
from models import catastrophe_reward as model
from studies import catastrophe_reward as study

CHARGE, WAGE = model.charge(), model.wage()


@pytest.mark.parametrize("end", [1, 2, 3, 50, 1000])
def test_the_two_returns_differ_by_one_on_every_path(end: int) -> None:
    assert model.total(WAGE, end) - model.total(CHARGE, end) == pytest.approx(1, abs=1e-12)


def test_a_life_of_three_steps_is_worth_what_it_is_by_hand() -> None:
    assert model.total(WAGE, 3) == pytest.approx(0.0396)
    assert model.total(CHARGE, 3) == pytest.approx(-0.9604)


def test_an_unending_life_solved_exactly_is_the_limit_of_long_ones() -> None:
    for policy in model.random_policies(stream(1), 3, leaving=0.05):
        for frame in (CHARGE, WAGE):
            long = model.worth_until(policy, frame, horizon=2000)
            assert model.worth_forever(policy, frame) == pytest.approx(long, abs=1e-9)


def test_the_worth_of_a_policy_is_what_lives_under_it_return() -> None:
    policy: model.Policy = [(0.3, 0.0)] * model.TOP
    rng, sums = stream(2), []
    for _ in range(3000):
        at, end = model.START, 0
        while at > 0 and end < 1500:
            move, end = rng.random(), end + 1
            at += -(move < model.falls(0.3)) + (move > 1 - model.climbs(0.3))
            at = min(at, model.TOP)
        sums.append(model.total(CHARGE, end))
    assert model.worth_forever(policy, CHARGE) == pytest.approx(fmean(sums), abs=0.01)


def test_rankings_agree_exactly_while_only_the_catastrophe_ends_the_sum() -> None:
    assert [model.disagreement(stream(seed), model.CONDITIONS[0]) for seed in range(3)] == [0, 0, 0]


def test_a_way_out_turns_more_rankings_than_a_cut() -> None:
    leaving, cut = (
        [model.disagreement(stream(seed), how) for seed in range(6)]
        for how in ("free to leave", "discounted, cut at 50")
    )
    assert fmean(leaving) > 2 * fmean(cut) > 0.02


def test_reversed_pairs_are_counted_and_ties_are_none() -> None:
    assert model.reversed_pairs([1, 2, 3], [1, 3, 2]) == pytest.approx(1 / 3)
    assert model.reversed_pairs([1, 2], [1 + 1e-15, 1]) == 0


def test_expectations_one_apart_make_the_same_moves_for_ever() -> None:
    differing, gap = model.twins(lambda: stream(3), model.ladder(stream(4)), steps=3000)
    assert differing == 0
    assert gap < 1e-9


def test_equal_expectations_do_not() -> None:
    runs = [model.learn(stream(3), model.ladder(stream(4)), frame, steps=3000) for frame in (CHARGE, WAGE)]
    assert runs[0].actions != runs[1].actions
    assert len(runs[1].ends) > 2 * len(runs[0].ends)


def test_one_life_is_the_beginning_of_many() -> None:
    many = model.learn(stream(5), model.ladder(stream(6)), WAGE, steps=3000)
    one = model.learn(stream(5), model.ladder(stream(6)), WAGE, steps=3000, resets=False)
    assert one.ends == many.ends[:1]
    assert one.actions == many.actions[: one.ends[0] + 1]


def test_survival_in_the_one_state_world_is_that_of_the_restless_and_of_the_habitual() -> None:
    world = model.one_state()
    ends = study.catastrophes(
        study.lucks(range(20), 0, 300, 100), [world] * 2000, [(CHARGE, 0), (WAGE, 0)], rate=0.2, explore=0.05
    )
    charged, paid = study.survivals(ends, 20).mean(axis=1)
    assert charged == pytest.approx(model.survival_of_the_restless(), abs=0.01)
    assert paid == pytest.approx(model.survival_of_the_habitual(), abs=0.03)


def test_habits_outlive_mixing_by_jensens_inequality() -> None:
    assert model.survival_of_the_habitual(explore=0) > model.survival_of_the_restless()
    assert model.survival_of_the_habitual((0.01,) * 4) == pytest.approx(model.survival_of_the_restless((0.01,) * 4))


@pytest.mark.parametrize("frame", [CHARGE, WAGE])
def test_the_study_learns_as_the_core_does(frame: model.Frame) -> None:
    seeds, steps = range(30), 1500
    worlds = [model.ladder(stream(seed)) for seed in seeds]
    core = [len(model.learn(stream(seed, 1), world, frame, steps=steps).ends) for seed, world in enumerate(worlds)]
    ends = study.catastrophes(study.lucks(seeds, 1, steps), worlds, [(frame, 0)], rate=model.RATE, explore=0.05)
    one, other = bootstrap(core), bootstrap(ends[0].sum(axis=0).tolist())
    assert one.lo <= other.hi
    assert other.lo <= one.hi
    assert one.mean > 3  # there is something to compare


def test_a_seeds_draws_do_not_depend_on_the_other_seeds() -> None:
    assert np.array_equal(study.lucks([7], 0, 5), study.lucks([3, 7], 0, 5)[:, :, 1:])


def test_the_onlooker_reads_the_same_life_off_either_stream() -> None:
    for end in (1, 7, None):
        seen = [model.end_from_rewards(model.rewards_seen(end, 20, frame), frame) for frame in (CHARGE, WAGE)]
        assert seen == [end, end]
        assert model.reads_alike(end, 20)


@pytest.mark.parametrize(("ratio", "hazard"), [(2, 0.01), (5, 0.01), (20, 0.001), (20, 0.01)])
def test_lives_tell_as_often_as_the_sum_over_their_ends_says(ratio: float, hazard: float) -> None:
    share = fmean(model.told(stream(seed, 2), hazard, ratio) for seed in range(20))
    assert share == pytest.approx(model.chance_of_being_told(hazard, ratio), abs=0.02)


def test_waiting_longer_tells_no_more_than_the_ceiling() -> None:
    assert model.bits_at_most(2) == pytest.approx(0.0776, abs=1e-4)
    assert model.bits_in_a_life(0.001, 2) < model.bits_in_a_life(0.001, 2, horizon=3000) < model.bits_at_most(2)
    assert model.bits_in_a_life(0.0002, 2, horizon=60_000) == pytest.approx(model.bits_at_most(2), abs=1e-4)


def test_effort_that_changes_nothing_tells_nothing() -> None:
    assert model.bits_in_a_life(0.01, 1) == pytest.approx(0, abs=1e-12)
    assert model.chance_of_being_told(0.01, 1) == 0


def test_wins_tell_as_often_as_the_binomial_says() -> None:
    progress = fmean(model.told_by_wins(stream(seed)) for seed in range(20))
    assert progress == pytest.approx(model.chance_of_being_told_by_wins(), abs=0.03)
    safer = fmean(model.told_by_wins(stream(seed), 0.9) for seed in range(20))
    assert safer == pytest.approx(model.chance_of_being_told_by_wins(0.9), abs=0.03)


def test_trust_below_four_in_five_never_reaches_nine_in_ten() -> None:
    assert model.chance_of_being_told_by_wins(0.79) == 0
    assert model.chance_of_being_told_by_wins(0.85) > 0.2


def test_catastrophes_so_far_are_those_before_the_mark() -> None:
    assert model.so_far([3, 10, 11], [0, 4, 11, 20]) == [0, 1, 2, 3]


JUDGED = judge_cells(
    [({"ρ": 2, "h": 0.01}, [0.4]), ({"ρ": 5, "h": 0.01}, [0.3]), ({"ρ": 20, "h": 0.01}, [-0.2])], delta=0
)


def test_a_condition_names_the_bits_that_separate_the_settings() -> None:
    said = model.morale_condition(JUDGED)
    assert f"at most {model.bits_in_a_life(0.01, 5):.2f} of" in said
    assert f"tells {model.bits_in_a_life(0.01, 20):.2f} bits" in said
    assert "(ρ = 20, h = 0.01)" in said


def test_a_condition_says_which_settings_hold_and_which_fail() -> None:
    assert model.split(JUDGED[1:]) == "It holds here: ρ = 5, h = 0.01. It fails here: ρ = 20, h = 0.01."
    assert model.where(JUDGED[:1], "fails") == "nowhere"
    said = model.equivalence_condition(judge_cells([({"": "unending"}, [1]), ({"": "cut"}, [-1])], delta=0))
    assert said.index("(unending)") < said.index("time limit") < said.index("(cut)")


def test_effects_of_wins_favour_the_claim_when_progress_is_told_and_the_end_is_not() -> None:
    progress, end = model.win_effects([0.75], {0.1: [0.0, 0.75]})
    assert progress == ({"": "about progress"}, [0.25])
    assert end == ({"": "about the end", "w": 0.1}, [0.5, -0.25])


def test_useful_lives_are_told_with_luck_of_each_cells_own() -> None:
    [_, (cell, shares)] = model.useful_lives(stream, [4], [{"ρ": 20, "h": 0.01}] * 2, arm=3)
    assert cell == {"ρ": 20, "h": 0.01}
    assert shares == [model.told(stream(4, 4), 0.01, 20)]


def test_a_geometric_mean_is_taken_from_logs() -> None:
    assert model.geometric_mean([math.log(2), math.log(8)]) == pytest.approx(4)


def test_a_verdict_is_published_with_its_condition() -> None:
    assert model.verdict_words("morale", JUDGED)["condition"] == model.morale_condition(JUDGED)
    assert model.verdict_words("one-life", JUDGED)["condition"] == model.split(JUDGED)
    assert "near miss" in model.verdict_words("one-life", JUDGED)["right_if"]


def test_what_is_known_comes_out() -> None:
    seeds = range(3)
    ladders = [model.ladder(stream(seed)) for seed in seeds]
    shares = [({"ρ": 20.0, "h": 0.01}, [model.chance_of_being_told(0.01, 20)])]
    known = [
        *model.known_of_rankings(stream, seeds, ladders, 500),
        *model.known_of_watching(stream, seeds, shares),
        *model.known_of_wins(stream, seeds, slack=3),
    ]
    assert [name for name, _, _, passed in known if not passed] == []


def test_what_is_known_is_missed_where_it_is_not_so() -> None:
    shares = [({"ρ": 20.0, "h": 0.01}, [0.5])]
    assert not model.known_of_watching(stream, range(1), shares)[2][3]
    assert model.known_of_watching(stream, range(1), shares, slack=10)[2][2:] == ("below 0.2", True)
    falls = np.array([[True, False]])
    assert study.known_of_starts(falls, ~falls)[0][1:] == (2, "0", False)
    assert study.known_of_starts(falls, falls)[0][3]


def test_survival_is_held_against_what_is_known_of_it() -> None:
    ladders = [model.ladder(stream(seed)) for seed in range(2)]
    right = np.array([[model.survival_of_the_restless()], [model.survival_of_the_habitual()]])
    assert all(passed for *_, passed in study.known_of_one_life(range(2), ladders, right, lives=5))
    wrong = study.known_of_one_life(range(2), ladders, right[::-1], lives=5)
    assert [passed for *_, passed in wrong] == [True, True, False, False]


def test_every_setting_of_a_learner_has_its_own_luck_and_the_framings_share_it() -> None:
    worlds = [model.ladder(stream(seed)) for seed in range(3)]
    learners = [{"ε": 0.1, "α": 0.1}, {"ε": 0.1, "α": 0.3}]
    counts = study.falls(range(3), worlds, [(CHARGE, 0), (WAGE, 1)], learners, arm=5, steps=400)
    assert counts.shape == (2, 2, 3)
    assert np.array_equal(counts[0], counts[1])  # expectations 1 apart
    alone = study.falls(range(3), worlds, [(CHARGE, 0)], learners[1:], arm=6, steps=400)
    assert np.array_equal(counts[0, 1], alone[0, 0])
    assert counts.sum() > 0


def test_log_ratios_are_those_of_counts_with_one_added() -> None:
    assert study.log_ratios(np.array([[[1.0]], [[3.0]]])).tolist() == [[pytest.approx(math.log(2))]]


def test_stretches_without_a_catastrophe_are_counted_over_lives() -> None:
    ends = np.zeros((1, 6, 2), dtype=np.bool_)
    ends[0, 4, 1] = True
    assert study.unhurt(ends, 3) == [[1.0, 0.5]]
    assert [row["falls"] for row in study.learning_curves(["one"], ends, points=2)] == [0, 0, 0.5]


def test_lives_in_a_seeds_world_follow_one_another() -> None:
    worlds = [model.one_state((0.0,) * 4), model.one_state((1.0,) * 4)]
    assert study.usual(range(2), worlds, [(CHARGE, 0)], arm=0, steps=5, lives=3).shape == (1, 5, 6)
    alive = study.survival(range(2), worlds, [(CHARGE, 0)], arm=0, horizon=5, lives=3)
    assert alive.tolist() == [[1.0, 0.0]]


def test_the_largest_gap_is_that_of_one_seed() -> None:
    assert study.largest_gap(np.array([[0.5, 0.25], [0.5, 1.0]])) == 0.75


CELLS = [
    {"cell": "discounted, unending", "mean": 0.01, "lo": 0.01, "hi": 0.01, "state": "holds"},
    {"cell": "free to leave", "mean": -0.15, "lo": -0.17, "hi": -0.13, "state": "fails"},
]
REVERSED = model.reversed_rows(CELLS, 0.01)
LEARNING = model.learning_rows({"charge": [[1, 5], [2]], "wage": [[1, 2, 3], [4, 5]]}, [0, 5, 10])
STRETCHES = model.stretch_rows({"charge": [0.02, 1.0], "wage": [0.21, 0.36]}, 50)
BITS = model.bits_rows((1.5, 2, 20))
WINS = model.wins_rows(20)


GIVEN: dict[str, tuple[Any, ...]] = {
    "reversed": (REVERSED, 0.01),
    "learning": (LEARNING,),
    "stretches": (STRETCHES, 50),
    "bits": (BITS,),
    "wins": (WINS,),
}


@pytest.mark.parametrize("name", model.FIGURES)
def test_a_figure_is_valid_vega_lite(name: str) -> None:
    figure, *_ = model.FIGURES[name]
    assert wrong_in_vega_lite(figure(*GIVEN[name])) == []


def test_the_words_of_a_figure_give_its_numbers() -> None:
    assert "free to leave: 16.0 %" in model.reversed_alt(REVERSED)
    assert "2 for the charge" in model.learning_alt(LEARNING)
    assert "2 % of learners at first and 100 % later" in model.stretch_alt(STRETCHES)
    assert "0.078 bits" in model.bits_alt(BITS)
    assert "up to a trust of 0.80" in model.wins_alt(WINS)
    assert f"{100 * model.chance_of_being_told_by_wins():.0f} %" in model.wins_alt(WINS)


def test_shares_of_reversed_pairs_are_never_negative() -> None:
    assert (REVERSED[0]["lo"], REVERSED[0]["mean"]) == (0, 0)
    assert math.isclose(REVERSED[1]["hi"], 0.18)
