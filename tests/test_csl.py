"""References as CSL-JSON.

What may stand in it is told by the published schema of CSL's input (`csl-data.json`); `schemas/csl.yml` lists the types
and the variables that it allows, by what each holds. The rules here are narrower: nothing may be empty, and who has no
family name is an institution.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from pybtex.database import parse_string

from sitegraph.bibliography import read_bibliography
from sitegraph.csl import csl_item, csl_json
from sitegraph.model import Reference
from sitegraph.reference_format import references

ROOT = Path(__file__).parent.parent

ALLOWED = yaml.safe_load((ROOT / "tests" / "schemas" / "csl.yml").read_text(encoding="utf-8"))

TEXT = {"type": "string", "minLength": 1}
NUMBER = {"type": ["string", "number"], "minLength": 1}
NAME = {
    "type": "object",
    "properties": dict.fromkeys(
        ("family", "given", "dropping-particle", "non-dropping-particle", "suffix", "literal"), TEXT
    ),
    "additionalProperties": False,
    "anyOf": [{"required": ["family"]}, {"required": ["literal"]}],
}
PEOPLE = {"type": "array", "items": NAME, "minItems": 1}
DATE = {
    "type": "object",
    "properties": {
        "date-parts": {
            "type": "array",
            "items": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3},
            "minItems": 1,
            "maxItems": 2,
        },
        "literal": TEXT,
    },
    "additionalProperties": False,
    "minProperties": 1,
}
RULES = Draft202012Validator(
    {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "id": TEXT,
                "type": {"enum": ALLOWED["types"]},
                **dict.fromkeys(ALLOWED["names"], PEOPLE),
                **dict.fromkeys(ALLOWED["dates"], DATE),
                **dict.fromkeys(ALLOWED["numbers"], NUMBER),
                **dict.fromkeys(ALLOWED["texts"], TEXT),
            },
            "required": ["type", "id"],
            "additionalProperties": False,
        },
    }
)


def read(bib: str) -> tuple[Reference, ...]:
    found = read_bibliography({"bib/a.bib": bib})
    return references(parse_string(found.text, "bibtex").entries, found.pieces)


def test_a_work_becomes_what_csl_calls_it(case: Any) -> None:
    items = [csl_item(reference) for reference in read(case["bib"])]
    assert items == [{"id": "k", **case["item"]}]
    assert not list(RULES.iter_errors(items))


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "misc"},
        {"journal": "J"},
        {"author": [{"given": "A."}]},
        {"issued": {"date-parts": [["May"]]}},
        {"DOI": ""},
    ],
)
def test_the_rules_refuse_what_csl_does_not_know(wrong: dict[str, Any]) -> None:
    assert not RULES.is_valid([{"id": "k", "type": "book", **wrong}])


def test_every_work_of_the_bibliography_is_there_by_the_rules() -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "bib").glob("*.bib"))}
    found = read_bibliography(files)
    every = references(parse_string(found.text, "bibtex").entries, found.pieces)
    text = csl_json(every)
    items = json.loads(text)
    assert not [error.message for error in RULES.iter_errors(items)]
    assert [item["id"] for item in items] == [reference.key for reference in every]
    assert [item["id"] for item in items if not {"author", "editor"} & item.keys()] == []
    assert len(text.splitlines()) == len(items) + 2
