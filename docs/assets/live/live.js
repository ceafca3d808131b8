// The button beside a claim that can be asked again. Nothing else is fetched before it is pressed.
{
  const here = document.currentScript.src;
  document$.subscribe(() => {
    for (const host of document.querySelectorAll(".live")) {
      if (host.firstChild) continue;
      const button = Object.assign(document.createElement("button"), { type: "button", className: "live-start" });
      const said = document.createElement("p");
      said.setAttribute("role", "status");
      const asked = new URLSearchParams(location.search).get("try") === host.dataset.claim;
      button.textContent = `${asked ? "Run the numbers of this link" : "Try your own numbers"} (${host.dataset.size})`;
      host.append(button, said);
      let tries = 0;
      button.addEventListener("click", async () => {
        button.disabled = true;
        said.textContent = "";
        tries += 1;
        try {
          if (!self.WebAssembly || !self.DecompressionStream || !self.Worker) {
            throw Object.assign(new Error(), { told: "This browser is too old to run the model." });
          }
          // A browser may remember that a module could not be fetched: another address asks again.
          const app = await import(new URL(`app.js${tries > 1 ? `?${tries}` : ""}`, here)).catch(() => {
            throw Object.assign(new Error(), { told: "The program that runs the model could not be fetched." });
          });
          await app.open(host, button, said);
        } catch (error) {
          const offline = navigator.onLine ? "" : " There seems to be no network.";
          const told = error.told ?? `The model could not be started: ${error.message}`;
          said.textContent = `${told}${offline} What is shown above stays as published.`;
          button.textContent = "Try again";
          button.disabled = false;
        }
      });
    }
  });
}
