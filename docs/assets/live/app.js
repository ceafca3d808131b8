// A claim asked again with a reader's numbers: controls, the figure, and one worker that all figures of a page share.
const LIMIT = 20_000; // milliseconds without a sign of life, after which a run is stopped
const HEAP = 256 * 1024 * 1024; // above it the interpreter is replaced: its memory never shrinks
const STATES = { holds: ["supported", "holds"], fails: ["contradicted", "fails"], unclear: ["open", "is unclear"] };
const TOLD = {
  offline: () => "The model could not be fetched.",
  missing: (name) => `A file that the model needs is missing on this host (${name}).`,
  blocked: () => "This browser does not let pages run compiled code, which the model needs.",
  loop: () => `The model gave no sign of life for ${LIMIT / 1000} seconds and was stopped.`,
  memory: () => "The model needed more memory than it may have and was stopped.",
  broken: () => "The interpreter broke down, most likely for want of memory, and was replaced.",
  stopped: () => "Stopped.",
};

class Failure extends Error {
  constructor(kind, message = "") {
    super(message);
    this.kind = kind;
    this.told = (TOLD[kind] ?? TOLD.broken)(message);
  }
}

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

// --- the worker ------------------------------------------------------------------------------------------------------

const engine = {
  worker: null,
  waiting: new Map(),
  number: 0,
  loaded: new Set(),

  ask(action, more, progress = () => {}, limit = 0) {
    this.worker ??= this.start();
    const id = (this.number += 1);
    return new Promise((resolve, reject) => {
      const watch = () => limit && setTimeout(() => this.end(new Failure("loop")), limit);
      const settle = (done) => (value) => {
        clearTimeout(entry.timer);
        this.waiting.delete(id);
        done(value);
      };
      const entry = { resolve: settle(resolve), reject: settle(reject), timer: watch() };
      entry.progress = (told) => {
        clearTimeout(entry.timer);
        entry.timer = watch();
        progress(told);
      };
      this.waiting.set(id, entry);
      this.worker.postMessage({ id, action, ...more });
    });
  },

  start() {
    const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data: { id, answer, failed, progress } }) => {
      const entry = this.waiting.get(id);
      if (!entry) return;
      if (progress) entry.progress(progress);
      else if (answer) entry.resolve(answer);
      else {
        entry.reject(new Failure(failed.kind, failed.message));
        this.end();
      }
    });
    worker.addEventListener("error", () => this.end(new Failure(navigator.onLine ? "missing" : "offline", "worker.js")));
    return worker;
  },

  // Ends the worker, and with it all that it was asked; the next question starts another.
  end(why = new Failure("stopped")) {
    this.worker?.terminate();
    this.worker = null;
    this.booted = null;
    this.loaded.clear();
    for (const entry of [...this.waiting.values()]) entry.reject(why);
  },

  async ready(data, progress) {
    this.booted ??= this.ask("boot", { base: data.base, sizes: data.sizes, info: data.info }, progress);
    await this.booted;
    if (!this.loaded.has(data.url)) {
      await this.ask("load", { code: data.code, compiled: data.compiled });
      this.loaded.add(data.url);
    }
  },

  async run(data, question, values, progress) {
    await this.ready(data);
    const answer = await this.ask("run", { question, values }, progress, LIMIT);
    if (answer.heap > HEAP || answer.error === "MemoryError") this.end();
    if (answer.error === "MemoryError") throw new Failure("memory");
    if (answer.error) {
      const where = answer.where ? ` (${answer.where})` : "";
      throw Object.assign(new Error(), {
        told: `The model stopped at these numbers: ${answer.error}: ${answer.message}${where}.`,
      });
    }
    return answer;
  },
};

addEventListener("pagehide", () => engine.end());
document$.subscribe(() => document.querySelector(".live-panel") || engine.end());

// --- opening ---------------------------------------------------------------------------------------------------------

const data = new Map();

async function fetchData(host) {
  const url = new URL(host.dataset.live, location.href).href;
  if (!data.has(url)) {
    const response = await fetch(url).catch(() => {
      throw new Failure("offline");
    });
    if (!response.ok) throw new Failure("missing", "live.json");
    const told = await response.json();
    data.set(url, { ...told, url, base: new URL(told.runtime, new URL(host.dataset.root, location.href)).href });
  }
  return data.get(url);
}

let vega;

async function fetchVega(base) {
  const named = (name) =>
    import(`${base}${name}`).catch(() => {
      throw new Failure(navigator.onLine ? "missing" : "offline", name);
    });
  await named("vega.js");
  const [{ expressionInterpreter }] = await Promise.all([named("vega-interpreter.js"), named("vega-lite.js")]);
  return { vega: globalThis.vega, lite: globalThis.vegaLite, interpreter: expressionInterpreter };
}

