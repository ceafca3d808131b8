"""The values of which the site consists."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar

T = TypeVar("T")

Kind = Literal["essay", "thread", "notebook", "page"]

LINK_TYPES = ("supports", "extends", "answers", "illustrates", "qualifies", "contradicts")
"""What a link can be said to do, in the order in which backlinks are listed; a link without a type mentions."""


FIGURE = "figure"
"""The title of a link, alone in its paragraph, in whose place the figure itself is shown."""

VERDICTS = ("supported", "conditional", "contradicted", "open")
"""What a notebook can say of a claim. One without a notebook is 'untested'; one whose notebook changed is 'stale'."""

VERDICT_WORDS = {
    "supported": "supported",
    "conditional": "under conditions",
    "contradicted": "contradicted",
    "open": "open",
    "untested": "untested",
    "stale": "stale",
}
"""How each verdict, or the lack of one, is told to readers."""


PART = 200
"""How many threads or works are listed on one page, or the claims of how many pages; a longer list goes on."""

LISTS = ("threads", "claims", "bibliography")
"""The lists that may go on on further pages, by their slugs."""


def part_url(name: str, number: int) -> str:
    """The address, from the root of the site, of that part of the list called *name*; the first is number 1."""
    return f"lists/{name}-{number}/" if number > 1 else f"{name}/"


def part_of(page: Page) -> int:
    """Which part of its list *page* shows."""
    number: int = page.meta.get("part", 1)
    return number


def parts_for(entries: int) -> int:
    """On how many pages a list of that many *entries* stands: on one, even if it is empty."""
    return max(1, -(-entries // PART))


def in_part(page: Page, entries: Sequence[T]) -> Sequence[T]:
    """Those of *entries* that *page*, which may be one of several that list them, shows."""
    number = part_of(page)
    return entries[PART * (number - 1) : PART * number]


class Later(Generic[T]):
    """A value that is worked out when it is first asked for."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make

    @cached_property
    def value(self) -> T:
        """The value."""
        return self._make()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Later) and bool(self.value == other.value)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file of the repository."""

    path: str  # 'docs/essays/promises.md': '/'-separated, relative to the repository
    line: int  # counted from 1


@dataclass(frozen=True, order=True)
class Problem:
    """An author's mistake: where it stands, what is wrong, and the rule it breaks."""

    place: Place
    sentence: str
    rule: str

    def __str__(self) -> str:
        return f"{self.place.path}:{self.place.line}: {self.sentence} [{self.rule}]"


@dataclass(frozen=True)
class Source:
    """A file as it was found, before anything is understood of it."""

    path: str  # 'docs/essays/promises.md', 'notebooks/jet.ipynb'
    url: str  # 'essays/promises/': relative to the root of the site
    content: bytes


@dataclass(frozen=True)
class Claim:
    """One testable sentence of a page, declared in its front matter."""

    name: str
    says: str
    line: int
    tested_by: str | None = None  # the slug of a notebook
    test_would_take: str | None = None  # what is missing, where nobody can test it yet

    @property
    def anchor(self) -> str:
        """The id of the claim on its page."""
        return f"claim-{self.name}"


@dataclass(frozen=True)
class Result:
    """A named value that a notebook publishes."""

    name: str
    says: str  # what it is, as the row of a table
    value: float
    unit: str
    lo: float | None
    hi: float | None
    decimals: int  # the precision claimed for it
    seeds: str
    measured: bool  # a clock decides it, so that it differs from run to run
    place: Place
    cell: int

    @property
    def anchor(self) -> str:
        """The id of the result on its notebook's page."""
        return f"result-{self.name}"

    @property
    def written(self) -> str:
        """The value at its precision: '−0.19'."""
        return self._at_precision(self.value)

    @property
    def interval(self) -> str:
        """Its spread: '0.17 to 0.20', '' where it is known exactly."""
        if self.lo is None or self.hi is None or self.lo == self.hi:
            return ""
        return f"{self._at_precision(self.lo)} to {self._at_precision(self.hi)}"

    def _at_precision(self, value: float) -> str:
        return f"{value:z,.{self.decimals}f}".replace("-", "−").replace(",", "\u202f")


