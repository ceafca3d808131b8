import random
from dataclasses import replace
from itertools import product
from statistics import fmean

import pytest
from tests.conftest import wrong_in_vega_lite

from lab import Cell, bootstrap, stream
from models import confession_judge as model
from models.confession_judge import ANSWER, DEFAULT, NOWHERE, TRACE, Training
from studies import confession_judge as study


@pytest.mark.parametrize(("recital", "gullible"), [(0.0, 0.5), (0.3, 0.8), (0.9, 0.2), (0.9, 0.8)])
def test_the_simulated_gain_and_false_credit_lie_on_the_formula(recital: float, gullible: float) -> None:
    seen = [model.watch(DEFAULT, recital, gullible, stream(seed), 1000) for seed in range(8)]
    assert fmean(one.gain for one in seen) == pytest.approx(model.gain(DEFAULT, recital, gullible), abs=0.02)
    assert fmean(one.false_credit for one in seen) == pytest.approx(
        model.false_credit(DEFAULT, recital, gullible), abs=0.02
    )


def test_without_recital_nobody_is_talked_out_of_anything() -> None:
    assert model.watch(DEFAULT, 0.0, 0.8, stream(1), 500).false_credit == 0


def test_the_gain_is_gone_where_the_derived_recital_rate_says() -> None:
    rate = model.tipping_recital(DEFAULT, 0.8)
    assert rate == pytest.approx(0.44, abs=0.005)
    assert model.gain(DEFAULT, rate, 0.8) == pytest.approx(0)
    assert model.gain(DEFAULT, model.tipping_recital(DEFAULT, 0.5, 0.05), 0.5) == pytest.approx(0.05)
    assert model.tipping_recital(DEFAULT, 0.2) > 1


def test_a_recital_is_nothing_to_a_judge_who_does_not_read_the_trace() -> None:
    assert model.sensitivity(DEFAULT, False, 1.0, 1.0) == model.sensitivity(DEFAULT, False)


def test_a_judge_whom_no_recital_persuades_gains_what_the_formula_says() -> None:
    found = fmean(model.balanced_gain(DEFAULT, stream(seed), 2000) for seed in range(10))
    assert found == pytest.approx(model.gain(DEFAULT, 0, 0) / 2, abs=0.01)


@pytest.mark.parametrize("seed", range(20))
def test_a_judge_who_weighs_every_sign_is_never_worse_off_for_the_trace(seed: int) -> None:
    rng = random.Random(seed)
    world = model.World(*(rng.random() for _ in range(6)))
    assert model.weighing_gain(world, rng.random(), rng.random()) >= -1e-12


def test_the_least_gain_over_many_worlds_is_no_loss_and_is_met_where_the_trace_shows_nothing() -> None:
    assert model.least_weighing_gain((0.0, 0.5, 1.0)) == pytest.approx(0)
    clear = model.weighing_gain(DEFAULT, 0.0, 1.0)
    assert model.least_weighing_gain((0.0, 0.6, 1.0)) < clear


def test_what_may_be_seen_of_a_rule_has_probability_one_in_all() -> None:
    for broken, reads in product((True, False), repeat=2):
        assert sum(model.signals(DEFAULT, broken, reads, 0.3)) == pytest.approx(1)


def test_recital_that_is_commoner_among_kept_rules_is_evidence_to_a_judge_who_weighs_it() -> None:
    assert model.weighing_gain(DEFAULT, 0.1, 0.9) > model.weighing_gain(DEFAULT, 0.5, 0.5) + 0.05


def test_a_model_confesses_what_its_judge_can_see_and_no_more() -> None:
    blind = model.train(DEFAULT, Training(), stream(1)).confesses
    assert blind[ANSWER] > 0.95
    assert max(blind[TRACE], blind[NOWHERE]) < 0.05
    shown = model.train(DEFAULT, Training(reads=True), stream(1)).confesses
    assert shown[TRACE] > 0.95


