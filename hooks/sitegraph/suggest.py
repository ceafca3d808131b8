"""The nearest right thing to a wrong one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(wrong: str, right: Iterable[str]) -> str | None:
    """The one of *right* that looks most like *wrong*, if any does."""
    by_folded = {name.casefold(): name for name in sorted(right, reverse=True)}
    found = difflib.get_close_matches(wrong.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def did_you_mean(wrong: str, right: Iterable[str]) -> str:
    """'; did you mean `x`?' or '': to be put behind a problem's sentence."""
    name = nearest(wrong, right)
    return f"; did you mean `{name}`?" if name else ""
