"""A browser, and the whole site served to it from this machine."""

from __future__ import annotations

import functools
import os
import re
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

UNUSED = [
    # A window of its own for each test brings along a toolbar made of web pages, and a process in store: two thirds of
    # what a test takes. Names that a browser does not know do nothing.
    *("InitialWebUI", "WebUIToolbarProcessOverheadExperiment", "PreloadTopChromeWebUI"),
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess", "MultipleSpareRPHs"),
    # What Playwright leaves out too: of two lists the browser takes the last.
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled"),
    "PreconnectToSearch",
]
"""Features of the browser that no test needs."""

# Sandboxes need rights that containers lack; the other flags keep the browser from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(UNUSED)}",
]


class Quiet(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        """Serve a file; in sitemap.xml, from which the theme knows the pages, with the port that this server has."""
        if urlsplit(self.path).path != "/sitemap.xml":
            return super().do_GET()
        assert isinstance(self.server, ThreadingHTTPServer)
        port = self.server.server_port
        text = Path(self.translate_path(self.path)).read_text(encoding="utf-8")
        content = re.sub(r"http://127\.0\.0\.1:\d+", f"http://127.0.0.1:{port}", text).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        return None

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name is the library's)
        """Say nothing of what is served."""

    def translate_path(self, path: str) -> str:
        """The file at *path*; the same site stands below /below/ too, as on a host that it shares with others."""
        return super().translate_path(path.removeprefix("/below"))


class Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that closed before it had read everything; what a page misses, its test finds."""


def served(site: Path, handler: type[Quiet] = Quiet) -> Iterator[str]:
    """Where *site* is served, with a slash at the end, until the next step."""
    server = Server(("127.0.0.1", 0), functools.partial(handler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def address(real_site: Path) -> Iterator[str]:
    """Where the whole site is served, with a slash at the end."""
    yield from served(real_site)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium at CHROMIUM."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM") or None, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open a page of the site, by its path. What it asks of others or complains about fails the test at its end."""
    contexts, requests, complaints = [], [], []

    def opened(path: str, *, width: int = 1280, **settings: Any) -> Page:
        context = browser.new_context(base_url=address, viewport={"width": width, "height": 900}, **settings)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(path, wait_until="load")
        return page

    yield opened
    for context in contexts:
        context.close()
    here = urlsplit(address).netloc
    assert [url for url in requests if urlsplit(url).scheme != "data" and urlsplit(url).netloc != here] == []
    assert complaints == []
