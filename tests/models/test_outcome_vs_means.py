import math
import random
from dataclasses import replace
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
import yaml
from tests.conftest import wrong_in_vega_lite

from lab import bootstrap, stream
from models import charts
from models import outcome_vs_means as model
from models.outcome_vs_means import Setting
from studies import outcome_vs_means as study

BLIND = Setting(hit_rate=0.9, hiding=1.0)


def learnt(setting: Setting, reward: model.Reward, updates: int, count: int) -> list[float]:
    return [model.hack_share(model.train(stream(seed), setting, reward, [updates])[0]) for seed in range(count)]


def test_the_case_worked_by_hand_pays_what_it_says() -> None:
    pays = model.pays(BLIND, "veto")[3]
    assert pays[0] == pytest.approx(0.3 * 0.95)
    assert pays[1] == pytest.approx(0.85 * 0.1)
    assert pays[-1] == pytest.approx(0.85 * 0.6)


def test_a_learner_is_honest_at_first_about_nine_times_in_ten() -> None:
    shares = model.shares_of(model.first_policy())
    assert sum(shares) == pytest.approx(1)
    assert model.hack_share(model.first_policy()) == pytest.approx(0.107, abs=0.001)
    assert shares[1:] == sorted(shares[1:], reverse=True)


@pytest.mark.parametrize(
    ("setting", "reward", "share"),
    [
        (Setting(skill=0.6), "outcome", 1.0),
        (Setting(), "outcome", 0.8),
        (Setting(skill=1.3), "outcome", 0.6),
        (Setting(hit_rate=0.5, hiding=0.0), "veto", 0.4),
        (BLIND, "veto", 0.6),
        (Setting(hit_rate=1.0, hiding=0.0), "veto", 0.0),
        (Setting(hit_rate=0.05, hiding=0.0), "Lagrangian", 0.8),
    ],
)
def test_the_derived_share_counts_the_difficulties_where_a_hack_earns_more(
    setting: Setting, reward: model.Reward, share: float
) -> None:
    assert model.derived_share(setting, reward) == pytest.approx(share)


def test_runs_come_to_the_derived_share_where_no_margin_is_narrow() -> None:
    for setting, reward in ((Setting(), "outcome"), (Setting(hit_rate=0.5, hiding=0.0), "veto")):
        found = fmean(learnt(setting, reward, 8000, 4))  # type: ignore[arg-type]
        assert found == pytest.approx(model.derived_share(setting, reward), abs=0.06)  # type: ignore[arg-type]


def test_the_hit_rate_needed_is_where_the_best_hack_stops_paying() -> None:
    checked = 0
    for hiding in (0.0, 0.3, 0.7):
        for level in range(model.DIFFICULTIES):
            needed = model.hit_rate_needed(Setting(hiding=hiding), level)
            if not 0 < needed < 1:
                continue
            above, below = (Setting(hit_rate=needed + side, hiding=hiding) for side in (0.001, -0.001))
            assert model.margins(above, "veto")[level] < 0 < model.margins(below, "veto")[level]
            checked += 1
    assert checked >= 8
    assert model.hit_rate_needed(Setting(hiding=1.0), 4) == math.inf


def test_at_the_price_at_rest_the_budget_lies_between_too_many_flags_and_too_few() -> None:
    for setting in (Setting(hit_rate=hit, hiding=hiding) for hit in (0.5, 0.9) for hiding in (0.0, 0.5, 1.0)):
        price = model.price_at_rest(setting)
        _, many = model._best_replies(setting, price - 0.002)
        _, few = model._best_replies(setting, price + 0.002)
        assert few <= model.BUDGET <= many


def test_a_budget_that_honest_work_alone_keeps_needs_no_price_when_hacks_are_not_flagged_more() -> None:
    assert model.price_at_rest(Setting(hit_rate=0.05, hiding=0.0)) == 0.0


def test_nothing_is_learnt_from_a_monitor_that_flags_everything() -> None:
    setting = Setting(hit_rate=1.0, hiding=0.0, false_flags=1.0)
    policy = model.train(random.Random(1), setting, "veto", [500])[0]
    assert np.allclose(policy, model.first_policy())


def test_true_success_counts_honest_work_alone() -> None:
    honest = [[1.0, *[0.0] * 6]] * model.DIFFICULTIES
    assert model.true_success(honest, Setting()) == pytest.approx(0.5)
    cheating = [[0.0, 1.0, *[0.0] * 5]] * model.DIFFICULTIES
    assert model.true_success(cheating, Setting()) == 0.0
    assert model.hack_share(cheating) == 1.0
    assert model.mean_stealth(cheating) == 0.0


