// Keeps what is being typed in `<form data-autosave="URL">`.
//
// Sends the whole form by POST two seconds after the last change, and at once when the page is
// hidden. The answer's status decides what `[data-saved]` says; when the network is away the
// fields stay in this browser and are sent when it is back. Files are never sent this way.
const delay = 2000;

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const note = form.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
  const key = `diapason:${location.pathname}:${form.dataset.autosave}`;
  let timer = 0;
  let pending = false;

  const say = (state) => {
    if (!note) return;
    note.parentElement.dataset.state = state;
    note.textContent = note.dataset[state] ?? "";
  };

  const fields = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return new URLSearchParams(data);
  };

  const keep = (data) => {
    data.delete("csrfmiddlewaretoken");
    try { localStorage.setItem(key, data.toString()); } catch { return false; }
    return true;
  };

  const save = async (leaving = false) => {
    if (!pending) return;
    clearTimeout(timer);
    pending = false;
    if (!leaving) say("saving");
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: fields(),
        headers: { "X-Autosave": "1" },
        keepalive: leaving,
        credentials: "same-origin",
        redirect: "manual",
      });
      if (!answer.ok) throw new Error(String(answer.status));
      localStorage.removeItem(key);
      say("done");
    } catch {
      pending = true;
      say(keep(fields()) ? "local" : "");
    }
  };

  // What the network kept from being sent comes back into the fields that are still empty.
  const kept = localStorage.getItem(key);
  if (kept) {
    for (const [name, value] of new URLSearchParams(kept)) {
      const field = form.elements.namedItem(name);
      if (field && "value" in field && field.type !== "hidden" && !field.value) field.value = value;
    }
    pending = true;
    save();
  }

  form.addEventListener("input", () => {
    pending = true;
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    pending = false;
    localStorage.removeItem(key);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
  addEventListener("online", () => save());
}
