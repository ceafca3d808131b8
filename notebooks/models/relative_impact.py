"""What can be known of impact without a unit: an order from comparisons, sizes from numbers, a sign from a diary.

A dozen items have true impacts that somebody made up, in decades (powers of ten). Judges answer with numbers, each in a
unit of its own, or say which of two items did more. Comparisons are fitted as Bradley and Terry (1952) model them, by
Hunter's (2004) iteration; numbers by an additive fit of items and judges. Cycles are put into comparisons as in
Jiang and others (2011). Somebody who improves is compared with her own earlier days.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean
from typing import Any

from . import charts
from .judged import Cell

ITEMS, JUDGES, ANSWERS = 12, 6, 120
"""Items to be judged, judges, and the answers that may be asked of all judges together."""
SPREAD, NOISE = 1.0, 0.3
"""The spread of true impacts and the slip of a judge's every reading, in decades."""
FACTOR = 3
"""The factor by which a size has to be missed before the miss matters."""
PRETENDED = 0.3
"""Wins that every item is given over every other before the fit, lest an unbeaten one be infinitely strong."""
GAIN, DAY = 0.002, 0.1
"""μ, what somebody improves by in a day, and σ, by how much a day is better or worse by luck."""

Rating = tuple[int, int, float]
"""An item, a judge, and the number given, in decades."""
Comparison = tuple[int, int]
"""The item that was said to have done more, and the one said to have done less."""
Stream = Callable[[int, int], random.Random]
"""The source of chance of an arm under a seed: `lab.stream`."""


# --- judges ----------------------------------------------------------------------------------------------------------


def impacts(rng: random.Random) -> list[float]:
    """The true impact of each item, in decades around a middle one."""
    return [rng.normalvariate(0, SPREAD) for _ in range(ITEMS)]


def ratings(
    rng: random.Random,
    truth: Sequence[float],
    unit: float,
    *,
    shared: float = 0.0,
    noise: float = NOISE,
    judges: int = JUDGES,
    answers: int = ANSWERS,
) -> list[Rating]:
    """*answers* numbers, dealt evenly to items and *judges*, each off by its judge's unit and by a slip.

    Units differ between judges by *unit* decades; *shared* is the error that all have in common.
    """
    common = rng.normalvariate(0, shared)
    units = [common + rng.normalvariate(0, unit) for _ in range(judges)]
    items = [k % len(truth) for k in range(answers)]
    asked = [k % judges for k in range(answers)]
    rng.shuffle(asked)
    return [(i, j, truth[i] + units[j] + rng.normalvariate(0, noise)) for i, j in zip(items, asked, strict=True)]


def comparisons(
    rng: random.Random,
    truth: Sequence[float],
    *,
    noise: float = NOISE,
    cycle: float = 0.0,
    answers: int = ANSWERS,
) -> list[Comparison]:
    """*answers* comparisons, spread evenly over the pairs, each of two readings with a slip.

    With a *cycle*, every item stands at a random place on a circle, and the one ahead, by less than half the way round,
    gets up to *cycle* decades more.
    """
    places = [rng.uniform(0, 2 * math.pi) for _ in truth]
    pairs = [(i, j) for i in range(len(truth)) for j in range(i)]
    rng.shuffle(pairs)
    said = []
    for k in range(answers):
        i, j = pairs[k % len(pairs)]
        lead = truth[i] - truth[j] + cycle * math.sin(places[i] - places[j])
        ahead = lead + rng.normalvariate(0, noise) - rng.normalvariate(0, noise) > 0
        said.append((i, j) if ahead else (j, i))
    return said


# --- what can be made of their answers -------------------------------------------------------------------------------


def plain_means(given: Sequence[Rating], items: int = ITEMS) -> list[float]:
    """Each item's numbers averaged as they are, as though all judges used one unit."""
    return [fmean(value for item, _, value in given if item == i) for i in range(items)]


