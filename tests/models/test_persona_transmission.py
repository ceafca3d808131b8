"""The loops in which voices pass from model to model: formulas, controls, figures, and core against study."""

import math
import random
from dataclasses import replace
from statistics import fmean
from typing import Any

import numpy as np
import pytest
from tests.conftest import wrong_in_vega_lite

from lab import bootstrap, stream
from models import persona_transmission as model
from models.persona_transmission import Curation, Loop, Model
from studies import persona_transmission as study

SMALL = Loop()


def test_of_two_samples_the_favoured_is_kept_as_the_normal_law_says() -> None:
    assert model.wins(2, 0.3)[1] == pytest.approx((1 + math.erf(0.3 / 2)) / 2, abs=1e-9)


def test_without_favour_the_best_of_four_is_in_each_voice_as_often_as_it_is_entered() -> None:
    assert model.wins(4, 0) == pytest.approx([0, 0.25, 0.5, 0.75, 1], abs=1e-9)
    assert model.picked(0.3, model.wins(4, 0)) == pytest.approx(0.3, abs=1e-9)


def test_the_resting_share_solves_its_equation_and_gives_back_its_synthetic_share() -> None:
    setting = Curation(0.3, 0.8)
    share = model.fixed_point(setting)
    assert 0.2 / 8 + 0.8 * model.picked(share, model.wins(4, 0.3)) == pytest.approx(share, abs=1e-8)
    assert model.synthetic_for(share, setting) == pytest.approx(0.8, abs=1e-6)


def test_no_preference_and_no_synthetic_text_leave_the_voice_where_it_was() -> None:
    assert model.fixed_point(Curation(0, 0.9)) == pytest.approx(1 / 8)
    assert model.fixed_point(Curation(1, 0)) == pytest.approx(1 / 8)
    assert model.synthetic_for(0.5, Curation(0)) == math.inf


def test_a_rare_voice_grows_by_the_number_of_its_heirs() -> None:
    setting = Curation(0.5, 1.0, voices=100_000)
    shares = model.expected_shares(setting, 2)
    assert shares[2] / shares[1] == pytest.approx(model.heirs(setting), rel=1e-3)


def test_simulated_shares_end_where_the_formula_says() -> None:
    setting = Curation(0.5, 0.8)
    ends = [float(study.curated_shares(seed, setting)[-1]) for seed in range(1000, 1020)]
    assert fmean(ends) == pytest.approx(model.expected_shares(setting)[-1], abs=0.02)


def test_core_and_study_agree_on_the_curated_loop() -> None:
    setting = Curation(generations=4)
    core = bootstrap([model.curated_shares(stream(seed), setting)[-1] for seed in range(1000, 1020)])
    fast = bootstrap([float(study.curated_shares(seed, setting)[-1]) for seed in range(1000, 1020)])
    assert core.lo <= fast.hi
    assert fast.lo <= core.hi


def test_voices_run_from_the_broadest_to_the_narrowest() -> None:
    tables = [model.draw_voices(random.Random(seed), 4, 16) for seed in range(20)]
    means = [fmean(model.entropy(drawn[k]) for drawn in tables) for k in range(4)]
    assert means == sorted(means, reverse=True)
    assert model.entropy([0.25] * 4) == 2


