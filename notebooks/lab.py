"""What every notebook uses: seeds, the decision rule, and how results, claims and figures are published.

A published thing is an output of its cell: JSON under a media type of its own, which the site reads, beside plain text
for everybody else. Nothing here knows the site.
"""

from __future__ import annotations

import math
import os
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import fmean
from typing import Any, Literal, TypeVar

from models.charts import THEME

T = TypeVar("T")

CLAIM_TYPE = "application/vnd.notebook.claim+json"
RESULT_TYPE = "application/vnd.notebook.result+json"
VEGA_TYPE = "application/vnd.vegalite.v6+json"

PROFILE = os.environ.get("NOTEBOOK_PROFILE", "full")
"""'full': the numbers that are published; 'quick': a few seeds and settings, to see that everything runs. It has no
verdicts."""
if PROFILE not in ("full", "quick"):
    raise ValueError(f"NOTEBOOK_PROFILE is '{PROFILE}'; it has to be 'full' or 'quick'")

FIRST_SEED = 1000
"""The prototypes used 0 to 39; what is published uses fresh seeds from here on."""

RESAMPLES = 2000
BOOTSTRAP_SEED = 20261123

State = Literal["holds", "fails", "unclear"]
Verdict = Literal["supported", "conditional", "contradicted", "open"]
Kind = Literal["theorem", "simulation", "measurement"]


def quick() -> bool:
    """Whether this is only a run to see that everything works."""
    return PROFILE == "quick"


def choose(full: T, few: T) -> T:
    """*full* in a run whose numbers are published, *few* in a quick one."""
    return few if quick() else full


def seeds(count: int, few: int = 3) -> range:
    """The *count* fresh seeds of a published run, or the first *few* of them in a quick one."""
    return range(FIRST_SEED, FIRST_SEED + choose(count, few))


def stream(seed: int, arm: int = 0) -> random.Random:
    """The source of chance of one *arm* under one *seed*.

    Two arms that are to share their luck, so that only what differs between them shows, take the same arm number.
    """
    return random.Random(1_000_003 * seed + arm)


def rounded(value: float, digits: int = 4) -> float:
    """*value* to *digits* significant digits, lest a run elsewhere write another file; whole numbers stay whole."""
    if isinstance(value, int) or value == 0 or not math.isfinite(value):
        return value
    return float(f"{value:.{digits}g}")


# --- the decision rule ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Interval:
    """The mean of some effects and where it may lie."""

    mean: float
    lo: float
    hi: float
    n: int

    @property
    def exact(self) -> bool:
        """Whether all effects were equal, so that there is nothing to be unsure of."""
        return self.lo == self.hi


def bootstrap(
    values: Iterable[float], level: float = 0.95, statistic: Callable[[Sequence[float]], float] = fmean
) -> Interval:
    """The percentile bootstrap interval of the mean (or another *statistic*) of *values*, at confidence *level*.

    Its chance is its own and always the same. Source: Efron and Tibshirani 1993, chapter 13. Raises ValueError when
    there are no values, or one of them is not a finite number.
    """
    sample = [float(value) for value in values]
    if not sample or not all(map(math.isfinite, sample)):
        raise ValueError(f"an interval needs finite effects, and these are {sample[:5]}")
    middle = statistic(sample)
    if min(sample) == max(sample):
        return Interval(middle, middle, middle, len(sample))
    rng = random.Random(BOOTSTRAP_SEED)
    means = sorted(statistic(rng.choices(sample, k=len(sample))) for _ in range(RESAMPLES))
    tail = (1 - level) / 2
    # Rounded outwards, so that the interval covers no less than it says.
    low = math.floor(tail * (RESAMPLES - 1))
    return Interval(middle, means[low], means[RESAMPLES - 1 - low], len(sample))


@dataclass(frozen=True)
class Cell:
    """One declared setting of the parameters, the effect found there, and what that says of the claim."""

    params: Mapping[str, Any]
    mean: float
    lo: float
    hi: float
    n: int
    state: State

    @property
    def words(self) -> str:
        """The setting as a reader sees it: 'ε = 0.1, α = 0.3'."""
        return ", ".join(f"{name} = {value}" if name else str(value) for name, value in self.params.items())


def state_of(interval: Interval, delta: float) -> State:
    """'holds' when the whole interval lies above *delta*, 'fails' when it lies below, else 'unclear'."""
    if interval.lo > delta:
        return "holds"
    return "fails" if interval.hi < delta else "unclear"


