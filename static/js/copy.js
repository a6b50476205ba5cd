// A button that copies a text of the page: citations, addresses, how a number was come by.
for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.textContent;
  button.hidden = !navigator.clipboard; // which browsers give to secure pages alone
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent.trim().replace(/\s+/g, " ");
    const done = await navigator.clipboard.writeText(text).then(() => true, () => false);
    button.textContent = done ? button.dataset.copied : button.dataset.refused;
    setTimeout(() => (button.textContent = label), 2000);
  });
}
