"""Recurrent networks that learn the worlds of `models.nhop_scoring`, many at once, and how alike their states become.

A gated recurrent unit in the form of Cho and others 2014, back-propagation through time by hand, Adam with decay of
the weights. All networks of one call are trained side by side: the first axis of every array is the network.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lab import bootstrap
from models.nhop_scoring import MODES, QUERIES, TOKENS, Composed, Exercise, facts, sequence
from models.nhop_scoring import plane_rows as drawn_rows

Array = NDArray[Any]
Whole = NDArray[np.int64]

UNITS = 48
BATCH = 64
STEP, DECAY = 0.005, 0.001
"""Of Adam; and by how much of itself every weight shrinks at each step."""
START = (3.0, 0.5, 0.1)
"""The spread of the first weights (reading, keeping, saying), in units of one over the root of UNITS."""
NAMES = 24
"""Only entities are ever asked for: the first tokens."""


@dataclass
class Networks:
    """The weights of some networks; the gates are update, reset and candidate."""

    read: Array  # what a token adds to the gates: (networks, TOKENS, 3 × UNITS)
    keep: Array  # what the state adds: (networks, UNITS, 3 × UNITS)
    bias: Array  # of the candidate's share of the state: (networks, 1, UNITS)
    say: Array  # from the state to names: (networks, UNITS, NAMES)

    def weights(self) -> list[Array]:
        """All weights, in a fixed order."""
        return [self.read, self.keep, self.bias, self.say]


def untrained(streams: Sequence[np.random.Generator]) -> Networks:
    """One network from each stream of chance, as it is before it has learnt anything."""

    def drawn(spread: float, *shape: int) -> Array:
        return np.stack([s.normal(0, spread * UNITS**-0.5, shape) for s in streams]).astype(np.float32)

    reading, keeping, saying = START
    return Networks(
        drawn(reading, TOKENS, 3 * UNITS),
        drawn(keeping, UNITS, 3 * UNITS),
        drawn(0, 1, UNITS),
        drawn(saying, UNITS, NAMES),
    )


def sigmoid(x: Array) -> Array:
    """The probability that belongs to each real number."""
    return 1 / (1 + np.exp(-x))


def states(nets: Networks, tokens: Whole) -> tuple[Array, list[tuple[Array, ...]]]:
    """The state after each token and what is needed to go back: *tokens* has the shape (networks, rows, places)."""
    own = np.arange(len(tokens))[:, None]
    state = np.zeros((*tokens.shape[:2], UNITS), np.float32)
    after: list[Array] = []
    kept: list[tuple[Array, ...]] = []
    for place in range(tokens.shape[2]):
        read, held = nets.read[own, tokens[:, :, place]], state @ nets.keep
        gates = sigmoid(read[..., : 2 * UNITS] + held[..., : 2 * UNITS])
        update, reset = gates[..., :UNITS], gates[..., UNITS:]
        recalled = held[..., 2 * UNITS :] + nets.bias
        candidate = np.tanh(read[..., 2 * UNITS :] + reset * recalled)
        kept.append((state, update, reset, recalled, candidate))
        state = candidate + update * (state - candidate)
        after.append(state)
    return np.stack(after, axis=2), kept


def slopes(nets: Networks, tokens: Whole, due: Whole) -> list[Array]:
    """How the mean loss changes with each weight; *due* is the name asked for at each place, or −1."""
    after, kept = states(nets, tokens)
    networks, rows, places = tokens.shape
    speaks = [place for place in range(places) if (due[:, :, place] >= 0).any()]
    names = due[:, :, speaks].reshape(networks, -1, 1)
    flat = after[:, :, speaks].reshape(networks, -1, UNITS)
    scores = np.exp(flat @ nets.say)  # they stay small: the weights decay
    wrong = scores / scores.sum(axis=2, keepdims=True)
    wrong = (wrong - (np.arange(NAMES) == names)) * (names >= 0) / np.float32(rows)
    said = flat.transpose(0, 2, 1) @ wrong
    back = np.zeros((networks, rows, places, UNITS), np.float32)
    back[:, :, speaks] = (wrong @ nets.say.transpose(0, 2, 1)).reshape(networks, rows, -1, UNITS)

    carried = np.zeros((networks, rows, UNITS), np.float32)
    keep, bias, keep_t = np.zeros_like(nets.keep), np.zeros_like(nets.bias), nets.keep.transpose(0, 2, 1)
    read, words = np.zeros_like(nets.read), np.arange(TOKENS)[:, None]
    for place in reversed(range(places)):
        state, update, reset, recalled, candidate = kept[place]
        carried = carried + back[:, :, place]
        to_candidate = carried * (1 - update) * (1 - candidate * candidate)
        to_update = carried * (state - candidate) * update * (1 - update)
        to_reset = to_candidate * recalled * reset * (1 - reset)
        held = np.concatenate([to_update, to_reset, to_candidate], axis=2)
        read += (tokens[:, None, :, place] == words).astype(np.float32) @ held
        held[..., 2 * UNITS :] *= reset  # the state reaches the candidate through the reset gate
        keep += state.transpose(0, 2, 1) @ held
        bias += held[..., 2 * UNITS :].sum(axis=1, keepdims=True)
        carried = carried * update + held @ keep_t
    return [read, keep, bias, said]


def keep_memory() -> None:
    """Let the C library of Linux keep blocks of memory for the next step of training; elsewhere nothing happens.

    A block of this size, freed at once, tells it to keep blocks that are as large. Otherwise it hands all memory back
    to the system at every step and asks for it again, which took a third of the time that training takes.
    """
    np.empty(31 << 20, np.uint8)


def arrays(exercises: Sequence[Exercise]) -> tuple[Whole, Whole]:
    """Tokens and what is due, a row for each exercise; short ones are filled up with a token nobody asks about."""
    places = max(len(one.tokens) for one in exercises)
    tokens, due = np.zeros((len(exercises), places), np.int64), np.full((len(exercises), places), -1)
    for row, one in enumerate(exercises):
        tokens[row, : len(one.tokens)] = one.tokens
        for place, name in one.asked:
            due[row, place] = name
    return tokens, due


def learn(pools: Sequence[Sequence[Exercise]], streams: Sequence[np.random.Generator], steps: int) -> Networks:
    """One network for each pool of exercises, all pools of one size, after as many *steps* of Adam (Kingma and Ba)."""
    keep_memory()
    nets = untrained(streams)
    tokens, due = (np.stack(part) for part in zip(*map(arrays, pools), strict=True))
    own, size = np.arange(len(pools))[:, None], tokens.shape[1]
    batches = np.stack([s.integers(size, size=(steps, BATCH)) for s in streams], axis=1)
    mean, square = ([np.zeros_like(w) for w in nets.weights()] for _ in range(2))
    for number, batch in enumerate(batches, 1):
        corrected = np.float32(STEP * (1 - 0.999**number) ** 0.5 / (1 - 0.9**number))
        for w, slope, m, s in zip(
            nets.weights(), slopes(nets, tokens[own, batch], due[own, batch]), mean, square, strict=True
        ):
            m += np.float32(0.1) * (slope - m)
            s += np.float32(0.001) * (slope * slope - s)
            w *= np.float32(1 - DECAY)
            w -= corrected * m / (np.sqrt(s) + np.float32(1e-8))
    return nets


# --- what they have learnt -----------------------------------------------------------------------------------------

Matrix = NDArray[np.float64]


def shared_pool(world: Composed) -> list[Exercise]:
    """All that a network of all trades is taught: every question not held back, in each mode, and the single steps."""
    return [sequence(world, query, mode) for query in taught(world) for mode in MODES] + facts(world)


def taught(world: Composed) -> list[tuple[int, int, int]]:
    """The questions that are not held back."""
    return [query for query in QUERIES if query not in world.held_out]


@dataclass
class Read:
    """What one set of networks makes of all questions in one mode: a row for each question."""

    before: Matrix  # the state once the question is read: (networks, questions, UNITS)
    at_answer: Matrix  # the state that says the answer
    right: NDArray[np.bool_]  # whether the answer is right: (networks, questions)

    @property
    def update(self) -> Matrix:
        """What happened to the state in between."""
        return self.at_answer - self.before


def read(nets: Networks, worlds: Sequence[Composed], mode: str) -> Read:
    """All questions put to each network in its own world."""
    asked = [arrays([sequence(world, query, mode) for query in QUERIES]) for world in worlds]
    tokens, due = (np.stack(part) for part in zip(*asked, strict=True))
    after, _ = states(nets, tokens)
    at_answer = after[:, :, -1]
    right = (at_answer @ nets.say).argmax(axis=2) == due[:, :, -1]
    return Read(after[:, :, 2].astype(float), at_answer.astype(float), right)


def held_out_right(found: Read, worlds: Sequence[Composed]) -> list[float]:
    """For each network, the share of the questions held back that it answers rightly."""
    held = np.array([[query in world.held_out for query in QUERIES] for world in worlds])
    return [float(right[own].mean()) for right, own in zip(found.right, held, strict=True)]


# --- how alike -----------------------------------------------------------------------------------------------------


def alignment(left: Matrix, right: Matrix) -> float:
    """Linear centred kernel alignment, as in `models.nhop_scoring`."""
    one, other = left - left.mean(axis=0), right - right.mean(axis=0)
    return overlap(one, other) / math.sqrt(overlap(one, one) * overlap(other, other))


def overlap(one: Matrix, other: Matrix) -> float:
    """The sum of the squared inner products between the columns of two centred sets of states."""
    return float(np.square(one.T @ other).sum())


class Alike(NamedTuple):
    """How alike two sets of states are, and how alike they are once the questions of one side are shuffled."""

    found: float
    shuffled: float

    @property
    def above(self) -> float:
        """The alignment above that of shuffled questions."""
        return self.found - self.shuffled


def above_chance(left: Matrix, right: Matrix, rng: np.random.Generator, times: int = 20) -> Alike:
    """The alignment of two sets of states, and the mean of it over *times* shuffles."""
    one, other = left - left.mean(axis=0), right - right.mean(axis=0)
    size = math.sqrt(overlap(one, one) * overlap(other, other))
    shuffled = [overlap(one, other[rng.permutation(len(other))]) / size for _ in range(times)]
    return Alike(overlap(one, other) / size, float(np.mean(shuffled)))


def mean_above_chance(pairs: Sequence[tuple[Matrix, Matrix]], rng: np.random.Generator) -> Alike:
    """`above_chance`, averaged over some pairs of sets of states."""
    found, shuffled = zip(*(above_chance(left, right, rng) for left, right in pairs), strict=True)
    return Alike(float(np.mean(found)), float(np.mean(shuffled)))


def indicators(groups: Sequence[int]) -> Matrix:
    """A column for each group that says which rows belong to it."""
    return np.asarray(np.array(groups)[:, None] == np.unique(groups), float)


def without(rows: Matrix, known: Matrix) -> Matrix:
    """What is left of *rows* when all that a linear rule can tell from *known* has been taken off."""
    table = np.concatenate([np.ones((len(known), 1)), known], axis=1)
    return np.asarray(rows - table @ np.linalg.lstsq(table, rows, rcond=None)[0])


def answers(world: Composed) -> list[int]:
    """The right answer to each question."""
    return [world.end(query) for query in QUERIES]


def by_answer(world: Composed) -> Matrix:
    """Which answer each question has."""
    return indicators(answers(world))


def words_and_answer(world: Composed) -> Matrix:
    """Which words each question holds, and its answer."""
    parts = [indicators(part) for part in zip(*QUERIES, strict=True)]
    return np.concatenate([*parts, by_answer(world)], axis=1)


def all_named(world: Composed) -> Matrix:
    """Which words each question holds, the entity halfway, and the answer."""
    halfway = indicators([world.between(query) for query in QUERIES])
    return np.concatenate([words_and_answer(world), halfway], axis=1)


def cosines(left: Matrix, right: Matrix, groups: Sequence[int]) -> dict[str, float]:
    """The mean cosine of centred states: of the same question, of others with its answer, and of all others."""
    one, other = left - left.mean(axis=0), right - right.mean(axis=0)
    one, other = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (one, other))
    table, own = one @ other.T, np.eye(len(one), dtype=bool)
    alike = (np.array(groups)[:, None] == np.array(groups)) & ~own
    return {
        "same question": float(table[own].mean()),
        "same answer": float(table[alike].mean()),
        "other answer": float(table[~alike & ~own].mean()),
    }


def plane(sets: Mapping[str, Matrix]) -> dict[str, Matrix]:
    """All sets of states, each centred, on the two directions in which together they vary most."""
    centred = {name: rows - rows.mean(axis=0) for name, rows in sets.items()}
    whole = np.concatenate(list(centred.values()))
    _, directions = np.linalg.eigh(whole.T @ whole)
    axes = directions[:, -1:-3:-1]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])
    return {name: rows @ axes for name, rows in centred.items()}


def turned(rows: Matrix, rng: np.random.Generator) -> Matrix:
    """*rows* turned about the origin and stretched threefold, which alignment should not notice."""
    return np.asarray(3 * rows @ np.linalg.qr(rng.normal(size=(rows.shape[1], rows.shape[1])))[0])


# --- the experiments -----------------------------------------------------------------------------------------------


def luck(seeds: Sequence[int], *arms: int) -> list[np.random.Generator]:
    """One stream of chance for each seed and arm, the arms of one seed side by side."""
    return [np.random.default_rng([seed, arm]) for seed in seeds for arm in arms]


def updates_alike(one: Read, other: Read, streams: Sequence[np.random.Generator]) -> list[Alike]:
    """How alike the updates of the same networks are under two ways of asking, network by network."""
    return [above_chance(*pair) for pair in zip(one.update, other.update, streams, strict=True)]


def answer_share(one: Read, other: Read, worlds: Sequence[Composed]) -> list[float]:
    """How much of the likeness of states under two ways of asking is shared by questions with the same answer.

    Cosines, network by network, counted from those of questions with other answers; 1 would be all of it.
    """
    near = [
        cosines(left, right, answers(world))
        for left, right, world in zip(one.at_answer, other.at_answer, worlds, strict=True)
    ]
    return [(n["same answer"] - n["other answer"]) / (n["same question"] - n["other answer"]) for n in near]


def specialists(
    mode: str, worlds: Sequence[Composed], streams: Sequence[np.random.Generator], steps: int
) -> list[Read]:
    """Networks taught in one *mode* only, two for each world; *streams* has those of one world side by side."""
    twice = [world for world in worlds for _ in range(2)]
    pools = [[sequence(world, query, mode) for query in taught(world)] for world in twice]
    both = read(learn(pools, streams, steps), twice, mode)
    return [
        Read(both.before[two], both.at_answer[two], both.right[two])
        for two in (slice(2 * number, 2 * number + 2) for number in range(len(worlds)))
    ]


def all_held_out(kind: Sequence[Read], worlds: Sequence[Composed]) -> list[float]:
    """For each network of `specialists`, the share of the questions held back that it answers rightly."""
    return [share for both, world in zip(kind, worlds, strict=True) for share in held_out_right(both, [world, world])]


def strangers_alike(
    ones: Sequence[Read],
    others: Sequence[Read],
    worlds: Sequence[Composed],
    streams: Sequence[np.random.Generator],
    known: Callable[[Composed], Matrix] | None = None,
) -> list[Alike]:
    """How alike the states of networks that share a world and nothing else are, world by world.

    What is *known* of a world's questions is taken off beforehand. Networks of one kind are compared with each other.
    """
    found = []
    for one, other, world, rng in zip(ones, others, worlds, streams, strict=True):
        left, right = (
            [without(states, known(world)) if known else states for states in kind.at_answer] for kind in (one, other)
        )
        pairs = [(left[0], left[1])] if one is other else list(itertools.product(left, right))
        found.append(mean_above_chance(pairs, rng))
    return found


def likeness_rows(found: Mapping[str, Sequence[Alike]]) -> list[dict[str, Any]]:
    """The rows of the figure of likenesses: for each name the mean over worlds, and its interval."""
    rows = []
    for name, worlds in found.items():
        interval = bootstrap([one.found for one in worlds])
        ends = {end: round(getattr(interval, end), 3) for end in ("mean", "lo", "hi")}
        rows.append({"pair": name, **ends, "shuffled": round(fmean(one.shuffled for one in worlds), 3)})
    return rows


def plane_rows(said: Mapping[str, Read], world: Composed) -> list[dict[str, object]]:
    """The rows of the figure of states in a plane: some questions of the first *world* in all modes."""
    flat = plane({mode: found.at_answer[0] for mode, found in said.items()})
    return drawn_rows({mode: table.tolist() for mode, table in flat.items()}, world, sorted(set(answers(world)))[:4])
