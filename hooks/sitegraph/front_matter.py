"""Front matter: the YAML at the head of a page, to values and problems."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import yaml

from .hints import hints_in, unfilled
from .model import Claim, Kind, Origin, Page, Place, Problem, Thread
from .rules import problem
from .suggest import did_you_mean

_BLOCK = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_CLAIM_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SOURCE = re.compile(r"[A-Z][0-9]{2,}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ADDRESS = re.compile(r"https?://[^\s<>\"'`{}|\\^\[\]]+")
_DIGEST = re.compile(r"[0-9a-f]{16}")

DEEPEST = 50
"""How deep the values of a front matter may lie in one another; a claim lies three deep."""


# The loader in C is ten times as fast; both accept plain values only.
class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Leaves a value that is none, such as the date 2026-13-40, as text: what a field should be is said field by field.

    So is a number with more digits than anybody could mean.
    """

    def value_or_text(self, node: yaml.ScalarNode) -> object:
        """The value, if it is one of its kind."""
        kind = node.tag.rpartition(":")[2]
        try:
            value = getattr(self, f"construct_yaml_{kind}")(node)
        except (ValueError, LookupError, AttributeError, OverflowError):
            return node.value
        return node.value if kind == "int" and abs(value) > _LARGEST else value


_LARGEST = 10**15
for _kind in ("timestamp", "int", "float", "bool"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_kind}", _Loader.value_or_text)
_Loader.add_constructor("tag:yaml.org,2002:set", _Loader.construct_yaml_map)  # a set has no order to be told in


@dataclass(frozen=True)
class Field:
    """What one field of the front matter must look like, as a test and in words."""

    expected: str
    valid: Callable[[Any], bool]
    required: bool = False


@dataclass(frozen=True)
class Read:
    """A page as its front matter describes it, and the text below."""

    page: Page
    body: str
    first_line: int  # the line of the file on which the body begins
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Block:
    """The front matter of one page: its values, their lines, and what YAML had to say."""

    values: Mapping[str, Any]
    lines: Mapping[str, int]
    claim_lines: Mapping[str, int]
    problems: tuple[Problem, ...]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(item) for item in value)


def _is_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_text(item) for pair in value.items() for item in pair)


def _is_date(value: Any) -> bool:
    return isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)


def _is_address(value: Any) -> bool:
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
        return False
    parts = urlsplit(value)
    return bool(parts.hostname) and not parts.username


def _matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))


def _one_of(*options: str) -> tuple[str, Callable[[Any], bool]]:
    return " or ".join((", ".join(options[:-1]), options[-1])), lambda value: value in options


_TITLE = Field("a line of text", _is_text, required=True)
_DESCRIPTION = Field("one sentence", _is_text, required=True)
_ALIASES = Field("a list of other names, like [the jet, Camus's runner]", _is_names)
_THEMES = Field("a list of themes, like [meaning, motivation]", _is_names, required=True)
_CLAIMS = Field("a mapping from claim names to claims", lambda value: isinstance(value, dict) and bool(value))
_DATE = Field("a date, like 2026-11-24", _is_date, required=True)
_UPDATED = Field("the date of the last change, like 2026-11-25", _is_date)

ORIGIN_FIELDS: Mapping[str, Field] = {
    "id": Field("the id of the comment where it was posted, in quotes", _matches(_ID)),
    "address": Field("the address of the comment, like https://example.org/posts/x?commentId=y", _is_address),
    "posted": Field("the day on which the comment was posted, like 2025-01-31", _is_date),
    "edited": Field("the day of the comment's last change, like 2025-02-01", _is_date),
    "retracted": Field("true or false", lambda value: isinstance(value, bool)),
    "parent-post": Field("the title of the post that the comment answers", _is_text),
    "parent-post-address": Field("the address of that post, like https://example.org/posts/x", _is_address),
    "parent-comment": Field("the address of the comment that it answers", _is_address),
    "original": Field("the digest of the comment's text, 16 letters and digits in quotes", _matches(_DIGEST)),
}
"""What `make import` knows of a comment; a page written by hand can say it too."""