def within_judges(given: Sequence[Rating], items: int = ITEMS, judges: int = JUDGES, rounds: int = 30) -> list[float]:
    """Each item's standing when every number is read against its own judge's others: items and judges fitted in turn.

    The standings are centred at 0: what is common to all items cannot be told from what is common to all judges.
    """
    units, standings = [0.0] * judges, [0.0] * items
    of_item = [[(j, value) for i, j, value in given if i == item] for item in range(items)]
    of_judge = [[(i, value) for i, j, value in given if j == judge] for judge in range(judges)]
    for _ in range(rounds):
        standings = [fmean(value - units[j] for j, value in mine) for mine in of_item]
        middle = fmean(standings)
        standings = [standing - middle for standing in standings]
        units = [fmean(value - standings[i] for i, value in mine) for mine in of_judge]
    return standings


def bradley_terry(said: Sequence[Comparison], items: int = ITEMS, rounds: int = 60) -> list[float]:
    """Each item's strength, as a logarithm centred at 0, fitted to comparisons by Hunter's iteration."""
    met = [[0.0 if i == j else 2 * PRETENDED for j in range(items)] for i in range(items)]
    wins = [PRETENDED * (items - 1)] * items
    for winner, loser in said:
        wins[winner] += 1
        met[winner][loser] += 1
        met[loser][winner] += 1
    strengths = [1.0] * items
    for _ in range(rounds):
        strengths = [
            wins[i] / sum(n / (strengths[i] + other) for n, other in zip(met[i], strengths, strict=True))
            for i in range(items)
        ]
        middle = math.exp(fmean(map(math.log, strengths)))
        strengths = [strength / middle for strength in strengths]
    return [math.log(strength) for strength in strengths]


def order_accuracy(found: Sequence[float], truth: Sequence[float]) -> float:
    """The share of pairs of items that *found* puts in the true order."""
    pairs = [(i, j) for i in range(len(truth)) for j in range(i)]
    return sum((found[i] - found[j]) * (truth[i] - truth[j]) > 0 for i, j in pairs) / len(pairs)


def size_error(found: Sequence[float], truth: Sequence[float]) -> float:
    """By how many decades *found* misses the true sizes, on average over items."""
    return fmean(abs(f - t) for f, t in zip(found, truth, strict=True))


