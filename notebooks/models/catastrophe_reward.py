"""Not dying as a rare charge or a steady wage: a ladder to fall off, learners on it, and what watching them can tell.

Altitudes run from the top down to 0, and 0 is the catastrophe. The charge pays nothing until the catastrophe, which
costs 1; the wage pays 1 − γ for every step survived. On every path the two returns differ by exactly 1, which is a
potential that is the same in every living state (Ng, Harada and Russell 1999) or, for a learner, a shift of its first
expectations (Wiewiora 2003). Learners are tabular Q-learners (Sutton and Barto 2018). What an observer can know is the
posterior over two hypotheses, and the information of a whole life is a Jensen–Shannon divergence (Lin 1991).
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from . import charts
from .judged import Cell

TOP, ACTIONS, START = 8, 4, 3
"""The highest altitude, the actions at each, and the altitude of a new life."""
DISCOUNT, RATE, EXPLORE = 0.98, 0.2, 0.05
"""γ per step, the learning rate α, and ε, the share of actions chosen blindly."""
UP, STAY, DOWN = 0.6, 0.3, 0.1
"""Where the good action leads; any other action has *UP* and *DOWN* exchanged."""
NO_DIFFERENCE = 1e-9
"""Expectations this close are tied: sums that are equal on paper may differ in their last bits."""
HAZARDS = (0.0005, 0.01, 0.02, 0.03)
"""The one-state world: how likely each of its four actions is to end everything, per step."""
SURE = 0.9
"""How sure one must be, and rightly, before knowing is called useful."""
RATIOS = (1.2, 1.35, 1.5, 1.75, 2, 2.5, 3, 4, 5, 7, 10, 14, 20, 30, 50)
"""How many times rarer effort makes the catastrophe, where the figure of bits has its points."""
CHANCES, WIN, BOOST = 100, 0.2, 1.5
"""Chances of a small win in a life, how often one is taken without progress, and how many times as often with it."""

Stream = Callable[[int, int], random.Random]
"""The source of chance of an arm under a seed: `lab.stream`."""
Policy = Sequence[tuple[float, float]]
"""For each altitude from 1 up: the chance of the good action, and the chance of leaving for good instead of acting."""


# --- two framings ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Frame:
    """What a step pays: *living* when it is survived, *ending* when it is the catastrophe."""

    name: str
    living: float
    ending: float


def charge() -> Frame:
    """The framing that pays nothing and takes 1 for the catastrophe."""
    return Frame("charge", 0.0, -1.0)


def wage(discount: float = DISCOUNT) -> Frame:
    """The framing that pays 1 − γ for every step survived, so that a life without end is worth 1."""
    return Frame("wage", 1 - discount, 0.0)


def total(frame: Frame, end: int, discount: float = DISCOUNT) -> float:
    """The discounted sum of a life whose catastrophe comes at step *end* (the first step is 1)."""
    return sum(frame.living * discount**t for t in range(end - 1)) + frame.ending * discount ** (end - 1)


# --- how each framing ranks ways of acting ---------------------------------------------------------------------------


def random_policies(rng: random.Random, count: int, *, leaving: float = 0.0, mixed: bool = True) -> list[Policy]:
    """*count* policies: at each altitude any chance of the good action, and a chance of leaving up to *leaving*.

    Those that are not *mixed* take one action at each altitude, always, and one in `ACTIONS` is the good one.
    """

    def good() -> float:
        return rng.random() if mixed else float(rng.random() < 1 / ACTIONS)

    return [[(good(), leaving * rng.random()) for _ in range(TOP)] for _ in range(count)]


def worth_forever(policy: Policy, frame: Frame, discount: float = DISCOUNT) -> float:
    """The expected discounted return from the start, without any time limit: the linear system solved exactly."""
    # V(s) = b + d V(s−1) + u V(s+1) is solved upwards: V(s) = fixed + slope V(s+1), with V(0) the catastrophe itself.
    fixed, slope = [0.0], [0.0]
    for at, (good, leave) in enumerate(policy, 1):
        down, up = falls(good), climbs(good)
        act = (1 - leave) * discount
        pay = (1 - leave) * ((down * frame.ending if at == 1 else down * frame.living) + (1 - down) * frame.living)
        below = act * down if at > 1 else 0.0
        stays = 1 - down - up if at < TOP else 1 - down
        divisor = 1 - act * stays - below * slope[-1]
        fixed.append((pay + below * fixed[-1]) / divisor)
        slope.append(act * up / divisor if at < TOP else 0.0)
    value = fixed[TOP]
    for at in range(TOP - 1, START - 1, -1):
        value = fixed[at] + slope[at] * value
    return value


def worth_until(policy: Policy, frame: Frame, discount: float = DISCOUNT, horizon: int = 50) -> float:
    """The expected return from the start when step *horizon* ends the count, as if nothing came after it."""
    moves = [(1 - leave, falls(good), climbs(good)) for good, leave in policy]
    values = [0.0] * (
        TOP + 2
    )  # the catastrophe, the altitudes, and the top once more, for climbing there leads nowhere
    for _ in range(horizon):
        then = [frame.living + discount * value for value in values]
        then[0] = frame.ending
        new = [
            acts * (down * then[at] + (1 - down - up) * then[at + 1] + up * then[at + 2])
            for at, (acts, down, up) in enumerate(moves)
        ]
        values = [0.0, *new, new[-1]]
    return values[START]


def falls(good: float) -> float:
    """The chance of going down when the good action is taken with chance *good*."""
    return good * DOWN + (1 - good) * UP


def climbs(good: float) -> float:
    """The chance of going up when the good action is taken with chance *good*."""
    return good * UP + (1 - good) * DOWN


def reversed_pairs(first: Sequence[float], second: Sequence[float], tiny: float = 1e-10) -> float:
    """The share of all pairs that *first* and *second* rank oppositely; differences below *tiny* are none."""
    pairs = [(i, j) for i in range(len(first)) for j in range(i)]
    gaps = [(first[i] - first[j], second[i] - second[j]) for i, j in pairs]
    return sum(a * b < 0 and min(abs(a), abs(b)) > tiny for a, b in gaps) / len(pairs)


CONDITIONS = ("discounted, unending", "discounted, cut at 50", "undiscounted, cut at 50", "free to leave")
"""The settings in which the rankings are compared."""


def disagreement(rng: random.Random, condition: str, *, policies: int = 30, mixed: bool = True) -> float:
    """The share of pairs of random policies that charge and wage rank oppositely under one of `CONDITIONS`."""
    unending, cut, undiscounted, free = CONDITIONS
    drawn = random_policies(rng, policies, leaving=0.05 if condition == free else 0.0, mixed=mixed)
    worth: dict[str, Callable[[Policy, Frame], float]] = {
        unending: worth_forever,
        free: worth_forever,
        cut: worth_until,
        undiscounted: lambda policy, frame: worth_until(policy, frame, 1.0),
    }
    charged, paid = ([worth[condition](policy, frame) for policy in drawn] for frame in (charge(), wage()))
    return reversed_pairs(charged, paid)


# --- learners --------------------------------------------------------------------------------------------------------

World = Sequence[Sequence[tuple[float, float]]]
"""For each altitude from 1 up and each action: the chance of going down, and that of going down or staying."""


@dataclass(frozen=True)
class Run:
    """What a learner went through: the *actions* it took, the steps of its catastrophes, its *values* in the end."""

    actions: Sequence[int]
    ends: Sequence[int]
    values: Sequence[Sequence[float]]


def ladder(rng: random.Random) -> World:
    """A ladder on which one action, drawn for each altitude, is the good one."""
    good, bad = (DOWN, DOWN + STAY), (UP, UP + STAY)
    return [[good if action == best else bad for action in range(ACTIONS)] for best in _draws(rng, TOP)]


def one_state(hazards: Sequence[float] = HAZARDS) -> World:
    """A world of one altitude: each action ends everything with its hazard, and otherwise changes nothing."""
    return [[(hazard, 1.0) for hazard in hazards]]


def learn(
    rng: random.Random,
    world: World,
    frame: Frame,
    *,
    steps: int,
    first: float = 0.0,
    rate: float = RATE,
    explore: float = EXPLORE,
    discount: float = DISCOUNT,
    resets: bool = True,
) -> Run:
    """A Q-learner that expects *first* of everything untried, for *steps* steps or, without *resets*, one life.

    It takes the action it values most (ties are drawn) and a blind one with chance *explore*. Every step uses three
    draws, whatever happens, so that two learners with the same chance meet the same luck.
    """
    values = [[first] * len(row) for row in world]
    actions, ends = [], []
    chance, living, ending = rng.random, frame.living, frame.ending
    top = len(world) - 1
    start = at = min(START - 1, top)
    for step in range(steps):
        row = values[at]
        count, blind, which, move = len(row), chance(), chance(), chance()
        if blind < explore:
            action = int(which * count)
        else:
            enough = max(row) - NO_DIFFERENCE
            ties = [i for i, value in enumerate(row) if value >= enough]
            action = ties[int(which * len(ties))]
        actions.append(action)
        down, stay = world[at][action]
        after = at - 1 if move < down else at if move < stay else min(at + 1, top)
        if after < 0:
            row[action] += rate * (ending - row[action])
            ends.append(step)
            if not resets:
                break
            at = start
        else:
            row[action] += rate * (living + discount * max(values[after]) - row[action])
            at = after
    return Run(actions, ends, values)


def twins(luck_of: Callable[[], random.Random], world: World, steps: int = 20_000) -> tuple[int, float]:
    """How many actions differ, and by how much values miss a gap of 1, when the wage's learner starts 1 higher.

    *luck_of* gives each of the two the same chance from its beginning.
    """
    charged = learn(luck_of(), world, charge(), steps=steps)
    paid = learn(luck_of(), world, wage(), steps=steps, first=1.0)
    differing = sum(a != b for a, b in zip(charged.actions, paid.actions, strict=True))
    gaps = [
        abs(plus - minus - 1)
        for above, below in zip(paid.values, charged.values, strict=True)
        for plus, minus in zip(above, below, strict=True)
    ]
    return differing, max(gaps)


def survival(
    rng: random.Random, world: World, frame: Frame, *, horizon: int, lives: int = 100, first: float = 0.0
) -> float:
    """The share of *lives*, each begun by a learner that knows nothing, that reach *horizon* without a catastrophe."""
    lucks = [random.Random(rng.getrandbits(48)) for _ in range(lives)]  # one per life: lives differ in length
    lived = [learn(luck, world, frame, steps=horizon, first=first, resets=False) for luck in lucks]
    return sum(not run.ends for run in lived) / lives


def survival_of_the_restless(hazards: Sequence[float] = HAZARDS, horizon: int = 300) -> float:
    """Derived: the survival of one who draws every action afresh, (1 − mean hazard)^horizon."""
    return (1 - sum(hazards) / len(hazards)) ** horizon


def survival_of_the_habitual(hazards: Sequence[float] = HAZARDS, horizon: int = 300, explore: float = EXPLORE) -> float:
    """Derived: the survival of one who keeps the first action drawn, save for blind ones with chance *explore*.

    It is the mean of powers where `survival_of_the_restless` is the power of the mean, and so larger (Jensen).
    """
    mean = sum(hazards) / len(hazards)
    return sum((1 - (1 - explore) * hazard - explore * mean) ** horizon for hazard in hazards) / len(hazards)


def so_far(ends: Sequence[int], marks: Sequence[int]) -> list[int]:
    """How many catastrophes had happened by each of *marks*."""
    return [sum(end < mark for end in ends) for mark in marks]


# --- what an observer can know ---------------------------------------------------------------------------------------


def life(rng: random.Random, hazard: float, horizon: int) -> int | None:
    """The step at which a life under *hazard* ends; None when it lasts beyond *horizon*."""
    end = int(math.log(1 - rng.random()) / math.log1p(-hazard)) + 1
    return end if end <= horizon else None


def rewards_seen(end: int | None, horizon: int, frame: Frame) -> list[float]:
    """The stream of rewards that an observer of this life sees under *frame*."""
    return [frame.living] * horizon if end is None else [frame.living] * (end - 1) + [frame.ending]


def end_from_rewards(rewards: Sequence[float], frame: Frame) -> int | None:
    """The step of the catastrophe, read off the stream of rewards alone."""
    return len(rewards) if rewards[-1] == frame.ending else None


def reads_alike(end: int | None, horizon: int) -> bool:
    """Whether an onlooker reads the same *end* off the wage's stream of rewards as off the charge's."""
    return all(end_from_rewards(rewards_seen(end, horizon, frame), frame) == end for frame in (charge(), wage()))


def chance_that_effort_works(end: int | None, horizon: int, hazard: float, ratio: float) -> float:
    """The posterior, from even odds, that effort divides *hazard* by *ratio*, given when the life ended."""
    lower = hazard / ratio
    quiet = horizon if end is None else end - 1
    odds = (math.log1p(-lower) - math.log1p(-hazard)) * quiet - (0 if end is None else math.log(ratio))
    return 1 / (1 + math.exp(-odds))


def told(rng: random.Random, hazard: float, ratio: float, *, lives: int = 200, horizon: int = 1000) -> float:
    """The share of *lives* after which an observer is `SURE`, and right, about whether effort works."""
    right = 0
    for _ in range(lives):
        works = rng.random() < 0.5
        end = life(rng, hazard / ratio if works else hazard, horizon)
        right += is_useful(chance_that_effort_works(end, horizon, hazard, ratio), works)
    return right / lives


def useful_lives(
    stream: Stream, seeds: Sequence[int], cells: Sequence[Mapping[str, float]], arm: int
) -> list[tuple[Mapping[str, float], list[float]]]:
    """Each of *cells*, with ρ and h, and what `told` finds there under each seed; arms count upwards from *arm*."""
    return [
        (cell, [told(stream(seed, arm + place), cell["h"], cell["ρ"]) for seed in seeds])
        for place, cell in enumerate(cells)
    ]


def is_useful(posterior: float, true: bool) -> bool:
    """Whether *posterior* is `SURE` of what is *true*."""
    return (posterior if true else 1 - posterior) >= SURE


def ends_of_a_life(hazard: float, ratio: float, horizon: int) -> list[tuple[int | None, float, float]]:
    """Every way a life can end, with its probability where effort works and where it does not."""
    lower = hazard / ratio
    ended = [(t, lower * (1 - lower) ** (t - 1), hazard * (1 - hazard) ** (t - 1)) for t in range(1, horizon + 1)]
    return [*ended, (None, (1 - lower) ** horizon, (1 - hazard) ** horizon)]


def chance_of_being_told(hazard: float, ratio: float, horizon: int = 1000) -> float:
    """Derived: what `told` estimates, summed over every way a life can end."""
    ends = ends_of_a_life(hazard, ratio, horizon)
    posteriors = [chance_that_effort_works(end, horizon, hazard, ratio) for end, _, _ in ends]
    return sum(
        0.5 * (with_effort * is_useful(posterior, True) + without * is_useful(posterior, False))
        for posterior, (_, with_effort, without) in zip(posteriors, ends, strict=True)
    )


def bits_in_a_life(hazard: float, ratio: float, horizon: int = 1000) -> float:
    """Derived: the bits that a life, watched up to *horizon*, gives about whether effort works (Lin 1991)."""
    return sum(_divergence(p, q) for _, p, q in ends_of_a_life(hazard, ratio, horizon))


def bits_at_most(ratio: float, slices: int = 4000) -> float:
    """Derived: the same however long one waits, for a small hazard: two exponential laws whose rates differ by *ratio*.

    With u = exp(−t/ratio), t in units of the larger rate's mean, the integral runs over 0 < u < 1.
    """
    middles = [(i + 0.5) / slices for i in range(slices)]
    return sum(_divergence(1.0, ratio * u ** (ratio - 1)) for u in middles) / slices


def wins(rng: random.Random, progress: bool, boost: float = BOOST) -> int:
    """How many of a life's chances of a small win were taken."""
    rate = WIN * boost if progress else WIN
    return sum(rng.random() < rate for _ in range(CHANCES))


