"""The sentence around a link, as HTML with the link marked."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import sentencex

_SLOT = re.compile("\ue000[a-z][0-9]+\ue001")


@dataclass
class Run:
    """A stretch of text in one form."""

    text: str
    tags: tuple[str, ...] = ()  # of phrasing content: em, strong, code …, outermost first
    owner: Element | None = None  # the link, citation or formula it belongs to
    html: str | None = None  # what to print in its place; it is then never cut

    def printed(self, start: int, end: int) -> str:
        """The HTML of the characters from *start* to *end*."""
        inner = self.html if self.html is not None else html.escape(self.text[start:end], quote=False)
        for tag in reversed(self.tags):
            inner = f"<{tag}>{inner}</{tag}>"
        return inner


def runs_html(runs: Sequence[Run]) -> str:
    """All of *runs*."""
    return "".join(run.printed(0, len(run.text)) for run in runs).strip()


def excerpt(runs: Sequence[Run], element: Element, *, whole: bool = False) -> str:
    """The sentence among *runs* that holds *element*, which is put in <mark>; with *whole*, all of the runs."""
    first, last = _extent(runs, element)
    start, end = (0, sum(len(run.text) for run in runs)) if whole else _sentence(runs, first, last)
    return "".join(_pieces(runs, start, end, element)).strip()


def _extent(runs: Sequence[Run], element: Element) -> tuple[int, int]:
    at, places = 0, []
    for run in runs:
        if run.owner is element:
            places += [at, at + len(run.text)]
        at += len(run.text)
    return (places[0], places[-1]) if places else (0, 0)  # an image has no words: the first sentence will do


def _sentence(runs: Sequence[Run], first: int, last: int) -> tuple[int, int]:
    """Where the sentence, or the sentences, begin and end that hold the characters from *first* to *last*."""
    # A formula or a slot is one word to the reader, whatever stops stand in it.
    plain = "".join("x" * len(run.text) if run.html is not None else run.text for run in runs)
    plain = _SLOT.sub(lambda found: "X" * len(found[0]), plain)
    start, end, at = 0, len(plain), 0
    for sentence in sentencex.segment("en", plain):
        upto = at + len(sentence)
        if at <= first < upto:
            start = at
        if at < max(last, first + 1) <= upto:
            end = upto
            break
        at = upto
    return start, end


def _pieces(runs: Sequence[Run], start: int, end: int, element: Element) -> Iterator[str]:
    at, marked = 0, False
    for run in runs:
        low, high = max(start - at, 0), min(end - at, len(run.text))
        at += len(run.text)
        if low >= high:
            continue
        if (run.owner is element) != marked:
            marked = not marked
            yield "<mark>" if marked else "</mark>"
        yield run.printed(low, high)
    if marked:
        yield "</mark>"
