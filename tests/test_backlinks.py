"""Links and citations, seen from the other end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sitegraph.model import Site

if TYPE_CHECKING:
    from tests.conftest import Files

Draw = Callable[["Files"], Site]
TARGET = "docs/threads/jet.md"
JET = "## Why run\n\nText.\n\n## Why not\n\nText.\n"


def listed(site: Site) -> list[str]:
    """What the target lists at its foot: 'type: page: sentence'."""
    return [
        f"{type_}: {backlink.page.slug}: {backlink.excerpt}"
        for type_, group in site.leaves[TARGET].backlinks
        for backlink in group
    ]


def test_backlinks_are_grouped_by_type_in_the_order_of_the_types_with_mentions_last(assemble_site: Draw) -> None:
    types = ("", ' "contradicts"', ' "supports"', ' "answers"', ' "extends"', ' "qualifies"', ' "illustrates"')
    text = " ".join(f"See [this](../threads/jet.md{type_})." for type_ in types)
    site = assemble_site({TARGET: JET, "docs/essays/a.md": text})
    order = ["supports", "extends", "answers", "illustrates", "qualifies", "contradicts", "mentions"]
    assert [type_ for type_, _ in site.leaves[TARGET].backlinks] == order


def test_a_sentence_is_listed_once_however_often_it_is_read(assemble_site: Draw) -> None:
    sentence = "See [this](../threads/jet.md)."
    site = assemble_site({TARGET: JET, "docs/essays/a.md": f"{sentence}\n\n{sentence}\n"})
    assert listed(site) == ["mentions: a: See <mark>this</mark>."]


def test_two_links_of_a_sentence_are_two_marks(assemble_site: Draw) -> None:
    site = assemble_site({TARGET: JET, "docs/essays/a.md": "[One](../threads/jet.md), [two](../threads/jet.md)."})
    assert listed(site) == ["mentions: a: <mark>One</mark>, two.", "mentions: a: One, <mark>two</mark>."]


def test_a_page_does_not_list_itself(assemble_site: Draw) -> None:
    site = assemble_site({TARGET: f"See [below](#why-not) and [all](jet.md).\n\n{JET}"})
    assert listed(site) == []
    assert site.leaves[TARGET].inbound == {}


def test_backlinks_are_listed_by_title_within_essays_and_threads(assemble_site: Draw) -> None:
    link = "See [this](../threads/jet.md)."
    names = ("docs/threads/b.md", "docs/essays/z.md", "docs/threads/a.md", "docs/essays/c.md")
    site = assemble_site({TARGET: JET, **dict.fromkeys(names, link), "docs/about.md": "[It](threads/jet.md)."})
    assert [line.split(": ")[1] for line in listed(site)] == ["c", "z", "about", "a", "b"]


def test_a_backlink_says_in_which_section_it_stands(assemble_site: Draw) -> None:
    link = "See [this](../threads/jet.md)."
    text = f"{link}\n\n## Later on\n\n- And {link}[^1]\n\n[^1]: A note, {link}\n"
    site = assemble_site({TARGET: JET, "docs/essays/a.md": text})
    ((_, group),) = site.leaves[TARGET].backlinks
    assert [backlink.section for backlink in group] == ["", "later-on", ""]


def test_headings_and_claims_list_their_own(assemble_site: Draw) -> None:
    jet = (
        """\
---
{title: Jet, description: d, kind: comment, speaker: A B, answers: null, parent: unknown, source: C01,
 restated: 2026-11-24, themes: [t], claims: {first: {says: Running helps., test-would-take: A run.}}}
---
"""
        + JET
    )
    text = "[One](../threads/jet.md#why-not). [Two](../threads/jet.md#claim-first). [Three](../threads/jet.md#why-not)."
    leaf = assemble_site({TARGET: jet, "docs/essays/a.md": text}).leaves[TARGET]
    inbound = {anchor: [backlink.excerpt for backlink in group] for anchor, group in leaf.inbound.items()}
    assert inbound == {"claim-first": ["<mark>Two</mark>."], "why-not": ["<mark>One</mark>.", "<mark>Three</mark>."]}
    assert leaf.heading("claim-first") == "Running helps."
    assert leaf.heading("why-not") == "Why not"


def test_a_heading_shows_how_many_link_to_it(assemble_site: Draw) -> None:
    text = "[A](../threads/jet.md#why-not). [C](../threads/jet.md#why-not)."
    leaf = assemble_site({TARGET: JET, "docs/essays/a.md": text}).leaves[TARGET]
    before, _, after = leaf.html.partition("Why not")
    assert "#to-why-run" not in before
    assert 'href="#to-why-not"' in after
    assert ">2</a>" in after


def test_a_link_with_a_wrong_heading_is_listed_at_the_page(assemble_site: Draw) -> None:
    site = assemble_site({TARGET: JET, "docs/essays/a.md": "See [this](../threads/jet.md#lost)."})
    assert listed(site) == ["mentions: a: See <mark>this</mark>."]
    assert site.leaves[TARGET].inbound == {}


def test_a_work_lists_every_sentence_that_cites_it_once(assemble_site: Draw) -> None:
    work = "@misc{k2000, author = {A, B}, title = {T}, howpublished = {H}}\n"
    text = "Yes [@k2000]. No [@k2000]. Yes [@k2000].\n"
    site = assemble_site({"bib/a.bib": work, "docs/essays/b.md": text, "docs/essays/a.md": "As @k2000 says."})
    places = [(place.page.slug, place.anchor, place.excerpt) for place in site.cited_in["k2000"]]
    assert places == [
        ("a", "cite-k2000-1", "As <mark>A [1]</mark> says."),
        ("b", "cite-k2000-1", "Yes <mark>[1]</mark>."),
        ("b", "cite-k2000-2", "No <mark>[1]</mark>."),
    ]


def test_a_parent_post_is_answered_by_its_threads(assemble_site: Draw) -> None:
    work = "@misc{k2000, author = {A, B}, title = {T}, howpublished = {H}}\n"
    thread = """\
---
{title: %s, description: d, kind: comment, speaker: A B, answers: k2000, parent: likely, source: C01,
 restated: 2026-11-24, themes: [t]}
---
Text.
"""
    site = assemble_site({"bib/a.bib": work, "docs/threads/x.md": thread % "Z", "docs/threads/y.md": thread % "A"})
    assert [page.title for page in site.answered_by["k2000"]] == ["A", "Z"]
    answered = site.leaves["docs/threads/x.md"].answers
    assert answered
    assert answered.key == "k2000"
    assert site.problems == ()
