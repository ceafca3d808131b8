import random
from dataclasses import fields
from statistics import fmean

import numpy as np
import pytest
from tests.conftest import wrong_in_vega_lite

from lab import Cell, stream
from models import nhop_scoring as model
from models.nhop_scoring import MODES, QUERIES, SCORERS, STYLES, TERSE, VERBOSE, Writer
from studies import nhop_scoring as study

SEQUEL = "The winner at that ceremony was The Godfather Part II."


def test_tungsten_leads_to_the_film_honoured_in_1974() -> None:
    assert model.film_of("tungsten") == "The Sting"
    assert model.film_of("rhenium") == "The Godfather Part II"
    assert len(model.ELEMENTS) == len(model.FILMS) == 21


@pytest.mark.parametrize("scorer", SCORERS.values())
def test_no_scorer_takes_the_sequel_for_the_film(scorer: object) -> None:
    assert callable(scorer)
    assert not scorer(SEQUEL, "The Godfather")
    assert not scorer("The Godfather Part II", "The Godfather")


def test_a_search_for_the_letters_finds_one_film_inside_another() -> None:
    assert model.careless(SEQUEL, "The Godfather")


def test_both_films_are_named_when_both_are() -> None:
    assert model.named("The Godfather, then The Godfather Part II") == {"The Godfather", "The Godfather Part II"}


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("Sting", {"exact", "contains", "final", "unique"}),
        ("the sting!", {"exact", "contains", "final", "unique"}),
        ("It was The Sting.", {"contains", "final", "unique"}),
        ("The Sting won.", {"contains", "unique"}),
        ("Not Rocky, but The Sting.", {"contains", "final"}),
        ("The Sting, Rocky or Patton.", {"contains"}),
        ("Rocky", set()),
    ],
)
def test_each_scorer_accepts_its_own(text: str, accepted: set[str]) -> None:
    assert {name for name, scorer in SCORERS.items() if scorer(text, "The Sting")} == accepted


@pytest.mark.parametrize("style", STYLES)
def test_simulated_scores_lie_on_the_derived_ones(style: str) -> None:
    writer = Writer(0.7, {style: 1.0})
    marks = [model.mark(writer, stream(seed), 250) for seed in range(12)]
    expected = model.expected(style, 0.7)
    assert fmean(one.true for one in marks) == pytest.approx(expected["true"], abs=0.03)
    for name in SCORERS:
        assert fmean(one.accepted[name] for one in marks) == pytest.approx(expected[name], abs=0.03)


def test_the_better_writer_is_put_first_by_two_rules_and_second_by_two() -> None:
    terse, verbose = model.expected_marks(TERSE), model.expected_marks(VERBOSE)
    assert verbose["true"] > terse["true"]
    assert [verbose[name] > terse[name] for name in SCORERS] == [False, True, True, False]


def test_of_bare_names_exact_and_contains_accept_the_same() -> None:
    marks = model.mark(Writer(0.5, {"bare": 1.0}), stream(3), 2000)
    assert marks.accepted["exact"] == marks.accepted["contains"]


def test_a_sentence_is_credited_by_contains_and_not_by_exact() -> None:
    marks = model.mark(Writer(1.0, {"sentence": 0.5, "bare": 0.5}), stream(3), 400)
    assert marks.sentence_credit == pytest.approx(0.5, abs=0.1)
    assert marks.sentence_credit == 1 - marks.accepted["exact"]


def test_leads_are_taken_seed_by_seed() -> None:
    better, worse = ([model.Marks(1.0, {"final": share + step}) for share in (0.5, 0.25)] for step in (0.25, 0.0))
    assert model.leads(better, worse, "final") == [0.25, 0.25]


def test_how_far_marks_lie_from_the_derived_ones() -> None:
    derived = model.expected_marks(TERSE)
    exact = model.Marks(derived["true"], {rule: derived[rule] for rule in SCORERS})
    assert model.off_derived(TERSE, [exact]) == pytest.approx(0)
    lax = model.Marks(derived["true"], dict(exact.accepted, contains=derived["contains"] + 0.1))
    assert model.off_derived(TERSE, [lax]) == pytest.approx(0.1)


def test_the_rule_begins_to_matter_where_talk_makes_the_difference() -> None:
    talk = model.talk_needed(0.75, 0.1)
    marks = model.expected_marks(Writer(0.75, {"bare": 1 - talk, "sentence": talk}))
    assert marks["contains"] - marks["exact"] == pytest.approx(0.1)


def cell(state: str, **params: str) -> Cell:
    assert state in ("holds", "fails", "unclear")
    return Cell(params, 0.1, 0.1, 0.1, 3, state)  # type: ignore[arg-type]


