"""Each page as Markdown: its text with whole addresses, and what the site knows besides."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from markdown import Markdown
from mkdocs.config import load_config
from tests.conftest import FRAME, NOTEBOOK_HEAD, ROOT, a_claim, a_figure, a_result, notebook, output

from sitegraph.elsewhere import whole_text
from sitegraph.markdown_page import copy_url, markdown_page
from sitegraph.model import Leaf, Publication, Site
from sitegraph.plain import plain_text

if TYPE_CHECKING:
    from tests.conftest import Files, Here

PUBLICATION = Publication("Said: here", "What is said.", "https://example.org/kb/", "en", "https://example.org/by")


def test_links_are_whole_and_the_rest_is_as_written(
    case: Any, read_here: Callable[..., Here], assemble_site: Callable[[Files], Site]
) -> None:
    leaf = read_here(case["text"]).leaf
    text = markdown_page(leaf, assemble_site({}), PUBLICATION)
    assert text.partition("\n# Here\n\n")[2] == case["markdown"]


THREAD = """\
---
title: 'The jet: "always" faster | [or not]'
description: A thread.
kind: comment
speaker: Roman Belaire
answers: parent2026
parent: likely
source: C14
restated: 2026-11-24
themes: [tests, 'a, b']
claims:
  faster: {says: The jet is *always* faster., tested-by: jets}
  louder: {says: It is louder., test-would-take: Two ears.}
---

## Why run

Because [he says so](../essays/calm.md "supports").
"""
JETS = notebook(
    NOTEBOOK_HEAD % "Do jets race?",
    "An opening.\n\n## Model\n\nSee [[jet]], by [0.25](#result-gap).\n",
    (
        "# Race\nrace('```')\n",
        a_result("gap", 0.25, lo=0.2, hi=0.3, unit="of lives", seeds="1000–1029"),
        a_claim("faster", "conditional", "The jet is *always* faster.", condition="where it flies | not walks"),
        a_figure("learning"),
        {"output_type": "stream", "name": "stdout", "text": "printed\n"},
        output({"text/html": "<table><tr><td>1</td></tr></table>"}),
    ),
    "## What it leaves out\n\nThe wind.\n",
)
FILES: Files = {
    **FRAME,
    "docs/essays/calm.md": "Calm.\n",
    "docs/threads/jet.md": THREAD,
    "notebooks/jets.ipynb": JETS,
    "bib/a.bib": "@misc{parent2026, author = {Bostock, J}, title = {Morale_here}, howpublished = {LessWrong}, "
    "year = {2026}, url = {https://example.org/a_b}}\n",
}


@pytest.fixture(scope="module")
def copies(assemble_site: Callable[[Files], Site]) -> dict[str, str]:
    """Each page as Markdown, by its path."""
    site = assemble_site(FILES)
    assert site.problems == ()
    return {path: markdown_page(leaf, site, PUBLICATION) for path, leaf in site.leaves.items()}


def head(text: str) -> Any:
    return yaml.safe_load(text.split("---\n")[1])


def test_the_head_says_what_the_page_is(copies: dict[str, str]) -> None:
    assert head(copies["docs/threads/jet.md"]) == {
        "title": 'The jet: "always" faster | [or not]',
        "description": "A thread.",
        "address": "https://example.org/kb/threads/jet/",
        "kind": "comment",
        "speaker": "Roman Belaire",
        "answers": "parent2026",
        "parent": "likely",
        "parent-post": "J Bostock. Morale_here. LessWrong, 2026. example.org",
        "restated": "2026-11-24",
        "changed": "2026-11-24",
        "themes": ["tests", "a, b"],
        "licence": "https://example.org/by",
        "cite-key": "said-here:jet",
    }


def test_claims_are_told_with_verdict_number_condition_and_limits(copies: dict[str, str]) -> None:
    claims = copies["docs/threads/jet.md"].partition("\n## Claims\n\n")[2]
    notebooks = "https://example.org/kb/notebooks/jets/"
    assert claims == (
        "- The jet is \\*always\\* faster. **under conditions**\n"
        "  The gap: 0.25 of lives (0.20 to 0.30).\n"
        "  Where it flies | not walks.\n"
        f"  In this model: [how it was decided]({notebooks}#claim-faster), "
        f"[the limits]({notebooks}#what-it-leaves-out).\n"
        "- It is louder. **untested**\n"
        "  A test would take: Two ears.\n"
    )


def test_a_notebook_tells_its_code_and_what_came_out(copies: dict[str, str]) -> None:
    assert copies["notebooks/jets.ipynb"].partition("# Do jets race?\n\n")[2].split("\n\n") == [
        "An opening.",
        "| Claim | Verdict in this model | Deciding number | Condition |\n| --- | --- | --- | --- |\n"
        "| The jet is \\*always\\* faster. | under conditions | The gap: 0.25 of lives (0.20 to 0.30) "
        "| where it flies \\| not walks |",
        "## Model",
        'See [The jet: "always" faster | \\[or not\\]](https://example.org/kb/threads/jet/), '
        "by [0.25](https://example.org/kb/notebooks/jets/#result-gap).",
        "````python\n# Race\nrace('```')\n````",
        "| Result | Value | Interval | Seeds |\n| --- | --- | --- | --- |\n"
        "| the gap | 0.25 of lives | 0.20 to 0.30 | 1000–1029 |",
        "![What learning shows](https://example.org/kb/notebooks/jets/figure-learning.svg)",
        "The caption of learning.",
        "```\nprinted\n```",
        "<table><tbody><tr><td>1</td></tr></tbody></table>",
        "## What it leaves out",
        "The wind.\n",
    ]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("docs/index.md", "- [Calm](https://example.org/kb/essays/calm/): An essay."),
        ("docs/index.md", "- [Do jets race?](https://example.org/kb/notebooks/jets/): A notebook."),
        ("docs/essays/index.md", "- [Calm](https://example.org/kb/essays/calm/): An essay."),
        ("docs/notebooks.md", "- [Do jets race?](https://example.org/kb/notebooks/jets/): A notebook."),
        ("docs/bibliography.md", "- `parent2026`: J Bostock. Morale_here. LessWrong, 2026. example.org <https://exam"),
        ("docs/claims.md", "| [The jet is \\*always\\* faster.](https://example.org/kb/threads/jet/#claim-faster) |"),
        ("docs/claims.md", '| untested |  |  | [The jet: "always" faster \\| \\[or not\\]](https://example.org/kb/thr'),
    ],
)
def test_a_page_that_lists_others_lists_them(path: str, told: str, copies: dict[str, str]) -> None:
    assert told in copies[path]


def test_a_copy_lies_beside_its_page(assemble_site: Callable[[Files], Site]) -> None:
    leaves = assemble_site(FILES).leaves
    assert copy_url(leaves["docs/threads/jet.md"].page) == "threads/jet/index.md"
    assert copy_url(leaves["docs/index.md"].page) == "index.md"


# The whole site: what is read again is what the page says.


@pytest.fixture(scope="module")
def plain_reader() -> Markdown:
    """Python-Markdown with the extensions of mkdocs.yml, and without any syntax of the site's own."""
    config = load_config(str(ROOT / "mkdocs.yml"))
    return Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)


