"""What marks an n-hop answer right, and whether filler moves a network's states as written reasoning does.

Two models. In the first a respondent works out which film was named Best Picture at the ceremony in the year 1900 plus
an element's atomic number, getting each of the two steps right with a given probability, and words his answer in one
of six manners; four scorers mark it. In the second, a little world of entities and relations is what a recurrent
network learns to compose, in one go, in writing, or over filler tokens; here are the world, the sequences it is taught
and the measures of likeness, and `studies.nhop_scoring` holds the network. Sources: `yang2024latent` on composing facts
silently, `pfau2024dots` on filler tokens, `kornblith2019cka` on the measure of likeness.
"""

from __future__ import annotations

import math
import operator
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from . import charts

Rows = charts.Rows
Spec = charts.Spec

# --- facts ---------------------------------------------------------------------------------------------------------

ELEMENTS = (
    "ytterbium", "lutetium", "hafnium", "tantalum", "tungsten", "rhenium", "osmium", "iridium", "platinum", "gold",
    "mercury", "thallium", "lead", "bismuth", "polonium", "astatine", "radon", "francium", "radium", "actinium",
    "thorium",
)  # fmt: skip
"""The elements from number 70 to number 90."""

FILMS = (
    "Midnight Cowboy", "Patton", "The French Connection", "The Godfather", "The Sting", "The Godfather Part II",
    "One Flew Over the Cuckoo's Nest", "Rocky", "Annie Hall", "The Deer Hunter", "Kramer vs. Kramer",
    "Ordinary People", "Chariots of Fire", "Gandhi", "Terms of Endearment", "Amadeus", "Out of Africa", "Platoon",
    "The Last Emperor", "Rain Man", "Driving Miss Daisy",
)  # fmt: skip
"""The films named Best Picture at the ceremonies of 1970 to 1990: each was shown in the year before."""

FIRST = 70
"""The number of the first element, and the year, counted from 1900, of the first ceremony."""


def film_of(element: str) -> str:
    """The film honoured in the year 1900 plus the atomic number of *element*."""
    return FILMS[ELEMENTS.index(element)]


# --- answers -------------------------------------------------------------------------------------------------------

STYLES = ("bare", "sentence", "chain", "reversal", "list", "negation")


@dataclass(frozen=True)
class Writer:
    """Who answers: the chance of getting one step right, and how often each manner of answering is used."""

    knows: float
    manner: Mapping[str, float]

    @property
    def talk(self) -> float:
        """The share of answers that are more than a name."""
        return 1 - self.manner.get("bare", 0.0) / sum(self.manner.values())


TERSE = Writer(0.75, {"bare": 0.85, "sentence": 0.15})
VERBOSE = Writer(0.85, {"sentence": 0.3, "chain": 0.4, "reversal": 0.15, "list": 0.1, "negation": 0.05})


@dataclass(frozen=True)
class Answer:
    """An answer to one question: its words, the film it asserts (none, in a list), and the film that is right."""

    text: str
    asserted: str | None
    right: str

    @property
    def true(self) -> bool:
        """Whether it asserts the right film."""
        return self.asserted == self.right


def another(than: int, rng: random.Random) -> int:
    """An index of a film or element other than *than*."""
    return (than + rng.randrange(1, len(FILMS))) % len(FILMS)


def believed(right: int, knows: float, rng: random.Random) -> tuple[int, int]:
    """What is believed of a question whose answer is number *right*: the year and the film, as indices."""
    year = right if rng.random() < knows else another(right, rng)
    return year, year if rng.random() < knows else another(year, rng)


def worded(style: str, element: str, year: int, film: int, rng: random.Random) -> str:
    """The answer *film* in one of the STYLES; *year* is what the writer takes the ceremony's year to be."""
    title, other = FILMS[film], FILMS[another(film, rng)]
    number = year + FIRST
    if style == "bare":
        return title
    if style == "sentence":
        return f"The film named Best Picture at that ceremony was {title}."
    if style == "chain":
        return f"{element.capitalize()} is element {number}. The ceremony of 19{number} honoured {title}."
    if style == "reversal":
        return f"At first sight {other}. But {element} is element {number}, and in 19{number} it was {title}."
    if style == "negation":
        return f"Not {other}, but {title}."
    if style == "list":
        third = rng.choice([name for name in FILMS if name not in (title, other)])
        listed = [title, other, third]
        rng.shuffle(listed)
        return f"It was one of these: {listed[0]}, {listed[1]}, {listed[2]}."
    raise ValueError(f"no manner of answering is called '{style}'; there are {', '.join(STYLES)}")


