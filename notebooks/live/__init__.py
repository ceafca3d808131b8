"""Where a claim stops being true, and the same question asked again with a reader's numbers.

A `Question` puts one claim to the notebook's own model: which settings may be changed, and what one seed then says of
the claim. The notebook asks it along one setting and publishes the answers as a table; a reader's browser asks it at
the settings of the reader. Both call the same function and judge by the same rule. Standard library alone, like the
models: a browser runs this file as it is.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby, pairwise
from textwrap import wrap
from typing import Any

import lab
from models import charts

BOUNDARY_TYPE = "application/vnd.notebook.boundary+json"

FIRST_SEED = 6000
"""Seeds from here on are used by no claim, so that a boundary is found with luck of its own."""

DIGITS = 6
"""Significant digits of an effect that have to be the same everywhere: beyond them, mathematical libraries differ."""

Values = Mapping[str, float]


@dataclass(frozen=True)
class Knob:
    """A number that may be changed: what it is, what it is in the published run, and between what bounds it may lie."""

    name: str
    says: str  # what it is, so that 'while … is at most 3' makes a sentence
    value: float
    low: float
    high: float
    step: float
    unit: str = ""  # '%' shows a share as per cent

    def written(self, value: float) -> str:
        """*value* as a reader sees it: '40 %', '12 days'."""
        unit = self.unit[:-1] if value == 1 and self.unit.endswith("s") else self.unit
        shown = f"{100 * value:.3g} %" if unit == "%" else f"{value:.4g} {unit}".rstrip()
        return shown.replace("-", "−")


@dataclass(frozen=True)
class Question:
    """A claim, put to its model at settings that may be changed."""

    claim: str  # as it is published: 'confession-judge/cot-detects'
    delta: float  # the size that would matter, as the claim has it
    knobs: tuple[Knob, ...]
    along: str  # the name of the knob that separates the settings that hold from those that fail
    points: tuple[float, ...]  # its values at which the notebook asks
    effect: Callable[[Values, int], float]  # what one seed says of the claim at some settings, larger in its favour
    seeds: int = 30  # with how many the notebook asks …
    few: int = 6  # … and with how many a reader's browser

    @property
    def name(self) -> str:
        """The name of the claim on its page."""
        return self.claim.rpartition("/")[2]

    @property
    def axis(self) -> Knob:
        """The knob that separates."""
        return next(knob for knob in self.knobs if knob.name == self.along)

    @property
    def published(self) -> dict[str, float]:
        """Every knob where the notebook has it."""
        return {knob.name: knob.value for knob in self.knobs}


# --- asking --------------------------------------------------------------------------------------------------------


def sweep(question: Question, points: Sequence[float], seeds: Sequence[int]) -> tuple[lab.Cell, ...]:
    """The claim judged at each of *points* along its axis, the other knobs staying where the notebook has them."""
    asked = [{**question.published, question.along: point} for point in points]
    effects = [({question.along: at[question.along]}, [question.effect(at, seed) for seed in seeds]) for at in asked]
    return lab.judge_cells(effects, question.delta)


def answers(question: Question, values: Values) -> Iterator[float]:
    """What each of a reader's few seeds says at *values*, one after another."""
    for seed in range(FIRST_SEED, FIRST_SEED + question.few):
        yield question.effect(values, seed)


def judged(question: Question, values: Values, effects: Sequence[float]) -> lab.Cell:
    """What the rule says of a reader's *effects*."""
    return lab.judge_cells([(values, effects)], question.delta)[0]


def same(effects: Sequence[float]) -> list[float]:
    """*effects* as they come out everywhere."""
    return [lab.rounded(effect, DIGITS) + 0.0 for effect in effects]


def digest(effects: Sequence[float]) -> str:
    """A short text that two runs share just when their effects are the same."""
    return hashlib.sha256(json.dumps(same(effects)).encode()).hexdigest()[:16]


# --- what came out, in words -----------------------------------------------------------------------------------------


