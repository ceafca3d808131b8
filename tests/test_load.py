"""A site that is served while its author saves faster than it can follow: at the end what is served is a clean build.

`make verify-load` saves four hundred times and says how much memory the server took.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.test_cache import (
    CALM,
    ESSAY,
    HILL,
    RACE,
    TIDE,
    Edit,
    Served,
    add,
    draw,
    put,
    served_differing,
    serving,
    thread,
)

SAVES = int(os.environ.get("SAVES", "20"))
SEED = int(os.environ.get("SEED", "1"))
EARLY = 20
"""After so many saves the memory is measured for the first time."""
MORE = 1.06
"""So much more of it may be taken in the end."""


def edits(chance: random.Random) -> Iterator[Edit]:
    """Saves without end: a word, and now and then a page that comes, is renamed and goes, or a mistake and its mending.

    After every twenty of them no page and no mistake is left over.
    """
    number = 0
    while True:
        wind, breeze = f"docs/threads/wind-{number}.md", f"docs/threads/breeze-{number}.md"
        text = thread(6, "The wind", "Wind is a breeze.", "See [[tide]] and [[calm]].")
        special: dict[int, Edit] = {
            3: {wind: text},
            6: {RACE: add("\nSee [[nowhere]].\n")},
            8: {wind: None, breeze: text},
            11: {RACE: put("\nSee [[nowhere]].\n", "")},
            13: {HILL: put("title: The hill", "title: [The hill")},
            14: {HILL: put("title: [The hill", "title: The hill")},
            17: {breeze: None},
        }
        for step in range(EARLY):
            number += 1
            path = chance.choice((CALM, ESSAY, HILL, TIDE))
            yield special.get(step) or {path: _last_line(f"Wave {number}.")}


def _last_line(line: str) -> Callable[[str], str]:
    def put_it(text: str) -> str:
        first, _, _ = text.partition("\nWave ")
        return f"{first}\n{line}\n" if first.endswith("\n") else f"{first}\n\n{line}\n"

    return put_it


def memory(served: Served) -> int:
    """How much memory the server takes, in kilobytes; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{served.process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return int(status.partition("VmRSS:")[2].split()[0])


@pytest.mark.build
def test_after_saves_in_quick_succession_nothing_stale_is_served_and_no_more_memory_is_taken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(SEED)
    clean = draw(tmp_path / "clean")
    taken = []
    with serving(tmp_path) as served:
        monkeypatch.setenv("SITE_URL", served.address)
        for number, edit in zip(range(1, SAVES + 1), edits(chance), strict=False):
            served.folder.edit(edit)
            clean.edit(edit)
            time.sleep(chance.uniform(0, 0.05))
            if chance.random() < 0.2:
                served.get("threads/hill/index.html")  # somebody looks at it meanwhile
            if number in (EARLY, 200, SAVES):
                right = clean.build(caplog)
                wrong = served_differing(right, served)
                taken.append(memory(served))
                print(f"{number} saves: {len(wrong)} of {len(right)} files stale, {taken[-1] / 1024:.0f} MB")
                assert wrong == []
                assert clean.problems == []
    assert taken[-1] <= MORE * taken[0]
