"""Notebooks: the stored file to prose, code and what was published. Nothing is ever run.

A notebook's prose is read like any page: its front matter (a first, raw cell) and its Markdown cells become one text,
in which a mark stands for each code cell. Code and outputs are kept beside it as values.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from .html_safe import DEEPEST, depth_of, safe_drawing, safe_html
from .model import (
    VERDICTS,
    Boundary,
    Cell,
    Control,
    Figure,
    Knob,
    Notebook,
    Outcome,
    Output,
    Place,
    Point,
    Problem,
    Result,
    State,
)
from .rules import problem
from .vega_lite import outside

CLAIM_TYPE = "application/vnd.notebook.claim+json"
RESULT_TYPE = "application/vnd.notebook.result+json"
VEGA_TYPE = "application/vnd.vegalite.v6+json"
BOUNDARY_TYPE = "application/vnd.notebook.boundary+json"

LARGEST_OUTPUT = 1_000_000
"""Characters of one output that a page can still show."""

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_OPENING_QUOTE = re.compile(r"(?<![^\s(\[])'")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PLACEHOLDER = '<div class="cell-mark" data-cell="{}"></div>'
PLACEHOLDER = re.compile(r'<div class="cell-mark" data-cell="(\d+|answer)"></div>')
"""Where in the prose a code cell stands, by its number, and where the answer ends."""


_KINDS: Mapping[type, Literal["claim", "result", "figure", "boundary"]] = {
    Outcome: "claim",
    Result: "result",
    Figure: "figure",
    Boundary: "boundary",
}


@dataclass(frozen=True)
class NotebookRead:
    """A notebook as it was found: its prose as one text, the line of the file for each line of it, and its values."""

    text: str
    lines: tuple[int, ...]
    notebook: Notebook
    problems: tuple[Problem, ...]


def read_notebook(path: str, content: bytes) -> NotebookRead:
    """The notebook *content* of the file *path*; where it is not one, an empty notebook and the reason."""
    try:
        text = content.decode("utf-8-sig")
        document = json.loads(text)
        if _halves(text):
            document = _whole(document)
        if not isinstance(document, dict) or not isinstance(document.get("cells"), list):
            raise TypeError("it has no list of cells")
        cells = [_checked_cell(cell) for cell in document["cells"]]
        metadata = document.get("metadata", {})
        if not isinstance(metadata, dict):
            raise TypeError("its metadata is not an object")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        reason = f"it has no {error}" if isinstance(error, KeyError) else str(error).splitlines()[0]
        sentence = f"this is not a notebook: {reason}"
        return NotebookRead(
            "", (), Notebook((), {}, "", ran=False), (problem("notebook-readable", Place(path, line), sentence),)
        )
    read = _Reader(path, text, cells, metadata).read()
    halves = (_half_a_character(path, text, place) for place in _halves(text)[:1])
    return replace(read, problems=(*read.problems, *halves))


_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")
_HALF = re.compile("[\ud800-\udfff]")


def _halves(text: str) -> list[int]:
    """Where in JSON an escape stands for half a character, which no file can hold."""
    if "\\ud" not in text and "\\uD" not in text:
        return []
    found = ((found.start(), found[0].lower()) for found in _ESCAPE.finditer(text))
    return [place for place, escape in found if len(escape) == 6 and escape[2] == "d" and escape[3] in "89abcdef"]


def _half_a_character(path: str, text: str, place: int) -> Problem:
    sentence = f"this is half a character, `{text[place : place + 6]}`, which no file can hold"
    return problem("file-is-utf8", Place(path, text.count("\n", 0, place) + 1), sentence)


def _whole(value: Any) -> Any:
    """*value* as JSON gave it, with U+FFFD for each half of a character."""
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return {_whole(name): _whole(one) for name, one in value.items()} if isinstance(value, dict) else value


def code_only(notebook: Notebook) -> str:
    """A notebook, as text, of the code cells of *notebook* and those of their outputs that nothing else shows."""
    cells = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"cell-{cell.number}",
            "metadata": {"number": cell.number},
            "source": cell.source,
            "outputs": [_stored(output) for output in cell.outputs if output.kind in ("text", "html", "error")],
        }
        for cell in notebook.cells
    ]
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False)


def _stored(output: Output) -> Mapping[str, Any]:
    if output.kind == "html":
        return {"output_type": "display_data", "metadata": {}, "data": {"text/html": output.value}}
    return {"output_type": "stream", "name": "stdout", "text": output.value}


def _checked_cell(cell: Any) -> Mapping[str, Any]:
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        raise TypeError("one of its cells is neither code nor Markdown")
    source = cell.get("source", "")
    if not all(isinstance(line, str) for line in (source if isinstance(source, list) else [source])):
        raise TypeError("the source of one of its cells is no text")
    outputs = cell.get("outputs", [])
    if not isinstance(outputs, list) or not all(isinstance(output, dict) for output in outputs):
        raise TypeError("one of its outputs is not an object")
    return cell


def _at_heading(source: str) -> tuple[str, str, str]:
    """*source* parted before its first heading of the second level: what is above it, its mark, and what follows."""
    above, mark, below = f"\n{source}".partition("\n## ")
    return above.removeprefix("\n"), mark.lstrip("\n"), below


def _joined(source: Any) -> str:
    """Text as the format keeps it: a string, or a list of lines."""
    return "".join(map(str, source)) if isinstance(source, list) else str(source or "")


class _Lines:
    """Finds the line of the file on which each line of a cell's source stands: in order, in its JSON spelling."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._counted = (0, 1)  # a place, and its line

    def of(self, piece: str) -> int:
        """The line of the next occurrence of *piece*; where there is none, the line reached so far."""
        for spelt in (json.dumps(piece, ensure_ascii=False)[1:-1], json.dumps(piece)[1:-1]):
            found = self._text.find(spelt, self._at) if piece.strip() else -1
            if found >= 0:
                self._at = found + len(spelt)
                break
        place, line = self._counted
        self._counted = self._at, line + self._text.count("\n", place, self._at)
        return self._counted[1]


