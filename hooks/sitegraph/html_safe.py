"""What of contributed HTML may reach a page: nothing active.

The HTML of a notebook's outputs is cleaned by nh3 (the ammonia library). A text is other HTML: Python-Markdown puts it
aside in pieces, often a single tag, so a piece is read tag by tag, and passes when all that is in it is known to be
harmless. A drawing, which is served as a file of its own, is either harmless as a whole or left out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from xml.etree import ElementTree

import nh3
from markdown.util import AMP_SUBSTITUTE

_TAGS = """a abbr b blockquote br caption code col colgroup dd del details div dl dt em h3 h4 h5 h6 hr i ins kbd li ol
    p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr ul var"""
_ATTRIBUTES = {"*": {"title"}, "a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}

RUNS = "an address that runs code"
"""What is told of an address that may run something."""

_SCHEMES = frozenset(("http", "https", "mailto", "tel"))
"""The addresses that a link may lead to, besides those of the site."""
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.I)
_UNSEEN = re.compile("[\t\n\r]")
_BLANK = "".join(map(chr, range(33)))

_IN_TEXTS = frozenset(
    f"""{_TAGS} address article aside bdi bdo cite dfn figcaption figure footer h1 h2 header mark rp rt ruby section
    time u wbr""".split()
)
_GLOBAL = frozenset(("class", "id", "title", "lang", "dir", "role"))
_OF_A_TAG: Mapping[str, frozenset[str]] = {
    "a": frozenset(("href", "rel", "hreflang")),
    "blockquote": frozenset(("cite",)),
    "col": frozenset(("span", "align")),
    "details": frozenset(("open",)),
    "div": frozenset(("data-cell",)),
    "img": frozenset(("src", "alt", "width", "height")),
    "li": frozenset(("value",)),
    "ol": frozenset(("start", "type", "reversed")),
    "q": frozenset(("cite",)),
    "span": frozenset(("data-linenos",)),
    "td": frozenset(("colspan", "rowspan", "align", "headers")),
    "th": frozenset(("colspan", "rowspan", "align", "scope", "abbr")),
    "time": frozenset(("datetime",)),
}
_ADDRESSES = frozenset(("href", "src", "cite"))
_ID = re.compile(r"(?!__)[^\s\x00-\x20\"'<>&`=]+")
_TAKEN_CLASS = re.compile(r"(?<!\S)(?:mermaid|md-\S*)(?!\S)", re.I)
"""What the theme's script acts upon: for the first it would even fetch a program from elsewhere."""

