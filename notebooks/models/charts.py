"""What the figures have in common: their colours, their type, and the few shapes that most of them are.

A figure is a Vega-Lite specification: a plain dictionary. Source: https://vega.github.io/vega-lite/docs/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Spec = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

INK, SOFT, GRID = "#22201c", "#5d574d", "#ddd7ca"
BLUE, VERMILION, GREEN, PURPLE, AMBER, SKY = "#0b62a4", "#c4501b", "#0d7f5f", "#a24e88", "#946800", "#3b8fc6"
SERIES = (BLUE, VERMILION, GREEN, PURPLE, AMBER, SKY)
"""Colours of data, told apart with any kind of colour vision; lines differ in dash as well, points in shape."""

DARK = {
    INK: "#dcd8cf",
    SOFT: "#a29d92",
    GRID: "#383a3d",
    BLUE: "#5ba8e8",
    VERMILION: "#f08a4f",
    GREEN: "#41bf96",
    PURPLE: "#dc90c2",
    AMBER: "#dfab3f",
    SKY: "#93cdf3",
}
"""What each colour becomes on a dark page: the site puts one for the other in the finished drawing."""

STATE_COLOURS = {"holds": GREEN, "fails": VERMILION, "unclear": SOFT}
RAMP = "viridis"
"""The scheme of a map of amounts."""
DIVERGING = "purpleorange"
"""The scheme of a map of amounts that may be of either sign."""

THEME: Spec = {
    "background": "transparent",
    # The drawing program lays words out by the widths of this font, which it brings along; a reader's may be wider,
    # hence the room at the sides.
    "font": "Arial, Liberation Sans, Helvetica, sans-serif",
    "padding": {"left": 20, "right": 14, "top": 5, "bottom": 5},
    "view": {"stroke": None},
    "axis": {
        "labelColor": SOFT,
        "titleColor": SOFT,
        "tickColor": GRID,
        "domainColor": GRID,
        "gridColor": GRID,
        "gridOpacity": 0.6,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 260,
        "titlePadding": 8,
    },
    "legend": {
        "labelColor": INK,
        "titleColor": SOFT,
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelLimit": 300,
        "titleLimit": 400,
        "columnPadding": 24,
        "orient": "top",
    },
    "header": {
        "labelColor": INK,
        "titleColor": SOFT,
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
    },
    "title": {"color": INK, "fontSize": 13, "fontWeight": "normal", "anchor": "start"},
    "text": {"color": INK, "fontSize": 12},
    "rule": {"color": SOFT},
    "line": {"strokeWidth": 2},
    "point": {"size": 50, "filled": True, "opacity": 1},
    "axisQuantitative": {"tickCount": 6, "labelFlush": False},
    "range": {"category": list(SERIES)},
}
"""How every figure looks; `lab.show` and the live page add it to a specification."""

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
WIDTH, HEIGHT = 560, 300


def chart(layers: Sequence[Spec], data: Rows = (), *, width: int = WIDTH, height: int = HEIGHT, **more: Any) -> Spec:
    """A specification of *layers* over *data*, at the size that all figures share."""
    base: Spec = {"$schema": SCHEMA, "width": width, "height": height, "layer": list(layers)}
    if data:
        base["data"] = {"values": [dict(row) for row in data]}
    return {**base, **more}


def axis(field: str, title: str, *, type: str = "quantitative", **scale: Any) -> Spec:  # noqa: A002 (Vega-Lite's word)
    """The encoding of *field* along an axis called *title*; *scale* is Vega-Lite's (domain, zero …)."""
    encoding: Spec = {"field": field, "type": type, "title": title}
    return {**encoding, "scale": scale} if scale else encoding


