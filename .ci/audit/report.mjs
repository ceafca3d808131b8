// The table of an audit, and what in it breaks a limit.
const KB = 1024;
const TYPES = {
  "text/html": "HTML",
  "text/css": "CSS",
  "text/javascript": "JS",
  "font/woff2": "fonts",
  "image/svg+xml": "images",
  "image/png": "images",
};

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const kilobytes = (bytes) => Math.round((bytes / KB) * 10) / 10;

// The figures of a page that the table shows and that limits are set on, by name; those not measured are left out.
export function figures({ html, loaded, scores, accessibility, mistakes }) {
  const bytes = (type) => sum(loaded.sent.filter((sent) => (TYPES[sent.type] ?? "other") === type).map(({ bytes }) => bytes));
  const types = [...new Set([...Object.values(TYPES), "other"])];
  return {
    "first load, KB": kilobytes(sum(types.filter((type) => type !== "images").map(bytes))),
    ...Object.fromEntries(types.map((type) => [type, kilobytes(bytes(type))])),
    "HTML, CSS and JS": kilobytes(sum(["HTML", "CSS", "JS"].map(bytes))),
    "HTML unpacked": kilobytes(html),
    requests: loaded.sent.length,
    "third parties": loaded.thirdParty.length,
    "policy violations": loaded.violations.length,
    axe: accessibility.length,
    "html-validate": mistakes.length,
    ...(scores && {
      performance: scores.performance,
      accessibility: scores.accessibility,
      "best practices": scores["best-practices"],
      SEO: scores.seo,
      "LCP, s": Math.round(scores.lcp / 10) / 100,
      CLS: Math.round(scores.cls * 1000) / 1000,
      "TBT, ms": Math.round(scores.tbt),
    }),
  };
}

// Of these, more is better; of everything else, less.
const SCORES = ["performance", "accessibility", "best practices", "SEO"];

// What breaks a limit, in sentences: which page, which figure, and by what.
export function broken(page, limits) {
  const asked = { ...limits["every page"], ...limits[page.kind] };
  return Object.entries(asked).flatMap(([name, limit]) => {
    const value = page.figures[name];
    if (value === undefined) return [];
    const isScore = SCORES.includes(name);
    if (isScore ? value >= limit : value <= limit) return [];
    return [`${page.kind} (/${page.url}): ${name} is ${value}, and should be at ${isScore ? "least" : "most"} ${limit}`];
  });
}

export function table(pages) {
  const names = [...new Set(pages.flatMap((page) => Object.keys(page.figures)))];
  const row = (cells) => `| ${cells.join(" | ")} |`;
  const title = (page) => `${page.kind}${page.plain ? ", plain Material" : ""}`;
  return [
    row(["page", ...names]),
    row(["---", ...names.map(() => "--:")]),
    ...pages.map((page) => row([title(page), ...names.map((name) => page.figures[name] ?? "")])),
  ].join("\n");
}

// What was found on a page, one line for each thing, with the place of it.
export function findings({ kind, url, plain, loaded, scores, accessibility, mistakes }) {
  if (plain) return [];
  const lines = [
    ...accessibility.map(({ id, help, selector }) => `axe ${id}: ${help} — \`${selector}\``),
    ...mistakes.map(({ id, help, line, selector }) => `html-validate ${id}: ${help} — line ${line}, \`${selector}\``),
    ...loaded.violations.map((what) => `policy: ${what}`),
    ...loaded.thirdParty.map((origin) => `asks ${origin}`),
    ...(scores?.lost ?? []).map(({ category, id, value, selectors }) =>
      `Lighthouse ${category}, ${id} ${value} ${selectors.map((selector) => `\`${selector}\``).join(", ")}`.trim()),
  ];
  return lines.length ? [`### ${kind}: /${url}`, "", ...lines.map((line) => `- ${line}`), ""] : [];
}
