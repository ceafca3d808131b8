"""The whole site as a graph: what there is, what points to what in which sentence, and what the verdicts rest on.

`graph.schema.json` says what each field means. A change to the form that a reader of it could notice changes VERSION
there and here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .cite_page import dated
from .json_text import json_list, json_text
from .model import Boundary, Judged, Leaf, Origin, Page, Place, Publication, Reference, Result, Site
from .plain import plain_text

VERSION = "1.2"
SCHEMA = "graph.schema.json"
KINDS = ("essay", "thread", "notebook", "page", "claim", "result", "reference")


def graph_json(site: Site, publication: Publication) -> str:
    """The graph, an element a line and each in its place by kind and id, so that two builds can be compared."""
    nodes = sorted(_nodes(site, publication), key=lambda node: (KINDS.index(node["kind"]), node["id"]))
    edges = sorted(_edges(site, {node["id"] for node in nodes}), key=_order)
    parts = {
        "$schema": json_text(publication.at(SCHEMA)),
        "version": json_text(VERSION),
        "site": json_text(_site(publication)),
        "problems": json_text(len(site.problems)),
        "mistakes": json_list(_mistakes(site)),
        "nodes": json_list(nodes),
        "edges": json_list(edges),
        "runs": json_list(_runs(site)),
    }
    return "{\n" + ",\n".join(f"{json_text(name)}: {text}" for name, text in parts.items()) + "\n}\n"


def graph_schema(publication: Publication) -> str:
    """The schema of the graph, under the address at which this site publishes it."""
    text = Path(__file__).with_name(SCHEMA).read_text(encoding="utf-8")
    return text.replace(f'"$id": "{SCHEMA}"', f'"$id": {json_text(publication.at(SCHEMA))}')


def _site(publication: Publication) -> dict[str, Any]:
    return _known(
        name=publication.name,
        description=publication.description,
        address=publication.address,
        language=publication.language,
        licence=publication.licence,
        repository=publication.repository,
    )


def _mistakes(site: Site) -> Iterator[dict[str, Any]]:
    for found in site.problems:
        yield {"path": found.place.path, "line": found.place.line, "sentence": found.sentence, "rule": found.rule}


def _known(**fields: Any) -> dict[str, Any]:
    """The *fields* of which something is known."""
    return {name: value for name, value in fields.items() if value not in (None, "", (), [], {})}


def _id(page: Page, anchor: str = "") -> str:
    """What a node is called: its address, relative to the root of the site."""
    return f"{page.url or './'}#{anchor}" if anchor else page.url or "./"


def _nodes(site: Site, publication: Publication) -> Iterator[dict[str, Any]]:
    for leaf in site.leaves.values():
        yield _page(leaf, publication)
        for result in leaf.notebook.results.values() if leaf.notebook else ():
            yield _result(result, leaf.page, publication)
    for found in site.judged:
        yield _claim(found, publication)
    for reference in site.references:
        yield _reference(reference, publication)


def _node(kind: str, name: str, publication: Publication) -> dict[str, Any]:
    return {"id": name, "kind": kind, "address": publication.at(name.removeprefix("./"))}


def _page(leaf: Leaf, publication: Publication) -> dict[str, Any]:
    page, thread = leaf.page, leaf.page.thread
    return _node(page.kind, _id(page), publication) | _known(
        title=page.title,
        description=page.description,
        path=page.path,
        date=dated(page),
        themes=list(page.themes),
        aliases=list(page.aliases),
        form=thread and thread.form,
        speaker=thread and thread.speaker,
        source=thread and thread.source,
        parent=thread and thread.parent,
        original=thread and _original(thread.origin),
    )


def _original(origin: Origin) -> dict[str, Any]:
    """What is known of a comment where it was posted."""
    return _known(
        id=origin.id,
        address=origin.address,
        posted=origin.posted,
        edited=origin.edited,
        retracted=origin.retracted or None,
        post=_known(title=origin.post, address=origin.post_address) or None,
        answers=origin.parent_comment,
    )


def _claim(found: Judged, publication: Publication) -> dict[str, Any]:
    notebook, number = found.notebook, found.number
    return _node("claim", _id(found.page, found.claim.anchor), publication) | _known(
        name=found.claim.name,
        says=found.claim.says,
        page=_id(found.page),
        path=found.page.path,
        line=found.claim.line,
        verdict=found.verdict,
        notebook=notebook and _id(notebook),
        condition=found.outcome and found.outcome.condition,
        decided_by=notebook and number and _id(notebook, number.anchor),
        test_would_take=found.claim.test_would_take,
        boundary=found.boundary and _boundary(found.boundary, found.notebook),
    )


def _boundary(boundary: Boundary, notebook: Page | None) -> dict[str, Any]:
    """Where a claim stops being true along one setting, and what every other one was meanwhile."""
    return _known(
        along=boundary.along,
        says=boundary.axis.says,
        sentence=boundary.sentence,
        points=[
            {"at": point.value, "mean": point.mean, "lo": point.lo, "hi": point.hi, "state": point.state}
            for point in boundary.points
        ],
        settings={knob.name: knob.value for knob in boundary.others},
        seeds=boundary.seeds,
        cell=notebook and _id(notebook, f"cell-{boundary.cell}"),
    )


def _result(result: Result, page: Page, publication: Publication) -> dict[str, Any]:
    return _node("result", _id(page, result.anchor), publication) | _known(
        name=result.name,
        says=result.says,
        notebook=_id(page),
        cell=_id(page, f"cell-{result.cell}"),
        value=result.value,
        unit=result.unit,
        interval=[result.lo, result.hi] if result.lo is not None and result.hi is not None else None,
        decimals=result.decimals,
        seeds=result.seeds,
        measured=result.measured,
    )


def _reference(reference: Reference, publication: Publication) -> dict[str, Any]:
    return _node("reference", reference.address, publication) | _known(
        key=reference.key,
        label=reference.label,
        type=reference.type,
        title=reference.title,
        people=reference.people,
        venue=reference.venue,
        year=reference.fields.get("year"),
        doi=reference.fields.get("doi"),
        url=reference.url,
    )


def _edges(site: Site, ids: set[str]) -> Iterator[dict[str, Any]]:
    pages = {path: leaf.page for path, leaf in site.leaves.items()}
    works = {reference.key: reference.address for reference in site.references}
    for link in site.links:
        whole, part = _id(pages[link.target]), _id(pages[link.target], link.anchor)
        ends = {"to": part} if part in ids else _known(to=whole, anchor=link.anchor)
        yield _edge(link.type, pages[link.source], ends, link.section, link.excerpt, link.place)
    for citation in site.citations:
        ends = {"to": works[citation.key]}
        yield _edge("cites", pages[citation.source], ends, citation.section, citation.excerpt, citation.place)
    for found in site.judged:
        if found.notebook:
            yield {"type": "tested-by", "from": _id(found.page, found.claim.anchor), "to": _id(found.notebook)}
    for leaf in site.leaves.values():
        if leaf.answers and leaf.page.thread:
            ends = {"to": leaf.answers.address}
            yield {"type": "replies-to", "from": _id(leaf.page), **ends, "certainty": leaf.page.thread.parent}


def _edge(type_: str, page: Page, ends: dict[str, str], section: str, excerpt: str, place: Place) -> dict[str, Any]:
    sentence = " ".join(plain_text(excerpt).split())
    where = _known(section=section, sentence=sentence, path=place.path, line=place.line)
    return {"type": type_, "from": _id(page), **ends, **where}


def _order(edge: Mapping[str, Any]) -> tuple[Any, ...]:
    return edge["from"], edge.get("line", 0), edge["type"], edge["to"], edge.get("anchor", ""), edge.get("sentence", "")


def _runs(site: Site) -> list[dict[str, Any]]:
    """What the stored run of each notebook depended on: digests by which to see that nothing was changed since."""
    runs = [
        {
            "notebook": _id(leaf.page),
            "profile": leaf.notebook.profile,
            "cells": str(leaf.notebook.run.get("cells", "")),
            "files": _texts(leaf.notebook.run.get("files")),
            "packages": _texts(leaf.notebook.run.get("packages")),
        }
        for leaf in site.leaves.values()
        if leaf.notebook
    ]
    return sorted(runs, key=lambda run: str(run["notebook"]))


def _texts(value: Any) -> dict[str, str]:
    # What stands there is a file's, not ours.
    return {str(name): str(text) for name, text in sorted(value.items())} if isinstance(value, Mapping) else {}
