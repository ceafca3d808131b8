"""The loops of `models.persona_transmission` at full size, with numpy: many documents at once, one seed at a time.

Chance comes from a generator for each seed and purpose, so that all arms of one seed meet the same voices, the same
people and the same luck.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.persona_transmission import PSEUDO_COUNT, Curation, Loop, differences, sharpness

Array = NDArray[np.float64]

FULL = Loop(voices=8, tokens=32, length=12, documents=400, generations=15)
"""The size of the published runs; the model's own default is smaller, for a browser."""


def curated_shares(seed: int, setting: Curation, arm: int = 0) -> Array:
    """The share of the favoured voice in the first model and after each generation, as in the model."""
    rng = np.random.default_rng([seed, arm])
    size = (setting.documents, setting.tries)
    shares = [1 / setting.voices]
    for _ in range(setting.generations):
        synthetic = rng.random(setting.documents) < setting.synthetic
        human = rng.random(setting.documents) < 1 / setting.voices
        mine = rng.random(size) < shares[-1]
        best = np.argmax(rng.standard_normal(size) + setting.advantage * mine, axis=1)
        favoured = np.where(synthetic, mine[np.arange(setting.documents), best], human)
        shares.append(float(favoured.mean()))
    return np.array(shares)


def last_shares(seeds: Iterable[int], setting: Curation, arm: int = 0) -> list[float]:
    """The share of the favoured voice in the last corpus, for each seed."""
    return [float(curated_shares(seed, setting, arm)[-1]) for seed in seeds]


def draw_voices(seed: int, setting: Loop) -> Array:
    """The token probabilities (voices × tokens) that people have under *seed*."""
    shape = (setting.voices, setting.tokens)
    raw = np.exp(np.array(sharpness(setting.voices))[:, None] * np.random.default_rng([seed, 0]).standard_normal(shape))
    return np.asarray(raw / raw.sum(axis=1, keepdims=True))


def entropies(tables: Array) -> Array:
    """The entropy of each voice in bits."""
    return np.asarray(-(tables * np.log2(tables)).sum(axis=1))


def write(luck: Array, weights: Array, tables: Array, temperature: float) -> NDArray[np.intp]:
    """Texts, one for each row of *luck* (uniform, texts × length), token by token from the mixture to the power 1/T."""
    belief = np.broadcast_to(weights, (len(luck), len(weights)))
    texts = np.empty(luck.shape, dtype=np.intp)
    piled, by_token = np.cumsum(tables, axis=1), np.ascontiguousarray(tables.T)
    for place in range(luck.shape[1]):
        heaped = (
            belief @ piled if temperature == 1 else np.cumsum(np.exp(np.log(belief @ tables) / temperature), axis=1)
        )
        texts[:, place] = np.argmax(heaped >= luck[:, place, None] * heaped[:, -1:], axis=1)
        belief = belief * by_token[texts[:, place]]
        belief /= belief.sum(axis=1, keepdims=True)
    return texts


def counted(texts: NDArray[np.intp], tokens: int) -> Array:
    """How often each token occurs in each text."""
    rows = np.arange(len(texts))[:, None] * tokens + texts
    return np.bincount(rows.ravel(), minlength=len(texts) * tokens).reshape(len(texts), tokens).astype(float)


def fit(weights: Array, tables: Array, counts: Array, setting: Loop) -> tuple[Array, Array]:
    """Weights and tables fitted to a corpus by expectation and maximisation, beginning at the last model's."""
    for step in range(setting.steps):
        if step == 0 or setting.refit_tables:
            logs = counts @ np.log(tables.T)
            told = np.exp(logs - logs.max(axis=1, keepdims=True))
        share = told / (told @ weights)[:, None]  # times a voice's weight: the part of each text that it is blamed for
        if setting.refit_tables:
            tables = (share * weights).T @ counts + PSEUDO_COUNT
            tables = tables / tables.sum(axis=1, keepdims=True)
        weights = weights * share.mean(axis=0)
    return weights, tables


