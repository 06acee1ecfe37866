// What this device can fill in by itself, once and only when the person presses the button: where it
// is, or the code in a picture that it takes. Neither is sent before the page is.
const form = document.querySelector("form#page");

for (const place of form?.querySelectorAll("[data-device]") ?? []) {
  const offered = place.dataset.device === "scan" ? "BarcodeDetector" in window : "geolocation" in navigator;
  if (!offered) continue;
  const { busy, done, none } = place.dataset;
  const field = document.getElementById(place.dataset.for);
  const said = place.querySelector("[role=status]");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: place.dataset.words });
  place.prepend(button);
  place.hidden = false;
  if (place.dataset.device === "scan") scanning(field, button, said, { busy, done, none });
  else locating(field, button, said, { busy, done, none });
}

function locating(latitude, button, said, words) {
  const longitude = document.getElementById(`${latitude.id}-longitude`);
  const besides = document.getElementById(`${latitude.id}-device`);
  for (const typed of [latitude, longitude]) typed.addEventListener("input", () => { besides.value = ""; });
  const found = ({ coords }) => {
    latitude.value = coords.latitude.toFixed(6);
    longitude.value = coords.longitude.toFixed(6);
    besides.value = `${(coords.altitude ?? 0).toFixed(1)} ${coords.accuracy.toFixed(1)}`;
    said.textContent = words.done;
  };
  const failed = () => { said.textContent = words.none; };
  button.addEventListener("click", () => {
    said.textContent = words.busy;
    navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: 30000, maximumAge: 0 });
  });
}

function scanning(field, button, said, words) {
  const camera = Object.assign(document.createElement("input"), { type: "file", accept: "image/*", capture: "environment" });
  button.addEventListener("click", () => camera.click());
  camera.addEventListener("change", async () => {
    said.textContent = words.busy;
    try {
      const [code] = await new BarcodeDetector().detect(await createImageBitmap(camera.files[0]));
      if (code) field.value = code.rawValue.slice(0, 250);
      said.textContent = code ? words.done : words.none;
    } catch { said.textContent = words.none; }
    camera.value = "";
  });
}
