"use strict";
(() => {
  const form = document.querySelector("form.filtri");
  const rows = [...document.querySelectorAll("[data-cerca]")];
  const groups = [...document.querySelectorAll("[data-gruppo]")];
  const said = form.querySelector("output");
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const texts = new Map(rows.map((row) => [row, plain(row.dataset.cerca)]));
  const apply = () => {
    const asked = [...form.elements].filter((one) => one.name && one.value);
    const fits = (row) => asked.every((one) => one.name === "testo"
      ? plain(one.value).split(/\s+/).every((word) => texts.get(row).includes(word))
      : row.dataset[one.name].split(" ").includes(one.value));
    let shown = 0;
    for (const row of rows) {
      row.hidden = !fits(row);
      shown += row.hidden ? 0 : 1;
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-cerca]:not([hidden])");
    said.textContent = `${shown} su ${rows.length}`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  // a place that is asked for is shown, whatever the filters hide
  addEventListener("hashchange", () => {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!place || !place.closest("[hidden]")) return;
    form.reset();
    setTimeout(() => place.scrollIntoView());
  });
  form.hidden = false;
  apply();
})();
