"""The day on which each page last changed, from what the files say: no clock, and no version control."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from .model import Change, Judged, Kind, Page

_MONTHS = "January February March April May June July August September October November December"

_ALL: tuple[Kind, ...] = ("essay", "thread", "notebook")
_SHOWN: Mapping[str, tuple[Kind, ...]] = {
    "essays.html": ("essay",),
    "threads.html": ("thread",),
    "notebooks.html": ("notebook",),
}
"""What the pages of each template list; those of any other show something of every page."""


def day_in_words(date: str) -> str:
    """'24 November 2026' for '2026-11-24', whatever the language of the machine; what is no day stays as it is."""
    year, _, rest = date.partition("-")
    month, _, day = rest.partition("-")
    if not (month.isdecimal() and day.isdecimal() and 1 <= int(month) <= 12):
        return date
    return f"{int(day)} {_MONTHS.split()[int(month) - 1]} {year}"


def last_changed(pages: Iterable[Page], history: Iterable[Change], judged: Iterable[Judged]) -> dict[str, str]:
    """The day on which each page last changed, by path; a page of which nothing tells is left out.

    A claim's verdict stands on its page and on its notebook's, so both change with it. A page that lists others changes
    with the newest of them.
    """
    pages = list(pages)
    new_verdicts = _verdict_days(history, judged)
    found = {page.path: max(page.begun, page.updated or "", new_verdicts.get(page.path, "")) for page in pages}
    newest: dict[Kind, str] = defaultdict(str)
    for page in pages:
        newest[page.kind] = max(newest[page.kind], found[page.path])
    for page in pages:
        template = page.meta.get("template")
        if page.kind == "page" and template:
            shown = (newest[kind] for kind in _SHOWN.get(template, _ALL))
            found[page.path] = max(found[page.path], *shown)
    return {path: day for path, day in found.items() if day}


def _verdict_days(history: Iterable[Change], judged: Iterable[Judged]) -> dict[str, str]:
    """The day of the newest verdict that each page shows."""
    days = {change.claim: change.date for change in history}  # the newest comes last
    found: dict[str, str] = {}
    for claim in judged:
        if claim.notebook:
            day = days.get(f"{claim.notebook.slug}/{claim.claim.name}", "")
            for page in (claim.page, claim.notebook):
                found[page.path] = max(found.get(page.path, ""), day)
    return found
