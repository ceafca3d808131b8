"""The folder that a build writes to: what would be what it was is left as it is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from sitegraph.keep import Keep
from sitegraph.output import Entry, Output


def entries(files: Mapping[str, str], keys: Mapping[str, str] | None = None) -> list[Entry]:
    return [Entry(name, partial(str, text), (keys or {}).get(name, "")) for name, text in files.items()]


def built(
    root: Path,
    files: Mapping[str, str],
    others: Mapping[str, str] | None = None,
    keys: Mapping[str, str] | None = None,
    *,
    anew: bool = False,
) -> dict[str, str]:
    """What the folder holds after a build that writes *files*, which have these *keys*, and MkDocs the *others*."""
    site = root / "site"
    output = Output(site, root / ".cache/before", Keep(root / ".cache/kept"))
    output.put_aside()
    for name, text in (others or {}).items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    output.write(entries(files, keys or {}), others or {}, anew=anew)
    output.keep.save()
    assert not (root / ".cache/before").exists()
    return held(site)


def held(site: Path) -> dict[str, str]:
    return {path.relative_to(site).as_posix(): path.read_text() for path in site.rglob("*") if path.is_file()}


FILES = {"index.md": "home", "a/index.html": "a", "a/b/index.html": "b", "feeds/all.xml": "all"}
OTHERS = {"index.html": "by MkDocs", "a/style.css": "css"}


def test_what_is_written_is_there_and_nothing_else(tmp_path: Path) -> None:
    assert built(tmp_path, FILES, OTHERS) == {**FILES, **OTHERS}
    later = {"index.md": "home, later", "a/index.html": "a", "c/index.html": "c"}
    assert built(tmp_path, later, OTHERS) == {**later, **OTHERS}
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == ["a", "c", "index.html", "index.md"]


def test_a_file_that_would_be_what_it_was_is_not_written(tmp_path: Path) -> None:
    built(tmp_path, FILES, OTHERS)
    before = {name: (tmp_path / "site" / name).stat() for name in FILES}
    built(tmp_path, {**FILES, "index.md": "other"}, OTHERS)
    after = {name: (tmp_path / "site" / name).stat() for name in FILES}
    same = {
        name
        for name in FILES
        if (after[name].st_ino, after[name].st_mtime_ns) == (before[name].st_ino, before[name].st_mtime_ns)
    }
    assert same == FILES.keys() - {"index.md"}


@pytest.mark.parametrize("harm", ["changed", "removed", "a folder"])
def test_a_file_that_somebody_touched_is_written_again(harm: str, tmp_path: Path) -> None:
    built(tmp_path, FILES, OTHERS)
    file = tmp_path / "site/a/index.html"
    if harm == "changed":
        file.write_text("x")
    else:
        file.unlink()
    if harm == "a folder":
        file.with_name("stray").mkdir()
        file.with_name("stray").joinpath("file").touch()
    assert built(tmp_path, FILES, OTHERS) == {**FILES, **OTHERS}


def test_what_mkdocs_writes_now_is_not_covered_by_what_was_written_before(tmp_path: Path) -> None:
    built(tmp_path, FILES)
    others = {"a/index.html": "by MkDocs"}
    assert built(tmp_path, {"index.md": "home"}, others) == {"index.md": "home", **others}
    assert built(tmp_path, FILES) == FILES


def test_a_build_that_was_cut_off_leaves_nothing_wrong(tmp_path: Path) -> None:
    built(tmp_path, FILES, OTHERS)
    cut_off = Output(tmp_path / "site", tmp_path / ".cache/before", Keep(tmp_path / ".cache/kept"))
    cut_off.put_aside()
    (tmp_path / "site/a").mkdir(parents=True)
    (tmp_path / "site/a/index.html").write_text("half of")
    assert built(tmp_path, FILES, OTHERS) == {**FILES, **OTHERS}


def test_without_anything_kept_everything_is_written(tmp_path: Path) -> None:
    output = Output(tmp_path / "site", tmp_path / "before", Keep())
    for files in (FILES, {"index.md": "home"}):
        output.put_aside()
        output.write(entries(files), ())
        assert held(tmp_path / "site") == files


def test_a_file_is_not_made_while_its_key_is_the_same_and_nobody_touched_it(tmp_path: Path) -> None:
    keys = {"index.md": "as it was"}
    built(tmp_path, FILES, keys=keys)
    other = {**FILES, "index.md": "never made"}
    assert built(tmp_path, other, keys=keys) == FILES
    assert built(tmp_path, other, keys={"index.md": "another"}) == other
    built(tmp_path, FILES, keys=keys)
    (tmp_path / "site/index.md").write_text("by hand")
    assert built(tmp_path, FILES, keys=keys) == FILES
    assert built(tmp_path, other, keys=keys, anew=True) == other


def test_a_file_that_has_to_be_made_anew_keeps_its_key_for_the_next_time(tmp_path: Path) -> None:
    made: list[str] = []

    def make() -> str:
        made.append("once")
        return "text"

    output = Output(tmp_path / "site", tmp_path / "before", Keep(tmp_path / "kept"))
    for anew in (True, True, False):
        output.put_aside()
        output.write([Entry("a.md", make, "its key", anew=anew)], ())
    assert len(made) == 2
    assert held(tmp_path / "site") == {"a.md": "text"}
