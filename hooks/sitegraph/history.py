"""The history of verdicts: what each claim's was, and on which day it became another.

It is a file of one JSON object a line, to which `make notebooks` adds. Lines are never taken out: a notebook that is
removed keeps those it has, and a claim that its notebook no longer judges ends with a line whose `after` is empty.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from .model import VERDICTS, Change, Place, Problem
from .rules import problem
from .suggest import did_you_mean

HISTORY = "notebooks/verdicts.jsonl"
"""The file's path in the repository. Without it, or while it is empty, no history is kept and none is missed."""

Verdicts = Mapping[str, Mapping[str, str | None]]
"""What the stored notebooks say: by a notebook's slug and a claim's name, the verdict, none where it ran quickly."""

_CLAIM = re.compile(r"[\w.-]+/[a-z0-9-]+")
_FIELDS = ("date", "claim", "before", "after")


@dataclass(frozen=True)
class HistoryRead:
    """Every line that is a change, with its number, and what is wrong with the others."""

    lines: tuple[tuple[int, Change], ...]
    length: int  # lines of the file
    problems: tuple[Problem, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes as they follow each other, the newest last."""
        return tuple(change for _, change in self.lines)

    @property
    def last(self) -> Mapping[str, tuple[int, Change]]:
        """The last line on each claim."""
        return {change.claim: (number, change) for number, change in self.lines}


def read_history(text: str) -> HistoryRead:
    """The changes that *text* tells; each follows from the one before on the same claim, and none is dated earlier."""
    lines: list[tuple[int, Change]] = []
    problems: list[Problem] = []
    last: dict[str, str] = {}
    day = ""
    written = text.splitlines()
    for number, line in enumerate(written, 1):
        try:
            change = _change(line)
            _check_order(change, last.get(change.claim, ""), day)
        except ValueError as error:
            sentence = f"this line is not a change of a verdict: {error}"
            problems.append(problem("history-valid", Place(HISTORY, number), sentence))
            continue
        lines.append((number, change))
        last[change.claim], day = change.after, change.date
    return HistoryRead(tuple(lines), len(written), tuple(problems))


def _change(line: str) -> Change:
    """The change that one line tells. Raises ValueError with what is wrong."""
    try:
        value: Any = json.loads(line)
    except RecursionError:
        value = None
    except ValueError as error:
        raise ValueError(f"it is not JSON ({error})") from error
    if not isinstance(value, dict) or sorted(value) != sorted(_FIELDS):
        raise ValueError(f"it should have the fields {', '.join(_FIELDS)}")
    if not all(isinstance(value[name], str) for name in _FIELDS):
        raise ValueError("each field should be text")
    change = Change(**value)
    if not _is_day(change.date):
        raise ValueError(f"`{change.date}` should be a day, like 2026-11-25")
    if not _CLAIM.fullmatch(change.claim):
        raise ValueError(f"`{change.claim}` should name a notebook and its claim, like `catastrophe-reward/one-life`")
    for word in (change.before, change.after):
        if word and word not in VERDICTS:
            raise ValueError(f"`{word}` is not a verdict ({', '.join(VERDICTS)})")
    return change


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_order(change: Change, before: str, day: str) -> None:
    """That *change* can stand where it does. Raises ValueError where not."""
    if change.date < day:
        raise ValueError(f"it is dated {change.date}, after a line of {day}")
    if change.before != before:
        raise ValueError(f"`before` should be `{before}`, where the line before on this claim ends")
    if change.after == before:
        raise ValueError("nothing changes in it")


def outdated(history: HistoryRead, verdicts: Verdicts) -> Iterator[Problem]:
    """Where *history* does not end in what the stored notebooks say."""
    last = history.last
    for claim, (number, change) in last.items():
        slug, _, name = claim.partition("/")
        if change.after and slug in verdicts and name not in verdicts[slug]:
            sentence = f"notebooks/{slug}.ipynb says nothing of the claim `{name}`{did_you_mean(name, verdicts[slug])}"
            yield problem("history-current", Place(HISTORY, number), sentence)
    for claim, verdict in _each(verdicts):
        number, after = (last[claim][0], last[claim][1].after) if claim in last else (max(history.length, 1), "")
        if verdict and verdict != after:
            told = (
                f"the history ends with `{after}` for the claim"
                if after
                else "the history has no verdict for the claim"
            )
            sentence = f"{told} `{claim}`, and the stored verdict is `{verdict}`; run `make notebooks`"
            yield problem("history-current", Place(HISTORY, number), sentence)


def new_changes(history: Iterable[Change], verdicts: Verdicts, day: str) -> list[Change]:
    """What has to be added to *history* on *day* for it to end in *verdicts*: by notebook and claim."""
    last = {change.claim: change.after for change in history}
    now = {claim: verdict for claim, verdict in _each(verdicts) if verdict}
    judged = dict(_each(verdicts))
    now |= {claim: "" for claim in last if claim.partition("/")[0] in verdicts and claim not in judged}
    return [
        Change(day, claim, last.get(claim, ""), verdict)
        for claim, verdict in sorted(now.items())
        if last.get(claim, "") != verdict
    ]


def written(changes: Iterable[Change]) -> str:
    """The lines of the file for *changes*."""
    return "".join(f"{json.dumps(asdict(change), ensure_ascii=False)}\n" for change in changes)


def _each(verdicts: Verdicts) -> Iterator[tuple[str, str | None]]:
    for slug, claims in verdicts.items():
        for name, verdict in claims.items():
            yield f"{slug}/{name}", verdict
