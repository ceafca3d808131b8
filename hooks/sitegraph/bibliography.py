"""The bibliography: files of BibTeX to entries that can be read, and the mistakes in the others.

pybtex reads; but given a whole file, one brace left open swallows every entry after it. So a file is cut where a line
begins an entry, and each piece is read by itself: a mistake costs the entry it stands in and nothing else.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import pairwise

import pybtex.errors
from pybtex.database import BibliographyData, Entry
from pybtex.database.input.bibtex import Parser, month_names
from pybtex.database.output.bibtex import Writer
from pybtex.scanner import PybtexSyntaxError

from .citations import KEY
from .model import Place, Problem
from .places import only_text
from .rules import not_text, problem
from .suggest import did_you_mean

_START = re.compile(r"^[ \t]*@", re.MULTILINE)
_HEAD = re.compile(r"[ \t]*@\s*(?P<type>\w+)\s*[{(]\s*(?P<key>[^\s,{}()]*)")
_NOT_ENTRIES = frozenset(("string", "preamble", "comment"))

LONGEST_ENTRY = 50_000
"""Characters of the longest entry; an abstract has two thousand."""

LONGEST_FIELD = 10_000
"""Characters of the longest field that a list of works can show."""
_TOO_LONG = f"more than {LONGEST_FIELD} characters, which no list can show"

NEEDS: Mapping[str, tuple[str, ...]] = {
    "article": ("author", "title", "journal", "year"),
    "book": ("author/editor", "title", "publisher/note", "year"),
    "incollection": ("author", "title", "booktitle", "publisher", "year"),
    "inproceedings": ("author", "title", "booktitle", "year"),
    "misc": ("author", "title", "howpublished/eprint/url"),
    "phdthesis": ("author", "title", "school", "year"),
    "techreport": ("author", "title", "institution", "year"),
}
"""What an entry of each type must say; 'a/b' is met by either."""


@dataclass(frozen=True)
class Piece:
    """An entry as it is written."""

    key: str
    text: str
    place: Place


@dataclass(frozen=True)
class BibText:
    """What of the bibliography can be read: one text, its entries as written by key, and the problems."""

    text: str
    pieces: Mapping[str, Piece]
    problems: tuple[Problem, ...]


def read_bibliography(files: Mapping[str, str]) -> BibText:
    """The entries of *files* (path → text), in the order of the paths.

    A byte that could not be read stands in the text as U+FFFD. Of two entries of one key the first counts. An entry
    with a mistake is kept as far as pybtex understands it, so that those who cite it are not told of it again.
    """
    pieces: dict[str, Piece] = {}
    problems: list[Problem] = []
    readable = BibliographyData()
    macros: Mapping[str, str] = month_names
    for path in sorted(files):
        text, strange = only_text(files[path].removeprefix("\ufeff"))
        problems += (*_unreadable(path, text), *not_text(path, strange))
        for start, written in _cut(text):
            head = _HEAD.match(written)
            if head and head["type"].lower() == "comment":
                continue
            if len(written) > LONGEST_ENTRY:  # pybtex would take an hour
                sentence = f"this entry has {len(written)} characters, and at most {LONGEST_ENTRY} can be read"
                problems.append(problem("reference-valid", Place(path, start), sentence))
                continue
            parser = Parser(macros=macros)
            with pybtex.errors.capture() as errors:
                data = parser.parse_string(written)
            # @string holds for what follows; made of one another, a few lines could stand for gigabytes.
            macros = {name: said for name, said in parser.macros.items() if len(said) <= LONGEST_FIELD}
            problems += (
                problem("reference-valid", Place(path, start), f"the text `{name}` has {_TOO_LONG}")
                for name in parser.macros.keys() - macros.keys()
            )
            problems += (_syntax(path, start, error) for error in errors)
            for key, entry in data.entries.items():
                place = Place(path, start)
                piece = Piece(key, written.strip(), place)
                first = pieces.get(key.casefold())
                if first:
                    sentence = f"the key `{key}` stands here again, after {first.place.path}:{first.place.line}"
                    problems.append(problem("reference-unique", place, sentence))
                    continue
                pieces[key.casefold()] = piece
                readable.add_entry(key, entry)
                if not errors:
                    problems += _incomplete(entry, key, place)
            if not data.entries and not errors and not (head and head["type"].lower() in _NOT_ENTRIES):
                sentence = "this is not an entry like `@book{key, title = {…}, …}`"
                problems.append(problem("reference-valid", Place(path, start), sentence))
    text = _Verbatim().to_string(readable) if readable.entries else ""
    return BibText(text, {piece.key: piece for piece in pieces.values()}, tuple(problems))


class _Verbatim(Writer):  # type: ignore[misc]  # pybtex ships no types
    """Writes fields as they are: pybtex would escape what is TeX already, and break addresses."""

    def _encode(self, text: str) -> str:
        return text


def _unreadable(path: str, text: str) -> Iterator[Problem]:
    before, replaced, _ = text.partition("\ufffd")
    if replaced:
        yield problem("file-is-utf8", Place(path, before.count("\n") + 1), "this file is not UTF-8")


def _cut(text: str) -> Iterator[tuple[int, str]]:
    """The pieces of *text* that begin with an @ at the start of a line, each with its line."""
    starts = [found.start() for found in _START.finditer(text)]
    ends = [found.start() for found in re.finditer("\n", text)]
    for start, end in pairwise([*starts, len(text)]):
        # Comments between two entries belong to neither.
        lines = text[start:end].splitlines(keepends=True)
        while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("%")):
            lines.pop()
        yield bisect.bisect_left(ends, start) + 1, "".join(lines)


def _syntax(path: str, start: int, error: Exception) -> Problem:
    line = start + error.lineno - 1 if isinstance(error, PybtexSyntaxError) and error.lineno else start
    reason = re.sub(r" in line \d+", "", str(error)).removeprefix("syntax error: ")
    return problem("reference-valid", Place(path, line), f"this entry cannot be read: {reason}")


def _incomplete(entry: Entry, key: str, place: Place) -> Iterator[Problem]:
    if not re.fullmatch(KEY, key):
        sentence = f"`{key}` cannot be cited: a key is letters, digits and inner punctuation"
        yield problem("reference-valid", place, sentence)
    if entry.type not in NEEDS:
        sentence = f"`{key}` is of the type `{entry.type}`, which is not known here{did_you_mean(entry.type, NEEDS)}"
        yield problem("reference-valid", place, f"{sentence} ({', '.join(NEEDS)})")
        return
    has = {*(name.lower() for name in entry.fields), *(role.lower() for role in entry.persons)}
    for name, said in entry.fields.items():
        if len(said) > LONGEST_FIELD:
            yield problem("reference-valid", place, f"the field `{name}` of `{key}` has {_TOO_LONG}")
    missing = [need.replace("/", " or ") for need in NEEDS[entry.type] if not has & set(need.split("/"))]
    if missing:
        yield problem("reference-valid", place, f"the {entry.type} `{key}` does not say its {', '.join(missing)}")


def uncited(pieces: Iterable[Piece], cited: Set[str]) -> Iterator[Problem]:
    """The entries that no page cites or answers."""
    for piece in pieces:
        if piece.key not in cited:
            yield problem("reference-cited", piece.place, f"no page cites `{piece.key}`")
