"""A site in which everything that an author can write is hostile, and where in it each payload was planted."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from tests.conftest import NOTEBOOK_HEAD, a_claim, a_figure, a_result, notebook, output

import import_comments
from sitegraph.notebooks import CLAIM_TYPE, RESULT_TYPE

WORDS = ("html", "markdown", "words")
"""What is planted wherever words can stand."""


@dataclass(frozen=True)
class Payload:
    form: str
    text: str
    quiet: bool | Sequence[str] = False
    open: bool = False

    def told(self, where: str) -> bool:
        """Whether it is told to its author that something active was left out there."""
        quiet = self.quiet if isinstance(self.quiet, bool) else where in self.quiet
        return self.form != "words" and not quiet


@dataclass(frozen=True)
class Planted:
    """A payload in its place: what is told of it is told of one of these lines."""

    number: int
    where: str
    path: str
    first: int
    last: int
    told: bool


@dataclass
class Drawn:
    """The files of the site, and what was planted in them."""

    files: dict[str, str | bytes] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)
    numbers: int = 0
    titles: list[str] = field(default_factory=list)

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    def filled(self, payload: Payload, where: str, path: str) -> str:
        """The payload under a number of its own, planted in a field: there it is text, of which nothing is told."""
        number = self.number()
        self.planted.append(Planted(number, where, path, 0, 0, told=False))
        return payload.text.replace("{n}", str(number))


PAYLOADS = tuple(
    Payload(**about) for about in yaml.safe_load(Path(__file__).with_name("payloads.yml").read_text(encoding="utf-8"))
)

IN_TEXTS: Sequence[tuple[str, str, Sequence[str], bool]] = (
    # where, the Markdown around it, which forms, and whether what is active there is told
    ("link words", "[{p}](../about.md)", ("markdown", "words"), False),
    ("link title", "[about](../about.md '{p}')", ("html", "words"), False),
    ("link address", "[about]({p})", ("address",), True),
    ("link address in angles", "[about](<{p}>)", ("address",), True),
    ("reference", "[about {n}]\n\n[about {n}]: {p}", ("address",), True),
    ("autolink", "Text <{p}> text.", ("address",), False),
    ("picture", "![about]({p})", ("address",), True),
    ("alternative text", "![{p}](../assets/favicon.svg)", ("html", "words"), False),
    ("title of a picture", "![about](../assets/favicon.svg '{p}')", ("html", "words"), False),
    ("wikilink", "[[{p}]]", ("words",), False),
    ("wikilink label", "[[About|{p}]]", ("html", "words"), False),
    ("citation", "Text [see {p} @doe2020; @doe2020, {p}].", ("words",), False),
    ("address in HTML", 'Text <a href="{p}">about</a>.', ("address",), True),
    ("bare address in HTML", "Text <a href={p}>about</a>.", ("address",), False),
    ("attributes of a paragraph", "Text {n}.\n{{: {p} }}", ("attributes",), True),
    ("attributes of a word", "Text *word*{{: {p} }}.", ("attributes",), True),
    ("attributes of a link", "Text [about](../about.md){{: {p} }}.", ("attributes",), True),
    ("attributes of a heading", "## Heading {n} {{: {p} }}", ("attributes",), True),
    ("attributes in HTML", "Text <b {p}>word</b>.", ("attributes",), False),
    ("info of a fence", "``` {p}\ntext\n```", ("html", "attributes", "words"), False),
    ("attributes of a fence", "``` {{ .python {p} }}\ntext\n```", ("attributes",), False),
    ("fence", "```python\n{p}\n```", (*WORDS, "svg"), False),
    ("code", "Text `` {p} `` text.", WORDS, False),
    ("formula", "Text ${p}$ text.", ("tex",), True),
    ("displayed formula", "$$\n{p}\n$$", ("tex",), True),
    ("text of a formula", "Text $\\text{{{p}}}$ text.", ("html",), False),
    ("quotation", "> {p}", ("html",), True),
    ("item", "- {p}", ("html", "markdown"), False),
    ("heading", "## {p}", ("html", "words"), False),
    ("cell", "| a | b |\n|---|---|\n| {p} | c |", ("html",), False),
    ("note", "Text[^n{n}].\n\n[^n{n}]: {p}", ("html", "words"), False),
    ("definition", "Word\n:   {p}", ("html",), False),
    ("title in HTML", 'Text <span title="{p}">word</span>.', ("html", "words"), False),
    ("in a line", "Text {p} text.", (*WORDS, "svg"), False),
    ("in a paragraph", "Text\n{p}", ("html",), False),
    ("block", "{p}", (*WORDS, "svg"), True),
)


def drawn() -> Drawn:
    """The site. What the lines of a text are numbered by is also what would be told if it ran."""
    site = Drawn()
    pages = list(_pages(site))
    for number, blocks in enumerate(pages):
        path = f"docs/{'essays' if number % 2 else 'threads'}/p{number}.md"
        head = _head(site, path, number, len(pages))
        lines = head.split("\n")
        for blocks_text, where, payload_number, told in blocks:
            start = len(lines) + 1
            lines += [*blocks_text.split("\n"), ""]
            site.planted.append(Planted(payload_number, where, path, start, len(lines), told))
        site.files[path] = "\n".join(lines)
    _bibliography(site)
    _notebook(site)
    site.files["docs/topics.md"] = "---\ntitle: Topics\ntemplate: topics.html\n---\n\nTopics.\n"
    site.files["docs/map.md"] = "---\ntitle: Map\ntemplate: map.html\n---\n\nThe map.\n"
    _files(site)
    return site


Block = tuple[str, str, int, bool]


def _pages(site: Drawn) -> Iterator[list[Block]]:
    """The blocks of each page: up to so many, and one that is open at the end."""
    closed: list[Block] = []
    ends: list[Block] = []
    for where, around, forms, tells in IN_TEXTS:
        for payload in PAYLOADS:
            if payload.form not in forms or ("\n" in payload.text and where not in ("block", "item", "fence")):
                continue
            number = site.number()
            text = payload.text.replace("{n}", str(number))
            if where == "item":
                text = text.replace("\n", "\n  ")
            told = tells and payload.told(where)
            block = (around.format(p=text, n=number), where, number, told)
            raw = where in (
                "in a line",
                "in a paragraph",
                "block",
                "quotation",
                "item",
                "heading",
                "cell",
                "note",
                "definition",
            )
            (ends if payload.open and raw else closed).append(block)
    # Of what is open most places are one like another: two for each payload will do.
    ends = [block for block in ends if block[1] in ("block", "in a line")]
    each = -(-len(closed) // len(ends))
    for number, end in enumerate(ends):
        yield [*closed[number * each : (number + 1) * each], end]


def _share(number: int, of: int, at: int) -> Iterable[Payload]:
    """The payloads for a field of the *number*th page *of* so many: each page has others, all together have all."""
    return PAYLOADS[(number + at) % of :: of]


def _head(site: Drawn, path: str, number: int, of: int) -> str:
    def share(name: str, at: int) -> list[str]:
        return [site.filled(payload, name, path) for payload in _share(number, of, at)]

    def joined(name: str, at: int) -> str:
        return f"{' ¦ '.join(share(name, at))} ¦ {number}"

    title = joined("title", 0)
    site.titles.append(title)
    claims = {
        f"c{number}-{at}": {"says": says, "test-would-take": takes}
        for at, (says, takes) in enumerate(zip(share("claim", 1), share("what a test would take", 2), strict=False))
    }
    fields: dict[str, Any] = {
        "title": title,
        "description": joined("description", 3),
        "themes": [*share("theme", 4), "tests"],
        "aliases": [*share("alias", 5), f"alias {number}"],
        "claims": claims,
    }
    if path.startswith("docs/threads/"):
        addresses = [payload for payload in PAYLOADS if payload.form == "address"]
        fields |= {
            "kind": "comment",
            "speaker": joined("speaker", 6),
            "answers": "doe2020" if number % 4 else None,
            "parent": "likely" if number % 4 else "unknown",
            "source": "C01",
            "restated": "2026-11-24",
            "posted": "2026-11-20",
            "parent-post": joined("parent post", 7),
            "address": site.filled(addresses[number % len(addresses)], "address", path),
            "parent-post-address": "https://elsewhere.invalid/a'onclick='ran(0)",
        }
    else:
        fields["written"] = "2026-11-24"
    lines = []
    for name, value in fields.items():
        date = name in ("written", "restated", "posted")
        lines.append(f"{name}: {value if date else json.dumps(value)}")
    return "\n".join(["---", *lines, "---", "", "Text [@doe2020] that links [[about]] and [[notebook]].", ""])


TOGETHER = 8
"""How many payloads share a field of an entry, a claim or a cell."""


def _groups(site: Drawn, path: str) -> Iterator[Callable[[str], str]]:
    """For each group of payloads: what fills a field with all of them, another of them first in each field."""
    for start in range(0, len(PAYLOADS), TOGETHER):
        group = PAYLOADS[start : start + TOGETHER]
        turns = 0

        def fill(where: str, group: Sequence[Payload] = group) -> str:
            nonlocal turns
            turns += 1
            at = turns % len(group)
            return " ¦ ".join(site.filled(payload, where, path) for payload in (*group[at:], *group[:at]))

        yield fill


def _bibliography(site: Drawn) -> None:
    path = "bib/hostile.bib"
    entries = ["@book{doe2020, author = {Doe, Jane}, title = {It}, publisher = {House}, year = {2020}}"]
    keys = ['k"onmouseenter="ran', "k<img/src=x/onerror=ran>", "k'onfocus='ran", "k&quot;onfocus=ran"]
    fields_of = ("title", "journal", "author", "note", "doi", "url")
    few = ("editor", "publisher", "volume", "number", "pages", "year", "edition", "eprint")  # reading TeX takes long
    for number, fill in enumerate(_groups(site, path)):
        key = keys[number] if number < len(keys) else f"p{number}"
        fields = {name: _without_braces(fill(f"bib: {name}")) for name in fields_of}
        if number == len(PAYLOADS) // TOGETHER - 1:
            fields |= {name: _without_braces(fill(f"bib: {name}")) for name in few}
        if number % 2:
            fields["url"] = f"https://elsewhere.invalid/'onclick='ran({number})"
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
        entries.append(
            "\n".join([f"@{'article' if number % 3 else 'book'}{{{key},", *lines, "  archiveprefix = {arXiv},", "}"])
        )
    site.files[path] = "\n\n".join(entries) + "\n"
    cited = "".join(f"Text [@p{number}].\n\n" for number in range(len(keys), len(entries) - 1))
    site.files["docs/essays/cites.md"] = f"\n{cited}"


def _without_braces(text: str) -> str:
    return " ".join(text.replace("{", "").replace("}", "").replace("@", "").split())


_OF_A_CLAIM = ("condition", "statistic", "right_if", "by_construction", "changed_after_seeing", "seeds", "comment")


def _notebook(site: Drawn) -> None:
    path = "notebooks/notebook.ipynb"
    cells: list[Any] = [NOTEBOOK_HEAD % "Notebook", "It [@doe2020].\n\n## Limits\n\nText.\n"]
    says: dict[str, Any] = {}
    for number, fill in enumerate(_groups(site, path)):
        statement = fill("claim that is tested")
        says[f"c{number}"] = {"says": statement, "tested-by": "notebook"}
        result = a_result(f"r{number}", 0.5, unit=fill("unit"), seeds=fill("seeds of a result"))
        result["data"][RESULT_TYPE]["says"] = fill("what a result says")
        claim = a_claim(
            f"c{number}", "supported", statement, f"r{number}", **{name: fill(name) for name in _OF_A_CLAIM}
        )
        claim["data"][CLAIM_TYPE]["id"] = f"notebook/c{number}"
        claim["data"][CLAIM_TYPE]["controls"] = [{"name": fill("control"), "expected": fill("expected"), "found": 1}]
        claim["data"][CLAIM_TYPE]["cells"][0]["setting"] = fill("setting")
        figure = a_figure(f"f{number}")
        figure["metadata"]["figure"] |= {"alt": fill("alternative text of a figure"), "caption": fill("caption")}
        code = f"# {' '.join(fill('label of a cell').split())}\nx = {json.dumps(fill('code of a cell'))}\n"
        printed = {"output_type": "stream", "name": "stdout", "text": fill("printed")}
        plain = output({"application/javascript": fill("script"), "text/plain": fill("plain output")})
        cells.append((code, printed, plain, figure, result, claim))
    for number in range(0, len(PAYLOADS), TOGETHER):
        group = PAYLOADS[number : number + TOGETHER]
        outputs = [output({"text/html": site.filled(payload, "output", path)}) for payload in group]
        drawings = [site.filled(payload, "figure", path) for payload in group if payload.form == "svg"]
        figures = [a_figure(f"g{number}-{at}", drawing) for at, drawing in enumerate(drawings)]
        cells.append((f"y = {number}\n", *outputs, *figures))
    trace = [site.filled(payload, "trace", path) for payload in PAYLOADS]
    name = "<img src=x onerror=ran(0)>"
    cells.append(("fail()\n", {"output_type": "error", "ename": name, "evalue": name, "traceback": trace}))
    cells.append('<div class="cell-mark" data-cell="9999"></div>\n')
    site.files[path] = notebook(*cells)
    head = {
        "title": "Tested",
        "description": "A thread.",
        "kind": "comment",
        "speaker": "Ann",
        "answers": None,
        "parent": "unknown",
        "source": "C02",
        "themes": ["tests"],
        "claims": says,
    }
    fields = [f"{name}: {json.dumps(value)}" for name, value in head.items()]
    quotes = "".join(
        f"Text [claim](#claim-c{number}) and [0.50](../../{path}#result-r{number}).\n\n"
        f'[Figure](../../{path}#figure-f{number} "figure")\n\n'
        for number in range(0, len(says), 3)
    )
    site.files["docs/threads/tested.md"] = "\n".join(
        ["---", *fields, "restated: 2026-11-24", "---", "", "Text.", "", quotes]
    )


def _files(site: Drawn) -> None:
    """Names that are hostile, and files that a browser would run."""
    for number, name in enumerate(
        ('q"onmouseenter="ran(0)', "q'onfocus='ran(0)", "q<img src=x onerror=ran(0)>", "javascript:ran(0)")
    ):
        site.files[f"docs/essays/{name}.md"] = (
            f"---\ntitle: Name {number}\ndescription: An essay.\nthemes: [tests]\nwritten: 2026-11-24\n---\n"
            "\nText [[about]].\n"
        )
        site.files[f"notebooks/{name}.ipynb"] = notebook(
            NOTEBOOK_HEAD % f"Named {number}", "Text.\n", ("x = 1\n", output({"text/plain": "1"}))
        )
    for number, payload in enumerate(payload for payload in PAYLOADS if payload.form == "svg"):
        path = f"docs/essays/drawing-{number}.svg"
        site.files[path] = site.filled(payload, "file", path)
    for ending in ("html", "HTM", "xhtml", "js", "css", "xml", "svgz"):
        site.files[f"docs/essays/run.{ending}"] = "<script>ran(0)</script>"


LINKS = {
    "docs/essays/passwd.md": "/etc/passwd",
    "docs/essays/passwd.png": "/etc/passwd",
    "docs/essays/far.txt": "../../../outside.txt",
    "docs/outside": "../../outside",
    "bib/passwd.bib": "/etc/passwd",
    "notebooks/passwd.ipynb": "/etc/passwd",
    "notebooks/passwd.csv": "/etc/passwd",
}
"""Symbolic links that lead out of the project."""


def link_out(root: Path) -> None:
    """Put links into the project at *root* that lead out of it, and what they lead to beside it."""
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "page.md").write_text("---\ntitle: Outside\n---\n\nSecret.\n", encoding="utf-8")
    (root.parent / "outside.txt").write_text("Secret.", encoding="utf-8")
    for path, target in LINKS.items():
        (root / path).symlink_to(target)


def imported(root: Path) -> Sequence[str]:
    """Import a hostile file into the project at *root*, and let each page show its whole original; their paths."""
    comments: list[Mapping[str, Any]] = []
    texts = [payload.text.replace("{n}", "0") for payload in PAYLOADS]
    for number in range(0, len(texts), 20):
        part = texts[number : number + 20]
        some = " ¦ ".join(part)
        user = {"_id": f"u{number}", "slug": "ann", "displayName": some}
        post = {"_id": f"p{number}", "slug": some, "title": some}
        comments.append(
            {
                "_id": f"c{number}",
                "postedAt": "2025-11-03T23:30:00.000Z",
                "user": user,
                "post": post,
                "retracted": False,
                "contents": {"html": "".join(f"<p>{text}</p>" for text in part)},
            }
        )
    export = root.parent / "export.json"
    export.write_text(json.dumps({"data": {"comments": {"results": comments}}}), encoding="utf-8")
    import_comments.main([str(export), "--root", str(root), "--today", "2026-11-26"])
    pages = sorted(
        path for path in (root / "docs/threads").glob("*.md") if "\nid: " in path.read_text(encoding="utf-8")
    )
    originals = sorted((root / "originals").glob("*.md"))
    for page, original in zip(pages, originals, strict=True):
        with page.open("a", encoding="utf-8") as file:
            file.write("\n" + original.read_text(encoding="utf-8").partition("\n---\n")[2])
    return [os.fspath(page.relative_to(root)) for page in pages]


@dataclass(frozen=True)
class Built:
    """The site as it was built: its folder, what was planted in it, what was told, and every file that was opened."""

    root: Path
    drawn: Drawn
    imported: Sequence[str]
    told: Sequence[str]
    opened: frozenset[str]


class _Told(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


def built(
    draw_folder: Callable[[Mapping[str, str | bytes]], Path],
    build_site: Callable[[Mapping[str, str | bytes], Path], Path],
) -> Built:
    """Draw the site and build it as every site is built."""
    site = drawn()
    root = draw_folder(site.files)
    pages = imported(root)
    link_out(root)
    listener, log = _Told(), logging.getLogger("mkdocs.sitegraph")
    log.addHandler(listener)
    opened: set[str] = set()
    watching.append(opened)
    try:
        build_site({}, root)
    finally:
        watching.remove(opened)
        log.removeHandler(listener)
    return Built(root, site, pages, tuple(listener.told), frozenset(opened))


watching: list[set[str]] = []
"""What is noting at the moment which files are opened."""


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and watching and isinstance(arguments[0], str | bytes | os.PathLike):
        path = os.path.realpath(os.fsdecode(arguments[0]))
        for opened in watching:
            opened.add(path)


sys.addaudithook(_note)  # Python knows no way to take one back; without anybody watching it does nothing
