"""What repetition and hedging tell about the reward a writer was trained for.

Two writers. One makes a point in n wordings; each lands with some chance, and a judge is moved by the best wording or
by the average one; a price per further wording may or may not be charged. It learns n by REINFORCE over a softmax.

The other makes statements of which it knows, more or less well, how likely each is to be right. Asserting earns 1 when
right and costs c when wrong, hedging earns h. It learns, for each degree of confidence, whether to assert.

Sources: Chow 1970 (when to decline to decide); Sutton and Barto 2018, chapter 13 (REINFORCE).
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from statistics import NormalDist, fmean
from typing import Any, Literal, Protocol, TypeVar

from . import charts

T = TypeVar("T")

# --- saying it again -----------------------------------------------------------------------------------------------

LENGTHS = range(1, 11)
"""How many wordings of its point a text may hold."""
STEPS, LEARNING = 6000, 0.1
"""The training: texts written, and the length of a step after each."""

Judge = Literal["any", "mean"]


@dataclass(frozen=True)
class Point:
    """A point to be made, and who judges whether it was."""

    p: float = 0.35
    """The chance that one wording lands."""
    c: float = 0.0
    """The chance that a further wording shares the fate of the first one."""
    price: float = 0.0
    """What each wording after the first costs (λ)."""
    judge: Judge = "any"
    """'any' is moved by the best wording, 'mean' by the average one."""


def expected_reward(n: int, point: Point) -> float:
    """What *n* wordings earn on average.

    Derived: the first wording fails with 1 − p, and then each further one fails if it shares that fate or fails by
    itself. The average wording lands as often as the first.
    """
    fails = point.c + (1 - point.c) * (1 - point.p)
    lands = 1 - (1 - point.p) * fails ** (n - 1) if point.judge == "any" else point.p
    return lands - point.price * (n - 1)


def best_length(point: Point) -> int:
    """The number of wordings that earns most; the smallest of them when several do."""
    return max(LENGTHS, key=lambda n: (round(expected_reward(n, point), 12), -n))


def prices_for(n: int, p: float = 0.35) -> tuple[float, float]:
    """Between which prices *n* independent wordings earn most before a judge moved by the best one.

    Derived: the n-th wording adds p(1 − p)^(n−1), the next one adds a factor of 1 − p less.
    """
    return p * (1 - p) ** n, p * (1 - p) ** (n - 1)


def reward(n: int, point: Point, rng: random.Random) -> float:
    """What one text of *n* wordings earns."""
    first = rng.random() < point.p
    further = (first if rng.random() < point.c else rng.random() < point.p for _ in range(n - 1))
    moved = float(first or any(further)) if point.judge == "any" else (first + sum(further)) / n
    return moved - point.price * (n - 1)


def learned_length(point: Point, rng: random.Random, steps: int = STEPS) -> float:
    """How many wordings a writer makes on average after training; before it, all lengths are equally likely."""
    logits, usual = [0.0] * len(LENGTHS), 0.0
    chances = _softmax(logits)
    for _ in range(steps):
        picked = min(bisect_right(list(accumulate(chances)), rng.random()), len(chances) - 1)
        earned = reward(LENGTHS[picked], point, rng)
        for k, chance in enumerate(chances):
            logits[k] += LEARNING * (earned - usual) * ((k == picked) - chance)
        usual += 0.02 * (earned - usual)
        chances = _softmax(logits)
    return sum(n * chance for n, chance in zip(LENGTHS, chances, strict=True))


def _softmax(logits: Sequence[float]) -> list[float]:
    top = max(logits)
    weights = [math.exp(logit - top) for logit in logits]
    total = sum(weights)
    return [weight / total for weight in weights]


# --- saying it carefully -------------------------------------------------------------------------------------------

BINS = 20
"""How many degrees of confidence a writer tells apart."""
STATEMENTS, NUDGE = 8000, 1.0
"""The training: statements made, and the length of a step after each assertion."""


@dataclass(frozen=True)
class Pay:
    """What the training pays: 1 for a right assertion, −c for a wrong one, h for a hedge."""

    c: float = 0.0
    h: float = 0.3

    @property
    def bar(self) -> float:
        """The confidence above which asserting pays more than hedging. Derived: p − (1 − p)c = h."""
        return (self.h + self.c) / (1 + self.c)


def bonus_like(c: float, h: float = 0.3) -> float:
    """The pay for a hedge that, with no penalty, sets the bar where a penalty of *c* does: the bar itself."""
    return Pay(c, h).bar


Bins = list[tuple[float, float]]
"""For each degree of confidence: how many of the statements have it, and how many of those are right."""


@dataclass(frozen=True)
class Knowledge:
    """How sure a writer may be of its statements, and how well it knows that."""

    a: float = 3.0
    b: float = 1.5
    """The chance that a statement is right is spread as Beta(a, b)."""
    seen: Literal["exactly", "noisily", "not"] = "exactly"
    noise: float = 0.2
    """How far off a writer is that sees its confidence noisily: a standard deviation."""

    def bins(self, grid: int = 2000) -> Bins:
        """The statements by the degree of confidence in which they are seen, by summing over a grid of confidences.

        Whoever does not see has all statements in one bin.
        """
        ps = [(i + 0.5) / grid for i in range(grid)]
        density = [p ** (self.a - 1) * (1 - p) ** (self.b - 1) for p in ps]
        total = sum(density)
        mass, right = [0.0] * BINS, [0.0] * BINS
        for p, weight in zip(ps, density, strict=True):
            for k, share in self._seen_as(p):
                mass[k] += weight / total * share
                right[k] += weight / total * share * p
        return [(m, r / m) if m else (0.0, 0.5) for m, r in zip(mass, right, strict=True)]

    def _seen_as(self, p: float) -> list[tuple[int, float]]:
        """The bins in which a statement of confidence *p* may be seen, with the chance of each."""
        if self.seen == "not":
            return [(0, 1.0)]
        if self.seen == "exactly":
            return [(int(p * BINS), 1.0)]
        seen = NormalDist(p, self.noise)
        edges = [0.0, *(seen.cdf(k / BINS) for k in range(1, BINS)), 1.0]  # what is seen below 0 or above 1 is cut off
        return [(k, edges[k + 1] - edges[k]) for k in range(BINS)]


def told_from_a_bonus(grid: int = 4000) -> float:
    """How often a penalised writer hedges more than one paid to hedge, when each does what is best for it.

    Derived: more is hedged under the higher bar. A bonus is spread evenly between 0.3 and 0.9, and so is the bar it
    sets; the penalties are spread evenly between 0 and 3.
    """
    penalties = [3 * (i + 0.5) / grid for i in range(grid)]
    return math.fsum((Pay(c).bar - 0.3) / 0.6 for c in penalties) / grid


def best_hedging(pay: Pay, bins: Bins) -> float:
    """The share of statements that the best writer hedges: those in *bins* that are right less often than the bar."""
    return sum(mass for mass, right in bins if right < pay.bar)


def penalty_that_silences(right: float, h: float = 0.3) -> float:
    """The penalty *c* from which a writer hedges statements of which the share *right* is right.

    Derived: the bar (h + c)/(1 + c) reaches *right*.
    """
    return (right - h) / (1 - right)


def learned_hedging(pay: Pay, bins: Bins, rng: random.Random, statements: int = STATEMENTS) -> float:
    """The share of statements that a writer hedges after training; before it, it hedges one in two.

    Each statement falls into a bin and is right as often as that bin's are, which is the same in law as drawing its
    confidence first. An assertion is compared with what a hedge would have earned; a hedge teaches nothing.
    """
    upto = list(accumulate(mass for mass, _ in bins))
    leaning = [0.0] * BINS  # the logit of asserting
    for _ in range(statements):
        k = min(bisect_right(upto, rng.random()), BINS - 1)
        assertive = _logistic(leaning[k])
        if rng.random() < assertive:
            earned = 1.0 if rng.random() < bins[k][1] else -pay.c
            leaning[k] += NUDGE * (earned - pay.h) * (1 - assertive)
    return sum(mass * (1 - _logistic(lean)) for (mass, _), lean in zip(bins, leaning, strict=True))


def _logistic(x: float) -> float:
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, x))))


# --- telling one writer from another -------------------------------------------------------------------------------


def auc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """How often one of the *positives* shows more than one of the *negatives*, ties counting half; 0.5 is a coin."""
    ordered = sorted(negatives)
    below = sum(bisect_right(ordered, value) for value in positives)
    ties = sum(bisect_right(ordered, value) - bisect_right(ordered, value - 1e-12) for value in positives)
    return (below - ties / 2) / (len(positives) * len(negatives))


Trained = tuple[Pay, Knowledge]


def penalised(rng: random.Random) -> Trained:
    """A writer that was penalised for wrong statements, by an amount between 0 and 3."""
    return Pay(c=rng.uniform(0, 3)), Knowledge()


def rewarded(rng: random.Random) -> Trained:
    """A writer that was never penalised, and paid between 0.3 and 0.9 for a hedge."""
    return Pay(c=0, h=rng.uniform(0.3, 0.9)), Knowledge()


def ignorant(rng: random.Random) -> Trained:
    """A writer that was never penalised, and may know little: its confidence is Beta(a, 1.5) with a from 0.5 to 3."""
    return Pay(c=0), Knowledge(a=rng.uniform(0.5, 3))


def rewarded_alike(rng: random.Random) -> Trained:
    """A writer that was never penalised, and paid for a hedge what sets the bar where such a penalty does."""
    return Pay(c=0, h=bonus_like(rng.uniform(0, 3))), Knowledge()


HISTORIES = {
    "a penalty": penalised,
    "a hedging bonus": rewarded,
    "mere ignorance": ignorant,
    "a bonus to match": rewarded_alike,
}
"""How writers came to hedge, by what moved them; the first is the one to be told from the others."""


def crowd(rng: random.Random, each: int) -> list[Trained]:
    """*each* writers of every history, one history after another."""
    return [history(rng) for history in HISTORIES.values() for _ in range(each)]


def by_history(values: Sequence[T]) -> dict[str, Sequence[T]]:
    """What belongs to the writers of a `crowd`, in its order, for each history."""
    each = len(values) // len(HISTORIES)
    return {name: values[k * each : (k + 1) * each] for k, name in enumerate(HISTORIES)}


def areas(shown: Sequence[Sequence[float]]) -> dict[str, list[float]]:
    """How often a penalised writer hedges more than one of each other history (AUC), for each row of *shown*.

    A row holds how much each writer of a `crowd` hedges.
    """
    rows = [by_history(row) for row in shown]
    return {name: [auc(row["a penalty"], row[name]) for row in rows] for name in HISTORIES if name != "a penalty"}


def average_bars(crowds: Sequence[Sequence[Trained]]) -> dict[str, float]:
    """The confidence that writers of each history need before they assert, averaged over *crowds*."""
    rows = [by_history([pay.bar for pay, _ in writers]) for writers in crowds]
    return {name: fmean(bar for row in rows for bar in row[name]) for name in HISTORIES}


# --- conditions in words -------------------------------------------------------------------------------------------


JUDGES = {"any": "before a judge moved by the best wording", "mean": "before a judge moved by the average wording"}
FATES = {0: "independent", 0.5: "half bound", 1: "of one fate"}
"""The wordings, by the chance that a further one shares the fate of the first."""


def gain_of_nine(cell: Mapping[str, Any]) -> float:
    """What nine further wordings add to the expected reward in a *cell* of the claim on repetition."""
    point = Point(c=cell["c_r"], judge=cell["judge"])
    return expected_reward(10, point) - expected_reward(1, point)


def repetition_condition(cells: Sequence[Any]) -> str:
    """Where the claim on repetition holds and where it does not, in words, and what lies between."""
    parts: list[str] = []
    for state, told in (("holds", "it holds"), ("fails", "it fails"), ("unclear", "it is unclear")):
        found = [cell for cell in cells if cell.state == state]
        if found:
            gain = _range([gain_of_nine(cell.params) for cell in found])
            amount = gain if parts else f"nine further ones add {gain} to the reward"
            parts.append(f"{told} {_settings(cells, state)} ({amount})")
    return f"I{'; '.join(parts)[1:]}."


def _settings(cells: Sequence[Any], state: str) -> str:
    words = []
    for judge, name in JUDGES.items():
        alike = [cell for cell in cells if cell.params["judge"] == judge]
        fates = [FATES[cell.params["c_r"]] for cell in alike if cell.state == state]
        if fates:
            words.append(name if len(fates) == len(alike) else f"{name}, with wordings {_list(fates)}")
    return ", and ".join(words)


def diagnosis_condition(cells: Sequence[Any], bars: Mapping[str, float]) -> str:
    """Where the diagnosis works and where it does not, in words; *bars* are the average ones of each history."""
    told = {"holds": "it holds", "fails": "it fails", "unclear": "it is unclear"}
    parts = "; ".join(f"{told[cell.state]} against {cell.params['against']}" for cell in cells)
    needed = [f"{bars[name]:.2f} with {name}" for name in ("a penalty", *(cell.params["against"] for cell in cells))]
    return (
        f"I{parts[1:]}. On average, asserting takes a confidence of {_list(needed)};"
        " the figures depend on the penalties and bonuses assumed."
    )


def _range(values: Sequence[float]) -> str:
    low, high = f"{min(values) + 0:.2f}", f"{max(values) + 0:.2f}"
    return low if low == high else f"{low} to {high}"


def _list(items: Sequence[str]) -> str:
    return "".join(items) if len(items) < 2 else f"{', '.join(items[:-1])} and {items[-1]}"


# --- figures -------------------------------------------------------------------------------------------------------


class Interval(Protocol):
    """A mean and where it may lie, as `lab` has it."""

    @property
    def mean(self) -> float:
        """The mean."""

    @property
    def lo(self) -> float:
        """The lower end."""

    @property
    def hi(self) -> float:
        """The upper end."""


def lengths_chart(found: Mapping[float, Interval], marked: int = 5) -> charts.Spec:
    """Learned lengths as dots on the best length as a staircase, against the price, with one length *marked*.

    *found* gives for each price the learned number of wordings.
    """
    dots = [
        {"price": price, **{k: round(getattr(n, k), 2) for k in ("mean", "lo", "hi")}} for price, n in found.items()
    ]
    x = charts.axis("price", "price of a further wording (λ)", type="quantitative")
    x["scale"] = {"type": "log", "domain": [0.0008, 0.3], "nice": False}
    x["axis"] = {"values": [0.001, 0.003, 0.01, 0.03, 0.1, 0.3]}
    y = charts.axis("n", "wordings of one point", domain=[0, 10.5])
    layers: list[charts.Spec] = [
        {
            "data": {"values": stairs()},
            "mark": {"type": "line", "interpolate": "step-after", "color": charts.SOFT, "aria": False},
            "encoding": {"x": x, "y": y},
        },
        {
            "mark": {"type": "rule", "color": charts.BLUE, "strokeWidth": 2, "aria": False},
            "encoding": {"x": x, "y": {**y, "field": "lo"}, "y2": {"field": "hi"}},
        },
        {
            "mark": {"type": "point", "color": charts.BLUE, "size": 70, "filled": True, "aria": False},
            "encoding": {"x": x, "y": {**y, "field": "mean"}},
        },
        charts.rule(marked, f"{marked} wordings: four fifths repeat the first"),
    ]
    return charts.chart(layers, dots)


def lengths_alt(found: Mapping[float, Interval]) -> str:
    """What `lengths_chart` shows, in words."""
    told = ", ".join(f"{n.mean:.1f} at {price:g}" for price, n in found.items())
    low, high = prices_for(5)
    return (
        f"The dearer a further wording, the fewer a writer learns to make: {told}."
        f" Five are best at prices from {low:.3f} to {high:.4f}."
    )


def stairs(top: int = 10) -> list[dict[str, float]]:
    """The best number of wordings against the price, as rows of a staircase: each row begins a step."""
    steps = [{"price": round(prices_for(n)[0], 5), "n": n} for n in range(top - 1, 0, -1)]
    return [{"price": 0.0008, "n": top}, *steps, {"price": 0.3, "n": 1}]


Rates = Mapping[Trained, Sequence[float]]
"""The share of statements hedged by writers of some pay and knowledge, under every seed."""

SIGHT = {"exactly": "seen exactly", "noisily": "seen noisily", "not": "not seen"}


def hedging_chart(rates: Rates) -> charts.Spec:
    """The share of hedged statements against the penalty: what is best as lines, and what was learned as dots."""
    x = charts.axis("c", "penalty on a wrong statement (c)", domain=[0, 3])
    y = charts.axis("y", "share of statements hedged", domain=[0, 1.05])
    known = list(dict.fromkeys(knowledge for _, knowledge in rates))
    names = [SIGHT[knowledge.seen] for knowledge in known]
    spec = charts.lines([row for knowledge in known for row in _best_rows(knowledge)], x, y, names)
    spec["layer"][0]["mark"]["interpolate"] = "step-after"
    for told_apart in ("color", "strokeDash"):
        spec["layer"][0]["encoding"][told_apart]["title"] = "the writer’s confidence is"
    shapes = ("circle", "square", "triangle-up")
    for knowledge, colour, shape in zip(known, charts.SERIES, shapes, strict=False):
        # A layer for each, with its look in the mark: an encoding would change the legend of the lines.
        mark = {"type": "point", "color": colour, "shape": shape, "size": 60, "filled": True, "aria": False}
        dots = [{"c": pay.c, "y": round(fmean(rate), 3)} for (pay, k), rate in rates.items() if k == knowledge]
        spec["layer"].append({"data": {"values": dots}, "mark": mark, "encoding": {"x": x, "y": y}})
    return spec


def _best_rows(knowledge: Knowledge, top: float = 3.0, steps: int = 300) -> list[dict[str, Any]]:
    """How much is best hedged at each penalty: a row where it changes, and one at the end."""
    bins = knowledge.bins()
    rows: list[dict[str, Any]] = []
    for k in range(steps + 1):
        share = round(best_hedging(Pay(top * k / steps), bins), 3)
        if k == steps or not rows or rows[-1]["y"] != share:
            rows.append({"series": SIGHT[knowledge.seen], "c": round(top * k / steps, 3), "y": share})
    return rows


def hedging_alt(rates: Rates) -> str:
    """What `hedging_chart` shows, in words: the first and the last dot of each line."""
    told = []
    for seen, name in SIGHT.items():
        dots = [(pay.c, fmean(rate)) for (pay, knowledge), rate in rates.items() if knowledge.seen == seen]
        if dots:
            told.append(f"{name}: {dots[0][1]:.2f} at {dots[0][0]:g}, {dots[-1][1]:.2f} at {dots[-1][0]:g}")
    return f"The share of statements hedged rises with the penalty on wrong ones. {'; '.join(told)}."


BARS = (0.4, 0.5, 0.6, 0.7, 0.9)


def alike_chart(c: float = 2.0, h: float = 0.3, top: float = 3.0) -> charts.Spec:
    """The plane of penalties and pays for a hedge, with lines along which the bar, and so the behaviour, is the same.

    Derived: h = bar − (1 − bar)·c, straight lines that would all meet in c = −1, h = 1. The two marked writers, one
    penalised and one paid more for a hedge, lie on one line.
    """
    lines: list[dict[str, Any]] = [
        {"c": at, "h": round(bar - (1 - bar) * at, 3), "bar": f"{bar:g}"}
        for bar in BARS
        for at in (0.0, min(top, bar / (1 - bar)))
    ]
    through = bonus_like(c, h)
    same = [{"c": 0.0, "h": round(through, 3)}, {"c": min(top, through / (1 - through)), "h": 0.0}]
    same[1]["h"] = round(through - (1 - through) * same[1]["c"], 3)
    marks = [
        {"c": c, "h": h, "who": "penalised"},
        {"c": 0.0, "h": round(through, 3), "who": "paid to hedge"},
    ]
    x = charts.axis("c", "penalty on a wrong statement (c)", domain=[-0.02, top])
    y = charts.axis("h", "pay for a hedge (h)", domain=[0, 1])
    ends = [{**row, "bar": f"bar {row['bar']}"} for row in lines[1::2]]
    below = {"type": "text", "color": charts.SOFT, "aria": False}
    text = {"x": x, "y": y, "text": {"field": "bar"}}
    layers: list[charts.Spec] = [
        {
            "data": {"values": lines},
            "mark": {"type": "line", "color": charts.GREEN, "strokeWidth": 1.2, "aria": False},
            "encoding": {"x": x, "y": y, "detail": {"field": "bar", "type": "nominal"}},
        },
        {
            "data": {"values": same},
            "mark": {"type": "line", "color": charts.VERMILION, "strokeDash": [6, 3], "aria": False},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": [end for end in ends if end["h"] == 0]},
            "mark": {**below, "align": "left", "dx": 5, "dy": -6},
            "encoding": text,
        },
        {
            "data": {"values": [end for end in ends if end["h"] > 0]},
            "mark": {**below, "align": "right", "dy": 14},
            "encoding": text,
        },
        {
            "data": {"values": marks},
            "mark": {"type": "point", "color": charts.VERMILION, "size": 110, "filled": True, "aria": False},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": marks},
            "mark": {"type": "text", "align": "left", "dx": 12, "dy": -10, "aria": False},
            "encoding": {"x": x, "y": y, "text": {"field": "who"}},
        },
    ]
    return charts.chart(layers)


def alike_alt(c: float = 2.0, h: float = 0.3) -> str:
    """What `alike_chart` shows, in words."""
    return (
        "Lines along which a penalty on wrong statements and a pay for hedging set the same bar fall straight from left"
        f" to right. A penalty of {c:g} with {h:g} for a hedge, and no penalty with {bonus_like(c, h):.2f} for a"
        " hedge, lie on one line."
    )
