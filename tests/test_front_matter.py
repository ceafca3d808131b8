"""Front matter: a page from the settings at its head, and every mistake in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sitegraph.front_matter import FIELDS, Read, read_front_matter
from sitegraph.model import Kind


def test_a_page_is_what_its_front_matter_says(case: Any, matches: Callable[..., bool]) -> None:
    read = read_front_matter(case["path"], "x/", case["text"])
    problems = [f"{problem.place.line}: {problem.sentence} [{problem.rule}]" for problem in sorted(read.problems)]
    assert matches(problems, case["problems"])
    assert {problem.place.path for problem in read.problems} <= {case["path"]}
    for name, expected in case.get("page", {}).items():
        assert _said(read, name) == expected


def _said(read: Read, name: str) -> object:
    if name in ("body", "first_line"):
        return getattr(read, name)
    if name == "parent":
        return read.page.thread and read.page.thread.parent
    if name == "claims":
        return [f"{claim.name}: {claim.says}" for claim in read.page.claims]
    value = getattr(read.page, name)
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("kind", FIELDS)
def test_every_field_has_a_case_in_which_it_is_wrong(kind: Kind, request: pytest.FixtureRequest) -> None:
    cases = (request.path.parent / "cases" / "front_matter").glob("*.yml")
    texts = "\n".join(path.read_text(encoding="utf-8") for path in cases)
    assert [name for name in FIELDS[kind] if f"`{name}` should be" not in texts] == []
