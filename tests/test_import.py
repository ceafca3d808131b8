"""An import from a file to the pages: what is written, what is not, and what a second run does."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from tests.conftest import FRAME, ROOT

import import_comments
from importing.values import digest_of
from sitegraph.front_matter import read_front_matter
from sitegraph.model import Site

if TYPE_CHECKING:
    from tests.conftest import Files

ANN = {"_id": "u1", "slug": "ann", "displayName": "Ann Author"}
RAIN = {"_id": "p1", "slug": "rain", "title": "Rain"}
SHORTFORM = {"_id": "p9", "slug": "ann-s-shortform", "title": "Ann's Shortform", "shortform": True}


def a_comment(name: str, html: str | None = "<p>It rains.</p>", **more: Any) -> dict[str, Any]:
    """A comment as the API gives it."""
    known = {"_id": name, "postedAt": "2025-11-03T23:30:00.000Z", "user": ANN, "post": RAIN, "retracted": False}
    return {**known, "contents": html and {"html": html}, **more}


def an_answer(*comments: Mapping[str, Any]) -> str:
    return json.dumps({"data": {"comments": {"results": comments}}})


@dataclass(frozen=True)
class Ran:
    """How an import ended, and what it said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Project:
    """A repository to import into."""

    root: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, export: str | bytes, *arguments: str, name: str = "export.json", today: str = "2026-11-26") -> Ran:
        """Import a file of this content."""
        file = self.root.parent / name
        file.write_bytes(export.encode() if isinstance(export, str) else export)
        code = import_comments.main([str(file), "--root", str(self.root), "--today", today, *arguments])
        said = self.capsys.readouterr()
        return Ran(code, said.out, said.err)

    def files(self) -> dict[str, str]:
        """Every file that an import wrote, by path."""
        paths = [*(self.root / "docs/threads").glob("*.md"), *self.root.glob("originals/*")]
        texts = {path.relative_to(self.root).as_posix(): path.read_text(encoding="utf-8") for path in paths}
        return {path: text for path, text in texts.items() if path != "docs/threads/index.md"}

    def pages(self) -> dict[str, str]:
        return {path: text for path, text in self.files().items() if path.startswith("docs/")}

    def edit(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Project:
    root = tmp_path / "project"
    for path, text in FRAME.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return Project(root, capsys)


def head_of(text: str) -> dict[str, Any]:
    found = yaml.safe_load(text.split("---\n")[1])
    assert isinstance(found, dict)
    return found


def body_of(original: str) -> str:
    return original.split("\n---\n", 1)[1].strip()


# What is written


def test_a_page_holds_what_is_known_and_a_hint_for_all_else(project: Project) -> None:
    ran = project.run(
        an_answer(
            a_comment("k1", lastEditedAt="2025-11-05T10:00:00.000Z", retracted=True, parentCommentId="zz"),
        ),
        "--site",
        "https://forum.example",
    )
    assert ran.code == 0
    text = project.pages()["docs/threads/rain.md"]
    head = head_of(text)
    assert len(head.pop("original")) == 16
    assert {name: str(value) for name, value in head.items()} == {
        "title": "On “Rain”",
        "description": "TODO: one sentence that makes one want to read on",
        "kind": "comment",
        "speaker": "Ann Author",
        "answers": "None",
        "parent": "certain",
        "source": "C01",
        "restated": "2026-11-26",
        "themes": "['TODO: one or two themes, like reward design']",
        "id": "k1",
        "address": "https://forum.example/posts/p1/rain?commentId=k1",
        "posted": "2025-11-03",
        "edited": "2025-11-05",
        "retracted": "True",
        "parent-post": "Rain",
        "parent-post-address": "https://forum.example/posts/p1/rain",
        "parent-comment": "https://forum.example/posts/p1/rain?commentId=zz",
    }
    assert [line.split(":")[0] for line in text.split("\n") if line.startswith(("## ", "TODO"))] == [
        "## What the comment says",
        "TODO",
        "## What to make of it",
        "TODO",
    ]
    assert body_of(project.files()["originals/k1.md"]) == "It rains."


def test_new_pages_build_without_any_warning_but_that_hints_wait(
    project: Project, assemble_site: Callable[[Files], Site]
) -> None:
    hostile = '"}: --- {{ x }} <script>alert(1)</script> [[rain]] [@x] \u202e *b*\n---\ntitle: no'
    comments = [
        a_comment("k1", post={**RAIN, "title": hostile}),
        a_comment("k2", "<p>yes: no</p>", post=SHORTFORM),
        a_comment("k3", "<p>TODO: nothing</p>", post=SHORTFORM),
        a_comment("k4", "<p>שלום עולם</p>", post=SHORTFORM),
        a_comment("k5", "<p>💡</p>", post=SHORTFORM),
        a_comment("k6", "<p>- - -</p>", post=None, tag={"slug": "rain", "name": "Rain: a page"}),
        a_comment("k7", post=None),
        a_comment("k8", post=SHORTFORM, parentCommentId="zz"),
        a_comment("1e5"),
        a_comment("true", title="12: 30"),
        a_comment("k11", pageUrl="https://forum.example/it's?commentId=k11 '\"<b>", post={**RAIN, "slug": "a'\"\n b"}),
        a_comment("k12", pageUrl="javascript:alert(1)"),
        a_comment("k13", pageUrl="mailto:ann@example.org"),
        a_comment("k14", pageUrl="https://ann:secret@forum.example/"),
    ]
    assert project.run(an_answer(*comments)).code == 0
    assert len(project.pages()) == len(comments)
    site = assemble_site({**FRAME, **project.pages()})
    assert [found for found in site.problems if found.rule != "hint-filled"] == []


@pytest.mark.build
def test_the_page_tells_where_and_when_the_comment_was_posted(
    project: Project, build_site: Callable[..., Path], read_page: Callable[[Path], Any]
) -> None:
    project.run(an_answer(a_comment("k1", retracted=True)))
    site = build_site(project.pages()) / "site"
    page = read_page(site / "threads/rain")
    head = next(element for element in page.iter("dl") if element.get("class") == "letter-head")
    words = " ".join(" ".join(head.itertext()).split())
    assert "Answering Rain" in words
    assert "Posted 3 November 2025 ; retracted by its author" in words
    assert "not known" not in words
    assert [link.get("href") for link in head.iter("a")] == [
        "https://www.lesswrong.com/posts/p1/rain",
        "https://www.lesswrong.com/posts/p1/rain?commentId=k1",
    ]


def test_days_are_those_of_utc(project: Project) -> None:
    project.run(an_answer(a_comment("k1", postedAt="2025-11-04T00:30:00+02:00")))
    assert head_of(project.pages()["docs/threads/rain.md"])["posted"].isoformat() == "2025-11-03"


def test_titles_and_files_that_would_be_the_same_are_numbered(project: Project) -> None:
    (project.root / "docs/essays/rain.md").write_text("---\ntitle: On “Rain” (2)\n---\n\nText.\n", encoding="utf-8")
    project.run(an_answer(*(a_comment(f"k{number}") for number in range(3))))
    assert {path: head_of(text)["title"] for path, text in project.pages().items()} == {
        "docs/threads/rain-2.md": "On “Rain”",
        "docs/threads/rain-3.md": "On “Rain” (3)",
        "docs/threads/rain-4.md": "On “Rain” (4)",
    }


def test_ids_that_differ_by_capitals_have_files_of_their_own(project: Project) -> None:
    project.run(an_answer(a_comment("kA"), a_comment("ka")))
    names = [path for path in project.files() if path.startswith("originals/")]
    assert len({name.lower() for name in names}) == 2


def test_no_more_than_seven_words_of_a_comment_stand_on_its_page(project: Project) -> None:
    project.run(an_answer(a_comment("k1", "<p>One two three four five six seven eight nine.</p>", post=SHORTFORM)))
    ((path, text),) = project.pages().items()
    assert (path, head_of(text)["title"]) == (
        "docs/threads/one-two-three-four-five-six-seven.md",
        "One two three four five six seven…",
    )
    assert "eight" not in text


def test_numbers_in_the_list_of_sources_go_on_with_the_newest_comment_first(project: Project) -> None:
    project.run(
        an_answer(a_comment("k1", postedAt="2024-01-01T00:00:00Z"), a_comment("k2", postedAt="2025-01-01T00:00:00Z"))
    )
    project.run(an_answer(a_comment("k3", postedAt="2026-01-01T00:00:00Z")))
    sources = {head_of(text)["id"]: head_of(text)["source"] for text in project.pages().values()}
    assert sources == {"k2": "C01", "k1": "C02", "k3": "C03"}


# Whose words


PRIVATE = {
    "userIP": "192.0.2.77",
    "userAgent": "Netscape Navigator 4",
    "referrer": "https://search.example/?q=secret-query",
    "email": "ann.secret@example.org",
    "emails": [{"address": "ann.second@example.org", "verified": True}],
    "services": {"password": {"bcrypt": "$2b$10$secretsecret"}},
    "currentUserVote": "smallUpvoteSecret",
    "currentUserExtendedVote": {"agreement": "bigDownvoteSecret"},
    "allVotes": [{"voteType": "bigUpvoteSecret"}],
    "extendedScore": {"reacts": {"insightfulSecret": [{"displayName": "Reacting Person"}]}},
    "baseScore": 98765431,
    "voteCount": 98765432,
    "deletedReason": "a reason of moderators",
    "deletedByUserId": "moderatorId123",
    "rejectedReason": "a reason for rejecting",
    "modGPTAnalysis": "what a model thought of it",
    "moderatorActions": [{"type": "rateLimitSecret"}],
    "sunshineNotes": "notes of the sunshine regiment",
    "reviewedByUserId": "reviewerId123",
    "needsReview": "needs review, they say",
    "abTestKey": "abTestSecret",
    "suggestForAlignmentUserIds": ["suggesterId123"],
    "latestChildren": [{"contents": {"html": "<p>words of somebody below</p>"}}],
    "parentComment": {"contents": {"html": "<p>words of somebody above</p>"}},
    "topLevelComment": {"contents": {"html": "<p>words of somebody on top</p>"}},
    "pingbacks": {"Posts": ["pingbackId123"]},
}


def leaves(value: Any) -> list[str]:
    """Every value in a document that is text or a number."""
    if isinstance(value, Mapping):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    return [leaf for inner in value for leaf in leaves(inner)] if isinstance(value, list) else [str(value)]


def words_of(leaf: str) -> str:
    return leaf.removeprefix("<p>").removesuffix("</p>")


def private_exports() -> dict[str, str]:
    comment = {**a_comment("k1"), **PRIVATE, "user": {**ANN, **PRIVATE}, "post": {**RAIN, **PRIVATE}}
    comment["contents"] = {"html": "<p>It rains.</p>", **PRIVATE}
    dump = {
        "Users": [{**ANN, **PRIVATE}],
        "Posts": [{**RAIN, **PRIVATE}],
        "Comments": [{**a_comment("k1"), **PRIVATE, "userId": "u1"}],
        **{name: [PRIVATE] for name in ("Votes", "Messages", "Notifications", "ModeratorActions", "LWEvents")},
        "Revisions": [{"_id": "r1", "documentId": "m1", "collectionName": "Messages", **PRIVATE}],
    }
    return {"answer": an_answer(comment), "dump": json.dumps(dump)}


@pytest.mark.parametrize("form", ["answer", "dump"])
def test_nothing_private_is_written_or_said(form: str, project: Project) -> None:
    ran = project.run(private_exports()[form])
    assert ran.code == 0
    assert len(project.files()) == 2
    everything = "\n".join([ran.out, ran.err, *project.files(), *project.files().values()])
    secrets = [words_of(leaf) for leaf in leaves(PRIVATE) if len(leaf) > 4]
    assert len(secrets) > 25
    assert [secret for secret in secrets if secret in everything] == []
    assert "userIP (" in ran.out  # what is left out is named


def test_the_words_of_others_are_left_out_but_for_what_the_author_quotes(project: Project) -> None:
    bob = {"_id": "u2", "slug": "bob", "displayName": "Bob"}
    ran = project.run(
        an_answer(
            a_comment("k1", "<blockquote><p>Rain is dry.</p></blockquote><p>No.</p>", parentCommentId="k2"),
            a_comment("k2", "<p>Rain is dry. I have said more.</p>", user=bob),
            a_comment("k3", "<p>Somebody else wrote this.</p>", user=None),
        ),
        "--author",
        "ann",
    )
    assert "1 of Ann Author" in ran.out
    everything = "\n".join([ran.out, *project.files(), *project.files().values()])
    assert body_of(project.files()["originals/k1.md"]) == "> Rain is dry.\n\nNo."
    assert [words for words in ("said more", "Somebody else", "Bob", "bob") if words in everything] == []


def test_comments_of_several_people_are_not_imported_before_it_is_said_whose(project: Project) -> None:
    export = an_answer(a_comment("k1"), a_comment("k2", user={"_id": "u2", "slug": "bob", "displayName": "Bob"}))
    several = "these are comments of several (Ann Author, Bob); say whose to import: AUTHOR=name"
    assert project.run(export).err == f"export.json:1: {several} [import-of-one]\n"
    assert "`Eve` is none of those" in project.run(export, "--author", "Eve").err
    assert project.files() == {}
    assert project.run(export, "--author", "bob").code == 0
    assert [head_of(text)["speaker"] for text in project.pages().values()] == ["Bob"]


def test_the_speaker_of_the_site_is_meant_where_the_file_holds_those_of_several(project: Project) -> None:
    project.run(an_answer(a_comment("k0")))
    ran = project.run(an_answer(a_comment("k1"), a_comment("k2", user={"displayName": "Bob"})))
    assert "2 comments, 1 of Ann Author" in ran.out


# What belongs together


def test_replies_of_the_author_below_a_comment_of_the_author_stand_with_it(project: Project) -> None:
    note = 'B.<sup class="footnote-ref"><a href="#fn-1">1</a></sup><ol class="footnotes"><li id="fn-1">N.</li></ol>'
    bob = {"_id": "u2", "slug": "bob", "displayName": "Bob"}
    project.run(
        an_answer(
            a_comment("k1", "<p>A.</p>"),
            a_comment("k2", "<p>Hm.</p>", user=bob, parentCommentId="k1"),
            a_comment("k3", note, parentCommentId="k2", postedAt="2025-11-04T10:00:00Z"),
            a_comment(
                "k4", "<p>C.</p>", parentCommentId="gone", topLevelCommentId="k1", postedAt="2025-11-05T10:00:00Z"
            ),
            a_comment("k5", "<p>D.</p>", parentCommentId="of-another", topLevelCommentId="of-another"),
            a_comment("k6", "<p>E.</p>", parentCommentId="k5", topLevelCommentId="of-another"),
        ),
        "--author",
        "Ann Author",
    )
    assert len(project.pages()) == 2
    assert body_of(project.files()["originals/k1.md"]) == (
        "A.\n\n## A reply of 2025-11-04 (k3)\n\nB.[^2-1]\n\n[^2-1]: N.\n\n## A reply of 2025-11-05 (k4)\n\nC."
    )
    assert body_of(project.files()["originals/k5.md"]) == "D.\n\n## A reply of 2025-11-03 (k6)\n\nE."


def test_each_shortform_post_in_the_container_is_a_page(project: Project) -> None:
    project.run(
        an_answer(
            a_comment("k1", "<p>Sun at last.</p>", post=SHORTFORM),
            a_comment("k2", "<p>Gone again.</p>", post=SHORTFORM),
            a_comment("k3", "<p>Indeed.</p>", post=SHORTFORM, parentCommentId="k2"),
            a_comment("k4", "<p>So it is.</p>", post=SHORTFORM, parentCommentId="of-another"),
        )
    )
    kinds = {path: (head_of(text)["kind"], head_of(text)["parent"]) for path, text in project.pages().items()}
    assert kinds == {
        "docs/threads/sun-at-last.md": ("shortform", "unknown"),
        "docs/threads/gone-again.md": ("shortform", "unknown"),
        "docs/threads/anns-shortform.md": ("comment", "certain"),
    }


def test_a_chain_of_replies_may_be_long_and_may_bite_its_tail(project: Project) -> None:
    chain = [
        a_comment(f"k{number}", "<p>A.</p>", parentCommentId=f"k{number - 1}" if number else None)
        for number in range(1500)
    ]
    ring = [a_comment("a", parentCommentId="b"), a_comment("b", parentCommentId="a")]
    assert project.run(an_answer(*reversed(chain), *ring)).code == 0
    assert "docs/threads/rain.md" in project.pages()
    assert project.files()["originals/k0.md"].count("## A reply") == 1499


def test_links_between_comments_become_links_between_threads(project: Project) -> None:
    addresses = [
        "/posts/p1/rain?commentId=k2",
        "https://www.lesswrong.com/posts/p1/rain#k2",
        "https://www.greaterwrong.com/posts/p1/rain/comment/k2",
        "https://ea.greaterwrong.com/posts/p1/rain#comment-k2",
        "https://www.alignmentforum.org/posts/p1/rain?commentId=k2&x=1#k2",
        "https://www.lesswrong.com/api/post/rain/comments/k2",
        "#k2",
        "http://lesswrong.com/lw/abc/rain/7xq",
        "/r/discussion/lw/abc/rain/7xq/",
        "https://elsewhere.example/posts/p1/rain?commentId=k2",
        "/posts/p1/rain?commentId=k9",
        "/lw/abc/rain/zzz",
        "/posts/p1/rain",
    ]
    html = "".join(f'<p><a href="{address}">x</a></p>' for address in addresses)
    project.run(an_answer(a_comment("k1", html), a_comment("k2", post=SHORTFORM, legacyId="7xq")))
    thread = "../docs/threads/it-rains.md"
    forum = "https://www.lesswrong.com"
    assert [line[4:-1] for line in body_of(project.files()["originals/k1.md"]).split("\n\n")] == [
        *[thread] * 9,
        addresses[9],
        f"{forum}/posts/p1/rain?commentId=k9",
        f"{forum}/lw/abc/rain/zzz",
        f"{forum}/posts/p1/rain",
    ]
    assert (project.root / "originals" / thread).resolve().is_file()


# Again


def every_form() -> dict[str, str]:
    cases = {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in (ROOT / "tests/cases/import_forms").glob("*.yml")
    }
    return {name: case["text"] for name, case in cases.items() if "text" in case and not case.get("problems")}


@pytest.mark.parametrize("name", sorted(every_form()))
def test_the_same_file_again_changes_nothing(name: str, project: Project) -> None:
    assert project.run(every_form()[name], "--author", "Ann Author").code == 0
    before = project.files()
    assert before
    times = {path: (project.root / path).stat().st_mtime_ns for path in before}
    again = project.run(every_form()[name], "--author", "Ann Author", today="2027-01-01")
    assert "0 files written" in again.out
    assert project.files() == before
    assert {path: (project.root / path).stat().st_mtime_ns for path in before} == times


def test_a_change_at_the_source_changes_its_own_lines_and_no_other(project: Project) -> None:
    project.run(an_answer(a_comment("k1"), a_comment("k2", post={**RAIN, "_id": "p2", "title": "Sun"})))
    page = "docs/threads/rain.md"
    project.edit(page, "TODO: say in other words", "It says that it rains, and")
    project.edit(page, 'title: "On “Rain”"', "title: Rain, seen   from within # mine")
    before = project.files()
    ran = project.run(
        an_answer(
            a_comment("k1", "<p>It pours.</p>", lastEditedAt="2025-12-01T10:00:00Z", retracted=True),
            a_comment("k2", post={**RAIN, "_id": "p2", "title": "Sun"}),
        )
    )
    after = project.files()
    assert {path for path in after if after[path] != before[path]} == {page, "originals/k1.md"}
    old, new = before[page].split("\n"), after[page].split("\n")
    assert [line for line in old if line not in new] == [line for line in old if line.startswith("original: ")]
    added = [line for line in new if line not in old]
    assert [line.split(":")[0] for line in added] == ["original", "edited", "retracted"]
    assert body_of(after["originals/k1.md"]) == "It pours."
    assert f"{page}: the comment was changed at the source on 2025-12-01; is the restatement still right?" in ran.out
    assert f"{page}: the comment was retracted by its author" in ran.out


def test_a_line_that_a_hand_has_changed_is_left_and_told_where_the_source_changed_it_too(project: Project) -> None:
    project.run(an_answer(a_comment("k1")))
    page = "docs/threads/rain.md"
    project.edit(page, "posted: 2025-11-03", "posted: 2025-11-02")
    before = project.files()
    same = project.run(an_answer(a_comment("k1")))
    assert "0 files written" in same.out
    assert "which is left" not in same.out
    ran = project.run(an_answer(a_comment("k1", postedAt="2025-11-09T10:00:00Z")))
    assert f"{page}: `posted` is now 2025-11-09 at the source; you wrote 2025-11-02, which is left" in ran.out
    assert project.files()[page] == before[page]


def test_a_renamed_page_stays_where_it_is(project: Project) -> None:
    project.run(an_answer(a_comment("k1")))
    (project.root / "docs/threads/rain.md").rename(project.root / "docs/threads/wet.md")
    project.run(an_answer(a_comment("k1", "<p>It pours.</p>")))
    assert list(project.pages()) == ["docs/threads/wet.md"]
    assert head_of(project.files()["originals/k1.md"])["thread"] == "docs/threads/wet.md"


def test_a_page_that_was_removed_is_not_made_again(project: Project) -> None:
    project.run(an_answer(a_comment("k1")))
    (project.root / "docs/threads/rain.md").unlink()
    ran = project.run(an_answer(a_comment("k1")))
    assert project.pages() == {}
    assert "originals/k1.md: its thread was removed, and is not made again; delete this file to import it" in ran.out


def test_an_original_that_a_hand_has_changed_is_left(project: Project) -> None:
    project.run(an_answer(a_comment("k1")))
    project.edit("originals/k1.md", "It rains.", "It rains here.")
    ran = project.run(an_answer(a_comment("k1", "<p>It pours.</p>")))
    assert body_of(project.files()["originals/k1.md"]) == "It rains here."
    assert "originals/k1.md: this was changed by hand, and is left as it is" in ran.out


def test_without_the_originals_pages_are_told_apart_by_their_digest(project: Project) -> None:
    project.run(an_answer(a_comment("k1")))
    project.edit("docs/threads/rain.md", "posted: 2025-11-03", "posted: 2025-11-02")
    before = project.files()
    for path in (project.root / "originals").iterdir():
        path.unlink()
    project.run(an_answer(a_comment("k1")))
    assert project.files() == before
    (project.root / "originals/k1.md").unlink()
    ran = project.run(an_answer(a_comment("k1", "<p>It pours.</p>")))
    assert "is the restatement still right?" in ran.out
    assert "posted: 2025-11-02" in project.pages()["docs/threads/rain.md"]


def test_a_page_written_by_hand_is_filled_in_once_it_has_the_id_of_its_comment(project: Project) -> None:
    page = "docs/threads/wet.md"
    mine = (
        "---\ntitle: Wet\ndescription: A thread.\nkind: comment\nspeaker: Ann Author\nanswers: null\nparent: certain\n"
        'source: C07\nrestated: 2026-11-01\nthemes: [rain]\nparent-post: Mine\nid: "k1"\n---\n\nText.\n'
    )
    (project.root / page).write_text(mine, encoding="utf-8")
    project.run(an_answer(a_comment("k1")))
    text = project.pages()[page]
    assert [line for line in mine.split("\n") if line not in text.split("\n")] == []
    assert (head_of(text)["parent-post"], str(head_of(text)["posted"])) == ("Mine", "2025-11-03")
    assert list(project.pages()) == [page]


def test_deletion_at_the_source_is_told_and_removes_nothing(project: Project) -> None:
    project.run(an_answer(a_comment("k1")))
    before = project.files()
    ran = project.run(an_answer(a_comment("k1", None, user=None, deleted=True)))
    assert "docs/threads/rain.md: the comment was deleted at the source; the page is left as it is" in ran.out
    assert project.files() == before


def test_a_comment_that_was_deleted_before_makes_no_page_but_its_replies_do(project: Project) -> None:
    project.run(an_answer(a_comment("k1", None), a_comment("k2", "<p>Still here.</p>", parentCommentId="k1")))
    assert [head_of(text)["id"] for text in project.pages().values()] == ["k2"]


def test_what_is_missing_from_a_whole_dump_is_told(project: Project) -> None:
    project.run(an_answer(a_comment("k1"), a_comment("k2")))
    assert "no longer" not in project.run(an_answer(a_comment("k2"))).out
    ran = project.run(json.dumps({"Comments": [a_comment("k2")]}))
    assert ": the comment is no longer in the export; the page is left as it is" in ran.out


# What can go wrong


@pytest.mark.parametrize(
    "content",
    [an_answer(a_comment("k2"))[:-40], b"\xff\xfe{}", an_answer(a_comment("k2")).encode()[:-9] + b'\xe9"}', "", "[]"],
)
def test_a_file_that_is_not_whole_changes_nothing(content: str | bytes, project: Project) -> None:
    project.run(an_answer(a_comment("k1")))
    before = project.files()
    ran = project.run(content)
    assert ran.code == 1
    assert ran.out == ""
    assert ran.err.startswith("export.json:1: ")
    assert ran.err.count("\n") == 1
    assert project.files() == before


@pytest.mark.parametrize("fails_at", [1, 3, 7])
def test_a_write_that_fails_leaves_nothing_half_written(
    fails_at: int, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.run(an_answer(a_comment("k0")))
    before = project.files()
    write, written = Path.write_text, []

    def failing(path: Path, *arguments: Any, **more: Any) -> int:
        written.append(path)
        if len(written) == fails_at:
            raise OSError(28, "No space left on device")
        return write(path, *arguments, **more)

    export = project.root.parent / "export.json"
    export.write_text(an_answer(*(a_comment(f"k{number}") for number in range(1, 5))), encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", failing)
        code = import_comments.main([str(export), "--root", str(project.root)])
    assert code == 1
    assert project.capsys.readouterr().err.endswith("nothing was written: No space left on device\n")
    assert project.files() == before
    assert list((project.root / ".cache").iterdir()) == []


def test_a_file_that_is_not_there_is_told(project: Project) -> None:
    assert import_comments.main(["nowhere.json", "--root", str(project.root)]) == 1
    assert project.capsys.readouterr().err == "nowhere.json: No such file or directory\n"


def test_a_dry_run_says_what_it_would_do_and_does_nothing(project: Project) -> None:
    ran = project.run(an_answer(a_comment("k1")), "--dry-run")
    assert "1 would be new" in ran.out
    assert "docs/threads/rain.md" in ran.out
    assert project.files() == {}
    assert not (project.root / ".cache").exists()


def test_only_what_is_asked_for_is_imported(project: Project) -> None:
    export = an_answer(a_comment("k1"), a_comment("k2"), a_comment("k3", post=SHORTFORM))
    project.run(export, "--only", "k1, it-rains")
    assert {head_of(text)["id"] for text in project.pages().values()} == {"k1", "k3"}
    assert project.run(export, "--only", "k7").err == "none of these is in export.json: k7\n"


def test_a_profile_is_proposed_corrected_and_imported(project: Project) -> None:
    ran = project.run("Ann Author\nRain is a choice.\nSo is sun.\n", name="profile.txt")
    name = "originals/profile-proposal.md"
    assert f"{name}: 1 comments are proposed, with 1 doubts" in ran.out
    assert project.run("Ann Author\nRain is a choice.\nSo is sun.\n", name="profile.txt").code == 0
    text = project.files()[name]
    corrected = "\n".join(line for line in text.split("\n") if not line.startswith("TODO:")).replace("sun", "snow")
    (project.root / name).write_text(corrected, encoding="utf-8")
    assert project.run("Ann Author\nRain is a choice.\n", name="profile.txt").code == 1
    assert project.files()[name] == corrected
    assert project.run(corrected, name="profile-proposal.md").code == 0
    ((path, page),) = project.pages().items()
    assert (path, head_of(page)["parent"]) == ("docs/threads/rain-is-a-choice-so-is-snow.md", "unknown")


def test_the_digest_of_a_comment_is_what_it_was() -> None:
    assert digest_of(["k1", "It rains. שלום"]) == "15cbb19c39c2568d"


def test_git_does_not_see_the_originals() -> None:
    assert "/originals/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split("\n")


def test_four_times_as_many_comments_take_about_four_times_as_long(project: Project) -> None:
    def seconds(many: int) -> float:
        comments = [a_comment(f"k{many}x{number}", parentCommentId=None) for number in range(many)]
        begun = time.process_time()
        assert project.run(an_answer(*comments), "--dry-run").code == 0
        return time.process_time() - begun

    seconds(10)  # what is loaded once
    few = seconds(250)
    assert (
        seconds(1000) < 10 * few
    )  # all have one title; numbering them anew each time would take sixteen times as long


def test_what_is_written_is_read_back_as_it_was(project: Project) -> None:
    project.run(an_answer(a_comment("k1", post={**RAIN, "title": "A: \"b\" 'c' \\ # d\u0085\u2028e"})))
    text = project.pages()
    ((path, page),) = text.items()
    read = read_front_matter(path, "", page)
    assert [found for found in read.problems if found.rule != "hint-filled"] == []
    assert read.page.thread
    assert read.page.thread.origin.post == "A: \"b\" 'c' \\ # d e"
