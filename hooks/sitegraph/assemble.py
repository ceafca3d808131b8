"""The order of everything: from the files as they were found to the site as it is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache, partial
from itertools import chain
from typing import Any

from .backlinks import backlinks, by_key, by_target, cited_in
from .beside import Ahead
from .bibliography import BibText, Piece, uncited
from .dates import last_changed
from .freshness import changes, manifest
from .history import HistoryRead, outdated, read_history
from .index import Index, named_page
from .keep import Keep, digest
from .layout import drawn, positions
from .leaves import Around, Written, make_leaf, quoted_citations, quoted_links
from .links import Resolved, resolve
from .live import Runtime, live_files, outdated_answers
from .live_code import live_problems
from .memo import Memo, Seen, Table
from .model import (
    Backlink,
    Citation,
    Judged,
    Later,
    Leaf,
    Link,
    Neighbourhood,
    Notebook,
    Page,
    Place,
    Problem,
    Prose,
    Reference,
    Site,
    Source,
    in_part,
    part_url,
)
from .near import Related, Words, telling_words
from .neighbourhood import neighbourhood
from .numbering import Numbered, number_citations
from .prose import ProseReader
from .quotes import misquoted
from .reading import Read, Text, read_source
from .rules import problem
from .settings import wrong_settings
from .speaker import unsourced
from .suggest import did_you_mean
from .topics import begin_topics, find_topics, told_on, with_told
from .verdicts import ClaimPlaces, Judgements, claim_places, judge, leans_on

BIBLIOGRAPHY_TEMPLATE = "bibliography.html"
"""The template of the page that shows every reference under its key."""


MANY = 50
"""Of more pages than this, some are read on another core."""


@dataclass(frozen=True)
class Gathered:
    """All that a build found, before anything is derived from it."""

    sources: Sequence[Source]  # the pages
    files: Mapping[str, str]  # path → address of everything else that readers can fetch
    bibliography: BibText
    references: Sequence[Reference]
    beside_notebooks: Mapping[str, bytes] = field(default_factory=dict)  # code and data, by path from notebooks/
    lock: str = ""  # requirements.lock
    history: str = ""  # notebooks/verdicts.jsonl
    settings: str = ""  # mkdocs.yml
    problems: Sequence[Problem] = ()  # with files that were left out
    runtime: Runtime | None = None  # what `make live` made

    @property
    def state(self) -> str:
        """A name that changes when any of it does."""
        texts = (piece for source in self.sources for piece in (source.path, source.url, source.content))
        rest = (repr(getattr(self, found.name)) for found in fields(self) if found.name != "sources")
        return digest(chain(texts, rest))


def assemble(
    gathered: Gathered,
    reader: ProseReader,
    keep: Keep | None = None,
    memo: Memo | None = None,
    ahead: Ahead | None = None,
) -> Site:
    """The site of these sources, with every mistake in them.

    *keep* holds what slow steps gave in earlier builds, *memo* what every step gave the last time it was handed in
    here: what depends on nothing that changed since is not worked out again, and is the very same value. *ahead* is
    what will find the topics, if it was told to get ready (see `topics_ahead`).
    """
    keep = keep or Keep()
    memo = memo if memo is not None else Memo()
    first = memo.new
    gathered = _known(gathered, memo)
    reads = memo.each("read", _read, memo.table("sources", {source.path: source for source in gathered.sources}))
    pages: Table[str, Page] = memo.each("page", lambda _, read: read.page, reads)
    texts: Table[str, Text] = memo.each("text", lambda _, read: read.text, reads)
    notebooks: Table[str, Notebook] = memo.each("notebook", lambda _, read: read.notebook, reads)
    references = memo.whole("references", _by_key, gathered.references)
    spoken = memo.whole("spoken", _spoken, pages)

    # Each text is read alone; only then can links be resolved, since any page may name a heading of any other.
    names = tuple(sorted(spoken))
    if first and len(texts) > MANY:  # another core begins at the end, this one at the beginning
        last_first = reversed(texts.items())
        reader.begin((path, text.body, text.first_line, names, text.lines) for path, text in last_first)
    prose: Table[str, Prose] = memo.each("prose", partial(_prose, reader), texts, shared=(reader.settings, names))
    limits: Table[str, str] = memo.each("limits", lambda _, notebook, prose: _limits(prose), notebooks, prose)
    stale = memo.each("stale", _changes, notebooks, shared=(gathered.beside_notebooks, gathered.lock))
    asked_again = memo.each("live", _asked_again, notebooks, shared=(gathered.beside_notebooks, gathered.runtime))
    judgements: Judgements = memo.whole("judgements", _judgements, pages, notebooks, stale, limits)
    judged = memo.whole("judged", _findable, judgements)
    named = memo.each("named", lambda _, page: named_page(page), pages)
    index = memo.whole("index", _index, named, gathered.files, gathered.references)
    urls = memo.each("url", lambda _, page: page.url, pages)
    keys = tuple(references)  # in the order of the bibliography
    anchors: Table[str, frozenset[str]] = memo.each("anchors", _anchors, pages, prose, notebooks, shared=(keys,))
    resolved: Table[str, tuple[Resolved, ...]] = memo.each(
        "resolved", _resolved, prose, looks_up=(anchors,), shared=(index,)
    )
    numbered: Table[str, Numbered] = memo.each("numbered", number_citations, prose, shared=(references,))

    links: Table[str, dict[int, Link]] = memo.each("links", lambda _, *read: quoted_links(*read), resolved, numbered)
    citations: Table[str, tuple[Citation, ...]] = memo.each(
        "citations", lambda _, *read: quoted_citations(*read), resolved, numbered
    )
    linked: Table[str, Mapping[str, tuple[Link, ...]]] = memo.each(
        "linked", lambda _, links: by_target(links.values()), links
    )
    linking = memo.turned("linking", linked)
    inbound = memo.each("backlinks", lambda _, rows, pages: backlinks(rows, pages), linking, looks_up=(pages,))
    around = memo.each("around", _around, pages, linked, linking, looks_up=(pages,))
    citing = memo.turned("citing", memo.each("cited", lambda _, found: by_key(found) or None, citations))
    places = memo.whole("claims", lambda judgements: claim_places(judgements.claims), judgements)
    leaning = memo.each("leaning", _leaning, links, shared=(judgements, places))
    leaners = memo.turned("leaners", memo.each("leaned", _leaned, leaning, pages))
    history: HistoryRead = memo.whole("history", read_history, gathered.history)
    changed = memo.table("changed", memo.whole("days", _changed, pages, history, judgements))

    leaves: Table[str, Leaf] = memo.each(
        "leaf",
        _leaf,
        *(pages, texts, prose, resolved, numbered, notebooks, inbound),
        *(memo.table("claimed", memo.whole("own", _own, judgements)), leaning, around),
        *(
            memo.table("mapped", memo.whole("drawn", _drawn, memo.each("others", lambda _, near: near.others, around))),
            changed,
        ),
        shared=(memo.whole("rest", Around, judged, notebooks, urls, references),),
    )
    # What is slow, and shown on few pages, is worked out when one of these is.
    if ahead:
        begin_topics(ahead, leaves.values(), keep)
    topics = Later(partial(find_topics, tuple(leaves.values()), keep))
    told = memo.whole("told", told_on, pages)
    with_summaries = Later(lambda: with_told(topics.value, told))
    flawed = memo.each(
        "flawed",
        _flawed,
        *(reads, pages, prose, resolved, numbered, links),
        shared=(references, spoken, notebooks, judged),
    )
    answered_by = memo.whole("answered", _answered_by, pages)
    problems = {
        *gathered.problems,
        *gathered.bibliography.problems,
        *memo.whole("settings", lambda text: tuple(wrong_settings(text)), gathered.settings),
        *memo.whole("clashes", lambda index: tuple(index.clashes()), index),
        *chain.from_iterable(flawed.values()),
        *judgements.problems,
        *chain.from_iterable(asked_again.values()),
        *history.problems,
        *(outdated(history, _stored_verdicts(pages, notebooks)) if gathered.history else ()),
        *memo.whole("uncited", _uncited, gathered.bibliography.pieces, frozenset(citing), answered_by),
        *(with_summaries.value[1] if told else ()),
    }
    return Site(
        leaves=leaves,
        references=tuple(gathered.references),
        cited_in=memo.each("cited in", lambda _, rows, pages: cited_in(rows, pages), citing, looks_up=(pages,)),
        answered_by=answered_by,
        links_from=links,
        citations_on=citations,
        problems=tuple(sorted(problems)),
        judged=judgements.claims,
        leaners=memo.each("leaning pages", lambda _, rows: _by_kind(rows.values()), leaners),
        history=history.changes,
        changed=changed,
        live_files=live_files(notebooks, gathered.beside_notebooks, gathered.runtime),
        related=_related(leaves, memo, keep),
        found_topics=Later(lambda: with_summaries.value[0]),
        found_positions=Later(partial(_positions, pages, links, keep)),
    )


def _known(gathered: Gathered, memo: Memo) -> Gathered:
    """*gathered* with the very values that were there last time, where they are equal: steps go by identity."""
    known: dict[str, Any] = {
        found.name: memo.whole(f"gathered {found.name}", lambda value: value, getattr(gathered, found.name))
        for found in fields(gathered)
        if found.name != "sources"  # of which a table is made
    }
    return replace(gathered, **known)


def _read(path: str, source: Source) -> Read:
    return read_source(source)


def _by_key(references: Iterable[Reference]) -> dict[str, Reference]:
    return {reference.key: reference for reference in references}


def _spoken(pages: Mapping[str, Page]) -> dict[str, set[str]]:
    """The threads of each speaker, by surname."""
    threads: dict[str, set[str]] = defaultdict(set)
    for page in pages.values():
        if page.thread and page.thread.speaker:
            threads[page.thread.speaker.split()[-1]].add(page.path)
    return dict(threads)


def _prose(reader: ProseReader, path: str, text: Text, settings: object, names: tuple[str, ...]) -> Prose:
    return reader.read(path, text.body, text.first_line, names, text.lines)


def _limits(prose: Prose) -> str:
    """The id of the section of a notebook that says what its model leaves out: the last of the second level."""
    sections = [heading.id for heading in prose.headings if heading.level == 2]
    return sections[-1] if sections else ""


def _changes(path: str, notebook: Notebook, beside: Mapping[str, bytes], lock: str) -> tuple[str, ...]:
    """What changed since *notebook* ran; nothing is said of one that never did."""
    if not notebook.ran:
        return ()
    current = manifest([cell.source for cell in notebook.cells], beside, lock)
    return tuple(changes(notebook.run, current))


def _asked_again(
    path: str, notebook: Notebook, beside: Mapping[str, bytes], runtime: Runtime | None
) -> tuple[Problem, ...] | None:
    """Why a browser could not ask the questions of *notebook* again, or not know that it answers rightly."""
    return (*live_problems(notebook, beside), *outdated_answers(path, notebook, beside, runtime)) or None


def _judgements(
    pages: Mapping[str, Page],
    notebooks: Mapping[str, Notebook],
    stale: Mapping[str, Sequence[str]],
    limits: Mapping[str, str],
) -> Judgements:
    return judge(pages.values(), notebooks, stale, limits)


def _findable(judgements: Judgements) -> dict[tuple[str, str], Judged]:
    """Claims by the page they stand on and their name; those that a notebook tests, by the notebook too."""
    found = {}
    for claim in judgements.claims:
        found[claim.page.path, claim.claim.name] = claim
        if claim.notebook:
            found[claim.notebook.path, claim.claim.name] = claim
    return found


def _own(judgements: Judgements) -> dict[str, tuple[Judged, ...]]:
    """The claims that stand on each page, or that it tests, by path."""
    found: dict[str, list[Judged]] = defaultdict(list)
    for claim in judgements.claims:
        for path in {page.path for page in (claim.page, claim.notebook) if page}:
            found[path].append(claim)
    return {path: tuple(claims) for path, claims in found.items()}


def _index(named: Mapping[str, Page], files: Mapping[str, str], references: Sequence[Reference]) -> Index:
    first = part_url("bibliography", 1)
    by_url = {page.url: page for page in named.values()}
    further = {
        (by_url[first].path, work.key): by_url[work.listed]
        for work in references
        if work.listed != first and {first, work.listed} <= by_url.keys()
    }
    return Index(named.values(), files, further)


def _anchors(
    path: str, page: Page, prose: Prose, notebook: Notebook | None, references: tuple[str, ...]
) -> frozenset[str]:
    """What can be linked to on *page*."""
    keys = in_part(page, references) if page.meta.get("template") == BIBLIOGRAPHY_TEMPLATE else ()
    published: list[str] = []
    if notebook:
        for values in (notebook.outcomes, notebook.results, notebook.figures):
            published += (value.anchor for value in values.values())
        published += (f"cell-{cell.number}" for cell in notebook.cells)
    return prose.anchors.union((claim.anchor for claim in page.claims), keys, published)


def _resolved(path: str, prose: Prose, anchors: Seen[str, frozenset[str]], index: Index) -> tuple[Resolved, ...]:
    return tuple(resolve(raw, index.pages[path], index, anchors) for raw in prose.links)


def _around(
    path: str,
    page: Page,
    linked: Mapping[str, tuple[Link, ...]],
    linking: Mapping[str, tuple[Link, ...]] | None,
    pages: Seen[str, Page],
) -> Neighbourhood | None:
    return neighbourhood(page, linked, linking or {}, pages)


def _drawn(others: Mapping[str, int]) -> dict[str, bool]:
    """The pages that the map shows; *others* says with how many each is linked."""
    return dict.fromkeys(drawn(others), True)


def _leaning(
    path: str, links: Mapping[int, Link], judgements: Judgements, places: ClaimPlaces
) -> tuple[Judged, ...] | None:
    return leans_on(links.values(), judgements.claims, places) or None


def _leaned(path: str, leaning: Iterable[Judged], page: Page) -> dict[tuple[str, str], Page]:
    return {(claim.page.path, claim.claim.name): page for claim in leaning}


def _by_kind(pages: Iterable[Page]) -> tuple[Page, ...]:
    return tuple(sorted(pages, key=lambda page: (page.kind, page.title)))


def _changed(pages: Mapping[str, Page], history: HistoryRead, judgements: Judgements) -> dict[str, str]:
    return last_changed(pages.values(), history.changes, judgements.claims)


def _leaf(
    path: str,
    page: Page,
    text: Text,
    prose: Prose,
    resolved: Sequence[Resolved],
    numbered: Numbered,
    notebook: Notebook | None,
    inbound: Sequence[Backlink] | None,
    judged: Sequence[Judged] | None,
    leaning: Sequence[Judged] | None,
    near: Neighbourhood | None,
    mapped: bool | None,
    changed: str | None,
    rest: Around,
) -> Leaf:
    written = Written(page, text, prose, resolved, numbered, notebook)
    return make_leaf(written, inbound or (), judged or (), leaning or (), near, bool(mapped), changed or "", rest)


def _flawed(
    path: str,
    read: Read,
    page: Page,
    prose: Prose,
    resolved: Sequence[Resolved],
    numbered: Numbered,
    links: Mapping[int, Link],
    references: Mapping[str, Reference],
    spoken: Mapping[str, set[str]],
    notebooks: Mapping[str, Notebook],
    judged: Mapping[tuple[str, str], Judged],
) -> tuple[Problem, ...] | None:
    """What is wrong on a page."""
    problems = [
        *read.problems,
        *prose.problems,
        *(found for item in resolved for found in item.problems),
        *numbered.problems,
        *misquoted(links.values(), notebooks, judged),
        *unsourced(page, prose, links, references, spoken),
        *_unanswered(page, references),
    ]
    return tuple(problems) or None


def _unanswered(page: Page, references: Mapping[str, Reference]) -> Iterator[Problem]:
    """A parent post that is not in the bibliography."""
    key = page.thread.answers if page.thread else None
    if key and key not in references:
        place = Place(page.path, page.lines.get("answers", 1))
        sentence = f"no work in bib/ has the key `{key}`{did_you_mean(key, references)}"
        yield problem("citation-exists", place, sentence)


def _uncited(
    pieces: Mapping[str, Piece], cited: frozenset[str], answered_by: Mapping[str, object]
) -> tuple[Problem, ...]:
    return tuple(uncited(pieces.values(), cited | answered_by.keys()))


def _answered_by(pages: Mapping[str, Page]) -> dict[str, tuple[Page, ...]]:
    """The threads that answer each post, by its key."""
    threads: dict[str, list[Page]] = defaultdict(list)
    for page in pages.values():
        if page.thread and page.thread.answers:
            threads[page.thread.answers].append(page)
    return {key: tuple(sorted(answering, key=lambda page: page.title)) for key, answering in threads.items()}


def _stored_verdicts(pages: Mapping[str, Page], notebooks: Mapping[str, Notebook]) -> dict[str, dict[str, str | None]]:
    """What each notebook that could be read says of its claims, by its slug."""
    return {
        pages[path].slug: {name: outcome.verdict for name, outcome in notebook.outcomes.items()}
        for path, notebook in notebooks.items()
        if notebook.cells
    }


def _related(leaves: Table[str, Leaf], memo: Memo, keep: Keep) -> Related:
    """The pages to read after each; the words of the pages are counted when this is asked for."""
    words = cache(lambda: memo.each("words", lambda _, leaf: telling_words(leaf, keep), leaves))
    return Related(leaves, words, memo.whole("places", Words))


def _positions(
    pages: Mapping[str, Page], links: Mapping[str, Mapping[int, Link]], keep: Keep
) -> dict[str, tuple[float, float]]:
    every_link = [link for on_page in links.values() for link in on_page.values()]
    return positions(pages.values(), every_link, keep)
