"""The site, in MkDocs' events. What is decided is decided in `sitegraph`.

In the order of a build: `on_config` hands the bibliography to its plugin, `on_files` adds the notebooks, then reads and
derives everything, `on_pre_page` gives each page its text, `on_page_context` gives the templates what the site says of
the page.
"""

from __future__ import annotations

import gc
import html
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec
from jinja2 import BytecodeCache, StrictUndefined
from jinja2.bccache import Bucket
from mkdocs.exceptions import Abort
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import File
from mkdocs.structure.toc import get_toc
from mkdocs.utils import get_relative_url
from mkdocs_jupyter.config import settings as jupyter_settings

from mkdocs_build import Build, rendered, source_path
from mkdocs_preview import Preview, PreviewServer
from sitegraph.assemble import MANY, Gathered, assemble
from sitegraph.bibliography import read_bibliography
from sitegraph.cite_page import cite_page
from sitegraph.dates import day_in_words
from sitegraph.derived import keep_memo, kept_memo, memo_work
from sitegraph.drawing import Fonts
from sitegraph.figures import figure_html
from sitegraph.freshness import files_beside
from sitegraph.front_matter import kind_of
from sitegraph.history import HISTORY
from sitegraph.json_ld import json_ld
from sitegraph.keep import Keep, Work, digest, made_with
from sitegraph.live import FOLDER, Runtime, read_runtime
from sitegraph.map_drawing import drawing, shown
from sitegraph.memo import Table
from sitegraph.model import (
    LINK_TYPES,
    LISTS,
    VERDICT_WORDS,
    Leaf,
    Publication,
    Site,
    Source,
    in_part,
    part_of,
    part_url,
    parts_for,
)
from sitegraph.model import Page as SitePage
from sitegraph.notebooks import PLACEHOLDER, code_only, read_notebook
from sitegraph.obstacles import obstacle
from sitegraph.output import Entry, Output
from sitegraph.page_key import page_key
from sitegraph.pictures import picture_of, picture_url
from sitegraph.policy import guarded, headers, inline_scripts
from sitegraph.prose import ProseReader
from sitegraph.publish import published
from sitegraph.reference_format import references
from sitegraph.rules import RULES
from sitegraph.search_files import FOLDER as SEARCH
from sitegraph.served import leads_out, led_out, not_served
from sitegraph.shipped import shipped
from sitegraph.topics import topics_ahead, topics_work

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
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

_TEMPLATE_NAMES = {
    "type_words": TYPE_WORDS,
    "day": day_in_words,
    "verdict_words": VERDICT_WORDS,
    "figure_html": figure_html,
    "cite_page": cite_page,
    "json_ld": json_ld,
    "picture_url": picture_url,
    "picture_of": picture_of,
    "rules": RULES,
    "in_part": in_part,
    "part_of": part_of,
}
"""What every template may use by name."""


NOTEBOOKS = "notebooks"
CODE_ONLY = ".cache/notebooks"
"""Where the copies of the notebooks lie that mkdocs-jupyter renders: code and harmless outputs, without prose."""


FONTS = "assets/fonts"
"""Where the site's typeface lies in docs/."""


LIVE = ".cache/live"
"""Where `make live` leaves what a browser needs to run a model again; without it pages have no button for that."""


MOVED = 20
"""What was derived is kept again once more than one page in so many is another; to write it down takes a second."""


MOST = 5000
"""On a site of more pages that is not worth its memory: half as much again as the rest of a build needs."""


KEPT = ".cache/kept"
"""Where slow steps keep their results between builds."""


build = Build()

serving = False
"""Whether this is `mkdocs serve`, which puts a script of its own into every page."""

preview = Preview()
"""What stays in memory while `mkdocs serve` runs."""


def on_startup(command: str, dirty: bool) -> None:
    """Remember what MkDocs was asked for."""
    global serving
    serving = command == "serve"


