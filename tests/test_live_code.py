"""Why code could not run in a reader's browser: told by the build, with place and rule."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import a_boundary, notebook
from tests.test_notebooks import GOOD, PATH, line_of

from sitegraph.freshness import files_beside
from sitegraph.live_code import code_digest, code_of, live_problems
from sitegraph.model import Notebook
from sitegraph.notebooks import read_notebook

ROOT = Path(__file__).parent.parent

BESIDE = {
    "lab.py": "import random\n\ndef stream(seed):\n    return random.Random(seed)\n",
    "live/__init__.py": "import json\n",
    "live/jets.py": "from models import jets\n",
    "models/__init__.py": "",
    "models/jets.py": "import math\nfrom lab import stream\n",
    "models/other.py": "import numpy\n",
}


def told(beside: Mapping[str, str] = BESIDE, **more: Any) -> list[str]:
    text = notebook(*GOOD, ("ask()\n", a_boundary("faster", **more)))
    return [str(found) for found in live_problems(read_notebook(PATH, text.encode()).notebook, encoded(beside))]


def encoded(beside: Mapping[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in beside.items()}


def test_a_browser_is_given_what_the_question_imports_and_no_more() -> None:
    assert list(code_of("live.jets", encoded(BESIDE))) == [
        "lab.py",
        "live/__init__.py",
        "live/jets.py",
        "models/__init__.py",
        "models/jets.py",
    ]


def test_code_that_a_browser_can_run_is_passed_in_silence() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("source", "line", "sentence"),
    [
        ("import math\nimport numpy as np\n", 2, "the standard library alone, and `numpy` is no part of it [live-im"),
        ("from scipy.stats import norm\n", 1, "and `scipy` is no part of it [live-imports]"),
        ("import socket\n", 1, "and `socket` is no part of what `make live` packs [live-imports]"),
        ("import js\n", 1, "and `js` is no part of it [live-imports]"),
        ("class A:\n    import pyodide\n", 2, "and `pyodide` is no part of it [live-imports]"),
        ("def f(:\n", 1, "this is not Python: "),
        ("import random\n\nx = random.gauss(0, 1)\n", 3, "`random.gauss` draws from the generator that all share"),
        ("from random import Random, choice\n", 1, "`random.choice` draws from the generator that all share"),
    ],
)
def test_what_a_browser_cannot_run_is_told_with_file_and_line(source: str, line: int, sentence: str) -> None:
    (found,) = told({**BESIDE, "models/jets.py": source})
    assert found.startswith(f"notebooks/models/jets.py:{line}: ")
    assert sentence in found


@pytest.mark.parametrize(
    "source",
    [
        "def draw():\n    import vl_convert\n",
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import numpy\n",
        "import random\n\ndef f(rng: random.Random) -> random.Random:\n    return random.Random(rng.getrandbits(9))\n",
    ],
)
def test_what_does_not_run_there_is_no_mistake(source: str) -> None:
    assert told({**BESIDE, "models/jets.py": source}) == []


def knob(**more: float) -> list[dict[str, Any]]:
    return [{"name": "wind", "says": "the wind", "value": 0.5, "low": 0, "high": 1, "step": 0.25, **more}]


@pytest.mark.parametrize("more", [{"value": 0.6}, {"value": 1.25}, {"step": 0}])
def test_a_setting_at_which_no_slider_can_stand_is_told_with_its_cell(more: dict[str, float]) -> None:
    (found,) = told(knobs=knob(**more))
    text = notebook(*GOOD, ("ask()\n", a_boundary("faster")))
    value = more.get("value", 0.5)
    assert found.startswith(f"{PATH}:{line_of('ask()', text)}: `wind` is {value:g} in the published run of `faster`")
    assert found.endswith("[live-on-grid]")


def test_a_setting_on_the_grid_is_none_the_worse_for_its_last_digits() -> None:
    assert told(knobs=knob(value=0.3, low=0.1, high=0.9, step=0.1)) == []


def test_a_question_that_is_nowhere_is_told_with_the_nearest_module() -> None:
    (found,) = told(module="live.jet")
    assert "is in `live.jet`, which is no module; did you mean `live.jets`? [live-imports]" in found


def test_the_digest_of_code_changes_with_any_of_it() -> None:
    code = code_of("live.jets", encoded(BESIDE))
    assert code_digest(code) == code_digest(dict(reversed(code.items())))
    assert code_digest(code) != code_digest({**code, "lab.py": "import random\n"})


def test_everything_that_the_notebooks_offer_can_run_in_a_browser() -> None:
    beside = files_beside(ROOT / "notebooks")
    notebooks: list[Notebook] = [
        read_notebook(path.name, path.read_bytes()).notebook for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
    ]
    assert sum(bool(notebook.boundaries) for notebook in notebooks) >= 10
    assert [found for notebook in notebooks for found in live_problems(notebook, beside)] == []
