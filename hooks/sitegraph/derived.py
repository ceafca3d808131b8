"""What was derived, kept for the next build: it goes on where this one ended, and works out what depends on an edit.

A memo is a net of values that stand in each other, and which of them are the same one is what it lives by. Python's
own pickle keeps that. It could also run code; here it may make values of this package and nothing else.
"""

from __future__ import annotations

import gc
import io
import pickle
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import is_dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from .index import Index
from .keep import Keep, Work, made_with
from .memo import Memo, Table
from .near import Words

_PACKAGES = ("Markdown", "pymdown-extensions", "Pygments", "math-core", "nh3", "pybtex", "PyYAML")
"""What values are made with, besides the code here."""

_OURS = (Index, Memo, Table, Words)
_PLAIN = {(kind.__module__, kind.__name__): kind for kind in (object, date, datetime, time, timedelta, timezone)} | {
    ("collections", "defaultdict"): defaultdict,
    ("builtins", "dict"): dict,
    ("builtins", "set"): set,
    ("builtins", "frozenset"): frozenset,
}


def kept_memo(keep: Keep) -> Memo | None:
    """The memo of the build before, if it is kept and was made by this code."""
    newest = keep.stored("newest", _made_with())
    kept = keep.stored("memo", (*_made_with(), newest)) if newest else None
    return loaded(kept) if kept else None


def memo_work(memo: Memo, state: str) -> Work:
    """The work of writing *memo* down; *state* is a name for what it was derived from."""
    return "memo", (*_made_with(), state), lambda: dumped(memo)


def keep_memo(memo: Memo, state: str, keep: Keep) -> None:
    """Keep *memo* in the place of the one before."""
    before = keep.stored("newest", _made_with())
    if before != state.encode():
        keep.get(*memo_work(memo, state))
        keep.put("newest", _made_with(), state.encode())
        if before:
            keep.drop("memo", (*_made_with(), before))


def _made_with() -> tuple[str, ...]:
    return (made_with(*_PACKAGES),)


def dumped(memo: Memo) -> bytes:
    """*memo* as bytes, of which nothing can be made where a value in it has no such form."""
    return zlib.compress(as_bytes(memo), 1)


def loaded(kept: bytes) -> Memo | None:
    """The memo that became *kept*; None where that holds anything but the values of this package."""
    try:
        memo = from_bytes(zlib.decompress(kept))
    except (
        pickle.UnpicklingError,
        zlib.error,
        AttributeError,
        EOFError,
        ImportError,
        LookupError,
        TypeError,
        ValueError,
    ):
        return None
    return memo if isinstance(memo, Memo) else None


def as_bytes(value: object) -> bytes:
    """*value*, which is made of values of this package, for another build or another process.

    b"" where something in it has no such form, or stands too deep in something else.
    """
    with _no_search_for_garbage():
        try:
            return pickle.dumps(value, protocol=5)
        except (pickle.PicklingError, AttributeError, RecursionError, TypeError):
            return b""


def from_bytes(written: bytes) -> object:
    """The value that was *written*.

    Raises pickle.UnpicklingError where it holds anything but values of this package; nothing of that is made.
    """
    with _no_search_for_garbage():
        return _Values(io.BytesIO(written)).load()


class _Values(pickle.Unpickler):
    """Makes values of this package, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        plain = _PLAIN.get((module, name))
        if plain:
            return plain
        if module.partition(".")[0] == __package__ and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module and (is_dataclass(found) or found in _OURS):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no value of this package")


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Half of the time would go into that."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
