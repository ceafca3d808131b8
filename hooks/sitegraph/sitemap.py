"""What search engines are told: where the pages are, when each last changed, and that they may read them."""

from __future__ import annotations

import html
from collections.abc import Iterator

from .elsewhere import address_of
from .model import Publication, Site


def sitemap(site: Site, publication: Publication) -> str:
    """The address of every page, with the day of its last change where that is told."""
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *_entries(site, publication),
            "</urlset>\n",
        ]
    )


def _entries(site: Site, publication: Publication) -> Iterator[str]:
    for path, leaf in site.leaves.items():
        day = site.changed.get(path)
        changed = f"<lastmod>{day}</lastmod>" if day else ""
        yield f"<url><loc>{html.escape(address_of(leaf.page.url, publication))}</loc>{changed}</url>"


def robots(publication: Publication) -> str:
    """That everybody may read everything, and where the sitemap is."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {address_of('sitemap.xml', publication)}\n"
