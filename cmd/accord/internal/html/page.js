
"use strict";
(() => {
  const form = document.getElementById("filter");
  const input = document.getElementById("words");
  const found = document.getElementById("found");
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const rows = [...document.querySelectorAll("tr[data-a]")];
  const tables = [...document.querySelectorAll(".chunk")];
  const relationships = [...document.querySelectorAll("details.relationship")];
  const texts = new Array(rows.length);
  if (rows.length === 0) return;

  const plain = (s) => s.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const text = (i) => texts[i] ??= plain(rows[i].textContent + " " + (rows[i].closest("details.relationship")?.querySelector("h3").textContent ?? ""));

  // A run goes through the rows in slices, so that the page stays alive, and gives way to the next one.
  let run = 0;
  function filter() {
    const mine = ++run;
    const wanted = plain(input.value).split(/\s+/).filter(Boolean);
    const shown = new Set(boxes.filter((b) => b.checked).map((b) => b.name));
    const bodies = new Set();
    let i = 0, n = 0;
    const slice = () => {
      if (mine !== run) return;
      const until = performance.now() + 20;
      while (i < rows.length && performance.now() < until) {
        for (const end = Math.min(i + 100, rows.length); i < end; i++) {
          const fits = shown.has(rows[i].dataset.a) && wanted.every((w) => text(i).includes(w));
          if (rows[i].hidden === fits) rows[i].hidden = !fits;
          if (fits) {
            n++;
            bodies.add(rows[i].parentNode);
          }
        }
      }
      if (i < rows.length) {
        setTimeout(slice);
        return;
      }
      for (const t of tables) t.hidden = !bodies.has(t.firstElementChild.tBodies[0]);
      for (const r of relationships) r.hidden = r.querySelector(".chunk:not([hidden])") === null;
      found.textContent = n === rows.length ? `${n} rows` : `${n} of ${rows.length} rows`;
    };
    slice();
  }

  let timer;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(filter, 150);
  });
  form.addEventListener("change", (e) => { if (e.target !== input) filter(); });
  form.addEventListener("submit", (e) => { e.preventDefault(); filter(); });
  document.addEventListener("keydown", (e) => {
    if (e.key === "/" && e.target !== input && !e.ctrlKey && !e.metaKey && !e.altKey) {
      e.preventDefault();
      input.focus();
    }
    if (e.key === "Escape" && e.target === input && input.value !== "") {
      input.value = "";
      filter();
    }
  });

  for (const b of boxes) {
    const any = rows.some((r) => r.dataset.a === b.name);
    b.closest("label").hidden = !any;
  }
  found.textContent = `${rows.length} rows`;
  form.hidden = false;

  // A link can carry a search: page.html?q=lunch
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  if (input.value !== "") filter();

  // Paper has everything.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const d of closed) d.open = true;
  });
  addEventListener("afterprint", () => { for (const d of closed) d.open = false; });
})();
