// Where a live request fails, the form goes as it would without JavaScript: the browser shows what happened.
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => event.detail.elt.submit());
}

// Values come and go above the one just chosen: it stays where it was on the screen. Who presses a button is done
// with choosing: the panel closes, where it can, and the total comes into view.
const top = () => document.activeElement.getBoundingClientRect().top;
let before = 0;
document.addEventListener("htmx:beforeSwap", () => (before = top()));
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.requestConfig.triggeringEvent.type === "submit") {
    document.querySelector(".filters").open = false;
    document.getElementById("total").focus();
  } else {
    scrollBy({ top: top() - before, behavior: "instant" });
  }
});
