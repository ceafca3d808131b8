"""Any body as HTML: what is Markdown, plain text or draft-js becomes what the forum would have shown.

The names of the forms (`html`, `lexical`, `ckEditorMarkup`, `draftJS`, `markdown`) and what they hold are those of
ForumMagnum's `dataToHTML` (server/editor/conversionUtils.ts); the blocks and entities of draft-js those of its
`draftConvert`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby, pairwise
from typing import Any

from markdown import Markdown

from .values import Body, text_of

_FENCE = re.compile(r"^(?:\+\+\+.*|:::.*|%%% ?/?llm-output.*)$")
_PLAIN_FORMULA = re.compile(r"\$(?! )([^$\n]*?[\\^_{][^$\n]*?)(?<! )\$")
_STYLES = {"BOLD": "strong", "ITALIC": "em", "CODE": "code", "STRIKETHROUGH": "del"}
_BLOCKS = {
    "header-one": "h1",
    "header-two": "h2",
    "header-three": "h3",
    "header-four": "h4",
    "header-five": "h5",
    "header-six": "h6",
    "blockquote": "blockquote",
}
_LISTS = {"unordered-list-item": "ul", "ordered-list-item": "ol"}


def to_html(body: Body) -> str:
    """The HTML of *body*, with whatever dangerous things it holds."""
    if body.form == "markdown":
        return _markdown().reset().convert(_without_fences(body.text))
    if body.form == "plain":
        return "".join(f"<p>{_plain(line)}</p>" for line in body.text.split("\n") if line.strip())
    return body.text


@cache
def _markdown() -> Markdown:
    # Superfences, not fenced_code: a fence may stand in a list or a quotation.
    return Markdown(
        extensions=[
            "tables",
            "footnotes",
            "sane_lists",
            "pymdownx.superfences",
            "pymdownx.tilde",
            "pymdownx.arithmatex",
        ],
        extension_configs={
            "pymdownx.arithmatex": {"generic": True},
            "pymdownx.tilde": {"subscript": False},
            "pymdownx.superfences": {"disable_indented_code_blocks": False},
        },
    )


def _without_fences(text: str) -> str:
    """*text* with the forum's own blocks written as quotations: spoilers begin with a '!', a machine's words do not."""
    lines, mark, in_code, hidden = [], "", False, False
    for line in text.split("\n"):
        bare = line.strip()
        if bare.startswith(("```", "~~~")):
            in_code = not in_code
        if not in_code and _FENCE.match(bare):
            if bare.startswith(":::"):
                mark = "" if mark or "spoiler" not in bare else ">! "
            elif bare.startswith("%%%"):
                mark = "" if "/llm-output" in bare else "> "
            elif bare != "+++":
                lines.append(f"**{bare[3:].strip()}**")
            continue
        line = f"{mark}{line}" if mark else line
        if not in_code and line.startswith(">!"):
            line = f">{line[2:]}" if hidden else f"> !{line[2:].lstrip()}"
            hidden = True
        elif bare:
            hidden = False
        lines.append(line.rstrip())
    return "\n".join(lines)


def _plain(line: str) -> str:
    pieces = _PLAIN_FORMULA.split(line)
    return "".join(
        rf'<span class="math-tex">\({html.escape(piece)}\)</span>' if number % 2 else html.escape(piece, quote=False)
        for number, piece in enumerate(pieces)
    )


def draft_js(data: Any) -> str | None:
    """The HTML of a draft-js document; None where *data* is none."""
    if not isinstance(data, Mapping) or not isinstance(data.get("blocks"), list):
        return None
    entities = data.get("entityMap")
    named: Mapping[str, Any] = entities if isinstance(entities, Mapping) else {}
    blocks = [block for block in data["blocks"] if isinstance(block, Mapping)]
    parts = []
    for kind, group in groupby(blocks, key=lambda block: block.get("type")):
        if kind in _LISTS:
            parts.append(_nested(list(group), _LISTS[kind], named))
        elif kind == "code-block":
            parts.append(f"<pre>{html.escape(chr(10).join(text_of(block.get('text')) for block in group))}</pre>")
        else:
            parts += (_block(kind, block, named) for block in group)
    return "".join(parts)


def _block(kind: Any, block: Mapping[str, Any], entities: Mapping[str, Any]) -> str:
    data = block.get("data")
    if kind == "atomic":
        tex = text_of(data.get("teX")) if isinstance(data, Mapping) else ""
        return rf'<p><span class="math-tex">\[{html.escape(tex)}\]</span></p>' if tex else ""
    inner = "".join(_inline(block, entities))
    if kind == "spoiler":
        return f'<p class="spoiler-v2">{inner}</p>'
    tag = _BLOCKS.get(str(kind), "p")
    return f"<{tag}>{inner}</{tag}>"


def _nested(items: list[Mapping[str, Any]], tag: str, entities: Mapping[str, Any]) -> str:
    """The items of one list, those that are deeper in lists of their own."""
    parts: list[str] = []
    depth = -1
    for item in items:
        deep = item.get("depth")
        deep = min(deep, depth + 1) if isinstance(deep, int) and deep > 0 else 0
        while depth > deep:
            parts.append(f"</li></{tag}>")
            depth -= 1
        parts.append(f"<{tag}>" if deep > depth else "</li>")
        depth = deep
        parts += ("<li>", *_inline(item, entities))
    parts += [f"</li></{tag}>"] * (depth + 1)
    return "".join(parts)


def _inline(block: Mapping[str, Any], entities: Mapping[str, Any]) -> Iterator[str]:
    """The text of a block, cut wherever a style or an entity begins or ends."""
    # draft-js counts as JavaScript does: in units of UTF-16.
    text = text_of(block.get("text")).encode("utf-16-le")
    ranges = [*_ranges(block.get("inlineStyleRanges"), "style"), *_ranges(block.get("entityRanges"), "key")]
    cuts = sorted({0, len(text) // 2, *(cut for start, end, _, _ in ranges for cut in (start, end))})
    for start, end in pairwise(cuts):
        piece = html.escape(text[2 * start : 2 * end].decode("utf-16-le", errors="ignore")).replace("\n", "<br>")
        here = [(kind, name) for first, last, kind, name in ranges if first <= start and end <= last]
        for kind, name in here:
            if kind == "style" and name in _STYLES:
                piece = f"<{_STYLES[name]}>{piece}</{_STYLES[name]}>"
        for kind, name in here:
            if kind == "key":
                piece = _entity(entities.get(name), piece)
        yield piece


def _ranges(found: Any, what: str) -> Iterator[tuple[int, int, str, str]]:
    for one in found if isinstance(found, list) else ():
        if isinstance(one, Mapping):
            start, length = one.get("offset"), one.get("length")
            if isinstance(start, int) and isinstance(length, int) and start >= 0 and length > 0:
                yield start, start + length, what, str(one.get(what))


def _entity(entity: Any, piece: str) -> str:
    if not isinstance(entity, Mapping) or not isinstance(entity.get("data"), Mapping):
        return piece
    data, kind = entity["data"], entity.get("type")
    if kind == "LINK":
        return f'<a href="{html.escape(text_of(data.get("url") or data.get("href")))}">{piece}</a>'
    if kind == "INLINETEX":
        return rf'<span class="math-tex">\({html.escape(text_of(data.get("teX")))}\)</span>'
    if kind == "IMAGE":
        return f'<img src="{html.escape(text_of(data.get("src")))}" alt="{html.escape(text_of(data.get("alt")))}">'
    return piece
