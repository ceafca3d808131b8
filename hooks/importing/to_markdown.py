"""HTML of a forum as Markdown of this site: nothing in it is active, and nothing of it is taken for syntax of ours.

nh3 (html5ever) parses, as a browser would, and takes out what is not allowed; markdownify writes the Markdown. What
is added here is what a forum has and plain HTML has not: footnotes, LaTeX, spoilers. The classes are ForumMagnum's:
footnotes in lib/vulcan-lib/utils.ts and its editor, `math-tex`, `spoilers` and `llm-content-block` in
server/editor/conversionUtils.ts, formulas of MathJax 2 in server/editor/latexUtils.ts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import nh3
from bs4 import BeautifulSoup, Tag
from markdownify import ATX, MarkdownConverter

_TAGS = """a abbr b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img
    ins kbd li mark mjx-container ol p pre q s samp section small span strong sub summary sup table tbody td tfoot th
    thead tr u ul var"""
_GONE = {"script", "style", "iframe", "object", "svg", "math", "template", "noscript", "textarea", "select", "button"}
_ATTRIBUTES = {
    "*": {"class", "id", "data-footnote-id"},
    "a": {"href"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "td": {"colspan"},
    "th": {"colspan"},
    "span": {"aria-label"},
    "div": {"data-model-name"},
    "mjx-container": {"display"},
}
_ACTIVE = re.compile(r"[\\`*_{}\[\]$]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_CITATION = re.compile(r"(?<!\w)@(?=\w)")
_AT_LINE_START = re.compile(r"^([ \t]*)([#>+-])", re.MULTILINE)
_NUMBER_AT_LINE_START = re.compile(r"^([ \t]*\d+)([.)])(?=\s|$)", re.MULTILINE)
_OTHER_AT_LINE_START = re.compile(r"^([ \t]*)(=(?==*\s*$)|~(?=~)|:(?=[\s-])|\|)", re.MULTILINE)
_TEX = re.compile(r"^\s*\\{1,2}([(\[])(.*?)\\{1,2}[)\]]\s*$", re.DOTALL)
_NOTE = re.compile(r"^(?:fnref|fn)[:-]?(.+)$")
_BLOCK_TAGS = "blockquote br details div dl figure h1 h2 h3 h4 h5 h6 hr ol p pre section table ul x-spoiler"
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_LOST = "(a formula)"
_BLANK = re.compile(r"^[ \t\xa0]+$", re.MULTILINE)
_MOST_COLUMNS = 50


@dataclass(frozen=True)
class Written:
    """The Markdown of a body, its first words, and how many formulas could not be read."""

    markdown: str
    words: str  # plain, without what it quotes
    lost: int


def to_markdown(html: str, link: Callable[[str], str], notes: str = "") -> Written:
    """The Markdown of *html*; *link* gives the target of a link for what stands there, '' where it may lead nowhere.

    *notes* is put before the number of each footnote, so that several texts can stand in one file.
    """
    safe = nh3.clean(
        html,
        tags=set(_TAGS.split()),
        clean_content_tags=_GONE,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    soup = BeautifulSoup(safe, "html.parser")
    lost = _formulas(soup)
    _footnotes(soup, notes)
    _spoilers(soup)
    words = _words(soup)
    text: str = _Converter(link).convert_soup(soup)
    text = re.sub(r"\n{3,}", "\n\n", _BLANK.sub("", text)).strip()
    return Written(text, words, lost)


def _has(tag: Tag, *classes: str) -> bool:
    return not {*classes}.isdisjoint(tag.get("class") or ())


def _formulas(soup: BeautifulSoup) -> int:
    """Put the LaTeX of every formula in its place, and count those that came without it."""
    lost = 0
    for tag in soup.find_all(["span", "div", "mjx-container"]):
        if tag.decomposed or not (
            tag.name == "mjx-container" or _has(tag, "math-tex", "mjpage", "arithmatex", "mjx-chtml")
        ):
            continue
        source = tag.find(None, attrs={"aria-label": True})
        written = _TEX.match(tag.get_text())
        if isinstance(source, Tag) and not written:
            tex = str(source["aria-label"])
            display = _has(tag, "mjpage__block", "MJXc-display") or tag.find(class_="MJXc-display") is not None
        elif written:
            tex, display = written[2], written[1] == "["
        else:
            lost += 1
            tag.replace_with(_LOST)
            continue
        formula = soup.new_tag("x-formula", attrs={"display": "yes"} if display else {})
        formula.string = " ".join(tex.split())
        tag.replace_with(formula)
    return lost


def _footnotes(soup: BeautifulSoup, prefix: str) -> None:
    """Turn references and notes, of whichever editor, into elements of one kind, numbered in the order of the notes."""
    numbers: dict[str, str] = {}
    sections = []
    for item in soup.find_all("li"):
        name = _note_of(item)
        if not name or not (_has(item, "footnote-item") or item.find_parent(class_=["footnote", "footnotes"])):
            continue
        numbers[name] = f"{prefix}{len(numbers) + 1}"
        for back in item.find_all(class_=["footnote-back-link", "footnote-backref"]):
            back.decompose()
        note = soup.new_tag("x-note", attrs={"number": numbers[name]})
        content = item.find(class_="footnote-content")
        note.extend(list((content if isinstance(content, Tag) else item).contents))
        sections.append((item.find_parent(["ol", "section", "div"]), note))
    for section, _ in sections:
        if section is not None and not section.decomposed:
            outer = section.find_parent(class_=["footnote", "footnotes"])
            (outer if isinstance(outer, Tag) else section).extract()
    for line in soup.find_all("hr", class_="footnotes-sep"):
        line.decompose()
    for _, note in sections:
        soup.append(note)
    for mark in soup.find_all(class_=["footnote-reference", "footnote-ref"]):
        if mark.decomposed or mark.parent is None:
            continue
        link = mark if mark.name == "a" else mark.find("a")
        named = mark.get("data-footnote-id") or (
            str(link.get("href") or "").removeprefix("#") if isinstance(link, Tag) else ""
        )
        number = numbers.get(str(named)) or numbers.get(_bare(str(named)))
        if number:
            around = mark.find_parent("sup")
            (around if isinstance(around, Tag) else mark).replace_with(soup.new_tag("x-ref", attrs={"number": number}))


def _note_of(item: Tag) -> str:
    return str(item.get("data-footnote-id") or _bare(str(item.get("id", ""))))


def _bare(name: str) -> str:
    found = _NOTE.match(name)
    return found[1] if found else ""


def _spoilers(soup: BeautifulSoup) -> None:
    """Gather what is hidden until it is asked for, whatever it is written as."""
    for quote in soup.find_all("blockquote"):
        first = next((text for text in quote.find_all(string=True) if text.strip()), None)
        if first is not None and first.lstrip().startswith("!"):
            first.replace_with(first.lstrip()[1:].lstrip())
            quote.name = "x-spoiler"
    for tag in soup.find_all(class_=["spoiler-v2", "spoilers", "spoiler"]):
        if tag.find_parent("x-spoiler") is None:
            before = tag.find_previous_sibling()
            if tag.name == "p" and isinstance(before, Tag) and before.name == "x-spoiler":
                before.append(tag.extract())
            else:
                tag.wrap(soup.new_tag("x-spoiler"))


def _words(soup: BeautifulSoup) -> str:
    """The first words that are the author's own."""
    hidden = ("blockquote", "pre", "x-note", "x-spoiler", "table", "x-ref", "x-formula")
    said: list[str] = []
    for text in soup.find_all(string=True):
        if text.find_parent(hidden) is None:
            said += text.split()
        if len(said) > 20:
            break
    return re.sub(r"\s+(?=[.,;:!?])", "", " ".join(said[:20]))


