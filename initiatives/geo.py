"""Points of the globe, contours of a drawing: pure functions, in degrees, kilometres and drawing units."""

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

EARTH_RADIUS_KM = 6371.0088


def distance_km(longitude, latitude, other_longitude, other_latitude):
    """Great-circle distance in km between two points in degrees (sphere of mean radius: right to 0.5 %)."""
    phi, other_phi = math.radians(latitude), math.radians(other_latitude)
    across = math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    haversine = math.sin((other_phi - phi) / 2) ** 2 + math.cos(phi) * math.cos(other_phi) * across
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1, haversine)))


# Projections


def lambert93(longitude, latitude):
    """Easting and northing in metres, RGF93 / Lambert-93 (EPSG:2154, constants of IGN's note NTG 71)."""
    e, n, c, x_pole, y_pole = 0.0818191910428158, 0.7256077650532670, 11754255.4261, 700000.0, 12655612.0499
    phi = math.radians(latitude)
    ellipsoid = ((1 - e * math.sin(phi)) / (1 + e * math.sin(phi))) ** (e / 2)
    radius = c * math.exp(-n * math.log(math.tan(math.pi / 4 + phi / 2) * ellipsoid))
    angle = n * math.radians(longitude - 3)
    return x_pole + radius * math.sin(angle), y_pole - radius * math.cos(angle)


def plate_carree(middle_latitude):
    """The projection, in metres, of a small land far from Lambert-93's: true at ``middle_latitude``."""
    per_degree = math.radians(1) * EARTH_RADIUS_KM * 1000
    squeeze = math.cos(math.radians(middle_latitude))
    return lambda longitude, latitude: (longitude * per_degree * squeeze, latitude * per_degree)


class Frame:
    """Takes (longitude, latitude) to drawing units, y downwards: the points are centred in the box and fill it.

    ``box``: left, top, right, bottom.
    """

    def __init__(self, points, box, project=lambert93):
        left, top, right, bottom = box
        xs, ys = zip(*(project(*point) for point in points), strict=True)
        self.project = project
        self.scale = min((right - left) / (max(xs) - min(xs)), (bottom - top) / (max(ys) - min(ys)))
        self.x = (left + right) / 2 - (min(xs) + max(xs)) / 2 * self.scale
        self.y = (top + bottom) / 2 + (min(ys) + max(ys)) / 2 * self.scale

    def __call__(self, longitude, latitude):
        x, y = self.project(longitude, latitude)
        return self.x + x * self.scale, self.y - y * self.scale


# Lines and rings: lists of (x, y)


