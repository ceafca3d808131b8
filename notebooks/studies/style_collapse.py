"""The training of `models.style_collapse` over many seeds and kinds of judges at once, and a writer sharing nothing.

The second writer keeps a table: for every character a weight for each of 81 styles. It is the ablation of what the
characters of the first one have in common, which is parameters and the smoothness of a bell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.style_collapse import (
    CAMP,
    CAMP_SCATTER,
    CAMP_SHARE,
    CHARACTERS,
    JITTER,
    RADIUS,
    RATE,
    SCATTER,
    TEXTS,
    UPDATES,
    Judging,
    Style,
    places,
)

Styles = NDArray[np.complex128]
Numbers = NDArray[np.float64]
PANEL = 400


def _normal(rng: np.random.Generator, shape: tuple[int, ...]) -> Styles:
    both = rng.standard_normal((*shape, 2))
    return np.asarray(both[..., 0] + 1j * both[..., 1])


def cast(rng: np.random.Generator) -> Styles:
    """The means of the characters before training, as in the core."""
    circle = RADIUS * np.exp(2j * np.pi * np.arange(CHARACTERS) / CHARACTERS)
    return np.asarray(circle + JITTER * _normal(rng, (CHARACTERS,)))


def judges(tastes: int, rng: np.random.Generator) -> Styles:
    """The ideals of PANEL judges, as in the core."""
    noise = _normal(rng, (PANEL,))
    if tastes == 1:
        return noise
    return np.where(rng.random(PANEL) < CAMP_SHARE, CAMP, -CAMP) + CAMP_SCATTER * noise


def _liking(squares: Numbers, h: Numbers) -> Numbers:
    return np.asarray(np.exp(-squares / (2 * h * h)))


def _squares(z: Styles) -> Numbers:
    return z.real**2 + z.imag**2


def train_all(kinds: Sequence[Judging], seeds: Sequence[int]) -> tuple[Styles, Styles, Styles]:
    """The characters before, the panels of judges and the characters after, for each of the *kinds* and each seed.

    Shapes: seeds × characters, kinds × seeds × judges, kinds × seeds × characters. All kinds meet the
    same cast and the same luck under one seed; panels of the same number of tastes are the same.
    """
    rngs = [np.random.default_rng([seed, 0]) for seed in seeds]
    starts = np.stack([cast(rng) for rng in rngs])
    by_taste = {
        tastes: np.stack([judges(tastes, np.random.default_rng([seed, tastes])) for seed in seeds]) for tastes in (1, 2)
    }
    panels = np.stack([by_taste[kind.tastes] for kind in kinds])
    h = np.array([kind.h for kind in kinds])[:, None, None, None]
    weight = np.array([kind.weight for kind in kinds])[:, None, None, None]
    share = np.array([kind.share for kind in kinds])[:, None, None]
    homes = np.broadcast_to(starts, (len(kinds), *starts.shape))
    means, usual = homes.copy(), np.zeros((len(kinds), len(seeds), 1, 1))
    row = np.arange(len(seeds))[:, None, None]
    for _ in range(UPDATES):
        noise = np.stack([_normal(rng, (CHARACTERS, TEXTS)) for rng in rngs])
        chosen = np.stack([rng.integers(PANEL, size=(CHARACTERS, TEXTS)) for rng in rngs])
        luck = np.stack([rng.random((CHARACTERS, TEXTS)) for rng in rngs])
        texts = means[..., None] + SCATTER * noise
        taste = _liking(_squares(texts - panels[:, row, chosen]), h)
        fit = _liking(_squares(texts - homes[..., None]), h)
        yes = luck < (1 - weight) * taste + weight * fit
        own = ((yes - usual) * noise).mean(axis=-1) / SCATTER
        usual += 0.05 * (yes.mean(axis=(-2, -1), keepdims=True) - usual)
        means = means + RATE * ((1 - share) * own + share * own.mean(axis=-1, keepdims=True))
    return starts, panels, means


def spread(means: Styles) -> Numbers:
    """How far the characters (last axis) lie from their own centre."""
    return np.asarray(np.sqrt(_squares(means - means.mean(axis=-1, keepdims=True)).mean(axis=-1)))


def distance(means: Styles, panels: Styles) -> Numbers:
    """How far the characters lie from the centre of the judges, on average."""
    return np.asarray(np.abs(means - panels.mean(axis=-1, keepdims=True)).mean(axis=-1))


def satisfaction(means: Styles, panels: Styles, h: float) -> Numbers:
    """How much the judges (last axis of *panels*) like what the characters (last axis of *means*) write, on average."""
    wide = h * h + SCATTER**2
    between = _squares(means[..., :, None] - panels[..., None, :])
    return np.asarray(h * h / wide * np.exp(-between / (2 * wide)).mean(axis=(-2, -1)))


def best_voice(panels: Styles, h: float, steps: int = 40) -> Styles:
    """The one voice that suits the judges (last axis) best: mean shift from the middle and from both camps."""
    found, liked = [], []
    for start in (panels.mean(axis=-1), np.full(panels.shape[:-1], CAMP + 0j), np.full(panels.shape[:-1], -CAMP + 0j)):
        voice = start
        for _ in range(steps):
            weights = np.exp(-_squares(panels - voice[..., None]) / (2 * (h * h + SCATTER**2)))
            voice = (weights * panels).sum(axis=-1) / weights.sum(axis=-1)
        found.append(voice)
        liked.append(satisfaction(voice[..., None], panels, h))
    best = np.argmax(liked, axis=0)
    return np.asarray(np.take_along_axis(np.array(found), best[None], axis=0)[0])


@dataclass(frozen=True, eq=False)  # arrays have no one equality
class Outcomes:
    """What training made of the characters: in each array a row for every kind of judges, a column for every seed."""

    kept: Numbers
    """The share of the characters' spread that is left."""
    nearer: Numbers
    """The share of their distance to the centre of the judges that is left."""
    pleased: Numbers
    """How much they satisfy the judges, as a share of what the best voice would."""
    off: Numbers
    """How far from the best voice they end, in widths of what the judges like on average."""
    places: Numbers
    """In how many places they come to rest."""
    ways: list[tuple[list[Style], list[Style], list[Style]]]
    """For each kind, under the first seed: some of the judges, and the characters before and after."""


