"""Markdown to prose: the HTML of a text, and what it links, cites, states in formulas and says of people.

Python-Markdown parses; the tree it builds is where links are found, so that what is listed elsewhere is exactly what
the page shows. Code, escapes and comments need no care here: the parser has already put them aside.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import NBSP_PLACEHOLDER
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, HTML_PLACEHOLDER, STX

from . import slots
from .citations import KEY, looks_like_citation, parse_citation
from .excerpts import Run, excerpts, runs_html
from .hints import HINT, is_hint, unfilled
from .html_safe import RUNS, attribute_told, not_plain
from .keep import Keep, made_with
from .maths import MathsError, mathml
from .model import FIGURE, Cite, Heading, Mention, Place, Problem, Prose, RawCitation, RawLink
from .places import Finder
from .readable import unreadable
from .rules import problem

_PACKAGES = ("Markdown", "pymdown-extensions", "Pygments", "math-core")
"""What decides how a text is read, besides the code here."""

_WIKILINK = r"\[\[(?P<name>[^\[\]|]+)(?:\|(?P<label>[^\[\]]+))?\]\]"
_CITATION = r"\[(?P<inside>[^\[\]]*@[^\[\]]*)\](?!\(|\[[^\[\]@]*\])"
_NARRATIVE = rf"(?<![\w@./:&;{ETX}-])@(?P<key>{KEY})"

_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_RAW_LINK = re.compile(r"""<a\s[^>]*href\s*=\s*["']?(?P<href>[^"'#\s>][^"'\s>]*)""", re.IGNORECASE)
_ID = re.compile(r"""<[a-z][^>]*?\sid="([^"]+)""")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "br",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "i",
        "img",
        "ins",
        "kbd",
        "mark",
        "math",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
        "var",
    ]
)
_FORMS = {
    "em": "em",
    "i": "em",
    "cite": "em",
    "strong": "strong",
    "b": "strong",
    "code": "code",
    "sub": "sub",
    "sup": "sup",
}
_NO_WORDS = re.compile(rf"\s+(?=[.,;:])|{re.escape(NBSP_PLACEHOLDER)}")  # where a citation was, or the way back
_OURS = frozenset(("data-name", "data-cite", "data-narrative"))
"""What our own syntax sets, by which it is found again."""
_STASHED = re.compile(HTML_PLACEHOLDER % "([0-9]+)")

# What stands around a link's target where it is written: (…), (<…>), [name]: …; the same in HTML: href="…";
# around a name: [[…]], [[…|; before a hint, marks at the head of its line; before a formula: $, $$, \(, \[, or nothing
# where it brings its own \begin.
_AROUND_TARGET = (r"(?:\]\(\s*<?|\]:\s*<?)", r"(?=[\s>)\"']|$)")
_AROUND_RAW_TARGET = (r"(?i:href)\s*=\s*[\"']?", r"(?=[\s>\"'])")
_AROUND_NAME = (r"\[\[", r"(?=\\?[|\]])")
_BEFORE_VALUE = r"(?i:{0})\s*=\s*[\"']?|[#.]"
_BEFORE_HINT = r"(?m:^)[^\w\n]*"
_BEFORE_FORMULA = r"(?:\$|\\[(\[]|(?=\\begin\b))[\s>]*"
_ESCAPED_BAR = f"{STX}{ord('|')}{ETX}"


class ProseReader:
    """Reads texts with one Markdown object: making it costs as much as reading several pages."""

    def __init__(
        self, extensions: Sequence[str | Extension], configs: Mapping[str, Any], keep: Keep | None = None
    ) -> None:
        """*keep* holds what texts were found to be in earlier builds."""
        self._keep = keep or Keep()
        self.settings = (repr(extensions), repr(configs), made_with(*_PACKAGES))
        self._made_of = (tuple(extensions), dict(configs))
        self._make()

    def _make(self) -> None:
        """Make the parser; one that gave up on a text would go on in the middle of it."""
        extensions, configs = self._made_of
        self._markdown = Markdown(extensions=[*extensions, _SiteSyntax()], extension_configs=configs)
        self._collector = _Collector(self._markdown)
        # When the notes are made, and before they are put in order, which fails where one says nothing.
        self._markdown.treeprocessors.register(_EmptyNotes(self._markdown, self._collector), "site-notes", 45)
        # Last of all: headings have their ids, attributes are set, escapes are undone.
        self._markdown.treeprocessors.register(self._collector, "site-collect", -100)
        # After attributes are set (8), before headings get their ids (5).
        self._markdown.treeprocessors.register(_Ids(self._markdown, self._collector), "site-ids", 6)

    def read(
        self, path: str, body: str, first_line: int = 1, names: Iterable[str] = (), lines: Sequence[int] = ()
    ) -> Prose:
        """The prose of *body*, which begins on line *first_line* of the file *path*.

        *names* are the people whose mention is noted. *lines* are the lines of the file for those of its text, where
        the text was taken out of something else (a notebook). Nothing is looked up: whether a link leads anywhere is
        decided when all pages are read.
        """
        return self._keep.value(*self._work(path, body, first_line, tuple(names), lines), Prose)

    def begin(self, texts: Iterable[tuple[str, str, int, tuple[str, ...], Sequence[int]]]) -> None:
        """Have *texts*, given as to `read`, read beside the rest: whoever asks for one will not wait so long."""
        self._keep.begin_values(self._work(*text) for text in texts)

    def _work(
        self, path: str, body: str, first_line: int, names: tuple[str, ...], lines: Sequence[int]
    ) -> tuple[str, Iterable[str], Callable[[], Prose]]:
        depends_on = (*self.settings, path, body, str(first_line), repr(lines), repr(names))
        text = slots.without_marks(body)
        return "prose", depends_on, lambda: self._read(path, text, first_line, names, lines)

    def _read(self, path: str, body: str, first_line: int, names: tuple[str, ...], lines: Sequence[int]) -> Prose:
        self._markdown.reset()
        finder = Finder(body, first_line, lines)
        self._collector.begin(path, finder, names)
        if found_bad := unreadable(body):
            offset, reason = found_bad
            return _as_written(path, body, finder.line_at(offset), reason)
        try:
            text = self._markdown.convert(body)
        except Exception as error:  # of a parser that is not ours, which must not end the build
            self._make()
            reason = f"the parser gave up on this text ({type(error).__name__})"
            return _as_written(path, body, finder.line_at(0), reason)
        found = self._collector
        named = {heading.id: heading.text for heading in found.headings}
        return Prose(
            html=text,
            toc=tuple(_renamed(getattr(self._markdown, "toc_tokens", ()), named)),
            headings=tuple(found.headings),
            anchors=frozenset(_ID.findall(text)),
            links=tuple(found.links),
            citations=tuple(found.citations),
            mentions=tuple(found.mentions),
            problems=tuple(found.problems),
        )


def _as_written(path: str, body: str, line: int, reason: str) -> Prose:
    """The text *body* that nothing can be made of, as it was typed."""
    wrong = problem("markdown-readable", Place(path, line), f"{reason}, so the text is shown as it was typed")
    return Prose(
        html=f"<pre>{html.escape(body, quote=False)}</pre>",
        toc=(),
        headings=(),
        anchors=frozenset(),
        links=(),
        citations=(),
        mentions=(),
        problems=(wrong,),
    )


def _renamed(tokens: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """The entries of a table of contents under the names that the collector gave the headings."""
    for token in tokens:
        name = names.get(token["id"], token["name"])
        yield {**token, "name": name, "children": tuple(_renamed(token["children"], names))}


class _SiteSyntax(Extension):
    """The little syntax of our own: wikilinks and citations."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the name is Python-Markdown's)
        md.ESCAPED_CHARS.append("@")
        # After code (190) and escapes (180), before footnote marks (175), references (170) and links (160).
        md.inlinePatterns.register(_Wikilinks(_WIKILINK, md), "site-wikilink", 178)
        md.inlinePatterns.register(_Citations(_CITATION, md), "site-citation", 177)
        # After e-mail addresses (110).
        md.inlinePatterns.register(_NarrativeCitations(_NARRATIVE, md), "site-narrative", 100)


