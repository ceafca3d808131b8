import random
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import pytest
from tests.conftest import wrong_in_vega_lite

from lab import bootstrap, stream
from models import verbosity_hedging as model
from models.verbosity_hedging import Knowledge, Pay, Point
from studies import verbosity_hedging as study


@dataclass(frozen=True)
class Cell:
    params: dict[str, Any]
    state: str


def valid(spec: dict[str, Any]) -> None:
    assert wrong_in_vega_lite(spec) == []


# --- repetition


@pytest.mark.parametrize("point", [Point(), Point(c=0.5), Point(c=1), Point(price=0.05), Point(c=0.5, judge="mean")])
def test_the_expected_reward_is_the_average_of_rewards(point: Point) -> None:
    rng = random.Random(2)
    for n in (1, 2, 6):
        average = fmean(model.reward(n, point, rng) for _ in range(8000))
        assert average == pytest.approx(model.expected_reward(n, point), abs=0.02)


def test_the_prices_for_a_length_are_those_at_which_it_is_best() -> None:
    for n in range(2, 10):
        low, high = model.prices_for(n)
        assert [model.best_length(Point(price=price)) for price in (low * 0.99, low * 1.01, high * 0.99)] == [
            n + 1,
            n,
            n,
        ]


def test_the_staircase_goes_through_the_best_lengths() -> None:
    for row in model.stairs()[:-1]:
        assert model.best_length(Point(price=row["price"] * 1.01)) == row["n"]


def test_of_equally_good_lengths_the_shortest_is_the_best() -> None:
    assert model.best_length(Point(c=1)) == 1


def test_a_writer_learns_the_best_length_when_it_matters() -> None:
    learned = fmean(model.learned_length(Point(price=0.05), stream(seed)) for seed in range(8))
    assert learned == pytest.approx(5, abs=0.6)


def test_core_and_study_learn_alike_lengths() -> None:
    seeds = range(20)
    core = bootstrap([model.learned_length(Point(), stream(seed), steps=800) for seed in seeds])
    fast = bootstrap(list(study.learned_lengths([Point()], seeds, steps=800)[0]))
    assert core.lo < fast.hi
    assert fast.lo < core.hi
    assert 5.7 < core.mean < 9  # halfway, where the two could differ


# --- hedging


def test_the_bar_is_where_asserting_pays_what_hedging_does() -> None:
    pay = Pay(c=2, h=0.3)
    assert pay.bar - (1 - pay.bar) * pay.c == pytest.approx(pay.h)


def test_a_bonus_without_a_penalty_sets_the_same_bar() -> None:
    assert Pay(c=0, h=model.bonus_like(1.7)).bar == pytest.approx(Pay(c=1.7).bar)


def test_a_penalty_that_silences_sets_the_bar_at_that_share() -> None:
    assert Pay(c=model.penalty_that_silences(2 / 3)).bar == pytest.approx(2 / 3)


@pytest.mark.parametrize("seen", ["exactly", "noisily", "not"])
def test_the_bins_hold_all_statements_and_all_that_are_right(seen: Any) -> None:
    bins = Knowledge(seen=seen).bins()
    assert sum(mass for mass, _ in bins) == pytest.approx(1)
    assert sum(mass * right for mass, right in bins) == pytest.approx(3 / 4.5, abs=1e-3)


def test_noise_pulls_what_is_seen_towards_the_average() -> None:
    clear, noisy = Knowledge().bins(), Knowledge(seen="noisily").bins()
    assert noisy[2][1] > clear[2][1]
    assert noisy[19][1] < clear[19][1]


@pytest.mark.parametrize("c", [0, 0.5, 2])
def test_the_best_writer_hedges_what_lies_below_the_bar(c: float) -> None:
    rng = random.Random(7)
    confidences = [rng.betavariate(3, 1.5) for _ in range(20_000)]
    below = fmean(p < Pay(c).bar for p in confidences)
    assert model.best_hedging(Pay(c), Knowledge().bins()) == pytest.approx(below, abs=0.08)  # the width of a bin


@pytest.mark.parametrize(("c", "seen"), [(0, "exactly"), (2, "exactly"), (2, "not"), (0, "noisily")])
def test_a_writer_learns_to_hedge_as_much_as_is_best(c: float, seen: Any) -> None:
    bins = Knowledge(seen=seen).bins()
    learned = fmean(model.learned_hedging(Pay(c), bins, stream(seed)) for seed in range(6))
    assert learned == pytest.approx(model.best_hedging(Pay(c), bins), abs=0.06)


def test_core_and_study_learn_to_hedge_alike() -> None:
    seeds, bins = range(20), Knowledge().bins()
    core = bootstrap([model.learned_hedging(Pay(2), bins, stream(seed), 2000) for seed in seeds])
    groups = [[(Pay(2), Knowledge())]] * len(seeds)
    fast = bootstrap(list(study.learned_hedging(groups, seeds, 30, paired=True, statements=2000)[:, 0]))
    assert core.lo < fast.hi
    assert fast.lo < core.hi


