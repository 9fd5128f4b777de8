// The directory changes in place: htmx asks for the same address, and takes of the answer what changed. Here is what it
// leaves to us: clean addresses, the head of the page, focus, what a screen reader hears, and what to do when it fails.
import "./around.js";
import "./facets.js";
import "./places.js";

const region = () => document.getElementById("recherche");
document.documentElement.dataset.live = "";

// Who only reads does not load it: htmx comes at the first sign of a hand, or to go back where it went. Until it is
// there, what is ticked is sent as the form that it is.
const SIGNS = ["pointermove", "pointerdown", "keydown", "focusin"];

function wake() {
  for (const sign of SIGNS) removeEventListener(sign, wake);
  document.head.append(Object.assign(document.createElement("script"), { src: region().dataset.htmx }));
}

for (const sign of SIGNS) addEventListener(sign, wake, { passive: true });
if (history.state?.htmx) wake();

document.addEventListener("change", ({ target }) => {
  const form = target.closest("#filtres, .tri");
  const isSent = target.matches("[type=checkbox], select, [data-year]");
  if (!form || !isSent || form.hasAttribute("data-htmx-powered")) return;
  // Sent as the form that it is, it brings another page: the drawer that is open opens there again.
  if (isDrawerOpen()) form.setAttribute("action", `${location.pathname}#filtres`);
  form.requestSubmit();
});

// What was left empty says nothing in an address.
document.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) {
    if (value === "" && formData.getAll(name).length === 1) formData.delete(name);
  }
});

// Coming back to a page, the browser gives back what was ticked and typed when it was left: the list says otherwise.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted && performance.getEntriesByType("navigation")[0]?.type === "navigate") return;
  for (const form of region().querySelectorAll("form")) form.reset();
});

const small = matchMedia("(max-width: 52rem)");
const isDrawerOpen = () =>
  small.matches && (location.hash === "#filtres" || document.documentElement.classList.contains("filtres-ouverts"));
const prepareDrawer = () => small.matches && import("./drawer.js");
small.addEventListener("change", prepareDrawer);
prepareDrawer();

// An answer that comes after another was asked for is nobody's any more.
let newest = null;
let before = null;

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const said = [...(ctx.request.body ?? [])].filter(([, value]) => `${value}`.trim());
  ctx.request.body = new FormData();
  // Going back asks without it.
  ctx.request.headers["HX-Request"] = "true";
  for (const [name, value] of said) ctx.request.body.append(name, value);
});

document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  newest = ctx;
});

document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  if (ctx !== newest) {
    event.preventDefault();
    return;
  }
  const page = new DOMParser().parseFromString(ctx.text, "text/html");
  if (ctx.response.status >= 400 || !page.getElementById("recherche")) {
    // Another page: an error that says so in its own words, or the choice between places of one name.
    event.preventDefault();
    location.assign(ctx.response.raw.url || ctx.request.action);
    return;
  }
  for (const task of tasks) task.swapSpec.style = "outerMorph";
  adoptHead(page);
  adoptSymbols(page);
  adoptMessages(page);
  const focused = document.activeElement;
  before = {
    isPaging: Boolean(ctx.sourceElement.closest?.(".pagination")),
    isGoingBack: "HX-History-Restore-Request" in ctx.request.headers,
    focused: region().contains(focused) ? focused : null,
    top: focused.getBoundingClientRect().top,
  };
});

document.addEventListener("htmx:after:swap", () => {
  // What a person ticked is a property, that the new attributes do not reach.
  for (const box of region().querySelectorAll("input[type=checkbox]")) box.checked = box.defaultChecked;
  for (const option of region().querySelectorAll("option")) {
    if (option.defaultSelected) option.selected = true;
  }
  for (const facet of region().querySelectorAll("details.facette:has(:checked)")) facet.open = true;
  document.dispatchEvent(new CustomEvent("list:changed"));
  keepFocus();
  announce();
});

function keepFocus() {
  const { focused, top, isPaging, isGoingBack } = before;
  // The browser lets go of the focus when it goes back, unless it was given meanwhile.
  if (isGoingBack && focused?.isConnected) {
    focused.blur();
    focused.focus({ preventScroll: true });
    return;
  }
  if (isPaging) {
    const results = document.getElementById("h-r");
    results.focus({ preventScroll: true });
    document.getElementById("resultats").scrollIntoView({ block: "start" });
  } else if (focused && document.activeElement === focused) {
    // Chips come and go above: what is under the hand stays there.
    window.scrollBy({ top: focused.getBoundingClientRect().top - top, behavior: "instant" });
  } else if (focused) {
    region().querySelector("h1").focus({ preventScroll: true });
  }
}

function announce() {
  const status = document.getElementById("annonce");
  const page = region().querySelector(".pagination li:not(:first-child) > [aria-current]");
  const said = [region().querySelector("h1").textContent, page?.textContent];
  status.textContent = said.filter(Boolean).join(", ").replace(/\s+/g, " ").trim();
}

function adoptHead(page) {
  for (const selector of ["link[rel=canonical]", "link[rel=alternate]", "meta[name=robots]"]) {
    const [old, now] = [document.head.querySelector(selector), page.head.querySelector(selector)];
    old?.remove();
    if (now) document.head.append(now);
  }
}

// A page carries the symbols that it uses: the answer may bring others.
function adoptSymbols(page) {
  const sheet = document.querySelector("svg.planche");
  for (const symbol of page.querySelectorAll("svg.planche symbol")) {
    if (!document.getElementById(symbol.id)) sheet.append(symbol);
  }
}

function adoptMessages(page) {
  document.querySelector("#contenu > .messages:has(.avis:not([role=note]))")?.remove();
  const messages = page.querySelector(".messages");
  if (messages) region().before(messages);
}

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (!ctx || ctx !== newest) return;
  const notice = document.createElement("div");
  notice.className = "page messages";
  notice.innerHTML = '<div class="avis erreur" role="alert"><p>La liste n’a pas pu être mise à jour. <a>Ouvrir la page des résultats</a></p></div>';
  notice.querySelector("a").href = ctx.request.action;
  document.querySelector("#contenu > .messages:has([role=alert])")?.remove();
  region().before(notice);
});
