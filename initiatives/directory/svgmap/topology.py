"""Contours that share their borders: pure functions, in degrees or in drawing units."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise


@dataclass(frozen=True)
class Shape:
    """A territory of a topology: its rings are lists of arc numbers, ``~number`` for an arc walked backwards."""

    code: str
    properties: dict
    rings: tuple

    @property
    def arcs(self):
        return {max(number, ~number) for ring in self.rings for number in ring}


class Topology:
    """Layers of territories cut along common arcs: a border between two of them is one arc, drawn once.

    ``arcs``: lists of (longitude, latitude); ``layers``: name → code → ``Shape``.
    """

    def __init__(self, arcs, layers):
        self.arcs = arcs
        self.layers = layers

    @classmethod
    def from_topojson(cls, data):
        """Read a quantised TopoJSON document whose geometries are polygons with a property ``code``."""
        (scale_x, scale_y), (x0, y0) = data["transform"]["scale"], data["transform"]["translate"]
        arcs = []
        for deltas in data["arcs"]:
            x = y = 0
            arc = []
            for dx, dy in deltas:
                x, y = x + dx, y + dy
                arc.append((x * scale_x + x0, y * scale_y + y0))
            arcs.append(arc)
        layers = {}
        for name, collection in data["objects"].items():
            shapes = [
                Shape(
                    geometry["properties"]["code"],
                    geometry["properties"],
                    tuple(map(tuple, rings_of(geometry, "arcs"))),
                )
                for geometry in collection["geometries"]
            ]
            layers[name] = {shape.code: shape for shape in shapes}
        return cls(arcs, layers)

    @classmethod
    def from_geojson(cls, data, layer):
        """Find the arcs of a GeoJSON collection, whose neighbours must have the same vertices along their border."""
        rings = {
            feature["properties"]["code"]: [
                [tuple(point) for point in ring[:-1]] for ring in rings_of(feature["geometry"])
            ]
            for feature in data["features"]
        }
        owners = defaultdict(set)
        for code, own_rings in rings.items():
            for ring in own_rings:
                for edge in zip(ring, ring[1:] + ring[:1], strict=True):
                    owners[frozenset(edge)].add(code)
        numbers = {}
        shapes = {}
        for feature in data["features"]:
            code = feature["properties"]["code"]
            numbered = tuple(tuple(_number(arc, numbers) for arc in _cut(ring, owners)) for ring in rings[code])
            shapes[code] = Shape(code, feature["properties"], numbered)
        return cls([list(arc) for arc in numbers], {layer: shapes})

    @cached_property
    def boxes(self):
        """Of each arc: least longitude and latitude, greatest longitude and latitude."""
        corners = [tuple(zip(*arc, strict=True)) for arc in self.arcs]
        return [(min(xs), min(ys), max(xs), max(ys)) for xs, ys in corners]

    def ring_points(self, ring):
        """The closed ring of (longitude, latitude) made by these arc numbers."""
        return join_ring(ring, self.arcs)

    def borders(self, shapes):
        """Arc number → the codes of the shapes that it bounds: one on the outside, two between neighbours."""
        found = defaultdict(set)
        for shape in shapes:
            for arc in shape.arcs:
                found[arc].add(shape.code)
        return found

    def merged(self, shapes):
        """One shape made of all of these: the arcs between two of them are gone."""
        walked = {number for shape in shapes for ring in shape.rings for number in ring}
        outside = [number for number in walked if ~number not in walked]
        starts = defaultdict(list)
        for number in sorted(outside):
            starts[self._end(number, 0)].append(number)
        rings = []
        while starts:
            ring = []
            here = first = next(iter(starts))
            while not ring or here != first:
                number = starts[here].pop()
                if not starts[here]:
                    del starts[here]
                ring.append(number)
                here = self._end(number, -1)
            rings.append(tuple(ring))
        return Shape("", {}, tuple(rings))

    def _end(self, number, which):
        """The first (0) or last (-1) point of an arc, as it is walked."""
        return self.arcs[number][which] if number >= 0 else self.arcs[~number][-1 - which]

    def neighbours(self, layer, code):
        """Codes of the shapes of the layer that share at least one arc with this one."""
        shapes = self.layers[layer]
        arcs = shapes[code].arcs
        return {other.code for other in shapes.values() if other.code != code and not arcs.isdisjoint(other.arcs)}


def join_ring(ring, arcs):
    """The points of a ring of arc numbers, first point repeated at the end."""
    points = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def rings_of(geometry, key="coordinates"):
    """All the rings of a polygon or multipolygon, outer and inner."""
    polygons = [geometry[key]] if geometry["type"] == "Polygon" else geometry[key]
    return [ring for polygon in polygons for ring in polygon]


def _cut(ring, owners):
    """The arcs of an open ring: it is cut where its neighbours change."""
    before = [owners[frozenset(edge)] for edge in zip(ring[-1:] + ring[:-1], ring, strict=True)]
    cuts = [index for index in range(len(ring)) if before[index] != before[(index + 1) % len(ring)]]
    # Without a cut, both sides of the border must start it at the same point.
    cuts = cuts or [ring.index(min(ring))]
    turned = ring[cuts[0] :] + ring[: cuts[0] + 1]
    places = [cut - cuts[0] for cut in cuts] + [len(ring)]
    return [tuple(turned[start : end + 1]) for start, end in pairwise(places)]


def _number(arc, numbers):
    """The number of the arc, new or known, ``~number`` when it is known backwards."""
    if arc not in numbers and arc[::-1] in numbers:
        return ~numbers[arc[::-1]]
    return numbers.setdefault(arc, len(numbers))
