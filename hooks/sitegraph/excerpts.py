"""The sentence around a link, as HTML with the link marked."""

from __future__ import annotations

import bisect
import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
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


LONGEST = 1500
"""Characters of the longest excerpt; of a longer sentence, as much is told around the link."""


def excerpts(runs: Sequence[Run], elements: Iterable[Element], *, whole: bool = False) -> list[str]:
    """For each of *elements* the sentence among *runs* that holds it, in which it is put in <mark>.

    With *whole*, all of the runs.
    """
    starts = [0, *accumulate(len(run.text) for run in runs)]
    extents = _extents(runs, starts)
    printed = _Printed(runs, starts)
    ends = [] if whole else _sentence_ends(runs)
    told = []
    for element in elements:
        first, last = extents.get(id(element), (0, 0))  # an image has no words: the first sentence will do
        start, end = (0, starts[-1]) if whole else _sentence(ends, starts[-1], first, last)
        cut = (max(start, first - LONGEST // 2), min(end, max(last, first + 1) + LONGEST // 2))
        shown = cut if end - start > LONGEST else (start, end)
        low, high = (min(max(place, shown[0]), shown[1]) for place in (first, last))
        marked = f"<mark>{printed.between(low, high)}</mark>" if low < high else ""
        words = f"{printed.between(shown[0], low)}{marked}{printed.between(high, shown[1])}".strip()
        told.append(f"{'… ' if shown[0] > start else ''}{words}{' …' if shown[1] < end else ''}")
    return told


def _extents(runs: Sequence[Run], starts: Sequence[int]) -> dict[int, tuple[int, int]]:
    """From where to where the words of each owner go, by its identity."""
    found: dict[int, tuple[int, int]] = {}
    for run, start in zip(runs, starts, strict=False):
        if run.owner is not None:
            first, _ = found.get(id(run.owner), (start, 0))
            found[id(run.owner)] = first, start + len(run.text)
    return found


def _sentence_ends(runs: Sequence[Run]) -> list[int]:
    """Where the sentences end that the runs make."""
    # A formula or a slot is one word to the reader, whatever stops stand in it.
    plain = "".join("x" * len(run.text) if run.html is not None else run.text for run in runs)
    plain = _SLOT.sub(lambda found: "X" * len(found[0]), plain)
    return list(accumulate(len(sentence) for sentence in sentencex.segment("en", plain)))


def _sentence(ends: Sequence[int], length: int, first: int, last: int) -> tuple[int, int]:
    """Where the sentence, or the sentences, begin and end that hold the characters from *first* to *last*."""
    before = bisect.bisect_right(ends, first)
    if before == len(ends):
        return 0, length
    reached = bisect.bisect_left(ends, max(last, first + 1))
    return (ends[before - 1] if before else 0), (ends[reached] if reached < len(ends) else length)


class _Printed:
    """The HTML of runs; each is printed once, however many excerpts it is in."""

    def __init__(self, runs: Sequence[Run], starts: Sequence[int]) -> None:
        self._runs = runs
        self._starts = starts
        self._whole = [run.printed(0, len(run.text)) if run.text else "" for run in runs]

    def between(self, start: int, end: int) -> str:
        """The HTML of the characters from *start* to *end*."""
        if start >= end:
            return ""
        first = bisect.bisect_right(self._starts, start) - 1
        last = bisect.bisect_left(self._starts, end) - 1
        if first == last:
            return self._part(first, start, end)
        between = "".join(self._whole[first + 1 : last])
        return f"{self._part(first, start, end)}{between}{self._part(last, start, end)}"

    def _part(self, number: int, start: int, end: int) -> str:
        run, at = self._runs[number], self._starts[number]
        low, high = max(start - at, 0), min(end - at, len(run.text))
        return self._whole[number] if (low, high) == (0, len(run.text)) else run.printed(low, high)
