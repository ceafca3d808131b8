"""A shelf of documents is embedded, clustered, labelled and read from the middle of each cluster.

The documents are of two kinds: docstrings of ten modules of Python's standard library, whose module is the subject they
really belong to, and invented ones, which draw each word from a vocabulary that all share with probability `overlap`
and else from that of their topic. Words are weighted by TF-IDF; the vectors are grouped by spherical k-means with
k-means++ seeding (Arthur and Vassilvitskii 2007); a partition is compared with the truth by the adjusted Rand index
(Hubert and Arabie 1985); a cluster is labelled by class-based TF-IDF (Grootendorst 2022). The trainer here works on
sparse vectors, for a browser; `studies.topic_clusters` first reduces them by a randomised singular value decomposition
(latent semantic analysis, Deerwester et al. 1990; Halko, Martinsson and Tropp 2011).
"""

from __future__ import annotations

import ast
import math
import random
import re
import sysconfig
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from . import charts

Words = list[str]
Sparse = dict[str, float]
"""A document as the weight of each of its words."""

# --- documents -----------------------------------------------------------------------------------------------------

MODULES = (
    "asyncio", "decimal", "email", "http", "importlib", "inspect", "ipaddress", "logging", "unittest", "xml",
)  # fmt: skip
"""The subjects: modules of the standard library with enough docstrings of some length."""
SOURCES = {"decimal": "_pydecimal"}
"""Where a module's text is, when it is not under its own name."""


@dataclass(frozen=True)
class Shelf:
    """Documents as words, and the subject that each really belongs to."""

    documents: tuple[tuple[str, ...], ...]
    subjects: tuple[str, ...]


def words(text: str) -> Words:
    """The words of *text* in lower case, of three letters or more."""
    return re.findall(r"[a-z]{3,}", text.lower())


def docstrings(module: str, least: int = 12, root: Path | None = None) -> list[tuple[str, ...]]:
    """The docstrings of *module* with at least *least* words, without the names of the ten modules, each once.

    They are read from the installed sources and not run. Raises FileNotFoundError when the module has none.
    """
    top = (root or Path(sysconfig.get_paths()["stdlib"])) / SOURCES.get(module, module)
    files = sorted(top.rglob("*.py")) if top.is_dir() else [top.with_suffix(".py")]
    found: dict[tuple[str, ...], None] = {}
    for file in files:
        for node in _definitions(ast.parse(file.read_text(encoding="utf-8"))):
            said = [word for word in words(ast.get_docstring(node) or "") if word not in MODULES]
            if len(said) >= least:
                found.setdefault(tuple(said))
    return sorted(found)  # however the files lie, a seed draws the same


Definition = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _definitions(node: ast.AST) -> Iterator[Definition]:
    """*node* and the definitions in it, however deep; expressions, which hold none, are passed over."""
    if isinstance(node, Definition):
        yield node
    for field in ("body", "orelse", "finalbody", "handlers"):
        for inner in getattr(node, field, ()):
            yield from _definitions(inner)


def draw_shelf(rng: random.Random, library: Mapping[str, Sequence[tuple[str, ...]]], each: int = 45) -> Shelf:
    """*each* documents of every subject of *library*, drawn without replacement."""
    chosen = [(name, document) for name in library for document in rng.sample(list(library[name]), each)]
    return Shelf(tuple(document for _, document in chosen), tuple(name for name, _ in chosen))


def invented_shelf(
    rng: random.Random, overlap: float, documents: int = 120, topics: int = 6, length: int = 40, vocabulary: int = 200
) -> Shelf:
    """*documents* of *length* words: each word is common with probability *overlap*, else of the document's topic.

    In either vocabulary the word of rank r is drawn with a chance like 1 / r (Zipf). Topics take turns.
    """
    chances = list(accumulate(1 / rank for rank in range(1, vocabulary + 1)))
    made, subjects = [], []
    for i in range(documents):
        topic = i % topics
        common = sum(rng.random() < overlap for _ in range(length))
        ranks = rng.choices(range(vocabulary), cum_weights=chances, k=length)
        made.append(tuple(f"{'c' if j < common else f't{topic}w'}{rank}" for j, rank in enumerate(ranks)))
        subjects.append(f"topic {topic}")
    return Shelf(tuple(made), tuple(subjects))


def topical_words(overlap: float, length: int = 40) -> float:
    """How many words of a document speak of its topic, on average: (1 - overlap) * length."""
    return (1 - overlap) * length


