"""What is no Vega-Lite is told by its first strange word; every figure of the site is Vega-Lite."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from altair.vegalite.v6.schema import core
from tests.conftest import a_figure, notebook
from tests.test_notebooks import HEAD, PATH, line_of, problems

from sitegraph.notebooks import VEGA_TYPE
from sitegraph.vega_lite import CHANNELS, MARKS, PARTS, outside

ROOT = Path(__file__).parent.parent
LINE = {"mark": {"type": "line"}, "encoding": {"x": {"field": "t"}, "y": {"field": "v"}}}


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (LINE, ""),
        ({"layer": [LINE, {"mark": "rule"}]}, ""),
        ({"$schema": "https://vega.github.io/schema/vega-lite/v6.json", **LINE}, ""),
        ({"$schema": "https://vega.github.io/schema/vega/v6.json", **LINE}, "its schema is https://vega.github.io/sch"),
        ({"layer": [LINE, {"mark": {"type": "lines"}}]}, "there is no mark `lines`"),
        ({"mark": "line", "encoding": {"colour": {}}}, "there is no channel `colour`"),
        ({"hconcat": [{"marks": []}]}, "there is no part `marks`"),
        ({"facet": {}, "spec": {"mark": "heat"}}, "there is no mark `heat`"),
        ([], "it is not an object"),
    ],
)
def test_the_first_strange_word_is_told(spec: Any, told: str) -> None:
    assert outside(spec)[: len(told) or None] == told


def test_the_words_are_those_of_the_schema() -> None:
    """Altair carries it."""
    schema = json.loads((Path(core.__file__).parent / "vega-lite-schema.json").read_text(encoding="utf-8"))[
        "definitions"
    ]
    marks = {*schema["Mark"]["enum"], *schema["CompositeMark"]["anyOf"][0].get("enum", ())}
    composite = {"boxplot", "errorband", "errorbar"}
    assert marks | composite == MARKS
    assert {*schema["FacetedEncoding"]["properties"], *schema["Encoding"]["properties"]} == CHANNELS
    kinds = [name for name in schema if name.startswith("TopLevel") and name.endswith("Spec")]
    assert {part for name in kinds for part in schema[name].get("properties", ())} | {"repeat"} == PARTS


def test_a_figure_that_is_no_vega_lite_is_told_with_its_place() -> None:
    figure = a_figure("race")
    figure["data"][VEGA_TYPE] = {"mark": "heat"}
    text = notebook(HEAD, "Text.\n", ("draw()\n", figure))
    told = f"{PATH}:{line_of('draw()', text)}: the figure `race` is no Vega-Lite: there is no mark `heat`"
    assert problems(text) == [f"{told} [figure-in-vega-lite]"]
