"""What the site is built with, and what of it readers are given: pinned, named, and without traces of the machine."""

from __future__ import annotations

import importlib.util
import json
import re
import socket
from collections.abc import Callable
from fnmatch import fnmatchcase
from importlib.metadata import metadata
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from sitegraph.shipped import WORKS, shipped

ROOT = Path(__file__).parent.parent
SETS = ("requirements.txt", "notebooks/requirements.txt", "requirements-dev.txt")
PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;]+)", re.MULTILINE)


def locked(name: str) -> str:
    return (ROOT / ".ci/locked" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SETS)
def test_every_package_is_locked_by_the_digests_of_its_files(name: str) -> None:
    whole = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", locked(name), flags=re.MULTILINE))
    lines = whole.strip().splitlines()
    assert len(lines) > 70
    form = r"[\w.-]+==[\w.!+]+ (?:; [^\\]+? )?--hash=sha256:[0-9a-f]{64}(?: *--hash=sha256:[0-9a-f]{64})*"
    assert [line for line in lines if not re.fullmatch(form, line)] == []


@pytest.mark.parametrize("name", SETS)
def test_what_make_installs_is_what_a_bare_pip_installs(name: str) -> None:
    """The versions are those of requirements.lock, and all that the file itself names is there."""
    pinned = set(PIN.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")))
    found = set(PIN.findall(locked(name)))
    assert found <= pinned
    asked = {(key.lower().replace("_", "-"), version) for key, version in PIN.findall((ROOT / name).read_text())}
    assert asked <= found


@pytest.mark.parametrize("path", ["requirements.lock", *(f".ci/locked/{name}" for name in SETS)])
def test_no_lock_tells_from_where_packages_came(path: str) -> None:
    assert re.findall(r"://|--(?:extra-)?index-url|--find-links|^-i", (ROOT / path).read_text(encoding="utf-8")) == []


def test_make_installs_nothing_that_is_not_locked() -> None:
    text = (ROOT / ".ci/install").read_text(encoding="utf-8")
    assert re.findall(r"pip install.*", text) == [
        'pip install -qq --no-compile --require-hashes -r ".ci/locked/$requirements" || fail \\'
    ]


def test_the_script_that_asks_for_weaknesses_names_every_pin() -> None:
    spec = importlib.util.spec_from_file_location("vulnerabilities", ROOT / ".ci/vulnerabilities.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert len(re.findall(r'^#   ".+==.+",$', module.script(lock), re.MULTILINE)) == len(PIN.findall(lock))


def test_the_licence_of_a_package_is_what_the_package_says() -> None:
    for work in WORKS:
        if work.package:
            about = metadata(work.package)
            said = [about[name] for name in ("License-Expression", "License") if name in about]
            assert work.licence in said, work.name


def test_what_is_within_the_themes_script_is_what_its_map_says() -> None:
    found = importlib.util.find_spec("material")
    assert found
    assert found.origin
    (path,) = (Path(found.origin).parent / "templates/assets/javascripts").glob("bundle.*.js.map")
    sources = json.loads(path.read_text(encoding="utf-8"))["sources"]
    names = {name for source in sources for name in re.findall(r"node_modules/((?:@[^/]+/)?[^/]+)", source)}
    assert names == {work.within for work in WORKS if work.within}


def test_a_work_is_named_where_a_file_of_it_is_there() -> None:
    assert [work.name for work in shipped(["assets/fonts/serif.woff2"])] == ["Newsreader"]
    live = ["live/c0ffee/pyodide.asm.wasm", "live/c0ffee/stdlib.gzb", "live/c0ffee/vega-lite.js"]
    assert [work.name for work in shipped(live)] == ["Pyodide", "CPython", "Vega and Vega-Lite"]


@pytest.fixture(scope="module")
def names(real_site: Path) -> list[str]:
    return sorted(path.relative_to(real_site).as_posix() for path in real_site.rglob("*") if path.is_file())


@pytest.mark.build
def test_the_about_page_names_every_work_of_others_that_is_served(
    real_site: Path, names: list[str], read_page: Callable[[Path], Element]
) -> None:
    own = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs/assets").glob("*.*")}
    code = [name for name in names if name.endswith((".js", ".mjs", ".css", ".woff2", ".wasm", ".pagefind", ".gzb"))]
    patterns = [pattern for work in WORKS for pattern in work.files]
    known = own | {name for name in code if any(fnmatchcase(name, pattern) for pattern in patterns)}
    assert [name for name in code if name not in known and not name.startswith("assets/live/")] == []
    page = read_page(real_site / "about")
    (section,) = (part for part in page.iter("section") if part.get("aria-labelledby") == "made-by-others")
    told = ["".join(item.itertext()) for item in section.iter("li")]
    assert [
        line.startswith(work.name) and line.endswith(f": {work.licence}")
        for line, work in zip(told, shipped(names), strict=True)
    ] == [True] * len(told)


@pytest.mark.build
def test_no_map_of_sources_and_no_cache_is_served(real_site: Path, names: list[str]) -> None:
    assert [name for name in names if name.endswith((".map", ".pyc", ".sqlite", "~", ".swp", ".orig", ".bak"))] == []
    assert [name for name in names if any(part.startswith((".", "__")) for part in name.split("/"))] == []
    texts = [name for name in names if name.endswith((".js", ".mjs", ".css", ".html"))]
    assert [name for name in texts if b"sourceMappingURL" in (real_site / name).read_bytes()] == []


@pytest.mark.build
def test_nothing_that_is_served_tells_of_the_machine_that_built_it(real_site: Path, names: list[str]) -> None:
    traces = {str(ROOT), str(ROOT.resolve()), str(real_site.parent), str(Path.home()), socket.gethostname()}
    traces = {trace for trace in traces if len(trace) > 4}  # "/" or "root" may stand in any sentence
    traces |= {f"{Path.home()}/", "site-packages"}
    found = [
        (name, trace)
        for name in names
        for content in [(real_site / name).read_bytes()]
        for trace in traces
        if trace.encode() in content
        and not fnmatchcase(name, "live/*/pyodide.*")  # which tell of their makers' machine
    ]
    assert found == []