class _Reader:
    def __init__(self, path: str, text: str, cells: Sequence[Mapping[str, Any]], metadata: Mapping[str, Any]) -> None:
        self.path = path
        self.cells = cells
        self.metadata = metadata
        self.where = _Lines(text)
        self.body: list[str] = []
        self.lines: list[int] = []
        self.found: list[Cell] = []
        self.problems: list[Problem] = []
        self.names: dict[str, set[str]] = {kind: set() for kind in _KINDS.values()}

    def read(self) -> NotebookRead:
        answered = False
        for number, cell in enumerate(self.cells):
            source = _joined(cell.get("source"))
            if cell["cell_type"] == "code":
                self._add(_PLACEHOLDER.format(number))
                self.found.append(self._code(number, source, cell))
            elif cell["cell_type"] == "markdown":
                opening, heading, rest = (source, "", "") if answered else _at_heading(source)
                self._add(opening)
                if not answered:
                    answered = True
                    self._add(_PLACEHOLDER.format("answer"))
                    if heading:
                        self._add(heading + rest)
            elif number == 0:
                self._add(source.rstrip("\n"), gap=False)
        # Those that were left out count: what they show is that it ran.
        ran = any(cell.get("outputs") for cell in self.cells)
        if self.found and not ran:
            sentence = "this notebook has no outputs: run it with `make notebooks`"
            self.problems.append(problem("notebook-ran", Place(self.path, 1), sentence))
        run = self.metadata.get("run")
        notebook = Notebook(
            cells=tuple(self.found),
            run=run if isinstance(run, dict) else {},
            profile=str(run.get("profile", "")) if isinstance(run, dict) else "",
            ran=ran,
        )
        return NotebookRead("\n".join(self.body) + "\n", tuple(self.lines), notebook, tuple(self.problems))

    def _add(self, source: str, *, gap: bool = True) -> None:
        for line in source.split("\n"):
            self.lines.append(self.where.of(line))
            self.body.append(line)
        if gap:
            self.lines.append(self.lines[-1])
            self.body.append("")

    def _code(self, number: int, source: str, cell: Mapping[str, Any]) -> Cell:
        first, _, rest = source.partition("\n")
        line = self.where.of(first)
        for other in rest.split("\n"):
            self.where.of(other)
        label = first.lstrip("# ").strip() if first.startswith("#") else ""
        outputs = tuple(
            output
            for given in cell.get("outputs", ())
            for output in self._output(given, number, Place(self.path, line))
        )
        return Cell(number, label, source, line, outputs)

    def _output(self, given: Mapping[str, Any], cell: int, place: Place) -> Iterator[Output]:
        if len(json.dumps(given)) > LARGEST_OUTPUT:
            limit = f"{LARGEST_OUTPUT:,}".replace(",", " ")
            sentence = f"an output of this cell has over {limit} characters, which no page can show"
            self.problems.append(problem("output-small", place, sentence))
            return
        kind = given.get("output_type")
        if kind == "error":
            name, value = given.get("ename", "error"), str(given.get("evalue", "")).splitlines() or [""]
            self.problems.append(problem("notebook-ran", place, f"this cell stopped with {name}: {value[0]}"))
            traceback = given.get("traceback")
            trace = "\n".join(map(str, traceback if isinstance(traceback, list) else ()))
            yield Output("error", _COLOUR.sub("", trace))
        elif kind == "stream":
            yield Output("text", _COLOUR.sub("", _joined(given.get("text"))))
        elif kind in ("display_data", "execute_result"):
            data, metadata = given.get("data"), given.get("metadata")
            yield from self._data(
                data if isinstance(data, dict) else {}, metadata if isinstance(metadata, dict) else {}, cell, place
            )

    def _data(self, data: Mapping[str, Any], metadata: Mapping[str, Any], cell: int, place: Place) -> Iterator[Output]:
        if CLAIM_TYPE in data:
            yield from self._published(self._outcome, data[CLAIM_TYPE], cell, place)
        elif RESULT_TYPE in data:
            yield from self._published(self._result, data[RESULT_TYPE], cell, place)
        elif BOUNDARY_TYPE in data:
            yield from self._published(_boundary, data[BOUNDARY_TYPE], cell, place)
        elif "image/svg+xml" in data or any(media.startswith("image/") for media in data):
            yield from self._figure(data, metadata, cell, place)
        elif "text/html" in data:
            written = _joined(data["text/html"])
            if depth_of(written) > DEEPEST:
                sentence = f"an output of this cell has elements that lie more than {DEEPEST} deep in one another"
                self.problems.append(problem("output-small", place, sentence))
                return
            safe, removed = safe_html(written)
            if removed:
                sentence = f"an output of this cell holds {removed}, which was taken out"
                self.problems.append(problem("html-safe", place, sentence))
            yield Output("html", safe)
        else:
            for media in sorted(data):
                if "javascript" in media:
                    sentence = "an output of this cell is JavaScript, which was left out"
                    self.problems.append(problem("html-safe", place, sentence))
            if "text/plain" in data:
                yield Output("text", _COLOUR.sub("", _joined(data["text/plain"])))

    def _published(self, read: Any, value: Any, cell: int, place: Place) -> Iterator[Output]:
        try:
            published = read(value, cell, place)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
            reason = f"it has no {error}" if isinstance(error, KeyError) else str(error)
            sentence = f"what this cell publishes cannot be read: {reason}"
            self.problems.append(problem("result-valid", place, sentence))
            return
        kind = _KINDS[type(published)]
        if published.name in self.names[kind]:
            sentence = f"this notebook publishes the {kind} `{published.name}` twice"
            self.problems.append(problem("name-unique", place, sentence))
            return
        self.names[kind].add(published.name)
        yield Output(kind, published)

    def _result(self, value: Mapping[str, Any], cell: int, place: Place) -> Result:
        spread = [None if value.get(end) is None else _finite(value["name"], value[end]) for end in ("lo", "hi")]
        return Result(
            name=_named(value["name"]),
            says=_prose(value["says"]),
            value=_finite(value["name"], value["value"]),
            unit=str(value.get("unit") or ""),
            lo=spread[0],
            hi=spread[1],
            decimals=_counted("decimals", value.get("decimals"), 15),
            seeds=str(value.get("seeds") or ""),
            measured=bool(value.get("measured")),
            place=place,
            cell=cell,
        )

    def _outcome(self, value: Mapping[str, Any], cell: int, place: Place) -> Outcome:
        verdict = value["verdict"]
        if verdict is not None and verdict not in VERDICTS:
            raise ValueError(f"`{verdict}` is not a verdict ({', '.join(VERDICTS)})")
        return Outcome(
            id=str(value["id"]),
            name=_named(str(value["id"]).rpartition("/")[2]),
            comment=str(value.get("comment") or ""),
            kind=str(value.get("kind") or ""),
            statement=str(value["statement"]),
            statistic=_prose(value.get("statistic")),
            delta=_finite("delta", value.get("delta", 0)),
            states=tuple(_state(found, str(value["id"])) for found in value["cells"]),
            controls=tuple(
                Control(str(item["name"]), str(item["expected"]), _finite(item["name"], item["found"]))
                for item in value.get("controls", ())
            ),
            verdict=verdict,
            condition=_prose(value.get("condition")),
            number=str(value.get("number") or ""),
            right_if=_prose(value.get("right_if")),
            by_construction=_prose(value.get("by_construction")),
            changed=_prose(value.get("changed_after_seeing")),
            seeds=str(value.get("seeds") or ""),
            measured=bool(value.get("measured")),
            place=place,
            cell=cell,
        )

    def _figure(
        self, data: Mapping[str, Any], metadata: Mapping[str, Any], cell: int, place: Place
    ) -> Iterator[Output]:
        about = metadata.get("figure")
        about = about if isinstance(about, dict) else {}
        alt, name = _prose(about.get("alt")).strip(), str(about.get("name") or "")
        if not alt or not name or "image/svg+xml" not in data:
            sentence = "a figure of this cell has no words for those who do not see it; show it with `lab.show`"
            self.problems.append(problem("figure-has-alt", place, sentence))
            return
        drawing = _joined(data["image/svg+xml"])
        if why := safe_drawing(drawing):
            self.problems.append(problem("html-safe", place, f"the figure `{name}` was left out: {why}"))
            return
        if VEGA_TYPE in data and (why := outside(data[VEGA_TYPE])):
            self.problems.append(problem("figure-in-vega-lite", place, f"the figure `{name}` is no Vega-Lite: {why}"))
        caption = _prose(about.get("caption"))
        yield from self._published(
            lambda *_: Figure(_named(name), alt, caption, drawing, place, cell), None, cell, place
        )


