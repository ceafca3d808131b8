"""A file to import, whatever its form, as comments."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from importing.documents import ALLOWED, Reader
from importing.profile import from_proposal, propose
from importing.receive import PROFILE, receive, text_in
from importing.values import Comment, Received


def read(content: bytes) -> Received:
    text = text_in("x.json", content)
    return text if isinstance(text, Received) else receive("x.json", text)


def test_a_file_is_read_by_what_is_in_it(case: Any, matches: Callable[..., bool]) -> None:
    content = bytes.fromhex(case["bytes"]) if "bytes" in case else case["text"].encode()
    received = read(content)
    assert matches(
        [f"{found.place.line}: {found.sentence} [{found.rule}]" for found in received.problems],
        case.get("problems", []),
    )
    assert [said(comment) for comment in received.comments] == case.get("comments", [])
    assert dict(received.skipped) == case.get("skipped", {})
    if "refused" in case:
        assert sorted(received.refused) == case["refused"]
    assert (received.speaker, received.site) == (case.get("speaker", ""), case.get("site", ""))


def said(comment: Comment) -> str:
    """All that is known of a comment, in a line."""
    post = comment.post
    under = (post.title or post.slug or post.id) if post else ""
    parts = [
        comment.id,
        f" by {comment.names[0]}" if comment.names else "",
        f" on {'the page ' if post and post.wiki else ''}{under}" if under else "",
        f", posted {comment.posted}" if comment.posted else "",
        f", edited {comment.edited}" if comment.edited else "",
        f", below {comment.parent}" if comment.parent else "",
        f", under {comment.top}" if comment.top else "",
        f", at {comment.address}" if comment.address else "",
        ", retracted" if comment.retracted else "",
        ", shortform" if comment.shortform else "",
        ", deleted" if comment.deleted else "",
        f": {comment.body.form} {comment.body.text}" if comment.body else "",
    ]
    return "".join(parts)


def test_of_a_document_only_what_is_listed_is_ever_taken() -> None:
    reader = Reader()
    document = {"_id": "k1", "userIP": "192.0.2.7", "contents": {"html": "x", "userIP": "192.0.2.7"}, "baseScore": 3}
    assert reader.take("Comments", document).keys() == {"_id", "contents"}
    assert reader.take("contents", document["contents"]) == {"html": "x"}
    assert reader.refused == {"userIP": 2, "baseScore": 1}


@pytest.mark.parametrize("kind", ALLOWED)
def test_what_is_listed_names_nothing_that_is_private(kind: str) -> None:
    private = (
        r"(?i)ip$|agent|refer+er|mail|vote|score|karma|message|moderat|reason|review|password|service|notif|by.?user"
    )
    assert [name for name in ALLOWED[kind] if re.search(private, name) and name != "agentMarkdown"] == []


PROFILE_TEXT = """\
Studies rain. Likes umbrellas.
Ann Author
I agree that rain is wet, though it need not be.
Also it falls, which is another matter.
Clouds are a choice that nobody made.
Edit: somebody did.
The reasons are two:
1) water
Ann Author’s Shortform
# Sun is not a heading.
"""


def test_the_text_of_a_profile_becomes_a_proposal_that_marks_its_doubts() -> None:
    assert read(PROFILE_TEXT.encode()).form == PROFILE
    proposed = propose(PROFILE_TEXT)
    lines = [line for line in proposed.text.split("\n") if line.startswith(("## ", "TODO:", "speaker:"))]
    kinds = [line.split(" ")[1] if line.startswith("##") else line.split(" ")[0] for line in lines]
    assert kinds == [
        "speaker:",
        "TODO:",
        "comment",
        "TODO:",
        "comment",
        "TODO:",
        "comment",
        "TODO:",
        "shortform",
        "TODO:",
    ]
    assert (proposed.comments, proposed.doubts) == (4, 5)
    assert propose(PROFILE_TEXT) == proposed


def test_a_proposal_whose_doubts_are_gone_gives_the_comments_that_it_proposed() -> None:
    text = propose(PROFILE_TEXT).text
    assert len(from_proposal("p.md", text).problems) == 5
    decided = "\n".join(line for line in text.split("\n") if not line.startswith("TODO:"))
    received = from_proposal("p.md", decided)
    assert [comment.body.text.split("\n\n") for comment in received.comments if comment.body] == [
        ["I agree that rain is wet, though it need not be.", "Also it falls, which is another matter."],
        ["Clouds are a choice that nobody made.", "Edit: somebody did."],
        ["The reasons are two:", "1) water"],
        ["# Sun is not a heading."],
    ]
    assert [comment.shortform for comment in received.comments] == [False, False, False, True]


def test_the_id_of_a_proposed_comment_stays_when_its_text_is_corrected() -> None:
    text = "\n".join(line for line in propose(PROFILE_TEXT).text.split("\n") if not line.startswith("TODO:"))
    before = [comment.id for comment in from_proposal("p.md", text).comments]
    after = [comment.id for comment in from_proposal("p.md", text.replace("rain is wet", "rain is cold")).comments]
    assert before == after
    assert len(set(before)) == 4


def test_a_profile_that_names_nobody_is_asked_whose_it_is() -> None:
    assert propose("It rains, and it pours.\n").text.count("\nTODO: whose") == 1
