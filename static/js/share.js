// Share by the phone's own sheet where it has one, else copy the link; print. Both buttons are hidden without script.
const share = document.querySelector("[data-share]");
if (share && (navigator.share || navigator.clipboard)) {
  share.hidden = false;
  share.addEventListener("click", async () => {
    const url = location.origin + location.pathname;
    try {
      if (navigator.share) return await navigator.share({ title: share.dataset.share, url });
      await navigator.clipboard.writeText(url);
      share.querySelector("span").textContent = share.dataset.copied;
    } catch {
      // Closing the sheet without choosing is no fault.
    }
  });
}
const paper = document.querySelector("[data-print]");
if (paper) {
  paper.hidden = false;
  paper.addEventListener("click", () => print());
}