def answer(writer: Writer, rng: random.Random) -> Answer:
    """What *writer* says to a question about an element drawn from all."""
    right = rng.randrange(len(FILMS))
    year, film = believed(right, writer.knows, rng)
    (style,) = rng.choices(list(writer.manner), list(writer.manner.values()))
    text = worded(style, ELEMENTS[right], year, film, rng)
    return Answer(text, None if style == "list" else FILMS[film], FILMS[right])


# --- scorers -------------------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """*text* in lower case, without punctuation and without an article at its beginning."""
    words = re.findall(r"[a-z0-9']+", text.lower())
    return " ".join(words[1:] if words[:1] == ["the"] else words)


PLAIN_FILMS = {title: plain(title) for title in FILMS}
LONGEST_FIRST = sorted(FILMS, key=lambda title: -len(PLAIN_FILMS[title]))


def named(text: str) -> set[str]:
    """The films that *text* names; a name inside a longer one is not counted with it."""
    rest, found = f" {plain(text)} ", set()
    for title in LONGEST_FIRST:
        if (name := f" {PLAIN_FILMS[title]} ") in rest:
            found.add(title)
            rest = rest.replace(name, " | ")
    return found


def exact(text: str, right: str) -> bool:
    """The answer is the name and nothing else."""
    return plain(text) == plain(right)


def contains(text: str, right: str) -> bool:
    """The answer has the name in it."""
    return right in named(text)


def final(text: str, right: str) -> bool:
    """The answer ends with the name."""
    return f" {plain(text)}".endswith(f" {plain(right)}")


def unique(text: str, right: str) -> bool:
    """The name is in the answer, and no other film's is."""
    return named(text) == {right}


def careless(text: str, right: str) -> bool:
    """The letters of the name are somewhere in the answer: the search that finds one film inside another."""
    return plain(right) in plain(text)


SCORERS = {"exact": exact, "contains": contains, "final": final, "unique": unique}


@dataclass(frozen=True)
class Marks:
    """The shares of some answers that are true, and that each scorer accepts."""

    true: float
    accepted: Mapping[str, float]

    @property
    def sentence_credit(self) -> float:
        """How much more is accepted when a sentence with the name in it counts than when only the name does."""
        return self.accepted["contains"] - self.accepted["exact"]


def mark(writer: Writer, rng: random.Random, answers: int = 400) -> Marks:
    """The marks of as many *answers*."""
    given = [answer(writer, rng) for _ in range(answers)]
    accepted = {name: fmean(scorer(one.text, one.right) for one in given) for name, scorer in SCORERS.items()}
    return Marks(fmean(one.true for one in given), accepted)


def leads(ahead: Sequence[Marks], behind: Sequence[Marks], rule: str) -> list[float]:
    """How much more *rule* accepts of one writer than of another, seed by seed."""
    return [one.accepted[rule] - other.accepted[rule] for one, other in zip(ahead, behind, strict=True)]


# --- scores, derived -----------------------------------------------------------------------------------------------


def right_film(knows: float) -> float:
    """The chance that the believed film is the right one: both steps right, or both wrong and lucky."""
    return knows**2 + (1 - knows) ** 2 / (len(FILMS) - 1)


def expected(style: str, knows: float) -> dict[str, float]:
    """The share of answers in *style* that are true and that each scorer accepts."""
    right, others = right_film(knows), len(FILMS) - 1
    # A second film, named beside a wrong one, is the right one as often as any other; so is a third.
    lucky = (1 - right) / others
    if style == "bare":
        return {"true": right, "exact": right, "contains": right, "final": right, "unique": right}
    if style in ("sentence", "chain"):
        return {"true": right, "exact": 0.0, "contains": right, "final": right, "unique": right}
    if style in ("reversal", "negation"):
        return {"true": right, "exact": 0.0, "contains": right + lucky, "final": right, "unique": 0.0}
    listed = right + 2 * lucky
    return {"true": 0.0, "exact": 0.0, "contains": listed, "final": listed / 3, "unique": 0.0}


