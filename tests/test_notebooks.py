"""Notebooks as contributed files: what is read off them, and what is wrong with them, each with its place."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import NOTEBOOK_HEAD, a_claim, a_figure, a_result, notebook, output

from sitegraph.model import Site
from sitegraph.notebooks import code_only, read_notebook

if TYPE_CHECKING:
    from tests.conftest import Files

HEAD = NOTEBOOK_HEAD % "Do jets race?"
PATH = "notebooks/jets.ipynb"

THREAD = """\
---
title: Outrunning the jet
description: A thread.
kind: comment
speaker: Roman Belaire
answers: null
parent: unknown
source: C14
restated: 2026-11-24
themes: [tests]
claims:
  faster:
    says: The jet is faster.
    tested-by: jets
---

Text, see [the notebook](../../notebooks/jets.ipynb).
"""

ESSAY_HEAD = """\
---
title: Essay
description: An essay.
themes: [tests]
written: 2026-11-25
---
"""

GOOD = (
    HEAD,
    "The jet won by [0.25](#result-gap).\n",
    "## Limits of jets\n\nOf course.\n",
    ("# Race\nrace()\n", a_result("gap", 0.25, lo=0.2, hi=0.3), a_claim("faster", "supported", "The jet is faster.")),
    ("show()\n", a_figure("race")),
)


def problems(text: str | bytes) -> list[str]:
    """What is wrong with the notebook *text* as a file, before anything around it is known."""
    return [str(found) for found in read_notebook(PATH, text if isinstance(text, bytes) else text.encode()).problems]


def line_of(piece: str, text: str) -> int:
    """The line of *text* that holds *piece*."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if piece in line)


@pytest.fixture
def site_of(assemble_site: Callable[[Files], Site]) -> Callable[..., Site]:
    """A site of one thread with a claim and the notebook that tests it."""

    def made(text: str, files: Files | None = None) -> Site:
        return assemble_site({"docs/threads/outrunning-the-jet.md": THREAD, PATH: text, **(files or {})})

    return made


def test_a_notebook_that_is_well_is_read_without_a_word(site_of: Callable[..., Site]) -> None:
    site = site_of(notebook(*GOOD))
    assert [str(found) for found in site.problems] == []
    leaf = site.leaves[PATH]
    assert leaf.page.title == "Do jets race?"
    assert leaf.notebook
    assert [cell.label for cell in leaf.notebook.cells] == ["Race", ""]
    assert leaf.notebook.results["gap"].interval == "0.20 to 0.30"
    assert [heading.text for heading in leaf.headings] == ["Limits of jets"]
    assert {found.limits for found in site.judged} == {"limits-of-jets"}


@pytest.mark.parametrize("opening", [("Opening.\n", "## First\n\nText.\n"), ("Opening.\n\n## First\n\nText.\n",)])
def test_the_answer_stands_between_the_opening_and_the_first_heading(
    opening: tuple[str, ...], site_of: Callable[..., Site]
) -> None:
    page = site_of(notebook(HEAD, *opening, *GOOD[3:])).leaves[PATH].html
    assert page.index("Opening.") < page.index('data-cell="answer"') < page.index("First")


def test_quotes_in_what_is_published_are_set_as_in_prose() -> None:
    text = notebook(HEAD, ("race()\n", a_result("gap", 1.0, says="the jet's 'lead' ('so far')")))
    assert read_notebook(PATH, text.encode()).notebook.results["gap"].says == "the jet’s ‘lead’ (‘so far’)"


def test_a_claim_carries_the_verdict_of_its_notebook(site_of: Callable[..., Site]) -> None:
    (found,) = site_of(notebook(*GOOD)).judged
    assert (found.claim.name, found.verdict, found.number and found.number.written) == ("faster", "supported", "0.25")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "notebooks/jets.ipynb:1: this is not a notebook: Expecting value: line 1 column 1 (char 0)"),
        ('{"cells":\n[', "notebooks/jets.ipynb:2: this is not a notebook: Expecting value: line 2 column 2 (char 11)"),
        ("{}", "notebooks/jets.ipynb:1: this is not a notebook: it has no list of cells"),
        ("[]", "notebooks/jets.ipynb:1: this is not a notebook: it has no list of cells"),
        (
            '{"cells": [3]}',
            "notebooks/jets.ipynb:1: this is not a notebook: one of its cells is neither code nor Markdown",
        ),
        (b"\xff\xfe\x00", "notebooks/jets.ipynb:1: this is not a notebook: 'utf-8' codec can't decode byte 0xff"),
    ],
)
def test_what_is_not_a_notebook_is_reported_and_the_rest_stands(
    text: str | bytes, told: str, site_of: Callable[..., Site]
) -> None:
    site = site_of(text)
    readable = [str(found) for found in site.problems if found.rule == "notebook-readable"]
    assert len(readable) == 1
    assert readable[0].startswith(told)
    assert "docs/threads/outrunning-the-jet.md" in site.leaves


