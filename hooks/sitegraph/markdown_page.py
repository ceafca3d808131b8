"""Each page as Markdown: what its source says, with whole addresses, and what the site knows of it besides."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .cite_page import cite_key
from .elsewhere import address_of, number_words, sentence
from .figures import file_names
from .model import VERDICT_WORDS, Cell, Judged, Kind, Leaf, Page, Publication, Reference, Result, Site, in_part
from .notebooks import PLACEHOLDER
from .places import without_code

_LINK = re.compile(
    r"""(?<!\\)\[\[(?P<name>[^\[\]|\\]+)(?:\\?\|(?P<label>[^\[\]]+))?\]\]  # [[name|label]]
      | (?P<before>\]\(\s*|^[ ]{0,3}\[[^\]^]+\]:[ \t]*)               # ]( or [label]:
        (?:<(?P<spaced>[^<>\n]+)(?=>)|(?P<target>(?:[^\s<>()]|\([^\s()]*\))+))
    """,
    re.VERBOSE | re.MULTILINE,
)
_CELL_MARK = re.compile(rf"\s*{PLACEHOLDER.pattern}\s*")
_SPECIAL = re.compile(r"[\\`*\[\]<]|(?<!\w)_|_(?!\w)")
_TICKS = re.compile("`+")


def copy_url(page: Page) -> str:
    """Where the Markdown of *page* lies, relative to the root of the site."""
    return f"{page.url}index.md"


def markdown_page(leaf: Leaf, site: Site, publication: Publication) -> str:
    """The page as Markdown: a head in YAML, its title, its text, its claims and its references."""
    parts = [_head(leaf, publication), f"# {_said(leaf.page.title)}", _text(leaf, publication)]
    parts += _listed(leaf, site, publication)
    if not leaf.notebook:
        parts += _claims(leaf, publication)
    if leaf.references:
        parts.append("## References")
        parts.append(
            "\n".join(f"- `{found.reference.key}`: {_said(found.reference.text)}" for found in leaf.references)
        )
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(leaf: Leaf, publication: Publication) -> str:
    page, thread = leaf.page, leaf.page.thread
    fields = {
        "title": page.title,
        "description": page.description,
        "address": address_of(page.url, publication),
        "kind": thread.form if thread else page.kind,
        "speaker": thread.speaker if thread else "",
        "answers": (thread.answers or "") if thread else "",
        "parent": thread.parent if thread else "",
        "parent-post": leaf.answers.text if leaf.answers else "",
        "restated": thread.restated if thread else "",
        "written": page.written or "",
        "changed": leaf.changed,
        "themes": list(page.themes),
        "licence": publication.licence,
        "cite-key": cite_key(page, publication) if page.kind != "page" else "",
    }
    # A JSON string or list is YAML as well, however odd its characters are.
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items() if value]
    return "\n".join(["---", *lines, "---"])


def _text(leaf: Leaf, publication: Publication) -> str:
    address = address_of(leaf.page.url, publication)
    text = _with_whole_links(leaf, publication).strip()
    if leaf.notebook:
        cells = {str(cell.number): cell for cell in leaf.notebook.cells}
        text = _CELL_MARK.sub(lambda found: _blocks(_cell(cells.get(found[1]), leaf, address)), text).strip()
    return text


def _blocks(parts: Iterable[str]) -> str:
    return "".join(f"\n\n{part}" for part in parts) + "\n\n"


def _with_whole_links(leaf: Leaf, publication: Publication) -> str:
    """The text of *leaf* with the whole address of everything that it links; code is left alone."""
    pieces: list[str] = []
    at = 0
    for found in _LINK.finditer(without_code(leaf.body)):  # which keeps every character in its place
        pieces += (leaf.body[at : found.start()], _whole(found, leaf, publication))
        at = found.end()
    return "".join([*pieces, leaf.body[at:]])


def _whole(found: re.Match[str], leaf: Leaf, publication: Publication) -> str:
    """A link with its address whole; one that leads nowhere stays as it is written."""
    name = found["name"]
    url, words = leaf.leads.get((bool(name), name or found["target"] or found["spaced"]), (None, ""))
    if url is None:
        return found[0]
    address = address_of(url, publication).replace(" ", "%20")
    if name:
        return f"[{found['label'] or _said(words)}]({address})"
    return f"{found['before']}{'<' if found['spaced'] else ''}{address}"


def _cell(cell: Cell | None, leaf: Leaf, address: str) -> Iterator[str]:
    """The code of a cell, and what came out."""
    if cell is None:  # where the answer ends
        yield from _answer(leaf)
        return
    yield _fenced(cell.source, "python")
    results = [output.value for output in cell.outputs if output.kind == "result"]
    if results:
        yield _results(results)
    for output in cell.outputs:
        if output.kind in ("text", "error"):
            yield _fenced(output.value)
        elif output.kind == "html":
            yield output.value
        elif output.kind == "figure":
            yield f"![{_said(output.value.alt)}]({address}{file_names(output.value)[0]})"
            yield _said(output.value.caption)


def _answer(leaf: Leaf) -> Iterator[str]:
    if leaf.judged:
        yield _table(
            ("Claim", "Verdict in this model", "Deciding number", "Condition"),
            [
                (
                    found.claim.says,
                    VERDICT_WORDS[found.verdict],
                    number_words(found.number) if found.number else "",
                    found.outcome.condition if found.outcome else "",
                )
                for found in leaf.judged
            ],
        )


def _results(results: Sequence[Result]) -> str:
    rows = [
        (
            result.says,
            f"{result.written} {result.unit}",
            result.interval or ("measured" if result.measured else "exact"),
            result.seeds,
        )
        for result in results
    ]
    return _table(("Result", "Value", "Interval", "Seeds"), rows)


def _claims(leaf: Leaf, publication: Publication) -> Iterator[str]:
    own = [found for found in leaf.judged if found.page is leaf.page]
    if own:
        yield "## Claims"
        yield "\n".join(_claim(found, publication) for found in own)


def _claim(found: Judged, publication: Publication) -> str:
    told = [f"- {_said(found.claim.says)} **{VERDICT_WORDS[found.verdict]}**"]
    if found.outcome and found.notebook:
        address = address_of(found.notebook.url, publication)
        if found.number:
            told.append(f"{_said(number_words(found.number))}.")
        told.append(_said(sentence(found.outcome.condition)))
        decided = f"[how it was decided]({address}#{found.outcome.anchor})"
        limits = found.limits
        told.append(f"In this model: {decided}, [the limits]({address}{f'#{limits}' if limits else ''}).")
    if found.claim.test_would_take:
        told.append(_said(f"A test would take: {found.claim.test_would_take}"))
    return "\n  ".join(line for line in told if line)


def _listed(leaf: Leaf, site: Site, publication: Publication) -> Iterator[str]:
    """What a page that lists others shows below its text."""
    template: str = leaf.page.meta.get("template", "")
    if template == "home.html":
        for heading, kind in _AT_HOME:
            if pages := site.pages(kind):
                yield f"## {heading}"
                yield _page_list(pages, publication)
    elif template in _LISTED:
        yield _page_list(_pages_in(leaf.page, _LISTED[template], site), publication)
    elif template == "claims.html":
        yield _ledger(site.claims_in(leaf.page), publication)
    elif template == "bibliography.html":
        yield _references(in_part(leaf.page, site.references))
    elif template == "topics.html":
        for topic in site.topics:
            yield f"## {_said(topic.label)}"
            yield _page_list(topic.pages, publication)


_AT_HOME: tuple[tuple[str, Kind], ...] = (("Essays", "essay"), ("Put to the test", "notebook"), ("Threads", "thread"))
_LISTED: Mapping[str, Kind] = {"essays.html": "essay", "threads.html": "thread", "notebooks.html": "notebook"}


def _pages_in(page: Page, kind: Kind, site: Site) -> Sequence[Page]:
    """The pages of one kind that *page* lists: of threads one part, of the others all."""
    return in_part(page, site.pages(kind)) if kind == "thread" else site.pages(kind)


def _references(references: Iterable[Reference]) -> str:
    """*references* as a list by key."""
    return "\n".join(
        f"- `{found.key}`: {_said(found.text)}{f' <{found.url}>' if found.url else ''}" for found in references
    )


def _page_list(pages: Iterable[Page], publication: Publication) -> str:
    """*pages* as a list of links with their descriptions."""
    return "\n".join(
        f"- [{_said(page.title)}]({address_of(page.url, publication)}): {_said(page.description)}" for page in pages
    )


def _ledger(claims: Iterable[Judged], publication: Publication) -> str:
    rows = []
    for found in claims:
        claim = f"{address_of(found.page.url, publication)}#{found.claim.anchor}"
        rows.append(
            (
                f"[{_cell_words(found.claim.says)}]({claim})",
                VERDICT_WORDS[found.verdict],
                _cell_words(number_words(found.number) if found.number else ""),
                _link(found.notebook, publication),
                _link(found.page, publication),
            )
        )
    return _rows(("Claim", "Verdict", "Deciding number", "Notebook", "Page"), rows) if rows else ""


def _link(page: Page | None, publication: Publication) -> str:
    return f"[{_cell_words(page.title)}]({address_of(page.url, publication)})" if page else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of plain words."""
    return _rows(head, [[_cell_words(words) for words in row] for row in rows])


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell_words(words: str) -> str:
    return _said(words).strip().replace("|", r"\|")


def _fenced(text: str, language: str = "") -> str:
    """*text* as a block of code, between more ticks than stand in it."""
    ticks = "`" * max(3, 1 + max(map(len, _TICKS.findall(text)), default=0))
    return f"{ticks}{language}\n{text.rstrip()}\n{ticks}"


def _said(words: str) -> str:
    """*words* as Markdown that says them and nothing else, on one line."""
    return _SPECIAL.sub(r"\\\g<0>", " ".join(words.split()))
