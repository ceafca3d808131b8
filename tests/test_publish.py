"""What programs are told of the whole site: the sitemap, robots.txt, llms.txt; and that each file is there once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from tests.conftest import FRAME

from sitegraph.drawing import Fonts
from sitegraph.keep import Keep
from sitegraph.llms_txt import llms_txt
from sitegraph.model import Publication, Site
from sitegraph.publish import published
from sitegraph.sitemap import robots, sitemap

if TYPE_CHECKING:
    from tests.conftest import Files

KB = "https://example.org/kb/"
PUBLICATION = Publication("Said", "What is said.", KB, "en", "")
FILES: Files = {**FRAME, "docs/essays/calm.md": "Calm.\n", "docs/threads/jet.md": "See [[calm]].\n"}
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def site(assemble_site: Callable[[Files], Site]) -> Site:
    return assemble_site(FILES)


def test_the_sitemap_tells_every_page_and_the_day_of_its_last_change(site: Site) -> None:
    root = ElementTree.fromstring(sitemap(site, PUBLICATION).encode())
    assert root.tag == f"{SITEMAP}urlset"
    told = {page.findtext(f"{SITEMAP}loc"): page.findtext(f"{SITEMAP}lastmod") for page in root}
    assert told == {
        KB: "2026-11-24",
        f"{KB}essays/": "2026-11-24",
        f"{KB}threads/": "2026-11-24",
        f"{KB}essays/calm/": "2026-11-24",
        f"{KB}threads/jet/": "2026-11-24",
        f"{KB}notebooks/": None,
        f"{KB}claims/": "2026-11-24",
        f"{KB}bibliography/": "2026-11-24",
        f"{KB}about/": None,
        f"{KB}contributing/": None,
    }


def test_robots_may_read_everything_and_are_told_of_the_sitemap() -> None:
    assert robots(PUBLICATION) == f"User-agent: *\nAllow: /\n\nSitemap: {KB}sitemap.xml\n"


def test_llms_txt_has_the_form_that_its_authors_ask_for(site: Site) -> None:
    """A title, a summary, prose without headings, then sections that are lists of links."""
    opening, *sections = re.split(r"^## ", llms_txt(site, PUBLICATION), flags=re.MULTILINE)
    assert opening.startswith("# Said\n\n> What is said.\n\n")
    assert "\n#" not in opening
    assert [section.partition("\n")[0] for section in sections] == ["Essays", "Threads", "About", "Lists", "Optional"]
    for section in sections:
        for line in section.strip().split("\n")[2:]:
            assert re.fullmatch(r"- \[[^\]]+\]\(https://\S+\)(: .+)?", line)


def test_llms_txt_leads_to_the_markdown_of_every_page(site: Site) -> None:
    files = {entry.name for entry in published(site, PUBLICATION, Fonts(), Keep()).every()}
    linked = set(re.findall(r"\]\((\S+)\)", llms_txt(site, PUBLICATION)))
    assert f"- [Calm]({KB}essays/calm/index.md): An essay.\n" in llms_txt(site, PUBLICATION)
    assert {address.removeprefix(KB) for address in linked} <= files
    assert {f"{KB}{leaf.page.url}index.md" for leaf in site.leaves.values()} <= linked


def test_no_file_is_published_twice(site: Site) -> None:
    often = Counter(entry.name for entry in published(site, PUBLICATION, Fonts(), Keep()).every())
    assert [name for name, times in often.items() if times > 1] == []
