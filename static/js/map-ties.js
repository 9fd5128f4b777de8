// Ties the rows of a list to what a map shows: pointing at one, or reaching it by keyboard, shows the other.

/** Slug of the fiche that a row is about. */
export const slugOf = (row) => row.querySelector("h3 a")?.pathname.split("/").at(-2) ?? "";

/** Slug → points and territories where it is, as the page gives them. */
export function readTies() {
  const data = document.getElementById("liens-carte");
  return data ? JSON.parse(data.textContent) : {};
}

/** Calls `pointed(element)` when it is reached by pointer or keyboard, and `pointed(null)` when it is left. */
export function watch(element, pointed) {
  for (const name of ["pointerenter", "focusin"]) element.addEventListener(name, () => pointed(element));
  for (const name of ["pointerleave", "focusout"]) element.addEventListener(name, () => pointed(null));
}

/** Shows which of the elements are meant. */
export function light(elements, isMeant) {
  for (const element of elements) element.classList.toggle("vu", isMeant(element));
}
