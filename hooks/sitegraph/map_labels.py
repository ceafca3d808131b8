"""Words beside points of a picture, so that none lies on another."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Lines = tuple[str, ...]
"""The words of a label, as they are broken into lines."""

SIDES = ("right", "left", "below", "above")
"""Where a label can stand, seen from its point, the best first."""

_NARROW = frozenset("ijltfrI.,:;'’‘|!()[]- ")
_WIDE = frozenset("mwMW%@—…")


@dataclass(frozen=True)
class Sheet:
    """What is drawn on, in pixels: the room there is, the size of the letters, and how far points reach."""

    width: float
    height: float
    letters: float
    point: float  # from the middle of a point to where its label begins

    def box(self, at: tuple[float, float], lines: Lines, side: str) -> Box:
        """What a label of these *lines* covers on that *side* of the point at *at*."""
        wide = max(map(width, lines)) * self.letters
        high = 1.15 * self.letters * len(lines)
        x, y = at
        left = {"right": x + self.point, "left": x - self.point - wide}.get(side, x - wide / 2)
        top = {"below": y + self.point, "above": y - self.point - high}.get(side, y - high / 2)
        return Box(left, top, left + wide, top + high)

    def holds(self, box: Box) -> bool:
        """Whether the whole of *box* is on the sheet."""
        return box.left >= 0 and box.top >= 0 and box.right <= self.width and box.bottom <= self.height


@dataclass(frozen=True)
class Box:
    """A rectangle with its sides along the sheet's."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two have a point in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def width(text: str) -> float:
    """About how wide *text* is in a font without serifs, in heights of its letters; rather too much than too little."""
    return sum(map(_width, text))


def _width(letter: str) -> float:
    if letter in _NARROW:
        return 0.36
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    if unicodedata.combining(letter):
        return 0
    return 0.92 if letter in _WIDE else 0.72 if letter.isupper() else 0.58


def lines_of(title: str, most: float, count: int) -> Lines:
    """*title* on at most *count* lines of the width *most*, shortened at a word where it is longer."""
    words = title.split()
    lines: list[str] = []
    while words and len(lines) < count:
        line, words = _line(words, most)
        lines.append(line)
    if words:
        lines[-1] = _shortened(lines[-1], most)
    return tuple(lines)


def _line(words: Sequence[str], most: float) -> tuple[str, list[str]]:
    """As many of *words* as the line holds, one at least, and the others."""
    taken = 1
    while taken < len(words) and width(" ".join(words[: taken + 1])) <= most:
        taken += 1
    return " ".join(words[:taken]), list(words[taken:])


def _shortened(line: str, most: float) -> str:
    while " " in line and width(f"{line}…") > most:
        line = line.rpartition(" ")[0]
    return f"{line.rstrip(' ,;:.–—')}…"


def place(
    sheet: Sheet, points: Sequence[tuple[float, float]], wordings: Sequence[Sequence[Lines]]
) -> Iterator[tuple[Lines, str] | None]:
    """The label of each point and its side: the first of its wordings for which there is room, or none.

    Where two points want the same room, the one that comes first has it.
    """
    reach = sheet.point - 1
    taken = [Box(x - reach, y - reach, x + reach, y + reach) for x, y in points]
    for at, wording in zip(points, wordings, strict=True):
        places = ((lines, side, sheet.box(at, lines, side)) for lines in wording for side in SIDES)
        free = (place for place in places if sheet.holds(place[2]) and not any(map(place[2].meets, taken)))
        found = next(free, None)
        if found:
            taken.append(found[2])
        yield found and found[:2]
