"""Two sentences that stand for a topic."""

from __future__ import annotations

from sitegraph.model import Leaf, Page
from sitegraph.similar import Group
from sitegraph.summary import summary
from sitegraph.words import count_words

WEIGHTS = {"sail": 0.5, "mast": 0.4, "tide": 0.3, "oar": 0.2}


def told(*pages: tuple[str, str]) -> list[tuple[int, str]]:
    """The summary of pages with a description and a text each, the nearest to the middle first."""
    leaves = []
    for number, (description, text) in enumerate(pages):
        page = Page(f"docs/essays/{number}.md", f"essays/{number}/", "essay", f"Page {number}", description)
        leaves.append(Leaf(page, f"<p>{text}</p>", (), (), (), (), {}, None))
    counted = count_words([f"{description}\n{text}" for description, text in pages])
    return summary(Group(tuple(range(len(pages))), WEIGHTS), leaves, counted)


def test_the_sentences_with_the_weightiest_words_are_chosen_from_two_pages() -> None:
    first = "Somebody has gone to town. A boat has a sail. A captain has a sail and mast."
    second = "A boat has a tide. A boat is on land."
    assert told(("", first), ("", second)) == [(0, "A captain has a sail and mast."), (1, "A boat has a tide.")]


def test_both_are_from_one_page_where_no_other_has_any() -> None:
    assert told(("", "A boat has a sail. A boat has a tide."), ("", "It has a mast.")) == [
        (0, "A boat has a sail."),
        (0, "A boat has a tide."),
    ]


def test_what_the_first_has_said_is_not_said_again() -> None:
    second = "A town has a sail. A town has an oar."
    assert told(("", "A boat has a sail."), ("", second)) == [(0, "A boat has a sail."), (1, "A town has an oar.")]


def test_a_description_goes_before_a_sentence_of_the_text() -> None:
    assert told(("A boat has a tide.", "A boat has a sail."))[0] == (0, "A boat has a tide.")


def test_texts_far_from_the_middle_are_not_quoted_but_their_descriptions_are() -> None:
    near = [("", "A boat is at sea.")] * 5
    assert told(*near, ("", "A boat has a sail."))[0] == (0, "A boat is at sea.")
    assert told(*near, ("A boat has a sail.", "Text."))[0] == (5, "A boat has a sail.")


def test_of_equal_sentences_the_one_nearer_the_middle_is_chosen() -> None:
    assert told(("", "A ship has a sail."), ("", "A boat has a sail."))[0][0] == 0


def test_where_no_sentence_stands_alone_there_is_no_summary() -> None:
    assert told(("", "It has a sail."), ("", "But why a mast?")) == []
