"""Where claims stop being true: how it is asked, told and published, and that the stored answers are those of today."""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from IPython import display
from tests.conftest import wrong_in_vega_lite

import lab
import live
from live import Knob, Question

ROOT = Path(__file__).parent.parent
MODULES = sorted(path.stem for path in (ROOT / "notebooks" / "live").glob("*.py") if path.stem != "__init__")
QUESTIONS = {q.claim: q for name in MODULES for q in importlib.import_module(f"live.{name}").QUESTIONS}

JUDGE = Knob("fooled", "the share of recitals that he believes", 0.5, 0, 1, 0.05, "%")
DAYS = Knob("apart", "the number of days between", 30, 1, 400, 1, "days")


def cells(states: str, low: float = 0, step: float = 0.25, name: str = "fooled") -> list[lab.Cell]:
    """Cells along a setting, by the first letters of their states; the mean is 1, −1 or nearly 0 beside a size of 0."""
    names: Mapping[str, tuple[lab.State, float]] = {"h": ("holds", 1), "f": ("fails", -1), "u": ("unclear", 0.01)}
    found = [names[letter] for letter in states]
    return [
        lab.Cell({name: low + k * step}, mean, mean - 0.5, mean + 0.5, 30, state)
        for k, (state, mean) in enumerate(found)
    ]


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ("hhfff", "It holds while S is at most 25 % and fails where it is at least 50 %; it flips at about 37.5 %."),
        ("ffuhh", "It holds while S is at least 75 % and fails where it is at most 25 %; it flips at about 49.8 %."),
        ("hhhhh", "It holds wherever S was tried, from 0 % to 100 %."),
        ("uuuuu", "The runs cannot tell wherever S was tried, from 0 % to 100 %."),
        ("fhhhf", "It holds while S is between 25 % and 75 % and fails where it is 0 % or is 100 %."),
        ("uuhuu", "It holds while S is 50 %; the runs cannot tell where it is at most 25 % or is at least 75 %."),
        ("uuuuf", "It fails where S is 100 %; it flips at about 75.2 %."),
    ],
)
def test_the_sentence_says_where_it_holds_and_where_it_does_not(states: str, told: str) -> None:
    assert live.sentence(cells(states), JUDGE, 0) == told.replace("S", JUDGE.says)


@pytest.mark.parametrize(
    ("knob", "value", "words"),
    [
        (JUDGE, 0.125, "12.5 %"),
        (DAYS, 1, "1 day"),
        (DAYS, 365, "365 days"),
        (Knob("x", "x", 0, -1, 1, 1), -0.5, "−0.5"),
    ],
)
def test_a_value_is_written_with_its_unit(knob: Knob, value: float, words: str) -> None:
    assert knob.written(value) == words


def test_the_place_of_a_flip_is_drawn_straight_between_two_neighbours() -> None:
    steep = [lab.Cell({"x": x}, mean, mean, mean, 5, "holds") for x, mean in ((0, 3.0), (10, 1.0), (20, -3.0))]
    assert live.crossings(steep, "x", 0) == [12.5]
    assert live.crossings(steep, "x", 2) == [5.0]
    assert live.crossings(steep, "x", 9) == []


def drawn(values: Mapping[str, float], seed: int) -> float:
    return values["height"] - values["width"] + lab.stream(seed).uniform(-0.1, 0.1)


TALL = Question(
    "jets/tall",
    0.25,
    (Knob("width", "the width", 1, 0, 2, 0.5), Knob("height", "the height", 1, 0, 2, 0.5)),
    "width",
    live.even(0, 2, 0.5),
    drawn,
    seeds=12,
    few=3,
)


def test_each_point_is_judged_by_the_rule_with_the_other_settings_where_they_are_published() -> None:
    seeds = range(6000, 6012)
    found = live.sweep(TALL, TALL.points, seeds)
    effects = [({"width": x}, [drawn({"width": x, "height": 1}, seed) for seed in seeds]) for x in TALL.points]
    assert found == lab.judge_cells(effects, 0.25)
    assert [cell.state for cell in found] == ["holds", "holds", "fails", "fails", "fails"]


def test_a_digest_is_of_what_comes_out_alike_everywhere() -> None:
    assert live.digest([0.1 + 0.2, 1]) == live.digest([0.3, 1.0])
    assert live.digest([-0.0]) == live.digest([0.0])
    assert live.digest([0.3]) != live.digest([0.300001])


def published(monkeypatch: pytest.MonkeyPatch, question: Question, claim: lab.Claim) -> list[Mapping[str, Any]]:
    outputs: list[Mapping[str, Any]] = []
    monkeypatch.setattr(display, "display", lambda data, **_: outputs.append(data))
    live.publish(question, claim)
    return outputs


def a_claim(name: str = "jets/tall", delta: float = 0.25) -> lab.Claim:
    return lab.judge_claim(
        name,
        comment="C01",
        statement="It is tall.",
        statistic="height less width",
        delta=delta,
        effects=[({}, [1.0])],
        used=range(1000, 1030),
    )


def test_what_is_published_can_be_drawn_and_says_which_numbers_a_reader_may_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outputs = published(monkeypatch, TALL, a_claim())
    told = next(data[live.BOUNDARY_TYPE] for data in outputs if live.BOUNDARY_TYPE in data)
    spec = next(data[lab.VEGA_TYPE] for data in outputs if lab.VEGA_TYPE in data)
    assert wrong_in_vega_lite(spec) == []
    assert [point["words"] for point in told["points"]] == ["0", "0.5", "1", "1.5", "2"]
    assert (told["seeds"], told["run"]["n"], [knob["name"] for knob in told["knobs"]]) == (
        "6000–6011",
        3,
        ["width", "height"],
    )
    assert told["run"]["digest"] == live.digest([drawn(TALL.published, seed) for seed in (6000, 6001, 6002)])
    result = next(data[lab.RESULT_TYPE] for data in outputs if lab.RESULT_TYPE in data)
    assert result["name"] == "flips-tall"
    assert result["value"] == pytest.approx(0.75, abs=0.1)


