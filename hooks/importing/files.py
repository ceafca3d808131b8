"""The two files of a thread: the page, a form that waits for words, and the original, which readers never see."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from .threads import Thread
from .to_markdown import Written
from .values import digest_of

ORIGINALS = "originals"
DAYS = frozenset(("posted", "edited", "restated"))
"""The fields that YAML reads as days, and that therefore stand without quotes."""

_HEAD = re.compile(r"---\n(.*?\n)---\n\n?", re.DOTALL)
_NOTICE = (
    "# Written by `make import`. Git does not see this file, and no page shows it; the page of the thread is yours."
)


@dataclass(frozen=True)
class Original:
    """An original as it lies in its folder: what was known when it was written, and whether a hand has changed it."""

    path: str
    facts: Mapping[str, Any]
    touched: bool


def value(name: str, fact: Any) -> str:
    """*fact* as it stands behind the name of its field. A JSON string is YAML as well, whatever is in it."""
    if isinstance(fact, bool):
        return "true" if fact else "false"
    return str(fact) if name in DAYS else json.dumps(fact, ensure_ascii=False)


def plain(found: Any) -> Any:
    """What YAML read, as facts are kept."""
    return found.isoformat() if isinstance(found, datetime.date) else found


def page_text(thread: Thread, title: str, speaker: str, source: str, facts: Mapping[str, Any], today: str) -> str:
    """The page of a new thread: all that is known in its front matter, and a hint wherever words are wanted."""
    named = "parent-post" in facts or "parent-post-address" in facts
    fields = {
        "title": json.dumps(title, ensure_ascii=False),
        "description": '"TODO: one sentence that makes one want to read on"',
        "kind": "shortform" if thread.shortform else "comment",
        "speaker": json.dumps(speaker, ensure_ascii=False),
        "answers": "null",
        "parent": "certain" if named else "unknown",
        "source": source,
        "restated": today,
        "themes": '["TODO: one or two themes, like reward design"]',
        **{name: value(name, fact) for name, fact in facts.items() if fact is not False},
    }
    head = "\n".join(f"{name}: {written}" for name, written in fields.items())
    return f"""---
{head}
---

## What the comment says

TODO: say in other words than its own, and in the third person, what the comment says, so that its author would nod.

## What to make of it

TODO: argue with it: what it sees, what it leaves out, which works and which threads bear on it.
"""


def original_text(
    thread: Thread, page: str, facts: Mapping[str, Any], written: Sequence[Written], linked: Callable[[str], str]
) -> str:
    """The original of a thread, with the replies below it under headings of their own.

    *page* is the path of its page. *linked* puts the addresses of links in their places.
    """
    parts = [linked(written[0].markdown)]
    for reply, text in zip(thread.replies, written[1:], strict=True):
        parts += [f"## A reply{f' of {reply.posted[:10]}' if reply.posted else ''} ({reply.id})", linked(text.markdown)]
    body = "\n\n".join(parts) + "\n"
    fields = {"thread": page, **facts, "posted-at": thread.first.posted, "text": digest_of([body])}
    head = "\n".join(f"{name}: {value(name, fact)}" for name, fact in fields.items() if fact != "")
    return f"---\n{_NOTICE}\n{head}\n---\n\n{body}"


def read_original(path: str, text: str) -> Original | None:
    """An original that was written earlier; None for a file that is something else."""
    head = _HEAD.match(text)
    if not head:
        return None
    try:
        facts = yaml.load(head[1], Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError):
        return None
    if not isinstance(facts, dict) or not isinstance(facts.get("id"), str):
        return None
    facts = {name: plain(found) for name, found in facts.items()}
    return Original(path, facts, touched=facts.get("text") != digest_of([text[head.end() :]]))


def with_fields(text: str, changes: Mapping[str, Any]) -> str:
    """The page *text* in which the fields of *changes* have these values, and every other line is as it was.

    A field that was not there is put behind those that are. One that is written over several lines is left alone.
    """
    end = re.compile(r"^---[ \t]*$", re.MULTILINE).search(text, 4)
    if not text.startswith("---") or not end:
        return text
    head = text[: end.start()]
    for name, fact in changes.items():
        line = f"{name}: {value(name, fact)}\n"
        pattern = re.compile(rf"^{re.escape(name)}[ \t]*:[^\n]*\n(?![ \t])", re.MULTILINE)
        if found := pattern.search(head):
            head = head[: found.start()] + line + head[found.end() :]
        elif not re.search(rf"^{re.escape(name)}[ \t]*:", head, re.MULTILINE):
            head += line
    return head + text[end.start() :]
