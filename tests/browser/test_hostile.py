"""A site in which everything that an author can write is hostile, in a browser: nothing of it runs or is asked for.

Every page is read as a browser reads HTML, and one of each kind is shown, with its policy and without: a policy that
stops what should not be there must not be what hides it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from tests.browser.conftest import served
from tests.hostile.drawn import Built

pytestmark = pytest.mark.browser

LEFT = """(root, base) => {
  const left = [];
  const here = new URL(base).origin;
  const addresses = ["href", "src", "action", "formaction", "data", "xlink:href", "ping", "background", "poster",
                     "cite", "to", "from", "values", "manifest", "codebase", "usemap", "content"];
  const fetching = ["IMG", "SCRIPT", "LINK", "SOURCE", "VIDEO", "AUDIO", "IMAGE", "USE", "TRACK", "INPUT"];
  const never = ["IFRAME", "FRAME", "OBJECT", "EMBED", "APPLET", "BASE", "STYLE", "PORTAL", "MARQUEE", "NOSCRIPT",
                 "TEMPLATE", "FOREIGNOBJECT", "ANIMATE", "SET", "ANIMATETRANSFORM", "ANIMATEMOTION", "HANDLER", "XMP",
                 "PLAINTEXT", "MGLYPH", "ANNOTATION-XML", "SLOT"];
  let elements = 0;
  const tell = (element, what) => left.push(`${base}: <${element.tagName.toLowerCase()}> ${what}`);
  const walk = (node) => {
    for (const element of node.querySelectorAll("*")) {
      elements += 1;
      const name = element.tagName.toUpperCase();
      if (never.includes(name) || name.includes("-")) tell(element, "is here");
      if (element.closest("article") && ["SCRIPT", "FORM", "META", "LINK", "TEXTAREA", "TITLE"].includes(name)) {
        if (name !== "TITLE" || element.namespaceURI.endsWith("xhtml")) tell(element, "stands in the text");
      }
      const policy = element.httpEquiv === "Content-Security-Policy";
      if (name === "META" && element.httpEquiv && !policy) tell(element, "refreshes");
      const data = element.type === "application/ld+json";
      if (name === "SCRIPT" && !element.src && !data && /ran\\(/.test(element.text)) tell(element, "runs");
      if (element.shadowRoot) tell(element, "has a shadow");
      for (const { name: given, value } of element.attributes) {
        const attribute = given.toLowerCase();
        if (attribute.startsWith("on") || ["style", "srcdoc", "srcset", "is", "contenteditable"].includes(attribute)) {
          tell(element, `has ${attribute}`);
        }
        if (/["'<>=]/.test(given)) tell(element, `has an attribute ${given}, which is half of something`);
        if (element.closest("article")) {
          if (attribute === "id" && value.startsWith("__")) tell(element, `is called ${value}`);
          if (attribute === "name" && !["verdict", "theme"].includes(value)) tell(element, `has the name ${value}`);
        }
        if (!addresses.includes(attribute) || name === "META") continue;
        let address;
        try { address = new URL(value, base); } catch { continue; }
        if (!["http:", "https:", "mailto:", "tel:"].includes(address.protocol)) tell(element, `leads to ${value}`);
        const rel = element.getAttribute("rel") || "";
        const fetched = fetching.includes(name) && !/alternate|license|canonical/.test(rel);
        if (fetched && address.origin !== here && attribute !== "cite") tell(element, `asks for ${value}`);
      }
    }
  };
  walk(root);
  if (root.querySelectorAll("[id=__config]").length > 1) left.push(`${base}: two that are called __config`);
  if (root.querySelector(".mermaid")) left.push(`${base}: a diagram, for which the theme would fetch a program`);
  return { left, elements };
}"""
"""What in a document is active and should not be there, and how many elements were looked at."""

READ = f"""async (names) => {{
  const find = {LEFT};
  const all = {{ left: [], elements: 0 }};
  for (const name of names) {{
    const address = new URL(name, location.origin);
    const text = await (await fetch(address)).text();
    const found = find(new DOMParser().parseFromString(text, "text/html"), address.href);
    all.left.push(...found.left);
    all.elements += found.elements;
  }}
  return all;
}}"""
"""The same in all pages of these names."""

KINDS = (
    "",
    "essays/",
    "threads/",
    "claims/",
    "bibliography/",
    "topics/",
    "map/",
    "notebooks/notebook/",
    "threads/tested/",
    "essays/p1/",
    "threads/p50/",
)


@pytest.fixture(scope="module")
def host(hostile: Built) -> Iterator[str]:
    """Where the hostile site is served."""
    yield from served(hostile.root / "site")


class Visit:
    """Pages in a browser that notes what runs and what is asked for."""

    def __init__(self, browser: Browser, host: str, *, policy: bool) -> None:
        self.ran: list[str] = []
        self.asked: list[str] = []
        self.host = host
        self.context: BrowserContext = browser.new_context(base_url=host, bypass_csp=not policy)
        self.context.expose_binding("ran", lambda source, number: self.ran.append(f"{source['frame'].url} {number}"))
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.context.on("page", self._watch)
        self.page: Page = self.context.new_page()

    def _watch(self, page: Page) -> None:
        def refuse(dialog: Any) -> None:
            self.ran.append(f"dialog {dialog.message}")
            dialog.dismiss()

        page.on("dialog", refuse)

    @property
    def asked_of_others(self) -> list[str]:
        here = urlsplit(self.host).netloc
        return [url for url in self.asked if urlsplit(url).scheme != "data" and urlsplit(url).netloc != here]


def test_no_page_holds_anything_active_as_a_browser_reads_it(browser: Browser, host: str, hostile: Built) -> None:
    site = hostile.root / "site"
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    visit = Visit(browser, host, policy=False)
    visit.page.goto("robots.txt")
    found = visit.page.evaluate(READ, names)
    visit.context.close()
    assert len(names) > 60
    assert found["elements"] > 20_000
    assert found["left"] == []


@pytest.mark.parametrize("policy", [False, True])
def test_nothing_runs_where_a_page_is_shown_and_nothing_is_asked_of_others(
    browser: Browser, host: str, policy: bool
) -> None:
    visit = Visit(browser, host, policy=policy)
    left = []
    for name in KINDS if not policy else KINDS[-3:]:
        answer = visit.page.goto(name, wait_until="load")
        assert answer
        assert answer.ok, name
        visit.page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        left += visit.page.evaluate(f"() => ({LEFT})(document, location.href)")["left"]
    visit.page.wait_for_timeout(300)  # for what would run later
    visit.context.close()
    assert visit.ran == []
    assert visit.asked_of_others == []
    # The theme sets styles and ids of its own once it runs.
    assert [told for told in left if not re.search("has style|__", told)] == []
