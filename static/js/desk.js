// The desk: what Django's own scripts leave out for screen readers.

// A list of several values is emptied value by value: select2's « remove all » button would stand between its items.
for (const select of document.querySelectorAll("select.admin-autocomplete[multiple]")) {
  select.dataset.allowClear = "false";
}

// Its proposals stand in the main part of the page, as all that one reads.
for (const select of document.querySelectorAll("select.admin-autocomplete")) {
  select.dataset.dropdownParent = "#content-start";
}

// What select2 adds has no name, or bears one on an element that may not.
function selectOf(container) {
  const select = container?.previousElementSibling;
  return select?.tagName === "SELECT" ? select : null;
}

function nameControls() {
  for (const field of document.querySelectorAll(".select2-search__field:not([aria-label])")) {
    const label = selectOf(field.closest(".select2-container"))?.labels[0];
    field.setAttribute("aria-label", label?.textContent.trim().replace(/\s*:$/, "") || "Chercher");
  }
  for (const box of document.querySelectorAll("[role=combobox].select2-selection:not([data-named])")) {
    const select = selectOf(box.closest(".select2-container"));
    const label = select?.labels[0];
    const shown = box.querySelector(".select2-selection__rendered");
    if (label && shown) {
      label.id ||= `${select.id}-label`;
      box.setAttribute("aria-labelledby", `${label.id} ${shown.id}`.trim());
      shown.setAttribute("aria-labelledby", label.id);
    }
    box.dataset.named = "";
  }
  for (const box of document.querySelectorAll("[role=combobox][aria-owns]:not([aria-controls])")) {
    box.setAttribute("aria-controls", box.getAttribute("aria-owns"));
  }
}

new MutationObserver(nameControls).observe(document.body, { childList: true, subtree: true });
nameControls();

// On a small screen the sections of the desk wait behind their title.
const sections = document.querySelector(".adm-cote details");
const smallScreen = window.matchMedia("(max-width: 60rem)");
const foldSections = () => { sections?.toggleAttribute("open", !smallScreen.matches); };
smallScreen.addEventListener("change", foldSections);
foldSections();

// A new line is there to be typed in, once the key that asked for it is up: held, it would press what it reaches.
let isKeyDown = false;
document.addEventListener("keydown", () => { isKeyDown = true; });
document.addEventListener("keyup", () => { isKeyDown = false; });
document.addEventListener("formset:added", ({ target }) => {
  const focusFirst = () => setTimeout(() => {
    const first = target.querySelector("input:not([type=hidden]), select, textarea");
    (first?.parentElement.querySelector(".select2-selection") ?? first)?.focus();
  });
  if (isKeyDown) {
    document.addEventListener("keyup", focusFirst, { once: true });
  } else {
    focusFirst();
  }
});

// An act is about the fiche as it is saved: whoever typed something is asked before they lose it.
for (const acts of document.querySelectorAll(".adm-actes")) {
  const form = document.querySelector("#content-main form[id$=_form]");
  let isTyped = Boolean(form?.querySelector(".errorlist"));
  form?.addEventListener("input", () => { isTyped = true; });
  acts.addEventListener("submit", (event) => {
    if (isTyped && !window.confirm("Ce que vous avez tapé n’est pas enregistré et serait perdu. Continuer\u202f?")) {
      event.preventDefault();
    }
  });
}
