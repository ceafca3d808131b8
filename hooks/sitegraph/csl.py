"""References as CSL-JSON, which reference managers and citation processors read.

Types and variables are those of CSL 1.0.2. What BibTeX calls a number is one in a journal's volume (issue), in a series
(collection-number) or of a report (number); what it calls miscellaneous is a preprint, a page of the web or a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pybtex.database.input.bibtex import month_names

from .json_text import json_list
from .model import Name, Reference

TYPES: Mapping[str, str] = {
    "article": "article-journal",
    "book": "book",
    "conference": "paper-conference",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "mastersthesis": "thesis",
    "online": "webpage",
    "phdthesis": "thesis",
    "proceedings": "book",
    "techreport": "report",
    "unpublished": "manuscript",
}
"""What CSL calls a work of each BibTeX type; of a miscellaneous one, its fields decide."""

ROLES = ("author", "editor", "translator")

VARIABLES: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "container-title": ("journal", "booktitle"),
    "collection-title": ("series",),
    "publisher": ("publisher", "school", "institution"),
    "publisher-place": ("address", "location"),
    "volume": ("volume",),
    "edition": ("edition",),
    "DOI": ("doi",),
    "ISBN": ("isbn",),
    "ISSN": ("issn",),
    "language": ("language",),
    "abstract": ("abstract",),
    "note": ("note",),
}
"""The fields that can fill each variable as they stand; the first that there is does."""

GENRES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis"}

_MONTHS = {name: number for number, name in enumerate(dict.fromkeys(month_names.values()), 1)}


def csl_json(references: Iterable[Reference]) -> str:
    """*references* in their order, one a line."""
    return json_list(map(csl_item, references)) + "\n"


def csl_item(reference: Reference) -> dict[str, Any]:
    """One work; its id is the key by which it is cited."""
    return {
        "id": reference.key,
        "type": _type(reference),
        **{role: [_name(name) for name in reference.names[role]] for role in ROLES if role in reference.names},
        **dict(_dates(reference.fields)),
        **{variable: _first(reference, names) for variable, names in VARIABLES.items() if _first(reference, names)},
        **dict(_others(reference)),
    }


def _type(reference: Reference) -> str:
    fields = reference.fields
    if reference.type in TYPES:
        return TYPES[reference.type]
    if "eprint" in fields:
        return "article"  # so CSL calls a preprint
    return "webpage" if "url" in fields else "document"


def _first(reference: Reference, names: tuple[str, ...]) -> str:
    return next((reference.fields[name] for name in names if name in reference.fields), "")


def _name(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": name.literal}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: said for part, said in parts.items() if said}


def _dates(fields: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    year = fields.get("year", "")
    if year:
        yield "issued", _date(year, fields.get("month", ""), fields.get("day", ""))
    original = next((fields[name] for name in ("origyear", "origdate") if name in fields), "")
    if original:
        yield "original-date", _date(original, "", "")


def _date(year: str, month: str, day: str) -> dict[str, Any]:
    if not year.isdecimal() or len(year) > _LONGEST_NUMBER:
        return {"literal": year}
    number = _MONTHS.get(month.capitalize()) or (int(month) if _is_number(month) else None)
    parts = [int(year), *([number] if number else []), *([int(day)] if number and _is_number(day) else [])]
    return {"date-parts": [parts]}


_LONGEST_NUMBER = 6
"""Digits of a year; a longer one is a slip, and kept as it is written."""


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= _LONGEST_NUMBER


def _others(reference: Reference) -> Iterator[tuple[str, str]]:
    """The variables for which a field has to be looked at, or another field beside it."""
    fields = reference.fields
    if "pages" in fields:
        yield "page", re.sub("[–—]", "-", fields["pages"])
    if "number" in fields:
        yield _kind_of_number(reference), fields["number"]
    if reference.type in GENRES:
        yield "genre", GENRES[reference.type]
    if "howpublished" in fields:
        yield ("container-title" if "url" in fields else "publisher"), fields["howpublished"]
    arxiv = _arxiv(fields)
    if arxiv and _type(reference) == "article":  # the archive published it
        yield "publisher", "arXiv"
        yield "number", f"arXiv:{arxiv}"
    elif arxiv:
        yield "archive", "arXiv"
        yield "archive_location", arxiv
    if address := fields.get("url") or (f"https://arxiv.org/abs/{arxiv}" if arxiv else ""):
        yield "URL", address


def _kind_of_number(reference: Reference) -> str:
    if reference.type == "techreport":
        return "number"
    return "collection-number" if "series" in reference.fields else "issue"


def _arxiv(fields: Mapping[str, str]) -> str:
    return fields.get("eprint", "") if fields.get("archiveprefix", "").lower() == "arxiv" else ""
