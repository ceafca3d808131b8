"""The order of everything: from the files as they were found to the site as it is shown."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin

from . import slots
from .backlinks import backlinks, by_anchor, by_type, cited_in
from .bibliography import BibText, uncited
from .dates import last_changed
from .figures import figure_html
from .freshness import changes, manifest
from .front_matter import read_front_matter
from .history import outdated, read_history
from .index import Index
from .keep import Keep
from .layout import positions
from .links import Resolved, relative_url, resolve
from .model import (
    VERDICT_WORDS,
    Backlink,
    Citation,
    Judged,
    Leaf,
    Link,
    Notebook,
    Page,
    Place,
    Problem,
    Prose,
    Reference,
    Site,
    Source,
)
from .notebooks import read_notebook
from .numbering import Numbered, number_citations
from .prose import ProseReader
from .quotes import misquoted, states_verdict
from .related import related
from .rules import problem
from .speaker import unsourced
from .suggest import did_you_mean
from .topics import find_topics, with_told
from .verdicts import judge, leans_on

BIBLIOGRAPHY_TEMPLATE = "bibliography.html"
"""The template of the page that shows every reference under its key."""


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


def assemble(gathered: Gathered, reader: ProseReader, keep: Keep | None = None) -> Site:
    """The site of these sources, with every mistake in them; *keep* holds what slow steps gave in earlier builds."""
    keep = keep or Keep()
    problems = list(gathered.bibliography.problems)
    reads = [_read(source, problems) for source in gathered.sources]
    pages = {read.page.path: read.page for read in reads}
    index = Index(pages.values(), gathered.files)
    problems += index.clashes()
    spoken = _spoken(pages.values())

    # Each text is read alone; only then can links be resolved, since any page may name a heading of any other.
    prose = {
        read.page.path: reader.read(read.page.path, read.body, read.first_line, sorted(spoken), read.lines)
        for read in reads
    }
    problems += (found for text in prose.values() for found in text.problems)
    notebooks = {read.page.path: read.notebook for read in reads if read.notebook}
    stale = {path: _changes(notebook, gathered) for path, notebook in notebooks.items()}
    judgements = judge(pages.values(), notebooks, stale)
    problems += judgements.problems
    judged = _findable(judgements.claims)
    history = read_history(gathered.history)
    problems += history.problems
    if gathered.history:
        problems += outdated(history, _stored_verdicts(pages, notebooks))
    references = {reference.key: reference for reference in gathered.references}
    anchors = {path: _anchors(page, prose[path], references, notebooks.get(path)) for path, page in pages.items()}
    drafts = [
        _Draft(
            page,
            [resolve(raw, page, index, anchors) for raw in prose[page.path].links],
            number_citations(page.path, prose[page.path], references),
            judged,
            notebooks,
            index.pages,
        )
        for page in pages.values()
    ]
    bodies = {read.page.path: read.body for read in reads}
    problems += (found for draft in drafts for item in draft.resolved for found in item.problems)
    problems += (found for draft in drafts for found in draft.numbered.problems)

    links = {draft.page.path: draft.links() for draft in drafts}
    citations = tuple(citation for draft in drafts for citation in draft.citations())
    every_link = tuple(link for on_page in links.values() for link in on_page.values())
    problems += misquoted(every_link, notebooks, judged)
    inbound = backlinks(every_link, pages)  # after links: it turns them round
    for page in pages.values():
        problems += unsourced(page, prose[page.path], links[page.path], references, spoken)
        problems += _unanswered(page, references)
    answered_by = _answered_by(pages.values())
    cited = {citation.key for citation in citations} | set(answered_by)
    leaning = leans_on(every_link, judgements.claims)
    problems += uncited(gathered.bibliography.pieces.values(), cited)
    leaves = {
        draft.page.path: replace(
            _leaf(draft, prose[draft.page.path], inbound.get(draft.page.path, ()), references),
            judged=tuple(found for found in judgements.claims if draft.page in (found.page, found.notebook)),
            leans_on=leaning.get(draft.page.path, ()),
            notebook=notebooks.get(draft.page.path),
            body=bodies[draft.page.path],
            leads=draft.leads(prose[draft.page.path]),
        )
        for draft in drafts
    }
    alike = find_topics(leaves.values(), keep)
    topics, unknown = with_told(alike.topics, pages.values())
    problems += unknown
    return Site(
        leaves=leaves,
        references=tuple(gathered.references),
        cited_in=cited_in(citations, pages),
        answered_by=answered_by,
        links=every_link,
        citations=citations,
        problems=tuple(sorted(set(problems))),
        judged=judgements.claims,
        leaners=_leaners(leaning, pages),
        history=history.changes,
        changed=last_changed(pages.values(), history.changes, judgements.claims),
        topics=topics,
        positions=positions(pages.values(), every_link, keep),
        related=related(alike.near, every_link),
    )


def _leaners(
    leaning: Mapping[str, Sequence[Judged]], pages: Mapping[str, Page]
) -> dict[tuple[str, str], tuple[Page, ...]]:
    """Who leans on each claim, by the page it stands on and its name."""
    found: dict[tuple[str, str], list[Page]] = defaultdict(list)
    for page in sorted((pages[path] for path in leaning), key=lambda page: (page.kind, page.title)):
        for claim in leaning[page.path]:
            found[claim.page.path, claim.claim.name].append(page)
    return {claim: tuple(leaners) for claim, leaners in found.items()}


def _stored_verdicts(pages: Mapping[str, Page], notebooks: Mapping[str, Notebook]) -> dict[str, dict[str, str | None]]:
    """What each notebook that could be read says of its claims, by its slug."""
    return {
        pages[path].slug: {name: outcome.verdict for name, outcome in notebook.outcomes.items()}
        for path, notebook in notebooks.items()
        if notebook.cells
    }


def _changes(notebook: Notebook, gathered: Gathered) -> list[str]:
    """What changed since *notebook* ran; nothing is said of one that never did."""
    if not notebook.ran:
        return []
    current = manifest([cell.source for cell in notebook.cells], gathered.beside_notebooks, gathered.lock)
    return changes(notebook.run, current)


def _findable(claims: Iterable[Judged]) -> dict[tuple[str, str], Judged]:
    """Claims by the page they stand on and their name; those that a notebook tests, by the notebook too."""
    found = {}
    for claim in claims:
        found[claim.page.path, claim.claim.name] = claim
        if claim.notebook:
            found[claim.notebook.path, claim.claim.name] = claim
    return found


def _anchors(page: Page, prose: Prose, references: Iterable[str], notebook: Notebook | None) -> frozenset[str]:
    """What can be linked to on *page*."""
    keys = references if page.meta.get("template") == BIBLIOGRAPHY_TEMPLATE else ()
    published: list[str] = []
    if notebook:
        for values in (notebook.outcomes, notebook.results, notebook.figures):
            published += (value.anchor for value in values.values())
        published += (f"cell-{cell.number}" for cell in notebook.cells)
    return prose.anchors.union((claim.anchor for claim in page.claims), keys, published)


def _leaf(draft: _Draft, prose: Prose, inbound: Sequence[Backlink], references: Mapping[str, Reference]) -> Leaf:
    def filled(tokens: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
        # In a table of contents an entry is a link already, so what is in it cannot be one.
        return tuple(
            {**token, "name": draft.fill(token["name"], at_home=False), "children": filled(token["children"])}
            for token in tokens
        )

    thread = draft.page.thread
    towards = by_anchor(inbound)
    marks = [_inbound_mark(heading.id, len(towards.get(heading.id, ()))) for heading in prose.headings]
    return Leaf(
        page=draft.page,
        html=draft.fill(prose.html, at_home=True, inbound=marks),
        toc=filled(prose.toc),
        headings=tuple(replace(heading, text=draft.fill(heading.text, at_home=False)) for heading in prose.headings),
        references=tuple(
            replace(entry, back=tuple((anchor, draft.fill(name, at_home=False)) for anchor, name in entry.back))
            for entry in draft.numbered.entries
        ),
        backlinks=by_type(inbound),
        inbound=towards,
        answers=references.get(thread.answers) if thread and thread.answers else None,
    )


def _inbound_mark(anchor: str, links: int) -> str:
    """What stands behind a heading that others link to: how many do, leading to the list at the foot."""
    if not links:
        return ""
    words = f"{links} link to this section" if links > 1 else "1 links to this section"
    return f'<a class="inbound" data-search-exclude href="#to-{anchor}" aria-label="{words}">{links}</a>'


def _unanswered(page: Page, references: Mapping[str, Reference]) -> Iterator[Problem]:
    """A parent post that is not in the bibliography."""
    key = page.thread.answers if page.thread else None
    if key and key not in references:
        place = Place(page.path, page.lines.get("answers", 1))
        sentence = f"no work in bib/ has the key `{key}`{did_you_mean(key, references)}"
        yield problem("citation-exists", place, sentence)


def _answered_by(pages: Iterable[Page]) -> dict[str, tuple[Page, ...]]:
    """The threads that answer each post, by its key."""
    threads: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        if page.thread and page.thread.answers:
            threads[page.thread.answers].append(page)
    return {key: tuple(sorted(answering, key=lambda page: page.title)) for key, answering in threads.items()}


@dataclass(frozen=True)
class _Read:
    """A page as it was read: what its head says, its text, and the notebook it was taken from."""

    page: Page
    body: str
    first_line: int
    lines: tuple[int, ...] = ()  # of the file, for those of the text; none where they are the same
    notebook: Notebook | None = None


def _read(source: Source, problems: list[Problem]) -> _Read:
    return _read_notebook(source, problems) if source.path.endswith(".ipynb") else _read_text(source, problems)


def _read_notebook(source: Source, problems: list[Problem]) -> _Read:
    found = read_notebook(source.path, source.content)
    read = read_front_matter(source.path, source.url, found.text)
    problems += found.problems
    if not found.lines:
        return _Read(read.page, read.body, read.first_line, (), found.notebook)

    def in_file(line: int) -> int:
        return found.lines[line - 1] if line <= len(found.lines) else line

    problems += (replace(wrong, place=replace(wrong.place, line=in_file(wrong.place.line))) for wrong in read.problems)
    lines = {name: in_file(line) for name, line in read.page.lines.items()}
    return _Read(replace(read.page, lines=lines), read.body, read.first_line, found.lines, found.notebook)


def _read_text(source: Source, problems: list[Problem]) -> _Read:
    try:
        text = source.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.content.count(b"\n", 0, error.start) + 1
        sentence = f"this file is not UTF-8: byte 0x{source.content[error.start]:02x} cannot be read"
        problems.append(problem("file-is-utf8", Place(source.path, line), sentence))
        text = source.content.decode("utf-8", errors="replace")
    read = read_front_matter(source.path, source.url, text.replace("\r\n", "\n").replace("\r", "\n"))
    problems += read.problems
    if not text.strip():
        # Of an empty file that it is empty is all there is to say.
        problems[len(problems) - len(read.problems) :] = [
            problem("file-not-empty", Place(source.path, 1), "this file is empty")
        ]
    elif not read.body.strip() and "template" not in read.page.meta:
        sentence = "this page has front matter and no text"
        problems.append(problem("file-not-empty", Place(source.path, read.first_line), sentence))
    return _Read(read.page, read.body, read.first_line)


def _spoken(pages: Iterable[Page]) -> dict[str, set[str]]:
    """The threads of each speaker, by surname."""
    threads: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        if page.thread and page.thread.speaker:
            threads[page.thread.speaker.split()[-1]].add(page.path)
    return threads


@dataclass(frozen=True)
class _Draft:
    """A page whose links and citations are resolved: all that its slots can hold."""

    page: Page
    resolved: Sequence[Resolved]
    numbered: Numbered
    judged: Mapping[tuple[str, str], Judged]
    notebooks: Mapping[str, Notebook]
    pages: Mapping[str, Page]

    def fill(self, text: str, *, at_home: bool, inbound: Sequence[str] = ()) -> str:
        """*text* with its slots filled, for the page itself or for a sentence that another page quotes.

        *inbound* holds what stands behind each heading of the page.
        """

        def content(kind: str, number: int) -> str:
            if kind == slots.INBOUND:
                return inbound[number]
            if kind == slots.CITATION:
                return (self.numbered.printed if at_home else self.numbered.plain)[number]
            found = self.resolved[number]
            if kind == slots.VERDICT:
                return self._verdict(found.link) if at_home else ""
            if kind == slots.FIGURE:
                return self._figure(found.link) if at_home else ""
            return html.escape(found.href if kind == slots.HREF else found.label)

        return slots.fill(text, content)

    def _verdict(self, link: Link | None) -> str:
        """The verdict that stands beside a link to a claim, unless the link's own words are the verdict."""
        name = link.anchor.removeprefix("claim-") if link else ""
        found = self.judged.get((link.target, name)) if link else None
        if not found or not link or states_verdict(link.words):
            return ""
        return f' <span class="verdict verdict--{found.verdict}">{VERDICT_WORDS[found.verdict]}</span>'

    def _figure(self, link: Link | None) -> str:
        """The picture that a link to a figure stands for."""
        name = link.anchor.removeprefix("figure-") if link else ""
        notebook = self.notebooks.get(link.target) if link else None
        if not link or not notebook or name not in notebook.figures:
            return ""
        return figure_html(notebook.figures[name], relative_url(self.pages[link.target].url, self.page))

    def links(self) -> dict[int, Link]:
        """The links that lead somewhere, by their number on the page."""
        return {
            number: replace(found.link, excerpt=self.fill(found.link.excerpt, at_home=False))
            for number, found in enumerate(self.resolved)
            if found.link
        }

    def leads(self, prose: Prose) -> dict[tuple[bool, str], tuple[str, str]]:
        """The address and the own words of what each link names, where there is such a thing."""
        return {
            (raw.wikilink, raw.target): (self._url(found), found.label)
            for raw, found in zip(prose.links, self.resolved, strict=True)
            if found.link or not found.problems
        }

    def _url(self, found: Resolved) -> str:
        """Where a link leads, relative to the root of the site."""
        if found.link:
            return f"{self.pages[found.link.target].url}{f'#{found.link.anchor}' if found.link.anchor else ''}"
        return urljoin(f"/{self.page.url}", found.href).removeprefix("/")

    def citations(self) -> tuple[Citation, ...]:
        return tuple(
            replace(citation, excerpt=self.fill(citation.excerpt, at_home=False))
            for citation in self.numbered.citations
        )