# The processors only mark what they find. Python-Markdown runs them pattern by pattern; the collector, which comes
# later, sees the text in the reader's order.


class _Wikilinks(InlineProcessor):
    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ElementTree.Element, int, int]:  # type: ignore[override]  # noqa: N802
        # In a table the bar is escaped, lest it end the cell.
        name, _, label = self.unescape(m["name"]).partition(_ESCAPED_BAR)
        link = ElementTree.Element("a", {"data-name": name})
        link.text = m["label"] or label
        return link, m.start(), m.end()


class _Citations(InlineProcessor):
    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[ElementTree.Element | None, int | None, int | None]:
        if not looks_like_citation(m["inside"]):
            return None, None, None
        return ElementTree.Element("span", {"data-cite": self.unescape(m["inside"])}), m.start(), m.end()


class _NarrativeCitations(InlineProcessor):
    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ElementTree.Element, int, int]:  # type: ignore[override]  # noqa: N802
        return ElementTree.Element("span", {"data-narrative": m["key"]}), m.start(), m.end()


@dataclass
class _Text:
    """The text of one block: its runs in order, and which links and citations are among them."""

    runs: list[Run]
    links: list[tuple[ElementTree.Element, int]]  # (element, index into the collector's links)
    citations: list[tuple[ElementTree.Element, int]]