TEMPLATES = (
    "about.html",
    "bibliography.html",
    "claims.html",
    "essays.html",
    "home.html",
    "map.html",
    "notebooks.html",
    "rules.html",
    "threads.html",
    "topics.html",
)
"""Those that make a page out of the whole site, each in hooks/templates."""

FIELDS: Mapping[Kind, Mapping[str, Field]] = {
    "essay": {
        "title": _TITLE,
        "description": _DESCRIPTION,
        "themes": _THEMES,
        "written": _DATE,
        "updated": _UPDATED,
        "aliases": _ALIASES,
        "claims": _CLAIMS,
    },
    "thread": {
        "title": _TITLE,
        "description": _DESCRIPTION,
        "kind": Field(*_one_of("comment", "shortform"), required=True),
        "speaker": Field("the name of the person who said it", _is_text, required=True),
        "answers": Field(
            "a key of the bibliography, or null where the parent post is not known",
            lambda value: value is None or _is_text(value),
            required=True,
        ),
        "parent": Field(*_one_of("certain", "likely", "unknown"), required=True),
        "source": Field(
            "the place in the source list, like C01",
            _matches(_SOURCE),
            required=True,
        ),
        "restated": _DATE,
        "updated": _UPDATED,
        "themes": _THEMES,
        "aliases": _ALIASES,
        "claims": _CLAIMS,
        **ORIGIN_FIELDS,
    },
    "notebook": {
        "title": _TITLE,
        "description": _DESCRIPTION,
        "themes": _THEMES,
        "written": _DATE,
        "updated": _UPDATED,
        "aliases": _ALIASES,
        "figure": Field("the name of the figure to open with", _is_text),
    },
    "page": {
        "title": _TITLE,
        "description": Field("one sentence", _is_text),
        "updated": _UPDATED,
        "aliases": _ALIASES,
        "template": Field(f"one of the templates {', '.join(TEMPLATES)}", lambda value: value in TEMPLATES),
        "part": Field("a whole number from 1", lambda value: type(value) is int and 1 <= value < 10_000),
        "search": Field("a mapping", lambda value: isinstance(value, dict)),
        "summaries": Field("a mapping from names of topics to a few sentences", _is_texts),
    },
}

CLAIM_FIELDS: Mapping[str, Field] = {
    "says": Field("one testable sentence", _is_text, required=True),
    "tested-by": Field("the slug of a notebook", _is_text),
    "test-would-take": Field("what a test would need", _is_text),
}


def kind_of(path: str) -> Kind:
    """The kind of a page, from where it lives; the lists of essays and threads are plain pages."""
    if path.endswith(".ipynb"):
        return "notebook"
    folder, _, name = path.removeprefix("docs/").rpartition("/")
    if name == "index.md":
        return "page"
    return {"essays": "essay", "threads": "thread"}.get(folder, "page")  # type: ignore[return-value]


def read_front_matter(path: str, url: str, text: str) -> Read:
    """The page that *text* describes; its lines end in line feeds.

    A field that is wrong is reported with its line and left out, so that the rest of the page still builds.
    """
    kind = kind_of(path)
    found = _BLOCK.match(text)
    block = _read_block(path, found[1]) if found else _Block({}, {}, {}, tuple(_unclosed(path, text)))
    body = text[found.end() :] if found else text
    first_line = text[: found.end()].count("\n") + 1 if found else 1

    problems = list(block.problems)
    if block.values or not block.problems:  # where YAML failed, nothing is known of the fields
        problems += _check_fields(path, f"this {kind}", block.values, FIELDS[kind], block.lines)
    good = {
        name: value
        for name, value in block.values.items()
        if name in FIELDS[kind] and FIELDS[kind][name].valid(value) and (name == "claims" or not any(hints_in(value)))
    }
    claims = tuple(_claims(path, good.get("claims", {}), block.claim_lines, problems))
    thread = _thread(good, path, block.lines, problems) if kind == "thread" else None
    page = Page(
        path=path,
        url=url,
        kind=kind,
        title=good.get("title") or path.rsplit("/", 1)[-1].rsplit(".", 1)[0],
        description=good.get("description", ""),
        aliases=tuple(good.get("aliases", ())),
        themes=tuple(good.get("themes", ())),
        written=good["written"].isoformat() if "written" in good else None,
        updated=good["updated"].isoformat() if "updated" in good else None,
        claims=claims,
        thread=thread,
        meta=good,
        lines=block.lines,
    )
    problems += _updated_before(page)
    return Read(page, body, first_line, tuple(problems))