def test_a_notebook_that_never_ran_is_reported_once(site_of: Callable[..., Site]) -> None:
    found = site_of(notebook(HEAD, "Text.\n", ("race()\n",))).problems
    assert [wrong.rule for wrong in found if wrong.place.path == PATH] == ["notebook-ran"]


def test_a_cell_that_stopped_is_reported_on_its_line() -> None:
    error = {
        "output_type": "error",
        "ename": "ValueError",
        "evalue": "no fuel",
        "traceback": ["\x1b[31mno fuel\x1b[0m"],
    }
    text = notebook(HEAD, ("take_off()\n", error))
    line = line_of("take_off", text)
    assert problems(text) == [f"{PATH}:{line}: this cell stopped with ValueError: no fuel [notebook-ran]"]


@pytest.mark.parametrize("value", [math.nan, math.inf, None, "0.3", True])
def test_a_result_that_is_no_finite_number_is_reported(value: Any) -> None:
    text = notebook(HEAD, ("publish()\n", a_result("gap", value)))
    line = line_of("publish()", text)
    sentence = f"what this cell publishes cannot be read: `gap` is {value}, not a finite number"
    assert problems(text) == [f"{PATH}:{line}: {sentence} [result-valid]"]


def test_what_is_published_under_one_name_twice_is_reported() -> None:
    text = notebook(
        HEAD,
        ("first()\n", a_result("gap", 1.0), a_claim("faster", "open", "x"), a_figure("race")),
        ("second()\n", a_result("gap", 2.0), a_claim("faster", "open", "x"), a_figure("race")),
    )
    line = line_of("second()", text)
    assert problems(text) == [
        f"{PATH}:{line}: this notebook publishes the {kind} `{name}` twice [name-unique]"
        for kind, name in (("result", "gap"), ("claim", "faster"), ("figure", "race"))
    ]


def test_a_claim_that_no_page_makes_is_reported(site_of: Callable[..., Site]) -> None:
    text = notebook(*GOOD, ("more()\n", a_claim("louder", "open", "The jet is louder.")))
    line = line_of("more()", text)
    told = f"{PATH}:{line}: no page makes the claim `jets/louder` that is tested here [claim-made]"
    assert [str(found) for found in site_of(text).problems] == [told]


def test_a_claim_in_other_words_than_were_tested_is_reported(site_of: Callable[..., Site]) -> None:
    text = notebook(HEAD, ("race()\n", a_result("gap", 1.0), a_claim("faster", "open", "The runner is slower.")))
    found = [str(wrong) for wrong in site_of(text).problems]
    assert found == [
        "docs/threads/outrunning-the-jet.md:12: notebooks/jets.ipynb tested the claim `faster` in other words: "
        "“The runner is slower.” [claim-tested]"
    ]


def test_a_claim_decided_by_a_result_that_is_not_there_is_reported(site_of: Callable[..., Site]) -> None:
    text = notebook(HEAD, ("race()\n", a_result("gap", 1.0), a_claim("faster", "open", "The jet is faster.", "gab")))
    found = [str(wrong) for wrong in site_of(text).problems]
    line = line_of("race()", text)
    assert found == [
        f"{PATH}:{line}: the claim `faster` is decided by `gab`, which is no result of this notebook; "
        "did you mean `gap`? [result-exists]"
    ]


