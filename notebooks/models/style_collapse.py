"""What pleasing judges does to a writer's characters, and what a shared pool of text does to many models' idioms.

Two models that have nothing in common but the complaint they test.

A writer speaks for eight characters. A style is a point of the plane (a complex number), a character's texts scatter
around its mean, a judge likes a text the more the nearer it lies to the judge's own ideal, and each verdict moves the
character's mean (REINFORCE). Part of each movement is shared by all characters, as the parameters of one network are.

Several models learn from one pool of human and model text. Each generation every model counts idioms in a sample of
the pool, and tuning then multiplies their odds.

Sources: Hotelling 1929 and Downs 1957 (sellers and parties that court the middle); Sutton and Barto 2018, chapter 13
(REINFORCE).
"""

from __future__ import annotations

import cmath
import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean
from typing import Any

from . import charts

Style = complex
Rates = list[list[float]]
"""How often each idiom stands in a document: one list of rates per model."""

# --- the writer and its judges -------------------------------------------------------------------------------------

CHARACTERS = 8
RADIUS, JITTER = 2.0, 0.2
SCATTER = 0.5
"""How far a text lies from its character's mean: the standard deviation in each direction."""
CAMP, CAMP_SHARE, CAMP_SCATTER = 2.0, 0.6, 0.5
"""Two camps of judges lie at ±CAMP on the first axis; CAMP_SHARE of the judges are in the one on the right."""

UPDATES, TEXTS, RATE = 1500, 3, 0.08
"""The training: updates, texts per character in each, and the length of a step."""


@dataclass(frozen=True)
class Judging:
    """Who judges, and what the judges are paid to look at."""

    tastes: int = 1
    """1: all tastes gather at one point; 2: in two camps."""
    h: float = 1.0
    """How far from its ideal a judge still likes a text."""
    weight: float = 0.0
    """The share of the verdict that asks whether the text fits the character (λ); 0 is a blind judge."""
    share: float = 0.5
    """How much of each movement all characters make together."""


def cast(rng: random.Random) -> list[Style]:
    """The means of the characters before training: on a circle, a little out of place."""
    return [
        RADIUS * cmath.exp(2j * math.pi * k / CHARACTERS) + JITTER * complex(rng.gauss(0, 1), rng.gauss(0, 1))
        for k in range(CHARACTERS)
    ]


def judges(tastes: int, rng: random.Random, count: int = 400) -> list[Style]:
    """The ideals of *count* judges, around one point or around two."""
    return [_ideal(tastes, rng) for _ in range(count)]


def _ideal(tastes: int, rng: random.Random) -> Style:
    noise = complex(rng.gauss(0, 1), rng.gauss(0, 1))
    if tastes == 1:
        return noise
    return (CAMP if rng.random() < CAMP_SHARE else -CAMP) + CAMP_SCATTER * noise


def liking(text: Style, ideal: Style, h: float) -> float:
    """How much a judge with this *ideal* likes the *text*: 1 at the ideal, falling off over *h*."""
    return math.exp(-_square(text - ideal) / (2 * h * h))


def expected_liking(mean: Style, ideal: Style, h: float, scatter: float = SCATTER) -> float:
    """The average liking for texts scattered around *mean*, in closed form: two bells convolved are a wider bell."""
    wide = h * h + scatter * scatter
    return h * h / wide * math.exp(-_square(mean - ideal) / (2 * wide))


def pull(mean: Style, ideals: Sequence[Style], h: float, scatter: float = SCATTER) -> Style:
    """The slope of the expected liking at *mean*, averaged over the *ideals*: where training moves it, and how fast."""
    wide, total = h * h + scatter * scatter, 0j
    for ideal in ideals:
        away = ideal - mean
        total += math.exp(-(away.real**2 + away.imag**2) / (2 * wide)) * away
    return h * h / wide**2 * total / len(ideals)


