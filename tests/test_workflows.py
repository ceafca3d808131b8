"""The workflows call make and nothing else; what strangers send is built without secrets, its notebooks are not run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".github/workflows"
WORKFLOWS = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yml"))}
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
EXECUTING = {"notebook", "notebooks", "notebooks-check", "quick-notebooks", "check", "test"}
"""The targets that run notebooks."""


def triggers(workflow: Any) -> Any:
    return workflow[True]  # what YAML makes of `on`


def jobs() -> Iterator[tuple[str, str, Any]]:
    """Each job, with the name of its workflow and its own."""
    for name, workflow in WORKFLOWS.items():
        for job, value in workflow["jobs"].items():
            yield name, job, value


def commands(job: Any) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def runs_notebooks(command: str) -> bool:
    return command == ".ci/run" or command.removeprefix("make ") in EXECUTING


def test_there_are_four() -> None:
    assert list(WORKFLOWS) == ["audit", "ci", "notebooks", "pages"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_calls_make_and_shows_reports(name: str) -> None:
    called = [command for job in WORKFLOWS[name]["jobs"].values() for command in commands(job)]
    assert called
    for command in called:
        made = re.fullmatch(r"make ([a-z-]+)", command)
        shown = re.fullmatch(r'cat \.cache/[\w/]+\.md >>"\$GITHUB_STEP_SUMMARY"', command)
        assert shown or command == ".ci/run" or (made and made[1] in TARGETS), command


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_reads_the_repository_and_knows_no_secret(name: str) -> None:
    text = (FOLDER / f"{name}.yml").read_text(encoding="utf-8")
    assert "pull_request_target" not in text
    assert "workflow_run" not in text
    assert "secrets" not in re.sub(r"#.*", "", text)
    assert WORKFLOWS[name]["permissions"] == {"contents": "read"}


def test_only_the_job_that_publishes_may_write_and_no_pull_request_starts_it() -> None:
    writing = [(name, job) for name, job, value in jobs() if "write" in (value.get("permissions") or {}).values()]
    assert writing == [("pages", "deploy")]
    assert "pull_request" not in triggers(WORKFLOWS["pages"])


def test_a_notebook_runs_on_a_pull_request_only_when_a_maintainer_has_labelled_it() -> None:
    assert triggers(WORKFLOWS["notebooks"])["pull_request"] == {"types": ["labeled"]}
    found = []
    for name, job, value in jobs():
        if "pull_request" not in triggers(WORKFLOWS[name]):
            continue
        for step in value["steps"]:
            if "run" in step and runs_notebooks(step["run"]):
                condition = step.get("if") or value.get("if")
                found.append((name, job, step["run"], condition))
    assert found == [
        ("ci", "test", ".ci/run", "github.event_name == 'push'"),
        (
            "notebooks",
            "check",
            "make notebooks-check",
            "github.event_name != 'pull_request' || github.event.label.name == 'run-notebooks'",
        ),
    ]


def test_a_pull_request_shows_what_it_does_and_its_site() -> None:
    job = WORKFLOWS["ci"]["jobs"]["review"]
    assert commands(job) == ["make review", 'cat .cache/review/report.md >>"$GITHUB_STEP_SUMMARY"']
    (upload,) = (step for step in job["steps"] if step.get("uses", "").startswith("actions/upload-artifact@"))
    assert upload["with"]["path"] == ".cache/review/head"


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_action_is_named_by_its_commit_and_keeps_no_token(name: str) -> None:
    text = (FOLDER / f"{name}.yml").read_text(encoding="utf-8")
    uses = re.findall(r"uses: (.*)", text)
    assert uses
    assert [use for use in uses if not re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use)] == []
    for _, _, job in jobs():
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_an_action_has_one_commit_everywhere() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.yml"))
    pinned = set(re.findall(r"uses: (actions/[\w-]+)@(\S+)", text))
    assert len({action for action, _ in pinned}) == len(pinned)


def zizmor(folder: Path) -> subprocess.CompletedProcess[str]:
    """Look through the workflows below *folder* as make does."""
    recipe = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "workflows"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    *_, command = recipe.stdout.splitlines()
    program, *options = command.split()
    found = shutil.which(Path(program).name, path=str(Path(sys.executable).parent))
    assert found, "zizmor is pinned in requirements-dev.txt"
    return subprocess.run([found, *options], cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_nothing_in_the_workflows_can_be_misused() -> None:
    done = zizmor(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  pull_request:", "  pull_request_target:", "dangerous-triggers"),
        ("run: make check-without-notebooks", "run: echo ${{ github.event.pull_request.title }}", "template-injection"),
        ("runs-on: ubuntu-latest", "runs-off: ubuntu-latest", "runs-on"),
    ],
)
def test_a_workflow_that_can_be_misused_is_refused(old: str, new: str, told: str, tmp_path: Path) -> None:
    copy = tmp_path / ".github/workflows/ci.yml"
    copy.parent.mkdir(parents=True)
    text = (FOLDER / "ci.yml").read_text(encoding="utf-8")
    assert old in text
    copy.write_text(text.replace(old, new), encoding="utf-8")
    done = zizmor(tmp_path)
    assert done.returncode != 0
    assert told in done.stdout + done.stderr
