// Minutes are kept while they are typed. What could not be kept stays in the page, which says so and tries again; what somebody
// else saved meanwhile is shown beside it, and from then on only a press on Save decides.
const minutes = document.querySelector("form[data-minutes]");
if (minutes) {
  const SOON = 15000;
  const told = minutes.querySelector("[data-kept]");
  const theirs = minutes.querySelector("[data-theirs]");
  const version = minutes.querySelector("[name=version]");
  const since = minutes.querySelector("[name=since]");
  let isDirty, isBusy, isStopped, timer;

  // Read out where something is wrong, and not each time that all is well.
  const say = (name, time = "") => {
    told.toggleAttribute("role", false);
    if (["locked", "lost", "over"].includes(name)) told.setAttribute("role", "alert");
    told.textContent = told.dataset[name].replace("{time}", time);
  };
  const fields = () => ({
    version: version.value,
    since: since.value,
    begun: minutes.querySelector("[name=begun]").value,
    minutes: minutes.querySelector("[name=minutes]").value,
    who_came: [...[...minutes.querySelectorAll("[name=came]:checked")].map((one) => one.value), minutes.querySelector("[name=who_came]").value].join("\n"),
  });
  const later = () => { timer ??= setTimeout(keep, SOON); };
  const keep = async () => {
    clearTimeout(timer);
    timer = undefined;
    if (!isDirty || isBusy || isStopped) return;
    isBusy = true;
    isDirty = false;
    say("saving");
    const { status, said } = await Linkbook.post(minutes.action, minutes, fields());
    isBusy = false;
    if (status === 200 && said) {
      version.value = said.version;
      if (isDirty) return later();
      return say("saved", new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
    }
    isDirty = true;
    if (status === 409 && said?.theirs) {
      isStopped = true;
      since.value = version.value = said.version;
      theirs.querySelector("[data-said]").textContent = [said.theirs.who_came, said.theirs.minutes].filter(Boolean).join("\n\n");
      theirs.hidden = false;
      say("unsaved");
      return theirs.scrollIntoView({ block: "center" });
    }
    if (said?.problem) told.textContent = said.problem;
    else say(said?.locked ? "locked" : status === 403 || status === 404 ? "over" : "lost");
    later();
  };

  minutes.addEventListener("input", (event) => {
    if (event.target.name?.startsWith("action_")) return;
    isDirty = true;
    if (isBusy) return;
    say("unsaved");
    later();
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
  const warn = (event) => { if (isDirty) event.preventDefault(); };
  addEventListener("beforeunload", warn);
  minutes.addEventListener("submit", () => {
    isStopped = true;
    removeEventListener("beforeunload", warn);
  });
  // Whoever must leave quickly is not asked whether they are sure.
  document.querySelector("[data-exit]")?.addEventListener("click", () => removeEventListener("beforeunload", warn), { capture: true });
}
