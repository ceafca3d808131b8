"""Make pages of threads from exported comments: what `make import FROM=file` runs, without any network."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from importing.files import ORIGINALS
from importing.folder import what_is_there, write_all
from importing.plan import Plan, There, Wanted, plan
from importing.profile import propose
from importing.receive import PROFILE, receive, text_in
from importing.values import Received, mistake
from importing.whose import own
from sitegraph.model import Problem

SITE = "https://www.lesswrong.com"
"""The forum whose addresses are written where the file does not tell."""

_LISTED = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Import a file; 0 when all is well, 1 when something is wrong, and then nothing was written."""
    asked = _asked(arguments)
    if not asked.file:
        return _fail("name the file to import: make import FROM=file")
    path = Path(asked.file)
    try:
        content = path.read_bytes()
    except OSError as error:
        return _fail(f"{asked.file}: {error.strerror or error}")
    text = text_in(path.name, content)
    received = text if isinstance(text, Received) else receive(path.name, text)
    if received.problems:
        return _fail(*received.problems)
    try:
        if received.form == PROFILE:
            assert isinstance(text, str)
            return _proposal(asked, path, text)
        return _import(asked, path, received)
    except OSError as error:
        return _fail(f"nothing was written: {error.strerror or error}")


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make import", description=__doc__)
    parser.add_argument(
        "file", help="an answer of the API, a dump, a page of comments in Markdown, or a profile's text"
    )
    parser.add_argument("--author", default="", help="whose comments to import, where the file holds those of several")
    parser.add_argument("--site", default="", help=f"the forum, where the file does not tell (else {SITE})")
    parser.add_argument("--only", default="", help="ids of comments or names of pages, with commas between them")
    parser.add_argument("--dry-run", action="store_true", help="say what would be written, and write nothing")
    parser.add_argument("--root", default=".", type=Path, help="the repository")
    parser.add_argument("--today", default=datetime.date.today().isoformat(), help="the day that new pages are dated")
    return parser.parse_args(arguments)


def _proposal(asked: argparse.Namespace, path: Path, text: str) -> int:
    proposed = propose(text)
    name = f"{ORIGINALS}/{path.stem}-proposal.md"
    target = asked.root / name
    if not proposed.comments:
        return _fail(mistake("import-readable", path.name, 1, "there is no comment in this text"))
    if target.exists():
        if target.read_text(encoding="utf-8") == proposed.text:
            print(f"{name}: this is proposed already; nothing was written")
            return 0
        return _fail(f"{name} is there, and may have been corrected; import that, or delete it to have a new proposal")
    if not asked.dry_run:
        write_all(asked.root, {name: proposed.text})
    would = "would be" if asked.dry_run else "are"
    print(f"{path.name}: {PROFILE}, which has no boundaries but its lines")
    print(f"{name}: {proposed.comments} comments {would} proposed, with {proposed.doubts} doubts")
    print(f"Correct it; when no doubt is left: make import FROM={name}")
    return 0


def _import(asked: argparse.Namespace, path: Path, received: Received) -> int:
    there = what_is_there(asked.root)
    speakers = {page.thread.speaker for page in there.pages if page.thread and page.thread.speaker}
    mine = own(path.name, received, asked.author, speakers)
    if isinstance(mine, Problem):
        return _fail(mine)
    site = asked.site.rstrip("/") or received.site or _site_of(received, there)
    if urlsplit(site or SITE).scheme not in ("http", "https"):
        return _fail(f"SITE should be an address like {SITE}, but is {site}")
    only = frozenset(filter(None, (name.strip() for name in asked.only.split(","))))
    made = plan(mine, there, Wanted(site or SITE, asked.today, only), received.whole, _progress)
    if only and not made.threads:
        return _fail(f"none of these is in {path.name}: {', '.join(sorted(only))}")
    if not asked.dry_run:
        write_all(asked.root, made.writes)
    _report(asked, path, received, made, sum(one.body is not None for one in mine.comments), mine.speaker, bool(site))
    return 0


def _site_of(received: Received, there: There) -> str:
    """The forum whose comments these are, by their addresses, or by those that they were given in an earlier import."""
    earlier = {page.thread.origin.id: page.thread.origin.address for page in there.pages if page.thread}
    for comment in received.comments:
        parts = urlsplit(comment.address or earlier.get(comment.id, ""))
        if parts.hostname:
            return f"{parts.scheme}://{parts.netloc}"
    return ""


def _progress(number: int, of: int) -> None:
    if of >= 1000 and (number % 1000 == 0 or number == of):
        print(f"… {number} of {of} threads read", file=sys.stderr, flush=True)


def _report(
    asked: argparse.Namespace, path: Path, received: Received, made: Plan, mine: int, speaker: str, told: bool
) -> None:
    print(f"{path.name}: {received.form}; {len(received.comments)} comments, {mine} of {speaker}")
    changed = sum(name not in made.new and not name.startswith(f"{ORIGINALS}/") for name in made.writes)
    would = "would be " if asked.dry_run else ""
    print(f"{made.threads} threads: {len(made.new)} {would}new, {changed} {would}changed, {made.same} as they were")
    print(f"{len(made.writes)} files {'would be ' if would else ''}written")
    for name in sorted(made.new)[:_LISTED]:
        print(f"  {name}")
    if len(made.new) > _LISTED:
        print(f"  and {len(made.new) - _LISTED} more")
    if received.refused:
        print(f"Not read, as they are nobody's business: {_counted(received.refused)}")
    if received.skipped:
        print(f"Left out: {_counted(received.skipped)}")
    if made.new and not told and any(one.post and (one.post.id or one.post.slug) for one in received.comments):
        print(f"The file names no forum, so addresses are those of {SITE}; SITE=https://… names another")
    for sentence in made.said:
        print(sentence)


def _counted(found: Mapping[str, int]) -> str:
    most = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"{''.join(filter(str.isprintable, name))[:40]} ({many})" for name, many in most)


def _fail(*problems: Problem | str) -> int:
    for problem in problems[:_LISTED]:
        print(problem, file=sys.stderr)
    if len(problems) > _LISTED:
        print(f"and {len(problems) - _LISTED} more", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
