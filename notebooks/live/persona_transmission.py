"""Whether a voice that a curator likes spreads, asked along how much of the corpus models wrote."""

from __future__ import annotations

import lab
from models import persona_transmission as model

from . import Knob, Question, Values, even


def gain(at: Values, seed: int) -> float:
    """The share that the voice ends with, beyond its share under a curator without a preference."""
    liked, plain = (
        model.curated_shares(lab.stream(seed, 20), model.Curation(advantage, at["synthetic"], int(at["tries"])))[-1]
        for advantage in (at["liking"], 0.0)
    )
    return liked - plain


TRANSMISSION = Question(
    claim="persona-ecology/transmission",
    delta=0.2,
    knobs=(
        Knob("synthetic", "the share of the corpus that models wrote", 0.9, 0, 1, 0.05, "%"),
        Knob("liking", "the curator’s liking for the voice, in standard deviations", 0.3, 0, 1.5, 0.1),
        Knob("tries", "the number of samples of which he keeps the best", 4, 1, 8, 1),
    ),
    along="synthetic",
    points=(*even(0, 0.6, 0.1), *even(0.65, 1, 0.05)),
    effect=gain,
    seeds=16,
    few=4,
)

QUESTIONS = (TRANSMISSION,)
