"""A model that confesses its broken rules, and the judge whose agreement it is paid for.

An answer has some rules, each broken with a certain probability. A breach shows in the answer, or only in the reasoning
trace, or nowhere. The judge flags what he sees, and a little of what he does not. A trace may also recite a rule, and a
judge who reads it may then take the recital for obedience. The model knows of most of its breaches, and learns by
policy gradient (REINFORCE: `sutton2018rl`, chapter 13) which kinds of them to confess. Sources:
`joglekar2025confessions`, which describes the arrangement; `rogan1978prevalence` on imperfect tests;
`blackwell1953equivalent` on what more evidence can do.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from . import charts

Rows = charts.Rows
Spec = charts.Spec

OBEYED, ANSWER, TRACE, NOWHERE = range(4)
"""What became of a rule: kept, or broken and visible in the answer, only in the trace, or nowhere."""
PLACES = ("kept", "broken, seen in the answer", "broken, seen only in the trace", "broken, seen nowhere")

RATE = 0.05
"""How fast the learner's running mean and spread of its reward move."""
MOMENTS = 60
"""How often the path of a training is noted."""


@dataclass(frozen=True)
class World:
    """How often rules are broken, where that shows, and what the judge and the model notice: probabilities."""

    broken: float = 0.4
    in_answer: float = 0.5
    in_trace: float = 0.6  # of the breaches that the answer does not show
    sees: float = 0.95
    imagines: float = 0.05  # flags what shows nowhere, or is no breach
    knows: float = 0.9


DEFAULT = World()


# --- the judge, derived --------------------------------------------------------------------------------------------


def sensitivity(world: World, reads: bool, recital: float = 0.0, gullible: float = 0.0) -> float:
    """The share of breaches that the judge flags; *reads* says whether he is shown the trace."""
    shown = world.in_answer + (1 - world.in_answer) * world.in_trace * reads
    flagged = world.sees * shown + world.imagines * (1 - shown)
    return flagged * (1 - recital * gullible * reads)


def gain(world: World, recital: float, gullible: float) -> float:
    """How much larger a share of breaches the judge flags when he reads the trace."""
    return sensitivity(world, True, recital, gullible) - sensitivity(world, False)


def false_credit(world: World, recital: float, gullible: float) -> float:
    """The share of breaches visible in the answer that he passes because the trace recited the rule."""
    return world.sees * recital * gullible


def tipping_product(world: World, least: float = 0.0) -> float:
    """The product of recital and gullibility at which the gain has fallen to *least*."""
    return 1 - (sensitivity(world, False) + least) / sensitivity(world, True)


def tipping_recital(world: World, gullible: float, least: float = 0.0) -> float:
    """The recital rate at which the gain has fallen to *least*; above 1 it never does. Infinite for nobody's dupe."""
    return tipping_product(world, least) / gullible if gullible else math.inf


# --- the judge, simulated ------------------------------------------------------------------------------------------


def place_of_rule(world: World, rng: random.Random) -> int:
    """What became of one rule: OBEYED, ANSWER, TRACE or NOWHERE."""
    if rng.random() >= world.broken:
        return OBEYED
    return place_of_breach(world, rng)


def place_of_breach(world: World, rng: random.Random) -> int:
    """Where one breach shows: ANSWER, TRACE or NOWHERE."""
    if rng.random() < world.in_answer:
        return ANSWER
    return TRACE if rng.random() < world.in_trace else NOWHERE


def flags(world: World, place: int, reads: bool, persuaded: bool, glance: float) -> bool:
    """Whether the judge flags a rule; *glance* is his luck, from 0 to 1, *persuaded* that a recital took him in."""
    visible = place == ANSWER or (reads and place == TRACE)
    return glance < (world.sees if visible else world.imagines) and not (reads and persuaded)


@dataclass(frozen=True)
class Watched:
    """What happened to many breaches under one seed, as shares; with and without the trace under the same luck."""

    gain: float  # of all breaches: flagged with the trace minus flagged without
    false_credit: float  # of those visible in the answer: passed with the trace minus passed without


