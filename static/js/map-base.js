// The basemap: our own contours, engraved as the server's maps are, drawn on canvas tiles. No tile server.
import "../vendor/leaflet/leaflet.js";
import "../vendor/topojson-client/topojson-client.min.js";

const { L, topojson } = globalThis;

// The colours of « Carte gravée », in components.css.
const SEA = "#e9efea";
const WATER = "#6f97a3";
const AROUND = "#efe4cc";
const AROUND_BORDER = "#8a7358";
const LAND = "#fbf6e9";
const INK = "#2a1c18";
const COMMUNE = "#c8b998";
const TINTS = ["#c9b8d6", "#a9cbd8", "#eab79f", "#e6b3ae", "#c2cc93", "#efd08c"];
// Distance from the coast, thickness.
const WATER_LINES = [
  [3.4, 0.8],
  [8, 0.7],
  [13.6, 0.6],
  [20.4, 0.55],
  [28.5, 0.5],
  [38, 0.45],
];
const COMMUNES_FROM = 11;
// Ranks of towns that are named from each zoom on.
const TOWNS_FROM = { 1: 0, 2: 9, 3: 10, 4: 10 };
const SEA_NAME = { text: "Mer Méditerranée", place: [6.15, 42.86], from: 7, until: 9 };

const WORLD = 2 ** 18; // units round the earth; paths are drawn from a point near them, so as to keep their precision
const north = (latitude) => {
  const sine = Math.sin((latitude * Math.PI) / 180);
  return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD;
};
const east = (longitude) => (longitude / 360 + 0.5) * WORLD;

async function read(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}

class Plate {
  constructor(longitude, latitude) {
    this.x = east(longitude);
    this.y = north(latitude);
  }

  place([longitude, latitude]) {
    return [east(longitude) - this.x, north(latitude) - this.y];
  }

  path(geometry) {
    const path = new Path2D();
    const closed = geometry.type.endsWith("Polygon");
    const depth = { LineString: 0, MultiLineString: 1, Polygon: 1, MultiPolygon: 2 }[geometry.type];
    for (const line of geometry.coordinates.flat(Math.max(0, depth - 1))) {
      line.forEach((point, index) => {
        const [x, y] = this.place(point);
        if (index) path.lineTo(x, y);
        else path.moveTo(x, y);
      });
      if (closed) path.closePath();
    }
    return path;
  }
}

/** Tints of départements, as the server chooses them: neighbours never have the same. */
function tintsOf(geometries) {
  const near = topojson.neighbors(geometries);
  const order = geometries.map((item, index) => index).sort((a, b) => (codeOf(geometries[a]) < codeOf(geometries[b]) ? -1 : 1));
  const chosen = new Map();
  order.forEach((index, rank) => {
    const taken = new Set(near[index].map((other) => chosen.get(other)));
    const wheel = [0, 1, 2, 3, 4, 5].map((turn) => (rank + turn) % 6);
    chosen.set(index, wheel.find((tint) => !taken.has(tint)));
  });
  return geometries.map((item, index) => TINTS[chosen.get(index)]);
}

const codeOf = (geometry) => geometry.properties.code;

/** The contours of the region: its own light file. */
function fine(topology) {
  const { departements, autour, limites } = topology.objects;
  const plate = new Plate(6, 43.9);
  return {
    plate,
    bounds: L.geoJSON(topojson.feature(topology, departements)).getBounds(),
    around: plate.path(topojson.feature(topology, autour).geometry),
    aroundBorders: plate.path(topojson.feature(topology, limites).geometry),
    ...inside(topology, plate),
  };
}

function inside(topology, plate) {
  const { departements, epci } = topology.objects;
  const isOuter = (a, b) => a === b;
  return {
    lands: topojson.feature(topology, departements).features.map((feature) => plate.path(feature.geometry)),
    tints: tintsOf(departements.geometries),
    epci: plate.path(topojson.mesh(topology, epci, (a, b) => a !== b)),
    between: plate.path(topojson.mesh(topology, departements, (a, b) => a !== b)),
    outer: plate.path(topojson.mesh(topology, departements, isOuter)),
  };
}

