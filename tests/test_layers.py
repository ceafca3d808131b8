"""Imports point down: mkdocs_events → assemble → derive → read → model; MkDocs stays outside."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HOOKS = Path(__file__).parent.parent / "hooks"
PACKAGE = HOOKS / "sitegraph"

LAYERS = (
    ("model",),
    (
        "slots",
        "places",
        "suggest",
        "rules",
        "citations",
        "maths",
        "excerpts",
        "html_safe",
        "beside",
        "plain",
        "memo",
        "shipped",
    ),
    ("vega_lite", "keep", "hints", "obstacles", "readable", "served"),
    ("output",),
    ("json_text", "policy", "drawing", "words", "sentences"),
    ("front_matter", "bibliography", "prose", "notebooks", "freshness", "history", "settings"),
    ("reading",),
    (
        "index",
        "links",
        "numbering",
        "backlinks",
        "reference_format",
        "speaker",
        "figures",
        "verdicts",
        "quotes",
        "drift",
        "live_code",
    ),
    ("live", "dates", "similar", "labels", "summary", "near", "ties", "map_labels"),
    ("new_pages", "review"),
    ("topics", "layout", "neighbourhood", "leaves", "derived"),
    ("assemble",),
    ("elsewhere", "csl", "cite_page"),
    ("markdown_page", "feeds", "sitemap", "llms_txt", "pictures"),
    ("map_drawing", "page_key"),
    ("graph_json", "json_ld"),
    ("search_records", "page_names"),
    ("search_files",),
    ("publish",),
)
"""From the bottom to the top: values, small tools, read, derive, the order of all of it, what is made of the whole."""

LAYER = {name: number for number, layer in enumerate(LAYERS) for name in layer}
MODULES = sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__")


def imports(path: Path) -> dict[str, set[str]]:
    """The modules that *path* imports: those of the package under '', the others under their first name."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                found.setdefault(alias.name.split(".")[0], set()).add(alias.name)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.setdefault((node.module or "").split(".")[0], set()).add(node.module or "")
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 1, f"{path} looks above its package"
            names = [node.module] if node.module else [alias.name for alias in node.names]
            found.setdefault("", set()).update(names)
    return found


def test_every_module_has_its_layer() -> None:
    assert sorted(LAYER) == MODULES


@pytest.mark.parametrize("name", MODULES)
def test_a_module_imports_no_module_of_a_higher_layer(name: str) -> None:
    above = {other for other in imports(PACKAGE / f"{name}.py").get("", ()) if LAYER[other] > LAYER[name]}
    assert above == set()


@pytest.mark.parametrize("name", MODULES)
def test_no_module_of_the_package_knows_mkdocs(name: str) -> None:
    known = imports(PACKAGE / f"{name}.py").keys()
    assert not {module for module in known if module.startswith(("mkdocs", "material", "jinja2"))}


def test_modules_import_each_other_in_one_direction_and_none_is_left_over() -> None:
    reached: dict[str, set[str]] = {}

    def reach(name: str, path: tuple[str, ...] = ()) -> set[str]:
        assert name not in path, " → ".join([*path, name])
        if name not in reached:
            direct = imports(PACKAGE / f"{name}.py").get("", set())
            reached[name] = direct.union(*(reach(other, (*path, name)) for other in direct))
        return reached[name]

    folders = (HOOKS, HOOKS.parent / "notebooks", HOOKS.parent / ".ci")
    users = [path for folder in folders for path in folder.glob("*.py")]
    named = {module for path in users for module in imports(path).get("sitegraph", ())}
    begun = {module.removeprefix("sitegraph.") for module in named}
    assert begun.union(*map(reach, begun)) == set(MODULES)


def test_three_files_know_mkdocs() -> None:
    knowing = sorted(path.name for path in HOOKS.rglob("*.py") if "mkdocs" in imports(path))
    assert knowing == ["mkdocs_build.py", "mkdocs_events.py", "mkdocs_preview.py"]


IMPORTING = HOOKS / "importing"
IMPORTING_LAYERS = (
    ("values",),
    ("addresses", "to_html", "to_markdown"),
    ("documents",),
    ("exports", "comment_pages", "profile"),
    ("receive", "whose", "threads"),
    ("files",),
    ("plan",),
    ("folder",),
)
"""From the bottom to the top: values, texts and addresses, documents, forms of files, threads, files, what is done."""


def test_what_imports_comments_has_layers_too_and_all_of_it_is_reached() -> None:
    layer = {name: number for number, layer in enumerate(IMPORTING_LAYERS) for name in layer}
    assert sorted(layer) == sorted(path.stem for path in IMPORTING.glob("*.py") if path.stem != "__init__")
    found = {name: imports(IMPORTING / f"{name}.py").get("", set()) for name in layer}
    assert [(name, other) for name in found for other in found[name] if layer[other] > layer[name]] == []
    used = {module.removeprefix("importing.") for module in imports(HOOKS / "import_comments.py")["importing"]}
    assert used.union(*found.values()) == set(layer)


def test_the_build_knows_nothing_of_what_imports_comments() -> None:
    of_the_build = [*HOOKS.glob("mkdocs_*.py"), *PACKAGE.glob("*.py")]
    assert [path.name for path in of_the_build if "importing" in imports(path)] == []


@pytest.mark.parametrize("path", [HOOKS / "import_comments.py", *IMPORTING.glob("*.py")], ids=lambda path: path.name)
def test_an_import_has_no_way_to_the_network(path: Path) -> None:
    ways = {"socket", "ssl", "http", "requests", "httpx", "aiohttp", "subprocess", "ftplib", "webbrowser"}
    found = imports(path)
    assert ways & found.keys() == set()
    assert found.get("urllib", set()) <= {"urllib.parse"}
