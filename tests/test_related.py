"""The pages to read after a page."""

from __future__ import annotations

from sitegraph.model import Link, Page, Place
from sitegraph.related import Near, related

PAGES = {name: Page(f"docs/essays/{name}.md", f"essays/{name}/", "essay", name) for name in "abcdefg"}


def near(**closeness: float) -> dict[str, tuple[Near, ...]]:
    return {"docs/essays/a.md": tuple(Near(PAGES[name], close) for name, close in closeness.items())}


def link(source: str, target: str) -> Link:
    return Link(PAGES[source].path, PAGES[target].path, "", "mentions", "", "", Place(PAGES[source].path, 1))


def names(found: dict[str, tuple[Page, ...]]) -> str:
    return "".join(page.title for page in found["docs/essays/a.md"])


def test_the_four_nearest_are_related() -> None:
    assert names(related(near(c=0.9, b=0.8, d=0.7, f=0.6, e=0.5), [])) == "cbdf"


def test_what_a_link_joins_gives_way_to_what_none_does() -> None:
    links = [link("a", "b"), link("c", "a"), link("d", "e")]
    assert names(related(near(b=0.9, c=0.8, d=0.7, e=0.6, f=0.5, g=0.4), links)) == "defg"


def test_what_a_link_joins_fills_up_and_keeps_its_place() -> None:
    assert names(related(near(b=0.9, c=0.8, d=0.7, e=0.6, f=0.5), [link("a", "b"), link("c", "a")])) == "bdef"


def test_a_page_that_is_hardly_close_does_not_push_out_a_linked_one() -> None:
    assert names(related(near(b=0.9, c=0.8, d=0.7, e=0.6, f=0.16), [link("a", "b")])) == "bcde"


def test_a_page_near_nothing_has_no_related_pages() -> None:
    assert names(related(near(), [])) == ""
