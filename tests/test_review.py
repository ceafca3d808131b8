"""What a change does to the site, told from the graph before and the graph after."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.conftest import CLAIMING_THREAD, NOTEBOOK_HEAD, Files, a_claim, a_result, notebook

from sitegraph.graph_json import graph_json
from sitegraph.model import Publication, Site
from sitegraph.review import Built, review

ROOT = Path(__file__).parent.parent
ADDRESS = "https://example.org/"
SOURCES = "https://example.org/sources"
NOTHING = "# What this changes\n\nNo verdict, number, claim, link or citation is different.\n"


def built(side: Mapping[str, Any]) -> Built:
    """A side of a case, with what every node has filled in."""
    nodes = [{"address": f"{ADDRESS}{node['id'].removeprefix('./')}", **node} for node in side.get("nodes", ())]
    graph = {"nodes": nodes, "edges": side.get("edges", []), "mistakes": side.get("mistakes", [])}
    return Built(graph, side.get("sizes", {}))


def test_a_change_is_told(case: Any) -> None:
    assert review(built(case["base"]), built(case["head"]), case.get("source", "")) == case["report"]


def test_nothing_is_told_of_a_site_compared_with_itself(case: Any) -> None:
    side = built({**case["head"], "mistakes": []})
    assert review(side, side) == NOTHING


def test_a_graph_of_the_first_version_can_be_compared() -> None:
    side = Built({"version": "1.0", "nodes": [], "edges": []})
    assert review(side, side) == NOTHING


ESSAY = """\
The jet [leads by 0.25](../../notebooks/jets.ipynb#result-gap), and is faster for {word}
[as he says](../threads/jet.md#claim-faster "{type}").
"""


def site_files(value: float, verdict: str, type_: str, statement: str = "The jet is faster.") -> Files:
    """A small site in which a notebook says *value* and *verdict*, and an essay links the claim with that type."""
    gap, claim = a_result("gap", value), a_claim("faster", verdict, statement, condition="Above the clouds.")
    return {
        "docs/essays/small-promises.md": ESSAY.format(word="it", type=type_),
        "docs/threads/jet.md": CLAIMING_THREAD.replace("The jet is faster.", statement),
        "notebooks/jets.ipynb": notebook(NOTEBOOK_HEAD % "Are jets faster?", ("race()", gap, claim)),
    }


def test_what_a_build_writes_is_what_is_compared(assemble_site: Callable[[Files], Site]) -> None:
    publication = Publication("Said", "A site.", ADDRESS, "en", "https://example.org/by/")

    def side(files: Files) -> Built:
        return Built(json.loads(graph_json(assemble_site(files), publication)))

    base = side(site_files(0.25, "supported", "supports"))
    head = side(site_files(0.75, "conditional", "qualifies", "The jet is faster than he."))
    report = review(base, head, SOURCES)
    assert report.startswith(
        "# What this changes\n\n1 verdict flipped, 1 number moved, 1 claim changed, 1 link or citation was lost "
        "and 1 mistake is new.\n"
    )
    assert "was *supported* and is *under conditions*: Above the clouds." in report
    assert "was 0.25 and is 0.75. It is quoted in [Small promises]" in report
    assert "Reworded: “The jet is faster.” is now “[The jet is faster than he.]" in report
    assert "qualifies, and no longer supports, [The jet is faster than he.]" in report
    assert f"[`docs/essays/small-promises.md:4`]({SOURCES}/docs/essays/small-promises.md#L4)" in report
    assert "which the result \\`gap\\` gives \\[number-matches-result\\]" in report


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script behind `make review`."""
    spec = spec_from_file_location("review_script", ROOT / ".ci" / "review.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def repository(draw_folder: Callable[..., Path]) -> Path:
    """A repository of a small site, changed since its commit; its notebook would leave a mark if it were run."""
    folder = draw_folder(site_files(0.25, "supported", "supports"))
    (folder / ".gitignore").write_text(".cache\n")
    (folder / "bib/.gitkeep").touch()  # a folder that is empty is not in a commit
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Before")
    mark = f"open({str(folder / 'ran')!r}, 'w')"
    changed = {**site_files(0.75, "conditional", "qualifies"), "docs/threads/new.md": "A new thread.\n"}
    changed["notebooks/jets.ipynb"] = str(changed["notebooks/jets.ipynb"]).replace("race()", mark)
    draw_folder(changed, folder)
    return folder


@pytest.mark.build
def test_a_branch_is_compared_with_the_files_that_are_here_and_no_notebook_is_run(
    script: ModuleType, repository: Path
) -> None:
    report = script.main(repository, "main", "", "")
    assert "is *stale*" in report
    assert "was 0.25 and is 0.75" in report
    assert "- `notebooks/jets.ipynb:1`: its code changed since the stored run" in report
    assert "- New thread: [New](" in report
    assert (repository / ".cache/review/report.md").read_text(encoding="utf-8") == report
    assert not (repository / "ran").exists()


@pytest.mark.build
def test_a_commit_is_built_once_and_leaves_no_worktree(
    script: ModuleType, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = script.built_from(repository, "main")
    monkeypatch.setattr(script, "build", None)
    assert script.built_from(repository, "HEAD") == first
    assert script.main(repository, "main", "HEAD", "") == NOTHING
    trees = subprocess.run(["git", "worktree", "list"], cwd=repository, check=True, capture_output=True, text=True)
    assert len(trees.stdout.splitlines()) == 1


def test_a_base_that_is_not_there_is_told_in_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / ".ci/review.py"],
        env={"BASE": "no-such-branch", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "There is no commit `no-such-branch` here; fetch it, or name another: make review BASE=main\n"


def test_the_pages_of_a_drawn_site_are_weighed(script: ModuleType, tmp_path: Path) -> None:
    for name, text in {"index.html": "12345", "essays/jets/index.html": "123", "404.html": "1"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "graph.json").write_text('{"nodes": [], "edges": []}')
    assert script.read(tmp_path).sizes == {"./": 5, "essays/jets/": 3}
