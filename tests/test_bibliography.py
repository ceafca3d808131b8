"""The bibliography: every entry that can be read, and every mistake in the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pybtex.database import parse_string

from sitegraph.bibliography import NEEDS, read_bibliography


def test_a_mistake_costs_the_entry_it_stands_in(case: Any, matches: Callable[..., bool]) -> None:
    read = read_bibliography(case["files"])
    assert matches(sorted(str(problem) for problem in read.problems), sorted(case.get("problems", [])))
    assert list(read.pieces) == case["keys"]
    entries = parse_string(read.text, "bibtex").entries
    assert list(entries) == case["keys"]
    assert {key: entries[key].fields["title"] for key in case.get("titles", {})} == case.get("titles", {})
    assert case.get("in-the-text", "") in read.text
    assert case.get("lacks-in-the-text", "\0") not in read.text


def test_every_type_has_a_title() -> None:
    assert all("title" in needs for needs in NEEDS.values())


def test_an_entry_is_copied_as_it_is_written() -> None:
    written = "@misc{one,\n  author = {A, B}, % who\n  title = {{One}},\n  url = {https://a.org},\n}"
    read = read_bibliography({"bib/a.bib": f"% before\n{written}\n\n% after\n\n@comment{{x}}\n"})
    assert read.pieces["one"].text == written
