"""Slow work that is done beside the rest, on another core."""

from __future__ import annotations

import gc
import multiprocessing
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection

Job = Callable[[], bytes]


class Beside:
    """Some jobs, which are begun when this is made, one after the other, in a process of their own.

    That process is a copy of this one, so that nothing has to be handed over. Where there can be none, and where it
    comes to grief, a job is done when its result is asked for.
    """

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = jobs
        self._results: list[bytes] = []
        self._news = threading.Condition()
        self._ended = True
        self._receiver: threading.Thread | None = None
        # A copy of a process with several threads may stop for ever: at a lock that one of them held.
        if jobs and "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1:
            self._ended = False
            context = multiprocessing.get_context("fork")
            here, there = context.Pipe(duplex=False)
            context.Process(target=_work, args=(jobs, there), daemon=True).start()
            there.close()
            self._receiver = threading.Thread(target=self._receive, args=(here,), daemon=True)
            self._receiver.start()

    def _receive(self, here: Connection) -> None:
        """Take every result as it comes: the other process would wait for that."""
        try:
            while True:
                result = here.recv_bytes()
                with self._news:
                    self._results.append(result)
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
        with self._news:
            self._news.wait_for(lambda: self._ended or len(self._results) > number)
            if len(self._results) > number:
                return self._results[number]
        return self._jobs[number]()


def _work(jobs: Sequence[Job], there: Connection) -> None:
    """Do *jobs* until one fails: whoever asks for that one will do it again, and meet the same."""
    gc.disable()  # what this copy of a process has no use for belongs to the other one: files must not be closed here
    for job in jobs:
        try:
            result = job()
        except Exception:
            break
        there.send_bytes(result)
    there.close()
