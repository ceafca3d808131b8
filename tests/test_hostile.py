"""A site in which everything that an author can write is hostile: what is told, what programs read, what is opened."""

from __future__ import annotations

import ast
import html
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.hostile.drawn import LINKS, PAYLOADS, Built

from sitegraph.html_safe import attribute_told, safe_address, safe_drawing, safe_html

ROOT = Path(__file__).parent.parent
ATOM = "{http://www.w3.org/2005/Atom}"
CODE = sorted(path for folder in ("hooks", ".ci", "notebooks", "tests") for path in (ROOT / folder).rglob("*.py"))


class _Active(HTMLParser):
    """Notes every element, attribute and address by which HTML does something."""

    ALLOWED = """a abbr address article aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn
        div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p pre q rp rt ruby s
        samp section small span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr math mi mn mo
        ms mtext mspace mrow mfrac msqrt mroot mstyle mover munder munderover msub msup msubsup mtable mtr mtd mpadded
        menclose mphantom merror semantics annotation"""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.ALLOWED.split():
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcset", "name") or re.search("[\"'<>=]", name):
                self.found.append(f"<{tag} {name}>")
            if name in ("href", "src", "cite") and not safe_address(value or ""):
                self.found.append(f"<{tag} {name}={value}>")
            if name == "src" and not (value or "").startswith("http://127.0.0.1:8000/"):
                self.found.append(f"<{tag} src={value}>")

    handle_startendtag = handle_starttag


def active(text: str) -> list[str]:
    reader = _Active()
    reader.feed(text)
    reader.close()
    return reader.found


def test_there_is_enough_of_it() -> None:
    assert len({(payload.form, payload.text) for payload in PAYLOADS}) >= 190
    assert {payload.form for payload in PAYLOADS} == {
        *("html", "address", "attributes", "markdown", "tex", "words", "svg"),
    }


@pytest.mark.build
def test_whatever_was_left_out_is_told_with_its_place(hostile: Built) -> None:
    told = defaultdict(set)
    for sentence in hostile.told:
        found = re.match(r"(.+?):(\d+): ", sentence)
        assert found, sentence
        told[found[1]].add(int(found[2]))
    wanted = [planted for planted in hostile.drawn.planted if planted.told]
    assert len(wanted) > 350
    assert [
        (planted.where, planted.path, planted.first)
        for planted in wanted
        if not told[planted.path] & set(range(planted.first, planted.last + 1))
    ] == []


@pytest.mark.build
def test_a_title_is_shown_letter_by_letter(hostile: Built) -> None:
    for number, title in enumerate(hostile.drawn.titles):
        kind = "essays" if number % 2 else "threads"
        text = (hostile.root / "site" / kind / f"p{number}" / "index.html").read_text(encoding="utf-8")
        (heading,) = re.findall(r"<h1>(.*?)</h1>", text, re.DOTALL)
        assert "<" not in heading
        assert " ".join(html.unescape(heading).split()) == " ".join(title.split())


@pytest.mark.build
def test_feeds_can_be_read_and_hold_nothing_active(hostile: Built) -> None:
    site = hostile.root / "site"
    contents: list[str] = []
    for path in [site / "feed.xml", *site.glob("feeds/**/*.xml")]:
        for entry in ElementTree.fromstring(path.read_bytes()).iter(f"{ATOM}entry"):
            contents += (part.text or "" for name in ("content", "summary") for part in entry.iter(ATOM + name))
    for path in [site / "feed.json", *site.glob("feeds/**/*.json")]:
        contents += (item["content_html"] for item in json.loads(path.read_text(encoding="utf-8"))["items"])
    assert len(contents) > 100
    assert [found for content in set(contents) for found in active(content)] == []


@pytest.mark.build
def test_what_programs_read_can_be_read(hostile: Built) -> None:
    site = hostile.root / "site"
    for name in ("graph.json", "pages.json", "references.csl.json"):
        assert json.loads((site / name).read_text(encoding="utf-8"))
    for path in (site / "sitemap.xml", *site.rglob("*.svg")):
        ElementTree.fromstring(path.read_bytes())
    assert [path for path in site.rglob("figure-*.svg") if safe_drawing(path.read_text(encoding="utf-8"))] == []


@pytest.mark.build
def test_the_block_of_json_on_a_page_ends_where_it_should(hostile: Built) -> None:
    for path in (hostile.root / "site").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script', text, re.DOTALL | re.IGNORECASE)
        assert len(blocks) == (path.name != "404.html"), path
        assert [block for block in blocks if "<" in block or not json.loads(block)] == [], path


@pytest.mark.build
def test_no_file_is_served_that_a_browser_would_run_or_that_lies_outside(hostile: Built) -> None:
    site = hostile.root / "site"
    assert [
        path for path in (site / "essays").iterdir() if path.is_file() and path.stem in ("run", "passwd", "far")
    ] == []
    assert list((site / "essays").glob("drawing-*.svg")) == []
    told = {sentence.partition(":")[0] for sentence in hostile.told}
    led_out = {"docs/outside/page.md" if path == "docs/outside" else path for path in LINKS}
    assert led_out - {"notebooks/passwd.csv"} <= told  # which nobody is told of, since nothing is made of it
    assert {path for path in hostile.drawn.files if re.search(r"/run\.\w+$|/drawing-\d+\.svg$", path)} <= told
    secrets = (b"Secret.", Path("/etc/passwd").read_bytes().splitlines()[0])
    files = [path for path in site.rglob("*") if path.is_file()]
    assert [path for path in files for secret in secrets if secret in path.read_bytes()] == []