@dataclass(frozen=True)
class State:
    """What was found in one declared setting of a model: the effect, its interval, and what that says of the claim."""

    setting: str
    mean: float
    lo: float
    hi: float
    n: int
    state: str  # 'holds', 'fails' or 'unclear'


@dataclass(frozen=True)
class Control:
    """A setting where the answer was known, and what came out."""

    name: str
    expected: str
    found: float


@dataclass(frozen=True)
class Outcome:
    """What a notebook says of one claim."""

    id: str  # 'catastrophe-reward/one-life'
    name: str  # 'one-life'
    comment: str  # 'C01'
    kind: str
    statement: str
    statistic: str
    delta: float
    states: tuple[State, ...]
    controls: tuple[Control, ...]
    verdict: str | None  # none in a run that was not for publication
    condition: str
    number: str  # the result that decides
    right_if: str
    by_construction: str
    changed: str
    seeds: str
    measured: bool
    place: Place
    cell: int

    @property
    def anchor(self) -> str:
        """The id of the outcome on its notebook's page."""
        return f"claim-{self.name}"


@dataclass(frozen=True)
class Figure:
    """A drawing, with the words that stand for it and the words below it."""

    name: str
    alt: str
    caption: str
    drawing: str  # SVG
    place: Place
    cell: int

    @property
    def anchor(self) -> str:
        """The id of the figure on its notebook's page."""
        return f"figure-{self.name}"


@dataclass(frozen=True)
class Knob:
    """A number of a model that a reader may change: what it is, where the notebook has it, and its bounds."""

    name: str
    says: str
    value: float
    low: float
    high: float
    step: float
    unit: str  # '%' shows a share as per cent

    @property
    def written(self) -> str:
        """Where the notebook has it: '40 %', '12 days'."""
        shown = f"{100 * self.value:.3g} %" if self.unit == "%" else f"{self.value:.4g} {self.unit}".rstrip()
        return shown.replace("-", "−")


@dataclass(frozen=True)
class Point:
    """What was found of a claim at one place along a setting."""

    value: float
    at: str  # the value in words: '40 %', '12 days'
    mean: float
    lo: float
    hi: float
    n: int
    state: str  # 'holds', 'fails' or 'unclear'


@dataclass(frozen=True)
class Boundary:
    """Where a claim stops being true along one setting of its model, as its notebook found it."""

    claim: str  # 'confession-judge/cot-detects'
    name: str  # 'cot-detects'
    module: str  # 'live.confession_judge': where the question stands that a reader may ask again
    along: str  # the name of a knob
    knobs: tuple[Knob, ...]
    points: tuple[Point, ...]
    sentence: str
    figure: str  # the name of a figure of the same notebook
    statistic: str
    seeds: str
    told: Mapping[str, Any] = field(hash=False)  # all that was published, for the page on which it is asked again
    place: Place
    cell: int

    @property
    def axis(self) -> Knob:
        """The knob along which it was asked."""
        return next(knob for knob in self.knobs if knob.name == self.along)

    @property
    def others(self) -> tuple[Knob, ...]:
        """The knobs that stayed where the notebook has them."""
        return tuple(knob for knob in self.knobs if knob.name != self.along)


@dataclass(frozen=True)
class Output:
    """One output of a cell: text, safe HTML, an error, or something published."""

    kind: Literal["text", "html", "error", "claim", "result", "figure", "boundary"]
    value: Any


@dataclass(frozen=True)
class Cell:
    """A code cell: what it is called, its source, where it begins, and what came out."""

    number: int
    label: str
    source: str
    line: int
    outputs: tuple[Output, ...]


