// Nobody leaves a form with what they have written unsaved without being asked.
const form = document.querySelector("#content-main > form");
let changed = document.querySelector(".errornote") !== null; // refused: what it holds is saved nowhere

form?.addEventListener("input", ({ target }) => (changed ||= Boolean(target.name)));
form?.addEventListener("change", ({ target }) => (changed ||= Boolean(target.name)));
document.addEventListener("formset:removed", () => (changed = true));
// A preview opens beside the form, which stays as it is.
form?.addEventListener("submit", ({ submitter }) => (changed &&= submitter?.formTarget === "_blank"));
addEventListener("beforeunload", (event) => changed && event.preventDefault());
