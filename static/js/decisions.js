// How many changes are decided, told while one decides; the server tells it of what it is sent.
const said = document.querySelector("[data-decided]");
const form = said?.closest("form");

function count() {
  const fields = form.querySelectorAll(".adm-decision");
  const made = form.querySelectorAll(".adm-decision input:checked").length;
  const several = made > 1 ? "s" : "";
  said.textContent = `${made} décision${several} prise${several} sur ${fields.length}.`;
}

// A browser that comes back to the page ticks again what was ticked, once the page is there.
if (form) {
  form.addEventListener("change", ({ target }) => { if (target.closest(".adm-decision")) count(); });
  window.addEventListener("pageshow", count);
}