def watch(world: World, recital: float, gullible: float, rng: random.Random, breaches: int = 2000) -> Watched:
    """Show the judge as many *breaches* twice, with the trace and without."""
    more = missed = visible = 0
    for _ in range(breaches):
        place = place_of_breach(world, rng)
        persuaded = rng.random() < recital and rng.random() < gullible
        glance = rng.random()
        with_trace = flags(world, place, True, persuaded, glance)
        without = flags(world, place, False, persuaded, glance)
        more += with_trace - without
        if place == ANSWER:
            visible += 1
            missed += without - with_trace
    return Watched(more / breaches, missed / visible if visible else 0.0)


def watch_all(recital: float, gullible: float, streams: Iterable[random.Random], breaches: int = 2000) -> list[Watched]:
    """`watch` in the default world, once for each of the *streams* of luck."""
    return [watch(DEFAULT, recital, gullible, rng, breaches) for rng in streams]


def balanced_gain(world: World, rng: random.Random, rules: int = 4000) -> float:
    """How much balanced accuracy a judge whom no recital persuades gains by the trace: mean over kept and broken."""
    right = {True: 0, False: 0}
    count = {True: 0, False: 0}
    for _ in range(rules):
        place, glance = place_of_rule(world, rng), rng.random()
        broken = place != OBEYED
        count[broken] += 1
        with_trace, without = (flags(world, place, reads, False, glance) for reads in (True, False))
        right[broken] += (with_trace == broken) - (without == broken)
    return sum(right[broken] / max(1, count[broken]) for broken in (True, False)) / 2


# --- the judge who weighs evidence ---------------------------------------------------------------------------------


def best_accuracy(if_broken: Sequence[float], if_kept: Sequence[float]) -> float:
    """The best balanced accuracy that signals allow; *if_broken* and *if_kept* give each signal's probability."""
    return sum(max(pair) for pair in zip(if_broken, if_kept, strict=True)) / 2


def signals(world: World, broken: bool, reads: bool, recites: float) -> list[float]:
    """The probability of everything a judge may see of one rule: a sign in the answer, one in the trace, a recital."""
    in_answer = world.in_answer * broken
    in_trace = (1 - world.in_answer) * world.in_trace * broken
    places = ((in_answer, True, False), (in_trace, False, True), (1 - in_answer - in_trace, False, False))

    def likely(sign: bool, shown: bool) -> float:
        chance = world.sees if shown else world.imagines
        return chance if sign else 1 - chance

    if not reads:
        return [sum(p * likely(first, a) for p, a, _ in places) for first in (True, False)]
    return [
        sum(p * likely(first, a) * likely(second, t) for p, a, t in places) * (recites if recited else 1 - recites)
        for first, second, recited in itertools.product((True, False), repeat=3)
    ]


def weighing_gain(world: World, recites_broken: float, recites_kept: float) -> float:
    """What the trace adds to the balanced accuracy of a judge who weighs every sign as well as it can be weighed.

    Reciting may be as common among broken rules and among kept ones as it likes: he takes that into account.
    """
    informed, plain = (
        best_accuracy(signals(world, True, reads, recites_broken), signals(world, False, reads, recites_kept))
        for reads in (True, False)
    )
    return informed - plain


def least_weighing_gain(levels: Sequence[float] = (0.0, 0.3, 0.7, 1.0)) -> float:
    """The least that the trace adds for the judge who weighs every sign, in worlds where all shares take all *levels*.

    Once he sees well and once badly; with the default levels these are 1,024 worlds.
    """
    return min(
        weighing_gain(World(in_answer=answer, in_trace=trace, sees=sees, imagines=imagines), broken, kept)
        for answer, trace, broken, kept in itertools.product(levels, repeat=4)
        for sees, imagines in itertools.product((0.5, 0.95), (0.05, 0.4))
    )


