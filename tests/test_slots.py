"""Slots: marks in a text, filled once the whole site is known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sitegraph import slots


def test_every_slot_is_filled_with_its_own() -> None:
    text = f"{slots.slot(slots.HREF, 0)} and {slots.slot(slots.CITATION, 12)}"
    assert slots.fill(text, lambda kind, number: f"<{kind}{number}>") == "<h0> and <c12>"


@given(st.text())
def test_nobody_can_write_a_slot(text: str) -> None:
    written = slots.without_marks(text)
    assert slots.fill(written, lambda kind, number: "filled") == written


@given(st.text(alphabet=st.characters(exclude_characters="\ue000\ue001")))
def test_a_text_without_marks_stays_as_it_is(text: str) -> None:
    assert slots.without_marks(text) == text
