"""Believers who update, and learners who predict: whether either arrives at the same thing, and at what.

Two believers start with different probabilities and see data; their distance is the total variation between what they
predict next. Eight kinds of disagreement are told apart. The learners, small networks that see one world through
different eyes, are in `studies.priors_to_forms`; here is what the figures of both say.

Sources: that opinions merge when each allows what the other allows is Blackwell and Dubins 1962; that two believers
in a wrong model end at what is nearest to the truth in it is Berk 1966; that a common prior leaves nothing to differ
about is Aumann 1976. Dirichlet counting is the predictive rule of de Finetti's exchangeable sequences (1937).
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from . import charts
from .charts import Rows, Spec

OUTCOMES = 6
"""How many things may happen next."""

HEAD_START = 20.0
"""Observations that the second believer takes herself to have had of one outcome before the first."""

LOW_ROOM = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
HIGH_ROOM = (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
"""What two believers think possible of a coin, and nothing else."""
BETWEEN, INSIDE = 0.45, 0.2
"""A coin that neither of them has among the possibilities, and one that only the first has."""
THIRDS = tuple(i / 30 for i in range(1, 11)), tuple(i / 30 for i in range(20, 30))
"""Rooms of a third each, for a fair coin: she thinks heads rare, he thinks tails rare."""

STICKINESS = 0.6
"""How often the weather stays as it is, whatever it is; else it is drawn anew."""

CAT, BASKET = (4.5, 1.5), (1.5, 4.5)
"""Kilograms that each of two believers expects of a cat and of its basket, of which only the sum is ever weighed."""

Distances = list[float]
"""How far apart two believers are at each of the asked numbers of observations: between 0 and 1 (the cat: kg)."""


# --- believers who count -------------------------------------------------------------------------------------------


def dirichlet(size: int, rng: random.Random) -> list[float]:
    """Probabilities of *size* outcomes, all equally likely beforehand."""
    weights = [rng.expovariate(1) for _ in range(size)]
    total = sum(weights)
    return [weight / total for weight in weights]


def total_variation(first: Sequence[float], second: Sequence[float]) -> float:
    """The largest difference in the probability of any event: between 0 and 1."""
    return 0.5 * sum(abs(p - q) for p, q in zip(first, second, strict=True))


def predicted(counts: Sequence[float]) -> list[float]:
    """What somebody who counts expects next, *counts* including those she started with."""
    total = sum(counts)
    return [count / total for count in counts]


def tilted(favourite: int) -> list[float]:
    """The counts that the second believer starts with."""
    return [1 + HEAD_START * (outcome == favourite) for outcome in range(OUTCOMES)]


def same_data_distance(n: int, p_favourite: float) -> float:
    """The derived distance after *n* common observations of which a share of *p_favourite* were the favourite."""
    return HEAD_START / (OUTCOMES + HEAD_START + n) * (1 - (1 + n * p_favourite) / (OUTCOMES + n))


def own_data_distance(n: int, p: Sequence[float]) -> float:
    """About what two believers differ by after *n* observations each of the same *p*: what is left is sampling."""
    return 0.5 * sum(math.sqrt(2 / math.pi) * math.sqrt(2 * each * (1 - each) / n) for each in p)


def sticky_distance(p: Sequence[float]) -> float:
    """The limit between one who learns from what comes after what and one who only counts, for sticky weather."""
    return STICKINESS * (1 - sum(each**2 for each in p))


def filtered_distance(p: Sequence[float]) -> float:
    """The limit between one who sees all and one who misses every second case of the commonest outcome."""
    lost = max(p) / 2
    return lost * (1 - max(p)) / (1 - lost)


def _drawn(p: Sequence[float], n: int, rng: random.Random) -> list[int]:
    return rng.choices(range(len(p)), p, k=n)


def _weather(p: Sequence[float], n: int, rng: random.Random) -> list[int]:
    days = _drawn(p, n, rng)
    for i in range(1, n):
        if rng.random() < STICKINESS:
            days[i] = days[i - 1]
    return days


def _count(first: Iterable[int], second: Iterable[int | None], asked: Sequence[int], favourite: int) -> Distances:
    """Both count from different starts; what a believer does not see is None."""
    mine, yours, found = [1.0] * OUTCOMES, tilted(favourite), []
    for n, (a, b) in enumerate(zip(first, second, strict=True), start=1):
        mine[a] += 1
        if b is not None:
            yours[b] += 1
        if n in asked:
            found.append(total_variation(predicted(mine), predicted(yours)))
    return found


def same_data(asked: Sequence[int], rng: random.Random) -> Distances:
    """Both see the same independent draws."""
    days = _drawn(dirichlet(OUTCOMES, rng), max(asked), rng)
    return _count(days, days, asked, rng.randrange(OUTCOMES))


def own_data(asked: Sequence[int], rng: random.Random) -> Distances:
    """Each sees draws of her own from the same source."""
    p = dirichlet(OUTCOMES, rng)
    return _count(_drawn(p, max(asked), rng), _drawn(p, max(asked), rng), asked, rng.randrange(OUTCOMES))


def both_wrong(asked: Sequence[int], rng: random.Random) -> Distances:
    """The weather is sticky and both only count."""
    days = _weather(dirichlet(OUTCOMES, rng), max(asked), rng)
    return _count(days, days, asked, rng.randrange(OUTCOMES))


def different_models(asked: Sequence[int], rng: random.Random) -> Distances:
    """The weather is sticky; one counts days, the other counts what follows what (from a flat start each).

    The distance is the mean over the days so far of how differently they would forecast the day after.
    """
    days = _weather(dirichlet(OUTCOMES, rng), max(asked), rng)
    counts, follows = [1.0] * OUTCOMES, [[1.0] * OUTCOMES for _ in range(OUTCOMES)]
    found = []
    for n, day in enumerate(days, start=1):
        counts[day] += 1
        if n > 1:
            follows[days[n - 2]][day] += 1
        if n in asked:
            flat = predicted(counts)
            apart = [total_variation(flat, predicted(row)) for row in follows]
            found.append(sum((count - 1) / n * each for count, each in zip(counts, apart, strict=True)))
    return found


def filtered(asked: Sequence[int], rng: random.Random, missed: float = 0.5) -> Distances:
    """The second believer misses a share of the cases of the commonest outcome, and does not know it."""
    p = dirichlet(OUTCOMES, rng)
    days, common = _drawn(p, max(asked), rng), p.index(max(p))
    seen = [None if day == common and rng.random() < missed else day for day in days]
    return _count(days, seen, asked, rng.randrange(OUTCOMES))


# --- believers with rooms of hypotheses ----------------------------------------------------------------------------


def coin_mean(room: Mapping[float, float], heads: int, n: int) -> float:
    """The predicted chance of heads after *heads* in *n* tosses, for prior weights over the biases in *room*."""
    logs = {b: math.log(w) + heads * math.log(b) + (n - heads) * math.log(1 - b) for b, w in room.items() if w > 0}
    top = max(logs.values())
    weights = {bias: math.exp(log - top) for bias, log in logs.items()}
    return sum(bias * weight for bias, weight in weights.items()) / sum(weights.values())


def room(own: Sequence[float], other: Sequence[float] = (), sliver: float = 0.0) -> dict[float, float]:
    """Prior weights: all on *own*, evenly, but for a *sliver* spread over the *other* room."""
    weights = {bias: (1 - sliver) / len(own) for bias in own}
    return weights | ({bias: sliver / len(other) for bias in other} if sliver else {})


def nearest(biases: Sequence[float], truth: float) -> float:
    """The bias that costs least (in log score) when the coin has the bias *truth*: where its believer ends."""
    return max(biases, key=lambda bias: truth * math.log(bias) + (1 - truth) * math.log(1 - bias))


Rooms = tuple[Sequence[float], Sequence[float]]
"""The biases that she and he hold possible."""


def coin_predictions(
    rooms: Rooms, truth: float, asked: Sequence[int], rng: random.Random, sliver: float = 0.0
) -> list[tuple[float, float]]:
    """What she and he expect of the next toss at each of the numbers of tosses in *asked*; both see the same tosses."""
    hers, his = room(*rooms, sliver), room(*rooms[::-1], sliver)
    heads, found = 0, []
    for n in range(1, max(asked) + 1):
        heads += rng.random() < truth
        if n in asked:
            found.append((coin_mean(hers, heads, n), coin_mean(his, heads, n)))
    return found


def coin_distances(truth: float, asked: Sequence[int], rng: random.Random) -> Distances:
    """How far apart the two predictions of heads are, for a coin of bias *truth* and no sliver."""
    return [abs(she - he) for she, he in coin_predictions((LOW_ROOM, HIGH_ROOM), truth, asked, rng)]


def disjoint_priors(asked: Sequence[int], rng: random.Random) -> Distances:
    """Neither allows what the other allows, and the coin is neither's."""
    return coin_distances(BETWEEN, asked, rng)