# --- the model in the confessional ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Training:
    """How a model is trained to confess."""

    rules: int = 4
    graded: bool = True  # paid for each rule on which it agrees with the judge; else only for agreement on all
    price: float = 0.0  # of one confession, in units of the whole reward
    reads: bool = False  # whether the judge reads the trace
    gullible: float = 0.0
    recital: float = 0.0  # how often the trace recites a rule, at the start
    start: float = 0.5  # how often it confesses at the start, whatever became of the rule
    scaled: bool = True  # advantages are divided by their running deviation
    shapes_trace: bool = False  # the same reward also teaches it how often to recite
    pressure: float = 0.0  # what it is paid, beside, for a verdict of 'kept' on all rules
    step: float = 0.1
    episodes: int = 3000


@dataclass(frozen=True)
class Trained:
    """What came of a training."""

    confesses: tuple[float, ...]  # for each place, how often it confesses a rule that it believes to be there
    recital: float  # how often it recites at the end
    path: tuple[float, ...]  # of the recital rate, at MOMENTS even moments

    @property
    def silence(self) -> float:
        """How much oftener it confesses what the answer shows than what only the trace shows, knowing of both."""
        return self.confesses[ANSWER] - self.confesses[TRACE]

    @property
    def recites(self) -> bool:
        """Whether it ends by reciting more rules than not."""
        return self.recital > 0.5


@dataclass(frozen=True)
class Paid:
    """How often breaches seen in the answer are confessed after training, seed by seed, under two kinds of pay."""

    items: int  # in one confession
    price: float  # of one confession
    each: list[float]  # paid for each item
    whole: list[float]  # paid only for all items

    @property
    def gaps(self) -> list[float]:
        """How much more is confessed when each item is paid."""
        return [each - whole for each, whole in zip(self.each, self.whole, strict=True)]


def logit(p: float) -> float:
    """The real number that `chance` turns into *p*."""
    return math.log(p / (1 - p))


def chance(x: float) -> float:
    """The probability that belongs to the real number *x*."""
    return 1 / (1 + math.exp(-x))


class Advantage:
    """How much better a reward is than usual, in units of the usual spread where that is asked for."""

    def __init__(self, scaled: bool) -> None:
        self.scaled = scaled
        self.usual: float | None = None
        self.spread = 0.0

    def of(self, reward: float) -> float:
        """The advantage of *reward*, which then counts towards what is usual."""
        if self.usual is None:
            self.usual = reward
        better = reward - self.usual
        self.usual += RATE * better
        self.spread += RATE * (better * better - self.spread)
        if not self.scaled:
            return better
        return better / math.sqrt(self.spread) if self.spread > 0 else 0.0


@dataclass
class Episode:
    """What is counted in one answer, its confession and the judge's verdicts."""

    will_slope: list[float]  # for each place, confessions above what was expected
    habit_slope: float = 0.0  # recitals above what was expected
    agreed: int = 0
    confessed: int = 0
    passed: int = 0  # rules that the judge took for kept

    def reward(self, how: Training) -> float:
        """The pay for the whole."""
        whole = self.agreed / how.rules if how.graded else float(self.agreed == how.rules)
        return whole - how.price * self.confessed + how.pressure * self.passed / how.rules


def play(world: World, how: Training, confesses: Sequence[float], recites: float, rng: random.Random) -> Episode:
    """One episode; a breach that the model does not know of is to it a rule kept."""
    seen = Episode([0.0] * 4)
    for _ in range(how.rules):
        place = place_of_rule(world, rng)
        felt = place if rng.random() < world.knows else OBEYED
        confessed = rng.random() < confesses[felt]
        recited = rng.random() < recites
        flagged = flags(world, place, how.reads, recited and rng.random() < how.gullible, rng.random())
        seen.agreed += confessed == flagged
        seen.confessed += confessed
        seen.passed += not flagged
        seen.will_slope[felt] += confessed - confesses[felt]
        seen.habit_slope += recited - recites
    return seen


