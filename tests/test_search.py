"""What the search finds, and the files that it is made of."""

from __future__ import annotations

import gzip
import html
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

import pytest
from tests.conftest import NEIGHBOURS, NOTEBOOK_HEAD, a_claim, a_figure, a_result, notebook

from sitegraph import search_files as module
from sitegraph.keep import Keep
from sitegraph.model import Site
from sitegraph.search_files import search_files, search_work
from sitegraph.search_records import Record, search_records

if TYPE_CHECKING:
    from tests.conftest import Files

ESSAY = """
Opening words.

## Of *hills*

About the hill [@camus1942sisyphe].

### Of stones

About the stone.
"""

JETS = notebook(
    NOTEBOOK_HEAD % "Which jet wins?",
    "Opening words.",
    "## What came out\n\nBelow.",
    ("secret_code = 1", a_result("gap", 0.25, unit="laps"), a_claim("faster", "supported", "The jet is faster.")),
    ("", a_figure("speed")),
)

CLAIMING = """\
---
title: Racing
description: A thread.
kind: comment
speaker: Roman Belaire
answers: null
parent: unknown
source: C02
restated: 2026-11-24
themes: [tests]
claims:
  faster:
    says: The jet is faster.
    tested-by: jets
---

## What the comment says

Jets are fast.

## What to make of it

They are.
"""


@pytest.fixture(scope="module")
def site(assemble_site: Callable[[Files], Site]) -> Site:
    files = {"docs/essays/hills.md": ESSAY, "docs/threads/racing.md": CLAIMING, "notebooks/jets.ipynb": JETS}
    return assemble_site({**NEIGHBOURS, **files})


@pytest.fixture(scope="module")
def records(site: Site) -> dict[str, Record]:
    """By address."""
    return {record.address: record for record in search_records(site)}


RECORDS = (
    Record("essay", "Hills", "essays/hills/", "Opening words."),
    Record("claim", "Of two hills", "threads/racing/#claim-hills", "It depends.", "Racing", "open", "name"),
)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return dict(search_files(search_work(RECORDS, "en"), Keep()))


