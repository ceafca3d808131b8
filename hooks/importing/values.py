"""What an export is made of, once it is read: comments, their bodies, and where they were posted."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sitegraph.elsewhere import sayable
from sitegraph.model import Place, Problem

RULES = {
    "import-readable": "A file to import is whole, and of a form that is known.",
    "import-of-one": "It is known whose comments are imported.",
    "import-decided": "No doubt is left in a proposal that is imported.",
}
"""What has to be true of a file before anything is written."""

_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_NOT_FOR_TEXT = re.compile("[\x7f-\x9f\ue000-\uf8ff]")
_NOT_FOR_A_LINE = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Body:
    """The text of a comment as it was found."""

    form: Literal["html", "markdown", "plain"]
    text: str


@dataclass(frozen=True)
class Post:
    """What a comment stands under: a post, or a page of the forum's wiki. '' is for what the file does not say."""

    id: str = ""
    slug: str = ""
    title: str = ""
    address: str = ""
    wiki: bool = False
    shortform: bool = False  # the container of somebody's shortform posts


@dataclass(frozen=True)
class Comment:
    """One comment. Of those of other people no body is kept, only how they hang together."""

    id: str
    names: tuple[str, ...] = ()  # all by which the file calls its author, the one to show first; none if it is silent
    posted: str = ""  # '2025-11-03T23:30:00Z', in UTC, as is *edited*
    edited: str = ""
    retracted: bool | None = None  # None where the file does not say
    deleted: bool = False
    shortform: bool = False
    title: str = ""
    body: Body | None = None
    post: Post | None = None
    parent: str = ""  # id of the comment that it answers
    top: str = ""  # id of the first comment above it
    legacy: str = ""  # its id in addresses of long ago
    address: str = ""


@dataclass(frozen=True)
class Received:
    """All that a file gave: comments, what was kept out, and what is wrong with the file."""

    form: str  # in words: 'an answer of the GraphQL API'
    comments: tuple[Comment, ...] = ()
    refused: Mapping[str, int] = field(default_factory=dict)  # by the name of a field or collection, how often
    skipped: Mapping[str, int] = field(default_factory=dict)  # by the reason, how many documents
    speaker: str = ""  # by what the file calls the person whose export this is
    site: str = ""  # 'https://www.lesswrong.com', where the file tells
    whole: bool = False  # it holds all that the person posted, so that what is missing was deleted
    problems: tuple[Problem, ...] = ()


def mistake(rule: str, path: str, line: int, sentence: str) -> Problem:
    """What is wrong with a file, and where."""
    RULES[rule]
    return Problem(Place(path, line), sentence, rule)


def text_of(value: Any) -> str:
    """*value* as text that any file can hold, '' where it is none; its lines end in line feeds."""
    if not isinstance(value, str):
        return ""
    return _NOT_FOR_TEXT.sub("", sayable(_LINE_ENDS.sub("\n", value)))


def line_of(value: Any) -> str:
    """*value* as one line, without marks that turn the direction of what stands behind them."""
    return " ".join(_NOT_FOR_A_LINE.sub("", text_of(value)).split())


def digest_of(texts: Iterable[str]) -> str:
    """Sixteen letters and digits that stand for *texts*. Pages keep them for years: how they are made has to stay."""
    whole = hashlib.sha256()
    for text in texts:
        content = text.encode()
        whole.update(f"{len(content)} ".encode() + content)
    return whole.hexdigest()[:16]