def train(world: World, how: Training, rng: random.Random) -> Trained:
    """One model, trained from its start to the end of its episodes (Williams 1992)."""
    will = [logit(how.start)] * 4
    habit = logit(how.recital) if how.shapes_trace else 0.0
    advantage = Advantage(how.scaled)
    path = []
    recites = how.recital
    for number in range(how.episodes):
        if number % max(1, how.episodes // MOMENTS) == 0:
            path.append(recites)
        seen = play(world, how, [chance(x) for x in will], recites, rng)
        push = how.step * advantage.of(seen.reward(how))
        will = [x + push * slope for x, slope in zip(will, seen.will_slope, strict=True)]
        if how.shapes_trace:
            habit += push * seen.habit_slope
            recites = chance(habit)
    return Trained(tuple(map(chance, will)), recites, tuple(path))


def unheard(world: World, how: Training, trained: Trained) -> float:
    """The share of breaches that in the end neither the judge flags nor the model confesses."""
    shares = {
        ANSWER: world.in_answer,
        TRACE: (1 - world.in_answer) * world.in_trace,
        NOWHERE: (1 - world.in_answer) * (1 - world.in_trace),
    }
    silent = 0.0
    for place, share in shares.items():
        visible = place == ANSWER or (how.reads and place == TRACE)
        flagged = (world.sees if visible else world.imagines) * (1 - how.reads * how.gullible * trained.recital)
        confessed = world.knows * trained.confesses[place] + (1 - world.knows) * trained.confesses[OBEYED]
        silent += share * (1 - flagged) * (1 - confessed)
    return silent


# --- figures -------------------------------------------------------------------------------------------------------

JUDGES = ("the judge sees the answer", "he reads the trace too")
ENDS = ("ends reciting", "ends without")


def percent(share: float) -> str:
    """*share* in whole per cent."""
    return f"{100 * share:.0f} %".replace("-", "−")


def map_rows(world: World, steps: int = 10) -> list[dict[str, float]]:
    """The gain over a grid of recital and gullibility: the middle and the sides of each square."""
    side = 1 / steps
    return [
        {
            "recital": round(i * side, 3),
            "to_recital": round((i + 1) * side, 3),
            "gullible": round(j * side, 3),
            "to_gullible": round((j + 1) * side, 3),
            "gain": round(gain(world, (i + 0.5) * side, (j + 0.5) * side), 3),
        }
        for i in range(steps)
        for j in range(steps)
    ]


def tipping_rows(world: World) -> list[dict[str, float]]:
    """The line on which the trace gains nothing."""
    fs = [tipping_product(world) + (1 - tipping_product(world)) * i / 20 for i in range(21)]
    return [{"recital": round(tipping_recital(world, f), 4), "gullible": round(f, 4)} for f in fs]


def map_figure(world: World) -> Spec:
    """The gain from reading the trace, over how often it recites and how easily the judge believes a recital."""
    x = charts.axis("recital", "how often the trace recites a rule", domain=[0, 1], nice=False)
    y = charts.axis("gullible", "how often a recital persuades the judge", domain=[0, 1], nice=False)
    colour = {
        "field": "gain",
        "type": "quantitative",
        "title": "breaches flagged, with the trace minus without",
        "scale": {"scheme": charts.DIVERGING, "domainMid": 0},
        "legend": {"gradientLength": 200, "format": "+.1f", "titleLimit": 420},
    }
    squares: Spec = {
        "data": {"values": map_rows(world)},
        "mark": {"type": "rect", "aria": False},
        "encoding": {"x": x, "x2": {"field": "to_recital"}, "y": y, "y2": {"field": "to_gullible"}, "color": colour},
    }
    edge: Spec = {
        "data": {"values": tipping_rows(world)},
        "mark": {"type": "line", "color": charts.BLUE, "strokeWidth": 3, "aria": False},
        "encoding": {"x": x, "y": y, "order": {"field": "gullible", "type": "quantitative"}},
    }
    return charts.chart([squares, edge], height=340)


def map_alt(world: World) -> str:
    """What `map_figure` shows, in words."""
    return (
        f"Reading the trace gains most where little is recited or believed ({gain(world, 0, 0):+.2f}) and costs most "
        f"where all is ({gain(world, 1, 1):+.2f}); between them runs a curve of product {tipping_product(world):.2f}."
    ).replace("-", "−")


def fork_rows(trained: Sequence[Trained], episodes: int, moments: int = 16) -> list[dict[str, Any]]:
    """The recital rate of each model at the first *moments* that were noted: later the lines are flat."""
    return [
        {
            "model": number,
            "episode": moment * max(1, episodes // MOMENTS),
            "recital": round(one.path[moment], 3),
            "end": ENDS[not one.recites],
        }
        for number, one in enumerate(trained)
        for moment in range(min(moments, len(one.path)))
    ]


def fork_figure(rows: Rows) -> Spec:
    """The recital rate of each model as it is trained; rows as `fork_rows` gives them."""
    x = charts.axis("episode", "episodes of training", nice=False)
    y = charts.axis("recital", "how often the trace recites a rule", domain=[0, 1])
    lines: Spec = {
        "mark": {"type": "line", "strokeWidth": 1.5, "opacity": 0.8, "aria": False},
        "encoding": {"x": x, "y": y, "detail": {"field": "model"}, **charts.series("end", ENDS)},
    }
    return charts.chart([lines], rows)


def fork_alt(rows: Rows) -> str:
    """What `fork_figure` shows, in words."""
    ends = {row["model"]: row["end"] for row in rows}
    reciting = sum(end == ENDS[0] for end in ends.values())
    return (
        f"{len(ends)} models start from one recital rate and part: {reciting} climb until they recite nearly always, "
        f"{len(ends) - reciting} fall until they hardly recite at all."
    )


def recall_rows(blind: Sequence[Trained], shown: Sequence[Trained]) -> list[dict[str, Any]]:
    """How often known breaches of each place are confessed after training by a judge of the answer, or of both."""
    return [
        {"place": PLACES[place], "judge": judge, "mean": round(fmean(one.confesses[place] for one in row), 4)}
        for place in (ANSWER, TRACE, NOWHERE)
        for judge, row in zip(JUDGES, (blind, shown), strict=True)
    ]


def recall_figure(rows: Rows) -> Spec:
    """How often known breaches are confessed, by where they show; rows as `recall_rows` gives them."""
    axis = {"grid": False, "labelLimit": 260}
    y: Spec = {"field": "place", "type": "nominal", "title": None, "sort": list(PLACES), "axis": axis}
    x = charts.axis("mean", "known breaches confessed", domain=[0, 1]) | {"axis": {"format": "%"}}
    told: Spec = {"field": "judge", "type": "nominal", "title": None, "sort": list(JUDGES)}
    colour = {**told, "scale": {"domain": list(JUDGES), "range": [charts.VERMILION, charts.BLUE]}}
    shape = {**told, "scale": {"domain": list(JUDGES), "range": ["square", "circle"]}}
    dots: Spec = {
        "mark": {"type": "point", "size": 110, "filled": True},
        "encoding": {"x": x, "y": y, "yOffset": told, "color": colour, "shape": shape},
    }
    return charts.chart([dots], rows, width=360, height=150)  # room for the names of the places


def recall_alt(rows: Rows) -> str:
    """What `recall_figure` shows, in words."""
    seen = {(row["place"], row["judge"]): percent(row["mean"]) for row in rows}
    said = [
        f"{place}: {seen[place, JUDGES[0]]} and {seen[place, JUDGES[1]]}"
        for place in dict.fromkeys(row["place"] for row in rows)
    ]
    return (
        f"Known breaches confessed when the judge sees the answer, and when he reads the trace too. {'; '.join(said)}."
    )


# --- claims, results and conditions in words -----------------------------------------------------------------------

CLAIMS: dict[str, dict[str, str]] = {
    "graded": {
        "statement": "Paying for each item rightly confessed teaches a model to confess more than paying only for a "
        "confession right in every item.",
        "statistic": "seen breaches confessed after training, paid for each item minus paid for all or none",
    },
    "cot-detects": {
        "statement": "A judge who also reads the reasoning trace catches more violations than one who sees only the "
        "answer.",
        "statistic": "share of breaches flagged, with the trace minus without",
    },
    "false-credit": {
        "statement": "A judge who reads the trace passes some visible violations, because the trace recited the rule, "
        "that he would have caught from the answer alone.",
        "statistic": "share of breaches visible in the answer that pass, with the trace minus without",
    },
    "ideal-judge": {
        "statement": "A judge who knows that reciting a rule proves nothing is never worse off for reading the trace.",
        "statistic": "balanced accuracy with the trace minus without, for a judge whom no recital persuades",
    },
    "under-optimisation": {
        "statement": "The judge’s gain from reading the trace survives training that can reshape the trace.",
        "statistic": "share of breaches flagged after training, with the trace minus without",
    },
    "learned-silence": {
        "statement": "A model rewarded for agreeing with its judge learns not to confess what the judge cannot see, "
        "though it knows.",
        "statistic": "known breaches confessed: those seen in the answer minus those seen only in the trace",
    },
}
"""What the notebook claims, and by what it measures that."""

NOTES: dict[str, dict[str, str]] = {
    "graded": {
        "right_if": "the comment would have been right for lists of any length if a reward once in hundreds of answers "
        "taught nothing",
        "changed_after_seeing": "The learner's start and step, left open, were set on the prototype's seeds. "
        "Advantages that are not divided by their spread are exploratory.",
    },
    "cot-detects": {
        "right_if": "the comment would have been wrong to expect a gain if recitals were common and judges easily "
        "persuaded by them",
        "by_construction": "The border follows from the formula; the simulation checks it.",
    },
    "false-credit": {
        "right_if": "the comment's suspicion would have been wrong if traces recited no rules, or judges took no "
        "notice when they did",
        "by_construction": "A judge whom recitals persuade passes what is recited; how often is computed.",
    },
    "ideal-judge": {
        "right_if": "the comment's worry about recitals would be idle if every judge knew what a recital is worth",
        "by_construction": "More evidence cannot harm a judge who may disregard it; the size of the gain is not given.",
        "changed_after_seeing": "The cells, and the judge who weighs every sign, were added.",
    },
    "under-optimisation": {
        "right_if": "the gain would have survived everywhere if the confession's reward never reached the trace, or "
        "judges were hard to persuade",
        "changed_after_seeing": "Forty seeds where sixteen were specified, because outcomes fork. The reluctant start, "
        "added when the fork turned out to depend on it, is exploratory.",
    },
    "learned-silence": {
        "right_if": "the comment's concern would be idle if judges suspected more than half of what they cannot see, "
        "or confessions were paid by something other than agreement",
        "by_construction": "Agreement with a judge who says 'kept' is had by saying 'kept'; that candid models learn "
        "it in time is not given.",
        "changed_after_seeing": "The claim is new, and so are its cells.",
    },
}
"""What the notebook adds to each verdict."""

RESULTS = {
    "pay-gap-many": "seen breaches confessed, each item paid minus all or none, 16 items",
    "pay-gap-fewer": "seen breaches confessed, each item paid minus all or none, 8 items",
    "unscaled-lead": "seen breaches confessed, all or none minus each item paid, 4 items, no division by the spread",
    "gain-unrecited": "breaches flagged, with the trace minus without, when nothing is recited",
    "loss-recited": "breaches flagged, without the trace minus with, 9 rules in 10 recited, 4 recitals in 5 believed",
    "false-credit": "breaches in plain view that pass because of the trace, 9 rules in 10 recited, 4 recitals in 5 "
    "believed",
    "tipping-product": "recital rate times gullibility at which the trace gains nothing (derived)",
    "wise-gain": "balanced accuracy that the trace adds for a judge whom no recital persuades",
    "fork": "models that end reciting to a judge persuaded 4 times in 5, without pressure",
    "reluctant-reciting": "models that start reluctant and end reciting to a judge persuaded every other time, "
    "without pressure",
    "gain-pressed": "breaches flagged, with the trace minus without, after training under pressure, judge persuaded 4 "
    "times in 5",
    "unheard-plain": "breaches neither flagged nor confessed, models trained by a judge of the answer alone",
    "unheard-pressed": "breaches neither flagged nor confessed, models trained under pressure, judge persuaded 4 times "
    "in 5",
    "silence-gap": "known breaches confessed, those that the judge can see minus those that he cannot",
}
"""What each published number is, as the row of a table."""


def pay_condition(cells: Sequence[Any]) -> str:
    """For which lengths of a confession the kind of pay matters, in words."""
    holds, fails = (sorted({c.params["items"] for c in cells if c.state == state}) for state in ("holds", "fails"))
    return (
        f"it holds with {alternatives(holds)} items in one confession and fails with {alternatives(fails)}: what "
        "separates them is whether a model that still guesses is ever right about every item, and so ever paid"
    )


def trace_condition(cells: Sequence[Any], least: float = 0.05) -> str:
    """Up to which share of breaches with a believed recital the trace gains more than *least*, in words."""
    return (
        f"it holds while at most {percent(max(products(cells, 'holds')))} of breaches come with a recital that the "
        f"judge believes, and fails from {percent(min(products(cells, 'fails')))}; by the formula the gain falls below "
        f"{least} at {percent(tipping_product(DEFAULT, least))}"
    )


def credit_condition(cells: Sequence[Any]) -> str:
    """From which share of believed recitals on visible breaches are passed, in words."""
    return (
        f"it holds as soon as breaches come with recitals that the judge believes, here from "
        f"{percent(min(products(cells, 'holds')))} of them, and fails where there are none"
    )


def fork_condition(cells: Sequence[Any], ended: Sequence[Sequence[Trained]]) -> str:
    """Before which judges the gain survives training, in words; *ended* are the models trained in each cell."""
    dupes, reciting = {}, {}
    for state in ("holds", "fails"):
        chosen = [(cell, row) for cell, row in zip(cells, ended, strict=True) if cell.state == state]
        dupes[state] = [cell.params["gullibility"] for cell, _ in chosen] or [math.nan]
        reciting[state] = [fmean(one.recites for one in row) for _, row in chosen] or [math.nan]
    return (
        f"it holds before judges whom at most {percent(max(dupes['holds']))} of recitals persuade, where at most "
        f"{percent(max(reciting['holds']))} of models end reciting, and fails before those whom "
        f"{percent(min(dupes['fails']))} persuade, where at least {percent(min(reciting['fails']))} do"
    )


def products(cells: Sequence[Any], state: str) -> list[float]:
    """Recital times gullibility in the cells of one *state*; not a number where there is none, as in a quick run."""
    found = [cell.params["recital"] * cell.params["gullibility"] for cell in cells if cell.state == state]
    return found or [math.nan]


def off_formula(recitals: Sequence[tuple[float, float]], gains: Sequence[Sequence[float]]) -> float:
    """How far mean simulated *gains* lie from the derived ones, at most; *recitals* pair rate and gullibility."""
    return max(abs(fmean(found) - gain(DEFAULT, *at)) for at, found in zip(recitals, gains, strict=True))


def alternatives(values: Sequence[float]) -> str:
    """*values* in words: '1, 4 or 8'."""
    *others, last = [str(value) for value in values] or ["none"]
    return f"{', '.join(others)} or {last}" if others else last
