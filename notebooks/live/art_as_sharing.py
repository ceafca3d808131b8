"""Whether handing on matters more than making, asked along how readily a work is handed on."""

from __future__ import annotations

from functools import partial

import lab
from models import art_as_sharing as model

from . import Knob, Question, Values


def lead(at: Values, seed: int) -> float:
    """By how much contact hangs more on handing on than on making."""
    habits = model.Habits(making=at["making"], sharing=at["sharing"], attention=int(at["room"]))
    both = model.levers(partial(lab.stream, seed), habits)
    return both.sharing - both.making


SHARING_BINDS = Question(
    claim="art-as-sharing/sharing-binds",
    delta=0.1,
    knobs=(
        Knob("sharing", "the chance that a work is handed on to a neighbour", 0.2, 0.04, 0.6, 0.02),
        Knob("making", "the chance of making a work in one step", 0.05, 0.02, 0.2, 0.01),
        Knob("room", "the number of works that somebody takes in during one step", 20, 1, 40, 1),
    ),
    along="sharing",
    points=(0.06, 0.1, 0.14, 0.2, 0.26, 0.3, 0.34, 0.38, 0.42, 0.46, 0.5, 0.56, 0.6),
    effect=lead,
    seeds=8,
    few=3,
)

QUESTIONS = (SHARING_BINDS,)
