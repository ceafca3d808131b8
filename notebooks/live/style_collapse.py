"""Whether the idioms of models grow stronger, asked along how strongly they are tuned."""

from __future__ import annotations

import lab
from models import style_collapse as model

from . import Knob, Question, Values, even

DISTINCTLY = 1.25


def grown(at: Values, seed: int) -> float:
    """By how much the models' rate of an idiom, in times the human one, exceeds what would be distinct."""
    web = model.Web(a=at["tuning"], s=at["share"], whim=at["whim"])
    return model.web_runs(web, [lab.stream(seed, 20)]).grown[0] - DISTINCTLY


STRENGTHEN = Question(
    claim="style-collapse/strengthen",
    delta=0,
    knobs=(
        Knob("tuning", "the factor by which tuning multiplies the odds of an idiom", 1.2, 0.8, 1.6, 0.02),
        Knob("share", "the share of the pool that models wrote", 0.5, 0, 0.9, 0.05, "%"),
        Knob("whim", "the difference between one model’s tuning and the next one’s", 0.1, 0, 0.5, 0.05),
    ),
    along="tuning",
    points=even(1, 1.5, 0.02),
    effect=grown,
    seeds=20,
    few=5,
)

QUESTIONS = (STRENGTHEN,)
