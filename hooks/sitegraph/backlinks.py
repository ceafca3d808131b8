"""Links and citations, seen from the other end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain

from .model import LINK_TYPES, Backlink, Citation, CitedIn, Link, Page

MENTIONS = "mentions"


def by_target(links: Iterable[Link]) -> dict[str, tuple[Link, ...]]:
    """*links* by the page they lead to; a page never points to itself."""
    found: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        if link.source != link.target:
            found[link.target].append(link)
    return {target: tuple(to_it) for target, to_it in found.items()}


def backlinks(rows: Mapping[str, Iterable[Link]], pages: Mapping[str, Page]) -> tuple[Backlink, ...]:
    """Who points to a page: every sentence once, sorted by page. *rows* are the links to it, by where they stand."""
    found: dict[tuple[str, str, str, str], Backlink] = {}
    for link in chain.from_iterable(rows.values()):
        key = (link.source, link.excerpt, link.type, link.anchor)
        if key not in found:
            found[key] = Backlink(pages[link.source], link.section, link.excerpt, link.type, link.anchor)
    return tuple(sorted(found.values(), key=lambda backlink: (backlink.page.kind, backlink.page.title)))


def by_type(inbound: Iterable[Backlink]) -> tuple[tuple[str, tuple[Backlink, ...]], ...]:
    """*inbound* in groups, in the order of the link types, mere mentions last."""
    groups: dict[str, list[Backlink]] = defaultdict(list)
    for backlink in inbound:
        groups[backlink.type].append(backlink)
    return tuple((type_, tuple(groups[type_])) for type_ in (*LINK_TYPES, MENTIONS) if type_ in groups)


def by_anchor(inbound: Iterable[Backlink]) -> dict[str, tuple[Backlink, ...]]:
    """Those of *inbound* that point to a heading or claim, by its id."""
    groups: dict[str, list[Backlink]] = defaultdict(list)
    for backlink in inbound:
        if backlink.anchor:
            groups[backlink.anchor].append(backlink)
    return {anchor: tuple(found) for anchor, found in sorted(groups.items())}


def by_key(citations: Iterable[Citation]) -> dict[str, tuple[Citation, ...]]:
    """*citations* by the work they cite."""
    found: dict[str, list[Citation]] = defaultdict(list)
    for citation in citations:
        found[citation.key].append(citation)
    return {key: tuple(of_it) for key, of_it in found.items()}


def cited_in(rows: Mapping[str, Iterable[Citation]], pages: Mapping[str, Page]) -> tuple[CitedIn, ...]:
    """Where a work is cited: every sentence once, sorted by page. *rows* are its citations, by where they stand."""
    found: dict[tuple[str, str], CitedIn] = {}
    for citation in chain.from_iterable(rows.values()):
        place = CitedIn(pages[citation.source], citation.anchor, citation.excerpt)
        found.setdefault((citation.source, citation.excerpt), place)
    return tuple(sorted(found.values(), key=lambda place: (place.page.kind, place.page.title)))