def outcomes(kinds: Sequence[Judging], seeds: Sequence[int]) -> Outcomes:
    """What each of the *kinds* of judges makes of the characters; under one seed all meet the same cast and luck."""
    starts, panels, ends = train_all(kinds, seeds)
    best = np.stack([best_voice(panel, kind.h) for panel, kind in zip(panels, kinds, strict=True)])[..., None]
    pleased = [
        satisfaction(end, panel, kind.h) / satisfaction(voice, panel, kind.h)
        for end, panel, voice, kind in zip(ends, panels, best, kinds, strict=True)
    ]
    width = np.array([[np.hypot(kind.h, SCATTER)] for kind in kinds])
    return Outcomes(
        kept=spread(ends) / spread(starts),
        nearer=distance(ends, panels) / distance(starts, panels),
        pleased=np.stack(pleased),
        off=np.abs(ends - best).mean(axis=-1) / width,
        places=np.array([[float(places(means)) for means in of_kind] for of_kind in ends]),
        ways=[(list(panel[0, :90]), list(starts[0]), list(end[0])) for panel, end in zip(panels, ends, strict=True)],
    )


# --- the writer that shares nothing --------------------------------------------------------------------------------

GRID = np.linspace(-4, 4, 9)
TABLE_UPDATES, TABLE_RATE = 600, 1.0


def table_information(h: float, seeds: Sequence[int]) -> tuple[Numbers, Numbers]:
    """How much a text tells of its character before and after training a table on blind judges of one taste, in bits.

    Each character has a logit for each style of a 9 × 9 grid; REINFORCE with TEXTS texts per character and update.
    """
    styles = (GRID[:, None] + 1j * GRID[None, :]).ravel()
    before, after = [], []
    for seed in seeds:
        rng = np.random.default_rng([seed, 9])
        logits = -_squares(cast(rng)[:, None] - styles) / (2 * SCATTER**2)
        panel = judges(1, np.random.default_rng([seed, 1]))
        before.append(_information(_softmax(logits)))
        usual = 0.0
        for _ in range(TABLE_UPDATES):
            chances = _softmax(logits)
            luck = rng.random((CHARACTERS, TEXTS))
            picked = (chances.cumsum(axis=1)[:, None, :] < luck[..., None]).sum(axis=-1).clip(max=len(styles) - 1)
            ideals = panel[rng.integers(PANEL, size=picked.shape)]
            yes = rng.random(picked.shape) < _liking(_squares(styles[picked] - ideals), np.array(h))
            for k in range(TEXTS):
                step = TABLE_RATE * (yes[:, k] - usual)[:, None] / TEXTS
                logits = logits - step * chances
                logits[np.arange(CHARACTERS), picked[:, k]] += step[:, 0]
            usual += 0.05 * (yes.mean() - usual)
        after.append(_information(_softmax(logits)))
    return np.array(before), np.array(after)


def _softmax(logits: Numbers) -> Numbers:
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _information(chances: Numbers) -> float:
    """The mutual information of character and style, in bits, when all characters speak equally often."""
    overall = chances.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(chances > 0, chances * np.log2(chances / overall), 0.0)
    return float(terms.sum() / len(chances))