def chance_of_progress(count: int, boost: float = BOOST) -> float:
    """The posterior, from even odds, that there is progress, given the *count* of wins."""
    odds = count * math.log(boost) + (CHANCES - count) * math.log((1 - WIN * boost) / (1 - WIN))
    return 1 / (1 + math.exp(-odds))


def chance_of_a_safer_end(count: int, link: float, boost: float = BOOST) -> float:
    """The posterior that the end is safer: with chance *link* it goes with progress, else it is anybody's guess."""
    return link * chance_of_progress(count, boost) + (1 - link) / 2


def told_by_wins(rng: random.Random, link: float | None = None, *, lives: int = 200, boost: float = BOOST) -> float:
    """The share of *lives* whose wins make one `SURE`, and right: of progress, or given a *link*, of a safer end."""
    right = 0
    for _ in range(lives):
        progress = rng.random() < 0.5
        count = wins(rng, progress, boost)
        if link is None:
            right += is_useful(chance_of_progress(count, boost), progress)
        else:
            safer = progress if rng.random() < link else rng.random() < 0.5
            right += is_useful(chance_of_a_safer_end(count, link, boost), safer)
    return right / lives


def chance_of_being_told_by_wins(link: float = 1.0, boost: float = BOOST) -> float:
    """Derived: what `told_by_wins` estimates, summed over the binomial; a *link* of 1 makes the end mean progress."""
    share = 0.0
    for count in range(CHANCES + 1):
        ways = math.comb(CHANCES, count)
        with_progress, without = (ways * rate**count * (1 - rate) ** (CHANCES - count) for rate in (WIN * boost, WIN))
        safer = (1 + link) / 2 * with_progress + (1 - link) / 2 * without
        no_safer = (1 - link) / 2 * with_progress + (1 + link) / 2 * without
        posterior = chance_of_a_safer_end(count, link, boost)
        share += 0.5 * (safer * is_useful(posterior, True) + no_safer * is_useful(posterior, False))
    return share


