"""Voices that pass from one language model to the next through training data, with nobody meaning them to.

Two loops of training. In the first a curator keeps the best of several samples and likes one voice a little better; the
share of that voice is followed. In the second nobody likes anything: a model that mixes several voices, each a bag of
tokens, is refitted to its own text, written faithfully, sharpened, flattened, or filtered for likelihood; the entropy
of its voices is followed.

Sources: P. D. Taylor and L. B. Jonker 1978, Mathematical Biosciences 40 (types that grow by the margin of their
payoff); D. Ferbach and others 2024, arXiv 2407.09499 (curation as an optimisation of preferences); T. L. Griffiths and
M. L. Kalish 2007, Cognitive Science 31 (learners who learn from learners); G. Wenzek and others 2020, LREC (web text
filtered by perplexity).
"""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from . import charts

Weights = list[float]
Tables = list[list[float]]
Document = list[int]

# --- curation: somebody likes one voice --------------------------------------------------------------------------


@dataclass(frozen=True)
class Curation:
    """A corpus written in part by a model, of whose texts a curator keeps the best of several, in part by people."""

    advantage: float = 0.3
    """By how many standard deviations of its scores the curator likes the favoured voice better (a)."""
    synthetic: float = 0.9
    """The share of the corpus that is written by the last model (s)."""
    tries: int = 4
    """From how many samples the curator keeps the best (n)."""
    voices: int = 8
    """How many voices people write in, all equally often (K); the first model has them in the same shares."""
    documents: int = 400
    generations: int = 20


def curated_shares(rng: random.Random, setting: Curation) -> list[float]:
    """The share of the favoured voice in the first model and after each generation."""
    shares = [1 / setting.voices]
    for _ in range(setting.generations):
        favoured = sum(_is_favoured(rng, shares[-1], setting) for _ in range(setting.documents))
        shares.append(favoured / setting.documents)
    return shares


def _is_favoured(rng: random.Random, share: float, setting: Curation) -> bool:
    """Whether the next document of the corpus is in the favoured voice."""
    if rng.random() >= setting.synthetic:
        return rng.random() < 1 / setting.voices
    best, favoured = -math.inf, False
    for _ in range(setting.tries):
        mine = rng.random() < share
        score = rng.normalvariate(setting.advantage if mine else 0, 1)
        if score > best:
            best, favoured = score, mine
    return favoured


def wins(tries: int, advantage: float) -> list[float]:
    """W_k for k = 0 … *tries*: how often the best of *tries* samples is one of the k whose scores are shifted.

    The scores are normal with deviation 1. W_k is the integral of k φ(z−a) Φ(z−a)^(k−1) Φ(z)^(n−k), by the trapezoidal
    rule, which for so smooth a bell is exact to ten digits or so.
    """
    low, high, steps = -9.0, 9.0 + advantage, 800
    width = (high - low) / steps
    won = [0.0] * (tries + 1)
    for step in range(steps + 1):
        z = low + step * width
        shifted, plain = _normal_below(z - advantage), _normal_below(z)
        density = math.exp(-((z - advantage) ** 2) / 2) / math.sqrt(2 * math.pi) * width
        for k in range(1, tries + 1):
            won[k] += k * density * shifted ** (k - 1) * plain ** (tries - k)
    return won


def _normal_below(z: float) -> float:
    return math.erfc(-z / math.sqrt(2)) / 2


def picked(share: float, won: Sequence[float]) -> float:
    """How often the best of n samples is in the favoured voice, when *share* of all samples are: Σ Bin(k; n, x) W_k."""
    n = len(won) - 1
    return sum(math.comb(n, k) * share**k * (1 - share) ** (n - k) * won[k] for k in range(n + 1))


def expected_shares(setting: Curation, generations: int | None = None) -> list[float]:
    """The shares that an endlessly large corpus would have: x ← (1−s)/K + s Σ Bin(k; n, x) W_k, again and again."""
    won = wins(setting.tries, setting.advantage)
    shares = [1 / setting.voices]
    for _ in range(setting.generations if generations is None else generations):
        shares.append((1 - setting.synthetic) / setting.voices + setting.synthetic * picked(shares[-1], won))
    return shares


