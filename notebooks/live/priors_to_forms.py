"""Whether two believers end with the same forecasts, asked along how much of the evidence one of them misses."""

from __future__ import annotations

import lab
from models import priors_to_forms as model

from . import Knob, Question, Values, even

CLOSE = 0.05


def closeness(at: Values, seed: int) -> float:
    """By how much nearer than what would matter two forecasts are when one believer misses what the other sees."""
    (distance,) = model.filtered([int(at["observations"])], lab.stream(seed, 20), at["missed"])
    return CLOSE - distance


MERGING = Question(
    claim="priors-to-forms/merging",
    delta=0,
    knobs=(
        Knob("missed", "the share of the commonest outcome that one of the two misses", 0.5, 0, 1, 0.05, "%"),
        Knob("observations", "the number of observations", 1000, 100, 5000, 100),
    ),
    along="missed",
    points=even(0, 1, 0.05),
    effect=closeness,
    seeds=40,
    few=20,
)

QUESTIONS = (MERGING,)