# --- embedding and clustering --------------------------------------------------------------------------------------


def vocabulary_of(documents: Sequence[Sequence[str]], least: int = 3, most: float = 0.4, size: int = 4000) -> list[str]:
    """The words in at least *least* documents and at most the share *most* of them; the *size* commonest, sorted."""
    in_documents = Counter(word for document in documents for word in set(document))
    kept = [word for word, count in in_documents.items() if least <= count <= most * len(documents)]
    return sorted(sorted(kept, key=lambda word: (-in_documents[word], word))[:size])


def tfidf(documents: Sequence[Sequence[str]]) -> list[Sparse]:
    """Each document as a vector of length 1: (1 + ln count) * ln(documents / documents with the word)."""
    known = set(vocabulary_of(documents))
    in_documents = Counter(word for document in documents for word in set(document))
    vectors = []
    for document in documents:
        counts = Counter(word for word in document if word in known)
        raw = {w: (1 + math.log(c)) * math.log(len(documents) / in_documents[w]) for w, c in sorted(counts.items())}
        vectors.append(_unit(raw))
    return vectors


def _unit(vector: Sparse) -> Sparse:
    norm = math.sqrt(sum(value * value for value in vector.values()))
    return {word: value / norm for word, value in vector.items()} if norm else {}


def _dot(a: Sparse, b: Sparse) -> float:
    return sum(value * b.get(word, 0.0) for word, value in a.items())


def spherical_kmeans(
    rng: random.Random, vectors: Sequence[Sparse], k: int, restarts: int = 4, rounds: int = 20
) -> list[int]:
    """The cluster of each vector, 0 to k - 1: the best of some *restarts* by mean cosine with the centroid."""
    tries = [_kmeans_once(rng, vectors, k, rounds) for _ in range(restarts)]
    return max(tries, key=lambda found: found[0])[1]


def _kmeans_once(rng: random.Random, vectors: Sequence[Sparse], k: int, rounds: int) -> tuple[float, list[int]]:
    centres = [rng.choice(vectors)]
    nearest = [0.0] * len(vectors)
    while len(centres) < k:  # k-means++: the farther from every centre so far, the likelier to be one
        nearest = [max(best, _dot(v, centres[-1])) for best, v in zip(nearest, vectors, strict=True)]
        centres.append(rng.choices(vectors, weights=[max(1 - best, 1e-12) for best in nearest])[0])
    labels: list[int] = []
    for _ in range(rounds):
        closeness = [[_dot(v, centre) for centre in centres] for v in vectors]
        found = [row.index(max(row)) for row in closeness]
        if found == labels:
            break
        labels = found
        for c in range(k):
            members = [v for v, label in zip(vectors, labels, strict=True) if label == c]
            centres[c] = centroid(members) if members else rng.choice(vectors)
    return sum(_dot(v, centres[label]) for v, label in zip(vectors, labels, strict=True)), labels


def centroid(members: Iterable[Sparse]) -> Sparse:
    """The direction of the sum of *members*: a vector of length 1 that no document need have."""
    total: Sparse = {}
    for member in members:
        for word, value in member.items():
            total[word] = total.get(word, 0.0) + value
    return _unit(total)


# --- what is known of a clustering ---------------------------------------------------------------------------------


def adjusted_rand(a: Sequence[Any], b: Sequence[Any]) -> float:
    """How far two partitions agree beyond chance: 1 for the same, about 0 for unrelated ones.

    Source: Hubert and Arabie 1985.
    """
    joint = sum(math.comb(n, 2) for n in Counter(zip(a, b, strict=True)).values())
    left, right = (sum(math.comb(n, 2) for n in Counter(x).values()) for x in (a, b))
    chance = left * right / math.comb(len(a), 2)
    most = (left + right) / 2
    return (joint - chance) / (most - chance) if most != chance else 1.0


def majority(subjects: Sequence[str], members: Sequence[int]) -> tuple[str, float]:
    """The commonest subject of *members*, the first by name when several are, and its share of them."""
    counts = Counter(subjects[i] for i in members)
    name = min(counts, key=lambda subject: (-counts[subject], subject))
    return name, counts[name] / len(members)


def purity(subjects: Sequence[str], labels: Sequence[int]) -> float:
    """The share of documents whose subject is the commonest of their cluster."""
    return sum(majority(subjects, m)[1] * len(m) for m in clusters(labels).values()) / len(labels)


