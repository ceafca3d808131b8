"""Draws a site of any size, for measuring: threads, essays, notebooks and works in a fixed proportion.

    python .ci/bench/generate.py <folder> --threads 1000 --seed 1

To 1,000 threads there are 50 essays, 20 notebooks and 200 works. The words are made up, but their frequencies are not
those of noise: each page speaks mostly of one of some subjects, each subject has words of its own, and words are as
rare as in a language. The same seed draws the same site. Machinery and hub pages are the project's own.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "hooks"))

from sitegraph.freshness import manifest  # noqa: E402
from sitegraph.notebooks import CLAIM_TYPE, RESULT_TYPE  # noqa: E402

HUBS = {
    "docs/index.md": ("Said in passing", "home.html"),
    "docs/essays/index.md": ("Essays", "essays.html"),
    "docs/threads/index.md": ("Threads", "threads.html"),
    "docs/notebooks.md": ("Notebooks", "notebooks.html"),
    "docs/claims.md": ("Claims", "claims.html"),
    "docs/bibliography.md": ("Bibliography", "bibliography.html"),
    "docs/topics.md": ("Topics", "topics.html"),
    "docs/map.md": ("Map", "map.html"),
    "docs/about.md": ("About", "about.html"),
    "docs/contributing.md": ("Contributing", ""),
}
_DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><path d="M0 20 L40 %d" stroke="#22201c"/></svg>'
_SYLLABLES = [a + b for a in "bdfgklmnprstv" for b in ("a", "e", "i", "o", "u", "ai", "ea", "or", "in")]
_COMMON = re.findall(
    r"\w+", "the of and to a in that it is for as with on by this not are be which at from one or an but what can"
)


@dataclass(frozen=True)
class Language:
    """The words that a site is made of, and how likely each is in a text on each subject."""

    chance: random.Random
    common: Sequence[str]
    general: Sequence[str]
    subjects: Sequence[Sequence[str]]
    weights: Sequence[float]  # cumulative, of the general words: as 1, 1/2, 1/3, …

    def sentence(self, subject: int) -> str:
        """A sentence of some twelve words on *subject*."""
        words = [self._word(subject) for _ in range(self.chance.randint(7, 17))]
        return f"{words[0].capitalize()} {' '.join(words[1:])}."

    def title(self, subject: int, number: int) -> str:
        """A title that no other page has."""
        words = self.chance.sample(self.subjects[subject], 3)
        return f"{words[0].capitalize()} {words[1]} and {words[2]} {number}"

    def _word(self, subject: int) -> str:
        dice = self.chance.random()
        if dice < 0.45:
            return self.chance.choice(self.common)
        if dice < 0.65:
            return self.chance.choice(self.subjects[subject])
        return self.chance.choices(self.general, cum_weights=self.weights)[0]


def language(chance: random.Random, subjects: int) -> Language:
    """A language for so many subjects."""
    made: list[str] = []
    seen = set(_COMMON)
    while len(made) < 6000 + 40 * subjects:
        word = "".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3, 3, 4))))
        if word not in seen:
            seen.add(word)
            made.append(word)
    general, own = made[:6000], made[6000:]
    weights = list(accumulate(1 / (rank + 1) for rank in range(len(general))))
    return Language(chance, _COMMON, general, [own[40 * i : 40 * (i + 1)] for i in range(subjects)], weights)


@dataclass(frozen=True)
class Plan:
    """What there is to link to and to cite."""

    threads: Sequence[str]
    essays: Sequence[str]
    notebooks: Sequence[str]
    works: Sequence[str]
    titles: dict[str, str]
    subjects: dict[str, int]


def draw(folder: Path, threads: int, seed: int = 1) -> None:
    """Write a site with so many threads into *folder*, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    chance = random.Random(seed)
    spoken = language(chance, max(4, round(threads**0.5)))
    plan = _plan(spoken, threads)
    for path, (title, template) in HUBS.items():
        head = f"title: {title}\n" + (f"template: {template}\n" if template else "")
        _write(folder / path, f"---\n{head}---\n\n{title}.\n")
    _write(folder / "bib/works.bib", "\n".join(_work(spoken, key) for key in plan.works))
    for name in plan.threads:
        _write(folder / f"docs/threads/{name}.md", _thread(spoken, plan, name))
    for name in plan.essays:
        _write(folder / f"docs/essays/{name}.md", _essay(spoken, plan, name))
    for name in plan.notebooks:
        _write(folder / f"notebooks/{name}.ipynb", _notebook(spoken, plan, name))
    (folder / "requirements.lock").touch()
    for name in ("mkdocs.yml", "hooks", "docs/assets"):
        (folder / name).symlink_to(ROOT / name)


