"""The index of the search: many small files, of which a browser fetches the few that a search needs.

Pagefind makes it, from one small HTML file for each thing that can be found.
"""

from __future__ import annotations

import html
import io
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from pagefind_bin import get_executable

from .keep import Keep, Work
from .search_records import Record

FOLDER = "pagefind"
"""Where the files lie on the site."""

# Pagefind also writes interfaces of its own, which nothing here shows.
_NEEDED = re.compile(r"pagefind(?:-worker)?\.js|pagefind-entry\.json|wasm\..*|.*\.pf_meta|(?:index|fragment)/.*")


def search_files(work: Work | None, keep: Keep) -> Iterator[tuple[str, bytes]]:
    """The files of the index that *work* makes, as path from the root of the site and content.

    None, and a warning, where Pagefind does not run; whoever opens the search is then told that there is none.
    """
    if work is None:
        return
    try:
        packed = keep.get(*work)
    except (OSError, subprocess.CalledProcessError) as error:
        warnings.warn(f"the site is built without search, because Pagefind does not run here: {error}", stacklevel=2)
        return
    yield from _unpacked(packed)


def search_work(records: Iterable[Record], language: str) -> Work | None:
    """The work of making the index, all of its files in one; None where there is nothing to be found."""
    sources = dict(_sources(records, language))
    pieces = [piece for source in sources.items() for piece in source]
    return ("search", [version("pagefind_bin"), *pieces], lambda: _packed(_indexed(sources))) if sources else None


def _sources(records: Iterable[Record], language: str) -> Iterator[tuple[str, str]]:
    """A small page for each record, in the folder of the page where it stands: Pagefind keeps the path as an address.

    Told in words instead, the address would be searched like all that is told of a record.
    """
    on_page: Counter[str] = Counter()
    for record in records:
        page, _, anchor = record.address.partition("#")
        yield f"{page}{on_page[page]}.html", _source(record, anchor, language)
        on_page[page] += 1


def _source(record: Record, anchor: str, language: str) -> str:
    """*record* as HTML. It has none of Pagefind's filters: their file differs from run to run."""
    told = {
        record.named: record.title,
        "kind": record.kind,
        "verdict": record.verdict,
        "where": record.where,
        "anchor": anchor,
    }
    told = {name: value for name, value in told.items() if value}
    attributes = "".join(f' data-{name}="{html.escape(value)}"' for name, value in told.items())
    meta = ", ".join(f"{name}[data-{name}]" for name in told)
    paragraphs = "".join(f"<p>{html.escape(line)}</p>\n" for line in record.text.split("\n") if line)
    return (
        f'<!doctype html>\n<html lang="{html.escape(language)}">\n<meta charset="utf-8">\n'
        f'<main data-pagefind-body{attributes} data-pagefind-meta="{meta}">\n{paragraphs}</main>\n'
    )


def _indexed(sources: Mapping[str, str]) -> dict[str, bytes]:
    """What Pagefind makes of *sources*, by path."""
    # Thousands of small files, for a second: in memory, where there is such a folder and it is large enough.
    if os.access(MEMORY, os.W_OK):
        try:
            with _folder_in_memory() as folder:
                return _indexed_in(folder, sources)
        except (OSError, subprocess.CalledProcessError):
            pass
    with tempfile.TemporaryDirectory() as folder:
        return _indexed_in(folder, sources)


MEMORY = "/dev/shm"
_NAMED = "pagefind-"


@contextmanager
def _folder_in_memory() -> Iterator[str]:
    """A folder for a while. What programs left there that were killed is removed: nobody holds a lock on it."""
    import fcntl  # not everywhere, but wherever there is a folder in memory

    with tempfile.TemporaryDirectory(dir=MEMORY, prefix=_NAMED) as folder:
        own = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for left in Path(MEMORY).glob(f"{_NAMED}*"):
                with suppress(OSError):  # somebody is at work there, or it is somebody else's
                    other = os.open(left, os.O_RDONLY)
                    try:
                        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        shutil.rmtree(left)
                    finally:
                        os.close(other)
            yield folder
        finally:
            os.close(own)


def _indexed_in(folder: str, sources: Mapping[str, str]) -> dict[str, bytes]:
    site, index = Path(folder, "site"), Path(folder, "index")
    for name, source in sources.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(source, encoding="utf-8")
    command = [get_executable(), "--site", site, "--output-path", index, "--silent"]
    # In a folder of its own, and without settings for it, Pagefind does the same everywhere.
    settings = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
    subprocess.run(command, cwd=folder, env=settings, check=True, capture_output=True)
    files = {path.relative_to(index).as_posix(): path for path in index.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if _NEEDED.fullmatch(name)}


def _packed(files: Mapping[str, bytes]) -> bytes:
    """*files* as one archive, the same for the same files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size = len(files[name])
            archive.addfile(entry, io.BytesIO(files[name]))
    return packed.getvalue()


def _unpacked(packed: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for entry in archive:
            content = archive.extractfile(entry)
            assert content
            yield f"{FOLDER}/{entry.name}", content.read()
