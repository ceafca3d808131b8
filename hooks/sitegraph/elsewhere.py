"""The text of a page as it can be read elsewhere: in a feed reader, or wherever it is pasted."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin

from .figures import file_names
from .model import VERDICT_WORDS, Cell, Figure, Leaf, Outcome, Publication, Result
from .notebooks import PLACEHOLDER
from .plain import MARKS

_UNSAID = re.compile(rf'{MARKS}| data-preview=""|<img class="figure-dark"[^>]*>|<!--.*?-->', re.DOTALL)
_POINTING = re.compile(r'<(?:a|img|source|q|blockquote)\b[^>]*\b(?:href|src|cite)="[^>]*>')
_ADDRESS = re.compile(r'(\b(?:href|src|cite)=")([^"]*)"')
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def address_of(url: str, publication: Publication) -> str:
    """The whole address of *url*, which is relative to the root of the site."""
    return f"{publication.address}{url}"


def whole_text(leaf: Leaf, publication: Publication) -> str:
    """The HTML of a page with whole addresses, without the marks of the site.

    In a notebook what was published stands in the place of its cells; the code is left out.
    """
    text = leaf.html
    if leaf.notebook:
        cells = {str(cell.number): cell for cell in leaf.notebook.cells}
        text = PLACEHOLDER.sub(lambda found: _published(cells.get(found[1]), leaf), text)
    return whole_addresses(_UNSAID.sub("", text), address_of(leaf.page.url, publication))


def whole_addresses(text: str, address: str) -> str:
    """*text*, which is HTML of a page at *address*, with every address in it whole."""

    def whole(tag: re.Match[str]) -> str:
        return _ADDRESS.sub(lambda found: f'{found[1]}{urljoin(address, found[2])}"', tag[0])

    return _POINTING.sub(whole, text)


def sayable(text: str) -> str:
    """*text* without the characters that XML has no way to write."""
    return _NO_XML.sub("", text)


def sentence(words: str) -> str:
    """*words* as a sentence, though they were written to stand in one."""
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith(('.', '!', '?')) else '.'}" if words else ""


def number_words(result: Result) -> str:
    """A result in words: 'The gap: 0.19 of lives (0.17 to 0.20)'."""
    unit = f" {result.unit}" if result.unit else ""
    interval = f" ({result.interval})" if result.interval else ""
    measured = ", as measured on one machine" if result.measured else ""
    return f"{result.says[:1].upper()}{result.says[1:]}: {result.written}{unit}{interval}{measured}"


def _published(cell: Cell | None, leaf: Leaf) -> str:
    """What a cell published, as HTML."""
    outputs = cell.outputs if cell else ()
    results = [output.value for output in outputs if output.kind == "result"]
    parts = [f"<ul>{''.join(f'<li>{_said(number_words(result))}</li>' for result in results)}</ul>"] if results else []
    for output in outputs:
        if output.kind == "claim":
            parts.append(_outcome(output.value, leaf))
        elif output.kind == "figure":
            parts.append(_figure(output.value))
    return "\n".join(parts)


def _outcome(outcome: Outcome, leaf: Leaf) -> str:
    verdict = next((found.verdict for found in leaf.judged if found.claim.name == outcome.name), outcome.verdict)
    words = VERDICT_WORDS[verdict or "untested"]
    condition = f" {_said(sentence(outcome.condition))}" if outcome.condition else ""
    return f"<p>{_said(outcome.statement)} In this model: <strong>{words}</strong>.{condition}</p>"


def _figure(figure: Figure) -> str:
    source, alt = html.escape(file_names(figure)[0]), html.escape(figure.alt)
    return f'<figure><img src="{source}" alt="{alt}"><figcaption>{_said(figure.caption)}</figcaption></figure>'


def _said(words: str) -> str:
    return html.escape(words, quote=False)