@dataclass(frozen=True)
class Notebook:
    """The code and the outputs of a notebook, and how it was last run."""

    cells: tuple[Cell, ...]
    run: Mapping[str, Any]  # what the stored run depended on
    profile: str
    ran: bool
    content: bytes = field(default=b"", repr=False)  # the file as it was found

    def _published(self, kind: str) -> dict[str, Any]:
        outputs = (output for cell in self.cells for output in cell.outputs if output.kind == kind)
        return {output.value.name: output.value for output in outputs}

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """What it says of each claim, by name."""
        return self._published("claim")

    @property
    def results(self) -> Mapping[str, Result]:
        """Its results by name."""
        return self._published("result")

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Its figures by name."""
        return self._published("figure")

    @property
    def boundaries(self) -> Mapping[str, Boundary]:
        """Where its claims stop being true, by the name of the claim."""
        return self._published("boundary")

    @property
    def of_boundaries(self) -> frozenset[str]:
        """The names of the figures that are shown with a boundary."""
        return frozenset(boundary.figure for boundary in self.boundaries.values())


@dataclass(frozen=True)
class Origin:
    """What is known of a comment where it was posted; '' for what is not."""

    id: str = ""
    address: str = ""
    posted: str = ""  # ISO date, as is *edited*
    edited: str = ""
    retracted: bool = False
    post: str = ""  # the title of the post that it answers, which need not be in the bibliography
    post_address: str = ""
    parent_comment: str = ""  # the address of the comment that it answers
    digest: str = ""  # of its text, as it was when it was last imported


@dataclass(frozen=True)
class Thread:
    """Where a thread comes from: who spoke, under what, and how sure that is."""

    form: Literal["comment", "shortform"]
    speaker: str
    answers: str | None  # the key of the parent post in the bibliography
    parent: Literal["certain", "likely", "unknown"]
    source: str  # 'C01': the place in the list of source comments
    restated: str  # ISO date of the restatement
    origin: Origin = Origin()


@dataclass(frozen=True)
class Page:
    """What the front matter says of a page, and where the page is."""

    path: str
    url: str
    kind: Kind
    title: str
    description: str = ""
    aliases: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    written: str | None = None  # ISO date
    updated: str | None = None  # ISO date of its last change, where there was one
    claims: tuple[Claim, ...] = ()
    thread: Thread | None = None
    meta: Mapping[str, Any] = field(default_factory=dict, hash=False)
    lines: Mapping[str, int] = field(default_factory=dict, hash=False)  # of each front matter field

    @property
    def slug(self) -> str:
        """The name of the file without its ending."""
        return self.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]

    @property
    def begun(self) -> str:
        """When it was written, or restated; '' where that is not told."""
        return self.written or (self.thread.restated if self.thread else "")

    @property
    def listed(self) -> bool:
        """Whether this is an essay or a thread, and not a page about them."""
        return self.kind in ("essay", "thread")


@dataclass(frozen=True)
class Heading:
    """A heading that can be linked to."""

    id: str
    text: str  # HTML of phrasing content, without links
    level: int


@dataclass(frozen=True)
class RawLink:
    """A link to something of this site, as it is written.

    A plain link has a *target* such as '../threads/jet.md#why'; a wikilink has a *name* such as 'jet#why'.
    """

    target: str
    wikilink: bool
    title: str | None  # the link's type, if it is one
    place: Place
    section: str  # id of the heading above it, '' above the first
    excerpt: str  # the sentence around it as HTML, the link itself in <mark>; may hold slots
    image: bool = False
    words: str = ""  # the link's own words, without any form


@dataclass(frozen=True)
class Cite:
    """One key of a citation, with what stands before and behind it: 'see', '@a', 'pp. 3–5'."""

    key: str
    prefix: str = ""
    locator: str = ""


@dataclass(frozen=True)
class RawCitation:
    """A citation of one or more works, as it is written."""

    cites: tuple[Cite, ...]
    narrative: bool  # '@key' in the running text, which prints the authors' names
    written: str  # the characters that stand in the source
    place: Place
    section: str
    excerpt: str


@dataclass(frozen=True)
class Mention:
    """A block of text that names a person: the line of the name, the text, and what the block points to."""

    name: str
    place: Place
    text: str
    links: tuple[int, ...]  # indexes into Prose.links
    citations: tuple[int, ...]  # indexes into Prose.citations


@dataclass(frozen=True)
class Prose:
    """A text as it was read, on its own: nothing in it depends on another page.

    *html* and the excerpts hold slots (see `slots.py`) where the answer depends on the rest of the site.
    """

    html: str
    toc: tuple[Mapping[str, Any], ...]  # nested: level, id, name, children
    headings: tuple[Heading, ...]
    anchors: frozenset[str]
    links: tuple[RawLink, ...]
    citations: tuple[RawCitation, ...]
    mentions: tuple[Mention, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Link:
    """A link that was found to lead somewhere."""

    source: str  # path of the page it stands on
    target: str  # path of the page it leads to
    anchor: str  # '' for the page as a whole
    type: str  # one of LINK_TYPES, or 'mentions'
    section: str
    excerpt: str
    place: Place
    words: str = ""


@dataclass(frozen=True)
class Judged:
    """A claim with what its notebook says of it."""

    page: Page
    claim: Claim
    verdict: str  # one of VERDICTS, 'untested' or 'stale'
    notebook: Page | None
    outcome: Outcome | None
    number: Result | None  # the result that decides
    limits: str = ""  # the id of the section of the notebook that says what its model leaves out
    boundary: Boundary | None = None  # where it stops being true, where that was asked
    drawing: Figure | None = None  # of the boundary


@dataclass(frozen=True)
class Citation:
    """One work, cited in one place."""

    source: str
    key: str
    anchor: str  # the id of the citation on its page
    section: str
    excerpt: str
    place: Place


@dataclass(frozen=True)
class Name:
    """Someone who made a work; of an institution, or of "and others", the *literal* is all there is."""

    family: str = ""
    given: str = ""
    particle: str = ""  # 'de la', which stands before the family name
    suffix: str = ""  # 'Jr'
    literal: str = ""


@dataclass(frozen=True)
class Reference:
    """A work of the bibliography, as it is shown, and what its entry says without TeX."""

    key: str
    label: str  # 'Camus 1942': how a screen reader is told which work a number stands for
    sort_key: tuple[str, ...]
    html: str
    text: str
    bibtex: str
    url: str | None
    title: str
    authors: str  # 'Camus', 'Amabile and Kramer', 'Graham et al.'
    people: str  # 'Jesse Graham, Jonathan Haidt and Brian A. Nosek'
    surnames: tuple[str, ...]
    venue: str
    place: Place
    type: str = "misc"  # as BibTeX calls it
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    names: Mapping[str, tuple[Name, ...]] = field(default_factory=dict, hash=False)  # by role: 'author', 'editor'
    listed: str = part_url("bibliography", 1)  # the address of the page that lists it

    @property
    def address(self) -> str:
        """Where it is described, from the root of the site."""
        return f"{self.listed}#{self.key}"


@dataclass(frozen=True)
class Entry:
    """A numbered line of a page's reference list, with the ways back to the text."""

    number: int
    reference: Reference
    back: tuple[tuple[str, str], ...]  # (anchor of the citation, words that name the place)