def win_effects(
    progress: Sequence[float], safer: Mapping[float, Sequence[float]]
) -> list[tuple[dict[str, Any], list[float]]]:
    """For each cell of the claim on small wins its setting and its effects: shares of useful lives against a half.

    About *progress* more than half are in favour of the claim, about the end, for each trust in the link, fewer.
    """
    about_the_end = [({"": "about the end", "w": w}, [0.5 - share for share in shares]) for w, shares in safer.items()]
    return [({"": "about progress"}, [share - 0.5 for share in progress]), *about_the_end]


def geometric_mean(logs: Sequence[float]) -> float:
    """The geometric mean of what has these *logs*."""
    return math.exp(fmean(logs))


def _divergence(p: float, q: float) -> float:
    """One outcome's part in the Jensen–Shannon divergence, in bits, of two laws that give it *p* and *q*."""
    middle = (p + q) / 2
    return 0.5 * sum(x * math.log2(x / middle) for x in (p, q) if x > 0)


def _draws(rng: random.Random, count: int) -> list[int]:
    return [rng.randrange(ACTIONS) for _ in range(count)]


# --- what is known beforehand ----------------------------------------------------------------------------------------

Known = tuple[str, float, str, bool]
"""A control: what is known, what was found, what had to be found, and whether it was."""