def fixed_point(setting: Curation) -> float:
    """The share at which the favoured voice comes to rest, starting from 1/K, in an endlessly large corpus.

    To nine digits, or what is reached in 20,000 generations, whichever comes first.
    """
    won, share = wins(setting.tries, setting.advantage), 1 / setting.voices
    for _ in range(20_000):
        last, share = share, (1 - setting.synthetic) / setting.voices + setting.synthetic * picked(share, won)
        if abs(share - last) < 1e-12:
            break
    return share


def heirs(setting: Curation) -> float:
    """How many documents of the next corpus one rare document in the favoured voice leads to: R = s n W₁.

    With no favour it is s: every synthetic document has one parent, and the rest have none.
    """
    return setting.synthetic * setting.tries * wins(setting.tries, setting.advantage)[1]


def synthetic_for(share: float, setting: Curation) -> float:
    """The synthetic share s at which the favoured voice comes to rest at *share*; above 1 where no corpus does it.

    From x = (1−s)/K + s F(x): s = (x − 1/K) / (F(x) − 1/K). Infinite without an advantage.
    """
    even = 1 / setting.voices
    gained = picked(share, wins(setting.tries, setting.advantage)) - even
    return (share - even) / gained if gained > 0 and setting.advantage > 0 else math.inf


# --- no reward: a model is refitted to its own text ----------------------------------------------------------------


@dataclass(frozen=True)
class Loop:
    """A model that mixes voices and is refitted, generation by generation, to what the last one wrote."""

    temperature: float = 1.0
    """The next token is drawn from the model's probabilities to the power 1/T: below 1 sharpens, above 1 flattens."""
    kept: float = 1.0
    """The share of its texts that a filter keeps, so many being written that the corpus is full again."""
    kept_by: Literal["likelihood", "chance"] = "likelihood"
    """What the filter goes by: how likely the model finds its own text, or nothing."""
    synthetic: float = 0.9
    refit_tables: bool = False
    """Whether the next model learns how the voices sound as well as how common they are."""
    voices: int = 4
    tokens: int = 16
    length: int = 8
    documents: int = 80
    generations: int = 8
    steps: int = 20
    """Steps of expectation and maximisation by which a model is fitted, beginning at the last one."""


@dataclass(frozen=True)
class Model:
    """How common each voice is, and how probable each token is in it."""

    weights: Weights
    tables: Tables


PSEUDO_COUNT = 0.1
"""What every token of every voice is credited with when tables are refitted, lest an unseen one be ruled out."""


def sharpness(voices: int) -> list[float]:
    """β for each voice, evenly from 0.3 (tokens nearly equally likely) to 2.5 (a few tokens do most of the talking)."""
    return [0.3 + 2.2 * k / (voices - 1) for k in range(voices)]


def draw_voices(rng: random.Random, voices: int, tokens: int) -> Tables:
    """The token probabilities of each voice, softmax(β N(0, 1)): from the broadest voice to the narrowest."""
    return [normal([math.exp(beta * rng.normalvariate(0, 1)) for _ in range(tokens)]) for beta in sharpness(voices)]


def normal(values: Sequence[float]) -> list[float]:
    """*values* divided by their sum."""
    whole = math.fsum(values)
    return [value / whole for value in values]


def entropy(chances: Sequence[float]) -> float:
    """The entropy in bits."""
    return -math.fsum(chance * math.log2(chance) for chance in chances if chance > 0)


def voice_entropy(model: Model) -> float:
    """The mean entropy of the voices, each counted as often as it speaks, in bits per token."""
    return _product(model.weights, [entropy(table) for table in model.tables])


def write(rng: random.Random, model: Model, length: int, temperature: float = 1.0) -> Document:
    """A text of *length* tokens, each from Σ w_k(prefix) P_k to the power 1/T: the model guesses whose voice it is in.

    At T = 1 this is the same as choosing a voice once and speaking in it.
    """
    belief, text = model.weights, []
    by_token = list(zip(*model.tables, strict=True))
    for _ in range(length):
        chances = [_product(belief, voices) for voices in by_token]
        if temperature != 1:
            chances = [chance ** (1 / temperature) for chance in chances]
        token = rng.choices(range(len(chances)), chances)[0]
        belief = normal(list(map(operator.mul, belief, by_token[token])))
        text.append(token)
    return text