def test_faithful_writing_is_in_each_voice_as_often_as_its_weight() -> None:
    """Two voices that share no token: the first token gives the voice away, and the text keeps to it."""
    apart = Model([0.3, 0.7], [[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]])
    texts = [model.write(random.Random(seed), apart, 5) for seed in range(1200)]
    assert all(len({token // 2 for token in text}) == 1 for text in texts)
    assert fmean(text[0] < 2 for text in texts) == pytest.approx(0.3, abs=0.03)


def test_cold_sampling_writes_the_commoner_voice_more_often_than_its_weight() -> None:
    apart = Model([0.3, 0.7], [[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]])
    cold = [model.write(random.Random(seed), apart, 1, temperature=0.5)[0] < 2 for seed in range(1200)]
    assert fmean(cold) == pytest.approx(0.3**2 / (0.3**2 + 0.7**2), abs=0.03)


def test_fitting_finds_the_weights_of_voices_that_can_be_told_apart() -> None:
    tables = [[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]]
    corpus = [[0, 1]] * 3 + [[2, 3]] * 7
    assert model.fit(Model([0.5, 0.5], tables), corpus, steps=1).weights == pytest.approx([0.3, 0.7])


def test_refitted_tables_follow_the_corpus_and_rule_no_token_out() -> None:
    fitted = model.fit(Model([1.0], [[0.25] * 4]), [[0, 0, 0, 1]] * 50, steps=1, refit_tables=True)
    assert fitted.tables[0][0] == pytest.approx(0.75, abs=0.01)
    assert min(fitted.tables[0]) > 0


def test_faithful_copying_pulls_weights_only_towards_the_even_shares_of_people() -> None:
    assert model.labelled_weights([0.25] * 4, 0.9, 20) == pytest.approx([0.25] * 4)
    assert model.labelled_weights([1.0, 0.0], 0.9, 1) == pytest.approx([0.95, 0.05])


@pytest.mark.parametrize(
    "setting",
    [SMALL, replace(SMALL, temperature=0.8), replace(SMALL, kept=0.5), replace(SMALL, refit_tables=True)],
    ids=["faithful", "cold", "filtered", "relearnt"],
)
def test_core_and_study_agree_on_the_loop_without_a_reward(setting: Loop) -> None:
    setting = replace(setting, generations=2, documents=40, steps=5)
    seeds = range(1000, 1020)
    core = bootstrap([model.entropy_fall(stream(seed), setting) for seed in seeds])
    falls = [bits[0] - bits[-1] for _, bits in (study.run_loop(seed, setting) for seed in seeds)]
    fast = bootstrap([float(fall) for fall in falls])
    assert core.lo <= fast.hi
    assert fast.lo <= core.hi


def test_a_filter_by_chance_and_faithful_copying_leave_the_entropy_alone() -> None:
    setting = replace(study.FULL, generations=4, documents=200)
    for loop in (setting, replace(setting, kept=0.5, kept_by="chance")):
        falls = [float(bits[0] - bits[-1]) for _, bits in (study.run_loop(seed, loop) for seed in range(1000, 1012))]
        assert abs(fmean(falls)) < 0.1


def test_cold_text_and_filtered_text_surprise_their_writer_less() -> None:
    plain = study.surprise(1000)
    assert study.surprise(1000, replace(study.FULL, temperature=0.8)) < plain - 0.2
    assert study.surprise(1000, replace(study.FULL, kept=0.5)) < plain - 0.2
    assert study.surprise(1000, replace(study.FULL, temperature=1.2)) > plain


FOUND = [
    {"series": "a = 0.3", "s": 0.9, "share": 0.68, "lo": 0.66, "hi": 0.7},
    {"series": "a = 1", "s": 0.9, "share": 0.88, "lo": 0.87, "hi": 0.89},
]
CURVE = [{"T": t, "bits": bits, "lo": bits - 0.1, "hi": bits + 0.1} for t, bits in ((0.8, 2.6), (1, 3.8), (1.2, 4.6))]
ARMS = ["hot", "cold"]
RIBBONS = [
    {"arm": arm, "generation": g, "voice": k, "bits": 5 - 2 * k, "share": share}
    for arm, share in (("hot", 0.25), ("cold", 0.75))
    for g in (0, 3)
    for k, share in ((0, 1 - share), (1, share))
]


HALF = [{"a": 0.1, "s": 0.95}, {"a": 1.0, "s": 0.57}]


def test_on_the_line_of_the_map_the_voice_rests_at_a_half() -> None:
    line = model.half_line(4)
    assert [row["a"] for row in line] == [0.25, 0.5, 0.75, 1]
    for row in line:
        assert model.fixed_point(Curation(row["a"], row["s"])) == pytest.approx(0.5, abs=0.01)


def test_the_map_covers_the_plane() -> None:
    squares = model.share_map(2, 4)
    assert sum((row["s2"] - row["s"]) * (row["a2"] - row["a"]) for row in squares) == pytest.approx(1)


@pytest.mark.parametrize(
    "spec",
    [
        model.spread_figure(model.resting_shares((0.3, 1), 4), FOUND),
        model.ribbon_figure(RIBBONS, ARMS),
        model.temperature_figure(CURVE, 3.83),
        model.map_figure(model.share_map(2, 3), HALF),
    ],
    ids=["spread", "ribbons", "temperature", "map"],
)
def test_every_figure_is_valid_vega_lite(spec: dict[str, Any]) -> None:
    assert wrong_in_vega_lite(spec) == []


def test_the_words_for_the_figures_hold_their_numbers() -> None:
    assert "0.88 (a = 1, s = 0.9), the lowest 0.68 (a = 0.3, s = 0.9)" in model.spread_alt(FOUND)
    assert "cold: the narrowest voice ends at 0.75, the broadest at 0.25" in model.ribbon_alt(RIBBONS, ARMS)
    assert "0.95 at an advantage of 0.1 to 0.57 at 1" in model.map_alt(HALF)
    assert "2.6 bits at T = 0.8 to 4.6 bits at T = 1.2" in model.temperature_alt(CURVE, 3.83)
    assert "3.83 bits; at T = 1 the last one has 3.80" in model.temperature_alt(CURVE, 3.83)


def test_a_setting_is_parted_from_another_by_its_worst_case() -> None:
    assert model.parted([3, 1, 0.5, 2], ["holds", "unclear", "fails", "holds"]) == (2, 0.5)
    assert model.differences([3, 1], [1, 1]) == [2, 0]
    with pytest.raises(ValueError, match="empty"):
        model.parted([1], ["holds"])


def test_the_condition_of_the_curated_loop_is_written_from_what_holds() -> None:
    settings = [Curation(0.3, 0.5), Curation(0.3, 0.9), Curation(1, 0.5), Curation(1, 0.9)]
    words = model.curated_condition(settings, ["fails", "holds", "holds", "holds"])
    assert f"{model.heirs(settings[2]):.2f} or more" in words  # fewer than settings[1] has
    assert f"{model.heirs(settings[0]):.3f} or fewer;" in words
    assert words.endswith("by 0.3 standard deviations needed 90 % synthetic text, one liked by 1 needed 50 %")
    assert "though these overlap" in model.curated_condition(settings, ["holds", "fails", "holds", "holds"])


def test_the_condition_of_the_other_loop_names_its_loops_and_what_parts_them() -> None:
    relief = {"cold": 0.5, "even": 0.0, "warm": -0.3, "odd": 0.1}
    states = {"cold": "holds", "even": "fails", "warm": "fails", "odd": "unclear"}
    words = model.loop_condition(relief, states)
    assert words.startswith("it holds with cold, where")
    assert "by 0.50 bits" in words
    assert words.endswith("it fails with even and warm, where they do not; unclear: odd")
    assert model.loop_condition({**relief, "warm": 0.2}, states).endswith("by 0.20 at most; unclear: odd")


def test_the_last_shares_are_the_ends_of_the_paths() -> None:
    setting = Curation(generations=2)
    assert study.last_shares([1000, 1001], setting, arm=1) == [
        study.curated_shares(seed, setting, 1)[-1] for seed in (1000, 1001)
    ]


def test_the_faithful_loop_falls_from_its_start_and_the_others_from_its_end() -> None:
    runs = {
        "faithful": study.Runs([], [np.array([4.0, 3.9])]),
        "cold": study.Runs([], [np.array([4.0, 2.5])]),
    }
    falls = study.entropy_falls(runs, "faithful")
    assert falls["faithful"] == pytest.approx([0.1])
    assert falls["cold"] == pytest.approx([1.4])


def test_relief_is_nothing_for_faithful_text_and_positive_for_cold() -> None:
    small = replace(study.FULL, documents=100)
    relief = study.relief([1000, 1001], {"even": small, "cold": replace(small, temperature=0.8)}, "even")
    assert relief["even"] == 0
    assert relief["cold"] > 0.2


def test_ribbons_begin_evenly_and_are_the_means_over_the_seeds() -> None:
    small = replace(study.FULL, generations=3, documents=60)
    runs = {"even": study.run_seeds([1000, 1001], small)}
    rows = study.ribbons(runs, [1000, 1001], small)
    assert [row["share"] for row in rows[:8]] == [0.125] * 8
    last = (runs["even"].weights[0][-1] + runs["even"].weights[1][-1]) / 2
    assert [row["share"] for row in rows[8:]] == pytest.approx(last.tolist(), abs=1e-4)
    assert len(rows) == 16


def test_rows_of_figures_are_rounded_and_the_coldest_comes_first() -> None:
    found = bootstrap([0.12345678, 0.2])
    assert model.spread_points({(0.3, 0.9): found})[0]["share"] == round(found.mean, 4)
    assert [row["T"] for row in model.temperature_rows({1.2: found, 0.8: found})] == [0.8, 1.2]