@pytest.mark.parametrize("reward", ["outcome", "veto", "Lagrangian"])
def test_the_sweep_and_the_single_run_agree(reward: model.Reward) -> None:
    setting = Setting()
    alone = bootstrap(learnt(setting, reward, 2000, 20))
    swept = bootstrap(study.hack_share(study.train([(setting, reward)], range(20), [2000], arm=9)[0, 0]))
    assert alone.lo <= swept.hi
    assert swept.lo <= alone.hi


def test_the_sweep_gives_every_setting_the_same_luck_and_itself_again() -> None:
    arms: list[tuple[Setting, model.Reward]] = [(BLIND, "veto"), (BLIND, "veto"), (BLIND, "outcome")]
    twice = study.train(arms, range(3), [10, 200], arm=1)
    assert twice.shape == (2, 3, 3, 5, 7)
    assert np.allclose(twice.sum(axis=-1), 1)
    assert (twice[:, 0] == twice[:, 1]).all()
    assert (twice[1, 0] != twice[1, 2]).any()
    assert (twice == study.train(arms, range(3), [10, 200], arm=1)).all()


def test_a_judge_of_means_lowers_cheating_and_one_that_knows_nothing_does_not() -> None:
    ignorant = Setting(hit_rate=0.05, hiding=0.0)
    arms: list[tuple[Setting, model.Reward]] = [(BLIND, "outcome"), (BLIND, "veto"), (ignorant, "veto")]
    plain, judged, useless = study.hack_share(study.train(arms, range(12), [6000], arm=1)[0]).mean(axis=-1)
    assert plain - judged > 0.3
    assert plain - useless < 0.1


def test_a_hack_can_be_raised_without_touching_the_others() -> None:
    raised = replace(BLIND, raised=5).passes
    for before, after in zip(BLIND.passes, raised, strict=True):
        assert after[-1] - before[-1] == pytest.approx(0.1)
        assert after[:-1] == before[:-1]


def test_the_claims_are_those_of_the_thread() -> None:
    thread = Path(__file__).parents[2] / "docs" / "threads" / "end-and-means.md"
    front = yaml.safe_load(thread.read_text(encoding="utf-8").split("---")[1])
    assert {name: claim["says"] for name, claim in front["claims"].items()} == {
        name: statement for name, (statement, _) in model.CLAIMS.items()
    }


ARMS: list[model.Arm] = [
    (BLIND, "veto"),
    (Setting(hit_rate=0.9, hiding=0.5), "veto"),
    (Setting(hit_rate=1.0, hiding=0.0), "veto"),
]


STATES = ("holds", "unclear", "fails")


def test_the_condition_names_the_cells_that_fail_and_what_separates_them() -> None:
    rows = [{"cell": name, "mean": 0.1, "state": state} for name, state in zip("abc", STATES, strict=True)]
    words = model.residual_condition(rows, ARMS)
    assert "1 of 3 settings" in words
    assert "at least 60%" in words
    assert "on none (c)" in words
    assert "20% to 20%" in words
    assert len(words.split()) <= 45


def test_where_a_claim_holds_is_told_by_its_cells() -> None:
    rows = [{"cell": name, "state": state} for name, state in zip("abc", STATES, strict=True)]
    assert model.where_it_holds(rows) == "it holds in these settings: a; not in these: c"
    assert model.where_it_holds(rows[:1]).endswith("not in these: none")


def test_a_cell_is_told_by_its_monitor_and_its_pay() -> None:
    assert model.settings_of((BLIND, "Lagrangian")) == {"hit rate": 0.9, "hiding": 1.0, "": "price"}


def test_arms_are_all_combinations_and_the_pay_varies_fastest() -> None:
    arms = model.arms_over([0.5, 0.9], [0.0, 1.0], ["veto", "Lagrangian"])
    assert len(set(arms)) == 8
    assert arms[:2] == [(Setting(hit_rate=0.5, hiding=0.0), pay) for pay in ("veto", "Lagrangian")]
    assert arms[-1] == (BLIND, "Lagrangian")


def test_in_nearly_every_cell_some_difficulty_is_decided_by_a_narrow_margin() -> None:
    cells = model.arms_over((0.5, 0.9), (0.0, 0.5, 1.0), ("veto", "Lagrangian"))
    narrow = [round(min(map(abs, model.margins(*cell))), 6) < model.NARROW for cell in cells]
    assert len(narrow) == 12
    assert sum(narrow) == 11


