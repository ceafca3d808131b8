"""What a page is, in the vocabulary of schema.org: for search engines and for others who read JSON-LD.

Addresses within the site are relative to the page, as JSON-LD in HTML allows, because an essay has few bytes to spare;
a work is named by its place in the bibliography, whose page describes it.

Nothing is rated by a number. Of the verdicts, three could be put in an order, but 'open' is no point between them: it
says that the model could not tell. So a rating has a name and no value, and the page says where the names are
explained.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from .cite_page import dated
from .model import VERDICT_WORDS, VERDICTS, Judged, Leaf, Name, Page, Publication, Reference, Site, in_part

VERDICTS_EXPLAINED = "about/#how-to-read-a-verdict"

WORKS: Mapping[str, str] = {
    "article": "ScholarlyArticle",
    "book": "Book",
    "incollection": "Chapter",
    "inproceedings": "ScholarlyArticle",
    "phdthesis": "Thesis",
    "techreport": "Report",
}
"""What schema.org calls a work of each BibTeX type; of the others only preprints are told from mere works."""

_COMMENT = "_:comment"  # what a thread restates has no address that is known
_UNSURE = "That it answers this post is likely, not certain."
_LESS_THAN = r"\u003c"


_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def json_ld(leaf: Leaf, site: Site, publication: Publication) -> str:
    """The page as a block of data for its head."""
    described = {"@context": "https://schema.org", **_described(leaf, site, publication)}
    text = _encoder.encode(_said(described))
    # So that nothing in it ends the block or begins another.
    return f'<script type="application/ld+json">{text.replace("<", _LESS_THAN)}</script>'


def _said(value: Any) -> Any:
    """*value* without what says nothing."""
    if isinstance(value, dict):
        return {name: _said(part) for name, part in value.items() if part not in ("", None, [], {})}
    return [_said(part) for part in value] if isinstance(value, list) else value


def _described(leaf: Leaf, site: Site, publication: Publication) -> dict[str, Any]:
    if not leaf.page.url:
        return _website(leaf.page, publication)
    if leaf.page.kind == "essay":
        return _essay(leaf, publication)
    if leaf.page.kind == "notebook":
        return _notebook(leaf, publication)
    if leaf.page.thread:
        return _thread(leaf, publication)
    return _page(leaf.page, site, publication)


def _website(home: Page, publication: Publication) -> dict[str, Any]:
    return {
        "@type": "WebSite",
        "@id": publication.address,
        "url": publication.address,
        "name": publication.name,
        "description": publication.description,
        "inLanguage": publication.language,
        "license": publication.licence,
        "publishingPrinciples": publication.at(VERDICTS_EXPLAINED),
        "publisher": _publisher(home, publication),
    }


def _essay(leaf: Leaf, publication: Publication) -> dict[str, Any]:
    return {
        "@type": "ScholarlyArticle",
        **_written(leaf, publication),
        "about": [_claim(found, publication) for found in leaf.judged],
    }


def _notebook(leaf: Leaf, publication: Publication) -> dict[str, Any]:
    """An article that is a program too; its file can be had, and it starts from what the threads claim."""
    threads = {found.page.path: found.page for found in leaf.judged if found.page != leaf.page}
    return {
        "@type": ["ScholarlyArticle", "SoftwareSourceCode"],
        **_written(leaf, publication),
        "programmingLanguage": "Python",
        "encoding": {
            "@type": "MediaObject",
            "encodingFormat": "application/x-ipynb+json",
            "contentUrl": publication.at(f"{leaf.page.url}{leaf.page.slug}.ipynb"),
        },
        "isBasedOn": [{"@id": _from(leaf.page, page.url)} for page in threads.values()],
    }


def _thread(leaf: Leaf, publication: Publication) -> dict[str, Any]:
    """An article of the site's own, based on what somebody else said, and about the claims that it finds there."""
    found_there = {"appearance": {"@id": _COMMENT}, "claimInterpreter": _self(leaf.page)}
    return {
        "@type": "Article",
        **_written(leaf, publication),
        "publishingPrinciples": publication.at(VERDICTS_EXPLAINED),
        "isBasedOn": _comment(leaf),
        "about": [{**_claim(found, publication), **found_there} for found in leaf.judged],
    }


