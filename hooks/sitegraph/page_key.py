"""What a rendered page depends on, as a name: where it is the same, the page is the same to the byte."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from .keep import digest
from .model import Leaf, Page

_encode = msgspec.msgpack.Encoder().encode


def page_key(leaf: Leaf, related: Iterable[Page], settings: str) -> str | None:
    """A name for all that the template of *leaf* sees, of which *settings* is what is the same for all pages.

    None where there is no such name: a page about other pages sees the whole site, and front matter can hold what has
    no plain form.
    """
    if leaf.page.kind == "page":
        return None
    try:
        return digest((settings, _encode(leaf), _encode(tuple(related))))
    except (TypeError, ValueError, OverflowError):
        return None
