"""References as readers see them."""

from __future__ import annotations

from typing import Any

from pybtex.database import parse_string

from sitegraph.bibliography import read_bibliography
from sitegraph.model import Reference
from sitegraph.reference_format import references


def formatted(bib: str) -> list[Reference]:
    read = read_bibliography({"bib/a.bib": bib})
    assert read.problems == ()
    return list(references(parse_string(read.text, "bibtex").entries, read.pieces))


def test_a_reference_reads_well(case: Any) -> None:
    (reference,) = formatted(case["bib"])
    assert reference.text == case["text"]
    assert case.get("html", "") in reference.html
    assert reference.label == case.get("label", reference.label)
    assert list(reference.sort_key) == case.get("sorted-by", list(reference.sort_key))
    assert list(reference.surnames) == case.get("surnames", list(reference.surnames))


def test_references_stand_in_the_order_of_names_and_years() -> None:
    works = (("Zed", 1990), ("Östlund", 2001), ("Olson", 2020), ("adams", 2003), ("Zed", 1980))
    bib = "\n".join(
        f"@misc{{k{number}, author = {{{name}, A.}}, title = {{T}}, howpublished = {{H}}, year = {year}}}"
        for number, (name, year) in enumerate(works)
    )
    labels = [reference.label for reference in formatted(bib)]
    assert labels == ["adams 2003", "Olson 2020", "Östlund 2001", "Zed 1980", "Zed 1990"]


def test_the_bibtex_of_a_reference_is_the_entry_as_written() -> None:
    bib = "@misc{one,\n  author = {A, B},\n  title = {The {LLM}},\n  url = {https://a.org},\n}"
    (reference,) = formatted(bib)
    assert reference.bibtex == bib
    assert reference.url == "https://a.org"
