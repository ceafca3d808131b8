"""Our own settings among those of mkdocs.yml. What MkDocs and its plugins ask for, they check themselves."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from .model import Place, Problem
from .rules import problem

SETTINGS = "mkdocs.yml"

OWN = {
    "licence": "the address of the licence of the texts",
    "edit": "where, below `repo_url`, a file can be edited, like edit/main/",
}
"""What stands under `extra:`, in words."""

_TEXT = ("tag:yaml.org,2002:str", "!ENV")


def wrong_settings(text: str) -> Iterator[Problem]:
    """What under `extra:` is not as it should be; *text* is that of mkdocs.yml, which MkDocs has read already."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return
    if not isinstance(root, yaml.MappingNode):
        return
    for key, extra in root.value:
        if key.value == "extra" and isinstance(extra, yaml.MappingNode):
            for name, value in extra.value:
                if name.value in OWN and value.tag not in _TEXT:
                    place = Place(SETTINGS, name.start_mark.line + 1)
                    sentence = f"`{name.value}` should be text: {OWN[name.value]}"
                    yield problem("settings-valid", place, sentence)
