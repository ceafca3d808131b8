import math
import random
from statistics import fmean
from typing import Any

import pytest
from tests.conftest import wrong_in_vega_lite

from lab import bootstrap, judge_cells
from models import efficiency_metrics as model
from models.efficiency_metrics import Curve, Kind, Timings, Trained
from studies import efficiency_metrics as study

SLOW: Curve = [(0, 2.0), (25, 1.5), (50, 1.2), (75, 1.1)]
FAST: Curve = [(0, 2.0), (25, 1.15), (50, 1.1), (75, 1.1)]


def valid(spec: dict[str, Any]) -> bool:
    assert wrong_in_vega_lite(spec) == []
    return True


def test_two_machines_achieve_the_same_rate_at_the_derived_size_of_step_and_at_no_other() -> None:
    size = model.equal_rate(model.LAPTOP, model.ACCELERATOR)
    assert model.LAPTOP.rate(size) == pytest.approx(model.ACCELERATOR.rate(size), rel=1e-12)
    assert model.LAPTOP.rate(size / 10) > 1.5 * model.ACCELERATOR.rate(size / 10)
    assert model.ACCELERATOR.rate(size * 10) > 1.5 * model.LAPTOP.rate(size * 10)


def test_machines_that_never_meet_are_refused() -> None:
    better = model.Machine("better", model.LAPTOP.overhead / 2, model.LAPTOP.peak * 2)
    with pytest.raises(ValueError, match="at no size"):
        model.equal_rate(better, model.LAPTOP)


def test_a_rate_approaches_the_peak_for_large_steps() -> None:
    assert model.LAPTOP.rate(1e15) == pytest.approx(model.LAPTOP.peak, rel=1e-3)


def test_the_students_are_of_matched_size() -> None:
    assert model.parameters("mlp", 39) == 975
    assert model.parameters("bilinear", 24) == 1008
    assert model.operations("mlp", 39, 10) == 6 * 975 * 64 * 10


@pytest.mark.parametrize(
    ("a", "b", "tau"),
    [
        ([1, 2, 3, 4], [1, 2, 3, 4], 1.0),
        ([1, 2, 3, 4], [4, 3, 2, 1], -1.0),
        ([1, 2, 3, 4], [1, 2, 4, 3], 4 / 6),
        ([1, 1, 2], [1, 2, 3], 2 / math.sqrt(6)),
        ([-math.inf, -math.inf, 1], [-math.inf, -math.inf, 2], 1.0),
        ([1, 1, 1], [1, 2, 3], 0.0),
    ],
)
def test_kendalls_tau_counts_pairs_and_corrects_for_ties(a: list[float], b: list[float], tau: float) -> None:
    assert model.kendall(a, b) == pytest.approx(tau)


def test_steps_are_counted_to_the_first_time_the_loss_is_reached() -> None:
    assert model.steps_to(SLOW, 1.2) == 50
    assert model.steps_to(SLOW, 1.0) is None
    assert model.steps_ratio({"mlp": FAST, "bilinear": SLOW}) == pytest.approx(math.log(75 / 50))


def test_the_target_recovers_the_stated_share_of_the_best() -> None:
    assert model.target_loss([SLOW, [(0, 2.0), (25, 0.5)]], 0.5) == pytest.approx((math.log(8) + 0.5) / 2)


def trained(machine: model.Machine) -> list[Trained]:
    curves = {8: SLOW, 40: FAST, 160: FAST}
    return [
        Trained("mlp", w, curve, Timings(machine.seconds(model.operations("mlp", w, 1)), 1e-5 * w, 1e-3 * w))
        for w, curve in curves.items()
    ]


