"""The citations of one page: numbered in the reader's order, with the list at its foot."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .model import Citation, Cite, Entry, Problem, Prose, RawCitation, Reference
from .rules import problem
from .suggest import did_you_mean

OPENING = "the opening"
"""What the place of a citation is called that stands above the first heading."""

_LOOKS_LIKE_KEY = re.compile(r"[a-z]+[0-9]{4}[a-z]*")


@dataclass(frozen=True)
class Numbered:
    """What the citations of a page become; *printed* and *plain* are in the order of Prose.citations."""

    printed: tuple[str, ...]  # HTML for the page itself
    plain: tuple[str, ...]  # the same without links, for a sentence that is quoted elsewhere
    citations: tuple[Citation, ...]
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def number_citations(path: str, prose: Prose, references: Mapping[str, Reference]) -> Numbered:
    """Number the works cited on the page *path* by where they are first cited.

    An unknown key is a problem, and is printed as it is written. So is '@name' in running text, which is only a problem
    when it has the form of a key: other people's handles are left alone.
    """
    sections = {heading.id: heading.text for heading in prose.headings}
    numbers: dict[str, int] = {}
    back: dict[str, list[tuple[str, str]]] = defaultdict(list)
    printed: list[str] = []
    plain: list[str] = []
    citations: list[Citation] = []
    problems: list[Problem] = []
    for raw in prose.citations:
        problems += _unknown(raw, references)
        anchors: list[str | None] = []  # one for each work that is cited here, None where it is unknown
        notes = ""
        for cite in raw.cites:
            if cite.key not in references:
                anchors.append(None)
                continue
            if cite.key not in numbers:
                notes += _note(len(numbers) + 1, references[cite.key])
            numbers.setdefault(cite.key, len(numbers) + 1)
            anchor = f"cite-{cite.key}-{len(back[cite.key]) + 1}"
            anchors.append(anchor)
            back[cite.key].append((anchor, sections.get(raw.section, OPENING)))
            citations.append(Citation(path, cite.key, anchor, raw.section, raw.excerpt, raw.place))
        if raw.narrative and not any(anchors):
            printed.append(html.escape(raw.written))
            plain.append(html.escape(raw.written))
            continue
        lead = f"{html.escape(references[raw.cites[0].key].authors)} " if raw.narrative else ""
        linked = "; ".join(
            _linked(cite, numbers, anchor, references) for cite, anchor in zip(raw.cites, anchors, strict=True)
        )
        bare = "; ".join(_bare(cite, numbers) for cite in raw.cites)
        printed.append(f"{lead}[{linked}]{notes}")
        plain.append(f"{lead}[{bare}]")
    entries = tuple(Entry(number, references[key], _told_apart(back[key])) for key, number in numbers.items())
    return Numbered(tuple(printed), tuple(plain), tuple(citations), entries, tuple(problems))


def _linked(cite: Cite, numbers: Mapping[str, int], anchor: str | None, references: Mapping[str, Reference]) -> str:
    if anchor is None:
        return _bare(cite, numbers)
    key, label = html.escape(cite.key), html.escape(references[cite.key].label)
    link = (
        f'<a class="footnote-ref" role="doc-biblioref" id="{html.escape(anchor)}" href="#ref-{key}"'
        f' aria-label="{numbers[cite.key]}, {label}">{numbers[cite.key]}</a>'
    )
    return _around(cite, link)


def _note(number: int, reference: Reference) -> str:
    """What stands in the margin, where there is one, beside the first citation of a work.

    It repeats the list at the foot of the page in short, so it is for the eye only.
    """
    label, title = html.escape(reference.label), html.escape(reference.title, quote=False)
    return f'<span aria-hidden="true" class="note" data-n="{number}">{label}, <i>{title}</i></span>'


def _bare(cite: Cite, numbers: Mapping[str, int]) -> str:
    return _around(cite, str(numbers.get(cite.key, f"@{html.escape(cite.key)}")))


def _around(cite: Cite, mark: str) -> str:
    before = f"{html.escape(cite.prefix, quote=False)} " if cite.prefix else ""
    after = f", {html.escape(cite.locator, quote=False)}" if cite.locator else ""
    return f"{before}{mark}{after}"


def _unknown(raw: RawCitation, references: Mapping[str, Reference]) -> Iterator[Problem]:
    for cite in raw.cites:
        if cite.key in references or (raw.narrative and not _LOOKS_LIKE_KEY.fullmatch(cite.key)):
            continue
        sentence = f"no work in bib/ has the key `{cite.key}`{did_you_mean(cite.key, references)}"
        yield problem("citation-exists", raw.place, sentence)


def _told_apart(places: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """*places* with a number behind those of one name."""
    often = Counter(name for _, name in places)
    seen: Counter[str] = Counter()
    told = []
    for anchor, name in places:
        seen[name] += 1
        told.append((anchor, f"{name} ({seen[name]})" if often[name] > 1 else name))
    return tuple(told)
