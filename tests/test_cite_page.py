"""How a page is cited, and what a program that keeps references makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from pybtex.database import parse_string

from sitegraph.cite_page import GENRES, Cited, cite_page
from sitegraph.model import Page, Publication, Thread

ROOT = Path(__file__).parent.parent
PUBLICATION = Publication(
    "Said in passing", "", "https://example.org/kb/", "en", "https://creativecommons.org/licenses/by/4.0/"
)
ESSAY = Page("docs/essays/hills.md", "essays/hills/", "essay", "Which hill?", written="2026-11-24")
THREAD = Page(
    "docs/threads/jet.md",
    "threads/jet/",
    "thread",
    "The jet",
    thread=Thread("comment", "Roman Belaire", None, "unknown", "C14", "2026-11-23"),
)
NOTEBOOK = Page("notebooks/hills.ipynb", "notebooks/hills/", "notebook", "Why?", written="2026-11-25")


def cited(page: Page) -> Cited:
    found = cite_page(page, PUBLICATION)
    assert found
    return found


def test_an_essay_is_cited_under_the_name_of_the_site() -> None:
    assert cited(ESSAY).plain == "Said in passing. “Which hill?” 2026-11-24. https://example.org/kb/essays/hills/"
    assert cited(ESSAY).bibtex == (
        "@online{said-in-passing:hills,\n"
        "  author = {{Said in passing}},\n"
        "  title = {{Which hill?}},\n"
        "  date = {2026-11-24},\n"
        "  url = {https://example.org/kb/essays/hills/},\n"
        "  note = {Licence: https://creativecommons.org/licenses/by/4.0/},\n"
        "}"
    )


def test_a_thread_says_whose_comment_it_restates_and_is_not_theirs() -> None:
    assert cited(THREAD).author == "Said in passing"
    assert cited(THREAD).date == "2026-11-23"
    assert "“The jet.” Restates a comment by Roman Belaire. 2026" in cited(THREAD).plain
    assert "  note = {Restates a comment by Roman Belaire. Licence: http" in cited(THREAD).bibtex


def test_a_notebook_and_an_essay_of_one_name_have_two_keys() -> None:
    assert (cited(ESSAY).key, cited(NOTEBOOK).key) == ("said-in-passing:hills", "said-in-passing:hills.ipynb")


def test_a_page_that_only_speaks_of_others_is_not_cited() -> None:
    assert cite_page(Page("docs/about.md", "about/", "page", "About"), PUBLICATION) is None


@pytest.mark.parametrize("title", ["100 % of R&D", "a_b ~ c^2 # $5 \\ d", "A { left open", "closed } B", "“Çà”: 2–3"])
def test_an_entry_can_be_read_whatever_the_title(title: str) -> None:
    page = Page("docs/essays/x.md", "essays/x/", "essay", title, written="2026-11-24")
    (entry,) = parse_string(cited(page).bibtex, "bibtex").entries.values()
    assert entry.fields["url"] == "https://example.org/kb/essays/x/"
    assert [person.last_names for person in entry.persons["author"]] == [["{Said in passing}"]]
    depth = 0
    for char in cited(page).bibtex:
        depth += {"{": 1, "}": -1}.get(char, 0)
        assert depth >= 0
    assert depth == 0


def test_what_tex_would_obey_is_written_so_that_it_is_printed() -> None:
    page = Page("docs/essays/x.md", "essays/x/", "essay", r"R&D_1: 100 % of $5 #2 {a} ~b ^c \d", written="2026-11-24")
    wanted = (
        r"R\&D\_1: 100 \% of \$5 \#2 \textbraceleft{}a\textbraceright{} "
        r"\textasciitilde{}b \textasciicircum{}c \textbackslash{}d"
    )
    assert f"  title = {{{{{wanted}}}}},\n" in cited(page).bibtex


# What Zotero's translator "Embedded Metadata" (as of 2024-06-13) takes from a page, and the translator "RDF" to which
# it hands what has a prefix that it knows:
# - A name is cut at the first of '.', ':' and '_'; the first of several values counts.
# - A `citation_` tag that only articles, reports, papers, chapters or theses have decides the type. Else it is that of
#   z:itemType, or of og:type where it is 'website'; else `citation_title` makes it an article in a journal, and without
#   that it is a page of the web.
# - Title, date, address and language are taken from `citation_` tags first, then from Dublin Core, then from OpenGraph.
# - An author without a comma is cut before the last word; with one, what stands before it is the surname, and commas at
#   the ends are left out first.
# - Without a better abstract, the page's description is one.
DECIDES = {"citation_journal_title", "citation_technical_report_institution", "citation_conference_title",
           "citation_book_title", "citation_dissertation_institution"}  # fmt: skip


def as_saved(metas: list[tuple[str, str]]) -> dict[str, Any]:
    """What a reader finds in Zotero who saves a page with these tags."""
    first: dict[str, str] = {}
    for name, value in metas:
        prefix, _, rest = name.replace(":", ".").partition(".")
        known = prefix.lower() in ("dc", "z", "og", "prism")
        first.setdefault(f"{prefix.lower()}:{rest[:1].lower()}{rest[1:]}" if known else name, value)

    def found(*names: str) -> str:
        return next((first[name] for name in names if name in first), "")

    kind = "webpage" if found("og:type") == "website" else "journalArticle" if found("citation_title") else "webpage"
    return {
        "type": "decided" if DECIDES & first.keys() else found("z:itemType") or kind,
        "title": found("citation_title", "dc:title", "og:title"),
        "author": _creator(found("citation_author", "dc:creator")),
        "date": found("citation_publication_date", "dc:date").replace("/", "-"),
        "url": found("citation_public_url", "og:url"),
        "abstract": found("og:description", "description"),
        "genre": found("dc:type"),
        "language": found("citation_language", "dc:language"),
        "rights": found("dc:rights"),
    }


def _tag(meta: Element) -> tuple[str, str]:
    return meta.get("name") or meta.get("property") or "", meta.get("content", "")


def _creator(text: str) -> tuple[str, str]:
    """Surname and given name."""
    stripped = text.strip(" ,./[]:")
    if "," in text:
        surname, _, given = stripped.partition(",")
        return surname, given.strip()
    given, _, surname = stripped.rpartition(" ")
    return surname, given


def test_the_rules_by_which_a_page_is_saved_tell_right_from_wrong() -> None:
    assert as_saved([("citation_title", "T")])["type"] == "journalArticle"
    assert as_saved([("citation_author", "Said in passing")])["author"] == ("passing", "Said in")
    assert as_saved([("z.itemType", "webpage"), ("citation_journal_title", "J")])["type"] == "decided"


@pytest.mark.build
def test_who_saves_a_page_gets_all_that_is_needed_to_cite_it(
    real_site: Path, read_page: Callable[[Path], Element]
) -> None:
    graph = json.loads((real_site / "graph.json").read_text(encoding="utf-8"))
    for node in graph["nodes"]:
        if node["kind"] in ("essay", "thread", "notebook"):
            page = read_page(real_site / node["id"])
            assert as_saved([_tag(meta) for meta in page.iter("meta")]) == {
                "type": "webpage",
                "title": node["title"],
                "author": ("Said in passing", ""),
                "date": node["date"],
                "url": node["address"],
                "abstract": node["description"],
                "genre": GENRES[node["kind"]],
                "language": "en",
                "rights": "https://creativecommons.org/licenses/by/4.0/",
            }


@pytest.mark.build
def test_every_page_that_can_be_cited_shows_how(real_site: Path, read_page: Callable[[Path], Element]) -> None:
    keys = []
    for path in sorted(real_site.glob("*/*/index.html")):
        page = read_page(path)
        shown = [element for element in page.iter("details") if element.get("class") == "cite"]
        if path.parts[-3] in ("essays", "threads", "notebooks"):
            (entry,) = (element.text or "" for details in shown for element in details.iter("code"))
            keys += parse_string(entry, "bibtex").entries.keys()
        else:
            assert shown == []
    assert len(keys) == len(set(keys)) > 30


@pytest.mark.build
def test_the_bibliography_can_be_had_whole(real_site: Path) -> None:
    entries = parse_string((real_site / "references.bib").read_text(encoding="utf-8"), "bibtex").entries
    items = json.loads((real_site / "references.csl.json").read_text(encoding="utf-8"))
    assert list(entries) == [item["id"] for item in items]
    assert len(items) >= 100
