// Long facets are searched: a field above their box hides what does not hold the words typed, and says how many are left.
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[’-]/g, " ").toLowerCase();

function begin() {
  for (const box of document.querySelectorAll("[data-searched]")) {
    const place = box.previousElementSibling;
    if (place.childElementCount) search(place, box);
    else make(place, box);
  }
}

function make(place, box) {
  const id = `trouver-${box.dataset.searched}`;
  const legend = box.parentElement.querySelector("legend").textContent;
  const label = Object.assign(document.createElement("label"), { htmlFor: id, className: "vh" });
  label.textContent = `Trouver dans la liste, ${legend}`;
  const input = Object.assign(document.createElement("input"), { id, type: "search", className: "saisie" });
  input.placeholder = "Trouver dans la liste";
  input.autocomplete = "off";
  const status = Object.assign(document.createElement("span"), { className: "vh" });
  status.setAttribute("role", "status");
  input.addEventListener("input", () => {
    const left = search(place, box);
    status.textContent = input.value.trim() ? `${left} sur ${box.children.length}` : "";
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  place.append(label, input, status);
}

function search(place, box) {
  const words = fold(place.querySelector("input").value).split(/\s+/).filter(Boolean);
  let left = 0;
  for (const line of box.children) {
    const text = fold(line.textContent);
    line.hidden = !words.every((word) => text.includes(word));
    left += !line.hidden;
  }
  return left;
}

begin();
document.addEventListener("list:changed", begin);
