"""What goes wrong around a build leaves no trace: programs that are killed, caches that are damaged, odd surroundings.

`make faults` runs this with fifty kills of each program, and each of the surroundings by itself.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from tests.conftest import NOTEBOOK_HEAD, ROOT, notebook
from tests.killed import Moment, Undisturbed, contents, differing, killed, undisturbed
from tests.test_cache import CALM, HILL, NOTEBOOK, Edit, Folder, add, draw, jets, put, thread
from tests.test_import import SHORTFORM, a_comment, an_answer
from tests.test_run import RESULT, SURE

import import_comments

KILLS = int(os.environ.get("KILLS", "2"))
"""How often each program is killed."""
MANY = KILLS >= 20
"""Whether there is time for each fault by itself."""
SEED = int(os.environ.get("SEED", "1"))

THERE: Edit = {
    HILL: put("a stone", "a heavy stone"),
    CALM: add("\nSee [[wind]].\n"),
    "docs/threads/wind.md": thread(6, "The wind", "Wind is a breeze.", "See [[tide]] and [[calm]]."),
    NOTEBOOK: jets(gap=0.27, words="[0.27](#result-gap)"),
}
BACK: Edit = {
    HILL: put("a heavy stone", "a stone"),
    CALM: put("\nSee [[wind]].\n", ""),
    "docs/threads/wind.md": None,
    NOTEBOOK: jets(),
}
"""Texts, pages and a notebook that change, and change back."""


def built(root: Path) -> None:
    """Build the site of *root*, as `mkdocs build` does."""
    config = load_config(str(root / "mkdocs.yml"), site_dir=str(root / "site"))
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    config.plugins.on_shutdown()


def clean(folder: Folder) -> None:
    for name in ("site", ".cache"):
        shutil.rmtree(folder.root / name, ignore_errors=True)


def moments(chance: random.Random, number: int, whole: Undisturbed) -> Moment:
    """A moment by chance: by the clock, or just before something changes on the disk, which lies closer together."""
    if number % 2:
        return Moment(seconds=chance.uniform(0, whole.seconds))
    return Moment(change=chance.randint(1, whole.changes))


@pytest.mark.build
def test_after_a_build_that_was_killed_the_next_gives_what_an_undisturbed_one_gives(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    undisturbed(time.sleep, 0)  # the first of all processes takes its time to start
    folder, right = draw(tmp_path), []
    whole: dict[bool, list[Undisturbed]] = {True: [], False: []}
    for edit in (THERE, BACK):
        folder.edit(edit)
        clean(folder)
        whole[True].append(undisturbed(built, tmp_path))  # from nothing
        right.append(contents(tmp_path / "site"))
    for edit in (THERE, BACK):
        folder.edit(edit)
        whole[False].append(undisturbed(built, tmp_path))  # after an edit
    wrong, hit = [], 0
    for number in range(KILLS):
        folder.edit((THERE, BACK)[number % 2])
        anew = chance.random() < 0.3
        if anew:
            clean(folder)
        moment = moments(chance, chance.randrange(2), whole[anew][number % 2])
        hit += killed(moment, built, tmp_path)
        built_again = undisturbed(built, tmp_path)
        wrong += [f"{moment}: {path}" for path in differing(right[number % 2], contents(tmp_path / "site"))]
        print(f"build {number + 1}: killed at {moment}, next {built_again.seconds:.1f} s, {len(wrong)} differ")
    print(f"{KILLS} builds, {hit} killed before their end, {len(wrong)} differences")
    assert wrong == []
    assert hit


IMPORTED = an_answer(
    *(
        a_comment(
            f"k{number:03}",
            f"<p>{('Sun', 'Rain', 'Wind', 'Hail')[number % 4]} number {number % 7}. See "
            f'<a href="https://www.lesswrong.com/posts/p1/rain?commentId=k{(number * 7) % 60:03}">that</a>.</p>',
            postedAt=f"2025-{12 - number % 12:02}-03T10:00:00.000Z",
            **({"post": SHORTFORM} if number % 5 == 0 else {}),
            **({"parentCommentId": f"k{number - 1:03}"} if number % 9 == 8 else {}),
        )
        for number in range(60)
    )
)
CHANGED = json.dumps(
    {
        "data": {
            "comments": {
                "results": [
                    {
                        **one,
                        **({"retracted": True} if number % 3 == 0 else {}),
                        **({"contents": {"html": f"<p>It is {number}.</p>"}} if number % 4 == 0 else {}),
                    }
                    for number, one in enumerate(json.loads(IMPORTED)["data"]["comments"]["results"])
                ]
            }
        }
    }
)


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for output in (1, 2):
        os.dup2(nowhere, output)


def imported(root: Path, export: Path) -> None:
    """Import *export* into *root*, as `make import` does."""
    _silence()
    assert import_comments.main([str(export), "--root", str(root), "--today", "2026-11-26"]) == 0


def test_after_an_import_that_was_killed_the_next_writes_what_an_undisturbed_one_writes(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    undisturbed(time.sleep, 0)  # the first of all processes takes its time to start
    exports = [tmp_path / "first.json", tmp_path / "second.json"]
    for export, text in zip(exports, (IMPORTED, CHANGED), strict=True):
        export.write_text(text, encoding="utf-8")
    right, whole, before = [], [], []
    root = tmp_path / "project"
    (root / "docs/threads").mkdir(parents=True)
    for export in exports:
        before.append(contents(root))
        whole.append(undisturbed(imported, root, export))
        right.append(contents(root))
    wrong, hit = [], 0
    for number in range(KILLS):
        which = number % 2
        shutil.rmtree(root)
        (root / "docs/threads").mkdir(parents=True)
        for path, content in before[which].items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
        moment = moments(chance, number // 2, whole[which])
        hit += killed(moment, imported, root, exports[which])
        undisturbed(imported, root, exports[which])
        wrong += [f"{moment}: {path}" for path in differing(right[which], contents(root))]
        print(f"import {number + 1}: killed at {moment}, {len(wrong)} differ")
    print(f"{KILLS} imports, {hit} killed before their end, {len(wrong)} differences")
    assert wrong == []
    assert hit


def run_notebooks(folder: Path) -> None:
    """Run the notebooks of *folder* that are stale, as `make notebooks` does."""
    _silence()
    spec = importlib.util.spec_from_file_location("run", folder / "run.py")
    assert spec
    assert spec.loader
    sys.modules["run"] = runner = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(runner)
    assert runner.main([]) == 0


def test_after_a_run_of_notebooks_that_was_killed_the_next_stores_what_an_undisturbed_one_stores(
    tmp_path: Path,
) -> None:
    chance = random.Random(SEED)
    undisturbed(time.sleep, 0)
    folder = tmp_path / "notebooks"
    (folder / "models").mkdir(parents=True)
    for name in ("run.py", "lab.py", "models/__init__.py", "models/charts.py"):
        shutil.copy(ROOT / "notebooks" / name, folder / name)
    (tmp_path / "hooks").symlink_to(ROOT / "hooks")
    (tmp_path / "requirements.lock").touch()
    before = {
        "sure.ipynb": notebook(NOTEBOOK_HEAD % "Jets?", (SURE,)),
        "quiet.ipynb": notebook(NOTEBOOK_HEAD % "Jets?", (RESULT % 0.2,)),
    }

    def begin() -> None:
        for name, text in before.items():
            (folder / name).write_text(text, encoding="utf-8")
        (folder / "verdicts.jsonl").unlink(missing_ok=True)

    begin()
    whole = undisturbed(run_notebooks, folder)
    right = contents(folder)
    assert right["verdicts.jsonl"]
    wrong, hit = [], 0
    kills = max(1, KILLS - 2)  # a single run takes seconds
    for number in range(kills):
        begin()
        moment = moments(chance, number, whole)
        hit += killed(moment, run_notebooks, folder)
        undisturbed(run_notebooks, folder)
        wrong += [f"{moment}: {path}" for path in differing(right, contents(folder))]
        print(f"run of notebooks {number + 1}: killed at {moment}, {len(wrong)} differ", flush=True)
    print(f"{kills} runs of notebooks, {hit} killed before their end, {len(wrong)} differences")
    assert wrong == []
    assert hit


ODD = "ä ø 漢 b"


def commanded(
    root: Path, *before: str, cwd: Path | None = None, without: Sequence[str] = (), **names: str
) -> subprocess.CompletedProcess[str]:
    """`mkdocs build --strict` of *root*, as a command, behind the commands *before*, from the folder *cwd*."""
    surroundings = {name: value for name, value in {**os.environ, **names}.items() if name not in without}
    file = ("-f", str(root / "mkdocs.yml")) if cwd else ()
    return subprocess.run(
        [*before, sys.executable, "-m", "mkdocs", "build", "--strict", *file],
        cwd=cwd or root,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The drawn site as it is built where nothing is odd."""
    root = tmp_path_factory.mktemp("usual")
    draw(root)
    undisturbed(built, root)
    return contents(root / "site")


