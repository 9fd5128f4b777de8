"""The names written on a map: what lies around, the sea, the towns beside their seals."""

import textwrap
from dataclasses import dataclass

from initiatives.geo import area, clip_ring, contains, distance_to_ring, roomiest_point, simplify


@dataclass(frozen=True)
class Hand:
    """A way of writing: its class in components.css, the advance of a letter and the height of a line in units."""

    classes: str
    advance: float
    line_height: float


NEIGHBOUR = Hand("nom-voisin", 10.5, 15)
CAPITALS = Hand("nom-dep", 9.6, 15)
COMMUNE = Hand("nom-com", 6.4, 12)
TOWN = Hand("nom-ville", 6.9, 15)
LARGE_TOWN = Hand("nom-ville", 11.4, 25)
SEA = Hand("nom-mer", 15, 25)


@dataclass(frozen=True)
class Box:
    """A rectangle of the sheet that something takes."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other):
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def within(self, width, height, margin=4):
        return (
            self.left >= margin
            and self.top >= margin
            and self.right <= width - margin
            and self.bottom <= height - margin
        )


@dataclass(frozen=True)
class Town:
    """A town and its name: ``anchor`` as in SVG; without a dot when a seal covers it."""

    name: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    dot: bool


@dataclass(frozen=True)
class Label:
    """A name of what lies around, on one or several lines centred on x; y is the baseline of the first."""

    x: float
    y: float
    hand: Hand
    lines: tuple[str, ...]
    box: Box


def place_names(plate, areas, points, hand, around=(), width=14):
    """Names of areas where there is room for them, the roomiest first, then names at fixed points.

    ``areas``: (name, rings on the plate); ``points``: (name, longitude, latitude); ``around``: rings that the names
    stay out of; ``width``: of a line, in letters.
    """
    holes = [_simpler(ring) for ring in around if len(_simpler(ring)) > 2]
    spots = sorted((spot for name, rings in areas if (spot := _spot(plate, name, rings, holes))), reverse=True)
    fixed = [(0, name, *plate.frame(longitude, latitude)) for name, longitude, latitude in points]
    labels = [_label(name, x, y, hand, width) for _, name, x, y in spots + fixed]
    return free(labels, [], plate)


def free(labels, taken, plate):
    """The labels that are on the sheet and meet neither the taken boxes nor one another."""
    kept, boxes = [], list(taken)
    for label in labels:
        if label.box.within(plate.width, plate.height) and not any(label.box.meets(box) for box in boxes):
            kept.append(label)
            boxes.append(label.box)
    return tuple(kept)


def _spot(plate, name, rings, holes):
    """(room, name, x, y) in the largest part of the area that is on the sheet; None when there is no room."""
    sheet = (6, 6, plate.width - 6, plate.height - 6)
    outline = _simpler(max((clip_ring(ring, sheet) for ring in rings), key=_size, default=[]))
    spot = roomiest_point(outline, holes, flatness=2.2) if len(outline) > 2 else None
    return (spot[2], name, spot[0], spot[1]) if spot and spot[2] > 9 else None


def _simpler(ring):
    return simplify(ring + ring[:1], 4)[:-1] if ring else []


def _size(ring):
    return abs(area(ring)) if len(ring) > 2 else 0


def _label(name, x, y, hand, width):
    lines = tuple(textwrap.wrap(name, width, break_long_words=False, break_on_hyphens=False))
    half = max(map(len, lines)) * hand.advance / 2
    height = len(lines) * hand.line_height
    top = y - height / 2
    box = Box(x - half, top, x + half, top + height)
    return Label(round(x), round(top + hand.line_height * 0.8), hand, lines, box)


# What the seas of France are called, and where (longitude, latitude).
SEAS = (
    ("Mer Méditerranée", ((4.2, 43.1), (5.5, 42.9), (7, 43.1), (3.4, 42.6), (8.2, 42), (9.8, 42))),
    ("Océan Atlantique", ((-1.9, 45), (-2, 46.2), (-3, 47.2), (-4.4, 47.6), (-5.2, 48.2))),
    ("Manche", ((-4, 48.95), (-2.5, 49), (-2, 49.8), (-0.6, 49.6), (0.8, 50.2), (1.3, 50.6))),
    ("Mer du Nord", ((2.2, 51.3),)),
    ("Océan Atlantique", ((-61, 16.6), (-60.7, 14.7), (-52, 5.6))),
    ("Mer des Caraïbes", ((-61.95, 16.1), (-61.4, 14.5))),
    ("Océan Indien", ((55.5, -21.5), (55.1, -20.8), (45.1, -13.1), (45.4, -12.7))),
)


@dataclass(frozen=True)
class SeaName:
    """The name of a sea and the gently curved line that it follows (path data)."""

    name: str
    line: str
    box: Box


def place_sea_names(plate, land):
    """Where the name of the sea could be written on the plate, the roomiest place first; ``land``: rings."""
    outlines = [_simpler(ring) for ring in land if abs(area(ring)) > 150]
    outlines = [ring for ring in outlines if len(ring) > 2]
    grid = [(plate.width * column / 16, plate.height * row / 16) for row in range(2, 15) for column in range(2, 15)]
    places = []
    for x, y in grid:
        if not any(contains(ring, x, y) for ring in outlines):
            edges = min(x / 3.6, (plate.width - x) / 3.6, 1.6 * y, 1.6 * (plate.height - y))
            coast = min((distance_to_ring(ring, x, y, 2.6) for ring in outlines), default=edges)
            if min(edges, coast) > 34:
                places.append((min(edges, coast), x, y))
    return tuple(_sea_name(plate, x, y) for _, x, y in sorted(places, reverse=True))


def _sea_name(plate, x, y):
    anchors = [(name, *plate.frame(*spot)) for name, spots in SEAS for spot in spots]
    name = min(anchors, key=lambda anchor: (anchor[1] - x) ** 2 + (anchor[2] - y) ** 2)[0]
    half = len(name) * SEA.advance / 2
    line = f"M{x - half:.0f} {y + 6:.0f}q{half:.0f} -14 {2 * half:.0f} 0"
    return SeaName(name, line, Box(x - half, y - 18, x + half, y + 10))


ABOVE = (0, -1), "middle"

# Where a name goes around its town, in order of preference: direction, anchor.
SIDES = (
    ((1, 0), "start"),
    ((-1, 0), "end"),
    ABOVE,
    ((0, 1), "middle"),
    ((0.75, -0.75), "start"),
    ((0.75, 0.75), "start"),
    ((-0.75, -0.75), "end"),
    ((-0.75, 0.75), "end"),
)


def place_towns(plate, towns, seals, taken, hand=TOWN, swell=1, wider=False, most=18, apart=40):
    """Towns whose names find room, the first ones first, at most ``most``, each ``apart`` units from the others.

    ``towns``: (name, longitude, latitude); ``swell``: how much larger than on the sheet the seals will be shown. A name
    goes beside the seal that bears it; a town covered by a seal of another name goes without, unless the seals are
    those of wider territories (``wider``): then one town is named beside each.
    """
    discs = {seal.name: (seal.x, seal.y, (seal.radius + 4) * swell) for seal in seals}
    boxes = [*taken, *(disc_box(seal.x, seal.y, seal.radius * swell) for seal in seals)]
    placed, named = [], set()
    for name, longitude, latitude in towns:
        x, y = plate.frame(longitude, latitude)
        seal = name if name in discs else next((key for key, disc in discs.items() if _covers(disc, x, y)), None)
        far = all(abs(x - other.x) + abs(y - other.y) > apart for other in placed)
        if len(placed) == most or not far or not plate.shows(x, y, 6) or seal in named:
            continue
        if seal and seal != name and not wider or not seal and any(_dot(x, y).meets(box) for box in taken):
            continue
        side = _free_side(plate, name, discs.get(seal, (x, y, 3)), boxes, hand)
        if side:
            *label, box = side
            placed.append(Town(name, round(x, 1), round(y, 1), *label, dot=seal is None))
            boxes += [box, _dot(x, y)]
            named |= {seal} - {None}
    return tuple(placed)


def _covers(disc, x, y):
    return (disc[0] - x) ** 2 + (disc[1] - y) ** 2 < disc[2] ** 2


def _free_side(plate, name, around, boxes, hand):
    """(x, y, anchor, box) of a name on the first side of a disc where it fits; None when there is none."""
    x, y, radius = around
    length, size = len(name) * hand.advance, hand.line_height / 15
    # Above a large seal, as on a medal; beside a small one.
    sides = sorted(SIDES, key=lambda side: side != ABOVE) if radius > 40 else SIDES
    for (dx, dy), anchor in sides:
        label_x = x + dx * (radius + 5)
        label_y = y + dy * (radius + 9 * size) + 4.5 * size
        left = {"start": label_x, "middle": label_x - length / 2, "end": label_x - length}[anchor]
        box = Box(left, label_y - 11 * size, left + length, label_y + 4 * size)
        if box.within(plate.width, plate.height) and not any(box.meets(other) for other in boxes):
            return round(label_x, 1), round(label_y, 1), anchor, box
    return None


def disc_box(x, y, radius):
    """The box that a seal takes, a little smaller than its halo: a name may brush it."""
    half = (radius + 4) * 0.9
    return Box(x - half, y - half, x + half, y + half)


def _dot(x, y):
    return Box(x - 3, y - 3, x + 3, y + 3)