export async function open(host, button, said) {
  performance.mark("live-click");
  const bar = element("progress", { max: 1, ariaLabel: "Fetching the model" });
  said.before(bar);
  try {
    const whole = await fetchData(host);
    const question = whole.questions[host.dataset.claim];
    // The library that draws comes while Python starts, and not before what Python is made of.
    const chart = () => {
      vega ??= fetchVega(whole.base);
      vega.catch(() => (vega = null));
    };
    await engine.ready(whole, ({ loaded, total }) => {
      bar.value = Math.min(loaded / total, 1);
      if (loaded < total) return;
      said.textContent = "Starting Python …";
      chart();
    });
    chart();
    const drawing = vega;
    const first = await engine.run(whole, question, published(question));
    const { spec, theme } = await engine.ask("figure", { question });
    const panel = new Panel(host, whole, question, await drawing, { spec, theme }, first);
    button.remove();
    said.remove();
    await panel.show(first);
    performance.measure("live-first", "live-click");
    await panel.follow();
  } catch (error) {
    if (error.kind === "offline" || error.kind === "missing") data.clear();
    throw error;
  } finally {
    bar.remove();
  }
}

const published = (question) => Object.fromEntries(question.knobs.map((knob) => [knob.name, knob.value]));

// --- one figure with its controls ------------------------------------------------------------------------------------

const written = (value) => String(Number(value.toPrecision(4))).replace("-", "−");

class Panel {
  constructor(host, whole, question, library, figure, first) {
    Object.assign(this, { host, whole, question, library, figure, values: published(question) });
    this.proof = element("p", { className: "live-proof", textContent: proof(question, first) });
    this.chart = element("div", { className: "live-chart" });
    this.chart.setAttribute("role", "img");
    this.said = element("p", { className: "live-said" });
    this.said.setAttribute("role", "status");
    this.mark = element("p", { className: "live-mark" });
    this.bar = element("progress", { max: question.run.effects.length, hidden: true, ariaLabel: "Asking the model" });
    this.stop = this.button("Stop", () => engine.end());
    this.stop.hidden = true;
    this.body = element("tbody");
    const heads = ["As published", "Yours"].map((text) => element("th", { scope: "col", textContent: text }));
    const table = element(
      "table",
      { className: "live-table" },
      element("caption", { textContent: `Effect: ${question.statistic}. Above ${written(question.delta)} the claim holds.` }),
      element("thead", {}, element("tr", {}, element("td"), ...heads)),
      this.body,
    );
    this.csv = element("a", { textContent: "Results as CSV", download: `${question.claim.replace("/", "-")}.csv` });
    this.panel = element(
      "div",
      { className: "live-panel" },
      this.chart,
      this.mark,
      this.knobs(),
      element(
        "p",
        { className: "live-buttons" },
        this.stop,
        this.bar,
        this.button("Reset", () => this.set(published(question))),
        this.button("Copy a link to these numbers", () => this.link()),
        this.csv,
      ),
      this.said,
      this.proof,
      table,
    );
    host.replaceChildren(this.panel);
    host.closest(".boundary")?.classList.add("is-live");
    const redraw = () => this.panel.isConnected && this.draw();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    new MutationObserver(redraw).observe(document.body, { attributeFilter: ["data-md-color-scheme", "data-md-color-media"] });
  }

  button(text, action) {
    const made = element("button", { type: "button", textContent: text });
    made.addEventListener("click", action);
    return made;
  }

  knobs() {
    this.inputs = new Map();
    const first = (knob) => knob.name === this.question.along;
    const knobs = [...this.question.knobs].sort((a, b) => first(b) - first(a)); // the one that the figure is drawn along
    const rows = knobs.map((knob) => {
      const scale = knob.unit === "%" ? 100 : 1;
      const limits = { min: round(knob.low * scale), max: round(knob.high * scale), step: round(knob.step * scale) };
      const words = `${knob.says[0].toUpperCase()}${knob.says.slice(1)}${knob.unit ? ` (${knob.unit})` : ""}`;
      const id = `live-${this.host.dataset.claim}-${knob.name}`;
      const slider = element("input", { type: "range", id, ...limits });
      const number = element("input", { type: "number", ...limits, ariaLabel: `${words}, as a number` });
      const change = (input) => () => {
        const value = Math.min(Math.max(input.valueAsNumber, limits.min), limits.max);
        if (Number.isFinite(value)) this.set({ ...this.values, [knob.name]: round(value / scale) });
      };
      slider.addEventListener("input", change(slider));
      number.addEventListener("change", change(number));
      this.inputs.set(knob.name, { slider, number, scale, unit: knob.unit });
      const label = element("label", { htmlFor: id, textContent: words });
      return element("div", { className: "live-knob" }, label, slider, number);
    });
    this.place();
    return element("fieldset", {}, element("legend", { textContent: "Your numbers" }), ...rows);
  }

  place() {
    for (const [name, { slider, number, scale, unit }] of this.inputs) {
      const value = round(this.values[name] * scale);
      slider.value = value;
      slider.ariaValueText = `${value} ${unit}`.trim();
      if (number.valueAsNumber !== value) number.value = value;
    }
  }

  // The numbers of the link by which the reader came, where it was for this claim.
  async follow() {
    const asked = new URLSearchParams(location.search);
    if (asked.get("try") !== this.host.dataset.claim) return;
    const values = { ...this.values };
    for (const knob of this.question.knobs) {
      const value = Number.parseFloat(asked.get(knob.name));
      if (value >= knob.low && value <= knob.high) values[knob.name] = value;
    }
    await this.set(values);
  }

