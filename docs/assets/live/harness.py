"""Runs in a reader's browser, and under Node when the site is made: the notebook's own code, asked with other numbers.

Every function takes and gives JSON.
"""

import base64
import importlib
import importlib.util
import json
import math
import pathlib
import sys
import traceback

HOME = "/home/pyodide/notebook"


def load(text):
    """Put the files of the notebook where they can be imported; what was compiled of them, beside them."""
    told = json.loads(text)
    for path, source in told["code"].items():
        file = pathlib.Path(HOME, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, encoding="utf-8")
        if path in told["compiled"]:
            # Python compares it with the source and, where it belongs to another, compiles that.
            cached = pathlib.Path(importlib.util.cache_from_source(str(file)))
            cached.parent.mkdir(exist_ok=True)
            cached.write_bytes(base64.b64decode(told["compiled"][path]))
    if HOME not in sys.path:
        sys.path.insert(0, HOME)
    sys.path_importer_cache.clear()  # files may have come into a folder that was looked into before
    return "{}"


def compiled(text):
    """The files of these paths, compiled, each with a mark of the source it belongs to."""
    found = {}
    for path in json.loads(text):
        source = pathlib.Path(HOME, path).read_bytes()
        code = compile(source, f"{HOME}/{path}", "exec", dont_inherit=True, optimize=0)
        marked = importlib._bootstrap_external._code_to_hash_pyc(code, importlib.util.source_hash(source), True)
        found[path] = base64.b64encode(marked).decode()
    return json.dumps(found)


def _question(asked):
    questions = importlib.import_module(asked["module"]).QUESTIONS
    return next(question for question in questions if question.claim == asked["claim"])


def published(text):
    """What the question gives at the settings of the published run."""
    live, question = importlib.import_module("live"), _question(json.loads(text))
    effects = list(live.answers(question, question.published))
    return json.dumps({"digest": live.digest(effects), "effects": live.same(effects)})


def figure(text):
    """The specification of the figure of a published table, and the look that all figures have."""
    asked = json.loads(text)
    live, question = importlib.import_module("live"), _question(asked)
    charts = importlib.import_module("models.charts")
    spec = live.figure(asked["points"], question.axis, asked["statistic"], asked["delta"])
    return json.dumps({"spec": spec, "theme": charts.THEME})


def run(text, told):
    """What the question gives at a reader's settings; *told* hears after each seed how many have answered.

    A mistake of the model is an answer too: its name, its words, and where in the notebook's files it happened.
    """
    asked = json.loads(text)
    try:
        live, question = importlib.import_module("live"), _question(asked)
        values = {knob.name: _within(knob, asked["values"][knob.name]) for knob in question.knobs}
        effects = []
        for effect in live.answers(question, values):
            effects.append(effect)
            told(len(effects), question.few)
        cell = live.judged(question, values, effects)
        row = live.row(cell, question.along)
        answer = {"values": values, "row": row, "effects": live.same(effects), "digest": live.digest(effects)}
    except (Exception, RecursionError, MemoryError) as error:
        places = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(HOME)]
        where = f"{places[-1].filename.removeprefix(HOME + '/')}, line {places[-1].lineno}" if places else ""
        answer = {"error": type(error).__name__, "message": str(error)[:300], "where": where}
    return json.dumps(answer)


def _within(knob, value):
    """*value*, which came as JSON, as a number that the knob can have."""
    number = float(value)
    if not (math.isfinite(number) and knob.low <= number <= knob.high):
        raise ValueError(f"{knob.says} has to lie between {knob.low:g} and {knob.high:g}")
    return number
