"""The forms in JSON: an answer of the GraphQL API, and the dump that administrators hand out.

The API answers `{"data": {"comments": {"results": [...]}}}`, whether it was asked with `selector:` or, as before 2025,
with `input: {terms: …}`. A dump is one object with a list for each collection of the database: `Users`, `Comments`,
`Posts`, `Revisions` and many more, of which only these and `Tags` are looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .documents import Reader
from .values import Body, Comment, Received, line_of, mistake

_COLLECTIONS = ("Users", "Comments", "Posts", "Revisions", "Tags")


def from_json(path: str, value: Any) -> Received:
    """What an export, already parsed, holds."""
    if isinstance(value, Mapping):
        if "data" in value or "errors" in value:
            return _answers(path, [value])
        named = {str(name).casefold(): name for name in value}
        if "comments" in named and isinstance(value[named["comments"]], list):
            return _dump(value, named)
    if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        if all("data" in one or "errors" in one for one in value):
            return _answers(path, value)
        if all("_id" in one for one in value):
            return _received("a list of comments", _Documents(value))
    sentence = "this is JSON, but neither an answer with `data.comments.results` nor a dump with a list of `Comments`"
    return Received("JSON", problems=(mistake("import-readable", path, 1, sentence),))


def _answers(path: str, answers: Iterable[Mapping[str, Any]]) -> Received:
    documents: list[Any] = []
    for answer in answers:
        data = answer.get("data")
        comments = data.get("comments") if isinstance(data, Mapping) else None
        results = comments.get("results") if isinstance(comments, Mapping) else None
        if not isinstance(results, list):
            said = line_of(_first_error(answer.get("errors")))[:200]
            sentence = "this answer holds no `data.comments.results`" + (f"; the forum said: {said}" if said else "")
            return Received("an answer of the GraphQL API", problems=(mistake("import-readable", path, 1, sentence),))
        documents += results
    return _received("an answer of the GraphQL API", _Documents(documents))


def _first_error(errors: Any) -> Any:
    first = errors[0] if isinstance(errors, list) and errors else None
    return first.get("message") if isinstance(first, Mapping) else None


class _Documents:
    """The documents of an export that are looked at, by collection."""

    def __init__(self, comments: list[Any], others: Mapping[str, Any] | None = None) -> None:
        self.comments = comments
        self.others = others or {}

    def of(self, collection: str) -> Iterator[Mapping[str, Any]]:
        """Those of one collection."""
        found = self.others.get(collection)
        return (one for one in found if isinstance(one, Mapping)) if isinstance(found, list) else iter(())


def _dump(value: Mapping[str, Any], named: Mapping[str, str]) -> Received:
    others = {name: value[named[name.casefold()]] for name in _COLLECTIONS if name.casefold() in named}
    left_out = [name for name in value if str(name).casefold() not in {known.casefold() for known in _COLLECTIONS}]
    return _received("a dump of a user's data", _Documents(others["Comments"], others), left_out)


def _received(form: str, documents: _Documents, left_out: Iterable[str] = ()) -> Received:
    reader = Reader()
    users = {names[-1]: names for one in documents.of("Users") if (names := reader.names(one))}
    posts = {post.id: post for one in documents.of("Posts") if (post := reader.post(one))}
    tags = {tag.id: tag for one in documents.of("Tags") if (tag := reader.tag(one))}
    dumped = "Comments" in documents.others
    revised = dict(_revised(reader, documents.of("Revisions"))) if dumped else None
    comments: dict[str, Comment] = {}
    skipped: Counter[str] = Counter()
    for document in documents.comments:
        comment = reader.comment(document, posts, tags, users, revised)
        if isinstance(comment, str):
            skipped[comment] += 1
        elif comment.id in comments:
            skipped["here twice"] += 1
            comments[comment.id] = max(comments[comment.id], comment, key=lambda one: (one.edited, one.posted))
        else:
            comments[comment.id] = comment
    refused = reader.refused + Counter({str(name): 1 for name in left_out})
    speaker = next(iter(users.values()))[0] if len(users) == 1 else ""
    return Received(form, tuple(comments.values()), refused, skipped, speaker, whole=dumped)


def _revised(reader: Reader, documents: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Body]]:
    """The text of each revision of a comment under its id; the newest also under the id of the comment."""
    newest: dict[str, tuple[tuple[int, ...], Body]] = {}
    for document in documents:
        found = reader.take("Revisions", document)
        about = (found.get("collectionName", "Comments"), found.get("fieldName", "contents"))
        if about != ("Comments", "contents") or found.get("draft") is True:
            continue
        body = reader.body({name: found[name] for name in ("html", "originalContents") if name in found})
        if body is None:
            continue
        yield line_of(found.get("_id")), body
        comment, version = line_of(found.get("documentId")), _version(found.get("version"))
        if comment and (comment not in newest or version > newest[comment][0]):
            newest[comment] = version, body
    yield from ((comment, body) for comment, (_, body) in newest.items())


def _version(value: Any) -> tuple[int, ...]:
    """'1.10.0' as numbers, which have an order."""
    return tuple(int(part) for part in line_of(value).split(".") if part.isdecimal() and len(part) < 10)
