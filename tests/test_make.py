"""What make and CI run: the same steps in the same order, each told at the end."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STEPS = ["lint", "types", "build", "unit", "quick-notebooks", "browser"]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def make(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def would_run(target: str) -> str:
    """The last line of what *target* would run."""
    return make("--dry-run", target).stdout.splitlines()[-1]


def test_check_and_test_run_every_step_in_order() -> None:
    assert would_run("check") == would_run("test") == f".ci/check {' '.join(STEPS)}"


def test_ci_runs_make_test() -> None:
    assert (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()[-1] == "make test"


def test_what_runs_on_a_pull_request_runs_no_notebook() -> None:
    steps = [step for step in STEPS if step != "quick-notebooks"]
    assert would_run("check-without-notebooks") == f".ci/check {' '.join(steps)}"
    assert "notebooks/run.py" not in "".join(make("--dry-run", step).stdout for step in steps)


def test_python_keeps_what_it_compiles_whatever_it_is_told_around_make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packages are installed without being compiled: every start of a program would do it anew."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    more = tmp_path / "more.mk"
    more.write_text('shown:\n\t@echo "$${PYTHONDONTWRITEBYTECODE-unset}"\n', encoding="utf-8")
    assert make("-f", "Makefile", "-f", str(more), "shown").stdout == "unset\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of three steps, of which the second fails."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/check", tmp_path / ".ci/check")
    rules = "first:\n\t@echo one\nsecond:\n\t@false\nthird:\n\t@echo three\n"
    checks = "check:\n\t@.ci/check first second third\nfine:\n\t@.ci/check first third\n"
    (tmp_path / "Makefile").write_text(f"{checks}{rules}", encoding="utf-8")
    return tmp_path


def test_a_step_that_fails_stops_none_of_the_others_and_fails_the_whole(project: Path) -> None:
    done = make("check", folder=project)
    assert done.returncode == 2
    assert "three" in done.stdout.splitlines()
    last = [re.sub(r"\s+", " ", line) for line in done.stdout.splitlines()[-3:]]
    assert [re.sub(r"\d+", "0", line) for line in last] == ["first passed 0 s", "second failed 0 s", "third passed 0 s"]


def test_steps_that_pass_pass_as_a_whole(project: Path) -> None:
    assert make("fine", folder=project).returncode == 0
