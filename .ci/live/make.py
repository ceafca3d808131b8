"""Makes what a reader's browser fetches to run a notebook's model again: `make live`.

    python .ci/live/make.py             make what is missing or outdated; say nothing when nothing is
    python .ci/live/make.py --if-able   the same, but where Node.js and npm cannot be had say so, and fail not

Fetches the packages of package-lock.json with npm, which checks them against the hashes there; packs the standard
library; asks every question of the notebooks under Node; copies what a browser needs to .cache/live/site, from which
the build takes it.  The packed library must be what `expected.json` says: the same bytes on every machine.
"""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT / "hooks"), str(HERE.parent)]

import node  # noqa: E402 (after the paths are set)

from sitegraph.freshness import files_beside  # noqa: E402
from sitegraph.live import FOLDER  # noqa: E402
from sitegraph.live_code import IN_BROWSER, code_digest, code_of  # noqa: E402
from sitegraph.notebooks import read_notebook  # noqa: E402

OUT = ROOT / ".cache/live"
MODULES = HERE / "node_modules"
LARGEST = 6_000_000
"""Bytes that may be sent of it all, compressed."""

FILES = {
    "pyodide.mjs": "pyodide/pyodide.mjs",
    "pyodide.asm.mjs": "pyodide/pyodide.asm.mjs",
    "pyodide.asm.wasm": "pyodide/pyodide.asm.wasm",
    "vega.js": "vega/build/vega.min.js",
    "vega-lite.js": "vega-lite/build/vega-lite.min.js",
    "vega-interpreter.js": "vega-interpreter/build/vega-interpreter.js",
}
"""What is copied, by its name on the site."""

_MAP = re.compile(rb"\n?//# sourceMappingURL=\S+\s*\Z")

NOTICE = """\
Files of others, as their makers published them but for what is said here, and for the last line of a script, where that
named a map of its sources.

pyodide.mjs, pyodide.asm.mjs, pyodide.asm.wasm: Pyodide {pyodide}, Mozilla Public License 2.0.
stdlib.gzb: part of the standard library of Python {python}, compiled without its docstrings; Python Software Foundation
License Version 2.
vega.js: Vega {vega}. vega-lite.js: Vega-Lite {vega-lite}. vega-interpreter.js: vega-interpreter {vega-interpreter}, its
import made one of the names that vega.js leaves. Copyright University of Washington Interactive Data Lab, BSD 3-Clause.
The sources are on the pages of these projects. The licence of Vega:

{licence}"""


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def job() -> tuple[dict[str, Any], dict[str, str]]:
    """What Node is asked to do, and for each claim the digest of the code that answers it."""
    beside = files_beside(ROOT / "notebooks")
    questions: dict[str, str] = {}
    code: dict[str, str] = {}
    codes: dict[str, str] = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for boundary in read_notebook(path.name, path.read_bytes()).notebook.boundaries.values():
            needed = code_of(boundary.module, beside)
            questions[boundary.claim] = boundary.module
            codes[boundary.claim] = code_digest(needed)
            code |= needed
    return {"modules": list(IN_BROWSER), "questions": questions, "code": code}, codes


def stamp(asked: Mapping[str, Any]) -> str:
    """What all of it depends on, as a digest."""
    own = [HERE / name for name in ("expected.json", "make.py", "package-lock.json", "runtime.mjs")]
    pieces = [path.read_bytes() for path in [*own, ROOT / "docs/assets/live/harness.py"]]
    return hashlib.sha256(b"\0".join([*pieces, json.dumps(asked).encode()])).hexdigest()


def current(mark: str) -> bool:
    """Whether what is there was made of the same, and is whole."""
    try:
        told = json.loads((OUT / "manifest.json").read_text(encoding="utf-8"))
        folder = OUT / "site" / FOLDER / told["folder"]
        return told["stamp"] == mark and all((folder / name).stat().st_size for name in told["sent"])
    except (OSError, ValueError, KeyError):
        return False


def fetched(npm: list[str]) -> bool:
    """Whether the packages of the lock are there, fetched if they were not."""
    lock, done = (HERE / "package-lock.json").read_text(), MODULES / "installed.json"
    if done.exists() and done.read_text() == lock:
        return True
    say("Fetching the packages that browsers run, 20 MB …")
    if subprocess.run([*npm, "ci", "--silent", "--ignore-scripts", "--no-audit"], cwd=HERE, check=False).returncode:
        return False
    done.write_text(lock)
    return True


