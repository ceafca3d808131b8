"""Pictures of a few words, as they are drawn."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from sitegraph import drawing
from sitegraph.drawing import HEIGHT, WIDTH, Fonts, Pen, Picture
from sitegraph.model import VERDICT_WORDS

ROOT = Path(__file__).parent.parent
CSS = (ROOT / "docs/assets/site.css").read_text(encoding="utf-8")
TITLES = {
    "short": "One",
    "common": "A rare penalty or a steady bonus?",
    "long": "Does paying for every safe step and charging only for the catastrophe rank all policies alike? " * 2,
    "endless": "and on " * 200,
    "one-word": "Incomprehensibilities" * 9,
    "none": "",
    "unknown-letters": "漢字 😀",
}


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def drawn(picture: Picture) -> Image.Image:
    return opened(Pen(Fonts()).draw(picture))


def colours(image: Image.Image) -> set[tuple[int, ...]]:
    return {colour for _, colour in image.convert("RGB").getcolors() or () if isinstance(colour, tuple)}


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
@pytest.mark.parametrize("verdicts", [(), tuple((name, 12) for name in VERDICT_WORDS)], ids=["plain", "judged"])
def test_whatever_it_says_stays_within_its_margins_and_is_small(
    title: str, verdicts: tuple[tuple[str, int], ...]
) -> None:
    content = Pen(Fonts()).draw(Picture("Thread", title, verdicts, below=title, foot="Said in passing"))
    image = opened(content)
    assert (image.format, image.mode, image.size) == ("PNG", "P", (WIDTH, HEIGHT))
    left, top, right, bottom = image.getbbox() or (0, 0, 0, 0)  # of all that is not paper, which has the number 0
    assert 76 <= left <= 84
    assert WIDTH - 84 <= right <= WIDTH - 76
    assert top >= 60
    assert bottom <= HEIGHT - 30
    assert len(colours(image)) <= 16
    assert len(content) <= 32_000


def test_a_common_one_has_few_bytes_and_the_same_each_time() -> None:
    picture = Picture("Thread", TITLES["common"], (("supported", 2), ("contradicted", 1)), foot="Said in passing")
    pen = Pen(Fonts())
    pen.draw(Picture("Essay", TITLES["long"]))
    assert pen.draw(picture) == Pen(Fonts()).draw(picture)
    assert len(pen.draw(picture)) <= 16_000


def test_a_long_title_leaves_the_verdicts_their_room() -> None:
    verdicts = (("supported", 1),)
    band = (0, drawing._VERDICT_LINE - 40, WIDTH, HEIGHT)
    bands = [
        drawn(Picture("Thread", title, verdicts, foot="S")).crop(band).tobytes() for title in ("", TITLES["endless"])
    ]
    assert bands[0] == bands[1]


@pytest.mark.parametrize("verdict", VERDICT_WORDS)
def test_a_verdict_has_its_own_shape(verdict: str) -> None:
    shapes = {name: drawing._shape(name, 22).tobytes() for name in VERDICT_WORDS}
    assert [name for name, shape in shapes.items() if shape == shapes[verdict]] == [verdict]
    assert any(shapes[verdict])


def test_the_colours_are_those_of_a_light_page() -> None:
    named = {
        name: re.search(rf"--site-{name}: light-dark\((#\w+)", CSS) for name in ("paper", "ink", *drawing._VERDICT_INKS)
    }
    shown = {name: found[1] for name, found in named.items() if found}
    assert shown == {"paper": drawing._PAPER, "ink": drawing._INK, **drawing._VERDICT_INKS}


def test_colour_stands_only_where_a_verdict_has_one() -> None:
    supported = tuple(bytes.fromhex(drawing._VERDICT_INKS["supported"][1:]))
    assert supported in colours(drawn(Picture("Thread", "One", (("supported", 1),))))
    assert supported not in colours(drawn(Picture("Thread", "One", (("open", 1),))))


def test_letters_that_the_font_does_not_have_are_no_boxes() -> None:
    pen = Pen(Fonts())
    assert pen.drawable("Is it  safe?") == "Is it safe?"
    assert pen.drawable("\uff21 fine 漢字 \U0001f600 day\u200b") == "A fine day"


def test_words_say_what_the_picture_shows() -> None:
    judged = Picture("Thread", "A jet", (("supported", 2), ("conditional", 1)), foot="Said in passing")
    assert judged.words == "Thread: A jet. 2 supported, 1 under conditions"
    assert Picture("Essay", "Why?", (("open", 1),)).words == "Essay: Why? 1 open"
    assert Picture("", "Said in passing").words == "Said in passing"
