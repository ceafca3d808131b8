"""What was derived is kept for the next build: the same values, and nothing that could run."""

from __future__ import annotations

import os
import pickle
import threading
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Files

from sitegraph.derived import dumped, keep_memo, kept_memo, loaded
from sitegraph.keep import Keep
from sitegraph.memo import Memo
from sitegraph.model import Place, Site


def a_memo() -> Memo:
    memo = Memo()
    words = memo.table("words", {"a": "x", "b": "y"})
    memo.each("places", lambda path, word: Place(path, len(word)), words)
    return memo


def test_a_memo_that_was_kept_goes_on_where_it_ended(tmp_path: Path) -> None:
    keep = Keep(tmp_path)
    keep_memo(a_memo(), "a state", keep)
    memo = kept_memo(keep)
    assert memo
    asked: list[str] = []

    def place(path: str, word: str) -> Place:
        asked.append(path)
        return Place(path, len(word))

    words = memo.table("words", {"a": "x", "b": "longer"})
    places = memo.each("places", place, words)
    assert asked == ["b"]
    assert places == {"a": Place("a", 1), "b": Place("b", 6)}
    assert places.changed == {"b"}


def test_only_the_newest_memo_is_kept(tmp_path: Path) -> None:
    keep = Keep(tmp_path)
    for state in ("one", "two", "two"):
        keep_memo(a_memo(), state, keep)
    keep.save()
    assert keep._connection
    assert keep._connection.execute("SELECT count(*) FROM kept WHERE step = 'memo'").fetchone() == (1,)


class Runs:
    def __reduce__(self) -> Any:
        return os.system, ("touch ran",)


class Calls:
    def __reduce__(self) -> Any:
        return getattr, (Memo, "__init__")


@pytest.mark.parametrize(
    "held",
    [Runs(), Calls(), Path("x"), 5, "text", a_memo, Keep, replace],
    ids=[
        "a command",
        "a function of ours",
        "a path",
        "a number",
        "a text",
        "a function",
        "a class",
        "a function of Python",
    ],
)
def test_what_holds_anything_else_is_not_a_memo_and_runs_nothing(
    held: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert loaded(zlib.compress(pickle.dumps(held))) is None
    memo = Memo()
    memo.table("values", {"a": held})
    read = loaded(zlib.compress(pickle.dumps(memo)))
    assert (read is None) == (type(held) not in (int, str))
    assert list(tmp_path.iterdir()) == []


def test_what_front_matter_can_hold_is_kept() -> None:
    head = {"a": date(2026, 1, 2), "b": datetime(2026, 1, 2, 3, tzinfo=UTC), "c": {1, 2}, "d": [None, 1.5, b"x", {}]}
    memo = Memo()
    memo.table("values", {"a": head})
    read = loaded(dumped(memo))
    assert read
    assert read.given("values") == {"a": head}


def deep(value: object, levels: int) -> object:
    return deep([value], levels - 1) if levels else value


@pytest.mark.parametrize("held", [lambda: 0, threading.RLock(), deep(0, 900)], ids=["a function", "a lock", "depth"])
def test_a_memo_with_what_cannot_be_kept_is_not_kept(held: object) -> None:
    memo = Memo()
    memo.table("values", {"a": held})
    assert loaded(dumped(memo)) is None


@pytest.mark.parametrize("cut", [0, 1, 100, -1])
def test_one_that_was_cut_off_is_none(cut: int) -> None:
    assert loaded(dumped(a_memo())[:cut]) is None


FILES: Files = {
    "docs/index.md": "Home.\n",
    "docs/essays/a.md": "See [[b]].\n",
    "docs/essays/b.md": "Text, and [[c]].\n",
    "docs/essays/c.md": "More.\n",
}


def test_a_site_that_is_derived_again_is_made_of_the_kept_values(assemble_site: Callable[..., Site]) -> None:
    memo = Memo()
    first = assemble_site(FILES, memo=memo)
    kept = loaded(dumped(memo))
    assert kept
    leaves = kept._last["leaf"].output
    again = assemble_site(FILES, memo=kept)
    assert again.leaves == first.leaves
    assert all(leaf is leaves[path] for path, leaf in again.leaves.items())


def test_after_an_edit_only_what_depends_on_it_is_made_anew(assemble_site: Callable[..., Site]) -> None:
    memo = Memo()
    assemble_site(FILES, memo=memo)
    kept = loaded(dumped(memo))
    assert kept
    leaves = kept._last["leaf"].output
    edited = {**FILES, "docs/essays/a.md": "See [[c]], not that one.\n"}
    again = assemble_site(edited, memo=kept)
    assert again.leaves == assemble_site(edited).leaves
    assert [path for path, leaf in again.leaves.items() if leaf is leaves[path]] == ["docs/index.md"]
