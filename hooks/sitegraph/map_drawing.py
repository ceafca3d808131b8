"""The map as a drawing: every page a link, every tie between two pages a line.

Places are parts of the whole, so that one drawing fits every window; letters and points keep their size. Labels are
placed twice: for a wide window, and for a phone. What stands further apart than was reckoned with has room, too.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .layout import Position
from .map_labels import Lines, Sheet, lines_of, place
from .model import Kind, Link, Page, Site

KINDS: tuple[Kind, ...] = ("essay", "thread", "notebook")
"""The pages of the map in the order in which they are named, and in which the keyboard reaches them."""

MANY = 60
"""With more pages than this, the drawing is higher."""

_MARGIN = 0.05
"""What stays free on each side, as a part of the whole."""

_SHAPES = {
    "essay": '<path d="M0-10 10 0 0 10-10 0Z"/>',
    "thread": '<circle r="6"/>',
    "notebook": '<path d="M0-7 7 6H-7Z"/>',
}
_ROOM = '<circle r="12"/>'
"""Where a finger or a pointer finds a page; it is not seen."""


@dataclass(frozen=True)
class _Window:
    """A kind of window that labels are placed for; `site.css` gives the drawing these heights and letters."""

    name: str
    sheet: Sheet
    widths: tuple[float, ...]  # of the lines of a label, the one to be tried first first


def _windows(pages: int) -> tuple[_Window, _Window]:
    more = pages > MANY
    return (
        _Window("w", Sheet(1100, 1400 if more else 800, 13, 11), (14, 12, 9)),
        _Window("p", Sheet(280, 2000 if more else 1100, 12, 11), (8, 7, 6)),
    )


def shown(site: Site) -> tuple[Page, ...]:
    """The pages of the map: essays, then threads, then notebooks."""
    return tuple(page for kind in KINDS for page in site.pages(kind) if page.path in site.positions)


def drawing(site: Site, root: str) -> str:
    """The map as SVG; *root* leads from the page that shows it to the root of the site."""
    pages = shown(site)
    labels = [_labels(window, pages, site.positions) for window in _windows(len(pages))]
    nodes = (_node(page, site.positions[page.path], root, words) for page, *words in zip(pages, *labels, strict=True))
    many = " map--many" if len(pages) > MANY else ""
    return (
        f'<svg class="map{many}" role="group" aria-label="Map of the pages and the links between them">'
        f'<g aria-hidden="true">{"".join(_lines(site))}</g>{"".join(nodes)}</svg>'
    )


def _lines(site: Site) -> Iterator[str]:
    """A line for every two pages of which one links the other, drawn by what their links do."""
    for (one, other), manner in sorted(_manners(site.links, site.positions).items()):
        (x1, y1), (x2, y2) = (_parts(site.positions[path]) for path in (one, other))
        shade = f' class="{manner}"' if manner else ""
        yield f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"{shade}/>'


def _manners(links: Iterable[Link], drawn: Mapping[str, Position]) -> dict[tuple[str, str], str]:
    """How two pages are tied: 'against' if one objects to the other, 'for' if it builds on it, '' if it names it."""
    found: dict[tuple[str, str], str] = {}
    for link in links:
        if link.source != link.target and link.source in drawn and link.target in drawn:
            pair = min(link.source, link.target), max(link.source, link.target)
            found[pair] = min(found.get(pair, ""), _manner(link.type), key=("against", "for", "").index)
    return found


def _manner(link_type: str) -> str:
    if link_type in ("qualifies", "contradicts"):
        return "against"
    return "" if link_type == "mentions" else "for"


def _labels(window: _Window, pages: Sequence[Page], positions: Mapping[str, Position]) -> list[str]:
    """What stands beside each page in such a window; where there is no room, it is seen only while one points there."""
    sheet = window.sheet
    points = [_in_margins(positions[page.path]) for page in pages]
    wordings = [[lines_of(page.title, most, 2) for most in window.widths] for page in pages]
    placed = place(sheet, [(x * sheet.width, y * sheet.height) for x, y in points], wordings)
    return [
        _text(window.name, *found) if found else _text(f"{window.name} h", words[-1], "right" if x < 0.5 else "left")
        for found, words, (x, _) in zip(placed, wordings, points, strict=True)
    ]


def _text(window: str, lines: Lines, side: str) -> str:
    kind = f"{window} {side[0]}{len(lines)}"
    if len(lines) == 1:
        return f'<text class="{kind}">{html.escape(lines[0])}</text>'
    first, second = map(html.escape, lines)
    return f'<text class="{kind}">{first}<tspan x="0" dy="1.15em">{second}</tspan></text>'


def _node(page: Page, position: Position, root: str, labels: Iterable[str]) -> str:
    x, y = _parts(position)
    # The theme's script, when it shows a page without loading it anew, breaks off at a drawing with plain href in it;
    # programs that look for plain href learn from the role that this is a link all the same.
    return (
        f'<a xlink:href="{html.escape(root)}/{html.escape(page.url)}" role="link" class="{page.kind[0]}">'
        f"<title>{html.escape(page.title)}</title>"
        f'<svg x="{x}" y="{y}">{_ROOM}{_SHAPES[page.kind]}{"".join(labels)}</svg></a>'
    )


def _in_margins(position: Position) -> Position:
    x, y = (_MARGIN + part * (1 - 2 * _MARGIN) for part in position)
    return x, y


def _parts(position: Position) -> tuple[str, str]:
    x, y = (f"{100 * part:.1f}%" for part in _in_margins(position))
    return x, y