def stretches(cells: Sequence[lab.Cell], along: str) -> list[tuple[str, float, float]]:
    """The states along the axis: each as long as it lasts, with its first and its last point."""
    runs = [(state, list(run)) for state, run in groupby(cells, key=lambda cell: cell.state)]
    return [(state, run[0].params[along], run[-1].params[along]) for state, run in runs]


def crossings(cells: Sequence[lab.Cell], along: str, delta: float) -> list[float]:
    """Where the line through the means crosses *delta*, drawn straight between neighbours."""
    found = []
    for left, right in pairwise(cells):
        before, after = left.mean - delta, right.mean - delta
        if before * after < 0:
            start, end = left.params[along], right.params[along]
            found.append(lab.rounded(start + (end - start) * before / (before - after), 3))
    return found


def sentence(cells: Sequence[lab.Cell], knob: Knob, delta: float) -> str:
    """Where along *knob* the claim holds and where it does not, with the numbers that were found."""
    runs = stretches(cells, knob.name)
    first, last = cells[0].params[knob.name], cells[-1].params[knob.name]

    def where(state: str) -> str:
        spans = []
        for told, start, end in runs:
            if told == state:
                a, b = knob.written(start), knob.written(end)
                spans.append(
                    f"is {a}"
                    if start == end
                    else f"is at most {b}"
                    if start == first
                    else f"is at least {a}"
                    if end == last
                    else f"is between {a} and {b}"
                )
        return " or ".join(spans)

    holds, fails, unclear = (where(state) for state in ("holds", "fails", "unclear"))
    if len(runs) == 1:
        told = {"holds": "It holds", "fails": "It fails", "unclear": "The runs cannot tell"}[runs[0][0]]
        return f"{told} wherever {knob.says} was tried, from {knob.written(first)} to {knob.written(last)}."
    parts = [f"It holds while {knob.says} {holds}"] if holds else []
    parts += [f"{'fails' if parts else 'It fails'} where {'it' if parts else knob.says} {fails}"] if fails else []
    text = " and ".join(parts) or f"It is undecided along {knob.says}"
    crossed = [knob.written(value) for value in crossings(cells, knob.name, delta)]
    if len(crossed) == 1:
        text += f"; it flips at about {crossed[0]}"
    elif unclear:
        text += f"; the runs cannot tell where it {unclear}"
    return f"{text}."


# --- the figure ------------------------------------------------------------------------------------------------------


def row(cell: lab.Cell, along: str) -> dict[str, Any]:
    """A judged cell as the row of a figure and of a table."""
    found = {"mean": cell.mean, "lo": cell.lo, "hi": cell.hi, "n": cell.n, "state": cell.state}
    return {"at": cell.params[along], **found}


def figure(table: Sequence[Mapping[str, Any]], knob: Knob, statistic: str, delta: float) -> charts.Spec:
    """The effect along *knob* with its interval, the states told apart, against the size that would matter.

    A second set of rows, called `yours` and empty, is for a reader's run: same fields, same axes.
    """
    low, high = min(delta, *(row["lo"] for row in table)), max(delta, *(row["hi"] for row in table))
    room = 0.08 * (high - low) or 0.1
    domain = [lab.rounded(low - room, 3), lab.rounded(high + room, 3)]
    log = knob.low > 0 and knob.high >= 100 * knob.low
    x = charts.axis("at", knob.says, domain=[knob.low, knob.high], nice=False)
    if log:
        x["scale"]["type"] = "log"
    if knob.unit == "%":
        x["axis"] = {"format": "%"}
    elif knob.unit:
        x["title"] = f"{knob.says} ({knob.unit})"
    y = charts.axis("mean", "effect", domain=domain, nice=False, clamp=True, zero=False)
    states = {
        "field": "state",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(charts.STATE_COLOURS), "range": list(charts.STATE_COLOURS.values())},
    }
    shapes = {**states, "scale": {"domain": list(charts.STATE_COLOURS), "range": ["circle", "square", "diamond"]}}
    whole = {"y": {**y, "field": "lo"}, "y2": {"field": "hi"}}
    mine = {"name": "yours", "values": []}
    layers: list[charts.Spec] = [
        {"mark": {"type": "area", "opacity": 0.18, "color": charts.SOFT, "aria": False}, "encoding": {"x": x, **whole}},
        {"mark": {"type": "line", "color": charts.SOFT, "aria": False}, "encoding": {"x": x, "y": y}},
        {
            "mark": {"type": "point", "size": 60, "filled": True, "aria": False},
            "encoding": {"x": x, "y": y, "color": states, "shape": shapes},
        },
        charts.rule(delta, "what would matter"),
        {
            "data": mine,
            "mark": {"type": "rule", "strokeWidth": 3, "color": charts.INK, "aria": False},
            "encoding": {"x": x, **whole},
        },
        {
            "data": mine,
            "mark": {
                "type": "point",
                "shape": "cross",
                "size": 160,
                "filled": True,
                "color": charts.INK,
                "aria": False,
            },
            "encoding": {"x": x, "y": y},
        },
        {
            "data": mine,
            "mark": {"type": "text", "text": "your run", "align": "left", "dx": 11, "aria": False},
            "encoding": {"x": x, "y": y},
        },
    ]
    return charts.chart(layers, table, height=240, title={"text": wrap(statistic, 84)})


