"""The folder that a build writes to, in which a file that would be what it was is left as it is.

To write five thousand small files takes longer than to find out what stands in them, and most builds change a few.
MkDocs empties the folder before it builds. So it is put aside before that, and put back after it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from .keep import Keep

Content = str | bytes


@dataclass(frozen=True)
class Entry:
    """A file of the folder: its path there, what makes its content, and a name for all that this depends on.

    Where the name is '', nothing is known of that, and the content is made each time; so it is *anew*.
    """

    name: str
    make: Callable[[], Content]
    key: str = ""
    anew: bool = False


Written = Mapping[str, tuple[bytes, int, int, str]]
"""What was written to each file: a digest of it, the size, when, by the clock of the disk, and its key."""


@dataclass
class Output:
    """The folder *site*, which lies at *aside* for the time in which it would be emptied."""

    site: Path
    aside: Path
    keep: Keep

    def put_aside(self) -> None:
        """Move the folder out of the way. What it holds is thrown away where that cannot be done."""
        shutil.rmtree(self.aside, ignore_errors=True)  # of a build that was cut off
        try:
            self.aside.parent.mkdir(parents=True, exist_ok=True)
            self.site.rename(self.aside)
        except OSError:
            return  # there is none, or it is on another disk

    def write(self, files: Iterable[Entry], others: Iterable[str], *, anew: bool = False) -> None:
        """Make *files* be what is in the folder, beside the *others* there; none is made of which the key is the same.

        But for a build *anew*, which makes everything.

        A file is believed to be what was written when its size and its time are those that were noted then.
        """
        before = self._before()
        self.site.mkdir(parents=True, exist_ok=True)
        _put_back(self.aside, self.site)
        shutil.rmtree(self.aside, ignore_errors=True)
        written: dict[str, tuple[bytes, int, int, str]] = {}
        folders: set[Path] = set()
        for entry in files:
            path = self.site / entry.name
            noted, state = before.get(entry.name), _state(path)
            if noted and entry.key and not (anew or entry.anew) and (*state, entry.key) == noted[1:]:
                written[entry.name] = noted
                continue
            content = entry.make()
            data = content.encode() if isinstance(content, str) else content
            digest = hashlib.blake2b(data, digest_size=16).digest()
            if not noted or noted[:3] != (digest, *state):
                if path.parent not in folders:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    folders.add(path.parent)
                path.write_bytes(data)
                state = _state(path)
            written[entry.name] = (digest, *state, entry.key)
        self._leave_only({*written, *others})
        self.keep.put("output", (str(self.site),), msgspec.msgpack.encode(written))

    def _before(self) -> Written:
        stored = self.keep.stored("output", (str(self.site),))
        try:
            return msgspec.msgpack.decode(stored, type=dict[str, tuple[bytes, int, int, str]]) if stored else {}
        except msgspec.MsgspecError:
            return {}

    def _leave_only(self, names: set[str]) -> None:
        """Remove every other file, and the folders that are empty then."""
        for found, _, files in os.walk(self.site, topdown=False):
            folder = Path(found)
            below = folder.relative_to(self.site).as_posix()
            for file in files:
                if (file if below == "." else f"{below}/{file}") not in names:
                    (folder / file).unlink()
            if not any(folder.iterdir()):
                folder.rmdir()


def _state(path: Path) -> tuple[int, int]:
    """The size and the time of a file, nothing of one that is not there or is none."""
    try:
        found = path.lstat()
    except OSError:
        return (-1, -1)
    return (found.st_size, found.st_mtime_ns)


def _put_back(aside: Path, site: Path) -> None:
    """Move what is *aside* to where it was, except what is there already."""
    for entry in aside.iterdir() if aside.is_dir() else ():
        place = site / entry.name
        if not os.path.lexists(place):
            entry.rename(place)
        elif entry.is_dir() and not entry.is_symlink() and place.is_dir():
            _put_back(entry, place)
