"""Addresses of ForumMagnum forums: which comment one names, and which one a comment has.

The forms are those of ForumMagnum's `commentGetPageUrlFromIds` (lib/collections/comments/helpers.ts) and
`tagGetCommentLink` (lib/collections/tags/helpers.ts), of the routes under app/api/(markdown), of GreaterWrong, which
mirrors them, and of the old LessWrong (`/lw/<post>/<slug>/<comment>`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, quote, urljoin, urlsplit

from .values import Post

_HOSTS = """lesswrong.com greaterwrong.com lesserwrong.com alignmentforum.org forum.effectivealtruism.org
    ea.greaterwrong.com arbital.greaterwrong.com forum-bots.effectivealtruism.org"""
FORUMS = frozenset(_HOSTS.split())
"""Hosts, without `www.`, under which the same comments can be read."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_IN_PATH = re.compile(r"/comments?/([^/]+)/?$")
_LEGACY = re.compile(r"^(?:/r/[^/]+)?/lw/[^/]+/[^/]+/([^/]+)/?$")


def is_id(text: str) -> bool:
    """Whether *text* can be the id of a document, and the name of a file."""
    return bool(_ID.fullmatch(text))


def comments_named(address: str) -> Iterator[str]:
    """The ids that the whole *address* may give a comment, the likeliest first; 'lw:…' is an id of long ago."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return
    if parts.scheme not in ("http", "https") or host not in FORUMS:
        return
    asked = parse_qs(parts.query).get("commentId", [])
    in_path = _IN_PATH.search(parts.path)
    for found in (*asked, in_path[1] if in_path else "", parts.fragment.removeprefix("comment-")):
        if is_id(found):
            yield found
    if legacy := _LEGACY.match(parts.path):
        yield f"lw:{legacy[1]}"


def whole(address: str, base: str) -> str:
    """*address* as it leads from *base*; '' if it leads nowhere on the web."""
    try:
        joined = urljoin(base, address.strip())
        parts = urlsplit(joined)
        fine = parts.scheme == "mailto" or (parts.scheme in ("http", "https") and parts.hostname and not parts.username)
    except ValueError:
        return ""
    return quote(joined, safe="/:?#@!$&*+,;=%~-._") if fine else ""


def on_the_web(address: str) -> str:
    """*address* if it is a whole one of a page of the web, else ''."""
    found = whole(address, "")
    return found if found.startswith("http") else ""


def post_address(site: str, post: Post) -> str:
    """Where *post* is read, '' where too little is known of it."""
    if post.address:
        return post.address
    if post.wiki:
        return f"{site}/w/{quote(post.slug)}" if post.slug else ""
    if not post.id:
        return f"{site}/posts/slug/{quote(post.slug)}" if post.slug else ""
    return f"{site}/posts/{quote(post.id)}/{quote(post.slug)}".rstrip("/")


def comment_address(site: str, post: Post | None, comment: str) -> str:
    """Where a comment is read, '' where too little is known of what it stands under."""
    under = post_address(site, post) if post else ""
    if not under:
        return ""
    return f"{under}/discussion?commentId={comment}" if post and post.wiki else f"{under}?commentId={comment}"
