// Pickers: what the site's own search finds of the passages, how many are chosen, and the whole text of what is chosen.
const LATER = 250; // milliseconds after the last letter

// A search that fails (no network, no session any more) says so where it would say what it has found.
const typed = (input, search) => {
  const found = input.closest(".search-row").querySelector(".found");
  let last;
  input.addEventListener("input", () => {
    clearTimeout(last);
    const isLast = () => last === mine;
    const fail = () => isLast() && (found.textContent = found.dataset.failed);
    const mine = setTimeout(() => search(input.value.trim(), isLast).catch(fail), LATER);
    last = mine;
  });
  // Enter would save the form.
  input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
};

const ask = async (address) => {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
};

const box = (row) => row.querySelector("input");
const words = (row) => row.querySelector("[lang]");
const written = new Map(); // each passage's text, without the marks of a search

// Those of an entry, several at once

const remember = (row) => {
  if (!written.has(box(row).value)) written.set(box(row).value, words(row).innerHTML);
};

const show = (rows, found) => {
  for (const row of rows) {
    const text = found?.get(box(row).value);
    row.hidden = found && !text;
    words(row).innerHTML = text ?? written.get(box(row).value);
  }
};

const rowFor = (name, { id, kind, text }) => {
  const row = document.createElement("li");
  row.className = `passage-${kind}`;
  row.innerHTML = `<label><input type="checkbox"> <span lang="it"></span></label>`;
  Object.assign(box(row), { name, value: String(id) });
  words(row).innerHTML = text.replace(/<\/?mark>/g, "");
  return row;
};

const passages = document.querySelectorAll("[data-passages]");
for (const picker of passages) {
  const count = picker.querySelector(".passages-count");
  const others = picker.querySelector(".passages-others");
  const input = picker.querySelector("[type=search]");
  const found = picker.querySelector(".found");
  const rows = () => [...others.children];
  picker.querySelectorAll("li").forEach(remember);
  input.closest("[hidden]").hidden = false;
  picker.addEventListener("change", () => {
    const chosen = picker.querySelectorAll(":checked").length;
    const { none, one, several } = count.dataset;
    count.textContent = [none, one][chosen] ?? several.replace("{n}", chosen);
  });
  typed(input, async (q, isLast) => {
    if (!q) {
      show(rows());
      found.textContent = "";
      return;
    }
    const answer = await ask(`${picker.dataset.search}?q=${encodeURIComponent(q)}`);
    if (!isLast()) return;
    for (const each of answer.found) {
      if (picker.querySelector(`[value="${each.id}"]`)) continue;
      const row = rowFor(picker.dataset.passages, each);
      remember(row);
      others.append(row);
    }
    show(rows(), new Map(answer.found.map(({ id, text }) => [String(id), text])));
    found.textContent = answer.said;
  });
}

// The one that a link rests on

const tell = (select) => {
  const quote = select.closest(".one-passage").querySelector(".passage-said");
  quote.innerHTML = written.get(select.value) ?? "";
};

const choose = (select, id, text) => {
  if (![...select.options].some((option) => option.value === id)) select.add(new Option(text.slice(0, 110), id));
  select.value = id;
  select.dispatchEvent(new Event("change", { bubbles: true }));
};

const dialog = document.getElementById("passage-dialog");
if (dialog) {
  const list = dialog.querySelector("ul");
  const input = dialog.querySelector("[type=search]");
  const found = dialog.querySelector(".found");
  const [own] = passages;
  let select;

  const fill = (kept) => {
    const every = own ? [...own.querySelectorAll("li")] : [];
    const rows = every.filter((row) => !kept || kept.has(box(row).value));
    list.replaceChildren(...[true, false].flatMap((first) => rows.filter((row) => box(row).checked === first).map(item)));
  };
  const item = (row) => {
    const choice = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", lang: "it", value: box(row).value });
    button.innerHTML = written.get(button.value);
    choice.append(button);
    if (box(row).checked) choice.append(Object.assign(document.createElement("span"), { textContent: list.dataset.own }));
    return choice;
  };
  document.addEventListener("click", ({ target }) => {
    if (!target.matches(".choose-passage")) return;
    select = target.closest(".one-passage").querySelector("select");
    input.value = found.textContent = "";
    fill();
    dialog.showModal();
  });
  list.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    choose(select, button.value, button.textContent);
    dialog.close();
  });
  dialog.querySelector(".close-dialog").addEventListener("click", () => dialog.close());
  typed(input, async (q, isLast) => {
    if (!q) {
      found.textContent = "";
      fill();
      return;
    }
    const answer = await ask(`${own.dataset.search}?q=${encodeURIComponent(q)}`);
    if (!isLast()) return;
    const others = own.querySelector(".passages-others");
    for (const each of answer.found) {
      if (own.querySelector(`[value="${each.id}"]`)) continue;
      const row = rowFor(own.dataset.passages, each);
      remember(row);
      row.hidden = true;
      others.append(row);
    }
    fill(new Set(answer.found.map(({ id }) => String(id))));
    found.textContent = answer.said;
  });
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-passage]")) tell(target);
  if (target.matches("[data-term]")) {
    target.closest(".one-term").querySelector(".wording").textContent = target.selectedOptions[0]?.dataset.wording ?? "";
  }
});

// Buttons that do nothing without this; a row that is added has its own.
const uncover = () => document.querySelectorAll(".choose-passage").forEach((button) => (button.hidden = !dialog));
uncover();
document.addEventListener("formset:added", uncover);

// An initiative among very many

for (const picker of document.querySelectorAll(".one-entry[data-search]")) {
  const select = picker.querySelector("select");
  const input = picker.querySelector("[type=search]");
  const found = picker.querySelector(".found");
  const first = [...select.options]; // none, and the one that is chosen
  input.closest("[hidden]").hidden = false;
  typed(input, async (term, isLast) => {
    const field = { app_label: "initiatives", model_name: "initiative", field_name: "parent", term };
    const { results } = await ask(`${picker.dataset.search}?${new URLSearchParams(field)}`);
    if (!isLast()) return;
    const kept = [...first, ...select.selectedOptions].map((option) => option.value);
    select.replaceChildren(...new Set([...first, ...select.selectedOptions]));
    for (const { id, text } of results) if (!kept.includes(id)) select.add(new Option(text, id));
    found.textContent = results.length ? found.dataset.some.replace("{n}", results.length) : found.dataset.none;
  });
}
