from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from tests.conftest import Files

from sitegraph.model import Neighbourhood, Site
from sitegraph.neighbourhood import MOST


def slugs(found: Neighbourhood) -> dict[str, list[str]]:
    return {name: [page.slug for page in getattr(found, name)] for name in ("linking", "linked", "left", "right")}


@pytest.fixture(scope="module")
def around(assemble_site: Callable[[Files], Site]) -> Callable[[Files], dict[str, Neighbourhood]]:
    def of(files: Files) -> dict[str, Neighbourhood]:
        found = {leaf.page.slug: leaf.neighbourhood for leaf in assemble_site(files).leaves.values()}
        return {slug: value for slug, value in found.items() if value}

    return of


Around = Callable[[Files], dict[str, Neighbourhood]]


def test_what_links_here_is_on_the_left_and_what_is_linked_on_the_right(around: Around) -> None:
    found = around(
        {
            "docs/index.md": "[here](threads/here.md)\n",
            "docs/threads/here.md": "[me](here.md) [after](after.md) [home](../index.md)\n",
            "docs/threads/before.md": "[here](here.md)\n",
            "docs/threads/after.md": "Text.\n",
        }
    )
    assert set(found) == {"here", "before", "after"}
    assert slugs(found["here"]) == {
        "linking": ["before"],
        "linked": ["after"],
        "left": ["before"],
        "right": ["after"],
    }


def test_a_page_that_links_back_stands_once_where_there_is_room(around: Around) -> None:
    found = around(
        {
            "docs/threads/here.md": "[a](a.md) [b](b.md) [c](c.md)\n",
            "docs/threads/a.md": "[here](here.md)\n",
            "docs/threads/b.md": "[here](here.md)\n",
            "docs/threads/c.md": "Text.\n",
        }
    )["here"]
    assert slugs(found) == {
        "linking": ["a", "b"],
        "linked": ["a", "b", "c"],
        "left": ["a", "b"],
        "right": ["c"],
    }


def test_the_nearest_are_those_with_the_most_links(around: Around) -> None:
    names = [f"n{number:02}" for number in range(MOST + 3)]
    links = "".join(f"[x]({name}.md) " * (3 if name in names[-MOST:] else 2) for name in names)
    found = around({"docs/threads/here.md": links, **{f"docs/threads/{name}.md": "Text.\n" for name in names}})["here"]
    assert slugs(found)["right"] == names[-MOST:]
    assert slugs(found)["linked"] == names
    assert found.more == 3


def test_a_page_without_links_has_nothing_around_it(around: Around) -> None:
    found = around({"docs/threads/here.md": "Text.\n"})["here"]
    assert found == Neighbourhood((), (), (), ())
    assert (found.more, found.curves) == (0, "")


def test_a_site_without_pages_has_no_neighbourhoods(around: Around) -> None:
    assert around({"docs/index.md": "Home.\n"}) == {}


def test_every_neighbour_has_a_curve_from_the_middle_of_its_row_to_the_middle_of_the_whole(around: Around) -> None:
    found = around(
        {
            "docs/threads/here.md": "[a](a.md) [b](b.md)\n",
            "docs/threads/a.md": "Text.\n",
            "docs/threads/b.md": "Text.\n",
            "docs/threads/c.md": "[here](here.md)\n",
        }
    )["here"]
    curves = [tuple(map(int, re.findall(r"\d+", curve))) for curve in found.curves.split("M")[1:]]
    assert [(curve[:2], curve[-2:]) for curve in curves] == [
        ((0, 50), (50, 50)),
        ((100, 25), (50, 50)),
        ((100, 75), (50, 50)),
    ]
