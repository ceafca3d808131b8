"""Which pages speak of the same thing: topics, each with a label and two sentences."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import cast

from .beside import Ahead
from .derived import as_bytes, from_bytes
from .keep import Keep, Work
from .labels import label_words
from .model import Leaf, Page, Place, Problem, Said, Topic
from .near import HEADLINE_COUNTS, headline, prose_of
from .rules import problem
from .similar import Group, find_groups, get_ready
from .suggest import did_you_mean
from .summary import summary
from .words import count_words

TOPICS_TEMPLATE = "topics.html"
"""The template of the page that shows the topics; its front matter may hold summaries of the author's."""

_PACKAGES = ("numpy", "scikit-learn", "scipy", "sentencex")
_MODULES = ("labels", "near", "plain", "sentences", "similar", "summary", "topics", "words")
"""What decides the result, besides the pages."""


def topics_work(leaves: Iterable[Leaf]) -> Work:
    """The work of finding the topics of *leaves*."""
    chosen = _chosen(leaves)
    return "topics", _depends_on(chosen), lambda: _made(chosen)


def topics_ahead() -> Ahead:
    """A process that gets ready to find topics, which takes a second."""
    return Ahead(get_ready, _made_of_bytes)


def begin_topics(ahead: Ahead, leaves: Iterable[Leaf], keep: Keep) -> None:
    """Let *ahead* find the topics of *leaves*, unless they are kept."""
    chosen = _chosen(leaves)
    written = as_bytes(chosen)
    if written:  # else they are found when they are asked for
        keep.begun("topics", _depends_on(chosen), lambda: ahead.give(written))


def _chosen(leaves: Iterable[Leaf]) -> list[Leaf]:
    return sorted((leaf for leaf in leaves if leaf.page.kind != "page"), key=lambda leaf: leaf.page.path)


def find_topics(leaves: Iterable[Leaf], keep: Keep) -> tuple[Topic, ...]:
    """The topics of the essays, threads and notebooks among *leaves*: the largest first, none where pages are few."""
    chosen = _chosen(leaves)
    pages = [leaf.page for leaf in chosen]
    found = json.loads(keep.get(*topics_work(chosen)))
    return tuple(
        Topic(
            name=topic["name"],
            label=topic["label"],
            pages=tuple(pages[i] for i in topic["pages"]),
            summary=tuple(Said(pages[i], text) for i, text in topic["summary"]),
        )
        for topic in found
    )


@dataclass(frozen=True)
class Told:
    """A summary that the author gives for a topic: its name, the words, and where they stand."""

    name: str
    text: str
    place: Place


def told_on(pages: Mapping[str, Page]) -> tuple[Told, ...]:
    """The summaries that the author put on the page of the topics."""
    return tuple(
        Told(name, text.strip(), Place(page.path, page.lines.get(f"summaries.{name}", 1)))
        for page in pages.values()
        if page.meta.get("template") == TOPICS_TEMPLATE
        for name, text in page.meta.get("summaries", {}).items()
    )


def with_told(topics: Sequence[Topic], told: Iterable[Told]) -> tuple[tuple[Topic, ...], tuple[Problem, ...]]:
    """*topics* with the summaries that the author gives, and what is wrong with these."""
    summaries = {found.name: found for found in told}
    names = [topic.name for topic in topics]
    unknown = tuple(_unknown(found, names) for name, found in summaries.items() if name not in names)
    shown = (replace(topic, told=summaries[topic.name].text if topic.name in summaries else "") for topic in topics)
    return tuple(shown), unknown


def _unknown(told: Told, names: Sequence[str]) -> Problem:
    hint = did_you_mean(told.name, names) or (
        f"; there are {', '.join(sorted(names))}" if names else "; there are none"
    )
    return problem("topic-exists", told.place, f"no topic is called `{told.name}`{hint}")


def _depends_on(leaves: Sequence[Leaf]) -> Iterator[str | bytes]:
    yield from (f"{package} {version(package)}" for package in _PACKAGES)
    yield from (Path(__file__).with_name(f"{module}.py").read_bytes() for module in _MODULES)
    for leaf in leaves:
        yield from (leaf.page.path, leaf.page.kind, leaf.page.slug, *headline(leaf.page), "", leaf.html)


def _made_of_bytes(leaves: bytes) -> bytes:
    return _made(cast("list[Leaf]", from_bytes(leaves)))


def _made(leaves: Sequence[Leaf]) -> bytes:
    """The topics as JSON, where a page is its place among *leaves*."""
    counted = count_words([*(prose_of(leaf) for leaf in leaves), *(" ".join(headline(leaf.page)) for leaf in leaves)])
    texts, headlines = counted.counts[: len(leaves)], counted.counts[len(leaves) :]
    counts = [_sum(*both) for both in zip(texts, headlines, strict=True)]
    groups = find_groups(counts, [leaf.page.kind for leaf in leaves])
    labels = _labels(groups, counts, headlines)
    topics = []
    for group, words in zip(groups, labels, strict=True):
        central = leaves[group.members[0]].page
        topics.append(
            {
                "name": "-".join(words) or central.slug,
                "label": ", ".join(counted.written[word] for word in words) or central.title,
                "pages": group.members,
                "summary": summary(group, leaves, counted),
            }
        )
    return json.dumps(topics).encode()


def _sum(text: Mapping[str, int], headline: Mapping[str, int]) -> dict[str, int]:
    return {w: text.get(w, 0) + HEADLINE_COUNTS * headline.get(w, 0) for w in {**text, **headline}}


def _labels(
    groups: Sequence[Group], counts: Sequence[Mapping[str, int]], headlines: Sequence[Mapping[str, int]]
) -> list[list[str]]:
    telling = {word for group in groups for word in group.weights}
    told = [{word: count for word, count in words.items() if word in telling} for words in counts]
    named = [telling.intersection(words) for words in headlines]
    return label_words([group.members for group in groups], told, named)
