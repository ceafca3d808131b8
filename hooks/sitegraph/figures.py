"""Figures as files: one drawing for a light page and one for a dark, and the words that stand for both."""

from __future__ import annotations

import html
import re

from .model import Figure

# The colours of notebooks/models/charts.py; a test keeps the two lists the same.
DARK = {
    "#22201c": "#dcd8cf",
    "#5d574d": "#a29d92",
    "#ddd7ca": "#383a3d",
    "#0b62a4": "#5ba8e8",
    "#c4501b": "#f08a4f",
    "#0d7f5f": "#41bf96",
    "#a24e88": "#dc90c2",
    "#946800": "#dfab3f",
    "#3b8fc6": "#93cdf3",
}
"""What each colour of a drawing becomes on a dark page."""

_COLOUR = re.compile("|".join(DARK), re.IGNORECASE)
_SIZE = re.compile(r'<svg\b[^>]*?\bviewBox="0 0 ([\d.]+) ([\d.]+)"')


def file_names(figure: Figure) -> tuple[str, str]:
    """The names of its two files: for a light page and for a dark."""
    return f"{figure.anchor}.svg", f"{figure.anchor}-dark.svg"


def dark(drawing: str) -> str:
    """*drawing* in the colours of a dark page."""
    return _COLOUR.sub(lambda found: DARK[found[0].lower()], drawing)


def figure_html(figure: Figure, folder: str) -> str:
    """The pictures of *figure*, whose files are in *folder*; one of the two is shown, and only that one is fetched."""
    size = _SIZE.search(figure.drawing)
    measures = f' width="{round(float(size[1]))}" height="{round(float(size[2]))}"' if size else ""
    alt = html.escape(figure.alt)
    return "".join(
        f'<img class="figure-{scheme}" src="{folder}{name}" alt="{alt}"{measures} loading="lazy">'
        for scheme, name in zip(("light", "dark"), file_names(figure), strict=True)
    )
