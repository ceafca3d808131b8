"""The text of a profile, copied as it stands: no addresses, no days, and no boundaries but its lines.

Where one comment ends and the next begins can only be guessed. So this writes a proposal, a Markdown file with a
heading for each piece and a doubt wherever the guess could be wrong; a person corrects it, and imports that.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .addresses import is_id, on_the_web
from .documents import moment
from .values import Body, Comment, Post, Received, line_of, mistake

FIRST_LINE = "# Comments found in a profile"
DOUBT = "TODO:"

_SHORTFORM = re.compile(r"^(?P<name>\S.{0,80}?)[’']s (?:Shortform|Quick takes)$", re.IGNORECASE)
_NAME = re.compile(r"^[^\W\d_][\w.’'-]*(?: [^\W\d_][\w.’'-]*){1,3}$")
_BEGINS = re.compile(
    r"(?:thanks|thank you|i (?:dis)?agree|agreed|great|nice|oh\b|ah\b|very true|disclaimer|congrat|happy|welcome)",
    re.IGNORECASE,
)
_SURELY_GOES_ON = re.compile(r"(?:edit(?:ed)?\b|\(?\d{1,2}[).] |[-*•] |p\.?s\.?\b)", re.IGNORECASE)
_GOES_ON = re.compile(
    r"(?:also|and|but|so|however|of course|for example|for instance|that said|in that case|as for|as far as|then|still"
    r"|moreover|besides|on the other hand|secondly|finally|in short|therefore|either way|regarding)\b",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^## (?P<form>comment|shortform)(?: (?P<id>[A-Za-z0-9_-]+))?\s*$")
_KNOWN = re.compile(r"^(?P<field>id|posted|address|post|post-address): (?P<value>.*)$")

_HOW = """\
Each heading below begins a comment, as far as that can be guessed.
Delete a heading to join what it parts; write `## comment` to part what is joined; delete what is no comment of yours.
Put `> ` before what you quote of other people.
Below a heading you may say what you know: `posted: 2025-01-31`, `address: https://…`, `post: title`,
`post-address: https://…`.
When a doubt is settled, delete the line that tells it; when none is left, import this file.
"""


@dataclass(frozen=True)
class Proposal:
    """What is proposed, and how much of it is in doubt."""

    text: str
    comments: int
    doubts: int


def propose(text: str) -> Proposal:
    """The proposal for *text*."""
    lines = [line.strip() for line in text.split("\n")]
    speaker, head = _speaker(lines)
    parts = [FIRST_LINE, "", _HOW]
    parts.append(f"speaker: {speaker}" if speaker else f"{DOUBT} whose comments are these? Write `speaker: their name`")
    comments, doubts = 0, 0 if speaker else 1
    for line in head:
        parts += ["", f"{DOUBT} this was taken for the head of the profile and left out: {line}"]
        doubts += 1
    form, before, begun = "comment", "", False
    seen: Counter[str] = Counter()
    for line in lines[_below_head(lines, speaker) :]:
        if not line:
            continue
        if _SHORTFORM.match(line):
            form, before, begun = "shortform", "", False
            continue
        new, doubt = _boundary(line, before, begun)
        if form == "shortform" and new:
            doubt = "is this a shortform post of yours, or a comment again? If so, write `## comment`"
        if new:
            seen[line] += 1
            parts += ["", f"## {form} {_name_of(line, seen[line])}"]
            comments += 1
        if doubt:
            parts += ["", f"{DOUBT} {doubt}"]
            doubts += 1
        parts += ["", _escaped(line)]
        before, begun = line, True
    return Proposal("\n".join(parts) + "\n", comments, doubts)


def _speaker(lines: list[str]) -> tuple[str, list[str]]:
    """Whose profile this is, '' where it does not say, and the lines that stand above the name."""
    said = {found["name"] for line in lines if (found := _SHORTFORM.match(line))}
    for number, line in enumerate(lines[:4]):
        if line in said or (not said and _NAME.match(line)):
            return line, [above for above in lines[:number] if above]
    return (said.pop(), []) if len(said) == 1 else ("", [])


def _below_head(lines: list[str], speaker: str) -> int:
    return lines.index(speaker) + 1 if speaker in lines[:4] else 0


def _boundary(line: str, before: str, begun: bool) -> tuple[bool, str]:
    """Whether *line* begins a comment, and what is doubtful about that."""
    if not begun:
        return True, ""
    if _SURELY_GOES_ON.match(line) or before.endswith(":"):
        return False, ""
    if _BEGINS.match(line):
        return True, ""
    if _GOES_ON.match(line):
        return False, "does this go on from the paragraph above, or does a new comment begin here?"
    return True, "does a new comment begin here, or does it go on from the one above? Are these words your own?"


def _name_of(line: str, often: int) -> str:
    """An id for a comment that has none: it stays the same while the text below it is corrected."""
    return "p" + hashlib.sha256(f"{often} {line}".encode()).hexdigest()[:12]


def _escaped(line: str) -> str:
    """*line* so that it is not taken for a heading, a doubt or a field of a proposal."""
    return f"\\{line}" if line.startswith(("#", DOUBT, "\\")) or _KNOWN.match(line) else line


def is_proposal(text: str) -> bool:
    """Whether *text* is a proposal that was written here."""
    return text.startswith(FIRST_LINE)


def from_proposal(path: str, text: str) -> Received:
    """The comments of a corrected proposal; each doubt that is left is a problem."""
    form = "a corrected proposal"
    lines = text.split("\n")
    doubts = [
        mistake("import-decided", path, number, f"this is still in doubt: {line.removeprefix(DOUBT).strip()}")
        for number, line in enumerate(lines, start=1)
        if line.startswith(DOUBT)
    ]
    if doubts:
        return Received(form, problems=tuple(doubts))
    speaker = next((line_of(line.partition(":")[2]) for line in lines if line.startswith("speaker:")), "")
    comments = [_comment(piece, speaker) for piece in _pieces(lines)]
    kept = {comment.id: comment for comment in comments if comment.body}
    skipped = {"without a text": sum(not comment.body for comment in comments)}
    skipped["here twice"] = sum(bool(comment.body) for comment in comments) - len(kept)
    return Received(form, tuple(kept.values()), {}, {why: many for why, many in skipped.items() if many}, speaker)


def _pieces(lines: list[str]) -> Iterator[tuple[re.Match[str], list[str]]]:
    heading: re.Match[str] | None = None
    inside: list[str] = []
    for line in lines:
        if found := _HEADING.match(line):
            if heading:
                yield heading, inside
            heading, inside = found, []
        elif heading:
            inside.append(line)
    if heading:
        yield heading, inside


def _comment(piece: tuple[re.Match[str], list[str]], speaker: str) -> Comment:
    heading, lines = piece
    known: dict[str, str] = {}
    while lines and (not lines[0].strip() or _KNOWN.match(lines[0])):
        if found := _KNOWN.match(lines[0]):
            known[found["field"]] = line_of(found["value"])
        lines = lines[1:]
    text = "\n".join(line[1:] if line.startswith("\\") else line for line in lines).strip()
    text = re.sub(r"\n{3,}", "\n\n", text)
    first = next((line for line in text.split("\n") if line.strip()), "")
    name = known.get("id", "") or heading["id"] or _name_of(first, 1)
    post_address = on_the_web(known.get("post-address", ""))
    post = Post(title=known.get("post", ""), address=post_address) if known.get("post") or post_address else None
    return Comment(
        id=name if is_id(name) else _name_of(first, 1),
        names=(speaker,) if speaker else (),
        posted=moment(known.get("posted", "")),
        body=Body("plain", text) if text else None,
        post=post,
        shortform=heading["form"] == "shortform",
        address=on_the_web(known.get("address", "")),
    )