@dataclass(frozen=True)
class Backlink:
    """A link seen from where it leads."""

    page: Page
    section: str
    excerpt: str
    type: str
    anchor: str  # what it points to on the page that lists it; '' for the page as a whole


@dataclass(frozen=True)
class CitedIn:
    """A citation seen from the bibliography."""

    page: Page
    anchor: str
    excerpt: str


@dataclass(frozen=True)
class Said:
    """A sentence, and the page it was taken from."""

    page: Page
    text: str  # plain


@dataclass(frozen=True)
class Topic:
    """Pages that speak of the same thing."""

    name: str  # its id on the page of topics
    label: str  # the words by which it is told from the others: 'reward, catastrophe, penalty'
    pages: tuple[Page, ...]  # the nearest to its middle first
    summary: tuple[Said, ...]  # sentences taken from its pages
    told: str = ""  # the author's own summary, which is shown instead where there is one


@dataclass(frozen=True)
class Change:
    """A claim whose verdict became another, on a day."""

    date: str  # ISO
    claim: str  # 'catastrophe-reward/one-life'
    before: str  # one of VERDICTS, '' for its first
    after: str


@dataclass(frozen=True)
class Publication:
    """What the settings say of the site as a whole."""

    name: str
    description: str
    address: str  # 'https://example.org/kb/': where it is published, with a slash at its end
    language: str
    licence: str  # the address of the licence of its text
    repository: str = ""  # the address of its sources, '' where there is none
    live: str = ""  # how much a reader fetches to run a model again, '' where that cannot be done

    def at(self, url: str) -> str:
        """The whole address of *url*, which is relative to the root of the site."""
        return f"{self.address}{url}"


