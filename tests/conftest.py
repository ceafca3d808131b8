"""What tests share: small sites drawn in the test, with and without MkDocs, and the whole site, built once."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import jsonschema
import pytest
import yaml
from mkdocs.commands.build import build
from mkdocs.config import load_config
from pybtex.database import parse_string

from sitegraph.assemble import Gathered, assemble
from sitegraph.bibliography import read_bibliography
from sitegraph.freshness import manifest
from sitegraph.history import HISTORY
from sitegraph.live import Runtime
from sitegraph.memo import Memo
from sitegraph.model import Leaf, Site, Source
from sitegraph.notebooks import BOUNDARY_TYPE, CLAIM_TYPE, RESULT_TYPE
from sitegraph.prose import ProseReader
from sitegraph.reference_format import references
from sitegraph.served import led_out

if TYPE_CHECKING:
    from tests.hostile.drawn import Built

ROOT = Path(__file__).parent.parent

HEADS = {
    "essays": "{title: %s, description: An essay., themes: [tests], written: 2026-11-24}",
    "threads": (
        "{title: %s, description: A thread., themes: [tests], restated: 2026-11-24, kind: comment, source: C01, "
        "speaker: Roman Belaire, answers: null, parent: unknown}"
    ),
    "": "{title: %s}",
}
"""Front matter in which nothing is wrong, by folder."""
HEAD_LINES = 3

FRAME = {
    "docs/index.md": "---\ntitle: Home\ntemplate: home.html\n---\n\nHome.\n",
    "docs/essays/index.md": "---\ntitle: Essays\ntemplate: essays.html\n---\n\nEssays.\n",
    "docs/threads/index.md": "---\ntitle: Threads\ntemplate: threads.html\n---\n\nThreads.\n",
    "docs/notebooks.md": "---\ntitle: Notebooks\ntemplate: notebooks.html\n---\n\nNotebooks.\n",
    "docs/claims.md": "---\ntitle: Claims\ntemplate: claims.html\n---\n\nClaims.\n",
    "docs/bibliography.md": "---\ntitle: Bibliography\ntemplate: bibliography.html\n---\n\nBibliography.\n",
    "docs/about.md": "---\ntitle: About\n---\n\nAbout.\n",
    "docs/contributing.md": "---\ntitle: Contributing\n---\n\nContributing.\n",
}
"""The pages that the navigation in mkdocs.yml names."""

LINKS_OUT = ("-> ../../../diary.md\n",)
"""What stands in a drawn site for a symbolic link out of the repository."""

NEIGHBOURS: Mapping[str, str | bytes] = {
    "docs/essays/index.md": "---\ntitle: Essays\n---\nEssays.\n",
    "docs/threads/index.md": "---\ntitle: Threads\n---\nThreads.\n",
    "docs/index.md": "---\ntitle: Home\n---\nHome.\n",
    "docs/bibliography.md": "---\ntitle: Bibliography\ntemplate: bibliography.html\n---\nBibliography.\n",
    "docs/about.md": "All are cited: [@camus1942sisyphe; @nagel1971absurd; @doe:2020.a; @belaire2024regret].\n",
    "docs/essays/small-promises.md": "## Kept promises\n\nText.\n",
    "docs/threads/outrunning-the-jet.md": """---
