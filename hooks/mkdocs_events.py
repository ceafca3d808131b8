"""The site, in MkDocs' events: the one file that knows MkDocs. What is decided is decided in `sitegraph`.

In the order of a build: `on_config` hands the bibliography to its plugin, `on_files` reads and derives everything,
`on_pre_page` gives each page its text, `on_page_context` gives the templates what the site says of the page.
"""

from __future__ import annotations

import html
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.plugins import event_priority
from mkdocs.structure.toc import get_toc
from sitegraph.assemble import Gathered, assemble
from sitegraph.bibliography import BibText, read_bibliography
from sitegraph.model import LINK_TYPES, Leaf, Site, Source
from sitegraph.prose import ProseReader
from sitegraph.reference_format import references

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

# Under "mkdocs", so that --strict counts our warnings.
log = logging.getLogger("mkdocs.sitegraph")

TYPE_WORDS = {
    "supports": "Supported by",
    "extends": "Taken further in",
    "answers": "Answered in",
    "illustrates": "Illustrated in",
    "qualifies": "Qualified in",
    "contradicts": "Contradicted in",
    "mentions": "Mentioned in",
}
"""How the receiving page speaks of a link of each type."""
assert set(TYPE_WORDS) == {*LINK_TYPES, "mentions"}


@dataclass
class Build:
    """What one build passes from event to event. `mkdocs serve` keeps this module, so it is made anew each time."""

    bibliography: BibText = field(default_factory=lambda: BibText("", {}, ()))
    site: Site | None = None

    def leaf(self, page: Page) -> Leaf | None:
        """What the site knows of *page*; nothing of a page that another plugin made up."""
        return self.site.leaves.get(_path(page)) if self.site else None


build = Build()


def _path(page: Page) -> str:
    return f"docs/{page.file.src_uri}"


@event_priority(100)  # before mkdocs-bibtex reads its folder
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Read bib/, and let mkdocs-bibtex load a copy without the mistakes, of which it would die."""
    global build
    build = Build()
    root = Path(config.config_file_path).parent
    bibtex = config.plugins["bibtex"]
    folder = root / bibtex.config.bib_dir
    texts = {path.relative_to(root).as_posix(): _text(path) for path in folder.rglob("*.bib")}
    build.bibliography = read_bibliography(texts)
    readable = root / ".cache" / "bibtex" / "references.bib"
    readable.parent.mkdir(parents=True, exist_ok=True)
    readable.write_text(build.bibliography.text, encoding="utf-8")
    bibtex.config.bib_dir = str(readable.parent)
    # The plugin is the loader. Citations are found, numbered and checked in sitegraph, which knows code from prose.
    config.plugins.events["page_markdown"].remove(bibtex.on_page_markdown)
    return config


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


@event_priority(-100)  # after every plugin has added its files
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Read every source, derive everything, and say what is wrong."""
    bibtex: Any = config.plugins["bibtex"]
    entries = bibtex.registry.bib_data.entries
    pages = sorted(files.documentation_pages(), key=lambda file: file.src_uri)
    gathered = Gathered(
        sources=[Source(f"docs/{file.src_uri}", _url(file.url), file.content_bytes) for file in pages],
        files={f"docs/{file.src_uri}": file.url for file in files if not file.is_documentation_page()},
        bibliography=build.bibliography,
        references=references(entries, build.bibliography.pieces),
    )
    build.site = assemble(gathered, ProseReader(config.markdown_extensions, config.mdx_configs))
    for problem in build.site.problems:
        log.warning("%s", problem)
    return files


def _url(url: str) -> str:
    """MkDocs writes the address of the home page as './'."""
    return "" if url == "./" else url


def on_page_read_source(page: Page, config: MkDocsConfig) -> str:
    """Nothing: the source has been read, even where MkDocs could not (a file that is not UTF-8 would end its build)."""
    return "\n"


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    """Give the page the front matter that was read and checked, not MkDocs' own reading of it."""
    leaf = build.leaf(page)
    if leaf:
        # The theme prints these two as they are.
        words = {"title": leaf.page.title, "description": leaf.page.description}
        page.meta = {**leaf.page.meta, **{name: html.escape(text) for name, text in words.items() if text}}


@event_priority(-100)  # after other plugins have had their say on how pages are rendered
def on_pre_page(page: Page, config: MkDocsConfig, files: Files) -> Page:
    """Let the page render as the text that was read already; MkDocs offers no event for it."""
    leaf = build.leaf(page)
    if leaf:

        def render(config: MkDocsConfig, files: Files) -> None:
            page.content = leaf.html
            page.toc = get_toc([_toc_token(token) for token in leaf.toc])
            page.present_anchor_ids = {heading.id for heading in leaf.headings}

        page.render = render  # type: ignore[method-assign]
    return page


def _toc_token(token: Any) -> Any:
    return {**token, "children": [_toc_token(child) for child in token["children"]]}


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> None:
    """Let every template see the whole site."""
    env.globals["site"] = build.site
    env.globals["type_words"] = TYPE_WORDS


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, Any]:
    """Let the template of *page* see what the site knows of it."""
    context["leaf"] = build.leaf(page)
    return context