_S = r"[ \t\n\r\f]"
_VALUE = re.compile(rf"""([a-z][a-z0-9-]*)(?:{_S}*={_S}*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>=`]+)))?""", re.I)
_PIECE = re.compile(
    rf"""[^<]++                                                        # text
      | <!--(?!-?>)(?:(?!--!?>).)*+-->                                 # a comment, as browsers see its end
      | <(?P<end>/?)(?P<tag>[a-z][a-z0-9]*+)
        (?P<attributes>(?:{_S}++{_VALUE.pattern})*+){_S}*+/?>
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = """svg g path rect line circle ellipse polygon polyline text tspan title desc defs clipPath linearGradient
    radialGradient stop marker symbol use"""
_FETCHES = re.compile(r"(?:url|image|image-set|src|expression)\s*\(|@|\\", re.I)
"""How CSS asks for a file; a backslash could hide that it does."""


_TAG = re.compile(r"</?([a-zA-Z][\w-]*)")
_ENDS_ITSELF = re.compile("area|br|col|d[dt]|embed|hr|img|input|li|link|meta|option|p|source|t[dhr]|wbr", re.I)
DEEPEST = 500
"""How deep elements may lie in one another: what cleans them takes four times as long for twice the depth."""


def depth_of(text: str) -> int:
    """How deep the elements of the HTML *text* lie in one another, at most."""
    depth = deepest = 0
    for found in _TAG.finditer(text):
        if not _ENDS_ITSELF.fullmatch(found[1]):
            depth = max(depth + (-1 if found[0].startswith("</") else 1), 0)
            deepest = max(deepest, depth)
    return deepest


def safe_html(text: str) -> tuple[str, str]:
    """*text* without anything active, and what was active in it: '' where nothing was.

    Classes, ids and styles go too, without a word: the page has its own, and an id could be taken for another's.
    """
    safe = nh3.clean(text, tags=set(_TAGS.split()), attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"})
    return safe, _active_in(text)


class _Active(HTMLParser):
    """Finds the first thing in HTML that runs, restyles or fetches something; *told* is '' where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.told = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.told = self.told or next(self._of(tag, attrs), "")

    handle_startendtag = handle_starttag

    def _of(self, tag: str, attrs: list[tuple[str, str | None]]) -> Iterator[str]:
        if tag not in _IN_TEXTS and tag not in _FRAME:
            yield f"`<{tag}`"
        for name, value in attrs:
            if name.startswith("on") or name in _FETCHING or (name == "style" and _FETCHES.search(value or "")):
                yield f"`{name}`"
            if name in _ADDRESSES and not safe_address(value or ""):
                yield RUNS

    def unknown_decl(self, data: str) -> None:
        self.told = self.told or "`<![`"

    def handle_pi(self, data: str) -> None:
        self.told = self.told or "`<?`"

    def handle_comment(self, data: str) -> None:
        if "<" in data:
            self.told = self.told or "a comment with HTML in it"


_FRAME = frozenset(("html", "head", "body", "center", "font", "tt", "big"))
"""What programs that write HTML put around and into it, and nobody misses."""
_FETCHING = frozenset(("src", "srcset", "background", "poster", "ping", "action", "formaction", "data", "xlink:href"))


def _active_in(text: str) -> str:
    """What in the HTML *text* runs, restyles or fetches something, in words; '' where nothing does."""
    reader = _Active()
    reader.feed(text)
    rest = reader.rawdata  # a tag that nobody closed: browsers leave it out
    reader.close()
    return reader.told or (f"`{begun[0]}`" if (begun := re.match(r"<[a-z]+", rest, re.I)) else "")


def not_plain(piece: str) -> str:
    """What in *piece*, a piece of HTML in a text, is not known to be harmless, in words; '' where all of it is."""
    at = 0
    while at < len(piece):
        found = _PIECE.match(piece, at)
        if not found:
            return _odd(piece[at:])
        if tag := (found["tag"] or "").lower():
            if tag not in _IN_TEXTS:
                return f"`<{found['tag']}`"
            for name, *values in _VALUE.findall(found["attributes"]):
                if told := attribute_told(tag, name, html.unescape("".join(values))):
                    return told
        at = found.end()
    return ""


def _odd(text: str) -> str:
    """What *text* begins with, which is no tag that could be read."""
    if handler := re.match(r"<[^<>]*?[\s/\"'](on\w+)\s*=", text, re.I):
        return f"`{handler[1]}`"
    begun = re.match(r"<[!?/]*[a-z-]*", text, re.I)
    return f"`{begun[0]}`" if begun else "what is no HTML"


def attribute_told(tag: str, name: str, value: str) -> str:
    """Why an attribute of a *tag* may not stand in a text, in words; '' where it may."""
    plain = name.lower()
    if plain not in _GLOBAL | _OF_A_TAG.get(tag, frozenset()) and not plain.startswith("aria-"):
        return f"`{plain}`"
    if plain == "id" and not _ID.fullmatch(value):
        return "an id that the page or its scripts would take for another"
    if plain == "class" and _TAKEN_CLASS.search(value):
        return "a class that the theme's scripts act upon"
    if plain in _ADDRESSES and not safe_address(value):
        return RUNS
    return ""


def safe_address(address: str) -> bool:
    """Whether a browser that follows *address* asks for a page, or writes or calls somebody, and runs nothing.

    Browsers leave out blanks and control characters around an address, and tabs and line ends within.
    """
    read = html.unescape(address.replace(AMP_SUBSTITUTE, "&"))
    scheme = _SCHEME.match(_UNSEEN.sub("", read).strip(_BLANK))
    return not scheme or scheme[1].lower() in _SCHEMES


def safe_drawing(text: str) -> str:
    """Why the SVG drawing *text* may not be served; '' where it may."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return "it declares entities"
    if "<?" in re.sub(r"^\s*<\?xml\s[^<>]*\?>", "", text):
        return "it holds instructions for programs"
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        return f"it is not SVG: {error}"
    shapes = _SHAPES.split()
    for element in root.iter():
        name = str(element.tag)
        if not name.startswith(_SVG) or name.removeprefix(_SVG) not in shapes:
            return f"it holds <{name.rpartition('}')[2]}>"
        for attribute, value in element.attrib.items():
            plain = attribute.rpartition("}")[2].lower()
            if plain.startswith("on") or plain == "base" or (plain == "href" and not value.startswith("#")):
                return f"it has an attribute `{plain}`"
            if (
                not plain.startswith("aria-")
                and _FETCHES.search(value)
                and not re.fullmatch(r"\s*url\(#[\w-]+\)\s*", value)
            ):
                return "it asks for a file"
    return ""
