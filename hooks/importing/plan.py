"""What an import would write, and what it has to say: nothing here touches a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sitegraph.front_matter import ORIGIN_FIELDS
from sitegraph.model import Page

from .addresses import comments_named, post_address, whole
from .files import ORIGINALS, Original, original_text, page_text, plain, with_fields
from .threads import Names, Thread, facts_of, slug_of, threads, title_of
from .to_html import to_html
from .to_markdown import Written, to_markdown
from .values import Comment
from .whose import Own

THREADS = "docs/threads"

_TOKEN = re.compile("\ue000([0-9]+)\ue001")
_SOURCE = re.compile(r"C([0-9]+)")
_MAY_CHANGE = ("edited", "retracted", "original")
"""What is brought up to date on a page even where nothing tells what stood there before."""


@dataclass(frozen=True)
class There:
    """What lies in the repository before an import."""

    pages: Sequence[Page]  # of the whole site: their names are taken
    texts: Mapping[str, str]  # of the threads, by path
    originals: Mapping[str, Original]  # by the id of the comment
    files: Mapping[str, str]  # the texts of the originals, by path


@dataclass(frozen=True)
class Wanted:
    """What was asked for."""

    site: str
    today: str
    only: frozenset[str] = frozenset()  # ids of comments, or slugs of threads; all where there are none


@dataclass
class Plan:
    """Files to write, by path, and sentences to say."""

    writes: dict[str, str] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    same: int = 0
    threads: int = 0


@dataclass(frozen=True)
class _Draft:
    """A thread with its texts, in which the targets of links are still tokens, and with its place."""

    thread: Thread
    written: tuple[Written, ...]
    facts: Mapping[str, Any]
    page: Page | None  # the page that it has already
    path: str
    title: str


def plan(own: Own, there: There, wanted: Wanted, whole_export: bool, progress: Callable[[int, int], None]) -> Plan:
    """What to write so that every thread has a page and an original; the same comments twice give nothing to write."""
    made = Plan()
    by_id = {page.thread.origin.id: page for page in there.pages if page.thread and page.thread.origin.id}
    found = threads(own.comments, own.others)
    targets: list[str] = []
    tokens: dict[str, int] = {}
    drafts = []
    names = _Taken(there)
    for number, thread in enumerate(found, start=1):
        drafts.append(_draft(thread, by_id, names, wanted, targets, tokens))
        progress(number, len(found))
    chosen = [draft for draft in drafts if _is_wanted(draft, wanted.only)]
    made.threads = len(chosen)
    leading = _leading(drafts, there, by_id)
    source = max((_number(page) for page in there.pages), default=0)
    lost = 0
    for draft in chosen:
        original = there.originals.get(draft.thread.first.id)
        if draft.page is None and original is not None:
            made.said.append(
                f"{original.path}: its thread was removed, and is not made again; delete this file to import it"
            )
            continue
        facts = {**(original.facts if original else {}), **draft.facts}
        if draft.page is None:
            source += 1
            made.writes[draft.path] = page_text(
                draft.thread, draft.title, own.speaker, f"C{source:02}", draft.facts, wanted.today
            )
            made.new.append(draft.path)
            lost += sum(text.lost for text in draft.written)
        else:
            made.writes.update(_page_again(draft, there.texts[draft.path], original, made.said))
        path = original.path if original else names.original(draft.thread.first.id)
        kept = {name: facts[name] for name in ORIGIN_FIELDS if name in facts}
        text = original_text(
            draft.thread, draft.path, kept, draft.written, lambda text: _linked(text, targets, leading)
        )
        if text == there.files.get(path):
            made.same += draft.path not in made.writes
        elif original and original.touched:
            made.said.append(f"{path}: this was changed by hand, and is left as it is")
        else:
            made.writes[path] = text
    if lost:
        made.said.append(f"{lost} formulas came without their LaTeX; “(a formula)” stands in their places")
    made.said += _gone(own, by_id, found, whole_export and not wanted.only)
    return made


def _number(page: Page) -> int:
    found = _SOURCE.fullmatch(page.thread.source) if page.thread else None
    return int(found[1]) if found else 0


def _is_wanted(draft: _Draft, only: frozenset[str]) -> bool:
    slug = draft.path.rpartition("/")[2].removesuffix(".md")
    return not only or slug in only or any(comment.id in only for comment in draft.thread.comments)


class _Taken:
    """The names that are given away: of files, of pages, of originals."""

    def __init__(self, there: There) -> None:
        self.slugs = Names([page.slug for page in there.pages])
        self.titles = Names([name for page in there.pages for name in (page.title, *page.aliases, page.slug)])
        # Ids differ by their capitals too, and some disks do not tell these apart.
        self._originals = Names([path.rpartition("/")[2].removesuffix(".md") for path in there.files])

    def page(self, title: str, comment: str) -> tuple[str, str]:
        """The title and the path of a page that is to be called *title*."""
        title = self.titles.free(title, "{} ({})")
        slug = self.slugs.free(slug_of(title, comment), "{}-{}")
        self.titles.free(slug, "{}-{}")
        return title, f"{THREADS}/{slug}.md"

    def original(self, comment: str) -> str:
        """The path of the original of a comment."""
        return f"{ORIGINALS}/{self._originals.free(comment, '{}-{}')}.md"


def _draft(
    thread: Thread,
    by_id: Mapping[str, Page],
    names: _Taken,
    wanted: Wanted,
    targets: list[str],
    tokens: dict[str, int],
) -> _Draft:
    written = []
    for number, comment in enumerate(thread.comments, start=1):
        base = comment.address or _base(comment, wanted.site)

        def token(address: str, base: str = base) -> str:
            target = whole(address, base)
            if not target:
                return ""
            if target not in tokens:
                tokens[target] = len(targets)
                targets.append(target)
            return f"\ue000{tokens[target]}\ue001"

        assert comment.body
        notes = f"{number}-" if number > 1 else ""
        written.append(to_markdown(to_html(comment.body), token, notes))
    facts = facts_of(thread, wanted.site, [_told(text.markdown, targets) for text in written])
    page = by_id.get(thread.first.id)
    title, path = (page.title, page.path) if page else names.page(title_of(thread, written[0]), thread.first.id)
    return _Draft(thread, tuple(written), facts, page, path, title)


def _base(comment: Comment, site: str) -> str:
    return (post_address(site, comment.post) if comment.post else "") or f"{site}/"


def _told(markdown: str, targets: Sequence[str]) -> str:
    """A text with the whole addresses of its links, which stay the same whatever becomes of the site."""
    return _TOKEN.sub(lambda found: targets[int(found[1])], markdown)


def _leading(drafts: Iterable[_Draft], there: There, by_id: Mapping[str, Page]) -> Mapping[str, str]:
    """The page of each comment that has one, by its id and by its id of long ago."""
    pages = {comment: page.path for comment, page in by_id.items()}
    for draft in drafts:
        if draft.page is None and draft.thread.first.id in there.originals:
            continue  # its page was removed
        for comment in draft.thread.comments:
            pages[comment.id] = draft.path
            if comment.legacy:
                pages[f"lw:{comment.legacy}"] = draft.path
    return pages


def _linked(text: str, targets: Sequence[str], leading: Mapping[str, str]) -> str:
    """*text* with its links in their places: to the page of a comment where there is one, else to where they led."""

    def target(found: re.Match[str]) -> str:
        address = targets[int(found[1])]
        page = next((leading[name] for name in comments_named(address) if name in leading), None)
        return f"../{page}" if page else address

    return _TOKEN.sub(target, text)


def _page_again(draft: _Draft, text: str, original: Original | None, said: list[str]) -> Iterator[tuple[str, str]]:
    """A page that is there with what changed at the source, and no line that a hand wrote."""
    assert draft.page
    present = {name: plain(draft.page.meta.get(name)) for name in ORIGIN_FIELDS if name in draft.page.meta}
    adopted = "original" not in present  # written by hand, and given the id of its comment
    changes: dict[str, Any] = {}
    for name, fact in draft.facts.items():
        here = present.get(name)
        before = original.facts.get(name) if original else None
        if fact == here or (fact is False and here is None):
            continue
        if original and before == fact:
            continue  # changed by hand since, and not at the source
        if here is None:
            may_change = bool(adopted or original or name in _MAY_CHANGE)
        else:
            may_change = before == here if original else name in _MAY_CHANGE
        if may_change:
            changes[name] = fact
        elif here is not None and not adopted:
            said.append(f"{draft.path}: `{name}` is now {fact} at the source; you wrote {here}, which is left")
    if not changes:
        return
    again = with_fields(text, changes)
    if again != text:
        yield draft.path, again
    if not adopted and "original" in changes:
        day = f" on {draft.facts['edited']}" if "edited" in changes else ""
        said.append(f"{draft.path}: the comment was changed at the source{day}; is the restatement still right?")
    if changes.get("retracted") is True and not adopted:
        said.append(f"{draft.path}: the comment was retracted by its author")


def _gone(own: Own, by_id: Mapping[str, Page], found: Iterable[Thread], whole_export: bool) -> Iterator[str]:
    deleted = {comment.id for comment in own.comments if comment.deleted}
    here = {comment.id for comment in own.comments}
    merged = {reply.id for thread in found for reply in thread.replies}
    for comment, page in by_id.items():
        if comment in deleted:
            yield f"{page.path}: the comment was deleted at the source; the page is left as it is"
        elif comment not in here and whole_export:
            yield f"{page.path}: the comment is no longer in the export; the page is left as it is"
        elif comment in merged:
            yield f"{page.path}: the comment is a reply below another one of the same person; the page is left as it is"
