"""Who said so: an essay that tells what a speaker says must show where he says it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

import sentencex

from .model import Link, Page, Problem, Prose, Reference
from .rules import problem

_SAY = r"""(?:add|argue|ask|believe|call|claim|denie|hold|insist|maintain|note|offer|propose|remark|replie|say|suggest
    |think|warn|write)"""
_SAYS = rf"(?:{_SAY}s|said|thought|wrote)"
_TEXT = r"(?:threads?|comments?|posts?|shortforms?|pages?|papers?|works?|writings?)"
_COMPANY = r"(?:name|profile|colleagues?|co-?authors?|supervisors?|universit(?:y|ies))"

_TEXT_SAYS = re.compile(
    rf"(?:[’']s?)?\s(?:[\w-]+\s){{0,2}}?{_TEXT}\s(?:\w+ly\s)?(?:{_SAY}|{_SAYS}|\w+\sthat)\b", re.VERBOSE
)
_TEXT_ONLY = re.compile(rf"(?:[’']s?)?\s(?:[\w-]+\s){{0,2}}?(?:{_TEXT}|{_COMPANY})\b")
_TEXTS_OF = re.compile(rf"\b{_TEXT}\s(?:of|by)\s(?:[A-Z]\w+\s)?$")
_OPINION = re.compile(
    rf"""\b(?:(?i:according\sto|(?:dis)?agree[sd]?\swith)|{_SAYS}
         |(?:\w+ed|drawn|held|made|meant|put|told)(?:\s(?:forward|down))?\sby)\s(?:[A-Z]\w+\s)?$""",
    re.VERBOSE,
)
_FOR_HIM = re.compile(r"(?:^|[,;:—–]\s?)(?i:for|to|with)\s(?:[A-Z]\w+\s)?$")
_LED = re.compile(
    r"""\b(?i:an?|the|this|each|every|another|about|against|among|at|behind|beside|between|beyond|by|for|from|in|into|like
        |of|on|onto|over|to|towards?|under|unlike|upon|with|without)\s(?:[A-Z]\w+\s)?$""",
    re.VERBOSE,
)
_DOES = re.compile(r"(?:\s\([^)]*\)|,[^,.;:]{1,80},|\sand\s[A-Z]\w+|,?\swho)*\s(?P<verb>[a-z]+)\b")
_NO_VERB = re.compile(
    r"""(?:about|against|and|as|at|because|before|but|by|during|et|for|from|how|if|in|into|it|nor|of|on|one|or
        |since|than|that|to|under|until|we|what|when|where|whether|which|while|why|with|you)\b""",
    re.VERBOSE,
)
_LIFE = re.compile(
    r"""(?:lives?|lived|works?|worked|stud(?:y|ies|ied)|teach(?:es)?|taught|posts?|posted|publishe[sd]|co-?authored
        |(?:is|was)\s(?:\w+\s){0,4}?(?:author|born|engineer|person|researcher|scientist|speaker|student|writer))\b""",
    re.VERBOSE,
)


def attributes(sentence: str, name: str) -> bool:
    """Whether *sentence* tells what *name* says or thinks.

    It does where the name does something ("Belaire asks"), owns something ("Belaire's remedy") or is given an opinion
    ("according to Belaire"). It does not where the name merely follows a preposition or an article ("a question to
    Belaire"), owns or names a text ("the Belaire thread"), or does what belongs to a life ("Belaire works in …").
    """
    words = " ".join(sentence.split())
    names = re.finditer(rf"\b{re.escape(name)}\b", words)
    return any(_tells(words[: found.start()], words[found.end() :]) for found in names)


def _tells(before: str, after: str) -> bool:
    if _TEXT_SAYS.match(after) or _OPINION.search(before):
        return not _TEXTS_OF.search(before)
    if _TEXT_ONLY.match(after) or _TEXTS_OF.search(before):
        return False
    if re.match(r"[’']s?\s\w", after) or (after.startswith(",") and _FOR_HIM.search(before)):
        return True
    does = _DOES.match(after)
    if not does or _LED.search(before):
        return False
    return not (_NO_VERB.match(does["verb"]) or _LIFE.match(after, does.start("verb")))


def unsourced(
    page: Page,
    prose: Prose,
    links: Mapping[int, Link],
    references: Mapping[str, Reference],
    spoken: Mapping[str, Collection[str]],
) -> Iterator[Problem]:
    """The paragraphs of an essay that tell what a speaker says, and neither link a thread of theirs nor cite them.

    *links* are those of the page, by number; *spoken* gives the threads of each speaker by surname. A paragraph that
    cites a work by the same person tells what the work says, and needs no thread.
    """
    if page.kind != "essay":
        return
    for mention in prose.mentions:
        threads = spoken.get(mention.name, ())
        if any(number in links and links[number].target in threads for number in mention.links):
            continue
        cited = {cite.key for number in mention.citations for cite in prose.citations[number].cites}
        if any(mention.name in references[key].surnames for key in cited & references.keys()):
            continue
        if any(attributes(sentence, mention.name) for sentence in sentencex.segment("en", mention.text)):
            sentence = f"this paragraph tells what {mention.name} says, and links no thread where it is said"
            yield problem("speaker-has-source", mention.place, sentence)