def run_loop(seed: int, setting: Loop = FULL) -> tuple[Array, Array]:
    """The weights of the voices ((generations + 1) × voices), and the mean entropy of the voices after each."""
    tables = people = draw_voices(seed, setting)
    even = np.full(setting.voices, 1 / setting.voices)
    weights, wanted = even, round(setting.synthetic * setting.documents)
    written, human = np.random.default_rng([seed, 1]), np.random.default_rng([seed, 2])
    path, bits = [even], [float(even @ entropies(people))]
    for _ in range(setting.generations):
        luck = written.random((round(wanted / setting.kept), setting.length))
        own = counted(write(luck, weights, tables, setting.temperature), setting.tokens)
        if setting.kept < 1 and setting.kept_by == "likelihood":
            liked = np.log(np.exp(own @ np.log(tables.T)) @ weights)
            own = own[np.argsort(-liked, kind="stable")]
        by_people = write(human.random((setting.documents - wanted, setting.length)), even, people, 1.0)
        counts = np.concatenate([own[:wanted], counted(by_people, setting.tokens)])
        weights, tables = fit(weights, tables, counts, setting)
        path.append(weights)
        bits.append(float(weights @ entropies(tables)))
    return np.array(path), np.array(bits)


@dataclass(frozen=True)
class Runs:
    """What came of one loop, seed by seed."""

    weights: list[Array]
    """The weights of the voices, (generations + 1) × voices."""
    bits: list[Array]
    """The mean entropy of the voices in the first model and after each generation."""

    @property
    def first(self) -> list[float]:
        """The mean entropy of the voices in the first model."""
        return [float(path[0]) for path in self.bits]

    @property
    def last(self) -> list[float]:
        """The mean entropy of the voices in the last model."""
        return [float(path[-1]) for path in self.bits]


def run_seeds(seeds: Iterable[int], setting: Loop = FULL) -> Runs:
    """The loop run under each seed."""
    found = [run_loop(seed, setting) for seed in seeds]
    return Runs([weights for weights, _ in found], [bits for _, bits in found])


def entropy_falls(runs: Mapping[str, Runs], faithful: str) -> dict[str, list[float]]:
    """By how much more than in the *faithful* loop the entropy fell, by seed; in that loop, since its own start."""
    level = runs[faithful].last
    return {name: differences(found.first if name == faithful else level, found.last) for name, found in runs.items()}


def surprise(seed: int, setting: Loop = FULL) -> float:
    """How surprising the first model finds its own texts that go back into the corpus, in bits per token."""
    tables = draw_voices(seed, setting)
    even, wanted = np.full(setting.voices, 1 / setting.voices), round(setting.synthetic * setting.documents)
    luck = np.random.default_rng([seed, 1]).random((round(wanted / setting.kept), setting.length))
    own = counted(write(luck, even, tables, setting.temperature), setting.tokens)
    bits = -np.log2(np.exp(own @ np.log(tables.T)) @ even) / setting.length
    if setting.kept < 1 and setting.kept_by == "likelihood":
        bits = np.sort(bits)
    return float(bits[:wanted].mean())


def relief(seeds: Sequence[int], loops: Mapping[str, Loop], faithful: str) -> dict[str, float]:
    """By how many bits per token the first corpus of each loop surprises its writer less than the *faithful* one's."""
    means = {name: fmean(surprise(seed, loop) for seed in seeds) for name, loop in loops.items()}
    return {name: means[faithful] - mean for name, mean in means.items()}


def ribbons(
    runs: Mapping[str, Runs], seeds: Iterable[int], setting: Loop = FULL, every: int = 3
) -> list[dict[str, Any]]:
    """The mean share of each voice in each arm after *every* few generations, and its mean entropy in bits, as rows."""
    by_seed = [entropies(draw_voices(seed, setting)).tolist() for seed in seeds]
    bits = [round(fmean(of_voice), 3) for of_voice in zip(*by_seed, strict=True)]
    means = {arm: np.mean(found.weights, axis=0) for arm, found in runs.items()}
    return [
        {"arm": arm, "generation": g, "voice": k, "bits": bits[k], "share": round(float(mean[g][k]), 4)}
        for arm, mean in means.items()
        for g in range(0, setting.generations + 1, every)
        for k in range(setting.voices)
    ]
