"""Which texts are alike: their words are weighed and reduced to a few dimensions, where groups show.

The method is that of the notebook on clusters of papers: TF-IDF, latent semantic analysis, k-means on directions. What
scikit-learn computes is rounded before anything is compared, and equals go by the order of the texts. scikit-learn is
imported where it is used, since that takes a second, and a build that finds its results kept need not wait for it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

LEAST = 4
"""Of fewer texts nobody can say what sets them apart."""

SPREAD = 0.6
"""A word in more of the texts of one kind than this tells the kind, and not what the text is about."""

COUNTED_KIND = 5
"""How many texts make a kind of which the same can be said."""


@dataclass(frozen=True)
class Group:
    """Texts, by their places, that are alike: the nearest to their middle first."""

    members: tuple[int, ...]
    weights: Mapping[str, float]  # what each word weighs in their middle


def get_ready() -> None:
    """Import what takes long."""
    import sklearn.cluster
    import sklearn.feature_extraction.text
    import sklearn.metrics
    import sklearn.utils.extmath  # noqa: F401


def find_groups(counts: Sequence[Mapping[str, int]], kinds: Sequence[str]) -> tuple[Group, ...]:
    """The groups that texts with these words, and of these *kinds*, fall into.

    A text without a word that it shares with another is in no group, and a group has two texts at least.
    """
    known = telling_words(counts, kinds) if len(counts) >= LEAST else set()
    if not known:
        return ()
    from threadpoolctl import threadpool_limits

    # How many threads add up a sum decides its last digits, and is not the same on every machine.
    with threadpool_limits(1):
        weighed, names = _weighed(counts, known)
        return _groups(_reduced(weighed), weighed, names)


def telling_words(counts: Sequence[Mapping[str, int]], kinds: Sequence[str]) -> set[str]:
    """The words that stand in two texts or more, and neither in most texts nor in most of one kind."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    everywhere = Counter(word for words in counts for word in words)
    known = {word for word, texts in everywhere.items() if 2 <= texts <= SPREAD * len(counts)}
    for kind, size in Counter(kinds).items():
        if size >= COUNTED_KIND:
            within = Counter(word for words, of in zip(counts, kinds, strict=True) if of == kind for word in words)
            known -= {word for word, texts in within.items() if texts > SPREAD * size}
    return known.difference(ENGLISH_STOP_WORDS)


def _weighed(counts: Sequence[Mapping[str, int]], known: set[str]) -> tuple[Any, list[str]]:
    """TF-IDF of the texts, a row of length 1 for each, and the word of each column."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.feature_extraction.text import TfidfTransformer

    columns = DictVectorizer(dtype=float)
    matrix = columns.fit_transform([{word: n for word, n in words.items() if word in known} for words in counts])
    return TfidfTransformer(sublinear_tf=True).fit_transform(matrix), list(columns.get_feature_names_out())


def _reduced(weighed: Any) -> Points:
    """The texts in as many dimensions as there may be topics, or a little more: 10 for 37 texts, 100 at most.

    A row is as long as the part of its text that these dimensions account for.
    """
    from sklearn.utils.extmath import randomized_svd

    dimensions = min(100, max(2, round(1.6 * math.sqrt(weighed.shape[0]))), min(weighed.shape))
    left, sizes, _ = randomized_svd(weighed, n_components=dimensions, n_iter=7, random_state=0)
    points: Points = (left * sizes).round(6)
    return points


def _groups(points: Points, weighed: Any, names: Sequence[str]) -> tuple[Group, ...]:
    import numpy as np

    lengths = np.linalg.norm(points, axis=1)
    places = np.flatnonzero(lengths > 0.01)
    directions = (points[places] / lengths[places, None]).round(6)
    groups = []
    labels = _labels(directions)
    for label in sorted(set(labels.tolist())):
        here = np.flatnonzero(labels == label)
        if len(here) > 1:
            middle = directions[here].mean(axis=0)
            order = np.argsort(-(directions[here] @ middle).round(4), kind="stable")
            members = tuple(places[here[order]].tolist())
            groups.append(Group(members, _middle(weighed, members, names)))
    return tuple(sorted(groups, key=lambda group: (-len(group.members), min(group.members))))


def _middle(weighed: Any, members: Sequence[int], names: Sequence[str]) -> dict[str, float]:
    mean = weighed[list(members)].mean(axis=0).A1
    return {names[i]: round(float(mean[i]), 6) for i in mean.nonzero()[0]}


def _labels(directions: Points) -> NDArray[np.intp]:
    """The group of each of *directions*, whose number grows with the square root of theirs.

    Of up to five numbers between that root and half as many again, it is the one whose groups stand apart most clearly
    (the mean silhouette). Left to itself, the silhouette would go on to ever smaller groups.
    """
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    size = len(directions)
    most = min(size - 1, len(np.unique(directions, axis=0)))
    low, high = min(most, max(2, math.isqrt(size))), min(most, max(2, int(1.5 * math.sqrt(size))))
    best, found = -2.0, np.zeros(size, dtype=np.intp)
    for number in sorted({round(low + (high - low) * i / 4) for i in range(5)} if low > 1 else ()):
        starts = max(2, min(20, 2000 // size))
        labels = KMeans(number, n_init=starts, random_state=0).fit(directions).labels_
        sample = 2000 if size > 2000 else None
        clarity = round(silhouette_score(directions, labels, metric="cosine", sample_size=sample, random_state=0), 4)
        if clarity > best:
            best, found = clarity, labels
    return found
