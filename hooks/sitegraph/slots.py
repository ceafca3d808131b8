"""Slots: marks in a text that was read alone, filled once the whole site is known.

A slot is three characters of Unicode's private use area around a letter and a number, so it survives the Markdown
renderer and is never part of anybody's prose. Reading a page this way keeps it independent of every other page.
"""

from __future__ import annotations

import re
from collections.abc import Callable

HREF, LABEL, CITATION, INBOUND, VERDICT, FIGURE = "h", "l", "c", "b", "v", "f"

_OPEN, _CLOSE = "\ue000", "\ue001"
_SLOT = re.compile(f"{_OPEN}([a-z])([0-9]+){_CLOSE}")
_STRAY = re.compile("[\ue000\ue001]")


def slot(kind: str, number: int) -> str:
    """The mark for the *number*th thing of a *kind*."""
    return f"{_OPEN}{kind}{number}{_CLOSE}"


def without_marks(text: str) -> str:
    """*text* without characters that would be taken for slots."""
    return _STRAY.sub("", text)


def fill(text: str, content: Callable[[str, int], str]) -> str:
    """*text* with each slot replaced by content(kind, number)."""
    return _SLOT.sub(lambda found: content(found[1], int(found[2])), text)
