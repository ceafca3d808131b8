"""The learner of `models.outcome_vs_means`, for many settings and seeds at once.

Every setting under one seed meets the same luck, so that settings are compared in pairs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.outcome_vs_means import (
    BASELINE_RATE,
    BUDGET,
    DIFFICULTIES,
    FIRST_LOGITS,
    FIRST_PRICE,
    HONEST_PASS,
    LEARNING_RATE,
    MEANS,
    PAY_WORDS,
    PRICE_RATE,
    STEALTH,
    Arm,
    Reward,
    Row,
    Setting,
    arms_over,
    derived_share,
    grouped,
)

Floats = NDArray[np.float64]
BLOCK = 200
"""How many updates' worth of chance is drawn at a time."""


def train(arms: Sequence[Arm], seeds: Sequence[int], checkpoints: Sequence[int], arm: int) -> Floats:
    """The policies after each number of updates in *checkpoints*, which have to rise.

    Their shape: checkpoints × arms × seeds × DIFFICULTIES × MEANS. The chance of a seed is that of *arm* and seed.
    """
    count, rows = len(seeds), len(arms) * len(seeds)
    lanes = np.arange(rows)
    passes = np.repeat(np.array([setting.passes for setting, _ in arms]), count, axis=0).transpose(1, 2, 0).copy()
    flags = np.repeat(np.array([setting.flags for setting, _ in arms]), count, axis=0).T.copy()
    veto = np.repeat([reward == "veto" for _, reward in arms], count)
    priced = np.repeat([reward == "Lagrangian" for _, reward in arms], count)

    logits = np.repeat(np.tile(np.array(FIRST_LOGITS), (DIFFICULTIES, 1))[:, :, None], rows, axis=2)
    usual = np.zeros((DIFFICULTIES, rows))
    price = np.where(priced, FIRST_PRICE, 0.0)
    streams = [np.random.default_rng([seed, arm]) for seed in seeds]
    seen = []
    for update in range(checkpoints[-1]):
        if update % BLOCK == 0:
            drawn = np.stack([stream.random((BLOCK, 3)) for stream in streams], axis=2)
            chance = np.tile(drawn, (1, 1, len(arms)))
        level = update % DIFFICULTIES
        luck = chance[update % BLOCK]
        shares = np.exp(logits[level])
        heaped = np.cumsum(shares, axis=0)
        tried = (heaped[:-1] <= luck[0] * heaped[-1]).sum(axis=0)
        solved = luck[1] < passes[level, tried, lanes]
        flagged = luck[2] < flags[tried, lanes]
        earned = solved & ~(veto & flagged)
        surprise = earned - price * flagged - usual[level]
        usual[level] += BASELINE_RATE * surprise
        pull = LEARNING_RATE * surprise
        logits[level] -= (pull / heaped[-1]) * shares
        logits[level, tried, lanes] += pull
        price = np.where(priced, np.maximum(0.0, price + PRICE_RATE * (flagged - BUDGET)), 0.0)
        if update + 1 in checkpoints:
            policy = np.exp(logits)
            policy /= policy.sum(axis=1, keepdims=True)
            seen.append(policy.transpose(2, 0, 1).reshape(len(arms), count, DIFFICULTIES, MEANS))
    return np.stack(seen)


def learn(arms: Sequence[Arm], seeds: Sequence[int], updates: int, arm: int) -> dict[Arm, Floats]:
    """For each of *arms* the policies after so many *updates*: seeds × DIFFICULTIES × MEANS."""
    return dict(zip(arms, train(arms, seeds, [updates], arm)[0], strict=True))


def paths(
    setting: Setting, pays: Sequence[Reward], seeds: Sequence[int], ends: tuple[int, int], arm: int
) -> dict[int, dict[Reward, Floats]]:
    """The policies (seeds × DIFFICULTIES × MEANS) on the way, by the number of updates and the way to pay.

    The numbers of updates go from 100 to the second of *ends* in about equal ratios, and the first is among them.
    """
    points = sorted({int(100 * (ends[1] / 100) ** (i / 15)) for i in range(15)} | set(ends))
    policies = train([(setting, pay) for pay in pays], seeds, points, arm)
    return {point: dict(zip(pays, at_point, strict=True)) for point, at_point in zip(points, policies, strict=True)}


def gains(
    probes: Sequence[tuple[Reward, int]], setting: Setting, seeds: Sequence[int], updates: int, arm: int
) -> dict[tuple[Reward, int], Floats]:
    """For each probe, the share of problems that its hack gains by passing ten more times in a hundred, for each seed.

    A probe is a way to pay, and the hack whose pass rate is raised under it, an index into STEALTH.
    """
    pays = list(dict.fromkeys(pay for pay, _ in probes))
    arms: list[Arm] = [(setting, pay) for pay in pays]
    arms += [(replace(setting, raised=hack), pay) for pay, hack in probes]
    runs = {met: policies.mean(axis=1) for met, policies in learn(arms, seeds, updates, arm).items()}
    return {
        (pay, hack): (runs[replace(setting, raised=hack), pay] - runs[setting, pay])[:, 1 + hack]
        for pay, hack in probes
    }


def hack_share(policies: Floats) -> Floats:
    """How often the learner cheats, 0 to 1, for policies whose last two axes are difficulties and means."""
    return np.asarray(1 - policies[..., 0].mean(axis=-1))


def solved(policies: Floats) -> Floats:
    """How often a learner of skill 1 solves a problem in truth, for policies as in `hack_share`."""
    return np.asarray((policies[..., 0] * np.array(HONEST_PASS)).mean(axis=-1))


def flagged(policies: Floats, setting: Setting) -> Floats:
    """How often the monitor of *setting* flags a problem, for policies as in `hack_share`."""
    return np.asarray((policies * np.array(setting.flags)).sum(axis=-1).mean(axis=-1))


def mean_stealth(policies: Floats) -> Floats:
    """The mean stealth of the hacks that are still used, 0 to 1, for policies as in `hack_share`."""
    hacks = policies[..., 1:].mean(axis=-2)
    return np.asarray((hacks * np.array(STEALTH)).sum(axis=-1) / hacks.sum(axis=-1))


def mean_gap(cheating: Mapping[Arm, Floats]) -> float:
    """How far the cheating of each arm lies from its derived share, on average over the arms."""
    return float(np.mean([abs(shares.mean() - derived_share(*met)) for met, shares in cheating.items()]))


# --- what the figures show ------------------------------------------------------------------------------------------


def training_rows(runs: Mapping[int, Mapping[Reward, Floats]]) -> list[Row]:
    """The share of each group of means along the way, under each way to pay, from `paths`; the mean of seeds."""
    return [
        {"pay": PAY_WORDS[pay], "updates": point, "means": group, "share": round(share, 3)}
        for point, at_point in runs.items()
        for pay, policies in at_point.items()
        for group, share in grouped(policies.mean(axis=(0, 1)).tolist()).items()
    ]


def map_rows(grid: Sequence[float], seeds: Sequence[int], updates: int, arm: int) -> list[Row]:
    """The cheating left by a veto at each `hit_rate` and `hiding` of *grid*, the mean of *seeds*."""
    spots = arms_over(grid, grid, ["veto"])
    left = {met: float(hack_share(policies).mean()) for met, policies in learn(spots, seeds, updates, arm).items()}
    return [{"hiding": s.hiding, "hit_rate": s.hit_rate, "share": round(left[s, pay], 3)} for s, pay in spots]
