"""The Content-Security-Policy: a browser runs, shows and fetches only what is the site's own."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

_ALLOWED = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' data:",  # the theme's icons are masks in its stylesheet
    "style-src": "'self'",
    "worker-src": "'self'",
    "script-src": "'self'",
}
"""What a page may use. Inline scripts are added by their hashes; for inline styles there is no way in."""

_COMPILED = "'wasm-unsafe-eval'"
_CHARSET = '<meta charset="utf-8">'
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_NOT_RUN = re.compile(r"""\bsrc\s*=|\btype\s*=\s*["']?(?!text/javascript|module)[\w/+-]+""", re.IGNORECASE)
"""What a script has that is fetched, or that holds data."""


def inline_scripts(page: str, content: str = "") -> frozenset[str]:
    """The hash of each script that stands in the HTML *page* and would run, but for those that its author wrote.

    *content* is the part of the page that comes from its author.
    """
    return _running(page) - _running(content)


def _running(text: str) -> frozenset[str]:
    return frozenset(_hash(code) for about, code in _SCRIPT.findall(text) if not _NOT_RUN.search(about))


def _hash(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def policy(scripts: Iterable[str]) -> str:
    """The policy of a page with these inline scripts, given as hashes."""
    return "; ".join(f"{name} {sources}" for name, sources in _ALLOWED.items()) + "".join(
        f" {script}" for script in sorted(scripts)
    )


def guarded(page: str, scripts: Iterable[str]) -> str:
    """The HTML *page* with the policy that allows *scripts*, before anything that the policy speaks of."""
    head, charset, rest = page.partition(_CHARSET)
    if not charset:
        raise ValueError(f"a page without {_CHARSET} has no place for its policy")
    return f'{head}{charset}<meta http-equiv="Content-Security-Policy" content="{policy(scripts)}">{rest}'


def headers(scripts: Iterable[str], root: str, unchanging: Iterable[str]) -> str:
    """A `_headers` file, which Netlify and Cloudflare read, for a site at the path *root*: '/', '/kb/'.

    It says the policy again, with what only a header can say. *unchanging* are the paths of the files whose name
    changes with their content. The search, which runs in a worker, is compiled code: a worker obeys the header alone,
    and so may run it; a page obeys its own policy too, and may not.
    """
    rules = {
        f"{root}*": (
            f"Content-Security-Policy: {policy({*scripts, _COMPILED})}; frame-ancestors 'none'",
            "Referrer-Policy: same-origin",
            "X-Content-Type-Options: nosniff",
        ),
        **{
            f"{root}{path}": ("Cache-Control: public, max-age=31536000, immutable",) for path in sorted(set(unchanging))
        },
    }
    return "".join(f"{path}\n" + "".join(f"  {line}\n" for line in lines) for path, lines in rules.items())