@dataclass(frozen=True)
class Neighbourhood:
    """The pages around a page, in the order of their titles."""

    linking: tuple[Page, ...]  # those that link to it
    linked: tuple[Page, ...]  # those that it links to
    left: tuple[Page, ...]  # the nearest, each once: those that link to it …
    right: tuple[Page, ...]  # … and those that it links to

    @property
    def more(self) -> int:
        """How many pages are around it beside the nearest."""
        return self.others - len(self.left) - len(self.right)

    @property
    def others(self) -> int:
        """How many pages are around it."""
        return len({page.path for page in (*self.linking, *self.linked)})

    @property
    def curves(self) -> str:
        """The path of the lines from the pages on both sides to the middle of a square of 100."""
        return _fan(0, len(self.left)) + _fan(100, len(self.right))


def _fan(edge: int, rows: int) -> str:
    """Curves from the middles of *rows* equal rows at the *edge* to the middle of the square."""
    bend = (edge + 50) // 2
    heights = (round((row + 0.5) / rows * 100) for row in range(rows))
    return "".join(f"M{edge} {height}C{bend} {height} {bend} 50 50 50" for height in heights)


@dataclass(frozen=True)
class Leaf:
    """A page ready to be shown: its text with every slot filled, and what the rest of the site says of it."""

    page: Page
    html: str
    toc: tuple[Mapping[str, Any], ...]
    headings: tuple[Heading, ...]
    references: tuple[Entry, ...]
    backlinks: tuple[tuple[str, tuple[Backlink, ...]], ...]  # by type, in the order of LINK_TYPES
    inbound: Mapping[str, tuple[Backlink, ...]]  # by heading or claim
    answers: Reference | None  # the post that a thread answers
    judged: tuple[Judged, ...] = ()  # a page's own claims; those that a notebook tests
    leans_on: tuple[Judged, ...] = ()  # the claims of other pages that it links, or whose deciding number it quotes
    notebook: Notebook | None = None
    body: str = ""  # its text as it is written
    leads: Mapping[tuple[bool, str], tuple[str, str]] = field(default_factory=dict)
    """Where its links lead: by whether one is a wikilink, and what it names, the address from the root, and words."""
    neighbourhood: Neighbourhood | None = None  # None of a page about other pages
    on_map: bool = False  # whether it is among those that the map shows
    changed: str = ""  # the day of its last change, where that is told

    def heading(self, anchor: str) -> str:
        """The words of the heading, claim, result or figure *anchor* as HTML, '' if it has none."""
        for heading in self.headings:
            if heading.id == anchor:
                return heading.text
        return html.escape(self._named(anchor), quote=False)

    def _named(self, anchor: str) -> str:
        claims = {found.claim.anchor: found.claim.says for found in self.judged}
        results = self.notebook.results.values() if self.notebook else ()
        figures = self.notebook.figures.values() if self.notebook else ()
        named = {
            **claims,
            **{result.anchor: result.says for result in results},
            **{figure.anchor: figure.caption for figure in figures},
        }
        return named.get(anchor, "")