def judge_cells(effects: Sequence[tuple[Mapping[str, Any], Sequence[float]]], delta: float) -> tuple[Cell, ...]:
    """Each cell's interval, at a level corrected for their number (Bonferroni), and its state against *delta*."""
    judged = []
    for params, values in effects:
        found = bootstrap(values, 1 - 0.05 / len(effects))
        # Judged as it is published: nobody can read a state off digits that are not shown.
        seen = Interval(rounded(found.mean), rounded(found.lo), rounded(found.hi), found.n)
        judged.append(Cell(dict(params), seen.mean, seen.lo, seen.hi, seen.n, state_of(seen, delta)))
    return tuple(judged)


def decide(states: Sequence[State]) -> Verdict:
    """The verdict on a claim from the states of all its cells."""
    n, holds, fails = len(states), states.count("holds"), states.count("fails")
    if not n:
        raise ValueError("a claim is judged over at least one cell")
    if holds + fails < n / 2:
        return "open"
    if not fails and holds >= 0.8 * n:
        return "supported"
    if not holds and fails >= 0.8 * n:
        return "contradicted"
    return "conditional" if holds and fails else "open"


# --- publishing ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """A named value: what prose may quote, and what a later run is compared with."""

    name: str
    says: str  # what it is, as the row of a table
    value: float
    unit: str = ""
    lo: float | None = None
    hi: float | None = None
    decimals: int = 2  # the precision that is claimed for it: a later run may differ by half a unit of it
    seeds: str = ""
    measured: bool = False  # a clock or a machine decides it, so it differs from run to run

    def _ipython_display_(self) -> None:
        """Show nothing where a cell ends with it: it was shown when it was published."""

    @property
    def words(self) -> str:
        """The value with its interval and unit: '0.19 (0.17 to 0.20) of lives'."""
        spread = f" ({self._written(self.lo)} to {self._written(self.hi)})" if self.has_interval else ""
        return f"{self._written(self.value)}{spread} {self.unit}".rstrip()

    @property
    def has_interval(self) -> bool:
        """Whether it is known with a spread, not exactly."""
        return self.lo is not None and self.hi is not None and self.lo != self.hi

    def _written(self, value: float | None) -> str:
        return "" if value is None else f"{value:z.{self.decimals}f}".replace("-", "−")


@dataclass(frozen=True)
class Control:
    """A setting outside the cells where the answer is known."""

    name: str  # what is known of it
    expected: str
    found: float
    passed: bool


@dataclass(frozen=True)
class Claim:
    """What a notebook has to say of one claim."""

    id: str
    kind: Kind
    comment: str
    statement: str
    statistic: str  # what is measured, in words, larger meaning more in favour of the claim
    delta: float
    cells: tuple[Cell, ...]
    controls: tuple[Control, ...]
    verdict: Verdict | None  # none in a quick run
    condition: str
    number: str  # the name of the result that decides
    right_if: str
    by_construction: str
    seeds: str
    profile: str
    changed_after_seeing: str
    measured: bool = field(default=False)  # its cells hold readings of a clock, which differ from run to run

    def _ipython_display_(self) -> None:
        """Show nothing where a cell ends with it: it was shown when it was published."""

    def rows(self) -> list[dict[str, Any]]:
        """The cells as the rows of a figure."""
        return [
            {"cell": cell.words, "mean": cell.mean, "lo": cell.lo, "hi": cell.hi, "state": cell.state}
            for cell in self.cells
        ]

    def where(self, state: State) -> str:
        """The cells in one state, in words: what a condition is written from."""
        return "; ".join(cell.words for cell in self.cells if cell.state == state)


def span(used: Sequence[int]) -> str:
    """The seeds in words: '1000–1029', '' where chance had no part."""
    if not used:
        return ""
    return f"{used[0]}–{used[-1]}" if len(used) > 1 else f"{used[0]}"


def publish_result(
    name: str,
    value: float | Interval,
    says: str,
    *,
    unit: str = "",
    decimals: int = 2,
    used: Sequence[int] = (),
    measured: bool = False,
) -> Result:
    """Publish *value* as the result *name*; an Interval brings its spread along.

    *decimals* is the precision that is claimed for it. Raises ValueError when a number is not finite.
    """
    interval = value if isinstance(value, Interval) else None
    middle = value.mean if isinstance(value, Interval) else value
    numbers = [middle, interval.lo, interval.hi] if interval else [middle]
    if not all(map(math.isfinite, numbers)):
        raise ValueError(f"the result {name} is not a finite number: {numbers}")
    result = Result(
        name=name,
        says=says,
        value=rounded(middle),
        unit=unit,
        lo=rounded(interval.lo) if interval else None,
        hi=rounded(interval.hi) if interval else None,
        decimals=0 if isinstance(middle, int) else decimals,
        seeds=span(used),
        measured=measured,
    )
    _display(RESULT_TYPE, asdict(result), f"{says}: {result.words}")
    return result


