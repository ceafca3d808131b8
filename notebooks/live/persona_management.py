"""Whether promoting a harmless voice leaves less of the harmful than hunting, asked along the number nobody has."""

from __future__ import annotations

import lab
from models import persona_management as model

from . import Knob, Question, Values, even


def score(at: Values, seed: int) -> float:
    """+1 where promotion leaves less of the harmful after the campaign than hunting does, −1 where more, else 0."""
    setting = model.Setting(
        interference=at["interference"],
        bad_gain=at["bad_gain"],
        budget=at["budget"],
        evasion=at["evasion"],
        detection=at["detection"],
    )
    hunted, promoted = (
        model.phases(model.run(lab.stream(seed, 20), setting, strategy).bad, setting)[1]
        for strategy in ("suppress", "promote")
    )
    return model.winner(hunted, promoted)


PROMOTION = Question(
    claim="persona-ecology/promotion-beats-suppression",
    delta=0,
    knobs=(
        Knob("interference", "the cut in copying that a common harmless voice brings", 0.3, 0, 0.5, 0.02, "%"),
        Knob("bad_gain", "the advantage of the harmful voice in being copied", 0.1, 0.02, 0.4, 0.02, "%"),
        Knob("budget", "the purse, as a share of the corpus", 0.05, 0.01, 0.15, 0.01, "%"),
        Knob("evasion", "the chance that a harmful text begets one harder to detect", 0.01, 0, 0.1, 0.01, "%"),
        Knob("detection", "the share of the plainest harmful texts that is detected", 0.6, 0.2, 0.95, 0.05, "%"),
    ),
    along="interference",
    points=even(0, 0.5, 0.05),
    effect=score,
    seeds=16,
    few=4,
)

QUESTIONS = (PROMOTION,)
