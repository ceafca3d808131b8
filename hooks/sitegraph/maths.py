"""LaTeX to MathML, at build time: no script, no font, and a clear word when a formula is wrong."""

from __future__ import annotations

import html
import re
from xml.etree import ElementTree

from math_core import LatexError, LatexToMathML

_CONVERTER = LatexToMathML()
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_HTML_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z]\w*;")
_ALIGN = re.compile(r"text-align:\s*(left|right|center)")


class MathsError(ValueError):
    """A formula that is not LaTeX, with the reason in a few words."""


def mathml(tex: str, *, display: bool) -> ElementTree.Element:
    """The <math> element of *tex*, set as a block when *display*; the LaTeX is kept as its alternative text."""
    try:
        text = _CONVERTER.convert_with_local_state(tex, displaystyle=display)
    except LatexError as error:
        raise MathsError(_reason(str(error))) from error
    element = ElementTree.fromstring(_HTML_ENTITY.sub(lambda found: html.unescape(found[0]), text))
    element.set("alttext", tex)
    for cell in element.iter():
        # A strict Content-Security-Policy drops style attributes, so alignment becomes a class.
        style = cell.attrib.pop("style", "")
        if align := _ALIGN.search(style):
            cell.set("class", f"math-{align[1]}")
    return element


def _reason(message: str) -> str:
    lines = _COLOUR.sub("", message).strip().splitlines()
    return lines[0].removeprefix("Error:").strip().rstrip(".") if lines else "unknown error"
