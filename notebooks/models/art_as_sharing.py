"""People who make works and hand on what they have taken in, along the ties of a small world.

What is asked: when everybody makes a little more, and when everybody hands on a little more, which of the two brings
people more of one another's works? The network is that of Watts and Strogatz (Nature 393, 1998). A work travels as in
the independent cascade of Kempe, Kleinberg and Tardos (KDD 2003): whoever has taken it in has one chance with each
neighbour. Attention is scarce in the way of Weng, Flammini, Vespignani and Menczer (Scientific Reports 2, 2012). That
what is reached along such ties is a cluster of bond percolation is in Newman (Physical Review E 66, 016128, 2002).
"""

from __future__ import annotations

import math
import random
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

from . import charts

PEOPLE = 100
NEIGHBOURS = 6
REWIRED = 0.1
STEPS = 30
NUDGE = 0.15
"""How far making or sharing is raised and lowered to see what it does."""

Chance = Callable[[int], random.Random]
"""The source of chance of each arm of a study, by its number: `lab.stream` with the seed already filled in."""

LUCK = 1 << 16
"""A tie lets a work pass when its luck, a whole number below this, is below LUCK × the chance of sharing."""


@dataclass(frozen=True)
class Network:
    """Who knows whom: *ties* between two people, and for each person the neighbours with the number of the tie."""

    ties: tuple[tuple[int, int], ...]
    neighbours: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True)
class Habits:
    """How often a person makes a work in a step, how readily one is handed on, how many are taken in a step."""

    making: float = 0.05
    sharing: float = 0.1
    attention: int = 20
    passing_on: bool = True  # False: only the maker shows a work, nobody hands on what others made