def _plan(spoken: Language, threads: int) -> Plan:
    names = {
        "thread": [f"thread-{number}" for number in range(threads)],
        "essay": [f"essay-{number}" for number in range(max(1, threads // 20))],
        "notebook": [f"notebook-{number}" for number in range(max(1, threads // 50))],
    }
    subjects = {name: number % len(spoken.subjects) for kind in names.values() for number, name in enumerate(kind)}
    flat = [name for kind in names.values() for name in kind]
    titles = {name: spoken.title(subjects[name], number) for number, name in enumerate(flat)}
    works = [f"author{number}work" for number in range(max(1, threads // 5))]
    return Plan(names["thread"], names["essay"], names["notebook"], works, titles, subjects)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _work(spoken: Language, key: str) -> str:
    number = int(key.removeprefix("author").removesuffix("work"))
    subject = number % len(spoken.subjects)
    return (
        f"@article{{{key}, author = {{Author{number}, Ann and Writer{number}, Bob}}, "
        f"title = {{{spoken.title(subject, number)}}}, journal = {{Journal of Measuring}}, "
        f"year = {{{1950 + number % 75}}}, doi = {{10.1000/{number}}}}}\n"
    )


def _thread(spoken: Language, plan: Plan, name: str) -> str:
    number = plan.threads.index(name) if len(plan.threads) < 50 else int(name.split("-")[1])
    subject = plan.subjects[name]
    head = [
        f"title: {plan.titles[name]}",
        f"description: {spoken.sentence(subject)}",
        "kind: comment",
        "speaker: Roman Belaire",
        f"answers: {_work_for(plan, number)}" if number % 3 == 0 else "answers: null",
        f"parent: {'certain' if number % 3 == 0 else 'unknown'}",
        f"source: C{number:02d}",
        f"restated: 2026-{1 + number % 11:02d}-{1 + number % 28:02d}",
        f"themes: [theme {subject % 12}]",
    ]
    tested = number % 50 == 0 and number // 50 < len(plan.notebooks)
    if tested or number % 10 == 5:
        by = f"tested-by: notebook-{number // 50}" if tested else "test-would-take: A longer look."
        head += ["claims:", f"  first: {{says: {_statement(number)!r}, {by}}}"]
    restated = _paragraph(spoken, plan, name, 5, lambda n: _link(spoken, plan, n))
    comment = [_paragraph(spoken, plan, name, 5, _mixed(spoken, plan)) for _ in range(2)]
    formula = f"\n\n$$ x_{{{number}}} = \\frac{{a}}{{b + {number}}} $$" if number % 5 == 0 else ""
    heads = "\n".join(head)
    return (
        f"---\n{heads}\n---\n\n## What the comment says\n\n{restated}\n\n"
        f"## What to make of it\n\n{(chr(10) * 2).join(comment)}{formula}\n"
    )


def _essay(spoken: Language, plan: Plan, name: str) -> str:
    subject = plan.subjects[name]
    head = (
        f"title: {plan.titles[name]}\ndescription: {spoken.sentence(subject)}\nwritten: 2026-10-01\n"
        f"themes: [theme {subject % 12}]"
    )
    parts = []
    for section in range(4):
        paragraphs = [_paragraph(spoken, plan, name, 6, _mixed(spoken, plan)) for _ in range(3)]
        parts.append(f"## Part {section + 1} of {plan.titles[name]}\n\n" + "\n\n".join(paragraphs))
    return f"---\n{head}\n---\n\n" + "\n\n".join(parts) + "\n"


def _notebook(spoken: Language, plan: Plan, name: str) -> str:
    number, subject = plan.notebooks.index(name), plan.subjects[name]
    statement = _statement(50 * number)
    head = (
        f"---\ntitle: {plan.titles[name]}\ndescription: {spoken.sentence(subject)}\nwritten: 2026-10-02\n"
        f"themes: [theme {subject % 12}]\n---"
    )
    result = {"name": "gap", "says": "the gap", "value": 0.2 + number / 1000, "decimals": 2}
    state = {"setting": "all", "mean": 0.2, "lo": 0.1, "hi": 0.3, "n": 30, "state": "holds"}
    claim = {
        "id": f"{name}/first",
        "statement": statement,
        "verdict": "supported",
        "number": "gap",
        "cells": [state],
        "delta": 0,
    }
    figure = {"name": "lines", "alt": "A line that rises.", "caption": "A line."}
    outputs = [
        _output({RESULT_TYPE: result}),
        _output({CLAIM_TYPE: claim}),
        _output({"image/svg+xml": _DRAWING % (number % 20), "text/plain": figure["alt"]}, figure=figure),
    ]
    code = [(f"# The model\nnumber = {number}\n", []), ("# What came out\nshow(number)\n", outputs)]
    prose = [_paragraph(spoken, plan, name, 6, _mixed(spoken, plan)) for _ in range(3)]
    cells = [
        _cell("raw", 0, head),
        _cell("markdown", 1, f"## Question\n\n{prose[0]}"),
        {**_cell("code", 2, code[0][0]), "outputs": [], "execution_count": None},
        _cell("markdown", 3, f"## Result\n\n{prose[1]}"),
        {**_cell("code", 4, code[1][0]), "outputs": outputs, "execution_count": None},
        _cell("markdown", 5, f"## Limits\n\n{prose[2]}"),
    ]
    run = {**manifest([source for source, _ in code], {}, ""), "profile": "full"}
    whole = {"cells": cells, "metadata": {"run": run}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _cell(kind: str, number: int, source: str) -> dict[str, object]:
    return {"cell_type": kind, "id": f"c{number}", "metadata": {}, "source": source.splitlines(keepends=True)}


def _output(data: dict[str, object], **metadata: object) -> dict[str, object]:
    return {"output_type": "display_data", "data": data, "metadata": metadata}


def _statement(number: int) -> str:
    return f"Setting {number} gives more than setting {number + 1}."


def _paragraph(
    spoken: Language, plan: Plan, name: str, sentences: int, more: Callable[[str], str], every: int = 3
) -> str:
    """Sentences on lines of their own; each third one ends in what *more* gives, a link or a citation."""
    lines = []
    for number in range(sentences):
        sentence = spoken.sentence(plan.subjects[name])
        lines.append(f"{sentence[:-1]} {more(name)}." if number % every == 1 else sentence)
    return "\n".join(lines)


def _mixed(spoken: Language, plan: Plan) -> Callable[[str], str]:
    return lambda name: _link(spoken, plan, name) if spoken.chance.random() < 0.6 else _cite(spoken, plan, name)


def _link(spoken: Language, plan: Plan, name: str) -> str:
    """A link to a page, mostly one on the same subject, in one of the ways in which authors write it."""
    dice = spoken.chance.random()
    if dice < 0.1:
        return f"[[{spoken.chance.choice(plan.essays)}]]"
    target = spoken.chance.choice(plan.threads)
    if dice < 0.7:  # one of those that share its subject: they lie so far apart
        step = len(spoken.subjects)
        target = f"thread-{(plan.subjects[name] + step * spoken.chance.randrange(len(plan.threads) // step + 1))}"
        target = target if int(target.split("-")[1]) < len(plan.threads) else plan.threads[0]
    return f"[[{target}]]" if dice < 0.5 else f"[[{target}#What to make of it|what came of it]]"


def _cite(spoken: Language, plan: Plan, name: str) -> str:
    return f"[@{_work_for(plan, spoken.chance.randrange(len(plan.works)))}]"


def _work_for(plan: Plan, number: int) -> str:
    return plan.works[number % len(plan.works)]


def main() -> None:
    """Draw the site that the command line asks for."""
    parser = argparse.ArgumentParser(description="Draw a site of any size, for measuring.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw(asked.folder, asked.threads, asked.seed)


if __name__ == "__main__":
    main()
