// "Show what I type": one field that can be read beats two that cannot. Sent, it is hidden again, so that browsers offer to keep it.
const reveal = (root) => root.querySelectorAll("[data-show]").forEach((button) => {
  const box = document.getElementById(button.getAttribute("aria-controls"));
  const set = (shown) => {
    box.type = shown ? "text" : "password";
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
  };
  button.hidden = false;
  button.addEventListener("click", () => set(box.type === "password"));
  box.form?.addEventListener("submit", () => set(false));
});
reveal(document);
// The lock comes into the page when it shuts.
addEventListener("filled", (event) => reveal(event.target));
// A code in a link stands after the #, which no server is told; from there it goes into the form, and out of the address.
const fragment = document.querySelector("[data-fragment]");
const brought = location.hash.length > 1 ? decodeURIComponent(location.hash.slice(1)) : history.state?.code;
if (fragment && brought) {
  fragment.value = brought;
  // Whoever loads the page anew before they have typed the rest still has it; once it is sent, whoever goes back has not.
  const keeps = fragment.dataset.fragment === "fold";
  history.replaceState(keeps ? { code: brought } : null, "", location.pathname);
  if (keeps) fragment.form.addEventListener("submit", () => history.replaceState(null, "", location.pathname));
  if (fragment.dataset.fragment === "send") fragment.form.requestSubmit();
  // What the link brought nobody has to look at: the next field is the one to fill in.
  if (fragment.dataset.fragment === "fold") {
    fragment.closest(".field").hidden = true;
    fragment.closest(".field").nextElementSibling.querySelector("input").focus();
  }
}