def one_sided(asked: Sequence[int], rng: random.Random) -> Distances:
    """The truth is in one room only."""
    return coin_distances(INSIDE, asked, rng)


def weighed(asked: Sequence[int], rng: random.Random) -> list[tuple[float, float]]:
    """How far apart two believers are on the next reading of the scale, and on the cat: kilograms.

    Priors for cat and basket are normal with a variance of 1 each, the reading has one of 1; expectations as in CAT
    and BASKET. A reading moves the expected cat by half of what it moves the expected sum.
    """
    truth = rng.gauss(3, 1) + rng.gauss(3, 1)
    total, found = 0.0, []
    for n in range(1, max(asked) + 1):
        total += truth + rng.gauss(0, 1)
        if n in asked:
            sums = [cat + basket for cat, basket in zip(CAT, BASKET, strict=True)]
            ends = [(s + 2 * total) / (1 + 2 * n) for s in sums]
            cats = [cat + (end - s) / 2 for cat, end, s in zip(CAT, ends, sums, strict=True)]
            found.append((abs(ends[0] - ends[1]), abs(cats[0] - cats[1])))
    return found


def unidentified(asked: Sequence[int], rng: random.Random) -> Distances:
    """Only the sum is seen, on which they agree; they differ on how it divides."""
    return [sums for sums, _ in weighed(asked, rng)]