def clusters(labels: Sequence[int]) -> dict[int, list[int]]:
    """The documents of each cluster, by their places."""
    found: dict[int, list[int]] = {}
    for i, label in enumerate(labels):
        found.setdefault(label, []).append(i)
    return dict(sorted(found.items()))


def label_words(documents: Sequence[Sequence[str]], labels: Sequence[int], count: int = 5) -> dict[int, Words]:
    """The *count* words that mark each cluster off: its count of the word * ln(1 + words per cluster / all counts).

    Only words of the vocabulary are eligible. Source: Grootendorst 2022 (class-based TF-IDF).
    """
    known = set(vocabulary_of(documents))
    within = {c: Counter(w for i in m for w in documents[i] if w in known) for c, m in clusters(labels).items()}
    total = Counter(word for counts in within.values() for word in counts.elements())
    average = sum(total.values()) / len(within)
    weight = {word: math.log(1 + average / count_) for word, count_ in total.items()}
    return {
        c: sorted(counts, key=lambda word: (-counts[word] * weight[word], word))[:count] for c, counts in within.items()
    }


def found_by(vectors: Sequence[Sparse], query: Sequence[str], best: int = 15) -> list[int]:
    """The *best* documents for the words of *query*: those whose weights on these words sum highest."""
    scores = [sum(vector.get(word, 0.0) for word in query) for vector in vectors]
    return sorted(range(len(vectors)), key=lambda i: (-scores[i], i))[:best]


def label_precision(shelf: Shelf, labels: Sequence[int], queries: Mapping[int, Words], best: int = 15) -> float:
    """The share of the *best* documents for a cluster's words that are on its main subject; the mean over clusters."""
    vectors = tfidf(shelf.documents)
    shares = []
    for c, members in clusters(labels).items():
        subject, _ = majority(shelf.subjects, members)
        hits = found_by(vectors, queries[c], best)
        shares.append(sum(shelf.subjects[i] == subject for i in hits) / best)
    return sum(shares) / len(shares)


def share_of_main(shelf: Shelf, labels: Sequence[int], chosen: Mapping[int, Sequence[int]]) -> tuple[float, float]:
    """The share of each cluster's main subject among its *chosen* documents, and in all of it: means over clusters."""
    near, whole = [], []
    for c, members in clusters(labels).items():
        subject, share = majority(shelf.subjects, members)
        near.append(sum(shelf.subjects[i] == subject for i in chosen[c]) / len(chosen[c]))
        whole.append(share)
    return sum(near) / len(near), sum(whole) / len(whole)


def nearest_to_centre(vectors: Sequence[Sparse], labels: Sequence[int], count: int = 5) -> dict[int, list[int]]:
    """The *count* documents of each cluster that lie nearest its centroid: what one would hand to a reader."""
    near = {}
    for c, members in clusters(labels).items():
        centre = centroid(vectors[i] for i in members)
        near[c] = sorted(members, key=lambda i: (-_dot(vectors[i], centre), i))[:count]
    return near


# --- the known cases -----------------------------------------------------------------------------------------------


def dealt_out(rng: random.Random, shelf: Shelf, labels: Sequence[int]) -> float:
    """The adjusted Rand index when the same clusters are dealt out to the documents at random."""
    dealt = list(labels)
    rng.shuffle(dealt)
    return adjusted_rand(shelf.subjects, dealt)


def random_words(rng: random.Random, shelf: Shelf, labels: Sequence[int], count: int = 5, best: int = 15) -> float:
    """The share of hits on each cluster's main subject for *count* words of the vocabulary drawn at random."""
    known = vocabulary_of(shelf.documents)
    return label_precision(shelf, labels, {c: rng.sample(known, count) for c in clusters(labels)}, best)


def from_anywhere(rng: random.Random, shelf: Shelf, labels: Sequence[int], count: int = 5, times: int = 10) -> float:
    """The share of the main subject among *count* documents from anywhere in a cluster, less its share in the whole.

    The mean over so many *times*.
    """
    members = clusters(labels)
    draws = [{c: rng.sample(m, min(count, len(m))) for c, m in members.items()} for _ in range(times)]
    found = [share_of_main(shelf, labels, drawn) for drawn in draws]
    return sum(some - whole for some, whole in found) / times