def trained(
    start: Sequence[Style], panel: Sequence[Style], judging: Judging, rng: random.Random, updates: int = UPDATES
) -> list[Style]:
    """The means after training on single verdicts: REINFORCE with a running average as the baseline."""
    means, usual = list(start), 0.0
    for _ in range(updates):
        gradients, liked = [], 0
        for mean, home in zip(means, start, strict=True):
            gradient = 0j
            for _ in range(TEXTS):
                text = mean + SCATTER * complex(rng.gauss(0, 1), rng.gauss(0, 1))
                taste = liking(text, rng.choice(panel), judging.h)
                fit = liking(text, home, judging.h)
                yes = rng.random() < (1 - judging.weight) * taste + judging.weight * fit
                gradient += (yes - usual) * (text - mean) / SCATTER**2 / TEXTS
                liked += yes
            gradients.append(gradient)
        usual += 0.05 * (liked / (TEXTS * len(means)) - usual)
        means = _moved(means, gradients, RATE, judging.share)
    return means


def trained_without_luck(
    start: Sequence[Style], panel: Sequence[Style], judging: Judging, steps: int = 250
) -> list[Style]:
    """The means after a training in which every step follows the expected gradient, as far as UPDATES would go."""
    means = list(start)
    for _ in range(steps):
        gradients = [
            (1 - judging.weight) * pull(mean, panel, judging.h) + judging.weight * pull(mean, [home], judging.h)
            for mean, home in zip(means, start, strict=True)
        ]
        means = _moved(means, gradients, RATE * UPDATES / steps, judging.share)
    return means


def _moved(means: Sequence[Style], gradients: Sequence[Style], length: float, share: float) -> list[Style]:
    together = sum(gradients) / len(gradients)
    return [mean + length * ((1 - share) * own + share * together) for mean, own in zip(means, gradients, strict=True)]


def _square(z: complex) -> float:
    return z.real * z.real + z.imag * z.imag


# --- what became of the characters ---------------------------------------------------------------------------------


def spread(means: Sequence[Style]) -> float:
    """How far the characters lie from their own centre: the root of the mean square."""
    centre = sum(means) / len(means)
    return math.sqrt(fmean(_square(mean - centre) for mean in means))


def distance(means: Sequence[Style], centre: Style) -> float:
    """How far the characters lie from *centre*, on average."""
    return fmean(abs(mean - centre) for mean in means)


def places(means: Sequence[Style], near: float = 1.0) -> int:
    """How many places the characters gather in: two are in one place when a chain of steps under *near* joins them."""
    left, found = list(means), 0
    while left:
        found, reached = found + 1, [left.pop()]
        while reached:
            here = reached.pop()
            reached += [mean for mean in left if abs(mean - here) < near]
            left = [mean for mean in left if abs(mean - here) >= near]
    return found


def satisfaction(means: Sequence[Style], panel: Sequence[Style], h: float) -> float:
    """How much the judges like what the characters write, averaged over both; between 0 and 1."""
    return fmean(expected_liking(mean, ideal, h) for mean in means for ideal in panel)


def best_voice(panel: Sequence[Style], h: float, steps: int = 30) -> Style:
    """The mean of the one voice that satisfies the *panel* most.

    The panel's liking is a sum of bells, so climbing is a weighted average done over and over (mean shift); it starts
    from the middle and from both camps, and the best end counts.
    """
    ends = []
    for voice in (sum(panel) / len(panel), complex(CAMP), complex(-CAMP)):
        for _ in range(steps):
            weights = [expected_liking(voice, ideal, h) for ideal in panel]
            voice = sum(w * ideal for w, ideal in zip(weights, panel, strict=True)) / sum(weights)
        ends.append(voice)
    return max(ends, key=lambda end: satisfaction([end], panel, h))


