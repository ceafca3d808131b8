"""Claims and what notebooks say of them, brought together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .model import Judged, Link, Notebook, Page, Place, Problem
from .rules import problem
from .suggest import did_you_mean


@dataclass(frozen=True)
class Judgements:
    """Every claim of the site with its verdict, in the order of the pages, and what is wrong between them."""

    claims: tuple[Judged, ...]
    problems: tuple[Problem, ...]


def judge(
    pages: Iterable[Page],
    notebooks: Mapping[str, Notebook],
    stale: Mapping[str, Sequence[str]],
    limits: Mapping[str, str],
) -> Judgements:
    """The verdict on each claim of *pages*.

    *notebooks* are given by the path of their page; *stale* says what changed since each of them ran, and *limits*
    which section of it says what its model leaves out.
    """
    pages = list(pages)
    by_slug = {page.slug: page for page in pages if page.path in notebooks}
    judged: list[Judged] = []
    problems: list[Problem] = []
    makers: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for page in pages:
        for claim in page.claims:
            tester = by_slug.get(claim.tested_by or "")
            outcome = notebooks[tester.path].outcomes.get(claim.name) if tester else None
            number = notebooks[tester.path].results.get(outcome.number) if tester and outcome else None
            verdict = "untested"
            if tester and outcome and outcome.verdict:
                verdict = "stale" if stale.get(tester.path) else outcome.verdict
            boundary = notebooks[tester.path].boundaries.get(claim.name) if tester and outcome else None
            found = Judged(
                page,
                claim,
                verdict,
                tester,
                outcome,
                number,
                limits.get(tester.path, "") if tester else "",
                boundary,
                notebooks[tester.path].figures.get(boundary.figure) if tester and boundary else None,
            )
            judged.append(found)
            problems += _untested(found, by_slug, notebooks)
            if tester:
                makers[tester.path, claim.name].append(found)
    for path, notebook in notebooks.items():
        problems += _unmade(path, notebook, makers)
        problems += _beyond(notebook)
        problems += _not_fresh(path, notebook, stale.get(path, ()))
    return Judgements(tuple(judged), tuple(problems))


def _untested(found: Judged, by_slug: Mapping[str, Page], notebooks: Mapping[str, Notebook]) -> Iterator[Problem]:
    claim, place = found.claim, Place(found.page.path, found.claim.line)
    if not claim.tested_by:
        if not claim.test_would_take:
            sentence = (
                f"nothing tests the claim `{claim.name}`: name a notebook under `tested-by`, "
                "or say under `test-would-take` what a test would need"
            )
            yield problem("claim-tested", place, sentence)
    elif not found.notebook:
        sentence = f"no notebook is called `{claim.tested_by}`{did_you_mean(claim.tested_by, by_slug)}"
        yield problem("claim-tested", place, sentence)
    elif not found.outcome and notebooks[found.notebook.path].cells:
        known = notebooks[found.notebook.path].outcomes
        sentence = f"{found.notebook.path} says nothing of the claim `{claim.name}`{did_you_mean(claim.name, known)}"
        yield problem("claim-tested", place, sentence)
    elif found.outcome and found.outcome.statement != claim.says:
        sentence = f"{found.notebook.path} tested the claim `{claim.name}` in other words: “{found.outcome.statement}”"
        yield problem("claim-tested", place, sentence)


def _unmade(path: str, notebook: Notebook, makers: Mapping[tuple[str, str], Sequence[Judged]]) -> Iterator[Problem]:
    for name, outcome in notebook.outcomes.items():
        making = makers.get((path, name), ())
        if not making:
            yield problem("claim-made", outcome.place, f"no page makes the claim `{outcome.id}` that is tested here")
        for second in making[1:]:
            sentence = f"{making[0].page.path} makes the claim `{name}` of the same notebook too"
            yield problem("name-unique", Place(second.page.path, second.claim.line), sentence)
        if outcome.number and outcome.number not in notebook.results:
            sentence = f"the claim `{name}` is decided by `{outcome.number}`, which is no result of this notebook"
            yield problem("result-exists", outcome.place, sentence + did_you_mean(outcome.number, notebook.results))


def _beyond(notebook: Notebook) -> Iterator[Problem]:
    for name, boundary in notebook.boundaries.items():
        if name not in notebook.outcomes:
            sentence = f"the boundary is of `{boundary.claim}`, which this notebook does not judge"
            yield problem("boundary-of-claim", boundary.place, sentence + did_you_mean(name, notebook.outcomes))
        if boundary.figure not in notebook.figures:
            sentence = f"the boundary of `{name}` is drawn in `{boundary.figure}`, which is no figure of this notebook"
            yield problem(
                "boundary-of-claim", boundary.place, sentence + did_you_mean(boundary.figure, notebook.figures)
            )


def _not_fresh(path: str, notebook: Notebook, changed: Sequence[str]) -> Iterator[Problem]:
    if not notebook.ran:
        return  # that it never ran is said elsewhere
    place = Place(path, 1)
    if changed:
        yield problem("notebook-fresh", place, f"{', '.join(changed)} since the stored run; run `make notebooks`")
    elif notebook.profile != "full":
        sentence = "the stored run is a quick one, whose numbers are not for publication; run `make notebooks`"
        yield problem("notebook-fresh", place, sentence)


ClaimPlaces = Mapping[tuple[str, str], Sequence[int]]
"""The numbers of claims by where a link to them may lead: path and anchor."""


def claim_places(claims: Iterable[Judged]) -> ClaimPlaces:
    """Where each of *claims* can be linked: where it stands, where it is tested, and at the number that decides it."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, found in enumerate(claims):
        places[found.page.path, found.claim.anchor].append(number)
        if found.notebook:
            places[found.notebook.path, found.claim.anchor].append(number)
            if found.number:
                places[found.notebook.path, found.number.anchor].append(number)
    return dict(places)


def leans_on(links: Iterable[Link], claims: Sequence[Judged], places: ClaimPlaces) -> tuple[Judged, ...]:
    """The claims that the page of these *links* leans on, in the order of *claims*.

    It links the claim, or quotes the number that decides it (see `claim_places`). Neither the page that makes a claim
    nor the notebook that tests it leans on it.
    """
    leaning: set[int] = set()
    for link in links:
        for number in places.get((link.target, link.anchor), ()):
            own = (claims[number].page, claims[number].notebook)
            if link.source not in (page.path for page in own if page):
                leaning.add(number)
    return tuple(claims[number] for number in sorted(leaning))
