"""Mistakes that only show when all files are seen together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sitegraph.model import Site

if TYPE_CHECKING:
    from tests.conftest import Files


def test_every_mistake_is_told_with_its_place(case: Any, assemble_site: Callable[[Files], Site]) -> None:
    site = assemble_site(case["files"])
    assert [str(problem) for problem in site.problems] == case.get("problems", [])
