"""Judges without a unit, and a diary: what is known on paper, against what the model does."""

from __future__ import annotations

import math
from statistics import fmean
from typing import Any

import pytest
from tests.conftest import wrong_in_vega_lite

from lab import judge_cells, stream
from models import relative_impact as model


@pytest.mark.parametrize("unit", [0.5, 1, 2])
def test_plain_averages_miss_by_what_the_formula_says(unit: float) -> None:
    errors = [model.judge(stream(seed), unit).error for seed in range(50)]
    assert fmean(errors) == pytest.approx(model.expected_size_error(unit), rel=0.15)


def test_a_shared_error_does_not_average_out_over_judges() -> None:
    few, many = (fmean(model.missed_together(stream(seed), judges) for seed in range(80)) for judges in (6, 60))
    assert many > 0.9 * few > 1.1


def test_a_private_unit_drops_out_of_numbers_read_judge_by_judge() -> None:
    truth = model.impacts(stream(1))
    given = model.ratings(stream(2), truth, 3, noise=0)
    middle = fmean(truth)
    assert model.within_judges(given) == pytest.approx([t - middle for t in truth], abs=1e-6)
    assert model.size_error(model.plain_means(given), truth) > 0.3


def test_answers_are_dealt_evenly() -> None:
    given = model.ratings(stream(3), model.impacts(stream(3)), 1)
    assert {sum(item == i for item, _, _ in given) for i in range(model.ITEMS)} == {10}
    assert {sum(judge == j for _, judge, _ in given) for j in range(model.JUDGES)} == {20}
    said = model.comparisons(stream(3), model.impacts(stream(3)))
    assert {sum({a, b} == {i, j} for a, b in said) for i in range(12) for j in range(i)} == {1, 2}


def test_judges_who_never_slip_give_the_whole_order() -> None:
    for seed in range(5):
        truth = model.impacts(stream(seed))
        said = model.comparisons(stream(seed, 1), truth, noise=1e-9, answers=132)
        assert model.order_accuracy(model.bradley_terry(said), truth) == 1


def test_strengths_of_two_are_the_odds_of_their_wins() -> None:
    first, second = model.bradley_terry([(0, 1)] * 7 + [(1, 0)] * 3, items=2)
    assert first - second == pytest.approx(math.log((7 + model.PRETENDED) / (3 + model.PRETENDED)))
    assert first + second == pytest.approx(0)


def test_numbers_order_better_until_they_are_much_noisier() -> None:
    equal = [model.judge(stream(seed), 1) for seed in range(30)]
    coarse = [model.judge(stream(seed), 1, numbers_noisier=10) for seed in range(30)]
    assert fmean(one.order_rated - one.order_compared for one in equal) > 0.01
    assert fmean(one.order_rated - one.order_compared for one in coarse) < -0.05


def test_order_accuracy_counts_pairs() -> None:
    assert model.order_accuracy([1, 3, 2], [1, 2, 3]) == pytest.approx(2 / 3)


def test_a_tie_is_drawn_between_the_ratios_around_it() -> None:
    assert model.tie([1, 2, 3], [[0.2, 9], [0.1, 9], [-0.1, 9]], [0.0, 0.0]) == pytest.approx(2.5)
    assert model.tie([1, 2], [[0.2], [0.1]], [0.0]) == 2
    assert model.tie([1, 2], [[-0.2], [-0.3]], [0.0]) == 1


def test_circles_break_the_order_only_when_they_are_as_strong_as_the_truth() -> None:
    found = [fmean(model.circled_order(stream(seed), cycle) for seed in range(30)) for cycle in (0, 1, 4, 100)]
    assert found[0] > found[1] > 0.85
    assert found[2] < 0.75
    assert found[3] == pytest.approx(0.5, abs=0.1)
    assert model.circle_against_truth(2) == 1


@pytest.mark.parametrize(("apart", "window"), [(1, 1), (30, 1), (365, 1), (30, 30), (7, 7)])
def test_a_diary_is_right_as_often_as_the_formula_says(apart: int, window: int) -> None:
    share = fmean(model.right_signs(stream(seed), apart, window=window) for seed in range(60))
    assert share == pytest.approx(model.chance_of_right_sign(apart, window), abs=0.012)


def test_a_diary_of_somebody_who_stands_still_is_a_coin() -> None:
    assert fmean(model.right_signs(stream(seed), 30, gain=0) for seed in range(60)) == pytest.approx(0.5, abs=0.015)
    assert model.chance_of_right_sign(0) == 0.5


def test_the_distance_needed_gives_the_certainty_asked_for() -> None:
    assert model.chance_of_right_sign(model.days_apart_needed(0.8)) == pytest.approx(0.8)
    stretch = model.stretch_needed(0.9, 1 / 365, 1)
    spread = math.sqrt(2) / math.sqrt(stretch)  # of the difference of two means of that many days
    assert stretch / 365 / spread == pytest.approx(1.2816, abs=1e-3)
    assert round(stretch) == 76


