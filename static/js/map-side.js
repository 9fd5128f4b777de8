// Beside a list: a row and the seal that counts it show each other. What is there is looked up at each move, since the
// list changes in place.
import { light, readTies, slugOf } from "./map-ties.js";

const all = (selector) => [...document.querySelectorAll(selector)];
const isAt = (row, seal) => (readTies()[slugOf(row)] ?? []).includes(seal.dataset.lieu);

function show({ target }) {
  const row = target.closest?.(".resultats .rang");
  const seal = target.closest?.("[data-carte-cote] [data-lieu]");
  light(all("[data-carte-cote] [data-lieu]"), (other) => Boolean(row) && isAt(row, other));
  light(all(".resultats .rang"), (other) => Boolean(seal) && isAt(other, seal));
}

document.addEventListener("pointerover", show);
document.addEventListener("focusin", show);
document.addEventListener("focusout", ({ relatedTarget }) => show({ target: relatedTarget ?? document }));
