// The search. It opens with its button, f, s, / or Ctrl+K; before that nothing is fetched, then Pagefind, and of its
// index only the parts that the words need. ↑ and ↓ move through the results, Enter follows one, Escape closes.
(() => {
  const AT_ONCE = 10; // results
  const PAUSE = 120; // milliseconds without a key, after which a search begins
  const SHORTEST = 2; // letters: with fewer, half of all words would do

  const HINT = "Finds threads, essays and notebooks, claims, and references.";
  const FAILED = "The search could not be loaded. All there is to find is listed on the pages of the menu.";

  // A word counts for more in a name than in a text: most in that of a page, least in what is listed by itself.
  // Without it short texts would always come first.
  const RANKING = { pageLength: 0.2, metaWeights: { title: 12, heading: 4, name: 1, where: 0.5, anchor: 0.5 } };

  const base = new URL("../", document.currentScript.src);
  const dialog = document.querySelector("dialog.search");
  const field = dialog.querySelector("input");
  const status = dialog.querySelector("[role=status]");
  const list = dialog.querySelector("ol");
  const more = dialog.querySelector(".search-more");

  let pagefind; // a promise, once it was asked for
  let timer;
  let latest = 0; // the number of the newest search: the answer to an older one comes too late
  let found = [];

  const load = () => {
    pagefind ??= import(new URL("pagefind/pagefind.js", base)).then(async (loaded) => {
      await loaded.options({ excerptLength: 24, ranking: RANKING });
      await loaded.init();
      return loaded;
    });
    return pagefind;
  };

  const failed = () => {
    pagefind = undefined;
    show([], []);
    status.textContent = FAILED;
  };

  const element = (name, className, ...content) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  };

  // Of Pagefind's HTML only the marks are taken over.
  const marked = ({ excerpt, content }) => {
    const read = new DOMParser().parseFromString(excerpt, "text/html").body;
    const text = excerpt.replaceAll(/<.?mark>/g, "");
    const shown = [...read.childNodes].map(({ nodeName, textContent: words }) =>
      nodeName === "MARK" ? element("mark", "", words) : words,
    );
    return [content.startsWith(text) ? "" : "… ", ...shown, content.endsWith(text) ? "" : " …"];
  };

  // What was found lies in the folder of its page (hooks/sitegraph/search_files.py).
  const address = ({ raw_url: path, meta }) => {
    const page = new URL(".", new URL(`.${path}`, base));
    page.hash = meta.anchor ?? "";
    return page;
  };

  const entry = (data) => {
    const { title, heading, name, kind, verdict, where } = data.meta;
    const link = element("a", "", title ?? heading ?? name);
    link.href = address(data);
    const about = element("p", "search-about", verdict ? `${kind}, ${verdict}` : kind, where ? ` · ${where}` : "");
    return element("li", "", about, link, element("p", "search-excerpt", ...marked(data)));
  };

  const fetched = (results) => Promise.all(results.map((result) => result.data()));

  // For a word that is nowhere Pagefind offers what begins as it does: "W." for "wireheading".
  const folded = (text) => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const fits = (words, data) => {
    const text = folded(data.map(({ content, meta }) => [content, ...Object.values(meta)].join(" ")).join(" "));
    return folded(words).split(/\s+/).some((word) => text.includes(word.slice(0, 4)));
  };

  const show = (results, first) => {
    found = results;
    list.replaceChildren(...first.map(entry));
    list.scrollTop = 0;
    more.hidden = found.length <= first.length;
  };

  const search = async () => {
    clearTimeout(timer);
    const mine = ++latest;
    const words = field.value.trim();
    const asked = words.length >= SHORTEST;
    const { results } = asked ? await (await load()).search(words) : { results: [] };
    const first = await fetched(results.slice(0, AT_ONCE));
    if (mine !== latest) return;
    const any = asked && fits(words, first);
    show(any ? results : [], any ? first : []);
    const count = results.length === 1 ? "1 result" : `${results.length} results`;
    status.textContent = any ? count : asked ? `Nothing found for “${words}”` : HINT;
  };

  const showMore = async () => {
    const mine = latest;
    const shown = list.children.length;
    more.hidden = true;
    const next = await fetched(found.slice(shown, shown + AT_ONCE));
    if (mine !== latest) return;
    list.append(...next.map(entry));
    list.children[shown].querySelector("a").focus();
    more.hidden = list.children.length >= found.length;
  };

  const open = () => {
    if (!dialog.open) dialog.showModal();
    field.select();
    load().catch(failed);
    if (!status.textContent) status.textContent = HINT;
  };

  const move = (step) => {
    const stops = [field, ...list.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    if (at < 0) return;
    stops.at((at + step) % stops.length).focus();
  };

  const typing = (target) => target.isContentEditable || target.closest("input:not([type=radio]), select, textarea");

  document.addEventListener("keydown", (event) => {
    const letter = ["f", "s", "/"].includes(event.key) && !(event.ctrlKey || event.metaKey || event.altKey);
    const together = event.key === "k" && (event.ctrlKey || event.metaKey);
    if (dialog.open || !(together || (letter && !typing(event.target)))) return;
    event.preventDefault();
    open();
  });

  dialog.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      event.preventDefault(); // else the first one only empties the field
      dialog.close();
    } else if (event.key === "Enter" && event.target === field) {
      search().then(() => list.querySelector("a")?.click(), failed);
    } else if (event.key.length === 1 && !(event.ctrlKey || event.metaKey) && list.contains(event.target)) {
      field.focus(); // where the letter then goes
    }
  });

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => search().catch(failed), PAUSE);
  });

  dialog.addEventListener("click", (event) => {
    const followed = event.target.closest("a") && !(event.ctrlKey || event.metaKey || event.shiftKey);
    if (followed || event.target === dialog || event.target.closest(".search-close")) dialog.close();
  });

  more.addEventListener("click", () => showMore().catch(failed));
  document.querySelector(".search-open").addEventListener("click", open);
  document$.subscribe(() => dialog.close()); // Material shows another page without loading it anew
})();
