"""A learner that may cheat, paid for results alone, or for results that were reached by permitted means.

Problems of five difficulties, one honest means and six hacks, a softmax policy for each difficulty trained by
REINFORCE with a running baseline (Sutton and Barto 2018, chapter 13). A monitor of the means flags open hacks often and
stealthy ones less. Three ways to pay: for the outcome; for the outcome unless flagged (a veto); for the outcome less a
price on flags that keeps them within a budget (a Lagrangian, as in Altman 1999 and Achiam and colleagues 2017).
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Literal

from . import charts

Reward = Literal["outcome", "veto", "Lagrangian"]
Policy = list[list[float]]
"""For each difficulty the shares of the seven means, honest first, then the hacks from open to stealthy; each adds up
to one."""

HONEST_PASS = (0.9, 0.7, 0.5, 0.3, 0.1)
"""How often honest work of skill 1 solves a problem, from the easiest difficulty to the hardest."""
STEALTH = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
OPEN, STEALTHIEST = 0, len(STEALTH) - 1
"""The first and the last of the hacks."""
DIFFICULTIES, MEANS = len(HONEST_PASS), 1 + len(STEALTH)
FIRST_LOGITS = (2.0, *(-1 - 0.5 * j for j in range(len(STEALTH))))
"""Honest work is common at first, and a hack the rarer the stealthier it is."""
LEARNING_RATE, BASELINE_RATE = 0.25, 0.05
BUDGET, PRICE_RATE, FIRST_PRICE = 0.08, 0.02, 1.0
"""The share of flags that a Lagrangian allows, how fast its price moves, and where it starts."""
NARROW = 0.05
"""A margin of pay below which learning is too slow for the asymptote to be in sight."""


@dataclass(frozen=True)
class Setting:
    """What the monitor sees and what hacks bring."""

    hit_rate: float = 0.9  # τ: how often an open hack is flagged
    hiding: float = 0.5  # ω: how far stealth hides from the monitor
    false_flags: float = 0.05  # f: how often honest work is flagged
    stealth_cost: float = 0.4  # κ: how much stealth takes from the result
    hack_pass: float = 0.85  # p₀: how often an open hack passes the test of the outcome
    skill: float = 1.0
    raised: int | None = None  # the hack whose pass rate is raised by a tenth, to see whether it spreads

    @property
    def passes(self) -> list[list[float]]:
        """The chance that each means passes the test of the outcome, for each difficulty."""
        hacks = [self.hack_pass * (1 - self.stealth_cost * s) + 0.1 * (self.raised == j) for j, s in enumerate(STEALTH)]
        return [[min(1.0, p * self.skill), *hacks] for p in HONEST_PASS]

    @property
    def flags(self) -> list[float]:
        """The chance that the monitor flags each means."""
        return [self.false_flags, *(self.hit_rate * (1 - self.hiding * s) for s in STEALTH)]


Arm = tuple[Setting, Reward]
"""What a learner meets: the monitor and the hacks, and the way it is paid."""


def arms_over(hit_rates: Sequence[float], hidings: Sequence[float], pays: Sequence[Reward]) -> list[Arm]:
    """Every combination of the three, the way to pay varying fastest."""
    return [(Setting(hit_rate=hit, hiding=hides), pay) for hit in hit_rates for hides in hidings for pay in pays]


def softmax(logits: Sequence[float]) -> list[float]:
    """The shares that *logits* stand for."""
    weights = [math.exp(logit) for logit in logits]
    total = sum(weights)
    return [weight / total for weight in weights]


def first_policy() -> Policy:
    """What the learner does before it has learnt anything."""
    return [softmax(FIRST_LOGITS) for _ in range(DIFFICULTIES)]


def train(rng: random.Random, setting: Setting, reward: Reward, checkpoints: Sequence[int]) -> list[Policy]:
    """The policy after each number of updates in *checkpoints*, which have to rise. Difficulties come in turn.

    Each update tries one means on one problem and shifts the policy towards it by what it earned beyond the running
    mean. Source: REINFORCE with baseline, Sutton and Barto 2018, section 13.4.
    """
    passes, flags = setting.passes, setting.flags
    logits = [list(FIRST_LOGITS) for _ in range(DIFFICULTIES)]
    usual = [0.0] * DIFFICULTIES
    price = FIRST_PRICE if reward == "Lagrangian" else 0.0
    seen = []
    for update in range(checkpoints[-1]):
        level = update % DIFFICULTIES
        shares = softmax(logits[level])
        tried = rng.choices(range(MEANS), shares)[0]
        solved, flagged = rng.random() < passes[level][tried], rng.random() < flags[tried]
        earned = float(solved and not flagged) if reward == "veto" else solved - price * flagged
        surprise = earned - usual[level]
        usual[level] += BASELINE_RATE * surprise
        for means, share in enumerate(shares):
            logits[level][means] += LEARNING_RATE * surprise * ((means == tried) - share)
        if reward == "Lagrangian":
            price = max(0.0, price + PRICE_RATE * (flagged - BUDGET))
        if update + 1 in checkpoints:
            seen.append([softmax(row) for row in logits])
    return seen


def shares_of(policy: Policy) -> list[float]:
    """The share of each means over all difficulties: honest first, then the hacks."""
    return [fmean(row[means] for row in policy) for means in range(MEANS)]


def hack_share(policy: Policy) -> float:
    """How often the learner cheats, 0 to 1, over all difficulties alike."""
    return 1 - shares_of(policy)[0]


def true_success(policy: Policy, setting: Setting) -> float:
    """How often a problem is solved in truth: by honest work, since a hack does no good."""
    return fmean(row[0] * passes[0] for row, passes in zip(policy, setting.passes, strict=True))


def mean_stealth(policy: Policy) -> float:
    """The mean stealth of the hacks that are still used, 0 to 1."""
    hacks = shares_of(policy)[1:]
    return sum(share * s for share, s in zip(hacks, STEALTH, strict=True)) / sum(hacks)


# --- what can be known without running it ---------------------------------------------------------------------------


def pays(setting: Setting, reward: Reward, price: float = 0.0) -> list[list[float]]:
    """What each means earns on average at each difficulty, under *price* per flag for a Lagrangian."""
    flags = setting.flags
    if reward == "veto":
        return [[p * (1 - flag) for p, flag in zip(row, flags, strict=True)] for row in setting.passes]
    cost = price if reward == "Lagrangian" else 0.0
    return [[p - cost * flag for p, flag in zip(row, flags, strict=True)] for row in setting.passes]


def price_at_rest(setting: Setting) -> float:
    """The price at which the best policy just keeps the budget of flags, to a thousandth, by scanning 0 to 12.

    It makes mean_d max_m (pass − price·flag) + price·BUDGET least. Source: Lagrangian duality, Altman 1999.
    """

    def dual(price: float) -> float:
        return fmean(max(row) for row in pays(setting, "Lagrangian", price)) + price * BUDGET

    rough = min((step / 100 for step in range(1201)), key=dual)
    return max(0.0, min((rough + step / 1000 for step in range(-10, 11)), key=lambda price: dual(max(0.0, price))))


def margins(setting: Setting, reward: Reward) -> list[float]:
    """By how much the best hack out-earns honest work at each difficulty; below 0 honest work wins."""
    price = price_at_rest(setting) if reward == "Lagrangian" else 0.0
    return [max(row[1:]) - row[0] for row in pays(setting, reward, price)]


def derived_share(setting: Setting, reward: Reward) -> float:
    """The share of cheating that learning tends to, 0 to 1: the difficulties at which a hack earns more.

    Under a Lagrangian two means tie at the price at rest, and are mixed so that the budget is spent to the last flag.
    """
    if reward != "Lagrangian":
        return fmean(margin > 0 for margin in margins(setting, reward))
    price = price_at_rest(setting)
    (cheap_hacks, cheap_flags), (dear_hacks, dear_flags) = (
        _best_replies(setting, price + side) for side in (-0.002, 0.002)
    )
    if dear_flags >= cheap_flags or cheap_flags <= BUDGET:
        return cheap_hacks
    weight = min(1.0, (BUDGET - dear_flags) / (cheap_flags - dear_flags))
    return weight * cheap_hacks + (1 - weight) * dear_hacks


def _best_replies(setting: Setting, price: float) -> tuple[float, float]:
    """The shares of cheating and of flags when every difficulty uses the means that earns most under *price*."""
    best = [max(range(MEANS), key=row.__getitem__) for row in pays(setting, "Lagrangian", max(0.0, price))]
    return fmean(means > 0 for means in best), fmean(setting.flags[means] for means in best)


def hit_rate_needed(setting: Setting, level: int) -> float:
    """The hit rate τ from which a veto leaves no hack that pays at difficulty *level*; *setting*'s own τ is not used.

    Hack j pays while p_j (1 − τ (1 − ω s_j)) > p_h (1 − f), which is solved for τ; infinite for a hack that is never
    flagged and pays.
    """
    honest = setting.passes[level][0] * (1 - setting.false_flags)
    needed = 0.0
    for passed, stealth in zip(setting.passes[level][1:], STEALTH, strict=True):
        if passed > honest:
            seen = 1 - setting.hiding * stealth
            needed = max(needed, (1 - honest / passed) / seen if seen > 0 else math.inf)
    return needed


# --- what the notebook says and shows -------------------------------------------------------------------------------

Row = dict[str, Any]
CLAIMS = {
    "outcome-selects-hacks": (
        "Rewarding outcomes alone makes a learner cheat more as training goes on.",
        "cheating after training less cheating before",
    ),
    "conditioning-reduces": (
        "Rewarding an outcome only on condition of its means leaves clearly less cheating than rewarding the outcome "
        "alone.",
        "cheating saved against pay for the outcome",
    ),
    "residual": (
        "Some cheating remains even when the means are judged.",
        "cheating left when the means are judged",
    ),
    "residual-grows": (
        "With longer training against the same judge of means, the remaining cheating grows.",
        "cheating after 64,000 problems less that after 8,000",
    ),
    "argument-survives": (
        "Among means that the judge lets pass, training still favours whatever brings the better outcome.",
        "share that the stealthiest hack gains",
    ),
}
"""The claims by name: what is claimed, in the words of the thread, and what is measured."""
GROUPS = (("honest work", (0,)), ("open hacks", (1, 2)), ("half-hidden hacks", (3, 4)), ("stealthy hacks", (5, 6)))
GROUP_COLOURS = (charts.BLUE, charts.VERMILION, charts.AMBER, charts.PURPLE)
PAY_WORDS: dict[Reward, str] = {
    "outcome": "paid for the outcome",
    "veto": "nothing if flagged",
    "Lagrangian": "a price on flags",
}


SHORT_PAY_WORDS: dict[Reward, str] = {"outcome": "outcome pay", "veto": "veto", "Lagrangian": "price"}


def grouped(shares: Sequence[float]) -> dict[str, float]:
    """The *shares* of the seven means, put together in four groups from honest to stealthy."""
    return {name: sum(shares[means] for means in members) for name, members in GROUPS}


def settings_of(arm: Arm) -> dict[str, Any]:
    """What tells the cell *arm* from the others, as a reader is told: hit rate, hiding, and 'veto' or 'price'."""
    setting, pay = arm
    return {"hit rate": setting.hit_rate, "hiding": setting.hiding, "": SHORT_PAY_WORDS[pay]}


def where_it_holds(rows: Sequence[Row]) -> str:
    """In which settings a claim holds and in which it does not: its condition, where only some bear it out.

    Each row has `cell` (words) and `state`.
    """

    def cells(state: str) -> str:
        return "; ".join(row["cell"] for row in rows if row["state"] == state) or "none"

    return f"it holds in these settings: {cells('holds')}; not in these: {cells('fails')}"


def beside_formula(rows: Sequence[Row], arms: Sequence[Arm]) -> list[Row]:
    """The *rows* of a claim over the cells *arms*, each with the share that the formula leaves there (`derived`)."""
    return [{**row, "derived": round(derived_share(*arm), 4)} for row, arm in zip(rows, arms, strict=True)]


def residual_condition(rows: Sequence[Row], arms: Sequence[Arm]) -> str:
    """What separates the cells where cheating stays from the others: the share that the pay leaves to hacks.

    The *rows* are those of the claim over the cells *arms*.
    """
    told = beside_formula(rows, arms)

    def derived(state: str) -> list[float]:
        return [row["derived"] for row in told if row["state"] == state]

    holds, fails, unclear = derived("holds"), derived("fails"), derived("unclear")
    parts = []
    if holds:
        parts.append(
            f"cheating stays in the {len(holds)} of {len(rows)} settings where hacks out-earn honest work on at least "
            f"{min(holds):.0%} of problems"
        )
    if fails:
        names = "; ".join(row["cell"] for row in rows if row["state"] == "fails")
        most = f"on at most {max(fails):.0%}" if max(fails) else "on none"
        parts.append(f"it goes in {len(fails)} where they do {most} ({names})")
    if unclear:
        parts.append(f"{len(unclear)}, with {min(unclear):.0%} to {max(unclear):.0%}, are unclear")
    return "; ".join(parts)


def training_figure(rows: Sequence[Row]) -> charts.Spec:
    """The share of each group of means over training, stacked, the three ways to pay side by side.

    Each row has `pay` (as in PAY_WORDS), `updates`, `means` (a name in GROUPS) and `share`.
    """
    names = [name for name, _ in GROUPS]
    colour = {
        "field": "means",
        "type": "nominal",
        "title": None,
        "sort": names,
        "scale": {"domain": names, "range": list(GROUP_COLOURS)},
        "legend": {"symbolType": "square", "symbolOpacity": 1},
    }
    order = {
        "calculate": f"indexof({names}, datum.means)",
        "as": "order",
    }
    area = {
        "mark": {"type": "area", "opacity": 0.85, "aria": False},
        "encoding": {
            "x": {
                **charts.axis("updates", "problems practised", type="quantitative", zero=False),
                "scale": {"type": "log", "nice": False},
                "axis": {"values": [100, 1000, 10000, 64000], "format": "~s", "grid": False},
            },
            "y": {
                **charts.axis("share", "share of problems", domain=[0, 1]),
                "stack": "zero",
                "axis": {"format": "%", "tickCount": 5},
            },
            "color": colour,
            "order": {"field": "order", "type": "quantitative"},
        },
    }
    columns = {"field": "pay", "type": "nominal", "title": None, "sort": list(PAY_WORDS.values())}
    return {
        "$schema": charts.SCHEMA,
        "data": {"values": [dict(row) for row in rows]},
        "transform": [order],
        "facet": {"column": columns},
        "spec": {"width": 160, "height": 210, **area},
    }


def training_alt(rows: Sequence[Row]) -> str:
    """What `training_figure` shows, in words."""
    last = max(row["updates"] for row in rows)
    early = min({row["updates"] for row in rows}, key=lambda updates: abs(updates - 8000))

    def cheating(pay: Reward, updates: int) -> float:
        here = [row for row in rows if row["pay"] == PAY_WORDS[pay] and row["updates"] == updates]
        return 1 - sum(float(row["share"]) for row in here if row["means"] == "honest work")

    stealthy = next(
        float(row["share"])
        for row in rows
        if (row["pay"], row["updates"], row["means"]) == (PAY_WORDS["veto"], last, "stealthy hacks")
    )
    return (
        f"Stacked areas over training. Cheating fills {cheating('outcome', last):.0%} of problems in the end when paid "
        f"for the outcome; with a veto {cheating('veto', early):.0%} after {early:,} and {cheating('veto', last):.0%} "
        f"after {last:,}, stealthy hacks {stealthy:.0%}; with a price {cheating('Lagrangian', early):.0%} and "
        f"{cheating('Lagrangian', last):.0%}."
    )


def boundary_rows(steps: int = 400, every: int = 20) -> list[Row]:
    """For each difficulty the hit rate from which no hack pays under a veto, against how far stealth hides.

    Each row has `hiding`, `needed` (0 to 1; a line ends where it leaves that range) and `level`, 1 to 5.
    """
    rows = []
    for level in range(DIFFICULTIES):
        line = [(step / steps, hit_rate_needed(Setting(hiding=step / steps), level)) for step in range(steps + 1)]
        inside = [(hiding, needed) for hiding, needed in line if 0 < needed <= 1]
        kept = inside[::every] + inside[-1:] if inside else []
        rows += [{"hiding": hiding, "needed": round(needed, 4), "level": level + 1} for hiding, needed in kept]
    return rows


def map_figure(rows: Sequence[Row], boundary: Sequence[Row], width: float) -> charts.Spec:
    """The cheating left under a veto over hit rate and hiding, with the derived boundaries drawn on it.

    Each of *rows* has `hiding`, `hit_rate` and `share`, and stands for a square *width* wide; *boundary* is
    `boundary_rows()`.
    """
    half = width / 2
    squares = [
        {
            "left": round(max(0.0, row["hiding"] - half), 4),
            "right": round(min(1.0, row["hiding"] + half), 4),
            "low": round(max(0.0, row["hit_rate"] - half), 4),
            "high": round(min(1.0, row["hit_rate"] + half), 4),
            "share": row["share"],
        }
        for row in rows
    ]
    x = charts.axis("left", "how far stealth hides from the monitor (ω)", domain=[0, 1], nice=False)
    y = charts.axis("low", "open hacks flagged (τ)", domain=[0, 1], nice=False)
    colour = {
        "field": "share",
        "type": "quantitative",
        "title": "cheating left",
        "scale": {"scheme": charts.RAMP, "domain": [0, 0.8]},
        "legend": {"format": "%", "gradientLength": 200},
    }
    lines = {
        "x": {"field": "hiding", "type": "quantitative"},
        "y": {"field": "needed", "type": "quantitative"},
        "detail": {"field": "level"},
    }
    starts = [row for row in boundary if row["hiding"] == 0]
    words = [{**row, "words": f"difficulty {row['level']} stays honest above this line"} for row in starts]
    layers: list[charts.Spec] = [
        {
            "data": {"values": squares},
            "mark": {"type": "rect", "opacity": 0.55, "aria": False},
            "encoding": {"x": x, "x2": {"field": "right"}, "y": y, "y2": {"field": "high"}, "color": colour},
        },
        {
            "data": {"values": [dict(row) for row in boundary]},
            "mark": {"type": "line", "color": charts.INK, "strokeWidth": 1.5, "aria": False},
            "encoding": lines,
        },
        {
            "data": {"values": words},
            "mark": {"type": "text", "align": "left", "dx": 6, "dy": 11},
            "encoding": {**lines, "text": {"field": "words"}},
        },
    ]
    return charts.chart(layers, width=490, height=340)


def map_alt(rows: Sequence[Row]) -> str:
    """What `map_figure` shows, in words."""

    def at(hiding: float, hit_rate: float) -> float:
        near = min(rows, key=lambda row: float(abs(row["hiding"] - hiding) + abs(row["hit_rate"] - hit_rate)))
        return float(near["share"])

    return (
        f"A map of the cheating left under a veto. With no hits it is {at(0, 0):.0%}. Where stealth hides nothing it "
        f"falls to {at(0, 1):.0%} as the hit rate rises to one, a step at each of four derived lines; where stealth "
        f"hides a hack wholly, three of the lines have bent up and out of the map, and {at(1, 1):.0%} is left even at "
        f"a hit rate of one."
    )


def residual_figure(rows: Sequence[Row], delta: float, unjudged: float) -> charts.Spec:
    """The cheating left in every cell with its interval, as `charts.cells` draws it, and a bar at its derived share.

    Each row has `cell`, `mean`, `lo`, `hi`, `state` and `derived`; *unjudged* is the cheating under outcome pay.
    """
    spec = charts.cells(rows, "cheating left (bars: in the long run, by the formula)", delta)
    bar = {
        "mark": {"type": "tick", "thickness": 3, "size": 16, "color": charts.PURPLE, "aria": False},
        "encoding": {
            "x": charts.axis("derived", "", domain=[0, 0.85], nice=False),
            "y": {"field": "cell", "type": "nominal", "sort": [row["cell"] for row in rows]},
        },
    }
    paid = charts.rule(unjudged, "paid for outcomes", "x")
    paid["layer"][1]["mark"] |= {"align": "right", "dx": -4}  # the room is at its left
    return {**spec, "layer": [bar, *spec["layer"], paid]}


def residual_alt(rows: Sequence[Row], unjudged: float) -> str:
    """What `residual_figure` shows, in words."""
    low, high = min(rows, key=lambda row: float(row["mean"])), max(rows, key=lambda row: float(row["mean"]))
    widest = max(rows, key=lambda row: float(abs(row["mean"] - row["derived"])))
    return (
        f"The cheating left in {len(rows)} cells, from {low['mean']:.2f} ({low['cell']}) to {high['mean']:.2f} "
        f"({high['cell']}); paid for outcomes it is {unjudged:.2f}. The formula is furthest off at {widest['cell']}, "
        f"{widest['derived']:.2f} against {widest['mean']:.2f} found."
    )
