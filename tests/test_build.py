"""A small site, built with MkDocs: what readers are served, and what authors are told."""

from __future__ import annotations

import json
import logging
import math
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

import jinja2
import pytest
from markdown import Markdown
from tests.conftest import NOTEBOOK_HEAD, a_claim, a_result, notebook, output

from sitegraph.model import PART

if TYPE_CHECKING:
    from tests.conftest import Files

pytestmark = pytest.mark.build

ROOT = Path(__file__).parent.parent

THREAD = """\
---
title: %s
description: A thread.
kind: %s
speaker: Roman Belaire
answers: %s
parent: %s
source: C01
restated: 2026-11-24
themes: [tests]
---

## Why run

Because.
"""

CLAIMING = """\
---
title: Outrunning the jet
description: A thread.
kind: comment
speaker: Roman Belaire
answers: null
parent: unknown
source: C14
restated: 2026-11-24
themes: [tests]
claims:
  first:
    says: Who accepts first runs longer.
    test-would-take: Two runners.
---

## Why *run* & hide

Because it is $\\frac{1}{2}$ of life [@camus1942sisyphe].
"""

ESSAY = """\
---
title: Small promises
description: An essay.
themes: [tests]
written: 2026-11-24
---

Before. We [run](../threads/jet.md "supports") for *its* sake. After.

## Later on

- An item that [doubts](../threads/jet.md#why-run-hide "contradicts") it
- Another names [[jet|the jet]]

### On [the claim](../threads/jet.md#claim-first "qualifies") itself

He is happy [@camus1942sisyphe, p. 3; @nagel1971absurd]. Or not [@camus1942sisyphe].

```python
@decorator
"[@key], [[name]], [a](lost.md)"
```

So says @pair2024.
"""

BIB = """\
@book{camus1942sisyphe,
  author = {Camus, Albert},
  title = {The Myth of {Sisyphus} \\& Other <Essays>},
  publisher = {Gallimard},
  year = {1942},
}

@article{nagel1971absurd,
  author = {Nagel, Thomas}
  title = {Broken},
}

@article{pair2024,
  author = {P{\\"o}lzler, Thomas and Other, Ann},
  title = {A Pair},
  journal = {Journal},
  year = {2024},
  doi = {10.1/x_y},
  eprint = {2302.1},
  archiveprefix = {arXiv},
}

@misc{parent2026,
  author = {Bostock, J},
  title = {Morale},
  howpublished = {LessWrong},
  year = {2026},
  url = {https://example.org/a_b?c=1&d=2},
}
"""

SMALL: Files = {
    "docs/threads/jet.md": CLAIMING,
    "docs/threads/sure.md": THREAD % ("Sure", "comment", "parent2026", "certain"),
    "docs/threads/guess.md": THREAD % ("Guess", "comment", "parent2026", "likely"),
    "docs/threads/lost.md": THREAD % ("Lost", "comment", "null", "unknown"),
    "docs/threads/short.md": THREAD % ("Short", "shortform", "null", "unknown"),
    "docs/essays/promises.md": ESSAY,
    "bib/works.bib": BIB,
}


@pytest.fixture(scope="module")
def small(build_site: Callable[..., Path]) -> Path:
    """The folder of a small site, built; its one mistake is in its bibliography."""
    return build_site(SMALL) / "site"


@pytest.fixture(scope="module")
def page(small: Path, read_page: Callable[[Path], Element]) -> Callable[[str], Element]:
    return lambda address: read_page(small / address)


Page = Callable[[str], Element]