def _product(left: Sequence[float], right: Sequence[float]) -> float:
    """The sum of the products of two lists, place by place."""
    return math.fsum(map(operator.mul, left, right))


def likelihoods(text: Document, tables: Tables) -> list[float]:
    """How probable *text* is in each voice."""
    return [math.prod(table[token] for token in text) for table in tables]


def fit(model: Model, corpus: Sequence[Document], steps: int, refit_tables: bool = False) -> Model:
    """The mixture that fits *corpus*, by *steps* of expectation and maximisation beginning at *model*."""
    weights, tables = model.weights, model.tables
    told = [likelihoods(text, tables) for text in corpus]
    for _ in range(steps):
        blame = [normal(list(map(operator.mul, weights, row))) for row in told]
        weights = [math.fsum(column) / len(corpus) for column in zip(*blame, strict=True)]
        if refit_tables:
            tables = _refitted(corpus, blame, len(tables[0]))
            told = [likelihoods(text, tables) for text in corpus]
    return Model(weights, tables)


def _refitted(corpus: Sequence[Document], blame: Sequence[Sequence[float]], tokens: int) -> Tables:
    """The tables of each voice from the share of every text that it is blamed for."""
    counts = [[PSEUDO_COUNT] * tokens for _ in blame[0]]
    for text, shares in zip(corpus, blame, strict=True):
        for count, share in zip(counts, shares, strict=True):
            for token in text:
                count[token] += share
    return [normal(count) for count in counts]


def next_corpus(rng: random.Random, model: Model, people: Model, setting: Loop) -> list[Document]:
    """The corpus of the next generation: the model's texts, filtered if so set, and those of *people*."""
    wanted = round(setting.synthetic * setting.documents)
    texts = [write(rng, model, setting.length, setting.temperature) for _ in range(round(wanted / setting.kept))]
    if setting.kept < 1 and setting.kept_by == "likelihood":
        texts.sort(key=lambda text: -_likelihood(text, model))
    human = [write(rng, people, setting.length) for _ in range(setting.documents - wanted)]
    return texts[:wanted] + human


def _likelihood(text: Document, model: Model) -> float:
    return _product(model.weights, likelihoods(text, model.tables))


def run_loop(rng: random.Random, setting: Loop) -> list[Model]:
    """The first model, which has all voices equally, and the models of all generations after it."""
    people = Model([1 / setting.voices] * setting.voices, draw_voices(rng, setting.voices, setting.tokens))
    models = [people]
    for _ in range(setting.generations):
        corpus = next_corpus(rng, models[-1], people, setting)
        models.append(fit(models[-1], corpus, setting.steps, setting.refit_tables))
    return models


def entropy_fall(rng: random.Random, setting: Loop) -> float:
    """By how many bits per token the mean entropy of the voices fell from the first model to the last."""
    models = run_loop(rng, setting)
    return voice_entropy(models[0]) - voice_entropy(models[-1])


def labelled_weights(weights: Sequence[float], synthetic: float, generations: int) -> list[float]:
    """The expected weights at T = 1 without a filter: w ← s w + (1−s)/K.

    A text written faithfully is in voice k with probability w_k, so a learner who counts voices finds each, on average,
    as common as it was, pulled a little towards the even shares of people. From even shares nothing moves at all.
    """
    expected = list(weights)
    for _ in range(generations):
        expected = [synthetic * w + (1 - synthetic) / len(expected) for w in expected]
    return expected


# --- what separates the settings -----------------------------------------------------------------------------------


class Spread(Protocol):
    """A mean and where it may lie, as `lab.bootstrap` gives it."""

    @property
    def mean(self) -> float:
        """The mean."""

    @property
    def lo(self) -> float:
        """The lower end of its interval."""

    @property
    def hi(self) -> float:
        """The upper end."""