def known_of_rankings(stream: Stream, seeds: Sequence[int], ladders: Sequence[World], steps: int) -> list[Known]:
    """Learners whose first expectations are 1 apart, as the framings are, do the same and stay 1 apart."""
    found = [
        twins(lambda seed=seed: stream(seed, 3), world, steps)  # type: ignore[misc]
        for seed, world in zip(seeds, ladders, strict=True)
    ]
    differing, gap = max(actions for actions, _ in found), max(gap for _, gap in found)
    return [
        ("learners whose expectations begin 1 apart: actions that differ", differing, "0", differing == 0),
        ("the same learners: how far their values miss that distance", gap, "below 1e-9", gap < 1e-9),
    ]


def known_of_watching(
    stream: Stream,
    seeds: Sequence[int],
    shares: Sequence[tuple[Mapping[str, float], Sequence[float]]],
    slack: float = 1,
) -> list[Known]:
    """Idle effort tells nothing, drastic effort nearly all, and the *shares* of useful lives are those summed exactly.

    *shares* gives for each cell, with ρ and h, one share per seed; *slack* widens what is allowed where lives are few.
    """
    idle = told(stream(seeds[0], 38), 0.01, 1)
    drastic = fmean(told(stream(seed, 39), 0.05, 1000, horizon=5000) for seed in seeds)
    missed = max(abs(fmean(found) - chance_of_being_told(cell["h"], cell["ρ"])) for cell, found in shares)
    close = 0.02 * slack
    return [
        ("effort that changes nothing: share of useful lives", idle, "0", idle == 0),
        ("effort that all but ends a large hazard: share of useful lives", drastic, "above 0.9", drastic > 0.9),
        ("largest gap to the shares summed over all lives", missed, f"below {close:g}", missed < close),
    ]