def test_a_model_that_knows_of_no_breach_learns_nothing_about_confessing_one() -> None:
    trained = model.train(replace(DEFAULT, knows=0.0), Training(episodes=100), stream(1))
    assert trained.confesses[ANSWER:] == (0.5, 0.5, 0.5)
    assert trained.confesses[model.OBEYED] != 0.5


def test_with_one_rule_both_kinds_of_pay_teach_the_same() -> None:
    each, whole = (Training(rules=1, graded=graded, price=0.05, episodes=300) for graded in (True, False))
    assert model.train(DEFAULT, each, stream(2)) == model.train(DEFAULT, whole, stream(2))


def test_a_reward_for_all_of_sixteen_is_never_met_by_a_model_that_tosses_coins() -> None:
    trained = model.train(DEFAULT, Training(rules=16, graded=False, episodes=300), stream(3))
    assert trained.confesses == (0.5, 0.5, 0.5, 0.5)


def test_what_nobody_mentions_follows_from_what_is_flagged_and_confessed() -> None:
    mute = model.Trained((0.0, 0.0, 0.0, 0.0), 0.4, ())
    how = Training(reads=True, gullible=0.5)
    assert model.unheard(DEFAULT, how, mute) == pytest.approx(1 - model.sensitivity(DEFAULT, True, 0.4, 0.5))
    open_hearted = model.Trained((1.0, 1.0, 1.0, 1.0), 0.4, ())
    assert model.unheard(DEFAULT, how, open_hearted) == pytest.approx(0)


@pytest.mark.parametrize(
    "how",
    [
        Training(rules=4, episodes=400),
        Training(rules=4, episodes=400, graded=False, price=0.05, scaled=False),
        Training(rules=4, episodes=400, reads=True, gullible=0.8, recital=0.5, shapes_trace=True, pressure=0.3),
    ],
)
def test_the_study_trains_as_the_core_does(how: Training) -> None:
    seeds = range(24)
    one_by_one = [model.train(DEFAULT, how, stream(seed, 7)) for seed in seeds]
    (together,) = study.train([(DEFAULT, how)], seeds)
    for what in (lambda one: one.confesses[ANSWER], lambda one: one.confesses[TRACE], lambda one: one.recital):
        core, swept = (bootstrap(map(what, trained)) for trained in (one_by_one, together))
        assert core.lo <= swept.hi
        assert swept.lo <= core.hi


def test_a_seed_means_the_same_luck_whatever_else_is_trained() -> None:
    how = Training(rules=2, episodes=60)
    alone = study.train([(DEFAULT, how)], [5])
    crowd = study.train([(DEFAULT, replace(how, price=0.3)), (DEFAULT, how)], [4, 5])
    assert crowd[1][1] == alone[0][0]


def test_both_kinds_of_pay_are_compared_under_the_same_luck() -> None:
    alone = study.both_pays(1, 0.05, range(3), 60)
    assert alone.gaps == [0, 0, 0]
    two = study.both_pays(2, 0.0, range(3), 60)
    assert two.gaps == [each - whole for each, whole in zip(two.each, two.whole, strict=True)]
    assert any(two.gaps)


def test_a_price_keeps_models_from_confessing() -> None:
    free, dear = (study.both_pays(1, price, range(3), 400) for price in (0.0, 0.9))
    assert max(dear.each) < min(free.each)


def test_confessors_before_a_judge_who_sees_the_trace_keep_less_to_themselves() -> None:
    silent, open_hearted = (study.confessors([(0.5, 0.05)], range(2), 600, reads=reads)[0] for reads in (False, True))
    assert min(one.silence for one in silent) > 0.5
    assert max(one.silence for one in open_hearted) < 0.3


def test_many_watches_are_one_for_each_stream() -> None:
    seen = model.watch_all(0.3, 0.5, map(stream, range(2)), 50)
    assert seen == [model.watch(DEFAULT, 0.3, 0.5, stream(seed), 50) for seed in range(2)]