def _unshare(*options: str) -> tuple[str, ...]:
    """The command that takes rights away from what follows it; nothing where this system does not let us."""
    command = ("unshare", "--map-root-user", *options)
    if not shutil.which("unshare") or subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        return ()
    return command


SURROUNDINGS: dict[str, dict[str, Any]] = {
    "no network": {"before": _unshare("--net")},
    "no home": {"without": ["HOME"]},
    "a home that is not there": {"HOME": "/nowhere/at/all"},
    "plain C": {"LC_ALL": "C"},
    "Turkish, installed or not": {"LC_ALL": "tr_TR.UTF-8"},
    "another time zone": {"TZ": "Pacific/Kiritimati"},
    "another folder": {"cwd": Path("/")},
    "a terminal that cannot do anything": {"TERM": "dumb", "COLUMNS": "1", "NO_COLOR": "1"},
}
"""What should make no difference to a build. In the tests all of it at once, in `make faults` each by itself."""
ALL = {"before": _unshare("--net"), "without": ["HOME"], "cwd": Path("/"), "LC_ALL": "C", "TZ": "Pacific/Kiritimati"}


@pytest.mark.build
@pytest.mark.parametrize("odd", SURROUNDINGS if MANY else ["all of it"])
def test_odd_surroundings_make_no_difference(odd: str, usual: dict[str, bytes], tmp_path: Path) -> None:
    around = dict(SURROUNDINGS.get(odd, ALL))
    root = tmp_path / ODD
    draw(root)
    done = commanded(root, *around.pop("before", ()), **around)
    print(f"{odd}: ended with {done.returncode}, {len(differing(usual, contents(root / 'site')))} files differ")
    assert done.returncode == 0, done.stderr
    assert differing(usual, contents(root / "site")) == []