def known_of_wins(stream: Stream, seeds: Sequence[int], slack: float = 1) -> list[Known]:
    """Wins that come as often anyway tell nothing, and a certain link to the end tells what the binomial says."""
    idle = told_by_wins(stream(seeds[0], 48), boost=1)
    missed = fmean(told_by_wins(stream(seed, 49), 1.0) for seed in seeds) - chance_of_being_told_by_wins()
    near = 0.03 * slack
    return [
        ("wins as frequent without progress as with it: share of useful lives", idle, "0", idle == 0),
        (
            "wins sure to bear on the end: gap to the share summed over the binomial",
            missed,
            f"within {near:g}",
            abs(missed) < near,
        ),
    ]


# --- verdicts in words -----------------------------------------------------------------------------------------------


MEASURED = {
    "equivalence": "0.01 minus the share of pairs of policies ranked oppositely",
    "initial-values": "log of the catastrophes under the wage over those under the charge (one added to each)",
    "one-life": "survival under the charge, which does better with second chances, minus survival under the wage",
    "morale": "0.5 minus the share of lives after which one is rightly 90 % sure",
    "small-wins": "about progress the share of lives that make one rightly sure, minus 0.5; about the end 0.5 minus "
    "that share",
}
"""What is measured for each claim, larger in its favour."""
AFTERWARDS = {
    "equivalence": {
        "right_if": "the comment, which treats the two as one, would have been right throughout if no life ever ended "
        "by a time limit or by leaving",
        "changed_after_seeing": "nothing in the rule; how policies are drawn had been left open, and here each rung "
        "has any chance of the good action",
    },
    "initial-values": {
        "right_if": "the comment's 'either way' would have been right of learners too if their first expectations had "
        "been 1 apart, as the two framings are",
        "changed_after_seeing": "nothing",
    },
    "one-life": {
        "right_if": "the claim would have been right if something short of the end taught the charge's learner, such "
        "as a near miss that costs",
        "changed_after_seeing": "the claim was added after the result on first expectations had been seen, because "
        "second chances are exactly what the comment's case lacks",
    },
    "morale": {
        "right_if": "the comment would have been right everywhere if effort never made a frequent catastrophe so much "
        "rarer that one life told more than about half a bit",
        "by_construction": "that both framings tell the same, since each stream of rewards can be rewritten as the "
        "other; how little they tell is not",
        "changed_after_seeing": "nothing",
    },
    "small-wins": {
        "right_if": "the comment would have been wrong if wins were trusted to bear on the end with more than w = 0.8, "
        "or if they came too seldom to tell even of progress",
        "by_construction": "that nothing useful is learnt of the end below w = 0.8, where nobody can be 90 % sure; "
        "that enough is learnt of progress is not",
        "changed_after_seeing": "the threshold of 0.5 was fixed before the first run; how often a win is taken was not",
    },
}
"""What is published with each claim's verdict, whatever it is."""