def test_what_the_sweep_says_of_policies_is_what_the_model_says_of_each() -> None:
    runs = study.learn([(BLIND, "veto")], range(3), 400, arm=1)[BLIND, "veto"]
    policies = [policy.tolist() for policy in runs]
    assert np.allclose(study.hack_share(runs), [model.hack_share(policy) for policy in policies])
    assert np.allclose(study.mean_stealth(runs), [model.mean_stealth(policy) for policy in policies])
    assert np.allclose(study.solved(runs), [model.true_success(policy, Setting()) for policy in policies])
    honest = np.array([[[1.0, *[0.0] * 6]] * model.DIFFICULTIES])
    assert np.allclose(study.flagged(honest, BLIND), BLIND.false_flags)
    assert study.mean_gap({(BLIND, "veto"): np.array([0.4, 0.6])}) == pytest.approx(0.1)


def test_a_hack_gains_by_being_raised_and_only_where_it_is_raised() -> None:
    probes: list[tuple[model.Reward, int]] = [("outcome", model.OPEN), ("outcome", model.STEALTHIEST)]
    gains = study.gains(probes, BLIND, range(4), 2000, arm=3)
    assert list(gains) == probes
    assert gains["outcome", model.OPEN].shape == (4,)
    assert gains["outcome", model.OPEN].mean() > 0.05
    assert abs(gains["outcome", model.STEALTHIEST].mean()) < 0.05


def test_the_rows_of_the_figures_are_means_over_seeds() -> None:
    runs = study.paths(BLIND, ("outcome", "veto"), range(2), (200, 400), arm=2)
    assert next(iter(runs)) == 100
    assert {200, 400} <= set(runs)
    rows = study.training_rows(runs)
    assert len(rows) == len(runs) * 2 * len(model.GROUPS)
    last = [row["share"] for row in rows if row["updates"] == 400 and row["pay"] == model.PAY_WORDS["veto"]]
    assert sum(last) == pytest.approx(1, abs=0.005)
    assert 1 - last[0] == pytest.approx(study.hack_share(runs[400]["veto"]).mean(), abs=0.001)
    spots = study.map_rows([0.0, 1.0], range(2), 100, arm=4)
    assert [(row["hit_rate"], row["hiding"]) for row in spots] == [(0, 0), (0, 1), (1, 0), (1, 1)]


def rows_of_training() -> list[model.Row]:
    shares = {"outcome": (0.2, 0.7, 0.1, 0.0), "veto": (0.6, 0.0, 0.1, 0.3), "Lagrangian": (0.65, 0.0, 0.05, 0.3)}
    return [
        {"pay": model.PAY_WORDS[pay], "updates": updates, "means": name, "share": share}  # type: ignore[index]
        for pay, given in shares.items()
        for updates in (100, 8000, 64_000)
        for (name, _), share in zip(model.GROUPS, given, strict=True)
    ]


MAP = [{"hiding": x / 2, "hit_rate": y / 2, "share": 0.8 - 0.4 * y + 0.1 * x} for x in range(3) for y in range(3)]
CELLS = [
    {"cell": "a", "mean": 0.4, "lo": 0.3, "hi": 0.5, "state": "holds", "derived": 0.6},
    {"cell": "b", "mean": 0.1, "lo": 0.0, "hi": 0.2, "state": "unclear", "derived": 0.1},
]


def test_every_figure_is_a_valid_specification() -> None:
    specs = [
        model.training_figure(rows_of_training()),
        model.map_figure(MAP, model.boundary_rows(), 0.5),
        model.residual_figure(CELLS, 0.05, 0.76),
    ]
    for spec in specs:
        assert spec["$schema"] == charts.SCHEMA
        assert wrong_in_vega_lite(spec) == []


def test_the_words_for_a_figure_hold_its_numbers() -> None:
    training = model.training_alt(rows_of_training())
    assert "Cheating fills 80%" in training
    assert "stealthy hacks 30%" in training
    assert "40% after 64,000" in training
    assert "80%" in model.map_alt(MAP)
    assert "20% is left" in model.map_alt(MAP)
    residual = model.residual_alt(CELLS, 0.76)
    assert "from 0.10 (b) to 0.40 (a)" in residual
    assert "paid for outcomes it is 0.76" in residual
    assert "furthest off at a, 0.60 against 0.40" in residual


def test_the_boundary_of_the_easiest_difficulty_is_not_drawn_and_no_line_leaves_the_map() -> None:
    rows = model.boundary_rows()
    assert {row["level"] for row in rows} == {2, 3, 4, 5}
    assert all(0 < row["needed"] <= 1 for row in rows)
    assert len(rows) < 150