def _updated_before(page: Page) -> Iterator[Problem]:
    if page.updated and page.updated < page.begun:
        sentence = f"`updated: {page.updated}` is before the day on which this {page.kind} was begun, {page.begun}"
        yield problem("front-matter-valid", Place(page.path, page.lines.get("updated", 1)), sentence)


def _unclosed(path: str, text: str) -> Iterator[Problem]:
    if text.startswith("---\n"):
        yield problem("front-matter-valid", Place(path, 1), "the front matter is not closed by a line `---`")


def _line(mark: yaml.Mark | yaml._yaml.Mark | None) -> int:
    # The block begins on the file's second line, and YAML counts from 0.
    return mark.line + 2 if mark else 1


class _FormError(Exception):
    """YAML of a form that no front matter needs."""

    def __init__(self, sentence: str, line: int) -> None:
        super().__init__(sentence)
        self.line = line


def _check_form(text: str) -> None:
    """That no value of *text* stands for another, and none lies too deep. Raises _FormError, or YAMLError.

    An alias can make a gigabyte of a line, or hold itself; and what lies very deep ends the process, because the
    parser in C goes down into it by calling itself.
    """
    if "*" not in text and sum(map(text.count, "[{-?:")) <= DEEPEST:
        return
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            sentence = f"the front matter repeats a value by a name, `*{event.anchor}`; write the value out"
            raise _FormError(sentence, _line(event.start_mark))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise _FormError(
                    f"the values of the front matter lie more than {DEEPEST} deep", _line(event.start_mark)
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _read_block(path: str, text: str) -> _Block:
    try:
        _check_form(text)
    except yaml.YAMLError:
        pass  # told below, with the rest of what is no YAML
    except _FormError as error:
        where = Place(path, error.line)
        return _Block({}, {}, {}, (problem("front-matter-valid", where, str(error)),))
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return _Block({}, {}, {}, ())
        if not isinstance(node, yaml.MappingNode):
            sentence = "the front matter is not a list of fields like `title: …`"
            return _Block({}, {}, {}, (problem("front-matter-valid", Place(path, 2), sentence),))
        problems = list(_doubled(path, node, _line))
        claims = next((value for key, value in node.value if key.value == "claims"), None)
        claim_lines = {}
        if isinstance(claims, yaml.MappingNode):
            problems += _doubled(path, claims, _line, of="claim")
            claim_lines = {str(key.value): _line(key.start_mark) for key, _ in claims.value}
        # A key such as `1` or `null` is no text once it is read.
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        read_keys = {str(loader.construct_object(key)): key for key in keys}
        lines = {str(key.value): _line(key.start_mark) for key, _ in node.value}
        lines |= {name: _line(key.start_mark) for name, key in read_keys.items()}
        for field, value in node.value:
            if field.value == "summaries" and isinstance(value, yaml.MappingNode):
                problems += _doubled(path, value, _line, of="summary")
                lines |= {f"summaries.{key.value}": _line(key.start_mark) for key, _ in value.value}
        return _Block(loader.construct_document(node), lines, claim_lines, tuple(problems))
    except yaml.MarkedYAMLError as error:
        sentence = f"the front matter is not YAML: {error.problem or error.context}"
        where = Place(path, _line(error.problem_mark or error.context_mark))
        return _Block({}, {}, {}, (problem("front-matter-valid", where, sentence),))
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as error:
        # TypeError: a key that is itself a list.
        first = str(error).splitlines()[0]
        sentence = f"the front matter is not YAML: {first}"
        return _Block({}, {}, {}, (problem("front-matter-valid", Place(path, 2), sentence),))
    finally:
        loader.dispose()


def _doubled(
    path: str, node: yaml.MappingNode, line: Callable[[yaml.Mark | None], int], of: str = "field"
) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for key, _ in node.value:
        name, where = str(key.value), line(key.start_mark)
        if name in first:
            rule = "name-unique" if of == "claim" else "front-matter-valid"
            yield problem(rule, Place(path, where), f"the {of} `{name}` stands here again, after line {first[name]}")
        first.setdefault(name, where)


def _check_fields(
    path: str, whose: str, values: Mapping[str, Any], fields: Mapping[str, Field], lines: Mapping[str, int]
) -> Iterator[Problem]:
    for name, value in values.items():
        place = Place(path, lines.get(str(name), 1))
        if name not in fields:
            sentence = f"{whose} has no field `{name}`{did_you_mean(str(name), fields)}"
            yield problem("front-matter-valid", place, sentence)
        elif hints := list(hints_in(value)) if name != "claims" else []:  # claims are looked at one by one
            yield from (unfilled(place, hint) for hint in hints)
        elif not fields[name].valid(value):
            sentence = f"`{name}` should be {fields[name].expected}, but is {_shown(value)}"
            yield problem("front-matter-valid", place, sentence)
    for name, expected in fields.items():
        if expected.required and name not in values:
            sentence = f"{whose} needs the field `{name}`: {expected.expected}"
            yield problem("front-matter-valid", Place(path, lines.get("", 1)), sentence)


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "empty"
    text = str(value)
    return f"`{text[:60]}…`" if len(text) > 60 else f"`{text}`"


def _claims(path: str, values: Any, lines: Mapping[str, int], problems: list[Problem]) -> Iterator[Claim]:
    for name, value in values.items():
        line = lines.get(str(name), 1)
        place = Place(path, line)
        if not _CLAIM_NAME.fullmatch(str(name)):
            sentence = f"the claim `{name}` should have a name of small letters and hyphens, like `small-wins`"
            problems.append(problem("front-matter-valid", place, sentence))
            continue
        if not isinstance(value, dict):
            sentence = f"the claim `{name}` should have a field `says`: {CLAIM_FIELDS['says'].expected}"
            problems.append(problem("front-matter-valid", place, sentence))
            continue
        wrong = list(
            _check_fields(
                path, f"the claim `{name}`", value, CLAIM_FIELDS, {"": line} | dict.fromkeys(map(str, value), line)
            )
        )
        problems += wrong
        if _is_text(value.get("says")):
            good = {key: text for key, text in value.items() if key in CLAIM_FIELDS and _is_text(text)}
            yield Claim(str(name), good["says"], line, good.get("tested-by"), good.get("test-would-take"))


def _thread(good: Mapping[str, Any], path: str, lines: Mapping[str, int], problems: list[Problem]) -> Thread:
    thread = Thread(
        form=good.get("kind", "comment"),
        speaker=good.get("speaker", ""),
        answers=good.get("answers"),
        parent=good.get("parent", "unknown"),
        source=good.get("source", ""),
        restated=good["restated"].isoformat() if "restated" in good else "",
        origin=Origin(
            id=good.get("id", ""),
            address=good.get("address", ""),
            posted=good["posted"].isoformat() if "posted" in good else "",
            edited=good["edited"].isoformat() if "edited" in good else "",
            retracted=good.get("retracted", False),
            post=good.get("parent-post", ""),
            post_address=good.get("parent-post-address", ""),
            parent_comment=good.get("parent-comment", ""),
            digest=good.get("original", ""),
        ),
    )
    named = thread.answers is not None or bool({"parent-post", "parent-post-address"} & lines.keys())
    if named == (thread.parent == "unknown") and {"answers", "parent"} <= good.keys():
        where = Place(path, lines.get("parent", 1))
        sentence = (
            f"`parent: {thread.parent}` does not go with `answers: {thread.answers or 'null'}`: "
            "a parent post is named exactly when it is not unknown"
        )
        problems.append(problem("front-matter-valid", where, sentence))
    return thread
