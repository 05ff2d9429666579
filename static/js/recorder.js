// A voice note or a short film, made in the page: record, stop, hear it again, use it or record anew.
const box = document.querySelector("[data-recorder]");
if (box && window.MediaRecorder && navigator.mediaDevices) {
  const mostSeconds = 60;
  const find = (name) => box.querySelector(name);
  const [screen, state, stop, use, anew] = ["[data-screen]", "[data-state]", "[data-stop]", "[data-use]", "[data-anew]"].map(find);
  const begin = box.querySelectorAll("[data-begin]");
  let recorder = null;
  let made = null;
  let clock = 0;
  box.hidden = false;
  // Only phones without a recorder of the browser's need the camera's own.
  for (const plain of document.querySelectorAll(".plainly")) plain.hidden = true;

  const show = (...shown) => {
    for (const part of [stop, use, anew]) part.hidden = !shown.includes(part);
    for (const part of begin) part.hidden = shown.length > 0;
  };
  const player = (kind, live) => {
    const element = document.createElement(kind === "video" ? "video" : "audio");
    element.playsInline = true;
    element.controls = !live;
    element.muted = live;
    screen.replaceChildren(...(live && kind === "sound" ? [] : [element]));
    return element;
  };

  const record = async (kind) => {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: kind === "video" ? { width: { ideal: 1280 } } : false });
    } catch {
      state.textContent = box.dataset.sorry;
      return;
    }
    const pieces = [];
    recorder = new MediaRecorder(stream, { audioBitsPerSecond: 64000, videoBitsPerSecond: 1500000 });
    if (kind === "video") {
      const preview = player(kind, true);
      preview.srcObject = stream;
      preview.play();
    }
    recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
    recorder.addEventListener("stop", () => {
      clearInterval(clock);
      for (const track of stream.getTracks()) track.stop();
      made = new Blob(pieces, { type: recorder.mimeType });
      player(kind, false).src = URL.createObjectURL(made);
      state.textContent = "";
      show(use, anew);
      use.focus();
    });
    const began = Date.now();
    const tick = () => {
      const left = Math.ceil(mostSeconds - (Date.now() - began) / 1000);
      state.textContent = box.dataset.recording.replace("{left}", Math.max(0, left));
      if (left <= 0 && recorder.state === "recording") recorder.stop();
    };
    recorder.start();
    clock = setInterval(tick, 1000);
    tick();
    show(stop);
    stop.focus();
  };

  for (const button of box.querySelectorAll("[data-record]")) button.addEventListener("click", () => record(button.dataset.record));
  stop.addEventListener("click", () => recorder.stop());
  use.addEventListener("click", () => {
    show(anew);
    Linkbook.give(made);
  });
  anew.addEventListener("click", () => {
    screen.replaceChildren();
    show();
  });
}