@event_priority(100)  # before mkdocs-bibtex reads its folder
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Read bib/, and let mkdocs-bibtex load a copy without the mistakes, of which it would die."""
    global build
    build = Build(config=config, memo=preview.memo) if serving else Build(config=config)
    if not serving and sum(1 for _ in islice(Path(config.docs_dir).rglob("*.md"), MANY + 1)) > MANY:
        build.topics = topics_ahead()
    root = Path(config.config_file_path).parent
    bibtex = config.plugins["bibtex"]
    folder = root / bibtex.config.bib_dir
    texts = {path.relative_to(root).as_posix(): _text(path) for path in _own(sorted(folder.rglob("*.bib")), root)}
    build.bibliography = read_bibliography(texts)
    readable = root / ".cache" / "bibtex" / "references.bib"
    readable.parent.mkdir(parents=True, exist_ok=True)
    readable.write_text(build.bibliography.text, encoding="utf-8")
    bibtex.config.bib_dir = str(readable.parent)
    _prepare_notebooks(config)
    # The theme's inline scripts are then the same on every page.
    config.extra["scope"] = urlsplit(config.site_url or "/").path
    # The plugin is the loader. Citations are found, numbered and checked in sitegraph, which knows code from prose.
    config.plugins.events["page_markdown"].remove(bibtex.on_page_markdown)
    return config


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _own(paths: Iterable[Path], root: Path) -> Iterator[Path]:
    """Those among *paths* that lie in the project, also when symbolic links are followed; the others are told of."""
    roots = _roots(root)
    for path in paths:
        if leads_out(path, roots):
            build.left_out.append(led_out(path.relative_to(root).as_posix()))
        else:
            yield path


def _roots(root: Path) -> tuple[Path, ...]:
    """The folder of the project, and that of this code: a site that is drawn in a test borrows it from another."""
    return root.resolve(), Path(__file__).resolve().parent.parent


def _prepare_notebooks(config: MkDocsConfig) -> None:
    """Let mkdocs-jupyter render with our template, and keep nothing: it would believe a file that was cut off."""
    templates = Path(__file__).parent / "nbconvert"
    jupyter_settings.templates_dir = str(templates)
    plugin = config.plugins["mkdocs-jupyter"]
    plugin.config["cache"] = False
    contents = (path.read_bytes() for path in sorted(templates.rglob("*.*")))
    packages = made_with("mkdocs-jupyter", "nbconvert", "Pygments")
    build.code_with = digest((packages, repr(sorted(plugin.config.items())), *contents))
    # Else they report on files by the paths of this machine.
    for chatty in ("mkdocs.plugins.mkdocs_jupyter", "mkdocs.mkdocs-jupyter", "mkdocs.plugins.mkdocs-bibtex"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


@event_priority(100)  # before mkdocs-jupyter looks for notebooks
def _add_notebooks(files: Files, config: MkDocsConfig) -> Files:
    """Add notebooks/, as the copies that mkdocs-jupyter may render, and the further parts of a long list."""
    root = Path(config.config_file_path).parent
    _leave_out(files, root, Path(config.docs_dir), config)
    folder = root / CODE_ONLY
    folder.mkdir(parents=True, exist_ok=True)
    for path in _own(sorted((root / NOTEBOOKS).glob("*.ipynb")), root):
        name = f"{NOTEBOOKS}/{path.name}"
        content = path.read_bytes()
        build.notebooks[name] = content
        (folder / path.name).write_text(code_only(read_notebook(name, content).notebook), encoding="utf-8")
        file = File(name, str(folder.parent), config.site_dir, config.use_directory_urls)
        files.append(file)
    kinds = Counter(kind_of(source_path(file.src_uri)) for file in files.documentation_pages())
    entries = {
        "threads": kinds["thread"],
        "claims": kinds.total() - kinds["page"],
        "bibliography": len(build.bibliography.pieces),
    }
    for name in LISTS:
        for number in range(2, parts_for(entries[name]) + 1):
            text = _PART_OF_LIST.format(name=name, title=name.capitalize(), number=number)
            files.append(File.generated(config, f"{part_url(name, number)[:-1]}.md", content=text))
    return files


def _leave_out(files: Files, root: Path, docs: Path, config: MkDocsConfig) -> None:
    """Keep from the site what its authors may not put there, and what helps only those who write the theme."""
    written = {docs / file.src_uri: file for file in files if file.src_dir == str(docs)}
    for path in written.keys() - set(_own(written, root)):
        files.remove(written.pop(path))
    for path, file in written.items():
        if not file.is_documentation_page() and not file.src_uri.startswith("assets/"):
            told = not_served(f"docs/{file.src_uri}", path.read_bytes())
            if told:
                build.left_out.append(told)
                files.remove(file)
    for file in list(files):
        if file.src_uri.endswith(".map") or file.src_uri.startswith(_OF_THE_THEMES_SEARCH):
            files.remove(file)
        elif file.src_uri.endswith((".js", ".css")) and file.src_dir != str(docs):
            text = file.content_string
            if _MAP.search(text):
                files.remove(file)
                files.append(File.generated(config, file.src_uri, content=_MAP.sub("", text)))


_MAP = re.compile(r"\s*(?://|/\*)# sourceMappingURL=\S+(?:\s*\*/)?\s*\Z")
_OF_THE_THEMES_SEARCH = ("assets/javascripts/lunr/", "assets/javascripts/workers/")
"""What the theme's own search would need, which this site does without."""


