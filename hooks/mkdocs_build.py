"""What one build passes from event to event."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mkdocs.commands.build import _populate_page, get_context
from mkdocs.structure.pages import Page

from sitegraph.assemble import Gathered
from sitegraph.beside import Ahead
from sitegraph.bibliography import BibText
from sitegraph.drawing import Fonts
from sitegraph.keep import Keep
from sitegraph.memo import Memo
from sitegraph.model import Leaf, Problem, Publication, Site
from sitegraph.model import Page as SitePage
from sitegraph.prose import ProseReader
from sitegraph.publish import Published

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.nav import Navigation

log = logging.getLogger("mkdocs.sitegraph")


def source_path(uri: str) -> str:
    """The path in the repository of what MkDocs calls *uri*."""
    return uri if uri.startswith("notebooks/") else f"docs/{uri}"


@dataclass
class Build:
    """A build as far as it has come."""

    bibliography: BibText = field(default_factory=lambda: BibText("", {}, ()))
    notebooks: dict[str, bytes] = field(default_factory=dict)  # as they were found, by path
    left_out: list[Problem] = field(default_factory=list)  # of files that are none of the site's
    gathered: Gathered | None = None
    reader: ProseReader | None = None
    site: Site | None = None
    publication: Publication | None = None
    fonts: Fonts = field(default_factory=Fonts)
    published: Published | None = None
    keep: Keep = field(default_factory=Keep)
    code_with: str = ""  # a name for all that renders code cells
    memo: Memo = field(default_factory=Memo)
    topics: Ahead | None = None  # what will find them
    moved: bool = True  # whether so much is another that what was derived should be kept again
    anew: bool = True  # whether nothing was derived before that this could go on from

    # What MkDocs has made of it, by which a page can be rendered once more.
    config: MkDocsConfig | None = None
    files: Files | None = None
    nav: Navigation | None = None
    env: Environment | None = None
    pages: dict[str, File] = field(default_factory=dict)  # every page, by path

    same: dict[tuple[str, ...], str] = field(default_factory=dict)  # parts of pages that are the same on many

    templates: Environment | None = None  # for what stands inside a notebook's prose
    related: dict[str, tuple[SitePage, ...]] = field(default_factory=dict)  # by path
    keys: dict[str, str] = field(default_factory=dict)  # of pages, by path: what they are kept under
    scripts: dict[str, frozenset[str]] = field(default_factory=dict)  # the hashes of those that run on a page, by path

    def leaf(self, page: Page) -> Leaf | None:
        """What the site knows of *page*; nothing of a page that another plugin made up."""
        return self.site.leaves.get(source_path(page.file.src_uri)) if self.site else None


def rendered(file: File, build: Build, mistakes: Sequence[Problem] = ()) -> bytes:
    """The page of *file*, in the steps in which MkDocs renders one, with its *mistakes* for its author."""
    assert build.config
    assert build.env
    assert build.files
    assert build.nav
    config = build.config
    page = file.page if file.page in build.nav.pages else Page(None, file, config)
    try:
        _populate_page(page, config, build.files)
        page.active = True
        context = get_context(build.nav, build.files, config, page)
        template = build.env.get_template(page.meta.get("template", "main.html"))
        context = config.plugins.on_page_context(context, page=page, config=config, nav=build.nav)
        context["mistakes"] = mistakes  # type: ignore[typeddict-unknown-key]
        output = config.plugins.on_post_page(template.render(context), page=page, config=config)
    except Exception:
        log.error("The page of %s could not be rendered:", source_path(file.src_uri))
        raise
    finally:
        page.active = False
    return (output or "").encode("utf-8", errors="xmlcharrefreplace")
