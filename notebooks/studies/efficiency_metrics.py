"""Many students at once: the training runs and the timings behind the notebook 'efficiency-metrics', with numpy.

The same teachers and students as in `models.efficiency_metrics`, with all runs of one architecture in one stack of
matrices. Everything but `timed` gives the same numbers on every run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.efficiency_metrics import FULL, Curve, Kind, Sizes, Timings, Trained

Array = NDArray[np.float64]
Weights = tuple[Array, ...]

Pair = dict[Kind, Curve]
WIDTHS: dict[Kind, int] = {"mlp": 39, "bilinear": 24}
"""Of 975 and 1008 weights."""

CHUNK = 24
"""How many runs share one stack: enough to spare Python's overhead, few enough for the processor's cache."""


@dataclass(frozen=True)
class Data:
    """Examples drawn by one teacher: to learn from, to choose settings on, and to be judged on."""

    train_x: Array  # examples × (inputs + 1)
    train_y: Array  # examples × classes: 1 for its class, 0 for the others
    check_x: Array
    check_y: Array
    test_x: Array
    test_y: Array


def _logits(rng: np.random.Generator, sizes: Sizes, mix: float) -> Callable[[Array], Array]:
    """A teacher's logits: (1 − mix) of one that multiplies and mix of one that clips."""
    into = 1 / np.sqrt(sizes.inputs + 1)
    left, right, clip = (into * rng.standard_normal((sizes.inputs + 1, sizes.teacher)) for _ in range(3))
    out_products, out_kinks = (rng.standard_normal((sizes.teacher, sizes.classes)) for _ in range(2))

    def logits(x: Array) -> Array:
        products = 3 * ((x @ left) * (x @ right)) @ out_products
        kinks = 4.2 * np.maximum(x @ clip, 0) @ out_kinks
        return np.asarray(((1 - mix) * products + mix * kinks) / np.sqrt(sizes.teacher))

    return logits


def data(seed: int, mix: float, n: int, held_out: int = 800, sizes: Sizes = FULL) -> Data:
    """*n* examples of a teacher drawn for *seed*, and twice *held_out* that no student learns from."""
    rng = np.random.default_rng([seed, 1])
    teacher = _logits(rng, sizes, mix)
    x = np.ones((n + 2 * held_out, sizes.inputs + 1))
    x[:, :-1] = rng.standard_normal((len(x), sizes.inputs))
    y = np.eye(sizes.classes)[(teacher(x) + sizes.temperature * rng.gumbel(size=(len(x), sizes.classes))).argmax(1)]
    a, b = n, n + held_out
    return Data(x[:a], y[:a], x[a:b], y[a:b], x[b:], y[b:])


def _start(kind: Kind, width: int, sizes: Sizes, rng: np.random.Generator) -> list[Array]:
    """The weights before any step: one or two encoders, then the decoder, each output of about unit size."""
    encoders = 2 if kind == "bilinear" else 1
    shapes = [(sizes.inputs + 1, width)] * encoders + [(width, sizes.classes)]
    return [rng.standard_normal(shape) / np.sqrt(shape[0]) for shape in shapes]


def _forward(kind: Kind, w: Sequence[Array], x: Array) -> tuple[Array, Array]:
    """What the hidden layer says of *x*, and the logits."""
    hidden = (x @ w[0]) * (x @ w[1]) if kind == "bilinear" else np.maximum(x @ w[0], 0)
    return hidden, hidden @ w[-1]


def _log_softmax(logits: Array) -> Array:
    shifted = logits - logits.max(-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(-1, keepdims=True)))


def _gradient(kind: Kind, w: Sequence[Array], x: Array, y: Array) -> list[Array]:
    """The gradient of the mean cross-entropy with respect to every matrix of a stack of students."""
    xt = np.swapaxes(x, -1, -2)
    if kind == "bilinear":
        left, right = x @ w[0], x @ w[1]
        hidden = left * right
    else:
        hidden = np.maximum(x @ w[0], 0)
    error = (np.exp(_log_softmax(hidden @ w[-1])) - y) / x.shape[-2]
    back = error @ np.swapaxes(w[-1], -1, -2)
    out = np.swapaxes(hidden, -1, -2) @ error
    if kind == "bilinear":
        return [xt @ (back * right), xt @ (back * left), out]
    return [xt @ (back * (hidden > 0)), out]


def _loss(kind: Kind, w: Sequence[Array], x: Array, y: Array) -> Array:
    """The mean cross-entropy of every student of a stack on its own examples."""
    return np.asarray(-(_log_softmax(_forward(kind, w, x)[1]) * y).sum(-1).mean(-1))


