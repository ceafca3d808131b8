"""Links and citations, seen from the other end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from .model import LINK_TYPES, Backlink, Citation, CitedIn, Link, Page

MENTIONS = "mentions"


def backlinks(links: Iterable[Link], pages: Mapping[str, Page]) -> dict[str, tuple[Backlink, ...]]:
    """Who points to each page: every sentence once, sorted by page; a page never lists itself."""
    found: dict[str, dict[tuple[str, str, str, str], Backlink]] = defaultdict(dict)
    for link in links:
        if link.source == link.target:
            continue
        key = (link.source, link.excerpt, link.type, link.anchor)
        backlink = Backlink(pages[link.source], link.section, link.excerpt, link.type, link.anchor)
        found[link.target].setdefault(key, backlink)
    return {
        target: tuple(sorted(by_sentence.values(), key=lambda backlink: (backlink.page.kind, backlink.page.title)))
        for target, by_sentence in found.items()
    }


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


def cited_in(citations: Iterable[Citation], pages: Mapping[str, Page]) -> dict[str, tuple[CitedIn, ...]]:
    """Where each work is cited: every sentence once, sorted by page."""
    found: dict[str, dict[tuple[str, str], CitedIn]] = defaultdict(dict)
    for citation in citations:
        place = CitedIn(pages[citation.source], citation.anchor, citation.excerpt)
        found[citation.key].setdefault((citation.source, citation.excerpt), place)
    return {
        key: tuple(sorted(places.values(), key=lambda place: (place.page.kind, place.page.title)))
        for key, places in found.items()
    }
