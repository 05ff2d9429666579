// "Read this to me": the device's own voice; nothing is sent anywhere. Hidden where there is none.
const aloud = document.querySelector("[data-aloud]");
const text = document.querySelector("[data-speech]");
if (aloud && text && window.speechSynthesis) {
  const button = aloud.querySelector("button");
  const label = button.querySelector("span");
  const show = (reading) => { label.textContent = reading ? button.dataset.stop : button.dataset.start; };
  aloud.hidden = false;
  button.addEventListener("click", () => {
    if (speechSynthesis.speaking) {
      speechSynthesis.cancel();
      return show(false);
    }
    // In short pieces: some phones fall silent after a quarter of a minute of one utterance.
    const pieces = [...text.querySelectorAll("h1, h2, p:not(.aloud), li")].map((part) => part.textContent);
    pieces.forEach((piece, number) => {
      const said = new SpeechSynthesisUtterance(piece);
      said.lang = document.documentElement.lang;
      if (number === pieces.length - 1) said.onend = () => show(false);
      speechSynthesis.speak(said);
    });
    show(true);
  });
  addEventListener("pagehide", () => speechSynthesis.cancel());
}
