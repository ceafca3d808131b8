"""Citations: `[see @a, pp. 3–5; @b]` to the works it names. The words of Pandoc's citation syntax are used."""

from __future__ import annotations

import re

from .model import Cite

KEY = r"[A-Za-z0-9_](?:[\w:.#$%&+?<>~/-]*[A-Za-z0-9_])?"

_PART = re.compile(rf"(?P<prefix>[^@]*?)(?<![\w.@/-])-?@(?P<key>{KEY})(?:(?P<stop>[\s,:]+)(?P<locator>[^@]*))?")
_LOOKS_CITED = re.compile(r"(?:^|[\s;-])@")


def looks_like_citation(inside: str) -> bool:
    """Whether *inside*, the text between brackets, has an @ that does not belong to an e-mail address."""
    return bool(_LOOKS_CITED.search(inside))


def parse_citation(inside: str) -> tuple[Cite, ...]:
    """The works cited between the brackets. Raises ValueError with the part that is not a citation."""
    return tuple(_parse_part(part) for part in inside.split(";"))


def _parse_part(part: str) -> Cite:
    found = _PART.fullmatch(part.strip())
    if not found:
        raise ValueError(part.strip())
    # Numbers stand for the whole reference, so '-@a' (no author) prints what '@a' prints.
    return Cite(found["key"], found["prefix"].strip(), (found["locator"] or "").strip())
