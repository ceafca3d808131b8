"""New pages: what stands in a thread, an essay or a notebook before its author has written a word.

Whatever the author has to find is a hint (`hints.py`), which the build tells until it is replaced. A notebook begins
with a small model that runs, a control, and a rule fixed beforehand, in the form that all notebooks have.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from keyword import iskeyword
from pathlib import Path
from string import Template
from typing import Literal

import yaml
from markdown.extensions.toc import slugify

from .hints import is_hint
from .index import Index

NewKind = Literal["thread", "essay", "notebook"]

LONGEST_TITLE = 100
"""Characters of a title that still fit a list and the name of a file."""


def slug_of(title: str) -> str:
    """The name of the file of the page called *title*: small letters, digits and hyphens."""
    return slugify(title, "-").replace("_", "-").strip("-")


def wrong_title(kind: NewKind, title: str, pages: Index) -> str:
    """Why no new page among *pages* can be called *title*, in a sentence; '' where one can."""
    slug = slug_of(title)
    if not title.strip():
        return f'a new page needs a title, like make {kind} TITLE="A rare penalty or a steady bonus?"'
    if len(title.splitlines()) > 1 or len(title) > LONGEST_TITLE:
        return f"a title is one line of at most {LONGEST_TITLE} characters, and this one has {len(title)}"
    if is_hint(title):
        return "a title cannot be a hint"
    if not slug:
        return f"“{title}” has no letter from a to z and no digit, of which the name of its file could be made"
    module = module_of(slug)
    if kind == "notebook" and (iskeyword(module) or not module.isidentifier()):
        return f"a notebook’s model is a Python module, which cannot be called `{module}`: begin the title with a word"
    for name in (title, f"{slug}.ipynb" if kind == "notebook" else slug):
        for other in pages.named(name):
            return f"{other.path} is called `{name}` already"
    return ""


def module_of(slug: str) -> str:
    """The name of the module that holds the model of the notebook *slug*."""
    return slug.replace("-", "_")


def new_files(kind: NewKind, title: str, day: str) -> Mapping[str, str]:
    """What a new page called *title* consists of, by path; *day* is the day on which it is begun."""
    slug, title = slug_of(title), " ".join(title.split())
    if kind == "notebook":
        return _notebook(slug, title, day)
    return {f"docs/{kind}s/{slug}.md": _filled(f"{kind}.md.txt", {"title": _field("title", title), "day": day})}


def _field(name: str, value: str) -> str:
    """The line of front matter that gives *name* the *value*, quoted where YAML needs it."""
    return str(yaml.safe_dump({name: value}, allow_unicode=True, width=1000)).rstrip("\n")


def _notebook(slug: str, title: str, day: str) -> Mapping[str, str]:
    names = {"slug": slug, "module": module_of(slug), "title": _field("title", title), "day": day}
    cells = [
        {
            "cell_type": kind,
            "id": f"cell-{number:02}",
            "metadata": {},
            "source": text.rstrip().splitlines(keepends=True),
        }
        | ({"execution_count": None, "outputs": []} if kind == "code" else {})
        for number, (kind, text) in enumerate(_CELL.findall(_filled("notebook.txt", names)))
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    whole = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return {
        f"notebooks/{slug}.ipynb": json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        f"notebooks/models/{module_of(slug)}.py": _filled("model.py.txt", names),
        f"tests/models/test_{module_of(slug)}.py": _filled("test_model.py.txt", names),
    }


_CELL = re.compile(r"^=== (\w+) ===\n(.*?)(?=^===|\Z)", re.DOTALL | re.MULTILINE)
"""A cell of notebook.txt: its kind, and its text."""


def _filled(name: str, values: Mapping[str, str]) -> str:
    """The text that lies beside this module under *name*, with *values* in the places that name them."""
    return Template((Path(__file__).with_name("new") / name).read_text(encoding="utf-8")).substitute(values)
