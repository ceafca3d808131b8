"""Results of slow steps, kept between builds."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path


class Keep:
    """A folder of results, each under a digest of all that it depends on; without a folder, nothing is kept.

    It is safe to delete at any time. A result is written beside its place and then moved there, so that a build that is
    cut off leaves none that is half-written.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def get(self, step: str, depends_on: Iterable[str | bytes], make: Callable[[], bytes]) -> bytes:
        """What *make* gives, which is called only when it never was with these *depends_on*.

        These hold everything of which the result is made: texts, settings, versions of packages.
        """
        if self._folder is None:
            return make()
        place = self._folder / step / digest(depends_on)
        if place.is_file():
            return place.read_bytes()
        made = make()
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, written = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(made)
        Path(written).replace(place)
        return made


def digest(pieces: Iterable[str | bytes]) -> str:
    """A name for *pieces* that no other pieces have."""
    whole = hashlib.sha256()
    for piece in pieces:
        content = piece.encode("utf-8", "surrogatepass") if isinstance(piece, str) else piece
        whole.update(f"{len(content)} ".encode())
        whole.update(content)
    return whole.hexdigest()[:32]
