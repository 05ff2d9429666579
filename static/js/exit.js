// Quick exit: the page is blanked at once, and replaced, so that "back" does not return to it.
const leave = document.querySelector("[data-exit]");
if (leave) {
  leave.addEventListener("click", (event) => {
    event.preventDefault();
    document.body.hidden = true;
    document.title = "";
    location.replace(leave.href);
  });
}
