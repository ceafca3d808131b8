"""What of a notebook's output may reach a page: nothing active.

Outputs are contributed content. HTML is cleaned by nh3 (the ammonia library); a drawing, which is served as a file of
its own, is either harmless as a whole or left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

import nh3

_TAGS = """a abbr b blockquote br caption code col colgroup dd del details div dl dt em h3 h4 h5 h6 hr i ins kbd li ol
    p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr ul var"""
_ATTRIBUTES = {"*": {"title"}, "a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}
_ACTIVE = re.compile(r"<\s*(script|style|iframe|object|embed|form|input|link|meta|base|svg|img)\b|\son\w+\s*=", re.I)
_STYLED = re.compile(r"<[a-z][^<>]*\sstyle\s*=", re.I)
_SCRIPT_ADDRESS = re.compile(r"""(?:href|src)\s*=\s*["']?\s*(?:javascript|data|vbscript):""", re.I)

_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = """svg g path rect line circle ellipse polygon polyline text tspan title desc defs clipPath linearGradient
    radialGradient stop marker symbol use"""


_HARMLESS_TAG = re.compile(r"""</?(?:div|pre|code|span)(?: (?:class|id)="[\w -]*")*>""")
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
    return safe, active_in(text)


def active_in(text: str) -> str:
    """What in the HTML *text* runs, restyles or fetches something, in words; '' where nothing does.

    Of a listing, in which every sign of its code is escaped, nothing is left to look at once its plain tags are gone.
    """
    if "<" not in _HARMLESS_TAG.sub("", text):
        return ""
    if active := _ACTIVE.search(text):
        return f"`{active[0].strip().rstrip('=').strip()}`"
    return "an address that runs code" if _SCRIPT_ADDRESS.search(text) else ""


def styled_in(text: str) -> str:
    """The attribute by which the HTML *text* restyles something in place, which no page lets take effect; else ''."""
    return "`style`" if _STYLED.search(text) else ""


def active_attributes(names: Iterable[str]) -> list[str]:
    """Those among *names* of attributes that run or restyle something, sorted."""
    return sorted(name for name in names if name.lower() == "style" or name.lower().startswith("on"))


def safe_drawing(text: str) -> str:
    """Why the SVG drawing *text* may not be served; '' where it may."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return "it declares entities"
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
            if plain.startswith("on") or (plain == "href" and not value.startswith("#")):
                return f"it has an attribute `{plain}`"
            if "url(" in value and not re.fullmatch(r"\s*url\(#[\w-]+\)\s*", value):
                return "it asks for a file"
    return ""
