"""Whether cheating stays when the means are judged, asked along how often the monitor hits."""

from __future__ import annotations

import lab
from models import outcome_vs_means as model

from . import Knob, Question, Values

SHORT = 8000


def left(at: Values, seed: int) -> float:
    """How often the learner still cheats under a veto."""
    setting = model.Setting(hit_rate=at["hit_rate"], hiding=at["hiding"], false_flags=at["false_flags"])
    (policy,) = model.train(lab.stream(seed, 20), setting, "veto", [SHORT])
    return model.hack_share(policy)


RESIDUAL = Question(
    claim="outcome-vs-means/residual",
    delta=0.05,
    knobs=(
        Knob("hit_rate", "the share of open hacks that the monitor flags", 0.9, 0, 1, 0.05, "%"),
        Knob("hiding", "the share of its sight that the stealthiest hack takes away", 0, 0, 1, 0.1, "%"),
        Knob("false_flags", "the share of honest work that it flags", 0.05, 0, 0.5, 0.05, "%"),
    ),
    along="hit_rate",
    points=(0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1),
    effect=left,
    seeds=12,
    few=3,
)

QUESTIONS = (RESIDUAL,)
