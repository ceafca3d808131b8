"""The pages to read after a page: near it, and preferably not linked with it yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .model import Link, Page

RELATED = 4
"""How many related pages are shown."""

CLOSE = 0.2
"""As close as this, a page is worth showing before pages that are closer, but that a link leads to already."""


@dataclass(frozen=True)
class Near:
    """A page seen from another one, and how close the two are: from 0 to 1."""

    page: Page
    closeness: float


def related(near: Mapping[str, Sequence[Near]], links: Iterable[Link]) -> dict[str, tuple[Page, ...]]:
    """Up to four of the pages near each page, the nearest first.

    Pages that are close, and that no link joins to it, are chosen before the others: those stand on the page already,
    in a sentence of its own or in the list of what links here, and a sentence says more than a list of titles. What is
    left is filled up with the nearest, joined or not, so that a page whose neighbours are all linked has related ones.
    """
    joined = defaultdict(set)
    for link in links:
        joined[link.source].add(link.target)
        joined[link.target].add(link.source)
    found = {}
    for path, others in near.items():
        new_first = sorted(others, key=lambda other: other.closeness < CLOSE or other.page.path in joined[path])
        shown = {other.page.path for other in new_first[:RELATED]}
        found[path] = tuple(other.page for other in others if other.page.path in shown)
    return found