def told(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """What Pagefind tells a browser of each thing that can be found."""
    pieces = [gzip.decompress(content) for name, content in files.items() if "/fragment/" in name]
    return [json.loads(piece.removeprefix(b"pagefind_dcd")) for piece in pieces]


def test_a_page_is_found_by_its_description_and_its_opening(records: dict[str, Record]) -> None:
    assert records["essays/hills/"] == Record("essay", "Hills", "essays/hills/", "An essay.\nOpening words.")


@pytest.mark.parametrize(
    ("anchor", "title", "word"), [("of-hills", "Of hills", "hill"), ("of-stones", "Of stones", "stone")]
)
def test_a_section_of_an_essay_is_found_by_itself(
    records: dict[str, Record], anchor: str, title: str, word: str
) -> None:
    found = records[f"essays/hills/#{anchor}"]
    assert (found.kind, found.title, found.where, found.named) == ("section of an essay", title, "Hills", "heading")
    assert found.text.startswith(f"About the {word}")


def test_a_thread_is_found_as_one(records: dict[str, Record]) -> None:
    found = records["threads/racing/"]
    assert found.kind == "thread"
    assert "Jets are fast." in found.text
    assert "They are." in found.text
    assert [address for address in records if address.startswith("threads/racing/")] == [
        "threads/racing/",
        "threads/racing/#claim-faster",
    ]


def test_a_claim_is_found_with_its_verdict_and_the_number_that_decides(records: dict[str, Record]) -> None:
    found = records["threads/racing/#claim-faster"]
    assert (found.kind, found.title, found.where) == ("claim", "The jet is faster.", "Racing")
    assert (found.verdict, found.text) == ("supported", "the gap: 0.25 laps")


def test_an_untested_claim_is_found_by_what_a_test_would_take(records: dict[str, Record]) -> None:
    found = records["threads/outrunning-the-jet/#claim-acceptance-first"]
    assert (found.verdict, found.text) == ("untested", "A test would take: Two runners.")


def test_a_claim_is_found_once_where_it_is_made(records: dict[str, Record]) -> None:
    assert Counter(found.title for found in records.values())["The jet is faster."] == 1


def test_a_section_of_a_notebook_tells_results_and_figures_and_no_code(records: dict[str, Record]) -> None:
    found = records["notebooks/jets/#what-came-out"]
    assert found.kind == "section of a notebook"
    assert found.text == "Below.\nthe gap\nThe caption of speed."
    assert not [record for record in records.values() if "secret_code" in record.text]


def test_a_reference_is_found_on_the_page_that_lists_it(records: dict[str, Record]) -> None:
    found = records["bibliography/#camus1942sisyphe"]
    assert (found.kind, found.title, found.where) == ("reference", "The Myth", "Camus 1942")
    assert found.text == "Albert Camus. Gallimard, 1942."


def test_a_page_can_ask_to_be_left_out(assemble_site: Callable[[Files], Site]) -> None:
    drawn = assemble_site({**NEIGHBOURS, "docs/index.md": "---\ntitle: Home\nsearch: {exclude: true}\n---\nHome.\n"})
    found = {record.address for record in search_records(drawn)}
    assert "" not in found
    assert "about/" in found


def test_what_is_found_says_where_it_stands(files: dict[str, bytes]) -> None:
    claim = {"name": "Of two hills", "kind": "claim", "verdict": "open", "where": "Racing", "anchor": "claim-hills"}
    found = sorted((piece["url"], piece["meta"]) for piece in told(files))
    assert found == [
        ("/essays/hills/0.html", {"title": "Hills", "kind": "essay"}),
        ("/threads/racing/0.html", claim),
    ]


def test_words_are_not_taken_for_html() -> None:
    record = Record("claim", "A \"<b>\" & an 'a', or b", "threads/a/#claim-b", "1 < 2 & <script>", "A", "open", "name")
    (found,) = told(dict(search_files(search_work([record], "en"), Keep())))
    assert found["meta"]["name"] == record.title
    assert html.unescape(found["content"]).startswith("1 < 2 & <script>")


def test_the_files_are_the_same_every_time(files: dict[str, bytes]) -> None:
    assert all(dict(search_files(search_work(RECORDS, "en"), Keep())) == files for _ in range(4))


def test_the_index_comes_without_interfaces_of_its_own(files: dict[str, bytes]) -> None:
    fixed = {re.sub(r"[^/]*\.(pf_\w+)", r"\1", name) for name in files}
    wasm = {"pagefind/wasm.en.pagefind", "pagefind/wasm.unknown.pagefind"}
    scripts = {"pagefind/pagefind.js", "pagefind/pagefind-worker.js", "pagefind/pagefind-entry.json"}
    assert fixed == {*scripts, *wasm, "pagefind/pf_meta", "pagefind/index/pf_index", "pagefind/fragment/pf_fragment"}


def test_an_index_is_kept_until_a_word_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = dict(search_files(search_work(RECORDS, "en"), Keep(tmp_path)))
    indexed: list[int] = []
    make = module._indexed

    def counted(sources: Mapping[str, str]) -> dict[str, bytes]:
        indexed.append(len(sources))
        return make(sources)

    monkeypatch.setattr(module, "_indexed", counted)
    assert dict(search_files(search_work(RECORDS, "en"), Keep(tmp_path))) == made
    assert indexed == []
    moved = Record("essay", "Hills", "essays/hill/", "Opening words.")
    assert dict(search_files(search_work([moved], "en"), Keep(tmp_path))) != made
    assert indexed == [1]


@pytest.mark.parametrize("program", ["", "#!/bin/sh\nexit 3\n"])
def test_where_pagefind_does_not_run_the_site_has_no_search(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable = tmp_path / "pagefind"
    executable.write_text(program)
    executable.chmod(0o755 if program else 0o644)
    monkeypatch.setattr(module, "get_executable", lambda: executable)
    with pytest.warns(UserWarning, match="the site is built without search, because Pagefind does not run here"):
        assert dict(search_files(search_work(RECORDS, "en"), Keep(tmp_path / "kept"))) == {}
    monkeypatch.undo()
    assert dict(search_files(search_work(RECORDS, "en"), Keep(tmp_path / "kept")))  # that it failed is not kept


def test_the_settings_of_another_site_are_not_used(
    files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pagefind.yml").write_text("root_selector: nothing\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PAGEFIND_ROOT_SELECTOR", "nothing")
    assert dict(search_files(search_work(RECORDS, "en"), Keep())) == files


def test_nothing_to_find_makes_no_index() -> None:
    assert dict(search_files(search_work([], "en"), Keep())) == {}


@pytest.mark.build
def test_everything_on_the_real_site_is_found_where_it_is(
    real_site: Path, read_page: Callable[[Path], Element]
) -> None:
    pieces = {path.as_posix(): path.read_bytes() for path in (real_site / "pagefind").rglob("*.pf_fragment")}
    found = told(pieces)
    folders = {piece["url"].rpartition("/")[0].strip("/") for piece in found}
    ids = {
        folder: {element.get("id") for element in read_page(real_site / folder).iter()} | {None} for folder in folders
    }
    lost = [
        (piece["url"], piece["meta"]["anchor"])
        for piece in found
        if piece["meta"].get("anchor") not in ids[piece["url"].rpartition("/")[0].strip("/")]
    ]
    assert lost == []
    kinds = Counter(piece["meta"]["kind"] for piece in found)
    assert set(kinds) == {
        *("essay", "section of an essay", "thread", "claim", "notebook", "section of a notebook", "reference", "page")
    }


@pytest.mark.build
def test_the_form_for_which_the_theme_would_fetch_its_index_is_on_no_page(
    real_site: Path, read_page: Callable[[Path], Element]
) -> None:
    for path in ("", "essays/absurdism", "404.html"):
        page = read_page(real_site / path)
        assert [form.get("name") for form in page.iter("form") if form.get("name")] == []
        assert len([dialog for dialog in page.iter("dialog") if dialog.get("class") == "search"]) == 1
    assert not (real_site / "search").exists()


def test_a_folder_in_memory_that_is_too_small_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    index = module._indexed_in

    def full(folder: str, sources: Mapping[str, str]) -> dict[str, bytes]:
        tried.append(folder)
        if Path(folder).is_relative_to(tmp_path):
            raise OSError(28, "No space left on device")
        return index(folder, sources)

    monkeypatch.setattr(module, "MEMORY", str(tmp_path))
    monkeypatch.setattr(module, "_indexed_in", full)
    assert dict(search_files(search_work(RECORDS, "en"), Keep()))
    assert len(tried) == 2


@pytest.mark.skipif(os.name != "posix", reason="elsewhere there is no folder in memory")
def test_what_a_build_that_was_killed_left_in_memory_is_removed_and_what_another_works_in_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    monkeypatch.setattr(module, "MEMORY", str(tmp_path))
    left, living, other = (tmp_path / name for name in ("pagefind-left", "pagefind-living", "other"))
    for folder in (left, living, other):
        folder.mkdir()
        (folder / "file").touch()
    held = os.open(living, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    assert dict(search_files(search_work(RECORDS, "en"), Keep()))
    os.close(held)
    assert sorted(tmp_path.iterdir()) == [other, living]