def expected_size_error(unit: float, shared: float = 0.0, noise: float = NOISE) -> float:
    """Derived: the mean size error of plain means, s √(2/π), with s² the variance of one item's mean.

    Ten numbers about an item come from judges dealt without replacement among 120, of which each judge has 20.
    """
    each = ANSWERS // ITEMS
    same = (ANSWERS // JUDGES - 1) / (ANSWERS - 1)  # the chance that two of an item's numbers have one judge
    variance = shared**2 + unit**2 * (1 + (each - 1) * same) / each + noise**2 / each
    return math.sqrt(variance * 2 / math.pi)


def within_factor(found: Sequence[float], truth: Sequence[float], factor: float = FACTOR) -> float:
    """The share of items whose size *found* has right to within *factor*."""
    return fmean(abs(f - t) < math.log10(factor) for f, t in zip(found, truth, strict=True))


@dataclass(frozen=True)
class Judged:
    """What the answers about one set of items came to: order by either way of asking, and sizes."""

    order_compared: float
    order_rated: float
    error: float
    within: float


def judge(
    rng: random.Random, unit: float, *, noise: float = NOISE, numbers_noisier: float = 1.0, answers: int = ANSWERS
) -> Judged:
    """One set of items, asked about in both ways with equal numbers of *answers*.

    Judges slip by *noise* in a comparison's every reading, and by *numbers_noisier* times as much in a number.
    """
    truth = impacts(rng)
    given = ratings(rng, truth, unit, noise=noise * numbers_noisier, answers=answers)
    said = comparisons(rng, truth, noise=noise, answers=answers)
    sizes = plain_means(given)
    return Judged(
        order_accuracy(bradley_terry(said), truth),
        order_accuracy(within_judges(given), truth),
        size_error(sizes, truth),
        within_factor(sizes, truth),
    )


def missed_together(rng: random.Random, judges: int, *, unit: float = 0.5, shared: float = 2.0) -> float:
    """By how many decades plain averages miss when *judges*, twenty answers each, also share one large error."""
    truth = impacts(rng)
    given = ratings(rng, truth, unit, shared=shared, judges=judges, answers=20 * judges)
    return size_error(plain_means(given), truth)


def mean_by_seed(sets: Iterable[Sequence[Judged]], of: Callable[[Judged], float]) -> list[float]:
    """For each seed the mean over settings of what *of* takes from a set; *sets* are (settings, seeds)."""
    return [fmean(map(of, same_seed)) for same_seed in zip(*sets, strict=True)]


def lead_of_numbers(one: Judged) -> float:
    """By what share of pairs numbers, read judge by judge, order better than comparisons."""
    return one.order_rated - one.order_compared


def ten_to(logs: Sequence[float]) -> float:
    """The factor that *logs*, in decades, are on average."""
    return float(10 ** fmean(logs))


def tie(ratios: Sequence[float], leads: Sequence[Sequence[float]], drawn: Sequence[float]) -> float:
    """The ratio of noise at which numbers lead no longer, drawn straight between the two ratios around it.

    *leads* holds for each of *ratios* the lead of numbers under every seed; only the places in *drawn* count.
    """
    means = [fmean(lead[int(place)] for place in drawn) for lead in leads]
    for (before, lead), (after, next_lead) in itertools.pairwise(zip(ratios, means, strict=True)):
        if lead > 0 >= next_lead:
            return before + (after - before) * lead / (lead - next_lead)
    return ratios[-1] if means[-1] > 0 else ratios[0]


def circled_order(rng: random.Random, cycle: float) -> float:
    """The share of pairs that comparisons put right when they run in a circle of *cycle* decades."""
    truth = impacts(rng)
    return order_accuracy(bradley_terry(comparisons(rng, truth, cycle=cycle)), truth)


def circle_against_truth(cycle: float) -> float:
    """Derived: the typical push of the circle, *cycle*/√2, for each typical true gap between two items, √2 `SPREAD`."""
    return cycle / (2 * SPREAD)


def beats(lead: float, noise: float = NOISE) -> float:
    """Derived: how often the item ahead by *lead* decades is said to have done more, Φ(lead/(√2 noise))."""
    return NormalDist().cdf(lead / (math.sqrt(2) * noise))


def triangle(cycle: float, gaps: tuple[float, float] = (1.5, 1.5)) -> list[tuple[str, str, float]]:
    """Derived: Ann, Ben and Cara, evenly on the circle, and how often the first of each pair is preferred.

    Ann did more than Ben by the first of *gaps*, in decades, and Ben more than Cara by the second.
    """
    push = cycle * math.sin(2 * math.pi / 3)
    ahead, behind = gaps
    return [
        ("Ann", "Ben", beats(ahead + push)),
        ("Ben", "Cara", beats(behind + push)),
        ("Cara", "Ann", beats(push - ahead - behind)),
    ]


# --- one's own past --------------------------------------------------------------------------------------------------


def right_signs(
    rng: random.Random, apart: int, *, window: int = 1, gain: float = GAIN, day: float = DAY, evenings: int = 365
) -> float:
    """The share of *evenings* on which the mean of the last *window* days beats that of as many, *apart* days before.

    The person improves by *gain* a day all the time, so that "better" is always right.
    """
    days = [gain * t + rng.normalvariate(0, day) for t in range(evenings + apart + window - 1)]
    sums = [0.0]
    for value in days:
        sums.append(sums[-1] + value)
    level = [sums[t + window] - sums[t] for t in range(len(days) - window + 1)]
    return sum(level[t + apart] > level[t] for t in range(evenings)) / evenings


def chance_of_right_sign(apart: float, window: int = 1, gain: float = GAIN, day: float = DAY) -> float:
    """Derived: what `right_signs` estimates, Φ(μΔ √w / (σ√2)); the two windows must not overlap."""
    return NormalDist().cdf(gain * apart * math.sqrt(window) / (day * math.sqrt(2)))


def days_apart_needed(sure: float, gain: float = GAIN, day: float = DAY) -> float:
    """Derived: how far apart two single days must be for the sign to be right with probability *sure*."""
    return NormalDist().inv_cdf(sure) * day * math.sqrt(2) / gain


def stretch_needed(sure: float, gain: float = GAIN, day: float = DAY) -> float:
    """Derived: how long two stretches, one right after the other, must be for the same; Δ = w, so w^(3/2) counts."""
    return math.pow(days_apart_needed(sure, gain, day), 2 / 3)


# --- what is known beforehand ----------------------------------------------------------------------------------------

Known = tuple[str, float, str, bool]
"""A control: what is known, what was found, what had to be found, and whether it was."""


def known_of_order(stream: Stream, seeds: Sequence[int], slack: float = 1) -> list[Known]:
    """Judges who never slip order everything, and judges who only guess order half; *slack* widens what is allowed."""
    exact = fmean(judge(stream(seed, 41), 1, noise=1e-6, answers=132).order_compared for seed in seeds)
    blind = fmean(judge(stream(seed, 42), 1, noise=1e3).order_compared for seed in seeds)
    near = 0.07 * slack
    return [
        ("judges who never slip, each pair asked twice: share ordered right", exact, "1", exact == 1),
        ("judges who only guess: share ordered right", blind, f"0.5, within {near:g}", abs(blind - 0.5) < near),
    ]


def known_of_sizes(judged: Mapping[float, Sequence[Judged]], slack: float = 1) -> list[Known]:
    """Plain averages miss by what the formula says, for the sets that were *judged* with each unit."""
    gap = max(abs(fmean(one.error for one in sets) / expected_size_error(unit) - 1) for unit, sets in judged.items())
    name = "how far plain averages miss, against the formula s √(2/π): largest gap, as a share of it"
    return [(name, gap, f"below {0.15 * slack:g}", gap < 0.15 * slack)]


def known_of_numbers(stream: Stream, seeds: Sequence[int]) -> list[Known]:
    """Numbers that are ten times as noisy lose against comparisons."""
    ahead = -fmean(lead_of_numbers(judge(stream(seed, 61), 1, numbers_noisier=10)) for seed in seeds)
    return [("numbers ten times as noisy: comparisons lead by", ahead, "more than 0.05", ahead > 0.05)]


def known_of_diaries(
    stream: Stream,
    seeds: Sequence[int],
    days: Mapping[int, Sequence[float]],
    months: Sequence[float],
    slack: float = 1,
) -> list[Known]:
    """Who stands still hears 'better' half the time, and who improves hears it as often as the formula says.

    *days* holds the shares found for each distance between single days, *months* those for means of thirty days.
    """
    still = fmean(right_signs(stream(seed, 26), 30, gain=0) for seed in seeds)
    gaps = [fmean(shares) - chance_of_right_sign(apart) for apart, shares in days.items()]
    gap = max(map(abs, [*gaps, fmean(months) - chance_of_right_sign(30, 30)]))
    near, close = 0.02 * slack, 0.01 * slack
    return [
        ("somebody who stands still is told 'better'", still, f"0.5, within {near:g}", abs(still - 0.5) < near),
        ("largest gap to the formula", gap, f"below {close:g}", gap < close),
    ]


def known_of_circles(stream: Stream, seeds: Sequence[int], slack: float = 1) -> list[Known]:
    """Comparisons that only follow the circle order half of the pairs right."""
    only = fmean(circled_order(stream(seed, 36), 100) for seed in seeds)
    near = 0.1 * slack
    return [("nothing but circles: share ordered right", only, f"0.5, within {near:g}", abs(only - 0.5) < near)]


# --- verdicts in words -----------------------------------------------------------------------------------------------


MEASURED = {
    "order-without-unit": "share of pairs that comparisons put in the right order",
    "magnitude-unknown": "how far plain averages of numbers miss the true size, in decades",
    "comparisons-beat-numbers": "share of pairs ordered right by comparisons minus that by numbers read judge by judge",
    "self-comparison": "share of verdicts on a year of days that are right",
    "intransitive": "share of pairs that comparisons put in the right order",
}
"""What is measured for each claim, larger in its favour."""

AFTERWARDS = {
    "order-without-unit": {
        "right_if": "the comment would have been wrong if readings slipped so much that even comparisons were guesses",
        "by_construction": "that the order does not depend on the units, which drop out of every comparison; how good "
        "it is, is not",
        "changed_after_seeing": "the slip in a comparison was set equal to that of a number, reading for reading",
    },
    "magnitude-unknown": {
        "right_if": "the comment would have been right everywhere if all judges shared one large error, which no "
        "number of them averages out",
        "changed_after_seeing": "the level was lowered from one decade to a factor of three after the first run; at "
        "one decade two cells failed and one was unclear, and the claim would have been open",
    },
    "comparisons-beat-numbers": {
        "right_if": "the comment's preference would have been right if a number were a good deal noisier than a "
        "reading made for a comparison",
        "changed_after_seeing": "the slip in a comparison was first about 1.3 times as large; the sign was the same",
    },
    "self-comparison": {
        "right_if": "the comment would have been right of all three if one improved in a day by 1.2 times what luck "
        "makes of a day (its σ)",
        "changed_after_seeing": "nothing",
    },
    "intransitive": {
        "right_if": "the claim would have held everywhere if the circle had never pushed as hard as the true gaps",
        "changed_after_seeing": "nothing",
    },
}
"""What is published with each claim's verdict, whatever it is."""


def verdict_words(claim: str, cells: Sequence[Cell]) -> dict[str, str]:
    """What is published with the verdict on *claim*, and the condition under which it holds, written from its cells."""
    conditions = {"magnitude-unknown": size_condition, "self-comparison": diary_condition}
    return {**AFTERWARDS[claim], "condition": {**conditions, "intransitive": circle_condition}.get(claim, split)(cells)}


def settings(cells: Sequence[Cell], state: str, name: str) -> list[float]:
    """The values of the parameter *name* in the cells that are in *state*, from the smallest."""
    return sorted(cell.params[name] for cell in cells if cell.state == state)


def listed(values: Sequence[float]) -> str:
    """The *values* in words: '1 and 30', or 'none'."""
    return " and ".join(f"{value:g}" for value in values) or "none"


def split(cells: Sequence[Cell]) -> str:
    """Where a claim holds and where it fails, for claims that are expected to do one of the two everywhere."""
    holds, fails = ("; ".join(c.words for c in cells if c.state == state) or "nowhere" for state in ("holds", "fails"))
    return f"It holds here: {holds}. It fails here: {fails}."


def size_condition(cells: Sequence[Cell]) -> str:
    """How far apart units have to be before six judges no longer average them out."""
    holds, fails = (settings(cells, state, "σ_c") for state in ("holds", "fails"))
    left = " and ".join(f"{10 ** expected_size_error(unit):.1f}" for unit in [*holds, *fails])
    return (
        f"It holds where the judges' units lie {listed(holds)} powers of ten apart, and fails at {listed(fails)}. What "
        f"decides is the factor by which the average of six judges is still off, by the formula {left}."
    )


def diary_condition(cells: Sequence[Cell]) -> str:
    """How long ago the day has to be that one compares oneself with."""
    return (
        f"At this pace a day has to be compared with one at least {days_apart_needed(0.8):.0f} days before, for only "
        f"then does improvement outgrow luck. It holds for {listed(settings(cells, 'holds', 'Δ'))} days and fails for "
        f"{listed(settings(cells, 'fails', 'Δ'))}."
    )


def circle_condition(cells: Sequence[Cell]) -> str:
    """How strong the circle may be against the truth."""
    holds, fails = (settings(cells, state, "ω_c") for state in ("holds", "fails"))
    return (
        "It holds while the circle pushes at most "
        f"{circle_against_truth(max(holds, default=0)):g} times as hard as the typical true gap between two people, "
        f"and fails where it pushes {circle_against_truth(min(fails, default=9)):g} times as hard."
    )


# --- figures ---------------------------------------------------------------------------------------------------------

Row = Mapping[str, Any]
COMPARED, RATED, SIZED = (
    "order, by comparing",
    "order, by numbers",
    "size, to a factor 3",
)


def unit_rows(units: Sequence[float], judged: Sequence[Sequence[Judged]]) -> list[dict[str, Any]]:
    """For each unit the mean over seeds of what was ordered and sized right."""
    rows = []
    for unit, sets in zip(units, judged, strict=True):
        means = {
            COMPARED: fmean(one.order_compared for one in sets),
            RATED: fmean(one.order_rated for one in sets),
            SIZED: fmean(one.within for one in sets),
        }
        rows += [{"series": name, "unit": unit, "share": round(share, 3)} for name, share in means.items()]
    return rows


def unit_figure(rows: Sequence[Row]) -> charts.Spec:
    """Order and size against how far apart the judges' units lie."""
    unit = charts.axis("unit", "how far apart the judges' units lie (decades)")
    share = charts.axis("share", "share that is right", domain=[0, 1])
    return charts.lines(rows, unit, share, [COMPARED, RATED, SIZED])


def unit_alt(rows: Sequence[Row]) -> str:
    """The figure of units in words."""
    first, last = rows[0]["unit"], rows[-1]["unit"]
    share = {(row["series"], row["unit"]): f"{100 * row['share']:.0f} %" for row in rows}
    return (
        f"Two level lines and a falling one. As units move from {first} to {last} decades apart, pairs ordered right "
        f"by comparing go from {share[COMPARED, first]} to {share[COMPARED, last]}, sizes right to a factor of three "
        f"from {share[SIZED, first]} to {share[SIZED, last]}."
    )


def noise_rows(ratios: Sequence[float], judged: Sequence[Sequence[Judged]]) -> list[dict[str, Any]]:
    """For each ratio of slips the mean over seeds of the pairs ordered right in either way."""
    rows = []
    for ratio, sets in zip(ratios, judged, strict=True):
        means = {
            COMPARED: fmean(one.order_compared for one in sets),
            RATED: fmean(one.order_rated for one in sets),
        }
        rows += [{"series": name, "ratio": ratio, "share": round(share, 3)} for name, share in means.items()]
    return rows


def noise_figure(rows: Sequence[Row]) -> charts.Spec:
    """Order by either way of asking, against how much noisier numbers are."""
    ratio = charts.axis("ratio", "how many times as noisy a number is as a reading in a comparison")
    share = charts.axis("share", "share of pairs ordered right", zero=False)
    return charts.lines(rows, ratio, share, [COMPARED, RATED])


def noise_alt(rows: Sequence[Row]) -> str:
    """The figure of noise in words."""
    share = {(row["series"], row["ratio"]): row["share"] for row in rows}
    ahead = [ratio for (name, ratio), found in share.items() if name == RATED and found > share[COMPARED, ratio]]
    first = rows[0]["ratio"]
    return (
        f"A level line for comparing and a falling one for numbers, {100 * share[COMPARED, first]:.0f} % and "
        f"{100 * share[RATED, first]:.0f} % at equal noise; numbers lead up to {max(ahead, default=0):g} times "
        "the noise."
    )


def past_points(days: Mapping[int, Sequence[float]], months: Sequence[float]) -> list[dict[str, Any]]:
    """What was simulated: the mean over seeds for single days at each distance, and for means of thirty days."""
    points = [{"series": "single days", "apart": a, "right": round(fmean(shares), 3)} for a, shares in days.items()]
    return [*points, {"series": "means of 30 days", "apart": 30, "right": round(fmean(months), 3)}]


def past_rows(windows: Sequence[int], furthest: int = 400, steps: int = 40) -> list[dict[str, Any]]:
    """The chance of the right sign by the formula, against the distance in days, a line for each window."""
    rows = []
    for window in windows:
        name = "single days" if window == 1 else f"means of {window} days"
        apart = sorted({max(window, round(furthest ** (k / steps))) for k in range(steps + 1)})
        rows += [{"series": name, "apart": a, "right": round(chance_of_right_sign(a, window), 4)} for a in apart]
    return rows


def past_figure(rows: Sequence[Row], simulated: Sequence[Row]) -> charts.Spec:
    """The chance of the right sign against the distance, with what was simulated as points."""
    names = list(dict.fromkeys(row["series"] for row in rows))
    apart = charts.axis("apart", "days between the two (log scale)")
    apart["scale"] = {"type": "log", "domain": [1, 400], "nice": False}
    apart["axis"] = {"values": [1, 3, 7, 30, 100, 365], "format": "~g"}
    right = charts.axis("right", "share of verdicts that are right", domain=[0.4, 1])
    spec = charts.lines(rows, apart, right, names)
    points = {
        "data": {"values": [dict(row) for row in simulated]},
        "mark": {"type": "point", "size": 90},
        "encoding": {"x": apart, "y": right, "color": charts.series("series", names)["color"]},
    }
    spec["layer"] += [points, charts.rule(0.8, "four times in five")]
    return spec


def past_alt(rows: Sequence[Row], simulated: Sequence[Row]) -> str:
    """The figure of one's own past in words."""
    single = "; ".join(
        f"{row['apart']} day{'s' * (row['apart'] > 1)} apart {100 * row['right']:.0f} %"
        for row in simulated
        if row["series"] == rows[0]["series"]
    )
    return (
        f"Rising lines of how often one rightly finds oneself better; single days: {single}. Longer means rise sooner."
    )


def triangle_figure(sides: Sequence[tuple[str, str, float]]) -> charts.Spec:
    """Three people, an arrow for each pair from the preferred to the other, and how often that is said."""
    corners = {"Ann": (0.0, 1.0), "Ben": (0.87, -0.5), "Cara": (-0.87, -0.5)}
    people = [{"who": who, "x": x, "y": y, "above": y > 0} for who, (x, y) in corners.items()]
    arrows = []
    for winner, loser, share in sides:
        (x, y), (to_x, to_y) = corners[winner], corners[loser]
        arrows.append(
            {
                "x": x + 0.16 * (to_x - x),
                "y": y + 0.16 * (to_y - y),
                "x2": x + 0.84 * (to_x - x),
                "y2": y + 0.84 * (to_y - y),
                "tip_x": x + 0.82 * (to_x - x),
                "tip_y": y + 0.82 * (to_y - y),
                "mid_x": 1.06 * (x + to_x),
                "mid_y": 0.5 * (y + to_y) - (0.14 if abs(y - to_y) < 0.1 else 0),
                # Vega turns a triangle clockwise from its tip pointing up; x and y have the same scale here.
                "angle": round(math.degrees(math.atan2(to_x - x, to_y - y)), 1),
                "says": f"{winner} over {loser}: {100 * share:.0f} %",
            }
        )
    arrows = [{name: round(v, 3) if isinstance(v, float) else v for name, v in arrow.items()} for arrow in arrows]
    across: charts.Spec = {"axis": None, "type": "quantitative", "scale": {"domain": [-1.6, 1.6]}}
    upwards: charts.Spec = {"axis": None, "type": "quantitative", "scale": {"domain": [-0.8, 1.2]}}
    at = {"x": {**across, "field": "x"}, "y": {**upwards, "field": "y"}}
    layers: list[charts.Spec] = [
        {
            "data": {"values": arrows},
            "mark": {"type": "rule", "strokeWidth": 2, "color": charts.BLUE},
            "encoding": {**at, "x2": {"field": "x2"}, "y2": {"field": "y2"}},
        },
        {
            "data": {"values": arrows},
            "mark": {"type": "point", "shape": "triangle", "size": 160, "color": charts.BLUE},
            "encoding": {
                "x": {**across, "field": "tip_x"},
                "y": {**upwards, "field": "tip_y"},
                "angle": {"field": "angle", "type": "quantitative", "scale": None},
            },
        },
        {
            "data": {"values": arrows},
            "mark": {"type": "text", "color": charts.INK, "fontSize": 13},
            "encoding": {
                "x": {**across, "field": "mid_x"},
                "y": {**upwards, "field": "mid_y"},
                "text": {"field": "says"},
            },
        },
        {
            "data": {"values": people},
            "mark": {"type": "text", "fontSize": 15, "fontWeight": "bold", "color": charts.INK},
            "encoding": {**at, "text": {"field": "who"}},
        },
    ]
    return charts.chart(layers, width=480, height=300)


def triangle_alt(sides: Sequence[tuple[str, str, float]]) -> str:
    """The triangle in words."""
    says = ", ".join(f"{winner} over {loser} in {100 * share:.0f} %" for winner, loser, share in sides)
    return f"A triangle of arrows that runs in a circle: judges prefer {says} of comparisons."


FIGURES: Mapping[str, tuple[Callable[..., charts.Spec], Callable[..., str], str]] = {
    "units": (
        unit_figure,
        unit_alt,
        "As the judges' units move apart the order stays, however it was asked for, and the sizes go.",
    ),
    "noise": (
        noise_figure,
        noise_alt,
        "Numbers order better than comparisons until they are a good deal noisier.",
    ),
    "past": (
        past_figure,
        past_alt,
        "Lines: the formula; points: simulated years. A month's mean does what single days do only in a season.",
    ),
    "triangle": (
        triangle_figure,
        triangle_alt,
        "Ann did thirty times as much as Ben and Ben as Cara; under a circle of four decades Cara beats Ann.",
    ),
}
"""How each figure is drawn from its data, how it is told in words, and its caption."""
