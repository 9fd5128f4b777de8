"""Points of the globe, contours of a drawing: pure functions, in degrees, kilometres and drawing units."""

import math
from collections import defaultdict
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

        self.start = points[0]

    def __call__(self, longitude, latitude):
        x, y = self.project(longitude, latitude)
        return self.x + x * self.scale, self.y - y * self.scale

    def place(self, x, y):
        """(longitude, latitude) of a point of the drawing, right to a hundredth of a unit (Newton’s method)."""
        longitude, latitude = self.start
        for _ in range(8):
            x0, y0 = self(longitude, latitude)
            x1, y1 = self(longitude + 1e-4, latitude)
            x2, y2 = self(longitude, latitude + 1e-4)
            a, b, c, d = x1 - x0, x2 - x0, y1 - y0, y2 - y0
            across, down = x - x0, y - y0
            longitude += 1e-4 * (d * across - b * down) / (a * d - b * c)
            latitude += 1e-4 * (a * down - c * across) / (a * d - b * c)
        return longitude, latitude


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
    """The point between two others that is farthest from the segment they make, and its distance."""
    start, end = points[first], points[last]
    best, best_distance = first, 0
    for index in range(first + 1, last):
        distance = _distance_to_segment(*points[index], start, end)
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
        aside = max(a[0], b[0]) < left or min(a[0], b[0]) > right or max(a[1], b[1]) < top or min(a[1], b[1]) > bottom
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


def roomiest_point(ring, holes=(), flatness=1.0, steps=12):
    """(x, y, room): of a grid of points, the one that is in the ring, out of the holes, farthest from all their edges.

    ``flatness`` above 1 looks for room that is wider than it is high, as for a name; room is then a half height. None
    when no point of the grid is inside.
    """
    outlines = [[(x / flatness, y) for x, y in outline] for outline in (ring, *holes)]
    edges = [edge for outline in outlines for edge in zip(outline, outline[1:] + outline[:1], strict=True)]
    xs, ys = zip(*outlines[0], strict=True)
    best = (0, 0, 0)
    for row in range(1, steps):
        for column in range(1, steps):
            x = min(xs) + (max(xs) - min(xs)) * column / steps
            y = min(ys) + (max(ys) - min(ys)) * row / steps
            if contains(outlines[0], x, y) and not any(contains(hole, x, y) for hole in outlines[1:]):
                room = _room(x, y, edges, best[2])
                if room > best[2]:
                    best = (x * flatness, y, room)
    return best if best[2] else None


def _room(x, y, edges, enough):
    """Distance from a point to the nearest edge; any value under ``enough`` when it is under it."""
    room = math.inf
    for edge in edges:
        room = min(room, _distance_to_segment(x, y, *edge))
        if room <= enough:
            break
    return room


def distance_to_ring(ring, x, y, flatness=1.0):
    """Distance from a point to the edges of a ring, widths counted ``flatness`` times less than heights."""
    flat = ring if flatness == 1 else [(across / flatness, down) for across, down in ring]
    return min(_distance_to_segment(x / flatness, y, *edge) for edge in zip(flat, flat[1:] + flat[:1], strict=True))


def _distance_to_segment(x, y, start, end):
    x0, y0 = start
    dx, dy = end[0] - x0, end[1] - y0
    along, length = (x - x0) * dx + (y - y0) * dy, dx * dx + dy * dy
    share = 0 if along <= 0 else 1 if along >= length else along / length
    return math.hypot(x - x0 - share * dx, y - y0 - share * dy)


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
