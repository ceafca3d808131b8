"""Whose comments are imported: those of one person, and nobody else's words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from sitegraph.model import Problem

from .values import Comment, Received, mistake

_MOST = 5
_ID_ALONE = re.compile(r"[A-Za-z0-9]{15,}")


@dataclass(frozen=True)
class Own:
    """The comments of one person, and the ids of those of others by what they answer."""

    speaker: str
    comments: tuple[Comment, ...]
    others: dict[str, str]  # id → id of its parent


def own(path: str, received: Received, author: str, speakers: Collection[str]) -> Own | Problem:
    """The comments of *author*, or, where none is named, of the one person whom the file or the site speaks of.

    *speakers* are those of the threads that are there. A file that names nobody holds the comments of one person; in
    one that names people, a comment without a name may be anybody's, and only that it was deleted is kept.
    """
    named = _people(received.comments)
    chosen = _chosen(named, author or received.speaker, speakers)
    if chosen is None and named and (author or len(named) > 1):
        people = ", ".join(sorted(names[0] for names in named)[:_MOST]) + (", …" if len(named) > _MOST else "")
        asked = f"`{author}` is none of those whose comments these are" if author else "these are comments of several"
        return mistake("import-of-one", path, 1, f"{asked} ({people}); say whose to import: AUTHOR=name")
    speaker = author or received.speaker or (chosen[0] if chosen and not _ID_ALONE.fullmatch(chosen[0]) else "")
    if chosen and author.casefold() in {name.casefold() for name in chosen[1:]}:
        speaker = chosen[0]
    if not speaker and len(speakers) == 1:
        speaker = next(iter(speakers))
    if not speaker:
        return mistake("import-of-one", path, 1, "this file does not say whose comments it holds; say so: AUTHOR=name")
    mine = {name.casefold() for name in chosen or ()}
    comments = [
        one
        for one in received.comments
        if mine.intersection(map(str.casefold, one.names)) or (not one.names and (not named or one.body is None))
    ]
    kept = {comment.id for comment in comments}
    others = {one.id: one.parent for one in received.comments if one.id not in kept}
    return Own(speaker, tuple(replace(one, names=()) for one in comments), others)


def _people(comments: Iterable[Comment]) -> list[tuple[str, ...]]:
    """The people in a file: whoever shares a name is one of them."""
    found: dict[str, list[str]] = {}
    for comment in comments:
        known = next((found[name] for name in comment.names if name in found), [])
        for name in comment.names:
            if name not in known:
                known.append(name)
            found[name] = known
    return [tuple(names) for names in {id(names): names for names in found.values()}.values()]


def _chosen(people: list[tuple[str, ...]], wanted: str, speakers: Collection[str]) -> tuple[str, ...] | None:
    sought = {wanted.casefold()} if wanted else {speaker.casefold() for speaker in speakers}
    fitting = [names for names in people if sought.intersection(map(str.casefold, names))]
    if len(fitting) == 1:
        return fitting[0]
    return people[0] if not wanted and len(people) == 1 else None
