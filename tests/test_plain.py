"""HTML of our own making as plain text."""

from __future__ import annotations

from sitegraph.plain import plain_text


def test_each_block_is_a_line_and_marks_of_the_site_are_left_out() -> None:
    page = (
        '<h2 id="a">A <em>fine</em> heading<a class="inbound" href="#to-a">3</a>'
        '<a class="headerlink" href="#a">¶</a></h2>\n'
        '<p>Words &amp;\nmore [1]<span aria-hidden="true" class="note" data-n="1">Camus</span>, a claim'
        ' <span class="verdict verdict--open">open</span>.</p><ul><li>One</li><li>Two</li></ul>'
    )
    assert plain_text(page) == "A fine heading\nWords & more [1], a claim .\nOne\nTwo"
