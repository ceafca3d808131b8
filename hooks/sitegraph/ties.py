"""How closely pages are tied: the links from each to each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from .model import Link, Page

Ties = Mapping[tuple[str, str], int]
"""How many links lead from one page to another, by their paths."""


def on_map(page: Page) -> bool:
    """Whether *page* says something of its own, and is no page about other pages."""
    return page.kind != "page"


def ties(pages: Iterable[Page], links: Iterable[Link]) -> Ties:
    """The links between essays, threads and notebooks, in the order of their paths; none from a page to itself."""
    known = {page.path for page in pages if on_map(page)}
    pairs = ((link.source, link.target) for link in links if link.source != link.target)
    counted = Counter(pair for pair in pairs if known.issuperset(pair))
    return dict(sorted(counted.items()))


def both_ways(directed: Ties) -> Ties:
    """The same, whichever way the links lead: each pair of pages once, the one that sorts first before the other."""
    counted: Counter[tuple[str, str]] = Counter()
    for (source, target), links in directed.items():
        counted[min(source, target), max(source, target)] += links
    return dict(sorted(counted.items()))
