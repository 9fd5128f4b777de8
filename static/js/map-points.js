// What the map shows of a search: everything at once when it is small, else what the server counts for the view.
import "../vendor/leaflet/leaflet.js";
import "../vendor/supercluster/supercluster.min.js";

const { L, Supercluster } = globalThis;

const GROUPED_WITHIN = 72; // pixels
const CLOSEST = 18;
// How far to go when an area is pressed.
const NEXT_ZOOM = { departement: 9, epci: 10, commune: 12 };

export const numbers = new Intl.NumberFormat("fr-FR");
export const words = (count, word) => `${numbers.format(count)} ${word}${count > 1 ? "s" : ""}`;

/**
 * The answer of the server as marks: { id, lat, lng, count, name, keys, slugs, zoom }.
 * `keys`: points or territory, as addresses tell them; `slugs`: its fiches when they are told; `zoom`: where pressing it
 * leads, when it does not open.
 */
export class Points {
  constructor(address) {
    this.address = address;
    this.answer = null;
    this.box = null;
  }

  get isWhole() {
    return this.answer?.forme === "tout";
  }

  /** Whether the answer that is here says all of what this view shows. */
  covers(bounds, zoom) {
    if (!this.answer) return false;
    if (this.isWhole) return true;
    return this.zoom === zoom && (this.box === null || this.box.contains(bounds));
  }

  async load(bounds, zoom) {
    this.waiting?.abort();
    this.waiting = new AbortController();
    const box = bounds.pad(0.4);
    const address = new URL(this.address, window.location.href);
    const edges = [Math.max(-180, box.getWest()), Math.max(-90, box.getSouth()), Math.min(180, box.getEast()), Math.min(90, box.getNorth())];
    address.searchParams.set("emprise", edges.map((edge) => edge.toFixed(4)).join(","));
    address.searchParams.set("zoom", Math.floor(zoom));
    const response = await fetch(address, { signal: this.waiting.signal });
    if (!response.ok) throw new Error(`points: ${response.status}`);
    this.answer = await response.json();
    this.zoom = zoom;
    this.box = ["departement", "epci"].includes(this.answer.forme) ? null : box;
    this.group();
  }

  group() {
    const { fiches, points } = this.answer;
    const features = points
      .filter((point) => Array.isArray(point[2]))
      .map(([lng, lat, ranks, name, key]) => ({
        type: "Feature",
        geometry: { type: "Point", coordinates: [lng, lat] },
        properties: { name, key, slugs: ranks.map((rank) => fiches[rank]) },
      }));
    this.clusters = new Supercluster({ radius: GROUPED_WITHIN, maxZoom: CLOSEST - 1 }).load(features);
    this.alone = points.filter((point) => !Array.isArray(point[2]));
  }

  /** Where all of it is; null when nothing is. */
  get extent() {
    const places = this.answer.points.map(([lng, lat]) => [lat, lng]);
    return places.length ? L.latLngBounds(places) : null;
  }

  marks(bounds, zoom) {
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const grouped = this.clusters.getClusters(box, Math.min(zoom, CLOSEST)).map((feature) => this.grouped(feature));
    const alone = this.alone.filter(([lng, lat]) => bounds.contains([lat, lng])).map((point) => this.single(point));
    return [...grouped, ...alone];
  }

  grouped({ geometry, properties, id }) {
    const leaves = properties.cluster ? this.clusters.getLeaves(id, Infinity) : [{ geometry, properties }];
    const slugs = new Set(leaves.flatMap((leaf) => leaf.properties.slugs));
    const keys = leaves.map((leaf) => leaf.properties.key);
    const names = [...new Set(leaves.map((leaf) => leaf.properties.name))];
    const isOnePlace = new Set(leaves.map((leaf) => leaf.geometry.coordinates.join())).size === 1;
    const zoom = properties.cluster && !isOnePlace ? this.clusters.getClusterExpansionZoom(id) : 0;
    const name = names.length > 2 ? `${names[0]} et ${names.length - 1} autres lieux` : names.join(" et ");
    const [lng, lat] = geometry.coordinates;
    return { id: keys.join(" "), lat, lng, count: slugs.size, name, keys, slugs, zoom };
  }

  single([lng, lat, count, name, key]) {
    const next = NEXT_ZOOM[this.answer.forme] ?? 0;
    return { id: key, lat, lng, count, name, keys: [key], slugs: null, zoom: next && Math.max(next, this.zoom + 1) };
  }
}