@pytest.mark.parametrize(
    ("html", "removed"),
    [
        ("<p>Fine</p><script>alert(1)</script>", "`<script`"),
        ("<p onclick='alert(1)'>Fine</p>", "`onclick`"),
        ("<p>Fine</p><img src=x onerror=alert(1)>", "`<img`"),
        ("<style>p{}</style><p>Fine</p>", "`<style`"),
        ('<p>Fine <a href="javascript:alert(1)">x</a></p>', "an address that runs code"),
        ("<svg><script>alert(1)</script></svg><p>Fine</p>", "`<svg`"),
        ("<iframe src='//x.org'></iframe><p>Fine</p>", "`<iframe`"),
    ],
)
def test_what_is_active_in_an_output_is_taken_out_and_reported(html: str, removed: str) -> None:
    text = notebook(HEAD, ("table()\n", output({"text/html": html})))
    line = line_of("table()", text)
    told = f"{PATH}:{line}: an output of this cell holds {removed}, which was taken out [html-safe]"
    assert problems(text) == [told]
    (cell,) = read_notebook(PATH, text.encode()).notebook.cells
    assert "Fine" in cell.outputs[0].value
    assert not any(word in cell.outputs[0].value for word in ("alert", "<style", "<img", "<iframe"))


def test_a_script_as_an_output_of_its_own_is_left_out_and_reported() -> None:
    text = notebook(HEAD, ("run()\n", output({"application/javascript": "alert(1)", "text/plain": "a widget"})))
    (told,) = problems(text)
    assert told.endswith("an output of this cell is JavaScript, which was left out [html-safe]")


def test_a_table_passes_untouched() -> None:
    html = "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>"
    text = notebook(HEAD, ("table()\n", output({"text/html": html})))
    assert problems(text) == []
    (cell,) = read_notebook(PATH, text.encode()).notebook.cells
    assert cell.outputs[0].value == html


