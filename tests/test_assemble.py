"""The order of everything: whatever authors write, a site comes out, and a list of what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import headed

from sitegraph.model import Site
from sitegraph.rules import RULES

if TYPE_CHECKING:
    from tests.conftest import Files, Here

HEAD = """\
---
title: A
description: b
themes: [c]
written: 2026-11-24
claims:
  d: {says: e, test-would-take: f}
---
"""
SYNTAX = r"""
    --- ... title: kind: claims: - [ ] ( ) [[ ]] | # ## ![ ]( [^1] [^1]: @ [@ @a2000 ; `
    ``` ~~~ $ $$ \( \) \[ \] \ * _
    _ < > <a <b> </b> <!-- --> & &amp; { } {#id} : ' " % ? = 2026-13-40 null !!x &x *x Belaire thinks http:// a.md #a
    @book{ @string{ @comment{ author title "x" é 💡 x y z
"""
PIECES = st.sampled_from(SYNTAX.split())
SOUP = st.lists(PIECES | st.sampled_from([" ", "\n", "\n\n", "    ", "\t", "\n- "]), max_size=40).map("".join)
many = settings(max_examples=150, deadline=None, derandomize=True)


@many
@given(text=SOUP, page=SOUP)
def test_no_text_is_a_traceback(text: str, page: str, assemble_site: Callable[[Files], Site]) -> None:
    site = assemble_site({"docs/essays/a.md": HEAD + text, "docs/threads/b.md": page.encode(), "bib/x.bib": ""})
    assert {problem.rule for problem in site.problems} <= RULES.keys()
    assert all(problem.place.line >= 1 for problem in site.problems)


@many
@given(front=SOUP)
def test_no_front_matter_is_a_traceback(front: str, assemble_site: Callable[[Files], Site]) -> None:
    site = assemble_site({"docs/threads/a.md": f"---\n{front}\n---\nText.\n"})
    assert len(site.leaves) == 1


@many
@given(before=SOUP, after=SOUP)
def test_no_bibliography_is_a_traceback_and_whole_entries_survive(
    before: str, after: str, assemble_site: Callable[[Files], Site]
) -> None:
    whole = "\n@misc{whole2000, author = {Doe, Jane}, title = {Whole}, howpublished = {H}, year = {2000}}\n"
    site = assemble_site({"bib/x.bib": f"@book{{a, {before}{whole}@misc{{b, title = {after}"})
    assert "whole2000" in {reference.key for reference in site.references}


def test_everything_that_is_read_twice_comes_out_the_same(assemble_site: Callable[[Files], Site]) -> None:
    files: Files = {
        "docs/essays/a.md": "See [[b]] and [@a2000], $x$.[^1]\n\n[^1]: Note.\n",
        "docs/threads/b.md": "## H\n\n[a](../essays/a.md#lost) @b2000\n",
        "bib/x.bib": "@misc{a2000, author = {A, B}, title = {T}, howpublished = {H}}\n",
    }
    assert assemble_site(files) == assemble_site(files)


def test_the_table_of_contents_has_the_words_of_the_headings(read_here: Callable[..., Here]) -> None:
    here = read_here("## On [[outrunning-the-jet]] & [@camus1942sisyphe]\n\n### *In* `it`\n\n## After\n")
    (first, last) = here.leaf.toc
    assert first["name"] == "On Outrunning the jet &amp; [1]"
    assert [child["name"] for child in first["children"]] == ["<em>In</em> <code>it</code>"]
    assert last["id"] == "after"


def test_pages_are_listed_by_title_and_threads_newest_first(assemble_site: Callable[[Files], Site]) -> None:
    head = "---\n{title: %s, description: d, kind: comment, speaker: A B, answers: null, parent: unknown, source: %s,"
    rest = " restated: 2026-11-24, themes: [t]}\n---\nText.\n"
    threads = {f"docs/threads/{name}.md": head % (name, source) + rest for name, source in (("a", "C02"), ("b", "C01"))}
    site = assemble_site(
        {**threads, "docs/essays/z.md": "A.\n", "docs/essays/y.md": "B.\n", "docs/essays/index.md": "I.\n"}
    )
    assert [page.slug for page in site.pages("thread")] == ["b", "a"]
    assert [page.slug for page in site.pages("essay")] == ["y", "z"]


def test_threads_stand_in_the_order_of_the_source_however_many_there_are(
    assemble_site: Callable[[Files], Site],
) -> None:
    head = headed("docs/threads/x.md", "Text.\n")
    files = {
        f"docs/threads/{source.lower()}.md": head.replace("title: X", f"title: {source}").replace("C01", source)
        for source in ("C100", "C99", "C02")
    }
    assert [page.title for page in assemble_site(files).pages("thread")] == ["C02", "C99", "C100"]
