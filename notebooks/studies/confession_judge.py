"""Many models in the confessional at once: the training of `models.confession_judge`, over settings and seeds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import confession_judge as model
from models.confession_judge import (
    ANSWER,
    DEFAULT,
    MOMENTS,
    NOWHERE,
    OBEYED,
    RATE,
    TRACE,
    Paid,
    Trained,
    Training,
    World,
)

Floats = NDArray[np.float64]
Setting = tuple[World, Training]

KINDS = 8
"""How many numbers decide what becomes of one rule."""
BLOCK = 250
"""For how many episodes chance is drawn at a time."""


def columns(values: Sequence[Any], names: str) -> list[Floats]:
    """The attributes *names* of all values, each to be spread over seeds and rules: shape (settings, 1, 1)."""
    return [np.array([getattr(value, name) for value in values], float)[:, None, None] for name in names.split()]


def sigmoid(x: Floats) -> Floats:
    """The probability that belongs to each real number."""
    return np.asarray(1 / (1 + np.exp(-x)))


def places(world_columns: Sequence[Floats], luck: Floats) -> NDArray[np.int64]:
    """What became of each rule in each setting; *luck* has the shape (3, seeds, rules)."""
    broken, in_answer, in_trace = world_columns
    shown = np.where(luck[1] < in_answer, ANSWER, np.where(luck[2] < in_trace, TRACE, NOWHERE))
    return np.where(luck[0] < broken, shown, OBEYED)


class Advantages:
    """How much better than usual each reward is, as `models.confession_judge.Advantage` has it: (settings, seeds)."""

    def __init__(self, first: Floats, scaled: Floats) -> None:
        self.usual, self.spread, self.scaled = first.copy(), np.zeros_like(first), scaled

    def of(self, reward: Floats) -> Floats:
        """The advantages of *reward*, which then counts towards what is usual."""
        better = reward - self.usual
        self.usual += RATE * better
        self.spread += RATE * (better * better - self.spread)
        size = np.sqrt(self.spread)
        return np.where(self.scaled > 0, np.divide(better, size, out=np.zeros_like(better), where=size > 0), better)


def train(settings: Sequence[Setting], seeds: Sequence[int], arm: int = 0) -> list[list[Trained]]:
    """What came of every setting under every seed: the same seed means the same luck in all settings.

    All settings share the number of rules and of episodes; *arm* sets one experiment's luck apart from another's.
    """
    worlds, hows = [world for world, _ in settings], [how for _, how in settings]
    (rules,), (episodes,) = {how.rules for how in hows}, {how.episodes for how in hows}
    where = columns(worlds, "broken in_answer in_trace")
    sees, imagines, knows = columns(worlds, "sees imagines knows")
    graded, price, reads, gullible, pressure = columns(hows, "graded price reads gullible pressure")
    start, recital, shapes, step, scaled = columns(hows, "start recital shapes_trace step scaled")
    streams = [np.random.default_rng([seed, arm]) for seed in seeds]

    will = np.zeros((len(settings), len(seeds), 4)) + np.log(start / (1 - start))
    recites = np.zeros((len(settings), len(seeds), 1)) + recital
    habit = np.log(np.where(shapes > 0, recites, 0.5) / (1 - np.where(shapes > 0, recites, 0.5)))
    rows, own = np.arange(len(settings))[:, None, None], np.arange(len(seeds))[None, :, None]
    advantages: Advantages | None = None
    path = []
    for number in range(episodes):
        if number % BLOCK == 0:
            block = np.stack([s.random((min(BLOCK, episodes - number), KINDS, rules)) for s in streams], axis=2)
        if number % max(1, episodes // MOMENTS) == 0:
            path.append(recites[:, :, 0].copy())
        luck = block[number % BLOCK]
        place = places(where, luck[:3])
        felt = np.where(luck[3] < knows, place, OBEYED)
        confesses = sigmoid(will)[rows, own, felt]
        confessed = luck[4] < confesses
        recited = luck[5] < recites
        visible = (place == ANSWER) | ((place == TRACE) & (reads > 0))
        flagged = (luck[7] < np.where(visible, sees, imagines)) & ~(recited & (luck[6] < gullible) & (reads > 0))
        agreed = (confessed == flagged).mean(axis=2)
        reward = np.where(graded[:, :, 0] > 0, agreed, agreed == 1) - price[:, :, 0] * confessed.sum(axis=2)
        reward = reward + pressure[:, :, 0] * (~flagged).mean(axis=2)
        if advantages is None:
            advantages = Advantages(reward, scaled[:, :, 0])
        push = (step[:, :, 0] * advantages.of(reward))[:, :, None]
        above = confessed - confesses
        slopes = np.stack([(above * (felt == kind)).sum(axis=2) for kind in range(4)], axis=2)
        will += push * slopes
        habit += push * shapes * (recited - recites).sum(axis=2, keepdims=True)
        recites = np.where(shapes > 0, sigmoid(habit), recites)
    final, paths = sigmoid(will), np.stack(path, axis=2)
    return [
        [Trained(tuple(final[c, s].tolist()), float(recites[c, s, 0]), tuple(paths[c, s].tolist())) for s in own.flat]
        for c in range(len(settings))
    ]


# --- the experiments -----------------------------------------------------------------------------------------------


def both_pays(items: int, price: float, seeds: Sequence[int], episodes: int, scaled: bool = True) -> Paid:
    """Models with as many *items* in a confession under both kinds of pay, which share their luck."""
    hows = [
        Training(rules=items, graded=graded, price=price, scaled=scaled, episodes=episodes) for graded in (True, False)
    ]
    trained = train([(DEFAULT, how) for how in hows], seeds, arm=items)
    each, whole = ([one.confesses[ANSWER] for one in row] for row in trained)
    return Paid(items, price, each, whole)


def confessors(
    cells: Iterable[tuple[float, float]], seeds: Sequence[int], episodes: int, reads: bool = False
) -> list[list[Trained]]:
    """Models that start by confessing some share, before a judge who imagines some share: *cells* are such pairs."""
    settings = [
        (replace(DEFAULT, imagines=imagines), Training(reads=reads, start=start, episodes=episodes))
        for start, imagines in cells
    ]
    return train(settings, seeds, arm=50)


def train_all(hows: Iterable[Training], seeds: Sequence[int], arm: int) -> list[list[Trained]]:
    """`train` in the default world."""
    return train([(DEFAULT, how) for how in hows], seeds, arm)


def unheard(how: Training, ended: Iterable[Trained]) -> list[float]:
    """The share of breaches that neither the judge flags nor the model confesses, for each model."""
    return [model.unheard(DEFAULT, how, one) for one in ended]


def gains(how: Training, ended: Iterable[Trained]) -> list[float]:
    """What reading the trace gains a judge of models that *ended* as they did."""
    return [model.gain(DEFAULT, one.recital, how.gullible) for one in ended]