def differences(left: Sequence[float], right: Sequence[float]) -> list[float]:
    """*left* minus *right*, seed by seed. Raises ValueError when there are not equally many."""
    return [one - other for one, other in zip(left, right, strict=True)]


def parted(values: Sequence[float], states: Sequence[str]) -> tuple[float, float]:
    """The least of *values* in a setting that holds, and the greatest in one that fails.

    Where the first is above the second the value separates the settings. Raises ValueError when none holds or fails.
    """
    held = [value for value, state in zip(values, states, strict=True) if state == "holds"]
    failed = [value for value, state in zip(values, states, strict=True) if state == "fails"]
    return min(held), max(failed)


def curated_condition(settings: Sequence[Curation], states: Sequence[str]) -> str:
    """In words: how many heirs it takes, and how much synthetic text for each liking with which the voice spread."""
    least, most = parted([heirs(setting) for setting in settings], states)
    held = [setting for setting, state in zip(settings, states, strict=True) if state == "holds"]
    likings = sorted({setting.advantage for setting in held})
    needed = [f"{100 * min(s.synthetic for s in held if s.advantage == a):.0f} %" for a in likings]
    each = [f", one liked by {a:g} needed {share}" for a, share in zip(likings[1:], needed[1:], strict=True)]
    first = f"a voice liked by {likings[0]:g} standard deviations needed {needed[0]} synthetic text"
    return (
        f"it holds where one rare text in the voice leads to {least:.2f} or more in the next corpus, and fails where "
        f"it leads to {most:.3f} or fewer{'' if least > most else ', though these overlap'}; {first}{''.join(each)}"
    )


def loop_condition(relief: Mapping[str, float], states: Mapping[str, str]) -> str:
    """In words: the loops that hold and fail, and by how much less than faithful text theirs surprises its writer."""
    least, most = parted([relief[name] for name in states], list(states.values()))
    named = {state: " and ".join(name for name in states if states[name] == state) for state in states.values()}
    words = (
        f"it holds with {named['holds']}, where texts surprise their writer less than faithful ones do, by {least:.2f} "
        f"bits per token or more; it fails with {named['fails']}, where they do "
        f"{'not' if most <= 0 else f'by {most:.2f} at most'}"
    )
    return words + (f"; unclear: {named['unclear']}" if "unclear" in named else "")


# --- figures -------------------------------------------------------------------------------------------------------

Rows = Sequence[Mapping[str, Any]]


def resting_shares(advantages: Sequence[float], steps: int = 40) -> list[dict[str, Any]]:
    """Where the favoured voice comes to rest, for each advantage and synthetic share (0 … 1 in *steps*)."""
    return [
        {"series": f"a = {a}", "s": k / steps, "share": round(fixed_point(Curation(a, k / steps)), 4)}
        for a in advantages
        for k in range(steps + 1)
    ]


def share_map(likings: int = 10, shares: int = 20) -> list[dict[str, Any]]:
    """Where the favoured voice comes to rest over the plane of advantage (0 … 1) and synthetic share (0 … 1).

    One row for each of *likings* times *shares* rectangles: its sides, and the share at its middle.
    """
    return [
        {
            "s": round(j / shares, 4),
            "s2": round((j + 1) / shares, 4),
            "a": round(i / likings, 4),
            "a2": round((i + 1) / likings, 4),
            "share": round(fixed_point(Curation((i + 0.5) / likings, (j + 0.5) / shares)), 3),
        }
        for i in range(likings)
        for j in range(shares)
    ]


def half_line(likings: int = 40) -> list[dict[str, Any]]:
    """For each advantage up to 1, the synthetic share at which the favoured voice comes to rest at a half."""
    line = [{"a": k / likings, "s": synthetic_for(0.5, Curation(k / likings))} for k in range(1, likings + 1)]
    return [{"a": row["a"], "s": round(row["s"], 4)} for row in line if row["s"] <= 1]


