"""The campaigns of `models.persona_management` over many settings at once, with numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from statistics import fmean
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from models.persona_management import (
    CLASSES,
    DESIRABLE,
    DOWN,
    FIRST_BAD,
    LAST,
    NAMES,
    STRATEGIES,
    TYPES,
    Setting,
    Strategy,
    first_corpus,
    margin,
    scores,
    spending,
    threshold,
)

Array = NDArray[np.float64]
Phase = Literal["during", "after"]
PHASES: tuple[Phase, ...] = ("during", "after")
Courses = dict[Strategy, tuple[Array, Array]]
Left = dict[tuple[Strategy, Phase], list[float]]

BOX: dict[str, tuple[str, float, float]] = {
    "evasion": ("log", 0.001, 0.1),
    "bad_gain": ("log", 0.02, 0.4),
    "interference": ("even", 0.0, 0.5),
    "good_gain": ("even", -0.05, 0.05),
    "evasion_cost": ("even", 0.0, 0.02),
    "budget": ("log", 0.01, 0.15),
    "fading": ("even", 0.2, 0.9),
    "detection": ("even", 0.2, 0.95),
    "price": ("log", 0.5, 4.0),
    "immigration": ("log", 0.0005, 0.01),
}
"""What is drawn for a setting: evenly, or evenly in the logarithm, and between what bounds."""


def draw_settings(count: int, design_seed: int) -> list[Setting]:
    """Settings drawn from the box."""
    rng = np.random.default_rng(design_seed)
    drawn: dict[str, NDArray[np.float64]] = {}
    for name, (scale, low, high) in BOX.items():
        luck = rng.random(count)
        drawn[name] = low * (high / low) ** luck if scale == "log" else low + (high - low) * luck
    rows: list[dict[str, Any]] = [{name: float(values[k]) for name, values in drawn.items()} for k in range(count)]
    return [Setting(**row) for row in rows]


def _column(settings: Sequence[Setting], name: str) -> Array:
    return np.array([getattr(setting, name) for setting in settings])[:, None]


def run(seed: int, settings: Sequence[Setting], strategy: Strategy) -> tuple[Array, Array]:
    """The shares of the undesirable and of the desirable, settings × (generations + 1).

    All settings have the same numbers of texts and generations. The stream is one for all strategies, so that two that
    do the same meet the same luck.
    """
    rng = np.random.default_rng([seed, 0])
    first = settings[0]
    values = {field.name: _column(settings, field.name) for field in fields(Setting)}
    steps = np.arange(CLASSES)
    seen = values["detection"] * values["fading"] ** steps
    plain = 1 + values["bad_gain"] - values["evasion_cost"] * steps
    removal_rate, release_rate = (np.array(x) for x in zip(*(spending(s, strategy) for s in settings), strict=True))
    corpus = np.array([first_corpus(setting) for setting in settings])
    path = [corpus]
    for generation in range(first.control + first.after):
        if generation < first.control:
            corpus = _hunted(rng, corpus, seen, _allowance(removal_rate, generation))
            corpus[:, DESIRABLE] += _allowance(release_rate, generation)
        corpus = rng.multinomial(first.documents, _next_chances(corpus, plain, values))
        path.append(corpus)
    shares = np.array(path) / first.documents
    return shares[:, :, FIRST_BAD:].sum(axis=2).T, shares[:, :, DESIRABLE].T


def _allowance(rate: Array, generation: int) -> NDArray[np.int64]:
    return (np.floor(rate * (generation + 1) + 1e-9) - np.floor(rate * generation + 1e-9)).astype(np.int64)


def _hunted(
    rng: np.random.Generator, corpus: NDArray[np.int64], seen: Array, removals: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The corpora without what was detected, at most *removals* texts of each, whichever of them."""
    left = corpus.copy()
    detected = rng.binomial(corpus[:, FIRST_BAD:], seen)
    rest = detected.sum(axis=1)
    wanted = np.minimum(removals, rest)
    for kind in range(CLASSES):
        rest = rest - detected[:, kind]
        taken = rng.hypergeometric(detected[:, kind], rest, wanted)
        left[:, FIRST_BAD + kind] -= taken
        wanted = wanted - taken
    return left


def _next_chances(corpus: NDArray[np.int64], plain: Array, values: dict[str, Array]) -> Array:
    good = corpus[:, [DESIRABLE]] / corpus.sum(axis=1, keepdims=True)
    fitness = np.concatenate(
        [1 + values["good_gain"], np.ones_like(good), plain * (1 - values["interference"] * good)], axis=1
    )
    weights = corpus * fitness
    moved = values["evasion"] * weights[:, FIRST_BAD : TYPES - 1]
    weights[:, FIRST_BAD : TYPES - 1] -= moved
    weights[:, FIRST_BAD + 1 :] += moved
    chances = (1 - values["immigration"]) * weights / weights.sum(axis=1, keepdims=True)
    chances[:, [FIRST_BAD]] += values["immigration"]
    return np.asarray(chances)


def run_all(seeds: Sequence[int], settings: Sequence[Setting]) -> Courses:
    """For each strategy the shares of the undesirable and of the desirable, seeds × settings × (generations + 1)."""
    found: Courses = {}
    for strategy in STRATEGIES:
        runs = [run(seed, settings, strategy) for seed in seeds]
        found[strategy] = (np.array([bad for bad, _ in runs]), np.array([good for _, good in runs]))
    return found


