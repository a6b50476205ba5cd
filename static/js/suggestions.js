// Suggestions under a search box: the authoring practices' combobox with list autocomplete. htmx fetches the options.
const input = document.getElementById("q");
const list = document.getElementById("suggestions");
const status = document.getElementById("suggestions-said");
const options = () => [...list.querySelectorAll("[role=option]")];
let active = -1;
let dismissed; // the text that was searched or left as it is: what still comes for it is not shown

// Only where this runs is the box more than a box.
for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id })) {
  input.setAttribute(name, value);
}

const activate = (number) => {
  options()[active]?.setAttribute("aria-selected", "false");
  active = number;
  const option = options()[active];
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
};

const show = (open) => {
  activate(-1);
  list.hidden = !open;
  input.setAttribute("aria-expanded", String(open));
  status.textContent = open ? list.querySelector("[data-said]").dataset.said : "";
};
show(false);

const dismiss = () => {
  dismissed = input.value;
  show(false);
};

const move = (step) => {
  const count = options().length;
  if (!count) return;
  if (list.hidden) show(true);
  activate(active < 0 && step < 0 ? count - 1 : (active + step + count) % count);
};

const KEYS = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  Escape: dismiss,
  Enter: () => options()[active].click(),
};

input.addEventListener("keydown", (event) => {
  if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) activate(-1);
  const isOurs = event.key.startsWith("Arrow") ? !event.altKey : event.key === "Enter" ? active >= 0 : !list.hidden;
  if (!(event.key in KEYS) || !isOurs || event.isComposing) return;
  event.preventDefault();
  KEYS[event.key]();
});
input.addEventListener("input", () => {
  dismissed = undefined;
  activate(-1); // what was chosen is of another text
  if (!input.value.trim()) show(false);
});
input.addEventListener("blur", () => show(false));
input.form.addEventListener("submit", dismiss);
addEventListener("pagehide", () => show(false));
list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the box

// A text is searched with all else that the form has: the values chosen beside it stay.
list.addEventListener("click", (event) => {
  const { text } = event.target.closest("[role=option]")?.dataset ?? {};
  if (text === undefined || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  input.value = text;
  input.form.requestSubmit();
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target !== list) return;
  show(options().length > 0 && document.activeElement === input && input.value !== dismissed && input.value.trim() !== "");
});
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, ({ detail }) => detail.elt === input && show(false));
}