def test_paired_writers_of_one_kind_learn_the_same_and_others_do_not() -> None:
    twins = [[(Pay(2), Knowledge())] * 2]
    paired = study.learned_hedging(twins, [1], 30, paired=True, statements=500)[0]
    apart = study.learned_hedging(twins, [1], 30, paired=False, statements=500)[0]
    assert paired[0] == paired[1]
    assert apart[0] != apart[1]


# --- telling apart


def test_auc_counts_ties_half() -> None:
    assert model.auc([1, 3], [1, 2]) == (0.5 + 0 + 1 + 1) / 4


def test_penalty_and_bonus_are_told_apart_as_often_as_was_derived() -> None:
    rng = random.Random(5)
    bars = [[kind(rng)[0].bar for _ in range(3000)] for kind in (model.penalised, model.rewarded)]
    assert model.auc(*bars) == pytest.approx(model.told_from_a_bonus(), abs=0.03)


def test_bonuses_that_set_the_same_bars_cannot_be_told_apart() -> None:
    rng = random.Random(6)
    bars = [[kind(rng)[0].bar for _ in range(3000)] for kind in (model.penalised, model.rewarded_alike)]
    assert model.auc(*bars) == pytest.approx(0.5, abs=0.03)


def test_a_crowd_has_as_many_writers_of_each_history_in_order() -> None:
    writers = model.by_history(model.crowd(stream(1), 3))
    assert [len(group) for group in writers.values()] == [3, 3, 3, 3]
    assert all(pay.c > 0 for pay, _ in writers["a penalty"])
    assert all(pay.c == 0 and pay.h > 0.3 for pay, _ in writers["a hedging bonus"])
    assert all(pay == Pay() and knowledge.a < 3 for pay, knowledge in writers["mere ignorance"])


def test_areas_compare_the_penalised_with_each_other_history() -> None:
    row = [0.5, 0.6, 0.1, 0.2, 0.9, 0.8, 0.5, 0.6]  # two writers of each of four histories
    assert model.areas([row]) == {"a hedging bonus": [1.0], "mere ignorance": [0.0], "a bonus to match": [0.5]}


def test_the_average_bars_are_those_that_were_derived() -> None:
    bars = model.average_bars([model.crowd(stream(seed), 200) for seed in range(5)])
    assert bars["mere ignorance"] == pytest.approx(0.3)
    assert bars["a hedging bonus"] == pytest.approx(0.6, abs=0.02)
    assert bars["a penalty"] == pytest.approx(bars["a bonus to match"], abs=0.02)


def test_what_kinds_of_writers_hedge_is_found_under_their_name() -> None:
    kinds = [(Pay(0), Knowledge()), (Pay(2), Knowledge())]
    rates = study.hedging_of(kinds, [1, 2], 30, 400)
    alone = study.learned_hedging([kinds[1:]] * 2, [1, 2], 30, paired=True, statements=400)
    assert list(rates[kinds[1]]) == list(alone[:, 0])
    assert rates[kinds[0]][0] < rates[kinds[1]][0]


# --- words and figures


def test_a_condition_on_repetition_says_where_and_what_parts() -> None:
    cells = [
        Cell({"judge": "any", "c_r": 0}, "holds"),
        Cell({"judge": "any", "c_r": 1}, "fails"),
        Cell({"judge": "mean", "c_r": 0}, "fails"),
    ]
    assert model.repetition_condition(cells) == (
        "It holds before a judge moved by the best wording, with wordings independent"
        " (nine further ones add 0.64 to the reward);"
        " it fails before a judge moved by the best wording, with wordings of one fate,"
        " and before a judge moved by the average wording (0.00)."
    )


def test_a_condition_on_the_diagnosis_names_the_bars() -> None:
    cells = [Cell({"against": "a hedging bonus"}, "fails"), Cell({"against": "mere ignorance"}, "holds")]
    bars = {"a penalty": 0.68, "a hedging bonus": 0.6, "mere ignorance": 0.3, "a bonus to match": 0.68}
    words = model.diagnosis_condition(cells, bars)
    assert words.startswith("It fails against a hedging bonus; it holds against mere ignorance.")
    assert "0.68 with a penalty, 0.60 with a hedging bonus and 0.30 with mere ignorance;" in words


def test_the_figures_are_valid_and_their_words_give_the_numbers() -> None:
    found = {0.05: bootstrap([4.9, 5.02, 5.14])}
    spec = model.lengths_chart(found)
    valid(spec)
    assert spec["data"]["values"][0]["mean"] == 5.02
    assert "5.0 at 0.05. Five are best at prices from 0.041 to 0.0625" in model.lengths_alt(found)

    rates = {(Pay(c), Knowledge(seen="not")): [c / 4, c / 4] for c in (0, 3)}
    spec = model.hedging_chart(rates)
    valid(spec)
    assert spec["data"]["values"] == [  # all at once where the bar passes two in three, at c = 1.1
        {"series": "not seen", "c": 0.0, "y": 0},
        {"series": "not seen", "c": 1.11, "y": 1.0},
        {"series": "not seen", "c": 3.0, "y": 1.0},
    ]
    assert "not seen: 0.00 at 0, 0.75 at 3" in model.hedging_alt(rates)

    valid(model.alike_chart())
    assert "no penalty with 0.77 for a hedge" in model.alike_alt()