/** The départements of France, for a region whose fine contours nobody has added yet. */
function coarse(collection, region) {
  const [own, others] = [[], []];
  for (const feature of collection.features) (feature.properties.reg === region ? own : others).push(feature);
  const bounds = L.geoJSON({ type: "FeatureCollection", features: own }).getBounds();
  const { lng, lat } = bounds.getCenter();
  const plate = new Plate(lng, lat);
  const joined = (features) => {
    const path = new Path2D();
    for (const feature of features) path.addPath(plate.path(feature.geometry));
    return path;
  };
  return {
    plate,
    bounds,
    around: joined(others),
    aroundBorders: joined(others),
    lands: own.map((feature) => plate.path(feature.geometry)),
    tints: own.map((feature, index) => TINTS[index % 6]),
    epci: new Path2D(),
    between: joined(own),
    outer: new Path2D(),
  };
}

const Engraved = L.GridLayer.extend({
  createTile(coords) {
    const size = this.getTileSize();
    const ratio = window.devicePixelRatio || 1;
    const tile = document.createElement("canvas");
    tile.width = size.x * ratio;
    tile.height = size.y * ratio;
    const context = tile.getContext("2d");
    const scale = (2 ** coords.z * size.x) / WORLD;
    const { plate } = this.contours;
    const left = plate.x * scale - coords.x * size.x;
    const top = plate.y * scale - coords.y * size.y;
    context.setTransform(scale * ratio, 0, 0, scale * ratio, left * ratio, top * ratio);
    context.lineJoin = "round";
    this.draw(context, 1 / scale, coords.z);
    context.setTransform(ratio, 0, 0, ratio, left * ratio, top * ratio);
    this.write(context, scale, coords, size);
    return tile;
  },

  draw(context, pixel, zoom) {
    const { around, aroundBorders, lands, tints, epci, between, outer } = this.contours;
    const stroke = (path, color, width, dashes = []) => {
      context.strokeStyle = color;
      context.lineWidth = width * pixel;
      context.setLineDash(dashes.map((length) => length * pixel));
      context.stroke(path);
    };
    const fill = (path, color) => {
      context.fillStyle = color;
      context.fill(path);
    };
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = SEA;
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    context.restore();
    for (const [distance, thickness] of WATER_LINES.toReversed()) {
      for (const path of [around, ...lands]) stroke(path, WATER, 2 * distance + thickness);
      for (const path of [around, ...lands]) stroke(path, SEA, 2 * distance - thickness);
    }
    fill(around, AROUND);
    stroke(around, AROUND, 2.4);
    stroke(aroundBorders, AROUND_BORDER, 0.6, [1, 2.6]);
    for (const path of lands) fill(path, LAND);
    lands.forEach((path, index) => {
      context.save();
      context.clip(path);
      stroke(path, tints[index], 15);
      context.restore();
    });
    if (zoom >= COMMUNES_FROM && this.communes) stroke(this.communes.borders, COMMUNE, 0.7);
    stroke(epci, AROUND_BORDER, zoom >= COMMUNES_FROM ? 1 : 0.55);
    stroke(between, INK, 1, [7, 2, 1.2, 2]);
    stroke(outer, INK, 1.5);
  },

  // Between two whole zooms the browser reduces or enlarges what is drawn: names keep their size all the same.
  write(context, scale, coords, size) {
    const grown = 2 ** -(this.beyond ?? 0);
    const seen = (x, y, far) => {
      const reach = far * grown;
      const [left, top] = [x + this.contours.plate.x * scale - coords.x * size.x, y + this.contours.plate.y * scale - coords.y * size.y];
      return left > -reach && left < size.x + reach && top > -reach && top < size.y + reach;
    };
    const name = (text, x, y, lift, font, color, halo, width) => {
      context.save();
      context.translate(x, y);
      context.scale(grown, grown);
      context.font = font;
      context.lineJoin = "round";
      context.lineWidth = width;
      context.strokeStyle = halo;
      context.strokeText(text, 0, -lift);
      context.fillStyle = color;
      context.fillText(text, 0, -lift);
      context.restore();
    };
    context.textAlign = "center";
    if (this.communes && coords.z >= COMMUNES_FROM + 1) {
      for (const { text, place } of this.communes.names) {
        const [x, y] = place.map((value) => value * scale);
        if (seen(x, y, 120)) name(text, x, y, 14, "13px 'Source Sans 3', sans-serif", "#6d5838", LAND, 3);
      }
    }
    for (const { text, place, rank } of this.towns) {
      const [x, y] = place.map((value) => value * scale);
      if (coords.z < TOWNS_FROM[rank] || coords.z > COMMUNES_FROM || !seen(x, y, 120)) continue;
      context.fillStyle = "#1a2036";
      context.beginPath();
      context.arc(x, y, 2.2 * grown, 0, 7);
      context.fill();
      name(text, x, y, 7, "italic 15px Baskervville, serif", "#1a2036", LAND, 3.5);
    }
    if (this.hasSeaName && coords.z >= SEA_NAME.from && coords.z <= SEA_NAME.until) {
      const [x, y] = this.contours.plate.place(SEA_NAME.place).map((value) => value * scale);
      context.letterSpacing = "3px";
      if (seen(x, y, 200)) name(SEA_NAME.text, x, y, 0, "italic 25px Baskervville, serif", "#33606c", SEA, 5);
      context.letterSpacing = "0px";
    }
  },
});

