"""Which pages are near a page: those that share the words that tell it from the others.

As in a search for "more like this", the words that weigh most in a page are looked up in all the others. This can be
asked of one page alone, and costs as much on a site of ten thousand pages as on one of a hundred, where comparing
every page with every other would not.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .keep import Keep, made_with
from .memo import Table
from .model import Leaf, Page
from .plain import plain_text

RELATED = 4
"""How many related pages are shown."""

TELLING = 30
"""How many words of a page may be looked up."""

LOOKED_UP = 400
"""On how many pages these words may stand, all in all: what a lookup costs."""

SPREAD = 0.4
"""A word in more of the pages than this tells nothing about them."""

CLOSE = 0.15
"""As close as this, a page is worth showing before pages that are closer, but that a link leads to already."""

NEAR = 0.08
"""Below this closeness two pages have nothing to say to each other: chosen by reading what came out on both sides."""

HEADLINE_COUNTS = 3
"""A word of the title, the description or the themes counts as often as this."""

LEAST = 4
"""Of fewer pages nobody can say what sets them apart."""

_FUNCTION_WORDS = """
    about above after again against all also although among and another any are because been before being below between
    both but can cannot could did does doing down each either else even ever every few for from further had has have
    having her here him his how however into its itself just less let like made make many may might more most much must
    neither never nor not nothing now off once one only onto other others our out over own rather same shall she should
    since some such than that the their them then there these they this those though three through thus too toward two
    under until upon very was well were what when where whether which while who whom whose why will with within without
    would yet you your
"""
_TELLS_NOTHING = frozenset(_FUNCTION_WORDS.split())

_WORD = re.compile(r"[^\W\d_]{3,}")
_NO_PROSE = re.compile(
    r"<(?P<tag>math|pre|code)\b.*?</(?P=tag)>"
    r'|<span class="citation">.*?</span>',  # else pages were alike that cite one author
    re.DOTALL,
)


def prose_of(leaf: Leaf) -> str:
    """The words of a page, without code, formulas and citations."""
    return plain_text(_NO_PROSE.sub(" ", leaf.html))


def headline(page: Page) -> tuple[str, ...]:
    """What the author wrote to say what the page is about."""
    return (page.title, page.description, *page.themes)


def telling_words(leaf: Leaf, keep: Keep) -> dict[str, float] | None:
    """What each word weighs in a page, as a vector of length 1; None for a page about other pages."""
    if leaf.page.kind == "page":
        return None
    depends_on = (made_with(), *headline(leaf.page), "", leaf.html)
    return keep.value("words", depends_on, lambda: _weights(leaf), dict[str, float])


def _weights(leaf: Leaf) -> dict[str, float]:
    counts = Counter(_words(prose_of(leaf)))
    for word in _words(" ".join(headline(leaf.page))):
        counts[word] += HEADLINE_COUNTS
    weights = {word: 1 + math.log(count) for word, count in counts.items()}
    length = math.sqrt(sum(sorted(weight * weight for weight in weights.values())))
    return {word: weight / length for word, weight in sorted(weights.items())}


def _words(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.lower()):
        single = word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
        if not _TELLS_NOTHING.intersection((word, single)):
            yield single


@dataclass(frozen=True)
class Near:
    """A page seen from another one, and how close the two are: from 0 to 1."""

    path: str
    closeness: float


class Words:
    """Where each word stands. It follows the table that it is asked about, by what is another there.

    What it found near a page it finds again only where an edit could have changed it: where a word of the page became
    more or less rare, or a page changed that has one of the words that were looked up.
    """

    def __init__(self) -> None:
        self._table: Table[str, dict[str, float]] = Table()
        self._places: dict[str, dict[str, float]] = defaultdict(dict)
        self._rarity: dict[str, float] = {}  # of the words that may be looked up
        self._near: dict[str, tuple[Near, ...]] = {}
        self._looking: dict[str, set[str]] = defaultdict(set)  # the pages for which a word was looked up

    def _follow(self, table: Table[str, dict[str, float]]) -> None:
        if table.stamp is self._table.stamp:
            return
        touched: set[str] = set()  # words that stand on another number of pages
        stale: set[str] = set()
        for path in table.differs_from(self._table.stamp, self._table) or ():
            before, after = self._table.get(path, {}), table.get(path, {})
            for word in before:
                del self._places[word][path]
            for word, weight in after.items():
                self._places[word][path] = weight
            touched |= before.keys() ^ after.keys()
            stale.add(path)
            stale.update(*(self._looking.get(word, ()) for word in before.keys() | after.keys()))
        size = len(table)
        most = min(size - 1, max(3, SPREAD * size))
        same_size = size == len(self._table)
        for word in touched if same_size else self._places:
            pages = len(self._places[word])
            if 2 <= pages <= most:
                self._rarity[word] = math.log(size / pages)
            else:
                self._rarity.pop(word, None)
        stale.update(*(self._places[word] for word in touched))
        self._table = table
        for path in stale if same_size else list(self._near):
            self._near.pop(path, None)

    def near(self, path: str, table: Table[str, dict[str, float]]) -> tuple[Near, ...]:
        """The pages near *path*, the nearest first: how much of the weight of its telling words they have, too."""
        self._follow(table)
        if path not in self._near:
            self._near[path] = self._found(path)
        return self._near[path]

    def _found(self, path: str) -> tuple[Near, ...]:
        if len(self._table) < LEAST:
            return ()
        rarity = self._rarity
        own = [
            (-round(weight * rarity[word], 9), word, weight * rarity[word])
            for word, weight in self._table[path].items()
            if word in rarity
        ]
        own.sort()
        shared: dict[str, float] = defaultdict(float)
        whole, left = 0.0, LOOKED_UP
        for _, word, telling in own[:TELLING]:
            places = self._places[word]
            if len(places) > left:
                continue
            left -= len(places)
            whole += telling * telling
            tells = telling * rarity[word]
            self._looking[word].add(path)
            for other, weight in places.items():
                shared[other] += tells * weight
        shared.pop(path, None)
        least = NEAR * whole
        found = [(-round(weight / whole, 4), other) for other, weight in shared.items() if weight > least]
        return tuple(Near(other, -closeness) for closeness, other in sorted(found))


def related(near: Sequence[Near], joined: set[str]) -> tuple[str, ...]:
    """Up to four of the pages *near* a page, the nearest first.

    Pages that are close, and that no link joins to it, are chosen before the others: those stand on the page already,
    in a sentence of its own or in the list of what links here, and a sentence says more than a list of titles. What is
    left is filled up with the nearest, joined or not, so that a page whose neighbours are all linked has related ones.
    """
    new_first = sorted(near, key=lambda other: other.closeness < CLOSE or other.path in joined)
    shown = {other.path for other in new_first[:RELATED]}
    return tuple(other.path for other in near if other.path in shown)


class Related(Mapping[str, tuple[Page, ...]]):
    """The pages to read after each page, by path; worked out for those pages that are asked for."""

    def __init__(
        self, leaves: Mapping[str, Leaf], words: Callable[[], Table[str, dict[str, float]]], places: Words
    ) -> None:
        self._leaves, self._words, self._places = leaves, words, places

    def __getitem__(self, path: str) -> tuple[Page, ...]:
        leaf, words = self._leaves[path], self._words()
        if path not in words:
            raise KeyError(path)
        around = leaf.neighbourhood
        joined = {page.path for page in (*around.linking, *around.linked)} if around else set()
        return tuple(self._leaves[other].page for other in related(self._places.near(path, words), joined))

    def __iter__(self) -> Iterator[str]:
        return iter(self._words())

    def __len__(self) -> int:
        return len(self._words())
