"""The picture that stands for a page where somebody shares it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from .drawing import DRAWN_WITH, Fonts, Pen, Picture
from .keep import Work, digest
from .model import VERDICT_WORDS, Leaf, Page, Publication, Site

_KINDS = {"essay": "Essay", "thread": "Thread", "notebook": "Notebook"}
_NAME = "picture.png"


def picture_url(page: Page) -> str:
    """The address of the picture of *page*; pages about other pages share that of the site."""
    return f"{page.url}{_NAME}" if page.kind in _KINDS else _NAME


def picture_of(leaf: Leaf | None, site: Site, publication: Publication) -> Picture:
    """What the picture of *leaf* says, or that of the site where it has none of its own."""
    if leaf is None or leaf.page.kind not in _KINDS:
        tally = tuple((name, count) for name, count in site.tally.items() if count)
        return Picture("", publication.name, tally, below=publication.description)
    found = [judged.verdict for judged in leaf.judged]
    tally = tuple((name, found.count(name)) for name in VERDICT_WORDS if name in found)
    return Picture(_KINDS[leaf.page.kind], leaf.page.title, tally, foot=publication.name)


def picture_work(site: Site, publication: Publication, fonts: Fonts) -> Iterator[tuple[str, Work]]:
    """The work of drawing each picture as PNG, by its address: that of the site, then those of pages that have one."""
    pen = Pen(fonts)
    made_with = digest((fonts.roman, fonts.italic, *DRAWN_WITH))
    for leaf in (None, *(leaf for leaf in site.leaves.values() if leaf.page.kind in _KINDS)):
        picture = picture_of(leaf, site, publication)
        depends_on = (made_with, repr(picture), picture.words)
        yield picture_url(leaf.page) if leaf else _NAME, ("picture", depends_on, partial(pen.draw, picture))
