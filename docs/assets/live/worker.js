// One Python for all figures of a page. Asked by number, it answers by number: { id, answer }, { id, failed },
// and on the way { id, progress }.
const harness = new URL("harness.py", import.meta.url);
const MEMORY = 512 * 1024 * 1024;
let python;

class Failure extends Error {
  constructor(kind, message = "") {
    super(message);
    this.kind = kind;
  }
}

async function fetched(url, read) {
  const response = await fetch(url).catch(() => {
    throw new Failure("offline");
  });
  if (!response.ok) throw new Failure("missing", url.split("/").pop());
  return read(response);
}

async function boot({ base, sizes, info }, progress) {
  try {
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  } catch (error) {
    throw new Failure("blocked");
  }
  // What is asked for beyond this becomes an error of the model, and not the end of the tab.
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * 65536 > MEMORY) throw new RangeError("too much memory");
    return grow.call(this, pages);
  };
  const names = ["pyodide.asm.wasm", "stdlib.gzb"];
  const total = names.reduce((sum, name) => sum + sizes[name], 0);
  let loaded = 0;
  const count = async (body) => {
    for (const reader = body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      loaded += value.length;
      progress({ loaded, total });
    }
  };
  const library = fetched(`${base}stdlib.gzb`, async (response) => {
    count(response.clone().body).catch(() => {});
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes; // the host unpacked it already
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  });
  const source = fetched(harness.href, (response) => response.text());
  for (const promise of [library, source]) promise.catch(() => {}); // each is waited for below
  const original = self.fetch;
  let lost;
  self.fetch = async (request, ...more) => {
    const url = String(request.url ?? request);
    // Where it cannot be had, that is told below, and nobody waits for this.
    if (url.endsWith("/stdlib.zip")) return new Response(await library.catch(() => new Promise(() => {})));
    if (!url.endsWith(".wasm")) return original(request, ...more);
    const response = await original(request, ...more).catch((error) => {
      lost(new Failure("offline"));
      throw error;
    });
    if (!response.ok) lost(new Failure("missing", "pyodide.asm.wasm"));
    else count(response.clone().body).catch(() => {});
    return response;
  };
  // Pyodide waits for ever for what it cannot compile, so what it lacks is told beside it.
  const lack = new Promise((_, reject) => (lost = reject));
  const { loadPyodide } = await import(`${base}pyodide.mjs`).catch(async () => {
    await fetched(`${base}pyodide.mjs`, () => {});
    throw new Failure("missing", "pyodide.mjs");
  });
  const lockFileContents = JSON.stringify({ info, packages: {} });
  const loading = loadPyodide({ indexURL: base, packageBaseUrl: base, stdLibURL: `${base}stdlib.zip`, lockFileContents });
  python = await Promise.race([Promise.all([loading, library]).then(([loaded]) => loaded), lack]);
  python.runPython(await source);
  return { python: python.runPython("__import__('sys').version.split()[0]") };
}

const asked = (name, value, ...more) => JSON.parse(python.globals.get(name)(JSON.stringify(value), ...more));

const actions = {
  boot,
  load: ({ code, compiled }) => asked("load", { code, compiled }),
  figure: ({ question }) => asked("figure", question),
  run: ({ question, values }, progress) => {
    const answer = asked("run", { ...question, values }, (done, of) => progress({ done, of }));
    return { ...answer, heap: python._module.HEAPU8.length };
  },
};

addEventListener("message", async ({ data: { id, action, ...more } }) => {
  try {
    postMessage({ id, answer: await actions[action](more, (progress) => postMessage({ id, progress })) });
  } catch (error) {
    postMessage({ id, failed: { kind: error.kind ?? "broken", message: String(error.message ?? error).slice(-300) } });
  }
});
