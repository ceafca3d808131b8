from __future__ import annotations

from collections.abc import Callable

from tests.conftest import Files

from sitegraph.model import Site
from sitegraph.ties import both_ways, ties

FILES = {
    "docs/index.md": "See [a](essays/a.md).\n",
    "docs/essays/a.md": "See [b](../threads/b.md), [b again](../threads/b.md), [home](../index.md), [me](a.md).\n",
    "docs/threads/b.md": "See [a](../essays/a.md) and [c](c.md).\n",
    "docs/threads/c.md": "Nothing.\n",
}
A, B, C = "docs/essays/a.md", "docs/threads/b.md", "docs/threads/c.md"


def test_links_are_counted_each_way_between_pages_that_say_something(assemble_site: Callable[[Files], Site]) -> None:
    site = assemble_site(FILES)
    found = ties([leaf.page for leaf in site.leaves.values()], site.links)
    assert found == {(A, B): 2, (B, A): 1, (B, C): 1}
    assert list(found) == sorted(found)


def test_both_ways_together_are_one_tie() -> None:
    assert both_ways({(B, A): 1, (A, B): 2, (C, B): 1}) == {(A, B): 3, (B, C): 1}