def recovery(seed_rng: random.Random, overlap: float, **shelf: int) -> float:
    """The adjusted Rand index of one clustering of one invented shelf, with as many clusters as topics."""
    made = invented_shelf(seed_rng, overlap, **shelf)
    labels = spherical_kmeans(seed_rng, tfidf(made.documents), len(set(made.subjects)))
    return adjusted_rand(made.subjects, labels)


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The power of the size with which time grows: the slope of ln(seconds) on ln(size), by least squares."""
    x, y = [math.log(size) for size in sizes], [math.log(s) for s in seconds]
    mx, my = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True)) / sum((a - mx) ** 2 for a in x)


# --- figures -------------------------------------------------------------------------------------------------------


FITS, STRAYS = "on its cluster’s main subject", "on another subject"


def map_rows(
    shelf: Shelf, labels: Sequence[int], points: Sequence[tuple[float, float]], every: int = 2
) -> list[dict[str, Any]]:
    """One document in so many (*every*) as a point, and whether it is on the main subject of its cluster."""
    main = {c: majority(shelf.subjects, members)[0] for c, members in clusters(labels).items()}
    return [
        {"x": round(x, 3), "y": round(y, 3), "is": FITS if shelf.subjects[i] == main[labels[i]] else STRAYS}
        for i, (x, y) in enumerate(points)
        if i % every == 0
    ]


def name_rows(places: Mapping[int, tuple[float, float]], names: Mapping[int, Words]) -> list[dict[str, Any]]:
    """The first two words of each cluster, a little outside of its place on the edge of a circle."""
    return [
        {"x": round(1.28 * x, 3), "y": round(1.13 * y, 3), "words": " · ".join(names[c][:2])}
        for c, (x, y) in places.items()
    ]


def map_figure(rows: charts.Rows, names: charts.Rows) -> charts.Spec:
    """The documents in a circle, with the words that label each cluster on its edge."""
    x, y = (
        {"field": field, "type": "quantitative", "axis": None, "scale": {"domain": [-most, most]}}
        for field, most in (("x", 1.62), ("y", 1.2))
    )
    kinds, colours, shapes = [FITS, STRAYS], [charts.SKY, charts.VERMILION], ["circle", "triangle-up"]
    which = {"field": "is", "type": "nominal", "title": None}
    dots = {
        "mark": {"type": "point", "size": 26, "filled": True, "opacity": 0.6, "aria": False},
        "encoding": {
            "x": x,
            "y": y,
            "color": {**which, "scale": {"domain": kinds, "range": colours}},
            "shape": {**which, "scale": {"domain": kinds, "range": shapes}},
        },
    }
    labels = {
        "data": {"values": [dict(row) for row in names]},
        "mark": {"type": "text", "fontSize": 13, "fontWeight": "bold", "color": charts.INK, "aria": False},
        "encoding": {"x": x, "y": y, "text": {"field": "words"}},
    }
    return charts.chart([dots, labels], rows, height=400)


def map_alt(rows: charts.Rows, names: charts.Rows) -> str:
    """What the clusters are called, and how many of the points shown stray."""
    strays = sum(row["is"] == STRAYS for row in rows)
    return (
        f"A cloud of {len(rows)} documents with the words of {len(names)} clusters: "
        + "; ".join(str(row["words"]).replace(" · ", ", ") for row in names)
        + f". {strays} of the documents are not on the main subject of their cluster."
    )


def confusion_rows(shelf: Shelf, labels: Sequence[int], names: Mapping[int, Words]) -> list[dict[str, Any]]:
    """How many documents of each subject are in each cluster; clusters in the order of their main subjects."""
    subjects = sorted(set(shelf.subjects))
    found = clusters(labels)
    order = sorted(found, key=lambda c: (subjects.index(majority(shelf.subjects, found[c])[0]), c))
    return [
        {
            "cluster": ", ".join(names[c][:3]),
            "subject": subject,
            "documents": sum(shelf.subjects[i] == subject for i in found[c]),
        }
        for c in order
        for subject in subjects
    ]


def confusion_figure(rows: charts.Rows) -> charts.Spec:
    """A map of documents over clusters and subjects."""
    order = list(dict.fromkeys(str(row["cluster"]) for row in rows))
    x = {"field": "subject", "type": "nominal", "title": None, "axis": {"labelAngle": -40}}
    y = {"field": "cluster", "type": "nominal", "title": None, "sort": order, "axis": {"labelLimit": 240}}
    return {**charts.heat(rows, x, y, "documents", "documents"), "width": 380, "height": 300}


def confusion_alt(rows: charts.Rows) -> str:
    """The subject that holds together best, and the one that is scattered most."""
    shares: dict[str, float] = {}
    spread: dict[str, int] = {}
    for subject in dict.fromkeys(str(row["subject"]) for row in rows):
        counts = [int(row["documents"]) for row in rows if row["subject"] == subject]
        shares[subject] = max(counts) / sum(counts)
        spread[subject] = sum(count > 0 for count in counts)
    best, worst = max(shares, key=lambda s: shares[s]), min(shares, key=lambda s: shares[s])
    return (
        f"A square map of clusters against subjects. Best kept together is {best}, with {shares[best]:.0%} of its "
        f"documents in one cluster; most scattered is {worst}, with {shares[worst]:.0%} in its largest of "
        f"{spread[worst]} clusters."
    )


def overlap_figure(rows: charts.Rows) -> charts.Spec:
    """The adjusted Rand index against overlap, one line with its band for each length of documents."""
    names = list(dict.fromkeys(str(row["series"]) for row in rows))
    x = charts.axis("overlap", "share of words that all topics have in common", zero=False)
    y = charts.axis("mean", "adjusted Rand index", domain=[0, 1])
    spec = charts.lines(rows, x, y, names)
    spec["layer"].append(charts.rule(0.5, "recovered above"))
    return spec


def overlap_alt(rows: charts.Rows) -> str:
    """Where each line falls below one half."""
    parts = []
    for name in dict.fromkeys(str(row["series"]) for row in rows):
        below = [row["overlap"] for row in rows if row["series"] == name and row["mean"] < 0.5]
        parts.append(f"{name}: " + (f"below one half from an overlap of {min(below)}" if below else "never below"))
    return "The adjusted Rand index falls from about 1 as topics share more words. " + "; ".join(parts) + "."


def places_figure(rows: charts.Rows) -> charts.Spec:
    """The share of the main subject among documents in different places of a cluster, with intervals."""
    order = [row["place"] for row in rows]
    y = {"field": "place", "type": "nominal", "title": None, "sort": order, "axis": {"labelLimit": 240}}
    x = charts.axis("mean", "share on the cluster’s main subject", domain=[0, 1])
    bar = {"mark": {"type": "bar", "height": 22, "color": charts.SKY, "aria": False}, "encoding": {"x": x, "y": y}}
    span = {
        "mark": {"type": "rule", "strokeWidth": 2, "color": charts.INK},
        "encoding": {"x": {"field": "lo", "type": "quantitative"}, "x2": {"field": "hi"}, "y": y},
    }
    return charts.chart([bar, span], rows, width=400, height=40 * len(rows))


def places_alt(rows: charts.Rows) -> str:
    """The share in each place."""
    parts = [f"{row['place']} {row['mean']:.2f}" for row in rows]
    return "The share of documents on the main subject of their cluster: " + ", ".join(parts) + "."


SECONDS_PER_READING = 65 * 3600 / math.comb(10_000, 2)
"""What a large network takes to read a text or two: 65 hours for all pairs of ten thousand. Source: Reimers and
Gurevych 2019."""
WAYS: dict[str, Callable[[int], int]] = {
    "each paper once": lambda n: n,
    "every pair of papers": lambda n: n * (n - 1) // 2,
}


def reading_rows(sizes: Sequence[int]) -> list[dict[str, Any]]:
    """The seconds that reading takes, once per paper or once per pair of papers, at the pace of a large network."""
    return [
        {"series": way, "documents": n, "seconds": float(f"{readings(n) * SECONDS_PER_READING:.3g}")}
        for way, readings in WAYS.items()
        for n in sizes
    ]


def reading_figure(rows: charts.Rows) -> charts.Spec:
    """Seconds against the number of papers, both on logarithmic scales, and the minute that was guessed."""
    sizes = sorted({row["documents"] for row in rows})
    x = charts.axis("documents", "papers")
    x = {**x, "scale": {"type": "log", "nice": False}, "axis": {"values": sizes, "format": ",d"}}
    y = {**charts.axis("seconds", "time for reading (modelled)"), "scale": {"type": "log", "domain": [1, 1e5]}}
    hour, names = 3600, "datum.value < 60 ? datum.value + ' s' : datum.value < 3600 ? datum.value / 60 + ' min' : "
    y["axis"] = {"values": [1, 10, 60, 600, hour, 10 * hour], "labelExpr": names + "datum.value / 3600 + ' h'"}
    spec = charts.lines(rows, x, y, list(WAYS))
    spec["layer"].append(charts.rule(60, "slow above"))
    return spec


def reading_alt(rows: charts.Rows) -> str:
    """How long each way takes for the most papers."""
    most = max(row["documents"] for row in rows)
    last = {row["series"]: row["seconds"] for row in rows if row["documents"] == most}
    once, pairs = (last[way] for way in WAYS)
    return (
        f"Two straight lines on logarithmic scales. Reading {most} papers once each takes {once:.0f} seconds; reading "
        f"every pair of them takes {pairs / 3600:.0f} hours."
    )


def overlap_rows(found: Mapping[tuple[int, float], Any]) -> list[dict[str, Any]]:
    """The rows of that figure, from the interval of each (length, overlap): anything with `mean`, `lo` and `hi`."""
    return [
        {"series": f"{length} words", "overlap": overlap, **_interval(mean)}
        for (length, overlap), mean in found.items()
    ]


def place_rows(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of the figure of places, from the interval of each."""
    return [{"place": place, **_interval(mean)} for place, mean in found.items()]


