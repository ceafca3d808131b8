"""The text of a page as it can be read elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.conftest import NOTEBOOK_HEAD, a_claim, a_figure, notebook, output

from sitegraph.elsewhere import sayable, whole_text
from sitegraph.model import Publication, Site
from sitegraph.notebooks import RESULT_TYPE

if TYPE_CHECKING:
    from tests.conftest import Files, Here

PUBLICATION = Publication("Said", "What is said.", "https://example.org/kb/", "en", "")


def test_addresses_are_whole_and_the_marks_of_the_site_are_left_out(case: Any, read_here: Callable[..., Here]) -> None:
    assert whole_text(read_here(case["text"]).leaf, PUBLICATION).strip() == case["html"].strip()


def test_a_mark_of_inbound_links_is_left_out(read_here: Callable[..., Here]) -> None:
    other = {"docs/essays/other.md": "See [later](here.md#later).\n"}
    leaf = read_here("## Later\n\nText.\n", other).leaf
    assert 'class="inbound"' in leaf.html
    assert whole_text(leaf, PUBLICATION) == '<h2 id="later">Later</h2>\n<p>Text.</p>'


def test_a_figure_is_shown_once_in_its_light_colours(read_here: Callable[..., Here]) -> None:
    jets = notebook(NOTEBOOK_HEAD % "Jets?", ("draw()\n", a_figure("learning")))
    text = '[It learns.](../../notebooks/jets.ipynb#figure-learning "figure")\n'
    found = whole_text(read_here(text, {"notebooks/jets.ipynb": jets}).leaf, PUBLICATION)
    assert found.count("<img") == 1
    assert 'src="https://example.org/kb/notebooks/jets/figure-learning.svg" alt="What learning shows"' in found
    assert '<a href="https://example.org/kb/notebooks/jets/#figure-learning">It learns.</a>' in found


def test_a_notebook_tells_what_its_cells_published_and_not_their_code(assemble_site: Callable[[Files], Site]) -> None:
    jets = notebook(
        NOTEBOOK_HEAD % "Jets?",
        "Opening.\n\n## Model\n\nText.\n",
        (
            "race()\n",
            output({RESULT_TYPE: {"name": "gap", "says": "a < b", "value": 0.25, "decimals": 2}}),
            a_claim("faster", "conditional", "It is <faster>.", condition="where a < b"),
            a_figure("learning"),
        ),
        "Between.\n",
        ("more()\n",),
    )
    site = assemble_site({"notebooks/jets.ipynb": jets})
    text = whole_text(site.leaves["notebooks/jets.ipynb"], PUBLICATION)
    assert "race()" not in text
    assert "cell-mark" not in text
    told = (
        "<ul><li>A &lt; b: 0.25</li></ul>\n"
        "<p>It is &lt;faster&gt;. In this model: <strong>under conditions</strong>. Where a &lt; b.</p>\n"
        '<figure><img src="https://example.org/kb/notebooks/jets/figure-learning.svg" alt="What learning shows">'
        "<figcaption>The caption of learning.</figcaption></figure>"
    )
    assert told in text
    assert text.index("Text.") < text.index(told) < text.index("Between.")


def test_characters_that_xml_cannot_write_are_left_out() -> None:
    assert sayable("a\x00\x08\x0b\x1f\ufffe\ud800b\t\n\u2028é😀") == "ab\t\n\u2028é😀"
