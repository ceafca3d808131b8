"""The page of the map, and the part of it at the foot of each page."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

import jinja2
import pytest

from sitegraph.keep import Keep
from sitegraph.layout import MOST, Position, positions
from sitegraph.map_drawing import KINDS, drawing, shown
from sitegraph.model import Later, Leaf, Link, Neighbourhood, Page, Place, Site

ROOT = Path(__file__).parent.parent
PLACES = [f"{path.parent.name}/{path.stem}" for path in sorted(ROOT.glob("docs/[et]*s/*.md")) if path.stem != "index"]
PLACES += [f"notebooks/{path.stem}" for path in sorted(ROOT.glob("notebooks/*.ipynb"))]

MAP = "---\ntitle: Map\ntemplate: map.html\n---\n\nText.\n"


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.fixture(scope="module")
def page(real_site: Path, read_page: Callable[[Path], Element]) -> Element:
    return read_page(real_site / "map")


def part(page: Element, name: str) -> Element:
    found = page.find(f".//*[@class='{name}']")
    assert found is not None
    return found


def test_every_page_is_drawn_and_told_in_words(page: Element) -> None:
    drawn = {link.attrib["xlink:href"] for link in part(page, "map").iter("a")}
    told = {entry.attrib["id"]: entry.find("a") for entry in part(page, "map-words").iter("li")}
    assert drawn == {f"../{place}/" for place in PLACES}
    assert set(told) == set(PLACES)
    assert all(link is not None and link.attrib["href"] == f"../{place}/" for place, link in told.items())


def test_the_words_say_all_that_the_lines_say(page: Element) -> None:
    told = set()
    for entry in part(page, "map-words").iter("li"):
        for line in entry.iter("p"):
            ends = [(entry.attrib["id"], link.attrib["href"][3:-1]) for link in line.iter("a")]
            told |= {end if (line.text or "").startswith("links to") else end[::-1] for end in ends}
    assert len({frozenset(pair) for pair in told}) == len(list(part(page, "map").iter("line")))


@pytest.mark.parametrize("place", PLACES)
def test_a_page_shows_who_is_around_it_in_few_bytes(place: str, real_site: Path) -> None:
    html = (real_site / place / "index.html").read_text(encoding="utf-8")
    found = re.findall(r'<section class="around">.*?</section>', html, re.DOTALL)
    assert len(found) == 1
    assert len(found[0].encode()) <= 1_800
    assert 1 <= found[0].count("<li>") <= 9
    targets = re.findall(r'<a href="([^"]*)" data-preview>', found[0])
    assert {urljoin(f"/{place}/", target).strip("/") for target in targets} <= set(PLACES) - {place}
    assert len(targets) == len(set(targets)) == found[0].count("<li>")


def test_what_is_too_much_for_the_foot_of_a_page_is_on_the_map(
    build_site: Callable[..., Path], read_page: Callable[[Path], Element]
) -> None:
    names = [f"n{number}" for number in range(12)]
    root = build_site(
        {
            "docs/map.md": MAP,
            "docs/threads/hub.md": " ".join(f"[x]({name}.md)" for name in names),
            "docs/threads/alone.md": "Text.\n",
            **{f"docs/threads/{name}.md": "Text.\n" for name in names},
        }
    )
    around = part(read_page(root / "site/threads/hub"), "around")
    links = [link for link in around.iter("a") if link.get("data-preview") is None]
    assert [(link.attrib["href"], link.text) for link in links] == [("../../map/#threads/hub", "and 3 more on the map")]
    entry = read_page(root / "site/map").find(".//li[@id='threads/hub']")
    assert entry is not None
    assert words(entry) == "Hub links to " + ", ".join(sorted(name.capitalize() for name in names))
    assert read_page(root / "site/threads/alone").find(".//*[@class='around']") is None


def test_a_site_without_pages_has_a_map_that_shows_none(
    build_site: Callable[..., Path], read_page: Callable[[Path], Element]
) -> None:
    page = read_page(build_site({"docs/map.md": MAP}) / "site/map")
    assert list(part(page, "map").iter("a")) == []
    assert list(part(page, "map-words").iter("li")) == []


@pytest.fixture(scope="module")
def large() -> Site:
    """A thousand pages, of which each links eight others, most of them near it."""
    rng = random.Random(1)
    pages = [
        Page(f"docs/{kind}s/{name}.md", f"{kind}s/{name}/", kind, f"A page with a title of its own {number}")
        for number in range(1000)
        for kind, name in [(KINDS[number % 3], f"a-page-with-a-title-of-its-own-{number}")]
    ]
    reaches = [25] * 4 + [1000]
    targets = [(here, (here + rng.randrange(1, rng.choice(reaches))) % 1000) for here in range(1000) for _ in range(8)]
    links = tuple(
        Link(pages[here].path, pages[there].path, "", rng.choice(("mentions", "extends")), "", "", Place("", 1))
        for here, there in targets
    )
    nothing = Neighbourhood((), (), (), ())
    leaves = {page.path: Leaf(page, "", (), (), (), (), {}, None, neighbourhood=nothing) for page in pages}
    placed: Later[Mapping[str, Position]] = Later(lambda: positions(pages, links, Keep()))
    return Site(leaves, (), {}, {}, {"": dict(enumerate(links))}, {}, (), found_positions=placed)


def test_the_map_of_a_large_site_stays_small_and_says_what_it_leaves_out(large: Site) -> None:
    text = (ROOT / "hooks/templates/map.html").read_text(encoding="utf-8")
    main = "{% block below_prose %}{% endblock %}"
    environment = jinja2.Environment(loader=jinja2.DictLoader({"map.html": text, "main.html": main}))
    environment.filters["url"] = lambda url: f"../{url}"
    html = environment.get_template("map.html").render(site=large, map_drawing=drawing, map_pages=shown, base_url="..")
    assert html.count("<title>") == html.count("<li id=") == MOST
    assert f"{1000 - MOST} more are among" in html
    assert len(re.sub(r"\s*\n\s*", "\n", html).encode()) < 190_000