_PART_OF_LIST = """\
---
title: {title}, part {number}
template: {name}.html
part: {number}
search: {{exclude: true}}
---

The list of {name}, further down.
"""


@event_priority(-100)  # after every plugin has added its files
def _assemble(files: Files, config: MkDocsConfig) -> Files:
    """Read every source, derive everything, and say what is wrong."""
    root = Path(config.config_file_path).parent
    bibtex: Any = config.plugins["bibtex"]
    entries = bibtex.registry.bib_data.entries
    pages = sorted(files.documentation_pages(), key=lambda file: file.src_uri)
    build.pages = {source_path(file.src_uri): file for file in pages}
    build.gathered = Gathered(
        sources=[Source(source_path(file.src_uri), _url(file.url), _content(file)) for file in pages],
        files={f"docs/{file.src_uri}": file.url for file in files if not file.is_documentation_page()},
        bibliography=build.bibliography,
        references=references(entries, build.bibliography.pieces),
        beside_notebooks=files_beside(root / NOTEBOOKS, lambda path: not leads_out(path, _roots(root))),
        lock=_text(root / "requirements.lock"),
        history=_text(root / HISTORY) if (root / HISTORY).is_file() and list(_own([root / HISTORY], root)) else "",
        settings=_text(Path(config.config_file_path)),
        problems=tuple(build.left_out),
        runtime=_runtime(root),
    )
    for name in _live_files(build.gathered.runtime):
        files.append(File(name, str(root / LIVE / "site"), config.site_dir, config.use_directory_urls))
    # The theme's sitemap would tell the day of the build for every page.
    config.theme.static_templates.discard("sitemap.xml")
    build.keep = preview.keep(root / KEPT) if serving else Keep(root / KEPT)
    reader = partial(ProseReader, config.markdown_extensions, config.mdx_configs, build.keep)
    build.reader = preview.reader(reader) if serving else reader()
    if build.memo.new and not build.keep.crowded:
        build.memo = kept_memo(build.keep) or build.memo
        preview.memo = build.memo if serving else preview.memo
    build.anew = build.memo.new
    build.site = assemble(build.gathered, build.reader, build.keep, build.memo, build.topics)
    build.publication = _publication(config, build.gathered.runtime)
    build.templates = config.theme.get_env()
    build.templates.bytecode_cache = _compiled
    for problem in build.site.problems:
        log.warning("%s", problem)
    if serving and gc.get_freeze_count():  # else what the builds before it left would be frozen for ever
        gc.unfreeze()
        gc.collect()
    gc.freeze()  # a hundred thousand values that stay: looking for garbage among them again and again took a fifth
    build.fonts = _fonts(Path(config.docs_dir))
    # MkDocs would render each page after the other; the navigation needs those that are about others.
    for path, file in build.pages.items():
        if build.site.leaves[path].page.kind != "page":
            files.remove(file)
    return files


def _begin_pages(config: MkDocsConfig, site: Site) -> None:
    """Have the pages rendered that were not before, and the other slow work done, beside the rest."""
    assert build.publication
    settings = _settings(config, site)
    related = {path: site.related.get(path, ()) for path in site.leaves}
    table = build.memo.table("related", related)
    before = build.memo.given("page keys")
    keys: Table[str, str] = build.memo.each(
        "page keys", _page_key, build.memo.table("pages shown", site.leaves), table, shared=(settings,)
    )
    build.related, build.keys = dict(table), dict(keys)
    # A memo that is a little behind will do: what it does not know is worked out again.
    anew = keys.differs_from(before.stamp, before) or ()
    build.moved = len(keys) <= MOST and (build.anew or MOVED * len(anew) > len(keys))
    build.published = published(site, build.publication, build.fonts, build.keep, build.keys)
    search, pictures = build.published.slow.value
    # Of what is asked for one by one the last is begun first; notebooks are rendered here, where their code is kept.
    pages = (_page_work(path) for path in reversed(build.keys) if not site.leaves[path].notebook)
    memo = [memo_work(build.memo, build.gathered.state)] if build.gathered and build.moved else []
    topics = [] if build.topics else [topics_work(site.leaves.values())]
    build.keep.begin([*topics, *filter(None, [search]), *pages, *reversed(pictures), *memo])
    build.topics = None


