// Hides the rows of the ledger that do not match what was chosen. The table is complete without it.
document$.subscribe(() => {
  const form = document.querySelector(".ledger-filter");
  if (!form) return;
  const rows = [...document.querySelectorAll(".ledger tbody tr")];
  const chosen = (name) => form.elements[name].value;
  const show = () => {
    let shown = 0;
    for (const row of rows) {
      const themes = row.dataset.themes.split("|");
      row.hidden =
        (chosen("verdict") && row.dataset.verdict !== chosen("verdict")) ||
        (chosen("theme") && !themes.includes(chosen("theme")));
      if (!row.hidden) shown += 1;
    }
    form.querySelector("[role=status]").textContent = `${shown} of ${rows.length} claims`;
  };
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
});