def two_tops_up_to(
    share: float = CAMP_SHARE, camp: float = CAMP, camp_scatter: float = CAMP_SCATTER, scatter: float = SCATTER
) -> float:
    """The tolerance *h* up to which each of two camps keeps a top of its own; above it there is one top for everybody.

    Derived: what the judges like on average is a sum of two bells of variance v = h² + scatter² + camp_scatter² at
    ±camp. On the line between them its slope vanishes where ln((camp − x)/(camp + x)) + 2·camp·x/v equals
    ln((1 − share)/share). The left side turns at x² = camp² − v, so there are three such places, two of them tops, as
    long as the right side is smaller in size than 2·ln(d − √(d² − 1)) + 2·d·√(d² − 1) with d = camp/√v. Equal camps
    part at d = 1. The answer is 0 when no tolerance is small enough.
    """
    lopsided = abs(math.log(share / (1 - share)))

    def room(d: float) -> float:
        root = math.sqrt(d * d - 1)
        return 2 * math.log(d - root) + 2 * d * root

    needed = 1.0 if not lopsided else crossing(room, lopsided, 1.0, 30.0, steps=60)
    return math.sqrt(max(0.0, (camp / needed) ** 2 - camp_scatter**2 - scatter**2))


def kept(judging: Judging, rng: random.Random, panel_size: int = 60) -> float:
    """The share of the characters' spread that is left after training without luck."""
    start, panel = cast(rng), judges(judging.tastes, rng, panel_size)
    return spread(trained_without_luck(start, panel, judging)) / spread(start)


def kept_in_the_limit(judging: Judging, steps: int = 1500) -> float:
    """The share of its distance that a single character at RADIUS keeps before infinitely many judges of one taste.

    Derived: the judges' bells and their tastes' bell convolve to one bell around the centre; what is left is a
    movement on a line, followed to its rest. A character alone shares nothing, so `share` is not used.
    """
    m, wide, taste = RADIUS, judging.h**2 + SCATTER**2, judging.h**2 + SCATTER**2 + 1
    for _ in range(steps):
        centre = -(1 - judging.weight) * judging.h**2 / taste**2 * m * math.exp(-m * m / (2 * taste))
        off = RADIUS - m
        home = judging.weight * judging.h**2 / wide**2 * off * math.exp(-off * off / (2 * wide))
        m += 0.3 * (centre + home)
    return m / RADIUS


def crossing(f: Callable[[float], float], level: float, low: float, high: float, steps: int = 30) -> float:
    """Where the rising *f* crosses *level* between *low* and *high*, by halving.

    Raises ValueError when it does not cross there.
    """
    if not f(low) < level < f(high):
        raise ValueError(f"no crossing of {level} between {low} ({f(low):.3g}) and {high} ({f(high):.3g})")
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) < level else (low, middle)
    return (low + high) / 2


# --- models that read each other -----------------------------------------------------------------------------------

MODELS, IDIOMS, GENERATIONS, DOCUMENTS = 5, 12, 12, 3000
QUIRK = 0.5
"""How much the models differ at first: the standard deviation of the logarithm of their rates."""


@dataclass(frozen=True)
class Web:
    """What the models learn from, and what tuning adds."""

    a: float = 1.0
    """By how much tuning multiplies the odds of an idiom in each generation."""
    s: float = 0.5
    """The share of the pool that models wrote."""
    whim: float = 0.1
    """How much one model's tuning differs from the next one's: the standard deviation of the logarithm."""


def people(rng: random.Random) -> list[float]:
    """How often people use each idiom: a rate per document between 0.01 and 0.05."""
    return [rng.uniform(0.01, 0.05) for _ in range(IDIOMS)]


def generations(human: Sequence[float], web: Web, rng: random.Random, count: int = GENERATIONS) -> list[Rates]:
    """The models' rates at the start and after each of *count* generations."""
    rates = [[_tuned(rate, math.exp(rng.gauss(0, QUIRK))) for rate in human] for _ in range(MODELS)]
    history = [rates]
    for _ in range(count):
        pool = [
            (1 - web.s) * people_use + web.s * fmean(model[i] for model in rates) for i, people_use in enumerate(human)
        ]
        rates = [
            [_tuned(_counted(rate, rng), web.a * math.exp(rng.gauss(0, web.whim))) for rate in pool]
            for _ in range(MODELS)
        ]
        history.append(rates)
    return history


def _counted(rate: float, rng: random.Random) -> float:
    """The rate that a model finds in its sample of the pool: a binomial count, drawn from its normal likeness."""
    found = rate + math.sqrt(rate * (1 - rate) / DOCUMENTS) * rng.gauss(0, 1)
    return min(max(found, 1 / DOCUMENTS), 1 - 1 / DOCUMENTS)


