"""Hints: what a new page begins with until its author has found the words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .model import Place, Problem
from .rules import problem

HINT = "TODO:"
"""How a hint begins, be it a paragraph or a value of the front matter."""


def is_hint(text: Any) -> bool:
    """Whether *text* waits for its author."""
    return isinstance(text, str) and text.lstrip().startswith(HINT)


def hints_in(value: Any) -> Iterator[str]:
    """The hints in *value*, which may be a text, or hold texts."""
    if is_hint(value):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from hints_in(inner)


def unfilled(place: Place, hint: str) -> Problem:
    """That *hint* still stands at *place*."""
    words = " ".join(hint.split()).removeprefix(HINT).strip()
    return problem("hint-filled", place, f"this hint waits for words: “{words}”")
