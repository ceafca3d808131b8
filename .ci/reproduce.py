"""Builds the site from two clones, in surroundings as different as can be had, and says which bytes differ.

The clones lie in folders of different lengths.  The second builds have another seed for hashes, time zone, language,
umask, number of cores, age of files, and a clock that is a day ahead; one of them finds what the other has kept.
What is built is what is committed, or two folders that hold the same:

    .ci/reproduce.py one/folder another/folder
"""

from __future__ import annotations

import datetime
import os
import runpy
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).parents[1]
DAY = 86400


@dataclass(frozen=True)
class Surroundings:
    """Where and when a build runs, as far as it should not matter."""

    seed: str
    zone: str
    language: str
    umask: int
    cores: int  # 0 for all there are
    ahead: int  # seconds


HERE = Surroundings(seed="0", zone="UTC", language="C", umask=0o022, cores=0, ahead=0)
ELSEWHERE = Surroundings("4242", "Pacific/Kiritimati", "tr_TR.UTF-8", umask=0o077, cores=1, ahead=DAY)
LATER = Surroundings("7", "America/Adak", "C.UTF-8", umask=0o002, cores=0, ahead=400 * DAY)


def build(project: Path, around: Surroundings) -> None:
    """Build the site of *project* into its folder site/, from nothing but what is kept there."""

    def arrange() -> None:
        os.umask(around.umask)
        if around.cores and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: around.cores])

    names = {"PYTHONHASHSEED": around.seed, "TZ": around.zone, "LC_ALL": around.language}
    command = [sys.executable, __file__, "--ahead", str(around.ahead)]
    done = subprocess.run(
        command, cwd=project, env={**os.environ, **names}, preexec_fn=arrange, check=False, capture_output=True
    )
    if done.returncode:
        sys.exit(done.stderr.decode(errors="replace") + done.stdout.decode(errors="replace"))


def age(project: Path, to: int) -> None:
    """Let every file of *project* be as old as one that was written at *to*."""
    for path in project.rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            os.utime(path, (to, to))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file in *folder*, by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def bytes_that_differ(one: bytes, other: bytes) -> int:
    """At how many places the two are not the same; what one has more counts too."""
    return sum(a != b for a, b in zip(one, other, strict=False)) + abs(len(one) - len(other))


def differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> dict[str, int]:
    """The files that are not the same, with how many of their bytes."""
    paths = sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))
    return {path: max(1, bytes_that_differ(one.get(path, b""), other.get(path, b""))) for path in paths}


def compared(first: Path, second: Path) -> int:
    """Build *first* once and *second* twice, and tell what differs; 1 where anything does."""
    age(second, 1_000_000_000)
    build(first, HERE)
    right = contents(first / "site")
    found: dict[str, int] = {}
    for around in (ELSEWHERE, LATER):
        build(second, around)
        found |= differing(right, contents(second / "site"))
    for path, many in found.items():
        print(f"{path}: {many} bytes differ", file=sys.stderr)
    print(f"3 builds from 2 clones, {len(right)} files each: {sum(found.values())} bytes differ")
    return 1 if found else 0


def main() -> int:
    """Compare builds of what is committed in this repository; 1 where anything differs."""
    with tempfile.TemporaryDirectory() as folder:
        clones = [Path(folder, name) for name in ("a", "another-folder/with a much longer name")]
        for clone in clones:
            subprocess.run(
                ["git", "-c", "advice.detachedHead=false", "clone", "--quiet", "--no-hardlinks", ROOT, clone],
                check=True,
            )
        return compared(clones[0], clones[1])


def turn_clock(ahead: float) -> None:
    """Let every clock of Python be *ahead* by so many seconds."""
    now, date_time, date = time.time, datetime.datetime, datetime.date

    class DateTime(date_time):  # type: ignore[misc, valid-type]
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
            return date_time.now(tz) + datetime.timedelta(seconds=ahead)

        @classmethod
        def utcnow(cls) -> datetime.datetime:
            return date_time.now(datetime.UTC).replace(tzinfo=None) + datetime.timedelta(seconds=ahead)

    class Date(date):  # type: ignore[misc, valid-type]
        @classmethod
        def today(cls) -> datetime.date:
            return (date_time.now() + datetime.timedelta(seconds=ahead)).date()

    for turned, kind in ((DateTime, date_time), (Date, date)):  # what is kept of them is found again under these names
        turned.__module__, turned.__name__, turned.__qualname__ = "datetime", kind.__name__, kind.__name__
    time.time = lambda: now() + ahead
    datetime.datetime, datetime.date = DateTime, Date  # type: ignore[misc]


def run_mkdocs(ahead: str) -> NoReturn:
    """Be `mkdocs build --strict`, with a clock that is *ahead*."""
    if ahead != "0":
        turn_clock(float(ahead))
    sys.argv = ["mkdocs", "build", "--strict"]
    sys.path.insert(0, "")
    runpy.run_module("mkdocs", run_name="__main__", alter_sys=True)
    sys.exit()


def _arguments(arguments: Sequence[str]) -> int:
    if arguments[:1] == ["--ahead"]:
        run_mkdocs(arguments[1])
    if arguments:
        return compared(Path(arguments[0]), Path(arguments[1]))
    return main()


if __name__ == "__main__":
    sys.exit(_arguments(sys.argv[1:]))
