// My list: it is kept in this browser and nowhere else. Each service has an entry of its own, so that two tabs never write over
// each other. Where the browser refuses to keep anything, the buttons do what they do without script: the list is in the address.
const START = "list.";
const MOST = 30;
const keeping = document.getElementById("keep");
let shelf = null;
try {
  localStorage.setItem("list", "");
  localStorage.removeItem("list");
  shelf = keeping && localStorage;
} catch {
  // A private window, or a browser that was told to keep nothing.
}
const kept = () => Object.keys(shelf).filter((key) => key.startsWith(START)).map((key) => {
  const [at, ...name] = shelf.getItem(key).split(" ");
  return { id: key.slice(START.length), at: Number(at), name: name.join(" ") };
}).sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
const put = ({ id, at, name }) => shelf.setItem(START + id, `${at} ${name}`);
const takeOff = (id) => shelf.removeItem(START + id);

const draw = () => {
  const ids = new Set(kept().map((one) => one.id));
  for (const button of document.querySelectorAll("[data-keep]")) {
    button.querySelector("span").textContent = ids.has(button.value) ? keeping.dataset.on : keeping.dataset.off;
  }
  const count = document.querySelector("[data-count]");
  if (!count) return;
  count.hidden = !ids.size;
  count.href = keeping.action;
  count.textContent = `${count.dataset.count}: ${ids.size}`;
};

if (shelf) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-keep]");
    if (!button) return;
    event.preventDefault();
    const all = kept();
    const here = all.some((one) => one.id === button.value);
    if (here) takeOff(button.value);
    else if (all.length < MOST) put({ id: button.value, at: Date.now(), name: button.dataset.keep });
    draw();
    if (!here && all.length >= MOST) button.querySelector("span").textContent = keeping.dataset.full;
  });
  addEventListener("storage", draw);
  addEventListener("pageshow", draw);
}

const page = document.querySelector("[data-list]");
if (page) {
  const shown = page.querySelector("[data-shown]");
  const status = page.querySelector("[data-status]");
  const link = page.querySelector("[data-link]");
  const sent = (location.hash.slice(1) || page.dataset.given).split(".").filter(Boolean);
  // Somebody else's list, until it is put on one's own.
  let visiting = sent.length > 0 && !(shelf && sent.every((id) => kept().some((one) => one.id === id)));

  const ready = () => {
    for (const part of shown.querySelectorAll("[form=order], [data-clear]")) part.hidden = visiting;
    for (const part of shown.querySelectorAll("[data-print]")) part.hidden = false;
    for (const part of shown.querySelectorAll("[data-send]")) part.hidden = !(navigator.share || navigator.clipboard);
    link.hidden = !(visiting && shelf);
    if (!shelf) return;
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
    put({ ...all[place], at: onto });
    put({ ...other, at });
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
    if (!shelf || !button) return;
    if (button.matches("[data-adopt]")) {
      const names = new Map([...shown.querySelectorAll("[data-kept]")].map((row) => [row.dataset.kept, row.querySelector("h2").textContent.trim()]));
      const own = kept();
      const fresh = [...names].filter(([id]) => !own.some((one) => one.id === id)).slice(0, Math.max(0, MOST - own.length));
      fresh.forEach(([id, name], number) => put({ id, at: Date.now() + number, name }));
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
  if (shelf && !visiting) {
    history.replaceState(null, "", location.pathname);
    addEventListener("storage", () => refresh());
    refresh();
  } else if (location.hash) {
    refresh();
  } else {
    ready();
  }
}