def map_figure(squares: Rows, half: Rows) -> charts.Spec:
    """The resting share over the plane (*squares*), with the line on which it is a half (*half*: a, s)."""
    x = charts.axis("s", "share of the corpus that is synthetic (s)", domain=[0, 1])
    y = charts.axis("a", "advantage with the curator (a)", domain=[0, 1])
    colour = {
        "field": "share",
        "type": "quantitative",
        "title": "resting share of the favoured voice",
        "scale": {"scheme": charts.RAMP, "domain": [0, 1]},
        "legend": {"gradientLength": 200},
    }
    sides = {"x": x, "x2": {"field": "s2"}, "y": y, "y2": {"field": "a2"}, "color": colour}
    # White on purpose, on light and dark pages alike: the line runs over the colours of the map.
    line = {"type": "line", "color": "white", "strokeWidth": 2.5, "aria": False}
    return charts.chart(
        [
            {"mark": {"type": "rect"}, "encoding": sides},
            {
                "data": {"values": [dict(row) for row in half]},
                "mark": line,
                "encoding": {"x": x, "y": y, "order": {"field": "a"}},
            },
        ],
        squares,
    )


def map_alt(half: Rows) -> str:
    """What the map of resting shares shows, in words."""
    first, last = half[0], half[-1]
    return (
        "A map of the share at which the favoured voice comes to rest: low where people write most of the corpus, "
        "high where advantage and synthetic share are both large. The line on which it is a half falls from a "
        f"synthetic share of {first['s']:.2f} at an advantage of {first['a']:g} to {last['s']:.2f} at {last['a']:g}."
    )


def spread_points(found: Mapping[tuple[float, float], Spread]) -> list[dict[str, Any]]:
    """The share of the voice with its interval, found at each pair (a, s), as rows for the figure of the curves."""
    return [
        {"series": f"a = {a}", "s": s, "share": round(i.mean, 4), "lo": round(i.lo, 4), "hi": round(i.hi, 4)}
        for (a, s), i in found.items()
    ]


def spread_figure(curves: Rows, found: Rows) -> charts.Spec:
    """Where the voice comes to rest (*curves*: series, s, share) and what was found (*found*: also lo and hi)."""
    names = sorted({row["series"] for row in curves}, key=lambda name: float(name.split()[-1]))
    x = charts.axis("s", "share of the corpus that is synthetic (s)", domain=[0, 1])
    y = charts.axis("share", "share of the favoured voice", domain=[0, 1])
    told_apart = charts.series("series", names, "advantage with the curator")
    layers: list[charts.Spec] = [{"mark": {"type": "line", "aria": False}, "encoding": {"x": x, "y": y, **told_apart}}]
    # Marks of their own for each series: shared ones would draw themselves into the legend of the lines.
    for name, colour, shape in zip(names, charts.SERIES, ("circle", "square", "triangle-up"), strict=False):
        here = {"data": {"values": [dict(row) for row in found if row["series"] == name]}}
        span = {"x": x, "y": {"field": "lo", "type": "quantitative"}, "y2": {"field": "hi"}}
        layers += [
            {**here, "mark": {"type": "rule", "strokeWidth": 2, "color": colour}, "encoding": span},
            {
                **here,
                "mark": {"type": "point", "size": 70, "color": colour, "shape": shape},
                "encoding": {"x": x, "y": y},
            },
        ]
    return charts.chart(layers, curves)


def spread_alt(found: Rows) -> str:
    """What the figure of the shares shows, in words."""
    top = max(found, key=lambda row: float(row["share"]))
    low = min(found, key=lambda row: float(row["share"]))
    return (
        "Lines of the share at which the favoured voice comes to rest, against the synthetic share of the corpus, with "
        f"{len(found)} simulated points on or near them. All begin at {1 / Curation.voices:.3f} without synthetic text "
        f"and turn upwards, the later the smaller the advantage. The highest point is {top['share']:.2f} "
        f"({top['series']}, s = {top['s']}), the lowest {low['share']:.2f} ({low['series']}, s = {low['s']})."
    )


