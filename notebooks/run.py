"""Runs notebooks from top to bottom and stores what came out: `make notebooks`, `make notebooks-check`.

    python notebooks/run.py                    run those that are stale
    python notebooks/run.py --force --only x   run x, stale or not
    python notebooks/run.py --check            run all afresh elsewhere, store nothing, and say what came out otherwise
    python notebooks/run.py --check --quick    see that all run, with few seeds and no verdicts

Each runs in a fresh kernel and a folder of its own, so that a cluster's machine needs the packages and nothing else.
dask.distributed spreads the runs, over this machine's cores or over the cluster that --scheduler names.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).absolute().parent
sys.path.insert(0, str(HERE.parent / "hooks"))

import cloudpickle  # noqa: E402 (after the path to sitegraph is set)
from distributed import Client, LocalCluster, as_completed  # noqa: E402

from sitegraph.drift import drift  # noqa: E402
from sitegraph.freshness import changes, files_beside, manifest  # noqa: E402
from sitegraph.history import HISTORY, new_changes, read_history, written  # noqa: E402
from sitegraph.notebooks import read_notebook  # noqa: E402
from sitegraph.obstacles import obstacle  # noqa: E402

if TYPE_CHECKING:
    from distributed import Future

TIME_LIMIT = 600
"""Seconds that one notebook may take."""


@dataclass(frozen=True)
class Run:
    """What came of running one notebook: its text with new outputs, or where and why it stopped."""

    name: str
    seconds: float
    text: str = ""
    error: str = ""


def execute(name: str, text: str, files: Mapping[str, bytes], profile: str, limit: float) -> Run:
    """Run the notebook *text* in a fresh kernel, in a folder of its own that holds *files*, within *limit* seconds.

    Runs where the scheduler sends it: whatever it needs is imported here.
    """
    import tempfile

    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    started = time.monotonic()
    notebook = nbformat.reads(text, as_version=4)
    at = -1

    def reached(cell: Any, cell_index: int, **_: Any) -> None:
        nonlocal at
        at = cell_index

    with tempfile.TemporaryDirectory() as folder:
        for path, content in files.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        # dask has its workers give memory back at once, which would cost a kernel half its time and blur its clocks.
        inherited = {name: value for name, value in os.environ.items() if name != "MALLOC_TRIM_THRESHOLD_"}
        # One thread for linear algebra: runs share the cores, and sums come out the same everywhere.
        alone = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        env = {**inherited, **alone, "NOTEBOOK_PROFILE": profile, "PYTHONHASHSEED": "0"}
        client = NotebookClient(
            notebook,
            timeout=limit,
            kernel_name="python3",
            record_timing=False,  # a rerun writes the same bytes
            coalesce_streams=True,
            resources={"metadata": {"path": folder}},
            on_cell_execute=reached,
            extra_arguments=["--IPKernelApp.log_level=40"],  # errors only
        )
        try:
            with client.setup_kernel(env=env):
                for index, cell in enumerate(notebook.cells):
                    left = limit - (time.monotonic() - started)
                    client.timeout = max(1, int(left))
                    client.execute_cell(cell, index)
        except CellTimeoutError:
            return Run(name, time.monotonic() - started, error=f"cell {at} was still running after {limit:g} s")
        except CellExecutionError as error:
            return Run(name, time.monotonic() - started, error=f"cell {at}: {error.ename}: {error.evalue}")
        except DeadKernelError:
            return Run(name, time.monotonic() - started, error=f"cell {at}: the kernel died")
    notebook.metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    return Run(name, time.monotonic() - started, text=nbformat.writes(notebook))


_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def code(text: str) -> list[str]:
    """The code cells of the notebook *text*."""
    return [cell.source for cell in read_notebook("", text.encode()).notebook.cells]


def run_all(client: Client, texts: Mapping[str, str], profile: str, limit: float = TIME_LIMIT) -> Iterator[Run]:
    """Run every notebook of *texts* on the cluster of *client*; each as it finishes.

    A worker that dies takes nothing with it: what it was running is run by another.
    """
    # Workers of a cluster elsewhere have no file of ours, so the function is sent to them whole.
    cloudpickle.register_pickle_by_value(sys.modules[execute.__module__])
    files = files_beside(HERE)
    futures: list[Future[Run]] = [
        client.submit(execute, name, text, files, profile, limit, key=f"{name}-{profile}-{time.time_ns()}", retries=2)
        for name, text in texts.items()
    ]
    for future in as_completed(futures):
        try:
            yield future.result()
        except Exception as error:  # of the cluster; those of the notebooks are values
            yield Run(str(future.key).rsplit("-", 2)[0], 0, error=f"{type(error).__name__}: {error}")


def with_manifest(run: Run, profile: str, files: Mapping[str, bytes], lock: str) -> str:
    """The text of a notebook that ran, with a record of what the run depended on."""
    document = json.loads(run.text)
    document["metadata"]["run"] = {**manifest(code(run.text), files, lock), "profile": profile}
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def stale(texts: Mapping[str, str], files: Mapping[str, bytes], lock: str) -> dict[str, list[str]]:
    """Why each notebook has to run: those that need not are left out."""
    found = {}
    for name, text in texts.items():
        notebook = read_notebook(name, text.encode()).notebook
        reasons = changes(notebook.run, manifest(code(text), files, lock))
        if not reasons and notebook.profile != "full":
            reasons = ["its stored run is a quick one"]
        if reasons:
            found[name] = reasons
    return found


def store(path: Path, text: str) -> None:
    """Put *text* in the place of the file at once: whoever reads it meanwhile sees the old one or the new one."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def record(day: str) -> list[str]:
    """Let the history of verdicts end in what the stored notebooks say, and tell what was added, dated *day*.

    All notebooks are looked at, so that a run which was broken off is made up for by the next. A history in which
    something is wrong is left as it is.
    """
    path = HERE.parent / HISTORY
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    stored = {
        path.stem: read_notebook(f"notebooks/{path.name}", path.read_bytes()).notebook for path in HERE.glob("*.ipynb")
    }
    verdicts = {
        name: {claim: outcome.verdict for claim, outcome in notebook.outcomes.items()}
        for name, notebook in stored.items()
        if notebook.cells  # of one that cannot be read nothing is known
    }
    history = read_history(text)
    if history.problems:
        return [f"left as it is: {wrong}" for wrong in history.problems]
    added = new_changes(history.changes, verdicts, day)
    if added:
        store(path, written([*history.changes, *added]))
    return [f"{change.claim}: {change.before or 'new'} → {change.after or 'judged no more'}" for change in added]


