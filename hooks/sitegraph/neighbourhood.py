"""The part of the map around each page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .model import Page, Site
from .ties import Ties, on_map, ties

MOST = 9
"""How many pages are shown around one."""


@dataclass(frozen=True)
class Neighbourhood:
    """The pages around a page, in the order of their titles."""

    linking: tuple[Page, ...]  # those that link to it
    linked: tuple[Page, ...]  # those that it links to
    left: tuple[Page, ...]  # the nearest, each once: those that link to it …
    right: tuple[Page, ...]  # … and those that it links to

    @property
    def more(self) -> int:
        """How many pages are around it beside the nearest."""
        return len({page.path for page in (*self.linking, *self.linked)}) - len(self.left) - len(self.right)

    @property
    def curves(self) -> str:
        """The path of the lines from the pages on both sides to the middle of a square of 100."""
        return _fan(0, len(self.left)) + _fan(100, len(self.right))


def neighbourhoods(site: Site) -> dict[str, Neighbourhood]:
    """What is around every essay, thread and notebook, by path."""
    pages = {path: leaf.page for path, leaf in site.leaves.items() if on_map(leaf.page)}
    directed = ties(pages.values(), site.links)
    linking, linked = defaultdict(list), defaultdict(list)
    for source, target in directed:
        linking[target].append(source)
        linked[source].append(target)
    return {path: _neighbourhood(path, linking[path], linked[path], directed, pages) for path in pages}


def _neighbourhood(
    path: str, linking: list[str], linked: list[str], directed: Ties, pages: Mapping[str, Page]
) -> Neighbourhood:
    def by_title(paths: Iterable[str]) -> tuple[Page, ...]:
        return tuple(sorted((pages[other] for other in paths), key=lambda page: (page.title, page.path)))

    def links(other: str) -> int:
        return directed.get((path, other), 0) + directed.get((other, path), 0)

    nearest = sorted({*linking, *linked}, key=lambda other: (-links(other), other))[:MOST]
    left = [other for other in nearest if other not in linked]
    right = [other for other in nearest if other not in linking]
    for other in nearest:
        if other in linked and other in linking:  # true on either side, so that it may stand where there is room
            min(left, right, key=len).append(other)
    return Neighbourhood(by_title(linking), by_title(linked), by_title(left), by_title(right))


def _fan(edge: int, rows: int) -> str:
    """Curves from the middles of *rows* equal rows at the *edge* to the middle of the square."""
    bend = (edge + 50) // 2
    heights = (round((row + 0.5) / rows * 100) for row in range(rows))
    return "".join(f"M{edge} {height}C{bend} {height} {bend} 50 50 50" for height in heights)
