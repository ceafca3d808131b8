"""The day on which each page last changed, from what the files say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest
from tests.conftest import CLAIMING_THREAD, FRAME, NOTEBOOK_HEAD, a_claim, a_result, notebook

from sitegraph.dates import day_in_words
from sitegraph.model import Site

if TYPE_CHECKING:
    from tests.conftest import Files

ESSAY = "---\ntitle: Calm\ndescription: An essay.\nthemes: [tests]\nwritten: 2026-11-02\n%s---\n\nText.\n"
JETS = notebook(
    (NOTEBOOK_HEAD % "Jets?").replace("2026-11-25", "2026-11-03"),
    ("race()\n", a_result("gap", 0.25), a_claim("faster", "open", "The jet is faster.")),
)
HISTORY = """\
{"date": "2026-11-03", "claim": "jets/faster", "before": "", "after": "supported"}
{"date": "2026-11-09", "claim": "jets/faster", "before": "supported", "after": "open"}
"""
FILES: Files = {
    **FRAME,
    "docs/essays/calm.md": ESSAY % "",
    "docs/threads/jet.md": CLAIMING_THREAD,
    "notebooks/jets.ipynb": JETS,
}


@pytest.fixture
def changed(assemble_site: Callable[[Files], Site]) -> Callable[..., Mapping[str, str]]:
    def of(**files: str) -> Mapping[str, str]:
        site = assemble_site({**FILES, **files})
        assert site.problems == ()
        return site.changed

    return of


Changed = Callable[..., Mapping[str, str]]


def test_a_page_changed_when_it_was_written_or_restated(changed: Changed) -> None:
    days = changed()
    assert days["docs/essays/calm.md"] == "2026-11-02"
    assert days["docs/threads/jet.md"] == "2026-11-01"
    assert days["notebooks/jets.ipynb"] == "2026-11-03"


def test_a_page_changed_when_it_says_so(changed: Changed) -> None:
    days = changed(**{"docs/essays/calm.md": ESSAY % "updated: 2026-11-05\n"})
    assert days["docs/essays/calm.md"] == "2026-11-05"


def test_a_claims_page_and_its_notebook_changed_with_its_verdict(changed: Changed) -> None:
    days = changed(**{"notebooks/verdicts.jsonl": HISTORY})
    assert days["docs/threads/jet.md"] == "2026-11-09"
    assert days["notebooks/jets.ipynb"] == "2026-11-09"
    assert days["docs/essays/calm.md"] == "2026-11-02"


def test_a_list_changed_with_the_newest_that_it_shows(changed: Changed) -> None:
    days = changed(**{"docs/essays/calm.md": ESSAY % "updated: 2026-11-05\n"})
    shown = {
        name: days[f"docs/{name}.md"] for name in ("essays/index", "threads/index", "notebooks", "claims", "index")
    }
    assert shown == {
        "essays/index": "2026-11-05",
        "threads/index": "2026-11-01",
        "notebooks": "2026-11-03",
        "claims": "2026-11-05",
        "index": "2026-11-05",
    }


def test_a_list_whose_own_text_is_newer_changed_with_that(changed: Changed) -> None:
    essays = FRAME["docs/essays/index.md"].replace("\n---\n", "\nupdated: 2026-11-20\n---\n", 1)
    assert changed(**{"docs/essays/index.md": essays})["docs/essays/index.md"] == "2026-11-20"


def test_of_a_page_that_tells_no_day_none_is_told(changed: Changed) -> None:
    assert "docs/about.md" not in changed()


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2026-11-24", "24 November 2026"),
        ("2026-01-02", "2 January 2026"),
        ("2026", "2026"),
        ("2026-13-01", "2026-13-01"),
    ],
)
def test_a_day_is_told_in_words(date: str, words: str) -> None:
    assert day_in_words(date) == words