def verdict_words(claim: str, cells: Sequence[Cell]) -> dict[str, str]:
    """What is published with the verdict on *claim*, and the condition under which it holds, written from its cells."""
    conditions = {"equivalence": equivalence_condition, "morale": morale_condition}
    return {**AFTERWARDS[claim], "condition": conditions.get(claim, split)(cells)}


def where(cells: Sequence[Cell], state: str) -> str:
    """The settings in *state*: 'free to leave; …', or 'nowhere'."""
    return "; ".join(cell.words for cell in cells if cell.state == state) or "nowhere"


def split(cells: Sequence[Cell]) -> str:
    """Where a claim holds and where it fails, for claims that are expected to do one of the two everywhere."""
    return f"It holds here: {where(cells, 'holds')}. It fails here: {where(cells, 'fails')}."


def equivalence_condition(cells: Sequence[Cell]) -> str:
    """When the two framings rank alike."""
    return (
        f"They rank alike as long as only the catastrophe ends the sum ({where(cells, 'holds')}). They no longer do "
        f"once a time limit counts as an end or one may leave ({where(cells, 'fails')})."
    )


def morale_condition(cells: Sequence[Cell]) -> str:
    """How much a life has to tell, in bits, before watching it is useful."""

    def bits(state: str) -> list[float]:
        return [bits_in_a_life(cell.params["h"], cell.params["ρ"]) for cell in cells if cell.state == state]

    return (
        f"It holds where a life tells at most {max(bits('holds'), default=0):.2f} of the 1 bit that would settle "
        f"whether effort works. It fails where a life tells {min(bits('fails'), default=1):.2f} bits, because effort "
        f"makes a frequent catastrophe far rarer ({where(cells, 'fails')})."
    )


