// Shows each `<button data-copies="ID" hidden>`, which copies the text of that field. Where the
// browser lets no page copy, the text is selected, to be copied by hand.
for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const note = button.parentElement.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    let state = "done";
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      state = "local";
    }
    note.parentElement.dataset.state = state;
    note.textContent = note.dataset[state];
  });
}
