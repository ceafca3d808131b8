"""Programs that are killed in the middle of their work, with all that they started."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent

# The process that all others are copies of is not told by Python 3.11 where modules are.
sys.path[:0] = [path for path in (str(ROOT / "hooks"), str(ROOT / "notebooks")) if path not in sys.path]

_PROCESSES = multiprocessing.get_context("forkserver")
# What has all imported that a build imports begins with its work at once.
_PROCESSES.set_forkserver_preload(["tests.killed", "tests.test_faults", "mkdocs_bibtex", "mkdocs_jupyter.plugin"])

Work = Callable[..., object]
"""Something that is done in a process of its own; a function at the top of a module, so that one can be told of it."""


@dataclass(frozen=True)
class Undisturbed:
    """How long a work takes that nobody disturbs: in seconds, and in changes that it makes on the disk."""

    seconds: float
    changes: int


@dataclass(frozen=True)
class Moment:
    """When to kill: after so many seconds, or just before such a change on the disk."""

    seconds: float = 0
    change: int = 0

    def __str__(self) -> str:
        return f"change {self.change}" if self.change else f"{self.seconds:.3f} s"


def undisturbed(work: Work, *arguments: Any) -> Undisturbed:
    """Do *work*, in a process of its own."""
    changes = _PROCESSES.RawValue("i", 0)
    began = time.monotonic()
    process = _started(work, arguments, 0, changes)
    process.join()
    assert process.exitcode == 0, f"{work.__name__} ended with {process.exitcode}"
    return Undisturbed(time.monotonic() - began, changes.value)


def killed(moment: Moment, work: Work, *arguments: Any) -> bool:
    """Do *work* and kill it at that *moment*, and whatever it started; False where it had ended by then."""
    changes = _PROCESSES.RawValue("i", 0)
    process = _started(work, arguments, moment.change, changes)
    process.join(None if moment.change else moment.seconds)
    ended = process.exitcode == 0
    assert process.pid
    with suppress(ProcessLookupError):  # it had not even begun, or all of it has ended
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return not ended


def _started(work: Work, arguments: Sequence[Any], die_at: int, changes: Any) -> Any:
    process = _PROCESSES.Process(target=_work, args=(work, arguments, die_at, changes))
    process.start()
    return process


def _work(work: Work, arguments: Sequence[Any], die_at: int, changes: Any) -> None:
    os.setpgid(0, 0)
    group = os.getpid()

    def counted(event: str, details: tuple[Any, ...]) -> None:
        if os.getpid() != group or not _changes_the_disk(event, details):
            return
        changes.value += 1
        if changes.value == die_at:
            os.killpg(group, signal.SIGKILL)

    sys.addaudithook(counted)
    work(*arguments)


_CHANGES = frozenset(("os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate"))
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def _changes_the_disk(event: str, details: tuple[Any, ...]) -> bool:
    return event in _CHANGES or (event == "open" and bool(details[2] & _WRITING))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file in *folder*, by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def differing(right: dict[str, bytes], found: dict[str, bytes]) -> list[str]:
    """The paths at which two folders differ."""
    return sorted(path for path in right.keys() | found.keys() if right.get(path) != found.get(path))
