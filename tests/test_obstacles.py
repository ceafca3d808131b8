"""What stands in the way of a build is told in a sentence, and nothing else is taken for it."""

from __future__ import annotations

import errno

import pytest

from sitegraph.obstacles import obstacle


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, "x"), "there is no space left on the disk; make room and build again"),
        (
            OSError(errno.ENOSPC, "x", "from.js", None, "site/to.js"),
            "there is no space left on the disk of site/to.js; make room and build again",
        ),
        (
            OSError(errno.EROFS, "x", "site/a"),
            "site/a cannot be written, as its disk is read-only; copy the project to one that is not",
        ),
        (
            PermissionError(errno.EACCES, "x", "site"),
            "site may not be read or written by this user; its rights have to be changed, or the user",
        ),
        (
            NotADirectoryError(errno.ENOTDIR, "x", ".cache/kept"),
            ".cache/kept cannot be made, as a file lies where a folder should; move that file away",
        ),
    ],
)
def test_an_obstacle_is_told_with_what_helps(error: OSError, sentence: str) -> None:
    assert obstacle(error) == sentence


@pytest.mark.parametrize("error", [ValueError("no"), FileNotFoundError(errno.ENOENT, "x", "y"), OSError("no number")])
def test_a_mistake_of_a_programmer_is_none(error: Exception) -> None:
    assert obstacle(error) is None