def series(field: str, names: Sequence[str], title: str | None = None) -> Spec:
    """The encodings that tell the series *names* of *field* apart: colour, and dash for those who do not see it."""
    dashes = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [12, 4], [4, 2, 1, 2])
    used = range(len(names))
    return {
        "color": {
            "field": field,
            "type": "nominal",
            "title": title,
            "scale": {"domain": list(names), "range": [SERIES[i % len(SERIES)] for i in used]},
            "legend": {"symbolType": "stroke", "symbolSize": 400, "symbolStrokeWidth": 2, "symbolOpacity": 1},
        },
        "strokeDash": {
            "field": field,
            "type": "nominal",
            "title": title,
            "scale": {"domain": list(names), "range": [dashes[i % len(dashes)] for i in used]},
        },
    }


def lines(rows: Rows, x: Spec, y: Spec, names: Sequence[str], field: str = "series", **more: Any) -> Spec:
    """One line for each of *names*; where rows have `lo` and `hi`, a band between them."""
    told_apart = series(field, names)
    layers: list[Spec] = []
    if rows and "lo" in rows[0]:
        band = {
            "x": x,
            "y": {"field": "lo", "type": "quantitative"},
            "y2": {"field": "hi"},
            "color": told_apart["color"],
        }
        layers.append({"mark": {"type": "area", "opacity": 0.18, "aria": False}, "encoding": band})
    layers.append({"mark": {"type": "line", "aria": False}, "encoding": {"x": x, "y": y, **told_apart}})
    return chart(layers, rows, **more)


def rule(value: float, label: str, along: str = "y") -> Spec:
    """A thin line across the figure at *value*, with a word on what it marks."""
    other = "x" if along == "y" else "y"
    text: Spec = {"type": "text", "align": "left", "dx": 4, "dy": -6, "color": SOFT}
    at = {"datum": value, "type": "quantitative"}
    return {
        "data": {"values": [{}]},
        "layer": [
            {"mark": {"type": "rule", "strokeDash": [4, 3], "color": SOFT}, "encoding": {along: at}},
            {"mark": {**text, "text": label}, "encoding": {along: at, other: {"value": 0}}},
        ],
    }


def cells(rows: Rows, effect: str, delta: float, *, threshold: str = "what would matter", width: int = 360) -> Spec:
    """The effect in every cell of a claim, with its interval, against the size that would matter.

    Each row has `cell` (words), `mean`, `lo`, `hi` and `state` ('holds', 'fails' or 'unclear'). *width* leaves room for
    the words at its left, so that the whole is about as wide as other figures.
    """
    names = [row["cell"] for row in rows]
    # As a title this one lies flat and above: a vertical one takes the room that the words of the cells need.
    y = {"field": "cell", "type": "nominal", "title": None, "sort": names, "axis": {"grid": False, "labelLimit": 320}}
    states = {
        "field": "state",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(STATE_COLOURS), "range": list(STATE_COLOURS.values())},
    }
    shapes = {**states, "scale": {"domain": list(STATE_COLOURS), "range": ["circle", "square", "diamond"]}}
    span = {"x": axis("lo", effect, zero=False), "x2": {"field": "hi"}, "y": y, "color": states}
    dot = {"x": axis("mean", effect, zero=False), "y": y, "color": states, "shape": shapes}
    layers: list[Spec] = [
        {"mark": {"type": "rule", "strokeWidth": 2}, "encoding": span},
        {"mark": {"type": "point", "size": 70, "filled": True}, "encoding": dot},
        rule(delta, threshold, "x"),
    ]
    return chart(layers, rows, width=width, height=max(90, 26 * len(rows)))


def heat(rows: Rows, x: Spec, y: Spec, value: str, title: str, *, scheme: str = RAMP, **scale: Any) -> Spec:
    """A map of *value* over two settings; *x* and *y* are ordinal, rows hold all pairs."""
    colour = {
        "field": value,
        "type": "quantitative",
        "title": title,
        "scale": {"scheme": scheme, **scale},
        "legend": {"gradientLength": 200},
    }
    return chart([{"mark": {"type": "rect"}, "encoding": {"x": x, "y": y, "color": colour}}], rows)
