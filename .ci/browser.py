"""Prints the path of a Chromium that the browser tests can drive; all talk goes to stderr.

It is one that is on the machine, else one from apt where that is possible, else the one that Playwright downloads.
None is believed before Playwright has shown a page in it.  `make browser` hands the path to the tests as `CHROMIUM`.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator

from playwright.sync_api import sync_playwright

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
MAC_APPS = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]
# Without a font, a page has no text to look at; Playwright's own program needs the last one.
DEBIAN_PACKAGES = ["chromium", "fonts-dejavu-core", "libatomic1"]
NONE_FOUND = """\
The browser tests need Chromium or Chrome, and none could be found or installed here.
Install one (on Debian: sudo apt install chromium), or name it: make test CHROMIUM=/path/to/chromium
Everything but the browser tests: make quick unit"""


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def shows_a_page(path: str) -> bool:
    """Whether Playwright can start the browser at *path*, without a window, and have it show a page."""
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            page = browser.new_page()
            page.set_content("<p>works</p>")
            works = page.inner_text("p") == "works"
            browser.close()
            return works
    except Exception as error:  # Playwright raises this very class when its own program does not start
        say(f"{path} cannot be used: {str(error).splitlines()[0]}")
        return False


def on_this_machine() -> Iterator[str]:
    """The browsers that are here already, in the order in which they are tried."""
    yield from filter(None, map(shutil.which, NAMES))
    yield from filter(os.path.exists, MAC_APPS)


def from_apt() -> Iterator[str]:
    """Debian's Chromium, if there is apt and the right to use it without being asked for a password."""
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and succeeds([*as_root, "true"]):
        say("Installing Chromium with apt, for the browser tests …")
        apt_get = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
        if explains([*apt_get, "update"]) and explains(
            [*apt_get, "install", "--no-install-recommends", *DEBIAN_PACKAGES]
        ):
            yield from on_this_machine()


def from_playwright() -> Iterator[str]:
    """Playwright's own Chromium, which it keeps in its own cache and downloads only once."""
    say("Looking for Playwright's own Chromium, or downloading it, for the browser tests …")
    if explains([sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]):
        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
        yield path


def succeeds(command: list[str]) -> bool:
    """Whether *command* exists and ends well; it says nothing and asks nothing."""
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0
    except OSError:
        return False


def explains(command: list[str]) -> bool:
    """Whether *command* ends well; when it does not, what it had to say goes to stderr."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        say(done.stdout)
    return done.returncode == 0


def usable_browser() -> str | None:
    """The path of the first browser that shows a page; one is installed only when there is none."""
    if asked := os.environ.get("CHROMIUM"):
        return asked if shows_a_page(asked) else None
    sources: list[Callable[[], Iterator[str]]] = [on_this_machine, from_apt, from_playwright]
    return next((path for source in sources for path in source() if shows_a_page(path)), None)


if __name__ == "__main__":
    path = usable_browser()
    if path is None:
        sys.exit(NONE_FOUND)
    print(path)
