"""Which texts are alike, from their words alone."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence

import pytest

from sitegraph.similar import Group, find_groups, telling_words

BOATS = ["boat", "sail", "mast", "oar", "hull", "tide", "harbour", "anchor"]
BREAD = ["bread", "flour", "yeast", "oven", "crust", "dough", "loaf", "rye"]
TUNES = ["tune", "fiddle", "chord", "rhythm", "melody", "tempo", "chorus", "verse"]


def about(*subjects: Sequence[str], each: int = 3, seed: int = 1) -> list[dict[str, int]]:
    """*each* texts on every subject, in turn, of six of its eight words."""
    rng = random.Random(seed)
    return [dict(Counter(rng.sample(list(subject), 6))) for _ in range(each) for subject in subjects]


def found(counts: Sequence[Mapping[str, int]]) -> tuple[Group, ...]:
    return find_groups(counts, ["essay"] * len(counts))


def groups(counts: Sequence[Mapping[str, int]]) -> set[frozenset[int]]:
    return {frozenset(group.members) for group in found(counts)}


def test_texts_on_one_subject_make_a_group() -> None:
    assert groups(about(BOATS, BREAD)) == {frozenset({0, 2, 4}), frozenset({1, 3, 5})}
    assert groups(about(BOATS, BREAD, TUNES)) == {frozenset({i, i + 3, i + 6}) for i in range(3)}


def test_the_middle_of_a_group_comes_first_and_its_words_weigh_most() -> None:
    shared, sideways = dict.fromkeys(BOATS[:4], 2), dict.fromkeys([*BOATS[:3], "cloud"], 2)
    first = found([sideways, shared, shared, {**shared, "cloud": 1}, *about(BREAD, each=4)])[0]
    assert first.members[-1] == 0
    assert max(first.weights, key=lambda word: first.weights[word]) in BOATS[:4]


@pytest.mark.parametrize("counts", [[], [{"a": 1}], [{"boat": 1}] * 3])
def test_of_few_texts_nothing_can_be_said(counts: list[dict[str, int]]) -> None:
    assert found(counts) == ()


def test_a_text_without_words_is_in_no_group() -> None:
    groups = found([*about(BOATS, BREAD), {}, {"lonely": 3}])
    assert {place for group in groups for place in group.members} == set(range(6))


def test_texts_of_the_same_words_are_no_accident() -> None:
    """Nothing tells them apart: every word is in all of them."""
    assert found([dict.fromkeys(BOATS, 1)] * 8) == ()


def test_pairs_of_the_same_words_are_groups() -> None:
    pairs = [dict.fromkeys(subject, 1) for subject in (BOATS, BREAD) for _ in range(3)]
    assert groups(pairs) == {frozenset({0, 1, 2}), frozenset({3, 4, 5})}


def test_a_word_of_one_text_or_of_most_tells_nothing() -> None:
    counts = [{"rare": 1, "all": 1, "sail": 1}, {"all": 1, "sail": 1, "yeast": 1}, {"all": 1, "yeast": 1}, {"all": 1}]
    assert telling_words(counts, ["essay"] * 4) == {"sail", "yeast"}


def test_a_word_in_most_texts_of_a_kind_tells_the_kind() -> None:
    counts = [{"seed": 1, "sail": 1}] * 3 + [{"seed": 1}] * 2 + [{"sail": 1}] + [{}] * 4
    kinds = ["notebook"] * 5 + ["essay"] * 5
    assert telling_words(counts, kinds) == {"sail"}
    assert telling_words(counts, ["essay"] * 10) == {"sail", "seed"}


def test_the_number_of_groups_stays_near_the_root_of_the_number_of_texts() -> None:
    rng = random.Random(2)
    words = [f"w{number}" for number in range(400)]
    counts = [dict(Counter(rng.choices(words, k=30))) for _ in range(100)]
    assert 8 <= len(found(counts)) <= 15


def test_what_is_found_does_not_depend_on_how_many_threads_there_are() -> None:
    from threadpoolctl import threadpool_limits

    counts = about(BOATS, BREAD, TUNES, each=20)
    with threadpool_limits(2):
        assert found(counts) == found(counts)
