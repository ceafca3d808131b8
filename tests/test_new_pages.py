"""New pages: they build, with nothing wrong but their hints, and a new notebook runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest
from tests.conftest import NEIGHBOURS, Files

import run
from sitegraph.hints import HINT
from sitegraph.index import Index
from sitegraph.model import Page, Site
from sitegraph.new_pages import NewKind, new_files, slug_of, wrong_title

ROOT = Path(__file__).parent.parent
TITLE = 'Do runners: "watch" jets, or $HOME & `ls`?'
SLUG = "do-runners-watch-jets-or-home-ls"
BESIDE = ("lab.py", "models/__init__.py", "models/charts.py")


def pages(*names: tuple[str, str]) -> Index:
    """Pages by path and title."""
    return Index([Page(path, "", "notebook" if path.endswith("b") else "essay", title) for path, title in names], {})


def test_a_title_is_one_that_a_page_can_have(case: Any) -> None:
    there = pages(*(tuple(item) for item in case.get("pages", ())))
    assert wrong_title(case["kind"], case["title"], there) == case.get("wrong", "")
    assert slug_of(case["title"]) == case["slug"]


@pytest.mark.parametrize("kind", ["thread", "essay"])
def test_nothing_is_wrong_with_a_new_page_but_its_hints(kind: NewKind, assemble_site: Callable[[Files], Site]) -> None:
    files = new_files(kind, TITLE, "2026-11-26")
    assert list(files) == [f"docs/{kind}s/{SLUG}.md"]
    site = assemble_site({**NEIGHBOURS, **files})
    assert site.leaves[f"docs/{kind}s/{SLUG}.md"].page.title == TITLE
    assert {found.rule for found in site.problems} == {"hint-filled"}
    (text,) = files.values()
    assert len(site.problems) == text.count(HINT) > 5


@pytest.fixture(scope="module")
def new_notebook() -> dict[str, str]:
    return dict(new_files("notebook", TITLE, "2026-11-26"))


def test_a_new_notebook_comes_with_its_model_and_tests(new_notebook: dict[str, str]) -> None:
    module = SLUG.replace("-", "_")
    assert list(new_notebook) == [
        f"notebooks/{SLUG}.ipynb",
        f"notebooks/models/{module}.py",
        f"tests/models/test_{module}.py",
    ]


@pytest.mark.parametrize("profile", ["full", "quick"])
def test_a_new_notebook_runs_and_nothing_is_wrong_with_it_but_its_hints(
    profile: str, new_notebook: dict[str, str], assemble_site: Callable[[Files], Site]
) -> None:
    path, model, _ = new_notebook
    beside = {name: (ROOT / "notebooks" / name).read_bytes() for name in BESIDE}
    beside[model.removeprefix("notebooks/")] = new_notebook[model].encode()
    ran = run.execute(SLUG, new_notebook[path], beside, profile, 60)
    assert ran.error == ""
    stored = run.with_manifest(ran, profile, beside, "")
    site = assemble_site(
        {**NEIGHBOURS, path: stored, **{f"notebooks/{name}": content for name, content in beside.items()}}
    )
    expected = {"hint-filled"} if profile == "full" else {"hint-filled", "notebook-fresh", "number-matches-result"}
    assert {found.rule for found in site.problems} == expected
    notebook = site.leaves[path].notebook
    assert notebook
    assert list(notebook.results) == ["gain", "derived-gain"]
    assert list(notebook.figures) == ["gain"]


def test_a_control_that_does_not_come_out_stops_a_new_notebook(new_notebook: dict[str, str]) -> None:
    path, model, _ = new_notebook
    beside = {name: (ROOT / "notebooks" / name).read_bytes() for name in BESIDE}
    broken = new_notebook[model].replace("EVEN + setting.push,", "EVEN + setting.push + 0.3,")
    assert broken != new_notebook[model]
    beside[model.removeprefix("notebooks/")] = broken.encode()
    assert "without a push nothing is gained" in run.execute(SLUG, new_notebook[path], beside, "full", 60).error


def test_what_is_written_has_the_style_the_types_and_the_tests_of_all_code(
    new_notebook: dict[str, str], tmp_path: Path
) -> None:
    for path, text in new_notebook.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    for name in BESIDE:
        (tmp_path / "notebooks" / name).write_bytes((ROOT / "notebooks" / name).read_bytes())
    (tmp_path / "hooks").mkdir()
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for command in (["ruff", "check"], ["ruff", "format", "--check"], ["mypy", "tests"], ["pytest", "-q", "tests"]):
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


@pytest.fixture(scope="module")
def new() -> ModuleType:
    """The script behind `make thread` and its like."""
    spec = spec_from_file_location("new", ROOT / ".ci" / "new.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("kind", get_args(NewKind))
def test_nothing_is_written_over(kind: NewKind, new: ModuleType, tmp_path: Path) -> None:
    written = new.begin(tmp_path, kind, TITLE, "2026-11-26")
    assert [(tmp_path / path).is_file() for path in written] == [True] * len(written)
    (tmp_path / written[0]).write_text("mine")
    with pytest.raises(SystemExit, match="is called"):
        new.begin(tmp_path, kind, TITLE, "2026-11-26")
    assert (tmp_path / written[0]).read_text() == "mine"


def test_nothing_is_written_where_one_of_the_files_is_there(new: ModuleType, tmp_path: Path) -> None:
    notebook, model, tests = new_files("notebook", TITLE, "2026-11-26")
    (tmp_path / model).parent.mkdir(parents=True)
    (tmp_path / model).write_text("mine")
    with pytest.raises(SystemExit, match="is there already"):
        new.begin(tmp_path, "notebook", TITLE, "2026-11-26")
    assert (tmp_path / model).read_text() == "mine"
    assert not (tmp_path / notebook).exists()
    assert not (tmp_path / tests).exists()


@pytest.mark.parametrize(
    ("kind", "title", "told"),
    [
        ("thread", "Disdain", "docs/threads/disdain.md is called `Disdain` already"),
        ("essay", "", "a new page needs a title, like make essay"),
        ("notebook", "3 ways", "cannot be called `3_ways`"),
    ],
)
def test_make_says_in_a_sentence_why_a_page_cannot_be_begun(kind: str, title: str, told: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "new.py", kind],
        env={"TITLE": title},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