def _page_key(path: str, leaf: Leaf, related: tuple[SitePage, ...] | None, settings: str) -> str | None:
    return page_key(leaf, related or (), settings)


def _page_work(path: str) -> Work:
    return "page", (build.keys[path],), partial(_rendered, path)


def _rendered(path: str) -> bytes:
    """The page at *path*, and the scripts on it, as they are kept."""
    html = rendered(build.pages[path], build)
    return msgspec.msgpack.encode(KeptPage(html, tuple(sorted(build.scripts.get(path, ())))))


def _pages(paths: Iterable[str]) -> Iterator[Entry]:
    """The pages at *paths*."""
    stored = build.keep.stored("scripts", ())
    known = msgspec.msgpack.decode(stored, type=dict[str, tuple[str, tuple[str, ...]]]) if stored else {}
    for path in paths:
        key = build.keys.get(path, "")
        known_for, scripts = known.get(path, ("", ()))
        build.scripts[path] = frozenset(scripts)
        # One whose scripts are not known has to be made, if only to know them.
        yield Entry(build.pages[path].dest_uri, partial(_html, path), key, anew=known_for != key)


def _html(path: str) -> bytes:
    """The page at *path*: rendered here, beside the rest, or in an earlier build."""
    if path not in build.keys:
        return rendered(build.pages[path], build)
    kept = msgspec.msgpack.decode(build.keep.get(*_page_work(path)), type=KeptPage)
    build.scripts[path] = frozenset(kept.scripts)
    return kept.html


@dataclass(frozen=True)
class KeptPage:
    """A page as it was written, and the hashes of the scripts in it that run."""

    html: bytes
    scripts: tuple[str, ...]


_RENDERED_WITH = ("mkdocs", "mkdocs-material", "mkdocs-jupyter", "nbconvert", "Jinja2", "Pygments", "pybtex")


_SETTINGS = (
    "site_name",
    "site_description",
    "site_url",
    "site_author",
    "repo_url",
    "repo_name",
    "edit_uri",
    "edit_uri_template",
    "copyright",
    "nav",
    "use_directory_urls",
    "extra",
    "extra_css",
    "extra_javascript",
    "remote_branch",
)
"""What of mkdocs.yml a template can see; where its folders lie on this machine makes no difference."""


def _settings(config: MkDocsConfig, site: Site) -> str:
    """A name for all that goes into every page: the settings, the templates, the code, the packages."""
    folders = (Path(config.theme.custom_dir or "."), Path(__file__).parent / "nbconvert")
    parts = [file for folder in folders for file in sorted(folder.rglob("*"))]
    settings = [(name, config[name]) for name in _SETTINGS]
    return digest(
        (
            made_with(*_RENDERED_WITH),
            Path(__file__).read_bytes(),
            *(part for file in parts if file.is_file() for part in (file.name, file.read_bytes())),
            repr(serving),
            repr(settings),
            repr(build.publication),
            repr(sorted(config.theme.items())),
            # The head of every page names these.
            *(
                part
                for leaf in site.leaves.values()
                if leaf.page.kind == "page"
                for part in (leaf.page.title, leaf.page.url)
            ),
        )
    )


on_files = CombinedEvent(_add_notebooks, _assemble)


def _fonts(docs: Path) -> Fonts:
    """The site's typeface, where it is there."""
    paths = (docs / FONTS / name for name in ("serif.woff2", "serif-italic.woff2"))
    return Fonts(*(path.read_bytes() if path.is_file() else b"" for path in paths))


def _publication(config: MkDocsConfig, runtime: Runtime | None) -> Publication:
    return Publication(
        name=config.site_name,
        description=(config.site_description or "").strip(),
        address=(config.site_url or "/").rstrip("/") + "/",
        language=config.theme.get("language") or "en",
        licence=config.extra.get("licence") or "",
        repository=(config.repo_url or "").rstrip("/"),
        live=runtime.megabytes if runtime else "",
    )


def _runtime(root: Path) -> Runtime | None:
    """What `make live` left; None where it never ran."""
    manifest = root / LIVE / "manifest.json"
    return read_runtime(_text(manifest)) if manifest.is_file() else None


def _live_files(runtime: Runtime | None) -> list[str]:
    """The files of the *runtime*, by their names on the site."""
    return [f"{FOLDER}/{runtime.folder}/{name}" for name in sorted(runtime.sent)] if runtime else []