def _tuned(rate: float, factor: float) -> float:
    """*rate* with its odds multiplied by *factor*."""
    odds = factor * rate / (1 - rate)
    return odds / (1 + odds)


def excess(rates: Rates, human: Sequence[float]) -> float:
    """How many times as often as people the models use an idiom, averaged over models and idioms."""
    return fmean(rate / people_use for model in rates for rate, people_use in zip(model, human, strict=True))


def divergence(rates: Rates) -> float:
    """How much two models differ: the mean absolute logarithm of the ratio of their rates, over pairs and idioms."""
    return fmean(
        abs(math.log(one / other))
        for first, second in combinations(rates, 2)
        for one, other in zip(first, second, strict=True)
    )


def resting_excess(a: float, s: float) -> float:
    """Where the excess settles, in times the human rate; infinite when it does not.

    Derived for rare idioms: a generation takes the excess x to a(1 − s + s·x), whose fixed point is a(1−s)/(1−as).
    """
    return a * (1 - s) / (1 - a * s) if a * s < 1 else math.inf


def resting_divergence(web: Web, low: float = 0.01, high: float = 0.05) -> float:
    """The share of the models' first divergence that is left in the long run, where the excess has a resting place.

    Derived: every model starts each generation from the same pool, so two models differ only by their samples, of
    variance 1/(rate·DOCUMENTS), and by their tuning; at first they differ by QUIRK. The mean of 1/rate over rates
    between *low* and *high* is ln(high/low)/(high − low).
    """
    pool = 1 - web.s + web.s * resting_excess(web.a, web.s)
    sampling = math.log(high / low) / (high - low) / pool / DOCUMENTS
    return math.sqrt(web.whim**2 + sampling) / QUIRK


@dataclass(frozen=True)
class WebRuns:
    """What became of the idioms in many runs of one web."""

    web: Web
    courses: list[list[float]]
    """For each run, the excess at the start and after every generation."""
    left: list[float]
    """For each run, the share of the models' first differences that is left at the end."""

    @property
    def grown(self) -> list[float]:
        """For each run, the excess at the end."""
        return [course[-1] for course in self.courses]


def web_runs(web: Web, rngs: Iterable[random.Random]) -> WebRuns:
    """One run of *web* for each source of chance."""
    courses, left = [], []
    for rng in rngs:
        human = people(rng)
        history = generations(human, web, rng)
        courses.append([excess(rates, human) for rates in history])
        left.append(divergence(history[-1]) / divergence(history[0]))
    return WebRuns(web, courses, left)


# --- conditions in words -------------------------------------------------------------------------------------------


def places_condition(cells: Sequence[Any], places_of: Sequence[Iterable[float]]) -> str:
    """Where a claim about the writer holds, fails and stays unclear, in words, by the places where characters end.

    *places_of* gives for each cell their number under every seed; what comes after the last cell is not used.
    """
    amounts = [fmean(counts) for _, counts in zip(cells, places_of, strict=False)]
    return _condition(cells, "places in which the eight characters end: {}", amounts, _judging_words)


def best_voice_condition(cells: Sequence[Any], off: Sequence[Iterable[float]]) -> str:
    """Where a claim about the writer holds, fails and stays unclear, in words, by how far from the best voice it ends.

    *off* gives for each cell that distance under every seed; what comes after the last cell is not used.
    """
    amounts = [fmean(distances) for _, distances in zip(cells, off, strict=False)]
    return _condition(cells, "distance from the best voice, in tolerances: {}", amounts, _judging_words)


def web_condition(cells: Sequence[Any]) -> str:
    """Where a claim about the web holds, fails and stays unclear, in words; what parts the cells is where it rests."""
    resting = [resting_excess(**cell.params) for cell in cells]
    return _condition(cells, "expected in the end: {} times the human rate", resting, _web_words)


