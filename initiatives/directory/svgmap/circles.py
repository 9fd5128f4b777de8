"""The seals of a map: their size, their place when they are close together, the legend that explains them."""

import math
from dataclasses import dataclass

HALO = 3.5  # beyond the disc
GAP = 2  # between two halos
EASE = 1.12  # room around them, since phones show them larger
TURN = math.pi * (3 - math.sqrt(5))  # seals of one point go apart in as many directions


@dataclass(frozen=True)
class Seal:
    """How many initiatives are at a place, and the address of their list ("" when none says exactly these).

    ``key``: that of its territory, by which a page ties it to what is beside the map.
    """

    longitude: float
    latitude: float
    count: int
    name: str
    url: str
    key: str = ""


@dataclass(frozen=True)
class PlacedSeal:
    """A seal on a sheet: its middle, its radius, the size of its number."""

    x: float
    y: float
    radius: float
    count: int
    name: str
    url: str
    key: str = ""

    @property
    def halo(self):
        return round(self.radius + HALO, 1)

    @property
    def figure_size(self):
        return round(max(11 if self.radius < 9 else 13, min(26, self.radius * 0.55)))

    @property
    def figure_y(self):
        return round(self.y + self.figure_size * 0.35, 1)


@dataclass(frozen=True)
class Scale:
    """Radius of a seal: its area follows the count, but none is so small that its number does not fit.

    ``unit``: the radius of one initiative.
    """

    unit: float
    smallest: float = 9.6

    def __call__(self, count):
        digits = len(str(count))
        fits = self.smallest if digits < 3 else max(self.smallest, 3.4 * digits + 1)
        return round(max(self.unit * math.sqrt(count), fits), 1)

    @classmethod
    def fitting(cls, counts, unit, largest, room):
        """The scale nearest to ``unit`` whose largest seal is at most ``largest``, all covering at most ``room``."""
        scale = cls(min(unit, largest / math.sqrt(max(counts, default=1))))
        while scale.smallest > 7 and sum(math.pi * (scale(count) + HALO) ** 2 for count in counts) > room:
            scale = cls(scale.unit * 0.95, scale.smallest * 0.97)
        return scale


def place_seals(seals, plate, scale, bounds):
    """The seals on the plate, the largest first, moved apart so that none hides another.

    ``bounds``: left, top, right, bottom, that no halo passes.
    """
    ordered = sorted(seals, key=lambda seal: -seal.count)
    radii = [scale(seal.count) for seal in ordered]
    places = [plate.frame(seal.longitude, seal.latitude) for seal in ordered]
    spread = separate(places, [(radius + HALO) * EASE + GAP / 2 for radius in radii], bounds)
    return tuple(
        PlacedSeal(round(x, 1), round(y, 1), radius, seal.count, seal.name, seal.url, seal.key)
        for seal, radius, (x, y) in zip(ordered, radii, spread, strict=True)
    )


def strayed(placed, seals, plate):
    """How far the seal that was moved most is from its place, in units."""
    places = (plate.frame(seal.longitude, seal.latitude) for seal in sorted(seals, key=lambda seal: -seal.count))
    moves = (math.hypot(seal.x - x, seal.y - y) for seal, (x, y) in zip(placed, places, strict=True))
    return max(moves, default=0)


def separate(places, radii, bounds, rounds=150):
    """The places, moved as little as it takes for circles of these radii not to overlap, inside the bounds.

    The smaller of two circles gives way more. Where there is no room at all, some overlap is left.
    """
    spread = [_held(*place, radius, bounds) for place, radius in zip(places, radii, strict=True)]
    # No two at the same point, nor in the same corner: nothing would say which way to push them.
    spread = [
        (x + 0.01 * math.cos(number * TURN), y + 0.01 * math.sin(number * TURN)) for number, (x, y) in enumerate(spread)
    ]
    for turn in range(rounds):
        moved = False
        # At first each is drawn back to its own place, so that none is pushed further than it has to be.
        back = 0.1 if turn < rounds / 2 else 0
        for a, b in _close_pairs(spread, radii):
            moved |= _push(spread, radii, a, b)
        if back:
            spread = [
                (x + (x0 - x) * back, y + (y0 - y) * back) for (x, y), (x0, y0) in zip(spread, places, strict=True)
            ]
        spread = [_held(*place, radius, bounds) for place, radius in zip(spread, radii, strict=True)]
        if not moved:
            break
    return spread


def _close_pairs(places, radii):
    """Pairs of circles whose extents meet from left to right: the others cannot overlap."""
    order = sorted(range(len(places)), key=lambda number: places[number][0] - radii[number])
    for rank, a in enumerate(order):
        right = places[a][0] + radii[a]
        for b in order[rank + 1 :]:
            if places[b][0] - radii[b] > right:
                break
            yield a, b


def _push(places, radii, a, b):
    (xa, ya), (xb, yb) = places[a], places[b]
    dx, dy = xb - xa, yb - ya
    distance = math.hypot(dx, dy)
    overlap = radii[a] + radii[b] - distance
    if overlap <= 0.01:
        return False
    weight_a, weight_b = radii[b] ** 2, radii[a] ** 2
    step = overlap / (distance or 1) / (weight_a + weight_b)
    places[a] = xa - dx * step * weight_a, ya - dy * step * weight_a
    places[b] = xb + dx * step * weight_b, yb + dy * step * weight_b
    return True


def _held(x, y, radius, bounds):
    left, top, right, bottom = bounds
    return min(max(x, left + radius), right - radius), min(max(y, top + radius), bottom - radius)


@dataclass(frozen=True)
class LegendLine:
    """One circle of the legend, all of them standing on the same line."""

    radius: float
    y: float
    top: float
    count: int

    @property
    def label_y(self):
        return round(self.top + 4, 1)


@dataclass(frozen=True)
class Legend:
    """Circles of known counts, one in another, on a small sheet of its own."""

    width: int
    height: int
    x: float
    rule: float
    lines: tuple[LegendLine, ...]

    @property
    def label_x(self):
        return self.rule + 5


LEGEND_MARGIN = 16


def legend(scale, counts):
    """The legend of a scale: at most three round counts, up to the largest."""
    values = _round_counts(max(counts, default=1))
    widest = scale(values[-1])
    base = 2 * widest + LEGEND_MARGIN + 4
    lines = tuple(
        LegendLine(scale(value), round(base - scale(value), 1), round(base - 2 * scale(value), 1), value)
        for value in values
    )
    return Legend(209, round(base + LEGEND_MARGIN), round(widest + LEGEND_MARGIN, 1), round(2 * widest + 30, 1), lines)


def _round_counts(largest):
    """At most three counts that are easy to tell apart: 1, 10, 30."""
    steps = [value * 10**power for power in range(7) for value in (1, 3)]
    fitting = [step for step in steps if step <= largest * 1.1] or [1]
    return sorted({1, *fitting[-2:]})
