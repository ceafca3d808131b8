from __future__ import annotations

import itertools
import random
from typing import Any

from sitegraph.map_labels import SIDES, Box, Sheet, lines_of, place, width

SHEET = Sheet(width=400, height=400, letters=10, point=10)
WORDS = ("some words",)


def test_a_title_becomes_the_lines_of_a_label(case: Any) -> None:
    assert list(lines_of(case["title"], case["most"], case["count"])) == case["lines"]


def sides(*points: tuple[float, float], sheet: Sheet = SHEET) -> list[str]:
    return [found[1] if found else "" for found in place(sheet, points, [[WORDS]] * len(points))]


def test_a_label_stands_on_the_right_where_nothing_hinders() -> None:
    assert sides((200, 200)) == ["right"]


def test_a_label_stays_on_the_sheet() -> None:
    assert sides((390, 200)) == ["left"]


def test_a_label_keeps_off_the_points_of_others() -> None:
    assert sides((200, 200), (240, 200)) == ["left", "right"]


def test_who_comes_first_has_the_room() -> None:
    narrow = Sheet(width=100, height=30, letters=10, point=10)
    assert sides((20, 15), (20, 15), sheet=narrow) == ["right", ""]


def test_a_shorter_wording_is_taken_where_the_longer_has_no_room() -> None:
    narrow = Sheet(width=60, height=30, letters=10, point=10)
    found = list(place(narrow, [(15, 15)], [[("a much longer wording",), ("ab",)]]))
    assert found == [(("ab",), "right")]


def test_no_label_lies_on_another_or_on_a_point() -> None:
    rng = random.Random(1)
    points = [(rng.uniform(0, 400), rng.uniform(0, 400)) for _ in range(40)]
    found = list(place(SHEET, points, [[WORDS]] * len(points)))
    boxes = [SHEET.box(at, *label) for at, label in zip(points, found, strict=True) if label]
    assert 10 < len(boxes) < len(points)
    assert not [pair for pair in itertools.combinations(boxes, 2) if pair[0].meets(pair[1])]
    assert not [(box, at) for box in boxes for at in points if box.meets(Box(*at, *at))]


def test_every_side_begins_as_far_from_its_point() -> None:
    boxes = {side: SHEET.box((100, 100), WORDS, side) for side in SIDES}
    assert boxes["right"].left == boxes["below"].top == 110
    assert boxes["left"].right == boxes["above"].bottom == 90


def test_wide_letters_are_wider_and_marks_on_letters_have_no_width() -> None:
    assert width("地") > width("m") > width("a") > width("i")
    assert width("e\u0301") == width("e")