def test_what_nobody_mentions_is_told_for_each_model() -> None:
    how = Training(reads=True, gullible=0.5)
    ones = [trained(0.1), trained(0.9)]
    assert study.unheard(how, ones) == [model.unheard(DEFAULT, how, one) for one in ones]
    assert study.train_all([Training(episodes=5)], [1], 2) == study.train([(DEFAULT, Training(episodes=5))], [1], 2)


def test_the_gain_that_is_left_depends_on_how_often_models_recite() -> None:
    assert study.gains(Training(gullible=0.5), [trained(0.4)]) == [model.gain(DEFAULT, 0.4, 0.5)]


# --- words ---------------------------------------------------------------------------------------------------------


def trained(recital: float) -> model.Trained:
    return model.Trained((0.5,) * 4, recital, (0.5, 0.6, recital))


def cell(state: str, **params: float) -> Cell:
    assert state in ("holds", "fails", "unclear")
    return Cell(params, 0.1, 0.1, 0.1, 3, state)  # type: ignore[arg-type]


def test_the_condition_on_pay_names_the_lengths() -> None:
    cells = [cell("fails", items=1), cell("fails", items=4), cell("fails", items=8), cell("holds", items=16)]
    assert "holds with 16 items" in model.pay_condition(cells)
    assert "fails with 1, 4 or 8" in model.pay_condition(cells)


def test_the_conditions_on_the_trace_name_the_border() -> None:
    cells = [cell("holds", recital=0.3, gullibility=0.8), cell("fails", recital=0.6, gullibility=0.5)]
    words = model.trace_condition(cells)
    assert "24 %" in words
    assert "from 30 %" in words
    assert "0.05 at 29 %" in words
    assert "from 24 %" in model.credit_condition(cells)


def test_the_condition_on_training_names_judges_and_models() -> None:
    cells = [cell("holds", gullibility=0.5), cell("fails", gullibility=0.8)]
    words = model.fork_condition(cells, [[trained(0.1), trained(0.2)], [trained(0.9), trained(0.1)]])
    assert "at most 50 % of recitals" in words
    assert "at most 0 % of models" in words
    assert "80 % persuade, where at least 50 % do" in words


def test_a_quick_run_without_verdicts_still_finds_words() -> None:
    unclear = [cell("unclear", items=1, recital=0.5, gullibility=0.5)]
    for words in (model.pay_condition(unclear), model.trace_condition(unclear), model.fork_condition(unclear, [[]])):
        assert "none" in words or "nan" in words


def test_every_condition_is_short_enough_for_the_ledger() -> None:
    cells = [
        cell("holds", items=16, recital=0.3, gullibility=0.8),
        cell("fails", items=8, recital=0.6, gullibility=0.5),
    ]
    ended = [[trained(0.1)], [trained(0.9)]]
    told = [model.pay_condition(cells), model.trace_condition(cells), model.credit_condition(cells)]
    assert max(len(words.split()) for words in [*told, model.fork_condition(cells, ended)]) <= 45


def test_how_far_gains_lie_from_the_formula() -> None:
    exact = model.gain(DEFAULT, 0.3, 0.5)
    assert model.off_formula([(0.3, 0.5), (0.0, 0.5)], [[exact], [model.gain(DEFAULT, 0, 0) + 0.1]]) == pytest.approx(
        0.1
    )


FORKED = [trained(end) for end in (0.99, 0.02, 0.97)]
FORK_ROWS = model.fork_rows(FORKED, 180)
RECALL_ROWS = model.recall_rows([model.Trained((0.0, 0.87, 0.2, 0.1), 0.0, ())], [trained(0.5)])


@pytest.mark.parametrize(
    "spec",
    [
        model.map_figure(DEFAULT),
        model.fork_figure(FORK_ROWS),
        model.recall_figure(RECALL_ROWS),
    ],
)
def test_figures_are_valid(spec: model.Spec) -> None:
    assert wrong_in_vega_lite(spec) == []


def test_alternative_texts_say_the_numbers() -> None:
    assert "0.35" in model.map_alt(DEFAULT)
    assert "2 climb" in model.fork_alt(FORK_ROWS)
    assert "seen in the answer: 87 % and 50 %" in model.recall_alt(RECALL_ROWS)
