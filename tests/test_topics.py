"""Topics and related pages, of a site as it is assembled."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

import pytest

from sitegraph import topics
from sitegraph.keep import Keep
from sitegraph.model import Leaf, Site

if TYPE_CHECKING:
    from tests.conftest import Files

BOATS = {
    "boat": "A boat has a sail and a mast. It floats. The hull of a boat is of oak, and its sail is of hemp.",
    "sail": "Sails are cut from hemp. A mast carries the sail, and a hull of oak carries the mast of the boat.",
    "tide": "A boat waits for the tide. Oak and hemp rot, says the sailor, and no mast outlives its hull and sail.",
}
BREAD = {
    "loaf": "A loaf has a crust. Yeast lifts the dough, and an oven bakes dough and crust. Flour is of rye.",
    "oven": "Dough is left to the yeast, and then an oven makes a crust of it. A loaf of rye flour is dark.",
    "yeast": "Yeast eats flour. Rye has little for it, and a loaf of rye has a dense crust, whatever the dough.",
}


def pages(texts: dict[str, str]) -> dict[str, str | bytes]:
    return {f"docs/essays/{name}.md": f"## Heading\n\n{text}\n" for name, text in texts.items()}


TWO_SUBJECTS = {**pages(BOATS), **pages(BREAD)}
TOPICS_PAGE = "---\ntitle: Topics\ntemplate: topics.html\nsummaries:\n  %s: %s\n---\nText.\n"
Assemble = Callable[["Files"], Site]


@pytest.fixture(scope="module")
def site(assemble_site: Assemble) -> Site:
    return assemble_site(TWO_SUBJECTS)


def test_two_subjects_are_two_topics(site: Site) -> None:
    assert [{page.slug for page in topic.pages} for topic in site.topics] == [set(BOATS), set(BREAD)]


def test_a_topic_is_named_by_words_that_its_pages_share_and_no_other_topic_has(site: Site) -> None:
    labels = [set(topic.label.lower().split(", ")) for topic in site.topics]
    assert [len(label) for label in labels] == [3, 3]
    assert labels[0] <= {"boat", "sail", "sails", "mast", "hull", "oak", "hemp", "tide"}
    assert labels[1] <= {"loaf", "crust", "oven", "dough", "flour", "rye", "yeast"}
    assert all(re.fullmatch(r"[a-z]+-[a-z]+-[a-z]+", topic.name) for topic in site.topics)


def test_a_topic_is_summed_up_by_two_sentences_of_two_of_its_pages(site: Site) -> None:
    for topic, texts in zip(site.topics, (BOATS, BREAD), strict=True):
        assert len({said.page.path for said in topic.summary}) == 2
        assert all(said.text in texts[said.page.slug] and said.page in topic.pages for said in topic.summary)


def test_pages_about_pages_are_in_no_topic(assemble_site: Assemble) -> None:
    site = assemble_site({**TWO_SUBJECTS, "docs/about.md": BOATS["boat"]})
    assert "docs/about.md" not in {page.path for topic in site.topics for page in topic.pages} | site.related.keys()


def test_related_pages_are_on_the_same_subject(site: Site) -> None:
    found = {site.leaves[path].page.slug: {page.slug for page in near} for path, near in site.related.items()}
    assert found == {name: set(subject) - {name} for subject in (BOATS, BREAD) for name in subject}


def test_code_formulas_and_citations_are_not_what_a_page_is_about(site: Site, assemble_site: Assemble) -> None:
    names = ["flour", "yeast", "oven", "dough", "crust", "rye"]
    code = f"```\n{' '.join(names)}\n```\n\n`{' '.join(names)}` and $\\text{{{' '.join(names)}}}$"
    cited = " ".join(f"@{name}2020" for name in names)
    book = "@misc{%s2020, author = {%s, A.}, title = {T}, howpublished = {H}, year = {2020}}\n"
    boats = pages({name: f"{text}\n\n{code}\n\n{cited}" for name, text in BOATS.items()})
    bibliography = "".join(book % (name, name.title()) for name in names)
    other = assemble_site({**TWO_SUBJECTS, **boats, "bib/x.bib": bibliography})
    assert [str(found) for found in other.problems] == []
    assert other.related == site.related
    assert [topic.label for topic in other.topics] == [topic.label for topic in site.topics]


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_a_site_of_few_pages_has_no_topics(size: int, assemble_site: Assemble) -> None:
    site = assemble_site(dict(list(TWO_SUBJECTS.items())[:size]))
    assert site.topics == ()
    assert set(site.related.values()) <= {()}


def test_a_page_without_words_is_in_no_topic(assemble_site: Assemble) -> None:
    site = assemble_site({**TWO_SUBJECTS, "docs/essays/mute.md": "1 + 1 = 2.\n"})
    assert {page.slug for topic in site.topics for page in topic.pages} == {*BOATS, *BREAD}
    assert site.related["docs/essays/mute.md"] == ()


def test_the_order_of_the_pages_changes_nothing(site: Site) -> None:
    leaves = list(site.leaves.values())
    assert topics.find_topics(reversed(leaves), Keep()) == topics.find_topics(leaves, Keep())


# What the author says of a topic.


def test_an_authors_summary_goes_with_its_topic(site: Site, assemble_site: Assemble) -> None:
    name = site.topics[1].name
    told = assemble_site({**TWO_SUBJECTS, "docs/topics.md": TOPICS_PAGE % (name, "How bread is made.")})
    assert [topic.told for topic in told.topics] == ["", "How bread is made."]
    assert [str(found) for found in told.problems if found.rule == "topic-exists"] == []


def test_a_summary_for_no_topic_is_told_with_its_line_and_the_nearest_name(site: Site, assemble_site: Assemble) -> None:
    name = site.topics[1].name
    wrong = assemble_site({**TWO_SUBJECTS, "docs/topics.md": TOPICS_PAGE % (name + "s", "Bread.")})
    assert [str(found) for found in wrong.problems if found.rule == "topic-exists"] == [
        f"docs/topics.md:5: no topic is called `{name}s`; did you mean `{name}`? [topic-exists]"
    ]


def test_where_no_name_is_near_all_are_told(site: Site, assemble_site: Assemble) -> None:
    wrong = assemble_site({**TWO_SUBJECTS, "docs/topics.md": TOPICS_PAGE % ("q", "Bread.")})
    (told,) = (found.sentence for found in wrong.problems if found.rule == "topic-exists")
    assert told == f"no topic is called `q`; there are {', '.join(sorted(topic.name for topic in site.topics))}"


# What is kept between builds.


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pages the topics were made of, each time that they were."""
    times: list[int] = []
    make = topics._made

    def counted(leaves: list[Leaf]) -> bytes:
        times.append(len(leaves))
        return make(leaves)

    monkeypatch.setattr(topics, "_made", counted)
    return times


