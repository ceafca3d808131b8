"""Every file of the site that is no page: what programs read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from .csl import csl_json
from .drawing import Fonts
from .feeds import feed_files
from .figures import dark, file_names
from .graph_json import SCHEMA, graph_json, graph_schema
from .keep import Keep, Work, digest
from .live import DATA
from .llms_txt import llms_txt
from .markdown_page import copy_url, markdown_page
from .model import Figure, Later, Notebook, Page, Publication, Site
from .output import Content, Entry
from .page_names import page_names
from .pictures import picture_work
from .search_files import FOLDER as SEARCH
from .search_files import search_files, search_work
from .search_records import search_records
from .sitemap import robots, sitemap


@dataclass(frozen=True)
class Published:
    """The files that are no pages, each made when it is asked for."""

    files: Mapping[str, Later[Content]]  # by path from the root of the site
    together: Mapping[str, Later[Mapping[str, Entry]]]  # what is made together, by how the paths of these begin
    keys: Mapping[str, str]  # by path, a name for all that a file depends on, where there is one
    slow: Later[tuple[Work | None, Sequence[Work]]]  # what takes long: the index of the search, and the pictures

    def get(self, name: str) -> Content | None:
        """The file called *name*, if there is one."""
        if name in self.files:
            return self.files[name].value
        found = self.together.get(name.partition("/")[0])
        entry = found.value.get(name) if found else None
        return entry.make() if entry else None

    def every(self) -> Iterator[Entry]:
        """Every file."""
        for name, content in self.files.items():
            yield Entry(name, partial(_value, content), self.keys.get(name, ""))
        for found in {id(found): found for found in self.together.values()}.values():
            yield from found.value.values()


def _value(content: Later[Content]) -> Content:
    return content.value


def _same(content: Content) -> Content:
    return content


def published(
    site: Site, publication: Publication, fonts: Fonts, keep: Keep, pages: Mapping[str, str] | None = None
) -> Published:
    """The files that *site* publishes beside its pages; *pages* are the keys of these, by path (see `page_key`)."""
    files: dict[str, Later[Content]] = {}
    keys: dict[str, str] = {}
    about_others: dict[str, Later[Content]] = {}
    for path, leaf in site.leaves.items():
        copy = copy_url(leaf.page)
        if pages and path in pages:  # such a page shows less as Markdown than as HTML
            keys[copy] = pages[path]
        alone = leaf.page.kind != "page"
        (files if alone else about_others)[copy] = Later(partial(markdown_page, leaf, site, publication))
        if leaf.notebook:
            files |= _beside_notebook(leaf.page, leaf.notebook)
        if leaf.page.path in site.live_files:
            files[f"{leaf.page.url}{DATA}"] = site.live_files[leaf.page.path]
    files["sitemap.xml"] = Later(lambda: sitemap(site, publication))
    files["robots.txt"] = Later(lambda: robots(publication))
    files["llms.txt"] = Later(lambda: llms_txt(site, publication))
    files["graph.json"] = Later(lambda: graph_json(site, publication))
    files[SCHEMA] = Later(lambda: graph_schema(publication))
    files["references.bib"] = Later(lambda: "\n\n".join(reference.bibtex for reference in site.references) + "\n")
    files["references.csl.json"] = Later(lambda: csl_json(site.references))
    files["pages.json"] = Later(lambda: page_names(site.leaves))
    drawn = dict(picture_work(site, publication, fonts))
    for name, work in drawn.items():
        files[name] = Later(partial(keep.get, *work))
        keys[name] = digest(work[1])
    files |= about_others  # they wait for the topics
    feeds: Later[Mapping[str, Entry]] = Later(
        lambda: {entry.name: entry for entry in feed_files(site, publication, pages)}
    )
    indexed = Later(lambda: search_work(search_records(site), publication.language))
    search: Later[Mapping[str, Entry]] = Later(
        lambda: {name: Entry(name, partial(_same, content)) for name, content in search_files(indexed.value, keep)}
    )
    together = {"feed.xml": feeds, "feed.json": feeds, "feeds": feeds, SEARCH: search}
    slow: Later[tuple[Work | None, Sequence[Work]]] = Later(lambda: (indexed.value, tuple(drawn.values())))
    return Published(files, together, keys, slow)


def _beside_notebook(page: Page, notebook: Notebook) -> dict[str, Later[Content]]:
    """What a notebook's page fetches or offers beside itself: its figures, and the notebook."""
    found: dict[str, Later[Content]] = {f"{page.url}{page.slug}.ipynb": Later(lambda: notebook.content)}
    for figure in notebook.figures.values():
        light, dark_name = file_names(figure)
        found[f"{page.url}{light}"] = Later(partial(_drawing, figure))
        found[f"{page.url}{dark_name}"] = Later(partial(_dark, figure))
    return found


def _drawing(figure: Figure) -> Content:
    return figure.drawing


def _dark(figure: Figure) -> Content:
    return dark(figure.drawing)
