// "Near where I stand": asked of the browser only when the button is pressed, and sent rounded to about a kilometre.
const button = document.querySelector("[data-find-near]");
const field = document.querySelector("[data-near]");
const said = document.querySelector("[data-near-said]");

if (button && field && "geolocation" in navigator) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field.value = `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`;
        field.disabled = false;
        field.form.requestSubmit();
      },
      () => {
        button.disabled = false;
        said.textContent = said.dataset.refused;
      },
      { maximumAge: 600000, timeout: 10000 },
    );
  });
}
