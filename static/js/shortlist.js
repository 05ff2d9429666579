// The page of my list (keep.js keeps it): asked for with what the browser has, put in order, sent, cleared; or somebody else’s, that
// came by a link.
const page = document.querySelector("[data-list]");
if (page) {
  const { kept, put, takeOff, draw, MOST } = window.Linkbook?.list ?? {};
  const shown = page.querySelector("[data-shown]");
  const status = page.querySelector("[data-status]");
  const link = page.querySelector("[data-link]");
  const sent = (location.hash.slice(1) || page.dataset.given).split(".").filter(Boolean);
  // Somebody else's list, until it is put on one's own.
  let visiting = sent.length > 0 && !(kept && sent.every((id) => kept().some((one) => one.id === id)));

  const ready = () => {
    for (const part of shown.querySelectorAll("[form=order], [data-clear]")) part.hidden = visiting;
    for (const part of shown.querySelectorAll("[data-print]")) part.hidden = false;
    for (const part of shown.querySelectorAll("[data-send]")) part.hidden = !(navigator.share || navigator.clipboard);
    link.hidden = !(visiting && kept);
    if (!kept) return;
    const names = new Map(kept().map((one) => [one.id, one.name]));
    for (const row of shown.querySelectorAll("[data-kept]")) {
      const gone = row.querySelector("[data-name]");
      if (gone && names.get(row.dataset.kept)) gone.textContent = names.get(row.dataset.kept);
    }
  };
  const ask = async (ids) => {
    const form = new URLSearchParams({ csrf_token: page.querySelector("[name=csrf_token]").value });
    for (const id of ids) form.append("s", id);
    try {
      const answer = await fetch(page.dataset.list, { method: "POST", body: form });
      shown.innerHTML = (await answer.json()).list;
      return true;
    } catch {
      status.textContent = status.dataset.sorry;
      return false;
    }
  };
  const refresh = async (words = "") => {
    status.textContent = words || status.dataset.wait;
    if (await ask(visiting ? sent : kept().map((one) => one.id))) status.textContent = words;
    ready();
  };
  const move = (id, by) => {
    const all = kept();
    const place = all.findIndex((one) => one.id === id);
    const other = all[place + by];
    if (!other) return;
    const [at, onto] = [all[place].at, other.at === all[place].at ? other.at + by : other.at];
    put(id, onto, all[place].name);
    put(other.id, at, other.name);
  };
  const change = async (button) => {
    const { name, value } = button;
    if (name === "off") takeOff(value);
    else move(value, name === "up" ? -1 : 1);
    draw();
    await refresh(name === "off" ? status.dataset.off : status.dataset.moved);
    // The keyboard goes on with the service that was moved; where it is gone, or cannot move further, to what stands beside it.
    const row = shown.querySelector(`[data-kept="${value}"]`) ?? shown.querySelector("[data-kept]");
    (row?.querySelector(`[name=${name}]`) ?? row?.querySelector("button") ?? shown.querySelector("a"))?.focus();
  };
  const send = async (button) => {
    try {
      if (navigator.share) return await navigator.share({ text: button.dataset.send });
      await navigator.clipboard.writeText(button.dataset.send);
      status.textContent = status.dataset.copied;
    } catch {
      // Closing the sheet without choosing is no fault.
    }
  };

  page.addEventListener("click", (event) => {
    const button = event.target.closest("button, a");
    if (button?.matches("[data-print]")) print();
    if (button?.matches("[data-send]")) send(button);
    if (!kept || !button) return;
    if (button.matches("[data-adopt]")) {
      const names = new Map([...shown.querySelectorAll("[data-kept]")].map((row) => [row.dataset.kept, row.querySelector("h2").textContent.trim()]));
      const own = kept();
      const fresh = [...names].filter(([id]) => !own.some((one) => one.id === id)).slice(0, Math.max(0, MOST - own.length));
      fresh.forEach(([id, name], number) => put(id, Date.now() + number, name));
    } else if (button.matches("[data-clear]")) {
      event.preventDefault();
      for (const one of kept()) takeOff(one.id);
    } else {
      if (button.getAttribute("form") === "order") {
        event.preventDefault();
        change(button);
      }
      return;
    }
    visiting = false;
    history.replaceState(null, "", location.pathname);
    draw();
    refresh(button.matches("[data-clear]") ? status.dataset.cleared : "");
  });
  if (kept && !visiting) {
    history.replaceState(null, "", location.pathname);
    addEventListener("storage", () => refresh());
    refresh();
  } else if (location.hash) {
    refresh();
  } else {
    ready();
  }
}
