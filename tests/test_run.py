"""Running notebooks on a cluster: what is run, what is stored, what is told, and what a lost machine takes with it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from distributed import Client
from tests.conftest import NOTEBOOK_HEAD, notebook

import run

ROOT = Path(__file__).parent.parent
HEAD = NOTEBOOK_HEAD % "Jets?"

RESULT = """\
# Race
from lab import bootstrap, publish_result, seeds
publish_result("gap", bootstrap([%s, 0.3, 0.4]), "the gap", used=seeds(3))
print("told twice", flush=True)
print("told twice", flush=True)
"""

Workers = list[subprocess.Popen[bytes]]


@contextmanager
def started_cluster(folder: Path) -> Iterator[tuple[str, Workers]]:
    """A real scheduler and two workers of one thread each, in processes of their own, on loopback."""
    file = folder / "scheduler.json"
    common = ["--scheduler-file", str(file), "--host", "127.0.0.1", "--no-dashboard"]

    def start(name: str, *options: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{name}", *common, *options],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    processes = [start("scheduler", "--port", "0")]
    try:
        processes += [
            start("worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(folder / name))
            for name in ("first", "second")
        ]
        until = time.monotonic() + 60
        while not file.exists() and time.monotonic() < until:
            time.sleep(0.1)
        yield json.loads(file.read_text())["address"], processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with started_cluster(tmp_path_factory.mktemp("cluster")) as (address, _):
        yield address


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Draw a project of notebooks, by name, beside our own lab and runner; return the folder of the notebooks."""

    def drawn(**cells: str) -> Path:
        folder = tmp_path / "notebooks"
        (folder / "models").mkdir(parents=True)
        for name in ("run.py", "lab.py", "models/__init__.py", "models/charts.py"):
            (folder / name).write_bytes((ROOT / "notebooks" / name).read_bytes())
        (tmp_path / "hooks").symlink_to(ROOT / "hooks")
        (tmp_path / "requirements.lock").touch()
        for name, source in cells.items():
            (folder / f"{name}.ipynb").write_text(notebook(HEAD, "Prose.\n", (source,)), encoding="utf-8")
        return folder

    return drawn


