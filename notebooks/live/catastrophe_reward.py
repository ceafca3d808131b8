"""Whether watching the rewards tells if effort works, asked along what effort does."""

from __future__ import annotations

import lab
from models import catastrophe_reward as model

from . import Knob, Question, Values

HALF = 0.5


def untold(at: Values, seed: int) -> float:
    """By how much fewer than half of all lives make an onlooker rightly sure."""
    return HALF - model.told(lab.stream(seed, 70), at["hazard"], at["ratio"], horizon=int(at["steps"]))


MORALE = Question(
    claim="catastrophe-reward/morale",
    delta=0,
    knobs=(
        Knob("ratio", "the factor by which effort makes the catastrophe rarer", 10, 1.5, 30, 0.5),
        Knob("hazard", "the chance of a catastrophe in each step without effort", 0.01, 0.001, 0.05, 0.001),
        Knob("steps", "the length of the life that is watched", 1000, 100, 5000, 100, "steps"),
    ),
    along="ratio",
    points=(1.5, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 25, 30),
    effect=untold,
    few=20,
)

QUESTIONS = (MORALE,)
