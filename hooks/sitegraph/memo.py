"""Derivations that repeat only what has to be repeated.

A derivation here is a pure function, so it need not run again where nothing that it looked at is another than last
time. A `Memo` remembers, step by step, what went in and what came out. With an empty one each step simply does its
work, so a first build, a build after an edit and a preview run the same code and come to the same values.

What comes out equal to what came out last time *is* what came out last time, so that the steps that follow can tell by
identity, and the effects of an edit end where they cease to matter.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast

K = TypeVar("K", bound=Hashable)
J = TypeVar("J", bound=Hashable)
V = TypeVar("V")


class Table(dict[K, V]):
    """The values that a step gave, by page or by something else; it is never changed once it is made.

    It knows from which table it came, and where the two differ, so that nobody has to compare them.
    """

    def __init__(self, values: Mapping[K, V] | None = None) -> None:
        super().__init__(values or {})
        self.stamp = object()
        self.since = object()  # the stamp of the table before it
        self.changed: frozenset[K] = frozenset()  # the keys at which it differs from that one

    def differs_from(self, stamp: object, before: Mapping[K, V] | None) -> frozenset[K] | None:
        """The keys at which it differs from the table of that *stamp*; None where it does not know."""
        if stamp is self.stamp:
            return frozenset()
        if stamp is self.since:
            return self.changed
        if before is None:
            return None
        return frozenset(key for key in self.keys() | before.keys() if self.get(key) is not before.get(key))


class Seen(Mapping[K, V], Generic[K, V]):
    """A table that notes what is looked up in it. It can be asked for single values only: nobody notes the rest."""

    def __init__(self, table: Table[K, V]) -> None:
        self._table = table
        self.asked: set[K] = set()

    def __getitem__(self, key: K) -> V:
        self.asked.add(key)
        return self._table[key]

    def get(self, key: K, default: Any = None) -> Any:
        """The value at *key*, noted as looked up even where there is none."""
        self.asked.add(key)
        return self._table.get(key, default)

    def __contains__(self, key: object) -> bool:
        self.asked.add(cast("K", key))
        return key in self._table

    def __iter__(self) -> Iterator[K]:
        raise TypeError("this table is only for looking up")

    def __len__(self) -> int:
        raise TypeError("this table is only for looking up")


@dataclass
class _Last:
    """What a step was given last time, and what it gave."""

    inputs: tuple[Any, ...]
    output: Any
    tables: tuple[tuple[object, Mapping[Any, Any]], ...] = ()  # the stamp of each table, and the table
    asked: dict[Any, tuple[frozenset[Any], ...]] = field(default_factory=dict)  # by key: what it looked up, by table


class Memo:
    """What was derived last time. One that is new remembers nothing."""

    def __init__(self) -> None:
        self._last: dict[str, _Last] = {}

    @property
    def new(self) -> bool:
        """Whether nothing was derived yet."""
        return not self._last

    def given(self, step: str) -> Table[Any, Any]:
        """The table that *step* gave last time; an empty one where it never ran."""
        last = self._last.get(step)
        return last.output if last else Table()

    def table(self, step: str, values: Mapping[K, V]) -> Table[K, V]:
        """*values* as a table, in their order; where they are what they were, the table of last time."""
        last = self._last.get(step)
        made: Table[K, V] = Table(values)
        if last:
            before: Table[K, V] = last.output
            changed = [key for key, value in values.items() if before.get(key) is not value]
            for key in changed:
                if key in before and before[key] == values[key]:
                    made[key] = before[key]
            gone = before.keys() - values.keys() if len(before) != len(values) or changed else ()
            differing = (key for key in changed if made[key] is not before.get(key))
            made = _follow(made, before, frozenset((*differing, *gone)))
        self._last[step] = _Last((), made)
        return made

    def whole(self, step: str, make: Callable[..., V], *inputs: Any) -> V:
        """What *make* gives of *inputs*; of the very same ones, what it gave last time."""
        last = self._last.get(step)
        if last and len(last.inputs) == len(inputs) and all(map(_same, last.inputs, inputs)):
            return cast("V", last.output)
        output = make(*inputs)
        if last and type(last.output) is type(output) and last.output == output:
            output = last.output
        self._last[step] = _Last(inputs, output)
        return output

    def each(
        self,
        step: str,
        make: Callable[..., V | None],
        *tables: Table[Any, Any],
        looks_up: Iterable[Table[Any, Any]] = (),
        shared: Iterable[Any] = (),
    ) -> Table[Any, V]:
        """What *make* gives at each key of the first of *tables*, of the values that the tables have there.

        After the key and those values (None where a table has none) *make* gets the tables that it *looks_up* other
        keys in, and what is *shared* by all. A key for which it gives None is left out. It runs again where one of
        these is another: where a value of its own is, where one is that it looked up, everywhere where what is shared
        is.
        """
        seen = tuple(looks_up)
        common = tuple(shared)
        last = self._last.get(step)
        stamps = tuple((table.stamp, table) for table in (*tables, *seen))
        usable = last is not None and len(last.inputs) == len(common) and all(map(_same, last.inputs, common))
        again = self._changed(cast("_Last", last), tables, seen) if usable else None
        before: Table[Any, V] = last.output if last else Table()
        asked = last.asked if last and again is not None else {}
        if again is not None and not again:
            self._last[step] = _Last(common, before, stamps, asked)
            return before
        values: Table[Any, V] = Table()
        ordered = False  # whether the values stand in the order of the pages
        if again is not None and last is not None:
            ordered = _same_keys(tables[0], *last.tables[0])
            values = Table(before if ordered else {key: before[key] for key in tables[0] if key in before})
        changed = set() if again is None else before.keys() - values.keys()
        for key in tables[0] if again is None else again:
            lookers = tuple(Seen(table) for table in seen)
            asked.pop(key, None)
            value = None
            if key in tables[0]:
                value = make(key, *(table.get(key) for table in tables), *lookers, *common)
                if seen:
                    asked[key] = tuple(frozenset(looker.asked) for looker in lookers)
            old = before.get(key)
            if value is None:
                values.pop(key, None)
            elif old is not None and type(old) is type(value) and old == value:
                values[key] = old
            else:
                ordered = ordered and old is not None
                values[key] = value
            if values.get(key) is not old:
                changed.add(key)
        if not ordered and again is not None:
            values = Table({key: values[key] for key in tables[0] if key in values})
        if last:
            if again is None:
                changed |= before.keys() - values.keys()
            output = _follow(values, before, frozenset(changed))
        else:
            output = values
        self._last[step] = _Last(common, output, stamps, asked)
        return output

    def _changed(
        self, last: _Last, tables: tuple[Table[Any, Any], ...], seen: tuple[Table[Any, Any], ...]
    ) -> set[Any] | None:
        """The keys at which a step has to run again; None for all of them."""
        if len(last.tables) != len(tables) + len(seen):
            return None
        again: set[Any] = set()
        for table, (stamp, before) in zip(tables, last.tables, strict=False):
            again |= cast("frozenset[Any]", table.differs_from(stamp, before))
        first, before_first = tables[0], last.tables[0][1]
        again = {key for key in again if key in first or key in before_first}
        for place, table in enumerate(seen):
            stamp, before = last.tables[len(tables) + place]
            other = table.differs_from(stamp, before)
            if other:
                again |= {key for key, asked in last.asked.items() if not asked[place].isdisjoint(other)}
        return again

    def turned(self, step: str, rows: Table[K, Mapping[J, V]]) -> Table[J, Mapping[K, V]]:
        """*rows* turned round: what stands in row k at j stands in row j at k, there in the order of the ks.

        The rows that come out are in no order of their own.
        """
        last = self._last.get(step)
        if last is None:
            fresh: dict[J, dict[K, V]] = {}
            for key, row in rows.items():
                for other, value in row.items():
                    fresh.setdefault(other, {})[key] = value
            output: Table[J, Mapping[K, V]] = Table(fresh)
        else:
            output = self._turned_again(last, rows)
        self._last[step] = _Last((), output, ((rows.stamp, rows),))
        return output

    def _turned_again(self, last: _Last, rows: Table[K, Mapping[J, V]]) -> Table[J, Mapping[K, V]]:
        (stamp, old_rows) = last.tables[0]
        again = rows.differs_from(stamp, old_rows) or frozenset()
        before: Table[J, Mapping[K, V]] = last.output
        touched: dict[J, dict[K, V]] = {}
        for key in again:
            old, new = old_rows.get(key, {}), rows.get(key, {})
            for other in old.keys() | new.keys():
                row = touched.setdefault(other, dict(before.get(other, {})))
                row.pop(key, None)
                if other in new:
                    row[key] = new[other]
        place: dict[K, int] = {}
        if any(len(row) > 1 for row in touched.values()):
            place = {key: number for number, key in enumerate(rows)}
        values = dict(before)
        changed = set()
        for other, row in touched.items():
            ordered = dict(sorted(row.items(), key=lambda item: place[item[0]])) if len(row) > 1 else row
            if not ordered:
                values.pop(other, None)
            elif list(before.get(other, {}).items()) != list(ordered.items()):
                values[other] = ordered
            if values.get(other) is not before.get(other):
                changed.add(other)
        return _follow(Table(values), before, frozenset(changed))


def _same_keys(table: Table[K, V], stamp: object, before: Mapping[K, V]) -> bool:
    """Whether *table* has the keys of the table of that *stamp*, in the same order."""
    if stamp is table.stamp:
        return True
    if stamp is table.since:
        return all((key in table) == (key in before) for key in table.changed)
    return list(table) == list(before)


def _same(one: Any, other: Any) -> bool:
    """Whether two inputs are the same; small values that are made anew each time are compared by what they say."""
    return one is other or (type(one) is type(other) and isinstance(one, (str, int, tuple, frozenset)) and one == other)


def _follow(made: Table[K, V], before: Table[K, V], changed: frozenset[K]) -> Table[K, V]:
    """*made*, knowing how it differs from the table *before*; that one itself, where it does not."""
    if not changed and (len(made) == len(before) and list(made) == list(before)):
        return before
    made.since, made.changed = before.stamp, changed
    return made
