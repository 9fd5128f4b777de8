// On a small screen the filters are a drawer: it opens by its address without this script, and as a dialog with it.
const SMALL = window.matchMedia("(max-width: 52rem)");
const root = document.documentElement;
const drawer = () => document.getElementById("filtres");
const isOpen = () => root.classList.contains("filtres-ouverts");

function open() {
  root.classList.add("filtres-ouverts");
  hold();
  drawer().querySelector(".fermer").focus();
}

// All the rest of the page is out of reach; said again after each change of the list.
function hold() {
  drawer().setAttribute("role", "dialog");
  drawer().setAttribute("aria-modal", "true");
  for (let part = drawer(); part !== document.body; part = part.parentElement) {
    for (const other of part.parentElement.children) if (other !== part && other.id !== "annonce") other.inert = true;
  }
}

function close() {
  root.classList.remove("filtres-ouverts");
  drawer().removeAttribute("role");
  drawer().removeAttribute("aria-modal");
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
  history.replaceState(history.state, "", location.pathname + location.search);
  open();
}