def commanded(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the notebooks of *folder* as `make notebooks` does."""
    command = [sys.executable, str(folder / "run.py"), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


Ran = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Ran:
    """The same in this process, which takes a tenth of the time: all that a command imports is here."""

    def run_here(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(run, "HERE", folder)
        capfd.readouterr()
        try:
            status = run.main(options)
        except SystemExit as stopped:  # by argparse, which tells what is wrong with the options
            status = int(str(stopped.code))
        told = capfd.readouterr()
        return subprocess.CompletedProcess(options, status, told.out, told.err)

    return run_here


def test_what_is_stale_is_run_and_then_is_not(project: Callable[..., Path], scheduler: str, ran: Ran) -> None:
    folder = project(jets=RESULT % 0.2)
    first = commanded(folder, "--scheduler", scheduler)
    assert first.returncode == 0, first.stderr
    assert "jets: lab.py is used now" in first.stdout
    stored = (folder / "jets.ipynb").read_bytes()
    assert b"told twice" in stored
    assert "nothing to run" in ran(folder).stdout
    assert ran(folder, "--force", "--scheduler", scheduler).returncode == 0
    assert (folder / "jets.ipynb").read_bytes() == stored  # to the byte


def test_a_notebook_that_fails_is_named_and_left_as_it_was_while_the_others_finish(
    project: Callable[..., Path], scheduler: str, ran: Ran
) -> None:
    folder = project(bad="x = 1\nraise ValueError('no fuel')\n", good=RESULT % 0.2)
    before = (folder / "bad.ipynb").read_bytes()
    done = ran(folder, "--force", "--scheduler", scheduler)
    assert done.returncode == 1
    assert "notebooks/bad.ipynb: cell 2: ValueError: no fuel" in done.stderr
    assert (folder / "bad.ipynb").read_bytes() == before
    assert b"told twice" in (folder / "good.ipynb").read_bytes().partition(b'"outputs"')[2]


def test_a_check_stores_nothing_and_tells_what_drifted(project: Callable[..., Path], scheduler: str, ran: Ran) -> None:
    folder = project(jets=RESULT % 0.2)
    assert ran(folder, "--scheduler", scheduler).returncode == 0
    drifted = (folder / "jets.ipynb").read_text().replace("bootstrap([0.2,", "bootstrap([0.5,")
    (folder / "jets.ipynb").write_text(drifted)
    done = ran(folder, "--check", "--scheduler", scheduler)
    assert done.returncode == 1
    told = "the result `gap` was 0.3 and is 0.4, which is more than its precision of 0.005"
    assert re.search(r"^notebooks/jets\.ipynb:\d+: " + re.escape(told), done.stderr, re.MULTILINE)
    assert (folder / "jets.ipynb").read_text() == drifted


def test_a_quick_run_is_never_stored(project: Callable[..., Path], ran: Ran) -> None:
    done = ran(project(jets=RESULT % 0.2), "--quick")
    assert (done.returncode, "--quick needs --check" in done.stderr) == (2, True)


def test_a_name_that_is_no_notebooks_is_told(project: Callable[..., Path], ran: Ran) -> None:
    done = ran(project(jets=RESULT % 0.2), "--only", "jest")
    assert (done.returncode, "no notebook is called jest; there are jets" in done.stderr) == (2, True)


def test_a_notebook_is_stopped_at_its_time_limit(scheduler: str) -> None:
    text = notebook(HEAD, ("import time; time.sleep(60)\n",))
    with Client(scheduler) as client:
        (found,) = run.run_all(client, {"slow": text}, "quick", limit=2)
    assert found.error == "cell 1 was still running after 2 s"


def test_a_notebook_runs_in_a_folder_of_its_own_beside_our_modules(scheduler: str) -> None:
    text = notebook(HEAD, ("import os\nprint('lab.py' in os.listdir(), os.listdir() == os.listdir(os.getcwd()))\n",))
    with Client(scheduler) as client:
        (found,) = run.run_all(client, {"here": text}, "quick")
    assert "True True" in found.text


def test_a_worker_that_is_killed_midway_takes_no_notebook_with_it(tmp_path: Path) -> None:
    source = "import time; time.sleep(1); print(1)\n"
    texts = {f"jet-{number}": notebook(HEAD, (source,)) for number in range(4)}
    finished: list[run.Run] = []
    with started_cluster(tmp_path) as (address, workers), Client(address) as client:
        client.wait_for_workers(2, timeout=60)
        for found in run.run_all(client, texts, "quick"):
            if not finished:
                os.killpg(workers[0].pid, signal.SIGKILL)  # with the kernel that it is running
            finished.append(found)
        assert len(client.scheduler_info()["workers"]) == 1
    assert sorted(found.name for found in finished) == sorted(texts)
    assert [found.error for found in finished] == [""] * 4


def test_a_notebook_that_cannot_be_stored_is_named_and_the_others_are_stored(
    project: Callable[..., Path], scheduler: str, ran: Ran
) -> None:
    folder = project(full=RESULT % 0.2, good=RESULT % 0.2)
    before = (folder / "full.ipynb").read_bytes()
    (folder / "full.ipynb.new").mkdir()  # in the way, as a full disk would be
    done = ran(folder, "--scheduler", scheduler)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "notebooks/full.ipynb: it ran, and was not stored: " in done.stderr
    assert (folder / "full.ipynb").read_bytes() == before
    assert b"told twice" in (folder / "good.ipynb").read_bytes().partition(b'"outputs"')[2]


CLAIM = """\
from lab import judge_claim, publish_claim, publish_result, seeds
gap = publish_result("gap", 0.3, "the gap", used=seeds(3))
cells = [({"epsilon": 0.1}, [%s])]
claim = judge_claim(
    "jets/faster", comment="C01", statement="x", statistic="y", delta=0, effects=cells, used=seeds(3)
)
publish_claim(claim, number=gap, right_if="z")
"""
SURE, UNSURE = CLAIM % "0.3, 0.3, 0.4", CLAIM % "-0.3, 0.3, 0.4"


def test_the_history_of_verdicts_grows_when_a_verdict_changes_and_only_then(
    project: Callable[..., Path], scheduler: str, ran: Ran
) -> None:
    folder = project(jets=SURE, quiet=RESULT % 0.2)
    history = folder / "verdicts.jsonl"

    def told(*options: str) -> list[list[str]]:
        assert ran(folder, "--scheduler", scheduler, *options).returncode == 0
        return [list(json.loads(line).values()) for line in history.read_text().splitlines()]

    first = told()
    today = first[0][0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", today)
    assert first == [[today, "jets/faster", "", "supported"]]
    assert told("--force") == first
    (folder / "jets.ipynb").write_text(notebook(HEAD, (UNSURE,)))
    assert told("--check", "--quick") == first
    assert told() == [*first, [today, "jets/faster", "supported", "open"]]
    assert list(folder.glob("*.new")) == []


def test_a_run_that_was_broken_off_is_made_up_for_in_the_history_by_the_next(
    project: Callable[..., Path], scheduler: str, ran: Ran
) -> None:
    folder = project(jets=SURE)
    assert ran(folder, "--scheduler", scheduler).returncode == 0
    history = folder / "verdicts.jsonl"
    before = history.read_text()
    history.unlink()
    again = ran(folder)
    assert "nothing to run" in again.stdout
    assert "jets/faster: new → supported" in again.stdout
    assert history.read_text() == before


def test_a_history_with_a_mistake_in_it_is_left_as_it_is(
    project: Callable[..., Path], scheduler: str, ran: Ran
) -> None:
    folder = project(jets=SURE)
    (folder / "verdicts.jsonl").write_text("{")
    done = ran(folder, "--scheduler", scheduler)
    assert "left as it is: notebooks/verdicts.jsonl:1: " in done.stdout
    assert (folder / "verdicts.jsonl").read_text() == "{"
