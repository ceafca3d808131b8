"""References as readers see them."""

from __future__ import annotations

from typing import Any

from pybtex.database import parse_string

from sitegraph.bibliography import read_bibliography
from sitegraph.model import Name, Reference
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


def test_a_reference_keeps_what_its_entry_says_without_tex() -> None:
    (reference,) = formatted(
        r"@book{k, author = {{The \& Group} and de la Cruz, Jr, Juan and others}, editor = {{\AA}s, Eva M.}, "
        r"title = {\'Etudes}, publisher = {P}, year = 1942, url = {https://a.org/~b_c}, "
        r"doi = {https://doi.org/10.1/a_b}}"
    )
    assert reference.type == "book"
    assert reference.names == {
        "author": (Name(literal="The & Group"), Name("Cruz", "Juan", "de la", "Jr"), Name(literal="others")),
        "editor": (Name("Ås", "Eva M."),),
    }
    assert reference.fields == {
        "title": "Études",
        "publisher": "P",
        "year": "1942",
        "url": "https://a.org/~b_c",
        "doi": "10.1/a_b",
    }
