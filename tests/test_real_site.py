"""The whole site, as readers are served it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree.ElementTree import Element

import pytest

pytestmark = pytest.mark.build

ROOT = Path(__file__).parent.parent
HOME = "http://site/"
ESSAYS = sorted(path.stem for path in (ROOT / "docs" / "essays").glob("*.md") if path.stem != "index")
THREADS = sorted(path.stem for path in (ROOT / "docs" / "threads").glob("*.md") if path.stem != "index")
Pages = dict[str, Element]


@pytest.fixture(scope="module")
def pages(real_site: Path, read_page: Callable[[Path], Element]) -> Pages:
    """Every page by its address."""
    paths = sorted(real_site.rglob("*.html"))
    return {path.relative_to(real_site).as_posix().removesuffix("index.html"): read_page(path) for path in paths}


@dataclass(frozen=True)
class Site:
    folder: Path
    ids: dict[str, set[str]]  # by address of the page

    def leads_somewhere(self, link: str) -> bool:
        """Whether *link*, a whole address, is that of a file, and its anchor that of a place in it."""
        parts = urlsplit(link)
        path = unquote(parts.path).removeprefix("/")
        file = self.folder / path
        if file.is_dir() and not (path == "" or path.endswith("/")):
            return False
        if not (file / "index.html" if file.is_dir() else file).is_file():
            return False
        return not parts.fragment or unquote(parts.fragment) in self.ids.get(path, ())


@pytest.fixture(scope="module")
def site(real_site: Path, pages: Pages) -> Site:
    return Site(real_site, {address: set(ids(page)) for address, page in pages.items()})


def ids(page: Element) -> list[str]:
    return [element.attrib["id"] for element in page.iter() if "id" in element.attrib]


def asked_for(page: Element) -> Iterator[str]:
    """What a browser fetches by itself when it shows *page*."""
    for element in page.iter():
        for name in ("src", "srcset", "poster", "data"):
            if name in element.attrib and element.tag in (
                "script",
                "img",
                "iframe",
                "source",
                "video",
                "audio",
                "object",
            ):
                yield element.attrib[name]
        if element.tag == "link" and element.get("rel") not in ("canonical", "alternate", "prev", "next", "license"):
            yield element.get("href", "")
        yield from re.findall(r"url\(([^)]*)\)", element.get("style", ""))


def words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def prose_of(element: Element) -> Iterator[str]:
    """The text of *element* without code, formulas and scripts."""
    if element.tag not in ("code", "pre", "math", "script", "style", "textarea"):
        yield element.text or ""
        for child in element:
            yield from prose_of(child)
            yield child.tail or ""


def test_it_builds_without_a_warning(real_site: Path) -> None:
    assert (real_site / "index.html").is_file()


def test_every_page_is_there(pages: Pages) -> None:
    wanted = {"", "404.html", "about/", "bibliography/", "contributing/", "essays/", "threads/", "topics/"}
    wanted |= {f"essays/{slug}/" for slug in ESSAYS} | {f"threads/{slug}/" for slug in THREADS}
    assert wanted <= pages.keys()
    assert len(THREADS) >= 18
    assert len(ESSAYS) >= 5


def test_every_link_leads_to_a_file_and_a_place_in_it(pages: Pages, site: Site) -> None:
    wrong = []
    for address, page in pages.items():
        # 404.html is shown at any address, so it alone links from the root.
        here = urljoin(HOME, address)
        links = {urljoin(here, link.attrib["href"]) for link in page.iter("a") if "href" in link.attrib}
        inside = {link for link in links if link.startswith(HOME)}
        wrong += [f"{address}: {link}" for link in sorted(inside) if not site.leads_somewhere(link)]
    assert wrong == []


def test_how_to_contribute_is_one_link_away_from_every_page(pages: Pages) -> None:
    wanted = f"{HOME}contributing/"
    links = {
        address: {urljoin(urljoin(HOME, address), link.get("href", "")) for link in page.iter("a")}
        for address, page in pages.items()
    }
    assert [address for address, found in links.items() if wanted not in found] == []


def test_everything_a_page_shows_is_there(pages: Pages, site: Site) -> None:
    wrong = [
        f"{address}: {asked}"
        for address, page in pages.items()
        for asked in sorted(set(asked_for(page)))
        if not asked.startswith("data:") and not site.leads_somewhere(urljoin(urljoin(HOME, address), asked))
    ]
    assert wrong == []


def test_no_page_asks_a_third_party_for_anything(pages: Pages) -> None:
    asked = {(address, wanted) for address, page in pages.items() for wanted in asked_for(page)}
    assert [one for one in sorted(asked) if re.match(r"(?:https?:)?//", one[1])] == []


def test_no_stylesheet_asks_a_third_party_for_anything(real_site: Path) -> None:
    sheets = {path.name: path.read_text(encoding="utf-8") for path in real_site.rglob("*.css")}
    imported = {
        name: re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)\"']*", text) for name, text in sheets.items()
    }
    assert {name: found for name, found in imported.items() if found} == {}


def test_no_id_stands_twice_on_a_page(pages: Pages) -> None:
    doubled = {
        address: [one for one, times in Counter(ids(page)).items() if times > 1] for address, page in pages.items()
    }
    assert {address: found for address, found in doubled.items() if found} == {}


def test_what_describes_a_place_is_there(pages: Pages) -> None:
    wrong = [
        f"{address}: {name}"
        for address, page in pages.items()
        for element in page.iter()
        for attribute in ("aria-labelledby", "aria-describedby", "aria-controls")
        for name in element.get(attribute, "").split()
        if name not in ids(page)
    ]
    assert wrong == []


@pytest.mark.parametrize("slug", THREADS)
def test_a_thread_tells_what_was_said_from_what_is_made_of_it(slug: str, pages: Pages) -> None:
    headings = {element.get("id"): element.tag for element in pages[f"threads/{slug}/"].iter() if element.get("id")}
    said = {"what-the-comment-says", "what-the-post-says"} & headings.keys()
    assert [headings[name] for name in said] == ["h2"]
    assert headings.get("what-to-make-of-it") == "h2"


def words_of_prose(text: str) -> int:
    """How many words a reader reads in *text*, which is Markdown without front matter; formulas are not words."""
    without = re.sub(r"\$\$.*?\$\$|\$[^$]+\$|\[[^\]]*@[^\]]*\]", "", text, flags=re.DOTALL)
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"\[\[(?:[^|\]]*\|)?([^\]]*)\]\]", r"\1", without))
    return len(re.findall(r"[^\W_]+(?:[-’'][^\W_]+)*", plain))


@pytest.mark.parametrize("slug", ESSAYS)
def test_an_essay_has_the_length_of_an_essay(slug: str) -> None:
    source = (ROOT / "docs" / "essays" / f"{slug}.md").read_text(encoding="utf-8")
    _, _, text = source.split("---\n", 2)
    assert 1500 <= words_of_prose(text) <= 2500


@pytest.mark.parametrize("slug", THREADS)
def test_a_commentary_is_neither_a_remark_nor_an_essay(slug: str) -> None:
    source = (ROOT / "docs" / "threads" / f"{slug}.md").read_text(encoding="utf-8")
    _, commentary = source.split("## What to make of it\n")
    assert 150 <= words_of_prose(commentary) <= 500


@pytest.mark.parametrize("slug", ESSAYS)
def test_an_essay_leans_on_four_threads_at_least(slug: str, pages: Pages) -> None:
    here = urljoin(HOME, f"essays/{slug}/")
    text = next(element for element in pages[f"essays/{slug}/"].iter() if element.get("class") == "prose")
    linked = {urlsplit(urljoin(here, link.get("href", ""))).path for link in text.iter("a")}
    assert len([path for path in linked if re.fullmatch(r"/threads/[^/]+/", path)]) >= 4


def test_every_reference_is_shown_once_and_cited(pages: Pages) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "bib").glob("*.bib")))
    keys = re.findall(r"^@\w+\{([^,\s]+),", text, re.MULTILINE)
    shown = [(work, heading.get("id")) for work in pages["bibliography/"].iter("li") for heading in work.iter("h2")]
    works = {key: work for work, key in shown if key and key in keys}
    assert sorted(works) == sorted(keys)
    assert [key for key, work in works.items() if not re.search(r"Cited in|Answered by", words(work))] == []


def test_no_page_shows_what_should_have_been_replaced(pages: Pages) -> None:
    """Nothing of the source's syntax, and nothing of the marks that the build and the parser put in its place."""
    left = re.compile(r"[\ue000\ue001\x02\x03\ufffd]|\\[a-zA-Z&_%]|\[@|\[\[|\]\(")
    found = {address: left.findall(" ".join(prose_of(page))) for address, page in pages.items()}
    assert {address: marks for address, marks in found.items() if marks} == {}
