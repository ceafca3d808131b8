"""Where in a source a piece of it stands."""

from __future__ import annotations

import pytest

from sitegraph.places import Finder, without_code


def test_each_question_for_a_piece_gets_its_next_line() -> None:
    finder = Finder("one\ntwo\none one\n")
    assert [finder.line("one") for _ in range(3)] == [1, 3, 3]


def test_after_the_last_one_the_first_answers_again() -> None:
    finder = Finder("zero\none\n")
    assert [finder.line("one"), finder.line("one")] == [2, 2]


def test_what_stands_nowhere_stands_on_the_first_line() -> None:
    assert Finder("zero\none\n", first_line=7).line("two") == 7


def test_lines_are_counted_from_the_first_line() -> None:
    assert Finder("zero\n\none\n", first_line=7).line("one") == 9


def test_what_stands_around_a_piece_tells_it_from_others() -> None:
    assert Finder("a.md\n(a.md)\n").line("a.md", r"\(", r"\)") == 2


@pytest.mark.parametrize(
    "code",
    [
        "`x`",
        "``x ` x``",
        "```\nx\n```",
        "```python\nx\n````",
        "~~~\n```\nx\n~~~",
        "````\n```\nx\n````",
        "   ```\nx\n   ```",
        "<!-- x\nx -->",
    ],
)
def test_code_and_comments_are_blanked_and_nothing_else_moves(code: str) -> None:
    text = f"before\n\n{code}\n\nafter x"
    blanked = without_code(text)
    assert len(blanked) == len(text)
    assert blanked.count("\n") == text.count("\n")
    assert "x" not in blanked.removesuffix("after x")


@pytest.mark.parametrize("opening", ["```\nx", "`x", "<!-- x", "~~~ x\n```"])
def test_what_nothing_closes_is_no_code(opening: str) -> None:
    assert without_code(opening) == opening


@pytest.mark.parametrize("text", [r"\`x\`", "`x", "x ``` y", "a <- b -- x ->"])
def test_what_only_looks_like_code_stays(text: str) -> None:
    assert without_code(text) == text


def test_what_stands_before_a_piece_may_look_at_the_piece_itself() -> None:
    around = r"(?:\$|(?=\\begin\b))[\s>]*"
    text = "\\begin{x}\nno\n$ \\begin{x}\n"
    finder = Finder(text)
    assert [finder.line("\\begin{x}", around), finder.line("\\begin{x}", around)] == [1, 3]
    assert Finder("y\n$\n> y\n").line("y", around) == 3