@pytest.mark.parametrize("claim", [a_claim("jets/wide"), a_claim(delta=0.5)])
def test_a_question_is_about_the_claim_it_names_and_the_size_that_would_matter(
    claim: lab.Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match="the question is about"):
        published(monkeypatch, TALL, claim)


def test_what_browsers_run_is_of_the_standard_library_alone() -> None:
    own = {"lab", "live", "models"}
    for path in (ROOT / "notebooks" / "live").glob("*.py"):
        names = re.findall(r"^(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert {name for name in names if name not in sys.stdlib_module_names} - own == set(), path.name


# --- the stored answers ----------------------------------------------------------------------------------------------


def stored() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Every stored boundary, with the claim as the same notebook judged it, by its id."""
    found = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        data = [output.get("data", {}) for cell in cells for output in cell.get("outputs", ())]
        claims = {each[lab.CLAIM_TYPE]["id"]: each[lab.CLAIM_TYPE] for each in data if lab.CLAIM_TYPE in each}
        for each in data:
            if live.BOUNDARY_TYPE in each:
                told = each[live.BOUNDARY_TYPE]
                found[told["claim"]] = (told, claims[told["claim"]])
    return found


STORED = stored()
every_boundary = pytest.mark.parametrize("name", sorted(STORED))


def test_every_question_is_asked_in_a_notebook() -> None:
    assert sorted(STORED) == sorted(QUESTIONS)
    assert len(STORED) >= 8


@every_boundary
def test_it_is_of_a_conditional_claim_and_shows_where_it_holds_and_where_it_fails(name: str) -> None:
    told, claim = STORED[name]
    assert claim["verdict"] == "conditional"
    assert {"holds", "fails"} <= {point["state"] for point in told["points"]}
    assert len(told["crossings"]) == 1


@every_boundary
def test_its_seeds_were_used_by_no_claim(name: str) -> None:
    told, claim = STORED[name]
    first, last = (int(re.findall(r"\d+", used)[end]) for used, end in ((told["seeds"], 0), (claim["seeds"], -1)))
    assert first == live.FIRST_SEED > last


@every_boundary
def test_its_sentence_and_its_states_follow_from_its_table(name: str) -> None:
    told, question = STORED[name][0], QUESTIONS[name]
    table = [
        lab.Cell({question.along: p["at"]}, p["mean"], p["lo"], p["hi"], p["n"], p["state"]) for p in told["points"]
    ]
    assert [lab.state_of(lab.Interval(c.mean, c.lo, c.hi, c.n), told["delta"]) for c in table] == [
        c.state for c in table
    ]
    assert told["sentence"] == live.sentence(table, question.axis, told["delta"])


@every_boundary
def test_the_run_that_a_browser_repeats_comes_out_as_stored(name: str) -> None:
    """To within the digits that interpreters and mathematical libraries agree on."""
    again = live.same(list(live.answers(QUESTIONS[name], QUESTIONS[name].published)))
    assert again == pytest.approx(STORED[name][0]["run"]["effects"], rel=1e-4, abs=1e-9)


SHARED: Mapping[str, tuple[str, Sequence[float]]] = {
    "art-as-sharing/sharing-binds": ("handing on = {}, room = 20", (0.1, 0.2, 0.5)),
    "catastrophe-reward/morale": ("ρ = {}, h = 0.01", (1.5, 2, 5, 20)),
    "confession-judge/cot-detects": ("recital = 0.6, gullibility = {}", (0.2, 0.5, 0.8)),
    "confession-judge/false-credit": ("recital = {}, gullibility = 0.5", (0.3, 0.6)),
    "confession-judge/graded": ("items = {}, price = 0.0", (1, 4, 8, 16)),
    "confession-judge/under-optimisation": ("gullibility = {}, pressure = 0.3", (0.2, 0.5, 0.8)),
    "outcome-vs-means/residual": ("hit rate = {}, hiding = 0.0, veto", (0.5, 0.9)),
    "persona-ecology/transmission": ("a = 0.3, s = {}", (0.1, 0.5, 0.9)),
    "relative-impact/intransitive": ("ω_c = {}", (0, 0.5, 1, 2, 4)),
    "relative-impact/magnitude-unknown": ("σ_c = {}", (0.5, 1, 2)),
    "relative-impact/self-comparison": ("Δ = {}", (1, 30, 365)),
    "reward-seeking/band-aid": ("ε = {}, transfer = 2 times the bound", (0.0, 0.2, 0.4)),
    "style-collapse/repetition": ("judge = any, c_r = {}", (0, 0.5, 1)),
    "style-collapse/strengthen": ("a = {}, s = 0.5", (1, 1.2, 1.5)),
}
"""Settings that the claim was judged in and the boundary was asked at: the model is one, and says the same."""


@pytest.mark.parametrize("name", sorted(SHARED))
def test_where_the_claim_was_judged_too_the_boundary_says_the_same(name: str) -> None:
    told, claim = STORED[name]
    words, values = SHARED[name]
    for value in values:
        judged = next(cell for cell in claim["cells"] if cell["setting"] == words.format(value))
        asked = next(point for point in told["points"] if point["at"] == value)
        assert {judged["state"], asked["state"]} != {"holds", "fails"}, (name, value)
        apart = max(judged["hi"] - judged["lo"], asked["hi"] - asked["lo"], 0.03)
        assert abs(judged["mean"] - asked["mean"]) <= apart, (name, value)
