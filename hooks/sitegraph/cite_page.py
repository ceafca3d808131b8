"""How to cite a page of the site: for programs that keep references, and in plain words.

The site is the author of all that it says. A thread restates what somebody else said; that is told beside the title, so
that nobody cites the restatement as theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .model import Page, Publication

GENRES = {"essay": "Essay", "thread": "Restatement", "notebook": "Computational notebook"}
"""What each kind of page that can be cited is, among pages of the web."""

_SPECIAL = re.compile(r"[\\{}&%$#_~^]")
_COMMANDS = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # an escaped brace counts as a brace all the same
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True)
class Cited:
    """What is said of a page where it is cited."""

    key: str
    author: str
    title: str
    genre: str
    restates: str  # 'Restates a comment by Roman Belaire', '' of what is the site's own
    date: str  # ISO
    url: str
    language: str
    licence: str

    @property
    def plain(self) -> str:
        """All of it as a line of a list of references."""
        title = f"“{self.title}”" if self.title.endswith(("?", "!", ".")) else f"“{self.title}.”"
        restates = f"{self.restates}." if self.restates else ""
        return " ".join(part for part in (f"{self.author}.", title, restates, f"{self.date}.", self.url) if part)

    @property
    def bibtex(self) -> str:
        """All of it as an entry that biber and BibTeX can read, whatever characters the title holds."""
        notes = [self.restates, f"Licence: {self.licence}" if self.licence else ""]
        fields = {
            "author": f"{{{_tex(self.author)}}}",  # in braces of its own, or the last word is taken for a surname
            "title": f"{{{_tex(self.title)}}}",
            "date": self.date,
            "url": self.url,
            "note": _tex(". ".join(note for note in notes if note)),
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@online{{{self.key},", *lines, "}"])


def cite_page(page: Page, publication: Publication) -> Cited | None:
    """How to cite *page*; nothing for one that only lists others or speaks of the site."""
    if page.kind not in GENRES or not dated(page):
        return None
    return Cited(
        key=cite_key(page, publication),
        author=publication.name,
        title=page.title,
        genre=GENRES[page.kind],
        restates=restated(page),
        date=dated(page),
        url=publication.at(page.url),
        language=publication.language,
        licence=publication.licence,
    )


def cite_key(page: Page, publication: Publication) -> str:
    """A key that no other page has: 'said-in-passing:absurdism'; a notebook goes by the name of its file."""
    site = "-".join(re.findall(r"[a-z0-9]+", publication.name.casefold()))
    return f"{site}:{page.slug}{'.ipynb' if page.kind == 'notebook' else ''}"


def dated(page: Page) -> str:
    """The day on which the text of *page* was written, as its front matter says; '' where it does not."""
    return (page.thread.restated if page.thread else page.written) or ""


def restated(page: Page) -> str:
    """Whose words *page* restates, in words."""
    if not page.thread:
        return ""
    return f"Restates a {'shortform post' if page.thread.form == 'shortform' else 'comment'} by {page.thread.speaker}"


def _tex(text: str) -> str:
    return _SPECIAL.sub(lambda found: _COMMANDS.get(found[0], f"\\{found[0]}"), text)
