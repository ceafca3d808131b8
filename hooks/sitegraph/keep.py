"""Results of slow steps, kept between builds."""

from __future__ import annotations

import hashlib
import platform
import sqlite3
import warnings
from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import RLock
from typing import TypeVar

import msgspec

T = TypeVar("T")

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
        self._file = folder / "results.sqlite" if folder else None
        self._connection: sqlite3.Connection | None = None
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
            found = make()
            self._store(step, key, found)
        return found

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
        made = make()
        self._store(step, key, msgspec.msgpack.encode(made))
        return made

    def stored(self, step: str, depends_on: Iterable[str | bytes]) -> bytes | None:
        """What was kept with these *depends_on*, if anything was."""
        return self._found(step, digest(depends_on)) if self._connection else None

    def forget(self) -> None:
        """Leave out what was not used since this object was made, once it is more than what was."""
        with self._lock:
            if self._connection is None:
                return
            try:
                sizes = {(step, key): size for step, key, size in self._connection.execute(_SIZES)}
                unused = sizes.keys() - self._used
                if 2 * sum(sizes[key] for key in unused) > sum(sizes.values()):
                    self._connection.executemany("DELETE FROM kept WHERE step = ? AND key = ?", list(unused))
                    self._connection.execute("VACUUM")
            except sqlite3.Error:
                pass  # a file that grows harms nobody; the next build will see to it

    def _found(self, step: str, key: str) -> bytes | None:
        with self._lock:
            if self._connection is None or self._file is None:
                return None
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
            if self._connection is None or self._file is None:
                return
            try:
                self._connection.execute(_PUT, (step, key, value, _check(value)))
                self._used.add((step, key))
            except sqlite3.OperationalError:
                pass  # the disk is full, or another build is writing: then this one is not kept
            except sqlite3.DatabaseError:
                self._drop(self._file)


_FIND = "SELECT value, digest FROM kept WHERE step = ? AND key = ?"
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
