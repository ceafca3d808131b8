"""Tells what a change does to the site: `make review BASE=origin/main`, and HEAD=… for another than the files here.

Builds both sides, each with its own code, and compares what came out.  No notebook is run: a build reads what is
stored.  The report is printed, and left in .cache/review/report.md; SOURCE=https://…/blob/<commit> makes its places
links.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).absolute().parent.parent
sys.path.insert(0, str(ROOT / "hooks"))

from sitegraph.review import Built, review  # noqa: E402 (after the path to sitegraph is set)


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def git(root: Path, *arguments: str) -> str:
    """What git says in *root*. Exits with git's own words where it fails."""
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"git {arguments[0]}: {done.stderr.strip()}")
    return done.stdout.strip()


def commit_of(root: Path, name: str) -> str:
    """The commit that *name* stands for. Exits with a sentence where it stands for none."""
    done = subprocess.run(
        ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"There is no commit `{name}` here; fetch it, or name another: make review BASE=main")
    return done.stdout.strip()


@contextmanager
def checked_out(root: Path, commit: str, place: Path) -> Iterator[Path]:
    """The files of *commit*, in a worktree at *place* which is gone afterwards."""
    git(root, "worktree", "prune")
    shutil.rmtree(place, ignore_errors=True)
    git(root, "worktree", "add", "--quiet", "--detach", "--force", str(place), commit)
    try:
        yield place
    finally:
        git(root, "worktree", "remove", "--force", str(place))


def build(project: Path, site: Path) -> None:
    """Build the site of *project* in the folder *site*. Exits with what MkDocs said where none came out."""
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(site)],
        cwd=project,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or not (site / "graph.json").is_file():
        sys.exit(f"The site cannot be built in {project}:\n{done.stderr.strip()}")


def built_from(root: Path, name: str) -> Path:
    """The folder of the site of the commit *name*, which is built only once with the same packages."""
    commit = commit_of(root, name)
    packages = hashlib.sha256((root / "requirements.lock").read_bytes()).hexdigest()
    folder = root / ".cache/review" / f"{commit[:12]}-{packages[:8]}"
    if not (folder / "graph.json").is_file():
        say(f"Building the site of {name} ({commit[:12]}) …")
        with checked_out(root, commit, root / ".cache/review/checkout") as project:
            build(project, project / ".cache/site")
            shutil.rmtree(folder, ignore_errors=True)
            shutil.move(project / ".cache/site", folder)
    return folder


def read(site: Path) -> Built:
    """The graph of the site in the folder *site*, and the sizes of its pages."""
    pages = {path.parent.relative_to(site).as_posix(): path.stat().st_size for path in site.rglob("index.html")}
    sizes = {"./" if name == "." else f"{name}/": size for name, size in pages.items()}
    return Built(json.loads((site / "graph.json").read_text(encoding="utf-8")), sizes)


def main(root: Path, base: str, head: str, source: str) -> str:
    """The report on what is different in *head*, which is the files in *root* where it is not named."""
    before = built_from(root, base)
    if head:
        after = built_from(root, head)
    else:
        after = root / ".cache/review/head"
        say("Building the site of the files that are here …")
        build(root, after)
    report = review(read(before), read(after), source)
    (root / ".cache/review/report.md").write_text(report, encoding="utf-8")
    return report


if __name__ == "__main__":
    names = {name: os.environ.get(name, "") for name in ("BASE", "HEAD", "SOURCE")}
    print(main(ROOT, names["BASE"] or "origin/main", names["HEAD"], names["SOURCE"]), end="")
