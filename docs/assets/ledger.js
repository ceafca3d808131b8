// Hides the rows of the ledger that do not match what was chosen. The table is complete without it.
document$.subscribe(() => {
  const filter = document.querySelector(".ledger-filter");
  if (!filter) return;
  const rows = [...document.querySelectorAll(".ledger tbody tr")];
  const chosen = (name) => filter.querySelector(`[name=${name}]`).value;
  const show = () => {
    let shown = 0;
    for (const row of rows) {
      const themes = row.dataset.themes.split("|");
      row.hidden =
        (chosen("verdict") && row.dataset.verdict !== chosen("verdict")) ||
        (chosen("theme") && !themes.includes(chosen("theme")));
      if (!row.hidden) shown += 1;
    }
    filter.querySelector("[role=status]").textContent = `${shown} of ${rows.length} claims`;
  };
  filter.addEventListener("change", show);
  show();
});