class Progress:
    """Says on the terminal what has finished; where it is a terminal, also what is being waited for."""

    def __init__(self, names: Iterable[str]) -> None:
        self.waiting = set(names)
        self.total = len(self.waiting)
        self._status()

    def finished(self, run: Run, words: str) -> None:
        """Say how *run* went."""
        self.waiting.discard(run.name)
        done = self.total - len(self.waiting)
        self._clear()
        print(f"{done:3}/{self.total}  {run.name}  {run.seconds:.1f} s  {words}", flush=True)
        self._status()

    def _status(self) -> None:
        if sys.stdout.isatty() and self.waiting:
            print(f"         waiting for {', '.join(sorted(self.waiting))}"[:110], end="", flush=True)

    def _clear(self) -> None:
        if sys.stdout.isatty():
            print("\r\033[K", end="")


def run_and(
    client: Client, texts: Mapping[str, str], profile: str, outcome: Callable[[Run], list[str]], good: str
) -> list[str]:
    """Run *texts*, hand each that finished to *outcome*, and collect what is wrong, failures included.

    *good* is said of a notebook with which nothing is wrong.
    """
    progress = Progress(texts)
    wrong: list[str] = []
    for run in run_all(client, texts, profile):
        found = [f"notebooks/{run.name}.ipynb: {run.error}"] if run.error else outcome(run)
        wrong += found
        progress.finished(run, "failed" if run.error else "; ".join(found) or good)
    return wrong


def tell_verdicts(check: bool) -> None:
    """Record the verdicts that changed, and say so; a *check* records nothing."""
    for line in () if check else record(date.today().isoformat()):
        print(f"history of verdicts: {line}")


def connect(scheduler: str | None) -> Client:
    """The cluster at the address *scheduler*, or one of this machine's cores."""
    if scheduler:
        return Client(scheduler)
    cluster = LocalCluster(n_workers=os.cpu_count() or 1, threads_per_worker=1, dashboard_address=None)
    return Client(cluster)


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks; the exit status is 1 when a notebook failed or drifted."""
    parser = argparse.ArgumentParser(description="Run the notebooks.")
    parser.add_argument("--only", help="names of notebooks, separated by commas")
    parser.add_argument("--force", action="store_true", help="run also what is not stale")
    parser.add_argument("--check", action="store_true", help="run elsewhere, and say what came out otherwise")
    parser.add_argument("--quick", action="store_true", help="with few seeds, to see that they run")
    parser.add_argument("--scheduler", help="a cluster's address, like tcp://10.0.0.1:8786")
    asked = parser.parse_args(arguments)
    if asked.quick and not asked.check:
        parser.error("--quick needs --check: the numbers of a quick run are not stored")

    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(HERE.glob("*.ipynb"))}
    if asked.only:
        wanted = asked.only.split(",")
        if unknown := sorted(set(wanted) - texts.keys()):
            parser.error(f"no notebook is called {', '.join(unknown)}; there are {', '.join(texts)}")
        texts = {name: texts[name] for name in wanted}
    files, lock = files_beside(HERE), (HERE.parent / "requirements.lock").read_text(encoding="utf-8")
    profile = "quick" if asked.quick else "full"

    def keep(run: Run) -> list[str]:
        try:
            store(HERE / f"{run.name}.ipynb", with_manifest(run, profile, files, lock))
        except OSError as error:
            return [f"notebooks/{run.name}.ipynb: it ran, and was not stored: {obstacle(error) or error}"]
        return []

    def compare(run: Run) -> list[str]:
        before, now = (
            read_notebook(f"notebooks/{run.name}.ipynb", text.encode()) for text in (texts[run.name], run.text)
        )
        return list(drift(before.notebook, now.notebook))

    if asked.check:
        outcome: Callable[[Run], list[str]] = (lambda run: []) if asked.quick else compare
    else:
        outcome = keep
        if not asked.force:
            reasons = stale(texts, files, lock)
            for name, why in reasons.items():
                print(f"{name}: {'; '.join(why)}")
            texts = {name: texts[name] for name in reasons}
    if not texts:
        print("Every notebook's stored outputs belong to its code; nothing to run.")
        tell_verdicts(asked.check)
        return 0
    started = time.monotonic()
    with connect(asked.scheduler) as client:
        good = ("runs" if asked.quick else "as stored") if asked.check else "stored"
        wrong = run_and(client, texts, profile, outcome, good)
    tell_verdicts(asked.check)
    print(f"{len(texts)} notebooks in {time.monotonic() - started:.0f} s, {len(wrong)} problems")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