def _content(file: File) -> bytes:
    content = build.notebooks.get(file.src_uri)  # that of an empty file is empty
    return file.content_bytes if content is None else content


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
        render_code = page.render if leaf.notebook else None

        def render(config: MkDocsConfig, files: Files) -> None:
            page.content = leaf.html
            if render_code:
                page.content = _with_cells(leaf, page, _code(page, partial(render_code, config, files)))
            page.toc = get_toc([_toc_token(token) for token in leaf.toc])
            page.present_anchor_ids = {heading.id for heading in leaf.headings}

        page.render = render  # type: ignore[method-assign]
    return page


def _code(page: Page, render: Callable[[], None]) -> str:
    """The code cells of a notebook and what they gave, which *render* makes the content of *page*."""

    def rendered() -> bytes:
        render()
        return (page.content or "").encode()

    return build.keep.get("code", (build.code_with, page.file.content_bytes), rendered).decode()


def _with_cells(leaf: Leaf, page: Page, rendered: str) -> str:
    """The prose of a notebook with its cells in their places; *rendered* is what mkdocs-jupyter made of the code."""
    assert leaf.notebook
    assert build.templates
    rendered = _COMMENT.sub(r"<i>\1</i>", _KEYWORD.sub(r"<b>\1</b>", rendered))
    for _ in range(3):  # they stand inside one another
        rendered = _PLAIN_TOKEN.sub(r"\1", rendered)
    code = dict(_CELL.findall(rendered))
    cells = {str(cell.number): cell for cell in leaf.notebook.cells}
    context = {"leaf": leaf, "page": page, "publication": build.publication}
    context["base_url"] = get_relative_url(".", page.url)
    pieces = {name: build.templates.get_template(f"pieces/notebook_{name}.html") for name in ("cell", "answer")}

    def cell(found: re.Match[str]) -> str:
        if found[1] == "answer":
            return pieces["answer"].render(**_TEMPLATE_NAMES, **context)
        if found[1] not in cells:
            return ""  # an author wrote what only a notebook's reader writes
        parts = dict(_PART.findall(code.get(found[1], "")))
        return pieces["cell"].render(
            **_TEMPLATE_NAMES,
            **context,
            cell=cells[found[1]],
            code=parts.get("code", ""),
            outputs=parts.get("outputs", ""),
        )

    return PLACEHOLDER.sub(cell, leaf.html)


_KEYWORD = re.compile(r'<span class="(?:k\w?|ow)">([^<]*)</span>')
_COMMENT = re.compile(r'<span class="c1">([^<]*)</span>')
_PLAIN_TOKEN = re.compile(r'<span class="\w+">([^<]*)</span>|<span></span>')
"""What Pygments marks and the page does not set off: all but comments and keywords, and half of the page's weight."""
_CELL = re.compile(r"<!--cell:(\d+)-->(.*?)<!--/cell-->", re.DOTALL)
_PART = re.compile(r"<!--(code|outputs)-->(.*?)<!--/-->", re.DOTALL)


def _toc_token(token: Any) -> Any:
    return {**token, "children": [_toc_token(child) for child in token["children"]]}


def _same(*key: str, caller: Callable[[], str]) -> str:
    """What stands between {% call same(…) %} and its end, rendered once for each *key*."""
    if key not in build.same:
        build.same[key] = caller()
    return build.same[key]


class _Compiled(BytecodeCache):
    """Templates as they were compiled before in this process, by what stands in them."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


_compiled = _Compiled()


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """Remember the navigation, by which a page can be rendered once more."""
    build.nav = nav
    return nav


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> None:
    """Let every template see what is the same on every page."""
    env.globals["publication"] = build.publication
    env.globals["map_drawing"], env.globals["map_pages"] = drawing, shown
    env.globals.update(_TEMPLATE_NAMES)
    env.globals["same"] = _same
    named = build.gathered.files.values() if build.gathered else ()
    live = _live_files(build.gathered.runtime) if build.gathered else ()
    env.globals["shipped"] = shipped([*named, *live, "index.html", f"{SEARCH}/pagefind.js"])
    env.bytecode_cache = _compiled
    build.env, build.files = env, files
    for file in build.pages.values():
        if files.get_file_from_path(file.src_uri):
            files.remove(file)
    if build.config and build.site and not serving:
        _begin_pages(build.config, build.site)


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, Any]:
    """Let the template of *page* see what the site knows of it, and that of a page about other pages the whole site."""
    leaf = build.leaf(page)
    context["leaf"] = leaf
    context["related"] = build.related.get(leaf.page.path, ()) if leaf else ()
    context["site"] = build.site if leaf is None or leaf.page.kind == "page" else _UNSEEN
    return context


_UNSEEN = StrictUndefined("a page's own template sees what the site knows of this page, and not the site")


@event_priority(-100)  # after every plugin has put its scripts in
def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Leave out the indentation and the blank lines of the templates, a tenth of a page's bytes; put in the policy."""
    light = "".join(part if kept else _light(part) for kept, part in _parts(output))
    whole, build.scripts[source_path(page.file.src_uri)] = _guarded(light, page.content or "")
    return whole


