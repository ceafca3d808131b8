"""Every file of the site that is no page: what programs read."""

from __future__ import annotations

from collections.abc import Iterator

from .keep import Keep
from .model import Publication, Site


def published(site: Site, publication: Publication, keep: Keep) -> Iterator[tuple[str, str | bytes]]:
    """The files, as path from the root of the site and content."""
    yield from ()
