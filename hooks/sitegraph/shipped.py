"""What of other people's work a reader's browser is given, and under which licence.

A list that is kept by hand; a test compares it with the files of the built site and with what the packages say.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib.metadata import version


@dataclass(frozen=True)
class Shipped:
    """A work of others, and the files of the site that it, or a part of it, is in."""

    name: str
    what: str  # what it does here
    licence: str  # by its name at SPDX
    home: str
    files: tuple[str, ...]  # patterns of paths from the root of the site, in which * stands for anything
    package: str = ""  # the Python package that it comes from, '' where it comes from none
    within: str = ""  # its name at npm, where it is within Material's script

    @property
    def version(self) -> str:
        """Of the package that is installed."""
        return version(self.package) if self.package else ""


_MATERIAL = "mkdocs-material"
_WITHIN = "within Material’s script"
_BUNDLE = ("assets/javascripts/bundle.*.js",)

WORKS = (
    Shipped(
        "Material for MkDocs",
        "the frame of the pages, their style and their script",
        "MIT",
        "https://squidfunk.github.io/mkdocs-material/",
        (*_BUNDLE, "assets/stylesheets/*", "assets/theme.css", "assets/images/favicon.png"),
        _MATERIAL,
    ),
    Shipped("RxJS", _WITHIN, "Apache-2.0", "https://rxjs.dev/", _BUNDLE, within="rxjs"),
    Shipped("clipboard.js", _WITHIN, "MIT", "https://clipboardjs.com/", _BUNDLE, within="clipboard"),
    Shipped("escape-html", _WITHIN, "MIT", "https://github.com/component/escape-html", _BUNDLE, within="escape-html"),
    Shipped("focus-visible", _WITHIN, "W3C", "https://github.com/WICG/focus-visible", _BUNDLE, within="focus-visible"),
    Shipped("tslib", _WITHIN, "0BSD", "https://github.com/microsoft/tslib", _BUNDLE, within="tslib"),
    Shipped(
        "Material Design Icons",
        "the signs of buttons, drawn within the pages",
        "Apache-2.0",
        "https://pictogrammers.com/library/mdi/",
        ("*.html",),
    ),
    Shipped(
        "Newsreader",
        "the typeface, by Production Type",
        "OFL-1.1",
        "https://github.com/productiontype/Newsreader",
        ("assets/fonts/*",),
    ),
    Shipped("Pagefind", "the search", "MIT", "https://pagefind.app/", ("pagefind/*",), "pagefind_bin"),
    Shipped(
        "Pyodide",
        "Python in the browser",
        "MPL-2.0",
        "https://pyodide.org/",
        ("live/*pyodide*",),
    ),
    Shipped(
        "CPython",
        "Python itself, and its library",
        "PSF-2.0",
        "https://www.python.org/",
        ("live/*stdlib*", "live/*pyodide.asm.*"),
    ),
    Shipped(
        "Vega and Vega-Lite",
        "charts that are drawn anew",
        "BSD-3-Clause",
        "https://vega.github.io/",
        ("live/*vega*",),
    ),
)
"""Every work of others that a page of this site may need."""


def shipped(names: Collection[str]) -> tuple[Shipped, ...]:
    """The works of which a file is among those called *names*."""
    return tuple(work for work in WORKS if any(fnmatchcase(name, one) for name in names for one in work.files))
