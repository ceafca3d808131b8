"""The site as a graph, and the schema that tells what stands in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.conftest import HERE, NEIGHBOURS, NOTEBOOK_HEAD, Files, a_boundary, a_claim, a_figure, a_result, notebook

from sitegraph.drawing import Fonts
from sitegraph.graph_json import KINDS, graph_json, graph_schema
from sitegraph.keep import Keep
from sitegraph.model import LINK_TYPES, VERDICT_WORDS, Publication, Site
from sitegraph.publish import published

PUBLICATION = Publication("Said", "A site.", "https://example.org/kb/", "en", "https://example.org/by/")
SCHEMA = json.loads(graph_schema(PUBLICATION))
RULES = Draft202012Validator(SCHEMA)
Assemble = Callable[[Files], Site]

THREAD = """---
title: The jet, tested
description: A thread.
kind: comment
speaker: Roman Belaire
answers: camus1942sisyphe
parent: likely
source: C02
restated: 2026-11-24
themes: [meaning]
address: https://forum.example/posts/a/jets?commentId=q
posted: 2025-01-31
parent-post: Jets
claims:
  faster:
    says: The jet is faster.
    tested-by: jets
---

## What the comment says

Text.

## What to make of it

Text.
"""
FILES: Files = {
    **NEIGHBOURS,
    HERE: """---
title: Here
description: An essay.
themes: [tests]
written: 2026-11-24
---

## A section