@pytest.mark.build
def test_a_build_opens_no_file_outside_the_project_and_the_installation(hostile: Built) -> None:
    places = {hostile.root, ROOT, *map(Path, (sys.prefix, sys.base_prefix)), Path("/dev/shm"), Path("/tmp") / "tmp"}
    inside = tuple(str(place.resolve()) for place in places)
    # A library's own settings, and the system's time zones.
    known = (str(Path.home() / ".igraphrc"), "/usr/share/zoneinfo/", "/dev/null")
    others = {path for path in hostile.opened if not path.startswith((*inside, *known))}
    assert others == set()
    assert any(path.endswith("notebooks/notebook.ipynb") for path in hostile.opened)


@pytest.mark.parametrize("payload", [one for one in PAYLOADS if one.form == "html" and one.quiet is not True])
def test_an_output_is_made_harmless_and_its_author_told(payload: Any) -> None:
    safe, told = safe_html(payload.text)
    assert active(safe) == []
    assert told or re.search(r" (?:title|class|id)=", payload.text)  # which are harmless: they go without a word


@pytest.mark.parametrize(
    ("tag", "name", "value", "told"),
    [
        ("p", "id", "kept", ""),
        ("p", "ID", "__config", "an id that the page or its scripts would take for another"),
        ("p", "class", "note wide", ""),
        ("p", "class", "note md-dialog", "a class that the theme's scripts act upon"),
        ("td", "align", "right", ""),
        ("p", "align", "right", "`align`"),
        ("a", "href", "tel:+123", ""),
        ("a", "href", "java\nscript:x", "an address that runs code"),
        ("p", "aria-label", "x", ""),
        ("p", "onclick", "x", "`onclick`"),
    ],
)
def test_an_attribute_stands_where_it_is_known_to_be_harmless(tag: str, name: str, value: str, told: str) -> None:
    assert attribute_told(tag, name, value) == told


@pytest.mark.parametrize("path", sorted((ROOT / "docs/assets").glob("*.js")), ids=lambda path: path.name)
def test_our_scripts_make_no_html_of_texts(path: Path) -> None:
    ways = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|createContextualFragment|srcdoc"
    )
    assert re.findall(ways, path.read_text(encoding="utf-8")) == []


def _parts(*words: str) -> Iterator[tuple[Path, ast.AST]]:
    """Every part of the code of the files in which one of *words* stands."""
    for path in CODE:
        text = path.read_text(encoding="utf-8")
        if any(word in text for word in words):
            yield from ((path, node) for node in ast.walk(ast.parse(text)))


def test_yaml_is_loaded_as_plain_values_everywhere() -> None:
    loader = "getattr(yaml, 'CSafeLoader', yaml.SafeLoader)"
    loads, classes = set(), set()
    for path, node in _parts("yaml"):
        if isinstance(node, ast.Call) and re.match(r"yaml\.(?!safe_)\w*load", ast.unparse(node.func)):
            loads |= {(path.name, ast.unparse(word.value)) for word in node.keywords} or {(path.name, "any")}
        elif isinstance(node, ast.ClassDef):
            classes |= {(path.name, name) for name in map(ast.unparse, node.bases) if "yaml" in name}
    assert loads == {("files.py", loader)}
    assert {found for found in classes if "Loader" in found[1]} == {("front_matter.py", loader)}


def test_nothing_that_would_run_when_it_is_read_is_read() -> None:
    """Pickles and compiled code are programs.

    One module knows of pickles, and sends its own code to a cluster; another runs MkDocs with another clock. A third
    reads pickles, and makes of them the values of its own package or nothing (test_derived.py).
    """
    running = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve", "runpy"}
    found, asked = set(), set()
    for path, node in _parts(*running):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
        found |= {(path.relative_to(ROOT).as_posix(), name) for name in names if name.split(".")[0] in running}
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in running:
            asked.add(ast.unparse(node))
    assert found - {("tests/test_derived.py", "pickle")} == {
        ("notebooks/run.py", "cloudpickle"),
        (".ci/reproduce.py", "runpy"),
        ("hooks/sitegraph/derived.py", "pickle"),
    }
    errors = {"pickle.PicklingError", "pickle.UnpicklingError"}
    assert asked - errors - {"runpy.run_module", "cloudpickle.register_pickle_by_value"} == {
        "pickle.dumps",
        "pickle.Unpickler",  # of which `find_class` is another
    }


def test_the_build_executes_no_text() -> None:
    found = [
        f"{path.name}: {ast.unparse(node)}"
        for path, node in _parts("eval(", "exec(", "compile(", "__import__(", "os.system", "popen", ".recv(", "shell=")
        if path.is_relative_to(ROOT / "hooks") and isinstance(node, ast.Call) and _EXECUTES.match(ast.unparse(node))
    ]
    assert found == []


_EXECUTES = re.compile(r"(?:eval|exec|compile|__import__|os\.system|os\.popen)\(|\w+\.recv\(|FileSystemBytecodeCache\(")


def test_no_file_of_the_repository_can_stand_for_what_a_build_keeps() -> None:
    """What is kept between builds is believed: it lies where git puts nothing."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    first = {path.partition("/")[0] for path in tracked.split("\0")}
    assert not first & {".cache", "site", ".venv", ".hypothesis"}
    ignored = subprocess.run(["git", "check-ignore", ".cache/kept/results.sqlite"], cwd=ROOT, capture_output=True)
    assert ignored.returncode == 0
