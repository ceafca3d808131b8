"""The part of the map around each page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from .model import Neighbourhood, Page
from .ties import on_map

MOST = 9
"""How many pages are shown around one."""


def neighbourhood(
    page: Page,
    linked: Mapping[str, Collection[object]],
    linking: Mapping[str, Collection[object]],
    pages: Mapping[str, Page],
) -> Neighbourhood | None:
    """What is around *page*, None of a page about other pages.

    *linked* are the links to each page that it links to, by path, *linking* those from each that links to it.
    """
    if not on_map(page):
        return None
    out = {path: len(links) for path, links in linked.items() if path != page.path and on_map(pages[path])}
    back = {path: len(links) for path, links in linking.items() if path != page.path and on_map(pages[path])}

    def by_title(paths: Iterable[str]) -> tuple[Page, ...]:
        return tuple(sorted((pages[other] for other in paths), key=lambda page: (page.title, page.path)))

    nearest = sorted({*back, *out}, key=lambda other: (-out.get(other, 0) - back.get(other, 0), other))[:MOST]
    left = [other for other in nearest if other not in out]
    right = [other for other in nearest if other not in back]
    for other in nearest:
        if other in out and other in back:  # true on either side, so that it may stand where there is room
            min(left, right, key=len).append(other)
    return Neighbourhood(by_title(back), by_title(out), by_title(left), by_title(right))