def small_world(rng: random.Random, people: int = PEOPLE, near: int = NEIGHBOURS, rewired: float = REWIRED) -> Network:
    """A ring in which each knows the *near* nearest, with the far end of each tie moved with chance *rewired*.

    Source: Watts and Strogatz 1998. No tie is double and none leads to oneself, so there are people × near / 2 of them.
    """
    ties = [(person, (person + step) % people) for step in range(1, near // 2 + 1) for person in range(people)]
    present = {frozenset(tie) for tie in ties}
    for index, (person, old) in enumerate(ties):
        if rng.random() >= rewired:
            continue
        new = rng.randrange(people)
        while new == person or frozenset((person, new)) in present:
            new = rng.randrange(people)
        present.remove(frozenset((person, old)))
        present.add(frozenset((person, new)))
        ties[index] = (person, new)
    known: list[list[tuple[int, int]]] = [[] for _ in range(people)]
    for index, (one, other) in enumerate(ties):
        known[one].append((other, index))
        known[other].append((one, index))
    return Network(tuple(ties), tuple(tuple(row) for row in known))


def step(rng: random.Random, network: Network, habits: Habits) -> tuple[int, int]:
    """The works made in one step, and how often a work of somebody else's was taken in.

    Both grow out of the same *rng*: with more making the same people make, and others too; with more sharing a work
    passes every tie that it passed before, and others too.
    """
    chances = [rng.random() for _ in network.neighbours]
    makers = sorted((p for p, chance in enumerate(chances) if chance < habits.making), key=chances.__getitem__)
    luck = [array("H", rng.randbytes(2 * len(network.ties))) for _ in makers]
    opens = LUCK * habits.sharing
    seen = [{maker} for maker in makers]
    room = [habits.attention] * len(network.neighbours)
    taken = 0
    holders = list(enumerate(makers))
    while holders:
        reached = []
        holders.sort(key=lambda _: rng.random())  # they speak in no particular order: the last may find nobody free
        for work, holder in holders:
            passes, known = luck[work], seen[work]
            for listener, tie in network.neighbours[holder]:
                if passes[tie] < opens and listener not in known and room[listener]:
                    room[listener] -= 1
                    known.add(listener)
                    reached.append((work, listener))
        taken += len(reached)
        holders = reached if habits.passing_on else []
    return len(makers), taken


@dataclass(frozen=True)
class Outcome:
    """What a run of STEPS steps came to."""

    works: int
    taken: int

    @property
    def exposure(self) -> float:
        """Works of others that one person takes in during one step, on average."""
        return self.taken / (PEOPLE * STEPS)

    @property
    def reach(self) -> float:
        """Share of the others that one work reaches, 0 to 1, on average; 0 when nothing was made."""
        return self.taken / (self.works * (PEOPLE - 1)) if self.works else 0.0


def run(chance: Chance, network: Network, habits: Habits, number: int = 0) -> Outcome:
    """Run *number* of the model: the works made and taken in over STEPS steps, each with a chance of its own."""
    steps = [step(chance(1 + number * STEPS + at), network, habits) for at in range(STEPS)]
    return Outcome(sum(works for works, _ in steps), sum(taken for _, taken in steps))


def reach(chances: Sequence[Chance], habits: Habits, runs: int = 2) -> list[float]:
    """For each source of chance the share of the others that one work reaches, 0 to 1, the mean of so many runs."""
    towns = [(chance, small_world(chance(0))) for chance in chances]
    return [fmean(run(chance, town, habits, number).reach for number in range(runs)) for chance, town in towns]


def runs_for(sharing: float) -> int:
    """How many runs are averaged at each point: more where works hardly travel and numbers are small."""
    return 12 if sharing <= 0.1 else 4


def nudged(habits: Habits, what: str, factor: float) -> Habits:
    """*habits* with the making or the sharing (*what*) multiplied by *factor*."""
    if what == "making":
        return replace(habits, making=habits.making * factor)
    return replace(habits, sharing=habits.sharing * factor)


@dataclass(frozen=True)
class Levers:
    """By how many per cent exposure grows when sharing, or making, grows by one per cent."""

    sharing: float
    making: float


def levers(chance: Chance, habits: Habits, runs: int | None = None) -> Levers:
    """Both elasticities of exposure, by central differences of ±NUDGE, on one network with the same luck throughout.

    Raises ValueError when nothing was taken in at one end of a difference.
    """
    network = small_world(chance(0))
    count = runs or runs_for(habits.sharing)

    def exposure(what: str, factor: float) -> float:
        return fmean(run(chance, network, nudged(habits, what, factor), number).exposure for number in range(count))

    def elasticity(what: str) -> float:
        low, high = exposure(what, 1 - NUDGE), exposure(what, 1 + NUDGE)
        if not min(low, high):
            raise ValueError(f"nothing was taken in with {habits}: an elasticity needs more runs")
        return slope(low, high)

    return Levers(elasticity("sharing"), elasticity("making"))


def slope(low: float, high: float) -> float:
    """The logarithmic slope between the values at the lower and the upper end of a nudge."""
    return math.log(high / low) / math.log((1 + NUDGE) / (1 - NUDGE))


# --- what can be known without running it ---------------------------------------------------------------------------


def tree_elasticity(sharing: float, neighbours: int = NEIGHBOURS) -> float:
    """The elasticity in sharing where no two ways lead to one person and attention is plentiful.

    A work then reaches k·s people at once and each brings (k−1)·s more, k·s / (1 − (k−1)·s) in all, whose logarithmic
    slope is 1 / (1 − (k−1)·s); infinite from s = 1/(k−1) on. Making has 1. Source: Newman 2002, on trees.
    """
    left = 1 - (neighbours - 1) * sharing
    return 1 / left if left > 0 else math.inf


def cluster_sizes(network: Network, luck: Sequence[float], sharing: float) -> list[int]:
    """The sizes of the groups that ties with luck below *sharing* hold together, largest first, adding up to all."""
    root = list(range(len(network.neighbours)))

    def find(person: int) -> int:
        while root[person] != person:
            root[person] = root[root[person]]
            person = root[person]
        return person

    for (one, other), chance in zip(network.ties, luck, strict=True):
        if chance < sharing:
            root[find(one)] = find(other)
    sizes: dict[int, int] = {}
    for person in range(len(root)):
        sizes[find(person)] = sizes.get(find(person), 0) + 1
    return sorted(sizes.values(), reverse=True)


def others_reached(sizes: Sequence[int]) -> float:
    """How many others the work of a person picked at random reaches, when groups of these *sizes* share everything."""
    return sum(size * size for size in sizes) / sum(sizes) - 1


def small_group(sizes: Sequence[int]) -> float:
    """The mean size of the group of a person outside the largest one, 0 when all are in it.

    It is greatest where a group that spans the network forms: the usual mark of the percolation point of a finite
    network.
    """
    rest = sizes[1:]
    return sum(size * size for size in rest) / sum(sizes)


def percolation(chances: Sequence[Chance], grid: Sequence[float], draws: int = 40) -> dict[float, tuple[float, float]]:
    """For each chance of sharing in *grid*: the others a work reaches, and the size of the small groups; means.

    By counting who hangs together, without letting anything travel: a second way to what `run` finds when attention
    is plentiful.
    """
    found: dict[float, list[tuple[float, float]]] = {sharing: [] for sharing in grid}
    for chance in chances:
        network, rng = small_world(chance(0)), chance(999_999)
        for _ in range(draws):
            luck = [rng.random() for _ in network.ties]
            for sharing, rows in found.items():
                sizes = cluster_sizes(network, luck, sharing)
                rows.append((others_reached(sizes), small_group(sizes)))
    return {sharing: (fmean(r for r, _ in rows), fmean(g for _, g in rows)) for sharing, rows in found.items()}


def percolation_point(groups: Mapping[float, tuple[float, float]]) -> float:
    """The chance of sharing at which the small groups of `percolation` are largest."""
    return max(groups, key=lambda sharing: groups[sharing][1])


def counted_elasticity(chances: Sequence[Chance], sharing: float, draws: int = 40) -> float:
    """The elasticity of the others reached in *sharing*, from counted groups, by the same central difference."""
    low, high = sharing * (1 - NUDGE), sharing * (1 + NUDGE)
    groups = percolation(chances, (low, high), draws)
    return slope(groups[low][0], groups[high][0])


# --- what the notebook says and shows -------------------------------------------------------------------------------

Row = dict[str, Any]


def settings_of(habits: Habits) -> dict[str, float]:
    """What tells the cell of *habits* from the others, as a reader is told."""
    return {"handing on": habits.sharing, "room": habits.attention}


def levers_figure(rows: Sequence[Row], point: float) -> charts.Spec:
    """Both elasticities against the chance of sharing, with the percolation *point* marked.

    Each row has `sharing`, `lever` ('handing on' or 'making'), `room` ('room for 20' or 'room for 2'), `elasticity`.
    """
    colour = {
        "field": "lever",
        "type": "nominal",
        "title": "raised a little:",
        "scale": {"domain": ["handing on", "making"], "range": [charts.BLUE, charts.VERMILION]},
        "legend": {"symbolType": "stroke", "symbolSize": 400, "symbolStrokeWidth": 2, "padding": 10},
    }
    dash = {
        "field": "room",
        "type": "nominal",
        "title": "a person’s attention:",
        "scale": {"domain": ["room for 20", "room for 2"], "range": [[1, 0], [5, 3]]},
        "legend": {
            "symbolType": "stroke",
            "symbolSize": 400,
            "symbolStrokeWidth": 2,
            "symbolStrokeColor": charts.INK,
            "padding": 10,
        },
    }
    x = charts.axis("sharing", "chance that a neighbour is shown a work")
    y = charts.axis("elasticity", "% more contact for 1 % more of it")
    line = {"x": x, "y": y, "color": colour, "strokeDash": dash}
    dot = {"x": x, "y": y, "color": colour}
    layers: list[charts.Spec] = [
        {"mark": {"type": "line", "aria": False}, "encoding": line},
        {"mark": {"type": "point", "size": 36, "filled": True, "aria": False}, "encoding": dot},
        charts.rule(point, "works begin to cross the network", "x"),
    ]
    return charts.chart(layers, rows, width=500)


def levers_alt(rows: Sequence[Row], point: float) -> str:
    """What `levers_figure` shows, in words."""

    def at(lever: str, room: str, sharing: float) -> float:
        return next(
            float(row["elasticity"])
            for row in rows
            if (row["lever"], row["room"], row["sharing"]) == (lever, room, sharing)
        )

    top = max((row for row in rows if row["lever"] == "handing on"), key=lambda row: float(row["elasticity"]))
    last = max(row["sharing"] for row in rows)
    return (
        f"Four lines over the chance of sharing. Handing on rises to {top['elasticity']:.1f} per cent more contact for "
        f"one per cent more of it at a chance of {top['sharing']:g}, near the mark at {point:g} where works begin to "
        f"cross the network, and falls to {at('handing on', 'room for 20', last):.1f} at {last:g}. Making stays near "
        f"one while there is room for 20 ({at('making', 'room for 20', last):.1f} at {last:g}) and falls to "
        f"{at('making', 'room for 2', last):.1f} with room for 2."
    )


def lever_rows(found: Mapping[Habits, Sequence[Levers]]) -> list[Row]:
    """The rows of `levers_figure`, from left to right: for each habits the mean of both elasticities."""
    return [
        {
            "sharing": habits.sharing,
            "room": f"room for {habits.attention}",
            "lever": lever,
            "elasticity": round(fmean(values), 3),
        }
        for habits, both in sorted(found.items(), key=lambda item: item[0].sharing)
        for lever, values in (("handing on", [b.sharing for b in both]), ("making", [b.making for b in both]))
    ]


def sharing_condition(states: Sequence[str], reached: Sequence[float]) -> str:
    """What separates the settings where handing on matters more from the others: how far a work travels.

    For each setting its state, and the share of the others that one work reaches in it.
    """

    def reach_of(state: str) -> list[float]:
        return sorted(share for share, found in zip(reached, states, strict=True) if found == state)

    holds, fails, unclear = reach_of("holds"), reach_of("fails"), reach_of("unclear")
    parts = []
    if holds:
        parts.append(
            f"handing on matters more in the {len(holds)} of {len(states)} settings where a work reaches "
            f"{min(holds):.0%} to {max(holds):.0%} of the other people"
        )
    if fails:
        parts.append(f"it does not in {len(fails)}, where one reaches {min(fails):.0%}")
    if unclear:
        shares = dict.fromkeys(f"{share:.0%}" if share >= 0.01 else "under 1%" for share in unclear)
        parts.append(f"the runs cannot tell in {len(unclear)}, where one reaches {' or '.join(shares)}")
    return "; ".join(parts)


def advantage_alt(rows: Sequence[Row]) -> str:
    """What the figure of the cells shows, in words."""
    low, high = min(rows, key=lambda row: float(row["mean"])), max(rows, key=lambda row: float(row["mean"]))
    counts = ", ".join(
        f"{count} {state}"
        for state in ("holds", "fails", "unclear")
        if (count := sum(row["state"] == state for row in rows))
    )
    return (
        f"The advantage of handing on over making in {len(rows)} cells ({counts}): largest, {high['mean']:.2f}, at "
        f"{high['cell']}; smallest, {low['mean']:.2f}, at {low['cell']}."
    )
