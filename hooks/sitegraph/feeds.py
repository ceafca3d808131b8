"""What readers can subscribe to: all pages, those of a kind, and every verdict that became another.

Each feed is there as Atom and as JSON, with whole texts, the newest first. Older entries fall out: the lists of the
site have everything, and a feed that did would weigh as much as the site.
"""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from feedgenerator import Atom1Feed

from .elsewhere import address_of, number_words, sayable, sentence, whole_text
from .model import VERDICT_WORDS, Change, Judged, Kind, Page, Publication, Site

ENTRIES = 50
"""How many entries a feed holds."""

_NO_DAY = "1970-01-01"
"""The day of what has none: feeds cannot do without."""


@dataclass(frozen=True)
class Entry:
    """One item of a feed."""

    id: str
    address: str
    title: str
    summary: str  # plain
    content: str  # HTML
    published: str  # ISO date
    updated: str
    tags: tuple[str, ...]
    first: bool = False  # of a verdict: that there was none before


@dataclass(frozen=True)
class Feed:
    """A feed: where it lies without its ending, what it is called, what it tells, and its entries, the newest first."""

    name: str  # 'feeds/essays'
    title: str
    tells: str
    home: str  # the page it belongs to, relative to the root of the site
    entries: tuple[Entry, ...]


def feeds(site: Site, publication: Publication) -> tuple[Feed, ...]:
    """Every feed of the site."""
    kinds: tuple[Kind, ...] = ("essay", "thread", "notebook")
    pages = {kind: _page_entries(kind, site, publication) for kind in kinds}
    verdicts = _verdict_entries(site, publication)
    name = publication.name
    # A first verdict is told by the entry of its notebook.
    every = [*(entry for kind in kinds for entry in pages[kind]), *(entry for entry in verdicts if not entry.first)]
    return (
        Feed("feed", name, publication.description, "", _newest_first(every)),
        Feed("feeds/essays", f"{name}: essays", "The essays.", "essays/", _newest_first(pages["essay"])),
        Feed("feeds/threads", f"{name}: threads", "Comments, restated.", "threads/", _newest_first(pages["thread"])),
        Feed("feeds/verdicts", f"{name}: verdicts", "Verdicts that changed.", "claims/", _newest_first(verdicts)),
    )


def feed_files(site: Site, publication: Publication) -> Iterator[tuple[str, str]]:
    """Every file of every feed, as path from the root of the site and content."""
    for feed in feeds(site, publication):
        yield f"{feed.name}.xml", _atom(feed, publication)
        yield f"{feed.name}.json", _json(feed, publication)