def expected_marks(writer: Writer) -> dict[str, float]:
    """The shares of *writer*'s answers that are true and that each scorer accepts."""
    whole = sum(writer.manner.values())
    rows = [(weight / whole, expected(style, writer.knows)) for style, weight in writer.manner.items()]
    return {name: sum(weight * row[name] for weight, row in rows) for name in ("true", *SCORERS)}


def off_derived(writer: Writer, marks: Sequence[Marks]) -> float:
    """How far the mean of some *marks* lies from what is derived for their *writer*, at most over all rules."""
    derived = expected_marks(writer)
    return max(
        abs(fmean(one.true if rule == "true" else one.accepted[rule] for one in marks) - share)
        for rule, share in derived.items()
    )


def talk_needed(knows: float, credit: float) -> float:
    """The share of answers that must be sentences before the rules 'contains' and 'exact' differ by *credit*."""
    return credit / right_film(knows)


# --- a world to compose --------------------------------------------------------------------------------------------

ENTITIES, RELATIONS = 8, 6
"""Entities in each of three layers; relations from the first layer to the second, and from there to the third."""

A, B, C, F, G = 0, ENTITIES, 2 * ENTITIES, 3 * ENTITIES, 3 * ENTITIES + RELATIONS
"""Where the tokens of the layers and relations begin."""
DIRECT, WRITTEN, FILLER, DOT, FACT = range(G + RELATIONS, G + RELATIONS + 5)
TOKENS = FACT + 1
"""How many tokens there are."""

Query = tuple[int, int, int]
"""An entity and two relations: the question is where they lead."""
QUERIES: tuple[Query, ...] = tuple(
    (a, i, j) for a in range(ENTITIES) for i in range(RELATIONS) for j in range(RELATIONS)
)
MODES = ("direct", "written", "filler")


@dataclass(frozen=True)
class Composed:
    """Two layers of relations, each a permutation of the entities, and the questions held back from training."""

    first: tuple[tuple[int, ...], ...]
    second: tuple[tuple[int, ...], ...]
    held_out: frozenset[Query]

    def between(self, query: Query) -> int:
        """The entity halfway."""
        return self.first[query[1]][query[0]]

    def end(self, query: Query) -> int:
        """The answer."""
        return self.second[query[2]][self.between(query)]


