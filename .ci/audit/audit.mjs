// Measures a built site, page by page, against limits.json, and beside it the same Markdown in plain Material.
//
//     node audit.mjs --site <folder> --plain <folder> --address 127.0.0.1:9300 --out <folder> [--quick]
//
// Both folders are built for that address. CHROMIUM is the browser. Exits 1 when a limit is broken.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { accessibility, load, openBrowser } from "./browse.mjs";
import { mistakes } from "./markup.mjs";
import { everyPage, heaviest } from "./pages.mjs";
import { broken, figures, findings, table } from "./report.mjs";
import { scores } from "./scores.mjs";
import { serve } from "./server.mjs";

const COMPARED = ["home", "essay", "thread", "notebook"];
const OPTIONS = Object.fromEntries(["site", "plain", "address", "out"].map((name) => [name, { type: "string" }]));
const { values: asked } = parseArgs({ options: { ...OPTIONS, quick: { type: "boolean" } } });
const limits = JSON.parse(await readFile(new URL("limits.json", import.meta.url), "utf8"));

async function measured(folder, pages) {
  const server = await serve(folder, asked.address);
  const browser = await openBrowser();
  const done = [];
  for (const page of pages) done.push(await measuredPage(page, browser, server));
  await browser.close();
  await server.close();
  return done;
}

async function measuredPage(page, browser, server) {
  console.error(`${page.kind}: /${page.url} …`);
  const address = `http://${asked.address}/${page.url}`;
  const found = {
    ...page,
    loaded: await load(browser, address, server),
    accessibility: await accessibility(browser, address),
    mistakes: await mistakes(page),
    // Lighthouse does not judge a page that answers 404; that page is served as a file of its own here.
    scores: await scores(address, asked.quick ? 1 : 3),
  };
  return { ...found, figures: figures(found) };
}

// Those of the rest of the site that cost little to look at: their weight and their markup.
async function others(pages) {
  const looked = [];
  for (const page of pages) {
    const found = { ...page, mistakes: await mistakes(page) };
    looked.push({ ...found, figures: { "HTML unpacked": Math.round(page.html / 102.4) / 10, "html-validate": found.mistakes.length } });
  }
  return looked;
}

const pages = await everyPage(asked.site);
const chosen = heaviest(pages);
const ours = await measured(asked.site, chosen);
const compared = (await everyPage(asked.plain)).filter(({ url }) =>
  chosen.some((page) => page.url === url && COMPARED.includes(page.kind)));
const plain = (await measured(asked.plain, compared)).map((page) => ({ ...page, plain: true }));
const rest = await others(pages.filter((page) => !chosen.includes(page)));

const breaches = [...ours, ...rest].flatMap((page) => broken(page, limits));
const shown = ours.flatMap((page) => [page, ...plain.filter(({ url }) => url === page.url)]);
const verdict = breaches.length
  ? ["## Limits that are broken", "", ...breaches.map((sentence) => `- ${sentence}`)]
  : [`Nothing breaks a limit; weight and markup were looked at on all ${pages.length} pages.`];
const summary = ["# Audit", "", table(shown), "", ...verdict, ""].join("\n");
const details = ["## What was found", "", ...ours.flatMap(findings)].join("\n");

await mkdir(asked.out, { recursive: true });
await writeFile(join(asked.out, "report.md"), `${summary}\n${details}`);
await writeFile(join(asked.out, "report.json"), JSON.stringify([...shown, ...rest], null, 1));
console.log(summary);
process.exit(breaches.length ? 1 : 0);
