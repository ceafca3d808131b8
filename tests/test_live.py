"""What a page fetches to ask a claim again, and how it is known that it still belongs to the code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.conftest import a_boundary, notebook
from tests.test_live_code import BESIDE, encoded
from tests.test_notebooks import GOOD, PATH, THREAD, line_of

from sitegraph.figures import DARK
from sitegraph.live import Runtime, live_file, outdated_answers, read_runtime
from sitegraph.live_code import code_digest, code_of
from sitegraph.notebooks import read_notebook

if TYPE_CHECKING:
    from tests.conftest import Files

CODE = code_digest(code_of("live.jets", encoded(BESIDE)))
MANIFEST = {
    "folder": "0123456789ab",
    "sent": {"pyodide.asm.wasm": 3_500_000, "stdlib.gzb": 1_240_000},
    "sizes": {"pyodide.asm.wasm": 9_600_000, "stdlib.gzb": 1_240_000},
    "python": "3.14.2",
    "info": {"arch": "wasm32"},
    "digests": {"jets/faster": "feed"},
    "codes": {"jets/faster": CODE},
    "compiled": {"models/jets.py": "AAAA", "models/other.py": "BBBB"},
}
TEXT = notebook(*GOOD, ("ask()\n", a_boundary("faster")))
JETS = read_notebook(PATH, TEXT.encode()).notebook


def runtime(**more: object) -> Runtime:
    found = read_runtime(json.dumps({**MANIFEST, **more}))
    assert found
    return found


def test_what_was_made_says_how_much_a_reader_fetches() -> None:
    assert runtime().megabytes == "4.7 MB"


@pytest.mark.parametrize("manifest", ["", "{", "[]", "null", json.dumps({"folder": "x"})])
def test_a_manifest_that_is_not_whole_counts_as_none(manifest: str) -> None:
    assert read_runtime(manifest) is None


def test_a_page_fetches_the_questions_the_code_and_what_to_compare_with() -> None:
    told = json.loads(live_file(JETS, encoded(BESIDE), runtime()))
    assert told["runtime"] == "live/0123456789ab/"
    assert told["code"] == code_of("live.jets", encoded(BESIDE))
    assert told["compiled"] == {"models/jets.py": "AAAA"}
    assert told["dark"] == DARK
    assert told["questions"]["faster"]["built"] == "feed"
    assert [knob["name"] for knob in told["questions"]["faster"]["knobs"]] == ["wind", "fuel"]


def test_code_that_changed_since_is_told_and_its_answer_is_not_compared_with() -> None:
    beside = encoded({**BESIDE, "models/jets.py": "import math\n"})
    told = [str(found) for found in outdated_answers(PATH, JETS, beside, runtime())]
    sentence = "`live.jets` changed since `make live` asked about `faster`; run it again [live-current]"
    assert told == [f"{PATH}:{line_of('ask()', TEXT)}: {sentence}"]
    assert json.loads(live_file(JETS, beside, runtime()))["questions"]["faster"]["built"] == ""
    assert list(outdated_answers(PATH, JETS, encoded(BESIDE), runtime())) == []


@pytest.mark.build
def test_the_site_has_a_button_where_the_runtime_was_made_and_is_whole_without_it(
    build_site: Callable[..., Path],
) -> None:
    files: Files = {
        "docs/threads/outrunning-the-jet.md": THREAD,
        PATH: TEXT,
        **{f"notebooks/{path}": text for path, text in BESIDE.items()},
    }
    root = build_site(files)
    page = root / "site/threads/outrunning-the-jet/index.html"
    assert 'class="boundary"' in page.read_text(encoding="utf-8")
    assert 'class="live"' not in page.read_text(encoding="utf-8")
    assert not (root / "site/live").exists()
    made = root / ".cache/live"
    (made / "site/live/0123456789ab").mkdir(parents=True)
    for name in MANIFEST["sent"]:
        (made / "site/live/0123456789ab" / name).write_bytes(b"x")
    (made / "manifest.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
    build_site(files, root)
    live = 'class="live" data-live="../../notebooks/jets/live.json" data-root="../../" data-claim="faster"'
    assert live in page.read_text(encoding="utf-8")
    assert json.loads((root / "site/notebooks/jets/live.json").read_text())["questions"]["faster"]["built"] == "feed"
    assert (root / "site/live/0123456789ab/stdlib.gzb").read_bytes() == b"x"
    assert "/live/0123456789ab/stdlib.gzb\n  Cache-Control: public" in (root / "site/_headers").read_text()
