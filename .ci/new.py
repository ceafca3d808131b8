"""Begins a page: `make thread`, `make essay`, `make notebook`, each with TITLE="…".

Writes files that build, with hints that the build tells until they are replaced by words; writes over nothing.  A
notebook is run once, so that its outputs are there.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import get_args

ROOT = Path(__file__).absolute().parent.parent
sys.path.insert(0, str(ROOT / "hooks"))

from sitegraph.front_matter import read_front_matter  # noqa: E402 (after the path to sitegraph is set)
from sitegraph.index import Index  # noqa: E402
from sitegraph.model import Page  # noqa: E402
from sitegraph.new_pages import NewKind, new_files, wrong_title  # noqa: E402
from sitegraph.notebooks import read_notebook  # noqa: E402


def pages(root: Path) -> Iterator[Page]:
    """The pages that are there, as far as their front matter tells."""
    for path in sorted([*(root / "docs").rglob("*.md"), *(root / "notebooks").glob("*.ipynb")]):
        name = path.relative_to(root).as_posix()
        notebook = path.suffix == ".ipynb"
        text = read_notebook(name, path.read_bytes()).text if notebook else path.read_text("utf-8", errors="replace")
        yield read_front_matter(name, "", text).page


def begin(root: Path, kind: NewKind, title: str, day: str) -> list[str]:
    """Write the files of a new page and give their paths. Exits with a sentence where that cannot be."""
    if wrong := wrong_title(kind, title, Index(pages(root), {})):
        sys.exit(wrong)
    files = new_files(kind, title, day)
    if there := [path for path in files if (root / path).exists()]:
        sys.exit(f"{there[0]} is there already, and nothing was written.")
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return list(files)


def main(kind: NewKind) -> int:
    """Begin a page of that *kind*, called what TITLE says."""
    written = begin(ROOT, kind, os.environ.get("TITLE", ""), date.today().isoformat())
    print("\n".join(written))
    if kind == "notebook":
        ran = subprocess.run([sys.executable, ROOT / "notebooks/run.py", "--only", Path(written[0]).stem], check=False)
        if ran.returncode:
            return ran.returncode
    print("Replace what begins with TODO: in the first of these by words; the build tells which are left.")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in get_args(NewKind):
        sys.exit('usage: make thread TITLE="…", and likewise essay and notebook')
    sys.exit(main(sys.argv[1]))  # type: ignore[arg-type]
