"""What of a specification is no Vega-Lite, as far as the build can tell: tests check it against the whole schema."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\S+", text))


MARKS = _words(
    "arc area bar boxplot circle errorband errorbar geoshape image line point rect rule square text tick trail"
)
CHANNELS = _words("""
    angle color column description detail facet fill fillOpacity href key latitude latitude2 longitude longitude2
    opacity order radius radius2 row shape size stroke strokeDash strokeOpacity strokeWidth text theta theta2 time
    tooltip url x x2 xError xError2 xOffset y y2 yError yError2 yOffset
""")
PARTS = _words("""
    $schema align autosize background bounds center columns concat config data datasets description encoding facet
    hconcat height layer mark name padding params projection repeat resolve spacing spec title transform usermeta
    vconcat view width
""")
_INSIDE = ("layer", "concat", "hconcat", "vconcat")


def outside(spec: Any, schema: str = "/schema/vega-lite/v6.json") -> str:
    """The first thing in *spec* that Vega-Lite has no word for, in words; '' where all is well."""
    if not isinstance(spec, Mapping):
        return "it is not an object"
    if not str(spec.get("$schema", schema)).endswith(schema):
        return f"its schema is {spec['$schema']}"
    return next(_strange(spec), "")


def _strange(spec: Mapping[str, Any]) -> Iterator[str]:
    for part in spec:
        if part not in PARTS:
            yield f"there is no part `{part}`"
    mark = spec.get("mark")
    kind = mark.get("type") if isinstance(mark, Mapping) else mark
    if mark is not None and kind not in MARKS:
        yield f"there is no mark `{kind}`"
    encoding = spec.get("encoding")
    for channel in encoding if isinstance(encoding, Mapping) else ():
        if channel not in CHANNELS:
            yield f"there is no channel `{channel}`"
    parts = [inner for name in _INSIDE for inner in (spec.get(name) or ())]
    if isinstance(spec.get("spec"), Mapping):
        parts.append(spec["spec"])
    for inner in parts:
        if isinstance(inner, Mapping):
            yield from _strange(inner)
