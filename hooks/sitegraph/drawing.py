"""A few words set in the site's typeface on its paper: PNG, small, and the same to the byte each time."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

import PIL
from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFont

from .model import VERDICT_WORDS

WIDTH, HEIGHT = 1200, 630

_LEFT, _MEASURE = 84, WIDTH - 2 * 84
_KIND_LINE, _VERDICT_LINE, _RULE, _FOOT_LINE = 112, 482, 524, 578
"""How far from the top the lines of text stand, and the rule."""
_TITLE_SIZES = (104, 92, 80, 70, 62, 56)
_BELOW_SIZES = (46, 40, 34)
_SMALL = 34

_PAPER, _INK = "#fdfcf9", "#22201c"
_VERDICT_INKS = {"supported": "#0a6b50", "conditional": "#7d5800", "contradicted": "#a8400f"}
"""The colours of a light page."""
_SOFT, _FAINT = 200, 40
"""How much ink is in small letters and in the rule, of 255."""
_SHADES, _VERDICT_SHADES = 6, 3
"""In how many shades each ink is used: sixteen colours with the paper, so that a pixel takes half a byte."""
_WORDS = 1000
"""So many drawn words are remembered, of up to 50 kB each."""

DRAWN_WITH = (PIL.__version__, Path(__file__).read_text(encoding="utf-8"))
"""What a drawing depends on besides its words and fonts."""


@dataclass(frozen=True)
class Fonts:
    """The site's typeface, as font files; where there is none, the letters are Pillow's own."""

    roman: bytes = b""
    italic: bytes = b""


@dataclass(frozen=True)
class Picture:
    """What a picture says, from its top to its foot."""

    kind: str  # 'Essay'
    title: str
    verdicts: tuple[tuple[str, int], ...] = ()  # how many claims have each verdict, where any has
    below: str = ""  # a sentence below the title
    foot: str = ""  # the name of the site

    @property
    def words(self) -> str:
        """The same for those who do not see it: 'Thread: Outrunning the jet. 1 supported, 2 open'."""
        named = f"{self.kind}: {self.title}" if self.kind else self.title
        if not self.verdicts:
            return named
        stop = "" if named.endswith(("?", "!", ".", "…")) else "."
        return f"{named}{stop} {', '.join(_counted(*verdict) for verdict in self.verdicts)}"


def _counted(verdict: str, count: int) -> str:
    return f"{count} {VERDICT_WORDS[verdict]}"


class Pen:
    """Draws pictures with its fonts, and keeps what takes time and comes again."""

    def __init__(self, fonts: Fonts) -> None:
        self._files = {"roman": fonts.roman, "italic": fonts.italic}
        self._fonts: dict[tuple[str, int], ImageFont.FreeTypeFont] = {}
        self._widths: dict[tuple[str, str], float] = {}
        self._drawable: dict[str, str] = {}
        self._frames: dict[tuple[str, str], Image.Image] = {}
        self._strips: dict[tuple[str, int], Image.Image] = {}
        self._word = lru_cache(_WORDS)(self._drawn_word)

    def draw(self, picture: Picture) -> bytes:
        """*picture* as PNG."""
        shaded = self._frame(picture.kind, picture.foot).copy()
        top = _KIND_LINE if picture.kind else _KIND_LINE - _SMALL
        verdict_line = _VERDICT_LINE if picture.foot else _FOOT_LINE
        lowest = verdict_line - (82 if picture.verdicts else 0)
        title = self._set(picture.title, "roman", _TITLE_SIZES, top, lowest)
        self._write(shaded, title, 255)
        if picture.below:
            below = self._set(picture.below, "italic", _BELOW_SIZES, title.bottom + 24, lowest)
            self._write(shaded, below, _SOFT)
        self._mark(shaded, picture.verdicts, verdict_line)
        return _png(shaded)

    def _write(self, shaded: Image.Image, block: _Block, ink: int) -> None:
        """Put the words of *block* into *shaded*. Most stand in many titles, and to draw one takes longer than this."""
        size = round(block.font.size)
        for number, line in enumerate(block.lines):
            # The larger a letter, the more room of its own it brings along at its left.
            left = float(_LEFT - round(size / 28))
            for word in line.split(" "):
                drawn, right, down = self._word(word, block.style, size, ink)
                x, y = round(left) + right, block.first + number * block.leading + down
                place = (x, y, x + drawn.width, y + drawn.height)
                shaded.paste(ImageChops.lighter(shaded.crop(place), drawn), place)  # more ink has a higher number
                left += self._width(f"{word} ", block.style, size)

    def _drawn_word(self, word: str, style: str, size: int, ink: int) -> tuple[Image.Image, int, int]:
        """*word* in the shades of *ink*, and how far right of and below the pen it begins."""
        font = self._font(style, size)
        left, top, right, bottom = map(round, font.getbbox(word, anchor="ls"))
        inked = Image.new("L", (max(1, right - left), max(1, bottom - top)))
        ImageDraw.Draw(inked).text((-left, -top), word, ink, font, anchor="ls")
        return _shaded(inked, _shades("")), left, top

    def _frame(self, kind: str, foot: str) -> Image.Image:
        """What many pictures share: the shades of the ink at the top and at the foot."""
        if (kind, foot) not in self._frames:
            inked = Image.new("L", (WIDTH, HEIGHT))
            paint = ImageDraw.Draw(inked)
            paint.text((_LEFT, _KIND_LINE), kind, _SOFT, self._font("roman", _SMALL), anchor="ls")
            if foot:
                paint.line((_LEFT, _RULE, _LEFT + _MEASURE - 1, _RULE), _FAINT, 2)
                name = self.drawable(foot)
                paint.text((_LEFT, _FOOT_LINE), name, _SOFT, self._font("italic", _SMALL), anchor="ls")
            self._frames[kind, foot] = _shaded(inked, _shades(""))
        return self._frames[kind, foot]

    def drawable(self, text: str) -> str:
        """*text* in letters that the font has: one without its accent, a Greek one by its name, or none at all."""
        for character in set(text) - self._drawable.keys():
            self._drawable[character] = self._nearest(character)
        return " ".join("".join(self._drawable[character] for character in text).split())

    def _nearest(self, character: str) -> str:
        if character.isspace() or self._has(character):
            return character
        plain = "".join(part for part in unicodedata.normalize("NFKD", character) if self._has(part))
        greek = re.match(r"GREEK \w+ LETTER (\w+)", unicodedata.name(character, ""))
        return plain or (greek[1].lower().replace("lamda", "lambda") if greek else "")

    def _has(self, character: str) -> bool:
        drawn = self._font("roman", _SMALL).getmask(character)
        return drawn.getbbox() is not None and bytes(drawn) != self._missing

    @cached_property
    def _missing(self) -> bytes:
        """What the font draws for a character that it does not have."""
        return bytes(self._font("roman", _SMALL).getmask("\uffff"))

    def _font(self, style: str, size: int) -> ImageFont.FreeTypeFont:
        if (style, size) not in self._fonts:
            file = self._files[style]
            # The other engine kerns better, and is there on some machines only: pictures would differ between them.
            plain = ImageFont.Layout.BASIC
            font = ImageFont.truetype(io.BytesIO(file), size, 0, "", plain) if file else ImageFont.load_default(size)
            assert isinstance(font, ImageFont.FreeTypeFont)
            self._fonts[style, size] = font
        return self._fonts[style, size]

    def _width(self, text: str, style: str, size: int) -> float:
        """How wide *text* is: in proportion to its size."""
        if (text, style) not in self._widths:
            self._widths[text, style] = self._font(style, _TITLE_SIZES[0]).getlength(text)
        return self._widths[text, style] * size / _TITLE_SIZES[0]

    def _set(self, text: str, style: str, sizes: Sequence[int], above: int, lowest: int) -> _Block:
        """*text* below the line *above*, in the largest of *sizes* that keeps it above *lowest*; else cut off."""
        words = self.drawable(text).split()
        for size in sizes:
            measured = [(word, self._width(f"{word} ", style, size)) for word in words]
            lines = _even_lines(measured)
            first, leading = above + round(1.05 * size) + 22, round(1.14 * size)
            room = max(0, (lowest - first) // leading + 1)
            if len(lines) <= room and all(width <= _MEASURE for _, width in measured):
                break
        else:
            lines = [*lines[: room - 1], " ".join(lines[room - 1 :])] if room else []
        font = self._font(style, size)
        return _Block(tuple(_cut(line, font) for line in lines), font, style, first, leading)

    def _mark(self, shaded: Image.Image, verdicts: Sequence[tuple[str, int]], line: int) -> None:
        """Put each verdict into *shaded* as on the pages: a shape and a word, in its ink."""
        words = [(verdict, _counted(verdict, count)) for verdict, count in verdicts]
        size = _SMALL
        while sum(self._width(told, "roman", size) + 2 * size for _, told in words) > _MEASURE + size:
            size -= 2
        left = _LEFT
        for verdict, told in words:
            if (told, size) not in self._strips:
                self._strips[told, size] = _strip(verdict, told, self._font("roman", size))
            strip = self._strips[told, size]
            shaded.paste(strip, (left, line - size))
            left += strip.width + size


@dataclass(frozen=True)
class _Block:
    """Lines in one font, of which the first stands on *first*."""

    lines: tuple[str, ...]
    font: ImageFont.FreeTypeFont
    style: str
    first: int
    leading: int

    @property
    def bottom(self) -> int:
        """Where the last line stands."""
        return self.first + self.leading * (len(self.lines) - 1)


def _even_lines(measured: Sequence[tuple[str, float]]) -> list[str]:
    """Words, each with its width, in as few lines as they need, and these as even as they can be."""
    fewest = len(_broken(measured, _MEASURE))
    too_narrow, enough = max((round(width) for _, width in measured), default=0), _MEASURE
    while enough - too_narrow > 4:
        middle = (too_narrow + enough) // 2
        if len(_broken(measured, middle)) > fewest:
            too_narrow = middle
        else:
            enough = middle
    return _broken(measured, enough)


def _broken(measured: Sequence[tuple[str, float]], width: float) -> list[str]:
    """The words in lines, each filled up to *width*."""
    lines: list[str] = []
    left = 0.0
    for word, taken in measured:
        if lines and taken <= left:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
            left = width
        left -= taken
    return lines


def _cut(line: str, font: ImageFont.FreeTypeFont) -> str:
    """*line*, or so much of its beginning as there is room for."""
    if font.getlength(line) <= _MEASURE:
        return line
    while line and font.getlength(f"{line}…") > _MEASURE:
        line = line[:-1]
    return f"{line.rstrip()}…"


def _strip(verdict: str, told: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    """The shape of *verdict* and what is told of it, in its ink; they stand one size below the top."""
    size = round(font.size)
    strip = Image.new("L", (size + round(font.getlength(told)), size * 3 // 2))
    shape = _shape(verdict, size * 2 // 3)
    strip.paste(shape, (0, size - shape.height))
    own = verdict in _VERDICT_INKS
    ImageDraw.Draw(strip).text((size, size), told, 255, font, anchor="ls")
    return _shaded(strip, _shades(verdict) if own else _shades("", _SOFT))


@cache
def _shape(verdict: str, size: int) -> Image.Image:
    """A disc, half a disc, a cross, a ring, a dash, a turn."""
    full, line = 80, 10  # drawn large and then reduced, so that its edges become smooth
    image = Image.new("L", (full, full))
    paint = ImageDraw.Draw(image)
    whole = (0, 0, full - 1, full - 1)
    if verdict == "supported":
        paint.ellipse(whole, 255)
    elif verdict == "conditional":
        paint.ellipse(whole, outline=255, width=line)
        paint.pieslice(whole, 90, 270, 255)
    elif verdict == "contradicted":
        paint.line((line, line, full - line, full - line), 255, line)
        paint.line((line, full - line, full - line, line), 255, line)
    elif verdict == "open":
        paint.ellipse(whole, outline=255, width=line)
    elif verdict == "stale":
        paint.arc((line, line, full - line, full - line), 0, 270, 255, line)
        paint.polygon([(full // 2, 0), (full // 2, 3 * line), (full // 2 + 2 * line, 3 * line // 2)], 255)
    else:
        paint.line((0, full // 2, full, full // 2), 255, line)
    return image.resize((size, size), Image.Resampling.BOX)


# The sixteen colours: paper, then the shades of each ink, from the faintest to the full.


@cache
def _shades(verdict: str, full: int = 255) -> bytes:
    """The number of the colour for each amount of ink, in the ink of *verdict*; '' is that of the text.

    The most that there can be is *full*, of 255.
    """
    before, shades = 0, _SHADES
    if verdict:
        before, shades = _SHADES + _VERDICT_SHADES * [*_VERDICT_INKS].index(verdict), _VERDICT_SHADES
    steps = [round(amount * full / 255 * shades / 255) for amount in range(256)]
    return bytes(before + step if step else 0 for step in steps)


def _shaded(inked: Image.Image, shades: bytes) -> Image.Image:
    """The number of the colour in each place; Pillow's own `point` takes three times as long."""
    return Image.frombytes("L", inked.size, inked.tobytes().translate(shades))


@cache
def _palette() -> list[int]:
    """Red, green and blue of each colour."""
    paper = ImageColor.getrgb(_PAPER)
    parts = list(paper)
    for ink, shades in ((_INK, _SHADES), *((ink, _VERDICT_SHADES) for ink in _VERDICT_INKS.values())):
        full = ImageColor.getrgb(ink)
        for shade in range(1, shades + 1):
            parts += (p + (f - p) * shade // shades for p, f in zip(paper, full, strict=True))
    return parts


def _png(shaded: Image.Image) -> bytes:
    shaded.putpalette(_palette())
    file = io.BytesIO()
    shaded.save(file, "PNG", compress_level=6, compress_type=3)  # a few bytes more, in a tenth of the time
    return file.getvalue()
