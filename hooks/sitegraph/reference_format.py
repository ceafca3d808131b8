"""Entries of the bibliography to references as readers see them.

Titles keep their capitals, which the styles that come with BibTeX tools do not do.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import quote

from pybtex.bibtex.utils import split_name_list
from pybtex.database import Entry, Person
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text

from .bibliography import LONGEST_FIELD, Piece
from .model import PART, Name, Reference, part_url

MOST_NAMES = 8
"""A longer list of authors is cut after as many names."""

_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_TEX = re.compile(r"[\\{}~$%&#^_`\"]|--|''")
_VERBATIM = frozenset(("doi", "url", "eprint"))
"""The fields in which nothing is TeX: an address may hold any of its characters."""


def references(entries: Mapping[str, Entry], pieces: Mapping[str, Piece]) -> tuple[Reference, ...]:
    """Every entry, formatted, in the order of names, years and titles."""
    formatted = (_reference(key, entries[key], piece) for key, piece in pieces.items() if key in entries)
    ordered = sorted(formatted, key=lambda reference: reference.sort_key)
    return tuple(
        replace(reference, listed=part_url("bibliography", number // PART + 1))
        for number, reference in enumerate(ordered)
    )


def _reference(key: str, entry: Entry, piece: Piece) -> Reference:
    people = [*entry.persons.get("author", ()), *(() if "author" in entry.persons else entry.persons.get("editor", ()))]
    surnames = tuple(_surname(person) for person in people if not _is_others(person))
    more = len(surnames) < len(people)
    title = _field(entry, "title") or key
    year = _field(entry, "year")
    names = _short_names(surnames, more=more)
    ends = _ends(entry)
    note = html.escape(_field(entry, "note"), quote=False)
    sentences = [_names(people), _titled(entry, title), _listed([*_venue(entry), html.escape(year, quote=False)]), note]
    links = " ".join(f'<a href="{html.escape(address)}">{html.escape(words)}</a>' for words, address in ends)
    text_html = " ".join(part for part in (*map(_stopped, sentences), links) if part)
    return Reference(
        key=key,
        label=" ".join(part for part in (names, year) if part),
        sort_key=(*(_folded(name) for name in surnames[:1]), year, _folded(title)),
        html=text_html,
        text=html.unescape(re.sub(r"<[^>]+>", "", text_html)),
        bibtex=piece.text,
        url=ends[0][1] if ends else None,
        title=title,
        authors=names,
        people=_and([_full_name(person) for person in people if not _is_others(person)]),
        surnames=surnames,
        venue=_field(entry, "journal", "booktitle", "howpublished", "publisher"),
        place=piece.place,
        type=entry.type,
        fields={name.lower(): _said(name.lower(), value) for name, value in entry.fields.items()},
        names={role: tuple(map(_name, persons)) for role, persons in _roles(entry).items()},
    )


def _roles(entry: Entry) -> dict[str, list[Person]]:
    """Everyone who had a part in the work, by that part; pybtex takes a translator's name for a mere text."""
    roles = {role.lower(): list(persons) for role, persons in entry.persons.items()}
    if "translator" in entry.fields:
        roles["translator"] = [Person(name) for name in split_name_list(entry.fields["translator"])]
    return roles


def _said(name: str, value: str) -> str:
    if name == "doi":
        return _doi(value)
    return value if name in _VERBATIM else _plain(value)


def _doi(value: str) -> str:
    """A DOI, where many write its address."""
    return re.sub(r"^https?://(dx\.)?doi\.org/", "", value)


def _name(person: Person) -> Name:
    first, last = " ".join([*person.first_names, *person.middle_names]), " ".join(person.last_names)
    if _is_others(person) or (last.startswith("{") and not first):
        return Name(literal=_plain(last))
    particle, suffix = " ".join(person.prelast_names), " ".join(person.lineage_names)
    return Name(_plain(last), _plain(first), _plain(particle), _plain(suffix))