title: Outrunning the jet
description: A thread.
kind: comment
speaker: Roman Belaire
answers: null
parent: unknown
source: C14
restated: 2026-11-24
themes: [meaning]
aliases: [Camus's runner]
claims:
  acceptance-first:
    says: Who accepts first runs longer.
    test-would-take: Two runners.
---

## What the comment says

Text.

## What to make of it

Text.
""",
    "docs/assets/a plot.png": b"",
    "bib/works.bib": """\
@book{camus1942sisyphe, author = {Camus, Albert}, title = {The Myth}, publisher = {Gallimard}, year = {1942}}
@article{nagel1971absurd, author = {Nagel, Thomas}, title = {The Absurd}, journal = {Journal}, year = {1971}}
@article{doe:2020.a, author = {Doe, A. and Roe, B. and Poe, C.}, title = {Dots}, journal = {Journal}, year = {2020}}
@misc{belaire2024regret, author = {Belaire, Roman and Lo, David}, title = {Regret}, eprint = {2302.1}, year = {2024}}
""",
}
"""What a text that is read on its own finds around it."""

HERE = "docs/essays/here.md"


@dataclass(frozen=True)
class Here:
    """What became of a text among its neighbours. Lines are counted in the text."""

    leaf: Leaf
    links: list[str]  # '1 threads/jet.md#why supports'
    citations: list[str]  # '1 camus1942sisyphe'
    excerpts: list[str]  # the sentence of each link, then of each citation
    problems: list[str]  # '1: no page … [rule]'
    elsewhere: list[str]  # the problems of other files


Files = Mapping[str, str | bytes]
"""What stands in each file, by path: 'docs/essays/x.md', 'bib/x.bib'."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes a *case* once for each file in cases/<its module>/."""
    if "case" in metafunc.fixturenames:
        folder = ROOT / "tests" / "cases" / metafunc.module.__name__.rpartition("test_")[2]
        files = sorted(folder.glob("*.yml"))
        metafunc.parametrize("case", [pytest.param(_case(path), id=path.stem) for path in files])


def _case(path: Path) -> Any:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert case.get("why"), f"{path} does not say why it is there"
    return case


def notebook(*cells: str | tuple[str, *tuple[Mapping[str, Any], ...]], beside: Files | None = None, **run: Any) -> str:
    """A notebook of these cells, freshly run: a text is prose, a tuple is code with its outputs.

    *beside* are the files from notebooks/ that its code uses; *run* changes the record of the run.
    """
    about: dict[str, Any]
    made: list[dict[str, Any]] = []
    for number, cell in enumerate(cells):
        if isinstance(cell, str):
            kind = "raw" if cell.startswith("---") else "markdown"
            made.append(
                {"cell_type": kind, "id": f"c{number}", "metadata": {}, "source": cell.splitlines(keepends=True)}
            )
        else:
            source, *outputs = cell
            about = {"id": f"c{number}", "execution_count": None, "metadata": {}}
            made.append({"cell_type": "code", **about, "source": source.splitlines(keepends=True), "outputs": outputs})
    sources = [cell[0] for cell in cells if isinstance(cell, tuple)]
    files = {
        path: content if isinstance(content, bytes) else content.encode() for path, content in (beside or {}).items()
    }
    metadata = {"run": {**manifest(sources, files, ""), "profile": "full", **run}}
    whole = {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1)


NOTEBOOK_HEAD = "---\ntitle: %s\ndescription: A notebook.\nthemes: [tests]\nwritten: 2026-11-25\n---"
CLAIMING_THREAD = """\
---
title: The jet
description: A thread.
kind: comment
speaker: Roman Belaire
answers: null
parent: unknown
source: C14
restated: 2026-11-01
themes: [tests]
claims:
  faster: {says: The jet is faster., tested-by: jets}
---

Text.
"""
"""A thread whose claim a notebook called jets tests."""


def output(data: Mapping[str, Any], **metadata: Any) -> dict[str, Any]:
    """An output of a cell, by media type."""
    return {"output_type": "display_data", "data": dict(data), "metadata": metadata}


def a_result(name: str, value: Any, **more: Any) -> dict[str, Any]:
    """The output of a cell that publishes a result."""
    return output({RESULT_TYPE: {"name": name, "says": f"the {name}", "value": value, "decimals": 2, **more}})


def a_claim(name: str, verdict: str | None, statement: str, number: str = "gap", **more: Any) -> dict[str, Any]:
    """The output of a cell that judges a claim."""
    cell = {"setting": "ε = 0.1", "mean": 0.2, "lo": 0.1, "hi": 0.3, "n": 30, "state": "holds"}
    value = {"id": f"jets/{name}", "statement": statement, "verdict": verdict, "number": number, "cells": [cell]}
    return output({CLAIM_TYPE: {**value, "delta": 0, **more}})


def a_boundary(name: str, figure: str = "race", **more: Any) -> dict[str, Any]:
    """The output of a cell that asks where a claim stops being true."""
    found = {"mean": 0.2, "lo": 0.1, "hi": 0.3, "n": 30}
    points = [
        {"at": 0.5, "words": "50 %", **found, "state": "holds"},
        {"at": 1, "words": "100 %", **found, "mean": -0.2, "lo": -0.3, "hi": -0.1, "state": "fails"},
    ]
    knobs = [
        {"name": "wind", "says": "the share of wind", "value": 0.5, "low": 0, "high": 1, "step": 0.25, "unit": "%"},
        {"name": "fuel", "says": "the fuel", "value": 12, "low": 1, "high": 20, "step": 1, "unit": "tons"},
    ]
    value = {
        "claim": f"jets/{name}",
        "module": "live.jets",
        "along": "wind",
        "delta": 0,
        "statistic": "the jet's lead",
        "knobs": knobs,
        "points": points,
        "sentence": "It holds while the share of wind is at most 50 % and fails where it is at least 100 %.",
        "figure": figure,
        "seeds": "6000–6029",
    }
    return output({BOUNDARY_TYPE: {**value, **more}})


DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><rect fill="#22201c" width="9"/></svg>'


def a_figure(name: str, drawing: str = DRAWING) -> dict[str, Any]:
    """The output of a cell that shows a figure."""
    about = {"name": name, "alt": f"What {name} shows", "caption": f"The caption of {name}."}
    return output({"image/svg+xml": drawing, "text/plain": about["alt"]}, figure=about)


@cache
def _vega_lite() -> jsonschema.Draft7Validator:
    import altair

    return jsonschema.Draft7Validator(altair.vegalite.v6.load_schema())


def wrong_in_vega_lite(spec: Any) -> list[str]:
    """What is wrong with a specification by the schema of Vega-Lite.

    Altair's own objects check as much, and are made anew for each part of it: ten times the time.
    """
    return [str(error) for error in _vega_lite().iter_errors(json.loads(json.dumps(spec)))]


def headed(path: str, text: str) -> str:
    """*text* below front matter that suits its path, unless it brings its own."""
    if text.startswith("---") or not text.strip():
        return text
    folder, _, name = path.removeprefix("docs/").rpartition("/")
    return f"---\n{HEADS.get(folder, HEADS['']) % _title(name)}\n---\n{text}"


def _title(name: str) -> str:
    return name.removesuffix(".md").replace("-", " ").capitalize()


def _as_bytes(path: str, content: str | bytes) -> bytes:
    if isinstance(content, bytes):
        return content
    return (headed(path, content) if path.endswith(".md") else content).encode()


@pytest.fixture(scope="session", autouse=True)
def _quiet() -> None:
    """What the Makefile says to every program too: no announcement by Material, no exporter that nobody asked for."""
    os.environ |= {"NO_MKDOCS_2_WARNING": "1", "NBCONVERT_DISABLE_CONFIG_EXPORTERS": "1"}


@pytest.fixture(scope="session")
def matches() -> Callable[[Sequence[str], Sequence[str]], bool]:
    """Whether lists of problems are the same, where '{line}' stands for any line and '{reason}' for any reason.

    What a parser says of a mistake, and where it notices, is its own affair.
    """

    def same(found: Sequence[str], expected: Sequence[str]) -> bool:
        patterns = [re.escape(line).replace(r"\{line\}", r"\d+").replace(r"\{reason\}", r"\S.*") for line in expected]
        return len(found) == len(expected) and all(map(re.fullmatch, patterns, found))

    return same


@pytest.fixture(scope="session")
def reader() -> ProseReader:
    """A reader with the extensions that mkdocs.yml asks for."""
    config = load_config(str(ROOT / "mkdocs.yml"))
    return ProseReader(config.markdown_extensions, config.mdx_configs)


@pytest.fixture(scope="session")
def assemble_site(reader: ProseReader) -> Callable[..., Site]:
    """Draw a site from its files, without MkDocs. A page without front matter is given three lines of it."""

    def drawn(files: Files, runtime: Runtime | None = None, memo: Memo | None = None) -> Site:
        # A file that begins with an arrow stands for a symbolic link.
        outside = [path for path in sorted(files) if files[path] in LINKS_OUT]
        contents = {path: _as_bytes(path, files[path]) for path in sorted(files.keys() - set(outside))}
        bibliography = read_bibliography(
            {path: content.decode(errors="replace") for path, content in contents.items() if path.endswith(".bib")}
        )
        entries = parse_string(bibliography.text, "bibtex").entries
        gathered = Gathered(
            sources=[
                Source(path, _url(path), content)
                for path, content in contents.items()
                if path.endswith((".md", ".ipynb"))
            ],
            files={
                path: path.removeprefix("docs/")
                for path in contents
                if path.startswith("docs/") and not path.endswith(".md")
            },
            bibliography=bibliography,
            references=references(entries, bibliography.pieces),
            beside_notebooks={
                path.removeprefix("notebooks/"): content
                for path, content in contents.items()
                if path.startswith("notebooks/") and not path.endswith(".ipynb")
            },
            history=contents.get(HISTORY, b"").decode(errors="replace"),
            settings=contents.get("mkdocs.yml", b"").decode(),
            problems=[led_out(path) for path in outside],
            runtime=runtime,
        )
        return assemble(gathered, reader, memo=memo)

    return drawn


@pytest.fixture(scope="session")
def assemble_real(assemble_site: Callable[[Files], Site]) -> Site:
    """The site of the texts, notebooks and works that are really there, assembled without MkDocs."""
    paths = [
        *(ROOT / "docs").rglob("*.*"),
        *(ROOT / "bib").glob("*.bib"),
        *(path for path in (ROOT / "notebooks").rglob("*.*") if "__pycache__" not in path.parts),
    ]
    return assemble_site({path.relative_to(ROOT).as_posix(): path.read_bytes() for path in paths if path.is_file()})


@pytest.fixture(scope="session")
def read_here(assemble_site: Callable[[Files], Site]) -> Callable[..., Here]:
    """Read a text as the body of an essay, among neighbours that it can link and cite, and *files*."""

    def read(text: str, files: Files | None = None) -> Here:
        site = assemble_site({**NEIGHBOURS, **(files or {}), HERE: headed(HERE, text)})
        links = [link for link in site.links if link.source == HERE]
        citations = [citation for citation in site.citations if citation.source == HERE]
        return Here(
            leaf=site.leaves[HERE],
            links=[
                f"{link.place.line - HEAD_LINES} {link.target.removeprefix('docs/')}"
                f"{'#' if link.anchor else ''}{link.anchor} {link.type}"
                for link in links
            ],
            citations=[f"{citation.place.line - HEAD_LINES} {citation.key}" for citation in citations],
            excerpts=[*(link.excerpt for link in links), *(citation.excerpt for citation in citations)],
            problems=[
                f"{found.place.line - HEAD_LINES}: {found.sentence} [{found.rule}]"
                for found in site.problems
                if found.place.path == HERE
            ],
            elsewhere=[str(found) for found in site.problems if found.place.path != HERE],
        )

    return read


def _url(path: str) -> str:
    """The address that MkDocs gives to a page."""
    folder = path.removeprefix("docs/").removesuffix(".md").removesuffix(".ipynb")
    return folder.removesuffix("index") if folder.endswith("index") else f"{folder}/"


@pytest.fixture(scope="session")
def draw_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Write a small project that can be built: these files, the pages that the navigation needs, our own machinery."""

    def drawn(files: Files, folder: Path | None = None) -> Path:
        root = folder or tmp_path_factory.mktemp("drawn")
        for path, content in {**({} if folder else FRAME), **files}.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if content in LINKS_OUT:
                file.symlink_to(os.__file__)
            else:
                file.write_bytes(_as_bytes(path, content))
        if not folder:
            for name in ("bib", "notebooks"):
                (root / name).mkdir(exist_ok=True)
            (root / "requirements.lock").touch()
            for name in ("mkdocs.yml", "hooks"):
                (root / name).symlink_to(ROOT / name)
            shutil.copytree(ROOT / "docs/assets", root / "docs/assets", dirs_exist_ok=True)
        return root

    return drawn


@pytest.fixture(scope="session")
def build_site(draw_folder: Callable[..., Path]) -> Callable[..., Path]:
    """Build a small site with MkDocs, or build again the one in *folder*; return the folder of the project.

    Building twice in one process is what `mkdocs serve` does.
    """

    def built(files: Files, folder: Path | None = None) -> Path:
        root = draw_folder(files, folder)
        _build(root, root / "site")
        return root

    return built


@pytest.fixture(scope="session")
def hostile(draw_folder: Callable[..., Path], build_site: Callable[..., Path]) -> Built:
    """A site in which everything that an author can write is hostile, built."""
    from tests.hostile.drawn import built

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPO_URL", "https://code.invalid/site")
        return built(draw_folder, build_site)


def _build(root: Path, site: Path, *, strict: bool = False) -> None:
    config = load_config(str(root / "mkdocs.yml"), site_dir=str(site), strict=strict)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    config.plugins.on_shutdown()


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """A folder of that name, filled by the process that asks for it first: tests run in several, which all read it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def made(name: str, fill: Callable[[Path], None]) -> Path:
        folder, whole = shared / name, shared / f"{name}-is-whole"
        with (shared / f"{name}-lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not whole.exists():
                shutil.rmtree(folder, ignore_errors=True)
                fill(folder)
                whole.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def real_site(made_once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """The folder of the whole site, built as `make build` builds it."""
    return made_once("real", lambda site: _build(ROOT, site, strict=True))


class _TreeMaker(HTMLParser):
    """Makes a tree of a page; every element has to be closed by its own end, but for those that have none."""

    VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))

    def __init__(self) -> None:
        super().__init__()
        self.builder = ElementTree.TreeBuilder()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in self.VOID:
            self.builder.end(tag)
        else:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        self.builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> on line {self.getpos()[0]} closes something else"
        self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        self.builder.data(data)


@pytest.fixture(scope="session")
def read_page() -> Callable[[Path], Element]:
    """Read a page of a built site as a tree, without any script."""

    def read(path: Path) -> Element:
        maker = _TreeMaker()
        maker.feed((path / "index.html" if path.is_dir() else path).read_text(encoding="utf-8"))
        maker.close()
        assert maker.open == []
        return maker.builder.close()

    return read
