"""The Content-Security-Policy: what it lets run, where it stands, and what a host is told."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from sitegraph.policy import guarded, headers, inline_scripts, policy

PAGE = '<!doctype html><head><meta charset="utf-8"><title>A</title></head>'


def hash_of(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def test_what_runs_is_what_the_theme_put_in(case: Any) -> None:
    assert inline_scripts(case["page"], case.get("content", "")) == {hash_of(code) for code in case["run"]}


def directives(text: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (part.split() for part in text.split("; "))}


def test_nothing_is_allowed_but_the_sites_own() -> None:
    allowed = directives(policy(["'sha256-b'", "'sha256-a'"]))
    assert allowed.pop("default-src") == allowed.pop("base-uri") == ["'none'"]
    assert allowed.pop("script-src") == ["'self'", "'sha256-a'", "'sha256-b'"]
    assert allowed.pop("img-src") == ["'self'", "data:"]
    assert set(map(tuple, allowed.values())) == {("'self'",)}


def test_the_policy_stands_before_everything_it_speaks_of() -> None:
    assert guarded(PAGE, []) == PAGE.replace(
        "<title>", f'<meta http-equiv="Content-Security-Policy" content="{policy([])}"><title>'
    )


def test_a_page_without_a_place_for_it_is_not_let_through() -> None:
    with pytest.raises(ValueError, match="no place"):
        guarded("<p>", [])


def test_a_host_is_told_the_policy_and_what_only_a_header_can_say() -> None:
    assert headers(["'sha256-a'"], "/kb/", ["b.js", "a.css", "b.js"]) == (
        f"/kb/*\n  Content-Security-Policy: {policy(['x'])}; frame-ancestors 'none'\n".replace(
            " x;", " 'sha256-a' 'wasm-unsafe-eval';"
        )
        + "  Referrer-Policy: same-origin\n"
        "  X-Content-Type-Options: nosniff\n"
        "/kb/a.css\n"
        "  Cache-Control: public, max-age=31536000, immutable\n"
        "/kb/b.js\n"
        "  Cache-Control: public, max-age=31536000, immutable\n"
    )


@pytest.fixture(scope="module")
def pages(real_site: Path) -> dict[str, str]:
    """The HTML of every page, by path."""
    return {
        path.relative_to(real_site).as_posix(): path.read_text(encoding="utf-8") for path in real_site.rglob("*.html")
    }


META = re.compile(r'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="([^"]*)">')


@pytest.mark.build
def test_all_pages_have_one_policy(pages: dict[str, str]) -> None:
    """A page that is exchanged for another without being loaded stays under the policy of the first."""
    found = {path: META.findall(html.partition("<script")[0]) for path, html in pages.items()}
    assert "404.html" in found
    (one,) = found["index.html"]
    assert {path: policies for path, policies in found.items() if policies != [one]} == {}
    assert len(directives(one)["script-src"]) == 3


@pytest.mark.build
def test_the_hosts_file_says_the_same_and_lets_keep_what_never_changes(real_site: Path, pages: dict[str, str]) -> None:
    text = (real_site / "_headers").read_text(encoding="utf-8")
    said = re.search(r"Content-Security-Policy: (.*)", text)
    assert said
    everywhere = directives(said[1])
    assert everywhere.pop("frame-ancestors") == ["'none'"]
    everywhere["script-src"].remove("'wasm-unsafe-eval'")
    assert everywhere == directives(META.findall(pages["index.html"])[0])
    kept = re.findall(r"^(/\S+[^*\s])$", text, re.MULTILINE)
    assert any("bundle" in path for path in kept)
    hashed = re.compile(r"\.[0-9a-f]{8}\.|^/live/[0-9a-f]{12}/")
    assert all((real_site / path[1:]).is_file() and hashed.search(path) for path in kept)


@pytest.mark.build
def test_nothing_on_a_page_needs_what_the_policy_refuses(real_site: Path, read_page: Callable[[Path], Element]) -> None:
    for path in real_site.rglob("*.html"):
        for element in read_page(path).iter():
            assert element.tag != "style", path
            assert not [name for name in element.attrib if name == "style" or name.startswith("on")], path
            assert not element.get("href", "").lower().startswith("javascript:"), path