def browser_files(library: bytes, python: str) -> dict[str, bytes]:
    """What a browser fetches, by name."""
    found = {name: (MODULES / path).read_bytes() for name, path in FILES.items()}
    # A reader is sent no map of the sources, so no file should name one.
    found = {name: _MAP.sub(b"", content) if name.endswith("js") else content for name, content in found.items()}
    text = found["vega-interpreter.js"].decode()
    head, names, rest = text.partition("import { ascending, isString, DisallowedObjectProperties } from 'vega-util';")
    if head or not names:
        raise SystemExit("vega-interpreter begins otherwise than it did; look at .ci/live/make.py")
    found["vega-interpreter.js"] = (
        "const { ascending, isString, DisallowedObjectProperties } = globalThis.vega;" + rest
    ).encode()
    # As its own stream: hosts seldom compress an archive on the way.
    found["stdlib.gzb"] = gzip.compress(library, 9, mtime=0)
    versions = {name: json.loads((MODULES / name / "package.json").read_text())["version"] for name in _packages()}
    licence = (MODULES / "vega/LICENSE").read_text(encoding="utf-8")
    found["NOTICE.txt"] = NOTICE.format(**versions, python=python, licence=licence).encode()
    return found


def _packages() -> list[str]:
    return list(json.loads((HERE / "package.json").read_text())["dependencies"])


def made(asked: Mapping[str, Any], codes: Mapping[str, str], mark: str, command: list[str]) -> str:
    """Make it all; what went wrong, '' where nothing did."""
    say("Packing Python for browsers, and asking the notebooks' questions in it …")
    with tempfile.TemporaryDirectory() as folder:
        order = Path(folder, "job.json")
        order.write_text(json.dumps(asked), encoding="utf-8")
        ran = subprocess.run(
            [*command, str(HERE / "runtime.mjs"), str(order), folder], capture_output=True, text=True, check=False
        )
        if ran.returncode:
            # Node prints the line where it stopped, which in a packed file is a megabyte.
            return "\n".join(line[:300] for line in ran.stderr.splitlines() if line.strip())[-3000:]
        library = Path(folder, "stdlib.zip").read_bytes()
        told = json.loads(Path(folder, "answers.json").read_text(encoding="utf-8"))
    expected = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
    digest = hashlib.sha256(library).hexdigest()
    if digest != expected["stdlib.zip"]:
        return f"The packed library is {digest}, and {expected['stdlib.zip']} was expected; see .ci/live/expected.json."
    files = browser_files(library, told["python"])
    sent = {
        name: len(content if name.endswith(".gzb") else gzip.compress(content, 9)) for name, content in files.items()
    }
    if sum(sent.values()) > LARGEST:
        return f"{sum(sent.values())} bytes would be sent, more than the {LARGEST} that readers are asked for."
    name = hashlib.sha256(b"\0".join(files[each] for each in sorted(files))).hexdigest()[:12]
    site = OUT / "site"
    shutil.rmtree(site, ignore_errors=True)
    (site / FOLDER / name).mkdir(parents=True)
    for each, content in files.items():
        (site / FOLDER / name / each).write_bytes(content)
    manifest = {
        "folder": name,
        "stamp": mark,
        "python": told["python"],
        "info": told["info"],
        "sent": sent,
        "sizes": {each: len(content) for each, content in sorted(files.items())},
        "sha256": {each: hashlib.sha256(content).hexdigest() for each, content in sorted(files.items())},
        "digests": {claim: answer["digest"] for claim, answer in told["answers"].items()},
        "codes": dict(codes),
        "compiled": told["compiled"],
    }
    (OUT / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    say(f"Made: {sum(sent.values()) / 1e6:.2f} MB to send, {len(told['answers'])} questions asked.")
    return ""


def main(if_able: bool) -> int:
    asked, codes = job()
    mark = stamp(asked)
    if current(mark):
        return 0
    found = node.commands()
    if not found or not fetched(found[1]):
        say("There is no Node.js 20 with npm here, or no network: the site has no button to run a model again.")
        return 0 if if_able else 1
    wrong = made(asked, codes, mark, found[0])
    if wrong:
        say(wrong)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main("--if-able" in sys.argv))
