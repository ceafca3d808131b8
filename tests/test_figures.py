"""Figures on pages of either colour, and the colours themselves."""

from __future__ import annotations

from itertools import combinations

import pytest
from tests.conftest import wrong_in_vega_lite

from models import charts
from sitegraph import figures
from sitegraph.model import Figure, Place

PAPER = {"light": "#fdfcf9", "dark": "#17181a"}
ROWS = [
    {"cell": "ε = 0.1", "mean": 0.2, "lo": 0.15, "hi": 0.3, "state": "holds"},
    {"cell": "ε = 0.3", "mean": -0.2, "lo": -0.3, "hi": -0.1, "state": "fails"},
]


def linear(colour: str) -> list[float]:
    """The colour as light: three shares of red, green and blue."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    weights = (0.2126, 0.7152, 0.0722)
    dim, bright = sorted(sum(w * c for w, c in zip(weights, linear(x), strict=True)) for x in (one, other))
    return (bright + 0.05) / (dim + 0.05)


# Machado, Oliveira and Fernandes 2009, doi 10.1109/TVCG.2009.113, at full severity.
SEEN_BY = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def seen(colour: str, by: str) -> tuple[float, ...]:
    """The colour in CIE L*a*b* as one with this kind of colour vision sees it; *by* '' is everybody else."""
    light = linear(colour)
    if by:
        light = [min(1.0, max(0.0, sum(w * c for w, c in zip(row, light, strict=True)))) for row in SEEN_BY[by]]
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [sum(w * c for w, c in zip(row, light, strict=True)) for row in rows]
    x, y, z = (
        v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (xyz[0] / 0.9505, xyz[1], xyz[2] / 1.089)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("scheme", PAPER)
@pytest.mark.parametrize("colour", [*charts.SERIES, charts.SOFT])
def test_data_stands_out_from_the_paper(colour: str, scheme: str) -> None:
    assert contrast(colour if scheme == "light" else charts.DARK[colour], PAPER[scheme]) >= 3


@pytest.mark.parametrize("scheme", PAPER)
@pytest.mark.parametrize("colour", [charts.INK, charts.SOFT])
def test_words_in_figures_can_be_read(colour: str, scheme: str) -> None:
    assert contrast(colour if scheme == "light" else charts.DARK[colour], PAPER[scheme]) >= 4.5


@pytest.mark.parametrize("scheme", PAPER)
@pytest.mark.parametrize("by", ["", *SEEN_BY])
def test_the_first_three_series_are_told_apart_by_any_kind_of_colour_vision(by: str, scheme: str) -> None:
    colours = charts.SERIES[:3] if scheme == "light" else [charts.DARK[colour] for colour in charts.SERIES[:3]]
    for one, other in combinations((seen(colour, by) for colour in colours), 2):
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 >= 11


def test_the_site_swaps_exactly_the_colours_of_the_charts() -> None:
    assert figures.DARK == charts.DARK


def test_a_drawing_for_dark_pages_has_none_of_the_light_colours() -> None:
    drawing = "".join(f'<g fill="{colour.upper()}"/>' for colour in charts.DARK)
    assert not any(
        colour in figures.dark(drawing).lower() for colour in charts.DARK if colour not in charts.DARK.values()
    )


def test_a_figure_brings_its_size_its_words_and_both_drawings() -> None:
    figure = Figure("race", 'a "race"', "c", '<svg viewBox="0 0 200.4 100">', Place("x", 1), 0)
    assert figures.figure_html(figure, "../jets/") == "".join(
        f'<img class="figure-{scheme}" src="../jets/{name}" alt="a &quot;race&quot;" width="200" height="100"'
        ' loading="lazy">'
        for scheme, name in (("light", "figure-race.svg"), ("dark", "figure-race-dark.svg"))
    )


def ordinal(field: str) -> charts.Spec:
    return charts.axis(field, field, type="ordinal")


@pytest.mark.parametrize(
    "spec",
    [
        charts.cells(ROWS, "effect", 0.1),
        charts.lines([{"x": 1, "y": 2, "series": "a"}], charts.axis("x", "steps"), charts.axis("y", "loss"), ["a"]),
        charts.lines(
            [{"x": 1, "y": 2, "lo": 1, "hi": 3, "series": "a"}],
            charts.axis("x", "steps", zero=True),
            charts.axis("y", "loss", zero=False),
            ["a", "b"],
        ),
        charts.heat([{"a": 1, "b": 2, "v": 3}], ordinal("a"), ordinal("b"), "v", "value"),
    ],
)
def test_the_shapes_that_figures_share_are_vega_lite(spec: charts.Spec) -> None:
    assert wrong_in_vega_lite(spec) == []


def test_a_shape_that_vega_lite_does_not_know_is_told() -> None:
    (wrong,) = wrong_in_vega_lite({**charts.cells(ROWS, "effect", 0.1), "width": "as wide as can be"})
    assert "as wide as can be" in wrong
