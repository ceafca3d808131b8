"""The words by which texts are compared: counted without regard to case and number, and how people wrote them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]{3,}(?:[-'’][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_PLURALS = (("ies", "y"), ("s", ""), ("es", ""))


@dataclass(frozen=True)
class Counted:
    """The words of some texts, in the order of the texts."""

    counts: Sequence[Mapping[str, int]]  # how often each word stands in a text
    written: Mapping[str, str]  # the form of each word that stands in the texts most often: 'runners', 'Plato'
    word_of: Mapping[str, str]  # the word of each form

    def words(self, text: str) -> set[str]:
        """The words of *text*, which is a part of the texts."""
        return {self.word_of[form] for form in _forms(text) if form in self.word_of}


def count_words(texts: Iterable[str]) -> Counted:
    """The words of *texts*, of three letters or more; contractions, such as 'don't', are none."""
    forms = [Counter(_forms(text)) for text in texts]
    every: Counter[str] = Counter()
    for found in forms:
        every.update(found)
    lower = {form: form.lower() for form in every if "'" not in form and "’" not in form}
    known = set(lower.values())
    word_of = {form: _singular(word, known) for form, word in lower.items()}
    written: dict[str, str] = {}
    for form in sorted(word_of, key=lambda form: (-every[form], not form.islower(), form)):
        written.setdefault(word_of[form], form)
    return Counted([_merged(found, word_of) for found in forms], written, word_of)


def _forms(text: str) -> Iterator[str]:
    return (_POSSESSIVE.sub("", form) for form in _WORD.findall(text))


def _singular(word: str, known: set[str]) -> str:
    """The word of which *word* is the plural, if that one is *known* to be written too."""
    for plural, singular in _PLURALS:
        stem = word.removesuffix(plural)
        if stem != word and len(stem) >= 3 and not word.endswith("ss") and stem + singular in known:
            return stem + singular
    return word


def _merged(forms: Mapping[str, int], word_of: Mapping[str, str]) -> dict[str, int]:
    words: Counter[str] = Counter()
    for form, count in forms.items():
        if form in word_of:
            words[word_of[form]] += count
    return dict(words)
