"""Mistakes that only show when all files are seen together, and files that nobody meant to write.

Whatever stands in a file, it is told with its place and its rule, and the rest of the site is built.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from tests.conftest import LINKS_OUT, NOTEBOOK_HEAD, notebook, output

from importing.receive import receive, text_in
from importing.values import Received
from sitegraph.model import Problem, Site
from sitegraph.notebooks import CLAIM_TYPE, RESULT_TYPE

if TYPE_CHECKING:
    from tests.conftest import Files

CASES = Path(__file__).parent / "cases" / "problems"
SECONDS = 15
"""What a file may take of a processor, however it was spoilt. On an idle machine none takes more than six."""

GOOD = {"docs/good.md": "---\ntitle: Nothing is wrong here\n---\n\nA runner meets a jet.\n"}


def drawn(files: Mapping[str, Any]) -> dict[str, str | bytes]:
    """The files of a case: what is long is told by what it repeats, and a notebook by its cells."""
    return {path: _drawn(content) for path, content in files.items()}


def _drawn(content: Any) -> str | bytes:
    if isinstance(content, dict) and "repeat" in content:
        return f"{content.get('before', '')}{content['repeat'] * content['times']}{content.get('after', '')}"
    if isinstance(content, dict):
        cells = [cell if isinstance(cell, str) else (cell[0], *map(_output, cell[1:])) for cell in content["cells"]]
        return notebook(NOTEBOOK_HEAD % "A question of its own", *cells)
    assert isinstance(content, str | bytes)
    return content


def _output(told: Mapping[str, Any]) -> Mapping[str, Any]:
    if "output" in told:
        return dict(told["output"])
    return output({{"result": RESULT_TYPE, "claim": CLAIM_TYPE}[kind]: value for kind, value in told.items()})


def imported(files: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with files to import."""
    problems: list[Problem] = []
    for path, content in drawn(files).items():
        text = text_in(path, content.encode() if isinstance(content, str) else content)
        received = text if isinstance(text, Received) else receive(path, text)
        problems += received.problems
    return problems


def test_every_mistake_is_told_with_its_place_and_the_rest_is_built(
    case: Any, assemble_site: Callable[[Files], Site]
) -> None:
    begun = time.process_time()
    if "import" in case:
        problems = imported(case["import"])
    else:
        files = {**drawn(case["files"]), **GOOD}
        site = assemble_site(files)
        problems = list(site.problems)
        pages = {path for path in files if path.endswith((".md", ".ipynb")) and files[path] not in LINKS_OUT}
        assert site.leaves.keys() == pages
        assert site.leaves["docs/good.md"].html == "<p>A runner meets a jet.</p>"
    assert [str(problem) for problem in problems] == case.get("problems", [])
    assert time.process_time() - begun < SECONDS


_SUGGESTION = re.compile(r"; did you mean `[^`]*`\?")
"""What is nearest to a wrong name depends on what else there is."""
_NEIGHBOURLY = frozenset(("name-unique", "reference-cited"))
"""Rules of what stands beside a file: other cases are beside it here."""


def small(content: Any) -> bool:
    return not isinstance(content, dict) or content.get("times", 0) * len(content.get("repeat", "")) < 20_000


def all_at_once() -> tuple[dict[str, str | bytes], list[str]]:
    """The files of all cases that can stand beside each other, and what is wrong with them."""
    files: dict[str, str | bytes] = {}
    problems: list[str] = []
    for path in sorted(CASES.glob("*.yml")):
        case = yaml.safe_load(path.read_text(encoding="utf-8"))
        told = case.get("files", {})
        if not told or files.keys() & told.keys() or "mkdocs.yml" in told or not all(map(small, told.values())):
            continue
        if any(file.startswith("bib/") or file == "docs/about.md" for file in told) and path.stem[:3] != "bib":
            continue
        files |= drawn(told)
        problems += case.get("problems", [])
    return files, problems


@pytest.mark.build
def test_one_build_tells_all_that_is_wrong_and_builds_the_rest(
    build_site: Callable[..., Path], caplog: pytest.LogCaptureFixture
) -> None:
    files, expected = all_at_once()
    pages = [path for path in files if path.endswith((".md", ".ipynb"))]
    assert len(pages) > 80
    with caplog.at_level(logging.WARNING):
        root = build_site({**files, **GOOD})
    told = [record.getMessage() for record in caplog.records if record.name.startswith("mkdocs")]

    def plain(lines: list[str]) -> set[str]:
        kept = (line for line in lines if line.rpartition("[")[2].rstrip("]") not in _NEIGHBOURLY)
        return {_SUGGESTION.sub("", line) for line in kept}

    assert plain(told) == plain(expected)
    site = root / "site"
    assert "A runner meets a jet." in (site / "good" / "index.html").read_text(encoding="utf-8")
    missing = []
    for path in pages:
        place = path.removeprefix("docs/").rpartition(".")[0].removesuffix("index")
        if not (site / place / "index.html").is_file() and files[path] not in LINKS_OUT:
            missing.append(path)
    assert missing == []
