"""What a search costs a reader: how long until something is found, and how much is fetched for it."""

from __future__ import annotations

import functools
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright


@dataclass(frozen=True)
class Found:
    """What a search took."""

    seconds: float  # from the last letter to the first result
    fetched: int  # bytes, from the key that opens the search on


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name is the library's)
        """Say nothing."""


@contextmanager
def _served(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def search(site: Path, words: str) -> Found | None:
    """Type *words* into the search of the built *site*, in the browser at CHROMIUM; None without one.

    Files are sent as they are, where a host would compress those that are text.
    """
    program = os.environ.get("CHROMIUM")
    if not program:
        return None
    with _served(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(address)
        page.wait_for_load_state("networkidle")
        answers: list[Any] = []
        page.on("response", lambda answer: answers.append(answer))
        page.keyboard.press("/")
        page.get_by_role("searchbox").focus()
        page.keyboard.type(words, delay=80)
        begun = time.perf_counter()
        page.get_by_role("dialog").get_by_role("listitem").first.wait_for()
        took = time.perf_counter() - begun
        page.wait_for_load_state("networkidle")
        fetched = sum(len(answer.body()) for answer in answers if answer.ok)
        browser.close()
    return Found(took, fetched)