@dataclass(frozen=True)
class Quarrel:
    """One kind of disagreement: its name, what separates it from the others, and how it goes."""

    name: str
    shared: bool  # whether each allows what the other allows, and both see by the same rule
    run: Callable[[Sequence[int], random.Random], Distances]


QUARRELS = (
    Quarrel("same data", True, same_data),
    Quarrel("own data", True, own_data),
    Quarrel("both wrong", True, both_wrong),
    Quarrel("cat in a basket", True, unidentified),
    Quarrel("different models", False, different_models),
    Quarrel("disjoint priors", False, disjoint_priors),
    Quarrel("truth in one prior", False, one_sided),
    Quarrel("filtered data", False, filtered),
)

Stream = Callable[[int, int], random.Random]
"""The source of chance of a seed and an arm."""


def courses(asked: Sequence[int], seeds: Sequence[int], stream: Stream) -> dict[str, list[Distances]]:
    """How each quarrel goes under each of the *seeds*; every quarrel is an arm of its own."""
    return {
        quarrel.name: [quarrel.run(asked, stream(seed, arm)) for seed in seeds] for arm, quarrel in enumerate(QUARRELS)
    }


def log_spaced(most: int, per_decade: int = 6) -> list[int]:
    """Whole numbers from 1 to *most*, about *per_decade* for each factor of ten."""
    steps = round(per_decade * math.log10(most))
    return sorted({round(10 ** (i / per_decade)) for i in range(steps)} | {most})


def both_wrong_error(n: int, rng: random.Random) -> float:
    """How far the forecast on which two counters of sticky weather agree is from the true one after *n* days.

    The mean over the kinds of weather of today, as often as they come: a total variation, between 0 and 1.
    """
    p = dirichlet(OUTCOMES, rng)
    days = _weather(p, n, rng)
    flat = predicted([1.0 + days.count(outcome) for outcome in range(OUTCOMES)])
    found = 0.0
    for today in range(OUTCOMES):
        truth = [(1 - STICKINESS) * each + STICKINESS * (outcome == today) for outcome, each in enumerate(p)]
        found += days.count(today) / n * total_variation(flat, truth)
    return found


