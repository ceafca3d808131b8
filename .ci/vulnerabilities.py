"""Ask osv.dev whether a weakness is known of any package that requirements.lock pins.

uv asks, and knows of no plain list of packages: so it is handed a script of no lines that needs them all.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_ASKED = 3
"""The exit status where the service could not be asked, which says nothing of the packages."""


def script(lock: str) -> str:
    """A script that needs every package of *lock*, in the words in which Python tools are told so (PEP 723)."""
    pins = re.findall(r"^[A-Za-z0-9][^#\n]*==[^#\n]*", lock, re.MULTILINE)
    needed = "".join(f'#   "{pin.strip()}",\n' for pin in pins)
    return f'# /// script\n# requires-python = ">=3.11.5"\n# dependencies = [\n{needed}# ]\n# ///\n'


def main() -> int:
    """Print what is known; 0 where nothing is, NOT_ASKED where nobody could be asked."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "all.py")
        file.write_text(script((ROOT / "requirements.lock").read_text(encoding="utf-8")), encoding="utf-8")
        asked = [sys.executable, "-m", "uv", "audit", "--no-config", "--preview-features", "audit-command"]
        done = subprocess.run([*asked, "--script", file], capture_output=True, text=True, check=False)
    if "error: Request failed" in done.stderr or "error: Failed to fetch" in done.stderr:
        print("Nobody could be asked: api.osv.dev or the package index is not reached from here.", file=sys.stderr)
        return NOT_ASKED
    print(done.stdout, end="")
    print(done.stderr, end="", file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
