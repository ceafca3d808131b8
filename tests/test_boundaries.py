"""Where a claim stops being true, as a notebook publishes it and as pages show it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import a_boundary, a_claim, a_figure, a_result, notebook
from tests.test_notebooks import GOOD, HEAD, PATH, THREAD, line_of, problems

from sitegraph.model import Site
from sitegraph.notebooks import read_notebook

if TYPE_CHECKING:
    from tests.conftest import Files

THREAD_PATH = "docs/threads/outrunning-the-jet.md"
SENTENCE = "It holds while the share of wind is at most 50 % and fails where it is at least 100 %."


def asked(**more: Any) -> str:
    """A notebook that judges a claim and asks where it stops being true."""
    return notebook(*GOOD, ("ask()\n", a_boundary("faster", **more)))


def test_a_boundary_is_read_with_its_settings_and_its_points() -> None:
    boundary = read_notebook(PATH, asked().encode()).notebook.boundaries["faster"]
    assert [(point.at, point.state) for point in boundary.points] == [("50 %", "holds"), ("100 %", "fails")]
    assert boundary.axis.says == "the share of wind"
    assert [knob.written for knob in boundary.others] == ["12 tons"]
    assert boundary.statistic == "the jet’s lead"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"along": "rain"}, "`rain`, along which `faster` was asked, is none of its settings"),
        ({"figure": "A Figure"}, "`A Figure` should be a name of small letters and hyphens, like `survival-gap`"),
        ({"points": [{"words": "1"}]}, "it has no 'lo'"),
        ({"knobs": [{"name": "wind", "says": "w", "value": None, "low": 0, "high": 1, "step": 1}]}, "`wind: value` is"),
    ],
)
def test_a_boundary_that_cannot_be_read_is_told_with_its_place(more: dict[str, Any], why: str) -> None:
    text = asked(**more)
    (told,) = problems(text)
    assert told.startswith(f"{PATH}:{line_of('ask()', text)}: what this cell publishes cannot be read: {why}")


def test_a_claim_carries_its_boundary_and_the_figure_of_it(assemble_site: Callable[[Files], Site]) -> None:
    (found,) = assemble_site({THREAD_PATH: THREAD, PATH: asked()}).judged
    assert found.boundary
    assert found.boundary.sentence == SENTENCE
    assert found.drawing
    assert found.drawing.name == "race"


def test_a_boundary_is_of_a_claim_that_is_judged_and_is_drawn(assemble_site: Callable[[Files], Site]) -> None:
    text = notebook(*GOOD, ("ask()\n", a_boundary("fastest", figure="rave")))
    told = assemble_site({THREAD_PATH: THREAD, PATH: text}).problems
    assert [found.sentence for found in told if found.rule == "boundary-of-claim"] == [
        "the boundary is of `jets/fastest`, which this notebook does not judge; did you mean `faster`?",
        "the boundary of `fastest` is drawn in `rave`, which is no figure of this notebook; did you mean `race`?",
    ]


@pytest.mark.build
def test_the_claim_and_the_notebook_show_the_sentence_the_figure_and_the_numbers(
    build_site: Callable[[Files], Path],
) -> None:
    cells = ("race()\n", a_result("gap", 0.25), a_claim("faster", "conditional", "The jet is faster.", condition="c"))
    text = notebook(
        HEAD, "Opening.\n", "## Limits\n\nOf course.\n", cells, ("draw()\n", a_figure("race"), a_boundary("faster"))
    )
    site = build_site({THREAD_PATH: THREAD, PATH: text}) / "site"
    for page, folder in (("threads/outrunning-the-jet", "../../notebooks/jets/"), ("notebooks/jets", "")):
        html = (site / page / "index.html").read_text(encoding="utf-8")
        (shown,) = re.findall(r'<figure class="boundary".*?</figure>', html, re.DOTALL)
        assert SENTENCE in shown
        assert "Held still: the fuel, 12 tons." in shown
        assert f'src="{folder}figure-race.svg"' in shown
        rows = re.findall(r'<th scope="row">([^<]*)</th><td>([^<]*)</td><td>([^<]*)</td><td>([^<]*)</td>', shown)
        assert rows == [("50 %", "0.2", "0.1 to 0.3", "holds"), ("100 %", "−0.2", "−0.3 to −0.1", "fails")]
        assert html.count("figure-race.svg") == (1 if folder else 2), "the answer shows it too, and no third place"