def test_the_condition_on_the_criterion_says_how_much_talk() -> None:
    words = model.talk_condition([cell("fails", writer="terse"), cell("holds", writer="verbose")])
    assert "100 % are more than a name" in words
    assert "fails for one with 15 %" in words
    assert "at 18 %" in words
    assert len(words.split()) <= 45


def test_the_condition_on_the_order_names_the_rules() -> None:
    states = {"exact": "fails", "contains": "holds", "final": "holds", "unique": "fails"}
    words = model.order_condition([cell(state, rule=rule) for rule, state in states.items()])
    assert "ahead by ‘contains’ and ‘final’ and behind by ‘exact’ and ‘unique’" in words
    assert len(words.split()) <= 45


def test_talk_is_what_is_more_than_a_name() -> None:
    assert TERSE.talk == pytest.approx(0.15)
    assert VERBOSE.talk == 1


def test_an_unknown_manner_or_mode_is_an_error() -> None:
    with pytest.raises(ValueError, match="sung"):
        model.worded("sung", "gold", 9, 9, stream(1))
    with pytest.raises(ValueError, match="sung"):
        model.sequence(model.composed(stream(1)), (0, 0, 0), "sung")


def test_every_mode_asks_for_the_same_answer_and_only_writing_for_the_entity_halfway() -> None:
    world = model.composed(stream(1))
    query = (3, 2, 5)
    asked = {mode: [name for _, name in model.sequence(world, query, mode).asked] for mode in MODES}
    end, halfway = model.C + world.end(query), model.B + world.between(query)
    assert asked == {"direct": [end], "written": [halfway, end], "filler": [end]}
    assert world.end(query) == world.second[5][world.first[2][3]]


def test_a_fifth_of_the_questions_is_never_taught() -> None:
    world = model.composed(stream(2))
    assert len(world.held_out) == 57
    assert not world.held_out & set(study.taught(world))


def rows(seed: int, count: int = 40, width: int = 5) -> study.Matrix:
    return np.random.default_rng(seed).normal(size=(count, width))


def test_the_alignment_of_the_study_is_that_of_the_core() -> None:
    one, other = rows(1), rows(1) @ rows(2, 5) + rows(3)
    assert study.alignment(one, other) == pytest.approx(model.alignment(one.tolist(), other.tolist()))


def test_alignment_does_not_care_for_turning_and_stretching() -> None:
    one = rows(1)
    turned = study.turned(one, np.random.default_rng(2))
    assert not np.allclose(turned, one)
    assert study.alignment(one, turned + 3) == pytest.approx(1)
    assert study.alignment(one, rows(3)) < 0.5


def test_averaging_out_groups_is_taking_off_what_their_indicators_tell() -> None:
    groups = [number % 4 for number in range(40)]
    core = model.without_groups(rows(1).tolist(), groups)
    assert np.allclose(study.without(rows(1), study.indicators(groups)), core)


def test_shuffled_questions_align_less() -> None:
    one = rows(1, 200)
    alike = study.above_chance(one, one + 0.3 * rows(2, 200), np.random.default_rng(1))
    assert alike.found > 0.8
    assert alike.shuffled < 0.1
    assert alike.above == alike.found - alike.shuffled


def test_the_slopes_are_those_of_the_loss() -> None:
    world = model.composed(stream(1))
    nets = study.untrained([np.random.default_rng(1)])
    for field in fields(nets):
        setattr(nets, field.name, getattr(nets, field.name).astype(float))
    tokens, due = study.arrays([model.sequence(world, query, mode) for query in QUERIES[:3] for mode in MODES])
    slopes = study.slopes(nets, tokens[None], due[None])

    def loss() -> float:
        after, _ = study.states(nets, tokens[None])
        scores = after[0] @ nets.say[0]
        sure = scores - np.log(np.exp(scores).sum(axis=2, keepdims=True))
        return -float(sum(sure[row, place, due[row, place]] for row, place in np.argwhere(due >= 0))) / len(due)

    rng = random.Random(1)
    for weights, slope in zip(nets.weights(), slopes, strict=True):
        steep = [tuple(at) for at in np.argwhere(np.abs(slope) > np.abs(slope).max() / 10)]
        for at in rng.sample(steep, 3):
            weights[at] += 1e-5
            up = loss()
            weights[at] -= 2e-5
            down = loss()
            weights[at] += 1e-5
            assert (up - down) / 2e-5 == pytest.approx(slope[at], rel=1e-4)


def test_a_network_learns_the_same_whoever_else_is_trained() -> None:
    pools = [model.facts(model.composed(stream(seed))) for seed in (1, 2)]
    both = study.learn(pools, [np.random.default_rng([seed]) for seed in (1, 2)], 30)
    second = study.learn(pools[1:], [np.random.default_rng([2])], 30)
    assert np.allclose(both.say[1], second.say[0], atol=1e-3)