class _Collector(Treeprocessor):
    """Walks the finished tree once, in the reader's order; puts slots and formulas in, and notes what it meets."""

    def begin(self, path: str, finder: Finder, names: tuple[str, ...]) -> None:
        self.path = path
        self.finder = finder
        self.names = names
        self.section = ""
        self.links: list[RawLink] = []
        self.citations: list[RawCitation] = []
        self.headings: list[Heading] = []
        self.mentions: list[Mention] = []
        self.problems: list[Problem] = []

    def run(self, root: ElementTree.Element) -> None:
        self.check_attributes(root)
        self._block(root)
        _put_notes_in_margin(root)
        self.problems += self._raw_html()

    def check_attributes(self, root: ElementTree.Element) -> None:
        """Take out what was put on an element in braces, `{: style="…"}`, and could run, restyle or fetch something.

        So are the addresses of links that would run something, and of pictures that are not the site's own.
        """
        for element in root.iter():
            if element.tag == "img" and _OUTSIDE.match(element.get("src", "").strip()):
                place = self._place(element.get("src", ""), *_AROUND_TARGET)
                sentence = "a picture is fetched from elsewhere, so its words stand in its place"
                self.problems.append(problem("html-safe", place, sentence))
                alt, tail = element.get("alt", ""), element.tail
                element.clear()
                element.tag, element.text, element.tail = "span", alt, tail
            for name, value in list(element.items()):
                told = "" if name in _OURS else attribute_told(str(element.tag), name, value)
                if told:
                    del element.attrib[name]
                    self.problems.append(self._taken_out(name, value, told))

    def check_ids(self, root: ElementTree.Element) -> None:
        """Take out ids that no page may have, so that headings are given others."""
        for element in root.iter():
            told = attribute_told("", "id", element.get("id", "x"))
            if told:
                self.problems.append(self._taken_out("id", element.attrib.pop("id"), told))

    def _taken_out(self, name: str, value: str, told: str) -> Problem:
        if told == RUNS:
            place = self._place(value, *_AROUND_TARGET)
            sentence = f"the address '{' '.join(value.split())[:40]}' may run something, so it was taken out"
        else:
            place = self._place(value, _BEFORE_VALUE.format(re.escape(name)))
            sentence = f"the text sets {'the attribute ' if told[0] == '`' else ''}{told}, which was taken out"
        return problem("html-safe", place, sentence)

    def _raw_html(self) -> Iterator[Problem]:
        """What is wrong with HTML in the text, which the parser put aside unread; what may be active is left out."""
        stash = self.md.htmlStash.rawHtmlBlocks
        for number, piece in enumerate(stash):
            if not isinstance(piece, str):
                continue
            if not piece.startswith("<!--"):
                for found in _RAW_LINK.finditer(piece):
                    sentence = f"a link to '{found['href']}' is written as HTML, where nothing can check it"
                    yield problem("link-in-markdown", self._place(found["href"], *_AROUND_RAW_TARGET), sentence)
            if told := not_plain(piece):
                stash[number] = ""
                sentence = f"HTML in the text holds {told}, so it was left out"
                yield problem("html-safe", self._place(piece.strip().split("\n")[0]), sentence)

    def empty_note(self, name: str) -> None:
        """Note that the footnote *name* says nothing."""
        sentence = f"the note `[^{name}]` says nothing"
        self.problems.append(problem("markdown-readable", self._place(f"[^{name}]:"), sentence))

    def _place(self, piece: str, before: str = "", after: str = "") -> Place:
        return Place(self.path, self.finder.line(piece, before, after))

    def _block(self, block: ElementTree.Element) -> None:
        if block.tag == "div" and "footnote" in (block.get("class") or "").split():
            self.section = ""  # notes stand below the last section, not in it
        if block.tag in _HEADINGS and block.get("id"):
            self.section = block.get("id", "")
        if _shows_figure(block):
            self._figure(block)
        text = _Text([], [], [])
        inner: list[ElementTree.Element] = []
        if block.tag not in ("pre", "math", "script", "style"):
            self._flatten(block, (), text, inner)
        self._note(block, text)
        for child in inner:
            self._block(child)

    def _flatten(
        self, element: ElementTree.Element, tags: tuple[str, ...], text: _Text, inner: list[ElementTree.Element]
    ) -> None:
        """Append the phrasing content of *element* to *text*, and the blocks inside it to *inner*."""
        self._append(text, element.text, tags)
        for child in element:
            self._child(child, tags, text, inner)
            self._append(text, child.tail, tags)

    def _append(self, text: _Text, words: str | None, tags: tuple[str, ...]) -> None:
        if words:
            text.runs.append(Run(re.sub(r"\s+", " ", _STASHED.sub(self._unstashed, words)), tags))

    def _unstashed(self, placeholder: re.Match[str]) -> str:
        """The character that the parser put aside, such as a typographic quote or an entity; of raw HTML, nothing."""
        piece = self.md.htmlStash.rawHtmlBlocks[int(placeholder[1])]
        return html.unescape(piece) if isinstance(piece, str) and "<" not in piece else ""

    def _child(
        self, child: ElementTree.Element, tags: tuple[str, ...], text: _Text, inner: list[ElementTree.Element]
    ) -> None:
        classes = (child.get("class") or "").split()
        if "arithmatex" in classes:
            self._formula(child, tags, text)
        elif child.get("data-cite") is not None or child.get("data-narrative") is not None:
            self._citation(child, text)
        elif child.tag == "a" and not {"headerlink", "footnote-ref", "footnote-backref"} & set(classes):
            self._link(child, tags, text)
        elif child.tag == "img":
            self._image(child, text)
        elif child.tag == "br":
            self._append(text, " ", tags)
        elif child.tag in ("a", "sup") and (classes or child.get("id", "").startswith("fnref")):
            pass  # a footnote's mark or a permanent link: no words
        elif child.tag in _INLINE:
            form = _FORMS.get(child.tag)
            self._flatten(child, (*tags, form) if form else tags, text, inner)
        else:
            inner.append(child)

    def _formula(self, element: ElementTree.Element, tags: tuple[str, ...], text: _Text) -> None:
        display = element.tag == "div"
        # The parser wraps a formula as \(…\) or \[…\]; in a block it also escapes it.
        wrapped = (element.text or "").strip()
        tex = (html.unescape(wrapped) if display else wrapped)[2:-2].strip()
        element.text = None
        place = self._place(tex.split("\n")[0], _BEFORE_FORMULA)
        try:
            formula = mathml(tex, display=display)
        except MathsError as error:
            self.problems.append(problem("maths-valid", place, f"the formula `{tex}` cannot be set: {error}"))
            formula = ElementTree.Element("code")
            formula.text = tex
        element.attrib.clear()
        element.set("class", "formula")
        if display:
            element.set("tabindex", "0")  # one that is too wide moves sideways, and has to by keyboard too
        element.append(formula)
        text.runs.append(Run(tex, tags, element, html=ElementTree.tostring(formula, encoding="unicode")))

    def _citation(self, element: ElementTree.Element, text: _Text) -> None:
        narrative = element.get("data-narrative")
        inside = element.get("data-cite", "")
        place = self._place(f"@{narrative}" if narrative else f"[{inside}]")
        written = f"@{narrative}" if narrative else f"[{inside}]"
        element.attrib.clear()
        try:
            cites = (Cite(narrative),) if narrative else parse_citation(inside)
        except ValueError as error:
            sentence = f"`{written}` is not a citation: `{error}` should read like `see @key, p. 3`"
            self.problems.append(problem("citation-well-formed", place, sentence))
            element.text = written
            text.runs.append(Run(written, (), element))
            return
        number = len(self.citations)
        self.citations.append(RawCitation(cites, narrative is not None, written, place, self.section, ""))
        element.text = slots.slot(slots.CITATION, number)
        element.set("class", "citation")
        text.runs.append(Run(element.text, (), element))
        text.citations.append((element, number))

    def _link(self, element: ElementTree.Element, tags: tuple[str, ...], text: _Text) -> None:
        name = element.attrib.pop("data-name", None)
        target = name if name is not None else element.get("href", "")
        taken_out = name is None and element.get("href") is None
        if taken_out or (name is None and (_OUTSIDE.match(target) or target.startswith("\x02amp\x03"))):
            self._flatten(element, tags, text, [])  # a link elsewhere, or an address the parser has disguised
            return
        number = len(self.links)
        place = self._place(target, *(_AROUND_NAME if name is not None else _AROUND_TARGET))
        title = element.attrib.pop("title", None)
        self.links.append(RawLink(target, name is not None, title, place, self.section, ""))
        if name is not None and not element.text:
            element.text = slots.slot(slots.LABEL, number)
        element.set("href", slots.slot(slots.HREF, number))
        before = len(text.runs)
        self._flatten(element, tags, text, [])
        for run in text.runs[before:]:
            run.owner = element
        words = "".join(run.text for run in text.runs[before:])
        self.links[number] = replace(self.links[number], words=words)
        element.set("data-preview", "")  # Material shows what is there when the link has the pointer or the focus
        text.links.append((element, number))
        if "#claim-" in target:
            element.tail = f"{slots.slot(slots.VERDICT, number)}{element.tail or ''}"
        elif "#result-" in target:
            element.set("class", "checked")

    def _figure(self, paragraph: ElementTree.Element) -> None:
        """Turn a *paragraph* that holds nothing but a link to a figure into the figure, with the link below it."""
        link = paragraph[0]
        paragraph.clear()
        paragraph.tag = "figure"
        paragraph.text = slots.slot(slots.FIGURE, len(self.links))  # the link is the next that will be read
        ElementTree.SubElement(paragraph, "figcaption").append(link)

    def _image(self, element: ElementTree.Element, text: _Text) -> None:
        target = element.get("src", "")
        if not target or _OUTSIDE.match(target):
            return
        number = len(self.links)
        place = self._place(target, *_AROUND_TARGET)
        self.links.append(RawLink(target, False, None, place, self.section, "", image=True))
        element.set("src", slots.slot(slots.HREF, number))
        text.links.append((element, number))

    def _note(self, block: ElementTree.Element, text: _Text) -> None:
        """Now that the block is read: give its links and citations their sentence, and note headings and names."""
        if block.tag in _HEADINGS and block.get("id"):
            _append_slot(block, slots.slot(slots.INBOUND, len(self.headings)))
            self.headings.append(Heading(block.get("id", ""), runs_html(text.runs), int(block.tag[1])))
        whole = block.tag in _HEADINGS
        if text.links or text.citations:
            marked = [element for element, _ in (*text.links, *text.citations)]
            told = iter(excerpts(text.runs, marked, whole=whole))
            for _, number in text.links:
                self.links[number] = replace(self.links[number], excerpt=next(told))
            for _, number in text.citations:
                self.citations[number] = replace(self.citations[number], excerpt=next(told))
        plain = "".join(run.text for run in text.runs)
        if is_hint(plain):
            self.problems.append(unfilled(self._place(HINT, _BEFORE_HINT), plain))
        for name in self.names:
            often = sum(run.text.count(name) for run in text.runs if "code" not in run.tags)
            places = [self._place(name) for _ in range(often)]
            if places and not whole:  # a heading announces what the paragraphs below it have to show
                links = tuple(number for _, number in text.links)
                citations = tuple(number for _, number in text.citations)
                self.mentions.append(Mention(name, places[0], plain, links, citations))


