import math
import random
from functools import partial
from statistics import fmean

import pytest
from tests.conftest import wrong_in_vega_lite

from lab import bootstrap, stream
from models import art_as_sharing as model
from models import charts
from models.art_as_sharing import Habits

CHANCES = [partial(stream, seed) for seed in range(16)]


def test_a_small_world_keeps_its_ties_and_has_none_twice() -> None:
    town = model.small_world(stream(1))
    assert len(town.ties) == 300
    assert len({frozenset(tie) for tie in town.ties}) == 300
    assert all(one != other for one, other in town.ties)
    assert sum(len(known) for known in town.neighbours) == 600


def test_without_rewiring_everybody_knows_the_six_nearest() -> None:
    town = model.small_world(random.Random(1), rewired=0.0)
    assert {other for other, _ in town.neighbours[0]} == {1, 2, 3, 97, 98, 99}


def test_about_one_tie_in_ten_is_led_elsewhere() -> None:
    def far(tie: tuple[int, int]) -> bool:
        return min((tie[0] - tie[1]) % 100, (tie[1] - tie[0]) % 100) > 3

    share = fmean(far(tie) for seed in range(20) for tie in model.small_world(stream(seed)).ties)
    assert share == pytest.approx(0.1 * 93 / 99, abs=0.015)


def test_when_all_is_handed_on_everybody_takes_in_everything() -> None:
    town = model.small_world(stream(1))
    made, taken = model.step(stream(2), town, Habits(making=0.05, sharing=1.0, attention=100))
    assert made > 0
    assert taken == 99 * made


def test_nobody_takes_in_more_than_there_is_room_for() -> None:
    town = model.small_world(stream(1))
    _, taken = model.step(stream(2), town, Habits(making=0.3, sharing=1.0, attention=2))
    assert 150 < taken <= 200


def test_when_nobody_hands_on_only_the_makers_own_friends_hear() -> None:
    habits = Habits(sharing=0.5, passing_on=False)
    exposure = fmean(model.run(chance, model.small_world(chance(0)), habits).exposure for chance in CHANCES)
    assert exposure == pytest.approx(0.05 * 6 * 0.5, rel=0.05)


def test_with_more_sharing_no_work_reaches_fewer() -> None:
    town = model.small_world(stream(1))
    takens = [model.step(stream(3), town, Habits(sharing=s / 20, attention=100))[1] for s in range(21)]
    assert takens == sorted(takens)
    assert takens[-1] > takens[1]


def test_when_nobody_hands_on_both_levers_are_worth_one() -> None:
    both = [model.levers(chance, Habits(sharing=0.1, passing_on=False), 6) for chance in CHANCES[:8]]
    assert fmean(b.sharing for b in both) == pytest.approx(1, abs=0.15)
    assert fmean(b.making for b in both) == pytest.approx(1, abs=0.15)


def test_making_is_worth_one_while_there_is_room() -> None:
    both = [model.levers(chance, Habits(sharing=0.2, attention=50), 4) for chance in CHANCES[:8]]
    assert fmean(b.making for b in both) == pytest.approx(1, abs=0.12)


def test_an_elasticity_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing was taken in"):
        model.levers(CHANCES[0], Habits(making=0.0), 1)


def test_the_tree_doubles_the_effect_at_one_in_ten_and_ends_at_one_in_five() -> None:
    assert model.tree_elasticity(0.1) == pytest.approx(2)
    assert model.tree_elasticity(0.0) == 1
    assert model.tree_elasticity(0.21) == math.inf


def test_groups_are_counted_by_the_ties_that_are_open() -> None:
    line = model.Network(((0, 1), (1, 2), (2, 3)), ((), (), (), ()))
    assert model.cluster_sizes(line, (0.1, 0.9, 0.1), 0.5) == [2, 2]
    assert model.cluster_sizes(line, (0.1, 0.2, 0.9), 0.5) == [3, 1]
    assert model.others_reached([3, 1]) == 1.5
    assert model.small_group([3, 1]) == 0.25
    assert model.small_group([4]) == 0


