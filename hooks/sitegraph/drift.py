"""What came out otherwise when a notebook was run again."""

from __future__ import annotations

from collections.abc import Iterator

from .model import Notebook, Outcome, Place, Result


def drift(stored: Notebook, fresh: Notebook) -> Iterator[str]:
    """Verdicts that flipped and results that moved by more than the precision claimed for them: 'path:line: sentence'.

    What a clock decides moves from run to run, and on a busy machine it may not be decided at all. Such a result may
    move as it likes, and such a claim has drifted when it held somewhere and now fails there, or the other way round.
    """
    for name, before in stored.outcomes.items():
        now = fresh.outcomes.get(name)
        if now is None:
            yield _at(before.place, f"the claim `{name}` is not judged any more")
        elif before.measured:
            yield from _turned(before, now)
        elif now.verdict != before.verdict:
            yield _at(before.place, f"the verdict on `{name}` was {before.verdict} and is {now.verdict}")
    for name in fresh.outcomes.keys() - stored.outcomes.keys():
        yield _at(fresh.outcomes[name].place, f"the claim `{name}` is judged now and was not before")
    for name, result in stored.results.items():
        again = fresh.results.get(name)
        if again is None:
            yield _at(result.place, f"the result `{name}` is not published any more")
        elif not result.measured and (moved := _moved(result, again)):
            yield _at(result.place, f"the result `{name}` {moved}")
    for name in fresh.results.keys() - stored.results.keys():
        yield _at(fresh.results[name].place, f"the result `{name}` is published now and was not before")


def _at(place: Place, sentence: str) -> str:
    return f"{place.path}:{place.line}: {sentence}"


def _turned(before: Outcome, now: Outcome) -> Iterator[str]:
    became = {state.setting: state.state for state in now.states}
    for state in before.states:
        if {state.state, became.get(state.setting)} == {"holds", "fails"}:
            did = {"holds": "held", "fails": "failed"}[state.state]
            yield _at(
                before.place,
                f"the claim `{before.name}` {did} at {state.setting} and {became[state.setting]} there now",
            )


def _moved(before: Result, now: Result) -> str:
    precision = 0.5 * 10**-before.decimals
    for end, was, became in (
        ("", before.value, now.value),
        (" (lower end)", before.lo, now.lo),
        (" (upper end)", before.hi, now.hi),
    ):
        if (was is None) != (became is None):
            return f"had {'no ' if was is None else ''}interval and has {'none' if became is None else 'one'} now"
        if was is not None and became is not None and abs(was - became) > precision * (1 + 1e-9):
            return f"was {was:g}{end} and is {became:g}, which is more than its precision of {precision:g}"
    return ""
