"""How long an import takes, and how much memory: of many made-up comments, twice, into a folder of its own.

.venv/bin/python .ci/bench/imports.py 1000 10000
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

COMMAND = Path(__file__).parents[2] / "hooks" / "import_comments.py"
_WORDS = "rain cloud sun wind umbrella river slow bright often never perhaps because although water city"
WORDS = _WORDS.split()


def some(chance: random.Random, many: int) -> str:
    return " ".join(chance.choices(WORDS, k=many))


def comment(number: int, of: int, chance: random.Random) -> dict[str, Any]:
    """A comment of some hundred words with a link, a quotation, a list and a formula; one in five is a reply."""
    link = f"https://www.greaterwrong.com/posts/p/s#comment-c{chance.randrange(of):016d}"
    html = (
        f'<p>{some(chance, 40)} <a href="{link}">{some(chance, 2)}</a></p>'
        f"<blockquote><p>{some(chance, 10)}</p></blockquote>"
        f"<ul><li>{some(chance, 5)}</li><li>{some(chance, 5)}</li></ul>"
        rf'<p>{some(chance, 30)} <span class="math-tex">\(x_{{{number}}}\)</span></p>'
    )
    return {
        "_id": f"c{number:016d}",
        "postedAt": f"2024-{1 + number % 12:02d}-{1 + number % 28:02d}T10:00:00.000Z",
        "parentCommentId": f"c{number - 1:016d}" if number % 10 in (1, 2) else None,
        "user": {"_id": "u1", "slug": "ann", "displayName": "Ann Author", "email": "ann@example.org"},
        "post": {"_id": f"p{number % 50}", "slug": "s", "title": f"Post {number % 50}"},
        "contents": {"html": html},
        "userIP": "192.0.2.1",
    }


def measure(many: int) -> None:
    """Print what the first and the second import of *many* comments cost."""
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "docs/threads").mkdir(parents=True)
        file = Path(folder) / "export.json"
        comments = [comment(number, many, chance) for number in range(many)]
        file.write_text(json.dumps({"data": {"comments": {"results": comments}}}), encoding="utf-8")
        for run in ("first", "second"):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            ran = [sys.executable, str(COMMAND), str(file), "--root", folder]
            said = subprocess.run(ran, check=True, capture_output=True, text=True).stdout
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            # Of all children so far, the largest; macOS counts bytes.
            peak = after.ru_maxrss // (1024 if sys.platform == "linux" else 1024 * 1024)
            written = next(line for line in said.split("\n") if line.endswith("files written"))
            print(f"{many} comments, {run} run: {seconds:.1f} s of CPU, {peak} MB at most, {written}", flush=True)


if __name__ == "__main__":
    for asked in sys.argv[1:] or ["1000", "10000"]:
        measure(int(asked))