def words(element: Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def called(page: Element, name: str) -> Element:
    """The part of *page* that is labelled by the heading *name*."""
    headings = {element.get("id"): words(element) for element in page.iter() if element.tag in ("h2", "h3", "h4")}
    (found,) = [part for part in page.iter() if headings.get(part.get("aria-labelledby")) == name]
    return found


def after_heading(part: Element, heading: Element) -> list[Element]:
    """The items of the list that follows *heading* in *part*."""
    children = list(part)
    return list(children[children.index(heading) + 1])


def holds(element: Element, anchor: str) -> bool:
    """Whether *element*, or something directly in it, has the id *anchor*."""
    return anchor in [one.get("id") for one in (element, *element)]


def marked(item: Element) -> list[str]:
    return [words(mark) for mark in item.iter("mark")]


# What readers are served.


def test_linked_from_groups_by_type_with_page_sentence_and_mark(page: Page) -> None:
    part = called(page("threads/jet"), "Linked from")
    groups = {words(heading): after_heading(part, heading) for heading in part.findall("h3")}
    types = [name for name in groups if not name.startswith("To ")]
    assert types == ["Supported by", "Qualified in", "Contradicted in", "Mentioned in"]
    (item,) = groups["Supported by"]
    assert words(item.find("a")) == "Small promises"
    assert words(item.find("blockquote")) == "We run for its sake."
    assert marked(item) == ["run"]
    assert words(groups["Mentioned in"][0].find("blockquote")) == "Another names the jet"


def test_linked_from_leads_to_the_section_that_holds_the_link(page: Page) -> None:
    part = called(page("threads/jet"), "Linked from")
    leads = {link.get("href") for link in part.iter("a") if "promises" in link.get("href", "")}
    assert leads == {
        "../../essays/promises/",
        "../../essays/promises/#later-on",
        "../../essays/promises/#on-the-claim-itself",
    }


def test_headings_and_claims_have_a_list_of_their_own(page: Page) -> None:
    jet = page("threads/jet")
    part = called(jet, "Linked from")
    for anchor, shown, sentence in (
        ("why-run-hide", "Why run & hide", "An item that doubts it"),
        ("claim-first", "Who accepts first runs longer.", "On the claim itself"),
    ):
        (heading,) = [one for one in part.findall("h3") if one.get("id") == f"to-{anchor}"]
        link = heading.find("a")
        assert link is not None
        assert (link.get("href"), words(link)) == (f"#{anchor}", shown)
        (item,) = after_heading(part, heading)
        assert words(item.find("blockquote")) == sentence
        assert marked(item)
        # A heading shows how many link to it; a claim does so in its item of the list.
        (place,) = [one for one in (*jet.iter("h2"), *jet.iter("li")) if holds(one, anchor)]
        assert f"#to-{anchor}" in [link.get("href") for link in place.iter("a")]


def test_a_page_that_nothing_links_to_has_no_such_list(page: Page) -> None:
    assert "Linked from" not in [words(heading) for heading in page("essays/promises").iter("h2")]


def test_references_are_a_numbered_list_with_the_roles_of_publications(page: Page) -> None:
    promises = page("essays/promises")
    part = called(promises, "References")
    assert part.get("role") == "doc-bibliography"
    items = part.findall(".//li")
    assert [item.get("value") for item in items] == ["1", "2", "3"]
    assert words(items[0]).startswith("Albert Camus. The Myth of Sisyphus & Other <Essays>. Gallimard, 1942.")
    ids = {element.get("id") for element in promises.iter()}
    cites = [link for link in promises.iter("a") if link.get("role") == "doc-biblioref"]
    assert [words(link) for link in cites] == ["1", "2", "1", "3"]
    assert [link.get("aria-label") for link in cites][:1] == ["1, Camus 1942"]
    assert {link.get("href", "").removeprefix("#") for link in cites} <= ids


def test_the_way_back_names_its_place(page: Page) -> None:
    promises = page("essays/promises")
    ids = {element.get("id") for element in promises.iter()}
    backs = [link for link in called(promises, "References").iter("a") if link.get("role") == "doc-backlink"]
    assert {link.get("href", "").removeprefix("#") for link in backs} <= ids
    names = [words(link) for link in backs]
    place = "On the claim itself"
    assert names == [f"{place} (1)", f"{place} (2)", place, place]


def test_code_is_served_as_it_is_written(page: Page) -> None:
    (code,) = [element for element in page("essays/promises").iter("code") if "@decorator" in words(element)]
    assert words(code) == '@decorator "[@key], [[name]], [a](lost.md)"'


def test_formulas_are_served_without_a_script(page: Page) -> None:
    jet = page("threads/jet")
    (formula,) = jet.iter("math")
    assert formula.find("mfrac") is not None
    assert not [script for script in jet.iter("script") if re.search("mathjax|katex", script.get("src", ""), re.I)]


def test_the_bibliography_shows_every_work_with_who_cites_it(page: Page) -> None:
    keys = ["parent2026", "camus1942sisyphe", "nagel1971absurd", "pair2024"]
    works = {key: item for item in page("bibliography").iter("li") for key in keys if holds(item, key)}
    assert list(works) == keys
    pair = works["pair2024"]
    assert words(pair.find(".//*[@class='reference']")) == (
        "Thomas Pölzler and Ann Other. A Pair. Journal, 2024. doi:10.1/x_y arXiv:2302.1"
    )
    leads = [link.get("href") for link in pair.iter("a")]
    assert "https://doi.org/10.1/x_y" in leads
    assert "https://arxiv.org/abs/2302.1" in leads
    assert words(pair.find(".//pre")) == " ".join(BIB[BIB.index("@article{pair") : BIB.index("@misc")].split())
    camus = works["camus1942sisyphe"]
    told = [words(quote) for quote in camus.iter("blockquote")]
    assert told[:2] == ["He is happy [1, p. 3; 2].", "Or not [1]."]
    assert told[2].startswith("Because it is")
    assert told[2].endswith("of life [1].")
    assert [marked(quote) for quote in camus.iter("blockquote")] == [["[1, p. 3; 2]"], ["[1]"], ["[1]"]]


def test_cited_in_leads_to_the_citation(page: Page) -> None:
    bibliography, promises = page("bibliography"), page("essays/promises")
    leads = {link.get("href") for link in bibliography.iter("a") if "essays/promises/#" in link.get("href", "")}
    ids = {f"../essays/promises/#{element.get('id')}" for element in promises.iter()}
    assert leads
    assert leads <= ids


def test_an_address_in_the_bibliography_stays_as_it_is(page: Page) -> None:
    assert "https://example.org/a_b?c=1&d=2" in [link.get("href") for link in page("bibliography").iter("a")]


def test_a_parent_post_lists_the_threads_that_answer_it(page: Page) -> None:
    (work,) = [item for item in page("bibliography").iter("li") if holds(item, "parent2026")]
    assert {link.get("href"): words(link) for link in work.iter("a") if "threads" in link.get("href", "")} == {
        "../threads/guess/": "Guess",
        "../threads/sure/": "Sure",
    }


@pytest.mark.parametrize(("slug", "sure"), [("sure", "certain"), ("guess", "likely")])
def test_a_thread_says_what_it_answers_and_how_sure_that_is(slug: str, sure: str, page: Page) -> None:
    answering = answers(page(f"threads/{slug}"))
    link = answering.find(".//a")
    assert link is not None
    assert link.get("href") == "../../bibliography/#parent2026"
    assert words(link) == "Morale"
    assert "Bostock" in words(answering)
    assert sure in words(answering)
    assert not {"certain", "likely", "unknown"} - {sure} & set(re.findall(r"\w+", words(answering)))


def test_a_thread_says_that_its_parent_is_not_known(page: Page) -> None:
    answering = answers(page("threads/lost"))
    assert "unknown" in words(answering)
    assert answering.find(".//a") is None


def test_a_shortform_post_answers_nobody(page: Page) -> None:
    answering = answers(page("threads/short"))
    assert "nobody" in words(answering)
    assert answering.find(".//a") is None


def answers(thread: Element) -> Element:
    """What stands beside 'Answering' at the head of a thread."""
    (entry,) = [entry for entry in thread.findall(".//dl/div") if words(entry.find("dt")) == "Answering"]
    found = entry.find("dd")
    assert found is not None
    return found


def test_a_page_leads_to_its_markdown_and_to_feeds_that_are_there(small: Path, page: Page) -> None:
    for address, kinds in {
        "": [],
        "essays": ["essays"],
        "essays/promises": ["essays"],
        "threads/jet": ["threads"],
    }.items():
        links = [link for link in page(address).iter("link") if "alternate" in (link.get("rel") or "").split()]
        leads = {(small / address / (link.get("href") or "")).resolve().relative_to(small) for link in links}
        feeds = [f"feeds/{kind}.{form}" for kind in kinds for form in ("xml", "json")]
        own = f"{address}/index.md".removeprefix("/")
        assert sorted(map(str, leads)) == sorted([own, "feed.xml", "feed.json", *feeds])
        assert all((small / lead).is_file() for lead in leads)


def test_the_markdown_of_a_page_is_served_beside_it(small: Path) -> None:
    copy = (small / "essays/promises/index.md").read_text()
    assert 'Before. We [run](http://127.0.0.1:8000/threads/jet/ "supports") for *its* sake.' in copy


def test_a_page_tells_when_it_was_written_and_when_it_last_changed(
    build_site: Callable[..., Path], read_page: Callable[[Path], Element]
) -> None:
    def told(address: str) -> list[str]:
        page = read_page(folder / "site" / address)
        return [words(part) for part in page.iter() if part.get("class") == "dateline" or part.tag == "dd"]

    updated = "written: 2026-11-24\nupdated: 2026-11-26"
    folder = build_site(
        {
            "docs/essays/same.md": ESSAY.replace("Small promises", "Same"),
            "docs/essays/later.md": ESSAY.replace("Small promises", "Later").replace("written: 2026-11-24", updated),
            "docs/threads/jet.md": CLAIMING.replace("themes", "updated: 2026-11-27\nthemes"),
            "docs/about.md": "---\ntitle: About\nupdated: 2026-11-28\n---\n\nAbout.\n",
        }
    )
    assert told("essays/same") == ["Written 24 November 2026 · tests"]
    assert told("essays/later") == ["Written 24 November 2026, last changed 26 November 2026 · tests"]
    assert "24 November 2026, last changed 27 November 2026; the date of the original is not known" in told(
        "threads/jet"
    )
    assert told("about") == ["Last changed 28 November 2026"]
    assert told("contributing") == []


def test_what_html_would_read_as_tags_is_served_as_text(
    build_site: Callable[..., Path], read_page: Callable[[Path], Element]
) -> None:
    said = 'If a < b & "c" <script>'
    essay = f"""\
---
title: '{said} essay'
description: '{said} description'
themes: ['{said} theme']
written: 2026-11-24
claims:
  first:
    says: '{said} claim'
    test-would-take: '{said} test'
---

See [the thread](../threads/jet.md), and @k2000.
"""
    thread = f"""\
---
title: '{said} thread'
description: '{said} description'
kind: comment
speaker: '{said} Belaire'
answers: k2000
parent: likely
source: C01
restated: 2026-11-24
themes: ['{said} theme']
---

See [the claim](../essays/a.md#claim-first) and [[{said} essay]].
"""
    bib = f"@misc{{k2000, author = {{A{said}}}, title = {{{said} title}}, howpublished = {{{said} place}}}}\n"
    folder = build_site({"docs/essays/a.md": essay, "docs/threads/jet.md": thread, "bib/a.bib": bib})
    for address, parts in {
        "": ("essay", "thread", "description"),
        "essays": ("essay", "description", "theme"),
        "threads": ("thread", "description", "theme"),
        "essays/a": ("essay", "description", "theme", "claim", "thread", "title", "place"),
        "threads/jet": ("thread", "description", "theme", "Belaire", "title", "place", "essay"),
        "bibliography": ("title", "place", "essay", "thread"),
    }.items():
        served = read_page(folder / "site" / address)
        missing = [part for part in parts if f"{said} {part}" not in words(served)]
        assert missing == [], address


# What authors are told.

JETS = notebook(
    NOTEBOOK_HEAD % "Do jets race?",
    "The jet won by [0.35](#result-gap), which is [contradicted](#claim-faster), or by [0.25](#result-gab).\n",
    (
        "race()\n",
        a_result("gap", 0.25),
        a_result("nan", math.nan),
        a_claim("faster", "supported", "The jet is faster."),
    ),
    ("more()\n", a_claim("louder", "open", "The jet is louder.")),
    ("table()\n", output({"text/html": "<script>alert(1)</script>"})),
    ("draw()\n", output({"image/png": "aGVsbG8="})),
    ("shout()\n", {"output_type": "stream", "name": "stdout", "text": "x" * 1_100_000}),
    ("crash()\n", {"output_type": "error", "ename": "ValueError", "evalue": "no fuel", "traceback": []}),
).replace("race()", "race(2)")


def in_jets(piece: str) -> int:
    """The line of JETS that holds *piece*."""
    return next(number for number, line in enumerate(JETS.splitlines(), 1) if piece in line)


MISTAKEN: Files = {
    "docs/essays/many.md": """\
---
title: Many mistakes
description: An essay.
themes: tests
written: 2026-11-24
claims:
  one: {says: One.}
  one: {says: Another.}
---

An [unknown page](../threads/outruning-the-jet.md) and [[outruning-the-jet]].
An [unknown heading](../threads/outrunning-the-jet.md#why) and [claim](../threads/outrunning-the-jet.md#claim-frst).
An [unknown type](../threads/outrunning-the-jet.md "suports").
An unknown key [@camus1943sisyphe], and a malformed citation [see camus; @camus1942sisyphe].
A formula $\\frac{1}{2$ and <a href="x.md">a link in HTML</a>.

Belaire thinks that running is enough.

TODO: say what follows.

$$
\\nosuchthing
$$
""",
    "docs/essays/empty.md": "",
    "docs/essays/latin.md": "---\ntitle: Caf\n---\n\nA caf\u00e9.\n".encode("latin-1"),
    "docs/essays/twin.md": "Text.\n",
    "docs/threads/twin.md": "Text.\n",
    "docs/threads/outrunning-the-jet.md": CLAIMING,
    "docs/threads/racing.md": CLAIMING.replace("Outrunning the jet", "Racing the jet").replace(
        "first:\n    says: Who accepts first runs longer.\n    test-would-take: Two runners.",
        "faster:\n    says: The jet is faster.\n    tested-by: jets\n  slower:\n    says: It is slower.",
    ),
    "docs/topics.md": "---\ntitle: Topics\ntemplate: topics.html\nsummaries:\n  ghosts: No page is about any.\n---\n",
    "notebooks/jets.ipynb": JETS,
    "notebooks/torn.ipynb": '{"cells": [',
    "notebooks/verdicts.jsonl": """\
{"date": "2026-11-25", "claim": "jets/faster", "before": "", "after": "supported"}
{"date": "2026-11-25", "claim": "jets/louder", "before": "", "after": "supported"}
{"date": "2026-11-25", "claim": "jets/faster", "before": "supported", "after": "proven"}
""",
    "bib/a.bib": """\
@book{camus1942sisyphe,
  author = {Camus, Albert},
  title = {The Myth},
  publisher = {Gallimard},
  year = {1942},
}

@book{broken2000,
  author = {Broken, Ann}
  title = {Broken},
}

@misc{lonely2000, author = {Lonely, Ann}, title = {Lonely}, howpublished = {Here}}
""",
    "bib/b.bib": "@book{camus1942sisyphe, title = {Another}}\n",
}

TOLD = (
    """\
bib/a.bib:8: no page cites `broken2000` [reference-cited]
bib/a.bib:10: this entry cannot be read: '}' expected [reference-valid]
bib/a.bib:13: no page cites `lonely2000` [reference-cited]
bib/b.bib:1: the key `camus1942sisyphe` stands here again, after bib/a.bib:1 [reference-unique]
docs/essays/empty.md:1: this file is empty [file-not-empty]
docs/essays/latin.md:1: this essay needs the field `description`: one sentence [front-matter-valid]
docs/essays/latin.md:1: this essay needs the field `themes`: a list of themes, like [meaning, motivation] \
[front-matter-valid]
docs/essays/latin.md:1: this essay needs the field `written`: a date, like 2026-11-24 [front-matter-valid]
docs/essays/latin.md:5: this file is not UTF-8: byte 0xe9 cannot be read [file-is-utf8]
docs/essays/many.md:4: `themes` should be a list of themes, like [meaning, motivation], but is `tests` \
[front-matter-valid]
docs/essays/many.md:8: nothing tests the claim `one`
docs/essays/many.md:8: the claim `one` stands here again, after line 7 [name-unique]
docs/essays/many.md:11: no page '../threads/outruning-the-jet.md'; did you mean `../threads/outrunning-the-jet.md`? \
[link-target-exists]
docs/essays/many.md:11: no page is called `outruning-the-jet`; did you mean `outrunning-the-jet`? [link-target-exists]
docs/essays/many.md:12: 'docs/threads/outrunning-the-jet.md' has no claim `claim-frst`; did you mean `claim-first`? \
[anchor-exists]
docs/essays/many.md:12: 'docs/threads/outrunning-the-jet.md' has no heading `why` [anchor-exists]
docs/essays/many.md:13: `suports` is not a link type; did you mean `supports`? \
(one of supports, extends, answers, illustrates, qualifies, contradicts) [link-type-known]
docs/essays/many.md:14: `[see camus; @camus1942sisyphe]` is not a citation: `see camus` should read like \
`see @key, p. 3` [citation-well-formed]
docs/essays/many.md:14: no work in bib/ has the key `camus1943sisyphe`; did you mean `camus1942sisyphe`? \
[citation-exists]
docs/essays/many.md:15: a link to 'x.md' is written as HTML, where nothing can check it [link-in-markdown]
docs/essays/many.md:15: the formula `\\frac{1}{2` cannot be set
docs/essays/many.md:17: this paragraph tells what Belaire says, and links no thread where it is said \
[speaker-has-source]
docs/essays/many.md:19: this hint waits for words: “say what follows.” [hint-filled]
docs/essays/many.md:22: the formula `\\nosuchthing` cannot be set
docs/threads/racing.md:15: nothing tests the claim `slower`
docs/threads/twin.md:1: docs/essays/twin.md is called `twin` too [name-unique]
docs/topics.md:5: no topic is called `ghosts`
notebooks/jets.ipynb:1: its code changed since the stored run
"""
    + f"""\
notebooks/jets.ipynb:{in_jets("The jet won")}: 'notebooks/jets.ipynb' has no result `result-gab`
notebooks/jets.ipynb:{in_jets("The jet won")}: `0.35` is not 0.25, which the result `gap` gives
notebooks/jets.ipynb:{in_jets("The jet won")}: `contradicted` is not the verdict on the claim `faster`, which is `supp
notebooks/jets.ipynb:{in_jets("race(2)")}: what this cell publishes cannot be read: `nan` is nan
notebooks/jets.ipynb:{in_jets("more()")}: no page makes the claim `jets/louder` that is tested here
notebooks/jets.ipynb:{in_jets("table()")}: an output of this cell holds `<script`, which was taken out
notebooks/jets.ipynb:{in_jets("draw()")}: a figure of this cell has no words for those who do not see it
notebooks/jets.ipynb:{in_jets("shout()")}: an output of this cell has over 1 000 000 characters
notebooks/jets.ipynb:{in_jets("crash()")}: this cell stopped with ValueError: no fuel
notebooks/torn.ipynb:1: this is not a notebook
notebooks/verdicts.jsonl:2: the history ends with `supported` for the claim `jets/louder`, and the stored verdict is `o
notebooks/verdicts.jsonl:3: this line is not a change of a verdict: `proven` is not a verdict
"""
)


def mkdocs(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run MkDocs in *folder* as a person does."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_page_leads_to_its_source_where_it_is_known_where_the_sources_are(
    build_site: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPO_URL", "https://example.org/kb")
    folder = build_site(
        {"docs/essays/a.md": "One.\n", "notebooks/jets.ipynb": notebook(NOTEBOOK_HEAD % "Jets?", "One.")}
    )
    for page, path in (("essays/a", "docs/essays/a.md"), ("notebooks/jets", "notebooks/jets.ipynb")):
        text = (folder / "site" / page / "index.html").read_text(encoding="utf-8")
        assert f'<a href="https://example.org/kb/edit/main/{path}">Edit this page</a>' in text
    monkeypatch.setenv("REPO_URL", "")
    build_site({}, folder)
    assert "Edit this page" not in (folder / "site/essays/a/index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def mistaken(draw_folder: Callable[..., Path]) -> Path:
    return draw_folder(MISTAKEN)


@pytest.fixture(scope="module")
def told(mistaken: Path) -> subprocess.CompletedProcess[str]:
    return mkdocs(mistaken)


def test_every_mistake_is_told_in_one_build_with_its_line(told: subprocess.CompletedProcess[str]) -> None:
    lines = [line.partition(" -  ")[2] for line in told.stderr.splitlines() if line.startswith("WARNING")]
    expected = TOLD.splitlines()
    assert len(lines) == len(expected), told.stderr
    assert [line for line, start in zip(lines, expected, strict=True) if not line.startswith(start)] == []


def test_mistakes_are_warnings_and_every_page_is_built(
    told: subprocess.CompletedProcess[str], mistaken: Path, read_page: Callable[[Path], Element]
) -> None:
    assert told.returncode == 0, told.stderr
    assert "Traceback" not in told.stderr
    for address in ("essays/many", "essays/empty", "essays/latin", "threads/outrunning-the-jet", "bibliography"):
        assert words(read_page(mistaken / "site" / address))
    assert "A caf\ufffd." in words(read_page(mistaken / "site/essays/latin"))


def test_a_mistake_in_the_bibliography_costs_no_other_entry(
    told: subprocess.CompletedProcess[str], mistaken: Path, read_page: Callable[[Path], Element]
) -> None:
    assert told.returncode == 0
    shown = words(read_page(mistaken / "site/bibliography"))
    assert "Albert Camus. The Myth. Gallimard, 1942." in shown
    assert "Ann Lonely. Lonely. Here." in shown


def test_with_strict_the_same_list_is_a_failure(
    told: subprocess.CompletedProcess[str], mistaken: Path, tmp_path: Path
) -> None:
    strict = mkdocs(mistaken, "--strict", "--site-dir", str(tmp_path / "site"))
    assert strict.returncode != 0
    assert "Traceback" not in strict.stderr
    warnings = [line for line in told.stderr.splitlines() if line.startswith("WARNING")]
    assert [line for line in strict.stderr.splitlines() if line.startswith("WARNING")] == warnings


def test_a_site_without_mistakes_passes_strictly(draw_folder: Callable[..., Path]) -> None:
    built = mkdocs(draw_folder({"docs/essays/a.md": "See [home](../index.md).\n"}), "--strict")
    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr


# What `mkdocs serve` does: build again in the same process.


def test_a_build_remembers_nothing_of_the_one_before(
    build_site: Callable[..., Path], read_page: Callable[[Path], Element], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    before = {
        "docs/threads/jet.md": CLAIMING,
        "docs/essays/a.md": 'One [run](../threads/jet.md "supports") and [one](../threads/lost.md).\n',
        "bib/works.bib": "@misc{camus1942sisyphe, author = {Camus, A}, title = {Old}, howpublished = {H}}\n",
    }
    folder = build_site(before)
    assert [record.getMessage() for record in caplog.records] == [
        "docs/essays/a.md:4: no page '../threads/lost.md'; did you mean `../threads/jet.md`? [link-target-exists]"
    ]
    caplog.clear()
    build_site(
        {
            "docs/essays/a.md": 'Two [walk](../threads/jet.md "extends").\n',
            "bib/works.bib": before["bib/works.bib"].replace("Old", "New"),
        },
        folder,
    )
    assert caplog.records == []
    jet = words(read_page(folder / "site/threads/jet"))
    assert "Two walk." in jet
    assert "Taken further in" in jet
    assert "One run" not in jet
    assert "Supported by" not in jet
    assert "New" in words(read_page(folder / "site/bibliography"))


@pytest.fixture
def serving(draw_folder: Callable[..., Path]) -> Iterator[tuple[Path, str]]:
    """A folder with a mistake in it, and the address where it is being served."""
    folder = draw_folder({"docs/essays/a.md": "One [run](lost.md).\n"})
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"]
    environment = {**os.environ, "SITE_URL": f"http://127.0.0.1:{port}/"}
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, cwd=folder, env=environment, stderr=log) as server,
    ):
        yield folder, f"http://127.0.0.1:{port}/"
        server.terminate()


def test_serve_keeps_serving_whatever_is_wrong_and_shows_every_change(serving: tuple[Path, str]) -> None:
    folder, address = serving
    essay = folder / "docs/essays/a.md"
    wait_for(urljoin(address, "essays/a/"), "One <a")
    with urllib.request.urlopen(urljoin(address, "essays/a/"), timeout=5) as answer:
        # MkDocs puts in a script that shows the page again after a change.
        assert "Content-Security-Policy" not in answer.read().decode()
    essay.write_text(essay.read_text().replace("One", "Two [@lost2000]"))
    wait_for(urljoin(address, "essays/a/"), "Two")
    (folder / "bib/works.bib").write_text("@misc{lost2000, author = {B, A}, title = {Found}, howpublished = {H}}\n")
    wait_for(urljoin(address, "bibliography/"), "Found")
    log = (folder / "log").read_text()
    assert "docs/essays/a.md:4: no page 'lost.md'" in log
    assert log.count("docs/essays/a.md:4: no work in bib/ has the key `lost2000` [citation-exists]") == 1
    assert "Traceback" not in log


def wait_for(address: str, text: str) -> None:
    """Wait until the page at *address* shows *text*."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if text in answer.read().decode():
                    return
        except (urllib.error.URLError, TimeoutError):
            pass
        time.sleep(0.05)
    pytest.fail(f"{address} never showed {text!r}")


@pytest.fixture(scope="module")
def long_lists(build_site: Callable[..., Path]) -> Path:
    """A site with five threads, claims and works more than one page lists, and an essay about the last of them."""
    numbers = range(PART + 5)
    head = "---\ntitle: T{0:03}\ndescription: A thread.\nkind: comment\nspeaker: Roman Belaire\nanswers: null\n"
    head += "parent: unknown\nsource: C{0:03}\nrestated: 2026-11-24\nthemes: [tests]\nclaims:\n  c:\n"
    head += "    says: Claim {0:03} holds.\n    test-would-take: A test.\n---\n\nText.\n"
    work = "@book{{w{0:03}, author = {{A{0:03}, B.}}, title = {{Title {0:03}}}, publisher = {{P}}, year = {{1942}}}}\n"
    last = f"w{PART + 4:03}"
    files = {f"docs/threads/t{number:03}.md": head.format(number) for number in numbers}
    essay = f"It is there [@{last}], and [so listed](../bibliography.md#{last}).\n"
    return build_site(
        {
            **files,
            "docs/essays/last.md": essay,
            "docs/claims.md": "---\ntitle: Claims\ntemplate: claims.html\n---\nClaims.\n",
            "docs/bibliography.md": "---\ntitle: Bibliography\ntemplate: bibliography.html\n---\nWorks.\n",
            "bib/works.bib": "".join(map(work.format, numbers)),
        }
    )


@pytest.mark.build
@pytest.mark.parametrize(
    ("name", "entry", "count"),
    [
        ("threads", r'class="entry-title" href="[./]*(?:threads/)?(t\d+)/"', PART + 5),
        ("claims", r"Claim (\d+) holds", PART + 5),
        ("bibliography", r'<h2 id="(w\d+)"', PART + 5),
    ],
)
def test_a_long_list_goes_on_on_further_pages(long_lists: Path, name: str, entry: str, count: int) -> None:
    first, second = ((long_lists / "site" / path / "index.html").read_text() for path in (name, f"lists/{name}-2"))
    listed = [re.findall(entry, page) for page in (first, second)]
    assert all(listed)
    assert listed[0] + listed[1] == sorted({*listed[0], *listed[1]})
    assert sum(map(len, listed)) == count
    assert len(listed[0]) <= PART
    assert f'href="../lists/{name}-2/"' in first
    assert f'href="../../{name}/"' in second
    assert not (long_lists / f"site/lists/{name}-3").exists()


@pytest.mark.build
def test_what_a_further_page_lists_is_linked_there(long_lists: Path) -> None:
    last = f"lists/bibliography-2/#w{PART + 4:03}"
    essay = (long_lists / "site/essays/last/index.html").read_text()
    assert essay.count(f'href="../../{last}"') == 2
    graph = json.loads((long_lists / "site/graph.json").read_text())
    ids = {node["id"] for node in graph["nodes"]}
    assert last in ids
    assert {edge["to"] for edge in graph["edges"] if edge["type"] == "cites"} == {last}


@pytest.mark.build
def test_a_short_list_stands_on_one_page(build_site: Callable[..., Path]) -> None:
    assert "lists/" not in (build_site({"docs/threads/one.md": "Text.\n"}) / "site/threads/index.html").read_text()


def test_a_second_build_reads_and_renders_only_what_an_edit_asks_for(
    build_site: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    files: Files = {"docs/essays/a.md": "One [run](b.md).\n", "docs/essays/b.md": "Two.\n"}
    root = build_site(files)
    done: list[str] = []

    monkeypatch.setattr(threading, "active_count", lambda: 2)  # then all of it is done here

    def noted(where: Any, method: str, name: Callable[..., str]) -> None:
        was = getattr(where, method)

        def noting(*given: Any, **more: Any) -> Any:
            done.append(name(*given))
            return was(*given, **more)

        monkeypatch.setattr(where, method, noting)

    noted(Markdown, "convert", lambda _, text: f"text {text[:3]}")
    noted(
        jinja2.Template,
        "render",
        lambda _, *given: f"page {given[0]['page'].url}" if given and given[0]["page"] else "",
    )
    what = ("text", "page essays/a", "page essays/b")
    build_site(files, root)
    assert [one for one in done if one.startswith(what)] == []
    build_site({**files, "docs/essays/b.md": "Three.\n"}, root)
    assert [one for one in done if one.startswith(what)] == [
        "text Thr",
        "page essays/b/",
    ]
