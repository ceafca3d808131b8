"""Two builds of the same are the same to the byte, wherever and whenever they run; what differs is named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.test_cache import draw

SCRIPT = ROOT / ".ci/reproduce.py"


def compared(one: Path, other: Path) -> subprocess.CompletedProcess[str]:
    """What `make reproduce` says of two folders that hold the same."""
    return subprocess.run([sys.executable, SCRIPT, one, other], capture_output=True, text=True, check=False)


@pytest.mark.build
def test_a_site_is_the_same_to_the_byte_in_another_folder_with_other_surroundings_and_on_another_day(
    tmp_path: Path,
) -> None:
    one, other = draw(tmp_path / "one"), draw(tmp_path / "the other/folder ä")
    told = compared(one.root, other.root)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("3 builds from 2 clones, ")
    assert told.stdout.endswith(": 0 bytes differ\n")


FORGETFUL = """\
import datetime, os, pathlib, sys, time
site = pathlib.Path("site")
site.mkdir(exist_ok=True)
(site / "day.txt").write_text(f"{datetime.date.today()} {datetime.datetime.now():%Y} {time.time() // 43200}")
(site / "hash.txt").write_text(str(hash("a")))
(site / "zone.txt").write_text(time.tzname[0])
(site / "language.txt").write_text(os.environ["LC_ALL"])
(site / "same.txt").write_text("same")
"""
"""A program by the name of mkdocs, to whose output everything matters."""


def test_what_differs_is_named(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mkdocs.py").write_text(FORGETFUL)
    told = compared(tmp_path / "one", tmp_path / "two")
    assert told.returncode == 1
    assert [line.partition(":")[0] for line in told.stderr.splitlines()] == [
        *("day.txt", "hash.txt", "language.txt", "zone.txt")
    ]
    assert "5 files each" in told.stdout
