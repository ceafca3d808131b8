"""What is kept, and what stays in memory, changes nothing: after every edit of a long series the site is the same.

One site is built anew each time, without anything kept; a second one with what is kept from the builds before; a third
is served all the while, and asked for every file. In the tests edits that have nothing to do with each other are made
four at once; `make verify-cache` makes every edit by itself, and shows it.
"""

from __future__ import annotations

import html
import itertools
import json
import logging
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import igraph  # noqa: F401
import pytest
import sklearn.cluster  # noqa: F401  (each of many builds would import it for itself)
from mkdocs.commands.build import build
from mkdocs.config import load_config
from tests.conftest import FRAME, NOTEBOOK_HEAD, ROOT, a_claim, a_figure, a_result, headed, notebook

Edit = Mapping[str, "str | Callable[[str], str] | None"]
"""What becomes of each file: a text, nothing, or what a function makes of the text that it has."""

NOTEBOOK = "notebooks/jets.ipynb"
CATCH, RACE, HILL, CALM, TIDE = (f"docs/threads/{name}.md" for name in ("catch", "race", "hill", "calm", "tide"))
ESSAY, OTHER = "docs/essays/running.md", "docs/essays/resting.md"
BIB, TEMPLATE, SETTINGS = "bib/works.bib", "hooks/templates/pieces/references.html", "mkdocs.yml"

THREAD = """\
---
title: {title}
description: A thread on {title}.
kind: comment
speaker: Roman Belaire
answers: {answers}
parent: {parent}
source: C{number:02}
restated: 2026-11-{number:02}
themes: [tests]
{more}---

## What the comment says

{says}

## What to make of it

{makes}
"""


def thread(number: int, title: str, says: str, makes: str, answers: str = "", more: str = "") -> str:
    parent = "likely" if answers else "unknown"
    return THREAD.format(
        number=number, title=title, says=says, makes=makes, answers=answers or "null", parent=parent, more=more
    )


CLAIMS = """\
claims:
  faster: {says: The jet is faster., tested-by: jets}
  louder: {says: The jet is louder., test-would-take: An ear.}
"""


def jets(gap: float = 0.24, verdict: str = "supported", words: str = "[0.24](#result-gap)", alt: str = "up") -> str:
    return notebook(
        NOTEBOOK_HEAD % "Do jets race?",
        f"## Question\n\nIs a jet fast? The gap is {words}.\n",
        (
            "# Race\nrace()\n",
            a_result("gap", gap, unit="s", lo=0.2, hi=0.3),
            a_claim("faster", verdict, "The jet is faster."),
            a_figure(alt),
        ),
        "## Limits of jets\n\nNo wind blows.\n",
    )


def work(key: str, title: str, name: str = "Camus, Albert") -> str:
    return f"@book{{{key}, author = {{{name}}}, title = {{{title}}}, publisher = {{Gallimard}}, year = {{1942}}}}\n"


WORKS = work("camus1942sisyphe", "The Myth of Sisyphus") + work("nagel1971absurd", "The Absurd", "Nagel, Thomas")

FILES: Mapping[str, str] = {
    **FRAME,
    "docs/topics.md": "---\ntitle: Topics\ntemplate: topics.html\n---\n\nTopics.\n",
    "docs/map.md": "---\ntitle: Map\ntemplate: map.html\n---\n\nMap.\n",
    ESSAY: "A runner runs [@camus1942sisyphe]. See [[race]] and [the claim](../threads/race.md#claim-faster).\n\n"
    "## Why run\n\nBecause the hill is there, says [Belaire](../threads/hill.md).\n",
    OTHER: "Rest is [what a runner wants](running.md#why-run). The sea is calm, and [[calm]] is calm.\n\n"
    "## Sleep\n\nZ.\n",
    RACE: thread(1, "The race", "A jet races a runner.", "See [[catch]]. It is a race of jets and legs.", more=CLAIMS),
    CATCH: thread(2, "The catch", "A runner catches a jet.", "Legs and jets race, see [[race]].", "nagel1971absurd"),
    HILL: thread(3, "The hill", "A hill has a stone and a slope.", "Stones roll down the slope of a hill."),
    CALM: thread(4, "The calm", "The sea is calm, the tide is slow.", "Tides [ebb](tide.md). $x^2$ is a square."),
    TIDE: thread(5, "The tide", "Tide and sea are slow.", "A tide ebbs from the sea, as [[calm|calmly]] as ever."),
    BIB: WORKS,
    NOTEBOOK: jets(),
    "notebooks/verdicts.jsonl": '{"date":"2026-11-25","claim":"jets/faster","before":"","after":"supported"}\n',
    "requirements.lock": "",
}