@dataclass(frozen=True)
class Site:
    """All that the pages show, and all that is wrong with them."""

    leaves: Mapping[str, Leaf]  # by path
    references: tuple[Reference, ...]  # in the order of the bibliography page
    cited_in: Mapping[str, tuple[CitedIn, ...]]  # by key
    answered_by: Mapping[str, tuple[Page, ...]]  # the threads that answer a post, by its key
    links_from: Mapping[str, Mapping[int, Link]]  # by path, and by their number on the page
    citations_on: Mapping[str, tuple[Citation, ...]]  # by path
    problems: tuple[Problem, ...]
    judged: tuple[Judged, ...] = ()  # every claim of the site, in the order of the pages
    leaners: Mapping[tuple[str, str], tuple[Page, ...]] = field(default_factory=dict)  # by path and name of a claim
    history: tuple[Change, ...] = ()  # the newest last
    changed: Mapping[str, str] = field(default_factory=dict)  # by path, the day of its last change where that is told
    related: Mapping[str, tuple[Page, ...]] = field(default_factory=dict)  # by path, the nearest first
    live_files: Mapping[str, Later[str | bytes]] = field(default_factory=dict)  # what asks a notebook, by path
    found_topics: Later[tuple[Topic, ...]] = field(default_factory=lambda: Later(tuple))
    found_positions: Later[Mapping[str, tuple[float, float]]] = field(default_factory=lambda: Later(dict))

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics that its pages fall into."""
        return self.found_topics.value

    @property
    def positions(self) -> Mapping[str, tuple[float, float]]:
        """Where pages stand on the map, by path, from 0 to 1."""
        return self.found_positions.value

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every link, in the order of the pages."""
        return tuple(link for links in self.links_from.values() for link in links.values())

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation, in the order of the pages."""
        return tuple(citation for citations in self.citations_on.values() for citation in citations)

    @property
    def tally(self) -> Mapping[str, int]:
        """How many claims have each verdict, none included."""
        return {name: sum(found.verdict == name for found in self.judged) for name in VERDICT_WORDS}

    def leaning(self, claim: Judged) -> tuple[Page, ...]:
        """The pages that lean on *claim* (see `verdicts.leans_on`), by kind and title."""
        return self.leaners.get((claim.page.path, claim.claim.name), ())

    @property
    def telling(self) -> tuple[Judged, ...]:
        """For each verdict that a notebook gave, the claim on which most pages lean: what to show first."""
        decided = [found for found in self.judged if found.number]
        most = sorted(decided, key=lambda found: -len(self.leaning(found)))  # stable: then in the order of the pages
        first = {found.verdict: found for found in reversed(most)}
        return tuple(first[verdict] for verdict in VERDICTS if verdict in first)

    def claims_in(self, page: Page) -> tuple[Judged, ...]:
        """The claims that *page*, which may be one of several that list them, shows: those of so many pages."""
        making = [path for path, leaf in self.leaves.items() if leaf.page.kind != "page"]
        place = {path: number // PART + 1 for number, path in enumerate(making)}
        return tuple(found for found in self.judged if place.get(found.page.path, 1) == part_of(page))

    def parts(self, name: str) -> tuple[str, ...]:
        """The addresses of the pages on which the list called *name* stands, in their order."""
        entries = {
            "threads": lambda: len(self.pages("thread")),
            "claims": lambda: sum(leaf.page.kind != "page" for leaf in self.leaves.values()),
            "bibliography": lambda: len(self.references),
        }
        return tuple(part_url(name, number + 1) for number in range(parts_for(entries[name]())))

    def pages(self, kind: Kind) -> tuple[Page, ...]:
        """The pages of one kind: threads in the order of the source (newest first), the others by title."""
        pages = [leaf.page for leaf in self.leaves.values() if leaf.page.kind == kind]
        return tuple(sorted(pages, key=lambda page: (*_in_source(page), page.title)))


def _in_source(page: Page) -> tuple[int, str]:
    """Where a thread stands in the list of source comments: C99 before C100."""
    source = page.thread.source if page.thread else ""
    return len(source), source
