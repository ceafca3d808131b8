// A slider along the numbers of a boundary, and the verdict where it stands. Figure, sentence and table do without it.
document$.subscribe(() => {
  for (const figure of document.querySelectorAll(".boundary")) {
    const table = figure.querySelector("table");
    if (!table || figure.querySelector(".boundary-slider")) continue;
    const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent));
    const marks = { holds: "supported", fails: "contradicted", "is unclear": "open" };
    const slider = Object.assign(document.createElement("input"), { type: "range", min: 0, max: rows.length - 1 });
    const label = document.createElement("label");
    const told = Object.assign(document.createElement("p"), { className: "boundary-told" });
    const mark = document.createElement("span");
    const words = document.createElement("span");
    const show = () => {
      const [at, mean, interval, state] = rows[slider.value];
      mark.className = `verdict verdict--${marks[state]}`;
      mark.textContent = state;
      words.textContent = ` at ${at}: ${mean} (${interval})`;
      slider.ariaValueText = `${at}: it ${state}`;
      [...table.tBodies[0].rows].forEach((row, number) => row.classList.toggle("here", number === +slider.value));
    };
    const turn = rows.findIndex((row, number) => number && row[3] !== rows[number - 1][3]);
    slider.value = Math.max(turn, 0);
    label.className = "boundary-slider";
    label.append(table.dataset.says[0].toUpperCase() + table.dataset.says.slice(1), slider);
    told.append(mark, words);
    figure.querySelector("figcaption").after(label, told);
    slider.addEventListener("input", show);
    show();
  }
});