def ribbon_figure(rows: Rows, arms: Sequence[str]) -> charts.Spec:
    """The mean shares of the voices over the generations (arm, generation, share, bits), stacked, an arm a panel."""
    x = charts.axis("generation", "generation", nice=False)
    x["axis"] = {"values": [0, 5, 10, 15], "grid": False}
    colour = {
        "field": "bits",
        "type": "quantitative",
        "title": "entropy of the voice (bits per token)",
        "scale": {"scheme": charts.RAMP, "zero": False},
        "legend": {"gradientLength": 200, "titleLimit": 300},
    }
    encoding = {
        "x": x,
        "y": {**charts.axis("share", "share of the voice", domain=[0, 1]), "stack": "zero"},
        "color": colour,
        "detail": {"field": "voice", "type": "nominal"},
        "order": {"field": "bits", "type": "quantitative"},
    }
    header = {"field": "arm", "type": "nominal", "title": None, "sort": list(arms)}
    return {
        "$schema": charts.SCHEMA,
        "data": {"values": [dict(row) for row in rows]},
        "facet": {"column": header},
        "spec": {"width": 158, "height": 240, "mark": {"type": "area", "aria": False}, "encoding": encoding},
    }


def ribbon_alt(rows: Rows, arms: Sequence[str]) -> str:
    """What the ribbons show, in words: the last share of the narrowest voice in each panel."""
    last = max(row["generation"] for row in rows)
    parts = []
    for arm in arms:
        here = [row for row in rows if row["arm"] == arm and row["generation"] == last]
        narrow, broad = min(here, key=lambda row: row["bits"]), max(here, key=lambda row: row["bits"])
        parts.append(f"{arm}: the narrowest voice ends at {narrow['share']:.2f}, the broadest at {broad['share']:.2f}")
    return (
        f"Stacked shares of {len(here)} voices over {last} generations, all equal at first. " + "; ".join(parts) + "."
    )


def temperature_rows(found: Mapping[float, Spread]) -> list[dict[str, Any]]:
    """The entropy with its interval, found at each temperature, as rows for the figure, the coldest first."""
    return [
        {"T": t, "bits": round(i.mean, 3), "lo": round(i.lo, 3), "hi": round(i.hi, 3)} for t, i in sorted(found.items())
    ]


def temperature_figure(rows: Rows, start: float) -> charts.Spec:
    """The mean entropy of the last model's voices (bits, lo, hi) against the temperature T of its ancestors."""
    x = charts.axis("T", "sampling temperature", zero=False, nice=False)
    y = charts.axis("bits", "entropy of the voices, last model (bits)", zero=False)
    span = {"x": x, "y": {"field": "lo", "type": "quantitative"}, "y2": {"field": "hi"}}
    faithful = [dict(row) for row in rows if row["T"] == 1]
    mark = {"type": "point", "size": 110, "color": charts.VERMILION, "shape": "diamond"}
    word = {"type": "text", "text": "T = 1: on average nothing moves", "align": "left", "dx": 10, "dy": 14}
    layers: list[charts.Spec] = [
        {"mark": {"type": "area", "opacity": 0.18, "color": charts.BLUE, "aria": False}, "encoding": span},
        {"mark": {"type": "line", "color": charts.BLUE, "aria": False}, "encoding": {"x": x, "y": y}},
        {"mark": {"type": "point", "color": charts.BLUE}, "encoding": {"x": x, "y": y}},
        charts.rule(round(start, 3), "where all begin"),
        {"data": {"values": faithful}, "mark": mark, "encoding": {"x": x, "y": y}},
        {"data": {"values": faithful}, "mark": {**word, "color": charts.INK}, "encoding": {"x": x, "y": y}},
    ]
    return charts.chart(layers, rows)


def temperature_alt(rows: Rows, start: float) -> str:
    """What the figure of the temperatures shows, in words."""
    cold, hot = min(rows, key=lambda row: row["T"]), max(rows, key=lambda row: row["T"])
    faithful = next(row for row in rows if row["T"] == 1)
    return (
        "The mean entropy of the voices after the last generation against the sampling temperature: "
        f"{cold['bits']:.1f} bits at T = {cold['T']} to {hot['bits']:.1f} bits at T = {hot['T']}. The first model "
        f"had {start:.2f} bits; at T = 1 the last one has {faithful['bits']:.2f}."
    )
