"""Learners who see one world through different eyes and predict what happens in it.

Many small networks are trained at once: arrays begin with the learner. The network has one hidden tanh layer and a
logistic output per outcome, and is trained with Adam at its usual constants on batches of at most 100 examples. The
likeness of two layers is the linear CKA of Kornblith and others 2019.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.priors_to_forms import spearman

Floats = NDArray[np.float64]
Generator = np.random.Generator

FACTORS, CHANNELS, OUTCOMES = 6, 16, 8
"""What a world consists of, what an eye gives of it, and what may happen in it (each of eight, or not)."""
NOISE = 0.1
STRENGTH = 2.0
"""The standard deviation of the log-odds of an outcome: the factors decide much, and not everything."""
HIDDEN, STEPS, BATCH, RATE = 12, 250, 100, 0.02
COMMON = 300
"""Worlds in which two learners are compared."""


@dataclass(frozen=True)
class Networks:
    """The weights of some learners."""

    inner: Floats  # learners × channels × hidden
    inner_shift: Floats  # learners × 1 × hidden
    outer: Floats  # learners × hidden × outcomes
    outer_shift: Floats  # learners × 1 × outcomes

    @classmethod
    def untrained(cls, generators: Sequence[Generator], hidden: int) -> Networks:
        """Random weights, for each learner from its own generator."""
        inner = np.stack([each.normal(0, CHANNELS**-0.5, (CHANNELS, hidden)) for each in generators])
        outer = np.stack([each.normal(0, hidden**-0.5, (hidden, OUTCOMES)) for each in generators])
        return cls(inner, np.zeros((len(inner), 1, hidden)), outer, np.zeros((len(inner), 1, OUTCOMES)))

    def layer(self, seen: Floats) -> Floats:
        """The inner layer for what is *seen* (learners × examples × channels)."""
        return np.tanh(seen @ self.inner + self.inner_shift)

    def forecast(self, seen: Floats) -> Floats:
        """The probability of every outcome."""
        return logistic(self.layer(seen) @ self.outer + self.outer_shift)

    def gradient(self, seen: Floats, happened: Floats) -> Networks:
        """The gradient of the mean log loss of an example, summed over outcomes."""
        layer = self.layer(seen)
        wrong = (logistic(layer @ self.outer + self.outer_shift) - happened) / seen.shape[1]
        back = (wrong @ self.outer.transpose(0, 2, 1)) * (1 - layer**2)
        return Networks(
            seen.transpose(0, 2, 1) @ back,
            back.sum(axis=1, keepdims=True),
            layer.transpose(0, 2, 1) @ wrong,
            wrong.sum(axis=1, keepdims=True),
        )

    def weights(self) -> tuple[Floats, Floats, Floats, Floats]:
        """All weights, in order."""
        return self.inner, self.inner_shift, self.outer, self.outer_shift


def logistic(x: Floats) -> Floats:
    """The logistic function of every entry."""
    return np.asarray(1 / (1 + np.exp(-x)))


def trained(networks: Networks, seen: Floats, happened: Floats, rng: Generator, steps: int = STEPS) -> Networks:
    """*networks* after *steps* of Adam on the examples (learners × examples × …); all draw the same batches."""
    weights = list(networks.weights())
    first, second = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    for step in range(1, steps + 1):
        some = rng.permutation(seen.shape[1])[:BATCH]
        slopes = Networks(*weights).gradient(seen[:, some], happened[:, some]).weights()
        for i, slope in enumerate(slopes):
            first[i] = 0.9 * first[i] + 0.1 * slope
            second[i] = 0.999 * second[i] + 0.001 * slope**2
            size = np.sqrt(second[i] / (1 - 0.999**step)) + 1e-8
            weights[i] = weights[i] - RATE * first[i] / (1 - 0.9**step) / size
    return Networks(*weights)


def likeness(first: Floats, second: Floats) -> float:
    """The linear CKA of two layers over the same examples (examples × units): between 0 and 1."""
    a, b = first - first.mean(axis=0), second - second.mean(axis=0)
    return float(np.sum((a.T @ b) ** 2) / np.sqrt(np.sum((a.T @ a) ** 2) * np.sum((b.T @ b) ** 2)))


def shortfall(truth: Floats, forecast: Floats) -> Floats:
    """The divergence of the forecast from the true probabilities, in nats, summed over outcomes: one per learner."""
    p, q = np.clip(truth, 1e-12, 1 - 1e-12), np.clip(forecast, 1e-12, 1 - 1e-12)
    each = p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))
    return np.asarray(each.sum(axis=2).mean(axis=1))


@dataclass(frozen=True)
class Lives:
    """Examples of some learners, and common worlds to compare them in: arrays of learners × examples × …."""

    seen: Floats
    happened: Floats
    common_seen: Floats
    common_truth: Floats
    common_factors: Floats
    untrained: Networks

    def first(self, n: int) -> tuple[Floats, Floats]:
        """What was seen and what happened in the first *n* examples."""
        return self.seen[:, :n], self.happened[:, :n]


def lives(
    seeds: Sequence[int],
    arm: int,
    *,
    examples: int,
    shift: int = 0,
    own_tasks: bool = False,
    relevant: int = FACTORS,
    hidden: int = HIDDEN,
    common: int = COMMON,
) -> Lives:
    """Two learners for each of the *seeds*, one after the other, in a world of twice as many factors as each meets.

    The second's factors begin *shift* places after the first's: 0 is the same world, 6 another one. What happens
    depends on the first *relevant* factors that a learner meets, in both by the same weights unless they have
    *own_tasks*.
    """
    parts: list[tuple[Floats, ...]] = []
    generators: list[Generator] = []
    for seed in seeds:
        world = np.random.default_rng([seed, arm, 0])
        everywhere = world.normal(size=(common, 2 * FACTORS))
        tasks = world.normal(size=(FACTORS, OUTCOMES))
        for learner in (1, 2):
            rng = np.random.default_rng([seed, arm, learner])
            generators.append(rng)
            weights = rng.normal(size=(FACTORS, OUTCOMES)) if own_tasks else tasks.copy()
            weights[relevant:] = 0
            weights *= STRENGTH / np.sqrt(relevant)
            eye = rng.normal(0, FACTORS**-0.5, (FACTORS, CHANNELS))
            start = shift * (learner - 1)
            met = np.concatenate([rng.normal(size=(examples, FACTORS)), everywhere[:, start : start + FACTORS]])
            seen = np.tanh(met @ eye) + rng.normal(0, NOISE, (len(met), CHANNELS))
            truth = logistic(met @ weights)
            happened = (rng.random(truth.shape) < truth).astype(float)
            parts.append((seen[:examples], happened[:examples], seen[examples:], truth[examples:], met[examples:]))
    seen, happened, common_seen, truth, factors = (np.stack(part) for part in zip(*parts, strict=True))
    return Lives(seen, happened, common_seen, truth, factors, Networks.untrained(generators, hidden))


def curves(those: Lives, amounts: Sequence[int], rng: Generator) -> tuple[Floats, Floats]:
    """Likeness and competence of each pair of learners after each of the *amounts* of examples: pairs × amounts."""
    alike, able = [], []
    for n in amounts:
        networks = trained(those.untrained, *those.first(n), rng) if n else those.untrained
        layers = networks.layer(those.common_seen)
        alike.append([likeness(a, b) for a, b in zip(layers[::2], layers[1::2], strict=True)])
        lost = shortfall(those.common_truth, networks.forecast(those.common_seen))
        able.append(-(lost[::2] + lost[1::2]) / 2)
    return np.array(alike).T, np.array(able).T


@dataclass(frozen=True)
class Growth:
    """How some pairs of learners grow: pairs × amounts of examples, the first amount being none."""

    amounts: Sequence[int]
    alike: Floats  # the likeness of their inner layers
    able: Floats  # minus the mean shortfall of their forecasts

    def together(self) -> list[float]:
        """For each pair the rank correlation of likeness and competence, once there are examples."""
        return [spearman(list(a[1:]), list(b[1:])) for a, b in zip(self.alike, self.able, strict=True)]


def growth(seeds: Sequence[int], amounts: Sequence[int], arm: int, **how: Any) -> Growth:
    """The growth of one pair for each of the *seeds* from nothing through the *amounts*; *how* goes to `lives`."""
    pairs = lives(seeds, arm, examples=max(amounts), **how)
    return Growth((0, *amounts), *curves(pairs, (0, *amounts), np.random.default_rng([arm, 1])))


def growth_rows(grown: Mapping[str, Growth]) -> list[dict[str, Any]]:
    """The means over pairs at each amount of examples, as the rows of a figure with a series for each name."""
    return [
        {"series": name, "n": n, "alignment": round(float(a), 3), "shortfall": round(float(-b), 3)}
        for name, own in grown.items()
        for n, a, b in list(zip(own.amounts, own.alike.mean(axis=0), own.able.mean(axis=0), strict=True))[1:]
    ]


def readable(layer: Floats, factors: Floats) -> Floats:
    """How much of each factor a linear reading of the *layer* gives in worlds it was not fitted on: R², at least 0.

    *layer* is examples × units and *factors* examples × factors; the first half fits, the second half is scored.
    """
    half = len(layer) // 2
    design = np.concatenate([layer, np.ones((len(layer), 1))], axis=1)
    fit = np.linalg.lstsq(design[:half], factors[:half], rcond=None)[0]
    missed = ((factors[half:] - design[half:] @ fit) ** 2).mean(axis=0)
    return np.asarray(np.maximum(0, 1 - missed / factors[half:].var(axis=0)))


def recovery(those: Lives, relevant: int, rng: Generator) -> Floats:
    """What can be read of relevant and other factors before and after training: learners × (before, after) × 2."""
    after = trained(those.untrained, those.seen, those.happened, rng)
    found = np.stack(
        [
            [
                readable(layer, factors)
                for layer, factors in zip(each.layer(those.common_seen), those.common_factors, strict=True)
            ]
            for each in (those.untrained, after)
        ],
        axis=1,
    )
    return np.stack([found[:, :, :relevant].mean(axis=2), found[:, :, relevant:].mean(axis=2)], axis=2)


def read_off(seeds: Sequence[int], arm: int, *, hidden: int, relevant: int, examples: int) -> Floats:
    """The same for pairs of learners with a layer of *hidden* units, the two of a seed counting as one.

    The answer is seeds × (before, after) × (relevant, other factors).
    """
    pairs = lives(seeds, arm, examples=examples, relevant=relevant, hidden=hidden, common=600)
    found = recovery(pairs, relevant, np.random.default_rng([arm, 1]))
    return np.asarray(found.reshape(len(seeds), 2, 2, 2).mean(axis=1))


def held_in_full() -> float:
    """What can be read off a layer that holds the factors, only slightly bent: about all of them."""
    factors = np.random.default_rng(1).normal(size=(600, 3))
    return float(readable(np.tanh(factors / 10), factors).mean())