def tosses_to_the_wall(rooms: Rooms, truth: float, within: float, rng: random.Random, most: int = 1000) -> int:
    """The tosses after which both stay *within* reach of where they end, up to *most*."""
    ends = [nearest(each, truth) for each in rooms]
    late = [
        n
        for n, pair in enumerate(coin_predictions(rooms, truth, range(1, most + 1), rng), start=1)
        if any(abs(prediction - end) > within for prediction, end in zip(pair, ends, strict=True))
    ]
    return max(late, default=0) + 1


CLOSE = 0.05
"""How near two forecasts are that are almost the same."""


def agreeing(pairs: Sequence[tuple[float, float]]) -> list[float]:
    """For each pair of forecasts 1 where they are close, else 0."""
    return [float(abs(she - he) < CLOSE) for she, he in pairs]


def shared_error(pairs: Sequence[tuple[float, float]], truth: float) -> list[float]:
    """How far her forecast is from the *truth* in each of the pairs that are close."""
    return [abs(she - truth) for (she, _), close in zip(pairs, agreeing(pairs), strict=True) if close]


# --- how learners are compared -------------------------------------------------------------------------------------


def ranks(values: Sequence[float]) -> list[float]:
    """The rank of each value, from 1; equal values share the mean of their ranks."""
    order = sorted(values)
    return [order.index(value) + (order.count(value) + 1) / 2 for value in values]


def spearman(xs: Sequence[float], ys: Sequence[float]) -> float:
    """The rank correlation of two sequences, at least one of each differing: between −1 and 1."""
    a, b = ranks(xs), ranks(ys)
    ma, mb = fmean(a), fmean(b)
    both = sum((x - ma) * (y - mb) for x, y in zip(a, b, strict=True))
    return both / math.sqrt(sum((x - ma) ** 2 for x in a) * sum((y - mb) ** 2 for y in b))


# --- what is claimed -----------------------------------------------------------------------------------------------

_READ = "share of the variance of those factors that can be read off the layer, after training minus before"
ASKED = {
    "merging": {
        "id": "priors-to-forms/merging",
        "comment": "C16",
        "statement": "Two believers who start apart and go on learning end with almost the same probabilities.",
        "statistic": "0.05 minus the distance of the two forecasts after 1000 observations",
    },
    "alignment": {
        "id": "priors-to-forms/alignment",
        "comment": "C16",
        "statement": "The better two learners come to predict, the more alike are the pictures of the world they form "
        "inside.",
        "statistic": "rank correlation of likeness and competence over amounts of data, minus 0.5",
    },
    "form-relevant": {
        "id": "priors-to-forms/form-relevant",
        "comment": "C16",
        "statement": "Learning to predict outcomes makes a learner recover the hidden factors on which those outcomes "
        "depend.",
        "statistic": _READ,
    },
    "form-whole": {
        "id": "priors-to-forms/form-whole",
        "comment": "C16",
        "statement": "Learning to predict outcomes makes a learner recover the whole hidden cause, even the factors "
        "that its outcomes never touch.",
        "statistic": _READ,
    },
}
"""Each claim as it is asked: what is stated, and what is measured for it."""

SAID = {
    "merging": {
        "right_if": "the comment would have been right without conditions if believers could be counted on to allow "
        "what others allow, and to see what others see",
        "by_construction": "for the cat in the basket the two agree on every reading from the start, and differ by "
        "3 kg on the cat for ever; where each coin-tosser ends follows from the hypotheses admitted",
        "changed_after_seeing": "eight quarrels instead of five; for coins and for the cat the distance is the "
        "difference of the expected values; 40 seeds instead of 20",
    },
    "alignment": {
        "right_if": "the comment's step would lead further if learners of different halves of a world grew alike "
        "beyond the half they share",
        "changed_after_seeing": "four worlds instead of three; seven amounts of data; batches of at most 100 "
        "examples; 12 pairs",
    },
    "form-relevant": {
        "right_if": "the comment would have been right at every width if the senses hid the factors so well that no "
        "untrained layer showed them",
        "changed_after_seeing": "widths 3 and 6 were added, for at 12 the untrained layer already shows everything",
    },
    "form-whole": {
        "right_if": "the comment would have been right of the whole form if learners had kept, unasked, what no "
        "prediction of theirs used",
        "changed_after_seeing": "widths 3 and 6 were added, for at 12 the untrained layer already shows everything",
    },
}
"""What is said of each claim beside its verdict: what would have turned it, what is built in, what was changed."""

