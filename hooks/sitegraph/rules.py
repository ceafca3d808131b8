"""The rules an author can break: each names what should be true, says why, and shows it broken and kept.

The page of rules is made of these values, and a test builds every example: the wrong one is told in the words given
here, and the right one is not told at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .model import Place, Problem


@dataclass(frozen=True)
class Example:
    """Files as an author writes them, by path: of a notebook, the code of one cell.

    A page that shows no front matter has three lines of it above its text, and around each example lie the files that
    it links and cites.
    """

    files: Mapping[str, str | bytes]
    stored: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)  # what the cell put out when it ran
    ran: str = ""  # the code of the cell as it ran, where it was changed since
    answered: str = field(default="", compare=False)  # the code of the question when `make live` asked it

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """The path and the text of each file; what is not UTF-8 as an editor shows it."""
        return tuple(
            (path, text.decode("utf-8", "replace") if isinstance(text, bytes) else text)
            for path, text in self.files.items()
        )

    @property
    def printed(self) -> str:
        """The text that the cell put out, no more of it than one line holds."""
        text = "".join(output.get("text", "") for output in self.stored)
        return f"{text[:60]}…" if len(text) > 60 else text


@dataclass(frozen=True)
class Rule:
    """What should be true, why, and an example of each."""

    name: str
    holds: str  # what is true where the rule is kept, in a sentence
    why: str
    wrong: Example
    told: str  # what the build says of the wrong example, without the name of the rule
    right: Example

    @property
    def mended(self) -> tuple[tuple[str, str], ...]:
        """The files of the right example that differ from those of the wrong one; all, where none does."""
        changed = tuple(file for file in self.right.shown if file not in self.wrong.shown)
        return changed or self.right.shown


_ESSAY = "docs/essays/here.md"
_OTHER = "docs/essays/there.md"
_THREAD = "docs/threads/there.md"
_OUTSIDE = "docs/essays/diary.md"
_BIB = "bib/more.bib"
_NOTEBOOK = "notebooks/jets.ipynb"
_HISTORY = "notebooks/verdicts.jsonl"

_THREAD_HEAD = """\
---
title: The jet
description: An airliner is faster than any runner.
kind: comment
speaker: Roman Belaire
answers: null
parent: unknown
source: C14
restated: 2026-11-24
themes: [meaning]
"""
_CLAIM = """\
claims:
  faster:
    says: The jet is faster.
"""
_TEXT = "---\n\nA runner meets a jet.\n"
_TESTED = f"{_THREAD_HEAD}{_CLAIM}    tested-by: jets\n{_TEXT}"


def _display(data: Mapping[str, Any], **metadata: Any) -> Mapping[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": metadata}


def _result(name: str, value: float) -> Mapping[str, Any]:
    about = {"name": name, "says": "by how much the jet is faster", "value": value, "decimals": 2}
    return _display({"application/vnd.notebook.result+json": about})


def _claim(verdict: str) -> Mapping[str, Any]:
    setting = {"setting": "in the air", "mean": 0.25, "lo": 0.2, "hi": 0.3, "n": 30, "state": "holds"}
    about = {"id": "jets/faster", "statement": "The jet is faster.", "verdict": verdict, "number": "gap"}
    return _display({"application/vnd.notebook.claim+json": {**about, "cells": [setting]}})


def _text(words: str) -> Mapping[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": words}


def _race(**data: Any) -> Mapping[str, Any]:
    about = {"name": "race", "alt": "The jet leads by far from the first second on.", "caption": "The jet leads."}
    return _display({"image/svg+xml": _DRAWING, "text/plain": about["alt"], **data}, figure=about)


def _boundary(claim: str, wind: float = 0.5) -> Mapping[str, Any]:
    at = {"mean": 0.25, "lo": 0.2, "hi": 0.3, "n": 30, "state": "holds"}
    knob = {"name": "wind", "says": "the wind", "value": wind, "low": 0, "high": 1, "step": 0.25}
    about = {
        "claim": claim,
        "module": "live.jets",
        "along": "wind",
        "knobs": [knob],
        "points": [{**at, "at": 0, "words": "0"}],
        "sentence": "It holds while the wind is at most 0.7 and fails where it is at least 0.8.",
        "statistic": "by how much the jet is faster",
        "figure": "race",
    }
    return _display({"application/vnd.notebook.boundary+json": about})


_VEGA = "application/vnd.vegalite.v6+json"
_SHOWS = 'show("race", {"mark": "bar", **bars}, alt=leads(rows), caption="The jet leads.")\n'
_DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect width="9"/></svg>'
_PUBLISHES = 'publish_result("gap", 0.25, "by how much the jet is faster")\n'
_JUDGES = 'publish_claim(faster, number=gap, right_if="jets were slow")\n'
_ASKS = "live.publish(asked.FASTER, faster)\n"
_ASKED = "notebooks/live/jets.py"
_KNOB = 'WIND = Knob("wind", "the wind", %s, low=0, high=1, step=0.25)\n'
_GAP = (_result("gap", 0.25),)
_JUDGED = (*_GAP, _claim("supported"))
_ASKING = (*_JUDGED, _race(), _boundary("jets/faster"))
_WORK = """\
@book{berlin1969liberty,
  author = {Berlin, Isaiah},
  title = {Four Essays on Liberty},
  publisher = {Oxford University Press},
  year = {1969},
}
"""
_CITES = {_ESSAY: "Values collide [@berlin1969liberty].\n"}
_PAGE = """\
---
title: Promises
description: What is kept of them.
themes: [meaning]
written: 2026-11-24
---