def test_topics_are_made_once_for_the_same_pages(site: Site, tmp_path: Path, made: list[int]) -> None:
    first, second = (topics.find_topics(site.leaves.values(), Keep(tmp_path)) for _ in range(2))
    assert first == second
    assert made == [6]


def test_topics_are_made_again_when_a_page_changes(site: Site, tmp_path: Path, made: list[int]) -> None:
    leaf, *others = site.leaves.values()
    page = leaf.page
    for changed in (
        leaf,
        replace(leaf, html="<p>New.</p>"),
        replace(leaf, page=replace(page, title="New")),
        replace(leaf, page=replace(page, description="New.")),
        replace(leaf, page=replace(page, themes=("new",))),
        leaf,
    ):
        topics.find_topics([changed, *others], Keep(tmp_path))
    assert made == [6] * 5


def test_what_is_kept_is_the_same_to_the_byte(site: Site) -> None:
    leaves = sorted(site.leaves.values(), key=lambda leaf: leaf.page.path)
    assert topics._made(leaves) == topics._made(leaves)


# What readers see.


@pytest.fixture(scope="module")
def served(site: Site, build_site: Callable[..., Path]) -> Path:
    told = TOPICS_PAGE % (site.topics[1].name, "How bread & <b>crust</b> are made.")
    return build_site({**TWO_SUBJECTS, "docs/topics.md": told}) / "site"


def by_class(page: Element, name: str) -> list[Element]:
    return [element for element in page.iter() if element.get("class") == name]


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def links(element: Element) -> list[tuple[str, str]]:
    """The links of *element* to other pages with their words; all of them can be previewed."""
    found = [link for link in element.iter("a") if not link.attrib["href"].startswith(("#", "../feeds/"))]
    assert all("data-preview" in link.attrib for link in found)
    return [(link.attrib["href"], words(link)) for link in found]


def test_each_topic_is_a_section_with_its_label_sentences_and_pages(
    site: Site, served: Path, read_page: Callable[[Path], Element]
) -> None:
    sections = by_class(read_page(served / "topics"), "topic")
    assert len(sections) == 2
    for section, topic in zip(sections, site.topics, strict=True):
        heading = next(section.iter("h2"))
        assert (heading.get("id"), section.get("aria-label")) == (topic.name, topic.label)
        assert words(heading) == f"{topic.label}¶"
        assert [words(item) for item in section.iter("li")] == [f"Essay {page.title}" for page in topic.pages]
        assert [href for href, _ in links(section)][-3:] == [f"../{page.url}" for page in topic.pages]
    first = site.topics[0]
    assert words(next(sections[0].iter("p"))) == " ".join(f"{said.text} ({said.page.title})" for said in first.summary)
    assert links(sections[0])[:2] == [(f"../{said.page.url}", said.page.title) for said in first.summary]


def test_an_authors_summary_is_shown_as_the_authors(served: Path, read_page: Callable[[Path], Element]) -> None:
    section = by_class(read_page(served / "topics"), "topic")[1]
    assert words(next(section.iter("p"))) == "How bread & <b>crust</b> are made. (the author’s summary)"


def test_a_page_ends_with_its_related_pages_and_their_kind(
    site: Site, served: Path, read_page: Callable[[Path], Element]
) -> None:
    (section,) = by_class(read_page(served / "essays/boat"), "related")
    near = site.related["docs/essays/boat.md"]
    assert [words(item) for item in section.iter("li")] == [f"Essay {page.title}" for page in near]
    assert links(section) == [(f"../{page.slug}/", page.title) for page in near]


def test_a_page_about_pages_has_no_related_pages(served: Path, read_page: Callable[[Path], Element]) -> None:
    assert by_class(read_page(served / "about"), "related") == []
