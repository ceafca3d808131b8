"""llms.txt: what is here, for language models and those who feed them; see llmstxt.org."""

from __future__ import annotations

from collections.abc import Iterable

from .elsewhere import address_of
from .markdown_page import copy_url
from .model import Page, Publication, Site

_OPTIONAL = {
    "feed.json": "everything as a JSON feed, with whole texts",
    "feeds/verdicts.json": "every change of a verdict",
    "sitemap.xml": "every page with the day of its last change",
}


def llms_txt(site: Site, publication: Publication) -> str:
    """The name of the site, what it is, and a list of its pages as Markdown, section by section."""
    parts = [f"# {publication.name}", f"> {publication.description}" if publication.description else "", _HOW]
    others = [leaf.page for leaf in site.leaves.values() if leaf.page.kind == "page"]
    sections = (
        ("Essays", site.pages("essay")),
        ("Threads", site.pages("thread")),
        ("Notebooks", site.pages("notebook")),
        ("About", [page for page in others if not page.meta.get("template")]),
        ("Lists", [page for page in others if page.meta.get("template")]),
    )
    parts += (f"## {heading}\n\n{_links(pages, publication)}" for heading, pages in sections if pages)
    optional = (f"- [{name}]({address_of(name, publication)}): {what}" for name, what in _OPTIONAL.items())
    parts.append("## Optional\n\n" + "\n".join(optional))
    return "\n\n".join(part for part in parts if part) + "\n"


_HOW = (
    "A thread restates one public comment in other words and argues with it; an essay starts where threads stop; "
    "a notebook puts claims to a small model. "
    "A verdict is what that model said, by a rule fixed before it ran: evidence, and no ruling."
)


def _links(pages: Iterable[Page], publication: Publication) -> str:
    return "\n".join(_link(page, publication) for page in pages)


def _link(page: Page, publication: Publication) -> str:
    described = f": {page.description}" if page.description else ""
    return f"- [{page.title}]({address_of(copy_url(page), publication)}){described}"
