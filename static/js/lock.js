// A page that is left alone: before its session locks it asks, then it covers itself until the passphrase (or the PIN) is typed.
// What was typed stays where it is, in the page; nothing is stored. Several tabs tell each other only to look again.
const lock = document.querySelector("[data-lock]");
if (lock) {
  const WARNING = 120000; // WCAG 2.2.1: enough time to say "I am here"
  const AGAIN = 300000;
  const { who, state, stay, sorry } = lock.dataset;
  const tabs = window.BroadcastChannel && new BroadcastChannel("linkbook");
  const token = lock.querySelector("[name=csrf_token]").value;
  const lastOf = (selector) => [...lock.querySelectorAll(selector)].at(-1);
  let locksAt, endsAt, heardAt, timer, knowsItIsLate, inDoubt;

  const until = (locks, ends) => {
    heardAt = Date.now();
    locksAt = heardAt + locks * 1000;
    endsAt = heardAt + ends * 1000;
  };
  const show = (name) => {
    if (lock.open && lock.dataset.shows === name) return;
    fill();
    lock.dataset.shows = name;
    lock.querySelectorAll("[data-step]").forEach((step) => { step.hidden = step.dataset.step !== name; });
    lock.setAttribute("aria-labelledby", `lock-title-${name}`);
    if (!lock.open) lock.showModal();
    lock.querySelector("[data-step]:not([hidden])").querySelector("input:not([type=hidden]), button, a").focus();
  };
  // Not reload(): after a form was sent that would send it again.
  const leave = () => {
    document.body.hidden = true;
    location.replace(location.pathname + location.search);
  };

  const settle = () => {
    const now = Date.now();
    const left = locksAt - now;
    clearTimeout(timer);
    document.body.hidden = false;
    if (now >= endsAt) return show("ended");
    if (left <= 0) show("locked");
    else if (left > WARNING) lock.close();
    else if (endsAt - now > WARNING) show("warn");
    else if (!knowsItIsLate) show("late");
    timer = setTimeout(look, left <= 0 ? endsAt - now : left > WARNING ? left - WARNING : left);
  };
  const take = ({ state: now, who: whose, locks, ends }) => {
    // In the moment in which another tab unlocks, the old cookie is nobody's and the new one is not here yet: ask twice.
    if (now === "none" && Date.now() < endsAt - WARNING && !inDoubt) {
      inDoubt = true;
      return setTimeout(look, 1000);
    }
    if (now === "none" ? Date.now() < endsAt - WARNING : whose !== who) return leave();
    inDoubt = false;
    until(locks, ends);
    settle();
  };
  const look = async (event) => {
    // What this device knows comes first: a phone that was asleep must not show the page while it waits for an answer.
    if (Date.now() >= locksAt) settle();
    try {
      take(await (await fetch(state, { cache: "no-store" })).json());
    } catch {
      if (event?.persisted) return leave();
      settle();
    }
  };
  const send = (url, body) => {
    body.set("csrf_token", token);
    return fetch(url, { method: "POST", body, headers: { "X-Linkbook": "fetch" } });
  };
  const staying = async () => {
    heardAt = Date.now();
    try {
      const answer = await send(stay, new FormData());
      if (!answer.ok) return look();
      take(await answer.json());
      tabs?.postMessage("look");
    } catch {
      settle();
    }
  };

  const unlocking = async (event) => {
    event.preventDefault();
    const form = event.target;
    const box = form.querySelector("input:not([type=hidden])");
    const said = form.querySelector("[role=alert]");
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    said.textContent = "";
    try {
      const answer = await send(form.action, new FormData(form));
      const told = await answer.json();
      if (told.state) {
        take(told);
        tabs?.postMessage("look");
      } else {
        form.hidden = told.field === "pin_gone";
        (form.hidden ? lastOf("[role=alert]") : said).textContent = told.words;
        if (form.hidden) lastOf("[data-unlock] input:not([type=hidden])").focus();
      }
    } catch {
      said.textContent = sorry;
    }
    button.disabled = false;
    box.value = "";
    if (lock.open && !form.hidden) box.focus();
  };
  // Not there before it is needed: who reads the page, by eye or by ear, has enough in it.
  const fill = () => {
    const inside = lock.querySelector("template");
    if (!inside) return;
    inside.replaceWith(inside.content);
    lock.querySelectorAll("[data-unlock]").forEach((form) => form.addEventListener("submit", unlocking));
    lock.querySelector("[data-still]").addEventListener("click", staying);
    lock.querySelector("[data-close]").addEventListener("click", () => {
      knowsItIsLate = true;
      lock.close();
    });
    lock.dispatchEvent(new Event("filled", { bubbles: true }));
  };
  // Escape is for those who are there: it answers the warning, and opens no lock.
  lock.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (lock.dataset.shows === "warn") staying();
  });
  // Some browsers let a second Escape through.
  lock.addEventListener("close", () => {
    if (Date.now() >= locksAt) show(Date.now() >= endsAt ? "ended" : "locked");
  });

  // Whoever writes is there, though they send nothing.
  for (const kind of ["keydown", "pointerdown"]) {
    addEventListener(kind, () => { if (!lock.open && Date.now() - heardAt > AGAIN) staying(); }, { passive: true });
  }
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() >= locksAt - WARNING) look();
  });
  // Signing out in one tab closes the others, once the server has done it.
  addEventListener("submit", (event) => {
    if (event.target.getAttribute("action")?.endsWith("/sign-out")) tabs?.postMessage("soon");
  });
  tabs?.addEventListener("message", ({ data }) => (data === "soon" ? setTimeout(look, 1500) : look()));
  // Out of the browser's memory a page comes back only once the server says that it is still theirs.
  addEventListener("pagehide", (event) => { if (event.persisted) document.body.hidden = true; });
  addEventListener("pageshow", (event) => { if (event.persisted) look(event); });

  until(lock.dataset.locks, lock.dataset.ends);
  settle();
  tabs?.postMessage("look");
}