def _interval(found: Any) -> dict[str, float]:
    return {"mean": round(found.mean, 3), "lo": round(found.lo, 3), "hi": round(found.hi, 3)}


# --- claims and figures in words -----------------------------------------------------------------------------------

MEASURED = {
    "slow": "log of the seconds for two thousand documents over 60",
    "recovers": "adjusted Rand index of clusters and subjects, less 0.5",
    "labels": "share of the fifteen best hits for a cluster’s five words that are on its main subject, less 0.8",
    "centroid-represents": "share of the main subject among the five documents nearest the centre, less its share in "
    "the cluster",
}
"""The statistic of each claim."""

RIGHT_IF = {
    "slow": "the comment would have been right if every document had to be read together with every other one, or if "
    "the embedding were a large network on a small machine",
    "recovers": "the clusters would have been the subjects throughout if every document had several words that only "
    "its subject uses",
    "labels": "the words would have led there if four hits in five, or more, had been on the cluster’s main subject",
    "centroid-represents": "the claim would have been wrong if a cluster’s middle were as mixed as the rest of it",
}

OUTCOMES = {"holds": "it holds for", "fails": "it fails for", "unclear": "it is unclear for"}


def verdict_words(name: str, cells: Sequence[Any], length: int = 40) -> dict[str, str]:
    """What is published with the verdict on the claim *name*, from its *cells*, which have `words` and a `state`.

    Invented documents have *length* words.
    """
    said = []
    for state, outcome in OUTCOMES.items():
        where = [_cell_words(cell.words) for cell in cells if cell.state == state]
        if where:
            said.append(f"{outcome} {' and '.join(where)}")
    condition = "; ".join(said)
    if name == "recovers":
        overlaps = [float(cell.words.split()[-1]) for cell in cells if "overlap" in cell.words]
        counts = ", ".join(f"{topical_words(overlap, length):.0f}" for overlap in overlaps)
        condition += (
            f". What parts them is how many words of a document speak of its subject: in those topics {counts} of "
            f"{length}"
        )
    changed = "Times are the processor’s, not the wall clock’s, since the machine is shared." if name == "slow" else ""
    return {"condition": condition, "right_if": RIGHT_IF[name], "changed_after_seeing": changed}