# --- figures ---------------------------------------------------------------------------------------------------------

Row = Mapping[str, Any]


def reversed_rows(cells: Sequence[Row], allowed: float) -> list[dict[str, Any]]:
    """The rows of a claim's figure, turned from effects (*allowed* minus the share) into shares of reversed pairs."""

    def share(effect: float) -> float:
        return round(max(0.0, allowed - effect), 4)

    return [{**row, "mean": share(row["mean"]), "lo": share(row["hi"]), "hi": share(row["lo"])} for row in cells]


def reversed_figure(rows: Sequence[Row], allowed: float) -> charts.Spec:
    """The share of pairs ranked oppositely under each condition."""
    return charts.cells(rows, "share of pairs of policies ranked oppositely", allowed, threshold="one in a hundred")


def reversed_alt(rows: Sequence[Row]) -> str:
    """The figure of reversed pairs in words."""
    shares = "; ".join(f"{row['cell']}: {100 * row['mean']:.1f} %" for row in rows)
    return f"Intervals for the share of pairs of policies that the two framings rank oppositely. {shares}."


def learning_rows(ends: Mapping[str, Sequence[Sequence[int]]], marks: Sequence[int]) -> list[dict[str, Any]]:
    """For each series the mean of catastrophes so far over its learners, and where the middle 80 % of them lie."""
    rows = []
    for name, learners in ends.items():
        counts = zip(*(so_far(one, marks) for one in learners), strict=True)
        for mark, column in zip(marks, map(sorted, counts), strict=True):
            tail = len(column) // 10
            middle = round(sum(column) / len(column), 1)
            rows.append({"series": name, "steps": mark, "falls": middle, "lo": column[tail], "hi": column[-1 - tail]})
    return rows


def learning_figure(rows: Sequence[Row]) -> charts.Spec:
    """Catastrophes so far against steps, a line for each framing and first expectation."""
    names = list(dict.fromkeys(row["series"] for row in rows))
    falls = charts.axis("falls", "catastrophes so far")
    return _legend_in_two_columns(charts.lines(rows, charts.axis("steps", "steps of learning"), falls, names))


def learning_alt(rows: Sequence[Row]) -> str:
    """The figure of learning in words."""
    last = rows[-1]["steps"]
    ends = ", ".join(f"{row['falls']:.0f} for the {row['series']}" for row in rows if row["steps"] == last)
    return f"Lines of catastrophes so far over {last:,} steps; at the end the means are {ends}."


def stretch_rows(quiet: Mapping[str, Sequence[float]], length: int) -> list[dict[str, Any]]:
    """For each framing the share of learners without a catastrophe in its first, second … *length* steps."""
    return [
        {"series": name, "stretch": number, "steps": number * length, "quiet": round(share, 3)}
        for name, shares in quiet.items()
        for number, share in enumerate(shares, 1)
    ]


def stretch_figure(rows: Sequence[Row], length: int) -> charts.Spec:
    """The share of quiet stretches against the steps that a learner has behind it by their end."""
    names = list(dict.fromkeys(row["series"] for row in rows))
    quiet = charts.axis("quiet", f"share of learners without a catastrophe in {length} steps", domain=[0, 1])
    steps = charts.axis("steps", "steps since the beginning of the first life")
    spec = charts.lines(rows, steps, quiet, names)
    first = {
        "transform": [{"filter": "datum.stretch == 1"}],
        "mark": {"type": "point", "size": 110},
        "encoding": {"x": steps, "y": quiet, "color": spec["layer"][0]["encoding"]["color"]},
    }
    spec["layer"].append(first)
    return spec


def stretch_alt(rows: Sequence[Row]) -> str:
    """The figure of quiet stretches in words."""
    says = []
    for name in dict.fromkeys(row["series"] for row in rows):
        shares = [row["quiet"] for row in rows if row["series"] == name]
        says.append(f"under the {name} {100 * shares[0]:.0f} % of learners at first and {100 * shares[-1]:.0f} % later")
    return f"Two lines that cross. Unhurt through a stretch: {'; '.join(says)}."


