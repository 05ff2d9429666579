// A letter for a family's letter-box: photos are made smaller before they are sent, and lose the names they had.
const letter = document.querySelector("form[data-put-in]");
if (letter) {
  const input = letter.querySelector("[type=file]");
  const status = letter.querySelector("[data-status]");
  let work = Promise.resolve();
  let isReady = true;

  const shrink = async () => {
    const smaller = new DataTransfer();
    for (const file of input.files) {
      const made = await Linkbook.shrink(file);
      smaller.items.add(new File([made], "page", { type: made.type }));
    }
    input.files = smaller.files;
    isReady = true;
  };
  input.addEventListener("change", () => {
    isReady = false;
    status.textContent = status.dataset.shrinking;
    work = shrink().then(() => { status.textContent = ""; });
  });
  letter.addEventListener("submit", async (event) => {
    if (!isReady) {
      // What was pressed too early goes off by itself.
      event.preventDefault();
      await work;
      letter.requestSubmit();
      return;
    }
    status.textContent = status.dataset.sending;
  });
}
