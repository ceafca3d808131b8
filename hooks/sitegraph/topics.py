"""Which pages speak of the same thing: topics, each with a label and two sentences, and what is near a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from .keep import Keep
from .labels import label_words
from .model import Leaf, Page, Place, Problem, Said, Topic
from .plain import plain_text
from .related import Near
from .rules import problem
from .similar import Group, find_likeness
from .suggest import did_you_mean
from .summary import summary
from .words import count_words

TOPICS_TEMPLATE = "topics.html"
"""The template of the page that shows the topics; its front matter may hold summaries of the author's."""

HEADLINE_COUNTS = 3
"""A word of the title, the description or the themes counts as often as this."""

_PACKAGES = ("numpy", "scikit-learn", "scipy", "sentencex")
_MODULES = ("labels", "plain", "sentences", "similar", "summary", "topics", "words")
"""What decides the result, besides the pages."""


@dataclass(frozen=True)
class Alike:
    """The topics of a site, and the pages near each page, by its path, the nearest first."""

    topics: tuple[Topic, ...]
    near: Mapping[str, tuple[Near, ...]]


def find_topics(leaves: Iterable[Leaf], keep: Keep) -> Alike:
    """The topics of the essays, threads and notebooks among *leaves*: the largest first, none where pages are few."""
    chosen = sorted((leaf for leaf in leaves if leaf.page.kind != "page"), key=lambda leaf: leaf.page.path)
    pages = [leaf.page for leaf in chosen]
    found = json.loads(keep.get("topics", _depends_on(chosen), lambda: _made(chosen)))
    topics = tuple(
        Topic(
            name=topic["name"],
            label=topic["label"],
            pages=tuple(pages[i] for i in topic["pages"]),
            summary=tuple(Said(pages[i], text) for i, text in topic["summary"]),
        )
        for topic in found["topics"]
    )
    near = zip(pages, found["neighbours"], strict=True)
    return Alike(topics, {page.path: tuple(Near(pages[i], close) for i, close in places) for page, places in near})


def with_told(topics: Sequence[Topic], pages: Iterable[Page]) -> tuple[tuple[Topic, ...], tuple[Problem, ...]]:
    """*topics* with the summaries that the author put on their page, and what is wrong with these."""
    names = [topic.name for topic in topics]
    told: dict[str, str] = {}
    problems = []
    for page in pages:
        if page.meta.get("template") == TOPICS_TEMPLATE:
            for name, text in page.meta.get("summaries", {}).items():
                told[name] = text.strip()
                if name not in names:
                    problems.append(_unknown(name, names, page))
    return tuple(replace(topic, told=told.get(topic.name, "")) for topic in topics), tuple(problems)


def _unknown(name: str, names: Sequence[str], page: Page) -> Problem:
    hint = did_you_mean(name, names) or (f"; there are {', '.join(sorted(names))}" if names else "; there are none")
    line = page.lines.get(f"summaries.{name}", 1)
    return problem("topic-exists", Place(page.path, line), f"no topic is called `{name}`{hint}")


def _depends_on(leaves: Sequence[Leaf]) -> Iterator[str | bytes]:
    yield from (f"{package} {version(package)}" for package in _PACKAGES)
    yield from (Path(__file__).with_name(f"{module}.py").read_bytes() for module in _MODULES)
    for leaf in leaves:
        yield from (leaf.page.path, leaf.page.kind, leaf.page.slug, *_headline(leaf.page), "", leaf.html)


def _headline(page: Page) -> tuple[str, ...]:
    return (page.title, page.description, *page.themes)


def _made(leaves: Sequence[Leaf]) -> bytes:
    """The topics and the neighbours as JSON, where a page is its place among *leaves*."""
    counted = count_words([*(_prose(leaf) for leaf in leaves), *(" ".join(_headline(leaf.page)) for leaf in leaves)])
    texts, headlines = counted.counts[: len(leaves)], counted.counts[len(leaves) :]
    counts = [_sum(*both) for both in zip(texts, headlines, strict=True)]
    likeness = find_likeness(counts, [leaf.page.kind for leaf in leaves])
    labels = _labels(likeness.groups, counts, headlines)
    topics = []
    for group, words in zip(likeness.groups, labels, strict=True):
        central = leaves[group.members[0]].page
        topics.append(
            {
                "name": "-".join(words) or central.slug,
                "label": ", ".join(counted.written[word] for word in words) or central.title,
                "pages": group.members,
                "summary": summary(group, leaves, counted),
            }
        )
    return json.dumps({"topics": topics, "neighbours": likeness.neighbours}).encode()


def _prose(leaf: Leaf) -> str:
    return plain_text(_NO_PROSE.sub(" ", leaf.html))


_NO_PROSE = re.compile(
    r"<(?P<tag>math|pre|code)\b.*?</(?P=tag)>"
    r'|<span class="citation">.*?</span>',  # else pages were alike that cite one author
    re.DOTALL,
)


def _sum(text: Mapping[str, int], headline: Mapping[str, int]) -> dict[str, int]:
    return {w: text.get(w, 0) + HEADLINE_COUNTS * headline.get(w, 0) for w in {**text, **headline}}


def _labels(
    groups: Sequence[Group], counts: Sequence[Mapping[str, int]], headlines: Sequence[Mapping[str, int]]
) -> list[list[str]]:
    telling = {word for group in groups for word in group.weights}
    told = [{word: count for word, count in words.items() if word in telling} for words in counts]
    named = [telling.intersection(words) for words in headlines]
    return label_words([group.members for group in groups], told, named)
