"""The theme.css and the frame of the pages fit the Material that is installed."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TRIMMED = (ROOT / "docs/assets/theme.css").read_text(encoding="utf-8")
_FOUND = find_spec("material")
assert _FOUND
assert _FOUND.origin
MATERIAL = Path(_FOUND.origin).parent / "templates"
WHOLE = sorted((MATERIAL / "assets/stylesheets").glob("*.css"))

_DATA = re.compile(r'url\("data:.*?"\)', re.DOTALL)
_SELECTORS = re.compile(r"([^{}]+)\{")
_CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
_USED = re.compile(r'\bclass="([^"]*)"')


def selectors(css: str) -> list[set[str]]:
    """The classes that each selector of *css* asks for."""
    together = _SELECTORS.findall(_DATA.sub("", css))
    return [set(_CLASS.findall(selector)) for selectors in together for selector in selectors.split(",")]


def styled(css: str) -> set[str]:
    """The classes that *css* has rules for."""
    return set().union(*selectors(css))


def test_it_was_made_from_the_installed_material() -> None:
    first_line = TRIMMED.split("\n", 1)[0]
    assert [path.name for path in WHOLE if path.name not in first_line] == [], "run make theme-css"


def test_what_material_styles_on_a_page_is_styled(real_site: Path) -> None:
    pages = [path.read_text(encoding="utf-8") for path in real_site.rglob("*.html")]
    used = {name for page in pages for names in _USED.findall(page) for name in names.split()}
    whole = "".join(path.read_text(encoding="utf-8") for path in WHOLE)
    needed = set().union(*(classes for classes in selectors(whole) if classes <= used))
    assert sorted(needed - styled(TRIMMED)) == [], "run make theme-css"


@pytest.mark.parametrize(
    "selector",
    [
        ".md-tooltip2--active",
        "[role=tooltip]>.md-tooltip2__inner",
        ".md-dialog--active",
        ".md-code__button[data-md-type=copy]:after",
        ".md-nav__link--active",
        ".highlight .kd",
        ".md-typeset .footnote-backref",
    ],
)
def test_what_scripts_add_and_authors_may_write_is_styled(selector: str) -> None:
    assert selector in TRIMMED


def test_the_scripts_that_the_frame_names_are_those_of_the_installed_material() -> None:
    frame = (ROOT / "hooks/templates/base.html").read_text(encoding="utf-8")
    named = re.findall(r"'(assets/javascripts/[^']*)'|\"(assets/javascripts/[^\"]*)\"", frame)
    assert named
    assert [name for pair in named for name in pair if name and not (MATERIAL / name).is_file()] == []
