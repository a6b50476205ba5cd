// The list renews itself as one chooses; htmx asks and swaps, what it cannot know is here.

// Where a live request fails, the form goes as it would without JavaScript: the browser shows what happened.
const form = document.forms.selection;
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => event.detail.elt === form && form.submit());
}

// An answer that one's choices have overtaken is not shown: another is on its way.
const chosen = () => JSON.stringify([...new FormData(form)].filter(([name]) => name !== "q"));
let asked = "";
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt === form) asked = chosen();
});

// Who ticks an entry stays on the page that has it; whatever else one chooses begins a new result.
const choices = () => JSON.stringify([...new FormData(form)].filter(([name]) => name !== "pick"));
let shown = choices();
let ticked = false;
document.addEventListener("htmx:configRequest", ({ detail: { elt, parameters } }) => {
  const page = new URLSearchParams(location.search).get("page");
  if (elt === form) ticked = choices() === shown;
  if (page && elt === form && ticked) parameters.page = page;
});

// What the head says of the page goes with it: browsers share the canonical address.
const ABOUT = 'link[rel="canonical"], link[rel="alternate"], meta[property], meta[name="description"]';
const renewHead = (html) => {
  const fresh = new DOMParser().parseFromString(html, "text/html").head.querySelectorAll(ABOUT);
  document.head.querySelectorAll(ABOUT).forEach((tag, number) => tag.replaceWith(fresh[number]));
};

// Values come and go above the one just chosen: it stays where it was on the screen, in a panel that scrolls or not.
const top = () => document.activeElement.getBoundingClientRect().top;
let before = 0;
let at;
let opened = [];
let narrowed = [];
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.requestConfig.elt !== form) return;
  event.detail.shouldSwap &&= asked === chosen();
  if (event.detail.shouldSwap) {
    renewHead(event.detail.xhr.responseText);
    before = top();
    at = document.activeElement;
    opened = [...document.querySelectorAll("#facets details[open]")].map(({ id }) => id);
    narrowed = [...document.querySelectorAll("[data-narrow]")].map(({ id, value }) => [id, value]).filter(([, text]) => text);
  }
});

// Who presses a button is done with choosing: the panel closes, where it can, and the total comes into view.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.requestConfig.elt !== form) return;
  shown = choices();
  // htmx finds by its `id` what had the focus; entries to tick have none: a hundred of them weigh on their page.
  const isIt = ({ name, value }) => name === at.name && value === at.value;
  if (at.name === "pick") [...form.elements].find(isIt)?.focus({ preventScroll: true });
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  for (const [id, text] of narrowed) narrow(document.getElementById(id), text);
  if (event.detail.requestConfig.triggeringEvent.type === "submit") {
    const total = document.getElementById("total");
    document.querySelector(".filters").open = false;
    total.focus({ preventScroll: true });
    total.scrollIntoView({ block: "center", behavior: "instant" });
  } else if (document.activeElement !== document.body) {
    for (const scrolling of [form, window]) {
      if (scrolling === window || form.contains(document.activeElement)) {
        scrolling.scrollBy({ top: top() - before, behavior: "instant" });
      }
    }
  }
});

// A facet of many values shows those that have what is typed above them.
const narrow = (box, text) => {
  if (!box) return;
  box.value = text;
  box.parentElement.querySelector("details").open = true;
  for (const choice of box.parentElement.querySelectorAll(".choice")) {
    choice.hidden = !choice.querySelector("label").textContent.toLowerCase().includes(text.toLowerCase());
  }
};
const isNarrowing = ({ target }) => target.matches?.("[data-narrow]");
document.addEventListener("input", (event) => isNarrowing(event) && narrow(event.target, event.target.value));
document.addEventListener("change", (event) => isNarrowing(event) && event.stopPropagation(), true);
document.addEventListener("keydown", (event) => isNarrowing(event) && event.key === "Enter" && event.preventDefault());

// The same address again is no new step back, nor is a tick.
document.addEventListener("htmx:beforeHistoryUpdate", ({ detail: { history } }) => {
  if (ticked || history.path === location.pathname + location.search) history.type = "replace";
});
