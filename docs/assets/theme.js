// What Material's script leaves undone.

// A preview has a name; the buttons that copy code are no place to navigate to.
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) {
      if (node.role === "dialog" && node.matches(".md-tooltip2")) node.ariaLabel = "Preview";
      if (node.matches?.(".md-code__nav")) node.role = "none";
    }
  }
}).observe(document.body, { childList: true, subtree: true });

// Escape dismisses a preview; it goes for good when its link is left.
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const preview of document.querySelectorAll(".md-tooltip2")) preview.hidden = true;
});
