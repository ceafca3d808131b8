"""Draws the site that the audit compares with: the same Markdown and notebooks in plain Material.

    python .ci/audit/plain.py <folder>

The plugins are set up as their own pages say; links in double brackets and whatever else the hooks do stay undone.
"""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

# Fonts from Google, Material's default, are left out: where there is no network, nothing could be compared.
CONFIG = """\
site_name: Said in passing
site_url: !ENV SITE_URL
theme:
  name: material
  font: false
  features: [navigation.instant, content.code.copy, content.footnote.tooltips, search.highlight]
  palette:
    - media: "(prefers-color-scheme: light)"
      scheme: default
      toggle: {icon: material/brightness-7, name: Switch to dark mode}
    - media: "(prefers-color-scheme: dark)"
      scheme: slate
      toggle: {icon: material/brightness-4, name: Switch to light mode}
plugins:
  - search
  - bibtex:
      bib_file: references.bib
  - mkdocs-jupyter
markdown_extensions:
  - attr_list
  - def_list
  - footnotes
  - tables
  - toc:
      permalink: true
  - pymdownx.arithmatex:
      generic: true
  - pymdownx.highlight
  - pymdownx.superfences
"""


def draw(folder: Path) -> None:
    """Write the project into *folder*, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    docs = folder / "docs"
    shutil.copytree(ROOT / "docs", docs, ignore=shutil.ignore_patterns("assets"))
    for page in docs.rglob("*.md"):
        # These templates are ours.
        page.write_text(re.sub(r"(?m)^template:.*\n", "", page.read_text(encoding="utf-8")), encoding="utf-8")
    (docs / "notebooks").mkdir()
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(notebook, docs / "notebooks")
    works = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "bib").rglob("*.bib")))
    (folder / "references.bib").write_text("\n".join(works), encoding="utf-8")
    (folder / "mkdocs.yml").write_text(CONFIG, encoding="utf-8")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
