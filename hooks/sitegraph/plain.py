"""HTML as plain text."""

from __future__ import annotations

import html
import re

MARKS = r'<a class="(?:headerlink|inbound)".*?</a>|<span aria-hidden="true" class="note".*?</span>'
"""What the site adds to a text for those who look at the page: a pattern in which `.` is any character."""

_UNSAID = re.compile(rf'{MARKS}|<span class="verdict\b.*?</span>', re.DOTALL)
_BLOCK = re.compile(r"</?(?:p|h[1-6]|li|ul|ol|dl|dt|dd|div|table|tr|td|th|figure|figcaption|blockquote|pre|br)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


def plain_text(text: str) -> str:
    """The words of *text*, which is HTML of our own making: a line for each block, marks of the site left out."""
    lines = _BLOCK.sub("\n", _UNSAID.sub("", text).replace("\n", " ")).split("\n")
    said = (" ".join(html.unescape(_TAG.sub("", line)).split()) for line in lines)
    return "\n".join(line for line in said if line)