def _step(w: list[Array], m: list[Array], v: list[Array], grads: list[Array], t: int, rate: Array) -> None:
    """One step of Adam with decay 0.9 and 0.99, in place; *rate* has one entry per student of the stack."""
    size = rate[:, None, None] * np.sqrt(1 - 0.99**t) / (1 - 0.9**t)
    for weight, mean, square, grad in zip(w, m, v, grads, strict=True):
        mean += 0.1 * (grad - mean)
        square += 0.01 * (grad * grad - square)
        weight -= size * mean / (np.sqrt(square) + 1e-8)


@dataclass(frozen=True)
class Job:
    """One student to be trained."""

    data: Data
    n: int  # it sees the first n examples only
    rate: float
    seed: int


def train(
    kind: Kind,
    width: int,
    jobs: Sequence[Job],
    *,
    steps: int,
    batch: int = 64,
    every: int = 25,
    sizes: Sizes = FULL,
    check: bool = False,
) -> list[Curve]:
    """The best loss so far of every job, each *every* steps: on the examples to be judged on, or those to *check*."""
    curves: list[Curve] = []
    for at in range(0, len(jobs), CHUNK):
        curves += _train_stack(kind, width, jobs[at : at + CHUNK], steps, batch, every, sizes, check)
    return curves


def _train_stack(
    kind: Kind, width: int, jobs: Sequence[Job], steps: int, batch: int, every: int, sizes: Sizes, check: bool
) -> list[Curve]:
    rngs = [np.random.default_rng([job.seed, 2]) for job in jobs]
    orders = np.array([rng.integers(0, job.n, (steps, batch)) for rng, job in zip(rngs, jobs, strict=True)])
    w = [np.array(group) for group in zip(*(_start(kind, width, sizes, rng) for rng in rngs), strict=True)]
    m, v = [np.zeros_like(a) for a in w], [np.zeros_like(a) for a in w]
    xs = np.array([job.data.check_x if check else job.data.test_x for job in jobs])
    ys = np.array([job.data.check_y if check else job.data.test_y for job in jobs])
    rate = np.array([job.rate for job in jobs])
    best = _loss(kind, w, xs, ys)
    seen = [(0, best)]
    for since in range(0, steps, every):
        block = orders[:, since : since + every]
        x = np.stack([job.data.train_x.take(order, 0) for job, order in zip(jobs, block, strict=True)], 1)
        y = np.stack([job.data.train_y.take(order, 0) for job, order in zip(jobs, block, strict=True)], 1)
        for i in range(len(x)):
            _step(w, m, v, _gradient(kind, w, x[i], y[i]), since + i + 1, rate)
        best = np.minimum(best, _loss(kind, w, xs, ys))
        seen.append((since + len(x), best))
    return [[(t, float(values[i])) for t, values in seen] for i in range(len(jobs))]


def pair(rates: dict[Kind, float], drawn: Sequence[Data], seeds: Sequence[int], n: int, steps: int) -> list[Pair]:
    """How both students of equal size learn the first *n* examples of each of the *drawn* data."""
    curves = {
        kind: train(kind, width, [Job(d, n, rates[kind], s) for d, s in zip(drawn, seeds, strict=True)], steps=steps)
        for kind, width in WIDTHS.items()
    }
    return [{kind: curves[kind][i] for kind in WIDTHS} for i in range(len(drawn))]


def twins(pairs: Sequence[Pair], rate: float, drawn: Sequence[Data], seeds: Sequence[int], steps: int) -> list[Pair]:
    """The known case: the MLP of each of *pairs* beside an MLP with other luck, in the place of the bilinear layer."""
    jobs = [Job(d, len(d.train_x), rate, seed + 5000) for d, seed in zip(drawn, seeds, strict=True)]
    others = train("mlp", WIDTHS["mlp"], jobs, steps=steps)
    return [{"mlp": pair["mlp"], "bilinear": other} for pair, other in zip(pairs, others, strict=True)]


def tuned(rates: Sequence[float], seeds: Sequence[int], mix: float, n: int, steps: int) -> dict[Kind, float]:
    """Each student's rate with the lowest mean loss on the examples to check, over teachers that nothing else uses."""
    drawn = [data(seed, mix, n) for seed in seeds]
    best: dict[Kind, float] = {}
    for kind, width in WIDTHS.items():
        jobs = [Job(d, n, rate, seed) for rate in rates for d, seed in zip(drawn, seeds, strict=True)]
        ends = [curve[-1][1] for curve in train(kind, width, jobs, steps=steps, check=True)]
        totals = [sum(ends[i : i + len(seeds)]) for i in range(0, len(ends), len(seeds))]
        best[kind] = rates[totals.index(min(totals))]
    return best


