"""The rules an author can break: each names what should be true."""

from __future__ import annotations

from typing import Final

from .model import Place, Problem

RULES: Final = {
    "link-target-exists": "A link leads to a page or a file of this site.",
    "link-in-markdown": "A link is written in Markdown, so that the site can check it and list it on the other side.",
    "link-type-known": "The title of a link to a page is one of the link types.",
    "anchor-exists": "The heading or claim that a link names is on the page it leads to.",
    "citation-exists": "A cited key is in the bibliography.",
    "citation-well-formed": "A citation reads [@key], [@a; @b] or [see @a, pp. 3–5].",
    "reference-valid": "A file of the bibliography can be read, and each entry has what its type needs.",
    "reference-unique": "A key stands in the bibliography once.",
    "reference-cited": "Every work in the bibliography is cited by some page.",
    "front-matter-valid": "The front matter of a page has the fields that its kind needs, each in the right form.",
    "name-unique": "No two pages share a slug, title or alias; no two claims of a page share a name.",
    "file-is-utf8": "A source file is UTF-8 text.",
    "file-not-empty": "A page says something.",
    "maths-valid": "A formula is LaTeX that can be set.",
    "notebook-readable": "A notebook is a notebook: JSON, with cells.",
    "notebook-ran": "A notebook was run to its end, and its outputs are stored in it.",
    "notebook-fresh": "The stored outputs of a notebook belong to its code, and to the files and packages it uses.",
    "output-small": "An output is small enough for a page.",
    "html-safe": "HTML in a text or an output is not active: no script, no style, nothing that is fetched.",
    "figure-has-alt": "A figure says in words what it shows.",
    "result-valid": "What a notebook publishes has a name, and numbers that are finite.",
    "result-exists": "The result that a link or a claim names is published by its notebook.",
    "number-matches-result": "A number in the words of a link to a result is that result, at the precision written.",
    "verdict-current": "A verdict in the words of a link to a claim is the verdict on that claim.",
    "claim-tested": "A claim is tested by a notebook, in the same words, or says what a test would take.",
    "claim-made": "A claim that a notebook tests is made by some page.",
    "history-valid": "Each line of notebooks/verdicts.jsonl tells a day, a claim, and its verdict before and after.",
    "history-current": "The history of verdicts ends in what the stored notebooks say.",
    "topic-exists": "A summary that an author gives for a topic is for one that the pages fall into.",
    "speaker-has-source": "A paragraph of an essay that tells what the speaker says links the thread where it is said.",
}


def problem(rule: str, place: Place, sentence: str) -> Problem:
    """A mistake against *rule*; a rule that is not in RULES is a programmer's mistake and raises KeyError."""
    RULES[rule]
    return Problem(place, sentence, rule)
