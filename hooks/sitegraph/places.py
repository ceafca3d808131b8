"""Where in a source a piece of it stands.

The Markdown renderer forgets lines. What it found is looked up again in the source, in order: the second link to a
page is the second place where that target is written. Code and comments are left out, as the renderer does.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence

_CODE = re.compile(
    r"""^[ ]{0,3}(?P<fence>`{3,}|~{3,}).*?(?:^[ ]{0,3}(?P=fence)[`~]*[ \t]*$|\Z)  # a fenced block
      | (?<![`\\])(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)                   # code in a line
      | <!--.*?-->                                                            # a comment
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)


def without_code(text: str) -> str:
    """*text* with code and comments blanked out: every other character keeps its place."""
    return _CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


_BEFORE = 60
"""As far before a piece begins what stands around it; only blanks could make it longer."""


class Finder:
    """Tells the line of each piece of *text*; asked again for the same piece, that of its next occurrence."""

    def __init__(self, text: str, first_line: int = 1, lines: Sequence[int] = ()) -> None:
        """*lines* are the lines of the file for those of the text, where these do not simply follow each other."""
        self._text = without_code(text)
        self._first_line = first_line
        self._lines = lines
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._next: dict[tuple[str, str, str], int] = {}

    def line(self, piece: str, before: str = "", after: str = "") -> int:
        """The line of the next occurrence of *piece* between the patterns *before* and *after*.

        Where there is no next one, the line of the first; where there is none at all, the first line of the text.
        """
        asked = (before, piece, after)
        found = self._find(*asked, self._next.get(asked, 0))
        if found < 0:
            found = self._find(*asked, 0)
        if found < 0:
            return self._in_file(self._first_line)
        self._next[asked] = found + max(len(piece), 1)
        return self._in_file(self._first_line + bisect.bisect_right(self._line_starts, found) - 1)

    def _find(self, before: str, piece: str, after: str, start: int) -> int:
        """Where *piece* stands between these, from *start* on; -1 if nowhere.

        The piece itself is looked for as it is: a pattern for each would take longer to make than to use.
        """
        left, right = re.compile(before), re.compile(after)
        found = self._text.find(piece, start)
        while found >= 0:
            if right.match(self._text, found + len(piece)) and self._follows(left, found):
                return found
            found = self._text.find(piece, found + 1)
        return -1

    def _follows(self, left: re.Pattern[str], place: int) -> bool:
        """Whether what *left* describes ends at *place*."""
        matches = (left.match(self._text, start) for start in range(place, max(-1, place - _BEFORE), -1))
        return any(match and match.end() == place for match in matches)

    def _in_file(self, line: int) -> int:
        return self._lines[line - 1] if line <= len(self._lines) else line