def _boundary(value: Mapping[str, Any], cell: int, place: Place) -> Boundary:
    claim = str(value["claim"])
    boundary = Boundary(
        claim=claim,
        name=_named(claim.rpartition("/")[2]),
        module=str(value["module"]),
        along=str(value["along"]),
        knobs=tuple(_knob(knob) for knob in value["knobs"]),
        points=tuple(_point(found, claim) for found in value["points"]),
        sentence=_prose(value["sentence"]),
        figure=_named(value["figure"]),
        statistic=_prose(value["statistic"]),
        seeds=str(value.get("seeds") or ""),
        told=value,
        place=place,
        cell=cell,
    )
    if boundary.along not in (knob.name for knob in boundary.knobs):
        raise ValueError(f"`{boundary.along}`, along which `{boundary.name}` was asked, is none of its settings")
    return boundary


def _knob(knob: Mapping[str, Any]) -> Knob:
    value, low, high, step = (_finite(f"{knob['name']}: {end}", knob[end]) for end in ("value", "low", "high", "step"))
    return Knob(str(knob["name"]), _prose(knob["says"]), value, low, high, step, str(knob.get("unit") or ""))


def _point(found: Mapping[str, Any], of: str) -> Point:
    state = _state(found, of)
    at = _finite(f"{of}: at", found["at"])
    return Point(at, str(found["words"]), state.mean, state.lo, state.hi, state.n, state.state)


