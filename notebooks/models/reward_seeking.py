"""Reward-seeking against the skills of the task: which of the two training makes the habit.

A policy meets many environments. In each rollout it follows one of two motivations: to seek reward, which it has in
common for all environments, or to do the task at hand, which it has once for each. What it learns of the first in one
environment arrives in the others in part (the transfer); what it learns of the second stays where it was learned.
Motivations and skills move by policy gradient, with the expected reward of each environment as baseline.

Sources: the question is that of Meinke 2026, whose definitions of learnability and transfer were not seen; the two
symbols are read here as the speed at which a skill is learned and the part of an update that arrives elsewhere. The
update is REINFORCE with a baseline (Sutton and Barto 2018, chapter 13). A matrix of what an update in one place does
in another is measured for networks as stiffness by Fort and others 2019. That behaviour may be competent everywhere
and its aim wrong: Langosco and others 2022.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Any

from . import charts
from .charts import Rows, Spec

Matrix = list[list[float]]
"""Transfer: entry [x][y] is the part of a lesson learned in y that arrives in x; the diagonal is 1."""


def logistic(x: float) -> float:
    """The logistic function: log-odds to a probability."""
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def logit(p: float) -> float:
    """The log-odds of a probability strictly between 0 and 1."""
    return math.log(p / (1 - p))


START_SKILL = -2.0
"""Log-odds of success before training, for both motivations."""


@dataclass(frozen=True)
class Training:
    """The setting of one training run."""

    environments: int = 16
    transfer: float = 0.2  # the part of a lesson in reward-seeking that arrives in another environment
    ratio: float = 4.0  # how many times faster a local skill is learned than that of seeking reward
    step: float = 0.15  # the learning rate of the skill of seeking reward
    prior: float = 0.5  # how often reward is sought before training
    rollouts: int = 400  # per environment
    choice_step: float = 0.5  # the learning rate of the motivations
    baseline_step: float = 0.1  # how fast the expected reward follows the reward
    bonus: float = 0.0  # the reward for being judged on the task
    error: float = 0.0  # how often that judge errs
    start_skill: float = START_SKILL
    start_value: float = logistic(START_SKILL)  # the expected reward before training
    knows: bool = False  # whether the expected reward is exact, instead of learned


# --- what is derived -----------------------------------------------------------------------------------------------


def critical_row_sum(ratio: float, prior: float = 0.5) -> float:
    """The sum of transfers into an environment, its own 1 included, above which reward-seeking grows faster at first.

    Both skills start alike, so each grows in proportion to how often it is used, its learning rate and, for the shared
    one, the sum of what arrives.
    """
    return ratio * (1 - prior) / prior


def critical_transfer(ratio: float, environments: int, prior: float = 0.5) -> float:
    """The bound c*: the same for a transfer that is equal between all *environments* (at least two)."""
    return (critical_row_sum(ratio, prior) - 1) / (environments - 1)


def critical_environments(ratio: float, transfer: float, prior: float = 0.5) -> float:
    """The same once more, for the number of environments at a given *transfer* above 0."""
    return 1 + (critical_row_sum(ratio, prior) - 1) / transfer


def drift(training: Training, row_sum: float) -> float:
    """The final share of reward-seeking without chance: every rollout does what it does on average.

    All environments are then alike, and of their number and transfer only the *row_sum* is left.
    """
    wish = wish_local = 0.0
    skill = skill_local = training.start_skill
    expected, lean = training.start_value, logit(training.prior)
    for _ in range(training.rollouts):
        p = logistic(lean + wish - wish_local)
        q, q_local = logistic(skill), logistic(skill_local)
        value = p * q + (1 - p) * q_local
        expected = value if training.knows else expected
        pull = training.choice_step * p * (1 - p)
        wish += pull * row_sum * (q - expected)
        wish_local += pull * (q_local - expected)
        skill += training.step * row_sum * p * q * (1 - q)
        skill_local += training.step * training.ratio * (1 - p) * q_local * (1 - q_local)
        expected += training.baseline_step * (value - expected)
    return logistic(lean + wish - wish_local)


def drift_threshold(training: Training) -> float:
    """The row sum above which reward-seeking ends in the majority when there is no chance, to one part in a million."""
    low, high = (
        critical_row_sum(training.ratio, training.prior) / 8,
        8 * critical_row_sum(training.ratio, training.prior),
    )
    while high / low > 1 + 1e-6:
        middle = math.sqrt(low * high)
        low, high = (low, middle) if drift(training, middle) > 0.5 else (middle, high)
    return math.sqrt(low * high)


def drift_ratio(training: Training) -> float:
    """The threshold of transfer without chance, as a multiple of the bound; the number of environments cancels."""
    return (drift_threshold(training) - 1) / (critical_row_sum(training.ratio, training.prior) - 1)


# --- what is simulated ---------------------------------------------------------------------------------------------


def train(training: Training, rng: random.Random) -> list[float]:
    """The share of reward-seeking in every environment after training, where the transfer is the same everywhere.

    What is shared has a part that stays where it was learned and a part that everybody gets.
    """
    size, c = training.environments, training.transfer
    wish, wish_local, skill, skill_local = ([0.0] * size for _ in range(4))
    wish_all = skill_all = 0.0
    expected, lean = [training.start_value] * size, logit(training.prior)
    for _ in range(size * training.rollouts):
        y = rng.randrange(size)
        p = logistic(lean + wish[y] + wish_all - wish_local[y])
        q_shared = logistic(training.start_skill + skill[y] + skill_all)
        q_local = logistic(training.start_skill + skill_local[y])
        seeks = rng.random() < p
        q = q_shared if seeks else q_local
        done = rng.random() < q
        judged = seeks == (rng.random() < training.error)  # on the task, says the judge
        if training.knows:
            expected[y] = p * q_shared + (1 - p) * q_local
        surprise = done + training.bonus * judged - expected[y]
        expected[y] += training.baseline_step * surprise
        pull = training.choice_step * surprise * (1 - p if seeks else p)
        lesson = training.step * surprise * (done - q)
        if seeks:
            wish[y] += (1 - c) * pull
            wish_all += c * pull
            skill[y] += (1 - c) * lesson
            skill_all += c * lesson
        else:
            wish_local[y] += pull
            skill_local[y] += training.ratio * lesson
    return [logistic(lean + wish[x] + wish_all - wish_local[x]) for x in range(size)]


def share(training: Training, rng: random.Random) -> float:
    """How often reward is sought after training, over all environments alike."""
    return fmean(train(training, rng))


# --- uneven transfer -----------------------------------------------------------------------------------------------

FAMILIES = ("even", "scattered", "cliques")
"""Transfer that is the same everywhere; that differs from pair to pair; that goes to relatives first."""


def transfer_matrix(family: str, row_sum: float, size: int, rng: random.Random) -> Matrix:
    """A matrix of transfer whose rows sum to about *row_sum* on average (scattered entries are cut off at 1).

    'scattered' entries are log-normal with σ = 1; 'cliques' are blocks of four, which fill up before anything reaches a
    stranger.
    """
    mean = (row_sum - 1) / (size - 1)
    inside = min(1.0, mean * (size - 1) / 3)
    outside = (mean * (size - 1) - 3 * inside) / (size - 4)

    def entry(x: int, y: int) -> float:
        if family == "even":
            return mean
        if family == "scattered":
            return min(1.0, mean * rng.lognormvariate(-0.5, 1))
        return inside if x // 4 == y // 4 else outside

    return [[1.0 if x == y else entry(x, y) for y in range(size)] for x in range(size)]


def balanced_row_sum(size: int, rng: random.Random) -> float:
    """A row sum between that of no transfer (1) and that of complete transfer (*size*), on a log scale."""
    return math.exp(rng.uniform(0, math.log(size)))


def drawn_matrix(seed: int, size: int, rng: random.Random) -> tuple[str, Matrix]:
    """The family of the matrix of a *seed*, all families taking turns, and a matrix of it with a balanced row sum."""
    family = FAMILIES[seed % len(FAMILIES)]
    return family, transfer_matrix(family, balanced_row_sum(size, rng), size, rng)


def row_sums(matrix: Matrix) -> list[float]:
    """What arrives in each environment, its own lesson included."""
    return [sum(row) for row in matrix]


# --- the reach of a disposition ------------------------------------------------------------------------------------

GRADERS = FAMILIES_OF_TASKS = 4
CORNER = tuple(x for x in range(16) if x // 4 < 2 and x % 4 < 2)
"""Environment x has grader x // 4 and a task of family x % 4; learners train where both are 0 or 1."""
ELSEWHERE = tuple(x for x in range(16) if x not in CORNER)
OTHER_FAMILY = tuple(x for x in range(16) if x // 4 < 2 <= x % 4)
OTHER_GRADER = tuple(x for x in range(16) if x % 4 < 2 <= x // 4)
TESTS = 60
"""Rollouts per environment in which a trained disposition is tested."""


def reach(grader_bound: bool, gap: float, rng: random.Random) -> Matrix:
    """The transfer of a disposition between the 16 environments.

    It is strong (uniform in 0.5 to 0.9) where the thing it lives off is the same, which is the grader for one that is
    *grader_bound* and the family of tasks for the other; weak (0.1 to 0.4) elsewhere. Both are lower by *gap*, at
    least 0.
    """
    strong, weak = (max(0.0, rng.uniform(*span) - gap) for span in ((0.5, 0.9), (0.1, 0.4)))

    def lives_off(x: int) -> int:
        return x // 4 if grader_bound else x % 4

    def carried(x: int, y: int) -> float:
        return strong if lives_off(x) == lives_off(y) else weak

    return [[1.0 if x == y else carried(x, y) for y in range(16)] for x in range(16)]


def practise(matrix: Matrix, training: Training, rng: random.Random) -> list[float]:
    """The success found in each of the 16 environments, after practice in the corner of one disposition alone."""
    skill, expected = [training.start_skill] * 16, [training.start_value] * 16
    for _ in range(len(CORNER) * training.rollouts):
        y = rng.choice(CORNER)
        q = logistic(skill[y])
        done = rng.random() < q
        surprise = done - expected[y]
        expected[y] += training.baseline_step * surprise
        lesson = training.step * surprise * (done - q)
        skill = [s + row[y] * lesson for s, row in zip(skill, matrix, strict=True)]
    return [sum(rng.random() < logistic(s) for _ in range(TESTS)) / TESTS for s in skill]


def breadth(success: Sequence[float]) -> float:
    """The transfer score: success in the environments where the disposition was not trained."""
    return fmean(success[x] for x in ELSEWHERE)


def contrast(success: Sequence[float]) -> float:
    """Success where only the family of tasks is new, minus that where only the grader is new."""
    return fmean(success[x] for x in OTHER_FAMILY) - fmean(success[x] for x in OTHER_GRADER)


def auc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """How often one of the *positives* scores above one of the *negatives*, a tie being half."""
    pairs = [(p > n) + 0.5 * (p == n) for p in positives for n in negatives]
    return fmean(pairs)


def told_apart(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """The AUC of a score that may point either way: between 0.5 and 1."""
    found = auc(positives, negatives)
    return max(found, 1 - found)


def blocks(values: Sequence[Any], size: int) -> list[Sequence[Any]]:
    """*values* in runs of *size*; what is left over makes a run of its own."""
    return [values[i : i + size] for i in range(0, len(values), size)]


Exams = Any
"""One exam per learner, a sequence or an array: the success found in each of the 16 environments."""


def separated(
    score: Callable[[Sequence[float]], float],
    seeking: Exams,
    honest: Exams,
    size: int,
) -> list[float]:
    """How well a *score* tells *seeking* learners from *honest* ones, in each block of *size* against *size*."""
    scores = ([score(exam) for exam in exams] for exams in (seeking, honest))
    return [told_apart(*pair) for pair in zip(*(blocks(each, size) for each in scores), strict=True)]


def by_gap(
    score: Callable[[Sequence[float]], float],
    seeking: Exams,
    honest: Mapping[float, Exams],
    size: int,
) -> dict[float, list[float]]:
    """The same for honest learners with each gap, *honest* having the exams of all."""
    return {gap: separated(score, seeking, exams, size) for gap, exams in honest.items()}


def halves(exams: Exams) -> float:
    """How well reach tells learners of one kind from others of their kind: about one half."""
    return auc(*([breadth(exam) for exam in exams[i::2]] for i in (0, 1)))


# --- what is claimed -----------------------------------------------------------------------------------------------

ASKED = {
    "least-resistance": {
        "id": "reward-seeking/least-resistance",
        "comment": "C06",
        "statement": "Reward-seeking takes over where it carries over between environments better than local skills "
        "can be learned, and loses where it does not.",
        "statistic": "how far the share of reward-seeking ends on the derived side of one half",
    },
    "bound": {
        "id": "reward-seeking/bound",
        "comment": "C06",
        "statement": "One inequality between learnability and transfer tells, to within a factor of one and a half, "
        "where reward-seeking takes over.",
        "statistic": "log 1.5 minus the distance, in logs, between the threshold found and the bound",
    },
    "sufficient": {
        "id": "reward-seeking/sufficient",
        "comment": "C06",
        "statement": "Transfer above the bound is enough for reward-seeking to take over.",
        "statistic": "how far the threshold found lies below the bound, in logs",
    },
    "row-sum": {
        "id": "reward-seeking/row-sum",
        "comment": "C06",
        "statement": "Where transfer is uneven, the mean row sum of the transfer matrix, set against the ratio of the "
        "two learning speeds, predicts which side wins.",
        "statistic": "share of the matrices whose winner is predicted, minus 0.8",
    },
    "not-a-definition": {
        "id": "reward-seeking/not-a-definition",
        "comment": "C05",
        "statement": "A score for how widely a disposition carries over does not tell reward-seeking from a general "
        "and honest skill.",
        "statistic": "0.7 minus how often the score orders a pair of the two rightly",
    },
    "band-aid": {
        "id": "reward-seeking/band-aid",
        "comment": "C06",
        "statement": "Adding a reward for staying on the task makes reward-seeking clearly rarer.",
        "statistic": "share of reward-seeking without the extra reward minus the share with it",
    },
}
"""Each claim as it is asked: what is stated, and what is measured for it."""

SAID = {
    "least-resistance": {
        "right_if": "the comment would have been wrong if local skills had kept the majority where reward-seeking "
        "carries over twice as far as the bound asks, or lost it where half as far",
        "by_construction": "that more transfer favours the shared motivation is built in; that the change comes near "
        "the derived line, after four hundred noisy rollouts, is not",
        "changed_after_seeing": "60 seeds, lest the draw near the threshold hide the sign",
    },
    "bound": {
        "right_if": "the comment would have had its bound, chance apart, if learners always knew how much reward to "
        "expect",
        "changed_after_seeing": "16 and 64 environments, for with 8 the bound can exceed complete transfer; the range "
        "of the bisection narrowed; six blocks instead of eight",
    },
    "sufficient": {
        "right_if": "the bound would have been enough if thresholds had lain clearly below it also where local skills "
        "are learned only twice as fast as reward-seeking",
        "changed_after_seeing": "added after the prototype's first runs; the runs with exact expectations came later "
        "and contradict its reason",
    },
    "row-sum": {
        "right_if": "the comment's hope for a bound would have failed here if it had mattered as much which "
        "environments share as how much they share",
        "changed_after_seeing": "added after the prototype's first runs; row sums spread evenly, on a log scale, so "
        "that a constant guess is little better than chance; 360 matrices in blocks of 12 instead of 60 in blocks of "
        "10, since evenly spread ones hold more close calls",
    },
    "not-a-definition": {
        "right_if": "the comment would have been wrong if the reasoning one hopes for carried over clearly less far "
        "than the wish for reward",
        "by_construction": "with no gap the two kinds are mirror images, which no score of reach can tell apart, and "
        "they are defined by what the contrast measures; how small a gap gives them away is not built in",
    },
    "band-aid": {
        "right_if": "the comment would have been right throughout if whoever judges what is on task hardly ever erred",
        "changed_after_seeing": "60 seeds; the runs in which the learner expects the reward came after the first",
    },
}
"""What is said of each claim beside its verdict: what would have turned it, what is built in, what was changed."""


RESULTS = {
    "share-above": "share of reward-seeking at twice the bound, local skills learned 4 times as fast",
    "share-below": "share of reward-seeking at half the bound, local skills learned 4 times as fast",
    "threshold-2": "threshold as a multiple of the bound, local skills learned twice as fast",
    "threshold-8": "threshold as a multiple of the bound, local skills learned 8 times as fast",
    "threshold-known": "threshold as a multiple of the bound, expectations exact (mean of three speeds)",
    "threshold-8-drift": "threshold as a multiple of the bound, 8 times as fast, no chance",
    "threshold-8-drift-known": "threshold as a multiple of the bound, 8 times as fast, no chance, exact expectations",
    "row-sum-accuracy": "share of uneven matrices whose winner the mean row sum predicts",
    "breadth-auc": "share of pairs that reach puts in order, both kinds reaching as far (0.6 is luck)",
    "breadth-auc-tenth": "share of pairs that reach puts in order, honest skill carrying over 0.1 less",
    "contrast-auc": "share of pairs put in order by which change they survive, at the worst gap",
    "band-aid-sound": "fall of reward-seeking by the extra reward, 4 times the bound, judge never erring",
    "band-aid-poor": "fall of reward-seeking by the extra reward, twice the bound, 2 errors in 5",
    "band-aid-poor-expected": "fall of reward-seeking by the extra reward, twice the bound, 2 errors in 5, if expected",
}
"""What each published number is, as the row of a table."""


# --- words and figures ---------------------------------------------------------------------------------------------


def listed(values: Iterable[Any], last: str = "and") -> str:
    """'2, 4 and 8', or with another word before the *last*; 'none' when there are none."""
    words = [f"{value:g}" if isinstance(value, float) else str(value) for value in values]
    if not words:
        return "none"
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def settings(cells: Iterable[Any], state: str, name: str) -> list[Any]:
    """The values of the parameter *name* among the cells of a claim that are in *state*, each once, sorted."""
    return sorted({cell.params[name] for cell in cells if cell.state == state})


def spread(interval: Any, **others: Any) -> dict[str, Any]:
    """A row of a figure: the mean of an *interval* and its ends, rounded, with the *others*."""
    return {**others, "mean": round(interval.mean, 3), "lo": round(interval.lo, 3), "hi": round(interval.hi, 3)}


def curves(
    found: Mapping[str, Mapping[float, Sequence[float]]], along: str, interval: Callable[[Sequence[float]], Any]
) -> list[dict[str, Any]]:
    """The rows of a figure with a series for each name; *found* has its values at each point of the axis *along*."""
    return [
        spread(interval(values), series=name, **{along: point})
        for name, own in found.items()
        for point, values in own.items()
    ]


Distances = Mapping[int, Mapping[Any, Iterable[float]]]
"""By number of environments and ratio: the logarithm of threshold over bound in every block of seeds."""

Effects = list[tuple[dict[str, Any], list[float]]]
"""For each cell of a claim its parameters, and one effect per seed (or per block of seeds)."""


def side_effects(ends: Mapping[tuple[float, str], Iterable[float]], sides: Mapping[str, float]) -> Effects:
    """How far each share ends on the side of one half that is derived there; *sides* are multiples of the bound."""
    signs = {side: 1 if multiple > 1 else -1 for side, multiple in sides.items()}
    return [
        ({"ρ": ratio, "transfer": side}, [signs[side] * (share - 0.5) for share in shares])
        for (ratio, side), shares in ends.items()
    ]


def near_effects(off: Distances, factor: float) -> Effects:
    """By how much each threshold lies within a *factor* of the bound, in logs."""
    return [(cell, [math.log(factor) - abs(each) for each in logs]) for cell, logs in _bound_cells(off)]


def below_effects(off: Distances) -> Effects:
    """By how much each threshold lies below the bound, in logs."""
    return [(cell, [-each for each in logs]) for cell, logs in _bound_cells(off)]


def _bound_cells(off: Distances) -> Iterable[tuple[dict[str, Any], Iterable[float]]]:
    for ratio in dict.fromkeys(ratio for own in off.values() for ratio in own):
        yield from (({"ρ": ratio, "environments": size}, own[ratio]) for size, own in off.items())


def band_aid_effects(falls: Mapping[tuple[float, float], Iterable[float]], errors: Sequence[float]) -> Effects:
    """The falls in the cells of the claim, which are those with one of the *errors*."""
    return [
        ({"ε": error, "transfer": f"{multiple} times the bound"}, list(fall))
        for (error, multiple), fall in falls.items()
        if error in errors
    ]


def factor(logs: Sequence[float]) -> float:
    """The geometric mean of what *logs* are the logarithms of."""
    return math.exp(fmean(logs))


def tiles(columns: int, rows: int, transfer: float = 0.8, ratio: float = 16) -> list[dict[str, float]]:
    """The tiles of a map up to this *transfer* (from 0) and this *ratio* (from 1, on a log scale).

    Each has its edges, `left`, `right`, `low` and `high`, and its middle as `transfer` and `ratio`.
    """
    across = [transfer * i / columns for i in range(columns + 1)]
    up = [ratio ** (i / rows) for i in range(rows + 1)]
    return [
        {
            "left": round(left, 3),
            "right": round(right, 3),
            "low": round(low, 3),
            "high": round(high, 3),
            "transfer": round((left + right) / 2, 3),
            "ratio": round(math.sqrt(low * high), 3),
        }
        for left, right in pairwise(across)
        for low, high in pairwise(up)
    ]


def bound_line(environments: int, transfer: float = 0.8) -> list[dict[str, float]]:
    """The bound as a line through a map up to this *transfer*: points of `transfer` and `ratio`."""
    highest = 1 + transfer * (environments - 1)
    ratios = [highest ** (i / 24) for i in range(25)]
    return [
        {"transfer": round(critical_transfer(ratio, environments), 3), "ratio": round(ratio, 3)} for ratio in ratios
    ]


def where(claim: Any) -> str:
    """At which settings a *claim* holds and at which it fails, in words."""
    return f"it holds at {claim.where('holds') or 'none'}; it fails at {claim.where('fails') or 'none'}"


def band_aid_condition(cells: Iterable[Any], multiples: Sequence[int]) -> str:
    """Up to which error of the judge the band-aid holds, at each of the *multiples*, and from which it fails."""
    held, failed = [], []
    for multiple in multiples:
        own = [cell for cell in cells if cell.params["transfer"] == f"{multiple} times the bound"]
        good, bad = settings(own, "holds", "ε"), settings(own, "fails", "ε")
        held += [f"{percent(max(good))} (carry-over at {multiple} times the bound)"] if good else []
        failed += bad[:1]
    return (
        f"it holds while the judge of the task errs in at most {listed(held, 'or')} of cases, and fails from "
        f"{percent(max(failed)) if failed else 'none'}: the further reward-seeking carries over, the less he may err"
    )


def bound_condition(cells: Sequence[Any]) -> str:
    """At which ratios the bound is close enough and at which it is not, for every number of environments."""
    parts = []
    for size in dict.fromkeys(cell.params["environments"] for cell in cells):
        own = [cell for cell in cells if cell.params["environments"] == size]
        good, bad = settings(own, "holds", "ρ"), settings(own, "fails", "ρ")
        said = [f"it holds where local skills are learned {listed(good)} times as fast as reward-seeking"] * bool(good)
        said += [f"fails at {listed(bad)} times"] * bool(bad)
        parts.append(f"with {size} environments " + (" and ".join(said) or "the runs do not decide"))
    return "; ".join(parts) + ": the faster they are, the more a learner whose expectations lag favours reward-seeking"


def gap_condition(cells: Sequence[Any]) -> str:
    """At which gaps a score of reach is of no use and from which it is."""
    holds, fails = settings(cells, "holds", "gap"), settings(cells, "fails", "gap")
    less = f"{listed(holds, 'or')} less" if any(holds) else "no less"
    return (
        f"it holds where the part of a lesson that carries over is {less} for the honest skill than for "
        f"reward-seeking, and fails where it is smaller by {listed(fails, 'or')}: how wide that gap is decides"
    )


def _log_axis(field: str, title: str, domain: Sequence[float], ticks: Sequence[float]) -> Spec:
    """The encoding of *field* along a logarithmic axis."""
    scale: Spec = {"type": "log", "domain": list(domain), "nice": False}
    return {**charts.axis(field, title), "scale": scale, "axis": {"values": list(ticks), "grid": False}}


def _marked(value: float, label: str, y: Spec) -> list[Spec]:
    """A thin line across at *value* on the scale of *y*, its label at the right."""
    at = {"datum": value, "type": "quantitative", "scale": y["scale"]}
    text: Spec = {"type": "text", "align": "right", "dx": -4, "dy": -8, "color": charts.SOFT, "text": label}
    rule: Spec = {"type": "rule", "strokeDash": [4, 3], "color": charts.SOFT}
    nothing: Spec = {"values": [{}]}
    return [
        {"data": nothing, "mark": rule, "encoding": {"y": at}},
        {"data": nothing, "mark": text, "encoding": {"y": at, "x": {"value": charts.WIDTH}}},
    ]


def percent(share: float) -> str:
    """A share as readers see it: '19 %'."""
    return f"{100 * share:.0f} %"


def share_map(rows: Rows, edge: Rows) -> Spec:
    """The final share of reward-seeking by transfer and ratio, with the bound as a line.

    *rows* are tiles with a `share`; *edge* has `transfer` and `ratio`.
    """
    spread = (min(row["low"] for row in rows), max(row["high"] for row in rows))
    across = charts.axis(
        "left", "transfer between environments", domain=[0, max(row["right"] for row in rows)], nice=False
    )
    up = _log_axis("low", "how many times faster a local skill is learned, ρ", spread, [1, 2, 4, 8, 16])
    colour: Spec = {
        "field": "share",
        "type": "quantitative",
        "title": "share of reward-seeking",
        "scale": {"scheme": charts.DIVERGING, "domain": [0, 1]},
        "legend": {"gradientLength": 200},
    }
    tiles = {"x": across, "x2": {"field": "right"}, "y": up, "y2": {"field": "high"}, "color": colour}
    line = {"x": {"field": "transfer", "type": "quantitative"}, "y": {"field": "ratio", "type": "quantitative"}}
    stroke = {"type": "line", "strokeWidth": 2.5, "color": charts.INK, "aria": False, "clip": True}
    layers: list[Spec] = [
        {"data": {"values": [dict(row) for row in rows]}, "mark": "rect", "encoding": tiles},
        {"data": {"values": [dict(row) for row in edge]}, "mark": stroke, "encoding": line},
    ]
    return charts.chart(layers)


def share_map_figure(rows: Rows, environments: int) -> dict[str, Any]:
    """The map as `lab.show` takes it: its specification, the words for it, and its caption."""
    return {
        "spec": share_map(rows, bound_line(environments)),
        "alt": map_alt(rows, environments),
        "caption": f"The share of reward-seeking after training in {environments} environments. The line is the "
        "bound; the colour changes to the left of it, and the more so the faster local skills are learned.",
    }


def map_alt(rows: Rows, environments: int) -> str:
    """What the map shows, in words."""
    above: list[float] = []
    below: list[float] = []
    for row in rows:
        middle = (row["left"] + row["right"]) / 2
        bound = critical_transfer(math.sqrt(row["low"] * row["high"]), environments)
        (above if middle > bound else below).append(row["share"])
    early = fmean(share > 0.5 for share in below)
    return (
        f"A map of the share of reward-seeking after training, with the bound as a line. Right of the line, where "
        f"transfer is above the bound, the share is {percent(fmean(above))} on average; left of it, "
        f"{percent(fmean(below))}, and in {percent(early)} of the settings there reward-seeking has the "
        f"majority all the same."
    )


def threshold_chart(rows: Rows, names: Sequence[str], factor: float = 1.5) -> Spec:
    """The threshold found, as a multiple of the bound, against the ratio; a band where they agree to *factor*.

    *rows* have `ratio`, `mean`, `lo`, `hi` and `series`, one of *names*.
    """
    x = _log_axis("ratio", "how many times faster a local skill is learned, ρ", [1.6, 11], [2, 4, 8])
    y = _log_axis("mean", "threshold found ÷ bound", [0.4, 2], [0.5, 0.67, 1, 1.5, 2])
    told: Spec = {"field": "series", "type": "nominal", "title": None}
    colour = {**told, "scale": {"domain": list(names), "range": list(charts.SERIES[: len(names)])}}
    shape = {**told, "scale": {"domain": list(names), "range": ["circle", "square", "diamond"][: len(names)]}}
    # Side by side, lest the intervals of one ratio cover each other: Vega-Lite offsets only within bands.
    placed = [{**row, "ratio": row["ratio"] * 1.07 ** (names.index(row["series"]) - 1)} for row in rows]
    band = {"y": {"datum": 1 / factor, "type": "quantitative"}, "y2": {"datum": factor}}
    layers: list[Spec] = [
        {
            "data": {"values": [{}]},
            "mark": {"type": "rect", "color": charts.SOFT, "opacity": 0.12, "aria": False},
            "encoding": band,
        },
        *_marked(1, "the bound", y),
        {
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {"x": x, "y": {**y, "field": "lo"}, "y2": {"field": "hi"}, "color": colour},
        },
        {
            "mark": {"type": "point", "size": 80, "filled": True},
            "encoding": {"x": x, "y": y, "color": colour, "shape": shape},
        },
    ]
    return charts.chart(layers, placed)


def threshold_figure(rows: Rows, names: Iterable[str]) -> dict[str, Any]:
    """The figure of the thresholds as `lab.show` takes it."""
    return {
        "spec": threshold_chart(rows, list(names)),
        "alt": threshold_alt(rows),
        "caption": "Where reward-seeking takes over, as a multiple of the bound; in the grey band the two agree to a "
        "factor of one and a half. Learners who know what to expect are not below it.",
    }


def threshold_alt(rows: Rows) -> str:
    """What the figure of the thresholds shows, in words."""
    parts = []
    for name in dict.fromkeys(row["series"] for row in rows):
        own = [row for row in rows if row["series"] == name]
        parts.append(f"{name}: " + listed(f"{row['mean']:.2f} at ρ = {row['ratio']:g}" for row in own))
    return "The threshold found, as a multiple of the bound. " + "; ".join(parts) + "."


def row_sum_chart(rows: Rows) -> Spec:
    """The final share of reward-seeking in single runs against the mean row sum over the ratio.

    *rows* have `relative`, `share` and `family`.
    """
    x = _log_axis("relative", "mean row sum ÷ ρ", [0.23, 4.3], [0.25, 0.5, 1, 2, 4])
    y = charts.axis("share", "share of reward-seeking", domain=[0, 1])
    colours, shapes = list(charts.SERIES[:3]), ["circle", "square", "triangle-up"]
    told = {"field": "family", "type": "nominal", "title": None}
    layers: list[Spec] = [
        {
            "data": {"values": [{}]},
            "mark": {"type": "rule", "strokeDash": [4, 3], "color": charts.SOFT},
            "encoding": {"x": {"datum": 1, "type": "quantitative"}},
        },
        {
            "mark": {"type": "point", "size": 45, "filled": True, "opacity": 0.75},
            "encoding": {
                "x": x,
                "y": y,
                "color": {**told, "scale": {"domain": list(FAMILIES), "range": colours}},
                "shape": {**told, "scale": {"domain": list(FAMILIES), "range": shapes}},
            },
        },
    ]
    return charts.chart(layers, rows)


def row_sum_figure(rows: Rows) -> dict[str, Any]:
    """The figure of the row sums as `lab.show` takes it."""
    return {
        "spec": row_sum_chart(rows),
        "alt": row_sum_alt(rows),
        "caption": "Training runs, each with its own matrix of transfer. Right of the dashed line reward-seeking is "
        "predicted to win, left of it to lose.",
    }


def row_sum_alt(rows: Rows) -> str:
    """What the figure of the row sums shows, in words."""
    wrong = [row["relative"] for row in rows if (row["relative"] > 1) != (row["share"] > 0.5)]
    where = f", all between {min(wrong):.2f} and {max(wrong):.2f} times the ratio" if wrong else ""
    return (
        f"{len(rows)} matrices of transfer. Above the ratio reward-seeking nearly always ends in the majority, well "
        f"below it hardly ever; {len(wrong)} end on the side that was not predicted{where}."
    )


def reach_chart(rows: Rows, names: Sequence[str], level: float = 0.7) -> Spec:
    """How well two scores tell the dispositions apart, against how much less far the good one carries.

    *rows* have `gap`, `mean`, `lo`, `hi` and `series`, one of *names*; above the rule at *level* a score is of use.
    """
    x = charts.axis("gap", "how much less far the honest skill carries over", domain=[0, max(r["gap"] for r in rows)])
    scale: Spec = {"domain": [0.5, 1.02], "nice": False, "zero": False}
    y = {**charts.axis("mean", "pairs ordered rightly"), "scale": scale}
    spec = charts.lines(rows, x, {**y, "axis": {"format": "%", "values": [0.5, 0.6, 0.7, 0.8, 0.9, 1]}}, names)
    for layer in spec["layer"]:
        layer["encoding"]["y"] = {**layer["encoding"]["y"], "scale": scale}
    return {**spec, "layer": [*spec["layer"], *_marked(level, "a score that tells them apart", y)]}


def reach_figure(rows: Rows, names: Iterable[str]) -> dict[str, Any]:
    """The figure of the two scores as `lab.show` takes it."""
    return {
        "spec": reach_chart(rows, list(names)),
        "alt": reach_alt(rows),
        "caption": "How often a score puts a reward-seeker and an honest worker in the right order. Reach needs a "
        "gap; asking which change was survived does not.",
    }


def reach_alt(rows: Rows) -> str:
    """What the figure of the two scores shows, in words."""
    parts = []
    for name in dict.fromkeys(row["series"] for row in rows):
        own = [row for row in rows if row["series"] == name]
        first, last = own[0], own[-1]
        parts.append(
            f"{name}: from {first['mean']:.2f} at gap {first['gap']:g} to {last['mean']:.2f} at {last['gap']:g}"
        )
    return "How often a score puts one of each kind in the right order. " + "; ".join(parts) + "."


def band_aid_chart(rows: Rows, names: Sequence[str]) -> Spec:
    """The share of reward-seeking with the reward for staying on the task, against the error of the judge.

    *rows* have `error`, `mean`, `lo`, `hi` and `series`, one of *names*.
    """
    x = charts.axis("error", "how often the judge errs", domain=[0, 0.5])
    y = charts.axis("mean", "share of reward-seeking", domain=[0, 1])
    return charts.lines(rows, {**x, "axis": {"format": "%"}}, {**y, "axis": {"format": "%"}}, names)


def band_aid_figure(rows: Rows, names: Iterable[str]) -> dict[str, Any]:
    """The figure of the band-aid as `lab.show` takes it."""
    return {
        "spec": band_aid_chart(rows, list(names)),
        "alt": band_aid_alt(rows),
        "caption": "The share of reward-seeking when a judge pays for staying on the task, by how often he errs. "
        "Without him it is almost one.",
    }


def band_aid_alt(rows: Rows) -> str:
    """What the figure of the band-aid shows, in words."""
    parts = []
    for name in dict.fromkeys(row["series"] for row in rows):
        own: list[Mapping[str, Any]] = [row for row in rows if row["series"] == name]
        most = next((row["error"] for row in own if row["mean"] > 0.5), None)
        after = f"above one half from an error of {percent(most)}" if most is not None else "never above one half"
        parts.append(f"{name}: {percent(own[0]['mean'])} with a judge who never errs, {after}")
    return "The share of reward-seeking after training with a reward for staying on the task. " + "; ".join(parts) + "."
