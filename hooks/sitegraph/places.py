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


class Finder:
    """Tells the line of each piece of *text*; asked again for the same piece, that of its next occurrence."""

    def __init__(self, text: str, first_line: int = 1, lines: Sequence[int] = ()) -> None:
        """*lines* are the lines of the file for those of the text, where these do not simply follow each other."""
        self._text = without_code(text)
        self._first_line = first_line
        self._lines = lines
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._next: dict[str, int] = {}

    def line(self, piece: str, before: str = "", after: str = "") -> int:
        """The line of the next occurrence of *piece* between the patterns *before* and *after*.

        Where there is no next one, the line of the first; where there is none at all, the first line of the text.
        """
        pattern = re.compile(f"{before}(?P<piece>{re.escape(piece)}){after}")
        found = pattern.search(self._text, self._next.get(pattern.pattern, 0)) or pattern.search(self._text)
        if not found:
            return self._in_file(self._first_line)
        self._next[pattern.pattern] = found.end()
        return self._in_file(self._first_line + bisect.bisect_right(self._line_starts, found.start("piece")) - 1)

    def _in_file(self, line: int) -> int:
        return self._lines[line - 1] if line <= len(self._lines) else line
