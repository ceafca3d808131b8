"""Results of slow steps, kept between builds: found again, and never believed when they are damaged."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from sitegraph.beside import Ahead
from sitegraph.keep import Keep, digest

FILE = "results.sqlite"


class Maker:
    """Makes a result, and counts how often it was asked to."""

    def __init__(self, result: bytes = b"made") -> None:
        self.result, self.times = result, 0

    def __call__(self) -> bytes:
        self.times += 1
        return self.result


def asked(folder: Path, make: Callable[[], bytes], *depends_on: str) -> bytes:
    """What a build gets that is there for this alone."""
    keep = Keep(folder)
    found = keep.get("step", depends_on, make)
    keep.save()
    return found


def test_a_result_is_made_once_for_what_it_depends_on(tmp_path: Path) -> None:
    make = Maker()
    assert [asked(tmp_path, make, "a", "b") for _ in range(3)] == [b"made"] * 3
    assert make.times == 1
    asked(tmp_path, make, "ab")
    asked(tmp_path, make, "a", "b", "")
    assert make.times == 3


def test_without_a_folder_nothing_is_kept() -> None:
    make, keep = Maker(), Keep()
    for _ in range(2):
        assert keep.get("step", ["a"], make) == b"made"
    assert make.times == 2


def test_what_was_not_written_is_found_all_the_same(tmp_path: Path) -> None:
    make, keep = Maker(), Keep(tmp_path)
    for _ in range(2):
        keep.get("step", ["a"], make)
    assert make.times == 1


def test_a_value_comes_back_as_one_of_its_type(tmp_path: Path) -> None:
    for _ in range(2):
        keep = Keep(tmp_path)
        assert keep.value("step", ["a"], lambda: {"b": (1, 2)}, dict[str, tuple[int, int]]) == {"b": (1, 2)}
        keep.save()


def test_a_value_of_another_type_is_made_anew(tmp_path: Path) -> None:
    keep = Keep(tmp_path)
    keep.value("step", ["a"], lambda: "text", str)
    assert keep.value("step", ["a"], lambda: 7, int) == 7


@pytest.mark.parametrize("harm", ["emptied", "cut", "flipped", "no database", "another version"])
def test_a_damaged_file_is_dropped_with_a_word_and_the_result_made_anew(harm: str, tmp_path: Path) -> None:
    right = bytes(range(256)) * 200
    asked(tmp_path, Maker(right), "a")
    file = tmp_path / FILE
    content = file.read_bytes()
    place = content.index(right[:100]) + 50
    damaged = {
        "emptied": b"",
        "cut": content[: len(content) // 2],
        "flipped": content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :],
        "no database": b"x" * 5000,
        "another version": content,
    }[harm]
    file.write_bytes(damaged)
    if harm == "another version":
        with sqlite3.connect(file) as connection:
            connection.execute("PRAGMA user_version = 99")
        connection.close()
    make = Maker(right)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert asked(tmp_path, make, "a") == right
        assert asked(tmp_path, make, "a") == right
    assert make.times == 1
    told = [str(one.message) for one in said]
    assert told == ([] if harm in ("emptied", "another version") else [told[0]])
    assert all("damaged" in one for one in told)


def test_where_nothing_can_be_written_everything_is_made(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be")
    make = Maker()
    for _ in range(2):
        assert asked(tmp_path / "kept", make, "a") == b"made"
    assert make.times == 2


def test_two_builds_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    first, second = Keep(tmp_path), Keep(tmp_path)
    first.get("step", ["a"], Maker(b"1"))
    second.get("step", ["b"], Maker(b"2"))
    first.save()
    second.save()
    make = Maker()
    assert [asked(tmp_path, make, name) for name in "ab"] == [b"1", b"2"]
    assert make.times == 0


def test_what_is_not_used_any_more_is_forgotten_once_it_is_most_of_it(tmp_path: Path) -> None:
    for number in range(5):
        asked(tmp_path, Maker(bytes(1000)), str(number))
    keep = Keep(tmp_path)
    keep.get("step", ["4"], Maker())
    keep.forget()
    del keep
    make = Maker(bytes(1000))
    for number in range(5):
        asked(tmp_path, make, str(number))
    assert make.times == 4


def test_it_is_crowded_once_it_is_much_larger_than_all_that_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sitegraph.keep._SMALL", 0)
    keep = Keep(tmp_path)
    assert not keep.crowded
    keep.get("step", ["a"], Maker(bytes(30_000)))
    keep.forget()
    assert not keep.crowded
    keep.get("step", ["b"], Maker(bytes(120_000)))
    keep.save()
    del keep
    keep = Keep(tmp_path)
    assert keep.crowded
    keep.get("step", ["a"], Maker())
    keep.forget()
    assert not keep.crowded


def test_what_was_begun_beside_the_rest_is_there_when_it_is_asked_for(tmp_path: Path) -> None:
    keep = Keep(tmp_path)
    here = Maker(b"made here")
    keep.begin([("step", [str(number)], Maker(b"beside %d" % number)) for number in range(3)])
    assert [keep.get("step", [str(number)], here) for number in (2, 0, 1)] == [b"beside 2", b"beside 0", b"beside 1"]
    assert here.times == 0


def test_work_is_shared_by_two_processes_and_done_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Tests that run beside each other have threads of their own, none of which holds a lock of this work.
    monkeypatch.setattr(threading, "active_count", lambda: 1)

    def work(number: int) -> bytes:
        time.sleep(0.01)
        with (tmp_path / "done").open("a", encoding="utf-8") as file:
            file.write(f"{os.getpid()} {number}\n")
        return b"%d" % number

    keep = Keep(tmp_path)
    jobs = [("step", [str(number)], partial(work, number)) for number in range(20)]
    keep.begin(reversed(jobs))
    assert [keep.get(*job) for job in jobs] == [b"%d" % number for number in range(20)]
    done = [line.split() for line in (tmp_path / "done").read_text(encoding="utf-8").splitlines()]
    assert sorted(int(number) for _, number in done) == list(range(20))
    assert len({process for process, _ in done}) == 2


@pytest.mark.parametrize("threads", [1, 2])
def test_a_job_is_done_on_what_it_is_given_later(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: threads)

    def job(what: bytes) -> bytes:
        return b"%s %d" % (what, os.getpid() == here)

    here = os.getpid()
    result = Ahead(lambda: None, job).give(b"done here:")
    assert result() == (b"done here: 0" if threads == 1 else b"done here: 1")


def test_a_job_whose_process_comes_to_grief_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1)

    def leave() -> None:
        os._exit(1)

    assert Ahead(leave, bytes).give(b"x")() == b"x"


def test_what_is_kept_is_not_begun(tmp_path: Path) -> None:
    keep = Keep(tmp_path)
    keep.get("step", ["a"], Maker(b"kept"))
    for name in "ab":
        keep.begun("step", [name], lambda: Maker(b"begun"))
    assert [keep.get("step", [name], Maker(b"made here")) for name in "ab"] == [b"kept", b"begun"]


def test_a_job_that_fails_beside_the_rest_fails_where_it_is_asked_for(tmp_path: Path) -> None:
    def fail() -> bytes:
        raise ValueError("no")

    keep = Keep(tmp_path)
    keep.begin([("step", ["a"], fail), ("step", ["b"], Maker(b"after it"))])
    with pytest.raises(ValueError, match="no"):
        keep.get("step", ["a"], fail)
    assert keep.get("step", ["b"], Maker(b"after it")) == b"after it"


def test_the_folder_can_be_deleted_between_builds(tmp_path: Path) -> None:
    asked(tmp_path / "kept", Maker(), "a")
    shutil.rmtree(tmp_path / "kept")
    assert asked(tmp_path / "kept", Maker(b"anew"), "a") == b"anew"


def test_a_digest_tells_pieces_apart_that_are_the_same_in_a_row() -> None:
    assert len({digest(pieces) for pieces in (["ab"], ["a", "b"], ["", "ab"], ["ab", ""], ["a", "b", ""])}) == 5