def area(ring):
    """Signed area of a ring, closed or not: positive when it turns clockwise on a drawing (y downwards)."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def simplify(points, tolerance):
    """The line without what strays from it by less than ``tolerance`` (Douglas and Peucker); its ends stay."""
    kept, spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        farthest, distance = _farthest(points, first, last)
        if distance > tolerance:
            kept.add(farthest)
            spans += [(first, farthest), (farthest, last)]
    return [points[index] for index in sorted(kept)]


def _farthest(points, first, last):
    (x1, y1), (x2, y2) = points[first], points[last]
    dx, dy = x2 - x1, y2 - y1
    length = math.hypot(dx, dy)
    best, best_distance = first, 0
    for index in range(first + 1, last):
        x, y = points[index]
        distance = abs(dx * (y1 - y) - (x1 - x) * dy) / length if length else math.hypot(x - x1, y - y1)
        if distance > best_distance:
            best, best_distance = index, distance
    return best, best_distance


def clip_ring(ring, box):
    """The part of an open ring that is in the box (Sutherland and Hodgman); empty when nothing is."""
    left, top, right, bottom = box
    for axis, edge, side in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        kept = []
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
            depth_a, depth_b = side * (a[axis] - edge), side * (b[axis] - edge)
            if depth_a >= 0:
                kept.append(a)
            if (depth_a >= 0) != (depth_b >= 0):
                share = depth_a / (depth_a - depth_b)
                kept.append((a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share))
        ring = kept
    return ring


def clip_line(points, box):
    """The pieces of a line that may be seen in the box: whole segments, those that lie wholly aside are dropped."""
    left, top, right, bottom = box
    pieces, piece = [], []
    for a, b in pairwise(points):
        aside = (
            max(a[0], b[0]) < left or min(a[0], b[0]) > right or max(a[1], b[1]) < top or min(a[1], b[1]) > bottom
        )
        if not aside:
            piece = piece or [a]
            piece.append(b)
        elif piece:
            pieces.append(piece)
            piece = []
    return pieces + [piece] if piece else pieces


def chain(lines):
    """The same lines laid end to end where they meet: fewer and longer ones."""
    waiting = dict(enumerate(lines))
    ends = defaultdict(list)
    for number, line in waiting.items():
        for end in {line[0], line[-1]}:
            ends[end].append(number)
    chained = []
    while waiting:
        line = list(waiting.pop(next(iter(waiting))))
        for _ in ("from its end", "from its start"):
            while number := next((number for number in ends[line[-1]] if number in waiting), None):
                other = waiting.pop(number)
                line += (other if other[0] == line[-1] else other[::-1])[1:]
            line.reverse()
        chained.append(line)
    return chained


def contains(ring, x, y):
    """Whether the point is inside the ring."""
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            inside = not inside
    return inside


def roomiest_point(ring, flatness=1.0, steps=12):
    """(x, y, room): of a grid of points, the one inside the ring that is farthest from its edges; None when none is.

    ``flatness`` above 1 looks for room that is wider than it is high, as for a name; room is then a half height.
    """
    flat = [(x / flatness, y) for x, y in ring]
    xs, ys = zip(*flat, strict=True)
    best = None
    for row in range(1, steps):
        for column in range(1, steps):
            x = min(xs) + (max(xs) - min(xs)) * column / steps
            y = min(ys) + (max(ys) - min(ys)) * row / steps
            if contains(flat, x, y):
                room = min(_distance_to_segment(x, y, *edge) for edge in zip(flat, flat[1:] + flat[:1], strict=True))
                if best is None or room > best[2]:
                    best = (x * flatness, y, room)
    return best


def _distance_to_segment(x, y, start, end):
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    share = max(0, min(1, ((x - start[0]) * dx + (y - start[1]) * dy) / length)) if length else 0
    return math.hypot(x - start[0] - share * dx, y - start[1] - share * dy)


# Contours that share their borders


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
                Shape(geometry["properties"]["code"], geometry["properties"], tuple(map(tuple, rings_of(geometry, "arcs"))))
                for geometry in collection["geometries"]
            ]
            layers[name] = {shape.code: shape for shape in shapes}
        return cls(arcs, layers)

    @classmethod
    def from_geojson(cls, data, layer):
        """Find the arcs of a GeoJSON collection, whose neighbours must have the same vertices along their border."""
        rings = {
            feature["properties"]["code"]: [[tuple(point) for point in ring[:-1]] for ring in rings_of(feature["geometry"])]
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


# SVG path data


def polyline(points, closed=False):
    """Path commands of a line; ``closed``: of a ring whose first point is not repeated."""
    return [("M", points[:1]), *(("L", [point]) for point in points[1:]), *([("Z", [])] if closed else [])]


def path_data(commands):
    """The attribute ``d`` of a path, from (letter, points) commands M, L, C, Z in absolute units.

    Compact: relative, to a tenth of a unit, without drift.
    """
    written = []
    here = start = (0, 0)
    last = ""
    for letter, points in commands:
        if letter == "Z":
            written.append("z")
            here, last = start, "z"
            continue
        tenths = [(round(x * 10), round(y * 10)) for x, y in points]
        name, numbers = _relative(letter, tenths, here)
        here = tenths[-1]
        if letter == "M":
            start = here
        if numbers:
            written.append(_joined("" if name == last != "m" else name, numbers))
            last = name
    return "".join(written)


def _relative(letter, tenths, here):
    deltas = [(x - here[0], y - here[1]) for x, y in tenths]
    dx, dy = deltas[0]
    if letter == "L" and not dy:
        return "h", [dx] if dx else []
    if letter == "L" and not dx:
        return "v", [dy]
    return letter.lower(), [value for delta in deltas for value in delta]


def _joined(name, numbers):
    text = name
    for tenths in numbers:
        whole, tenth = divmod(abs(tenths), 10)
        digits = (f"{whole or ''}.{tenth}" if tenth else f"{whole}") if tenths else "0"
        if tenths < 0:
            text += f"-{digits}"
        else:
            text += digits if text == name and name else f" {digits}"
    return text
