"""The words that name a group of texts."""

from __future__ import annotations

from sitegraph.labels import label_words

BOATS = [{"boat": 3, "sail": 2, "mast": 1, "tide": 1}, {"boat": 2, "sail": 2, "mast": 1}, {"boat": 1, "weather": 2}]
BREAD = [{"bread": 3, "flour": 2, "oven": 1}, {"bread": 2, "oven": 1, "weather": 1}]
GROUPS = [(0, 1, 2), (3, 4)]


def test_a_group_is_named_by_the_words_that_only_it_has() -> None:
    labels = label_words(GROUPS, [*BOATS, *BREAD], [{"boat"}, {"sail"}, {"mast"}, {"bread"}, {"oven", "weather"}])
    assert labels == [["boat", "sail", "mast"], ["bread", "oven", "flour"]]


def test_words_of_a_headline_come_before_words_that_stand_below_only() -> None:
    labels = label_words(GROUPS, [*BOATS, *BREAD], [{"mast"}, set(), set(), {"flour", "oven"}, set()])
    assert [words[0] for words in labels] == ["mast", "oven"]


def test_no_word_names_two_groups() -> None:
    counts = [{"boat": 2, "sail": 1}, {"boat": 2, "oar": 1}, {"boat": 1, "jetty": 2}, {"boat": 1, "jetty": 1}]
    first, second = label_words([(0, 1), (2, 3)], counts, [{"boat"}] * 4)
    assert not set(first) & set(second)
    assert first[0] == "boat"


def test_a_text_that_repeats_a_word_does_not_name_the_group_alone() -> None:
    counts = [{"boat": 2, "sail": 40}, {"boat": 2}, {"boat": 2}, {"bread": 1}, {"bread": 1}]
    assert label_words(GROUPS, counts, [set()] * 5)[0][0] == "boat"


def test_equal_words_go_by_the_alphabet() -> None:
    counts = [{"sail": 1, "boat": 1, "oar": 1, "mast": 1}] * 3 + [{"bread": 1}] * 2
    assert label_words(GROUPS, counts, [set()] * 5)[0] == ["boat", "mast", "oar"]


def test_without_groups_there_are_no_labels() -> None:
    assert label_words([], [], []) == []