A promise is a debt.
"""
_WHOLE = """\
{
 "cells": [
  {
   "cell_type": "raw",
   "source": "---\\ntitle: Are jets faster?\\ndescription: A race.\\nthemes: [meaning]\\nwritten: 2026-11-24\\n---"
  },
  {
   "cell_type": "markdown",
   "source": "A runner meets a jet."
  }
 ]
}
"""


def _asked_in(code: str) -> dict[str, str | bytes]:
    """A claim that a notebook tests, and asks again in a file that says *code*."""
    return {_THREAD: _TESTED, _ASKED: code, _NOTEBOOK: _PUBLISHES + _JUDGES + _ASKS}


_EACH: Final = (
    Rule(
        "link-target-exists",
        "A link leads to a page or a file of this site.",
        "A reader who follows a link has asked for more, and should not be sent to an empty page.",
        Example({_ESSAY: "See [the jet](../threads/outruning-the-jet.md).\n"}),
        f"{_ESSAY}:4: no page '../threads/outruning-the-jet.md'; did you mean `../threads/outrunning-the-jet.md`?",
        Example({_ESSAY: "See [the jet](../threads/outrunning-the-jet.md), or [[outrunning-the-jet]].\n"}),
    ),
    Rule(
        "link-in-markdown",
        "A link is written in Markdown, so that the site can check it and list it on the other side.",
        "Only links that are read can become backlinks, and only those that are read can be found broken.",
        Example({_ESSAY: 'See <a href="../threads/outrunning-the-jet/">the jet</a>.\n'}),
        f"{_ESSAY}:4: a link to '../threads/outrunning-the-jet/' is written as HTML, where nothing can check it",
        Example({_ESSAY: "See [the jet](../threads/outrunning-the-jet.md).\n"}),
    ),
    Rule(
        "link-type-known",
        "The title of a link to a page is one of the link types.",
        "The other page lists the link under its type, so the type has to be one that it can name.",
        Example({_ESSAY: 'Not so [the jet](../threads/outrunning-the-jet.md "refutes").\n'}),
        f"{_ESSAY}:4: `refutes` is not a link type "
        "(one of supports, extends, answers, illustrates, qualifies, contradicts)",
        Example({_ESSAY: 'Not so [the jet](../threads/outrunning-the-jet.md "contradicts").\n'}),
    ),
    Rule(
        "anchor-exists",
        "The heading or claim that a link names is on the page it leads to.",
        "Headings get reworded, and a link to the old words would drop its reader at the top of the page.",
        Example({_ESSAY: "See [what was kept](small-promises.md#promises-kept).\n"}),
        f"{_ESSAY}:4: 'docs/essays/small-promises.md' has no heading `promises-kept`; did you mean `kept-promises`?",
        Example({_ESSAY: "See [what was kept](small-promises.md#kept-promises).\n"}),
    ),
    Rule(
        "citation-exists",
        "A cited key is in the bibliography.",
        "A number that stands for no work is worse than none: it looks like evidence.",
        Example({_ESSAY: "Lucidity comes first [@camus1942sisyphus].\n"}),
        f"{_ESSAY}:4: no work in bib/ has the key `camus1942sisyphus`; did you mean `camus1942sisyphe`?",
        Example({_ESSAY: "Lucidity comes first [@camus1942sisyphe].\n"}),
    ),
    Rule(
        "citation-well-formed",
        "A citation reads `[@key]`, `[@a; @b]` or `[see @a, pp. 3–5]`.",
        "What cannot be taken apart would stand in the text as it was typed.",
        Example({_ESSAY: "Lucidity comes first [@camus1942sisyphe; p. 12].\n"}),
        f"{_ESSAY}:4: `[@camus1942sisyphe; p. 12]` is not a citation: `p. 12` should read like `see @key, p. 3`",
        Example({_ESSAY: "Lucidity comes first [@camus1942sisyphe, p. 12].\n"}),
    ),
    Rule(
        "reference-valid",
        "A file of the bibliography can be read, and each entry has what its type needs.",
        "A reader who wants to check a work has to be able to find it.",
        Example({_BIB: _WORK.replace("  year = {1969},\n", ""), **_CITES}),
        f"{_BIB}:1: the book `berlin1969liberty` does not say its year",
        Example({_BIB: _WORK, **_CITES}),
    ),
    Rule(
        "reference-unique",
        "A key stands in the bibliography once.",
        "Of two entries one would win silently, and nobody could say which one a page cites.",
        Example({_BIB: f"{_WORK}\n{_WORK.replace('Four Essays on', 'Two Concepts of')}", **_CITES}),
        f"{_BIB}:8: the key `berlin1969liberty` stands here again, after {_BIB}:1",
        Example(
            {
                _BIB: f"{_WORK}\n{_WORK.replace('Four Essays on', 'Two Concepts of').replace('1969', '1958')}",
                _ESSAY: "Values collide [@berlin1969liberty], as he had said before [@berlin1958liberty].\n",
            }
        ),
    ),
    Rule(
        "reference-cited",
        "Every work in the bibliography is cited by some page.",
        "A bibliography of works that nobody leans on is a show of learning.",
        Example({_BIB: _WORK}),
        f"{_BIB}:1: no page cites `berlin1969liberty`",
        Example({_BIB: _WORK, **_CITES}),
    ),
    Rule(
        "front-matter-valid",
        "The front matter of a page has the fields that its kind needs, each in the right form.",
        "What stands there is what lists, feeds and search engines say of the page.",
        Example({_ESSAY: _PAGE.replace("[meaning]", "meaning")}),
        f"{_ESSAY}:4: `themes` should be a list of themes, like [meaning, motivation], but is `meaning`",
        Example({_ESSAY: _PAGE}),
    ),
    Rule(
        "hint-filled",
        "A hint that a new page begins with is replaced by words.",
        "A new page comes with hints, so that nobody faces an empty one; a reader should never meet them.",
        Example({_ESSAY: "TODO: begin with something that one can see.\n"}),
        f"{_ESSAY}:4: this hint waits for words: “begin with something that one can see.”",
        Example({_ESSAY: "An airliner passes over a man who runs.\n"}),
    ),
    Rule(
        "name-unique",
        "No two pages share a slug, title or alias; no two claims of a page share a name.",
        "A link by name has to lead to one page, and a reader has to be able to tell two pages apart.",
        Example({_ESSAY: _PAGE, _OTHER: _PAGE.replace("a debt", "a gift")}),
        f"{_OTHER}:2: {_ESSAY} is called `Promises` too",
        Example({_ESSAY: _PAGE, _OTHER: _PAGE.replace("a debt", "a gift").replace("Promises", "Gifts")}),
    ),
    Rule(
        "file-is-utf8",
        "A source file is UTF-8 text.",
        "Saved in another encoding, accents and dashes turn into other signs on another machine.",
        Example({_ESSAY: _PAGE.replace("a debt", "a cliché").encode("latin-1")}),
        f"{_ESSAY}:8: this file is not UTF-8: byte 0xe9 cannot be read",
        Example({_ESSAY: _PAGE.replace("a debt", "a cliché")}),
    ),
    Rule(
        "file-name-portable",
        "The name of a file can be that of a file on every machine.",
        "A name that one system refuses keeps everybody on that system from having the site at all.",
        Example({"docs/essays/aux.md": "A promise is a debt.\n"}),
        "docs/essays/aux.md:1: this file needs another name: Windows keeps the name `aux` for itself",
        Example({"docs/essays/auxiliaries.md": "A promise is a debt.\n"}),
    ),
    Rule(
        "file-in-repository",
        "A file of the site lies in the repository.",
        "A symbolic link can lead anywhere on the machine that builds, and what is there would be published.",
        Example({_OUTSIDE: "-> ../../../diary.md\n"}),
        f"{_OUTSIDE}:1: this is a symbolic link out of the repository, so it was left out",
        Example({_OUTSIDE: "A promise is a debt.\n"}),
    ),
    Rule(
        "settings-valid",
        "What `mkdocs.yml` says under `extra:` of this site is text.",
        "It stands on every page, in links that readers follow.",
        Example({"mkdocs.yml": "extra:\n  licence: 4.0\n"}),
        "mkdocs.yml:2: `licence` should be text: the address of the licence of the texts",
        Example({"mkdocs.yml": "extra:\n  licence: https://creativecommons.org/licenses/by/4.0/\n"}),
    ),
    Rule(
        "file-not-empty",
        "A page says something.",
        "Search, lists and neighbours would lead readers to a blank sheet.",
        Example({_ESSAY: _PAGE.replace("\nA promise is a debt.\n", "")}),
        f"{_ESSAY}:7: this page has front matter and no text",
        Example({_ESSAY: _PAGE}),
    ),
    Rule(
        "markdown-readable",
        "A text can be taken apart: each note says something, and no list, table or bracket goes on without end.",
        "What the parser cannot take apart would end the build, or take it an hour, for every other page too.",
        Example({_ESSAY: "An airliner[^faster] passes over a man who runs.\n\n[^faster]:\n"}),
        f"{_ESSAY}:6: the note `[^faster]` says nothing",
        Example({_ESSAY: "An airliner[^faster] passes over a man who runs.\n\n[^faster]: By far.\n"}),
    ),
    Rule(
        "maths-valid",
        "A formula is LaTeX that can be set.",
        "Formulas are set while the site is built, and one that cannot be set is shown as it was typed.",
        Example({_ESSAY: "The discount is $\\gama < 1$.\n"}),
        f'{_ESSAY}:4: the formula `\\gama < 1` cannot be set: Unknown command "\\gama"',
        Example({_ESSAY: "The discount is $\\gamma < 1$.\n"}),
    ),
    Rule(
        "notebook-readable",
        "A notebook is a notebook: JSON, with cells.",
        "A conflict that git left in the file is the usual cause, and half a notebook is none.",
        Example({_NOTEBOOK: '<<<<<<< HEAD\n{\n "cells": []\n}\n'}),
        f"{_NOTEBOOK}:1: this is not a notebook: Expecting value: line 1 column 1 (char 0)",
        Example({_NOTEBOOK: _WHOLE}),
    ),
    Rule(
        "notebook-ran",
        "A notebook was run to its end, and its outputs are stored in it.",
        "The build runs nothing: what readers see is what was stored, and what was reviewed.",
        Example({_NOTEBOOK: 'print("The jet won.")\n'}),
        f"{_NOTEBOOK}:1: this notebook has no outputs: run it with `make notebooks`",
        Example({_NOTEBOOK: 'print("The jet won.")\n'}, (_text("The jet won.\n"),)),
    ),
    Rule(
        "notebook-fresh",
        "The stored outputs of a notebook belong to its code, and to the files and packages it uses.",
        "A number beside code that did not produce it is a mistake that looks like evidence.",
        Example({_NOTEBOOK: "wings = 3\nprint(wings)\n"}, (_text("2\n"),), ran="wings = 2\nprint(wings)\n"),
        f"{_NOTEBOOK}:1: its code changed since the stored run; run `make notebooks`",
        Example({_NOTEBOOK: "wings = 3\nprint(wings)\n"}, (_text("3\n"),)),
    ),
    Rule(
        "output-small",
        "An output is small enough for a page.",
        "Nobody reads a million characters, and everybody who opens the page would have to load them.",
        Example({_NOTEBOOK: "print([0] * 400_000)\n"}, (_text(f"{[0] * 400_000}\n"),)),
        f"{_NOTEBOOK}:22: an output of this cell has over 1 000 000 characters, which no page can show",
        Example({_NOTEBOOK: "print(len([0] * 400_000))\n"}, (_text("400000\n"),)),
    ),
    Rule(
        "html-safe",
        "HTML in a text or an output is not active: no script, no style, nothing that is fetched.",
        "Pages are contributed by many hands, and none of them may run code in a reader's browser.",
        Example({_ESSAY: 'A <span onclick="run()">jet</span> passes.\n'}),
        f"{_ESSAY}:4: HTML in the text holds `onclick`, so it was left out",
        Example({_ESSAY: "A *jet* passes.\n"}),
    ),
    Rule(
        "figure-has-alt",
        "A figure says in words what it shows.",
        "Some readers hear the page, and some have the picture before them and still miss its point.",
        Example({_NOTEBOOK: "display(SVG(drawing))\n"}, (_display({"image/svg+xml": _DRAWING}),)),
        f"{_NOTEBOOK}:22: a figure of this cell has no words for those who do not see it; show it with `lab.show`",
        Example(
            {
                _NOTEBOOK: 'show("race", race_figure(rows), alt="The jet leads by far from the first second on.",\n'
                '     caption="The jet leads from the start.")\n'
            },
            (
                _display(
                    {"image/svg+xml": _DRAWING, "text/plain": "The jet leads by far from the first second on."},
                    figure={
                        "name": "race",
                        "alt": "The jet leads by far from the first second on.",
                        "caption": "The jet leads from the start.",
                    },
                ),
            ),
        ),
    ),
    Rule(
        "result-valid",
        "What a notebook publishes has a name, and numbers that are finite.",
        "Texts quote a result by its name, and a number that is none decides nothing.",
        Example(
            {_NOTEBOOK: 'publish_result("The gap", 0.25, "by how much the jet is faster")\n'},
            (_result("The gap", 0.25),),
        ),
        f"{_NOTEBOOK}:22: what this cell publishes cannot be read: "
        "`The gap` should be a name of small letters and hyphens, like `survival-gap`",
        Example({_NOTEBOOK: _PUBLISHES}, _GAP),
    ),
    Rule(
        "result-exists",
        "The result that a link or a claim names is published by its notebook.",
        "A quoted number can be checked only against a result that is there.",
        Example({_ESSAY: f"The jet led by [0.25](../../{_NOTEBOOK}#result-lead).\n", _NOTEBOOK: _PUBLISHES}, _GAP),
        f"{_ESSAY}:4: '{_NOTEBOOK}' has no result `result-lead`; did you mean `result-gap`?",
        Example({_ESSAY: f"The jet led by [0.25](../../{_NOTEBOOK}#result-gap).\n", _NOTEBOOK: _PUBLISHES}, _GAP),
    ),
    Rule(
        "number-matches-result",
        "A number in the words of a link to a result is that result, at the precision written.",
        "When a model changes, its numbers move, and no text should go on quoting the old ones.",
        Example({_ESSAY: f"The jet led by [0.35](../../{_NOTEBOOK}#result-gap).\n", _NOTEBOOK: _PUBLISHES}, _GAP),
        f"{_ESSAY}:4: `0.35` is not 0.25, which the result `gap` gives",
        Example({_ESSAY: f"The jet led by [a quarter](../../{_NOTEBOOK}#result-gap).\n", _NOTEBOOK: _PUBLISHES}, _GAP),
    ),
    Rule(
        "verdict-current",
        "A verdict in the words of a link to a claim is the verdict on that claim.",
        "A verdict may flip when a model is mended, and every sentence that tells it has to be read again.",
        Example(
            {
                _ESSAY: "That the jet is faster was [contradicted](../threads/there.md#claim-faster).\n",
                _THREAD: _TESTED,
                _NOTEBOOK: _PUBLISHES + _JUDGES,
            },
            _JUDGED,
        ),
        f"{_ESSAY}:4: `contradicted` is not the verdict on the claim `faster`, which is `supported`",
        Example(
            {
                _ESSAY: "That the jet is faster was [supported](../threads/there.md#claim-faster).\n",
                _THREAD: _TESTED,
                _NOTEBOOK: _PUBLISHES + _JUDGES,
            },
            _JUDGED,
        ),
    ),
    Rule(
        "claim-tested",
        "A claim is tested by a notebook, in the same words, or says what a test would take.",
        "A claim that nobody could test should not stand in the ledger beside those that were.",
        Example({_THREAD: f"{_THREAD_HEAD}{_CLAIM}{_TEXT}"}),
        f"{_THREAD}:12: nothing tests the claim `faster`: name a notebook under `tested-by`, "
        "or say under `test-would-take` what a test would need",
        Example({_THREAD: f"{_THREAD_HEAD}{_CLAIM}    test-would-take: A runner and a jet.\n{_TEXT}"}),
    ),
    Rule(
        "claim-made",
        "A claim that a notebook tests is made by some page.",
        "A test of what nobody said is a straw man.",
        Example({_NOTEBOOK: _PUBLISHES + _JUDGES}, _JUDGED),
        f"{_NOTEBOOK}:22: no page makes the claim `jets/faster` that is tested here",
        Example({_THREAD: _TESTED, _NOTEBOOK: _PUBLISHES + _JUDGES}, _JUDGED),
    ),
    Rule(
        "boundary-of-claim",
        "A boundary is that of a claim its notebook judges, and is drawn in a figure there.",
        "It stands beside the claim, and says where the verdict turns; beside another claim it would mislead.",
        Example(
            _asked_in("import math\n"),
            (*_JUDGED, _race(), _boundary("jets/fastest")),
        ),
        f"{_NOTEBOOK}:22: the boundary is of `jets/fastest`, which this notebook does not judge; "
        "did you mean `faster`?",
        Example(
            _asked_in("import math\n"),
            _ASKING,
        ),
    ),
    Rule(
        "figure-in-vega-lite",
        "The specification of a figure is Vega-Lite, so that it can be drawn in a browser.",
        "A reader who asks with other numbers is shown the same figure, drawn anew from that specification.",
        Example({_NOTEBOOK: _SHOWS.replace('"bar"', '"column"')}, (_race(**{_VEGA: {"mark": "column"}}),)),
        f"{_NOTEBOOK}:22: the figure `race` is no Vega-Lite: there is no mark `column`",
        Example({_NOTEBOOK: _SHOWS}, (_race(**{_VEGA: {"mark": "bar"}}),)),
    ),
    Rule(
        "live-imports",
        "Code that a reader’s browser runs imports the packed part of the standard library alone.",
        "What a reader has to fetch before the first answer is counted, and a package may not be there at all.",
        Example(_asked_in("import numpy\n"), _ASKING),
        f"{_ASKED}:1: a reader’s browser has the standard library alone, and `numpy` is no part of it",
        Example(_asked_in("import math\n"), _ASKING),
    ),
    Rule(
        "live-chance",
        "Code that a reader’s browser runs draws from a generator that is handed to it.",
        "Only then does the same seed give the same numbers there, and the page can say that it reproduced the run.",
        Example(_asked_in("import random\n\n\ndef gust():\n    return random.gauss(0, 1)\n"), _ASKING),
        f"{_ASKED}:5: `random.gauss` draws from the generator that all share; draw from one that is handed in",
        Example(_asked_in("\n\ndef gust(chance):\n    return chance.gauss(0, 1)\n"), _ASKING),
    ),
    Rule(
        "live-on-grid",
        "A setting of the published run is one at which its slider can stand.",
        "A reader who moves a slider and moves it back should be where the notebook was.",
        Example(_asked_in(_KNOB % "0.3"), (*_JUDGED, _race(), _boundary("jets/faster", wind=0.3))),
        f"{_NOTEBOOK}:22: `wind` is 0.3 in the published run of `faster`, where no slider from 0 to 1 "
        "in steps of 0.25 can stand",
        Example(_asked_in(_KNOB % "0.5"), _ASKING),
    ),
    Rule(
        "live-current",
        "What `make live` noted of a question belongs to the code of today.",
        "The page compares a reader’s run with that note, and an old one would call a good browser a bad one.",
        Example(_asked_in("HEADWIND = 2\n"), _ASKING, answered="HEADWIND = 1\n"),
        f"{_NOTEBOOK}:22: `live.jets` changed since `make live` asked about `faster`; run it again",
        Example(_asked_in("HEADWIND = 1\n"), _ASKING, answered="HEADWIND = 1\n"),
    ),
    Rule(
        "history-valid",
        "Each line of `notebooks/verdicts.jsonl` tells a day, a claim, and its verdict before and after.",
        "The file tells when a verdict changed, and `make notebooks` writes it; a line that was edited by hand may not "
        "follow from the one before.",
        Example({_HISTORY: '{"date": "2026-11-24", "claim": "jets/faster", "after": "supported"}\n'}),
        f"{_HISTORY}:1: this line is not a change of a verdict: it should have the fields date, claim, before, after",
        Example({_HISTORY: '{"date": "2026-11-24", "claim": "jets/faster", "before": "", "after": "supported"}\n'}),
    ),
    Rule(
        "history-current",
        "The history of verdicts ends in what the stored notebooks say.",
        "Otherwise the day on which a verdict became another is lost.",
        Example(
            {
                _HISTORY: '{"date": "2026-11-24", "claim": "jets/faster", "before": "", "after": "open"}\n',
                _THREAD: _TESTED,
                _NOTEBOOK: _PUBLISHES + _JUDGES,
            },
            _JUDGED,
        ),
        f"{_HISTORY}:1: the history ends with `open` for the claim `jets/faster`, and the stored verdict is "
        "`supported`; run `make notebooks`",
        Example(
            {
                _HISTORY: '{"date": "2026-11-24", "claim": "jets/faster", "before": "", "after": "open"}\n'
                '{"date": "2026-11-25", "claim": "jets/faster", "before": "open", "after": "supported"}\n',
                _THREAD: _TESTED,
                _NOTEBOOK: _PUBLISHES + _JUDGES,
            },
            _JUDGED,
        ),
    ),
    Rule(
        "topic-exists",
        "A summary that an author gives for a topic is for one that the pages fall into.",
        "Topics are computed anew when pages change, and a summary of one that is gone would be shown nowhere.",
        Example(
            {
                "docs/topics.md": "---\ntitle: Topics\ntemplate: topics.html\nsummaries:\n"
                "  runners: Those who run although a jet is faster.\n---\n\nWhat belongs together.\n"
            }
        ),
        "docs/topics.md:5: no topic is called `runners`; there are none",
        Example({"docs/topics.md": "---\ntitle: Topics\ntemplate: topics.html\n---\n\nWhat belongs together.\n"}),
    ),
    Rule(
        "speaker-has-source",
        "A paragraph of an essay that tells what the speaker says links the thread where it is said.",
        "Whoever is told what somebody holds should be able to see where he says it.",
        Example({_ESSAY: "Belaire holds that acceptance comes first.\n"}),
        f"{_ESSAY}:4: this paragraph tells what Belaire says, and links no thread where it is said",
        Example({_ESSAY: "Belaire holds that [acceptance comes first](../threads/outrunning-the-jet.md).\n"}),
    ),
)

RULES: Final[Mapping[str, Rule]] = {rule.name: rule for rule in _EACH}


def not_text(path: str, found: tuple[int, str] | None) -> tuple[Problem, ...]:
    """That a file holds a character that is none of a text: *found* is its line and its name."""
    if not found:
        return ()
    sentence = f"this file is not text: it holds the character {found[1]}, which was left out"
    return (problem("file-is-utf8", Place(path, found[0]), sentence),)


def problem(rule: str, place: Place, sentence: str) -> Problem:
    """A mistake against *rule*; a rule that is not in RULES is a programmer's mistake and raises KeyError."""
    return Problem(place, sentence, RULES[rule].name)