@pytest.mark.parametrize(
    ("drawing", "why"),
    [
        ("<svg><script>x</script></svg>", "it holds <svg>"),
        ('<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>', "it holds <script>"),
        ('<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>', "it has an attribute `onload`"),
        ('<svg xmlns="http://www.w3.org/2000/svg"><g style="fill:url(http://x.org/a)"/></svg>', "it asks for a file"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>', "it declares entities"),
        ("<svg", "it is not SVG: unclosed token: line 1, column 0"),
    ],
)
def test_a_drawing_with_anything_active_in_it_is_left_out_and_reported(drawing: str, why: str) -> None:
    text = notebook(HEAD, ("show()\n", a_figure("race", drawing)))
    line = line_of("show()", text)
    assert problems(text) == [f"{PATH}:{line}: the figure `race` was left out: {why} [html-safe]"]


@pytest.mark.parametrize(
    "data",
    [{"image/png": "aGVsbG8="}, {"image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg"/>'}],
)
def test_a_figure_without_words_is_reported(data: Mapping[str, str]) -> None:
    (told,) = problems(notebook(HEAD, ("show()\n", output(data))))
    assert told.endswith("has no words for those who do not see it; show it with `lab.show` [figure-has-alt]")


def test_an_output_of_twenty_megabytes_is_left_out_and_reported() -> None:
    big = {"output_type": "stream", "name": "stdout", "text": "x" * 20_000_000}
    text = notebook(HEAD, ("shout()\n", big), ("whisper()\n", a_result("gap", 1.0)))
    (told,) = problems(text)
    assert told.endswith("has over 1 000 000 characters, which no page can show [output-small]")
    assert len(code_only(read_notebook(PATH, text.encode()).notebook)) < 1000


def test_mistakes_in_a_notebooks_prose_have_the_line_of_the_file(site_of: Callable[..., Site]) -> None:
    prose = "## Heading\n\nSee [the jet](../docs/threads/outruning-the-jet.md) and “[@nobody2000]”.\n"
    text = notebook(HEAD.replace("[tests]", "tests"), "First.\n", prose, *GOOD[3:])
    found = {(wrong.rule, wrong.place.line) for wrong in site_of(text).problems if wrong.place.path == PATH}
    link = line_of("outruning", text)
    assert found == {
        ("front-matter-valid", line_of("themes: tests", text)),
        ("link-target-exists", link),
        ("citation-exists", link),
    }


def test_a_wrong_number_and_a_wrong_verdict_are_reported_where_they_are_written(site_of: Callable[..., Site]) -> None:
    essay = f"""{ESSAY_HEAD}
The jet wins by [0.35](../../notebooks/jets.ipynb#result-gap),
so the claim is [contradicted](../threads/outrunning-the-jet.md#claim-faster),
or [0.25](../../notebooks/jets.ipynb#result-gab), or rightly
[supported](../../notebooks/jets.ipynb#claim-faster) by [a quarter](../../notebooks/jets.ipynb#result-gap).
"""
    site = site_of(notebook(*GOOD), {"docs/essays/essay.md": essay})
    assert [str(found) for found in site.problems] == [
        "docs/essays/essay.md:8: `0.35` is not 0.25, which the result `gap` gives [number-matches-result]",
        "docs/essays/essay.md:9: `contradicted` is not the verdict on the claim `faster`, which is `supported` "
        "[verdict-current]",
        "docs/essays/essay.md:10: 'notebooks/jets.ipynb' has no result `result-gab`; did you mean `result-gap`? "
        "[result-exists]",
    ]


def test_a_notebook_whose_code_changed_is_stale_and_so_are_its_claims(site_of: Callable[..., Site]) -> None:
    text = notebook(*GOOD).replace("race()", "race(2)")
    site = site_of(text)
    assert [str(found) for found in site.problems] == [
        f"{PATH}:1: its code changed since the stored run; run `make notebooks` [notebook-fresh]"
    ]
    assert [found.verdict for found in site.judged] == ["stale"]


def test_a_quick_run_is_not_for_publication(site_of: Callable[..., Site]) -> None:
    (found,) = site_of(notebook(*GOOD, profile="quick")).problems
    assert found.rule == "notebook-fresh"


def test_who_quotes_the_deciding_number_leans_on_the_claim(site_of: Callable[..., Site]) -> None:
    essay = f"{ESSAY_HEAD}\nBy [0.25](../../notebooks/jets.ipynb#result-gap).\n"
    site = site_of(notebook(*GOOD), {"docs/essays/essay.md": essay})
    assert [page.path for page in site.leaning(site.judged[0])] == ["docs/essays/essay.md"]


def test_a_figure_stands_in_an_essay_where_it_is_linked_alone(site_of: Callable[..., Site]) -> None:
    essay = f"""{ESSAY_HEAD}
[How they race](../../notebooks/jets.ipynb#figure-race "figure")

Words and [a link](../../notebooks/jets.ipynb#result-gap "figure").
"""
    site = site_of(notebook(*GOOD), {"docs/essays/essay.md": essay})
    page = site.leaves["docs/essays/essay.md"].html
    assert '<img class="figure-light" src="../../notebooks/jets/figure-race.svg" alt="What race shows"' in page
    assert (
        '<figcaption><a data-preview="" href="../../notebooks/jets/#figure-race">How they race</a></figcaption>' in page
    )
    assert [str(found) for found in site.problems] == [
        "docs/essays/essay.md:10: a link with the title `figure` leads to a notebook's figure, like "
        "'…/jet.ipynb#figure-learning' [link-type-known]"
    ]


def test_the_verdict_stands_beside_a_link_to_a_claim_unless_its_words_say_it(site_of: Callable[..., Site]) -> None:
    essay = f"""{ESSAY_HEAD}
[The claim](../threads/outrunning-the-jet.md#claim-faster)
is [supported](../threads/outrunning-the-jet.md#claim-faster).
"""
    page = site_of(notebook(*GOOD), {"docs/essays/essay.md": essay}).leaves["docs/essays/essay.md"].html
    assert page.count('<span class="verdict verdict--supported">supported</span>') == 1


def test_a_notebook_is_named_by_its_file_so_that_an_essay_may_have_the_same_slug(site_of: Callable[..., Site]) -> None:
    essay = "---\ntitle: Jets\ndescription: x\nthemes: [t]\nwritten: 2026-11-25\n---\n\n[[jets.ipynb]] and [[jets]].\n"
    site = site_of(notebook(*GOOD), {"docs/essays/jets.md": essay})
    assert [str(found) for found in site.problems] == []
    assert 'href="../../notebooks/jets/">Do jets race?</a>' in site.leaves["docs/essays/jets.md"].html


def test_what_is_rendered_for_the_page_holds_code_and_no_prose() -> None:
    copy = json.loads(code_only(read_notebook(PATH, notebook(*GOOD).encode()).notebook))
    assert [cell["source"] for cell in copy["cells"]] == ["# Race\nrace()\n", "show()\n"]
    assert [cell["outputs"] for cell in copy["cells"]] == [[], []]
