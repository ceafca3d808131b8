"""Whether the rule of marking matters, asked along how much a writer talks."""

from __future__ import annotations

import lab
from models import nhop_scoring as model

from . import Knob, Question, Values, even

ANSWERS = 400


def credit(at: Values, seed: int) -> float:
    """How many more answers are accepted when a sentence with the name in it counts."""
    writer = model.Writer(at["knows"], {"bare": 1 - at["talk"], "sentence": at["talk"]})
    return model.mark(writer, lab.stream(seed, 20), ANSWERS).sentence_credit


CRITERION_MATTERS = Question(
    claim="nhop/criterion-matters",
    delta=0.1,
    knobs=(
        Knob("talk", "the share of a writer’s answers that are sentences", 0.15, 0, 1, 0.05, "%"),
        Knob("knows", "the share of single steps that the writer gets right", 0.75, 0.05, 1, 0.05, "%"),
    ),
    along="talk",
    points=even(0, 0.5, 0.025),
    effect=credit,
    few=10,
)

QUESTIONS = (CRITERION_MATTERS,)
