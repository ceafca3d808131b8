"""Which page has which picture, and what is told of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import pytest
from PIL import Image
from tests.conftest import NOTEBOOK_HEAD, a_claim, a_result, notebook

from sitegraph.drawing import Fonts, Pen, Picture
from sitegraph.keep import Keep
from sitegraph.model import Publication, Site
from sitegraph.pictures import picture_of, picture_work

if TYPE_CHECKING:
    from tests.conftest import Files

PUBLICATION = Publication("Said in passing", "Comments.", "https://example.org/kb/", "en", "")

THREAD = """\
---
title: Racing the jet
description: A thread.
kind: comment
speaker: Roman Belaire
answers: null
parent: unknown
source: C01
restated: 2026-11-24
themes: [tests]
claims:
  faster: {says: The jet is faster., tested-by: jets}
  louder: {says: The jet is louder., test-would-take: An ear.}
---
Text.
"""

FILES: Files = {
    "docs/index.md": "Home.\n",
    "docs/essays/a.md": "Text.\n",
    "docs/threads/jet.md": THREAD,
    "notebooks/jets.ipynb": notebook(
        NOTEBOOK_HEAD % "Do jets race?",
        ("race()\n", a_result("gap", 0.25), a_claim("faster", "supported", "The jet is faster.")),
    ),
}


def pictures(site: Site, publication: Publication, fonts: Fonts, keep: Keep) -> dict[str, bytes]:
    return {name: keep.get(*work) for name, work in picture_work(site, publication, fonts)}


@pytest.fixture(scope="module")
def site(assemble_site: Callable[[Files], Site]) -> Site:
    return assemble_site(FILES)


def test_essays_threads_and_notebooks_have_their_own_and_the_site_has_one(site: Site) -> None:
    found = pictures(site, PUBLICATION, Fonts(), Keep())
    assert sorted(found) == [
        "essays/a/picture.png",
        "notebooks/jets/picture.png",
        "picture.png",
        "threads/jet/picture.png",
    ]
    assert {Image.open(io.BytesIO(picture)).size for picture in found.values()} == {(1200, 630)}


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("docs/essays/a.md", Picture("Essay", "A", foot="Said in passing")),
        (
            "docs/threads/jet.md",
            Picture("Thread", "Racing the jet", (("supported", 1), ("untested", 1)), foot="Said in passing"),
        ),
        ("notebooks/jets.ipynb", Picture("Notebook", "Do jets race?", (("supported", 1),), foot="Said in passing")),
        ("docs/index.md", Picture("", "Said in passing", (("supported", 1), ("untested", 1)), below="Comments.")),
    ],
)
def test_a_picture_says_what_a_page_is_and_what_came_out(site: Site, path: str, says: Picture) -> None:
    assert picture_of(site.leaves[path], site, PUBLICATION) == says


def test_a_picture_is_drawn_once(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = pictures(site, PUBLICATION, Fonts(), Keep(tmp_path))
    monkeypatch.setattr(Pen, "draw", lambda self, picture: b"drawn anew")
    assert pictures(site, PUBLICATION, Fonts(), Keep(tmp_path)) == before
    for publication, fonts in ((Publication("Other", "", "", "en", ""), Fonts()), (PUBLICATION, Fonts(italic=b"x"))):
        assert set(pictures(site, publication, fonts, Keep(tmp_path)).values()) == {b"drawn anew"}


def test_a_verdict_that_changes_is_drawn_anew(
    assemble_site: Callable[[Files], Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Site
) -> None:
    before = pictures(site, PUBLICATION, Fonts(), Keep(tmp_path))
    monkeypatch.setattr(Pen, "draw", lambda self, picture: b"drawn anew")
    other = {**FILES, "notebooks/jets.ipynb": str(FILES["notebooks/jets.ipynb"]).replace('"supported"', '"open"')}
    after = pictures(assemble_site(other), PUBLICATION, Fonts(), Keep(tmp_path))
    changed = {address for address, picture in after.items() if picture != before[address]}
    assert changed == {"picture.png", "threads/jet/picture.png", "notebooks/jets/picture.png"}


def told(page: Element) -> dict[str, str]:
    """What the head of *page* tells those who share it."""
    metas: list[dict[str, Any]] = [meta.attrib for meta in page.iter("meta")]
    return {meta.get("property") or meta.get("name", ""): meta.get("content", "") for meta in metas}


@pytest.mark.build
def test_every_page_tells_of_a_picture_that_is_there(real_site: Path, read_page: Callable[[Path], Element]) -> None:
    pages = list(real_site.rglob("index.html"))
    assert pages
    for path in pages:
        found = told(read_page(path))
        picture = real_site / urlsplit(found["og:image"]).path.removeprefix("/")
        assert picture.is_file(), path
        assert found["og:url"].endswith(f"/{path.parent.relative_to(real_site).as_posix()}/".replace("/./", "/"))
        assert found["og:image"].startswith(("http://", "https://"))
        assert found["og:title"]
        assert found["og:description"]
        assert found["og:image:alt"]
        assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
        assert found["twitter:card"] == "summary_large_image"


@pytest.mark.build
def test_a_page_tells_what_it_is(real_site: Path, read_page: Callable[[Path], Element]) -> None:
    thread, home = told(read_page(real_site / "threads/catastrophe")), told(read_page(real_site))
    assert (thread["og:type"], home["og:type"]) == ("article", "website")
    assert thread["article:published_time"]
    assert "article:published_time" not in home
    assert thread["og:image:alt"].startswith(f"Thread: {thread['og:title']}")
    assert home["og:title"] == thread["og:site_name"]
