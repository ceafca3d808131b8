"""Many learners of `models.catastrophe_reward` at once, over seeds and settings, with numpy.

The learner is the core's; only the streams of chance differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import catastrophe_reward as model
from models.catastrophe_reward import DISCOUNT, EXPLORE, NO_DIFFERENCE, RATE, START, Frame, Known, World

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Framing = tuple[Frame, float]
"""What a learner is paid, and what it expects at first."""


def lucks(seeds: Sequence[int], arm: int, steps: int, lives: int = 1) -> Numbers:
    """The draws of all lives under all *seeds*: (steps, 3, seeds × lives), between 0 and 1.

    A seed's draws are the same whichever other seeds are asked for.
    """
    each = [np.random.default_rng([seed, arm]).random((steps, 3, lives)) for seed in seeds]
    return np.concatenate(each, axis=2)


def catastrophes(
    luck: Numbers,
    worlds: Sequence[World],
    framings: Iterable[Framing],
    *,
    rate: Numbers | float,
    explore: Numbers | float,
    discount: float = DISCOUNT,
) -> Flags:
    """When each learner met the catastrophe: (framings, steps, lives) truths.

    A life has the draws, the world, the *rate* and the blindness at its place; each of *framings* goes through all of
    them with the same luck.
    """
    framings = list(framings)
    steps, _, lives = luck.shape
    moves = np.asarray(worlds, dtype=np.float64)  # (lives, altitudes, actions, 2)
    _, altitudes, actions, _ = moves.shape
    top, start = altitudes - 1, min(START - 1, altitudes - 1)
    down, stay = moves[..., 0].ravel(), moves[..., 1].ravel()
    living, ending, first = np.array([(frame.living, frame.ending, first) for frame, first in framings]).T[:, :, None]
    # Altitudes are numbered through: each learner's from its own ground upwards, and so are the rows of its values.
    values = np.repeat(first.ravel(), lives * altitudes)[:, None] * np.ones(actions)
    ground = altitudes * np.arange(len(framings) * lives).reshape(len(framings), lives)
    same = altitudes * np.arange(lives)  # where its world begins, shared by all framings
    at = np.full(ground.shape, start)
    ends = np.zeros((len(framings), steps, lives), dtype=np.bool_)
    for step in range(steps):
        blind, which, move = luck[step]
        rows = values.take(ground + at, axis=0)
        ties = rows >= rows.max(axis=2, keepdims=True) - NO_DIFFERENCE
        rank = ties.cumsum(axis=2)
        wanted = (which * rank[:, :, -1]).astype(np.int64) + 1
        greedy = (rank == wanted[:, :, None]).argmax(axis=2)  # the first place where so many ties have been passed
        action = np.where(blind < explore, (which * actions).astype(np.int64), greedy)
        taken = (same + at) * actions + action
        after = at + 1 - (move < stay.take(taken)) - (move < down.take(taken))
        after = np.minimum(after, top)
        ends[:, step] = ended = after < 0
        target = np.where(ended, ending, living + discount * values.take(ground + after, axis=0).max(axis=2))
        old = np.take_along_axis(rows, action[:, :, None], axis=2)[:, :, 0]
        values[ground + at, action] = old + rate * (target - old)
        at = np.where(ended, start, after)
    return ends


def survivals(ends: Flags, seeds: int) -> Numbers:
    """The share of each seed's lives that saw no catastrophe: (framings, seeds)."""
    framings, _, lives = ends.shape
    shares: Numbers = (~ends.any(axis=1)).reshape(framings, seeds, lives // seeds).mean(axis=2)
    return shares


def falls(
    seeds: Sequence[int],
    worlds: Sequence[World],
    framings: Iterable[Framing],
    learners: Sequence[Mapping[str, float]],
    *,
    arm: int,
    steps: int,
) -> Numbers:
    """How often each learner met the catastrophe: (framings, learners, seeds).

    Each of *learners* has its blindness ε and its rate α, and luck of its own, from *arm* upwards; a seed has a world.
    """
    luck = np.concatenate([lucks(seeds, arm + i, steps) for i in range(len(learners))], axis=2)
    rate, explore = (np.repeat([learner[name] for learner in learners], len(seeds)) for name in ("α", "ε"))
    ends = catastrophes(luck, [*worlds] * len(learners), framings, rate=rate, explore=explore)
    counts: Numbers = ends.sum(axis=1).reshape(-1, len(learners), len(seeds)).astype(np.float64)
    return counts


def log_ratios(falls: Numbers) -> Numbers:
    """The log of the catastrophes under the second framing over those under the first, one added to each."""
    ratios: Numbers = np.log((falls[1] + 1) / (falls[0] + 1))
    return ratios


def usual(
    seeds: Sequence[int],
    worlds: Sequence[World],
    framings: Iterable[Framing],
    *,
    arm: int,
    steps: int,
    lives: int = 1,
) -> Flags:
    """When each learner met the catastrophe, as `catastrophes`; *lives* in each seed's world, of usual rate and ε."""
    each = [world for world in worlds for _ in range(lives)]
    return catastrophes(lucks(seeds, arm, steps, lives), each, framings, rate=RATE, explore=EXPLORE)


def survival(
    seeds: Sequence[int],
    worlds: Sequence[World],
    framings: Iterable[Framing],
    *,
    arm: int,
    horizon: int,
    lives: int,
) -> Numbers:
    """The share of each seed's *lives*, in its world, that reach *horizon*: (framings, seeds)."""
    return survivals(usual(seeds, worlds, framings, arm=arm, steps=horizon, lives=lives), len(seeds))


def largest_gap(shares: Numbers) -> float:
    """How far two framings are apart under the seed where they are furthest: from (2, seeds)."""
    return float(abs(shares[0] - shares[1]).max())


def unhurt(ends: Flags, length: int) -> list[list[float]]:
    """For each framing the share of lives without a catastrophe in the first, second … *length* steps."""
    framings, steps, lives = ends.shape
    hurt = ends.reshape(framings, steps // length, length, lives).any(axis=2)
    shares: list[list[float]] = (~hurt).mean(axis=2).tolist()
    return shares


def learning_curves(names: Iterable[str], ends: Flags, points: int = 20) -> list[dict[str, Any]]:
    """The rows of the figure of learning: catastrophes so far under each of *names*, at *points* equal distances."""
    steps = {name: [np.flatnonzero(one).tolist() for one in mine.T] for name, mine in zip(names, ends, strict=True)}
    return model.learning_rows(steps, [ends.shape[1] * k // points for k in range(points + 1)])


# --- what is known beforehand ----------------------------------------------------------------------------------------


def known_of_starts(charged: Flags, paid: Flags) -> list[Known]:
    """The wage's learner that begins 1 higher meets the catastrophe whenever the charge's does, and only then."""
    apart = int((charged != paid).sum())
    name = "the wage's learner begins 1 higher: steps at which only one of both falls"
    return [(name, apart, "0", apart == 0)]


def known_of_one_life(
    seeds: Sequence[int], ladders: Sequence[World], one_state: Numbers, *, lives: int, slack: float = 1
) -> list[Known]:
    """The framings survive alike where they must, and in the one-state world as they do on paper.

    *one_state* is the survival there, (charge and wage, seeds); *slack* widens what is allowed where lives are few.
    """
    charge, wage = model.charge(), model.wage()
    even = [model.one_state((0.015,) * 4)] * len(seeds)
    luckier = largest_gap(survival(seeds, even, [(charge, 0), (wage, 0)], arm=28, horizon=300, lives=lives))
    kinder = largest_gap(survival(seeds, ladders, [(charge, 0), (wage, 1)], arm=20, horizon=50, lives=lives))
    restless = float(one_state[0].mean()) - model.survival_of_the_restless()
    habitual = float(one_state[1].mean()) - model.survival_of_the_habitual()
    close, near = 0.01 * slack, 0.03 * slack
    return [
        ("four equal hazards: any seed's gap in survival", luckier, "0", luckier == 0),
        ("first expectations 1 apart: any seed's gap in survival", kinder, "0", kinder == 0),
        (
            "survival under the charge minus that of choosing blindly, (1 − mean hazard)^300",
            restless,
            f"within {close:g}",
            abs(restless) < close,
        ),
        (
            "survival under the wage minus that of keeping the first action drawn",
            habitual,
            f"within {near:g}",
            abs(habitual) < near,
        ),
    ]