RESULTS = {
    "same-data-distance": "distance of two forecasts after 1000 observations, the same draws seen by both",
    "both-wrong-distance": "distance of two forecasts of weather that comes in spells, both counting days",
    "both-wrong-error": "distance of the forecast on which those two agree from the true one",
    "disjoint-priors-distance": "distance of two forecasts of a coin, neither allowing what the other allows",
    "wall-tosses": "tosses of a fair coin after which both stay within 0.02 of the walls of their rooms (median)",
    "sliver-met": "share of pairs who agree after 1000 tosses, each having kept 0.001 of belief for the other's room",
    "sliver-error": "distance of the forecast on which those pairs agree from the fair coin",
    "rank-shared": "rank correlation of likeness and competence, shared world and tasks",
    "likeness-untrained": "likeness (CKA) of two inner layers before any training, shared world and tasks",
    "likeness-shared": "likeness (CKA) of two inner layers after 2000 examples, shared world and tasks",
    "likeness-half": "likeness (CKA) of two inner layers after 2000 examples, half of the factors shared",
    "gain-relevant-3": "readable variance (R²) gained by training of the factors that outcomes depend on, width 3",
    "idle-loss-3": "readable variance (R²) lost by training of the factors that outcomes do not depend on, width 3",
    "idle-left-3": "readable variance (R²) left after training of the factors that outcomes do not depend on, width 3",
}
"""What each published number is, as the row of a table."""


# --- words and figures ---------------------------------------------------------------------------------------------


def listed(values: Iterable[Any]) -> str:
    """'a, b and c'; 'none' when there are none."""
    words = [f"{value:g}" if isinstance(value, float) else str(value) for value in values]
    if not words:
        return "none"
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def inside(cells: Iterable[Any], state: str, name: str) -> list[Any]:
    """The values of the parameter *name* among the cells of a claim that are in *state*."""
    return [cell.params[name] for cell in cells if cell.state == state]


def spread(interval: Any, **others: Any) -> dict[str, Any]:
    """A row of a figure: the mean of an *interval* and its ends, rounded, with the *others*."""
    return {**others, "mean": round(interval.mean, 3), "lo": round(interval.lo, 3), "hi": round(interval.hi, 3)}


def merging_condition(cells: Sequence[Any]) -> str:
    """How many quarrels end and how many do not, and whether what was expected to separate them does."""
    holds, fails = inside(cells, "holds", ""), inside(cells, "fails", "")
    apart = {quarrel.name: quarrel.shared for quarrel in QUARRELS}
    if all(apart[name] for name in holds) and not any(apart[name] for name in fails):
        return (
            f"it holds in {len(holds)} quarrels, in which each believer gives some weight to what the other holds "
            "possible and both take in the evidence by the same rule, and fails in "
            f"{len(fails)}, in which one of these is missing"
        )
    return (
        f"it holds for {listed(holds)}, and fails for {listed(fails)}: what was expected to separate them, a common "
        "space of hypotheses and a common rule of evidence, does not"
    )


def alignment_condition(cells: Sequence[Any]) -> str:
    """In which worlds likeness rises with ability and in which it does not."""
    holds, fails = ([f"“{name}”" for name in inside(cells, state, "")] for state in ("holds", "fails"))
    return (
        f"it holds for pairs of learners with {listed(holds)}, and fails for {listed(fails)}: what separates them is "
        "how much of the world that the two meet is the same"
    )


def width_condition(cells: Sequence[Any]) -> str:
    """At which widths training recovers the factors and at which it does not."""
    holds, fails = inside(cells, "holds", "width"), inside(cells, "fails", "width")
    return (
        f"it holds for an inner layer of {listed(holds)} units and fails for one of {listed(fails)}: a wide layer "
        "shows the factors before it has learned anything, so that only a narrow one has something to recover"
    )


