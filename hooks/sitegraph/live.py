"""What a page fetches when a reader presses the button: the runtime that `make live` made, and a notebook's code."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from .figures import DARK
from .live_code import code_digest, code_of
from .model import Later, Notebook, Place, Problem
from .rules import problem

FOLDER = "live"
"""Where the runtime lies on the site."""
DATA = "live.json"
"""The name of the file beside a notebook's page that holds its questions and its code."""


@dataclass(frozen=True)
class Runtime:
    """The interpreter and the chart library as `make live` left them, and what came out when they ran the questions."""

    folder: str  # its name changes with its content
    sent: Mapping[str, int]  # by name of the file, the bytes that are sent of it, compressed …
    sizes: Mapping[str, int]  # … and those that it has
    python: str
    info: Mapping[str, str]  # what Pyodide wants to know of itself
    digests: Mapping[str, str]  # by claim, of the published settings
    codes: Mapping[str, str]  # by claim, of the code that ran then
    compiled: Mapping[str, str]  # by path, the code compiled, in base 64; Python itself sees whether it is outdated

    @property
    def megabytes(self) -> str:
        """What is sent of it all: '5.4 MB'."""
        return f"{sum(self.sent.values()) / 1e6:.1f} MB"


def read_runtime(manifest: str) -> Runtime | None:
    """The runtime that *manifest* describes; None where there is no manifest, or one that is not whole."""
    try:
        told = json.loads(manifest)
        return Runtime(
            folder=str(told["folder"]),
            sent={str(name): int(size) for name, size in told["sent"].items()},
            sizes={str(name): int(size) for name, size in told["sizes"].items()},
            python=str(told["python"]),
            info=dict(told["info"]),
            digests=dict(told["digests"]),
            codes=dict(told["codes"]),
            compiled=dict(told["compiled"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def live_file(notebook: Notebook, beside: Mapping[str, bytes], runtime: Runtime) -> str:
    """The questions of *notebook*, the code that answers them, and what a browser is to compare its answers with."""
    code: dict[str, str] = {}
    questions: dict[str, Any] = {}
    for name, boundary in notebook.boundaries.items():
        needed = code_of(boundary.module, beside)
        code |= needed
        current = runtime.codes.get(boundary.claim) == code_digest(needed)
        questions[name] = {**boundary.told, "built": runtime.digests.get(boundary.claim, "") if current else ""}
    told = {
        "runtime": f"{FOLDER}/{runtime.folder}/",
        "sizes": runtime.sizes,
        "info": runtime.info,
        "code": dict(sorted(code.items())),
        "compiled": {path: runtime.compiled[path] for path in sorted(code) if path in runtime.compiled},
        "dark": DARK,
        "questions": questions,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def live_files(
    notebooks: Mapping[str, Notebook], beside: Mapping[str, bytes], runtime: Runtime | None
) -> dict[str, Later[str | bytes]]:
    """The file of each notebook that has questions, by its path; none without a *runtime*."""
    if not runtime:
        return {}
    return {
        path: Later(partial(live_file, notebook, beside, runtime))
        for path, notebook in notebooks.items()
        if notebook.boundaries
    }


def outdated_answers(
    path: str, notebook: Notebook, beside: Mapping[str, bytes], runtime: Runtime | None
) -> Iterator[Problem]:
    """The questions whose code changed since *runtime* answered them: a page could not say whether it does so too."""
    for boundary in notebook.boundaries.values() if runtime else ():
        if runtime and runtime.codes.get(boundary.claim) != code_digest(code_of(boundary.module, beside)):
            sentence = f"`{boundary.module}` changed since `make live` asked about `{boundary.name}`; run it again"
            yield problem("live-current", Place(path, boundary.place.line), sentence)
