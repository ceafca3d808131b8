// What a browser sees of a page: what it fetches at first load, what its policy refuses, what axe-core finds.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { width: 412, height: 823 };
const DESK = { width: 1440, height: 900 };
const VIEWS = [PHONE, DESK].flatMap((viewport) => ["light", "dark"].map((colorScheme) => ({ viewport, colorScheme })));
// Containers lack the rights that a sandbox needs; the others keep the browser from calling home.
export const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];

export const openBrowser = () => chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });

// What the first load of `address` on a phone fetches, and what goes wrong: requests by type, third parties, violations.
export async function load(browser, address, server) {
  const context = await browser.newContext({ viewport: PHONE, deviceScaleFactor: 1.75 });
  const page = await context.newPage();
  const elsewhere = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== new URL(address).origin) elsewhere.push(url.origin);
  });
  const violations = await watchPolicy(page);
  server.takeLog();
  await page.goto(address, { waitUntil: "networkidle" });
  await context.close();
  return { sent: server.takeLog(), thirdParty: elsewhere, violations };
}

async function watchPolicy(page) {
  const found = [];
  await page.exposeFunction("refused", (what) => found.push(what));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      window.refused(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`.trim());
    });
  });
  return found;
}

// What axe-core finds on `address`, light and dark, on a phone and on a desk, with everything unfolded.
export async function accessibility(browser, address) {
  const found = new Map();
  for (const view of VIEWS) {
    const context = await browser.newContext(view);
    const page = await context.newPage();
    await page.goto(address, { waitUntil: "networkidle" });
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => axe.run({ rules: { "target-size": { enabled: true } } }));
    for (const { id, help, nodes } of violations)
      for (const { target, any } of nodes)
        found.set(`${id} ${target.join(" ")}`, { id, help: any[0]?.message ?? help, selector: target.join(" ") });
    await context.close();
  }
  return [...found.values()];
}
