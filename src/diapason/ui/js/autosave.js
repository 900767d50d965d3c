// Keeps what is being typed in `<form data-autosave="URL">`.
//
// Sends the whole form by POST two seconds after the last change, and at once when the page is
// hidden. The answer's status decides what `[data-saved]` says; when the network is away the
// fields stay in this browser and are sent when it is back. Files are never sent this way. A form
// that is sent while the network is away stays on the page instead.
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

  const typed = () => {
    const data = fields();
    data.delete("csrfmiddlewaretoken");
    return data.toString();
  };

  // What the server holds, as far as this page knows.
  let known = typed();

  const keep = () => {
    try {
      localStorage.setItem(key, JSON.stringify({ typed: typed(), known }));
    } catch {
      return false;
    }
    return true;
  };

  const kept = () => {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  };

  const save = async (leaving = false) => {
    if (!pending) return;
    clearTimeout(timer);
    pending = false;
    if (!leaving) say("saving");
    const sent = typed();
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
      known = sent;
      localStorage.removeItem(key);
      say("done");
    } catch {
      pending = true;
      say(keep() ? "local" : "");
    }
  };

  // What the network kept from being sent comes back, but for the fields that were filled in
  // somewhere else since.
  const found = kept();
  if (found) {
    const before = new URLSearchParams(found.known);
    for (const [name, value] of new URLSearchParams(found.typed)) {
      const field = form.elements.namedItem(name);
      if (!field || !("value" in field) || field.type === "hidden") continue;
      if (!field.value || field.value === before.get(name)) field.value = value;
    }
    pending = true;
    save();
  }

  form.addEventListener("input", () => {
    pending = true;
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!navigator.onLine) {
      event.preventDefault();
      pending = true;
      say(keep() ? "local" : "");
      return;
    }
    pending = false;
    localStorage.removeItem(key);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
  addEventListener("online", () => save());
}
