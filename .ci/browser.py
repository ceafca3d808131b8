"""Prints the path of a Chromium that the browser tests can drive; all talk goes to stderr.

It is one that is on the machine, else one from apt where that is possible, else the one that Playwright downloads.
Each is started once, without a window, before it is believed.  `make test` hands the path to the tests as `CHROMIUM`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from playwright.sync_api import sync_playwright

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
MAC_APPS = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]
NONE_FOUND = """\
The browser tests need Chromium or Chrome, and none could be found or installed here.
Install one (on Debian: sudo apt install chromium), or name it: CHROMIUM=/path/to/chromium make test
Everything but the browser tests: make check unit"""


def say(*words: str) -> None:
    print(*words, file=sys.stderr, flush=True)


def starts(path: str) -> bool:
    """Whether the browser at *path* starts without a window and reads a page, all within a minute."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        command = [path, *options, f"--user-data-dir={profile}", "--dump-dom", "data:text/html,<p>works</p>"]
        try:
            shown = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
        except (OSError, subprocess.TimeoutExpired):
            return False
    return "<p>works</p>" in shown


def on_this_machine() -> Iterator[str]:
    """The places where a browser may stand already, in the order in which they are tried."""
    yield from filter(None, map(shutil.which, NAMES))
    yield from MAC_APPS
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path  # what an earlier run has downloaded


def succeeds(command: list[str]) -> bool:
    """Whether *command* ran without an error; what it has to say goes to stderr only when it did not."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except OSError:
        return False
    if done.returncode:
        say(done.stdout + done.stderr)
    return done.returncode == 0


def install_by_apt() -> None:
    """Install Debian's Chromium, if there is apt and the right to use it without being asked for a password."""
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (as_root and not shutil.which("sudo")) or not succeeds([*as_root, "true"]):
        return
    say("Installing Chromium with apt, for the browser tests …")
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    # Without a font, a page has no text to look at.
    install = [*apt, "install", "--no-install-recommends", "chromium", "fonts-dejavu-core"]
    if not succeeds([*apt, "update"]) or not succeeds(install):
        say("apt could not install it.")


def install_by_playwright() -> None:
    """Let Playwright download its own Chromium into its own cache."""
    say("Downloading Playwright's Chromium, for the browser tests …")
    if not succeeds([sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]):
        say("Playwright could not download it.")


def find() -> str | None:
    """The path of the first browser that starts, installed on the way if there is none."""
    if asked := os.environ.get("CHROMIUM"):
        if not starts(asked):
            say(f"CHROMIUM is '{asked}', and that does not start without a window.")
            return None
        return asked
    for install in (None, install_by_apt, install_by_playwright):
        if install:
            install()
        for path in on_this_machine():
            if starts(path):
                return path
    return None


if __name__ == "__main__":
    path = find()
    if path is None:
        sys.exit(NONE_FOUND)
    print(path)
