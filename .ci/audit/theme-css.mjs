// Writes the part of Material's stylesheets that this site uses, judged by the site as it is built in the folder given.
//
//     node theme-css.mjs <built site> <file to write>
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PurgeCSS } from "purgecss";

// What Markdown makes, whether or not a page has it today.
const WRITTEN = [
  ..."a abbr blockquote br code dd del dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr img ins kbd li mark ol p".split(" "),
  ..."pre s small span strong sub summary details sup table tbody td th thead tr ul highlight hll".split(" "),
  /^footnote/,
  /^[a-z]{1,2}\d?$/, // what Pygments calls the parts of code
];
// What Material's script puts into a page: tooltips, the button that copies code, what it says of it, and states.
const BY_SCRIPT = [
  /^md-(tooltip2|dialog|code__|clipboard|typeset__|nav__link--)/,
  /^(js|no-js|focus-visible|js-focus-visible|hidden)$/,
  /^data-md-(color-switching|copying|scrolllock|switching|visible)$/,
];
// Values of data-md-type and role that it sets.
const VALUES_BY_SCRIPT = "copy select tooltip";

// The names in the tags of a page; its words are not names, though some are called like a class.
const inTags = (html) => html.match(/<[^>]+>/g).join(" ").match(/[\w-]+/g);

// The stylesheet without the variables that no rule reads; *own* is the other stylesheet of a page.
function withoutUnread(css, own) {
  const read = new Set([...`${css}${own}`.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name));
  const left = css.replace(/(?<=[{;])(--[\w-]+):(?:"[^"]*"|[^;}"])*;?/g, (whole, name) => (read.has(name) ? whole : ""));
  return left === css ? css : withoutUnread(left, own);
}

const [site, written] = process.argv.slice(2);
const folder = join(site, "assets/stylesheets");
const names = (await readdir(folder)).filter((file) => /^(main|palette)\..*\.css$/.test(file)).sort();
const made = await new PurgeCSS().purge({
  content: [`${site}/**/*.html`, `${site}/assets/*.js`, { raw: VALUES_BY_SCRIPT, extension: "txt" }],
  css: names.map((name) => join(folder, name)),
  extractors: [{ extensions: ["html"], extractor: inTags }],
  safelist: { standard: [...WRITTEN, ...BY_SCRIPT] },
  keyframes: true,
});
const rules = made.map(({ css }) => css.replace(/\s*\/\*# sourceMappingURL.*?\*\//, "").trim()).join("\n");
const css = withoutUnread(rules, await readFile(join(site, "assets/site.css"), "utf8"));
const head = `/* What this site uses of Material's ${names.join(" and ")}; written by make theme-css. */`;
await writeFile(written, `${head}\n${css}\n`);
