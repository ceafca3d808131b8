"""Every reader, given what nobody has thought of: it answers, and what was written is read back as it was.

In `make test` a few examples of each property are tried, always the same ones. `make fuzz MINUTES=5` goes on with new
ones for as long, and prints the smallest example that breaks a property: it belongs into a case file then.
"""

from __future__ import annotations

import datetime
import html
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from markdown import Markdown
from mkdocs.config import load_config
from pybtex.database import parse_string
from tests.conftest import NOTEBOOK_HEAD, a_result, notebook

from importing.files import page_text, value
from importing.receive import receive, text_in
from importing.threads import Thread
from importing.values import Comment, Received
from sitegraph import slots
from sitegraph.bibliography import read_bibliography
from sitegraph.citations import parse_citation
from sitegraph.csl import csl_item
from sitegraph.front_matter import read_front_matter
from sitegraph.graph_json import graph_json
from sitegraph.hints import HINT
from sitegraph.history import read_history, written
from sitegraph.html_safe import safe_drawing, safe_html
from sitegraph.model import VERDICTS, Change, Place, Publication, Result, Site, Source
from sitegraph.new_pages import new_files, slug_of
from sitegraph.notebooks import CLAIM_TYPE, RESULT_TYPE, code_only, read_notebook
from sitegraph.places import without_code
from sitegraph.prose import ProseReader
from sitegraph.quotes import disagreement, numbers_in
from sitegraph.reading import read_source
from sitegraph.reference_format import references
from sitegraph.rules import RULES

if TYPE_CHECKING:
    from tests.conftest import Files

ROOT = Path(__file__).parent.parent
MINUTES = float(os.environ.get("FUZZ_MINUTES", "0"))
EXAMPLES = 25
ROUND = 200
PUBLICATION = Publication("A site", "About.", "https://example.org/", "en", "", "")


@dataclass(frozen=True)
class Tools:
    """What is slow to make and is shared by the properties."""

    assemble_site: Callable[[Files], Site]
    reader: ProseReader
    plain: Markdown  # the same parser without anything of ours


@pytest.fixture(scope="module")
def tools(assemble_site: Callable[[Files], Site], reader: ProseReader) -> Tools:
    config = load_config(str(ROOT / "mkdocs.yml"))
    plain = Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)
    return Tools(assemble_site, reader, plain)


def soup(words: str, *more: str) -> SearchStrategy[str]:
    """Texts made of *words*, which stand with blanks between them, and of *more*."""
    pieces = st.sampled_from([*words.split(), *more, " ", "\n", "\n\n", "    "])
    return st.lists(pieces | st.text(max_size=3), max_size=40).map("".join)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30)
LINE = TEXT.map(lambda text: " ".join(text.split())).filter(bool)
JSON: SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
DAY = st.dates(datetime.date(1970, 1, 1), datetime.date(2100, 1, 1))


# Links: Python-Markdown, without anything of ours, says what is a link.

LINKS = soup(
    r"""[a](x.md) [b](y.md#z) [c](<a b.md>) [d](x.md "supports") ![p](p.png) [e][r] [r] [f](http://a.b) <http://a.b>
    [r]: [^1] [^1]: ` `` ``` ~~~ \ \[ \] ( ) [ ] * ** _ > # ## - 1. | $ $$ <b> </b>
    <!-- --> &amp; & < : {#i} {.c} é a""",
    "\n[r]: z.md\n",
    "\n[^1]: a [n](n.md)\n",
    "\n```\n",
    "\n- ",
    "\n> ",
    "\n|a|b|\n|-|-|\n|",
)


