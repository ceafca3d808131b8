"""Numbers and verdicts quoted in prose, checked against the notebook that they are linked to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .model import Judged, Link, Notebook, Problem, Result
from .rules import problem

_COUNTED = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty"""
_WORDS = {word: value for value, word in enumerate(_COUNTED.split())} | {"none": 0, "once": 1, "twice": 2, "thrice": 3}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10, "hundredth": 100}
_COUNT = "|".join(_WORDS)

_DIGITS = r"(?P<sign>[-−+]?)(?P<digits>\d+(?:[   ,\u2009\u202f]\d{3})*(?:\.\d+)?)"
_NUMBER = re.compile(
    rf"""(?P<n>\d+|\b(?:{_COUNT}))\s+(?:times\s+)?(?:in|out\sof|of)\s+(?:every\s+)?(?P<m>\d+|(?:{_COUNT})|a\s+hundred|a\s+thousand)\b
      | {_DIGITS}(?P<percent>\s?%|\sper\s?cent)?
      | \b(?P<part_n>an?|one|two|three|four|five)[\s-](?P<part>{"|".join(_PARTS)})s?\b | \b(?P<half>half)\b
      | \b(?P<word>{_COUNT})\b(?P<word_percent>\sper\s?cent)?""",
    re.VERBOSE | re.IGNORECASE,
)
_END = r"\S+(?:\s?%|\sper\scent)?"
_RANGE = re.compile(
    rf"\W*(?:between\s|from\s)?{_END}\s*(?:–|to|and)\s*{_END}\W*(?:times|bits|steps)?\W*", re.IGNORECASE
)

_VERDICT_WORDS = {
    "supported": re.compile(r"\bsupported\b(?! under conditions)", re.I),
    "conditional": re.compile(
        r"\bconditional(?:ly)?\b|\b(?:supported |holds |hold |true |right )?under conditions\b", re.I
    ),
    "contradicted": re.compile(r"\bcontradicted\b", re.I),
    "open": re.compile(r"^\W*(?:left |remains |still )?open\W*$", re.I),
    "untested": re.compile(r"\buntested\b", re.I),
    "stale": re.compile(r"^\W*stale\W*$", re.I),
}


@dataclass(frozen=True)
class Number:
    """A number as it is written: its value, and by how much the value that is meant may differ from it."""

    written: str
    value: float
    slack: float
    percent: bool = False


def numbers_in(text: str) -> tuple[Number, ...]:
    """The numbers that *text* states, in digits or words: 3.2, 12 000, −4, 19 %, one in five, two thirds, twice."""
    return tuple(_number(found) for found in _NUMBER.finditer(text))


def _number(found: re.Match[str]) -> Number:
    written = " ".join(found[0].split())
    if found["m"]:
        n, m = _count(found["n"]), _count(found["m"])
        # 'One in five' stands for what is nearer to it than to one in four or one in six; '19 in a hundred' likewise.
        slack = n / m - n / (m + 0.5) if n == 1 else 0.5 / m
        return Number(written, n / m, slack)
    if found["part"]:
        n, m = (1 if found["part_n"].lower() in ("a", "an") else _count(found["part_n"])), _PARTS[found["part"].lower()]
        return Number(written, n / m, n / m - n / (m + 0.5))
    if found["half"]:
        return Number(written, 0.5, 0.05)
    if found["word"]:
        value = float(_count(found["word"]))
        return _percent(written, value, 0.5) if found["word_percent"] else Number(written, value, 0.5)
    digits = re.sub(r"[^\d.]", "", found["digits"])
    value = float(digits) * (-1 if found["sign"] in ("-", "−") else 1)
    slack = 0.5 * 10 ** -len(digits.partition(".")[2])
    return _percent(written, value, slack) if found["percent"] else Number(written, value, slack)


def _percent(written: str, value: float, slack: float) -> Number:
    return Number(written, value / 100, slack / 100, percent=True)


def _count(word: str) -> int:
    word = " ".join(word.lower().split())
    return {"a hundred": 100, "a thousand": 1000}.get(word) or _WORDS.get(word) or int(word if word.isdecimal() else 0)


def disagreement(text: str, result: Result) -> str:
    """How what *text* states differs from *result*, in words; '' where it agrees or states no number.

    One number has to be the value, at the precision in which it is written; whole results have to be met exactly. Two
    numbers written as a range have to be the ends of the interval; three are the value and the ends.
    """
    numbers = numbers_in(text)
    if not numbers:
        return ""
    ends = [result.lo, result.hi]
    if len(numbers) == 2 and _RANGE.fullmatch(text):
        meant = ends
    elif len(numbers) == 3:
        meant = [result.value, *ends]
    else:
        meant = [result.value]
    if len(numbers) != len(meant):
        return f"`{text}` states {len(numbers)} numbers; a link quotes one result: its value, its interval, or both"
    for number, value in zip(numbers, meant, strict=True):
        if value is None:
            return f"`{text}` states an interval, and the result `{result.name}` has none"
        if not _same(number, value, result):
            return f"`{number.written}` is not {_shown(value, result, number)}, which the result `{result.name}` gives"
    return ""


def _same(number: Number, value: float, result: Result) -> bool:
    stated = number.value * 100 if number.percent and result.unit.startswith("%") else number.value
    slack = number.slack * 100 if number.percent and result.unit.startswith("%") else number.slack
    if isinstance(value, int) and not number.percent and stated == int(stated):
        return stated == value
    return abs(stated - value) <= slack + 1e-9 * max(1, abs(value))


def _shown(value: float, result: Result, number: Number) -> str:
    """*value* in the form in which *number* is written."""
    if number.percent and not result.unit.startswith("%"):
        return f"{value * 100:.4g} %".replace("-", "−")
    return f"{value:.6g} {result.unit}".rstrip().replace("-", "−")


def states_verdict(words: str) -> bool:
    """Whether the *words* of a link state a verdict."""
    return any(said.search(words) for said in _VERDICT_WORDS.values())


def misquoted(
    links: Iterable[Link], notebooks: Mapping[str, Notebook], judged: Mapping[tuple[str, str], Judged]
) -> Iterator[Problem]:
    """The links whose words state another number than the result they lead to, or another verdict than the claim's.

    *notebooks* are given by path, *judged* by page and name, and by notebook and name.
    """
    for link in links:
        kind, _, name = link.anchor.partition("-")
        if kind == "result" and link.target in notebooks and name in notebooks[link.target].results:
            if wrong := disagreement(link.words, notebooks[link.target].results[name]):
                yield problem("number-matches-result", link.place, wrong)
        elif kind == "claim" and (link.target, name) in judged:
            found = judged[link.target, name]
            # That a notebook is stale is said of the notebook, once; its prose is held to the run that is stored.
            stored = found.outcome.verdict if found.verdict == "stale" and found.outcome else None
            verdict = stored or found.verdict
            for word, said in _VERDICT_WORDS.items():
                if said.search(link.words) and word != verdict:
                    sentence = f"`{link.words}` is not the verdict on the claim `{name}`, which is `{verdict}`"
                    yield problem("verdict-current", link.place, sentence)
