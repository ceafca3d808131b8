"""Slow work that is shared with another core."""

from __future__ import annotations

import gc
import multiprocessing
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

Job = Callable[[], bytes]


class Beside:
    """Some jobs, which are begun when this is made, one after the other, in a process of their own.

    That process is a copy of this one, so that nothing has to be handed over. A job that is asked for before it was
    begun is done here: so both have work until there is none. Where there can be no other process, and where it comes
    to grief, a job is done when its result is asked for.
    """

    def __init__(self, jobs: Sequence[Job], prepare: Callable[[], None] = lambda: None) -> None:
        """*prepare* is called in the other process before anything else."""
        self._jobs = jobs
        self._results: dict[int, bytes] = {}
        self._news = threading.Condition()
        self._ended = True
        self._receiver: threading.Thread | None = None
        self._taken: _Taken | None = None
        # A copy of a process with several threads may stop for ever: at a lock that one of them held.
        if jobs and "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1:
            self._ended = False
            context = multiprocessing.get_context("fork")
            self._taken = _Taken(context, len(jobs))
            here, there = context.Pipe(duplex=False)
            context.Process(target=_work, args=(jobs, self._taken, prepare, there), daemon=True).start()
            there.close()
            self._receiver = threading.Thread(target=self._receive, args=(here,), daemon=True)
            self._receiver.start()

    def _receive(self, here: Connection) -> None:
        """Take every result as it comes: the other process would wait for that."""
        try:
            while True:
                number, result = int.from_bytes(here.recv_bytes()), here.recv_bytes()
                with self._news:
                    self._results[number] = result
                    self._news.notify_all()
        except (EOFError, OSError):
            with self._news:
                self._ended = True
                self._news.notify_all()

    def finish(self) -> None:
        """Wait for what was begun, so that other work can begin."""
        if self._receiver:
            self._receiver.join()

    def result(self, number: int) -> bytes:
        """What the job of that *number* gives, once it is done."""
        if self._taken and not self._taken.take(number):
            with self._news:
                self._news.wait_for(lambda: self._ended or number in self._results)
                if number in self._results:
                    return self._results.pop(number)
        return self._jobs[number]()


class Ahead:
    """A job whose process gets ready for it before there is anything to do it on.

    Where there can be no process, and where it comes to grief, the job is done here.
    """

    def __init__(self, ready: Callable[[], None], job: Callable[[bytes], bytes]) -> None:
        """*ready* is begun at once; *job* is done on what `give` hands over."""
        self._job = job
        self._pipe: Connection | None = None
        if "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1:
            context = multiprocessing.get_context("fork")
            self._pipe, there = context.Pipe()
            context.Process(target=_wait, args=(ready, job, self._pipe, there), daemon=True).start()
            there.close()

    def give(self, what: bytes) -> Callable[[], bytes]:
        """Have the job done on *what*; what is returned waits for its result."""
        pipe, self._pipe = self._pipe, None
        if pipe:
            try:
                pipe.send_bytes(what)
            except OSError:
                pipe = None

        def result() -> bytes:
            if pipe:
                try:
                    return pipe.recv_bytes()
                except (EOFError, OSError):
                    pass
            return self._job(what)

        return result


def _wait(ready: Callable[[], None], job: Callable[[bytes], bytes], here: Connection, there: Connection) -> None:
    """Do *job* on the one thing that comes; whoever waits for it will do it again where it fails, and meet the same."""
    gc.disable()  # as in `_work`
    here.close()  # else nobody would tell that there is nothing to come
    given: list[bytes] = []

    def take() -> None:
        with suppress(EOFError):  # there is nothing to do
            given.append(there.recv_bytes())

    # At once, however long it takes to get ready: whoever gives waits until it is taken.
    taker = threading.Thread(target=take, daemon=True)
    taker.start()
    with suppress(Exception):
        ready()
        taker.join()
        there.send_bytes(job(given[0]))


class _Taken:
    """Which jobs somebody has begun, as two processes see it."""

    def __init__(self, context: Any, jobs: int) -> None:
        self._marks = context.RawArray("b", jobs)
        self._lock = context.Lock()

    def take(self, number: int) -> bool:
        """Begin the job of that *number*; False where somebody has.

        A process that was killed just while it held the lock holds it for ever: then a job may be done twice.
        """
        held = self._lock.acquire(timeout=1)
        try:
            if self._marks[number]:
                return False
            self._marks[number] = 1
            return True
        finally:
            if held:
                self._lock.release()


def _work(jobs: Sequence[Job], taken: _Taken, prepare: Callable[[], None], there: Connection) -> None:
    """Do those of *jobs* that nobody has begun, until one fails: whoever asks for it will do it, and meet the same."""
    gc.disable()  # what this copy of a process has no use for belongs to the other one: files must not be closed here
    prepare()
    for number, job in enumerate(jobs):
        if taken.take(number):
            try:
                result = job()
            except Exception:
                break
            there.send_bytes(number.to_bytes(8))
            there.send_bytes(result)
    there.close()
