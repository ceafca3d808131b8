"""Results of slow steps, kept between builds."""

from __future__ import annotations

import hashlib
import platform
import sqlite3
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from threading import RLock
from typing import TypeVar

import msgspec

from .beside import Beside

T = TypeVar("T")

Work = tuple[str, Iterable[str | bytes], Callable[[], bytes]]
"""A step, what its result depends on, and what makes it."""

VERSION = 1
"""Of the form of the file; one of another version is thrown away."""

_TABLE = "CREATE TABLE kept (step TEXT, key TEXT, value BLOB, digest BLOB, PRIMARY KEY (step, key))"


class Keep:
    """A file of results, each under a digest of all that it depends on; without a folder, nothing is kept.

    The file is SQLite's: it can be deleted at any time, a build that is cut off leaves nothing half-written in it, and
    two builds at once do not disturb each other. Each result carries a digest of its own. What does not fit it, or a
    file that cannot be read, is thrown away with a warning and worked out again. Nothing that is kept is ever executed.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._lock = RLock()
        self._used: set[tuple[str, str]] = set()
        self._new: dict[tuple[str, str], bytes] = {}  # made, but not written yet
        self._size = 0
        self._begun: dict[tuple[str, str], Callable[[], bytes]] = {}
        self._beside: Beside | None = None
        self._connection: sqlite3.Connection | None = None
        self._lent: sqlite3.Connection | None = None
        self._file = folder / "results.sqlite" if folder else None
        if self._file:
            self._open(self._file)

    def _open(self, file: Path) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._connection = _connected(file)
        except sqlite3.OperationalError:
            self._connection = None  # a disk that is full or read-only: then nothing is kept
        except OSError:
            self._connection = None
        except sqlite3.DatabaseError:
            self._drop(file)

    def _drop(self, file: Path) -> None:
        """Begin a new file in the place of one that cannot be read."""
        warnings.warn(f"the results kept in .cache/{file.parent.name}/ are damaged, and are made anew", stacklevel=5)
        if self._connection:
            self._connection.close()
        self._connection = None
        try:
            for part in (file, *file.parent.glob(f"{file.name}-*")):
                part.unlink(missing_ok=True)
            self._connection = _connected(file)
        except (OSError, sqlite3.Error):
            self._connection = None

    def get(self, step: str, depends_on: Iterable[str | bytes], make: Callable[[], bytes]) -> bytes:
        """What *make* gives, which is called only when it never was with these *depends_on*.

        These hold everything of which the result is made: texts, settings, versions of packages.
        """
        if self._connection is None:
            return make()
        key = digest(depends_on)
        found = self._found(step, key)
        if found is None:
            found = self._begun.pop((step, key), make)()
            self._store(step, key, found)
        return found

    def begin_values(self, work: Iterable[tuple[str, Iterable[str | bytes], Callable[[], object]]]) -> None:
        """Have *work* done as `begin` does, where `value` will be asked for it."""
        encode = msgspec.msgpack.encode
        self.begin((step, depends_on, lambda make=make: encode(make())) for step, depends_on, make in work)  # type: ignore[misc]

    def begin(self, work: Iterable[Work]) -> None:
        """Have *work* done beside the rest, as far as it is not kept: what will be asked for later, in that order."""
        if self._connection is None:
            return
        todo = [((step, digest(depends_on)), make) for step, depends_on, make in work]
        todo = [(key, make) for key, make in todo if not self._has(*key)]
        if self._beside:
            self._beside.finish()
        self._beside = Beside([make for _, make in todo], self._leave)
        self._begun |= {key: partial(self._beside.result, number) for number, (key, _) in enumerate(todo)}

    def begun(self, step: str, depends_on: Iterable[str | bytes], begin: Callable[[], Callable[[], bytes]]) -> None:
        """Have *begin* begin what is not kept: it returns what waits for the result."""
        key = (step, digest(depends_on))
        if self._connection is not None and not self._has(*key):
            self._begun[key] = begin()

    def _leave(self) -> None:
        """Leave the file to the process that opened it, of which this is a copy: here nothing is kept any more."""
        self._lent, self._connection = self._connection, None  # closing it would be a way of using it

    def value(self, step: str, depends_on: Iterable[str | bytes], make: Callable[[], T], kind: type[T]) -> T:
        """What *make* gives, as `get`; *kind* is its type, and what is kept is believed only if it is one."""
        if self._connection is None:
            return make()
        key = digest(depends_on)
        found = self._found(step, key)
        if found is not None:
            try:
                return msgspec.msgpack.decode(found, type=kind)
            except msgspec.MsgspecError:  # it was of this type before the type became another
                pass
        begun = self._begun.pop((step, key), None)
        if begun:
            found = begun()
            self._store(step, key, found)
            return msgspec.msgpack.decode(found, type=kind)
        made = make()
        self._store(step, key, msgspec.msgpack.encode(made))
        return made

    def stored(self, step: str, depends_on: Iterable[str | bytes]) -> bytes | None:
        """What was kept with these *depends_on*, if anything was."""
        return self._found(step, digest(depends_on)) if self._connection else None

    def put(self, step: str, depends_on: Iterable[str | bytes], value: bytes) -> None:
        """Keep *value* for whoever asks with these *depends_on*."""
        if self._connection:
            self._store(step, digest(depends_on), value)

    def drop(self, step: str, depends_on: Iterable[str | bytes]) -> None:
        """Forget what is kept with these *depends_on*."""
        key = digest(depends_on)
        with self._lock:
            self._new.pop((step, key), None)
            if self._connection:
                with suppress(sqlite3.Error):  # it would only take up room
                    self._connection.execute("DELETE FROM kept WHERE step = ? AND key = ?", (step, key))

    @property
    def crowded(self) -> bool:
        """Whether the file has become much larger than it was when everything in it had been asked for."""
        swept = self.stored("swept", ())
        with self._lock:
            if not swept or self._connection is None:
                return False
            try:
                pages, free, size = (
                    self._connection.execute(f"PRAGMA {name}").fetchone()[0]
                    for name in ("page_count", "freelist_count", "page_size")
                )
            except sqlite3.Error:
                return False
        return bool((pages - free) * size > 3 * int.from_bytes(swept) + _SMALL)

    def forget(self) -> None:
        """Write what was made, and leave out what was not used since this object was made, once that is most of it.

        For a build that asked for everything that it needs.
        """
        self.save()
        with self._lock:
            if self._connection is None:
                return
            try:
                sizes = {(step, key): size for step, key, size in self._connection.execute(_SIZES)}
                unused = sizes.keys() - self._used
                if 2 * sum(sizes[key] for key in unused) > sum(sizes.values()):
                    self._connection.executemany("DELETE FROM kept WHERE step = ? AND key = ?", list(unused))
                    self._connection.execute("VACUUM")
                    sizes = {key: sizes[key] for key in sizes.keys() - unused}
            except sqlite3.Error:
                return  # a file that grows harms nobody; the next build will see to it
        self.put("swept", (), sum(sizes.values()).to_bytes(8))
        self.save()

    def save(self) -> None:
        """Write what was made since; until then it is lost if the program is stopped."""
        with self._lock:
            if self._connection is None or self._file is None or not self._new:
                return
            rows = [(*key, value, _check(value)) for key, value in self._new.items()]
            self._new, self._size = {}, 0
            try:
                self._connection.execute("BEGIN")
                self._connection.executemany(_PUT, rows)
                self._connection.execute("COMMIT")
            except sqlite3.OperationalError:
                # The disk is full, or another build is writing: then these are not kept.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
            except sqlite3.DatabaseError:
                self._drop(self._file)

    def close(self) -> None:
        """Write what was made since, and keep nothing from now on."""
        self.save()
        if self._connection:
            self._connection.close()
        self._connection = None

    def __del__(self) -> None:
        self.close()

    def _has(self, step: str, key: str) -> bool:
        with self._lock:
            if self._connection is None:
                return False
            try:
                return bool(self._connection.execute(_HAS, (step, key)).fetchone())
            except sqlite3.Error:
                return False  # whoever asks for it will see to that

    def _found(self, step: str, key: str) -> bytes | None:
        with self._lock:
            if self._connection is None or self._file is None:
                return None
            if (step, key) in self._new:
                return self._new[step, key]
            try:
                row = self._connection.execute(_FIND, (step, key)).fetchone()
            except sqlite3.OperationalError:
                return None  # another build is writing
            except sqlite3.DatabaseError:
                self._drop(self._file)
                return None
            if not row:
                return None
            value, check = row
            if not isinstance(value, bytes) or _check(value) != check:
                self._drop(self._file)
                return None
            self._used.add((step, key))
            return value

    def _store(self, step: str, key: str, value: bytes) -> None:
        with self._lock:
            self._used.add((step, key))
            self._new[step, key] = value
            self._size += len(value)
        if self._size > _AT_ONCE:
            self.save()


_SMALL = 50_000_000
"""So many bytes are no reason to look for what could be thrown away."""

_AT_ONCE = 16_000_000
"""So many bytes are collected before they are written; each single one would cost a transaction."""

_FIND = "SELECT value, digest FROM kept WHERE step = ? AND key = ?"
_HAS = "SELECT 1 FROM kept WHERE step = ? AND key = ?"
_PUT = "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)"
_SIZES = "SELECT step, key, length(value) FROM kept"


def _connected(file: Path) -> sqlite3.Connection:
    """The file, ready to be read and written; it is made where there is none, and anew where it is of another form."""
    # The preview builds in one thread and serves in others; a lock keeps them apart.
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=10)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")  # with WAL, a program that is killed still leaves a sound file
    if connection.execute("PRAGMA user_version").fetchone() != (VERSION,):
        connection.execute("DROP TABLE IF EXISTS kept")
        connection.execute(_TABLE)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    return connection


def _check(value: bytes) -> bytes:
    return hashlib.blake2b(value, digest_size=16).digest()


@cache
def made_with(*packages: str) -> str:
    """A name for this code with these *packages*, at their versions: it is another one when any of them changes."""
    code = sorted(Path(__file__).parent.iterdir())
    pieces = [piece for file in code if file.is_file() for piece in (file.name, file.read_bytes())]
    return digest([platform.python_version(), *(f"{package} {version(package)}" for package in packages), *pieces])


def digest(pieces: Iterable[str | bytes]) -> str:
    """A name for *pieces* that no other pieces have."""
    whole = hashlib.sha256()
    for piece in pieces:
        content = piece.encode("utf-8", "surrogatepass") if isinstance(piece, str) else piece
        whole.update(f"{len(content)} ".encode())
        whole.update(content)
    return whole.hexdigest()[:32]