def composed(rng: random.Random) -> Composed:
    """A world drawn at random, a fifth of its questions held back."""

    def relations() -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(rng.sample(range(ENTITIES), ENTITIES)) for _ in range(RELATIONS))

    return Composed(relations(), relations(), frozenset(rng.sample(QUERIES, len(QUERIES) // 5)))


@dataclass(frozen=True)
class Exercise:
    """What a network reads, and at which places it has to name an entity: pairs of place and token."""

    tokens: tuple[int, ...]
    asked: tuple[tuple[int, int], ...]


def sequence(world: Composed, query: Query, mode: str) -> Exercise:
    """The question *query* as it is put in *mode*; the last place asked is where the answer is due."""
    a, i, j = query
    question = (A + a, F + i, G + j)
    middle, end = B + world.between(query), C + world.end(query)
    if mode == "direct":
        return Exercise((*question, DIRECT), ((3, end),))
    if mode == "written":
        return Exercise((*question, WRITTEN, middle), ((3, middle), (4, end)))
    if mode == "filler":
        return Exercise((*question, FILLER, DOT, DOT), ((5, end),))
    raise ValueError(f"no mode is called '{mode}'; there are {', '.join(MODES)}")


def facts(world: Composed) -> list[Exercise]:
    """All single steps, each a question of its own."""
    firsts = [
        Exercise((A + a, F + i, FACT), ((2, B + world.first[i][a]),)) for i in range(RELATIONS) for a in range(ENTITIES)
    ]
    seconds = [
        Exercise((B + b, G + j, FACT), ((2, C + world.second[j][b]),))
        for j in range(RELATIONS)
        for b in range(ENTITIES)
    ]
    return firsts + seconds


# --- likeness ------------------------------------------------------------------------------------------------------

Matrix = Sequence[Sequence[float]]


def centred(states: Matrix) -> list[list[float]]:
    """*states*, one a row, with the mean of every column taken off."""
    means = [fmean(column) for column in zip(*states, strict=True)]
    return [[x - mean for x, mean in zip(row, means, strict=True)] for row in states]


def without_groups(states: Matrix, groups: Sequence[int]) -> list[list[float]]:
    """*states* with the mean of every row's group taken off: what is left when the answer has been averaged out."""
    out: list[list[float]] = [list(row) for row in states]
    for group in sorted(set(groups)):
        rows = [row for row, own in enumerate(groups) if own == group]
        for row, left in zip(rows, centred([states[row] for row in rows]), strict=True):
            out[row] = left
    return out


def cross(left: Matrix, right: Matrix) -> float:
    """The sum of the squared inner products between the columns of two matrices."""
    columns = list(zip(*right, strict=True))
    return sum(math.fsum(map(operator.mul, x, y)) ** 2 for x in zip(*left, strict=True) for y in columns)


def alignment(left: Matrix, right: Matrix) -> float:
    """Linear centred kernel alignment of two sets of states, row by row of the same questions: 0 to 1.

    It does not care which unit carries what, nor in which units of length. Source: `kornblith2019cka`.
    """
    one, other = centred(left), centred(right)
    return cross(one, other) / math.sqrt(cross(one, one) * cross(other, other))


# --- figures -------------------------------------------------------------------------------------------------------

WRITERS = ("terse writer", "verbose writer")
LEFT = ("the likeness", "with the questions shuffled")


def score_rows(terse: Sequence[Marks], verbose: Sequence[Marks]) -> list[dict[str, object]]:
    """What each rule accepts of either writer, and what is true, on average over the seeds."""
    return [
        {
            "scorer": rule,
            "writer": writer,
            "score": round(fmean(one.accepted[rule] for one in marks), 3),
            "true": round(fmean(one.true for one in marks), 3),
        }
        for rule in SCORERS
        for writer, marks in zip(WRITERS, (terse, verbose), strict=True)
    ]


def score_figure(rows: Rows) -> Spec:
    """What each rule gives two writers, and what is true; rows as `score_rows` gives them."""
    x: Spec = {
        "field": "scorer",
        "type": "nominal",
        "title": None,
        "sort": list(SCORERS),
        "axis": {"labelAngle": 0, "labelPadding": 6, "grid": False},
    }
    beside: Spec = {"field": "writer", "type": "nominal", "sort": list(WRITERS)}
    y = charts.axis("score", "answers accepted (bar) and right (line)", domain=[0, 0.8]) | {"axis": {"format": "%"}}
    colour = {
        "field": "writer",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(WRITERS), "range": [charts.SKY, charts.AMBER]},
    }
    bars: Spec = {"mark": {"type": "bar"}, "encoding": {"x": x, "xOffset": beside, "y": y, "color": colour}}
    truth: Spec = {
        "mark": {"type": "tick", "thickness": 3, "color": charts.INK, "opacity": 1},
        "encoding": {"x": x, "xOffset": beside, "y": {"field": "true", "type": "quantitative"}},
    }
    return charts.chart([bars, truth], rows)


def score_alt(rows: Rows) -> str:
    """What `score_figure` shows, in words."""
    true = {row["writer"]: row["true"] for row in rows}
    said = [
        f"{scorer} " + " and ".join(f"{row['score']:.2f}" for row in rows if row["scorer"] == scorer)
        for scorer in dict.fromkeys(row["scorer"] for row in rows)
    ]
    return (
        f"Right answers: terse writer {true[WRITERS[0]]:.2f}, verbose writer {true[WRITERS[1]]:.2f}. "
        f"Accepted, in the same order: {'; '.join(said)}."
    )


def likeness_figure(rows: Rows) -> Spec:
    """Alignments with their shuffled counterparts; rows: pair, mean, lo, hi, shuffled."""
    pairs = [row["pair"] for row in rows]
    y: Spec = {
        "field": "pair",
        "type": "nominal",
        "title": None,
        "sort": pairs,
        "axis": {"grid": False, "labelLimit": 230},
    }
    x = charts.axis("mean", "alignment", domain=[0, 1])
    kind: Spec = {"field": "kind", "type": "nominal", "title": None}
    colour = kind | {"scale": {"domain": list(LEFT), "range": [charts.BLUE, charts.SOFT]}}
    shape = kind | {"scale": {"domain": list(LEFT), "range": ["circle", "diamond"]}}
    found = [
        {"pair": row["pair"], "kind": name, "mean": row[field]}
        for row in rows
        for name, field in zip(LEFT, ("mean", "shuffled"), strict=True)
    ]
    dots: Spec = {
        "data": {"values": found},
        "mark": {"type": "point", "size": 90, "filled": True},
        "encoding": {"x": x, "y": y, "color": colour, "shape": shape},
    }
    span: Spec = {
        "mark": {"type": "rule", "strokeWidth": 2, "color": charts.BLUE},
        "encoding": {"x": x | {"field": "lo"}, "x2": {"field": "hi"}, "y": y},
    }
    return charts.chart([span, dots], rows, width=350, height=34 * len(rows))


def likeness_alt(rows: Rows) -> str:
    """What `likeness_figure` shows, in words."""
    return "Alignment, and with the questions shuffled. " + "; ".join(
        f"{row['pair']}: {row['mean']:.2f} and {row['shuffled']:.2f}" for row in rows
    )


def plane_rows(
    places: Mapping[str, Matrix], world: Composed, ends: Sequence[int], each: int = 6
) -> list[dict[str, object]]:
    """Points of some questions to each of the answers *ends*, one for each mode; *places* holds two columns a mode."""
    rows: list[dict[str, object]] = []
    for end in ends:
        numbers = [number for number, query in enumerate(QUERIES) if world.end(query) == end][:each]
        rows += [
            {
                "question": number,
                "answer": f"answer {ends.index(end) + 1}",
                "mode": mode,
                "x": round(float(table[number][0]), 3),
                "y": round(float(table[number][1]), 3),
            }
            for number in numbers
            for mode, table in places.items()
        ]
    return rows


def plane_figure(rows: Rows) -> Spec:
    """Questions as points, one for each mode, the points of one question joined; rows as `plane_rows` gives them."""
    names = sorted({row["answer"] for row in rows})
    unlabelled = {"axis": {"labels": False, "ticks": False, "grid": False}}
    x = charts.axis("x", "first direction", zero=False) | unlabelled
    y = charts.axis("y", "second direction", zero=False) | unlabelled
    colour = {
        "field": "answer",
        "type": "nominal",
        "title": None,
        "scale": {"domain": names, "range": list(charts.SERIES[: len(names)])},
    }
    shape = {
        "field": "mode",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(MODES), "range": ["circle", "square", "triangle-up"]},
    }
    joined: Spec = {
        "mark": {"type": "line", "strokeWidth": 1, "opacity": 0.6, "aria": False},
        "encoding": {"x": x, "y": y, "detail": {"field": "question"}, "color": colour, "order": {"field": "mode"}},
    }
    dots: Spec = {
        "mark": {"type": "point", "size": 60, "filled": True},
        "encoding": {"x": x, "y": y, "color": colour, "shape": shape},
    }
    return charts.chart([joined, dots], rows, height=380)


def plane_alt(rows: Rows) -> str:
    """What `plane_figure` shows, in words: how far apart points of one question are, and of different answers."""

    def apart(same: bool) -> float:
        pairs = [
            math.dist((one["x"], one["y"]), (other["x"], other["y"]))
            for number, one in enumerate(rows)
            for other in rows[number + 1 :]
            if (one["question"] == other["question"] if same else one["answer"] != other["answer"])
        ]
        return fmean(pairs)

    questions = len({row["question"] for row in rows})
    return (
        f"{questions} questions in the plane, each as three joined points, one for each way of answering. "
        f"Points of one question lie {apart(True):.1f} apart on average, those of different answers {apart(False):.1f}."
    )


# --- claims, results and conditions in words -----------------------------------------------------------------------

CLAIMS: dict[str, dict[str, str]] = {
    "criterion-matters": {
        "statement": "Accepting a sentence that contains the answer raises a model’s success rate noticeably above "
        "what the bare answer alone would earn.",
        "statistic": "share of answers accepted by 'contains' minus share accepted by 'exact'",
        "right_if": "the question would have been a formality if models asked for a name gave a name",
        "by_construction": "That a writer of sentences gets nothing from 'exact' is given; how much talk it takes "
        "before the rule matters is computed.",
    },
    "ranking-flips": {
        "statement": "Whichever rule marks them, from the bare name to a sentence that contains it, the better of two "
        "models comes out ahead.",
        "statistic": "score of the verbose writer, who is right more often, minus score of the terse one",
        "right_if": "any rule would have done if both models answered in the same manner",
    },
    "similar-updates": {
        "statement": "Written reasoning and filler tokens move a model’s hidden states in similar ways.",
        "statistic": "alignment of the updates, written and filler, minus that of shuffled questions; one network",
        "right_if": "the comment's guess would have been wrong if writing the step down had taken the state somewhere "
        "that dots do not",
        "by_construction": "Both updates begin from one state in one network, which makes them alike before anything "
        "is learnt.",
    },
    "similar-beyond-answer": {
        "statement": "The likeness between written reasoning and filler goes beyond the answer that both are about to "
        "give.",
        "statistic": "alignment of states, answers averaged out, minus that of shuffled questions; networks that share "
        "no weights",
        "right_if": "the comment's guess would have come down to the answer alone if nothing had been left once the "
        "answer was averaged out",
        "changed_after_seeing": "This claim and its separate networks are new: weights held in common inflate the "
        "likeness within one network. Taking off the question's words and the entity halfway is exploratory.",
    },
}
"""What the notebook says of each of its claims."""

RESULTS = {
    "sentence-credit": "share of the verbose writer's answers accepted by 'contains' minus share accepted by 'exact'",
    "order-unique": "score of the verbose writer minus score of the terse one, by the rule 'unique'",
    "order-final": "score of the verbose writer minus score of the terse one, by the rule 'final'",
    "lister": "share of answers accepted by 'contains' of a writer who lists three films each time and asserts none",
    "updates": "alignment of written and filler updates in one network",
    "updates-untaught": "alignment of written and filler updates in one network before any training",
    "answer-share": "how far above chance the states of two questions with one answer are alike, as a share of how far "
    "those of one question are (cosines of states, one network)",
    "strangers": "alignment of written and filler states, networks that share no weights",
    "strangers-beyond": "alignment of written and filler states, networks that share no weights, answer averaged out",
    "strangers-shuffled": "alignment of written and filler states, answer averaged out, questions of one side shuffled",
    "strangers-nameless": "alignment of written and filler states, networks that share no weights, with the answer, "
    "the question's words and the entity halfway taken off",
    "two-written": "alignment of the states of two networks taught in writing, answer averaged out",
    "two-filler": "alignment of the states of two networks taught over dots, answer averaged out",
    "dots-alone": "share of questions never taught that a network taught only over dots answers rightly",
}
"""What each published number is, as the row of a table."""


def talk_condition(cells: Sequence[Any], credit: float = 0.1) -> str:
    """For which writers the rule matters, in words; *credit* is what would matter."""
    talk = {"terse": TERSE.talk, "verbose": VERBOSE.talk}
    holds, fails = (
        [talk[cell.params["writer"]] for cell in cells if cell.state == state] or [math.nan]
        for state in ("holds", "fails")
    )
    return (
        f"it holds for a writer of whose answers {min(holds):.0%} are more than a name and fails for one with "
        f"{max(fails):.0%}, for whom the rule would begin to matter at {talk_needed(TERSE.knows, credit):.0%}"
    ).replace("%", " %")


def order_condition(cells: Sequence[Any]) -> str:
    """Which rules put the better writer first, in words."""
    holds, fails = (
        " and ".join(f"‘{cell.params['rule']}’" for cell in cells if cell.state == state) or "no rule"
        for state in ("holds", "fails")
    )
    return (
        f"the better writer comes out ahead by {holds} and behind by {fails}: what separates them is whether the rule "
        "forgives words around the name, and other names before it"
    )
