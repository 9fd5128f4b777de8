// The large map: takes the place of the engraved one, which stays when anything fails.
import "../vendor/leaflet/leaflet.js";
import { basemap } from "./map-base.js";
import { numbers, Points, words } from "./map-points.js";
import { light, readTies, slugOf, watch } from "./map-ties.js";

const { L } = globalThis;

const SMALLEST = 12; // radius of a seal, in pixels
const LARGEST = window.matchMedia("(max-width: 36rem)").matches ? 24 : 34;
const IN_ADDRESS = /^#(\d{1,2})\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/;

const element = document.querySelector("[data-carte]");
const rows = [...document.querySelectorAll("[data-rangs] > .rang")];
const ties = readTies();
const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** One of the two maps is there, never both. */
function swap(isLive) {
  element.hidden = !isLive;
  for (const node of document.querySelectorAll("[data-carte-gravee], [data-sans-carte-vive]")) node.hidden = isLive;
}

function sheet(address) {
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
    link.addEventListener("load", resolve);
    link.addEventListener("error", reject);
    document.head.append(link);
  });
}

/** Where the address says that the map is: { zoom, center }, or null. */
function fromAddress() {
  const said = IN_ADDRESS.exec(window.location.hash);
  if (!said) return null;
  const [zoom, latitude, longitude] = said.slice(1).map(Number);
  return zoom <= 18 && Math.abs(latitude) <= 85 ? { zoom, center: [latitude, longitude] } : null;
}

function icon({ count }, unit) {
  const radius = Math.round(Math.min(LARGEST, Math.max(SMALLEST, 4 * String(count).length + 4, unit * Math.sqrt(count))));
  const side = 2 * (radius + 5);
  const half = side / 2;
  const html = `<svg viewBox="0 0 ${side} ${side}" width="${side}" height="${side}" aria-hidden="true"><circle class="halo" cx="${half}" cy="${half}" r="${radius + 3.5}"/><circle class="rond" cx="${half}" cy="${half}" r="${radius}"/></svg><span class="nombre" aria-hidden="true">${numbers.format(count)}</span>`;
  return L.divIcon({ className: radius > 19 ? "sceau grand" : "sceau", html, iconSize: [side, side] });
}

class Page {
  constructor() {
    this.points = new Points(element.dataset.points);
    this.markers = new Map();
    this.map = L.map(element, {
      minZoom: 6,
      zoomSnap: 0.5, // whole steps would leave the region small in the middle of the screen
      maxZoom: 18,
      zoomControl: false,
      scrollWheelZoom: false,
      zoomAnimation: !isStill,
      fadeAnimation: !isStill,
      markerZoomAnimation: !isStill,
      inertia: !isStill,
      attributionControl: false,
    });
    L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(this.map);
    L.control.attribution({ prefix: false }).addTo(this.map);
  }

  async start() {
    const { layer, bounds } = await basemap(this.map, element.dataset);
    this.map.setMaxBounds(bounds.pad(0.9));
    const said = fromAddress();
    const whole = this.fit(bounds);
    const view = said ?? whole;
    await this.points.load(this.around(view), view.zoom);
    this.reveal();
    if (said) this.map.setView(said.center, said.zoom, { animate: false });
    else this.map.fitBounds(this.points.extent ?? bounds, { padding: [LARGEST, LARGEST], maxZoom: 12, animate: false });
    layer.addTo(this.map);
    this.map.on("moveend", () => this.moved());
    this.map.on("moveend zoomend", () => this.remember());
    this.listen();
    await this.moved();
    this.say();
  }

  // The element is hidden until everything is there: what it will show is reckoned from the size of the engraved map.
  fit(bounds) {
    const { clientWidth, clientHeight } = element.parentElement;
    this.size = L.point(clientWidth, clientHeight);
    const span = bounds.getNorthEast().lng - bounds.getSouthWest().lng;
    const zoom = Math.floor(Math.log2((clientWidth * 360) / (256 * span)));
    return { zoom: Math.max(6, Math.min(18, zoom)), center: bounds.getCenter() };
  }

  around({ zoom, center }) {
    const middle = this.map.project(center, zoom);
    const half = this.size.divideBy(2);
    return L.latLngBounds(this.map.unproject(middle.subtract(half), zoom), this.map.unproject(middle.add(half), zoom));
  }

  reveal() {
    swap(true);
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", "Carte interactive : les flèches la déplacent, plus et moins la changent d’échelle");
    this.map.invalidateSize({ animate: false });
    // On paper the engraved one is finer, and whole.
    window.addEventListener("beforeprint", () => swap(false));
    window.addEventListener("afterprint", () => swap(true));
  }

  async moved() {
    const [bounds, zoom] = [this.map.getBounds(), this.map.getZoom()];
    if (!this.points.covers(bounds, zoom)) {
      try {
        await this.points.load(bounds, zoom);
      } catch (error) {
        if (error.name === "AbortError") return;
        if (!this.markers.size) throw error;
        document.querySelector("[data-carte-dite]").textContent = "Ce qui est ici n’a pas pu être lu. Déplacez la carte pour réessayer.";
        return;
      }
    }
    this.show();
  }

  /** Marks that stay keep their element, and the focus with it. */
  show() {
    const marks = this.points.marks(this.map.getBounds().pad(0.1), this.map.getZoom());
    const unit = Math.min(9.6, LARGEST / Math.sqrt(Math.max(1, ...marks.map((mark) => mark.count))));
    const wanted = new Map(marks.map((mark) => [`${mark.id} ${mark.count} ${mark.zoom > 0}`, mark]));
    for (const [id, marker] of this.markers) {
      if (!wanted.has(id)) {
        marker.remove();
        this.markers.delete(id);
      }
    }
    for (const [id, mark] of wanted) {
      const known = this.markers.get(id);
      if (known) known.mark = mark;
      else this.markers.set(id, this.add(mark, unit));
    }
    if (this.sought) this.focusNear(this.sought);
    this.sought = null;
  }

