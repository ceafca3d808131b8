"""A body of a comment, whatever its form, as Markdown in which nothing is active."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import headed

from importing.addresses import whole
from importing.to_html import draft_js, to_html
from importing.to_markdown import to_markdown
from importing.values import Body
from sitegraph.model import Leaf, Problem, Site
from sitegraph.plain import plain_text

if TYPE_CHECKING:
    from tests.conftest import Files

BASE = "https://forum.example/posts/a/b"
PAGE = "docs/threads/x.md"


def written(form: Any, text: str) -> str:
    return to_markdown(to_html(Body(form, text)), lambda address: whole(address, BASE) if address else "").markdown


def on_the_site(markdown: str, assemble_site: Callable[[Files], Site]) -> tuple[Leaf, list[Problem]]:
    """The page of a thread into which its author has put the whole original."""
    site = assemble_site({PAGE: headed(PAGE, f"\n{markdown}\n")})
    return site.leaves[PAGE], [found for found in site.problems if found.place.path == PAGE]


def test_a_body_is_written_as_markdown(case: Any) -> None:
    found = to_markdown(
        to_html(Body(case["form"], case["text"])), lambda address: whole(address, BASE) if address else ""
    )
    assert found.markdown + "\n" == case["markdown"]
    assert found.lost == case.get("lost", 0)


def test_the_site_finds_nothing_wrong_with_it_and_shows_what_the_forum_shows(
    case: Any, assemble_site: Callable[[Files], Site]
) -> None:
    leaf, problems = on_the_site(case["markdown"], assemble_site)
    assert problems == []
    assert active(leaf.html) == []
    if "reads" in case:
        lines = case["reads"].split("\n")
        assert plain_text(leaf.html).split("\n")[: len(lines)] == lines


class _Tags(HTMLParser):
    """Notes every element and attribute that does something, or asks for something."""

    ACTIVE = ("script", "style", "iframe", "object", "embed", "form", "input", "link", "meta", "base", "svg", "img")

    def __init__(self) -> None:
        super().__init__()
        self.active: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.active += [tag] if tag in self.ACTIVE else []
        for name, value in attrs:
            leads = name in ("href", "src") and re.match(r"\s*(?!https?:|mailto:)[\w+.-]+:", value or "")
            self.active += [f"{tag} {name}"] if leads or name == "style" or name.startswith("on") else []


def active(html: str) -> list[str]:
    """What in *html* runs, restyles or fetches something."""
    tags = _Tags()
    tags.feed(html)
    tags.close()
    return tags.active


SYNTAX = r"""<b> <p> </p> <script> </script> <br> <li> <ul> </ul> <td> <table> <blockquote> <pre> <code> </code>
    <a&nbsp;href="x"> <a&nbsp;href="javascript:x"> </a> &lt;b&gt; &lt;script&gt; &amp;lt; # - + > 1. * _ ` ``` ~~~
    [ ] ( ) [[x]] [@y] @y { } {: onclick="x"} $ $$ \( \) \ | --- === : [^1] [^1]: ! x y z </span>
    <span&nbsp;class="math-tex"> \frac{ é 💡"""
PIECES = st.sampled_from([piece.replace("&nbsp;", " ") for piece in SYNTAX.split()])
SOUP = st.lists(PIECES | st.sampled_from([" ", "\n", "\n\n", "<p>", "    "]), max_size=30).map("".join)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(text=SOUP, form=st.sampled_from(["html", "markdown", "plain"]))
def test_no_text_becomes_active_or_names_what_is_the_sites_own(
    text: str, form: str, assemble_site: Callable[[Files], Site]
) -> None:
    markdown = written(form, text) or "Text."
    leaf, problems = on_the_site(markdown, assemble_site)
    # A formula that is no LaTeX is a mistake at the source.
    assert {found.rule for found in problems} <= {"maths-valid"}
    assert active(leaf.html) == []


def test_draft_js_keeps_its_forms_lists_links_and_formulas() -> None:
    document = {
        "blocks": [
            {
                "text": "💡 bold link x",
                "type": "unstyled",
                "inlineStyleRanges": [{"offset": 3, "length": 4, "style": "BOLD"}],
                "entityRanges": [{"offset": 8, "length": 4, "key": 0}, {"offset": 13, "length": 1, "key": 1}],
            },
            {"text": "a quotation", "type": "blockquote"},
            {"text": "one", "type": "unordered-list-item", "depth": 0},
            {"text": "within", "type": "unordered-list-item", "depth": 1},
            {"text": "two", "type": "unordered-list-item", "depth": 0},
            {"text": "a < b", "type": "code-block"},
            {"text": " ", "type": "atomic", "data": {"mathjax": True, "teX": "a < b"}},
            {"text": "hidden", "type": "spoiler"},
        ],
        "entityMap": {
            "0": {"type": "LINK", "data": {"url": "https://a.example/"}},
            "1": {"type": "INLINETEX", "data": {"teX": "x_1"}},
        },
    }
    html = draft_js(document)
    assert html is not None
    assert written("html", html).split("\n\n") == [
        "💡 **bold** [link](https://a.example/) $x_1$",
        "> a quotation",
        "-   one\n    -   within\n-   two",
        "```\na < b\n```",
        "$$\na \\lt b\n$$",
        ">! hidden",
    ]


def test_what_is_no_draft_js_document_is_none() -> None:
    nothing: list[Any] = [{}, [], "x", {"blocks": "x"}, None]
    assert [draft_js(value) for value in nothing] == [None] * 5
    assert draft_js({"blocks": [{"text": 3, "depth": "x", "inlineStyleRanges": [{"offset": -1}]}, 7]}) == "<p></p>"


def test_two_texts_of_one_file_do_not_share_the_names_of_their_notes() -> None:
    text = 'A.<sup class="footnote-ref"><a href="#fn-1">1</a></sup><ol class="footnotes"><li id="fn-1">N.</li></ol>'
    assert to_markdown(text, str, "2-").markdown == "A.[^2-1]\n\n[^2-1]: N."
