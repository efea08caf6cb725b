// Keeps the overview up to date while somebody looks at it and does nothing else with it.
"use strict";
if (location.pathname === "/") {
  setInterval(async () => {
    const main = document.querySelector("main");
    const isBusy = main.contains(document.activeElement) || String(getSelection()) !== "";
    if (document.hidden || isBusy) {
      return;
    }
    try {
      const answer = await fetch("/", { headers: { accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      main.replaceChildren(...fresh.querySelector("main").childNodes);
      document.title = fresh.title;
    } catch {
      document.querySelector(".asof").textContent = "The publisher does not answer.";
    }
  }, 10000);
}
