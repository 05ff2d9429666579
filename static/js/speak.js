// "Read this to me": the device's own voice; nothing is sent anywhere. Hidden where there is none.
// In short pieces: some phones fall silent after a quarter of a minute of one utterance.
const SPOKEN = "h1, h2, h3, p, li, dt, dd, legend, label";
const SILENT = ".aloud, .exit, .back, [hidden], [hidden] *";
// A list's line that has headings and paragraphs of its own is said line by line.
const piecesOf = (text) =>
  [...text.querySelectorAll(SPOKEN)]
    .filter((part) => !part.matches(SILENT) && !part.parentElement.closest(SPOKEN))
    .flatMap((part) => part.innerText.split("\n"))
    .filter((piece) => piece.trim());

for (const aloud of document.querySelectorAll("[data-aloud]")) {
  const text = document.getElementById(aloud.dataset.aloud);
  if (!text || !window.speechSynthesis) continue;
  const button = aloud.querySelector("button");
  const label = button.querySelector("span");
  const show = (reading) => { label.textContent = reading ? button.dataset.stop : button.dataset.start; };
  aloud.hidden = false;
  button.addEventListener("click", () => {
    if (speechSynthesis.speaking) {
      speechSynthesis.cancel();
      return show(false);
    }
    const pieces = piecesOf(text);
    pieces.forEach((piece, number) => {
      const said = new SpeechSynthesisUtterance(piece);
      said.lang = document.documentElement.lang;
      if (number === pieces.length - 1) said.onend = said.onerror = () => show(false);
      speechSynthesis.speak(said);
    });
    show(true);
  });
  addEventListener("pagehide", () => speechSynthesis.cancel());
}
