"""What a change does to the site, told from the graph before and the graph after: for whoever reviews it.

Both are `graph.json` as a build writes it. Nothing of a text's form is looked at: two texts that say, link, cite and
claim the same are the same here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .model import VERDICT_WORDS, Place, Result

Node = Mapping[str, Any]
Edge = Mapping[str, Any]

GROWS_BY = 0.1
"""A page has grown when its HTML has this much more of what it had, and SLACK at least."""
SLACK = 1024

_PAGES = ("essay", "thread", "notebook", "page")
_NOT_FRESH = ("notebook-fresh", "notebook-ran")
_VERBS = {
    "mentions": "links to",
    "supports": "supports",
    "extends": "extends",
    "answers": "answers",
    "illustrates": "illustrates",
    "qualifies": "qualifies",
    "contradicts": "contradicts",
    "cites": "cites",
    "replies-to": "names as the post it answers:",
}
_MARKUP = re.compile(r"([\\`*_\[\]<>|~&$])")


@dataclass(frozen=True)
class Built:
    """A site as it was built: its graph, and how many bytes of HTML each page has, by the id of its node."""

    graph: Mapping[str, Any]
    sizes: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Everything that has a name, by id."""
        return {node["id"]: node for node in self.graph["nodes"]}

    def of(self, *kinds: str) -> Iterator[Node]:
        """The nodes of these kinds."""
        return (node for node in self.graph["nodes"] if node["kind"] in kinds)

    @cached_property
    def mistakes(self) -> Mapping[tuple[str, str, str], Sequence[Mapping[str, Any]]]:
        """What is wrong, by what stays when lines move; of a graph older than version 1.1 nothing is known."""
        found: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
        for mistake in self.graph.get("mistakes", ()):
            found.setdefault((mistake["path"], mistake["rule"], mistake["sentence"]), []).append(mistake)
        return found

    def pointing_at(self, *ids: str | None) -> Iterator[Edge]:
        """The links and citations that lead to one of *ids*."""
        return (edge for edge in self.graph["edges"] if edge["to"] in ids and edge["type"] != "tested-by")


@dataclass(frozen=True)
class _Writer:
    """Writes names and places, as links: to the published page, or into the sources where their address is known."""

    source: str

    def name(self, node: Node, line: int | None = None) -> str:
        words = _plain(node.get("says") or node.get("title") or node["id"])
        path = node.get("path")
        address = self._at(path, line or node.get("line", 1)) if self.source and path else node["address"]
        return f"[{words}]({address})"

    def gone(self, node: Node) -> str:
        """The words of what is nowhere any more."""
        return f"“{_plain(node.get('says') or node.get('title') or node['id'])}”"

    def place(self, path: str, line: int) -> str:
        words = f"`{path}:{line}`".replace("\n", " ")
        return f"[{words}]({self._at(path, line)})" if self.source else words

    def _at(self, path: str, line: int) -> str:
        return f"{self.source.rstrip('/')}/{path}#L{line}"


def _plain(text: str) -> str:
    """*text* on one line, with nothing in it that Markdown would take for its own."""
    return _MARKUP.sub(r"\\\1", " ".join(str(text).split()))


Section = Callable[[Built, Built, _Writer], Iterator[str]]


def review(base: Built, head: Built, source: str = "") -> str:
    """What is different in *head*, as Markdown: a heading for each kind of difference, a line for each difference.

    *source* is the address under which the sources of *head* can be read, file by file.
    """
    write = _Writer(source)
    found = [(heading, one, many, list(section(base, head, write))) for heading, one, many, section in _SECTIONS]
    found = [part for part in found if part[3]]
    if not found:
        return "# What this changes\n\nNo verdict, number, claim, link or citation is different.\n"
    counts = [f"{len(lines)} {one if len(lines) == 1 else many}" for _, one, many, lines in found]
    parts = [f"# What this changes\n\n{_listed(counts)}.\n"]
    parts += [f"## {heading}\n\n" + "".join(f"- {line}\n" for line in lines) for heading, _, _, lines in found]
    return "\n".join(parts)


