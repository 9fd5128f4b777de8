// On a small screen the filters are a drawer: it opens by its address without this script, and as a dialog with it.
const SMALL = window.matchMedia("(max-width: 52rem)");
const root = document.documentElement;
const drawer = () => document.getElementById("filtres");
// A form may not be a dialog: what holds it is.
const dialog = () => drawer().parentElement;
const DIALOG = [["role", "dialog"], ["aria-modal", "true"], ["aria-labelledby", "h-f"]];
const isOpen = () => root.classList.contains("filtres-ouverts");

function open() {
  root.classList.add("filtres-ouverts");
  hold();
  drawer().querySelector(".fermer").focus();
}

// All the rest of the page is out of reach; said again after each change of the list.
function hold() {
  for (const [name, value] of DIALOG) dialog().setAttribute(name, value);
  for (let part = dialog(); part !== document.body; part = part.parentElement) {
    for (const other of part.parentElement.children) if (other !== part && other.id !== "annonce") other.inert = true;
  }
}

function close() {
  root.classList.remove("filtres-ouverts");
  for (const [name] of DIALOG) dialog().removeAttribute(name);
  for (const part of document.querySelectorAll("[inert]")) part.inert = false;
  document.querySelector(".ouvrir").focus();
}

document.addEventListener("click", (event) => {
  if (!SMALL.matches) return;
  if (!isOpen() && event.target.closest(".ouvrir")) open();
  else if (isOpen() && event.target.closest(".fermer, [data-close]")) close();
  else return;
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isOpen() && !event.defaultPrevented) close();
});
document.addEventListener("list:changed", () => {
  if (isOpen()) hold();
});
SMALL.addEventListener("change", () => {
  if (isOpen()) close();
});
if (SMALL.matches && location.hash === "#filtres") {
  // Without it the address changes, and what it points to stays :target, hence open.
  location.replace("#");
  history.replaceState(history.state, "", location.pathname + location.search);
  open();
}