def put(old: str, new: str) -> Callable[[str], str]:
    def put_it(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return put_it


def add(more: str) -> Callable[[str], str]:
    return lambda text: text + more


TEXTS: Mapping[str, Edit] = {
    "a word": {HILL: put("a stone", "a heavy stone")},
    "a sentence": {RACE: add("\nAnother sentence on legs.\n")},
    "a sentence that others quote": {ESSAY: put("A runner runs", "A fast runner runs")},
    "a new link": {HILL: add("\nSee [[tide]] for water.\n")},
    "a typed link": {HILL: put("See [[tide]]", 'See [the tide](tide.md "contradicts")')},
    "a second link in a sentence": {HILL: put("for water", "or [[calm]] for water")},
    "a link less": {HILL: put("or [[calm]] for water", "for water")},
    "a link to itself": {TIDE: add("\n\n[Above](#what-the-comment-says).\n")},
    "a formula": {CALM: put("$x^2$", r"$\frac{a}{b}$")},
    "code": {CALM: add("\n\n```python\nsea = 1\n```\n")},
    "a table": {CALM: add("\n| a | b |\n|---|--:|\n| 1 | 2 |\n")},
    "a footnote": {OTHER: add("\nA note.[^one]\n\n[^one]: See [[race]].\n")},
    "an epigraph": {OTHER: lambda text: text.replace("Rest is", "> Sleep well.\n\nRest is", 1)},
    "a text that grows to a page": {TIDE: add("\n\n".join(f"Wave {n} of the sea." for n in range(60)))},
    "blank lines only": {CATCH: add("\n\n\n")},
    "an accent and an emoji": {CATCH: put("catches a jet", "catches a café jet 🏃")},
    # Headings.
    "a new heading": {TIDE: add("\n\n## Ebb and flow\n\nBoth.\n")},
    "a link to the new heading": {CALM: add("\n\nSee [[tide#Ebb and flow]].\n")},
    "a heading in other words": {TIDE: put("## Ebb and flow", "## Flow and ebb")},
    "and the link to it mended": {CALM: put("[[tide#Ebb and flow]]", "[[tide#Flow and ebb]]")},
    "a heading that is linked, gone": {TIDE: put("## Flow and ebb", "Flow and ebb")},
    "and back": {TIDE: put("Flow and ebb\n", "## Flow and ebb\n")},
    "a heading with a citation in it": {OTHER: put("## Sleep", "## Sleep [@nagel1971absurd]")},
}

HEADS: Mapping[str, Edit] = {
    "a title that others name": {RACE: put("title: The race", "title: The long race")},
    "a description": {RACE: put("A thread on The race", "A thread on how long a race is")},
    "a theme": {RACE: put("themes: [tests]", "themes: [tests, speed]")},
    "a day": {RACE: put("themes:", "updated: 2026-11-26\nthemes:")},
    "an alias": {RACE: put("themes:", "aliases: [Running late]\nthemes:")},
    "a link by alias": {TIDE: add("\n\nSee [[running late]].\n")},
    "another parent": {RACE: put("answers: null\nparent: unknown", "answers: camus1942sisyphe\nparent: certain")},
    "two lines more in a head": {CALM: put("kind:", "# one\n# two\nkind:")},
    "a title that two pages have": {HILL: put("title: The hill", "title: The tide")},
    "and one again": {HILL: put("title: The tide", "title: The hill")},
}

FACTS: Mapping[str, Edit] = {
    # Claims, verdicts, results.
    "a claim in other words": {RACE: put("The jet is louder.", "The jet is much louder.")},
    "a new claim": {HILL: put("themes: [tests]", "themes: [tests]\nclaims: {steep: {says: S., test-would-take: T.}}")},
    "a link to the claim": {TIDE: add("\n\nIt is [steep](hill.md#claim-steep).\n")},
    "a claim less": {HILL: put("claims: {steep: {says: S., test-would-take: T.}}\n", "")},
    "and the link to it": {TIDE: put("It is [steep](hill.md#claim-steep).", "It is not.")},
    "a quoted number": {ESSAY: add("\nThe gap is [0.24](../../notebooks/jets.ipynb#result-gap).\n")},
    "another result": {NOTEBOOK: jets(gap=0.27, words="[0.27](#result-gap)")},
    "and the number in the text": {ESSAY: put("[0.24](", "[0.27](")},
    "another verdict": {NOTEBOOK: jets(gap=0.27, verdict="contradicted", words="[0.27](#result-gap)")},
    "and its history": {
        "notebooks/verdicts.jsonl": add(
            '{"date":"2026-11-26","claim":"jets/faster","before":"supported","after":"contradicted"}\n'
        )
    },
    "a figure in a text": {ESSAY: add('\n\n[Up and up](../../notebooks/jets.ipynb#figure-up "figure")\n')},
    "another figure": {NOTEBOOK: jets(gap=0.27, verdict="contradicted", words="[0.27](#result-gap)", alt="down")},
    "and the figure in the text": {ESSAY: put("#figure-up", "#figure-down")},
    "the code of a notebook": {NOTEBOOK: put("race()", "race(1)")},
    "a notebook that is none": {NOTEBOOK: "{"},
    "and is one again": {NOTEBOOK: jets(gap=0.27, verdict="contradicted", words="[0.27](#result-gap)", alt="down")},
    # The bibliography.
    "a citation more": {HILL: add("\n\nAs Sisyphus knew [@camus1942sisyphe, p. 3].\n")},
    "a work in other words": {BIB: put("The Absurd", "The Quite Absurd")},
    "a new work": {BIB: add(work("rest2020", "Rest", "Rest, Ann"))},
    "and a citation of it": {OTHER: add("\nRest [@rest2020; @nagel1971absurd].\n")},
    "a work less": {BIB: put(work("rest2020", "Rest", "Rest, Ann"), "")},
    "and back again": {BIB: add(work("rest2020", "Rest", "Rest, Ann"))},
    "a bibliography that cannot be read": {BIB: add("@book{broken, title = {")},
    "and can": {BIB: put("@book{broken, title = {", "")},
}

PAGES: Mapping[str, Edit] = {
    "a new page": {"docs/threads/wind.md": thread(6, "The wind", "Wind is a breeze.", "See [[tide]] and [[calm]].")},
    "a link to the new page": {TIDE: add("\n\nThe [[wind]] blows.\n")},
    "a renamed page": {
        "docs/threads/wind.md": None,
        "docs/threads/breeze.md": thread(6, "The wind", "Wind is a breeze.", "See [[tide]] and [[calm]]."),
    },
    "and the link to it under its new name": {TIDE: put("[[wind]]", "[[breeze]]")},
    "a deleted page": {"docs/threads/breeze.md": None},
    "and the link to it, too": {TIDE: put("The [[breeze]] blows.", "Nothing blows.")},
    "a picture": {"docs/assets/plot.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'},
    "a picture in a text": {TIDE: add("\n\n![A plot](../assets/plot.svg)\n")},
    "an empty page": {"docs/threads/empty.md": ""},
    "and no page": {"docs/threads/empty.md": None},
    "a page about pages": {"docs/about.md": add("\nMore about it, see [[race]].\n")},
    "a page about pages under another title": {"docs/about.md": put("title: About", "title: About us")},
    "a summary of a topic that is none": {"docs/topics.md": put("template:", "summaries: {nothing: N.}\ntemplate:")},
    "and none": {"docs/topics.md": put("summaries: {nothing: N.}\n", "")},
    # Mistakes, and their mending.
    "a link that leads nowhere": {CALM: add("\n\nSee [[nowhere]].\n")},
    "and somewhere": {CALM: put("[[nowhere]]", "[[hill]]")},
    "an unknown key": {CALM: add("\n\nCited [@nobody2020].\n")},
    "and a known one": {CALM: put("@nobody2020", "@nagel1971absurd")},
    "a head that cannot be read": {HILL: put("title: The hill", "title: [The hill")},
    "and can be": {HILL: put("title: [The hill", "title: The hill")},
    "a formula that is none": {CALM: add("\n\n$\\nonsense{$\n")},
    "and is none no more": {CALM: put("$\\nonsense{$", "")},
    "a script": {HILL: add("\n\n<script>alert(1)</script>\n")},
    "and no script": {HILL: put("<script>alert(1)</script>", "")},
}

SHARED: Mapping[str, Edit] = {
    "a template": {TEMPLATE: put("References", "Works")},
    "a template again": {TEMPLATE: put("Works", "References")},
    "a setting": {SETTINGS: put("site_name: Said in passing", "site_name: Passing remarks")},
    "a setting again": {SETTINGS: put("site_name: Passing remarks", "site_name: Said in passing")},
    "the licence": {SETTINGS: put("licenses/by/4.0", "licenses/by-sa/4.0")},
}
"""What every page shares."""

ONE_BY_ONE = bool(os.environ.get("ONE_BY_ONE"))


def steps() -> Iterator[dict[str, Edit]]:
    """The edits, by their names, that are made before the sites are compared again; at first none.

    Of each series one: they lead on from each other, and a mistake and its mending must not be made at once. What every
    page shares is edited by itself, or it would hide what was not built again.
    """
    yield {}
    series = [{**TEXTS, **HEADS, **FACTS, **PAGES}] if ONE_BY_ONE else [TEXTS, HEADS, FACTS, PAGES]
    for edits in itertools.zip_longest(*(one.items() for one in series)):
        yield dict(filter(None, edits))
    for name, edit in SHARED.items():
        yield {name: edit}


@dataclass
class Folder:
    """One of the three sites."""

    root: Path
    problems: list[str] = field(default_factory=list)

    def edit(self, *edits: Edit) -> None:
        """Make *edits* one after the other, and write every file once."""
        texts: dict[str, str | None] = {}
        for path, change in (item for edit in edits for item in edit.items()):
            if callable(change):
                before = texts.get(path) or (self.root / path).read_text(encoding="utf-8")
                texts[path] = change(before)
            else:
                texts[path] = change
        for path, text in texts.items():
            file = self.root / path
            if text is None:
                file.unlink()
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            # As editors do it: never a file that is half-written.
            beside = file.with_name(f".{file.name}.new")
            beside.write_text(text, encoding="utf-8")
            beside.replace(file)

    def build(self, caplog: pytest.LogCaptureFixture) -> dict[str, bytes]:
        """Every file of the site, by its path."""
        caplog.clear()
        with caplog.at_level(logging.WARNING, "mkdocs.sitegraph"):
            config = load_config(str(self.root / "mkdocs.yml"), site_dir=str(self.root / "site"))
            config.plugins.on_startup(command="build", dirty=False)
            build(config)
            config.plugins.on_shutdown()
        self.problems = [record.getMessage() for record in caplog.records if record.name == "mkdocs.sitegraph"]
        site = self.root / "site"
        return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def draw(root: Path) -> Folder:
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(headed(path, text) if path.endswith(".md") else text, encoding="utf-8")
    shutil.copytree(ROOT / "hooks", root / "hooks", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "docs/assets", root / "docs/assets")
    shutil.copy(ROOT / "mkdocs.yml", root / "mkdocs.yml")
    return Folder(root)


@dataclass
class Served:
    """The site that is served all the while."""

    folder: Folder
    address: str
    process: int

    def get(self, path: str) -> bytes | None:
        try:
            with urllib.request.urlopen(self.address + path, timeout=60) as answer:
                content: bytes = answer.read()
        except urllib.error.HTTPError:
            return None
        return _MISTAKES.sub(b"", _RELOADING.sub(b"", content)) if path.endswith(".html") else content

    def mistakes(self, path: str) -> str:
        """What is told on a page of what is wrong there."""
        with urllib.request.urlopen(self.address + path, timeout=60) as answer:
            found = _MISTAKES.search(answer.read())
        return html.unescape(re.sub(r"<[^>]*>", " ", found[0].decode())) if found else ""

    def epoch(self) -> int:
        """The number of the version that is served."""
        with urllib.request.urlopen(f"{self.address}livereload/0/0", timeout=60) as answer:
            return int(answer.read())

    def wait_for_another(self, epoch: int) -> None:
        deadline = time.monotonic() + 60
        while self.epoch() == epoch and time.monotonic() < deadline:
            time.sleep(0.005)


_RELOADING = re.compile(rb"<script>\s*var livereload = .*?</script>", re.DOTALL)
_MISTAKES = re.compile(rb'<aside class="mistakes".*?</aside>\n', re.DOTALL)
_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')


def free_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/"


@contextmanager
def serving(tmp_path: Path) -> Iterator[Served]:
    """A drawn site, served by `mkdocs serve` for as long as it is looked at; what it says is in serve.log."""
    address = free_address()
    folder = draw(tmp_path / "served")
    log = (tmp_path / "serve.log").open("w")
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", address.removeprefix("http://").rstrip("/")]
    process = subprocess.Popen(command, cwd=folder.root, stderr=log, env={**os.environ, "SITE_URL": address})
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(address, timeout=60).close()
                break
            except OSError:
                assert process.poll() is None, (tmp_path / "serve.log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.05)
        yield Served(folder, address, process.pid)
    finally:
        process.terminate()
        process.wait()
        log.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path) as found:
        yield found


@pytest.mark.build
def test_after_every_edit_what_is_kept_and_what_is_served_equals_a_clean_build(
    tmp_path: Path, served: Served, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_URL", served.address)
    clean, kept = draw(tmp_path / "clean"), draw(tmp_path / "kept")
    differences: list[str] = []
    last: dict[str, bytes] = {}
    made: list[str] = []
    every = list(steps())
    for number, edits in enumerate(every):
        for folder in (clean, kept):
            folder.edit(*edits.values())
        before = served.epoch()
        served.folder.edit(*edits.values())
        shutil.rmtree(clean.root / ".cache", ignore_errors=True)
        right, found = clean.build(caplog), kept.build(caplog)
        if edits:
            served.wait_for_another(before)
        wrong = [f"built: {path}" for path in _differing(right, found)]
        wrong += ["built: the problems"] if clean.problems != kept.problems else []
        # What is another now, a tenth of the rest, and after the last edit all of it.
        asked = {path: content for path, content in right.items() if last.get(path) != content}
        last = right
        rest = sorted(right.keys() - asked.keys())
        asked |= {path: right[path] for path in (rest[number % 10 :: 10] if number < len(every) - 1 else rest)}
        wrong += [f"served: {path}" for path in served_differing(asked, served)]
        wrong += [f"not told on its page: {told}" for told in _untold(clean.problems, served)]
        made += edits
        name = ", ".join(edits) or "nothing"
        print(f"{name}: {len(clean.problems)} problems, {len(right)} files, {len(wrong)} differ {wrong}")
        differences += [f"{name}: {one}" for one in wrong]
        assert len(differences) < 20, differences  # each that is served otherwise takes seconds to be sure of
    assert differences == []
    assert sorted(made) == sorted([*TEXTS, *HEADS, *FACTS, *PAGES, *SHARED])
    assert len(made) >= 60


def _untold(problems: Iterable[str], served: Served) -> list[str]:
    """The mistakes that the page where they stand does not tell while it is served."""
    wrong = []
    for told in problems:
        place, _, rest = told.partition(": ")
        path = place.rpartition(":")[0].removeprefix("docs/")
        if path.startswith("threads/") and path.endswith(".md"):
            shown = " ".join(served.mistakes(f"{path.removesuffix('.md')}/").split())
            sentence, _, rule = rest.rpartition(" [")
            if " ".join(f"{place} {sentence} {rule.removesuffix(']')}".split()) not in shown:
                wrong.append(told)
    return wrong


def _differing(right: Mapping[str, bytes], found: Mapping[str, bytes]) -> list[str]:
    return sorted(path for path in right.keys() | found.keys() if right.get(path) != found.get(path))


def served_differing(right: Mapping[str, bytes], served: Served) -> list[str]:
    """The files that are served otherwise than they were built; a served page has no policy."""
    wrong = []
    for path, content in right.items():
        if path in ("_headers", "404.html") or path.startswith("assets/"):  # MkDocs' own affairs
            continue
        expected = _POLICY.sub(b"", content) if path.endswith(".html") else content
        deadline = time.monotonic() + 5  # a save may come in two steps
        while (found := served.get(path)) != expected and time.monotonic() < deadline:
            time.sleep(0.1)
        if found != expected:
            wrong.append(path)
    return wrong


def test_a_problem_of_the_clean_build_is_one_of_graph_json_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The server prints what is new; that it knows all of them is seen in the graph."""
    folder = draw(tmp_path)
    folder.edit({CALM: add("\n\nSee [[nowhere]] and [[nobody]].\n")})
    graph = json.loads(folder.build(caplog)["graph.json"])
    assert graph["problems"] == len(folder.problems) == 2
