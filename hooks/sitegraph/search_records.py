"""What the search finds: pages, sections of essays and notebooks, claims and references, each on its own."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .assemble import BIBLIOGRAPHY_TEMPLATE
from .model import VERDICT_WORDS, Judged, Leaf, Notebook, Reference, Site, in_part
from .notebooks import PLACEHOLDER
from .plain import plain_text

# A thread is short and its headings are the same as everyone's; found by section it would be found twice.
_SECTIONED = ("essay", "notebook")


@dataclass(frozen=True)
class Record:
    """One thing that can be found."""

    kind: str  # as it is told to readers: 'thread', 'section of an essay'
    title: str
    address: str  # relative to the root of the site, with the anchor: 'essays/promises/#kept'
    text: str
    where: str = ""  # what it is part of: the title of the page; of a reference the people and the year
    verdict: str = ""  # how the verdict on a claim is told to readers
    named: Literal["title", "heading", "name"] = "title"  # of a page, of a part of one, of what is listed by itself


def search_records(site: Site) -> Iterator[Record]:
    """Every page, then its sections and claims; at the end the references.

    A page can ask to be left out, in the words of MkDocs' own search: `search: {exclude: true}`.
    """
    for path in sorted(site.leaves):
        leaf = site.leaves[path]
        if leaf.page.meta.get("search", {}).get("exclude"):
            continue
        yield from _page_and_sections(leaf)
        yield from (_claim(found) for found in leaf.judged if found.page == leaf.page)
    for leaf in site.leaves.values():
        if leaf.page.meta.get("template") == BIBLIOGRAPHY_TEMPLATE:
            yield from (_reference(reference) for reference in in_part(leaf.page, site.references))


def _page_and_sections(leaf: Leaf) -> Iterator[Record]:
    page = leaf.page
    text = _with_outputs(leaf.html, leaf.notebook) if leaf.notebook else leaf.html
    opening, *sections = _HEADING.split(text) if page.kind in _SECTIONED else [text]
    yield Record(page.kind, page.title, page.url, f"{page.description}\n{plain_text(opening)}".strip())
    article = "an" if page.kind == "essay" else "a"
    for _, anchor, heading, body in zip(*(sections[part::4] for part in range(4)), strict=True):
        title, address = plain_text(heading), f"{page.url}#{anchor}"
        kind = f"section of {article} {page.kind}"
        yield Record(kind, title, address, plain_text(body), page.title, named="heading")


_HEADING = re.compile(r'<h([2-6]) id="([^"]+)"[^>]*>(.*?)</h\1>', re.DOTALL)


def _with_outputs(text: str, notebook: Notebook) -> str:
    """The prose of a notebook with what its results and figures say in the places of its cells; no code."""
    cells = {str(cell.number): cell for cell in notebook.cells}

    def words(found: re.Match[str]) -> str:
        outputs = cells[found[1]].outputs if found[1] in cells else ()
        said = [output.value.says for output in outputs if output.kind == "result"]
        said += [output.value.caption for output in outputs if output.kind == "figure"]
        return "".join(f"<p>{html.escape(sentence)}</p>" for sentence in said)

    return PLACEHOLDER.sub(words, text)


def _claim(found: Judged) -> Record:
    says = [found.outcome.condition if found.outcome else "", _number(found)]
    return Record(
        "claim",
        found.claim.says,
        f"{found.page.url}#{found.claim.anchor}",
        "\n".join(filter(None, says)),
        found.page.title,
        VERDICT_WORDS[found.verdict],
        named="name",
    )


def _number(found: Judged) -> str:
    if found.number:
        return f"{found.number.says}: {found.number.written} {found.number.unit}".strip()
    return f"A test would take: {found.claim.test_would_take}" if found.claim.test_would_take else ""


def _reference(reference: Reference) -> Record:
    text = reference.text.replace(f" {reference.title}.", "", 1)
    return Record("reference", reference.title, reference.address, text, reference.label, named="name")