def test_without_overhead_seconds_to_the_target_rank_as_operations_do_and_without_peak_as_steps_do() -> None:
    free_start, free_work = model.Machine("", 0, 1e9), model.Machine("", 1e-3, 1e30)
    for machine, name in ((free_start, "operations to the target"), (free_work, "steps to the target")):
        table = model.scores(trained(machine), 1.2)
        assert model.kendall(table[name], table[model.YARDSTICK]) == pytest.approx(1)
    table = model.scores(trained(free_start), 1.2)
    assert model.kendall(table["steps to the target"], table[model.YARDSTICK]) < 0.5


def test_a_missed_target_ranks_last() -> None:
    late: Curve = [(0, 2.0), (25, 1.9), (50, 1.9), (75, 1.9)]
    models = [*trained(model.LAPTOP), Trained("bilinear", 1, late, Timings(1e-9, 1e-9, 1e-9))]
    table = model.scores(models, 1.2)
    assert table[model.YARDSTICK][-1] == -math.inf
    assert min(table[model.YARDSTICK][:-1]) > -math.inf


def test_loss_per_operation_per_second_punishes_every_second_twice() -> None:
    slow, fast = model.Machine("", 0, 1e9), model.Machine("", 0, 2e9)
    a, b = (model.scores(trained(machine), 1.2) for machine in (slow, fast))
    twice = [
        y / x for x, y in zip(a["loss per operation, per second"], b["loss per operation, per second"], strict=True)
    ]
    assert twice == pytest.approx([2, 2, 2])  # same operations, half the seconds
    upside_down = "loss per (operation per second)"
    assert [y / x for x, y in zip(a[upside_down], b[upside_down], strict=True)] == pytest.approx([0.5] * 3)


def test_a_crossing_needs_both_ends() -> None:
    assert model.crossing(-0.2, 0.05) == 0.05
    assert model.crossing(-0.2, -0.05) < 0
    assert model.crossing(0.2, 0.3) < 0


def test_the_turning_point_lies_between_the_sizes_where_the_sign_turns() -> None:
    assert model.turning_point({100: -1, 10000: 1}) == pytest.approx(1000)
    assert model.turning_point({100: 1, 10000: 2}) is None


def decided(gaps: dict[str, dict[int, float]]) -> tuple[Any, ...]:
    """Cells in which every seed finds the same gap; one of 0 is not decided."""
    return judge_cells(
        [({"teacher": name, "n": n}, [gap]) for name, found in gaps.items() for n, gap in found.items()], 0
    )


def test_by_the_rule_on_signs_a_crossing_turns_once_and_upwards() -> None:
    cells = decided(
        {
            "kinks": {200: -1, 800: -1, 3200: -1},
            "products": {200: 1, 800: 1, 3200: -1},
            "half and half": {200: -1, 800: 0, 3200: 1},
        }
    )
    assert model.turned(cells) == ["half and half"]


def test_a_condition_tells_the_teachers_by_what_they_do() -> None:
    states = {"products": "fails", "half and half": "fails", "kinks": "holds"}
    assert model.by_teacher(states) == (
        "it holds where the network that sets the task only clips; "
        "it fails where it only multiplies or both multiplies and clips"
    )


def test_a_condition_names_groups_of_measures_and_admits_where_one_is_not_of_one_mind() -> None:
    assert {measure for group in model.GROUPS.values() for measure in group} == set(model.MEASURES)
    states = dict.fromkeys(model.MEASURES, "fails") | {"steps to the target": "holds", "loss recovered": "unclear"}
    said = model.by_group(states)
    assert said.startswith("it holds for steps to the target; it fails for operations to the target, ratios")
    assert said.endswith("it is unsettled for loss or speed alone")
    again = model.by_group({**states, "operations per second": "unclear"})
    assert again == said  # one of them over the line changes no word


def test_words_go_with_every_claim_and_a_condition_where_one_can_be_needed() -> None:
    teachers = judge_cells([({"teacher": name}, [1]) for name in model.TEACHERS], 0)
    measures = judge_cells([({"": name}, [1 if name.startswith("steps") else -1]) for name in model.MEASURES], 0)
    for name in model.MEASURED:
        found = model.verdict_words(name, measures if name == "agree" else teachers)
        assert found["right_if"].startswith("the comment would have been right")
        assert ("condition" in found) != ("by_construction" in found)
        assert len(found.get("condition", "").split()) <= 46
    assert "it holds for steps to the target; it fails" in model.verdict_words("agree", measures)["condition"]


