"""Files that are taken as they were found: only the project's own, and none that a browser would run."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from .html_safe import safe_drawing
from .model import Place, Problem
from .rules import problem

_RUN = """css hta htm html js mht mhtml mjs shtml svgz swf wasm xht xhtml xml xsl xslt"""
"""How the names of files end that run, restyle or say what is run."""


def leads_out(path: Path, roots: Iterable[Path]) -> bool:
    """Whether *path* is a symbolic link, or lies beyond one, to what is in none of the folders *roots*.

    The roots are no links themselves.
    """
    real = os.path.realpath(path)
    return not any(real.startswith(f"{root}{os.sep}") for root in roots)


def led_out(path: str) -> Problem:
    """What is told of the file *path*, which leads out."""
    sentence = "this is a symbolic link out of the repository, so it was left out"
    return problem("file-in-repository", Place(path, 1), sentence)


def not_served(path: str, content: bytes) -> Problem | None:
    """Why a file that was contributed beside the texts is not served; None where it is."""
    ending = path.rpartition(".")[2].lower()
    if ending in _RUN.split():
        sentence = f"a browser may run a file that ends in `.{ending}`, so it was left out"
        return problem("html-safe", Place(path, 1), sentence)
    if ending == "svg" and (why := safe_drawing(content.decode("utf-8", "replace"))):
        return problem("html-safe", Place(path, 1), f"this drawing was left out: {why}")
    return None