  add(mark, unit) {
    const marker = L.marker([mark.lat, mark.lng], { icon: icon(mark, unit), zIndexOffset: -Math.min(mark.count, 5000), riseOnHover: true });
    marker.mark = mark;
    marker.addTo(this.map);
    const node = marker.getElement();
    const then = mark.zoom ? "agrandir" : "ouvrir";
    node.setAttribute("aria-label", `${mark.name} : ${words(mark.count, "initiative")}, ${then}`);
    node.title = `${mark.name} : ${words(mark.count, "initiative")}`;
    marker.on("click", () => this.press(marker));
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      this.press(marker, true);
    });
    watch(node, (here) => light(rows, (row) => here && this.holds(marker.mark, slugOf(row))));
    return marker;
  }

  holds({ slugs, keys }, slug) {
    return slugs?.has(slug) || keys.some((key) => ties[slug]?.includes(key));
  }

  press(marker, byKeyboard = false) {
    const { mark } = marker;
    if (!mark.zoom || mark.zoom > this.map.getMaxZoom()) {
      this.open(marker);
      return;
    }
    const place = marker.getLatLng();
    if (byKeyboard) this.sought = place;
    this.map.setView(place, mark.zoom);
  }

  /** The mark that was pressed is gone: the one that stands nearest takes the focus. */
  focusNear(place) {
    const near = [...this.markers.values()].sort((a, b) => place.distanceTo(a.getLatLng()) - place.distanceTo(b.getLatLng()));
    near[0]?.getElement().focus();
  }

  async open(marker) {
    const address = new URL(element.dataset.fiches, window.location.href);
    for (const key of marker.mark.keys.slice(0, 50)) address.searchParams.append("point", key);
    const content = document.createElement("div");
    content.className = "bulle-corps";
    const popup = L.popup({
      className: "bulle-carte",
      minWidth: Math.min(300, this.map.getSize().x - 60),
      maxWidth: Math.min(400, this.map.getSize().x - 40),
      maxHeight: Math.max(160, this.map.getSize().y - 110),
      offset: [0, -8],
      autoPanPadding: [16, 16],
      content,
    });
    popup.setLatLng(marker.getLatLng());
    popup.on("remove", () => {
      const node = marker.getElement() ?? this.nodeOf(marker.mark);
      if (popup.node?.contains(document.activeElement) || document.activeElement === document.body) node?.focus({ preventScroll: true });
    });
    const turn = this.newTurn();
    await this.fill(content, address);
    if (turn !== this.turn) return;
    popup.openOn(this.map);
    popup.node = popup.getElement();
    popup.node.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", "Fermer");
    popup.node.setAttribute("role", "dialog");
    popup.node.setAttribute("aria-label", marker.mark.name);
    content.querySelector("h2")?.focus({ preventScroll: true });
    content.addEventListener("click", async (event) => {
      const link = event.target.closest("[data-bulle]");
      if (!link) return;
      event.preventDefault();
      await this.fill(content, link.href);
      popup.update();
      content.querySelector("h2")?.focus({ preventScroll: true });
    });
  }

  /** Of several popups asked for one after the other, the last one opens; none after Escape. */
  newTurn() {
    this.turn = (this.turn ?? 0) + 1;
    return this.turn;
  }

  nodeOf({ keys }) {
    return [...this.markers.values()].find((other) => keys.every((key) => other.mark.keys.includes(key)))?.getElement();
  }

  async fill(content, address) {
    const response = await fetch(address).catch(() => null);
    content.innerHTML = response?.ok ? await response.text() : "<p>Ces fiches n’ont pas pu être lues. Réessayez dans un instant.</p>";
    content.querySelector("h2")?.setAttribute("tabindex", "-1");
  }

  listen() {
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.newTurn();
      if (!element.querySelector(".leaflet-popup")) return;
      event.stopPropagation();
      this.map.closePopup();
    });
    // The wheel scrolls the page until the map is used.
    this.map.on("click focus", () => this.map.scrollWheelZoom.enable());
    this.map.on("mouseout blur", () => this.map.scrollWheelZoom.disable());
    for (const row of rows) {
      watch(row, (here) => {
        const marked = new Set([...this.markers.values()].filter(({ mark }) => here && this.holds(mark, slugOf(here))));
        for (const marker of this.markers.values()) marker.getElement().classList.toggle("vu", marked.has(marker));
      });
    }
  }

  /** The address keeps the place, once somebody has moved the map. */
  remember() {
    const { lat, lng } = this.map.getCenter();
    const place = `#${this.map.getZoom()}/${lat.toFixed(3)}/${lng.toFixed(3)}`;
    window.history.replaceState(window.history.state, "", place);
  }

  say() {
    const { places, sans_lieu: without } = this.points.answer;
    const rest = without ? ` ; ${words(without, "fiche")} sans lieu précis` : "";
    document.querySelector("[data-carte-dite]").textContent = `${words(places, "fiche")} sur la carte${rest}.`;
  }
}

async function begin() {
  await sheet(element.dataset.feuille);
  const page = new Page();
  try {
    await page.start();
  } catch (error) {
    page.map.remove();
    swap(false);
    throw error;
  }
}

if (element) begin();
