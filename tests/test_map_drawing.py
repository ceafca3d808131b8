from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from tests.conftest import NOTEBOOK_HEAD, Files, notebook

from sitegraph import layout
from sitegraph.map_drawing import MANY, drawing, shown
from sitegraph.model import Later, Site

LINK = "{http://www.w3.org/1999/xlink}href"
HEAD = "---\ntitle: %s\ndescription: An essay.\nthemes: [tests]\nwritten: 2026-11-24\n---\n"

FILES = {
    "docs/index.md": "See [a](essays/a.md).\n",
    "docs/essays/a.md": '[b](../threads/b.md), [b](../threads/b.md "extends"), [c](../threads/c.md "contradicts").\n',
    "docs/threads/b.md": 'See [a](../essays/a.md), [me](b.md), [jets](../../notebooks/jets.ipynb "supports").\n',
    "docs/threads/c.md": 'See [a](../essays/a.md "answers").\n',
    "docs/threads/alone.md": "Nothing.\n",
    "notebooks/jets.ipynb": notebook(NOTEBOOK_HEAD % "How fast are jets?", "See [b](../docs/threads/b.md)."),
}


@pytest.fixture(scope="module")
def site(assemble_site: Callable[[Files], Site]) -> Site:
    site = assemble_site(FILES)
    assert {link.type for link in site.links} == {"mentions", "extends", "contradicts", "supports", "answers"}
    return site


def tree(text: str) -> Element:
    return ElementTree.fromstring(text.replace("<svg ", '<svg xmlns:xlink="http://www.w3.org/1999/xlink" ', 1))


def names(svg: Element) -> dict[str, str]:
    """The name of each link of the drawing, by its address."""
    return {link.attrib[LINK]: link.findtext("title", "") for link in svg.iter("a")}


def test_every_page_is_a_link_with_its_title_as_name(site: Site) -> None:
    assert names(tree(drawing(site, ".."))) == {
        "../essays/a/": "A",
        "../threads/alone/": "Alone",
        "../threads/b/": "B",
        "../threads/c/": "C",
        "../notebooks/jets/": "How fast are jets?",
    }


def test_pages_come_by_kind_and_then_by_title(site: Site) -> None:
    assert [page.slug for page in shown(site)] == ["a", "alone", "b", "c", "jets"]


def test_a_page_and_its_lines_stand_at_the_same_place(site: Site) -> None:
    svg = tree(drawing(site, ".."))
    points = {tuple(node.attrib[name] for name in "xy") for link in svg.iter("a") for node in link.iter("svg")}
    ends = {(line.attrib[f"x{end}"], line.attrib[f"y{end}"]) for line in svg.iter("line") for end in (1, 2)}
    assert len(points) == 5
    assert ends < points
    assert len(ends) == 4


def test_two_tied_pages_have_one_line_that_says_the_most_of_their_links(site: Site) -> None:
    svg = tree(drawing(site, ".."))
    at = {tuple(link.find("svg").attrib[name] for name in "xy"): link.attrib[LINK][3:-1] for link in svg.iter("a")}  # type: ignore[union-attr]
    lines = sorted(
        (*sorted(at[line.attrib[f"x{end}"], line.attrib[f"y{end}"]] for end in (1, 2)), line.get("class", ""))
        for line in svg.iter("line")
    )
    assert lines == [
        ("essays/a", "threads/b", "for"),
        ("essays/a", "threads/c", "against"),
        ("notebooks/jets", "threads/b", "for"),
    ]


def test_kinds_are_told_apart_by_their_shapes(site: Site) -> None:
    shapes: dict[str, set[bytes]] = {}
    for link in tree(drawing(site, "..")).iter("a"):
        shapes.setdefault(link.attrib["class"], set()).add(ElementTree.tostring(link.findall("svg/*")[1]))
    assert list(shapes) == ["e", "t", "n"]
    assert len(set.union(*shapes.values())) == 3


def test_the_drawing_has_a_name_and_its_lines_have_none(site: Site) -> None:
    svg = tree(drawing(site, ".."))
    assert (svg.get("role"), svg.get("aria-label")) == ("group", "Map of the pages and the links between them")
    assert [group.get("aria-hidden") for group in svg.iter("g")] == ["true"]


def test_no_href_stands_in_the_drawing_that_the_theme_would_try_to_set(site: Site) -> None:
    # Material assigns to `href` of all that `[href]` finds when it shows a page at once; in SVG that throws.
    assert [element.tag for element in tree(drawing(site, "..")).iter() if "href" in element.attrib] == []


def test_the_drawing_has_no_style_and_no_id_of_its_own(site: Site) -> None:
    found = {name for element in tree(drawing(site, "..")).iter() for name in element.attrib}
    assert not found & {"style", "id"}


def test_titles_are_words_whatever_they_hold(assemble_site: Callable[[Files], Site]) -> None:
    titles = ['Is "a < b" & c?', "<script>alert(1)</script>", "מפה של דפים", "l'été & l’hiver"]
    files = {f"docs/essays/{number}.md": f"{HEAD % repr(title)}Text.\n" for number, title in enumerate(titles)}
    files["docs/essays/3.md"] = f"{HEAD % chr(34)}Text.\n".replace('"', f'"{titles[3]}"', 1)
    svg = drawing(assemble_site(files), "..")
    assert list(names(tree(svg)).values()) == sorted(titles)
    assert "<script" not in svg


def test_a_page_has_words_beside_it_in_a_wide_window_and_on_a_phone(site: Site) -> None:
    found = re.findall(r'<text class="(\w) [rlab][12]">', drawing(site, ".."))
    assert sorted(found) == ["p"] * 5 + ["w"] * 5


def test_a_long_title_stands_on_two_lines(assemble_site: Callable[[Files], Site]) -> None:
    site = assemble_site({"docs/essays/a.md": f"{HEAD % 'A title that is longer than any line of words'}Text.\n"})
    assert '2">A title that is longer than<tspan x="0" dy="1.15em">any line of words</tspan>' in drawing(site, "..")


def test_a_site_without_pages_has_an_empty_map(assemble_site: Callable[[Files], Site]) -> None:
    svg = tree(drawing(assemble_site({"docs/index.md": "Home.\n"}), ".."))
    assert [element.tag for element in svg.iter()] == ["svg", "g"]


def on_one_point(paths: list[str]) -> Later[Mapping[str, tuple[float, float]]]:
    return Later(lambda: dict.fromkeys(paths, (0.5, 0.5)))


def test_many_pages_have_a_higher_map(site: Site) -> None:
    page = site.leaves["docs/essays/a.md"].page
    paths = [f"docs/essays/{number}.md" for number in range(MANY + 1)]
    leaves = {path: replace(site.leaves[page.path], page=replace(page, path=path, title=path)) for path in paths}
    many = replace(site, leaves=leaves, links_from={}, found_positions=on_one_point(paths))
    assert tree(drawing(many, "..")).get("class") == "map map--many"
    few = replace(many, found_positions=on_one_point(paths[1:]))
    svg = tree(drawing(few, ".."))
    assert svg.get("class") == "map"
    assert len(list(svg.iter("a"))) == MANY
    # They all stand on one point: where there is no room for words, they wait for a pointer.
    assert "w h" in {text.attrib["class"][:3] for text in svg.iter("text")}


def test_a_large_site_draws_no_more_than_its_map_holds(
    assemble_site: Callable[[Files], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "MOST", 2)
    found = assemble_site(FILES)
    assert [page.slug for page in shown(found)] == ["a", "b"]
    assert len(list(tree(drawing(found, "..")).iter("line"))) == 1
