"""Measures in Chromium what it costs a reader to ask a claim again, and prints it as a table.

    make measure-live

For every notebook: click to first answer with an empty cache and a full one, slider to new figure, memory of the tab's
process, whether the published run is reproduced. For the first also at 10 Mbit/s. The host compresses what it sends.
"""

import gzip
import json
import os
import statistics
import sys
import threading
import time
from functools import cache
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

SITE = Path("site")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
KEYS = 12


@cache
def compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


class Host(SimpleHTTPRequestHandler):
    """Sends the site compressed, with its headers, at no more than `rate` bytes a second."""

    rate = 0.0
    sent = 0
    lock = threading.Lock()
    free_at = 0.0
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file, whole."""
        path = SITE / urlsplit(self.path).path.lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        packed = path.suffix in (".wasm", ".mjs", ".js", ".json", ".html", ".css", ".svg", ".py")
        tag = f'"{path.stat().st_mtime_ns}"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.end_headers()
            return
        content = compressed(path) if packed else path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", tag)
        lasts = "max-age=31536000, immutable" if "/live/" in str(path) and path.suffix != ".json" else "no-cache"
        self.send_header("Cache-Control", lasts)
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        for start in range(0, len(content), 16_384):
            piece = content[start : start + 16_384]
            if Host.rate:
                with Host.lock:
                    now = time.monotonic()
                    Host.free_at = max(Host.free_at, now) + len(piece) / Host.rate
                    wait = Host.free_at - now
                time.sleep(wait)
            self.wfile.write(piece)
            Host.sent += len(piece)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name is the library's)
        """Say nothing of what is sent."""


def started(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM") or None, args=FLAGS)


def opened(page: Page, address: str, path: str) -> tuple[float, int]:
    """Open the page, press its first button; the milliseconds to the first answer, and the bytes sent for it."""
    page.goto(address + path, wait_until="networkidle")
    before = Host.sent
    page.locator(".live-start").first.click()
    page.locator(".live-mark").first.wait_for(timeout=60_000)
    page.wait_for_function("performance.getEntriesByName('live-first').length")
    took = page.evaluate("performance.getEntriesByName('live-first')[0].duration")
    return float(took), Host.sent - before


def slid(page: Page) -> list[float]:
    """The milliseconds from a key on the slider that separates to the new figure, for each of some keys."""
    along = page.locator(".live-knob [type=range]").first
    for key in ("ArrowLeft", "ArrowRight") * (KEYS // 2):
        done = page.evaluate("performance.getEntriesByName('live-run').length")
        along.press(key)
        page.wait_for_function("n => performance.getEntriesByName('live-run').length > n", arg=done, timeout=60_000)
    return [float(ms) for ms in page.evaluate("performance.getEntriesByName('live-run').map(m => m.duration)")]


def memory(browser: Browser) -> float:
    """Megabytes that the largest of the browser's page processes holds for itself."""
    session = browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    sizes = []
    for process in found:
        if process["type"] == "renderer":
            text = Path(f"/proc/{process['id']}/smaps_rollup").read_text()
            sizes.append(sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Private_")))
    return max(sizes) / 1000


def main() -> int:
    notebooks = [path.parent.name for path in sorted(SITE.glob("notebooks/*/live.json"))]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    heads = ("notebook", "cold ms", "warm ms", "slider ms", "most", "tab MB", "with MB", "sent kB", "published run")
    print(" | ".join(heads))
    with sync_playwright() as playwright:
        for name in notebooks:
            browser = started(playwright)
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            page = context.new_page()
            page.goto(f"{address}notebooks/{name}/", wait_until="networkidle")
            before = memory(browser)
            cold, sent = opened(page, address, f"notebooks/{name}/")
            steps = slid(page)
            after = memory(browser)
            proof = page.locator(".live-proof").inner_text()
            warm = [opened(page, address, f"notebooks/{name}/")[0] for _ in range(2)]
            same = "exactly" if "exactly" in proof else proof
            row = [cold, min(warm), statistics.median(steps), max(steps), before, after, sent / 1000]
            print(" | ".join([name, *(f"{value:.0f}" for value in row), same]), flush=True)
            browser.close()
        Host.rate = 10e6 / 8
        browser = started(playwright)
        took, sent = opened(browser.new_context().new_page(), address, f"notebooks/{notebooks[0]}/")
        print(json.dumps({"10 Mbit/s, empty cache, ms": round(took), "bytes": sent}))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
