"""The code that a reader's browser runs again: which files it is, and why some of it could not run there."""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterator, Mapping
from typing import TypeGuard

from .freshness import used_files
from .model import Boundary, Notebook, Place, Problem
from .rules import problem
from .suggest import did_you_mean

IN_BROWSER = (
    "__future__",
    "abc",
    "array",
    "bisect",
    "cmath",
    "collections",
    "contextlib",
    "copy",
    "dataclasses",
    "decimal",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "heapq",
    "itertools",
    "json",
    "math",
    "numbers",
    "operator",
    "os",
    "random",
    "re",
    "statistics",
    "string",
    "textwrap",
    "types",
    "typing",
)
"""What code may import there: the part of the standard library that `make live` packs. `js` and `pyodide`, by which the
page could be reached, are not in it."""

_OWN_CHANCE = ("Random", "SystemRandom")
"""What of `random` is no draw from the generator that all share."""

FOLDER = "notebooks/"


def code_of(module: str, beside: Mapping[str, bytes]) -> dict[str, str]:
    """The files that *module* ('live.confession_judge') needs, by path in notebooks/; empty where there is no such."""
    if f"{module.replace('.', '/')}.py" not in beside:
        return {}
    return {path: _text(beside[path]) for path in sorted(used_files([f"import {module}"], beside))}


def code_digest(code: Mapping[str, str]) -> str:
    """A short text that two sets of files share just when they are the same."""
    return hashlib.sha256(repr(sorted(code.items())).encode()).hexdigest()[:16]


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace").replace("\r\n", "\n")


def live_problems(notebook: Notebook, beside: Mapping[str, bytes]) -> list[Problem]:
    """Why a browser could not run what *notebook* offers to run there; *beside* are the files beside it."""
    found: list[Problem] = []
    seen: set[str] = set()
    for boundary in notebook.boundaries.values():
        found += _off_grid(boundary)
        code = code_of(boundary.module, beside)
        if not code:
            modules = [path.removesuffix(".py").replace("/", ".") for path in beside if path.startswith("live/")]
            sentence = f"the question about `{boundary.name}` is in `{boundary.module}`, which is no module"
            found.append(problem("live-imports", boundary.place, sentence + did_you_mean(boundary.module, modules)))
        for path in sorted(code.keys() - seen):
            found += _in_browser(path, code[path], beside)
        seen |= code.keys()
    return found


def _off_grid(boundary: Boundary) -> Iterator[Problem]:
    for knob in boundary.knobs:
        steps = (knob.value - knob.low) / knob.step if knob.step else 0.5
        if not (knob.low <= knob.value <= knob.high and abs(steps - round(steps)) < 1e-6):
            sentence = (
                f"`{knob.name}` is {knob.value:g} in the published run of `{boundary.name}`, where no slider "
                f"from {knob.low:g} to {knob.high:g} in steps of {knob.step:g} can stand"
            )
            yield problem("live-on-grid", boundary.place, sentence)


def _in_browser(path: str, source: str, beside: Mapping[str, bytes]) -> Iterator[Problem]:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        yield problem("live-imports", Place(FOLDER + path, error.lineno or 1), f"this is not Python: {error.msg}")
        return
    except (ValueError, RecursionError, MemoryError) as error:  # the last two: what is nested too deeply
        reason = "it is nested too deeply" if isinstance(error, RecursionError | MemoryError) else str(error)
        yield problem("live-imports", Place(FOLDER + path, 1), f"this is not Python: {reason}")
        return
    own = {name.split("/")[0].removesuffix(".py") for name in beside}
    for node in _run_at_import(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for name in names:
            first = name.split(".")[0]
            if first not in own and first not in IN_BROWSER:
                place = Place(FOLDER + path, node.lineno)
                why = "is no part of what `make live` packs" if first in sys.stdlib_module_names else "is no part of it"
                sentence = f"a reader’s browser has the standard library alone, and `{first}` {why}"
                yield problem("live-imports", place, sentence)
    for at in ast.walk(tree):
        if drawn := _shared_draw(at):
            sentence = f"`{drawn}` draws from the generator that all share; draw from one that is handed in"
            yield problem("live-chance", Place(FOLDER + path, getattr(at, "lineno", 1)), sentence)


def _run_at_import(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that run when the module is imported: not those inside functions, nor those for types alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not _for_types(node):
            yield from _run_at_import(node)


def _for_types(node: ast.AST) -> TypeGuard[ast.If]:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _shared_draw(node: ast.AST) -> str:
    """What *node* draws from the generator of the module `random` itself, '' where it does not."""
    if isinstance(node, ast.ImportFrom) and node.module == "random":
        return next((f"random.{alias.name}" for alias in node.names if alias.name not in _OWN_CHANCE), "")
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "random":
        return "" if node.attr in _OWN_CHANCE else f"random.{node.attr}"
    return ""