def test_times_on_a_modelled_machine_follow_its_formula() -> None:
    (small, *_) = model.on(trained(model.LAPTOP), model.ACCELERATOR)
    weights = model.parameters("mlp", 8)
    assert small.timings.step == pytest.approx(200e-6 + 6 * 64 * weights / 2e13)
    assert small.timings.many == pytest.approx(200e-6 + 512 * 2 * weights / 2e13)
    assert small.curve == SLOW


def test_counts_agree_between_any_two_machines_and_rates_do_not() -> None:
    count, rate = model.apart(random.Random(1), random.Random(2), 1e8)
    assert count == pytest.approx(0, abs=1e-12)
    assert rate > 0.1


def test_curves_are_averaged_over_seeds() -> None:
    one, two = [Trained("mlp", 8, curve, Timings(1, 1, 1)) for curve in (SLOW, FAST)]
    (mean,) = model.mean_curves([[one], [two]])
    assert [step for step, _ in mean.curve] == [0, 25, 50, 75]
    assert [loss for _, loss in mean.curve] == pytest.approx([2.0, 1.325, 1.15, 1.1])


def test_a_twin_differs_from_an_mlp_by_its_luck_alone() -> None:
    drawn = [study.data(3, 0.5, 100, 50)]
    pairs = study.pair({"mlp": 0.01, "bilinear": 0.01}, drawn, [3], 100, 50)
    (twin,) = study.twins(pairs, 0.01, drawn, [3], 50)
    assert twin["mlp"] == pairs[0]["mlp"]
    assert twin["bilinear"] != pairs[0]["mlp"]
    assert abs(model.gap(twin)) < 0.3


def test_both_students_learn_from_every_teacher_and_number_of_examples() -> None:
    learned = study.learn({"kinks": 1.0}, {64: 25, 128: 50}, (1e-6, 0.01), [900], [1, 2])
    assert set(learned.pairs) == {("kinks", 64), ("kinks", 128)}
    assert learned.rates["kinks", 128] == {"mlp": 0.01, "bilinear": 0.01}  # the other one learns nothing
    assert [twin["mlp"] for twin in learned.twins] == [pair["mlp"] for pair in learned.pairs["kinks", 128]]
    assert learned.pairs["kinks", 128][0]["mlp"][-1][0] == 50


def test_a_race_gives_every_seed_its_group_of_learned_and_timed_models() -> None:
    groups = study.race(
        [("mlp", 4), ("bilinear", 3)], [1, 2], 0.5, 100, {"mlp": 0.01, "bilinear": 0.01}, steps=25, repeats=1
    )
    assert [[model.name for model in group] for group in groups] == [["mlp 4", "bilinear 3"]] * 2
    assert groups[0][0].curve != groups[1][0].curve
    assert groups[0][0].timings.step > 0


def test_a_gradient_step_of_the_study_follows_the_slope() -> None:
    import numpy as np

    found = study.data(3, 0.5, 64, 10)
    for kind in ("mlp", "bilinear"):
        w = study._start(kind, 4, model.FULL, np.random.default_rng(1))
        slopes = study._gradient(kind, w, found.train_x, found.train_y)
        for matrix, slope in zip(w, slopes, strict=True):
            before = study._loss(kind, w, found.train_x, found.train_y)
            matrix[1, 2] += 1e-6
            after = study._loss(kind, w, found.train_x, found.train_y)
            assert float(after - before) / 1e-6 == pytest.approx(float(slope[1, 2]), abs=1e-5)