def _stopped(done: subprocess.CompletedProcess[str], words: str) -> None:
    """That a build stopped with a sentence that has *words* in it, and no traceback."""
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    said = [line for line in done.stdout.splitlines() if line.startswith("The build stopped: ")]
    assert len(said) == 1
    assert words in said[0]


IN_MEMORY = """\
set -e
mount -t tmpfs -o size={kilobytes}k none "$1"
cp -R "$0"/. "$1"
cd "$1"
shift
("$@") || echo "ended with $?"
mount -o remount,{then} .
("$@") || echo "ended with $?"
rm -rf "$0/site"
cp -R site "$0/site"
"""
"""A script: a copy of the project on a small disk, on which a build runs, and once more when the disk has room."""


@pytest.mark.build
@pytest.mark.skipif(not MANY, reason="it takes long, and is a part of `make faults`")
@pytest.mark.skipif(not _unshare("--mount"), reason="this system lets nobody but root mount a disk")
@pytest.mark.parametrize("room", [200, 1000, 2000, 3000, 4000, 5000])
def test_a_full_disk_is_told_in_a_sentence_and_leaves_no_trace(
    room: int, usual: dict[str, bytes], tmp_path: Path
) -> None:
    root, disk = tmp_path / "project", tmp_path / "disk"
    draw(root)
    disk.mkdir()
    kilobytes = _kilobytes(root) + room
    script = IN_MEMORY.format(kilobytes=kilobytes, then="size=200m")
    shell = (*_unshare("--mount"), "sh", "-c", script, str(root), str(disk))
    done = commanded(root, *shell)
    print(f"{room} KB of room: {done.stdout.strip().splitlines()[:1]}")
    assert differing(usual, contents(root / "site")) == []
    if done.stdout:  # where there was room enough for all but what is kept, nothing is said
        assert done.stdout.count("ended with 1") == 1
        assert "The build stopped: there is no space left on the disk" in done.stdout
    assert "Traceback" not in done.stderr
    assert done.stdout or room > 3000


def _kilobytes(root: Path) -> int:
    """How much room the files of *root* take on a disk in memory, where each takes whole pages."""
    files = [path for path in root.rglob("*") if path.is_file()]
    return sum(-(-path.stat().st_size // 4096) * 4 for path in files)


READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && cd "$0" && exec "$@"'


@pytest.mark.build
@pytest.mark.skipif(not _unshare("--mount"), reason="this system lets nobody but root mount a disk")
def test_a_disk_that_is_read_only_is_told_in_a_sentence(tmp_path: Path) -> None:
    draw(tmp_path)
    _stopped(commanded(tmp_path, *_unshare("--mount"), "sh", "-c", READ_ONLY, str(tmp_path)), ".cache cannot be")


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _flipped(content: bytes) -> bytes:
    at = len(content) // 2
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :] if content else b"x"


HARMS: dict[str, Callable[[bytes], bytes]] = {"cut": _cut, "flipped": _flipped, "emptied": lambda content: b""}


@pytest.mark.build
def test_a_cache_that_is_damaged_is_never_believed(tmp_path: Path) -> None:
    """Every file below .cache/, one after the other, is damaged in every way, and after an edit built with."""
    folder = draw(tmp_path)
    undisturbed(time.sleep, 0)
    right = []
    for edit in (THERE, BACK):
        folder.edit(edit)
        undisturbed(built, tmp_path)
        right.append(contents(tmp_path / "site"))
    kept = sorted(contents(tmp_path / ".cache"))
    database = ("kept/results.sqlite", "kept/results.sqlite-shm", "kept/results.sqlite-wal")
    assert [path for path in kept if path not in database] == ["bibtex/references.bib", "notebooks/jets.ipynb"]
    # In the tests all are damaged in one build, and not in every way: test_keep.py does that with the one that matters.
    rounds = [(name, [path]) for name in HARMS for path in kept] if MANY else [("cut", kept)]
    wrong = []
    for number, (name, paths) in enumerate(rounds):
        for path in paths:
            file = tmp_path / ".cache" / path
            if file.exists():
                file.write_bytes(HARMS[name](file.read_bytes()))
        folder.edit((THERE, BACK)[number % 2])
        undisturbed(built, tmp_path)
        found = differing(right[number % 2], contents(tmp_path / "site"))
        print(f"{' and '.join(paths)} {name}: {len(found)} files differ")
        wrong += [f"{paths} {name}: {path}" for path in found]
    assert wrong == []
