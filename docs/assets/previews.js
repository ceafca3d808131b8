// Material shows previews; this lets Escape dismiss one and gives it a name. It goes for good when its link is left.
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) {
      if (node.role === "dialog" && node.matches(".md-tooltip2")) node.ariaLabel = "Preview";
    }
  }
}).observe(document.body, { childList: true });

addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const preview of document.querySelectorAll(".md-tooltip2")) preview.hidden = true;
});