def _newest_first(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The newest *entries* by the day of their last change; those of one day in the order in which they came."""
    return tuple(sorted(entries, key=lambda entry: entry.updated, reverse=True)[:ENTRIES])


def _page_entries(kind: Kind, site: Site, publication: Publication) -> list[Entry]:
    """The newest pages of *kind*; only their texts have to be made."""
    newest = sorted(site.pages(kind), key=lambda page: site.changed.get(page.path, _NO_DAY), reverse=True)
    return [_page_entry(page, site, publication) for page in newest[:ENTRIES]]


def _page_entry(page: Page, site: Site, publication: Publication) -> Entry:
    address = address_of(page.url, publication)
    return Entry(
        id=address,
        address=address,
        title=page.title,
        summary=page.description,
        content=whole_text(site.leaves[page.path], publication),
        published=page.begun or _NO_DAY,
        updated=site.changed.get(page.path, _NO_DAY),
        tags=page.themes,
    )


def _verdict_entries(site: Site, publication: Publication) -> list[Entry]:
    """One entry for each change whose claim still stands on a page, the newest first."""
    claims = {f"{found.notebook.slug}/{found.claim.name}": found for found in site.judged if found.notebook}
    newest = {change.claim: change for change in site.history}
    often: Counter[tuple[str, str]] = Counter()
    entries = []
    for change in site.history:
        often[change.date, change.claim] += 1
        found = claims.get(change.claim)
        if found and change.after:
            number = often[change.date, change.claim]
            current = change is newest[change.claim]
            entries.append(_verdict_entry(change, number, found, current, publication))
    return entries[::-1]


def _verdict_entry(change: Change, number: int, found: Judged, current: bool, publication: Publication) -> Entry:
    """The entry for the *number*th change of a claim on its day; only the *current* verdict has numbers to show."""
    address = f"{address_of(found.page.url, publication)}#{found.claim.anchor}"
    after = VERDICT_WORDS[change.after]
    before = f" It was {VERDICT_WORDS[change.before]}." if change.before else ""
    told = [f"<p>{_said(found.claim.says)}</p>", f"<p>In this model: <strong>{after}</strong>.{before}</p>"]
    if current and found.outcome:
        words = (sentence(found.outcome.condition), sentence(number_words(found.number)) if found.number else "")
        told += (f"<p>{_said(text)}</p>" for text in words if text)
    if found.notebook:
        decided = f"{address_of(found.notebook.url, publication)}#{found.claim.anchor}"
        links = (
            (decided, "How it was decided"),
            (address, f"The claim in “{found.page.title}”"),
        )
        told += (f'<p><a href="{html.escape(href)}">{_said(words)}</a></p>' for href, words in links)
    return Entry(
        id=_tag(change, number, publication),
        address=address,
        title=f"{after[:1].upper()}{after[1:]}: {found.claim.says}",
        summary=f"In this model: {after}.{before}",
        content="\n".join(told),
        published=change.date,
        updated=change.date,
        tags=found.page.themes,
        first=not change.before,
    )


def _tag(change: Change, number: int, publication: Publication) -> str:
    """A name for *change* that no other thing ever has: a tag by RFC 4151."""
    parts = urlsplit(publication.address)
    again = f"/{number}" if number > 1 else ""
    return f"tag:{parts.hostname or 'localhost'},{change.date}:{parts.path.strip('/')}/verdicts/{change.claim}{again}"


def _said(words: str) -> str:
    return html.escape(words, quote=False)


class _Atom(Atom1Feed):  # type: ignore[misc]
    """An Atom feed that knows its day without a clock."""

    def latest_post_date(self) -> datetime:
        newest: datetime = self.feed["newest"]
        return newest


def _atom(feed: Feed, publication: Publication) -> str:
    """The feed as Atom (RFC 4287)."""
    made = _Atom(
        title=sayable(feed.title),
        link=address_of(feed.home, publication),
        description=sayable(feed.tells),
        language=publication.language,
        author_name=sayable(publication.name),
        author_link=publication.address,
        feed_url=address_of(f"{feed.name}.xml", publication),
        feed_guid=address_of(f"{feed.name}.xml", publication),
        feed_copyright=publication.licence or None,
        newest=_moment(max((entry.updated for entry in feed.entries), default=_NO_DAY)),
    )
    for entry in feed.entries:
        made.add_item(
            title=sayable(entry.title),
            link=entry.address,
            description=_said(sayable(entry.summary)) or None,
            unique_id=entry.id,
            pubdate=_moment(entry.published),
            updateddate=_moment(entry.updated),
            categories=[sayable(tag) for tag in entry.tags],
            content=sayable(entry.content),
        )
    text: str = made.writeString("utf-8")
    return text


def _moment(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def _json(feed: Feed, publication: Publication) -> str:
    """The feed as a JSON Feed, version 1.1."""
    whole: Mapping[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": address_of(feed.home, publication),
        "feed_url": address_of(f"{feed.name}.json", publication),
        "description": feed.tells,
        "language": publication.language,
        "authors": [{"name": publication.name, "url": publication.address}],
        "items": [_item(entry) for entry in feed.entries],
    }
    kept = {name: value for name, value in whole.items() if value or name == "items"}
    return json.dumps(kept, ensure_ascii=False) + "\n"


def _item(entry: Entry) -> Mapping[str, Any]:
    item = {
        "id": entry.id,
        "url": entry.address,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": sayable(entry.content),
        "date_published": f"{entry.published}T00:00:00Z",
        "date_modified": f"{entry.updated}T00:00:00Z",
        "tags": list(entry.tags),
    }
    return {name: value for name, value in item.items() if value}
