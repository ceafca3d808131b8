"""Notes for the margin of a wide window: they repeat, for the eye only, what stands at the foot of the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Here

NOTE = re.compile(r'<span aria-hidden="true" class="note" data-n="([^"]*)">(.*?)</span>')


def test_the_first_citation_of_a_work_has_a_note_beside_it(read_here: Callable[..., Here]) -> None:
    page = read_here("Happy [@camus1942sisyphe], he says, and so [@camus1942sisyphe, p. 3].\n").leaf.html
    assert NOTE.findall(page) == [("1", "Camus 1942, <i>The Myth</i>")]


def test_a_footnote_of_one_paragraph_stands_beside_its_number_too(read_here: Callable[..., Here]) -> None:
    text = "Once.[^a] And again.\n\n[^a]: Not `once`, but *twice*, says [a page](other.md) [@camus1942sisyphe].\n"
    page = read_here(text, {"docs/essays/other.md": "---\ntitle: Other\n---\n\nWords.\n"}).leaf.html
    assert NOTE.findall(page)[0] == ("1", "Not once, but twice, says a page.")
    assert page.index('id="fnref:a"') < page.index('class="note"') < page.index("And again.")


def test_a_longer_footnote_stays_at_the_foot(read_here: Callable[..., Here]) -> None:
    page = read_here("Once.[^a]\n\n[^a]: One paragraph.\n\n    Another.\n").leaf.html
    assert NOTE.findall(page) == []


def test_a_link_to_a_page_shows_what_is_there(read_here: Callable[..., Here]) -> None:
    page = read_here(
        "[Other](other.md), [out](https://example.org).\n", {"docs/essays/other.md": "# Other\n"}
    ).leaf.html
    assert '<a data-preview="" href="../other/">Other</a>' in page
    assert 'href="https://example.org">' in page