def distance_rows(asked: Sequence[int], those: Mapping[str, Sequence[Distances]]) -> list[dict[str, Any]]:
    """The mean distance in each quarrel at each number of observations, as the rows of a figure."""
    return [
        {"n": n, "distance": round(fmean(apart), 3), "series": quarrel.name, "shared": quarrel.shared}
        for quarrel in QUARRELS
        for n, apart in zip(asked, zip(*those[quarrel.name], strict=True), strict=True)
    ]


def distance_figure(asked: Sequence[int], those: Mapping[str, Sequence[Distances]]) -> dict[str, Any]:
    """The figure of the quarrels as `lab.show` takes it: its specification, the words for it, and its caption."""
    rows = distance_rows(asked, those)
    return {
        "spec": distance_chart(rows),
        "alt": distance_alt(rows),
        "caption": "How far apart two believers' forecasts are, by what they have seen. Above, quarrels that evidence "
        "ends; below, quarrels that it does not. The dashed line is the distance that would matter.",
    }


def distance_chart(rows: Rows) -> Spec:
    """How far apart believers are by the number of observations, above those who meet and below those who do not.

    *rows* have `n`, `distance`, `series` (the name of a quarrel) and `shared`.
    """
    panels = []
    for shared, title in ((True, "One space of hypotheses, one rule of evidence"), (False, "Something not shared")):
        names = [quarrel.name for quarrel in QUARRELS if quarrel.shared == shared]
        own = [row for row in rows if row["shared"] == shared]
        x = {**charts.axis("n", "observations"), "scale": {"type": "log", "domain": [1, 1000], "nice": False}}
        y = charts.axis("distance", "distance of forecasts", domain=[0, 0.8])
        lines = charts.lines(
            own,
            {**x, "axis": {"values": [1, 10, 100, 1000], "format": ",d"}},
            {**y, "axis": {"values": [0, 0.2, 0.4, 0.6, 0.8]}},
            names,
            height=170,
            title=title,
        )
        lines["layer"].append(charts.rule(0.05, ""))
        panels.append({key: value for key, value in lines.items() if key != "$schema"})
    return {
        "$schema": charts.SCHEMA,
        "vconcat": panels,
        "resolve": {"scale": {"color": "independent", "strokeDash": "independent"}},
    }


def distance_alt(rows: Rows) -> str:
    """What the figure of the distances shows, in words."""
    last = max(row["n"] for row in rows)
    ends = {row["series"]: row["distance"] for row in rows if row["n"] == last}
    met = listed(f"{quarrel.name} {ends[quarrel.name]:.3f}" for quarrel in QUARRELS if quarrel.shared)
    apart = listed(f"{quarrel.name} {ends[quarrel.name]:.2f}" for quarrel in QUARRELS if not quarrel.shared)
    return (
        f"Distance of two forecasts against the number of observations. After {last} observations, in the upper "
        f"panel: {met}; in the lower panel, whose lines level off far from zero: {apart}."
    )


def alignment_chart(rows: Rows, names: Sequence[str]) -> Spec:
    """The likeness of the inner layers of two learners against how well they predict, joined by amount of data.

    *rows* have `shortfall`, `alignment`, `n` and `series`, one of *names*.
    """
    x = charts.axis("shortfall", "distance from the true probabilities (nats), better to the right")
    scale = {"type": "log", "reverse": True, "domain": [0.13, 12], "nice": False}
    x = {**x, "scale": scale, "axis": {"values": [0.2, 0.5, 1, 2, 5, 10]}}
    y = charts.axis("alignment", "likeness of inner layers (CKA)", domain=[0, 1])
    told = charts.series("series", names)
    path = {"x": x, "y": y, "order": {"field": "n", "type": "quantitative"}, **told}
    told["color"]["legend"]["columns"] = 2
    few, many = (bound(row["n"] for row in rows) for bound in (min, max))
    marked = [row for row in rows if row["series"] == names[0] and row["n"] in (few, many)]
    layers: list[Spec] = [
        {"mark": {"type": "line", "aria": False}, "encoding": path},
        {"mark": {"type": "point", "filled": True, "size": 40}, "encoding": {"x": x, "y": y, "color": told["color"]}},
        {
            "data": {"values": [{**row, "label": f"{row['n']} examples"} for row in marked]},
            "mark": {"type": "text", "dy": -12, "color": charts.SOFT},
            "encoding": {"x": x, "y": y, "text": {"field": "label"}},
        },
    ]
    return charts.chart(layers, rows)