def test_cascades_reach_as_many_as_counted_groups_hold() -> None:
    counted = model.percolation(CHANCES, (0.2,), 40)[0.2][0]
    habits = Habits(sharing=0.2, attention=100)
    runs = [model.run(chance, model.small_world(chance(0)), habits, n).reach * 99 for chance in CHANCES for n in (0, 1)]
    spread = bootstrap(runs, 0.99)
    assert spread.lo < counted < spread.hi


def test_the_percolation_point_lies_past_that_of_a_tree() -> None:
    groups = model.percolation(CHANCES[:3], [share / 100 for share in range(10, 47, 4)], 15)
    assert 0.2 < model.percolation_point(groups) < 0.36


def test_handing_on_leads_where_works_travel_a_little_and_not_where_all_reach_all() -> None:
    some = fmean(b.sharing - b.making for b in (model.levers(c, Habits(sharing=0.2), 1) for c in CHANCES[:4]))
    all_ = fmean(b.sharing - b.making for b in (model.levers(c, Habits(sharing=0.5), 1) for c in CHANCES[:4]))
    assert some > 1.5
    assert all_ < 0.1


ROWS = [
    {"sharing": sharing, "lever": lever, "room": room, "elasticity": value}
    for sharing, handing in ((0.1, 1.7), (0.2, 3.3), (0.5, 0.6))
    for room in ("room for 20", "room for 2")
    for lever, value in (("handing on", handing), ("making", 1.0 if room == "room for 20" else 0.4))
]


def test_the_figure_is_a_valid_specification() -> None:
    spec = model.levers_figure(ROWS, 0.26)
    assert spec["$schema"] == charts.SCHEMA
    assert wrong_in_vega_lite(spec) == []


def test_the_words_for_the_figures_hold_their_numbers() -> None:
    words = model.levers_alt(ROWS, 0.26)
    assert "rises to 3.3" in words
    assert "0.26" in words
    assert "0.6 at 0.5" in words
    assert "falls to 0.4 with room for 2" in words
    cells = [{"cell": "a", "mean": 2.25, "state": "holds"}, {"cell": "b", "mean": -0.4, "state": "fails"}]
    assert "largest, 2.25, at a; smallest, -0.40, at b" in model.advantage_alt(cells)


def test_the_condition_says_how_far_a_work_travels() -> None:
    states = ["holds", "holds", "fails", "unclear", "unclear", "unclear"]
    words = model.sharing_condition(states, [0.06, 0.01, 0.94, 0.4, 0.002, 0.001])
    assert "2 of 6 settings where a work reaches 1% to 6%" in words
    assert "not in 1, where one reaches 94%" in words
    assert "cannot tell in 3, where one reaches under 1% or 40%" in words
    assert len(words.split()) <= 45


def test_where_nobody_passes_on_a_work_reaches_a_few_and_where_all_do_everybody() -> None:
    few, all_ = (model.reach(CHANCES[:3], Habits(sharing=s, attention=100)) for s in (0.03, 1.0))
    assert len(few) == 3
    assert 0 < max(few) < 0.02
    assert all_ == [1, 1, 1]


def test_the_rows_of_the_levers_go_from_left_to_right_with_both_levers() -> None:
    levers = [model.Levers(sharing=2, making=1), model.Levers(sharing=4, making=1)]
    rows = model.lever_rows({Habits(sharing=0.3): levers, Habits(sharing=0.1, attention=2): levers[:1]})
    assert [(row["sharing"], row["room"], row["lever"], row["elasticity"]) for row in rows] == [
        (0.1, "room for 2", "handing on", 2),
        (0.1, "room for 2", "making", 1),
        (0.3, "room for 20", "handing on", 3),
        (0.3, "room for 20", "making", 1),
    ]


def test_a_setting_is_told_by_how_readily_works_are_handed_on_and_how_many_there_is_room_for() -> None:
    assert model.settings_of(Habits(sharing=0.2, attention=2)) == {"handing on": 0.2, "room": 2}
