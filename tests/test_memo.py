"""Derivations that repeat only what has to be repeated, and come to the same values."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sitegraph.memo import Memo, Seen, Table

NAMES = st.sampled_from("abcde")
ROWS = st.dictionaries(NAMES, st.dictionaries(NAMES, st.integers(0, 2), max_size=3), max_size=5)


def derived(memo: Memo, rows: Mapping[str, Mapping[str, int]], scale: int, calls: list[str] | None = None) -> list[Any]:
    """A derivation of some steps: each page's sum, what it says of those it names, who names it, and all of it."""

    def total(name: str, row: Mapping[str, int]) -> int | None:
        if calls is not None:
            calls.append(name)
        return sum(row.values()) or None

    table = memo.table("rows", {name: rows[name] for name in sorted(rows)})
    totals = memo.each("totals", total, table)
    named = memo.each(
        "named",
        lambda name, row, seen, scale: [scale * seen.get(other, -1) for other in sorted(row)],
        table,
        looks_up=(totals,),
        shared=(scale,),
    )
    back = memo.turned("back", table)
    both = memo.each("both", lambda name, own, back: (own, list((back or {}).items())), totals, back)
    whole = memo.whole("whole", lambda totals: sum(totals.values()), totals)
    return [list(table.items()), list(totals.items()), list(named.items()), _sorted(back), list(both.items()), whole]


def _sorted(rows: Mapping[str, Mapping[str, int]]) -> list[Any]:
    return sorted((name, list(row.items())) for name, row in rows.items())


@given(st.lists(st.tuples(ROWS, st.integers(1, 2)), min_size=1, max_size=6))
def test_after_any_edits_everything_is_as_if_derived_afresh(states: list[tuple[Any, int]]) -> None:
    memo = Memo()
    for rows, scale in states:
        assert derived(memo, rows, scale) == derived(Memo(), rows, scale)


def test_only_what_changed_is_derived_again() -> None:
    memo, calls = Memo(), list[str]()
    rows = {name: {"a": number} for number, name in enumerate("abcd")}
    derived(memo, rows, 1, calls)
    assert calls == ["a", "b", "c", "d"]
    derived(memo, {**rows, "c": {"b": 9}}, 1, calls)
    assert calls[4:] == ["c"]


def test_what_looked_up_another_page_is_derived_again_with_it_and_nothing_else_is() -> None:
    memo, calls = Memo(), list[str]()

    def step(name: str, friend: str, seen: Seen[str, str]) -> str:
        calls.append(name)
        return f"{name} sees {seen.get(friend, 'nobody')}"

    for friends, words in (
        ({"a": "b", "b": "c", "c": "z"}, {"b": "hello", "c": "hi"}),
        ({"a": "b", "b": "c", "c": "z"}, {"b": "hello", "c": "hey"}),
        ({"a": "b", "b": "c", "c": "z"}, {"b": "hello", "c": "hey", "z": "new"}),
    ):
        found = memo.each("step", step, memo.table("friends", friends), looks_up=(memo.table("words", words),))
    assert calls == ["a", "b", "c", "b", "c"]
    assert found == {"a": "a sees hello", "b": "b sees hey", "c": "c sees new"}


def test_an_edit_ends_where_it_makes_no_difference() -> None:
    memo, calls = Memo(), list[str]()

    def length(name: str, text: str) -> int:
        return len(text)

    def shout(name: str, size: int) -> str:
        calls.append(name)
        return "!" * size

    for texts in ({"a": "one", "b": "three"}, {"a": "two", "b": "three"}):
        found = memo.each("shout", shout, memo.each("length", length, memo.table("texts", texts)))
    assert calls == ["a", "b"]
    assert found == {"a": "!!!", "b": "!!!!!"}


def test_what_comes_out_the_same_is_the_same() -> None:
    memo = Memo()
    first = memo.table("texts", {"a": ["x"], "b": ["y"]})
    assert memo.table("texts", {"a": ["x"], "b": ["y"]}) is first
    second = memo.table("texts", {"a": ["x"], "b": ["z"]})
    assert second["a"] is first["a"]
    assert memo.whole("sum", lambda table: [len(table)], first) is memo.whole("sum", lambda table: [len(table)], second)


def test_what_comes_out_the_same_is_no_change_though_everything_was_derived_again() -> None:
    memo = Memo()
    table = memo.table("texts", {"a": "one", "b": "two"})
    first, second = (memo.each("size", lambda _, text, unit: len(text), table, shared=(unit,)) for unit in ("m", "km"))
    assert second is first
    third = memo.each("size", lambda _, text, unit: f"{len(text)} {unit}", table, shared=("cm",))
    assert third.differs_from(first.stamp, {}) == frozenset("ab")


def test_a_table_says_where_it_differs_from_the_one_before_and_from_any_other() -> None:
    memo = Memo()
    tables = [memo.table("texts", texts) for texts in ({"a": 1}, {"a": 2, "b": 1}, {"b": 1})]
    steps = [table.differs_from(before.stamp, before) for before, table in pairwise(tables)]
    assert steps == [frozenset("ab"), frozenset("a")]
    assert tables[2].differs_from(tables[0].stamp, tables[0]) == frozenset("ab")
    assert tables[0].differs_from(tables[0].stamp, tables[0]) == frozenset()


def test_a_table_that_is_looked_up_in_cannot_be_walked_through() -> None:
    """What nobody notes, nobody would derive again."""
    seen = Seen(Table({"a": 1}))
    assert ("a" in seen, seen["a"], seen.get("b"), seen.asked) == (True, 1, None, {"a", "b"})
    for walk in (iter, len):
        try:
            walk(seen)
        except TypeError:
            continue
        raise AssertionError(walk)