def _listed(words: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _both(base: Built, head: Built, kind: str) -> Iterator[tuple[Node, Node]]:
    """The nodes of *kind* that are on both sides."""
    for node in head.of(kind):
        if node["id"] in base.nodes:
            yield base.nodes[node["id"]], node


def _only(one: Built, other: Built, *kinds: str) -> Iterator[Node]:
    return (node for node in one.of(*kinds) if node["id"] not in other.nodes)


# --- the kinds of difference ----------------------------------------------------------------------------------------


def _flipped(base: Built, head: Built, write: _Writer) -> Iterator[str]:
    for before, now in _both(base, head, "claim"):
        if before["verdict"] != now["verdict"]:
            was, became = VERDICT_WORDS[before["verdict"]], VERDICT_WORDS[now["verdict"]]
            condition = f": {_plain(now['condition'])}" if now.get("condition") else ""
            own = (now["page"], now.get("notebook"))
            leaning = {edge["from"] for edge in head.pointing_at(now["id"], now.get("decided_by"))}.difference(own)
            leaners = [write.name(head.nodes[page]) for page in sorted(leaning)]
            also = f" {_listed(leaners)} {'lean' if len(leaners) > 1 else 'leans'} on it." if leaners else ""
            yield f"{write.name(now)} was *{was}* and is *{became}*{condition}.{also} {_where(now, write)}"


def _moved(base: Built, head: Built, write: _Writer) -> Iterator[str]:
    for before, now in _both(base, head, "result"):
        # What a clock decides moves from run to run.
        if not now["measured"] and (was := _told(before)) != (became := _told(now)):
            quoted = [_quoting(edge, now, head, write) for edge in head.pointing_at(now["id"])]
            also = f" It is quoted in {_listed(quoted)}." if quoted else ""
            yield f"{_result(now, head, write)} was {was} and is {became}.{also}"
    for gone in _only(base, head, "result"):
        notebook = write.gone(base.nodes[gone["notebook"]])
        yield f"{write.gone(gone)}, of {notebook}, {_told(gone)}, is not published any more."
    for new in _only(head, base, "result"):
        yield f"{_result(new, head, write)} {_told(new)}, is new."


def _quoting(edge: Edge, result: Node, head: Built, write: _Writer) -> str:
    where = write.place(edge["path"], edge["line"])
    if edge["from"] == result["notebook"]:
        return f"the notebook itself ({where})"
    return f"{write.name(head.nodes[edge['from']], edge['line'])} ({where})"


def _told(node: Node) -> str:
    """A result as readers see it: its value at its precision, its interval and its unit."""
    lo, hi = node.get("interval", (None, None))
    value = Result(
        node["name"], node["says"], node["value"], node.get("unit", ""), lo, hi, node["decimals"], "", False,
        Place("", 1), 0,
    )  # fmt: skip
    interval = f" ({value.interval})" if value.interval else ""
    return f"{value.written}{interval} {_plain(value.unit)}".rstrip()


def _result(node: Node, side: Built, write: _Writer) -> str:
    return f"{write.name(node)}, of {write.name(side.nodes[node['notebook']])},"


def _claims(base: Built, head: Built, write: _Writer) -> Iterator[str]:
    for new in _only(head, base, "claim"):
        yield f"New, and {VERDICT_WORDS[new['verdict']]}: {write.name(new)} {_where(new, write)}"
    for gone in _only(base, head, "claim"):
        yield f"Withdrawn: {write.gone(gone)}, which was {VERDICT_WORDS[gone['verdict']]} ({gone['path']})"
    for before, now in _both(base, head, "claim"):
        if before["says"] != now["says"]:
            yield f"Reworded: {write.gone(before)} is now “{write.name(now)}” {_where(now, write)}"


def _where(node: Node, write: _Writer) -> str:
    return f"({write.place(node['path'], node['line'])})"


def _pages(base: Built, head: Built, write: _Writer) -> Iterator[str]:
    for new in _only(head, base, *_PAGES):
        out = [edge["type"] for edge in head.graph["edges"] if edge["from"] == new["id"]]
        cites = out.count("cites")
        counts = f"{_counted(len(out) - cites, 'link')} and {_counted(cites, 'citation')}"
        yield f"New {new['kind']}: {write.name(new)}, with {counts}"
    for gone in _only(base, head, *_PAGES):
        yield f"Withdrawn {gone['kind']}: {write.gone(gone)} ({gone['path']})"
    for kind in _PAGES:
        for before, now in _both(base, head, kind):
            if before["title"] != now["title"]:
                yield f"{write.gone(before)} is now called {write.name(now)}"


def _counted(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def _edges(one: Built, other: Built) -> Mapping[tuple[str, str, str], dict[str, Edge]]:
    """What points to what in *one*, by both ends and then by type, from nodes that *other* has too."""
    found: dict[tuple[str, str, str], dict[str, Edge]] = {}
    for edge in one.graph["edges"]:
        if edge["from"] in other.nodes:
            found.setdefault((edge["from"], edge["to"], edge.get("anchor", "")), {}).setdefault(edge["type"], edge)
    return found


def _lost(base: Built, head: Built, write: _Writer) -> Iterator[str]:
    now = _edges(head, base)
    for ends, types in _edges(base, head).items():
        for type_, edge in types.items():
            if ends not in now:
                verb = "is no longer tested by" if type_ == "tested-by" else f"no longer {_VERBS[type_]}"
                yield _edge(edge, verb, base, head, write)
            elif type_ not in now[ends]:
                left = next(iter(now[ends].values()))
                yield _edge(left, f"{_VERBS[left['type']]}, and no longer {_VERBS[type_]},", head, head, write)


def _added(base: Built, head: Built, write: _Writer) -> Iterator[str]:
    before = _edges(base, head)
    for ends, types in _edges(head, base).items():
        if ends not in before:
            for type_, edge in types.items():
                verb = "is now tested by" if type_ == "tested-by" else f"now {_VERBS[type_]}"
                yield _edge(edge, verb, head, head, write)


def _edge(edge: Edge, verb: str, side: Built, head: Built, write: _Writer) -> str:
    """A sentence on *edge* of *side*; what is not in *head* is named, and leads nowhere."""

    def named(node: Node) -> str:
        return (
            write.name(node) if node["id"] in head.nodes else f"“{_plain(node.get('says') or node.get('title', ''))}”"
        )

    target = side.nodes[edge["to"]]
    part = f" (#{_plain(edge['anchor'])})" if edge.get("anchor") else ""
    sentence = f": “{_plain(edge['sentence'])}”" if edge.get("sentence") else ""
    place = f" ({write.place(edge['path'], edge['line'])})" if side is head and edge.get("path") else ""
    return f"{named(side.nodes[edge['from']])} {verb} {named(target)}{part}{sentence}{place}"


def _stale(base: Built, head: Built, write: _Writer) -> Iterator[str]:
    for (_, rule, sentence), (mistake, *_) in head.mistakes.items():
        if rule in _NOT_FRESH:
            yield f"{write.place(mistake['path'], mistake['line'])}: {_plain(sentence)}"


def _mistakes(base: Built, head: Built, write: _Writer) -> Iterator[str]:
    for mistake in _more(head, base):
        if mistake["rule"] not in _NOT_FRESH:
            yield f"{write.place(mistake['path'], mistake['line'])}: {_broken(mistake)}"


def _mended(base: Built, head: Built, write: _Writer) -> Iterator[str]:
    for mistake in _more(base, head):
        yield f"`{mistake['path']}`: {_broken(mistake)}"


def _broken(mistake: Mapping[str, Any]) -> str:
    return f"{_plain(mistake['sentence'])} \\[{mistake['rule']}\\]"


def _more(one: Built, other: Built) -> Iterator[Mapping[str, Any]]:
    """The mistakes of *one* that *other* has not, or has less often."""
    for key, mistakes in one.mistakes.items():
        yield from mistakes[len(other.mistakes.get(key, ())) :]


def _grown(base: Built, head: Built, write: _Writer) -> Iterator[str]:
    for page, now in sorted(head.sizes.items()):
        before = base.sizes.get(page, 0)
        if before and page in head.nodes and now - before >= max(SLACK, GROWS_BY * before):
            grown = f"from {before / 1024:.1f} to {now / 1024:.1f} KiB"
            yield f"{write.name(head.nodes[page])} grew {grown}, by {(now - before) / before:.0%}"


_SECTIONS: Sequence[tuple[str, str, str, Section]] = (
    ("Verdicts that flipped", "verdict flipped", "verdicts flipped", _flipped),
    ("Numbers that moved", "number moved", "numbers moved", _moved),
    ("Claims", "claim changed", "claims changed", _claims),
    ("Pages", "page came, went or was renamed", "pages came, went or were renamed", _pages),
    ("Links and citations that were lost", "link or citation was lost", "links or citations were lost", _lost),
    ("Links and citations that are new", "link or citation is new", "links or citations are new", _added),
    ("Notebooks whose outputs are stale", "notebook is stale", "notebooks are stale", _stale),
    ("Mistakes that are new", "mistake is new", "mistakes are new", _mistakes),
    ("Mistakes that were mended", "mistake was mended", "mistakes were mended", _mended),
    ("Pages that grew", "page grew", "pages grew", _grown),
)
"""The kinds of difference in the order in which they are told: their heading, one of them and several in words."""
