"""Where in a source a piece of it stands.

The Markdown renderer forgets lines. What it found is looked up again in the source, in order: the second link to a
page is the second place where that target is written. Code and comments are left out, as the renderer does.
"""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

_OPENING = re.compile(
    r"""^[ ]{0,3}(?P<fence>`{3,}|~{3,})      # a fenced block
      | (?<![`\\])(?P<ticks>`+)(?!`)         # code in a line
      | (?P<comment><!--)
    """,
    re.MULTILINE | re.VERBOSE,
)
_TICKS = re.compile("`+")


def without_code(text: str) -> str:
    """*text* with code and comments blanked out: every other character keeps its place."""
    parts: list[str] = []
    at = 0
    for start, end in _code(text):
        parts += text[at:start], re.sub(r"[^\n]", " ", text[start:end])
        at = end
    return "".join((*parts, text[at:]))


def _code(text: str) -> Iterator[tuple[int, int]]:
    """Where code and comments begin and end.

    What closes is looked for once for each kind, and not again from each place where something opens: a text of
    nothing but openings would take minutes.
    """
    if not any(opening in text for opening in ("`", "~~~", "<!--")):
        return  # as in most texts
    runs: dict[int, list[int]] = defaultdict(list)  # of backticks, by their number
    for found in _TICKS.finditer(text):
        runs[len(found[0])].append(found.start())
    last_comment = text.rfind("-->")
    unclosed: set[str] = set()
    at = 0
    while opening := _OPENING.search(text, at):
        at = opening.end()
        fence, ticks = opening["fence"], opening["ticks"]
        if fence and fence not in unclosed:
            closing = re.compile(rf"^[ ]{{0,3}}{fence}[`~]*[ \t]*$", re.MULTILINE).search(text, at)
            if closing:
                yield opening.start(), closing.end()
                at = closing.end()
                continue
            unclosed.add(fence)
        if fence:  # it is none, and stands in the text as it was typed, unless it is code in a line
            ticks = fence.strip("~")
        if ticks:
            same = runs[len(ticks)]
            number = bisect.bisect_left(same, at)
            if number == len(same):
                continue
            at = same[number] + len(ticks)
        elif not fence and at <= last_comment:
            at = text.index("-->", at) + 3
        else:
            continue
        yield opening.start(), at


_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""What is no part of any text, such as the byte 0; XML has no way to write it."""


def only_text(text: str) -> tuple[str, tuple[int, str] | None]:
    """*text* without characters that are none of a text, and the line and the name of the first of these."""
    found = _NO_TEXT.search(text)
    if not found:
        return text, None
    return _NO_TEXT.sub("", text), (text.count("\n", 0, found.start()) + 1, f"U+{ord(found[0]):04X}")


_TAB = 4
_WORD = re.compile(r"[^\W_]+(?:[(:][^\W_]+)*")
_BEFORE = 60
"""As far before a piece begins what stands around it; only blanks could make it longer."""


class Finder:
    """Tells the line of each piece of *text*; asked again for the same piece, that of its next occurrence."""

    def __init__(self, text: str, first_line: int = 1, lines: Sequence[int] = ()) -> None:
        """*lines* are the lines of the file for those of the text, where these do not simply follow each other."""
        text = text.expandtabs(_TAB)  # as the renderer does
        self._whole = text
        self._text = without_code(text)
        self._first_line = first_line
        self._lines = lines
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._next: dict[tuple[str, str, str], int] = {}
        self._told: dict[tuple[str, str, str], int] = {}  # the line of what has no next occurrence

    def line(self, piece: str, before: str = "", after: str = "") -> int:
        """The line of the next occurrence of *piece* between the patterns *before* and *after*.

        Where there is no next one, the line of the first. Where there is none at all, since the renderer reads it
        otherwise than it is written, the line on which the longest word of it stands; else the first of the text.
        """
        asked = (before, piece, after)
        if asked in self._told:
            return self._told[asked]
        found = self._find(*asked, self._next.get(asked, 0))
        if found < 0:
            found = self._find(*asked, 0)
            self._told[asked] = self.line_at(found if found >= 0 else self._near(piece))
            return self._told[asked]
        self._next[asked] = found + max(len(piece), 1)
        return self.line_at(found)

    def _near(self, piece: str) -> int:
        """Where *piece* stands among code, else its longest word; the beginning of the text where that is nowhere."""
        found = self._whole.find(piece)
        word = max(_WORD.findall(piece), key=len, default="")
        return max(found if found >= 0 or not word else self._whole.find(word), 0)

    def line_at(self, place: int) -> int:
        """The line of the character *place* of the text."""
        return self._in_file(self._first_line + bisect.bisect_right(self._line_starts, place) - 1)

    def _find(self, before: str, piece: str, after: str, start: int) -> int:
        """Where *piece* stands between these, from *start* on; -1 if nowhere.

        The piece itself is looked for as it is: a pattern for each would take longer to make than to use.
        """
        found = self._text.find(piece, start)
        if not before and not after:
            return found
        ahead = "(?=" in before  # sees the piece itself, so the text cannot be cut off there
        left, right = re.compile(before if ahead else rf"(?:{before})\Z"), re.compile(after)
        while found >= 0:
            if right.match(self._text, found + len(piece)) and self._follows(left, found, ahead=ahead):
                return found
            found = self._text.find(piece, found + 1)
        return -1

    def _follows(self, left: re.Pattern[str], place: int, *, ahead: bool) -> bool:
        """Whether what *left* describes ends at *place*."""
        if not ahead:
            return bool(left.search(self._text, max(0, place - _BEFORE + 1), place))
        matches = (left.match(self._text, start) for start in range(place, max(-1, place - _BEFORE), -1))
        return any(match and match.end() == place for match in matches)

    def _in_file(self, line: int) -> int:
        return self._lines[line - 1] if line <= len(self._lines) else line
