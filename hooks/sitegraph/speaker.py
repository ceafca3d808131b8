"""Who said so: an essay that tells what a speaker says must show where he says it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

import sentencex

from .model import Link, Page, Problem, Prose, Reference
from .rules import problem

_SAYS = r"""(?:accept|add|admit|agree|allow|answer|argue|ask|assert|assume|believe|call|choose|claim|compare|complain|
    conclude|concede|consider|deny|describe|disagree|doubt|expect|explain|feel|find|grant|guess|hold|imagine|insist|intuit|
    know|like|maintain|mean|name|note|notice|object|observe|offer|own|point|praise|prefer|propose|put|question|read|reason|
    recommend|reject|remark|reply|report|say|see|speak|start|stop|suggest|suppose|suspect|take|talk|tell|think|treat|
    urge|use|value|view|want|warn|welcome|wonder|write)"""
_THOUGHT = r"""(?:account|advice|answer|argument|attitude|case|claim|comment|complaint|conclusion|cure|doubt|example|
    fix|guess|hope|hunch|idea|image|intuition|jet|line|measure|objection|opinion|phrase|point|position|post|preference|
    premise|proposal|proviso|question|reason|reasoning|recipe|remark|reply|runner|sentence|shortform|sketch|suggestion|
    suspicion|thought|thread|view|wager|word|worry|yardstick)s?"""
_FORMS = r"(?:s|es|ies|ed|d|ing)?"
_PAST = r"(?:said|told|thought|wrote|held|meant|spoke|put|took|saw|felt|found|knew|denies|denied|replies|replied)"


def attributes(text: str, name: str) -> bool:
    """Whether *text* tells what *name* thinks or says.

    It does where the name governs a verb of saying or thinking within three words, owns a thought ("Belaire's guess"),
    or follows "according to" or "agrees with". Naming somebody is not enough: "the Belaire thread" attributes nothing.
    """
    who = re.escape(name)
    verb = rf"(?:{_SAYS}{_FORMS}|{_PAST})"
    pattern = rf"""\b{who}(?:,[^,.;]{{1,60}},)?(?:\s+\w+){{0,2}}?\s+{verb}\b
                 | \b{who}[’']s?\s+(?:own\s+)?(?:\w+\s+){{0,2}}?{_THOUGHT}\b
                 | \b(?:according\ to|agrees?\ with|disagrees?\ with)\s+{who}\b
                 | \b{verb},?\s+{who}\b"""
    return re.search(pattern, text, re.VERBOSE | re.IGNORECASE) is not None


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
