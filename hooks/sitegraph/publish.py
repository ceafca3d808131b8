"""Every file of the site that is no page: what programs read."""

from __future__ import annotations

from collections.abc import Iterator

from .csl import csl_json
from .feeds import feed_files
from .graph_json import SCHEMA, graph_json, graph_schema
from .keep import Keep
from .llms_txt import llms_txt
from .markdown_page import copy_url, markdown_page
from .model import Publication, Site
from .page_names import page_names
from .search_files import search_files
from .search_records import search_records
from .sitemap import robots, sitemap


def published(site: Site, publication: Publication, keep: Keep) -> Iterator[tuple[str, str | bytes]]:
    """The files, as path from the root of the site and content."""
    for leaf in site.leaves.values():
        yield copy_url(leaf.page), markdown_page(leaf, site, publication)
    yield from feed_files(site, publication)
    yield "sitemap.xml", sitemap(site, publication)
    yield "robots.txt", robots(publication)
    yield "llms.txt", llms_txt(site, publication)
    yield "graph.json", graph_json(site, publication)
    yield SCHEMA, graph_schema(publication)
    yield "references.bib", "\n\n".join(reference.bibtex for reference in site.references) + "\n"
    yield "references.csl.json", csl_json(site.references)
    yield "pages.json", page_names(site.leaves)
    yield from search_files(search_records(site), publication.language, keep)