WORLDS = [model.composed(stream(seed)) for seed in (1, 2)]


def test_every_seed_and_arm_has_luck_of_its_own() -> None:
    drawn = [rng.random() for rng in study.luck((1, 2), 7, 8)]
    assert len(set(drawn)) == 4
    assert drawn[1] == np.random.default_rng([1, 8]).random()


def test_a_network_moves_its_state_as_itself() -> None:
    untaught = study.read(study.untrained(study.luck((1, 2), 0)), WORLDS, "filler")
    for alike in study.updates_alike(untaught, untaught, study.luck((1, 2), 3)):
        assert alike.found == pytest.approx(1)
        assert alike.shuffled < 0.2


def test_states_that_say_nothing_but_the_answer_have_it_alone_in_common() -> None:
    world = WORLDS[0]
    answer = study.by_answer(world)[None]
    told = study.Read(answer, answer, np.ones((1, len(QUERIES)), bool))
    assert study.answer_share(told, told, [world]) == [pytest.approx(1)]
    word = study.indicators([a for a, _, _ in QUERIES])[None]
    told = study.Read(word, word, told.right)
    assert study.answer_share(told, told, [world])[0] < 0.2


def test_specialists_of_a_world_are_two_and_are_compared_with_each_other_and_with_strangers() -> None:
    ones = study.specialists("written", WORLDS, study.luck((1, 2), 1, 2), 20)
    others = study.specialists("filler", WORLDS, study.luck((1, 2), 3, 4), 20)
    assert [kind.at_answer.shape for kind in ones] == [(2, len(QUERIES), study.UNITS)] * 2
    assert len(study.all_held_out(ones, WORLDS)) == 4
    same = study.strangers_alike(ones, ones, WORLDS, study.luck((1, 2), 5))
    assert same[0].found == pytest.approx(study.alignment(*ones[0].at_answer))
    mixed = study.strangers_alike(ones, others, WORLDS, study.luck((1, 2), 5))
    pairs = [study.alignment(one, other) for one in ones[1].at_answer for other in others[1].at_answer]
    assert mixed[1].found == pytest.approx(fmean(pairs))
    less = study.strangers_alike(ones, others, WORLDS, study.luck((1, 2), 5), study.by_answer)
    assert less[1].found != pytest.approx(mixed[1].found)


def test_questions_held_back_are_counted_in_the_own_world() -> None:
    held = np.array([[[query in world.held_out for query in QUERIES]] * 2 for world in WORLDS])
    nothing = np.zeros((2, len(QUERIES), 1))
    ones = [study.Read(nothing, nothing, right) for right in held]
    assert study.all_held_out(ones, WORLDS) == [1, 1, 1, 1]
    assert max(study.all_held_out(ones[::-1], WORLDS)) < 0.5


def test_a_network_learns_single_steps() -> None:
    pool = model.facts(model.composed(stream(2)))
    nets = study.learn([pool], [np.random.default_rng([2])], 350)
    tokens, due = study.arrays(pool)
    after, _ = study.states(nets, tokens[None])
    assert ((after[0, :, 2] @ nets.say[0]).argmax(axis=1) == due[:, 2]).mean() > 0.9


def test_the_plane_keeps_most_of_what_varies() -> None:
    wide = rows(1, 60) * [9, 5, 0.1, 0.1, 0.1]
    flat = study.plane({"a": wide})["a"]
    assert flat.shape == (60, 2)
    assert np.square(flat).sum() > 0.99 * np.square(wide - wide.mean(axis=0)).sum()


SCORE_ROWS = model.score_rows(*([model.Marks(0.57, dict.fromkeys(SCORERS, 0.43))],) * 2)
LIKENESS_ROWS = study.likeness_rows({"two networks": [study.Alike(0.37, 0.03)]})
WORLD = model.composed(stream(1))
PLANE_ROWS = model.plane_rows({mode: [(0.0, float(n)) for n in range(288)] for mode in MODES}, WORLD, [0, 1], each=1)


@pytest.mark.parametrize(
    "spec", [model.score_figure(SCORE_ROWS), model.likeness_figure(LIKENESS_ROWS), model.plane_figure(PLANE_ROWS)]
)
def test_figures_are_valid(spec: model.Spec) -> None:
    assert wrong_in_vega_lite(spec) == []


def test_alternative_texts_say_the_numbers() -> None:
    assert "exact 0.43 and 0.43" in model.score_alt(SCORE_ROWS)
    assert "0.37 and 0.03" in model.likeness_alt(LIKENESS_ROWS)
    assert "lie 0.0 apart" in model.plane_alt(PLANE_ROWS)
