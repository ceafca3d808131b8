"""The pages to read after a page: near it, and preferably not linked with it yet."""

from __future__ import annotations

import random

import pytest

from sitegraph.keep import Keep
from sitegraph.memo import Memo, Table
from sitegraph.model import Leaf, Page
from sitegraph.near import LOOKED_UP, Near, Words, related, telling_words

Weights = dict[str, float]


def leaf(text: str, title: str = "", kind: str = "essay") -> Leaf:
    page = Page("docs/essays/a.md", "essays/a/", "page" if kind == "page" else "essay", title)
    return Leaf(page, text, (), (), (), (), {}, None)


def weights(text: str, title: str = "") -> Weights:
    found = telling_words(leaf(f"<p>{text}</p>", title), Keep())
    assert found is not None
    return found


def table(**texts: str) -> Table[str, Weights]:
    return Table({name: weights(text) for name, text in texts.items()})


def near(path: str, words: Table[str, Weights]) -> str:
    return "".join(found.path for found in Words().near(path, words))


BOATS_AND_BREAD = {
    "a": "boat sail mast wind",
    "b": "boat sail oar tide",
    "c": "boat mast hull keel",
    "d": "bread flour yeast salt",
    "e": "bread flour oven crust",
    "f": "clouds drift over hills",
}


def test_what_shares_telling_words_is_near_and_a_page_is_not_near_itself() -> None:
    words = table(**BOATS_AND_BREAD)
    assert [near(name, words) for name in "abcdef"] == ["bc", "ac", "ab", "e", "d", ""]


def test_as_many_of_the_telling_words_as_a_page_shares_so_near_it_is() -> None:
    words = table(a="boat sail mast oar", b="boat sail mast keel", c="boat rain fog snow", d="hail", e="frost")
    assert near("a", words) == "bc"
    (first, second) = Words().near("a", words)
    assert 1 >= first.closeness > second.closeness > 0


def test_equally_near_pages_go_by_their_paths() -> None:
    assert near("b", table(c="boat sail", b="boat sail", a="boat sail", d="x-ray", e="ice", f="hail", g="fog")) == "ac"


def test_a_word_of_most_pages_tells_nothing() -> None:
    assert near("a", table(a="boat one", b="boat two", c="boat six", d="boat ten")) == ""


def test_a_word_of_the_title_weighs_more_than_one_of_the_text() -> None:
    found = weights("sail mast", "Mast")
    assert found["mast"] > found["sail"]


def test_words_that_hold_a_sentence_together_tell_nothing() -> None:
    assert weights("There was a boat, and the boat would not be theirs").keys() == {"boat"}


def test_of_a_few_pages_none_is_nearer_than_another() -> None:
    assert near("a", table(a="boat sail", b="boat sail", c="fog")) == ""


def test_number_and_case_are_no_difference() -> None:
    assert weights("Boats boat BOAT").keys() == {"boat"}


def test_code_formulas_and_citations_are_no_words() -> None:
    text = 'Boat <code>sail</code> <math><mi>mast</mi></math> <span class="citation">[<a>Oar</a>]</span>'
    assert weights(text).keys() == {"boat"}


def test_a_page_about_pages_has_no_telling_words() -> None:
    assert telling_words(leaf("<p>Boat.</p>", kind="page"), Keep()) is None


def test_a_lookup_costs_the_same_on_a_site_of_any_size() -> None:
    """Words that stand on too many pages are passed over, however telling they are."""
    few = {f"p{number}": "boat sail" if number < LOOKED_UP else "fog" for number in range(3 * LOOKED_UP)}
    found = Words().near("p0", Table({name: weights(text) for name, text in few.items()}))
    assert len(found) == LOOKED_UP - 1
    many = {f"p{number}": "boat" if number <= LOOKED_UP else "fog" for number in range(3 * LOOKED_UP)}
    assert Words().near("p0", Table({name: weights(text) for name, text in many.items()})) == ()


@pytest.mark.parametrize("seed", range(5))
def test_after_any_edits_the_same_is_near_as_if_all_had_been_read_afresh(seed: int) -> None:
    chance, memo, places = random.Random(seed), Memo(), Words()
    texts = dict(BOATS_AND_BREAD)
    vocabulary = " ".join(texts.values()).split()
    for _ in range(20):
        name = chance.choice("abcdefgh")
        if chance.random() < 0.2:
            texts.pop(name, None)
        else:
            texts[name] = " ".join(chance.choices(vocabulary, k=4))
        words = memo.table("words", {name: weights(texts[name]) for name in sorted(texts)})
        assert [places.near(name, words) for name in texts] == [Words().near(name, words) for name in texts]


def of(**closeness: float) -> list[Near]:
    return [Near(name, close) for name, close in closeness.items()]


def names(near: list[Near], *joined: str) -> str:
    return "".join(related(near, set(joined)))


def test_the_four_nearest_are_related() -> None:
    assert names(of(c=0.9, b=0.8, d=0.7, f=0.6, e=0.5)) == "cbdf"


def test_what_a_link_joins_gives_way_to_what_none_does() -> None:
    assert names(of(b=0.9, c=0.8, d=0.7, e=0.6, f=0.5, g=0.4), "b", "c") == "defg"


def test_what_a_link_joins_fills_up_and_keeps_its_place() -> None:
    assert names(of(b=0.9, c=0.8, d=0.7, e=0.6, f=0.5), "b", "c") == "bdef"


def test_a_page_that_is_hardly_close_does_not_push_out_a_linked_one() -> None:
    assert names(of(b=0.9, c=0.8, d=0.7, e=0.6, f=0.1), "b") == "bcde"


def test_a_page_near_nothing_has_no_related_pages() -> None:
    assert names([]) == ""