def alignment_figure(rows: Rows, names: Iterable[str]) -> dict[str, Any]:
    """The figure of the alignment as `lab.show` takes it."""
    return {
        "spec": alignment_chart(rows, list(names)),
        "alt": alignment_alt(rows),
        "caption": "Pairs of learners on their way from few examples (left) to many (right). They grow alike as far "
        "as what they meet is the same.",
    }


def alignment_alt(rows: Rows) -> str:
    """What the figure of the alignment shows, in words."""
    parts = []
    for name in dict.fromkeys(row["series"] for row in rows):
        own: list[Mapping[str, Any]] = sorted((row for row in rows if row["series"] == name), key=lambda row: row["n"])
        parts.append(f"{name}: likeness {own[0]['alignment']:.2f} at first and {own[-1]['alignment']:.2f} at last")
    return "Likeness of two inner layers as both learners come to predict better. " + "; ".join(parts) + "."


KINDS = ("factors the outcomes depend on", "factors they do not")


def recovery_rows(read: Mapping[int, Any], interval: Callable[[Sequence[float]], Any]) -> list[dict[str, Any]]:
    """The rows of the figure; *read* gives by width what was read, seeds × (before, after) × KINDS."""
    return [
        spread(interval([seed[j][i] for seed in own]), kind=kind, width=width, when=when)
        for i, kind in enumerate(KINDS)
        for width, own in read.items()
        for j, when in enumerate(("before", "after"))
    ]


def recovery_figure(read: Mapping[int, Any], interval: Callable[[Sequence[float]], Any]) -> dict[str, Any]:
    """The figure of what can be read off the layer, as `lab.show` takes it."""
    rows = recovery_rows(read, interval)
    return {
        "spec": recovery_chart(rows),
        "alt": recovery_alt(rows),
        "caption": "How much of the hidden factors a linear reading of the inner layer gives, before and after "
        "learning to predict. Training carves out what the outcomes need and lets the rest go.",
    }


def recovery_chart(rows: Rows) -> Spec:
    """How much of the hidden factors can be read off the inner layer, before and after training, by its width.

    *rows* have `kind` (one of KINDS), `width`, `when` ('before', 'after'), `mean`, `lo` and `hi`.
    """
    panels = []
    when: Spec = {"field": "when", "type": "nominal", "title": None, "scale": {"domain": ["before", "after"]}}
    colour = {**when, "scale": {"domain": ["before", "after"], "range": [charts.SKY, charts.BLUE]}}
    colour["legend"] = {"symbolType": "square"}
    for kind in KINDS:
        own = [dict(row) for row in rows if row["kind"] == kind]
        title = "read off the layer (R²)" if kind == KINDS[0] else None
        x = {"field": "width", "type": "ordinal", "title": "width of the inner layer", "axis": {"labelAngle": 0}}
        y = charts.axis("mean", "", domain=[0, 1])
        place = {"x": x, "xOffset": {**when, "sort": ["before", "after"]}}
        bars = {**place, "y": {**y, "title": title}, "color": colour}
        spans = {**place, "y": {**y, "field": "lo", "title": title}, "y2": {"field": "hi"}}
        panels.append(
            {
                "data": {"values": own},
                "title": kind,
                "width": 245,
                "height": 240,
                "layer": [
                    {"mark": {"type": "bar"}, "encoding": bars},
                    {"mark": {"type": "rule", "color": charts.INK, "strokeWidth": 1.5}, "encoding": spans},
                ],
            }
        )
    return {"$schema": charts.SCHEMA, "hconcat": panels}


def recovery_alt(rows: Rows) -> str:
    """What the figure of the recovered factors shows, in words."""
    parts = []
    for kind in KINDS:
        found = {(row["width"], row["when"]): row["mean"] for row in rows if row["kind"] == kind}
        widths = dict.fromkeys(width for width, _ in found)
        parts.append(
            f"Of the {kind}, "
            + listed(f"{found[w, 'before']:.2f} before and {found[w, 'after']:.2f} after at width {w}" for w in widths)
        )
    return "Share of the hidden factors that can be read off the inner layer. " + ". ".join(parts) + "."