It *leans* on [a claim](../threads/tested.md#claim-faster "supports") & more.
See [a heading](small-promises.md#kept-promises) and [a number](../../notebooks/jets.ipynb#result-gap).
Nagel says more [@nagel1971absurd].
""",
    "docs/threads/tested.md": THREAD,
    "notebooks/lab.py": "x = 1\n",
    "notebooks/live/jets.py": "import math\n",
    "notebooks/jets.ipynb": notebook(
        NOTEBOOK_HEAD % "Are jets faster?",
        (
            "import lab",
            a_result("gap", 0.2, unit="km", lo=0.1, hi=0.3, seeds="0–29"),
            a_claim("faster", "conditional", "The jet is faster.", condition="Above the clouds."),
            a_figure("race"),
            a_boundary("faster"),
        ),
        beside={"lab.py": "x = 1\n"},
    ),
}


@pytest.fixture(scope="module")
def text(assemble_site: Assemble) -> str:
    return graph_json(assemble_site(FILES), PUBLICATION)


@pytest.fixture(scope="module")
def graph(text: str) -> Any:
    return json.loads(text)


def node(graph: Any, name: str) -> dict[str, Any]:
    (found,) = (one for one in graph["nodes"] if one["id"] == name)
    assert isinstance(found, dict)
    return found


def edges(graph: Any, start: str, type_: str) -> list[dict[str, Any]]:
    return [edge for edge in graph["edges"] if (edge["from"], edge["type"]) == (start, type_)]


def test_it_is_as_its_schema_says(graph: Any) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert [error.message for error in RULES.iter_errors(graph)] == []
    assert SCHEMA["$id"] == graph["$schema"] == "https://example.org/kb/graph.schema.json"


def fields(schema: Any) -> Iterator[tuple[str, Any]]:
    yield from schema.get("properties", {}).items()
    for part in schema.get("$defs", {}).values():
        yield from fields(part)


def test_the_schema_describes_every_field() -> None:
    assert len(list(fields(SCHEMA))) > 50
    assert [name for name, field in fields(SCHEMA) if len(field.get("description", "")) < 8] == []


def test_the_schema_knows_every_kind_type_and_verdict() -> None:
    parts = SCHEMA["$defs"]
    assert parts["node"]["properties"]["kind"]["enum"] == list(KINDS)
    assert set(parts["edge"]["properties"]["type"]["enum"]) == {
        *LINK_TYPES, "mentions", "cites", "tested-by", "replies-to",
    }  # fmt: skip
    assert parts["claim"]["properties"]["verdict"]["enum"] == list(VERDICT_WORDS)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("essays/here/", {"kind": "poem"}),
        ("essays/here/", {"verdict": "supported"}),
        ("essays/here/", {"date": "yesterday"}),
        ("threads/tested/#claim-faster", {"verdict": "likely"}),
        ("notebooks/jets/#result-gap", {"value": "0.2"}),
        ("bibliography/#nagel1971absurd", {"colour": "red"}),
    ],
)
def test_the_schema_refuses_a_node_of_another_form(graph: Any, name: str, wrong: dict[str, Any]) -> None:
    nodes = [{**one, **wrong} if one["id"] == name else one for one in graph["nodes"]]
    assert nodes != graph["nodes"]
    assert not RULES.is_valid({**graph, "nodes": nodes})


@pytest.mark.parametrize("wrong", [{"version": "2.0"}, {"problems": -1}, {"more": 1}, {"edges": [{"from": "a"}]}])
def test_the_schema_refuses_a_graph_of_another_form(graph: Any, wrong: dict[str, Any]) -> None:
    assert not RULES.is_valid({**graph, **wrong})


def test_every_edge_joins_two_nodes(graph: Any) -> None:
    ids = [one["id"] for one in graph["nodes"]]
    assert len(ids) == len(set(ids))
    assert [edge for edge in graph["edges"] if not {edge["from"], edge["to"]} <= set(ids)] == []


def test_a_link_has_its_type_its_sentence_in_plain_words_and_its_place(graph: Any) -> None:
    assert edges(graph, "essays/here/", "supports") == [
        {
            "type": "supports",
            "from": "essays/here/",
            "to": "threads/tested/#claim-faster",
            "section": "a-section",
            "sentence": "It leans on a claim & more.",
            "path": HERE,
            "line": 10,
        }
    ]


def test_a_link_to_a_part_that_is_no_node_leads_to_its_page(graph: Any) -> None:
    ends = [(edge["to"], edge.get("anchor")) for edge in edges(graph, "essays/here/", "mentions")]
    assert ends == [("essays/small-promises/", "kept-promises"), ("notebooks/jets/#result-gap", None)]


def test_a_citation_leads_to_the_work(graph: Any) -> None:
    (cited,) = edges(graph, "essays/here/", "cites")
    assert cited["to"] == "bibliography/#nagel1971absurd"
    assert (cited["line"], cited["sentence"]) == (12, "Nagel says more [1].")
    assert node(graph, cited["to"])["title"] == "The Absurd"


def test_a_claim_has_its_verdict_and_what_decides(graph: Any) -> None:
    claim = node(graph, "threads/tested/#claim-faster")
    assert claim == {
        "id": "threads/tested/#claim-faster",
        "kind": "claim",
        "address": "https://example.org/kb/threads/tested/#claim-faster",
        "name": "faster",
        "says": "The jet is faster.",
        "page": "threads/tested/",
        "path": "docs/threads/tested.md",
        "line": 15,
        "verdict": "conditional",
        "notebook": "notebooks/jets/",
        "condition": "Above the clouds.",
        "decided_by": "notebooks/jets/#result-gap",
        "boundary": {
            "along": "wind",
            "says": "the share of wind",
            "sentence": "It holds while the share of wind is at most 50 % and fails where it is at least 100 %.",
            "points": [
                {"at": 0.5, "mean": 0.2, "lo": 0.1, "hi": 0.3, "state": "holds"},
                {"at": 1.0, "mean": -0.2, "lo": -0.3, "hi": -0.1, "state": "fails"},
            ],
            "settings": {"fuel": 12.0},
            "seeds": "6000–6029",
            "cell": "notebooks/jets/#cell-1",
        },
    }
    assert edges(graph, claim["id"], "tested-by") == [
        {"type": "tested-by", "from": claim["id"], "to": "notebooks/jets/"}
    ]
    assert node(graph, "threads/outrunning-the-jet/#claim-acceptance-first")["test_would_take"] == "Two runners."


def test_a_result_has_its_value_and_its_interval(graph: Any) -> None:
    result = node(graph, "notebooks/jets/#result-gap")
    assert (result["value"], result["unit"], result["interval"], result["seeds"]) == (0.2, "km", [0.1, 0.3], "0–29")
    assert (result["notebook"], result["cell"]) == ("notebooks/jets/", "notebooks/jets/#cell-1")


def test_a_thread_says_whose_words_it_restates_and_how_sure_the_post_is(graph: Any) -> None:
    thread = node(graph, "threads/tested/")
    assert (thread["speaker"], thread["form"], thread["source"]) == ("Roman Belaire", "comment", "C02")
    assert thread["original"] == {
        "address": "https://forum.example/posts/a/jets?commentId=q",
        "posted": "2025-01-31",
        "post": {"title": "Jets"},
    }
    (reply,) = edges(graph, "threads/tested/", "replies-to")
    assert (reply["to"], reply["certainty"]) == ("bibliography/#camus1942sisyphe", "likely")


def test_a_run_has_the_digests_of_all_that_it_depended_on(graph: Any) -> None:
    (run,) = graph["runs"]
    assert (run["notebook"], run["profile"], list(run["files"])) == ("notebooks/jets/", "full", ["lab.py"])
    assert run["cells"]


def test_every_mistake_is_told_with_its_place_and_its_rule(assemble_site: Assemble) -> None:
    site = assemble_site({**FILES, HERE: "[a](lost.md)\n"})
    graph = json.loads(graph_json(site, PUBLICATION))
    assert graph["problems"] == len(site.problems) == 1
    assert graph["mistakes"] == [
        {"path": HERE, "line": 4, "sentence": "no page 'lost.md'", "rule": "link-target-exists"}
    ]
    assert [error.message for error in RULES.iter_errors(graph)] == []


def test_a_change_to_one_element_is_a_change_to_one_line(text: str, assemble_site: Assemble) -> None:
    changed = {**FILES, HERE: str(FILES[HERE]).replace("description: An essay.", "description: Another.")}
    other = graph_json(assemble_site(changed), PUBLICATION)
    assert text.endswith("}\n")
    assert sum(one != two for one, two in zip(text.splitlines(), other.splitlines(), strict=True)) == 1


def test_the_files_are_the_same_each_time(assemble_site: Assemble) -> None:
    first, second = (
        {entry.name: entry.make() for entry in published(assemble_site(FILES), PUBLICATION, Fonts(), Keep()).every()}
        for _ in range(2)
    )
    assert first == second
    assert {"graph.json", "graph.schema.json", "references.bib", "references.csl.json"} < first.keys()


@pytest.mark.build
def test_the_whole_site_is_as_the_schema_says(real_site: Path) -> None:
    schema = json.loads((real_site / "graph.schema.json").read_text(encoding="utf-8"))
    graph = json.loads((real_site / "graph.json").read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(graph)] == []
    assert {one["kind"] for one in graph["nodes"]} == set(KINDS)
    assert {edge["type"] for edge in graph["edges"]} >= {"cites", "tested-by", "replies-to", "supports"}
    assert graph["problems"] == 0
