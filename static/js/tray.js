// The tray of a new letter: each photo goes at once, the pages are turned and moved in place.
const form = document.querySelector("form[data-tray]");
if (form) {
  const pages = form.querySelector("[data-pages]");
  const onward = document.querySelector("[data-next]");
  const status = form.querySelector("[data-status]");
  let next = "";
  let pressed = null;

  const onTaken = (said) => {
    next = said.next;
    if (!pages) return;
    pages.innerHTML = said.tray;
    document.dispatchEvent(new Event("linkbook:pages"));
  };
  const onDone = ({ lost, refused }) => {
    const button = pressed;
    pressed = null;
    if (lost || refused) {
      if (onward && next) onward.hidden = false;
      if (onward) onward.href = next || "#main";
    } else if (!pages && next) {
      location.assign(next);
    } else if (button) {
      form.requestSubmit(button);
    }
  };
  const sender = Linkbook.sender(form, { onTaken, onDone });
  Linkbook.give = sender.add;

  form.classList.add("live");
  for (const label of form.querySelectorAll(".shot label")) label.classList.add("btn", "wide");
  for (const input of form.querySelectorAll(".shot [type=file]")) {
    input.addEventListener("change", () => {
      for (const file of input.files) sender.add(file);
      input.value = "";
    });
  }

  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (button?.name !== "do") {
      // What is on its way arrives first.
      if (sender.isBusy()) {
        event.preventDefault();
        pressed = button;
      }
      return;
    }
    event.preventDefault();
    const place = [...pages.querySelectorAll("button")].indexOf(button);
    const [what, id] = button.value.split(" ");
    button.disabled = true;
    const { status: code, said } = await Linkbook.post(button.formAction, form, { do: button.value });
    button.disabled = false;
    if (code !== 200 || !said) {
      const words = form.querySelector("[data-row]").content.querySelector("[data-said]").dataset;
      status.classList.remove("vh");
      status.textContent = said?.problem ?? (said?.locked ? words.locked : code ? words.failed : words.lost);
      return;
    }
    onTaken(said);
    status.textContent = said.done;
    // The focus goes on with the page that was moved; where a page is gone, to what stands in its place.
    const buttons = [...pages.querySelectorAll("button")];
    const same = buttons.find((one) => one.value === `${what} ${id}` && !one.disabled) ?? buttons.slice(0, place + 1).findLast((one) => !one.disabled);
    same?.focus();
  });
}