/** The basemap of a page, as the data of its element tell it: { layer, bounds }. */
export async function basemap(map, { fond, communes, villes, region, tuiles }) {
  const [contours, towns] = await Promise.all([
    read(fond),
    villes ? read(villes) : { features: [] },
    document.fonts.load("italic 15px Baskervville"),
  ]);
  const isFine = contours.type === "Topology";
  const drawn = isFine ? fine(contours) : coarse(contours, region);
  if (tuiles) {
    const { hostname } = new URL(tuiles.replace(/\{.*?\}/g, "0"));
    return { layer: L.tileLayer(tuiles, { maxZoom: 18, attribution: `Fond : ${hostname}` }), bounds: drawn.bounds };
  }
  const layer = new Engraved({ maxZoom: 18, keepBuffer: 1, attribution: "Contours : IGN ADMIN EXPRESS, Insee. Pays voisins : Natural Earth" });
  layer.contours = drawn;
  layer.hasSeaName = isFine;
  layer.towns = towns.features.map(({ properties, geometry }) => ({
    text: properties.nom,
    rank: properties.rang,
    place: drawn.plate.place(geometry.coordinates),
  }));
  const measure = () => {
    const beyond = map.getZoom() - Math.round(map.getZoom());
    if (beyond === layer.beyond) return;
    layer.beyond = beyond;
    layer.redraw();
  };
  map.on("zoomend", measure);
  map.whenReady(measure);
  if (communes) watchCommunes(map, layer, communes);
  return { layer, bounds: drawn.bounds };
}

/** Finer contours, with the borders and names of communes, come when a close view needs them. */
function watchCommunes(map, layer, address) {
  const come = async () => {
    if (map.getZoom() < COMMUNES_FROM) return;
    map.off("zoomend", come);
    const topology = await read(address);
    const { plate } = layer.contours;
    Object.assign(layer.contours, inside(topology, plate));
    layer.communes = {
      borders: plate.path(topojson.mesh(topology, topology.objects.communes, (a, b) => a !== b)),
      names: topojson.feature(topology, topology.objects.communes).features.map((feature) => ({
        text: feature.properties.nom,
        place: plate.place(middle(feature.geometry)),
      })),
    };
    layer.redraw();
  };
  map.on("zoomend", come);
  map.whenReady(come);
}

/** The middle of the largest ring of a geometry, weighted by its area. */
function middle({ type, coordinates }) {
  const rings = type === "Polygon" ? [coordinates[0]] : coordinates.map((polygon) => polygon[0]);
  let best = [0, 0, 0];
  for (const ring of rings) {
    let [area, x, y] = [0, 0, 0];
    for (let index = 1; index < ring.length; index += 1) {
      const [[x1, y1], [x2, y2]] = [ring[index - 1], ring[index]];
      const cross = (x1 - ring[0][0]) * (y2 - ring[0][1]) - (x2 - ring[0][0]) * (y1 - ring[0][1]);
      area += cross;
      x += ((x1 + x2 + ring[0][0]) / 3) * cross;
      y += ((y1 + y2 + ring[0][1]) / 3) * cross;
    }
    if (Math.abs(area) > Math.abs(best[2])) best = [x / area, y / area, area];
  }
  return best.slice(0, 2);
}
