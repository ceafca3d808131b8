"""From the bytes of a file to the comments in it, whatever its form."""

from __future__ import annotations

import json
import re

from .comment_pages import from_comment_page, is_comment_page
from .exports import from_json
from .profile import from_proposal, is_proposal
from .values import Received, mistake

PROFILE = "the text of a profile"


def text_in(path: str, content: bytes) -> str | Received:
    """The text of a file, or what is wrong with it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _wrong(path, 1, "this file is UTF-16; save it as UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _wrong(path, line, f"this file is not UTF-8: byte 0x{content[error.start]:02x} cannot be read")
    return text if text.strip() else _wrong(path, 1, "this file is empty")


def receive(path: str, text: str) -> Received:
    """The comments in *text*; of the text of a profile, which has to be proposed first, only what form it has."""
    begin = text.lstrip()
    if begin.startswith(("{", "[{", "[\n", "[ ", "[\r", "[]")):
        try:
            value = json.loads(text)
        except json.JSONDecodeError as error:
            end = " at its very end, as if it had been cut off" if not text[error.pos :].strip() else ""
            sentence = f"this is not JSON{end}: {_lower(error.msg.removesuffix(' at'))} (column {error.colno})"
            return _wrong(path, error.lineno, sentence)
        except RecursionError:
            return _wrong(path, 1, "this JSON is nested too deeply to be an export")
        except ValueError as error:
            return _wrong(path, 1, f"this is not JSON: {_lower(str(error))}")
        return from_json(path, value)
    if re.match(r"<(?:!doctype|html|\?xml)", begin, re.IGNORECASE):
        return _wrong(path, 1, "this is a web page; save the Markdown form of it, or an answer of the API")
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if is_proposal(plain.lstrip()):
        return from_proposal(path, plain)
    if is_comment_page(plain):
        return from_comment_page(path, plain)
    return Received(PROFILE)


def _wrong(path: str, line: int, sentence: str) -> Received:
    return Received("a file", problems=(mistake("import-readable", path, line, sentence),))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
