from __future__ import annotations

import itertools
import math
import os
import random
import subprocess
import sys
from pathlib import Path

import igraph
import pytest

from sitegraph import layout
from sitegraph.keep import Keep
from sitegraph.layout import drawn, positions
from sitegraph.model import Kind, Link, Page, Place

ROOT = Path(__file__).parent.parent


def page(name: str, kind: Kind = "thread") -> Page:
    return Page(path=f"docs/{kind}s/{name}.md", url=f"{kind}s/{name}/", kind=kind, title=name)


def link(source: Page, target: Page) -> Link:
    return Link(source.path, target.path, "", "mentions", "", "", Place(source.path, 1))


def circles(*sizes: int) -> tuple[list[Page], list[Link]]:
    """Pages in groups, each of which links the next two of its group."""
    groups = [[page(f"{group}-{number}") for number in range(size)] for group, size in enumerate(sizes)]
    links = [
        link(one, group[(place + step) % len(group)])
        for group in groups
        for place, one in enumerate(group)
        for step in (1, 2)
    ]
    return list(itertools.chain.from_iterable(groups)), links


PAGES, LINKS = circles(7, 7, 7)


def test_every_page_stands_on_the_sheet_and_none_on_another() -> None:
    found = positions(PAGES, LINKS, Keep())
    assert list(found) == sorted(page.path for page in PAGES)
    assert all(0 <= part <= 1 and part == round(part, 3) for place in found.values() for part in place)
    assert min(math.dist(*pair) for pair in itertools.combinations(found.values(), 2)) > 0.02


def test_linked_pages_stand_nearer_to_each_other() -> None:
    found = positions(PAGES, LINKS, Keep())
    pairs = list(itertools.combinations(sorted(found), 2))
    same = [math.dist(found[a], found[b]) for a, b in pairs if a[:-5] == b[:-5]]
    other = [math.dist(found[a], found[b]) for a, b in pairs if a[:-5] != b[:-5]]
    assert sum(same) / len(same) < 0.6 * sum(other) / len(other)


def test_several_links_hold_two_pages_closer() -> None:
    one, two, *_ = PAGES
    before, after = positions(PAGES, LINKS, Keep()), positions(PAGES, [*LINKS, *[link(one, two)] * 20], Keep())
    assert math.dist(after[one.path], after[two.path]) < math.dist(before[one.path], before[two.path])


@pytest.mark.parametrize("number", range(0, 21, 5))
def test_a_new_page_does_not_turn_the_map_round(number: int) -> None:
    new = PAGES[number]
    before = positions([page for page in PAGES if page != new], LINKS, Keep())
    after = positions(PAGES, LINKS, Keep())
    moved = sorted(math.dist(before[path], after[path]) for path in before)
    assert moved[len(moved) // 2] < 0.15


def test_the_order_of_pages_and_links_decides_nothing() -> None:
    assert positions(PAGES[::-1], LINKS[::-1], Keep()) == positions(PAGES, LINKS, Keep())


SHUFFLED = """
from tests.test_layout import *
print(sorted(positions(sorted(PAGES, key=lambda page: hash(page.path)), LINKS, Keep()).items()))
"""


def test_another_process_finds_the_same_places() -> None:
    expected = f"{sorted(positions(PAGES, LINKS, Keep()).items())}\n"
    for seed in ("1", "2"):
        surroundings = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}:{ROOT / 'hooks'}"}
        command = [sys.executable, "-c", SHUFFLED]
        assert subprocess.check_output(command, cwd=ROOT, env=surroundings, text=True) == expected


def by_chance() -> list[list[float]]:
    random.seed(7)
    coordinates: list[list[float]] = igraph.Graph(3).layout_random().coords
    return coordinates


def test_igraph_takes_its_chance_from_where_it_did_before() -> None:
    igraph.set_random_number_generator(random)
    before = by_chance()
    positions(PAGES, LINKS, Keep())
    assert by_chance() == before


def test_a_page_without_links_stays_in_the_picture() -> None:
    alone = page("alone")
    assert alone.path in positions([*PAGES, alone], LINKS, Keep())
    assert positions([alone], [], Keep()) == {alone.path: (0.5, 0.5)}


def test_pages_about_pages_are_not_on_the_map() -> None:
    home = page("home", "page")
    assert home.path not in positions([*PAGES, home], [*LINKS, link(home, PAGES[0])], Keep())


def test_a_site_without_pages_has_no_places() -> None:
    assert positions([], [], Keep()) == {}


def test_of_many_pages_those_are_drawn_that_are_linked_with_the_most_others() -> None:
    paths = [f"{number:03}" for number in range(layout.MOST + 50)]
    hub = paths[-1]
    found = drawn({path: 0 if path in paths[:100] else 1 for path in paths} | {hub: len(paths)})
    assert len(found) == layout.MOST
    assert found == sorted(found)
    assert hub in found
    assert set(paths[100:]) <= set(found)


def test_places_are_kept_until_pages_or_links_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = Keep(tmp_path)
    first = positions(PAGES, LINKS, keep)
    monkeypatch.setattr(layout, "_laid_out", lambda paths, tied: [(0.25, 0.75)] * len(paths))
    assert positions(PAGES, LINKS, keep) == first
    assert set(positions(PAGES, LINKS[1:], keep).values()) == {(0.25, 0.75)}
