"""Whether a notebook's stored outputs still belong to its code. Text and digests only: nothing is run."""

from __future__ import annotations

import ast
import hashlib
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

_NOT_CODE = re.compile(r"(?:^|/)(?:\.|__pycache__/)")

NUMERIC = ("numpy", "vl-convert-python")
"""The packages on which numbers and drawings depend; other versions of others change neither."""


def manifest(cells: Sequence[str], files: Mapping[str, bytes], lock: str) -> dict[str, Any]:
    """What a run of *cells* depends on, as digests: the cells, each local file that they use, the numeric packages.

    *files* are all files beside the notebook, by path from its folder ('models/jet.py'); *lock* is the text of
    requirements.lock. Prose has no part in it.
    """
    return {
        "cells": _digest("\0".join(map(str.rstrip, cells)).encode()),
        "files": {path: _digest(files[path]) for path in sorted(used_files(cells, files))},
        "packages": _packages(lock),
    }


def files_beside(folder: Path, own: Callable[[Path], bool] = lambda path: True) -> dict[str, bytes]:
    """What code may import or read in *folder*, by path from there, of the files that are our *own*.

    Notebooks and hidden files are left out.
    """
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".ipynb" and own(path))
    found = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in found.items() if not _NOT_CODE.search(name)}


def changes(stored: Mapping[str, Any], current: Mapping[str, Any]) -> list[str]:
    """What has changed since the *stored* manifest was written, in words; empty when the outputs are current."""
    if not stored.get("cells"):
        return ["how it was run is not recorded"]
    found = ["its code changed"] if stored["cells"] != current["cells"] else []
    before, now = (_mapping(manifest.get("files")) for manifest in (stored, current))
    found += [f"{path} changed" for path in now if path in before and before[path] != now[path]]
    found += [f"{path} is used now" for path in now if path not in before]
    found += [f"{path} is not used any more" for path in before if path not in now]
    packages = _mapping(stored.get("packages"))
    found += [
        f"{name} is {version} now" for name, version in current["packages"].items() if packages.get(name) != version
    ]
    return found


def _mapping(value: Any) -> Mapping[str, str]:
    return value if isinstance(value, Mapping) else {}


def _digest(content: bytes) -> str:
    # As git may give it on another system.
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()[:16]


def _packages(lock: str) -> dict[str, str]:
    found = re.findall(r"^([\w.-]+)==([^\s;]+)", lock, re.MULTILINE)
    return {name: version for name, version in sorted(found) if name in NUMERIC}


def used_files(cells: Iterable[str], files: Mapping[str, bytes]) -> set[str]:
    """The files that *cells* import or name, and those that these import or name in turn."""
    used: set[str] = set()
    waiting = [("", source) for source in cells]
    while waiting:
        folder, source = waiting.pop()
        for path in _named(folder, source, files):
            if path not in used:
                used.add(path)
                if path.endswith(".py"):
                    waiting.append((posixpath.dirname(path), files[path].decode("utf-8", "replace")))
    return used


def _named(folder: str, source: str, files: Mapping[str, bytes]) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # the last two: what is nested too deeply
        return
    for node in ast.walk(tree):
        modules: list[str] = []
        if isinstance(node, ast.Import):
            modules = [alias.name.replace(".", "/") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = (node.module or "").replace(".", "/")
            if node.level:
                base = posixpath.normpath(posixpath.join(folder, *[".."] * (node.level - 1), base))
            modules = [base, *(posixpath.join(base, alias.name) for alias in node.names)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in files:
            yield node.value  # a data file that is read by its name
        for module in modules:
            # A package runs its __init__ when anything in it is imported.
            parts = module.split("/")
            packages = [posixpath.join(*parts[:depth], "__init__.py") for depth in range(1, len(parts) + 1)]
            yield from (path for path in (f"{module}.py", *packages) if path in files)