def _plain(value: str) -> str:
    """*value* without TeX."""
    if not _TEX.search(value):
        return value  # as most are, and pybtex takes its time
    if len(value) > LONGEST_FIELD:
        return value.replace("{", "").replace("}", "")  # it would take an hour
    try:
        return str(Text.from_latex(value))
    except (PybtexError, ValueError):
        return value.replace("{", "").replace("}", "")


def _field(entry: Entry, *names: str) -> str:
    """The first of the fields *names* that the entry has, without TeX."""
    return next((_plain(entry.fields[name]) for name in names if name in entry.fields), "")


def _is_others(person: Person) -> bool:
    return str(person) == "others"


def _surname(person: Person) -> str:
    return _plain(" ".join([*person.prelast_names, *person.last_names, *person.lineage_names]))


def _full_name(person: Person) -> str:
    given = _plain(" ".join([*person.first_names, *person.middle_names]))
    return f"{given} {_surname(person)}".strip()


def _and(names: list[str]) -> str:
    return ", ".join(names) if len(names) < 2 else f"{', '.join(names[:-1])} and {names[-1]}"


def _short_names(surnames: Iterable[str], *, more: bool) -> str:
    names = list(surnames)
    if len(names) > 2 or (more and names):
        return f"{names[0]} et al."
    return _and(names)


def _names(people: list[Person]) -> str:
    names = [_full_name(person) for person in people if not _is_others(person)]
    if len(names) > MOST_NAMES or len(names) < len(people):
        names = [*names[:MOST_NAMES], "others"]
    return html.escape(_and(names), quote=False)


def _titled(entry: Entry, title: str) -> str:
    shown = html.escape(title, quote=False)
    whole = entry.type in ("book", "phdthesis")
    return f'<cite class="whole">{shown}</cite>' if whole else f"<cite>{shown}</cite>"


def _venue(entry: Entry) -> list[str]:
    """Where it appeared, and where in there, as pieces to be joined by commas."""
    container = _field(entry, "journal", "booktitle")
    volume, number = _field(entry, "volume"), _field(entry, "number")
    within = f"{volume}({number})" if volume and number else volume or number
    pages = html.escape(_field(entry, "pages").replace("--", "–"), quote=False)
    container_html = f"<i>{html.escape(container, quote=False)}</i>" if container else ""
    first = " ".join(part for part in (container_html, html.escape(within)) if part)
    edition = f"{_field(entry, 'edition')} edition" if "edition" in entry.fields else ""
    others = [_field(entry, name) for name in ("howpublished", "publisher", "school", "institution", "address")]
    return [
        part
        for part in (first, pages, html.escape(edition), *(html.escape(other, quote=False) for other in others))
        if part
    ]


def _ends(entry: Entry) -> list[tuple[str, str]]:
    """The words and addresses of the links to the work itself."""
    ends = []
    if doi := _doi(entry.fields.get("doi", "")):
        ends.append((f"doi:{doi}", f"https://doi.org/{quote(doi, safe='/()')}"))
    if (arxiv := entry.fields.get("eprint", "")) and entry.fields.get("archiveprefix", "").lower() == "arxiv":
        ends.append((f"arXiv:{arxiv}", f"https://arxiv.org/abs/{quote(arxiv, safe='/')}"))
    url = entry.fields.get("url", "")
    if _WEB.fullmatch(url):
        ends.append((re.sub(r"^www\.", "", url.split("/")[2]), url))
    return ends


def _stopped(part: str) -> str:
    """*part* with a full stop, unless it brings its own: 'et al.' and 'Why?' do."""
    plain = re.sub(r"<[^>]+>", "", part).rstrip("”’\"'")
    return part if not plain or plain.endswith((".", "?", "!")) else f"{part}."


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part)


def _folded(text: str) -> str:
    """*text* without accents and capitals, for sorting."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)).casefold()
