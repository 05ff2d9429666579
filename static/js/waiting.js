// Two people at one table: the page asks every three seconds whether the other has done their part, and is loaded again when so.
// Not while nobody looks at it, and not for ever: asking keeps a session open.
const waiting = document.querySelector("form[data-waiting]");
if (waiting) {
  const EVERY = 3000;
  const LONGEST = 600000;
  const status = waiting.querySelector("[data-status]");
  let until = Date.now() + LONGEST;
  let timer;
  const look = async () => {
    const { status: answer, said } = await Linkbook.post(waiting.action, waiting, {});
    if (said?.done) return location.replace(waiting.dataset.waiting);
    // The session has locked, or there is nothing to wait for any more. What fails on our side may go well the next time.
    if (answer >= 400 && answer < 500) return rest();
    next();
  };
  const rest = () => {
    clearTimeout(timer);
    status.textContent = "";
    waiting.querySelector("button").hidden = false;
  };
  const next = () => {
    clearTimeout(timer);
    if (document.hidden || Date.now() > until) return rest();
    waiting.querySelector("button").hidden = true;
    status.textContent = status.dataset.status;
    timer = setTimeout(look, EVERY);
  };
  document.addEventListener("visibilitychange", next);
  addEventListener("pagehide", rest);
  for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, () => { until = Date.now() + LONGEST; }, { passive: true });
  next();
}
