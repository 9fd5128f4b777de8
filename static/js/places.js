// Places proposed while a name is typed, as an ARIA combobox. Without this script the field takes a name and the server
// finds the place, or asks which one. In a form that is longer than a search (data-places-into: where the key of what is
// chosen is kept), choosing fills the field; data-places-kinds: the kinds of places that it takes.
const PAUSE = 150;
const SHORTEST = 2;
const known = new WeakSet();

class Places {
  constructor(field) {
    this.input = field.querySelector("input");
    this.address = new URL(field.dataset.places, location);
    this.into = field.dataset.placesInto;
    this.kinds = field.dataset.placesKinds?.split(",");
    this.arePlaces = this.address.pathname.includes("lieux");
    this.form = this.input.form;
    this.active = -1;
    this.list = document.createElement("ul");
    this.list.id = `${this.input.id}-propositions`;
    this.list.className = "propositions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.arePlaces ? "Lieux proposés" : "Structures proposées");
    this.status = document.createElement("span");
    this.status.className = "vh";
    this.status.setAttribute("role", "status");
    field.append(this.list, this.status);
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-autocomplete", "list"],
      ["aria-expanded", "false"],
      ["aria-controls", this.list.id],
    ]) {
      this.input.setAttribute(name, value);
    }
    this.input.addEventListener("input", () => {
      this.forget();
      this.ask();
    });
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("blur", () => this.close());
    // The press keeps the focus in the field; the click, of a mouse or of a finger, chooses.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  get options() {
    return [...this.list.children];
  }

  ask() {
    clearTimeout(this.waiting);
    this.asked?.abort();
    if (this.input.value.trim().length < SHORTEST) {
      this.close();
      this.status.textContent = "";
      return;
    }
    this.waiting = setTimeout(() => this.fetch(), PAUSE);
  }

  async fetch() {
    this.asked = new AbortController();
    this.address.searchParams.set("q", this.input.value);
    try {
      const answer = await fetch(this.address, { signal: this.asked.signal });
      if (!answer.ok) throw new Error(answer.status);
      const { suggestions } = await answer.json();
      this.show(suggestions.filter(({ key }) => !this.kinds || this.kinds.includes(key.split("-")[0])));
    } catch (error) {
      // The field works without its proposals.
      if (error.name !== "AbortError") this.close();
    }
  }

  show(places) {
    this.list.replaceChildren(...places.map((place, number) => this.option(place, number)));
    this.point(-1);
    this.open(places.length > 0 && document.activeElement === this.input);
    const words = this.arePlaces
      ? ["Aucun lieu proposé", "1 lieu proposé", "lieux proposés"]
      : ["Aucune structure proposée", "1 structure proposée", "structures proposées"];
    this.status.textContent = places.length < 2 ? words[places.length] : `${places.length} ${words[2]}`;
  }

  option(place, number) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${number}`;
    option.dataset.key = place.key;
    option.dataset.label = this.kinds && place.department ? `${place.label} (${place.department})` : place.label;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const [name, more] = [document.createElement("span"), document.createElement("span")];
    name.textContent = place.label;
    more.className = "discret";
    more.textContent = [place.called, place.kind, place.department].filter(Boolean).join(", ");
    option.append(name, " ", more);
    return option;
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.list.scrollIntoView({ block: "nearest" });
  }

  close() {
    clearTimeout(this.waiting);
    this.asked?.abort();
    this.open(false);
    this.point(-1);
  }

  point(number) {
    this.active = number;
    for (const [at, option] of this.options.entries()) option.setAttribute("aria-selected", String(at === number));
    const option = this.options[number];
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  onKey(event) {
    const last = this.options.length - 1;
    if (this.list.hidden) {
      if (event.key === "ArrowDown" && last >= 0 && this.input.value.trim().length >= SHORTEST) {
        event.preventDefault();
        this.open(true);
        this.point(0);
      }
      return;
    }
    const to = {
      ArrowDown: () => (this.active === last ? 0 : this.active + 1),
      ArrowUp: () => (this.active <= 0 ? last : this.active - 1),
      Home: () => (this.active < 0 ? null : 0),
      End: () => (this.active < 0 ? null : last),
    }[event.key]?.();
    if (to !== undefined && to !== null) {
      event.preventDefault();
      this.point(to);
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.options[this.active]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    }
  }

  // The key is read with the words that it goes with.
  forget() {
    const key = document.getElementById(this.into);
    if (key) key.value = "";
  }

  choose(option) {
    this.close();
    this.list.replaceChildren();
    if (this.into) {
      this.input.value = option.dataset.label;
      this.status.textContent = "";
      const key = document.getElementById(this.into);
      if (key) key.value = option.dataset.key;
      return;
    }
    this.input.value = "";
    this.status.textContent = "";
    // A place that is chosen takes the place of « autour de moi ».
    this.form.querySelector("input[type=hidden][name=pres_de]")?.remove();
    // In the bar it takes the place of another; among the criteria it is one more.
    if (this.form.matches(".barre")) {
      for (const other of this.form.querySelectorAll("input[type=hidden]:is([name=territoire],[name=presence])")) other.remove();
    }
    const chosen = document.createElement("input");
    chosen.type = "hidden";
    chosen.name = "territoire";
    chosen.value = option.dataset.key;
    this.form.append(chosen);
    this.form.requestSubmit();
    chosen.remove();
  }
}

function begin() {
  for (const field of document.querySelectorAll("[data-places]")) {
    if (!known.has(field)) {
      known.add(field);
      new Places(field);
    }
  }
}

begin();
document.addEventListener("list:changed", begin);
