"""What readers can subscribe to: all pages, those of a kind or a topic, and every verdict that became another.

Each feed is there as Atom and as JSON, with whole texts, the newest first. A feed of many entries goes on in further
pages (RFC 5005), where an entry has its summary and no text: with the texts, a feed would weigh as much as the site.
"""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any
from urllib.parse import urlsplit

from feedgenerator import Atom1Feed

from .elsewhere import address_of, number_words, sayable, sentence, whole_text
from .keep import digest, made_with
from .model import VERDICT_WORDS, Change, Judged, Kind, Later, Page, Publication, Site
from .output import Entry as File

ENTRIES = 50
"""How many entries a page of a feed holds."""

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
    path: str = ""  # of a page


@dataclass(frozen=True)
class Feed:
    """A feed: where it lies without its ending, what it is called, what it tells, and its entries, the newest first."""

    name: str  # 'feeds/essays'
    title: str
    tells: str
    home: str  # the page it belongs to, relative to the root of the site
    entries: tuple[Entry, ...]
    older: str = ""  # the name of its next page, '' where this is the last
    newer: str = ""  # that of the page before, '' where this is the first


def feeds(site: Site, publication: Publication) -> tuple[Feed, ...]:
    """Every page of every feed of the site."""
    kinds: tuple[Kind, ...] = ("essay", "thread", "notebook")
    entries = {page.path: _page_entry(page, site, publication) for kind in kinds for page in site.pages(kind)}
    pages = {kind: [entries[page.path] for page in site.pages(kind)] for kind in kinds}
    verdicts = _verdict_entries(site, publication)
    name = publication.name
    # A first verdict is told by the entry of its notebook.
    every = [*entries.values(), *(entry for entry in verdicts if not entry.first)]
    topics = [
        Feed(
            f"feeds/topics/{topic.name}",
            f"{name}: {topic.label}",
            f"What speaks of {topic.label}.",
            f"topics/#{topic.name}",
            tuple(entries[page.path] for page in sorted(topic.pages, key=lambda page: page.path)),
        )
        for topic in site.topics
    ]
    whole = [
        Feed("feed", name, publication.description, "", tuple(every)),
        Feed("feeds/essays", f"{name}: essays", "The essays.", "essays/", tuple(pages["essay"])),
        Feed("feeds/threads", f"{name}: threads", "Comments, restated.", "threads/", tuple(pages["thread"])),
        Feed("feeds/verdicts", f"{name}: verdicts", "Verdicts that changed.", "claims/", tuple(verdicts)),
        *topics,
    ]
    return tuple(page for feed in whole for page in _in_pages(feed))


def _in_pages(feed: Feed) -> Iterator[Feed]:
    """*feed* with its entries sorted, cut into pages."""
    entries = _newest_first(feed.entries)
    pages = [entries[start : start + ENTRIES] for start in range(0, len(entries), ENTRIES)] or [()]
    names = [feed.name, *(f"feeds/older/{feed.name.removeprefix('feeds/')}-{n}" for n in range(2, len(pages) + 1))]
    for number, (name, page) in enumerate(zip(names, pages, strict=True)):
        older = names[number + 1] if number + 1 < len(names) else ""
        newer = names[number - 1] if number else ""
        yield replace(feed, name=name, entries=page, older=older, newer=newer)


def _with_text(entry: Entry, site: Site, publication: Publication) -> Entry:
    """*entry* with the text of its page, where it is one."""
    leaf = site.leaves.get(entry.path)
    return replace(entry, content=whole_text(leaf, publication)) if leaf else entry


def feed_files(site: Site, publication: Publication, pages: Mapping[str, str] | None = None) -> Iterator[File]:
    """Every file of every feed; *pages* are the keys of pages, by path (see `page_key`)."""
    pages = pages or {}
    with_text = cache(partial(_with_text, site=site, publication=publication))  # a page is in several feeds
    for feed in feeds(site, publication):
        whole = Later(partial(_whole, feed, with_text))
        depends_on = [pages.get(entry.path, "") for entry in feed.entries if entry.path]
        key = (
            digest((made_with("feedgenerator"), repr(publication), repr(feed), *depends_on)) if all(depends_on) else ""
        )
        yield File(f"{feed.name}.xml", partial(_written, _atom, whole, publication), key)
        yield File(f"{feed.name}.json", partial(_written, _json, whole, publication), key)


def _whole(feed: Feed, with_text: Callable[[Entry], Entry]) -> Feed:
    """*feed* with the texts of its entries, where it is the first page."""
    return feed if feed.newer else replace(feed, entries=tuple(map(with_text, feed.entries)))


def _written(form: Callable[[Feed, Publication], str], feed: Later[Feed], publication: Publication) -> str:
    return form(feed.value, publication)


def _newest_first(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """*entries* by the day of their last change, the newest first; those of one day in the order in which they came."""
    return tuple(sorted(entries, key=lambda entry: entry.updated, reverse=True))


def _page_entry(page: Page, site: Site, publication: Publication) -> Entry:
    """The entry of a page, without its text."""
    address = address_of(page.url, publication)
    return Entry(
        id=address,
        address=address,
        title=page.title,
        summary=page.description,
        content="",
        published=page.begun or _NO_DAY,
        updated=site.changed.get(page.path, _NO_DAY),
        tags=page.themes,
        path=page.path,
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
    """An Atom feed that knows its day without a clock, and the pages before and after it."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for relation in ("previous", "next"):
            if self.feed[relation]:
                handler.addQuickElement("link", "", {"rel": relation, "href": self.feed[relation]})

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
        previous=address_of(f"{feed.newer}.xml", publication) if feed.newer else "",
        next=address_of(f"{feed.older}.xml", publication) if feed.older else "",
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
            content=sayable(entry.content) or None,
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
        "next_url": address_of(f"{feed.older}.json", publication) if feed.older else "",
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
        "content_html": sayable(entry.content or f"<p>{_said(entry.summary)}</p>"),
        "date_published": f"{entry.published}T00:00:00Z",
        "date_modified": f"{entry.updated}T00:00:00Z",
        "tags": list(entry.tags),
    }
    return {name: value for name, value in item.items() if value}
