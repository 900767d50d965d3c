// Keeps what is being typed in `<form data-autosave="URL">`.
//
// Sends the whole form by POST two seconds after the last change, and at once when the page is
// hidden. The answer's status decides what `[data-saved]` says; when the network is away the
// fields stay in this browser and are sent when it is back. Files are never sent this way. A form
// that is sent while the network is away stays on the page instead.
//
// With `data-keep`, for forms that are filled in where the network may drop at any moment: every
// keystroke stays in this browser until a page says that the form arrived, by
// `data-kept="<its request_key>"`.
const delay = 2000;
const prefix = "diapason:";

for (const arrived of document.querySelectorAll("[data-kept]")) {
  try {
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith(prefix))) {
      const { typed } = JSON.parse(localStorage.getItem(key));
      if (new URLSearchParams(typed).get("request_key") === arrived.dataset.kept) localStorage.removeItem(key);
    }
  } catch { /* no storage, or not ours: nothing to clear */ }
}

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const note = form.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
  const key = `${prefix}${location.pathname}:${form.dataset.autosave}`;
  const keeps = "keep" in form.dataset;
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
    const after = new URLSearchParams(found.typed);
    const ticks = [...form.elements].filter((field) => field.type === "checkbox" || field.type === "radio");
    const names = new Set(ticks.map((field) => field.name));
    for (const [name, value] of after) {
      const field = form.elements.namedItem(name);
      if (!field || !("value" in field) || field.type === "hidden" || names.has(name)) continue;
      if (!field.value || field.value === before.get(name)) field.value = value;
    }
    for (const name of names) {
      const group = ticks.filter((field) => field.name === name);
      const ticked = group.filter((field) => field.checked).map((field) => field.value);
      if (ticked.sort().join() !== before.getAll(name).sort().join()) continue;
      for (const field of group) field.checked = after.getAll(name).includes(field.value);
    }
    pending = true;
    save();
  }

  form.addEventListener("input", () => {
    pending = true;
    if (keeps) keep();
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
    if (keeps) keep();
    else localStorage.removeItem(key);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
  addEventListener("online", () => save());
}
