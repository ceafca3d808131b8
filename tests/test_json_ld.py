"""What each page says of itself in the vocabulary of schema.org.

The names that there are come with rdflib. Which of them go together is written down here from the definitions at
https://schema.org: the types that each property is for, and what it may hold.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, SDO, Graph, Literal, URIRef
from rdflib.term import Node

from sitegraph.json_ld import json_ld
from sitegraph.model import Leaf, Page, Publication, Site

# rdflib still reads JSON-LD into a class of its own that it warns of.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

PUBLICATION = Publication("Said", "A site.", "https://example.org/kb/", "en", "https://example.org/by/")
VOCABULARY = "https://schema.org/"
ADDRESSES = ("contentUrl", "license", "publishingPrinciples", "url")
CONTEXT = {"@vocab": VOCABULARY, **{name: {"@type": "@id"} for name in ADDRESSES}}
"""Stands for the context that schema.org publishes, in which whatever holds an address is one."""

WIDER = {
    "Article": "CreativeWork",
    "Book": "CreativeWork",
    "Chapter": "CreativeWork",
    "Claim": "CreativeWork",
    "ClaimReview": "Review",
    "CollectionPage": "WebPage",
    "Comment": "CreativeWork",
    "CreativeWork": "Thing",
    "MediaObject": "CreativeWork",
    "Organization": "Thing",
    "Person": "Thing",
    "Rating": "Thing",
    "Report": "Article",
    "Review": "CreativeWork",
    "ScholarlyArticle": "Article",
    "SocialMediaPosting": "Article",
    "SoftwareSourceCode": "CreativeWork",
    "Thesis": "CreativeWork",
    "WebPage": "CreativeWork",
    "WebSite": "CreativeWork",
}
"""The next wider type of each."""

PROPERTIES = {
    "about": (["CreativeWork"], ["Thing"]),
    "abstract": (["CreativeWork"], ["Text"]),
    "alternateName": (["Thing"], ["Text"]),
    "appearance": (["Claim"], ["CreativeWork"]),
    "author": (["CreativeWork", "Rating"], ["Organization", "Person"]),
    "citation": (["CreativeWork"], ["CreativeWork", "Text"]),
    "claimInterpreter": (["Claim"], ["Organization", "Person"]),
    "claimReviewed": (["ClaimReview"], ["Text"]),
    "contentUrl": (["MediaObject"], ["URL"]),
    "datePublished": (["CreativeWork"], ["Date"]),
    "description": (["Thing"], ["Text"]),
    "editor": (["CreativeWork"], ["Person"]),
    "encoding": (["CreativeWork"], ["MediaObject"]),
    "encodingFormat": (["CreativeWork", "MediaObject"], ["Text", "URL"]),
    "hasPart": (["CreativeWork"], ["CreativeWork"]),
    "headline": (["CreativeWork"], ["Text"]),
    "inLanguage": (["CreativeWork"], ["Text"]),
    "isBasedOn": (["CreativeWork"], ["CreativeWork", "URL"]),
    "isPartOf": (["CreativeWork"], ["CreativeWork", "URL"]),
    "itemReviewed": (["Review"], ["Thing"]),
    "license": (["CreativeWork"], ["CreativeWork", "URL"]),
    "name": (["Thing"], ["Text"]),
    "parentItem": (["Comment"], ["Comment", "CreativeWork"]),
    "programmingLanguage": (["SoftwareSourceCode"], ["Text"]),
    "publisher": (["CreativeWork"], ["Organization", "Person"]),
    "publishingPrinciples": (["CreativeWork", "Organization", "Person"], ["CreativeWork", "URL"]),
    "ratingExplanation": (["Rating"], ["Text"]),
    "review": (["CreativeWork", "Organization"], ["Review"]),
    "reviewRating": (["Review"], ["Rating"]),
    "text": (["CreativeWork"], ["Text"]),
    "url": (["Thing"], ["URL"]),
}
"""The types that a property is for, and those of what it holds."""


def kinds(type_: str) -> set[str]:
    """*type_* and all that are wider."""
    return {type_} | (kinds(WIDER[type_]) if type_ in WIDER else set())


def parsed(graph: Graph, block: dict[str, Any], address: str) -> None:
    graph.parse(data=json.dumps({**block, "@context": CONTEXT}), format="json-ld", publicID=address)


def short(term: Node) -> str:
    assert str(term).startswith(VOCABULARY)
    return str(term).removeprefix(VOCABULARY)


def wrong(graph: Graph) -> list[str]:
    """What schema.org does not know, or does not mean so."""
    types: dict[Node, set[str]] = {}
    for subject, kind in graph.subject_objects(RDF.type):
        types.setdefault(subject, set()).update(kinds(short(kind)))
    found = []
    for subject, predicate, value in graph:
        if predicate == RDF.type:
            found += [] if str(value) in SDO else [f"no type {value}"]
            continue
        name = short(predicate)
        if str(predicate) not in SDO or name not in PROPERTIES:
            found.append(f"no property {name}")
            continue
        domain, range_ = PROPERTIES[name]
        if not types.get(subject, set()) & set(domain):
            found.append(f"{name} of {subject}, which is {sorted(types.get(subject, ()))}")
        if not what(value, types) & set(range_):
            found.append(f"{name} holds {value}, which is {sorted(what(value, types))}")
    return sorted(found)


def what(value: Node, types: dict[Node, set[str]]) -> set[str]:
    if isinstance(value, Literal):
        return {"Text", "Date"} if len(value) in (4, 10) and value[:4].isdecimal() else {"Text"}
    return types.get(value, set()) | ({"URL"} if isinstance(value, URIRef) else set())


@pytest.mark.parametrize(
    "block",
    [
        {"@type": "Poem"},
        {"@type": "Book", "colour": "red"},
        {"@type": "Person", "headline": "H"},
        {"@type": "Book", "author": "Nobody"},
        {"@type": "ClaimReview", "reviewRating": {"@type": "Review"}},
        {"@type": "Article", "parentItem": {"@type": "Article"}},
        {"@type": "Book", "datePublished": "soon"},
    ],
)
def test_what_does_not_go_together_is_found(block: dict[str, Any]) -> None:
    graph = Graph()
    parsed(graph, block, "https://example.org/")
    assert len(wrong(graph)) == 1


@pytest.fixture(scope="module")
def blocks(real_site: Path, read_page: Callable[[Path], Any]) -> dict[str, list[dict[str, Any]]]:
    """What each page says, by address."""
    found = {}
    for path in sorted(real_site.rglob("index.html")):
        scripts = read_page(path).iter("script")
        said = [json.loads(one.text) for one in scripts if one.get("type") == "application/ld+json"]
        found[path.parent.relative_to(real_site).as_posix().removeprefix(".")] = said
    return found


@pytest.fixture(scope="module")
def graph(blocks: dict[str, list[dict[str, Any]]]) -> Graph:
    """What all pages say, in one."""
    graph = Graph()
    (home,) = blocks[""]
    for address, (block,) in blocks.items():
        parsed(graph, block, f"{home['@id']}{address}{'/' if address else ''}")
    return graph


@pytest.mark.build
def test_every_page_says_what_it_is(blocks: dict[str, list[dict[str, Any]]]) -> None:
    types = {address: block["@type"] for address, (block,) in blocks.items()}
    assert {block["@context"] for (block,) in blocks.values()} == {"https://schema.org"}
    assert types[""] == "WebSite"
    assert types["essays/absurdism"] == "ScholarlyArticle"
    assert types["threads/catastrophe"] == "Article"
    assert types["notebooks/catastrophe-reward"] == ["ScholarlyArticle", "SoftwareSourceCode"]
    assert types["claims"] == types["bibliography"] == types["threads"] == "CollectionPage"
    assert types["about"] == "WebPage"


@pytest.mark.build
def test_it_is_what_schema_org_means(graph: Graph) -> None:
    assert len(graph) > 1000
    assert wrong(graph) == []


@pytest.mark.build
def test_what_is_named_by_an_address_of_the_site_is_described_on_some_page(graph: Graph) -> None:
    """But for addresses that are only addresses, and lead to the place where a thing is told."""
    home = str(next(graph.subjects(RDF.type, SDO.WebSite)))
    only = {SDO[name] for name in ADDRESSES}
    named = {value for _, name, value in graph if isinstance(value, URIRef) and name not in {*only, RDF.type}}
    assert len(named) > 100
    assert [
        str(one) for one in sorted(named) if str(one).startswith(home) and not list(graph.objects(one, RDF.type))
    ] == []


@pytest.mark.build
def test_every_verdict_is_a_review_of_the_claim_in_the_comment(graph: Graph, real_site: Path) -> None:
    nodes = json.loads((real_site / "graph.json").read_text(encoding="utf-8"))["nodes"]
    words = {
        "supported": "supported",
        "conditional": "under conditions",
        "contradicted": "contradicted",
        "open": "open",
    }
    wanted = {node["address"]: words.get(node["verdict"]) for node in nodes if node["kind"] == "claim"}
    found = {}
    for claim in graph.subjects(RDF.type, SDO.Claim):
        reviews = list(graph.objects(claim, SDO.review))
        assert all(graph.value(review, SDO.itemReviewed) == claim for review in reviews)
        ratings = [graph.value(review, SDO.reviewRating) for review in reviews]
        found[str(claim)] = next((str(graph.value(rating, SDO.alternateName)) for rating in ratings), None)
        comment = graph.value(claim, SDO.appearance)
        speaker = graph.value(graph.value(comment, SDO.author), SDO.name)
        assert str(speaker) == "Roman Belaire"
    assert found == wanted


@pytest.mark.build
def test_nobody_but_the_site_is_said_to_have_written_a_page(graph: Graph) -> None:
    site = next(graph.subjects(RDF.type, SDO.WebSite))
    written = [page for page in graph.subjects(SDO.isPartOf, site) if list(graph.objects(page, SDO.headline))]
    authors = {str(graph.value(author, SDO.name)) for page in written for author in graph.objects(page, SDO.author)}
    assert len(written) > 30
    assert authors == {"Said in passing"}


@pytest.mark.build
def test_an_essay_says_it_in_few_bytes(real_site: Path) -> None:
    for path in sorted(real_site.glob("essays/*/index.html")):
        text = path.read_text(encoding="utf-8")
        block = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
        cited = block.count("bibliography/#")
        assert 0 < len(block.encode()) - 50 * cited < 650


def test_nothing_that_it_says_ends_the_block() -> None:
    page = Page("docs/essays/x.md", "essays/x/", "essay", '</script><!-- & "“', written="2026-11-24")
    leaf = Leaf(page, "", (), (), (), (), {}, None)
    text = json_ld(leaf, Site({page.path: leaf}, (), {}, {}, {}, {}, ()), PUBLICATION)
    assert text.count("<") == 2
    said = json.loads(text.removeprefix('<script type="application/ld+json">').removesuffix("</script>"))
    assert said["headline"] == page.title
