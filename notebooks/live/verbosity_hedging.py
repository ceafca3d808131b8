"""Whether a writer repeats itself, asked along how far one wording shares the fate of another."""

from __future__ import annotations

import lab
from models import verbosity_hedging as model

from . import Knob, Question, Values, even

NEARLY_ALL = 8


def beyond(at: Values, seed: int) -> float:
    """How many wordings more than eight of ten a writer learns to make."""
    point = model.Point(p=at["lands"], c=at["fate"], price=at["price"])
    return model.learned_length(point, lab.stream(seed, 20)) - NEARLY_ALL


REPETITION = Question(
    claim="style-collapse/repetition",
    delta=0,
    knobs=(
        Knob("fate", "the chance that a wording shares the fate of the first", 0.5, 0, 1, 0.05, "%"),
        Knob("lands", "the chance that one wording lands", 0.35, 0.05, 0.95, 0.05, "%"),
        Knob("price", "the price of a further wording", 0, 0, 0.2, 0.005),
    ),
    along="fate",
    points=(*even(0, 0.7, 0.1), *even(0.75, 1, 0.05)),
    effect=beyond,
    seeds=16,
    few=4,
)

QUESTIONS = (REPETITION,)
