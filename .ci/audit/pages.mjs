// The kinds of page, and which page stands for each.
import { readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";

const KINDS = [
  ["home", /^$/],
  ["essay list", /^essays\/$/],
  ["essay", /^essays\/[^/]+\/$/],
  ["thread list", /^threads\/$/],
  ["thread", /^threads\/[^/]+\/$/],
  ["notebook list", /^notebooks\/$/],
  ["notebook", /^notebooks\/[^/]+\/$/],
  ["claims", /^claims\/$/],
  ["bibliography", /^bibliography\/$/],
  ["topics", /^topics\/$/],
  ["map", /^map\/$/],
  ["about", /^about\/$/],
  ["contributing", /^contributing\/$/],
  ["rules", /^rules\/$/],
  ["404", /^404\.html$/],
];

// Every page of the site in `folder`: its address, the kind it is of, its file, its bytes.
export async function everyPage(folder) {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".html")).sort();
  return Promise.all(files.map(async (name) => {
    const file = join(folder, name);
    const url = relative(folder, file).split(sep).join("/").replace(/(^|\/)index\.html$/, "$1");
    const kind = KINDS.find(([, pattern]) => pattern.test(url))?.[0] ?? "other";
    return { url, kind, file, html: (await stat(file)).size };
  }));
}

// For each kind that the site has, the page of that kind that weighs most.
export function heaviest(pages) {
  const ofKind = (kind) => pages.filter((page) => page.kind === kind).sort((a, b) => b.html - a.html)[0];
  return KINDS.map(([kind]) => ofKind(kind)).filter(Boolean);
}
