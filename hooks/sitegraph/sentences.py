"""The sentences of a page that can stand alone, as plain text."""

from __future__ import annotations

import re

import sentencex

from .plain import plain_text

_ASIDE = re.compile(
    r"<(?P<tag>h[1-6]|blockquote|ul|ol|dl|table|figure|pre|section|details)\b.*?</(?P=tag)>|<sup\b.*?</sup>", re.DOTALL
)
_CITATION = re.compile(r'\s*<span class="citation">\[.*?\]</span>', re.DOTALL)
_NAMING_CITATION = re.compile(r'(<span class="citation">[^\[<]+?)\s*\[.*?\](?=</span>)', re.DOTALL)
_FORMULA = re.compile(r'<(?P<tag>span|div) class="formula">.*?</math></(?P=tag)>', re.DOTALL)
_UNSAYABLE = "\ufffc"
"""Stands where a formula stood: a sentence that leans on one is left out."""

_LEANING_WORDS = """
    after all also although and another any as because before both but each either elsewhere even every few finally
    for hence however i if instead it its last less let many more most much neither next no none nor nothing now
    once one only or our over perhaps second several since so some still suppose taken than that then there
    therefore though the three thus to too two under unless until we what whatever when where whereas which while
    who whoever whose why with without yet you your
"""
_LEANING = frozenset(_LEANING_WORDS.split())
"""What begins with one of these mostly leans on the sentence before, or makes a poor beginning."""

_POINTING = re.compile(
    r"\b(?:this|these|those|here|above|below|earlier|later|former|latter|elsewhere|such|again|first|second|third|other"
    r"|others|another|same|too|also|he|she|him|his|hers?|they|them|theirs?"
    r"|(?:in|of|to|for|on|by|from|with|at|and) that"
    r"|the (?:answer|argument|claim|comment|essay|figure|latter|notebook|objection|paper|post|question|table|thread))\b"
    r"|^(?:\S+ ){0,4}its?\b",
    re.IGNORECASE,
)
"""Words that point out of the sentence; 'it' does so unless some words before it may be what it stands for."""

_STATING_WORDS = """
    am are argues asks becomes begins believes brings came can cannot comes connects costs could decides denies depends
    did differs do does fails finds found gave gives goes grows had has have helps holds is keeps knew knows lacks leads
    learns leaves lets makes may meets might moves must needs pays puts remains replies said says sees seems sets should
    showed shows speaks spreads stays takes tells thinks thought took travels tries turns undoes wants was were will
    wins would writes
"""
_STATING = frozenset(_STATING_WORDS.split())
_SUBORDINATE = frozenset(["how", "that", "what", "when", "where", "whether", "which", "who", "whom", "whose", "why"])
"""A sentence has one of the first before any of the second. Some without are sentences; without a parser this is how
'A hope that does not wait.' is told from them."""

_NUMBER = re.compile(r"\d|\(")
"""A number says little without its setting, and what is put in brackets is mostly one, or an aside."""

_PAIRS = (("“", "”"), ("[", "]"))

SHORTEST, LONGEST = 5, 35
"""How many words such a sentence has."""


def standing_sentences(html: str) -> list[str]:
    """The sentences of the paragraphs of *html* whose meaning does not hang on another one, in their order."""
    text = _FORMULA.sub(_UNSAYABLE, _ASIDE.sub("", html))
    text = _NAMING_CITATION.sub(r"\1", _CITATION.sub("", text))
    paragraphs = plain_text(text.replace("\n", " ")).split("\n")
    return [sentence for paragraph in paragraphs for sentence in standing(paragraph)]


def standing(paragraph: str) -> list[str]:
    """The sentences of *paragraph*, which is plain text, whose meaning does not hang on another one."""
    found = (sentence.strip() for sentence in sentencex.segment("en", paragraph))
    return [sentence for sentence in found if _stands_alone(sentence)]


def _stands_alone(sentence: str) -> bool:
    words = sentence.split()
    first = re.sub(r"\W", "", words[0]).lower() if words else ""
    return (
        SHORTEST <= len(words) <= LONGEST
        and sentence[0].isupper()
        and sentence.endswith(".")
        and first not in _LEANING
        and _UNSAYABLE not in sentence
        and _states(words)
        and not _POINTING.search(sentence)
        and not _NUMBER.search(sentence)
        and all(sentence.count(left) == sentence.count(right) for left, right in _PAIRS)
    )


def _states(words: list[str]) -> bool:
    """Whether there is a verb that makes a sentence of *words*, before any clause that hangs on another."""
    for word in (word.strip(",;:“”").lower() for word in words):
        if word in _STATING:
            return True
        if word in _SUBORDINATE:
            return False
    return False
