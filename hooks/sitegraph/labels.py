"""The words that name a group of texts among other groups."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set

WORDS = 3
"""How many words make a label."""


def label_words(
    groups: Sequence[Sequence[int]], counts: Sequence[Mapping[str, int]], headlines: Sequence[Set[str]]
) -> list[list[str]]:
    """Up to three words for each of *groups*, and none for two of them: class-based TF-IDF (Grootendorst 2022).

    A word that a text repeats counts for more, but less and less, so that one long text does not speak for all. Words
    of half the texts of the group, one of which has it in its headline, come first.
    """
    within = [_summed({w: 1 + math.log(n) for w, n in counts[i].items()} for i in members) for members in groups]
    total = _summed(within)
    average = sum(total.values()) / max(len(groups), 1)
    weights = [
        {word: round(n * math.log(1 + average / total[word]), 6) for word, n in words.items()} for words in within
    ]
    home: dict[str, int] = {}  # the group in which a word weighs most
    for group, words in enumerate(weights):
        for word, weight in words.items():
            if word not in home or weight > weights[home[word]][word]:
                home[word] = group
    chosen = []
    for group, members in enumerate(groups):
        typical = _typical(members, counts, headlines)
        own = [word for word in weights[group] if home[word] == group]
        own.sort(key=lambda word: (word not in typical, -weights[group][word], word))
        chosen.append(own[:WORDS])
    return chosen


def _summed(parts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    whole: dict[str, float] = defaultdict(float)
    for part in parts:
        for word, number in part.items():
            whole[word] += number
    return whole


def _typical(members: Sequence[int], counts: Sequence[Mapping[str, int]], headlines: Sequence[Set[str]]) -> set[str]:
    texts = Counter(word for i in members for word in counts[i])
    named = {word for i in members for word in headlines[i]}
    return {word for word in named if texts[word] >= max(2, len(members) / 2)}
