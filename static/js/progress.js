// Long work on the server: the bar moves by itself, and when the work is done the page shows what came of it.
const progress = document.querySelector("[data-progress]");
if (progress) {
  const bar = progress.querySelector("progress");
  const told = progress.querySelector("[data-words]");
  const look = async () => {
    try {
      const answer = await fetch(progress.dataset.progress, { headers: { Accept: "application/json" } });
      const { done, total, at_work: atWork } = await answer.json();
      if (!atWork) {
        location.reload();
        return;
      }
      if (total) {
        bar.max = total;
        bar.value = done;
        told.textContent = told.dataset.words.replace("{done}", done).replace("{total}", total);
      }
    } catch {
      // The page has a link that does the same.
    }
    setTimeout(look, 1500);
  };
  setTimeout(look, 1500);
}
