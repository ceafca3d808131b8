"""What stops a build and is no mistake in its files: a disk that is full, a folder that may not be written."""

from __future__ import annotations

import errno

_SENTENCES = {
    errno.ENOSPC: "there is no space left on the disk{of}; make room and build again",
    errno.EDQUOT: "your share of the disk is used up{of}; make room and build again",
    errno.EROFS: "{name} cannot be written, as its disk is read-only; copy the project to one that is not",
    errno.EACCES: "{name} may not be read or written by this user; its rights have to be changed, or the user",
    errno.EPERM: "{name} may not be changed by this user; its rights have to be changed, or the user",
    errno.ENOTDIR: "{name} cannot be made, as a file lies where a folder should; move that file away",
    errno.EEXIST: "{name} cannot be made, as a file lies where a folder should; move that file away",
    errno.EISDIR: "{name} cannot be written, as a folder of that name lies there; move that folder away",
    errno.ENAMETOOLONG: "{name} is longer than this disk allows a name to be; shorten it",
    errno.EMFILE: "more files are open than this system allows; `ulimit -n` raises that",
    errno.EIO: "{name} could not be read or written, as the disk failed",
}


def obstacle(error: BaseException) -> str | None:
    """The sentence that tells what stood in the way and what helps; None for an *error* of another kind."""
    if not isinstance(error, OSError) or error.errno not in _SENTENCES:
        return None
    name = str(error.filename2 or error.filename or "")  # of two, it is the one that was to be made
    return _SENTENCES[error.errno].format(name=name or "a file", of=f" of {name}" if name else "")