@dataclass(frozen=True)
class Learned:
    """What both students made of every teacher and number of examples."""

    rates: dict[tuple[str, int], dict[Kind, float]]  # by teacher and number of examples
    pairs: dict[tuple[str, int], list[Pair]]  # one pair per seed
    twins: list[Pair]  # the known case, under every teacher, with the most examples


def learn(
    tasks: Mapping[str, float],
    steps: Mapping[int, int],
    choices: Sequence[float],
    tuning: Sequence[int],
    seeds: Sequence[int],
) -> Learned:
    """Both students on the teachers of *tasks* (a mix each), for each number of examples in *steps* so many steps.

    Rates are the best of *choices* on the teachers of the seeds *tuning*.
    """
    most = max(steps)
    drawn = {task: [data(seed, mix, most) for seed in seeds] for task, mix in tasks.items()}
    rates = {(t, n): tuned(choices, tuning, mix, n, steps[n]) for t, mix in tasks.items() for n in steps}
    pairs = {(t, n): pair(rates[t, n], drawn[t], seeds, n, steps[n]) for t, n in rates}
    alike = [
        twin
        for task in tasks
        for twin in twins(pairs[task, most], rates[task, most]["mlp"], drawn[task], seeds, steps[most])
    ]
    return Learned(rates, pairs, alike)


def race(
    models: Sequence[tuple[Kind, int]],
    seeds: Sequence[int],
    mix: float,
    n: int,
    rates: dict[Kind, float],
    *,
    steps: int,
    repeats: int = 7,
) -> list[list[Trained]]:
    """All *models* after learning from one teacher per seed, and timed on this machine: one group per seed."""
    jobs = {kind: [Job(data(seed, mix, n), n, rate, seed) for seed in seeds] for kind, rate in rates.items()}
    curves = [train(kind, width, jobs[kind], steps=steps) for kind, width in models]
    groups = []
    for i, seed in enumerate(seeds):
        clocks = timed(models, seed, repeats=repeats)
        groups.append([Trained(*m, curve[i], clock) for m, curve, clock in zip(models, curves, clocks, strict=True)])
    return groups


def timed(
    models: Sequence[tuple[Kind, int]],
    seed: int,
    *,
    repeats: int = 7,
    steps: int = 20,
    batch: int = 64,
    sizes: Sizes = FULL,
) -> list[Timings]:
    """Seconds per step and per answer of each of *models* on this machine: the least of *repeats* readings.

    Whatever else the machine does can only add to a reading. All models take turns, so that it falls on all alike.
    """
    rng = np.random.default_rng([seed, 3])
    x = rng.standard_normal((1, 512, sizes.inputs + 1))
    y = np.eye(sizes.classes)[rng.integers(0, sizes.classes, (1, 512))]
    rounds = [[_readings(_fresh(*model, sizes, rng), x, y, batch, steps) for model in models] for _ in range(repeats)]
    return [Timings(*(min(each) for each in zip(*turns, strict=True))) for turns in zip(*rounds, strict=True)]


def _fresh(kind: Kind, width: int, sizes: Sizes, rng: np.random.Generator) -> tuple[Kind, list[Array]]:
    return kind, [a[None] for a in _start(kind, width, sizes, rng)]


def _readings(
    student: tuple[Kind, list[Array]], x: Array, y: Array, batch: int, steps: int
) -> tuple[float, float, float]:
    """Seconds for one step of training on *batch* examples, for one answer, and for an answer to all of *x* at once."""
    kind, w = student
    m, v, rate = [np.zeros_like(a) for a in w], [np.zeros_like(a) for a in w], np.array([0.01])
    some_x, some_y, one_x = x[:, :batch], y[:, :batch], x[:, :1]
    return (
        _seconds(lambda: _step(w, m, v, _gradient(kind, w, some_x, some_y), 1, rate), steps),
        _seconds(lambda: _forward(kind, w, one_x), steps),
        _seconds(lambda: _forward(kind, w, x), 4),
    )


def _seconds(work: Callable[[], object], times: int) -> float:
    """The seconds of the processor that *work* takes, as the mean of so many *times* in a row.

    Not of the clock on the wall: the machine may be shared, and the others' work is not the model's.
    """
    work()  # once beforehand, for what is slow only the first time
    begin = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - begin) / times
