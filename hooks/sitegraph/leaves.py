"""Pages whose slots are filled: what a page shows, and the sentences that other pages quote from it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin

from . import slots
from .backlinks import by_anchor, by_type
from .figures import figure_html
from .links import Resolved, relative_url
from .model import (
    VERDICT_WORDS,
    Backlink,
    Citation,
    Judged,
    Leaf,
    Link,
    Neighbourhood,
    Notebook,
    Page,
    Prose,
    Reference,
)
from .numbering import Numbered
from .quotes import states_verdict
from .reading import Text


@dataclass(frozen=True)
class Around:
    """What every page may show of others: claims with their verdicts, notebooks, and where pages are."""

    judged: Mapping[tuple[str, str], Judged]  # by page and name, and by notebook and name
    notebooks: Mapping[str, Notebook]  # by path
    urls: Mapping[str, str]  # of pages, by path
    references: Mapping[str, Reference]  # by key


def quoted_links(resolved: Sequence[Resolved], numbered: Numbered) -> dict[int, Link]:
    """The links of a page that lead somewhere, by their number on it."""
    fill = _Filler(resolved, numbered).quoted
    return {
        number: replace(found.link, excerpt=fill(found.link.excerpt))
        for number, found in enumerate(resolved)
        if found.link
    }


def quoted_citations(resolved: Sequence[Resolved], numbered: Numbered) -> tuple[Citation, ...]:
    """The citations of a page, each with its sentence."""
    fill = _Filler(resolved, numbered).quoted
    return tuple(replace(citation, excerpt=fill(citation.excerpt)) for citation in numbered.citations)


@dataclass(frozen=True)
class Written:
    """A page read by itself, with its links resolved and its citations numbered."""

    page: Page
    text: Text
    prose: Prose
    resolved: Sequence[Resolved]
    numbered: Numbered
    notebook: Notebook | None


def make_leaf(
    written: Written,
    inbound: Sequence[Backlink],
    judged: Sequence[Judged],
    leans_on: Sequence[Judged],
    neighbourhood: Neighbourhood | None,
    on_map: bool,
    changed: str,
    around: Around,
) -> Leaf:
    """The page as it is shown, with what the rest of the site says of it."""
    page, prose, thread = written.page, written.prose, written.page.thread
    towards = by_anchor(inbound)
    marks = [_inbound_mark(heading.id, len(towards.get(heading.id, ()))) for heading in prose.headings]
    filler = _Filler(written.resolved, written.numbered, page, around, marks)

    def filled(tokens: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
        # In a table of contents an entry is a link already, so what is in it cannot be one.
        return tuple(
            {**token, "name": filler.quoted(token["name"]), "children": filled(token["children"])} for token in tokens
        )

    return Leaf(
        page=page,
        html=filler.at_home(prose.html),
        toc=filled(prose.toc),
        headings=tuple(replace(heading, text=filler.quoted(heading.text)) for heading in prose.headings),
        references=tuple(
            replace(entry, back=tuple((anchor, filler.quoted(name)) for anchor, name in entry.back))
            for entry in written.numbered.entries
        ),
        backlinks=by_type(inbound),
        inbound=towards,
        answers=around.references.get(thread.answers) if thread and thread.answers else None,
        judged=tuple(judged),
        leans_on=tuple(leans_on),
        notebook=written.notebook,
        body=written.text.body,
        leads=dict(_leads(written, around)),
        neighbourhood=neighbourhood,
        on_map=on_map,
        changed=changed,
    )


def _inbound_mark(anchor: str, links: int) -> str:
    """What stands behind a heading that others link to: how many do, leading to the list at the foot."""
    if not links:
        return ""
    words = f"{links} link to this section" if links > 1 else "1 links to this section"
    return f'<a class="inbound" data-search-exclude href="#to-{anchor}" aria-label="{words}">{links}</a>'


def _leads(written: Written, around: Around) -> Iterator[tuple[tuple[bool, str], tuple[str, str]]]:
    """The address and the own words of what each link names, where there is such a thing."""
    for raw, found in zip(written.prose.links, written.resolved, strict=True):
        if found.link:
            anchor = f"#{found.link.anchor}" if found.link.anchor else ""
            yield (raw.wikilink, raw.target), (f"{around.urls[found.link.target]}{anchor}", found.label)
        elif not found.problems:
            address = urljoin(f"/{written.page.url}", found.href).removeprefix("/")
            yield (raw.wikilink, raw.target), (address, found.label)


_NOWHERE = Page("", "", "page", "")
_NOTHING = Around({}, {}, {}, {})


@dataclass(frozen=True)
class _Filler:
    """All that the slots of a page can hold; *marks* holds what stands behind each of its headings."""

    resolved: Sequence[Resolved]
    numbered: Numbered
    page: Page = _NOWHERE
    around: Around = _NOTHING
    marks: Sequence[str] = field(default=())

    def quoted(self, text: str) -> str:
        """*text* as another page quotes it: no way back, no verdict, no figure."""

        def content(kind: str, number: int) -> str:
            if kind == slots.CITATION:
                return self.numbered.plain[number]
            return "" if kind in (slots.VERDICT, slots.FIGURE) else self._link_part(kind, number)

        return slots.fill(text, content)

    def at_home(self, text: str) -> str:
        """*text* as the page itself shows it."""

        def content(kind: str, number: int) -> str:
            if kind == slots.INBOUND:
                return self.marks[number]
            if kind == slots.CITATION:
                return self.numbered.printed[number]
            if kind == slots.VERDICT:
                return self._verdict(self.resolved[number].link)
            if kind == slots.FIGURE:
                return self._figure(self.resolved[number].link)
            return self._link_part(kind, number)

        return slots.fill(text, content)

    def _link_part(self, kind: str, number: int) -> str:
        found = self.resolved[number]
        return html.escape(found.href if kind == slots.HREF else found.label)

    def _verdict(self, link: Link | None) -> str:
        """The verdict that stands beside a link to a claim, unless the link's own words are the verdict."""
        name = link.anchor.removeprefix("claim-") if link else ""
        found = self.around.judged.get((link.target, name)) if link else None
        if not found or not link or states_verdict(link.words):
            return ""
        return f' <span class="verdict verdict--{found.verdict}">{VERDICT_WORDS[found.verdict]}</span>'

    def _figure(self, link: Link | None) -> str:
        """The picture that a link to a figure stands for."""
        name = link.anchor.removeprefix("figure-") if link else ""
        notebook = self.around.notebooks.get(link.target) if link else None
        if not link or not notebook or name not in notebook.figures:
            return ""
        return figure_html(notebook.figures[name], relative_url(self.around.urls[link.target], self.page))