def _parts(page: str) -> Iterator[tuple[bool, str]]:
    """*page* in parts, each with whether its blanks have to be kept."""
    at = 0
    for found in _PREFORMATTED.finditer(page):
        yield False, page[at : found.start()]
        yield True, found[0]
        at = found.end()
    yield False, page[at:]


_PREFORMATTED = re.compile(r"<(pre|textarea|script)\b.*?</\1>", re.DOTALL)


def _light(part: str) -> str:
    first, *lines = part.split("\n")
    if not lines:
        return first
    *lines, last = lines
    return "\n".join((first.rstrip(), *filter(None, map(str.strip, lines)), last.lstrip()))


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """Put the policy into pages that are no one's source: 404.html."""
    if not template_name.endswith(".html"):
        return output_content
    whole, build.scripts[template_name] = _guarded(output_content)
    return whole


def _guarded(page: str, content: str = "") -> tuple[str, frozenset[str]]:
    """*page* with its policy, unless it is only served here, and the hashes of its scripts."""
    if serving:
        return page, frozenset()
    scripts = inline_scripts(page, content)
    return guarded(page, scripts), scripts


def on_pre_build(config: MkDocsConfig) -> None:
    """Save what was built before from being thrown away."""
    if not serving:
        _output(config).put_aside()


def _output(config: MkDocsConfig) -> Output:
    root = Path(config.config_file_path).parent
    site = Path(config.site_dir)
    return Output(site, root / ".cache" / "before" / digest([str(site)]), build.keep)


def on_post_build(config: MkDocsConfig) -> None:
    """Write the pages, and what programs read."""
    assert build.gathered
    assert build.site
    if serving:
        preview.show(build)
        if build.anew and len(build.site.leaves) <= MOST:  # else the one that is kept will do for the next start
            keep_memo(build.memo, build.gathered.state, build.keep)
            build.keep.save()
        return
    assert build.published
    site = Path(config.site_dir)
    others = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    unchanging = sorted(name for name in others if _HASHED.search(name) or name.startswith(f"{FOLDER}/"))
    root = urlsplit(config.site_url or "/").path.rstrip("/") + "/"
    about_others = [path for path, leaf in build.site.leaves.items() if leaf.page.kind == "page"]
    alone = [path for path in build.pages if path not in about_others]
    # What waits for the topics comes last, but for what is known of every page.
    guards = Entry("_headers", partial(_headers, root, unchanging))
    entries = chain(_pages(alone), build.published.every(), _pages(about_others), [guards])
    _output(config).write(entries, others, anew=build.anew)
    scripts = {path: (key, tuple(sorted(build.scripts.get(path, ())))) for path, key in build.keys.items()}
    build.keep.put("scripts", (), msgspec.msgpack.encode(scripts))
    if build.moved:
        keep_memo(build.memo, build.gathered.state, build.keep)
    if build.anew:
        build.keep.forget()
    else:
        build.keep.save()


def _headers(root: str, unchanging: Sequence[str]) -> str:
    return headers(frozenset(chain.from_iterable(build.scripts.values())), root, unchanging)


def on_build_error(error: Exception) -> None:
    """Where the disk is in the way of a build, say so in a sentence; what else ends one is for whoever mends the code.

    Raises Abort with that sentence.
    """
    if not serving:
        build.keep.close()  # while there is still somebody to see to it that a full disk does not matter
    sentence = obstacle(error)
    if sentence:
        raise Abort(f"The build stopped: {sentence}.") from error


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
    """Put a server in the place of MkDocs' own that does only what an edit asks for."""
    return PreviewServer(server, preview)


_HASHED = re.compile(r"\.[0-9a-f]{8}\.min\.(?:js|css)$")
"""How the names of the theme's files end that change with their content."""
