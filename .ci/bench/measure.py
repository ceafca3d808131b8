"""Measures builds and the preview: on drawn sites of several sizes, and on the site itself.

    python .ci/bench/measure.py --sizes 100 1000 10000

Every number is printed with what it is compared with in the same run, on the same machine: Material alone, with hub
pages and none of its features, on the same Markdown. With --readme the numbers of the site itself go into README.md.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from generate import draw
from search import search

ROOT = Path(__file__).parent.parent.parent
README = ROOT / "README.md"
LINKING = 200
"""So many pages link the one whose title is changed."""

REPEATED, SMALL = 3, 1000
"""How often what takes long is done, and up to which size; the quickest is told, and the median of the ratios."""

FLOOR = """\
site_name: Floor
site_url: http://127.0.0.1:8000/
nav: [index.md]
not_in_nav: "*"
validation: {nav: {omitted_files: ignore}, links: {not_found: ignore, unrecognized_links: ignore, anchors: ignore}}
theme: {name: material, font: false}
plugins: []
"""


@dataclass(frozen=True)
class Run:
    """What a command took."""

    seconds: float  # on the clock
    cpu: float
    memory: float  # MB, the most that one process of it had at a time


def run(command: list[str], folder: Path) -> Run:
    """Run *command* in *folder*, through a process of its own that says what its children took."""
    script = (
        "import resource, subprocess, sys, time\n"
        "begun = time.perf_counter()\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "took = time.perf_counter() - begun\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(took, used.ru_utime + used.ru_stime, used.ru_maxrss)"
    )
    told = subprocess.run(
        [sys.executable, "-c", script, *command], cwd=folder, check=True, capture_output=True, text=True
    )
    seconds, cpu, most = map(float, told.stdout.split())
    return Run(seconds, cpu, most / (1024 if sys.platform != "darwin" else 1024**2))


def build(folder: Path) -> Run:
    """Build the site in *folder*."""
    return run([sys.executable, "-m", "mkdocs", "build"], folder)


def forget(folder: Path) -> None:
    """Throw away what was built and kept."""
    shutil.rmtree(folder / ".cache", ignore_errors=True)
    shutil.rmtree(folder / "site", ignore_errors=True)


def floor(folder: Path) -> Run:
    """Build the Markdown of *folder* with Material and nothing else."""
    bare = folder.with_name(f"{folder.name}-floor")
    shutil.rmtree(bare, ignore_errors=True)
    shutil.copytree(folder / "docs", bare / "docs", ignore=shutil.ignore_patterns("assets"))
    for page in (*(bare / "docs").glob("*.md"), *(bare / "docs").glob("*/index.md")):
        page.write_text(re.sub(r"(?m)^template:.*\n", "", page.read_text(encoding="utf-8")), encoding="utf-8")
    (bare / "mkdocs.yml").write_text(FLOOR, encoding="utf-8")
    return build(bare)


def quickest(runs: list[Run]) -> Run:
    """The run that was disturbed least."""
    return min(runs, key=lambda run: run.seconds)


def times_as_long(runs: list[Run], others: list[Run]) -> float:
    """How many times as long *runs* took as the *others* right before or after them: the median of these ratios."""
    return statistics.median(run.seconds / other.seconds for run, other in zip(runs, others, strict=True))


class Server:
    """The preview of a site, as a program of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            place = f"127.0.0.1:{free.getsockname()[1]}"
        self.address = f"http://{place}/"
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", place],
            cwd=folder,
            env={**os.environ, "SITE_URL": self.address},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def get(self, path: str) -> bytes:
        """What is served under *path*."""
        with urllib.request.urlopen(self.address + path, timeout=600) as answer:
            content: bytes = answer.read()
        return content

    def first(self, path: str) -> float:
        """The seconds from the start to the first page."""
        while True:
            try:
                self.get(path)
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit("the preview ended by itself") from None
                time.sleep(0.005)
            else:
                return time.perf_counter() - self.begun

    def until(self, path: str, mark: bytes) -> float:
        """The seconds until *mark* stands on the page."""
        begun = time.perf_counter()
        while mark not in self.get(path):
            time.sleep(0.001)
        return time.perf_counter() - begun


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """The preview of *folder*, for as long as it is needed."""
    server = Server(folder)
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.wait()


def saves(server: Server, file: Path, address: str, times: int) -> list[float]:
    """The seconds from saving a sentence more in *file* to the page with it, so many *times*."""
    text = file.read_text(encoding="utf-8")
    took = []
    try:
        for number in range(times):
            mark = f"mark{number}x{time.monotonic_ns()}"
            begun = time.perf_counter()
            file.write_text(f"{text}\n\nAnother sentence, {mark}.\n", encoding="utf-8")
            server.until(address, mark.encode())
            took.append(time.perf_counter() - begun)
            time.sleep(0.2)
    finally:
        file.write_text(text, encoding="utf-8")
    return took


def percentile(values: list[float], part: float) -> float:
    """The value below which that *part* of the others lies."""
    return sorted(values)[min(len(values) - 1, math.ceil(part * len(values)) - 1)]


def row(what: str, *columns: str) -> None:
    """A line of the table, at once."""
    print(f"| {what} | {' | '.join(columns)} |", flush=True)


