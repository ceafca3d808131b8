"""The sweeps of `models.reward_seeking` over many settings and seeds at once.

Every seed has a generator of its own, made of the seed and an arm, and all settings meet the same luck, so that they
are compared under common random numbers. Arrays of luck have the shape rollouts × seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.reward_seeking import CORNER, TESTS, Matrix, Training, critical_transfer, logit, reach

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Luck:
    """What chance decides in each rollout of each seed."""

    places: Ints  # the environment that is visited
    choices: Floats  # which motivation is followed: uniform in [0, 1)
    results: Floats  # whether the rollout succeeds: uniform in [0, 1)
    errors: Floats  # whether the judge of the task errs: uniform in [0, 1)

    @classmethod
    def of(cls, seeds: Sequence[int], training: Training, arm: int = 0) -> Luck:
        """The luck of a whole *training* under each of the *seeds*."""
        rollouts = training.environments * training.rollouts
        generators = [np.random.default_rng([seed, arm]) for seed in seeds]
        places = np.stack([each.integers(training.environments, size=rollouts) for each in generators], axis=1)
        return cls(places, *(np.stack([each.random(rollouts) for each in generators], axis=1) for _ in range(3)))


def logistic(x: Floats) -> Floats:
    """The logistic function of every entry."""
    return np.asarray(1 / (1 + np.exp(-x)))


def shares(training: Training, luck: Luck, **varied: ArrayLike) -> Floats:
    """The mean share of reward-seeking at the end: settings × seeds, the transfer being the same everywhere.

    *varied* replaces fields of *training* (transfer, ratio, bonus, error) by one value per setting, or by settings ×
    seeds of them. The steps are those of `models.reward_seeking.train`.
    """
    seeds = np.arange(luck.places.shape[1])
    fields = [np.asarray(varied.get(name, getattr(training, name)), float) for name in VARIED]
    columns = [np.atleast_1d(field) if field.ndim < 2 else field.T for field in fields]
    shape = np.broadcast_shapes(*(column.shape for column in columns), (len(seeds), 1))
    transfer, ratio, bonus, error = (np.broadcast_to(column, shape) for column in columns)
    keeps, local_step, lean = 1 - transfer, training.step * ratio, logit(training.prior)
    # What each environment holds: the wish to seek reward and to do the task, the two skills, the expected reward.
    home = np.zeros((training.environments, shape[0], 5, shape[1]))
    home[:, :, 2:4] = training.start_skill
    home[:, :, 4] = training.start_value
    wish_all, skill_all = np.zeros(shape), np.zeros(shape)
    columns_of_luck = (luck.choices[:, :, None], luck.results[:, :, None], luck.errors[:, :, None])
    for place, choice, result, slip in zip(luck.places, *columns_of_luck, strict=True):
        here = home[place, seeds]
        wish, wish_local, skill, skill_local, expected = (here[:, i] for i in range(5))
        p = logistic(wish + wish_all - wish_local + lean)
        seeks = choice < p
        q = logistic(np.where(seeks, skill + skill_all, skill_local))
        if training.knows:
            expected[:] = p * logistic(skill + skill_all) + (1 - p) * logistic(skill_local)
        done = result < q
        surprise = done + bonus * (seeks == (slip < error)) - expected
        pull = training.choice_step * surprise * np.where(seeks, 1 - p, p)
        lesson = surprise * (done - q) * np.where(seeks, training.step, local_step)
        shared_pull, shared_lesson = pull * seeks, lesson * seeks
        wish += keeps * shared_pull
        wish_all += transfer * shared_pull
        wish_local += pull - shared_pull
        skill += keeps * shared_lesson
        skill_all += transfer * shared_lesson
        skill_local += lesson - shared_lesson
        expected += training.baseline_step * surprise
        home[place, seeds] = here
    lead = home[:, :, 0] - home[:, :, 1] + wish_all + lean
    return np.asarray(logistic(lead).mean(axis=0).T)


VARIED = ("transfer", "ratio", "bonus", "error")


def two_sides(
    training: Training, luck: Luck, ratios: Sequence[float], sides: Mapping[str, float]
) -> dict[tuple[float, str], Floats]:
    """The final share under every seed for each of the *ratios* on each side; *sides* are multiples of the bound."""
    both = [(ratio, side) for ratio in ratios for side in sides]
    transfer = [sides[side] * critical_transfer(ratio, training.environments) for ratio, side in both]
    return dict(zip(both, shares(training, luck, transfer=transfer, ratio=[r for r, _ in both]), strict=True))


def mapped(training: Training, luck: Luck, tiles: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """The *tiles* of a map with the mean `share` of reward-seeking in the middle of each."""
    found = shares(training, luck, **{name: [tile[name] for tile in tiles] for name in ("transfer", "ratio")})
    return [{**tile, "share": round(float(mean), 3)} for tile, mean in zip(tiles, found.mean(axis=1), strict=True)]


def paid_shares(
    training: Training, luck: Luck, errors: Sequence[float], multiples: Sequence[float], bonus: float
) -> dict[tuple[float, float], Floats]:
    """The final share under every seed with a *bonus* for staying on the task.

    One for each of the *errors* of its judge and each of the *multiples* of the bound.
    """
    bound = critical_transfer(training.ratio, training.environments)
    both = [(error, multiple) for error in errors for multiple in multiples]
    varied = {"transfer": [multiple * bound for _, multiple in both], "error": [error for error, _ in both]}
    return dict(zip(both, shares(training, luck, bonus=bonus, **varied), strict=True))


def thresholds(training: Training, seeds: Sequence[int], ratios: Sequence[float], block: int, arm: int) -> Floats:
    """The transfer at which reward-seeking gets the majority, by bisection: ratios × blocks of *block* seeds.

    Five halvings, on a log scale, of the range from a quarter of the bound to twice the bound (or 1, if less); a
    transfer is above the threshold when the mean share of the block is above one half. All points that the halvings
    may ask for are computed at once, three halvings and then two, which gives the same answer sooner.
    """
    luck, number = Luck.of(seeds, training, arm), len(seeds) // block
    bound = np.array([[critical_transfer(ratio, training.environments)] * number for ratio in ratios])
    low, high = bound / 4, np.minimum(1.0, 2 * bound)
    for depth in (3, 2):
        steps = np.arange(1, 2**depth) / 2**depth
        points = low[..., None] * (high / low)[..., None] ** steps  # ratios × blocks × points
        asked = np.repeat(points.transpose(0, 2, 1), block, axis=2).reshape(-1, number * block)
        ratio = np.repeat(np.asarray(ratios, float), len(steps))
        found = shares(training, luck, transfer=asked, ratio=ratio)
        wins = found.reshape(len(ratios), len(steps), number, block).mean(axis=3).transpose(0, 2, 1) > 0.5
        edges = np.concatenate([low[..., None], points, high[..., None]], axis=2)
        place = np.array([[[bracket(own)] for own in row] for row in wins.tolist()])
        low, high = (np.take_along_axis(edges, place + side, axis=2)[..., 0] for side in (0, 1))
    return np.asarray(np.sqrt(low * high))


def off_bound(
    training: Training, seeds: Sequence[int], ratios: Sequence[float], block: int, arm: int
) -> dict[float, Floats]:
    """For each of the *ratios* the logarithm of the threshold found over the bound, in each block of *block* seeds."""
    found = thresholds(training, seeds, ratios, block, arm)
    bound = [critical_transfer(ratio, training.environments) for ratio in ratios]
    return {ratio: np.log(own / c) for ratio, own, c in zip(ratios, found, bound, strict=True)}


def bracket(wins: Sequence[bool]) -> int:
    """Where bisection ends among ordered points that win or lose: the index of the interval, 0 before the first."""
    low, high = 0, len(wins) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if wins[middle - 1] else (middle, high)
    return low


def uneven_shares(training: Training, luck: Luck, matrices: ArrayLike) -> Floats:
    """The final share of reward-seeking in every environment under each seed's own matrix of transfer.

    *matrices* has the shape seeds × environments (where it arrives) × environments (where it was learned); the answer
    is seeds × environments.
    """
    arrives, lanes = np.asarray(matrices, float).transpose(2, 0, 1), np.arange(luck.places.shape[1])
    wish, wish_local, skill, skill_local = (np.zeros((len(lanes), training.environments)) for _ in range(4))
    expected = np.full_like(wish, training.start_value)
    for y, choice, result in zip(luck.places, luck.choices, luck.results, strict=True):
        p = logistic(wish[lanes, y] - wish_local[lanes, y] + logit(training.prior))
        seeks = choice < p
        q = logistic(training.start_skill + np.where(seeks, skill[lanes, y], skill_local[lanes, y]))
        done = result < q
        surprise = done - expected[lanes, y]
        expected[lanes, y] += training.baseline_step * surprise
        pull = training.choice_step * surprise * np.where(seeks, 1 - p, p)
        lesson = training.step * surprise * (done - q)
        column = arrives[y, lanes]
        wish += column * (pull * seeks)[:, None]
        skill += column * (lesson * seeks)[:, None]
        wish_local[lanes, y] += pull * ~seeks
        skill_local[lanes, y] += training.ratio * lesson * ~seeks
    return logistic(wish - wish_local + logit(training.prior))


@dataclass(frozen=True)
class Uneven:
    """Training runs that have a matrix of transfer each."""

    families: Sequence[str]
    relative: Floats  # the mean row sum over the ratio of the two learning speeds
    shares: Floats  # of reward-seeking after training
    from_even: float  # how far an even matrix ends, at most, from a run with its one number

    @property
    def predicted(self) -> Floats:
        """For each run 1 where the mean row sum names the winner, else 0."""
        return np.asarray((self.relative > 1) == (self.shares > 0.5), float)

    def points(self, count: int) -> list[dict[str, str | float]]:
        """The first *count* runs as the rows of a figure."""
        runs = list(zip(self.families, self.relative, self.shares, strict=True))[:count]
        return [{"relative": round(float(x), 3), "share": round(float(y), 3), "family": name} for name, x, y in runs]


def uneven(training: Training, luck: Luck, drawn: Sequence[tuple[str, Matrix]]) -> Uneven:
    """Training under each of the *drawn* matrices, as many as there are seeds in the *luck*; each with its family."""
    families, matrices = zip(*drawn, strict=True)
    ends = uneven_shares(training, luck, matrices).mean(axis=1)
    relative = np.array(matrices).sum(axis=2).mean(axis=1) / training.ratio
    with_one_number = shares(training, luck, transfer=[[matrix[0][1] for matrix in matrices]])[0]
    even = np.array(families) == "even"
    return Uneven(families, relative, ends, float(abs(with_one_number - ends)[even].max()))


def practise(matrices: ArrayLike, training: Training, seeds: Sequence[int], arm: int) -> Floats:
    """The success found in each of the 16 environments by each learner, after practice in the corner alone.

    One matrix (16 × 16) and one of the *seeds* per learner; the answer is learners × 16.
    """
    arrives, lanes = np.asarray(matrices, float).transpose(2, 0, 1), np.arange(len(seeds))
    luck = Luck.of(seeds, replace(training, environments=len(CORNER)), arm)
    skill, expected = np.full((len(seeds), 16), training.start_skill), np.full((len(seeds), 16), training.start_value)
    for place, result in zip(np.array(CORNER)[luck.places], luck.results, strict=True):
        q = logistic(skill[lanes, place])
        done = result < q
        surprise = done - expected[lanes, place]
        expected[lanes, place] += training.baseline_step * surprise
        skill += arrives[place, lanes] * (training.step * surprise * (done - q))[:, None]
    exams = [np.random.default_rng([seed, arm, 1]).random((TESTS, 16)) for seed in seeds]
    return np.stack([(exam < logistic(own)).mean(axis=0) for exam, own in zip(exams, skill, strict=True)])


def examined(
    training: Training,
    seeds: Sequence[int],
    stream: Callable[[int, int], Random],
    *,
    grader_bound: bool,
    gap: float = 0,
    arm: int,
) -> Floats:
    """The exams of one learner per seed, who lives off graders or off families of tasks: learners × 16.

    *gap* lowers what carries over; *stream* gives the chance of a seed and an arm, for what carries over at all.
    """
    return practise([reach(grader_bound, gap, stream(seed, arm)) for seed in seeds], training, seeds, arm)
