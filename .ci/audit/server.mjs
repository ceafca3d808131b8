// Serves a built site as a host does: text is sent gzipped, assets may be kept for a year, `_headers` is obeyed.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".xml": "application/xml",
  ".txt": "text/plain; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".ipynb": "application/json",
};
const PACKED_ALREADY = new Set([".png", ".woff2", ".gz"]);
const KEPT_FOR_A_YEAR = "public, max-age=31536000, immutable";

// The site in `folder`, at `address`. `takeLog()` gives what was sent since it was last asked: path, type, bytes.
export async function serve(folder, address) {
  const rules = headerRules(await readFile(join(folder, "_headers"), "utf8").catch(() => ""));
  let log = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://here").pathname);
    const found = await find(folder, path);
    const body = found.packed ? gzipSync(found.content) : found.content;
    const headers = {
      "content-type": found.type,
      "content-length": body.length,
      ...(found.packed && { "content-encoding": "gzip" }),
      ...(path.startsWith("/assets/") && { "cache-control": KEPT_FOR_A_YEAR }),
      ...headersFor(rules, path),
    };
    log.push({ path, type: found.type.split(";")[0], bytes: body.length });
    response.writeHead(found.status, headers).end(body);
  });
  const [host, port] = address.split(":");
  await new Promise((resolve) => server.listen(Number(port), host, resolve));
  const takeLog = () => log.splice(0);
  const close = () => (server.closeAllConnections(), new Promise((resolve) => server.close(resolve)));
  return { takeLog, close };
}

async function find(folder, path) {
  const name = normalize(path.endsWith("/") ? `${path}index.html` : path);
  const file = async (name, status) => ({ status, ...described(name), content: await readFile(join(folder, name)) });
  return file(name, 200).catch(() => file("404.html", 404)).catch(() => ({ status: 404, type: "text/plain", content: "" }));
}

function described(name) {
  const ending = extname(name);
  return { type: TYPES[ending] ?? "application/octet-stream", packed: !PACKED_ALREADY.has(ending) };
}

// The lines of a `_headers` file, as Netlify and Cloudflare read it: a pattern, and below it, set in, what it adds.
function headerRules(text) {
  const rules = [];
  for (const line of text.split("\n").filter((line) => line.trim() && !line.startsWith("#"))) {
    const [, name, value] = line.match(/^\s+([^:]+):\s*(.*)$/) ?? [];
    if (name) rules.at(-1).headers[name.toLowerCase()] = value;
    else rules.push({ pattern: line.trim(), headers: {} });
  }
  return rules;
}

function headersFor(rules, path) {
  const matching = rules.filter(({ pattern }) =>
    pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern,
  );
  return Object.assign({}, ...matching.map(({ headers }) => headers));
}
