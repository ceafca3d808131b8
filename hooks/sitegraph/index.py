"""Pages by where they are and by what they are called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from .model import Page, Place, Problem
from .rules import problem


def named_page(page: Page) -> Page:
    """What there is to know of *page* for whoever links to it: an edit to the rest is none of their business."""
    lines = {name: page.lines[name] for name in ("title", "aliases") if name in page.lines}
    return Page(page.path, page.url, page.kind, page.title, aliases=page.aliases, lines=lines)


class Index:
    """Finds pages by path, and by slug, title or alias; knows the other files of the site too."""

    def __init__(
        self, pages: Iterable[Page], files: Mapping[str, str], further: Mapping[tuple[str, str], Page] | None = None
    ) -> None:
        """*files* maps the path of each file that is not a page, such as a picture, to its address.

        *further* tells on which page an anchor is that is looked for on another, by the path of that one: a long list
        goes on on further pages.
        """
        self._further = further or {}
        self.pages: Mapping[str, Page] = {page.path: page for page in pages}
        self.files = files
        self._named: dict[str, dict[str, Page]] = defaultdict(dict)
        for page in self.pages.values():
            for name in _names(page):
                self._named[folded(name)][page.path] = page

    def named(self, name: str) -> list[Page]:
        """The pages of that slug, title or alias, whatever its capitals and spaces."""
        return list(self._named.get(folded(name), {}).values())

    def holding(self, page: Page, anchor: str) -> Page:
        """The page that has *anchor* where *page* was named."""
        return self._further.get((page.path, anchor), page)

    def names(self) -> Iterator[str]:
        """Every slug, title and alias."""
        for page in self.pages.values():
            yield from _names(page)

    def clashes(self) -> Iterator[Problem]:
        """The names that two pages share, reported at the later page; lists (index.md) have no slug of their own."""
        for sharing in self._named.values():
            pages = [page for page in sharing.values() if page.slug != "index"]
            for page in pages[1:]:
                shared = next(name for name in _names(page) if folded(name) in map(folded, _names(pages[0])))
                field = "title" if shared == page.title else "aliases"
                place = Place(page.path, page.lines.get(field, 1))
                yield problem("name-unique", place, f"{pages[0].path} is called `{shared}` too")


def _names(page: Page) -> tuple[str, ...]:
    # A notebook may ask what an essay of the same slug argues; between brackets it goes by the name of its file.
    slug = f"{page.slug}.ipynb" if page.kind == "notebook" else page.slug
    return (slug, page.title, *page.aliases)


def folded(name: str) -> str:
    """*name* without what nobody remembers: capitals and spaces."""
    return " ".join(name.casefold().split())
