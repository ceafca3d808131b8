"""Rules are named for what should be true, and a mistake is against one of them."""

from __future__ import annotations

import re

import pytest

from sitegraph.model import Place
from sitegraph.rules import RULES, problem


def test_a_mistake_is_told_in_one_line_with_its_place_and_rule() -> None:
    found = problem("link-target-exists", Place("docs/a.md", 3), "no page 'b.md'")
    assert str(found) == "docs/a.md:3: no page 'b.md' [link-target-exists]"


def test_a_rule_that_is_not_known_is_a_programmers_mistake() -> None:
    with pytest.raises(KeyError):
        problem("link-tarmac-exists", Place("docs/a.md", 3), "no page 'b.md'")


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_explained_in_a_sentence(rule: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule)
    assert re.fullmatch(r"[A-Z].*\.", RULES[rule])