def _page(page: Page, site: Site, publication: Publication) -> dict[str, Any]:
    """A page that lists others, or one that speaks of the site."""
    template = page.meta.get("template", "")
    parts: Iterable[dict[str, Any]] = ()
    if template == "bibliography.html":
        parts = (_work(reference, f"#{reference.key}") for reference in in_part(page, site.references))
    elif template == "claims.html":
        parts = ({"@id": _from(page, f"{found.page.url}#{found.claim.anchor}")} for found in site.claims_in(page))
    return {
        "@type": "CollectionPage" if template not in ("", "about.html") else "WebPage",
        **_placed(page, publication),
        "name": page.title,
        "description": page.description,
        "publisher": _publisher(page, publication),
        "hasPart": list(parts),
    }


def _written(leaf: Leaf, publication: Publication) -> dict[str, Any]:
    """What is said alike of every text of the site's own."""
    return {
        **_placed(leaf.page, publication),
        "headline": leaf.page.title,
        "abstract": leaf.page.description,
        "datePublished": dated(leaf.page),
        "license": publication.licence,
        "author": _publisher(leaf.page, publication),
        "publisher": _self(leaf.page),
        "citation": [_cited(entry.reference, leaf.page) for entry in leaf.references],
    }


def _placed(page: Page, publication: Publication) -> dict[str, Any]:
    whole = {"@id": publication.address}
    return {"@id": publication.at(page.url), "inLanguage": publication.language, "isPartOf": whole}


def _from(page: Page, url: str) -> str:
    """*url* as seen from *page*: up to the root of the site and down again."""
    return "../" * page.url.count("/") + url


def _publisher(page: Page, publication: Publication) -> dict[str, Any]:
    return {"@type": "Organization", **_self(page), "name": publication.name}


def _self(page: Page) -> dict[str, str]:
    """The site as the one who speaks, which `_publisher` describes once on each page."""
    return {"@id": _from(page, "#site")}


def _comment(leaf: Leaf) -> dict[str, Any]:
    """What a thread restates: somebody's comment, and the post it answers as far as that is known."""
    thread, parent = leaf.page.thread, leaf.answers
    assert thread
    return {
        "@type": "SocialMediaPosting" if thread.form == "shortform" and not parent else "Comment",
        "@id": _COMMENT,
        "author": {"@type": "Person", "name": thread.speaker},
        "url": thread.origin.address,
        "datePublished": thread.origin.posted,
        "dateModified": thread.origin.edited,
        "parentItem": _work(parent, _cited(parent, leaf.page)["@id"]) if parent else None,
        "description": _UNSURE if parent and thread.parent != "certain" else "",
    }


def _claim(found: Judged, publication: Publication) -> dict[str, Any]:
    """A claim on its own page, with what a notebook says of it."""
    review = _review(found, publication) if found.verdict in VERDICTS else None
    return {"@type": "Claim", "@id": f"#{found.claim.anchor}", "text": found.claim.says, "review": review}


def _review(found: Judged, publication: Publication) -> dict[str, Any]:
    assert found.notebook
    assert found.outcome
    return {
        "@type": "ClaimReview",
        "claimReviewed": found.claim.says,
        "itemReviewed": {"@id": f"#{found.claim.anchor}"},
        "reviewRating": {
            "@type": "Rating",
            "alternateName": VERDICT_WORDS[found.verdict],
            "ratingExplanation": found.outcome.condition,
        },
        "author": _self(found.page),
        "datePublished": dated(found.notebook),
        "url": publication.at(f"{found.notebook.url}#{found.outcome.anchor}"),
    }


def _cited(reference: Reference, page: Page) -> dict[str, str]:
    return {"@id": _from(page, reference.address)}


def _work(reference: Reference, address: str) -> dict[str, Any]:
    """A work as its entry describes it."""
    fields = reference.fields
    other = "ScholarlyArticle" if "eprint" in fields else "CreativeWork"
    year = fields.get("year", "")
    return {
        "@type": WORKS.get(reference.type, other),
        "@id": address,
        "name": reference.title,
        "author": [_author(name) for name in reference.names.get("author", ()) if name.literal != "others"],
        "editor": [_author(name) for name in reference.names.get("editor", ()) if name.literal != "others"],
        "datePublished": year if year.isdecimal() else "",
        "url": reference.url,
    }


def _author(name: Name) -> dict[str, str]:
    if name.literal:
        return {"@type": "Organization", "name": name.literal}
    parts = (name.given, name.particle, name.family, name.suffix)
    return {"@type": "Person", "name": " ".join(part for part in parts if part)}
