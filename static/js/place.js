// "Use where I am now": the phone rounds its position to two decimals (about a mile) before anything leaves it,
// and what comes back is the first half of a postcode.
const here = document.querySelector("[data-here]");
if (here && navigator.geolocation) {
  const button = here.querySelector("button");
  const status = here.querySelector("[role=status]");
  const sorry = () => { status.textContent = here.dataset.sorry; };
  here.hidden = false;
  button.addEventListener("click", () => {
    status.textContent = here.dataset.wait;
    navigator.geolocation.getCurrentPosition(async ({ coords }) => {
      try {
        const at = `?lat=${coords.latitude.toFixed(2)}&lon=${coords.longitude.toFixed(2)}`;
        const { place } = await (await fetch(here.dataset.here + at)).json();
        if (!place) return sorry();
        const box = here.closest("form").querySelector("[name=place]");
        box.value = place;
        status.textContent = place;
      } catch {
        sorry();
      }
    }, sorry, { maximumAge: 600000, timeout: 15000 });
  });
}
