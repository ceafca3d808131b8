"""Rules are named for what should be true, and a mistake is against one of them; each is explained by examples."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from tests.conftest import NEIGHBOURS, NOTEBOOK_HEAD, Files, notebook

from sitegraph.freshness import manifest
from sitegraph.live import Runtime, read_runtime
from sitegraph.live_code import code_digest
from sitegraph.model import Place, Site
from sitegraph.rules import RULES, Example, problem

Assemble = Callable[..., Site]


def test_a_mistake_is_told_in_one_line_with_its_place_and_rule() -> None:
    found = problem("link-target-exists", Place("docs/a.md", 3), "no page 'b.md'")
    assert str(found) == "docs/a.md:3: no page 'b.md' [link-target-exists]"


def test_a_rule_that_is_not_known_is_a_programmers_mistake() -> None:
    with pytest.raises(KeyError):
        problem("link-tarmac-exists", Place("docs/a.md", 3), "no page 'b.md'")


@pytest.mark.parametrize("name", RULES)
def test_a_rule_says_in_a_sentence_what_holds_and_in_another_why(name: str) -> None:
    rule = RULES[name]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name)
    assert re.fullmatch(r"[A-Z].*\.", rule.holds)
    assert re.fullmatch(r"[A-Z].*\.", rule.why)
    assert rule.why != rule.holds


def around(example: Example) -> Files:
    """The files of *example* among those that it links and cites; its cell in a notebook that was run."""
    files = {**NEIGHBOURS, **example.files}
    for path, text in example.files.items():
        if path.endswith(".ipynb") and isinstance(text, str) and '"cells"' not in text:
            ran = {"cells": manifest([example.ran], {}, "")["cells"]} if example.ran else {}
            files[path] = notebook(NOTEBOOK_HEAD % "Are jets faster?", (text, *example.stored), **ran)
    return files


def answered(example: Example) -> Runtime | None:
    """What `make live` left that asked the question of *example* when its code was as it says."""
    if not example.answered:
        return None
    told = {"folder": "", "sent": {}, "sizes": {}, "python": "", "info": {}, "digests": {}, "compiled": {}}
    code = code_digest({"live/jets.py": example.answered})
    return read_runtime(json.dumps({**told, "codes": {"jets/faster": code}}))


def test_nothing_is_wrong_around_the_examples(assemble_site: Assemble) -> None:
    assert assemble_site(NEIGHBOURS).problems == ()


@pytest.mark.parametrize("name", RULES)
def test_the_wrong_example_of_a_rule_breaks_that_rule_and_no_other(name: str, assemble_site: Assemble) -> None:
    rule = RULES[name]
    problems = assemble_site(around(rule.wrong), answered(rule.wrong)).problems
    assert [str(found) for found in problems] == [f"{rule.told} [{name}]"]


@pytest.mark.parametrize("name", RULES)
def test_nothing_is_wrong_with_the_right_example_of_a_rule(name: str, assemble_site: Assemble) -> None:
    right = RULES[name].right
    assert [str(found) for found in assemble_site(around(right), answered(right)).problems] == []


@pytest.mark.build
def test_the_page_of_rules_explains_every_rule(real_site: Path, read_page: Callable[[Path], Element]) -> None:
    page = read_page(real_site / "rules")
    parts = {part.get("aria-labelledby"): part for part in page.iter("section") if part.get("class") == "rule"}
    assert list(parts) == list(RULES)
    for name, rule in RULES.items():
        words = " ".join("".join(parts[name].itertext()).split())
        said = [text.replace("`", "") for text in (rule.holds, rule.why)]
        shown = dict((*rule.wrong.shown, *rule.mended)).values()
        wanted = [*said, f"{rule.told} [{name}]", *shown]
        assert [text for text in wanted if " ".join(text.split()) not in words] == []


@pytest.mark.build
def test_the_contributing_page_leads_to_the_rules(real_site: Path) -> None:
    assert 'href="../rules/"' in (real_site / "contributing" / "index.html").read_text(encoding="utf-8")