def judge_claim(
    id: str,  # noqa: A002 (the word of the specification)
    *,
    comment: str,
    statement: str,
    statistic: str,
    delta: float,
    effects: Sequence[tuple[Mapping[str, Any], Sequence[float]]],
    used: Sequence[int],
    kind: Kind = "simulation",
    measured: bool = False,
) -> Claim:
    """The claim judged by the rule, not yet published: its cells are what figures and conditions are made of.

    *effects* gives for each declared cell its parameters and one effect per seed; *used* are the seeds.
    """
    cells = judge_cells(effects, delta)
    return Claim(
        id=id,
        kind=kind,
        comment=comment,
        statement=statement,
        statistic=statistic,
        delta=delta,
        cells=cells,
        controls=(),
        verdict=None if quick() else decide([cell.state for cell in cells]),
        condition="",
        number="",
        right_if="",
        by_construction="",
        seeds=span(used),
        profile=PROFILE,
        changed_after_seeing="",
        measured=measured,
    )


def publish_claim(
    claim: Claim,
    *,
    number: Result,
    controls: Sequence[Control] = (),
    condition: str = "",
    right_if: str,
    by_construction: str = "",
    changed_after_seeing: str = "",
) -> Claim:
    """Publish *claim* with the result that decides it.

    *condition* says what separates the cells that hold from those that fail, and has to be given where the verdict is
    conditional; elsewhere it is left out. *right_if* completes "the comment would have been right (or wrong) if …".
    Raises AssertionError when a control did not come out as known, ValueError when a condition is missing.
    """
    failed = [control for control in controls if not control.passed]
    assert not failed, f"{claim.id}: a control did not come out as known: {failed}"
    if claim.verdict == "conditional" and not condition:
        raise ValueError(f"{claim.id} is supported under conditions: say which ({claim.where('holds')})")
    whole = {
        **{name: getattr(claim, name) for name in claim.__dataclass_fields__},
        "controls": tuple(controls),
        "condition": condition if claim.verdict == "conditional" else "",
        "number": number.name,
        "right_if": right_if,
        "by_construction": by_construction,
        "changed_after_seeing": changed_after_seeing,
    }
    published = Claim(**whole)
    value = asdict(published)
    for cell, stored in zip(published.cells, value["cells"], strict=True):
        stored["setting"] = cell.words  # a stored notebook sorts keys, so the order of the parameters has to be kept
    _display(CLAIM_TYPE, value, _spoken(published, number))
    return published


def control(name: str, found: float | Interval, expected: str, passed: bool) -> Control:
    """A control that was run: what was *expected* in words, what was *found*, and whether it *passed*."""
    return Control(name, expected, rounded(found.mean if isinstance(found, Interval) else found), bool(passed))


def _spoken(claim: Claim, number: Result) -> str:
    words = {"supported": "supported", "conditional": "supported under conditions", "contradicted": "contradicted"}
    verdict = words.get(claim.verdict or "", claim.verdict or "no verdict (quick run)")
    counts = ", ".join(
        f"{count} {state}"
        for state in ("holds", "fails", "unclear")
        if (count := [c.state for c in claim.cells].count(state))
    )
    lines = [
        f"{claim.id}: {verdict}, in this model ({counts} of {len(claim.cells)} cells)",
        f"  {number.says}: {number.words}",
    ]
    if claim.condition:
        lines.append(f"  {claim.condition}")
    return "\n".join(lines)


def show(name: str, spec: Mapping[str, Any], *, alt: str, caption: str) -> None:
    """Show a figure: the specification, the drawing made from it, and *alt*, which says in words what it shows.

    Raises ValueError when there is no *alt* or no *caption*, or the specification cannot be drawn.
    """
    import vl_convert  # here, for what runs without figures has no need of it

    if not alt.strip() or not caption.strip():
        raise ValueError(f"the figure {name} needs words for those who do not see it, and a caption")
    svg = vl_convert.vegalite_to_svg(dict(spec), vl_version="6.4", config=THEME)
    data = {VEGA_TYPE: dict(spec), "image/svg+xml": svg, "text/plain": alt}
    _display_raw(data, {"figure": {"name": name, "alt": alt, "caption": caption}})


def _display(media_type: str, value: Mapping[str, Any], text: str) -> None:
    _display_raw({media_type: _plain(value), "text/plain": text}, {})


def _plain(value: Any) -> Any:
    """*value* as JSON holds it: lists for tuples, rounded numbers."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    return rounded(value if isinstance(value, int) else float(value))


def _display_raw(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
    from IPython.display import display  # here, for only a notebook has it

    display(dict(data), raw=True, metadata=dict(metadata))  # type: ignore[no-untyped-call]
