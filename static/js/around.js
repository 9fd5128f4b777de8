// « Autour de moi »: the button exists only here; the position is asked for on a press, rounded to about a kilometre
// before it leaves the page, and kept nowhere but in the address of the search.
const SAID = {
  asking: "Recherche de votre position…",
  1: "Votre position n’a pas été donnée. Indiquez plutôt une commune.",
  2: "Votre position n’a pas pu être trouvée. Indiquez plutôt une commune.",
  3: "Votre position n’a pas été trouvée à temps. Indiquez plutôt une commune.",
};
const OPTIONS = { enableHighAccuracy: false, timeout: 15_000, maximumAge: 300_000 };

function begin(field) {
  const button = field.querySelector("template").content.firstElementChild.cloneNode(true);
  const status = document.createElement("p");
  status.className = "aide";
  status.setAttribute("role", "status");
  field.querySelector("label").after(button);
  field.append(status);
  button.addEventListener("click", () => {
    status.textContent = SAID.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        status.textContent = "";
        search(`${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`);
      },
      ({ code }) => {
        status.textContent = SAID[code] ?? SAID[2];
      },
      OPTIONS,
    );
  });
}

function search(point) {
  const asked = new URLSearchParams(location.search);
  for (const name of ["territoire", "presence", "lieu", "page", "tri", "rayon"]) asked.delete(name);
  asked.set("pres_de", point);
  const km = document.querySelector("[name=rayon]").value;
  if (km) asked.set("rayon", km);
  const address = `${location.pathname}?${asked}`;
  const source = document.getElementById("recherche");
  if (window.htmx) window.htmx.ajax("GET", address, { source, push: "true" });
  else location.assign(address);
}

// Browsers give no position to a page that came without protection.
if (navigator.geolocation && window.isSecureContext) document.querySelectorAll("[data-around]").forEach(begin);
