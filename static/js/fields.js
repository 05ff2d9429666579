// A browser brings the cursor of a large box into view, not the box: the bar at the bottom would lie over most of it.
document.addEventListener("focusin", (event) => {
  if (event.target.matches("textarea")) event.target.scrollIntoView({ block: "nearest" });
});
