// Files on their way, one after another, each in a request of its own. What did not arrive stays on the page with a button to try
// again; what was refused says why, and the others go on.
window.Linkbook ??= {};
Linkbook.post = (url, form, fields, onProgress = () => {}) => new Promise((done) => {
  const body = new FormData();
  body.append("csrf_token", form.querySelector("[name=csrf_token]").value);
  // Never the name a file has on the phone: it may say whose it is.
  for (const [name, value] of Object.entries(fields)) value instanceof Blob ? body.append(name, value, "page") : body.append(name, value);
  // fetch() cannot tell how much of a file is there.
  const request = new XMLHttpRequest();
  request.open("POST", url);
  request.responseType = "json";
  request.setRequestHeader("X-Linkbook", "fetch");
  request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
  request.addEventListener("loadend", () => done({ status: request.status, said: request.response }));
  request.send(body);
});

Linkbook.sender = (form, { onTaken, onDone }) => {
  const list = form.querySelector("[data-sending]");
  const template = form.querySelector("[data-row]");
  const waiting = [];
  const left = new Set();
  let busy = false;
  let count = 0;
  let url = form.dataset.tray;

  const show = (job, words, extra = "") => { job.words.textContent = job.words.dataset[words] + extra; };

  const give = async (job) => {
    for (const button of [job.again, job.leave]) button.hidden = true;
    job.bar.hidden = false;
    show(job, "shrinking");
    job.file = await Linkbook.shrink(job.file);
    const fields = { mark: job.mark, files: job.file, section: form.querySelector("[type=hidden][name=section]")?.value ?? "" };
    const { status, said } = await Linkbook.post(url, form, fields, (part) => {
      job.bar.value = 100 * part;
      part < 1 ? show(job, "sending", ` ${Math.round(100 * part)}%`) : show(job, "sealing");
    });
    if (status === 200 && said) {
      left.delete(job);
      job.row.remove();
      url = said.pages;
      return onTaken(said);
    }
    job.bar.hidden = true;
    job.bar.value = 0;
    job.leave.hidden = false;
    if (said?.problem) {
      left.delete(job);
      job.words.textContent = said.problem;
    } else {
      job.again.hidden = false;
      show(job, said?.locked ? "locked" : status ? "failed" : "lost");
    }
  };

  const work = async () => {
    if (busy) return;
    busy = true;
    while (waiting.length) await give(waiting.shift());
    busy = false;
    onDone({ lost: left.size, refused: list.children.length - left.size });
  };

  const add = (file) => {
    const row = template.content.cloneNode(true).firstElementChild;
    // The mark makes sure that what is sent twice is taken once.
    const mark = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const find = (name) => row.querySelector(name);
    const job = { file, row, mark, bar: find("progress"), words: find("[data-said]"), again: find("[data-again]"), leave: find("[data-leave]") };
    job.again.addEventListener("click", () => { waiting.push(job); work(); });
    job.leave.addEventListener("click", () => {
      left.delete(job);
      row.remove();
      if (!busy) onDone({ lost: left.size, refused: list.children.length - left.size });
    });
    const name = find("[data-name]");
    name.textContent = name.dataset.name.replace("{number}", ++count);
    list.append(row);
    left.add(job);
    waiting.push(job);
    work();
  };

  const warn = (event) => { if (left.size) event.preventDefault(); };
  addEventListener("beforeunload", warn);
  // Whoever must leave quickly is not asked whether they are sure.
  document.querySelector("[data-exit]")?.addEventListener("click", () => removeEventListener("beforeunload", warn), { capture: true });
  return { add, isBusy: () => busy };
};
