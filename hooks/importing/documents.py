"""Documents of ForumMagnum, as its API and its database write them, to comments.

What may be read of a document is listed here, and nothing else ever is: no address of a machine, no browser, no
e-mail, no vote, no message, no word of a moderator. The names are those of `lib/collections/comments/newSchema.ts`,
`fragments.ts` (CommentsList), `lib/collections/posts` and `lib/collections/revisions` of ForumMagnum/ForumMagnum.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from typing import Any

from bs4 import BeautifulSoup

from .addresses import is_id, on_the_web
from .to_html import draft_js
from .values import Body, Comment, Post, line_of, text_of

_ALLOWED = {
    "Comments": """_id userId user author postId post tagId tag parentCommentId topLevelCommentId postedAt lastEditedAt
        retracted deleted draft shortform title contents contents_latest htmlBody pageUrl legacyId""",
    "contents": "_id html markdown agentMarkdown originalContents",
    "originalContents": "type data",
    "Posts": "_id slug title shortform pageUrl draft",
    "Tags": "_id slug name",
    "Users": "_id slug username displayName",
    "Revisions": "_id documentId collectionName fieldName draft version html originalContents",
}
ALLOWED: Mapping[str, frozenset[str]] = {kind: frozenset(names.split()) for kind, names in _ALLOWED.items()}
"""By the kind of a document, the fields that are read; those of *contents* and *originalContents* are in a comment."""

_FOREVER_AGO = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class Reader:
    """Reads documents, and counts the fields that it refuses to read."""

    def __init__(self) -> None:
        self.refused: Counter[str] = Counter()

    def take(self, kind: str, document: Any) -> dict[str, Any]:
        """What may be read of *document*; nothing if it is none."""
        if not isinstance(document, Mapping):
            return {}
        allowed = ALLOWED[kind]
        self.refused.update(str(name) for name in document if name not in allowed and name != "__typename")
        return {name: document[name] for name in allowed & document.keys()}

    def names(self, document: Any) -> tuple[str, ...]:
        """The names of a user, the one to show first."""
        user = self.take("Users", document)
        found = (line_of(user.get(name)) for name in ("displayName", "username", "slug", "_id"))
        return tuple(dict.fromkeys(name for name in found if name))

    def post(self, document: Any) -> Post | None:
        """A post, without its text."""
        found = self.take("Posts", document)
        if not found or found.get("draft") is True:
            return None  # of a draft not even the title is anybody's business
        return Post(
            id=_id(found.get("_id")),
            slug=line_of(found.get("slug")),
            title=line_of(found.get("title")),
            address=on_the_web(text_of(found.get("pageUrl"))),
            shortform=found.get("shortform") is True,
        )

    def tag(self, document: Any) -> Post | None:
        """A page of the wiki."""
        found = self.take("Tags", document)
        slug = line_of(found.get("slug"))
        return Post(_id(found.get("_id")), slug, line_of(found.get("name")) or slug, wiki=True) if found else None

    def body(self, contents: Any) -> Body | None:
        """The text of a comment: what was shown, or else what was written; None where there is neither."""
        found = self.take("contents", contents)
        html = text_of(found.get("html"))
        markdown = text_of(found.get("markdown")) or text_of(found.get("agentMarkdown"))
        written = self._written(found.get("originalContents"))
        # Of a formula that MathJax 3 has drawn the LaTeX is not in the HTML.
        if html.strip() and not ("<mjx-" in html and (written or markdown.strip())):
            return Body("html", html)
        return written or (Body("markdown", markdown) if markdown.strip() else None)

    def _written(self, original: Any) -> Body | None:
        found = self.take("originalContents", original)
        data, kind = found.get("data"), found.get("type")
        if kind == "draftJS" or isinstance(data, Mapping):
            html = draft_js(data)
            return Body("html", html) if html else None
        text = text_of(data)
        if not text.strip():
            return None
        if kind == "lexical":
            return Body("html", _decided(text))
        return Body("markdown" if kind == "markdown" else "html", text)

    def comment(
        self,
        document: Any,
        posts: Mapping[str, Post] | None = None,
        tags: Mapping[str, Post] | None = None,
        users: Mapping[str, tuple[str, ...]] | None = None,
        revised: Mapping[str, Body] | None = None,
    ) -> Comment | str:
        """A comment, or the reason why it cannot be one.

        In a database what it refers to stands elsewhere: in *posts*, *tags* and *users* by id, and its text, where it
        has none, in *revised* by the id of a revision or of the comment.
        """
        found = self.take("Comments", document)
        comment = line_of(found.get("_id"))
        if not is_id(comment):
            return "without an id"
        if found.get("draft") is True:
            return "a draft, which nobody else has seen"
        names = self.names(found.get("user"))
        user = line_of(found.get("userId"))
        names = tuple(dict.fromkeys([*names, *(users or {}).get(user, ()), *filter(None, (user,))]))
        if not self.take("Users", found.get("user")) and (author := line_of(found.get("author"))):
            names = tuple(dict.fromkeys([*names, author]))
        post = self.post(found.get("post")) or (posts or {}).get(line_of(found.get("postId")))
        if post is None and (bare := _id(found.get("postId"))):
            post = Post(id=bare)
        tag = self.tag(found.get("tag")) or (tags or {}).get(line_of(found.get("tagId")))
        body = self.body(found.get("contents"))
        if body is None and (html := text_of(found.get("htmlBody"))).strip():
            body = Body("html", html)
        deleted = found.get("deleted") is True
        if body is None and revised and not deleted:
            body = revised.get(line_of(found.get("contents_latest"))) or revised.get(comment)
        # Of a deleted comment the API gives no contents, and says so.
        deleted = deleted or (body is None and found.get("contents", found.get("htmlBody", "")) is None)
        if body is None and not deleted:
            return "without a text that can be read"
        return Comment(
            id=comment,
            names=names,
            posted=moment(found.get("postedAt")),
            edited=moment(found.get("lastEditedAt")),
            retracted=found["retracted"] is True if "retracted" in found else None,
            deleted=deleted,
            shortform=found.get("shortform") is True or bool(post and post.shortform),
            title=line_of(found.get("title")),
            body=None if deleted else body,
            post=post or tag,
            parent=_id(found.get("parentCommentId")),
            top=_id(found.get("topLevelCommentId")),
            legacy=_id(found.get("legacyId")),
            address=on_the_web(text_of(found.get("pageUrl"))),
        )


def _id(value: Any) -> str:
    text = line_of(value)
    return text if is_id(text) else ""


def _decided(html: str) -> str:
    """*html* of the newest editor without what somebody suggested to insert: it is not part of the text."""
    soup = BeautifulSoup(html, "html.parser")
    for suggested in soup.find_all("ins"):
        suggested.decompose()
    for tag in soup.find_all(["del", "mark"]):
        tag.unwrap()
    return str(soup)


def moment(value: Any) -> str:
    """A point in time as '2025-11-03T23:30:00Z', in UTC; '' where *value* is none.

    It may be text with or without a zone (without one it is UTC), milliseconds, or what MongoDB exports.
    """
    if isinstance(value, Mapping):
        value = value.get("$date", value.get("$numberLong"))
        if isinstance(value, Mapping):
            value = value.get("$numberLong")
        if isinstance(value, str) and value.lstrip("-").isdecimal():
            value = int(value)
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            found = _FOREVER_AGO + datetime.timedelta(milliseconds=value)
        elif isinstance(value, str):
            found = datetime.datetime.fromisoformat(value.strip())
            found = found.replace(tzinfo=found.tzinfo or datetime.UTC).astimezone(datetime.UTC)
        else:
            return ""
    except (ValueError, OverflowError):
        return ""
    return found.strftime("%Y-%m-%dT%H:%M:%SZ") if found.year >= 1000 else ""
