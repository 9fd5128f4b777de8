// Beside a list: a row and the seal that counts it show each other.
import { light, readTies, slugOf, watch } from "./map-ties.js";

const ties = readTies();
const seals = [...document.querySelectorAll("[data-carte-cote] [data-lieu]")];
const rows = [...document.querySelectorAll(".resultats .rang")];
const isAt = (row, seal) => (ties[slugOf(row)] ?? []).includes(seal.dataset.lieu);

for (const row of rows) watch(row, (here) => light(seals, (seal) => here && isAt(here, seal)));
for (const seal of seals) watch(seal, (here) => light(rows, (row) => here && isAt(row, here)));
