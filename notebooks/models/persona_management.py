"""A harmful voice among the texts that models learn from: hunt it, crowd it out with a harmless one, or do both.

Texts are of eight types: desirable, neutral, and six undesirable ones that are ever harder to detect. Each generation
spends its budget, and the next corpus is drawn from what is left in proportion to how well each type is copied
(Wright and Fisher's model). The desirable type may interfere with the copying of the others, the more so the commoner
it is; whether it does decides nearly everything.

Sources: E. F. Knipling 1955, Journal of Economic Entomology 48 (releases that dilute); A. A. Hoffmann and others 2011,
Nature 476 (releases that stay); N. H. Barton and M. Turelli 2011, The American Naturalist 178 (the share that has to be
passed before the commoner type gains by being so).
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from . import charts

Strategy = Literal["none", "suppress", "promote", "both"]
STRATEGIES: tuple[Strategy, ...] = ("none", "suppress", "promote", "both")
NAMES = {"none": "do nothing", "suppress": "hunt", "promote": "promote", "both": "half of each"}
"""What each strategy is called in figures."""

CLASSES = 6
"""How many undesirable types there are, U₀ … U₅."""
DESIRABLE, NEUTRAL, FIRST_BAD = 0, 1, 2
TYPES = FIRST_BAD + CLASSES
START = {"desirable": 0.02, "undesirable": 0.1}
"""The shares at the start; the rest is neutral, and all that is undesirable is of the type easiest to detect."""
LAST = 8
"""Over how many generations at the end of a phase the share of the undesirable is averaged."""
DOWN = 0.1
"""Below this share, which is where it started, the undesirable counts as staying down."""


@dataclass(frozen=True)
class Setting:
    """What the campaign is up against and what it can spend."""

    interference: float = 0.3
    """By how much the copying of U is cut when all texts are desirable (i); 0: a release merely dilutes."""
    bad_gain: float = 0.1
    """How much better than the neutral the undesirable is copied (s_U)."""
    good_gain: float = 0.0
    """How much better, or worse, the desirable is (s_D)."""
    evasion: float = 0.01
    """How often an undesirable text gives rise to one of the next type, which is harder to detect (μ)."""
    evasion_cost: float = 0.01
    """What each step of evasion costs in being copied (c_e)."""
    detection: float = 0.6
    """How often the easiest type is detected (d₀) …"""
    fading: float = 0.6
    """… and by what factor that falls from type to type (r)."""
    budget: float = 0.05
    """What may be spent each generation, in releases per text of the corpus (B)."""
    price: float = 1.5
    """What a removal costs, in releases (χ)."""
    immigration: float = 0.002
    """How often a text is replaced by an undesirable one of the first type, from outside (ν)."""
    documents: int = 600
    control: int = 30
    """Generations for which the campaign lasts, and then those that follow it."""
    after: int = 30


@dataclass(frozen=True)
class Course:
    """The shares at the start and after each generation."""

    bad: list[float]
    good: list[float]


def first_corpus(setting: Setting) -> list[int]:
    """How many texts of each type there are at the start."""
    good = round(START["desirable"] * setting.documents)
    bad = round(START["undesirable"] * setting.documents)
    return [good, setting.documents - good - bad, bad] + [0] * (CLASSES - 1)


def allowance(rate: float, generation: int) -> int:
    """How many whole texts *rate* per generation buys in this one; the fraction that is left is carried over."""
    return math.floor(rate * (generation + 1) + 1e-9) - math.floor(rate * generation + 1e-9)


def spending(setting: Setting, strategy: Strategy) -> tuple[float, float]:
    """The removals and the releases that a generation can pay for."""
    whole = setting.budget * setting.documents
    hunted = {"none": 0.0, "suppress": 1.0, "promote": 0.0, "both": 0.5}[strategy]
    released = {"none": 0.0, "suppress": 0.0, "promote": 1.0, "both": 0.5}[strategy]
    return hunted * whole / setting.price, released * whole


def hunt(rng: random.Random, corpus: Sequence[int], removals: int, setting: Setting) -> list[int]:
    """The corpus without those undesirable texts that were detected, at most *removals* of them."""
    left = list(corpus)
    detected = [
        FIRST_BAD + j
        for j in range(CLASSES)
        for _ in range(corpus[FIRST_BAD + j])
        if rng.random() < setting.detection * setting.fading**j
    ]
    for kind in rng.sample(detected, min(removals, len(detected))):
        left[kind] -= 1
    return left


def copying(good: float, setting: Setting) -> list[float]:
    """How well each type is copied when the share *good* of the texts is desirable.

    D: 1 + s_D; N: 1; U_j: (1 + s_U − c_e j)(1 − i x_D).
    """
    cut = 1 - setting.interference * good
    bad = [(1 + setting.bad_gain - setting.evasion_cost * j) * cut for j in range(CLASSES)]
    return [1 + setting.good_gain, 1.0, *bad]


def next_chances(corpus: Sequence[int], setting: Setting) -> list[float]:
    """How probable each type is for a text of the next corpus: copied, then perhaps evading, then perhaps replaced."""
    fitness = copying(corpus[DESIRABLE] / sum(corpus), setting)
    weights = [count * fit for count, fit in zip(corpus, fitness, strict=True)]
    for kind in range(TYPES - 2, FIRST_BAD - 1, -1):
        moved = setting.evasion * weights[kind]
        weights[kind] -= moved
        weights[kind + 1] += moved
    whole = math.fsum(weights)
    chances = [(1 - setting.immigration) * weight / whole for weight in weights]
    chances[FIRST_BAD] += setting.immigration
    return chances


def run(rng: random.Random, setting: Setting, strategy: Strategy) -> Course:
    """The shares while the campaign lasts and after it."""
    corpus, course = first_corpus(setting), Course([], [])
    removal_rate, release_rate = spending(setting, strategy)
    for generation in range(setting.control + setting.after + 1):
        course.bad.append(sum(corpus[FIRST_BAD:]) / setting.documents)
        course.good.append(corpus[DESIRABLE] / setting.documents)
        if generation < setting.control:
            corpus = hunt(rng, corpus, allowance(removal_rate, generation), setting)
            corpus[DESIRABLE] += allowance(release_rate, generation)
        drawn = rng.choices(range(TYPES), next_chances(corpus, setting), k=setting.documents)
        corpus = [drawn.count(kind) for kind in range(TYPES)]
    return course


def phases(bad: Sequence[float], setting: Setting) -> tuple[float, float]:
    """The mean share of the undesirable in the last generations of the campaign, and in the last of all."""
    during = bad[setting.control - LAST + 1 : setting.control + 1]
    return math.fsum(during) / LAST, math.fsum(bad[-LAST:]) / LAST


def threshold(setting: Setting) -> float:
    """The share of the desirable above which the undesirable loses ground to it without help.

    x̂ = (1 − (1 + s_D) / (1 + s_U)) / i, from (1 + s_U)(1 − i x) = 1 + s_D. Above 1: no share is enough.
    Infinite without interference, unless the desirable is copied better anyway.
    """
    lead = 1 - (1 + setting.good_gain) / (1 + setting.bad_gain)
    if setting.interference == 0:
        return math.inf if lead > 0 else -math.inf
    return lead / setting.interference


def margin(good: float, setting: Setting) -> float:
    """By how much the desirable is copied better than U₀ when its share is *good*: above 0 just where x > x̂."""
    fitness = copying(good, setting)
    return fitness[DESIRABLE] - fitness[FIRST_BAD]


def wrong_sides(settings: Sequence[Setting], step: float = 0.02) -> int:
    """How often the threshold misses when it is all there is: without luck, evasion, neutral texts and arrivals.

    Each setting with a threshold within reach is begun a *step* above it and a *step* below, for thirty generations.
    """
    within = [(setting, at) for setting in settings if 0.05 < (at := threshold(setting)) < 0.95]
    return sum((smooth_ratio(at + side, s, 30) < 1) != (side > 0) for s, at in within for side in (-step, step))


def smooth_ratio(good: float, setting: Setting, generations: int) -> float:
    """The ratio U₀ : D after some generations, by its first, in an endlessly large corpus of these two alone."""
    first = ratio = (1 - good) / good
    for _ in range(generations):
        fitness = copying(1 / (1 + ratio), setting)
        ratio *= fitness[FIRST_BAD] / fitness[DESIRABLE]
    return ratio / first


# --- figures -------------------------------------------------------------------------------------------------------

Rows = Sequence[Mapping[str, Any]]
TIE = 0.05
"""Two strategies that end nearer to each other than this have left as much of the undesirable."""


def winner(hunted: float, promoted: float) -> int:
    """+1 where promoting left less of the undesirable than hunting, −1 where it left more, 0 within 0.05."""
    gap = hunted - promoted
    return 0 if abs(gap) <= TIE else (1 if gap > 0 else -1)


def scores(hunted: Sequence[float], promoted: Sequence[float]) -> list[int]:
    """The winner in each setting, from what hunting and promoting left there."""
    return [winner(one, other) for one, other in zip(hunted, promoted, strict=True)]


def scores_between(
    wins: Sequence[int], settings: Sequence[Setting], low: float = 0.0, high: float = math.inf
) -> list[int]:
    """Those of *wins* that were scored in settings whose interference is at least *low* and below *high*."""
    return [won for won, setting in zip(wins, settings, strict=True) if low <= setting.interference < high]


def promotion_condition(where: Callable[[Literal["holds", "fails"]], str], weak: float, firm: float) -> str:
    """In words: the phases in which promotion beats hunting and fails to, and its balance by interference.

    *where* gives the phases in a state; *weak* and *firm* are the balances after the campaign where interference is
    below 0.1 and above 0.3.
    """
    return (
        f"it holds {where('holds')} the campaign and fails {where('fails')} it; afterwards promotion's wins minus "
        f"hunting's are {_signed(weak)} per setting where a common harmless voice cuts the copying of harmful ones by "
        f"less than 10 %, and {_signed(firm)} where it does so by more than 30 %"
    )


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def course_figure(rows: Rows, campaign: int) -> charts.Spec:
    """The mean share of the undesirable over the generations (series, generation, share), the campaign shaded."""
    x = charts.axis("generation", "generation", nice=False)
    y = charts.axis("share", "share of the harmful voices", domain=[0, 1])
    names = [NAMES[strategy] for strategy in STRATEGIES]
    figure = charts.lines(rows, x, y, names)
    shade: charts.Spec = {
        "data": {"values": [{"from": 0, "to": campaign}]},
        "mark": {"type": "rect", "color": charts.GRID, "opacity": 0.45, "aria": False},
        "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}},
    }
    word: charts.Spec = {
        "data": {"values": [{"at": campaign, "words": "campaign ends"}]},
        "mark": {"type": "text", "align": "left", "dx": 6, "color": charts.SOFT},
        "encoding": {"x": {**x, "field": "at"}, "y": {"value": 10}, "text": {"field": "words"}},
    }
    return {**figure, "layer": [shade, *figure["layer"], word]}


def course_alt(rows: Rows, campaign: int) -> str:
    """What the courses show, in words."""
    last = max(row["generation"] for row in rows)
    parts, ends = [], {}
    for strategy in STRATEGIES:
        here = {row["generation"]: row["share"] for row in rows if row["series"] == NAMES[strategy]}
        parts.append(f"{NAMES[strategy]} {here[campaign]:.2f} and {here[last]:.2f}")
        ends[NAMES[strategy]] = here[campaign], here[last] - here[campaign]
    lowest, climber = min(ends, key=lambda name: ends[name][0]), max(ends, key=lambda name: ends[name][1])
    return (
        f"The mean share of the harmful voices over {last} generations under four strategies, at the end of the "
        f"campaign (generation {campaign}) and at the end of all: {'; '.join(parts)}. When it ends, '{lowest}' has "
        f"left least; afterwards '{climber}' gives back most."
    )


def enough_line(share: float, points: int = 20) -> list[dict[str, Any]]:
    """The interference at which x̂ is *share*, for s_U from 0.02 to 0.4 and s_D = 0."""
    gains = [0.02 * 20 ** (k / (points - 1)) for k in range(points)]
    rows = [{"i": gain / (1 + gain) / share, "gain": gain} for gain in gains]
    return [{"i": round(row["i"], 4), "gain": round(row["gain"], 4)} for row in rows if row["i"] <= 0.5]


WINNERS = {1: "promoting left less", 0: "within 0.05", -1: "hunting left less"}


def winner_rows(wins: Sequence[int], settings: Sequence[Setting]) -> list[dict[str, Any]]:
    """A row for each setting: interference, the gain of the undesirable, and who left less of it, in words."""
    return [
        {"i": round(s.interference, 3), "gain": round(s.bad_gain, 4), "winner": WINNERS[won]}
        for s, won in zip(settings, wins, strict=True)
    ]


def winner_figure(rows: Rows) -> charts.Spec:
    """Who left less of the undesirable in each setting (i, gain, winner), over interference and s_U, with x̂ = 1."""
    x = charts.axis("i", "interference (i)", domain=[0, 0.5])
    y = charts.axis("gain", "how much better the harmful voice is copied (s_U)", type="quantitative")
    y["scale"] = {"type": "log", "domain": [0.02, 0.4]}
    y["axis"] = {"values": [0.02, 0.05, 0.1, 0.2, 0.4], "format": "~g"}
    names = list(WINNERS.values())
    told: charts.Spec = {"field": "winner", "type": "nominal", "title": None}
    encoding = {
        "x": x,
        "y": y,
        "color": {**told, "scale": {"domain": names, "range": [charts.BLUE, charts.SOFT, charts.VERMILION]}},
        "shape": {**told, "scale": {"domain": names, "range": ["circle", "diamond", "square"]}},
        "opacity": {
            "condition": {"test": f"datum.winner === '{WINNERS[0]}'", "value": 0.35},
            "value": 0.95,
        },
    }
    line = {"data": {"values": enough_line(1)}}
    words = {"text": "left of this line no share is enough", "align": "left", "dx": -4, "dy": -10, "color": charts.INK}
    end = {"data": {"values": [enough_line(1)[-1]]}}
    layers: list[charts.Spec] = [
        {"mark": {"type": "point", "size": 45}, "encoding": encoding},
        {
            **line,
            "mark": {"type": "line", "color": charts.INK, "strokeDash": [6, 3], "aria": False},
            "encoding": {"x": x, "y": y, "order": {"field": "gain", "type": "quantitative"}},
        },
        {**end, "mark": {"type": "text", **words}, "encoding": {"x": x, "y": y}},
    ]
    return charts.chart(layers, rows, height=340)


def winner_alt(rows: Rows) -> str:
    """What the dots show, in words."""

    def count(which: int, low: float, high: float) -> int:
        return sum(row["winner"] == WINNERS[which] and low <= row["i"] < high for row in rows)

    return (
        f"{len(rows)} settings over interference and the advantage of the harmful voice, after the campaign. Below an "
        f"interference of 0.1 promoting left less in {count(1, 0, 0.1)} and hunting in {count(-1, 0, 0.1)}; above 0.3 "
        f"promoting in {count(1, 0.3, 1)} and hunting in {count(-1, 0.3, 1)}. A dashed line bends to the right as the "
        "harmful voice is copied better: left of it no share of the harmless voice is enough."
    )


def regret_figure(rows: Rows) -> charts.Spec:
    """Mean and 95th percentile of the regret (strategy, phase, measure, regret) of the three strategies."""
    names = [NAMES[strategy] for strategy in STRATEGIES[1:]]
    measures = ["mean", "worst in twenty"]
    colour = {
        "field": "measure",
        "type": "nominal",
        "title": None,
        "scale": {"domain": measures, "range": [charts.BLUE, charts.AMBER]},
    }
    encoding: charts.Spec = {
        "y": {"field": "strategy", "type": "nominal", "title": None, "sort": names},
        "yOffset": {"field": "measure", "sort": measures},
        "x": charts.axis("regret", "share of harmful voices above the best of the three", zero=True),
        "color": colour,
    }
    bars: charts.Spec = {"mark": {"type": "bar"}, "encoding": encoding}
    text: charts.Spec = {
        "mark": {"type": "text", "align": "left", "dx": 4},
        "encoding": {
            **{name: encoding[name] for name in ("x", "y", "yOffset")},
            "text": {"field": "regret", "type": "quantitative", "format": ".2f"},
        },
    }
    row = {"field": "phase", "type": "nominal", "title": None, "sort": ["during", "after"]}
    return {
        "$schema": charts.SCHEMA,
        "data": {"values": [dict(row) for row in rows]},
        "facet": {"row": row},
        "spec": {"width": 430, "height": 130, "layer": [bars, text]},
    }


def regret_alt(rows: Rows) -> str:
    """What the bars show, in words."""
    parts = [
        f"{phase}, {NAMES[strategy]} {found['mean']:.2f} on average and {found['worst in twenty']:.2f} in the worst of "
        "twenty settings"
        for phase in ("during", "after")
        for strategy in STRATEGIES[1:]
        if (
            found := {
                row["measure"]: row["regret"]
                for row in rows
                if row["phase"] == phase and row["strategy"] == NAMES[strategy]
            }
        )
    ]
    return (
        "Bars of how much more of the harmful voices each strategy left than the best of three: "
        + "; ".join(parts)
        + "."
    )


EDGES = tuple(round(-0.3 + 0.05 * k, 2) for k in range(13))
"""Between what margins runs are counted together in the figure of the threshold."""


def binned(margins: Sequence[float], down: Sequence[bool], edges: Sequence[float] = EDGES) -> list[dict[str, Any]]:
    """How often the undesirable stayed down, by the margin at which the campaign ended; small bins fall out."""
    rows = []
    for low, high in itertools.pairwise(edges):
        here = [stayed for at, stayed in zip(margins, down, strict=True) if low <= at < high]
        if len(here) > 5:
            rows.append(
                {"margin": round((low + high) / 2, 4), "down": round(sum(here) / len(here), 4), "runs": len(here)}
            )
    return rows


def threshold_figure(rows: Rows) -> charts.Spec:
    """How often the undesirable stayed down (margin, down, runs) against the margin, which the threshold puts at 0."""
    x = charts.axis("margin", "lead in copying of the harmless voice when the campaign ends", zero=False)
    y = charts.axis("down", "runs that stay down", domain=[0, 1])
    y["axis"] = {"format": "%"}
    size: charts.Spec = {"field": "runs", "type": "quantitative", "title": "runs", "scale": {"range": [30, 400]}}
    size["legend"] = {"values": [20, 80, 140]}
    layers: list[charts.Spec] = [
        {"mark": {"type": "line", "color": charts.BLUE, "aria": False}, "encoding": {"x": x, "y": y}},
        {"mark": {"type": "point", "color": charts.BLUE}, "encoding": {"x": x, "y": y, "size": size}},
        {
            "data": {"values": [{}]},
            "mark": {"type": "rule", "strokeDash": [4, 3], "color": charts.SOFT},
            "encoding": {"x": {"datum": 0, "type": "quantitative"}},
        },
        {
            "data": {"values": [{}]},
            "mark": {"type": "text", "text": "threshold", "align": "right", "dx": -6, "color": charts.SOFT},
            "encoding": {"x": {"datum": 0, "type": "quantitative"}, "y": {"value": 10}},
        },
    ]
    return charts.chart(layers, rows)


def threshold_alt(rows: Rows) -> str:
    """What the figure of the threshold shows, in words."""
    below = [row for row in rows if row["margin"] < 0]
    above = [row for row in rows if row["margin"] > 0]

    def mean(part: Rows) -> float:
        runs = sum(row["runs"] for row in part)
        return math.fsum(row["down"] * row["runs"] for row in part) / runs if runs else math.nan

    return (
        "How often the harmful voices stay down after the campaign, against the lead in copying that the harmless one "
        f"has when it ends. Below the threshold they stay down in {mean(below):.0%} of runs, above it in "
        f"{mean(above):.0%}."
    )
