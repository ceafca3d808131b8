// Suggests the pages whose address or name is nearest to the address that was asked for; without it their lists remain.
(() => {
  const AT_MOST = 5; // suggestions
  const NEAR = 0.45; // how much of two names has to be the same

  const base = new URL("../", document.currentScript.src);

  // 'Camus’s Runner' and 'camuss-runner.md' are the same name.
  const folded = (name) =>
    name
      .normalize("NFD")
      .replaceAll(/[\p{M}'’]/gu, "")
      .toLowerCase()
      .replace(/\.(html?|md|ipynb)$/, "")
      .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
      .replaceAll(/^-|-$/g, "");

  const decoded = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };

  const pairs = (name) => [...name].map((letter, at) => letter + (name[at + 1] ?? "")).slice(0, -1);

  // How many of their pairs of letters two names share: 1 where they are the same.
  const likeness = (one, other) => {
    const left = pairs(other);
    const all = left.length + pairs(one).length;
    const shared = pairs(one).filter((pair) => left.includes(pair) && left.splice(left.indexOf(pair), 1));
    return one === other ? 1 : (2 * shared.length) / all || 0;
  };

  const parts = (path) => path.split("/").filter((part) => part && !/^index\.(html?|md)$/.test(part));

  const nearest = (pages, asked) => {
    const last = folded(asked.at(-1) ?? "");
    const whole = folded(asked.join("/"));
    const compared = pages.map((page) => {
      const aliases = (page.aliases ?? []).map(folded);
      const names = [folded(parts(page.address).at(-1) ?? ""), folded(page.title), ...aliases];
      const alike = Math.max(...names.map((name) => likeness(last, name)));
      // The folder decides between pages of nearly the same name.
      return { page, moved: aliases.includes(last), alike: alike + 0.1 * likeness(whole, folded(page.address)) };
    });
    return compared.filter(({ alike }) => alike >= NEAR).sort((a, b) => b.moved - a.moved || b.alike - a.alike);
  };

  const link = ({ address, title, kind }) => {
    const anchor = document.createElement("a");
    anchor.href = new URL(`./${address}`, base);
    anchor.textContent = title;
    return kind === "page" ? [anchor] : [anchor, ` (${kind})`];
  };

  const element = (name, ...content) => {
    const made = document.createElement(name);
    made.append(...content);
    return made;
  };

  const suggest = async () => {
    const pages = await (await fetch(new URL("pages.json", base))).json();
    const asked = parts(location.pathname.slice(base.pathname.length)).map(decoded);
    const found = nearest(pages, asked).slice(0, AT_MOST);
    const moved = found.filter((each) => each.moved);
    const others = found.filter((each) => !each.moved);
    const said = moved.map(({ page }) => element("p", "It has moved to ", ...link(page), "."));
    if (others.length) {
      said.push(element("p", moved.length ? "Or perhaps it is one of these:" : "Perhaps it is one of these:"));
      said.push(element("ul", ...others.map(({ page }) => element("li", ...link(page)))));
    }
    document.querySelector(".nearest").append(...said);
  };

  suggest().catch(() => {}); // the lists remain
})();
