"""When the stored outputs of a notebook no longer belong to its code."""

from __future__ import annotations

import pytest

from sitegraph.freshness import changes, manifest

CELLS = ["import lab\nfrom models import jets\n", "lab.read('data/races.csv')\n"]
FILES = {
    "lab.py": b"import random\n",
    "models/__init__.py": b"",
    "models/jets.py": b"from . import charts\n",
    "models/charts.py": b"BLUE = 1\n",
    "models/runners.py": b"",
    "data/races.csv": b"1,2\n",
    "data/others.csv": b"3,4\n",
    "requirements.txt": b"numpy==2.0\n",
}
LOCK = "numpy==2.4.6\n    # via x\nmkdocs==1.6.1\nvl-convert-python==1.9.0\n"
STORED = manifest(CELLS, FILES, LOCK)


def test_a_run_depends_on_what_its_cells_import_and_read_and_on_what_that_imports() -> None:
    used = ["data/races.csv", "lab.py", "models/__init__.py", "models/charts.py", "models/jets.py"]
    assert list(STORED["files"]) == used


def test_nothing_is_stale_when_nothing_changed() -> None:
    assert changes(STORED, manifest(CELLS, FILES, LOCK)) == []


@pytest.mark.parametrize("path", STORED["files"])
def test_a_change_to_a_file_that_is_used_makes_stale(path: str) -> None:
    changed = {**FILES, path: FILES[path] + b"# more\n"}
    assert changes(STORED, manifest(CELLS, changed, LOCK)) == [f"{path} changed"]


@pytest.mark.parametrize("path", ["models/runners.py", "data/others.csv", "requirements.txt"])
def test_a_change_to_a_file_that_is_not_used_does_not(path: str) -> None:
    assert changes(STORED, manifest(CELLS, {**FILES, path: b"new\n"}, LOCK)) == []


def test_a_change_to_the_code_makes_stale() -> None:
    assert changes(STORED, manifest([*CELLS, "1\n"], FILES, LOCK)) == ["its code changed"]


def test_a_file_that_is_used_now_makes_stale() -> None:
    changed = {**FILES, "models/jets.py": b"from . import charts, runners\n"}
    assert changes(STORED, manifest(CELLS, changed, LOCK)) == [
        "models/jets.py changed",
        "models/runners.py is used now",
    ]


def test_another_version_of_a_numeric_package_makes_stale() -> None:
    assert changes(STORED, manifest(CELLS, FILES, LOCK.replace("2.4.6", "2.4.7"))) == ["numpy is 2.4.7 now"]


def test_another_version_of_another_package_does_not() -> None:
    assert changes(STORED, manifest(CELLS, FILES, LOCK.replace("1.6.1", "1.6.2"))) == []


def test_line_endings_of_another_system_do_not() -> None:
    windows = {path: content.replace(b"\n", b"\r\n") for path, content in FILES.items()}
    assert changes(STORED, manifest(CELLS, windows, LOCK)) == []


def test_code_that_cannot_be_parsed_is_compared_all_the_same() -> None:
    magic = manifest(["%timeit x\n"], FILES, LOCK)
    assert magic["files"] == {}
    assert changes(magic, manifest(["%timeit y\n"], FILES, LOCK)) == ["its code changed"]


@pytest.mark.parametrize("stored", [{}, {"cells": None}, {"files": []}])
def test_a_notebook_without_a_record_of_its_run_is_stale(stored: dict[str, object]) -> None:
    assert changes(stored, STORED) == ["how it was run is not recorded"]
