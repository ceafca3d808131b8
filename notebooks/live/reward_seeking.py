"""Whether a reward for staying on the task helps, asked along how often its judge errs."""

from __future__ import annotations

from dataclasses import replace

import lab
from models import reward_seeking as model

from . import Knob, Question, Values, even


def saved(at: Values, seed: int) -> float:
    """The share of reward-seeking without the extra reward minus the share with it."""
    plain = model.Training(ratio=at["ratio"])
    transfer = min(1.0, at["multiple"] * model.critical_transfer(plain.ratio, plain.environments))
    bare = replace(plain, transfer=transfer)
    paid = replace(bare, bonus=at["bonus"], error=at["error"])
    return model.share(bare, lab.stream(seed, 20)) - model.share(paid, lab.stream(seed, 20))


BAND_AID = Question(
    claim="reward-seeking/band-aid",
    delta=0.2,
    knobs=(
        Knob("error", "the share of cases in which the judge of the task errs", 0.2, 0, 0.5, 0.05, "%"),
        Knob("multiple", "the carry-over, as a multiple of the bound", 2, 0.5, 5, 0.5),
        Knob("bonus", "the extra reward", 0.5, 0, 2, 0.1),
        Knob("ratio", "the speed at which local skills are learned, as a multiple", 4, 1, 8, 1),
    ),
    along="error",
    points=even(0, 0.5, 0.05),
    effect=saved,
    seeds=30,
    few=4,
)

QUESTIONS = (BAND_AID,)