def _cell_words(words: str) -> str:
    kind, _, overlap = words.rpartition("overlap ")
    return f"topics sharing {float(overlap):.0%} of their words" if kind else words


Figure = tuple[Callable[..., charts.Spec], Callable[..., str], str]

FIGURES: dict[str, Figure] = {
    "time": (
        reading_figure,
        reading_alt,
        "Computed from the pace that Reimers and Gurevych report for a large network: papers read one by one stay "
        "within a minute, papers read two by two take hours.",
    ),
    "overlap": (
        overlap_figure,
        overlap_alt,
        "Recovery falls off a cliff as topics share more words, and the cliff is farther off the longer the documents "
        "are.",
    ),
    "confusion": (
        confusion_figure,
        confusion_alt,
        "Some modules keep together and some are scattered over clusters that cut across them (one draw of the "
        "docstrings).",
    ),
    "places": (
        places_figure,
        places_alt,
        "The five documents in the middle are on the cluster’s main subject more often than the cluster is, and those "
        "at the rim less often.",
    ),
    "map": (
        map_figure,
        map_alt,
        "Half the docstrings of one draw: each stands nearer to the clusters it resembles, and those that are not on "
        "their cluster’s main subject gather where clusters meet.",
    ),
}
"""For each figure, what draws it, what tells it in words, and its caption."""
