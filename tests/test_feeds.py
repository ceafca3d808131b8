"""What readers can subscribe to: held against the rules of Atom (RFC 4287) and of JSON Feed 1.1."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from tests.conftest import CLAIMING_THREAD, FRAME, NOTEBOOK_HEAD, a_claim, a_result, notebook

from sitegraph.feeds import ENTRIES, feed_files
from sitegraph.model import Publication, Site

if TYPE_CHECKING:
    from tests.conftest import Files

KB = "https://example.org/kb/"
PUBLICATION = Publication("Said & done", "What is said.", KB, "en", "https://example.org/by")
ATOM = "{http://www.w3.org/2005/Atom}"

ESSAY = "---\ntitle: %s\ndescription: An essay on a < b.\nthemes: [one, two]\nwritten: %s\n%s---\n\nText of [[jet]].\n"
JETS = notebook(
    (NOTEBOOK_HEAD % "Jets?").replace("2026-11-25", "2026-11-03"),
    ("race()\n", a_result("gap", 0.25), a_claim("faster", "open", "The jet is faster.")),
)
HISTORY = """\
{"date": "2026-11-03", "claim": "jets/faster", "before": "", "after": "supported"}
{"date": "2026-11-04", "claim": "gliders/slower", "before": "", "after": "supported"}
{"date": "2026-11-09", "claim": "jets/faster", "before": "supported", "after": "conditional"}
{"date": "2026-11-09", "claim": "jets/faster", "before": "conditional", "after": "open"}
"""
FILES: Files = {
    **FRAME,
    "docs/essays/calm.md": ESSAY % ("Calm", "2026-11-02", "updated: 2026-11-12\n"),
    "docs/essays/small.md": ESSAY % ("Small", "2026-11-10", ""),
    "docs/threads/jet.md": CLAIMING_THREAD,
    "notebooks/jets.ipynb": JETS,
    "notebooks/verdicts.jsonl": HISTORY,
}

Made = Mapping[str, str]


def written(site: Site) -> dict[str, str]:
    """Every file of every feed, by name."""
    return {file.name: str(file.make()) for file in feed_files(site, PUBLICATION)}


@pytest.fixture(scope="module")
def made(assemble_site: Callable[[Files], Site]) -> Made:
    site = assemble_site(FILES)
    assert site.problems == ()
    return written(site)


@pytest.fixture(scope="module")
def made_real(assemble_real: Site) -> Made:
    return written(assemble_real)


@pytest.fixture(scope="module", params=["made", "made_real"])
def every(request: pytest.FixtureRequest) -> Made:
    files: Made = request.getfixturevalue(request.param)
    return files


def atom(text: str) -> Element:
    return ElementTree.fromstring(text.encode())


def texts(element: Element, name: str) -> list[str]:
    return [found.text or "" for found in element.findall(f"{ATOM}{name}")]


def titles(text: str) -> list[str]:
    return [title for entry in atom(text).findall(f"{ATOM}entry") for title in texts(entry, "title")]


# The rules of Atom.

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
_EXACTLY_ONE = ("id", "title", "updated")
_AT_MOST_ONE = {
    "feed": ("generator", "icon", "logo", "rights", "subtitle"),
    "entry": ("content", "published", "rights", "source", "summary"),
}


def is_iri(text: str) -> bool:
    return bool(re.fullmatch(r"[a-z][a-z0-9+.-]*:\S+", text))


def against_atom(feed: Element) -> list[str]:
    """What in *feed* breaks a rule of RFC 4287, sections 4.1.1, 4.1.2 and 4.2."""
    wrong = [] if feed.tag == f"{ATOM}feed" else ["the root is no feed"]
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        kind = element.tag.removeprefix(ATOM)
        wrong += [f"{kind}: not one {name}" for name in _EXACTLY_ONE if len(texts(element, name)) != 1]
        wrong += [f"{kind}: more than one {name}" for name in _AT_MOST_ONE[kind] if len(texts(element, name)) > 1]
        wrong += [f"id {name}" for name in texts(element, "id") if not is_iri(name)]
        moments = texts(element, "updated") + texts(element, "published")
        wrong += [f"moment {moment}" for moment in moments if not _MOMENT.fullmatch(moment)]
        links = element.findall(f"{ATOM}link")
        wrong += ["a link leads nowhere" for link in links if not is_iri(link.get("href", ""))]
        alternates = [link.get("hreflang") for link in links if link.get("rel") == "alternate"]
        wrong += ["two alternates of one kind"] if len(alternates) != len(set(alternates)) else []
        wrong += ["a category without a term" for one in element.findall(f"{ATOM}category") if not one.get("term")]
        wrong += ["a text of no known type" for one in element if one.get("type", "text") not in ("text", "html")]
    if not texts(feed.find(f"{ATOM}author") or Element("none"), "name"):
        wrong.append("no author")
    ids = [name for entry in entries for name in texts(entry, "id")]
    wrong += ["two entries of one id"] if len(ids) != len(set(ids)) else []
    if not any(link.get("rel") == "self" for link in feed.findall(f"{ATOM}link")):
        wrong.append("the feed does not say where it is")
    return wrong


_MARKS = 'headerlink|inbound|class="note|data-preview|figure-dark|cell-mark|[\ue000\ue001]'
"""What only the pages themselves show."""


def test_every_atom_feed_keeps_the_rules(every: Made) -> None:
    feeds = {name: against_atom(atom(text)) for name, text in every.items() if name.endswith(".xml")}
    assert {"feed.xml", "feeds/essays.xml", "feeds/threads.xml", "feeds/verdicts.xml"} <= feeds.keys()
    assert {name: wrong for name, wrong in feeds.items() if wrong} == {}


@pytest.mark.parametrize("lost", ["id", "title", "updated", "author", "link"])
def test_a_feed_without_what_the_rules_ask_for_would_be_found(lost: str, made: Made) -> None:
    feed = atom(made["feed.xml"])
    for element in feed.findall(f"{ATOM}{lost}"):
        feed.remove(element)
    assert against_atom(feed)


# The rules of JSON Feed.

_TEXT, _LIST = str, list
_FEED_FIELDS: Mapping[str, tuple[type, bool]] = {  # the type of each, and whether it has to be there
    "version": (_TEXT, True),
    "title": (_TEXT, True),
    "home_page_url": (_TEXT, False),
    "feed_url": (_TEXT, False),
    "next_url": (_TEXT, False),
    "description": (_TEXT, False),
    "authors": (_LIST, False),
    "language": (_TEXT, False),
    "items": (_LIST, True),
}
_ITEM_FIELDS: Mapping[str, tuple[type, bool]] = {
    "id": (_TEXT, True),
    "url": (_TEXT, False),
    "title": (_TEXT, False),
    "content_html": (_TEXT, True),  # that, or content_text
    "summary": (_TEXT, False),
    "date_published": (_TEXT, False),
    "date_modified": (_TEXT, False),
    "tags": (_LIST, False),
}


def against_fields(value: Mapping[str, Any], fields: Mapping[str, tuple[type, bool]]) -> list[str]:
    wrong = [f"unknown: {name}" for name in value if name not in fields]
    wrong += [f"missing: {name}" for name, (_, needed) in fields.items() if needed and name not in value]
    wrong += [f"type: {name}" for name in value if name in fields and not isinstance(value[name], fields[name][0])]
    addresses = [value[name] for name in value if name.endswith("url")]
    wrong += [f"address: {address}" for address in addresses if not urlsplit(address).netloc]
    return wrong + [
        f"moment: {value[name]}" for name in value if "date_" in name and not _MOMENT.fullmatch(value[name])
    ]


def against_json_feed(feed: Mapping[str, Any]) -> list[str]:
    """What in *feed* breaks a rule of jsonfeed.org/version/1.1."""
    wrong = against_fields(feed, _FEED_FIELDS)
    wrong += [] if feed.get("version") == "https://jsonfeed.org/version/1.1" else ["version"]
    wrong += ["author" for author in feed.get("authors", ()) if not author.keys() & {"name", "url", "avatar"}]
    for item in feed.get("items", ()):
        wrong += against_fields(item, _ITEM_FIELDS)
        wrong += [f"tag: {tag}" for tag in item.get("tags", ()) if not isinstance(tag, str)]
    ids = [item.get("id") for item in feed.get("items", ())]
    return wrong + (["two items of one id"] if len(ids) != len(set(ids)) else [])


def test_every_json_feed_keeps_the_rules(every: Made) -> None:
    feeds = {name: against_json_feed(json.loads(text)) for name, text in every.items() if name.endswith(".json")}
    assert {"feed.json", "feeds/essays.json", "feeds/threads.json", "feeds/verdicts.json"} <= feeds.keys()
    assert {name: wrong for name, wrong in feeds.items() if wrong} == {}


@pytest.mark.parametrize("lost", ["version", "title", "items"])
def test_a_json_feed_without_what_the_rules_ask_for_would_be_found(lost: str, made: Made) -> None:
    assert against_json_feed({name: value for name, value in json.loads(made["feed.json"]).items() if name != lost})


# What is in them.


def test_both_forms_of_a_feed_tell_the_same(every: Made) -> None:
    for name in [name for name in every if name.endswith(".xml")]:
        items = json.loads(every[name.replace(".xml", ".json")])["items"]
        entries = atom(every[name]).findall(f"{ATOM}entry")
        assert [texts(entry, "id") for entry in entries] == [[item["id"]] for item in items]
        assert [texts(entry, "content") for entry in entries] == [[item["content_html"]] for item in items]


def test_the_newest_comes_first_and_gives_the_feed_its_day(made: Made) -> None:
    feed = atom(made["feeds/essays.xml"])
    assert titles(made["feeds/essays.xml"]) == ["Calm", "Small"]
    assert texts(feed, "updated") == ["2026-11-12T00:00:00+00:00"]
    (calm, small) = feed.findall(f"{ATOM}entry")
    assert texts(calm, "published") == ["2026-11-02T00:00:00+00:00"]
    assert texts(calm, "updated") == ["2026-11-12T00:00:00+00:00"]
    assert texts(small, "updated") == ["2026-11-10T00:00:00+00:00"]


def test_everything_holds_pages_and_verdicts_that_became_another(made: Made) -> None:
    assert titles(made["feed.xml"]) == [
        "Calm",
        "Small",
        "The jet",
        "Jets?",
        "Open: The jet is faster.",
        "Under conditions: The jet is faster.",
    ]
    assert titles(made["feeds/threads.xml"]) == ["The jet"]


def test_a_verdict_has_an_entry_each_time_it_changes_if_the_claim_still_stands(made: Made) -> None:
    items = json.loads(made["feeds/verdicts.json"])["items"]
    assert [(item["id"], item["title"]) for item in items] == [
        ("tag:example.org,2026-11-09:kb/verdicts/jets/faster/2", "Open: The jet is faster."),
        ("tag:example.org,2026-11-09:kb/verdicts/jets/faster", "Under conditions: The jet is faster."),
        ("tag:example.org,2026-11-03:kb/verdicts/jets/faster", "Supported: The jet is faster."),
    ]
    assert items[0]["url"] == f"{KB}threads/jet/#claim-faster"
    assert items[0]["summary"] == "In this model: open. It was under conditions."
    assert items[2]["summary"] == "In this model: supported."
    assert [f'href="{KB}notebooks/jets/#claim-faster"' in item["content_html"] for item in items] == [True] * 3


def test_a_number_is_told_of_the_verdict_that_it_decides_and_of_no_older_one(made: Made) -> None:
    items = json.loads(made["feeds/verdicts.json"])["items"]
    assert ["The gap: 0.25." in item["content_html"] for item in items] == [True, False, False]


def test_an_entry_has_the_whole_text_with_whole_addresses(made: Made) -> None:
    calm = json.loads(made["feed.json"])["items"][0]
    assert calm["id"] == calm["url"] == f"{KB}essays/calm/"
    assert calm["content_html"] == f'<p>Text of <a href="{KB}threads/jet/">The jet</a>.</p>'
    assert (calm["summary"], calm["tags"]) == ("An essay on a < b.", ["one", "two"])


def test_no_entry_of_the_site_has_a_relative_address_or_anything_active(made_real: Made) -> None:
    items = [item for name, text in made_real.items() if name.endswith(".json") for item in json.loads(text)["items"]]
    assert len(items) > 80
    for item in items:
        content = item["content_html"]
        tags = re.findall(r"<[a-z][^>]*>", content)
        addresses = [found for tag in tags for found in re.findall(r'\b(?:href|src)="([^"]*)"', tag)]
        assert [address for address in addresses if not re.match(r"https?://|mailto:", address)] == [], item["id"]
        assert not re.search(r"<(?:script|style|iframe|form|object|link)\b", content), item["id"]
        assert not [tag for tag in tags if re.search(r"\s(?:on\w+|style)=", tag)], item["id"]
        assert not re.search(_MARKS, content), item["id"]


def test_what_xml_cannot_write_ends_no_build(assemble_site: Callable[[Files], Site]) -> None:
    site = assemble_site({**FRAME, "docs/essays/odd.md": "A \x0b vertical tab, and \ufffe.\n"})
    files = written(site)
    assert against_atom(atom(files["feed.xml"])) == []
    assert "vertical tab" in files["feed.xml"]


def test_feeds_of_a_site_with_nothing_in_it_keep_the_rules_and_know_no_clock(
    assemble_site: Callable[[Files], Site],
) -> None:
    files = written(assemble_site(FRAME))
    assert [against_atom(atom(text)) for name, text in files.items() if name.endswith("xml")] == [[]] * 4
    assert texts(atom(files["feed.xml"]), "updated") == ["1970-01-01T00:00:00+00:00"]


def test_a_feed_goes_on_in_further_pages_without_texts(assemble_site: Callable[[Files], Site]) -> None:
    """RFC 5005: each page names the one before and the one behind it."""
    days = [f"2026-{1 + number // 28:02}-{1 + number % 28:02}" for number in range(2 * ENTRIES + 5)]
    essays = {f"docs/essays/e{number}.md": ESSAY % (f"E{number}", day, "") for number, day in enumerate(days)}
    files = written(assemble_site({**FRAME, **essays}))
    names = ["feeds/essays", "feeds/older/essays-2", "feeds/older/essays-3"]
    found = [titles(files[f"{name}.xml"]) for name in names]
    assert [len(page) for page in found] == [ENTRIES, ENTRIES, 5]
    assert [title for page in found for title in page] == [f"E{number}" for number in reversed(range(len(days)))]
    for name, newer, older in zip(names, ["", *names], [*names[1:], ""], strict=False):
        root = atom(files[f"{name}.xml"])
        joined = {link.get("rel"): link.get("href") for link in root if link.tag.endswith("}link")}
        assert joined.get("previous") == (f"{PUBLICATION.address}{newer}.xml" if newer else None)
        assert joined.get("next") == (f"{PUBLICATION.address}{older}.xml" if older else None)
        told = json.loads(files[f"{name}.json"])
        assert told.get("next_url") == (f"{PUBLICATION.address}{older}.json" if older else None)
        assert against_atom(root) == against_json_feed(told) == []
    assert "Text of" in files["feeds/essays.json"]
    assert "Text of" not in files["feeds/older/essays-2.json"]


def test_each_topic_has_a_feed(made_real: Made, assemble_real: Site) -> None:
    for topic in assemble_real.topics:
        assert sorted(titles(made_real[f"feeds/topics/{topic.name}.xml"])) == sorted(page.title for page in topic.pages)


def test_a_page_of_a_feed_holds_the_newest_and_no_more(assemble_site: Callable[[Files], Site]) -> None:
    days = [f"2026-{10 + number // 28}-{1 + number % 28:02}" for number in range(ENTRIES + 5)]
    essays = {f"docs/essays/e{number}.md": ESSAY % (f"E{number}", day, "") for number, day in enumerate(days)}
    files = written(assemble_site({**FRAME, "docs/threads/jet.md": CLAIMING_THREAD, **essays}))
    newest = [f"E{number}" for number in range(ENTRIES + 4, 4, -1)]
    assert titles(files["feeds/essays.xml"]) == newest
    everything = titles(files["feed.xml"])
    assert len(everything) == ENTRIES
    assert "The jet" in everything