def test_the_triangle_beats_itself() -> None:
    assert all(share > 0.8 for _, _, share in model.triangle(4))
    assert model.triangle(0)[2][2] < 0.01


def test_what_is_known_comes_out() -> None:
    seeds = range(20)
    days = {apart: [model.chance_of_right_sign(apart)] for apart in (1, 30)}
    known = [
        *model.known_of_order(stream, seeds),
        *model.known_of_sizes({1: [model.judge(stream(seed), 1) for seed in seeds]}, slack=2),
        *model.known_of_numbers(stream, seeds),
        *model.known_of_diaries(stream, seeds, days, [model.chance_of_right_sign(30, 30)]),
        *model.known_of_circles(stream, seeds, slack=2),
    ]
    assert [name for name, _, _, passed in known if not passed] == []
    assert len(known) == 7


def test_what_is_known_is_missed_where_it_is_not_so() -> None:
    wrong = [model.chance_of_right_sign(30) + 0.05]
    (*_, passed), (_, gap, expected, close) = model.known_of_diaries(stream, range(20), {30: wrong}, [0.987])
    assert (passed, expected, close) == (True, "below 0.01", False)
    assert gap == pytest.approx(0.05)
    assert model.known_of_diaries(stream, range(20), {30: wrong}, [0.987], slack=6)[1][3]
    far = model.Judged(1, 1, 3 * model.expected_size_error(1), 0)
    [(_, found, *said)] = model.known_of_sizes({1: [far]})
    assert found == pytest.approx(2)
    assert said == ["below 0.15", False]


def test_means_are_taken_for_each_seed_over_the_settings() -> None:
    sets = [[model.Judged(0.5, 0.75, 0, 0), model.Judged(1, 1, 0, 0)], [model.Judged(0.5, 0.5, 0, 0)] * 2]
    assert model.mean_by_seed(sets, lambda one: one.order_compared) == [0.5, 0.75]
    assert model.mean_by_seed(sets, model.lead_of_numbers) == [0.125, 0]


def test_decades_become_a_factor() -> None:
    assert model.ten_to([0.5, 1.5]) == pytest.approx(10)


def test_a_verdict_is_published_with_the_quantity_that_separates_its_settings() -> None:
    days = judge_cells([({"Δ": 1}, [-0.3]), ({"Δ": 30}, [-0.1]), ({"Δ": 365}, [0.2])], delta=0)
    assert "at least 60 days" in model.verdict_words("self-comparison", days)["condition"]
    assert "holds for 365 days and fails for 1 and 30" in model.verdict_words("self-comparison", days)["condition"]
    units = judge_cells([({"σ_c": 0.5}, [-0.2]), ({"σ_c": 2}, [0.3])], delta=0)
    assert "formula 6.2 and 1.6" in model.verdict_words("magnitude-unknown", units)["condition"]
    circles = judge_cells([({"ω_c": c}, [effect]) for c, effect in ((0.5, 1), (1, 1), (3, -1), (4, -1))], delta=0)
    said = model.verdict_words("intransitive", circles)["condition"]
    assert "at most 0.5 times" in said
    assert "pushes 1.5 times" in said
    said = model.verdict_words("order-without-unit", units)["condition"]
    assert said == "It holds here: σ_c = 2. It fails here: σ_c = 0.5."


JUDGED = [model.judge(stream(seed), 1) for seed in range(2)]
UNITS = model.unit_rows([0, 2], [JUDGED, JUDGED])
NOISE = model.noise_rows([1, 3], [JUDGED, JUDGED])
PAST = model.past_rows((1, 30))
SEEN = [{"series": "single days", "apart": 30, "right": 0.66}]


GIVEN: dict[str, tuple[Any, ...]] = {
    "units": (UNITS,),
    "noise": (NOISE,),
    "past": (PAST, SEEN),
    "triangle": (model.triangle(4),),
}


@pytest.mark.parametrize("name", model.FIGURES)
def test_a_figure_is_valid_vega_lite(name: str) -> None:
    figure, *_ = model.FIGURES[name]
    assert wrong_in_vega_lite(figure(*GIVEN[name])) == []


def test_points_are_means_over_seeds() -> None:
    points = model.past_points({1: [0.5, 0.52]}, [0.9, 1.0])
    assert [(point["series"], point["apart"], point["right"]) for point in points] == [
        ("single days", 1, 0.51),
        ("means of 30 days", 30, 0.95),
    ]


def test_a_line_of_means_begins_where_windows_no_longer_overlap() -> None:
    assert min(row["apart"] for row in PAST if row["series"] == "means of 30 days") == 30


def test_the_words_of_a_figure_give_its_numbers() -> None:
    within = 100 * fmean(one.within for one in JUDGED)
    assert f"{within:.0f} %" in model.unit_alt(UNITS)
    assert f"{100 * fmean(one.order_compared for one in JUDGED):.0f} %" in model.noise_alt(NOISE)
    assert "30 days apart 66 %" in model.past_alt(PAST, SEEN)
    assert "Cara over Ann in 86 %" in model.triangle_alt(model.triangle(4))