def _state(found: Mapping[str, Any], of: str) -> State:
    words = str(found.get("setting") or "")
    lo, mean, hi = (_finite(of, found[name]) for name in ("lo", "mean", "hi"))
    return State(words, mean, lo, hi, _counted("n", found.get("n"), 10**12), str(found["state"]))


def _named(name: Any) -> str:
    if not _NAME.fullmatch(str(name)):
        raise ValueError(f"`{name}` should be a name of small letters and hyphens, like `survival-gap`")
    return str(name)


def _prose(value: Any) -> str:
    """*value* as text for readers: in code, quotes and apostrophes are straight ones."""
    return _OPENING_QUOTE.sub("‘", str(value or "")).replace("'", "’")


def _finite(name: Any, value: Any) -> float:
    """*value* as a number. Raises ValueError, with the *name* of what it stands for, when it is none or not finite."""
    # A whole number may have more digits than any other can hold.
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
        raise ValueError(f"`{str(name)[:60]}` is {str(value)[:60]}, not a finite number")
    return value


def _counted(name: str, value: Any, most: int) -> int:
    """*value* as a whole number from 0 to *most*; 0 where there is none. Raises ValueError where it is another."""
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most or value != int(value):
        raise ValueError(f"`{name}` is {str(value)[:60]}, not a whole number from 0 to {most}")
    return int(value)
