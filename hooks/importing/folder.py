"""The repository as an import finds it, and as it leaves it: all files are written, or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from sitegraph.front_matter import read_front_matter
from sitegraph.model import Page
from sitegraph.notebooks import read_notebook

from .files import ORIGINALS, read_original
from .plan import THREADS, There


def what_is_there(root: Path) -> There:
    """The pages, and the originals of earlier imports."""
    texts, originals, files = {}, {}, {}
    pages = list(_pages(root))
    for page in pages:
        if page.path.startswith(f"{THREADS}/"):
            texts[page.path] = _text(root / page.path)
    for path in sorted((root / ORIGINALS).glob("*.md")):
        name = path.relative_to(root).as_posix()
        files[name] = _text(path)
        if original := read_original(name, files[name]):
            originals[original.facts["id"]] = original
    return There(pages, texts, originals, files)


def _pages(root: Path) -> Iterator[Page]:
    for path in sorted((root / "docs").rglob("*.md")):
        name = path.relative_to(root).as_posix()
        yield read_front_matter(name, "", _text(path)).page
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        name = path.relative_to(root).as_posix()
        yield read_front_matter(name, "", read_notebook(name, path.read_bytes()).text).page


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def write_all(root: Path, writes: Mapping[str, str]) -> None:
    """Write these files, by path, in their order.

    All are written beside the repository's own first, and then moved into their places; whatever fails before that
    (a full disk, a folder that may not be written) leaves everything as it was.
    """
    if not writes:
        return
    beside = root / ".cache" / "import"
    shutil.rmtree(beside, ignore_errors=True)  # of an import that was cut off
    beside.mkdir(parents=True)
    try:
        for number, text in enumerate(writes.values()):
            (beside / str(number)).write_text(text, encoding="utf-8", newline="\n")
        for path in writes:
            folder = (root / path).parent
            folder.mkdir(parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK):
                raise PermissionError(f"{folder.relative_to(root)}/ may not be written")
        # Originals last: a page without one is brought up to date, while an original without its page means that
        # somebody removed the page. Otherwise in their order, in which numbers and names were given: then an import
        # that is cut off here is made up for by the next one.
        for number, path in sorted(enumerate(writes), key=lambda one: one[1].startswith(f"{ORIGINALS}/")):
            (beside / str(number)).replace(root / path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
