"""The training of `models.verbosity_hedging`, of many writers at once, each with its own pay and its own luck."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.verbosity_hedging import BINS, LEARNING, LENGTHS, NUDGE, STATEMENTS, STEPS, Point, Trained

Numbers = NDArray[np.float64]
CHUNK = 500


def learned_lengths(points: Sequence[Point], seeds: Sequence[int], steps: int = STEPS) -> Numbers:
    """How many wordings writers make after training: a row for each of the *points*, a column for each seed.

    Under one seed all writers draw their lengths with the same luck.
    """
    rngs = [np.random.default_rng([seed, 20]) for seed in seeds]
    shape = (len(points), len(seeds))
    p, c, price = (np.array([getattr(point, name) for point in points])[:, None, None] for name in ("p", "c", "price"))
    best = np.array([point.judge == "any" for point in points])[:, None]
    lengths = np.array(LENGTHS)
    logits, usual = np.zeros((*shape, len(lengths))), np.zeros(shape)
    for start in range(0, steps, CHUNK):
        luck = np.stack([rng.random((CHUNK, 1 + 2 * len(lengths))) for rng in rngs], axis=1)
        for draw in luck[: steps - start]:
            weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
            chances = weights / weights.sum(axis=-1, keepdims=True)
            picked = (chances.cumsum(axis=-1) < draw[:, :1]).sum(axis=-1).clip(max=len(lengths) - 1)
            n = lengths[picked]
            alone = draw[:, 1 : 1 + len(lengths)] < p
            shares = draw[:, 1 + len(lengths) :] < c
            landed = np.where(shares, alone[..., :1], alone) & (np.arange(len(lengths)) < n[..., None])
            moved = np.where(best, landed.any(axis=-1), landed.sum(axis=-1) / n)
            earned = moved - price[..., 0] * (n - 1)
            step = (LEARNING * (earned - usual))[..., None]
            logits = logits + step * ((np.arange(len(lengths)) == picked[..., None]) - chances)
            usual = usual + 0.02 * (earned - usual)
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray((weights * lengths).sum(axis=-1) / weights.sum(axis=-1))


def learned_hedging(
    groups: Sequence[Sequence[Trained]], seeds: Sequence[int], arm: int, *, paired: bool, statements: int = STATEMENTS
) -> Numbers:
    """The share of statements that writers hedge after training: a row for each seed, a column for each of its writers.

    *groups* gives for each seed its writers, as many as for the others. *paired* writers of one seed make the same
    statements with the same luck; otherwise each has its own.
    """
    rngs = [np.random.default_rng([seed, arm]) for seed in seeds]
    shape = (len(groups), len(groups[0]))
    writers = [writer for group in groups for writer in group]
    known = {knowledge: knowledge.bins(grid=800) for _, knowledge in writers}
    table = np.array([known[knowledge] for _, knowledge in writers])
    mass, right = table[..., 0], table[..., 1]
    upto = mass.cumsum(axis=-1)
    c, h = (np.array([getattr(pay, name) for pay, _ in writers]) for name in ("c", "h"))
    row, leaning = np.arange(len(writers)), np.zeros(mass.shape)
    for start in range(0, statements, CHUNK):
        drawn = np.stack([rng.random((CHUNK, 3, 1 if paired else shape[1])) for rng in rngs], axis=2)
        luck = np.broadcast_to(drawn, (CHUNK, 3, *shape)).reshape(CHUNK, 3, -1)[: statements - start]
        # Which statements come does not depend on what is learned, so their bins are found beforehand.
        came = (upto <= luck[:, 0, :, None]).sum(axis=-1).clip(max=BINS - 1)
        gain = NUDGE * (np.where(luck[:, 2] < right[row, came], 1.0, -c) - h)
        for k, choice, gained in zip(came, luck[:, 1], gain, strict=True):
            leans = leaning[row, k]
            assertive = 1 / (1 + np.exp(-leans))
            leaning[row, k] = leans + (choice < assertive) * gained * (1 - assertive)
    return np.asarray((mass / (1 + np.exp(leaning))).sum(axis=-1).reshape(shape))


def hedging_of(
    kinds: Sequence[Trained], seeds: Sequence[int], arm: int, statements: int = STATEMENTS
) -> dict[Trained, Numbers]:
    """What each of the *kinds* of writers hedges under every seed: all make the same statements with the same luck."""
    hedged = learned_hedging([kinds] * len(seeds), seeds, arm, paired=True, statements=statements)
    return dict(zip(kinds, hedged.T, strict=True))