def tiny(mix: float, n: int, held_out: int, steps: int, count: int) -> list[float]:
    """The gap between the small students for each of *count* seeds, by the study."""
    jobs = [study.Job(study.data(seed, mix, n, held_out, model.TINY), n, 0.03, seed) for seed in range(count)]
    mlp, bilinear = (
        study.train(kind, model.TINY_WIDTHS[kind], jobs, steps=steps, batch=12, every=20, sizes=model.TINY)
        for kind in ("mlp", "bilinear")
    )
    return [a[-1][1] - b[-1][1] for a, b in zip(mlp, bilinear, strict=True)]


def test_the_small_trainer_and_the_study_find_the_same_gap() -> None:
    core = [model.gap(model.tiny_curves(random.Random(seed), 1, 60, 30, 20)) for seed in range(20)]
    a, b = bootstrap(core), bootstrap(tiny(1, 60, 30, 20, 80))
    assert a.lo <= b.hi
    assert b.lo <= a.hi
    assert b.hi - b.lo < 0.15  # an overlap that means something


def test_each_small_student_is_better_at_what_resembles_itself() -> None:
    assert fmean(tiny(0, 100, 60, 60, 48)) > fmean(tiny(1, 100, 60, 60, 48)) + 0.05


def test_the_same_seed_learns_the_same_curve_to_the_last_digit() -> None:
    found = study.data(5, 0.5, 100, 50)
    kinds: tuple[Kind, Kind] = ("mlp", "bilinear")
    for kind in kinds:
        job = study.Job(found, 100, 0.01, 5)
        assert study.train(kind, 6, [job], steps=25) == study.train(kind, 6, [job], steps=25)


def test_timings_are_positive_and_grow_with_a_much_larger_model() -> None:
    small, large = study.timed([("mlp", 4), ("mlp", 1000)], 1, steps=2)
    assert 0 < small.step < large.step
    assert 0 < small.many < large.many


def test_every_figure_is_valid_and_its_words_name_its_numbers() -> None:
    machines = model.machine_rows((model.LAPTOP, model.ACCELERATOR), [5, 7, 9])
    assert valid(model.machines_figure(machines, 3.6e6))
    said = model.machines_alt(machines, 3.6e6)
    assert "cross once, at 3.6e+06" in said
    assert "for 1e+09 the accelerator achieves 200 times that of the laptop" in said

    small, _, large = model.mean_curves([trained(model.LAPTOP)])
    rows = model.axes_rows([small, large], model.LAPTOP)
    assert valid(model.axes_figure(rows, 1.2))
    assert model.first_to(rows, 1.2, "steps") == ["mlp 160", "mlp 8"]
    assert model.first_to(rows, 1.2, "operations") == ["mlp 8", "mlp 160"]
    assert "1.20 nats" in model.axes_alt(rows, 1.2)
    assert "operations, mlp 8, then mlp 160" in model.axes_alt(rows, 1.2)

    taus = model.agreement([model.scores(trained(model.LAPTOP), 1.2)])
    assert len(taus) == 11 * 11
    assert valid(model.agreement_figure(taus))
    assert "11 measures" in model.agreement_alt(taus)

    gaps = model.gap_rows(decided({name: {200: -0.31, 9600: 0.05} for name in model.TEACHERS}))
    assert valid(model.gap_figure(gaps))
    assert "half and half from −0.31 to +0.05" in model.gap_alt(gaps)

    cells = [{"cell": "teacher = kinks", "mean": math.log(2), "lo": 0.5, "hi": 0.9, "state": "holds"}]
    assert "2.00 times with the teacher of kinks" in model.steps_alt(cells)
    assert valid(model.steps_figure(cells))

    marks = model.tau_rows({"free": model.tables([model.on(trained(model.LAPTOP), model.NO_DOORSTEP)], 0.8)})
    assert len(marks) == len(model.MEASURES)
    assert valid(model.tau_figure(marks, 0.6))
    assert "operations to the target (free, 1.00)" in model.tau_alt(marks, 0.6)
