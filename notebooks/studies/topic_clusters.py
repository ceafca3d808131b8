"""The pipeline of the notebook 'topic-clusters' at the size that it publishes, with numpy, and its timing.

TF-IDF as in `models.topic_clusters`, then a randomised singular value decomposition to a few dimensions, rows of
length 1, and k-means with k-means++ seeding. Everything but `seconds` gives the same numbers on every run.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models import topic_clusters as model

Array = NDArray[np.float64]


def matrix(documents: Sequence[Sequence[str]]) -> Array:
    """TF-IDF of *documents*, one row of length 1 for each; the columns are the words of the vocabulary."""
    column = {word: i for i, word in enumerate(model.vocabulary_of(documents))}
    counts = np.zeros((len(documents), len(column)))
    for row, document in zip(counts, documents, strict=True):
        for word in document:
            if word in column:
                row[column[word]] += 1
    present = counts > 0
    weighted = np.where(present, 1 + np.log(np.maximum(counts, 1)), 0) * np.log(len(documents) / present.sum(0))
    return rows_of_length_one(weighted)


def rows_of_length_one(a: Array) -> Array:
    """*a* with every row that is not zero brought to length 1."""
    norms = np.linalg.norm(a, axis=1, keepdims=True)
    return np.asarray(a / np.where(norms > 0, norms, 1))


def reduce(a: Array, dimensions: int, rng: np.random.Generator, extra: int = 10, rounds: int = 2) -> Array:
    """The coordinates of the rows of *a* along its first *dimensions* singular directions.

    Source: Halko, Martinsson and Tropp 2011, the randomised range finder with power iterations.
    """
    q = np.linalg.qr(a @ rng.standard_normal((a.shape[1], dimensions + extra)))[0]
    for _ in range(rounds):
        q = np.linalg.qr(a @ np.linalg.qr(a.T @ q)[0])[0]
    u, s, _ = np.linalg.svd(q.T @ a, full_matrices=False)
    return np.asarray((q @ u)[:, :dimensions] * s[:dimensions])


def kmeans(points: Array, k: int, rng: np.random.Generator, restarts: int = 4, rounds: int = 50) -> NDArray[np.intp]:
    """The cluster of every row of *points*: the best of some *restarts* by the sum of squared distances."""
    tries = [_kmeans_once(points, k, rng, rounds) for _ in range(restarts)]
    return min(tries, key=lambda found: found[0])[1]


def _kmeans_once(points: Array, k: int, rng: np.random.Generator, rounds: int) -> tuple[float, NDArray[np.intp]]:
    centres = points[rng.integers(len(points))][None]
    while len(centres) < k:
        far = np.maximum(_squared(points, centres).min(1), 1e-12)
        centres = np.vstack([centres, points[rng.choice(len(points), p=far / far.sum())]])
    labels = np.full(len(points), -1)
    for _ in range(rounds):
        distances = _squared(points, centres)
        found = distances.argmin(1)
        if (found == labels).all():
            break
        labels = found
        for c in range(k):
            members = points[labels == c]
            centres[c] = members.mean(0) if len(members) else points[rng.integers(len(points))]
    return float(_squared(points, centres)[np.arange(len(points)), labels].sum()), labels


def _squared(points: Array, centres: Array) -> Array:
    """The squared distance of every point from every centre."""
    return np.asarray((points**2).sum(1)[:, None] - 2 * points @ centres.T + (centres**2).sum(1))


@dataclass(frozen=True)
class Found:
    """A shelf after clustering."""

    shelf: model.Shelf
    points: Array  # documents × dimensions, rows of length 1
    labels: list[int]

    @property
    def recovery(self) -> float:
        """The adjusted Rand index of clusters and subjects."""
        return model.adjusted_rand(self.shelf.subjects, self.labels)


def cluster(shelf: model.Shelf, seed: int, dimensions: int | None = 20) -> Found:
    """*shelf* embedded in so many *dimensions* (None: one per word), in as many clusters as it has subjects."""
    rng = np.random.default_rng([seed, 7])
    points = matrix(shelf.documents)
    if dimensions is not None:
        points = rows_of_length_one(reduce(points, dimensions, rng))
    return Found(shelf, points, kmeans(points, len(set(shelf.subjects)), rng).tolist())


def nearest_to_centre(found: Found, count: int = 5) -> dict[int, list[int]]:
    """The *count* documents of each cluster that lie nearest the mean of its points."""
    near = {}
    for c, members in model.clusters(found.labels).items():
        points = found.points[members]
        far = ((points - points.mean(0)) ** 2).sum(1)
        near[c] = [members[i] for i in np.argsort(far, kind="stable")[:count]]
    return near


def farthest_from_centre(found: Found, count: int = 5) -> dict[int, list[int]]:
    """The *count* documents of each cluster that lie farthest from the mean of its points."""
    everything = nearest_to_centre(found, len(found.labels))
    return {c: ordered[-count:] for c, ordered in everything.items()}


def ring(found: Found, sharpness: float = 5) -> tuple[list[tuple[float, float]], dict[int, tuple[float, float]]]:
    """Every document in a circle on whose edge the clusters stand, nearer to those whose centres it resembles.

    Shape: one (x, y) per document, and the place of each cluster. Neighbours on the edge have similar centres.
    """
    members = model.clusters(found.labels)
    centres = rows_of_length_one(np.array([found.points[m].mean(0) for m in members.values()]))
    order = _walk(centres @ centres.T)
    angles = 2 * np.pi * np.argsort(order) / len(order)
    places = np.column_stack([np.sin(angles), np.cos(angles)])
    pull = np.exp(sharpness * (found.points @ centres.T))
    points = pull @ places / pull.sum(1, keepdims=True)
    return [(float(x), float(y)) for x, y in points], {
        c: (float(x), float(y)) for c, (x, y) in zip(members, places, strict=True)
    }


def _walk(likeness: Array) -> list[int]:
    """An order of the clusters in which each is followed by the likest of those that are left."""
    order = [0]
    while len(order) < len(likeness):
        order.append(max(set(range(len(likeness))) - set(order), key=lambda c: (likeness[order[-1], c], -c)))
    return order


def seconds(shelf: model.Shelf, seed: int) -> float:
    """The seconds of the processor that embedding and clustering *shelf* takes here."""
    begin = time.process_time()
    cluster(shelf, seed)
    return time.process_time() - begin
