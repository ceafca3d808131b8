"""The Markdown form of a forum's pages: the comments of a post, one comment, or those on somebody's profile.

The form is that of ForumMagnum's routes under app/api/(markdown) (`post/[idOrSlug]/comments`, `user/[slug]`) with
`MarkdownCommentsList` and `MarkdownUserLink`, as `htmlToMarkdown` in server/editor/conversionUtils.ts writes them: a
heading of the third level for each comment, a list of what is known of it, perhaps reactions, and its text, which is
indented by tabs. Karma, votes and reactions stand there too, and are not read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .addresses import comments_named, on_the_web, whole
from .documents import moment
from .values import Body, Comment, Post, Received, line_of, mistake

_HEADING = re.compile(
    r"^### Comment(?: by (?:\[(?P<name>(?:\\.|[^\]\\])*)\]\((?P<user>[^)\s]*)\)|(?P<nobody>\\?\[Anonymous\\?\])))?"
    r"(?: on (?:\[(?P<title>(?:\\.|[^\]\\])*)\]\((?P<post>[^)\s]*)\)|.*))?\s*$"
)
_PAGE = re.compile(r"^# (?:Comments: |Comment on |User: )(?P<title>.*)$", re.MULTILINE)
_FACT = re.compile(r"^[*-]\s+(?:(?P<name>[A-Z][A-Za-z ()]*?): )?(?P<value>.*)$")
_LINK = re.compile(r"\[(?:\\.|[^\]\\])*\]\((?P<target>[^)\s]*)\)")
_DAY = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$")
_POST = re.compile(r"/posts/(?P<id>[^/?#]+)/(?P<slug>[^/?#]*)")
_ABSOLUTE = re.compile(r"\]\((?P<site>https?://[^/)\s]+)/api/(?:home|SKILL\.md)\)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!>~|-])")
_FACTS = {
    "HTML permalink",
    "Markdown permalink",
    "Parent comment (Markdown)",
    "Comment URL (HTML)",
    "Comment URL (Markdown)",
}
_NO_BODY = "_[No comment body available]_"


@dataclass(frozen=True)
class _Piece:
    """A comment's heading, and the lines below it."""

    line: int
    heading: re.Match[str]
    lines: list[str]


def is_comment_page(text: str) -> bool:
    """Whether *text* is such a page."""
    return any(_HEADING.match(line) for line in text.split("\n"))


def from_comment_page(path: str, text: str) -> Received:
    """The comments of a page."""
    form = "a page of comments in Markdown"
    found = _ABSOLUTE.search(text)
    site = found["site"] if found else ""
    page = _PAGE.search(text)
    title = _unescaped(page["title"]) if page and not page[0].startswith("# User") else ""
    refused: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    comments: dict[str, Comment] = {}
    pieces = list(_pieces(text))
    for piece in pieces:
        comment = _comment(piece, title, site, refused)
        if isinstance(comment, str):
            skipped[comment] += 1
        elif comment.id in comments:
            skipped["here twice"] += 1
        else:
            comments[comment.id] = comment
    if not comments:
        sentence = "no comment below its heading says where it stands (`HTML permalink: …`)"
        line = pieces[0].line if pieces else 1
        return Received(form, problems=(mistake("import-readable", path, line, sentence),))
    return Received(form, tuple(comments.values()), refused, skipped, site=site)


def _pieces(text: str) -> Iterator[_Piece]:
    """The text cut at its headings. What is indented belongs to a comment, whatever it looks like."""
    piece: _Piece | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        heading = _HEADING.match(line)
        if heading or line.startswith("### Navigation"):
            if piece:
                yield piece
            piece = _Piece(number, heading, []) if heading else None
        elif piece:
            piece.lines.append(line)
    if piece:
        yield piece


def _comment(piece: _Piece, page_title: str, site: str, refused: Counter[str]) -> Comment | str:
    heading, facts, at = piece.heading, {}, 0
    posted = ""
    while at < len(piece.lines) and (not piece.lines[at].strip() or _FACT.match(piece.lines[at])):
        if fact := _FACT.match(piece.lines[at]):
            if fact["name"] in _FACTS:
                link = _LINK.search(fact["value"])
                facts[fact["name"]] = link["target"] if link else fact["value"]
            elif not fact["name"] and _DAY.match(fact["value"]):
                posted = moment(fact["value"])
            elif fact["name"]:
                refused[fact["name"]] += 1
        at += 1
    address = facts.get("HTML permalink") or facts.get("Comment URL (HTML)") or ""
    ids = [*_ids(address), *_ids(facts.get("Markdown permalink", "")), *_ids(facts.get("Comment URL (Markdown)", ""))]
    if not ids:
        return "without an address"
    text = _text(piece.lines[at:], refused)
    body = Body("markdown", text) if text and text != _NO_BODY else None
    under = _POST.search(address)
    title = _unescaped(heading["title"] or "") or page_title
    post = Post(under["id"], under["slug"], title) if under else (Post(title=title) if title else None)
    parent = next(iter(_ids(facts.get("Parent comment (Markdown)", ""))), "")
    names = (_unescaped(heading["name"] or ""), line_of((heading["user"] or "").rpartition("/")[2]))
    return Comment(
        id=ids[0],
        names=tuple(name for name in names if name),
        posted=posted,
        deleted=body is None,
        body=body,
        post=post,
        parent=parent,
        shortform=bool(under and under["slug"].endswith(("-shortform", "-s-quick-takes", "-quick-takes"))),
        address=on_the_web(address),
    )


def _ids(address: str) -> list[str]:
    return list(comments_named(whole(address, "https://lesswrong.com/"))) if address else []


def _text(lines: list[str], refused: Counter[str]) -> str:
    """The text of a comment: what is indented, or, as older pages were, whatever is no list of reactions."""
    depth = min((len(line) - len(line.lstrip("\t")) for line in lines if line.startswith("\t")), default=0)
    if depth:
        inside = [line[depth:] if line.startswith("\t") else "" for line in lines if line.startswith("\t") or not line]
        if any(line.startswith("Reactions") for line in lines):
            refused["Reactions"] += 1
        return "\n".join(inside).strip("\n")
    kept: list[str] = []
    reactions = False
    for line in lines:
        if re.match(r"Reactions (?:\(whole comment\)|by quoted text):\s*$", line):
            refused["Reactions"] += 1
            reactions = True
        elif reactions and line.strip() and not re.match(r"\s*[*-]\s|\s+\S", line):
            reactions = False
        if not reactions:
            kept.append(line)
    return "\n".join(kept).strip("\n")


def _unescaped(text: str) -> str:
    return line_of(_ESCAPED.sub(r"\1", text))