def headings(text: str) -> list[str]:
    return [plain_text(found) for found in re.findall(r"<h[2-6][^>]*>.*?</h[2-6]>", text, re.DOTALL)]


def links(text: str) -> Counter[str]:
    """Where the links of *text* lead, but for those of the reader's own making: to notes, works and headings."""
    own = re.compile(r'class="[^"]*\b(?:footnote-ref|footnote-backref|headerlink)\b')
    tags = (tag for tag in re.findall(r"<a\b[^>]*>", text) if not own.search(tag))
    return Counter(html.unescape(href) for tag in tags for href in re.findall(r'href="([^"]*)"', tag))


def own_part(text: str) -> str:
    """The text of a copy, without what the site added to it."""
    body = text.split("---\n", 2)[2]
    return re.split(r"\n## (?:Claims|References)\n", body)[0]


def test_read_again_a_copy_has_the_headings_and_the_links_of_its_page(
    assemble_real: Site, plain_reader: Markdown
) -> None:
    leaves = [leaf for leaf in assemble_real.leaves.values() if "template" not in leaf.page.meta]
    assert len(leaves) > 30
    for leaf in leaves:
        again = plain_reader.reset().convert(own_part(markdown_page(leaf, assemble_real, PUBLICATION)))
        assert headings(again) == headings(leaf.html), leaf.page.path
        assert links(again) == links(page_text(leaf)), leaf.page.path


def page_text(leaf: Leaf) -> str:
    return whole_text(leaf, PUBLICATION)
