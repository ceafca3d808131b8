"""What of a text a Markdown parser could not take apart in reasonable time.

Python-Markdown looks from each opening bracket to the end of its paragraph for the one that closes it, and goes down
into a list by calling itself. Both are well for what people write, and take minutes, or end the process, for a file
that a program spoilt. So what is open, and how deep, is counted first: in one pass over the text.
"""

from __future__ import annotations

import re
from collections import Counter

from .places import without_code

MOST_OPEN = 500
"""How many brackets of one kind may be open at one place of a paragraph."""

MOST_TAGS_OPEN = 1000
"""How many angle brackets may be open at one place of a text."""

MOST_CELLS = 1000
"""How many cells a row of a table may have."""

MOST_MARKS = 500
"""How many marks may lead to one note: at each of them the parser counts the others."""

DEEPEST_LIST = 40
"""How many lists may lie in one another."""

_PARAGRAPH = re.compile(r"\n[ \t]*(?=\n|[-*+>|][ \t]|\d+[.)][ \t])")
_BRACKETS = (("[", "]"), ("(", ")"), ("\\(", "\\)"))
_MARK = re.compile(r"\[\^[^\[\]\n]*\]?")
_DEEP = re.compile(rf"^(?:[ ]{{4}}|\t){{{DEEPEST_LIST},}}(?:[-*+]|\d+\.)[ \t]", re.MULTILINE)
_ROW = re.compile(rf"^(?:[^|\n]*\|){{{MOST_CELLS}}}", re.MULTILINE)


def unreadable(text: str) -> tuple[int, str] | None:
    """Where in *text* something stands that cannot be taken apart, and what it is; None where all can be."""
    text = without_code(text)
    if found := _DEEP.search(text):
        return found.start(), f"more than {DEEPEST_LIST} lists lie in one another here"
    if text.count("|") > MOST_CELLS and (found := _ROW.search(text)):
        return found.start(), f"a row of a table has more than {MOST_CELLS} cells"
    if text.count("[^") > MOST_MARKS:
        ((mark, often),) = Counter(_MARK.findall(text)).most_common(1)
        if often > MOST_MARKS:
            return text.index(mark), f"more than {MOST_MARKS} marks lead to the note `{mark[:60]}`"
    found_open = _too_open(text, "<", ">", MOST_TAGS_OPEN)
    if found_open >= 0:
        return found_open, f"more than {MOST_TAGS_OPEN} angle brackets are open here"
    for left, right in _BRACKETS:
        if text.count(left) > MOST_OPEN:
            at = 0
            for paragraph in _PARAGRAPH.split(text):
                begin = text.index(paragraph, at)
                at = begin + len(paragraph)
                found_open = _too_open(paragraph, left, right, MOST_OPEN)
                if found_open >= 0:
                    return begin + found_open, f"more than {MOST_OPEN} brackets `{left}` are open here"
    return None


def _too_open(text: str, left: str, right: str, most: int) -> int:
    """Where the first of more than *most* is that are open at one place; -1 where there are not so many."""
    if text.count(left) <= most:
        return -1
    opened: list[int] = []
    for found in re.finditer(f"{re.escape(left)}|{re.escape(right)}", text):
        if found[0] == left:
            opened.append(found.start())
            if len(opened) > most:
                return opened[0]
        elif opened:
            opened.pop()
    return -1