def _condition(
    cells: Sequence[Any], what: str, amounts: Sequence[float], words: Callable[[Sequence[Any], str], str]
) -> str:
    parts: list[str] = []
    for state, told in (("holds", "it holds"), ("fails", "it fails"), ("unclear", "it is unclear")):
        found = [amount for amount, cell in zip(amounts, cells, strict=True) if cell.state == state]
        if found:
            amount = "" if state == "unclear" else f" ({what.format(_range(found)) if not parts else _range(found)})"
            parts.append(f"{told} {words(cells, state)}{amount}")
    return f"I{'; '.join(parts)[1:]}."


def _judging_words(cells: Sequence[Any], state: str) -> str:
    """The cells of one *state* in words: a kind of judges where all cells of the kind are in it, else cell by cell."""
    kinds: dict[str, list[Any]] = {}
    for cell in cells:
        kinds.setdefault(_kind(cell.params), []).append(cell)
    words = []
    for kind, alike in kinds.items():
        chosen = [cell for cell in alike if cell.state == state]
        whole = len(chosen) == len(alike)
        words += [kind] if whole else [f"{_manner(cell.params)} {_kind(cell.params, True)}" for cell in chosen]
    return f"before {_list(words)}"


def _kind(params: Mapping[str, Any], in_full: bool = False) -> str:
    who = f"judges {'of one taste' if params['tastes'] == 1 else 'in two camps'}"
    if not params["λ"]:
        return f"character-blind {who}"
    return f"{who if in_full else 'judges'} who weigh the character"


def _manner(params: Mapping[str, Any]) -> str:
    return "strict" if params["h"] < 1 else "tolerant"


def _web_words(cells: Sequence[Any], state: str) -> str:
    """The cells of one *state* in words: for each strength of the tuning, at which shares of model text."""
    words = []
    for a in sorted({cell.params["a"] for cell in cells}):
        shares = [(cell.params["s"], cell.state == state) for cell in cells if cell.params["a"] == a]
        chosen = [f"{100 * s:.0f}" for s, here in shares if here]
        only = "" if len(chosen) == len(shares) else f" (at {_list(chosen)} % model text)"
        if chosen:
            words.append(f"{'without tuning' if a == 1 else f'with tuning by a factor of {a}'}{only}")
    return _list(words)


def _range(values: Sequence[float]) -> str:
    low, high = (f"{end:.1f}".replace("inf", "∞") for end in (min(values), max(values)))
    return low if low == high else f"{low} to {high}"


def _list(items: Sequence[str]) -> str:
    return "".join(items) if len(items) < 2 else f"{', '.join(items[:-1])} and {items[-1]}"


# --- figures -------------------------------------------------------------------------------------------------------


def plane(panels: Mapping[str, tuple[Sequence[Style], Sequence[Style], Sequence[Style]]]) -> charts.Spec:
    """Side by side, one plane for each title: its judges as a cloud, and each character's way from start to end."""
    views = [_plane(title, *panel) for title, panel in panels.items()]
    return {"$schema": charts.SCHEMA, "hconcat": views, "spacing": 24, "resolve": {"scale": {"color": "shared"}}}


PLACES = ("a judge’s ideal", "a character before", "and after training")


def _plane(title: str, panel: Sequence[Style], start: Sequence[Style], end: Sequence[Style]) -> charts.Spec:
    points = [
        {"what": what, **_at(style)}
        for what, styles in zip(PLACES, (panel, start, end), strict=True)
        for style in styles
    ]
    ways = [{**_at(a), "x2": round(b.real, 2), "y2": round(b.imag, 2)} for a, b in zip(start, end, strict=True)]
    x = charts.axis("x", "", domain=[-4, 4])
    y = charts.axis("y", "", domain=[-3.2, 3.2])
    bare: dict[str, Any] = {"axis": {"labels": False, "ticks": False, "title": None, "values": [0]}}
    look = {
        "color": {
            "field": "what",
            "type": "nominal",
            "title": None,
            "scale": {"domain": list(PLACES), "range": [charts.AMBER, charts.SOFT, charts.BLUE]},
        },
        "shape": {
            "field": "what",
            "type": "nominal",
            "title": None,
            "scale": {"domain": list(PLACES), "range": ["circle", "square", "triangle-up"]},
        },
        "size": {
            "field": "what",
            "type": "nominal",
            "title": None,
            "scale": {"domain": list(PLACES), "range": [14, 60, 110]},
        },
    }
    layers: list[charts.Spec] = [
        {
            "data": {"values": ways},
            "mark": {"type": "rule", "color": charts.SOFT, "strokeWidth": 1.5, "aria": False},
            "encoding": {"x": {**x, **bare}, "y": {**y, **bare}, "x2": {"field": "x2"}, "y2": {"field": "y2"}},
        },
        {
            "data": {"values": points},
            "mark": {"type": "point", "filled": True, "aria": False},
            "encoding": {"x": {**x, **bare}, "y": {**y, **bare}, **look},
        },
    ]
    view = charts.chart(layers, width=266, height=213, title={"text": title})
    del view["$schema"]
    return view