  async set(values) {
    this.values = values;
    this.place();
    if (this.running) return; // the run that is under way sees to it that the newest numbers follow
    this.running = true;
    const late = setTimeout(() => {
      this.bar.hidden = this.stop.hidden = false;
    }, 150);
    for (let done; done !== this.values; ) {
      done = this.values;
      performance.mark("live-asked");
      this.bar.removeAttribute("value");
      try {
        const answer = await engine.run(this.whole, this.question, done, ({ done: seeds }) => (this.bar.value = seeds));
        await this.show(answer);
        performance.measure("live-run", "live-asked");
      } catch (error) {
        this.say(error.told ?? error.message, 0);
      }
    }
    clearTimeout(late);
    this.running = false;
    this.bar.hidden = this.stop.hidden = true;
  }

  async show({ row, effects, values }) {
    this.answer = { row, effects, values };
    const [kind, words] = STATES[row.state];
    const mark = element("span", { className: `verdict verdict--${kind}`, textContent: words });
    const study = this.question.points[0].n;
    this.mark.replaceChildren(mark, ` at ${this.at(row.at)} in your run, of ${row.n} seeds; the notebook asked ${study}.`);
    this.body.replaceChildren(...this.rows(this.question.run, row));
    if (this.view) await this.view.data("yours", [row]).runAsync();
    else await this.draw();
    this.chart.ariaLabel = `The published curve, and your run at ${this.at(row.at)}: ${written(row.mean)}.`;
    this.csv.href = `data:text/csv;charset=utf-8,${encodeURIComponent(this.table())}`;
    this.say(`At ${this.at(row.at)} it ${words} in your run: ${written(row.mean)}.`, 400, "for-the-ear");
  }

  rows(...runs) {
    const shown = {
      At: ({ at }) => this.at(at),
      Effect: ({ mean }) => written(mean),
      Interval: ({ lo, hi }) => (lo === hi ? "exact" : `${written(lo)} to ${written(hi)}`),
      Seeds: ({ n }) => n,
      "So it": ({ state }) => STATES[state][1],
    };
    return Object.entries(shown).map(([name, words]) => {
      const cells = runs.map((run) => element("td", { textContent: words(run) }));
      return element("tr", {}, element("th", { scope: "row", textContent: name }), ...cells);
    });
  }

  at(value) {
    const { scale, unit } = this.inputs.get(this.question.along);
    return `${written(value * scale)} ${unit}`.trim();
  }

  table() {
    const names = this.question.knobs.map((knob) => knob.name);
    const lines = [["seed", ...names, "effect"]];
    const first = Number.parseInt(this.question.seeds, 10);
    this.answer.effects.forEach((effect, k) => lines.push([first + k, ...names.map((name) => this.answer.values[name]), effect]));
    return lines.map((line) => `${line.join(",")}\r\n`).join("");
  }

  async link() {
    const url = new URL(location.href);
    url.search = new URLSearchParams({ try: this.host.dataset.claim, ...this.values });
    url.hash = this.host.closest("[id]")?.id ?? "";
    history.replaceState(history.state, "", url);
    try {
      await navigator.clipboard.writeText(url.href);
      this.say("The link is copied.", 0);
    } catch {
      this.say("The address of this page is the link now.", 0);
    }
  }

  // What a screen reader is told: the last of many steps, and not each. What the page shows anyway is told to it alone.
  say(words, after, kind = "") {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => {
      this.said.className = `live-said ${kind}`.trim();
      this.said.textContent = words;
    }, after);
  }

  async draw() {
    this.view?.finalize();
    const { vega, lite, interpreter } = this.library;
    const width = Math.max(220, Math.min(560, this.host.clientWidth - 90));
    const { title, ...rest } = this.figure.spec;
    const dark = getComputedStyle(document.body).backgroundColor.match(/\d+/g)?.[0] < 128;
    const coloured = JSON.stringify([{ ...rest, width }, { ...this.figure.theme, aria: false }]).replace(
      /#[0-9a-f]{6}/g,
      (colour) => (dark && this.whole.dark[colour]) || colour,
    );
    const [spec, config] = JSON.parse(coloured);
    const parsed = vega.parse(lite.compile(spec, { config }).spec, null, { ast: true });
    this.view = new vega.View(parsed, {
      renderer: "svg",
      container: this.chart,
      expr: interpreter,
      hover: false,
      tooltip: () => {},
      logLevel: vega.Error,
    });
    if (this.answer) this.view.data("yours", [this.answer.row]);
    await this.view.runAsync();
  }
}

const round = (value) => Number(value.toPrecision(10));

function proof(question, { digest }) {
  if (digest === question.run.digest) return "This browser reproduces the published run exactly.";
  if (digest === question.built) {
    return "This browser answers as the same Python did when the site was made; the notebook’s own run differs in its last digits.";
  }
  return "This browser’s answers differ from those of the published run, so take what it says as a sketch.";
}
