"""Values as JSON that a person can compare: one element a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

_encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False)  # one for all: making it takes as long as using it


def json_text(value: Any) -> str:
    """*value* on one line."""
    return _encoder.encode(value)


def json_list(values: Iterable[Any]) -> str:
    """*values* as a list, each on a line of its own, so that a change to one is a change to one line."""
    return "[\n" + ",\n".join(map(json_text, values)) + "\n]"
