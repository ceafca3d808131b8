"""A file as it was found, to what its author put into it: front matter, text, and what a notebook stores."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .front_matter import read_front_matter
from .model import Notebook, Page, Place, Problem, Source
from .notebooks import read_notebook
from .places import only_text
from .rules import not_text, problem


@dataclass(frozen=True)
class Text:
    """The text below the front matter, and where its lines stand in the file."""

    body: str
    first_line: int
    lines: tuple[int, ...] = ()  # of the file, for those of the text; none where they follow each other


@dataclass(frozen=True)
class Read:
    """A page as it was read: what its head says, its text, and the notebook it was taken from."""

    page: Page
    text: Text
    notebook: Notebook | None = None
    problems: tuple[Problem, ...] = ()


def read_source(source: Source) -> Read:
    """What *source* says, read on its own, and what is wrong with it."""
    read = _read_notebook(source) if source.path.endswith(".ipynb") else _read_text(source)
    return replace(read, problems=(*_strange_name(source.path), *read.problems))


_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]\Z')


def _strange_name(path: str) -> Iterator[Problem]:
    """Why a file cannot have the name it has on every machine."""
    for part in path.split("/"):
        reason = ""
        if _RESERVED.fullmatch(part):
            reason = f"Windows keeps the name `{part.partition('.')[0]}` for itself"
        elif found := _NOT_IN_NAMES.search(part):
            reason = f"no file on Windows has `{found[0]}` there in its name"
        elif unicodedata.normalize("NFC", part) != part:
            reason = "its accents are written apart from their letters, which some systems do not tell apart"
        if reason:
            yield problem("file-name-portable", Place(path, 1), f"this file needs another name: {reason}")


def _read_notebook(source: Source) -> Read:
    found = read_notebook(source.path, source.content)
    notebook = replace(found.notebook, content=source.content)
    prose, strange = only_text(found.text)
    read = read_front_matter(source.path, source.url, prose)
    read = replace(read, problems=(*not_text(source.path, strange), *read.problems))
    if not found.lines:
        return Read(read.page, Text(read.body, read.first_line), notebook, tuple(found.problems))

    def in_file(line: int) -> int:
        return found.lines[line - 1] if line <= len(found.lines) else line

    head = (replace(wrong, place=replace(wrong.place, line=in_file(wrong.place.line))) for wrong in read.problems)
    lines = {name: in_file(line) for name, line in read.page.lines.items()}
    text = Text(read.body, read.first_line, tuple(found.lines))
    return Read(replace(read.page, lines=lines), text, notebook, (*found.problems, *head))


def _read_text(source: Source) -> Read:
    problems = []
    try:
        text = source.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.content.count(b"\n", 0, error.start) + 1
        sentence = f"this file is not UTF-8: byte 0x{source.content[error.start]:02x} cannot be read"
        problems.append(problem("file-is-utf8", Place(source.path, line), sentence))
        text = source.content.decode("utf-8", errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, strange = only_text(text)
    problems += not_text(source.path, strange)
    read = read_front_matter(source.path, source.url, text)
    if not text.strip():
        # Of an empty file that it is empty is all there is to say.
        problems.append(problem("file-not-empty", Place(source.path, 1), "this file is empty"))
    else:
        problems += read.problems
        if not read.body.strip() and "template" not in read.page.meta:
            sentence = "this page has front matter and no text"
            problems.append(problem("file-not-empty", Place(source.path, read.first_line), sentence))
    return Read(read.page, Text(read.body, read.first_line), None, tuple(problems))
