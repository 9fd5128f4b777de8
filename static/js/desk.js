// The desk: what Django's own scripts leave out for screen readers.

// A list of several values is emptied value by value: select2's « remove all » button would stand between its items.
for (const select of document.querySelectorAll("select.admin-autocomplete[multiple]")) {
  select.dataset.allowClear = "false";
}

// What select2 and the two lists of choices add has no name, or bears one on an element that may not.
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
    const label = selectOf(box.closest(".select2-container"))?.labels[0];
    const shown = box.querySelector(".select2-selection__rendered");
    if (label && shown) {
      label.id ||= `${shown.id}-label`;
      box.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
      shown.setAttribute("aria-labelledby", label.id);
    }
    box.dataset.named = "";
  }
  for (const sign of document.querySelectorAll(".search-label-icon[aria-label]:not([role])")) {
    sign.setAttribute("role", "img");
  }
}

new MutationObserver(nameControls).observe(document.body, { childList: true, subtree: true });
nameControls();

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
