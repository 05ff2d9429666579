// Letters are read for search one after another, while somebody is here who may see them.
const reading = document.querySelector("form[data-reading]");
if (reading) {
  const quietMinutes = 2;
  const words = reading.querySelector("[data-said]");
  const bar = reading.querySelector("progress");
  const all = Number(reading.dataset.reading);
  const entry = reading.querySelector("[name=entry]")?.value ?? "";
  const wait = (seconds) => new Promise((done) => { setTimeout(done, 1000 * seconds); });
  let touched = Date.now();
  let going = false;
  for (const sign of ["pointerdown", "keydown", "scroll"]) addEventListener(sign, () => { touched = Date.now(); go(); }, { passive: true });

  // Fields that nobody touched take what was read.
  const offer = (said) => {
    for (const [name, value] of Object.entries(said.words ?? {})) {
      const field = document.querySelector(`form[data-tray] [name="${name}"]`);
      if (field && field.value === field.defaultValue && value) field.value = field.defaultValue = value;
    }
    const sections = [...document.querySelectorAll("form[data-tray] [type=radio][name=section]")];
    const likely = sections.find((one) => one.value === said.section);
    if (likely && sections.every((one) => one.checked === one.defaultChecked)) {
      for (const one of sections) one.defaultChecked = false;
      likely.checked = likely.defaultChecked = true;
    }
  };

  // It stops when nobody has touched the page for a while: reading must not keep a session open that nobody sits in front of.
  const go = async () => {
    if (going) return;
    going = true;
    let left = all;
    while (left && Date.now() - touched < 60000 * quietMinutes) {
      bar.hidden = false;
      bar.value = all - left;
      words.textContent = words.dataset.said.replace("{read}", Math.max(0, all - left)).replace("{all}", all);
      const { status, said } = await Linkbook.post(reading.action, reading, entry ? { entry } : {});
      if (status !== 200 || !said) break;
      left = said.left;
      if (said.busy) await wait(5);
      offer(said);
    }
    if (left) {
      going = false;
      return;
    }
    bar.value = all;
    words.textContent = words.dataset.done;
  };
  reading.querySelector("button").hidden = true;
  go();
}