def measure(size: int, work: Path, times: int) -> Run:
    """Print what a site of that *size* takes; the cold build of it."""
    folder = work / f"threads-{size}"
    draw(folder, size)
    for number in range(2, 2 + min(LINKING, size - 3)):
        thread = folder / f"docs/threads/thread-{number}.md"
        thread.write_text(thread.read_text(encoding="utf-8") + "\n\nSee [[thread-1]].\n", encoding="utf-8")
    thread = folder / "docs/threads/thread-1.md"
    text = thread.read_text(encoding="utf-8")
    bares, colds, seconds = [], [], []
    for number in range(REPEATED if size <= SMALL else 1):  # in turns: the machine may be quicker now and slower then
        bares.append(floor(folder))
        forget(folder)
        colds.append(build(folder))
        thread.write_text(f"{text}\n\nOne more sentence about it, number {number}.\n", encoding="utf-8")
        seconds.append(build(folder))
    bare, cold, second = map(quickest, (bares, colds, seconds))
    named = f"{size:,} threads"
    row(f"{named}: Material alone", f"{bare.seconds:.2f} s", f"{bare.cpu:.2f} s of CPU, {bare.memory:.0f} MB")
    row(
        f"{named}: cold build",
        f"{cold.seconds:.2f} s",
        f"{times_as_long(colds, bares):.2f} × Material alone; {cold.cpu:.2f} s of CPU, {cold.memory:.0f} MB",
    )
    row(
        f"{named}: second build after one edit",
        f"{second.seconds:.2f} s",
        f"{times_as_long(seconds, colds):.2f} × cold",
    )
    words = " ".join(re.findall(r"(?m)^title: (.*)", text)[0].split()[:2])
    found = search(folder / "site", words)
    told = (f"{found.seconds * 1000:.0f} ms", f"{found.fetched / 1000:.0f} kB fetched") if found else ("no browser", "")
    row(f"{named}: search, from the last letter to the first result", *told)
    with serving(folder) as server:
        server.first("threads/thread-1/")
    with serving(folder) as server:
        row(f"{named}: start of the preview to the first page", f"{server.first('threads/thread-1/'):.2f} s", "")
        took = saves(server, thread, "threads/thread-1/", times)
        row(
            f"{named}: save to served",
            f"{statistics.median(took) * 1000:.0f} ms",
            f"p95 {percentile(took, 0.95) * 1000:.0f} ms of {len(took)} saves",
        )
        begun = time.perf_counter()
        thread.write_text(re.sub("title: .*", "title: Under another name", text), encoding="utf-8")
        served = server.until("threads/thread-1/", b"Under another name")
        pages = [f"threads/thread-{number}/" for number in range(2, 2 + min(LINKING, size - 3))]
        right = sum(b"Under another name" in server.get(page) for page in pages)
        took_all = time.perf_counter() - begun
        row(
            f"{named}: save of a title that {len(pages)} pages name",
            f"{served * 1000:.0f} ms",
            f"{right} of {len(pages)} right; all of them fetched after {took_all:.2f} s",
        )
    return cold


def itself(times: int) -> dict[str, str]:
    """What the site itself takes, in a copy of it."""
    copy = ROOT / ".cache" / "bench" / "site-itself"
    shutil.rmtree(copy, ignore_errors=True)
    skipped = shutil.ignore_patterns("__pycache__", ".*", "site", "node_modules")
    shutil.copytree(ROOT, copy, ignore=skipped)
    cold = build(copy)
    essay = copy / "docs/essays/absurdism.md"
    with essay.open("a", encoding="utf-8") as file:
        file.write("\n\nOne more sentence.\n")
    second = build(copy)
    with serving(copy) as server:
        server.first("essays/absurdism/")
        took = saves(server, essay, "essays/absurdism/", times)
    return {
        "cold build": f"{cold.seconds:.1f} s",
        "second build, after one edit": f"{second.seconds:.1f} s",
        "save to served, median of 20": f"{statistics.median(took) * 1000:.0f} ms",
    }


def machine() -> str:
    """The machine in a few words."""
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def write_readme(found: dict[str, str]) -> None:
    """Put the numbers of the site itself into the table of README.md, with the machine and the day."""
    day = datetime.now(UTC).date().isoformat()
    lines = ["| | |", "|---|--:|", *(f"| {what} | {took} |" for what, took in found.items())]
    table = "\n".join([*lines, "", f"Measured by `make bench` on {day}: {machine()}."])
    text = README.read_text(encoding="utf-8")
    marked = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)
    README.write_text(marked.sub(lambda around: f"{around[1]}{table}\n{around[2]}", text), encoding="utf-8")


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measure builds and the preview.")
    parser.add_argument("--sizes", type=int, nargs="*", default=[100, 1000, 10000])
    parser.add_argument("--saves", type=int, default=20)
    parser.add_argument("--readme", action="store_true", help="write the numbers of the site itself into README.md")
    asked = parser.parse_args()
    os.environ |= {"NO_MKDOCS_2_WARNING": "1", "NBCONVERT_DISABLE_CONFIG_EXPORTERS": "1"}  # as the Makefile does
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    work = ROOT / ".cache" / "bench"
    print(f"{machine()}\n\n| what | measured | |\n|---|--:|---|", flush=True)
    colds = {size: measure(size, work, asked.saves) for size in asked.sizes}
    if 1000 in colds and 10000 in colds:
        exponent = math.log10(colds[10000].seconds / colds[1000].seconds)
        row("growth of the cold build from 1,000 to 10,000", f"exponent {exponent:.2f}", "1 is a straight line")
    found = itself(asked.saves)
    for what, took in found.items():
        row(f"the site itself: {what}", took, "")
    if asked.readme:
        write_readme(found)


if __name__ == "__main__":
    main()