def bits_rows(
    ratios: Sequence[float], hazard: float = 0.001, horizons: Sequence[int] = (300, 1000, 3000)
) -> list[dict[str, Any]]:
    """The bits of a life for each ratio and horizon, and the most there can be however long one waits."""
    rows = [
        {"series": f"{horizon:,} steps", "ratio": r, "bits": round(bits_in_a_life(hazard, r, horizon), 4)}
        for horizon in horizons
        for r in ratios
    ]
    return [*rows, *({"series": EVER, "ratio": r, "bits": round(bits_at_most(r), 4)} for r in ratios)]


EVER = "watched to its end"


def bits_figure(rows: Sequence[Row]) -> charts.Spec:
    """Bits of a life against how many times effort divides the hazard."""
    names = list(dict.fromkeys(row["series"] for row in rows))
    ratio = charts.axis("ratio", "ρ: how many times rarer effort makes a bad end (log scale)")
    ratio["scale"] = {"type": "log", "domain": [1.2, 50], "nice": False}
    ratio["axis"] = {"values": [1.2, 2, 3, 5, 10, 20, 50], "format": "~g", "tickCount": 7}
    return charts.lines(rows, ratio, charts.axis("bits", "bits in one life (1 would settle it)", domain=[0, 1]), names)


def bits_alt(rows: Sequence[Row]) -> str:
    """The figure of bits in words."""
    ever = {row["ratio"]: row["bits"] for row in rows if row["series"] == EVER}
    return (
        "Rising lines of the bits that one life gives on whether effort works. However long it is watched, "
        f"{ever[2]:.3f} bits where effort halves the hazard and {ever[20]:.2f} where it divides it by twenty."
    )


def wins_rows(steps: int = 50) -> list[dict[str, Any]]:
    """How often wins make one rightly sure of a safer end, for links from 0 to 1; of progress, whatever the link."""
    links = [k / steps for k in range(steps + 1)]
    progress = round(chance_of_being_told_by_wins(), 4)
    rows = [{"series": "a safer end", "link": w, "told": round(chance_of_being_told_by_wins(w), 4)} for w in links]
    return [*({"series": "progress", "link": w, "told": progress} for w in (links[0], links[-1])), *rows]


def wins_figure(rows: Sequence[Row]) -> charts.Spec:
    """How often wins tell, against the trust in their link to the end."""
    link = charts.axis("link", "w: trust that a win has to do with the end")
    told = charts.axis("told", "share of lives after which one is rightly sure", domain=[0, 1])
    return charts.lines(rows, link, told, ["progress", "a safer end"])


def wins_alt(rows: Sequence[Row]) -> str:
    """The figure of small wins in words."""
    last = max(row["link"] for row in rows if row["series"] == "a safer end" and row["told"] == 0)
    progress = next(row["told"] for row in rows if row["series"] == "progress")
    return (
        f"Of progress the wins make one rightly sure in {100 * progress:.0f} % of lives; "
        f"of a safer end never up to a trust of {last:.2f} in the link, and beyond it ever more often."
    )


def _legend_in_two_columns(spec: charts.Spec) -> charts.Spec:
    for layer in spec["layer"]:
        colour = layer["encoding"]["color"]
        layer["encoding"]["color"] = {**colour, "legend": {**colour["legend"], "columns": 2}}
    return spec


FIGURES: Mapping[str, tuple[Callable[..., charts.Spec], Callable[[Sequence[Row]], str], str]] = {
    "reversed": (
        reversed_figure,
        reversed_alt,
        "The framings agree on how to live and disagree on whether to leave: pairs that they rank oppositely.",
    ),
    "learning": (
        learning_figure,
        learning_alt,
        "Raise what the wage's learner expects at first, and its line sinks until it is the charge's line "
        "(means; bands: the middle 80 % of learners).",
    ),
    "stretches": (
        stretch_figure,
        stretch_alt,
        "In its first fifty steps, which may be all it has, a learner is safer under the wage; with second chances it "
        "is soon safer under the charge.",
    ),
    "bits": (
        bits_figure,
        bits_alt,
        "Watching longer helps up to a ceiling, and for modest effort the ceiling is low (hazard without effort: "
        "0.001 a step).",
    ),
    "wins": (
        wins_figure,
        wins_alt,
        "Wins always tell of progress, and of a safer end only those who trusted the link already.",
    ),
}
"""How each figure is drawn from its rows, how it is told in words, and its caption."""
