"""`mkdocs serve` that does only what an edit asks for.

The site stays in memory. A saved text is read again, what depends on it is derived again, and a page is rendered when
it is asked for, unless it would be what it was. Whatever else changes (settings, templates, notebooks, bibliography,
pages that come and go) is left to MkDocs, whose build finds most of its work done.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from mkdocs.livereload import LiveReloadServer
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from mkdocs_build import Build, rendered
from sitegraph.assemble import assemble
from sitegraph.keep import Keep
from sitegraph.memo import Memo
from sitegraph.model import Leaf, Problem, Site
from sitegraph.model import Page as SitePage
from sitegraph.prose import ProseReader
from sitegraph.publish import Published, published

log = logging.getLogger("mkdocs.sitegraph")

SETTLED = 0.02
"""Seconds after which a save is over: editors write a file in several steps."""

_LAST = frozenset(("closed", "moved", "deleted"))
"""The last of these steps, where the system tells of it."""
_WRITES = frozenset(("created", "modified")) | _LAST


@dataclass(frozen=True)
class _Rendered:
    """A page, and what it was rendered from."""

    seen: Leaf | Site
    related: tuple[SitePage, ...]
    mistakes: tuple[Problem, ...]
    html: bytes


class Preview:
    """The site in memory: brought up to date by what was saved, and rendered page by page as it is asked for."""

    def __init__(self) -> None:
        self.memo = Memo()
        self._keep: Keep | None = None
        self._reader: ProseReader | None = None
        self._build: Build | None = None
        self._rendered: dict[str, _Rendered] = {}
        self._published: Published | None = None
        self._paths: dict[str, str] = {}  # of pages, by the file that they become

    def keep(self, folder: Path) -> Keep:
        """What is kept between builds; the same for as long as this lasts."""
        if self._keep is None:
            self._keep = Keep(folder)
        return self._keep

    def reader(self, make: Callable[[], ProseReader]) -> ProseReader:
        """The reader of texts; the same for as long as it would read them in the same way."""
        made = make()
        if self._reader is None or self._reader.settings != made.settings:
            self._reader = made
        return self._reader

    def show(self, build: Build) -> None:
        """Show what *build* has come to."""
        self._build = build
        self._rendered.clear()
        self._published = None
        self._paths = {file.dest_uri: path for path, file in build.pages.items()}
        build.keep.save()

    def content(self, name: str) -> bytes | None:
        """The file *name* of the site; None where that is a matter of files on the disk, or of nothing."""
        build = self._build
        assert build
        assert build.site
        if name in self._paths:
            return self._page(self._paths[name], build, build.site)
        if self._published is None:
            assert build.publication
            self._published = published(build.site, build.publication, build.fonts, build.keep)
        found = self._published.get(name)
        return found.encode() if isinstance(found, str) else found

    def _page(self, path: str, build: Build, site: Site) -> bytes:
        leaf = site.leaves[path]
        seen: Leaf | Site = site if leaf.page.kind == "page" else leaf
        related = build.related[path] = site.related.get(path, ())
        mistakes = tuple(found for found in site.problems if found.place.path == path)
        last = self._rendered.get(path)
        if last is None or last.seen is not seen or (last.related, last.mistakes) != (related, mistakes):
            html = rendered(build.pages[path], build, mistakes)
            last = self._rendered[path] = _Rendered(seen, related, mistakes, html)
        return last.html

    def take_in(self, touched: Iterable[Path]) -> bool:
        """Bring the site up to date with the files *touched*; False where only a whole build can.

        It can where texts were written that were there before, and their pages are called what they were called.
        """
        build = self._build
        if not build or not build.site or not build.gathered or not build.reader or not build.config:
            return False
        root = Path(build.config.config_file_path).parent
        sources = {source.path: source for source in build.gathered.sources}
        changed = False
        for file in touched:
            path = file.relative_to(root).as_posix() if file.is_relative_to(root) else ""
            before = sources.get(path)
            if before is None or not path.endswith(".md") or not file.is_file():
                return False
            content = file.read_bytes()
            if content != before.content:
                sources[path] = replace(before, content=content)
                changed = True
        if changed:
            gathered = replace(build.gathered, sources=tuple(sources.values()))
            site = assemble(gathered, build.reader, build.keep, build.memo)
            if any(leaf.page != site.leaves[path].page for path, leaf in build.site.leaves.items() if _in_head(leaf)):
                return False
            _tell(build.site.problems, site.problems)
            build.gathered, build.site, self._published = gathered, site, None
        return True


def _in_head(leaf: Leaf) -> bool:
    """Whether the page is one that every page may name at its head."""
    return leaf.page.kind == "page"


def _tell(before: Sequence[Problem], after: Sequence[Problem]) -> None:
    """Say which mistakes were made and how many were mended."""
    for problem in after:
        if problem not in before:
            log.warning("%s", problem)
    mended = len(set(before).difference(after))
    if mended:
        left = f"{len(after)} left" if after else "none left"
        log.info("%d mended, %s", mended, left)


class PreviewServer(LiveReloadServer):
    """MkDocs' server with another way to learn of changes, and another way to come by pages.

    It is told of changes by the system, where MkDocs looks at every file twice a second.
    """

    def __init__(self, given: LiveReloadServer, preview: Preview) -> None:
        host, port = given.server_address[:2]
        super().__init__(given.builder, str(host), int(port), given.root, given.mount_path)
        given.server_close()
        self.error_handler = given.error_handler
        self.observer = Observer()  # type: ignore[assignment]
        self._preview = preview
        self._settled = SETTLED
        self._touched: set[Path] = set()
        self._working = threading.RLock()  # held while what is served changes
        for path in given._watched_paths:
            self.watch(path)

    def watch(self, path: str, func: None = None, *, recursive: bool = True) -> None:
        """Take notice of changes under *path*, which may be a file; links to folders elsewhere are followed."""
        given = Path(path).absolute()
        if str(given) in self._watched_paths:
            return
        self._watched_paths[str(given)] = 1
        places = {given, *(inside for inside in given.glob("*") if inside.is_symlink() and inside.is_dir())}
        for place in places:
            self._watch_refs[str(place)] = self.observer.schedule(_Notice(self._touch), str(place), recursive=recursive)

    def _touch(self, paths: Iterable[Path], settled: bool) -> None:
        with self._rebuild_cond:
            self._settled = SETTLED / 10 if settled else SETTLED
            self._touched.update(paths)
            self._want_rebuild = True
            self._rebuild_cond.notify_all()

    def _build_loop(self) -> None:
        while True:
            with self._rebuild_cond:
                # The pauses let Ctrl-C through on Windows.
                while not self._rebuild_cond.wait_for(
                    lambda: self._want_rebuild or self._shutdown, timeout=self.shutdown_delay
                ):
                    pass
                if self._shutdown:
                    return
                while self._rebuild_cond.wait(timeout=self._settled):
                    pass
                touched, self._touched = frozenset(self._touched), set()
                self._want_rebuild = False
            with self._working:
                if self._take_in(touched):
                    self._reload()

    def _take_in(self, touched: frozenset[Path]) -> bool:
        """Bring what is served up to date; False where nothing changed, or a build failed."""
        try:
            if not self._preview.take_in(touched):
                self.builder()
        except SystemExit as error:
            log.error("%s", error)
            return False
        except Exception:
            log.exception("This build came to nothing; what is served is what it was before. Mend it and save again.")
            return False
        return True

    def _reload(self) -> None:
        with self._epoch_cond:
            # Two saves within a millisecond are two versions all the same.
            self._visible_epoch = self._wanted_epoch = max(round(time.monotonic() * 1000), self._visible_epoch + 1)
            self._epoch_cond.notify_all()

    def _serve_request(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes] | None:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
        if path.startswith("/livereload/") or not path.startswith(self.mount_path):
            return super()._serve_request(environ, start_response)
        name = unquote(path.removeprefix(self.mount_path))
        with self._working:
            content = self._preview.content(f"{name}index.html" if name.endswith("/") or not name else name)
            epoch = self._visible_epoch
        if content is None:
            with self._working:  # not while a build empties the folder and fills it
                return super()._serve_request(environ, start_response)
        if name.endswith(("/", ".html")) or not name:
            content = self._inject_js_into_html(content, epoch)  # type: ignore[no-untyped-call]
        kind = self._guess_type(name if name and not name.endswith("/") else "index.html")  # type: ignore[no-untyped-call]
        headers = [("Content-Type", kind), ("Content-Length", str(len(content))), ("Cache-Control", "no-store")]
        start_response("200 OK", headers)
        return [content]


class _Notice(FileSystemEventHandler):
    """Passes on which files were written."""

    def __init__(self, touch: Callable[[Iterable[Path], bool], None]) -> None:
        self._touch = touch

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in _WRITES and not event.is_directory:
            paths = (event.src_path, event.dest_path)
            self._touch((Path(str(path)) for path in paths if path), event.event_type in _LAST)
