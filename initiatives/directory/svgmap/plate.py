"""A plate to engrave: contours brought to the scale of a drawing, and what every map does with them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from initiatives.directory.svgmap.atlas import Atlas
from initiatives.geo import Frame, area, chain, clip_line, clip_ring, join_ring, path_data, polyline, simplify

PAPER, LAND, NEIGHBOUR, SEA, WATER = "#fcf9f3", "#fbf6e9", "#efe4cc", "#e9efea", "#6f97a3"
INK, BISTRE = "#2a1c18", "#8a7358"
TINTS = {"04": "#c9b8d6", "05": "#a9cbd8", "06": "#eab79f", "13": "#e6b3ae", "83": "#c2cc93", "84": "#efd08c"}

# Land goes on beyond the view, so that its cut edges and their water lines stay out of sight.
OVERHANG = 70


@dataclass(frozen=True)
class EngravedMap:
    """What ``components/maps/map.html`` shows: a drawing made beforehand, then names and seals."""

    id: str
    width: int
    height: int
    title: str
    drawing: SafeString
    classes: str = ""
    description: str = ""
    names: list = field(default_factory=list)
    towns: list = field(default_factory=list)
    seals: list = field(default_factory=list)
    legend: list = field(default_factory=list)


class Plate:
    """A sheet of ``width`` × ``height`` units on which the ``shapes`` fill the box (left, top, right, bottom).

    Contours are simplified to ``tolerance`` units and cut a little outside of the sheet.
    """

    def __init__(self, atlas: Atlas, points, size, box, tolerance=0.64):
        self.atlas = atlas
        self.width, self.height = size
        self.frame = Frame(points, box, atlas.project)
        self.view = (-OVERHANG, -OVERHANG, self.width + OVERHANG, self.height + OVERHANG)
        self.tolerance = tolerance
        self._arcs = {}

    def shows(self, x, y, margin=0):
        """Whether a point of the drawing is on the sheet, at least ``margin`` units from its edges."""
        return margin <= x <= self.width - margin and margin <= y <= self.height - margin

    def surface(self, shapes, topology=None, smallest=2):
        """Path data of the contours of the shapes; rings of less than ``smallest`` square units are left out."""
        arcs = _Arcs(self, topology or self.atlas.topology)
        rings = [join_ring(ring, arcs)[:-1] for shape in shapes for ring in shape.rings]
        return self._rings(rings, smallest)

    def land(self, rings, tolerance=None):
        """Path data of rings of (longitude, latitude), all turned the same way so that overlaps stay filled."""
        tolerance = tolerance or self.tolerance
        drawn = []
        for ring in rings:
            points = simplify([self.frame(*point) for point in ring], tolerance)[:-1]
            drawn.append(points if area(points) > 0 else points[::-1])
        return self._rings(drawn, 2)

    def lines(self, arcs: Iterable[int], topology=None, longest_islet=0):
        """Path data of arcs laid end to end; islets less than ``longest_islet`` wide and high are left out."""
        drawn = _Arcs(self, topology or self.atlas.topology)
        pieces = [piece for number in sorted(arcs) for piece in clip_line(drawn[number], self.view)]
        kept = [line for line in chain(pieces) if _extent(line) > longest_islet]
        return path_data([command for line in kept for command in polyline(line)])

    def _rings(self, rings, smallest):
        clipped = (clip_ring(ring, self.view) for ring in rings)
        kept = [ring for ring in clipped if len(ring) > 2 and abs(area(ring)) >= smallest]
        return path_data([command for ring in kept for command in polyline(ring, closed=True)])


class _Arcs(dict):
    """Arc number → its points on the plate, drawn when first asked for."""

    def __init__(self, plate, topology):
        super().__init__()
        self.plate, self.topology = plate, topology

    def __missing__(self, number):
        points = [self.plate.frame(*point) for point in self.topology.arcs[number]]
        self[number] = simplify(points, self.plate.tolerance)
        return self[number]
