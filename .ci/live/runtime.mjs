// Packs the standard library for a reader's browser, and asks every published question in that very runtime.
//
//     node runtime.mjs job.json folder
//
// The job names the modules to pack, and the questions with the code that answers them.  Into the folder go the library
// as `stdlib.zip`, byte-compiled, and `answers.json`.  Everything else that a browser needs is copied by make.py.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const [, , jobPath, folder] = process.argv;
const job = JSON.parse(await readFile(jobPath, "utf8"));
const home = fileURLToPath(new URL("node_modules/pyodide/", import.meta.url));
const { loadPyodide } = await import(new URL("node_modules/pyodide/pyodide.mjs", import.meta.url));
const lock = JSON.parse(await readFile(join(home, "pyodide-lock.json"), "utf8"));
// No packages: nothing is left that could be asked for elsewhere.  Compiled code must not depend on hashes of the day.
const settings = {
  indexURL: home,
  packageBaseUrl: home,
  lockFileContents: JSON.stringify({ info: lock.info, packages: {} }),
  env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0" },
};

const PACK = `
import importlib, importlib.util, io, sys, zipfile

for name in wanted:
    importlib.import_module(name)
archive = next(path for path in sys.path if path.endswith(".zip"))
names = set()
with zipfile.ZipFile(archive) as whole:
    inside = set(whole.namelist())
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None) or ""
        name = path.removeprefix(archive + "/")
        if name != path and name in inside:
            names.add(name)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as small:
        for name in sorted(names):
            source = whole.read(name)
            code = compile(source, f"{archive}/{name}", "exec", dont_inherit=True, optimize=2)
            compiled = importlib._bootstrap_external._code_to_hash_pyc(code, importlib.util.source_hash(source), False)
            entry = zipfile.ZipInfo(name + "c", (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            small.writestr(entry, bytes(compiled))
packed.getvalue()
`;

const full = await loadPyodide(settings);
full.globals.set("wanted", full.toPy(job.modules));
const packed = full.runPython(PACK).toJs();
const library = join(folder, "stdlib.zip");
await writeFile(library, packed);

const python = await loadPyodide({ ...settings, stdLibURL: library });
python.runPython(await readFile(new URL("../../docs/assets/live/harness.py", import.meta.url), "utf8"));
const call = (name, value) => JSON.parse(python.globals.get(name)(JSON.stringify(value)));
call("load", { code: job.code, compiled: {} });
const answers = {};
for (const [claim, module] of Object.entries(job.questions)) {
  answers[claim] = call("published", { claim, module });
}
// The notebooks' own code, compiled: Python takes it only where it belongs to the source beside it.
const compiled = call("compiled", Object.keys(job.code));
const version = python.runPython("import sys; sys.version.split()[0]");
await writeFile(join(folder, "answers.json"), JSON.stringify({ python: version, info: lock.info, answers, compiled }));
process.exit(0);
