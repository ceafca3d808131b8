"""What one build passes from event to event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sitegraph.assemble import Gathered
from sitegraph.bibliography import BibText
from sitegraph.drawing import Fonts
from sitegraph.keep import Keep
from sitegraph.memo import Memo
from sitegraph.model import Leaf, Problem, Publication, Site
from sitegraph.model import Page as SitePage
from sitegraph.prose import ProseReader

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page


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
    keep: Keep = field(default_factory=Keep)
    code_with: str = ""  # a name for all that renders code cells
    memo: Memo = field(default_factory=Memo)

    # What MkDocs has made of it, by which a page can be rendered once more.
    config: MkDocsConfig | None = None
    files: Files | None = None
    nav: Navigation | None = None
    env: Environment | None = None
    pages: dict[str, File] = field(default_factory=dict)  # every page, by path

    same: dict[tuple[str, ...], str] = field(default_factory=dict)  # parts of pages that are the same on many

    templates: Environment | None = None  # for what stands inside a notebook's prose
    related: dict[str, tuple[SitePage, ...]] = field(default_factory=dict)  # by path
    brought_back: list[tuple[str, str]] = field(default_factory=list)  # pages that need not be rendered: file, HTML
    keys: dict[str, str] = field(default_factory=dict)  # of pages that are rendered, by path: what to keep them under
    scripts: set[str] = field(default_factory=set)  # the hashes of those that stand in pages and run

    def leaf(self, page: Page) -> Leaf | None:
        """What the site knows of *page*; nothing of a page that another plugin made up."""
        return self.site.leaves.get(source_path(page.file.src_uri)) if self.site else None
