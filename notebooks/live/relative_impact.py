"""What can be known without a unit, asked along the judges' units, the push of a circle and the days between."""

from __future__ import annotations

import math

import lab
from models import relative_impact as model

from . import Knob, Question, Values, even


def missed(at: Values, seed: int) -> float:
    """How far plain averages of numbers miss the true size, in decades."""
    return model.judge(lab.stream(seed, 10), at["unit"], noise=at["noise"]).error


def right_signs(at: Values, seed: int) -> float:
    """The share of days on which the comparison with an earlier one is right."""
    return model.right_signs(lab.stream(seed, 20), int(at["apart"]), gain=at["gain"], day=at["day"])


def circled(at: Values, seed: int) -> float:
    """The share of pairs that comparisons put in the right order."""
    return model.circled_order(lab.stream(seed, 30), at["cycle"])


MAGNITUDE_UNKNOWN = Question(
    claim="relative-impact/magnitude-unknown",
    delta=math.log10(model.FACTOR),
    knobs=(
        Knob("unit", "the spread of the judges’ units", 1, 0, 3, 0.1, "decades"),
        Knob("noise", "the slip of a judge’s every reading", model.NOISE, 0, 2, 0.1, "decades"),
    ),
    along="unit",
    points=even(0, 3, 0.25),
    effect=missed,
    seeds=40,
    few=10,
)

SELF_COMPARISON = Question(
    claim="relative-impact/self-comparison",
    delta=0.8,
    knobs=(
        Knob("apart", "the distance between the days compared", 30, 1, 365, 1, "days"),
        Knob("gain", "the improvement in one day", model.GAIN, 0, 0.01, 0.0005),
        Knob("day", "the luck of one day", model.DAY, 0, 1, 0.05),
    ),
    along="apart",
    points=(1, 7, 14, 21, 30, 40, 45, 50, 55, 60, 65, 70, 80, 100, 150, 200, 365),
    effect=right_signs,
    few=20,
)

INTRANSITIVE = Question(
    claim="relative-impact/intransitive",
    delta=0.8,
    knobs=(Knob("cycle", "the push of the circle", 2, 0, 5, 0.1, "decades"),),
    along="cycle",
    points=even(0, 5, 0.25),
    effect=circled,
    seeds=40,
    few=10,
)

QUESTIONS = (MAGNITUDE_UNKNOWN, SELF_COMPARISON, INTRANSITIVE)
