"""Two sentences that stand for the pages of a topic: chosen among those the pages have, and left as they are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from .model import Leaf
from .sentences import standing, standing_sentences
from .similar import Group
from .words import Counted

CENTRAL = 5
"""The text of so many pages of a topic, from its middle outwards, may be quoted, and the description of every one."""

SENTENCES = 2
"""How many sentences make a summary."""

DESCRIBED = 3
"""A sentence of a page's description weighs so many times as much: its author wrote it to stand for the page."""


def summary(group: Group, leaves: Sequence[Leaf], counted: Counted) -> list[tuple[int, str]]:
    """The two sentences, each with the place of its page, that say most of what stands in the middle of *group*.

    The second is from another page if it can be, and what the first has said counts no more.
    """
    quotable = ((i, leaves[i].html if rank < CENTRAL else "") for rank, i in enumerate(group.members))
    sentences = [
        found for i, text in quotable for found in _sentences(i, leaves[i].page.description, text, group, counted)
    ]
    chosen: list[_Sentence] = []
    said: Set[str] = frozenset()
    while sentences and len(chosen) < SENTENCES:
        best = max(sentences, key=lambda one: _weight(one, said, group.weights))  # the first of equals
        chosen.append(best)
        said = said | best.words
        rest = [one for one in sentences if one.text != best.text]
        sentences = [one for one in rest if one.page != best.page] or rest
    return [(one.page, one.text) for one in chosen]


@dataclass(frozen=True)
class _Sentence:
    page: int
    text: str
    words: Set[str]  # those that tell the topic
    described: bool  # from the description of the page


def _sentences(page: int, description: str, prose: str, group: Group, counted: Counted) -> Iterator[_Sentence]:
    described = standing(description)
    for text in (*described, *standing_sentences(prose)):
        yield _Sentence(page, text, counted.words(text).intersection(group.weights), text in described)


def _weight(sentence: _Sentence, said: Set[str], weights: Mapping[str, float]) -> float:
    """What the words of *sentence* weigh that are not *said* yet, with a long one at no advantage."""
    weight = sum(sorted(weights[word] for word in sentence.words - said)) / math.sqrt(len(sentence.words) or 1)
    return round(weight * (DESCRIBED if sentence.described else 1), 6)
