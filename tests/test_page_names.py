"""The names of all pages, by which the nearest is found to one that is not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.conftest import NEIGHBOURS

from sitegraph.model import Site
from sitegraph.page_names import page_names

if TYPE_CHECKING:
    from tests.conftest import Files


def test_a_page_has_its_title_its_kind_and_the_names_it_had_before(assemble_site: Callable[[Files], Site]) -> None:
    names = {page["address"]: page for page in json.loads(page_names(assemble_site(NEIGHBOURS).leaves))}
    jet = {"title": "Outrunning the jet", "kind": "thread", "aliases": ["Camus's runner"]}
    assert names["threads/outrunning-the-jet/"] == {"address": "threads/outrunning-the-jet/", **jet}
    promises = {"title": "Small promises", "kind": "essay"}
    assert names["essays/small-promises/"] == {"address": "essays/small-promises/", **promises}


@pytest.mark.build
def test_the_real_site_names_every_page_that_it_has(real_site: Path) -> None:
    named = {page["address"] for page in json.loads((real_site / "pages.json").read_text(encoding="utf-8"))}
    pages = {path.parent.relative_to(real_site).as_posix() + "/" for path in real_site.rglob("index.html")}
    assert {address or "./" for address in named} == pages
