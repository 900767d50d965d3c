// After a part of the page is swapped, the focus goes back to the same field or link (by id),
// and a refused form's summary is read out.
let held = null;

document.addEventListener("htmx:beforeSwap", () => {
  held = document.activeElement?.id || null;
});

document.addEventListener("htmx:afterSettle", (event) => {
  const summary = event.target.querySelector?.("[data-error-summary]");
  if (summary) summary.focus();
  else if (held && document.activeElement === document.body) document.getElementById(held)?.focus();
  held = null;
});

// Every request that changes something carries the form's token, or that of the page.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb === "get") return;
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (field) event.detail.headers["X-CSRFToken"] = field.value;
});

document.querySelector("[data-error-summary]")?.focus();