def alt(table: Sequence[Mapping[str, Any]], knob: Knob, told: str) -> str:
    """What the figure shows, in words."""
    ends = [f"{row['mean']:+.2f} where it is {knob.written(row['at'])}" for row in (table[0], table[-1])]
    return f"The effect along {knob.says}: {ends[0]}, {ends[1]}. {told}".replace(" -", " −")


# --- publishing ------------------------------------------------------------------------------------------------------


def publish(question: Question, claim: lab.Claim) -> None:
    """Ask *question* along its axis, publish what came out as a table and a result, and show it as a figure.

    Raises ValueError when *claim* is another one, or is judged against another size.
    """
    from IPython.display import display  # here, for only a notebook has it

    if (claim.id, claim.delta) != (question.claim, question.delta):
        raise ValueError(f"the question is about {question.claim} and {question.delta}, not {claim.id}, {claim.delta}")
    points = lab.choose(question.points, question.points[:: max(1, len(question.points) // 3)])
    seeds = range(FIRST_SEED, FIRST_SEED + lab.choose(question.seeds, 3))
    knob = question.axis
    cells = sweep(question, points, seeds)
    told, table = sentence(cells, knob, question.delta), [row(cell, question.along) for cell in cells]
    effects = list(answers(question, question.published))
    cell = judged(question, question.published, effects)
    spec = figure(table, knob, claim.statistic, question.delta)
    value: dict[str, Any] = {
        "claim": question.claim,
        "module": question.effect.__module__,
        "along": question.along,
        "delta": question.delta,
        "statistic": claim.statistic,
        "knobs": [asdict(each) for each in question.knobs],
        "points": [{**each, "words": knob.written(each["at"])} for each in table],
        "sentence": told,
        "crossings": crossings(cells, question.along, question.delta),
        "seeds": lab.span(seeds),
        "figure": f"boundary-{question.name}",
        "run": {**row(cell, question.along), "effects": same(effects), "digest": digest(effects)},
    }
    if len(value["crossings"]) == 1:
        lab.publish_result(
            f"flips-{question.name}",
            value["crossings"][0],
            f"{knob.says} at which the claim flips",
            unit="" if knob.unit == "%" else knob.unit,
            decimals=2 if knob.unit == "%" or knob.step < 1 else 0,
            used=seeds,
        )
    # Not rounded once more: the digest is one of all digits.
    display({BOUNDARY_TYPE: value, "text/plain": f"{question.claim}: {told}"}, raw=True)  # type: ignore[no-untyped-call]
    lab.show(value["figure"], spec, alt=alt(table, knob, told), caption=told)


def even(low: float, high: float, step: float) -> tuple[float, ...]:
    """The points from *low* to *high*, *step* apart, without the last digits that adding up would leave."""
    return tuple(round(low + k * step, 10) for k in range(math.floor((high - low) / step + 1e-9) + 1))
