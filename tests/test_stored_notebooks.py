"""The notebooks as they are stored: all there, run in full, judged by the rule, drawn and told in words."""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import wrong_in_vega_lite

import lab
from sitegraph.freshness import changes, files_beside, manifest
from sitegraph.model import Notebook
from sitegraph.notebooks import CLAIM_TYPE, read_notebook

ROOT = Path(__file__).parent.parent
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in PATHS]

every_notebook = pytest.mark.parametrize("path", PATHS, ids=NAMES)


def stored(path: Path) -> Notebook:
    return read_notebook(f"notebooks/{path.name}", path.read_bytes()).notebook


def published(path: Path, media_type: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Each output of that type, with its metadata."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", ()):
            if media_type in output.get("data", {}):
                yield output["data"][media_type], output["metadata"]


def test_the_fourteen_with_which_the_site_began_are_there() -> None:
    assert set(NAMES) >= {
        "art-as-sharing",
        "catastrophe-reward",
        "confession-judge",
        "efficiency-metrics",
        "nhop-scoring",
        "outcome-vs-means",
        "persona-management",
        "persona-transmission",
        "priors-to-forms",
        "relative-impact",
        "reward-seeking",
        "style-collapse",
        "topic-clusters",
        "verbosity-hedging",
    }


@every_notebook
def test_it_was_run_in_full_with_the_code_and_the_packages_of_today(path: Path) -> None:
    notebook = stored(path)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    now = manifest([cell.source for cell in notebook.cells], files_beside(ROOT / "notebooks"), lock)
    assert changes(notebook.run, now) == []
    assert notebook.profile == "full"


@every_notebook
def test_its_verdicts_follow_from_its_cells_by_the_rule(path: Path) -> None:
    claims = [claim for claim, _ in published(path, CLAIM_TYPE)]
    assert claims
    for claim in claims:
        intervals = [lab.Interval(*(cell[name] for name in ("mean", "lo", "hi", "n"))) for cell in claim["cells"]]
        states = [lab.state_of(interval, claim["delta"]) for interval in intervals]
        assert states == [cell["state"] for cell in claim["cells"]]
        assert claim["verdict"] == lab.decide(states)


@every_notebook
def test_its_claims_say_what_would_have_made_them_right_and_under_which_conditions(path: Path) -> None:
    for claim, _ in published(path, CLAIM_TYPE):
        assert len(claim["right_if"].split()) > 5, claim["id"]
        assert bool(claim["condition"]) == (claim["verdict"] == "conditional"), claim["id"]
        assert all(control["passed"] for control in claim["controls"]), claim["id"]


@every_notebook
def test_its_seeds_are_fresh(path: Path) -> None:
    for claim, _ in published(path, CLAIM_TYPE):
        assert int(re.match(r"\d+", claim["seeds"])[0]) >= lab.FIRST_SEED  # type: ignore[index]


@every_notebook
def test_its_figures_are_vega_lite_and_told_in_words(path: Path) -> None:
    figures = list(published(path, lab.VEGA_TYPE))
    assert figures
    for spec, about in figures:
        assert wrong_in_vega_lite(spec) == []
        assert len(about["figure"]["alt"].split()) >= 8, about["figure"]["name"]
        assert len(about["figure"]["caption"].split()) >= 5, about["figure"]["name"]


@every_notebook
def test_it_ends_with_its_limits_and_what_was_changed_after_seeing(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    last = re.split(r"^## ", prose, flags=re.MULTILINE)[-1]
    assert "### Changed after seeing" in last


@every_notebook
def test_its_code_is_no_longer_than_its_prose_deserves(path: Path) -> None:
    code = sum(len(cell.source) for cell in stored(path).cells)
    assert code < 10_000


@pytest.mark.parametrize("name", NAMES)
def test_its_page_is_light(name: str, real_site: Path) -> None:
    """What the notebook itself brings; and what is sent of the whole page, its head and foot included."""
    page = (real_site / "notebooks" / name / "index.html").read_text(encoding="utf-8")
    without_figures = re.sub(r"<figure\b.*?</figure>", "", page, flags=re.DOTALL)
    article = without_figures[without_figures.index("<article") : without_figures.index("</article>")]
    assert len(article.encode()) < 60 * 1024
    assert len(gzip.compress(without_figures.encode())) < 24 * 1024


def test_every_model_is_of_the_standard_library_alone() -> None:
    for path in (ROOT / "notebooks" / "models").glob("*.py"):
        names = re.findall(r"^(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert {name for name in names if name not in sys.stdlib_module_names} == set(), path.name


def test_essays_and_threads_quote_at_least_25_results(real_site: Path) -> None:
    pages = [*real_site.glob("essays/*/index.html"), *real_site.glob("threads/*/index.html")]
    quoted = sum(page.read_text(encoding="utf-8").count('<a class="checked"') for page in pages)
    assert quoted >= 25