def scores_by(left: Left) -> dict[Phase, list[int]]:
    """In each phase, the score of promotion against hunting in each setting."""
    return {phase: scores(left["suppress", phase], left["promote", phase]) for phase in PHASES}


def left_by(courses: Courses, campaign: int = Setting.control) -> Left:
    """What each strategy left of the undesirable in each setting, averaged over seeds and the end of each phase."""
    ends = {"during": slice(campaign - LAST + 1, campaign + 1), "after": slice(-LAST, None)}
    return {
        (strategy, phase): bad[:, :, ends[phase]].mean(axis=(0, 2)).tolist()
        for strategy, (bad, _) in courses.items()
        for phase in PHASES
    }


def idle_gap(seed: int, settings: Sequence[Setting]) -> float:
    """The largest difference between any strategy and none when there is no budget to spend."""
    idle = run_all([seed], [replace(setting, budget=0.0) for setting in settings])
    return max(float(abs(bad - idle["none"][0]).max()) for bad, _ in idle.values())


AGAINST: dict[Strategy, str] = {"promote": "against promotion", "suppress": "against hunting"}


def saved_by_both(left: Left) -> dict[str, list[float]]:
    """How much less of the undesirable half of each left in each setting than promotion or hunting, in each phase."""
    return {
        f"{words}, {phase}": [one - both for one, both in zip(left[strategy, phase], left["both", phase], strict=True)]
        for strategy, words in AGAINST.items()
        for phase in PHASES
    }


def regrets(left: Left) -> Left:
    """How much more of the undesirable each strategy left in each setting than the best of the three there."""
    best = {phase: np.min([left[strategy, phase] for strategy in STRATEGIES[1:]], axis=0) for phase in PHASES}
    return {
        (strategy, phase): (np.array(left[strategy, phase]) - best[phase]).tolist()
        for strategy in STRATEGIES[1:]
        for phase in PHASES
    }


def worst_in_twenty(values: Sequence[float]) -> float:
    """The 95th percentile: what is exceeded in one case of twenty."""
    return float(np.quantile(values, 0.95))


def regret_rows(rued: Left) -> list[dict[str, Any]]:
    """Mean and 95th percentile of the regret of each strategy in each phase, as rows."""
    return [
        {"strategy": NAMES[strategy], "phase": phase, "measure": measure, "regret": round(value, 4)}
        for (strategy, phase), values in rued.items()
        for measure, value in (("mean", fmean(values)), ("worst in twenty", worst_in_twenty(values)))
    ]


def course_rows(courses: Courses, every: int = 2) -> list[dict[str, Any]]:
    """The mean share of the undesirable under each strategy, after *every* few generations, as rows."""
    return [
        {"series": NAMES[strategy], "generation": g, "share": round(float(bad[:, :, g].mean()), 4)}
        for strategy, (bad, _) in courses.items()
        for g in range(0, bad.shape[2], every)
    ]


def in_blocks(values: Sequence[float], size: int) -> list[float]:
    """The mean of each *size* values that follow each other."""
    return [fmean(values[k : k + size]) for k in range(0, len(values), size)]


@dataclass(frozen=True)
class Forecast:
    """Runs of promotion (seeds × settings): how they ended, and what was foretold when the campaign did."""

    down: NDArray[np.bool_]
    """Whether the undesirable stayed down."""
    passed: NDArray[np.bool_]
    """Whether the desirable had passed the threshold when the campaign ended, which foretells that."""
    was_down: NDArray[np.bool_]
    """Whether the undesirable was down then, which is a cheaper thing to go by."""
    margins: list[float]
    """By how much the desirable was copied better then, run by run."""

    @property
    def right(self) -> list[float]:
        """How often the threshold was right in each setting."""
        return [float(often) for often in (self.passed == self.down).mean(axis=0)]

    @property
    def cheap(self) -> float:
        """How often it is right that what is down stays down, and nothing else does."""
        return float((self.was_down == self.down).mean())


def foretold(courses: Courses, settings: Sequence[Setting], campaign: int = Setting.control) -> Forecast:
    """The runs of promotion, and what the threshold said of them when the campaign ended."""
    bad, good = courses["promote"]
    ended = good[:, :, campaign]
    return Forecast(
        down=bad[:, :, -LAST:].mean(axis=2) < DOWN,
        passed=ended > np.array([threshold(setting) for setting in settings]),
        was_down=bad[:, :, campaign] < DOWN,
        margins=[margin(float(x), setting) for row in ended for x, setting in zip(row, settings, strict=True)],
    )


def redrawn(seeds: Sequence[int], count: int, designs: Sequence[int]) -> list[dict[str, float]]:
    """For further draws of *count* settings: promotion's balance in each phase, and what both saves on hunting."""
    found = []
    for design in designs:
        left = left_by(run_all(seeds, draw_settings(count, design)))
        wins = scores_by(left)
        saved = fmean(saved_by_both(left)["against hunting, during"])
        found.append({"during": fmean(wins["during"]), "after": fmean(wins["after"]), "saved": saved})
    return found
