"""Where each page stands on the map: near those that it is linked with."""

from __future__ import annotations

import hashlib
import json
import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from .keep import Keep
from .model import Link, Page
from .ties import Ties, both_ways, on_map, ties

Position = tuple[float, float]

MOST = 150
"""How many pages the map shows. More could neither be told apart nor be fetched quickly."""

HOLD = 0.05
"""How strongly a page is held to its own place on the ring, where one link holds it to another page with 1."""

RING = 1.5
"""The radius of that ring, for one page; it grows as the picture does, with the root of their number."""

ROUNDS = 200
HEAT = 1  # how far a page may move in the first round


def positions(pages: Iterable[Page], links: Sequence[Link], keep: Keep) -> dict[str, Position]:
    """Where the pages of the map stand, by path: from 0 to 1, to the right and down.

    Of a site with more than `MOST` essays, threads and notebooks, these are the ones linked with the most others.
    """
    pages = list(pages)
    tied = both_ways(ties(pages, links))
    others = Counter(path for pair in tied for path in pair)
    paths = drawn({page.path: others[page.path] for page in pages if on_map(page)})
    chosen = set(paths)
    tied = {pair: count for pair, count in tied.items() if chosen.issuperset(pair)}
    if not paths:
        return {}
    graph = json.dumps([paths, list(tied.items())])
    depends_on = (graph, version("igraph"), Path(__file__).read_bytes())
    made = keep.get("layout", depends_on, lambda: json.dumps(_laid_out(paths, tied)).encode())
    return dict(zip(paths, (tuple(place) for place in json.loads(made)), strict=True))


def drawn(others: Mapping[str, int]) -> list[str]:
    """The `MOST` pages that are linked with the most others, sorted; *others* says with how many, by path."""
    return sorted(sorted(others, key=lambda path: (-others[path], path))[:MOST])


def _laid_out(paths: Sequence[str], tied: Ties) -> list[Position]:
    """A place for each of *paths*: springs draw linked pages together, and all pages push each other apart.

    Springs alone leave open which way round the picture lies, and one new page would turn it. So each page is also
    held, weakly, to a point of a ring that its path alone decides. This keeps a page without links in the picture, too.
    """
    import igraph  # here, because it takes long and is needed only when something changed

    number = {path: place for place, path in enumerate(paths)}
    ring = [_on_ring(path, RING * math.sqrt(len(paths))) for path in paths]
    springs = {(number[a], number[b]): math.sqrt(links) for (a, b), links in tied.items()}
    springs |= {(place, len(paths) + place): HOLD for place in range(len(paths))}
    free = [math.inf] * len(paths)
    igraph.set_random_number_generator(random.Random(0))  # it nudges pages that lie on one point
    try:
        layout = igraph.Graph(2 * len(paths), list(springs)).layout_fruchterman_reingold(
            weights=list(springs.values()),
            seed=ring * 2,
            niter=ROUNDS,
            start_temp=HEAT,
            grid=False,
            minx=[*(-x for x in free), *(x for x, _ in ring)],
            maxx=[*free, *(x for x, _ in ring)],
            miny=[*(-y for y in free), *(y for _, y in ring)],
            maxy=[*free, *(y for _, y in ring)],
        )
    finally:
        igraph.set_random_number_generator(random)
    places = [(x, y) for x, y in layout][: len(paths)]
    return list(zip(_spread([x for x, _ in places]), _spread([y for _, y in places]), strict=True))


def _on_ring(path: str, radius: float) -> Position:
    digest = hashlib.sha256(path.encode()).digest()
    angle = int.from_bytes(digest[:4], "big") / 2**32 * math.tau
    return radius * math.cos(angle), radius * math.sin(angle)


def _spread(values: Sequence[float]) -> list[float]:
    """*values* as numbers from 0 to 1: half by their size, half by their order, which makes room in a crowd."""
    if len(values) < 2 or min(values) == max(values):
        return [0.5] * len(values)
    low, high = min(values), max(values)
    order = sorted(range(len(values)), key=lambda place: (values[place], place))
    rank: Mapping[int, float] = {place: number / (len(values) - 1) for number, place in enumerate(order)}
    return [round(((value - low) / (high - low) + rank[place]) / 2, 3) for place, value in enumerate(values)]
