// Filtering and sorting of the long list. Without this file everything is there, in the order of the programme.
"use strict";

(function () {
  const section = document.querySelector("section.list");
  const table = section && section.querySelector("table.filtered");
  if (!table) return;
  const say = section.dataset;
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);

  function field(label, element) {
    const wrap = document.createElement("label");
    const text = document.createElement("span");
    text.textContent = label;
    wrap.append(text, element);
    return wrap;
  }

  function choices(first, pairs) {
    const select = document.createElement("select");
    for (const [value, text] of [["", first], ...pairs]) {
      const option = document.createElement("option");
      option.value = value;
      option.textContent = text;
      select.append(option);
    }
    return select;
  }

  function distinct(key, selector) {
    const found = new Map();
    for (const row of rows) {
      const cell = row.querySelector(selector);
      if (cell && !found.has(row.dataset[key])) found.set(row.dataset[key], cell.textContent.replace(/^\W+/u, "").trim());
    }
    return Array.from(found);
  }

  const form = document.createElement("div");
  form.className = "filter";
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", say.filter);
  const search = document.createElement("input");
  search.type = "search";
  search.autocomplete = "off";
  const light = choices(say.anyLight, distinct("light", ".state .light"));
  const parties = distinct("party", ".party a, .party span").sort((a, b) => a[1].localeCompare(b[1], document.documentElement.lang));
  const party = choices(say.anyParty, parties);
  const count = document.createElement("p");
  count.setAttribute("role", "status");
  form.append(field(say.search, search), field(say.light, light), field(say.party, party), count);
  section.insertBefore(form, table);
  section.classList.add("live");

  function narrow() {
    const wanted = search.value.trim().toLocaleLowerCase();
    let shown = 0;
    for (const row of rows) {
      const fits =
        (!light.value || row.dataset.light === light.value) &&
        (!party.value || row.dataset.party === party.value) &&
        (!wanted || row.textContent.toLocaleLowerCase().includes(wanted));
      row.hidden = !fits;
      if (fits) shown += 1;
    }
    count.textContent = shown + " / " + rows.length + " " + say.hits;
  }

  function keyOf(row, column) {
    const cell = row.cells[column];
    return cell.dataset.sort !== undefined ? cell.dataset.sort : cell.textContent.trim();
  }

  function sortBy(heading, column) {
    const isDown = heading.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", isDown ? "descending" : "ascending");
    const order = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
    const sorted = Array.from(rows).sort((a, b) => (isDown ? -1 : 1) * order(keyOf(a, column), keyOf(b, column)));
    body.append(...sorted);
  }

  Array.from(table.tHead.rows[0].cells).forEach(function (heading, column) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent.trim();
    heading.textContent = "";
    heading.append(button);
    button.addEventListener("click", () => sortBy(heading, column));
  });
  search.addEventListener("input", narrow);
  light.addEventListener("change", narrow);
  party.addEventListener("change", narrow);
  narrow();
})();
