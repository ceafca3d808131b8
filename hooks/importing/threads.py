"""Comments to threads: what belongs on one page, what it is called, and what is known of it."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sitegraph.index import folded

from .addresses import comment_address, post_address
from .to_markdown import Written
from .values import Comment, digest_of

WORDS = 7
"""So many words of a comment, at most, stand on a page: in its title, where there is nothing else to call it."""

_LONGEST = 60
_NOT_IN_A_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Thread:
    """What makes one page: a comment, and the same person's replies below it, the oldest first."""

    first: Comment
    replies: tuple[Comment, ...] = ()

    @property
    def comments(self) -> tuple[Comment, ...]:
        """All of them."""
        return (self.first, *self.replies)

    @property
    def shortform(self) -> bool:
        """Whether it is a shortform post; an answer to somebody else's is a comment."""
        return self.first.shortform and not self.first.parent


def threads(comments: Iterable[Comment], others: Mapping[str, str]) -> tuple[Thread, ...]:
    """The threads, the newest first. A deleted comment makes none, but what stands below it does.

    A reply belongs to the highest comment of the same person above it; *others* tells what other people's comments
    answer, where the file holds them.
    """
    own = {comment.id: comment for comment in comments}
    parents = {**others, **{comment.id: comment.parent for comment in own.values()}}
    highest: dict[str, str] = {}
    replies: dict[str, list[Comment]] = defaultdict(list)
    firsts = []
    for comment in own.values():
        if comment.deleted or comment.body is None:
            continue
        first = _highest(comment.id, own, parents, highest)
        if first == comment.id and comment.top in own and own[comment.top].body is not None:
            first = comment.top  # what stands between them is not in the file
        if first == comment.id:
            firsts.append(comment)
        else:
            replies[first].append(comment)
    made = (Thread(first, tuple(sorted(replies[first.id], key=_when))) for first in firsts)
    return tuple(sorted(sorted(made, key=lambda one: one.first.id), key=lambda one: one.first.posted, reverse=True))


def _when(comment: Comment) -> tuple[str, str]:
    return comment.posted, comment.id


def _highest(start: str, own: Mapping[str, Comment], parents: Mapping[str, str], known: dict[str, str]) -> str:
    """The highest comment above *start*, or *start*, that is the person's own and still there.

    What was found on the way is kept in *known*, so that long chains are walked once.
    """
    way: list[str] = []
    at = start
    seen: set[str] = set()
    while at and at in parents and at not in known and at not in seen:
        seen.add(at)
        way.append(at)
        at = parents[at]
    found = known.get(at, "") if at not in seen else ""
    for name in reversed(way):
        if not found and name in own and not own[name].deleted and own[name].body is not None:
            found = name
        known[name] = found
    return known[start]


def title_of(thread: Thread, written: Written) -> str:
    """What the page is called until its author finds something better."""
    post = thread.first.post
    if thread.first.title and not thread.shortform:
        title = thread.first.title
    elif post and post.title and not thread.shortform:
        title = f"On the page “{post.title}”" if post.wiki else f"On “{post.title}”"
    else:
        words = written.words.split()
        title = " ".join(words[:WORDS]) + ("…" if len(words) > WORDS else "")
    title = title[:200].strip()
    return f"“{title}”" if title.startswith(("TODO:", "---")) else title or f"A comment, {thread.first.id}"


def slug_of(title: str, fallback: str) -> str:
    """The name of a file for *title*: small letters, digits and hyphens; of *fallback* where it has no such letters."""
    plain = unicodedata.normalize("NFKD", title.removeprefix("On ")).encode("ascii", "ignore").decode().lower()
    slug = _NOT_IN_A_SLUG.sub("-", plain.replace("'", "")).strip("-")
    if len(slug) > _LONGEST:
        slug = slug[:_LONGEST].rpartition("-")[0] or slug[:_LONGEST]
    return slug or f"comment-{_NOT_IN_A_SLUG.sub('-', fallback.lower()).strip('-')}".strip("-")


class Names:
    """Gives out names that nothing else has; knows how far it has counted, so that each costs the same."""

    def __init__(self, taken: Collection[str]) -> None:
        self._taken = {folded(name) for name in taken}
        self._counted: dict[str, int] = {}

    def free(self, name: str, pattern: str) -> str:
        """*name*, or, where that is taken, *name* with a number in *pattern*: '{} ({})'."""
        found, key = name, folded(name)
        while folded(found) in self._taken:
            self._counted[key] = self._counted.get(key, 1) + 1
            found = pattern.format(name, self._counted[key])
        self._taken.add(folded(found))
        return found


def facts_of(thread: Thread, site: str, texts: Iterable[str]) -> dict[str, str | bool]:
    """What the file says of a thread, as its front matter tells it; nothing of what the file does not say."""
    comment, post = thread.first, thread.first.post
    facts: dict[str, str | bool] = {
        "id": comment.id,
        "address": comment.address or comment_address(site, post, comment.id),
        "posted": comment.posted[:10],
        "edited": "" if comment.edited[:10] <= comment.posted[:10] else comment.edited[:10],
    }
    if comment.retracted is not None:
        facts["retracted"] = comment.retracted
    if post and not thread.shortform:
        facts["parent-post"] = post.title
        facts["parent-post-address"] = post_address(site, post)
    if comment.parent:
        facts["parent-comment"] = comment_address(site, post, comment.parent)
    facts["original"] = digest_of([comment.id, *texts])
    return {name: value for name, value in facts.items() if value != ""}