class _Addresses(HTMLParser):
    """The addresses of the links and pictures of a page, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if tag in ("a", "img") and about.get("class") not in ("headerlink", "note"):
            self.found.append(about.get("href") or about.get("src") or "")


def addresses(page: str) -> list[str]:
    reader = _Addresses()
    reader.feed(page)
    reader.close()
    return reader.found


def links_are_those_of_the_page(tools: Tools, text: str) -> None:
    prose = tools.reader.read("docs/a.md", text)
    if any(problem.rule in ("markdown-readable", "html-safe") for problem in prose.problems):
        return  # not shown as it was written, which is told
    filled = slots.fill(
        prose.html, lambda kind, number: html.escape(prose.links[number].target) if kind == slots.HREF else ""
    )
    tools.plain.reset()
    assert addresses(filled) == addresses(tools.plain.convert(slots.without_marks(text)))
    written_links = [link.target for link in prose.links]
    shown = [int(found) for found in re.findall(f"\ue000{slots.HREF}([0-9]+)\ue001", prose.html)]
    assert sorted(shown) == list(range(len(written_links)))


_CODE = re.compile(
    r"""^[ ]{0,3}(?P<fence>`{3,}+|~{3,}+).*?^[ ]{0,3}(?P=fence)[`~]*[ \t]*$
      | (?<![`\\])(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)
      | <!--.*?-->
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)


def code_is_what_a_pattern_says(tools: Tools, text: str) -> None:
    assert without_code(text) == _CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


# Citations

KEY = st.from_regex(r"[A-Za-z0-9_]([\w:.-]{0,8}[A-Za-z0-9_])?", fullmatch=True).filter(str.isascii)
PART = st.tuples(
    st.sampled_from(("", "see ", "see also ", "e.g. ")), KEY, st.sampled_from(("", "p. 3", "pp. 3–5", "ch. 2, fig. 1"))
)


def citations_are_read_back(tools: Tools, parts: list[tuple[str, str, str]]) -> None:
    text = "; ".join(f"{prefix}@{key}{', ' if locator else ''}{locator}" for prefix, key, locator in parts)
    read = [(cite.prefix, cite.key, cite.locator) for cite in parse_citation(text)]
    assert read == [(prefix.strip(), key, locator) for prefix, key, locator in parts]


def no_citation_is_an_exception(tools: Tools, text: str) -> None:
    try:
        parse_citation(text)
    except ValueError:
        return
    prose = tools.reader.read("docs/a.md", f"A [{text}] b.")
    assert all(problem.rule in RULES for problem in prose.problems)


# Front matter

YAML = soup(
    """--- ... title: themes: [ ] { } - ? | > : , # & &a *a !!int !!binary !!set !x " ' % @ ` .nan 0x1 1e9 null true ~
    2026-02-30 2026-11-24 aliases: claims: says: kind: part: 1_0 1:30 <<: \\ \\ud800""",
    "\ntitle: ",
    "\n- ",
    "\n  ",
)


def no_front_matter_is_an_exception(tools: Tools, text: str, path: str) -> None:
    read = read_front_matter(path, "a/", f"---\n{text}\n---\nText.\n")
    assert all(problem.rule in RULES and problem.place.line >= 1 for problem in read.problems)


def fields_are_read_back(tools: Tools, title: str, description: str, themes: list[str], day: datetime.date) -> None:
    fields = {"title": title, "description": description, "themes": themes, "written": day}
    text = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)
    read = read_source(Source("docs/essays/a.md", "a/", f"---\n{text}---\nText.\n".encode()))
    assert read.problems == ()
    page = read.page
    assert (page.title, page.description, list(page.themes), page.written) == (
        title,
        description,
        themes,
        day.isoformat(),
    )


def what_the_importer_writes_is_read_back(tools: Tools, title: str, speaker: str, post: str) -> None:
    thread = Thread(Comment("abc123"))
    facts = {"id": "abc123", "parent-post": post, "posted": "2025-01-31", "retracted": True}
    text = page_text(thread, title, speaker, "C01", facts, "2026-11-24")
    page = read_source(Source("docs/threads/a.md", "a/", text.encode())).page
    assert page.thread
    assert (page.title, page.thread.speaker, page.meta.get("parent-post")) == (title, speaker, post)
    assert [yaml.safe_load(f"x: {value('title', fact)}")["x"] for fact in (title, speaker, post)] == [
        title,
        speaker,
        post,
    ]


def a_new_page_has_the_title_it_was_given(tools: Tools, title: str, kind: Any) -> None:
    if not slug_of(title):
        return
    files = new_files(kind, title, "2026-11-24")
    path = next(iter(files))
    page = read_source(Source(path, "a/", files[path].encode())).page
    assert page.title == " ".join(title.split())


# Numbers

RESULT = Result("gap", "the gap", 1.0, "", None, None, 2, "", False, Place("notebooks/a.ipynb", 1), 0)


def no_text_is_a_number_too_many(tools: Tools, text: str) -> None:
    for number in numbers_in(text):
        assert number.written
    disagreement(text, RESULT)


def a_number_quoted_at_its_precision_agrees(tools: Tools, number: float, decimals: int) -> None:
    quoted = f"{number:.{decimals}f}"
    result = Result("gap", "the gap", number, "", None, None, decimals, "", False, RESULT.place, 0)
    assert disagreement(quoted, result) == ""
    assert disagreement(f"about {quoted.replace('-', '−')} of it", result) == ""


# Notebooks

MEDIA = st.sampled_from((RESULT_TYPE, CLAIM_TYPE, "text/html", "text/plain", "image/svg+xml", "image/png", "x/y"))
_PUBLISHED = "name says value decimals unit lo hi seeds id statement verdict number cells delta controls"
_FIELDS_OF_OUTPUTS = re.findall(r"\S+", _PUBLISHED)
PUBLISHED = st.dictionaries(
    st.sampled_from(
        [
            "name",
            "says",
            "value",
            "decimals",
            "unit",
            "lo",
            "hi",
            "seeds",
            "id",
            "statement",
            "verdict",
            "number",
            "cells",
            "delta",
            "controls",
        ]
    ),
    JSON | st.sampled_from(("gap", "jets/faster", "supported", "holds")),
)
OUTPUT = JSON | st.fixed_dictionaries(
    {"output_type": st.sampled_from(("display_data", "stream", "error", "execute_result"))},
    optional={
        "data": st.dictionaries(MEDIA, JSON | PUBLISHED | soup("<svg> <g> </g> <b on=1> & xmlns="), max_size=2) | JSON,
        "metadata": st.dictionaries(st.just("figure"), JSON, max_size=1) | JSON,
        "text": JSON,
        "ename": JSON,
        "evalue": JSON,
        "traceback": JSON,
    },
)
CELL = JSON | st.fixed_dictionaries(
    {"cell_type": st.sampled_from(("code", "markdown", "raw"))},
    optional={
        "source": JSON | soup("## x = 1 import a def ( ) ' \\ # ---"),
        "outputs": st.lists(OUTPUT, max_size=3) | JSON,
    },
)


def no_notebook_is_an_exception(tools: Tools, cells: list[Any], metadata: Any) -> None:
    content = json.dumps({"cells": cells, "metadata": metadata}).encode()
    read = read_notebook("notebooks/jets.ipynb", content)
    assert all(problem.rule in RULES for problem in read.problems)
    code_only(read.notebook).encode()
    site = tools.assemble_site({"notebooks/jets.ipynb": content})
    assert len(site.leaves) == 1
    site.leaves["notebooks/jets.ipynb"].html.encode()


def results_are_read_back(tools: Tools, name: str, number: float, decimals: int, says: str) -> None:
    text = notebook(NOTEBOOK_HEAD % "Jets", ("x = 1", a_result(name, number, says=says, decimals=decimals)))
    read = read_notebook("notebooks/jets.ipynb", text.encode())
    assert read.problems == ()
    (result,) = read.notebook.results.values()
    assert (result.name, result.value, result.decimals) == (name, number, decimals)
    again = json.loads(code_only(read.notebook))
    assert [cell["source"] for cell in again["cells"]] == ["x = 1"]


def no_output_is_an_exception(tools: Tools, text: str) -> None:
    safe, _ = safe_html(text)
    assert safe_html(safe)[0] == safe
    safe_drawing(text)


# The bibliography

BIB = soup(
    r"""@ @misc{ @book{a, @string{ @comment{ @preamble{ { } ( ) " , = # title author year month url jan Doe, and others
    \ \' \textbf{ $ % ~ -- {A} https://a.b 2000 @misc{b, title = {T}, author = {A} }""",
    "\n@misc{c, ",
)
PLAIN = (
    st.text("abcXYZ éß-.;:?!19", min_size=1, max_size=20)
    .map(lambda text: " ".join(text.split()).replace("--", ""))  # which is TeX for a dash
    .filter(bool)
)


def no_bibliography_is_an_exception(tools: Tools, text: str) -> None:
    site = tools.assemble_site({"bib/a.bib": text})
    for reference in site.references:
        json.dumps(csl_item(reference))


def entries_are_read_back(tools: Tools, title: str, journal: str, family: str, year: int) -> None:
    text = f"@article{{one, author = {{{family}, Jane}}, title = {{{title}}}, journal = {{{journal}}}, year = {year}}}"
    read = read_bibliography({"bib/a.bib": text})
    assert read.problems == ()
    (item,) = map(csl_item, references(parse_string(read.text, "bibtex").entries, read.pieces))
    assert (item["title"], item["container-title"], item["issued"]) == (title, journal, {"date-parts": [[year]]})
    assert item["author"][0]["family"] == family


# The history of verdicts

CHANGES = st.lists(st.tuples(DAY, st.sampled_from(("a/b", "a/c", "d/b")), st.sampled_from((*VERDICTS, ""))), max_size=8)
HISTORY_LINES = soup('{ } "date": "2026-11-24", "claim": "a/b", "before": "", "after": "open" [ ] null 1e999 NaN')


def the_history_is_read_back(tools: Tools, told: list[tuple[datetime.date, str, str]]) -> None:
    last: dict[str, str] = {}
    changes = []
    for day, claim, verdict in sorted(told, key=lambda one: one[0]):
        if verdict != last.get(claim, ""):
            changes.append(Change(day.isoformat(), claim, last.get(claim, ""), verdict))
            last[claim] = verdict
    read = read_history(written(changes))
    assert (read.changes, read.problems) == (tuple(changes), ())


def no_history_is_an_exception(tools: Tools, text: str) -> None:
    assert all(problem.rule == "history-valid" for problem in read_history(text).problems)


# What is imported

_EXPORTED = "_id user userId post contents html markdown postedAt parentCommentId originalContents type"
_FIELDS_OF_EXPORTS = re.findall(r"\S+", _EXPORTED)
EXPORTED = st.dictionaries(
    st.sampled_from(
        [
            "_id",
            "user",
            "userId",
            "post",
            "contents",
            "html",
            "markdown",
            "postedAt",
            "parentCommentId",
            "originalContents",
            "type",
        ]
    ),
    JSON | st.sampled_from(("abc", "2025-01-01T00:00:00Z", "<p>x</p>", {"_id": "abc", "html": "<b>x"})),
)
EXPORT = st.one_of(
    JSON,
    st.lists(EXPORTED, max_size=3),
    st.fixed_dictionaries(
        {"data": st.fixed_dictionaries({"comments": st.fixed_dictionaries({"results": st.lists(EXPORTED)})})}
    ),
    st.fixed_dictionaries({"Comments": st.lists(EXPORTED), "Users": JSON, "Revisions": st.lists(EXPORTED) | JSON}),
)
PAGE = soup(
    """### Comment by [A](/users/a) on [B](/posts/a/b) * - HTML permalink: [x](/posts/a/b?commentId=c)
    2025-01-01T00:00:00Z Reactions"""
)


def no_import_is_an_exception(tools: Tools, export: Any) -> None:
    assert isinstance(receive("x.json", json.dumps(export)), Received)


def no_file_to_import_is_an_exception(tools: Tools, content: bytes, text: str) -> None:
    for given_bytes in (content, text.encode(errors="replace"), b"### Comment" + content):
        found = text_in("x.md", given_bytes)
        if isinstance(found, str):
            receive("x.md", found)


# The graph


def the_graph_is_whole_and_read_back(tools: Tools, essay: str, thread: str) -> None:
    site = tools.assemble_site(
        {"docs/essays/x.md": f"See [y](../threads/y.md) {essay}", "docs/threads/y.md": f"T {thread}"}
    )
    text = graph_json(site, PUBLICATION)
    graph = json.loads(text)
    text.encode()
    nodes = [node["id"] for node in graph["nodes"]]
    assert len(set(nodes)) == len(nodes)
    ends = {edge[end].partition("#")[0] for edge in graph["edges"] for end in ("from", "to")}
    assert ends <= {node.partition("#")[0] for node in nodes} | {"bibliography"}


Property = tuple[Callable[..., None], Mapping[str, SearchStrategy[Any]]]
NAME = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True)
NUMBER = st.floats(-1e6, 1e6, allow_nan=False)
MARKDOWN = LINKS | soup(
    r"[^1] [^1]: [[x]] [[y|z]] [@a2000] @a2000 ``` $ \( \[ <b> <a href=x.md> <!-- [a](x.md) # - > Belaire " + HINT
)

PROPERTIES: tuple[Property, ...] = (
    (links_are_those_of_the_page, {"text": LINKS}),
    (code_is_what_a_pattern_says, {"text": soup("` `` ``` ~~~ \\ <!-- --> a", "\n```", "\n~~~")}),
    (citations_are_read_back, {"parts": st.lists(PART, min_size=1, max_size=4)}),
    (no_citation_is_an_exception, {"text": soup("@ @a @b, p. 3 ; - see a@b : . [ ]")}),
    (
        no_front_matter_is_an_exception,
        {"text": YAML, "path": st.sampled_from(("docs/essays/a.md", "docs/threads/a.md", "docs/a.md"))},
    ),
    (
        fields_are_read_back,
        {"title": LINE, "description": LINE, "themes": st.lists(LINE, min_size=1, max_size=3), "day": DAY},
    ),
    (what_the_importer_writes_is_read_back, {"title": LINE, "speaker": LINE, "post": LINE}),
    (a_new_page_has_the_title_it_was_given, {"title": LINE, "kind": st.sampled_from(("thread", "essay", "notebook"))}),
    (
        no_text_is_a_number_too_many,
        {
            "text": soup(
                "1 2.5 −4 12 000 19 % per cent one in five two thirds half twice out of between – to and 0 none"
            )
        },
    ),
    (a_number_quoted_at_its_precision_agrees, {"number": NUMBER, "decimals": st.integers(0, 6)}),
    (no_notebook_is_an_exception, {"cells": st.lists(CELL, max_size=4), "metadata": JSON}),
    (results_are_read_back, {"name": NAME, "number": NUMBER, "decimals": st.integers(0, 15), "says": LINE}),
    (
        no_output_is_an_exception,
        {"text": soup("<b> </b> <svg> < > & &amp; on=1 style= <!-- <![CDATA[ ]]> <p href='x'")},
    ),
    (no_bibliography_is_an_exception, {"text": BIB}),
    (
        entries_are_read_back,
        {
            "title": PLAIN,
            "journal": PLAIN,
            "family": st.from_regex(r"[A-ZÉ][a-zß]{1,8}", fullmatch=True),
            "year": st.integers(1000, 2100),
        },
    ),
    (the_history_is_read_back, {"told": CHANGES}),
    (no_history_is_an_exception, {"text": HISTORY_LINES}),
    (no_import_is_an_exception, {"export": EXPORT}),
    (no_file_to_import_is_an_exception, {"content": st.binary(max_size=60), "text": PAGE}),
    (the_graph_is_whole_and_read_back, {"essay": MARKDOWN, "thread": MARKDOWN}),
)


@pytest.mark.parametrize("number", range(len(PROPERTIES)), ids=[found.__name__ for found, _ in PROPERTIES])
def test_a_property_holds_for_whatever_is_written(number: int, tools: Tools) -> None:
    holds, strategies = PROPERTIES[number]

    def once(**values: Any) -> None:
        holds(tools, **values)

    quick = settings(
        max_examples=ROUND if MINUTES else EXAMPLES,
        deadline=None,
        derandomize=not MINUTES,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    end = time.monotonic() + MINUTES * 60 / len(PROPERTIES)
    rounds = 0
    while not rounds or time.monotonic() < end:
        asked = quick(given(**strategies)(once))
        (seed(time.time_ns())(asked) if MINUTES else asked)()
        rounds += 1
    if MINUTES:
        print(f"{holds.__name__}: {rounds * ROUND} examples")
