// My list: it is kept in this browser and nowhere else. Each service has an entry of its own, so that two tabs never write over
// each other: "list.<id>" holds when it was put there, which is its place, and its name. Where the browser refuses to keep
// anything, the buttons do what they do without script: the list is in the address.
const form = document.getElementById("keep");
let shelf;
try {
  shelf = localStorage;
} catch {
  // A private window, or a browser that was told to keep nothing.
}
if (form && shelf) {
  const MOST = 30;
  const kept = () => Object.entries(shelf).filter(([key]) => key.startsWith("list.")).map(([key, value]) => ({ id: key.slice(5), at: parseFloat(value), name: value.replace(/^\S+ /, "") })).sort((one, other) => one.at - other.at);
  const put = (id, at, name) => shelf.setItem("list." + id, at + " " + name);
  const takeOff = (id) => shelf.removeItem("list." + id);
  const buttons = document.querySelectorAll("[data-keep]");
  const off = buttons[0]?.firstChild.textContent;
  const draw = () => {
    for (const button of buttons) button.firstChild.textContent = shelf.getItem("list." + button.value) ? form.dataset.on : off;
    const count = document.querySelector("[data-count]");
    count.textContent = kept().length;
    count.closest("a").hidden = !kept().length;
  };
  for (const button of buttons) {
    button.addEventListener("click", (event) => {
      const id = button.value;
      const fits = kept().length < MOST;
      const here = shelf.getItem("list." + id);
      if (here) takeOff(id);
      else if (fits) put(id, Date.now(), button.lastChild.textContent.slice(3));
      event.preventDefault();
      draw();
      if (!here && !fits) button.firstChild.textContent = form.dataset.full;
    });
  }
  addEventListener("storage", draw);
  addEventListener("pageshow", draw);
  window.Linkbook = { list: { kept, put, takeOff, draw, MOST } };
}