class _Converter(MarkdownConverter):
    """Writes what markdownify knows as it does, and what only forums have in the syntax of this site."""

    def __init__(self, link: Callable[[str], str]) -> None:
        super().__init__(heading_style=ATX, bullets="-", newline_style="spaces", autolinks=False)
        self._link = link

    def escape(self, text: str, parent_tags: Any) -> str:
        """*text* in which nothing is taken for HTML, Markdown or syntax of the site."""
        text = _ENTITY.sub("&amp;", _ACTIVE.sub(r"\\\g<0>", text)).replace("<", "&lt;")
        return _CITATION.sub(r"\\@", text)

    def _begun(self, text: str) -> str:
        """*text*, a block, with no line that begins as another kind of block would."""
        text = _AT_LINE_START.sub(r"\1\\\2", text)
        text = _NUMBER_AT_LINE_START.sub(r"\1\\\2", text)
        return _OTHER_AT_LINE_START.sub(lambda found: f"{found[1]}&#{ord(found[2])};", text)

    def process_text(self, el: Any, parent_tags: Any = None) -> str:
        """Text, of which the first characters of a line are looked at once more."""
        text: str = super().process_text(el, parent_tags)  # type: ignore[misc]
        before = el.previous_sibling
        begins = before is None or getattr(before, "name", None) in _BLOCKS
        if "pre" in (parent_tags or ()):
            return text
        # A line break in the text of a paragraph is a space, but in Markdown it could begin something.
        text = re.sub(r"[ \t]*\n[ \t]*", " ", text)
        plain = "_noformat" in (parent_tags or ())
        return self._begun(text) if begins and not plain else text

    def convert_a(self, el: Any, text: str, parent_tags: Any) -> str:
        """A link, to where *link* says; its words alone if that is nowhere."""
        target = self._link(str(el.get("href") or ""))
        words = " ".join(text.split())
        return f"[{words}]({target})" if target and words and "_noformat" not in parent_tags else text

    def convert_img(self, el: Any, text: str, parent_tags: Any) -> str:
        """A link to the picture: a page of this site fetches nothing from elsewhere."""
        target = self._link(str(el.get("src") or ""))
        words = " ".join(self.escape(str(el.get("alt") or ""), parent_tags).split()) or "a picture"
        return f"[{words}]({target})" if target and el.find_parent("a") is None else f"({words})"

    def convert_pre(self, el: Any, text: str, parent_tags: Any) -> str:
        """Code, between more backticks than there are in it."""
        code = el.get_text().strip("\n")
        fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", code)), 3)
        return f"\n\n{fence}\n{code}\n{fence}\n\n" if code.strip() else ""

    def convert_li(self, el: Any, text: str, parent_tags: Any) -> str:
        """An item whose further lines stand four columns in, as Python-Markdown wants."""
        text = text.strip()
        if not text:
            return "\n"
        mark = "-"
        if el.parent is not None and el.parent.name == "ol":
            begin = str(el.parent.get("start") or "")
            mark = f"{(int(begin) if begin.isdecimal() and len(begin) < 10 else 1) + self._place(el)}."
        return f"{mark.ljust(3)} {_indented(text)}\n"

    def _place(self, item: Any) -> int:
        """How many items stand before *item*; each list is counted once, however long it is."""
        place = getattr(item, "x_place", None)
        if place is None:
            for number, sibling in enumerate(item.parent.find_all("li", recursive=False)):
                sibling.x_place = number
            place = item.x_place
        return int(place)

    def convert_th(self, el: Any, text: str, parent_tags: Any) -> str:
        """A cell, in which a bar ends nothing."""
        return self.convert_td(el, text, parent_tags)

    def convert_td(self, el: Any, text: str, parent_tags: Any) -> str:
        """A cell, in which a bar ends nothing, as wide as the table has a right to be."""
        span = str(el.get("colspan") or "1")
        wide = min(int(span), _MOST_COLUMNS) if span.isdecimal() and len(span) < 5 else 1
        el["colspan"] = str(max(1, wide))
        cell = " ".join(text.split()).replace("|", "&#124;")
        return f" {cell} |" + "  |" * (max(1, wide) - 1)

    def _plain(self, el: Any, text: str, parent_tags: Any) -> str:
        return text

    convert_sup = convert_sub = _plain

    def convert_div(self, el: Any, text: str, parent_tags: Any) -> str:
        """A block; the words of a machine are a quotation that says so."""
        if _has(el, "llm-content-block"):
            model = self.escape(" ".join(str(el.get("data-model-name") or "a language model").split()), parent_tags)
            return f"\n\n{_quoted(f'({model}:)' + chr(10) * 2 + text.strip(), '> ')}\n\n"
        plain: str = super().convert_div(el, text, parent_tags)  # type: ignore[misc]
        return plain

    def convert_summary(self, el: Any, text: str, parent_tags: Any) -> str:
        """The words behind which a section is folded away."""
        words = " ".join(text.split())
        return f"\n\n**{words}**\n\n" if words else ""

    convert_details = convert_figure = convert_div

    def convert_x_spoiler(self, el: Any, text: str, parent_tags: Any) -> str:
        """A quotation whose lines begin with '>!', which the forum hides."""
        return f"\n\n{_quoted(re.sub(chr(10) + '{3,}', chr(10) * 2, text.strip()), '>! ')}\n\n" if text.strip() else ""

    def convert_x_formula(self, el: Any, text: str, parent_tags: Any) -> str:
        """LaTeX between dollars, on lines of its own where the forum shows it so."""
        tex = re.sub(r"<\s*", r"\\lt ", el.get_text().replace("$", r"\$")).strip()
        if {"td", "th"} & set(parent_tags):
            tex = tex.replace("|", r"\vert ")
        if not tex:
            return ""
        return (
            f"\n\n$$\n{tex}\n$$\n\n" if el.get("display") and not {"_inline", "li"} & set(parent_tags) else f"${tex}$"
        )

    def convert_x_ref(self, el: Any, text: str, parent_tags: Any) -> str:
        """The mark of a footnote."""
        return f"[^{el['number']}]"

    def convert_x_note(self, el: Any, text: str, parent_tags: Any) -> str:
        """A footnote; an empty one would stop Python-Markdown."""
        return f"\n\n[^{el['number']}]: {_indented(text.strip()) or '(empty)'}\n\n"


def _indented(text: str) -> str:
    """*text* whose further lines stand four columns in."""
    return re.sub(r"\n(?=[^\n])", "\n    ", text)


def _quoted(text: str, mark: str) -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in text.split("\n"))
