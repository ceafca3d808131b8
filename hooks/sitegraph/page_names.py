"""What every page is and was called, for the page that says that there is no such page."""

from __future__ import annotations

import json
from collections.abc import Mapping

from .model import Leaf


def page_names(leaves: Mapping[str, Leaf]) -> str:
    """JSON: the address, title and kind of every page, and the names it had before where there are any."""
    pages = [leaves[path].page for path in sorted(leaves)]
    named = [
        {
            "address": page.url,
            "title": page.title,
            "kind": page.kind,
            **({"aliases": page.aliases} if page.aliases else {}),
        }
        for page in pages
    ]
    return json.dumps(named, ensure_ascii=False, separators=(",", ":")) + "\n"