def _at(style: Style) -> dict[str, float]:
    return {"x": round(style.real, 2), "y": round(style.imag, 2)}


def plane_alt(panels: Mapping[str, tuple[Sequence[Style], Sequence[Style], Sequence[Style]]]) -> str:
    """What the planes show, in words."""
    told = [
        f"{title}: {percent(spread(end) / spread(start))} of their spread, in {places(end)}"
        f" {'place' if places(end) == 1 else 'places'}"
        for title, (_, start, end) in panels.items()
    ]
    return f"Eight characters after training. {'. '.join(told)}."


def percent(share: float) -> str:
    """*share* as a reader says it: '9 %'."""
    return f"{100 * share:.0f} %"


def _names(rows: charts.Rows) -> list[str]:
    return list(dict.fromkeys(row["series"] for row in rows))


IDIOMS_LEGEND = "strength of the tuning (a) and share of model text (s)"


def idioms_chart(runs: Sequence[WebRuns]) -> charts.Spec:
    """The excess over the generations in each web, with the place where each line ought to settle."""
    x, y = charts.axis("generation", "generation"), charts.axis("y", "times the human rate")
    y = {**y, "scale": {"type": "log", "domain": [0.8, 16], "nice": False}, "axis": {"values": [1, 2, 3, 5, 10]}}
    rows = [row for run in runs for row in _course_rows(run)]
    spec = charts.lines(rows, x, y, _names(rows))
    marks = [
        {"y": round(at, 3), "series": _web_name(run.web)} for run in runs if math.isfinite(at := _resting(run.web))
    ]
    colour = {**charts.series("series", _names(rows))["color"], "title": IDIOMS_LEGEND}
    for layer in spec["layer"]:
        for told_apart in layer["encoding"].keys() & {"color", "strokeDash"}:
            layer["encoding"][told_apart]["title"] = IDIOMS_LEGEND
    spec["layer"].append(
        {
            "data": {"values": marks},
            "mark": {"type": "tick", "thickness": 3, "size": 26, "orient": "horizontal", "aria": False},
            "encoding": {"x": {"value": charts.WIDTH - 13}, "y": y, "color": colour},
        }
    )
    return spec


def _course_rows(run: WebRuns) -> list[dict[str, Any]]:
    """The courses of many runs: their mean, and the band that four in five of them lie in."""
    rows = []
    for generation, values in enumerate(zip(*run.courses, strict=True)):
        ordered = sorted(values)
        tail = len(ordered) // 10
        band = {"lo": round(ordered[tail], 3), "hi": round(ordered[-1 - tail], 3)}
        rows.append({"series": _web_name(run.web), "generation": generation, "y": round(fmean(values), 3), **band})
    return rows


def _web_name(web: Web) -> str:
    return f"a = {web.a:g}, s = {web.s:g}"


def _resting(web: Web) -> float:
    return resting_excess(web.a, web.s)


def idioms_alt(runs: Sequence[WebRuns]) -> str:
    """What `idioms_chart` shows, in words: where each line ends, and where it was expected to."""
    told = []
    for run in runs:
        at = _resting(run.web)
        expected = f"derived {at:.2f}" if math.isfinite(at) else "derived to have no end"
        told.append(f"{_web_name(run.web)}: {fmean(run.grown):.2f}, {expected}")
    return f"How often the models use an idiom in the end, in times the human rate. {'; '.join(told)}."
