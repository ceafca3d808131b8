"""What a judge of confessions gains by reading the trace, asked along how easily he believes a recital, and more."""

from __future__ import annotations

import lab
from models import confession_judge as model
from models.confession_judge import ANSWER, DEFAULT, Training

from . import Knob, Question, Values, even

RECITAL = Knob("recital", "the share of breaches for which the trace recites the rule", 0.6, 0, 1, 0.05, "%")
GULLIBILITY = Knob("gullibility", "the share of recitals that the judge believes", 0.5, 0, 1, 0.05, "%")
BREACHES, EPISODES, SHORT = 2000, 3000, 1500


def watched(at: Values, seed: int) -> model.Watched:
    """The judge with the trace and without, under one seed."""
    return model.watch(DEFAULT, at["recital"], at["gullibility"], lab.stream(seed, 20), BREACHES)


def gain(at: Values, seed: int) -> float:
    """How many more breaches he flags when he reads the trace."""
    return watched(at, seed).gain


def passed(at: Values, seed: int) -> float:
    """How many breaches in plain view he passes because of the trace."""
    return watched(at, seed).false_credit


def gain_after_training(at: Values, seed: int) -> float:
    """The same gain, once his verdicts have taught a model how often to recite."""
    how = Training(
        reads=True,
        recital=0.5,
        shapes_trace=True,
        gullible=at["gullibility"],
        pressure=at["pressure"],
        episodes=EPISODES,
    )
    return model.gain(DEFAULT, model.train(DEFAULT, how, lab.stream(seed, 40)).recital, at["gullibility"])


def pay_gap(at: Values, seed: int) -> float:
    """How much more a model confesses when each item is paid for itself."""
    items = int(at["items"])
    each, whole = (
        model.train(
            DEFAULT,
            Training(rules=items, graded=graded, price=at["price"], episodes=SHORT),
            lab.stream(seed, 60),
        ).confesses[ANSWER]
        for graded in (True, False)
    )
    return each - whole


COT_DETECTS = Question(
    claim="confession-judge/cot-detects",
    delta=0.05,
    knobs=(RECITAL, GULLIBILITY),
    along="gullibility",
    points=even(0, 1, 0.05),
    effect=gain,
    few=10,
)

FALSE_CREDIT = Question(
    claim="confession-judge/false-credit",
    delta=0.05,
    knobs=(RECITAL, GULLIBILITY),
    along="recital",
    points=(0, 0.025, 0.05, 0.075, 0.1, 0.125, 0.15, 0.175, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1),
    effect=passed,
    few=10,
)

UNDER_OPTIMISATION = Question(
    claim="confession-judge/under-optimisation",
    delta=0.05,
    knobs=(
        GULLIBILITY,
        Knob("pressure", "the pay for a verdict of ‘kept’ on all rules", 0.3, 0, 1, 0.1),
    ),
    along="gullibility",
    points=even(0, 1, 0.1),
    effect=gain_after_training,
    seeds=24,
    few=4,
)

GRADED = Question(
    claim="confession-judge/graded",
    delta=0.05,
    knobs=(
        Knob("items", "the number of items in one confession", 12, 1, 20, 1),
        Knob("price", "the price of one confession", 0, 0, 0.2, 0.01),
    ),
    along="items",
    points=(1, 4, 8, 9, 10, 11, 12, 13, 14, 16, 20),
    effect=pay_gap,
    seeds=10,
    few=2,
)

QUESTIONS = (COT_DETECTS, FALSE_CREDIT, UNDER_OPTIMISATION, GRADED)
