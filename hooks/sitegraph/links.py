"""Links: what is written, to where it leads."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from markdown.extensions.toc import slugify

from .index import Index
from .model import FIGURE, LINK_TYPES, Link, Page, Problem, RawLink
from .rules import problem
from .suggest import did_you_mean

Anchors = Mapping[str, Collection[str]]
"""What can be linked to on each page, by path: headings, claims, references, anything with an id."""


@dataclass(frozen=True)
class Resolved:
    """Where a link leads: its address as seen from the page, the words it has when it brings none, and its value."""

    href: str
    label: str
    link: Link | None = None
    problems: tuple[Problem, ...] = ()


def relative_url(url: str, page: Page) -> str:
    """*url* (relative to the root of the site) as seen from *page*."""
    path, _, anchor = url.partition("#")
    relative = posixpath.relpath(f"/{path}", f"/{page.url}") if path != page.url else "."
    if (path.endswith("/") or not path) and not relative.endswith("/"):
        relative += "/"
    return f"{relative}#{anchor}" if anchor else relative


def resolve(raw: RawLink, page: Page, index: Index, anchors: Anchors) -> Resolved:
    """Where *raw*, which stands on *page*, leads."""
    if raw.wikilink:
        return _resolve_name(raw, page, index, anchors)
    return _resolve_path(raw, page, index, anchors)


def _resolve_name(raw: RawLink, page: Page, index: Index, anchors: Anchors) -> Resolved:
    name, _, heading = raw.target.partition("#")
    found = index.named(name) if name.strip() else [page]
    if len(found) == 1:
        # A heading may be named by its words or by its id.
        anchor = heading if heading in anchors[found[0].path] else slugify(heading, "-")
        return _to_page(raw, page, index.holding(found[0], anchor), anchor, anchors)
    if found:
        both = " and ".join(other.path for other in found)
        sentence = f"`{name}` is the name of {both}; link one of them by its path"
    else:
        sentence = f"no page is called `{name}`{did_you_mean(name, index.names())}"
    return Resolved("#", raw.target, problems=(problem("link-target-exists", raw.place, sentence),))


def _resolve_path(raw: RawLink, page: Page, index: Index, anchors: Anchors) -> Resolved:
    path, _, anchor = unquote(raw.target).partition("#")
    if not path and not anchor:
        return Resolved("#", "", problems=(problem("link-target-exists", raw.place, "this link leads nowhere"),))
    if not path:
        return _to_page(raw, page, page, anchor, anchors)
    if path.startswith("/"):
        sentence = f"'{raw.target}' is an address; write the path from this file to the other, like '../threads/…'"
        return Resolved(raw.target, raw.target, problems=(problem("link-target-exists", raw.place, sentence),))
    target = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), path))
    if target in index.pages and not raw.image:
        return _to_page(raw, page, index.holding(index.pages[target], anchor), anchor, anchors)
    if target in index.files:
        return Resolved(relative_url(index.files[target], page), path)
    kind = "picture" if raw.image else "page"
    known = index.files if raw.image else [*index.pages, *index.files]
    right = [posixpath.relpath(other, posixpath.dirname(page.path)) for other in known]
    sentence = f"no {kind} '{path}'{did_you_mean(path, right)}"
    return Resolved(raw.target, path, problems=(problem("link-target-exists", raw.place, sentence),))


def _to_page(raw: RawLink, page: Page, target: Page, anchor: str, anchors: Anchors) -> Resolved:
    problems = []
    if anchor and anchor not in anchors[target.path]:
        kind = anchor.partition("-")[0]
        what = kind if kind in ("claim", "result", "figure") else "heading"
        sentence = f"'{target.path}' has no {what} `{anchor}`{did_you_mean(anchor, anchors[target.path])}"
        rule = "result-exists" if what == "result" else "anchor-exists"
        problems.append(problem(rule, raw.place, sentence))
        anchor = ""
    elif raw.title == FIGURE and not anchor.startswith("figure-"):
        sentence = "a link with the title `figure` leads to a notebook's figure, like '…/jet.ipynb#figure-learning'"
        problems.append(problem("link-type-known", raw.place, sentence))
    if raw.title is not None and raw.title not in (FIGURE, *LINK_TYPES):
        known_types = f"one of {', '.join(LINK_TYPES)}"
        sentence = f"`{raw.title}` is not a link type{did_you_mean(raw.title or '', LINK_TYPES)} ({known_types})"
        problems.append(problem("link-type-known", raw.place, sentence))
    type_ = raw.title if raw.title in LINK_TYPES else "mentions"
    url = f"{target.url}#{anchor}" if anchor else target.url
    href = f"#{anchor}" if target is page and anchor else relative_url(url, page)
    link = Link(page.path, target.path, anchor, type_, raw.section, raw.excerpt, raw.place, raw.words)
    return Resolved(href, target.title, link, tuple(problems))
