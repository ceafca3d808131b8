// Lighthouse's scores of a page, on the phone it imagines.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { FLAGS } from "./browse.mjs";

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const TIMES = { lcp: "largest-contentful-paint", cls: "cumulative-layout-shift", tbt: "total-blocking-time" };

// The scores of `address`, its times, and what it lost points for; of several runs the one of middling performance.
export async function scores(address, runs) {
  const results = [];
  for (let run = 0; run < runs; run += 1) results.push(await runOnce(address));
  return results.sort((a, b) => a.performance - b.performance)[Math.floor(runs / 2)];
}

async function runOnce(address) {
  // A new one for each run: what a browser has kept makes the second run faster than the first.
  const chrome = await launch({ chromePath: process.env.CHROMIUM, chromeFlags: ["--headless=new", ...FLAGS] });
  try {
    const { lhr } = await lighthouse(address, { port: chrome.port, onlyCategories: CATEGORIES, logLevel: "error" });
    if (lhr.runtimeError) throw new Error(`Lighthouse could not read ${address}: ${lhr.runtimeError.message}`);
    return summary(lhr);
  } finally {
    await chrome.kill();
  }
}

function summary(lhr) {
  const score = Object.fromEntries(CATEGORIES.map((name) => [name, Math.round(lhr.categories[name].score * 100)]));
  const times = Object.fromEntries(Object.entries(TIMES).map(([name, audit]) => [name, lhr.audits[audit].numericValue]));
  return { ...score, ...times, lost: CATEGORIES.flatMap((name) => lost(lhr, lhr.categories[name])) };
}

// The audits that cost *category* points, with the first places each names.
function lost(lhr, category) {
  return category.auditRefs
    .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
    .map(({ id }) => ({
      category: category.id,
      id,
      title: lhr.audits[id].title,
      value: lhr.audits[id].displayValue ?? "",
      selectors: (lhr.audits[id].details?.items ?? []).map((item) => item.node?.selector).filter(Boolean),
    }));
}