class _EmptyNotes(Treeprocessor):
    """Gives a footnote that says nothing the way back that the others have."""

    def __init__(self, md: Markdown, collector: _Collector) -> None:
        super().__init__(md)
        self._collector = collector

    def run(self, root: ElementTree.Element) -> None:
        for note in root.iter("li"):
            if len(note) == 0 and not (note.text or "").strip() and note.get("id", "").startswith("fn:"):
                name = note.get("id", "").removeprefix("fn:")
                self._collector.empty_note(name)
                way_back = {"class": "footnote-backref", "href": f"#fnref:{name}"}
                ElementTree.SubElement(ElementTree.SubElement(note, "p"), "a", way_back).text = "↩"


class _Ids(Treeprocessor):
    """Looks at the ids that authors give, while headings can still be given others."""

    def __init__(self, md: Markdown, collector: _Collector) -> None:
        super().__init__(md)
        self._collector = collector

    def run(self, root: ElementTree.Element) -> None:
        self._collector.check_ids(root)


def _put_notes_in_margin(root: ElementTree.Element) -> None:
    """Repeat each footnote of one paragraph behind its number, for the margin of a wide window: for the eye only.

    Links in it are links at the foot of the page, where the note stands for everybody.
    """
    notes = {item.get("id", ""): item for item in root.iter("li") if item.get("id", "").startswith("fn:")}
    words: dict[ElementTree.Element, str] = {}
    for parent in list(root.iter()):
        for number, mark in reversed(list(enumerate(parent))):
            link = mark.find("a") if mark.tag == "sup" and mark.get("id", "").startswith("fnref:") else None
            note = notes.get((link.get("href") or "").removeprefix("#")) if link is not None else None
            if link is None or note is None or len(note) != 1 or note[0].tag != "p":
                continue
            aside = ElementTree.Element("span", {"class": "note", "aria-hidden": "true", "data-n": link.text or ""})
            if note not in words:
                words[note] = _NO_WORDS.sub("", "".join(_words(note[0]))).strip()
            aside.text = words[note]
            aside.tail, mark.tail = mark.tail, None
            parent.insert(number + 1, aside)


def _words(element: ElementTree.Element) -> Iterator[str]:
    """The words of *element*, without the way back from a footnote and without what only a page at home shows."""
    yield element.text or ""
    for child in element:
        if child.get("class") not in ("footnote-backref", "citation"):
            yield from _words(child)
        yield child.tail or ""


def _shows_figure(block: ElementTree.Element) -> bool:
    """Whether *block* is a paragraph with nothing in it but a link whose title is "figure"."""
    if block.tag != "p" or len(block) != 1 or (block.text or "").strip() or (block[0].tail or "").strip():
        return False
    return block[0].tag == "a" and block[0].get("title") == FIGURE


def _append_slot(heading: ElementTree.Element, mark: str) -> None:
    """Put *mark* behind the words of *heading*, before the permanent link that may follow them."""
    words = [child for child in heading if child.get("class") != "headerlink"]
    if words:
        words[-1].tail = f"{words[-1].tail or ''}{mark}"
    else:
        heading.text = f"{heading.text or ''}{mark}"
