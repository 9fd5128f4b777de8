"""A plate to engrave: contours brought to the scale of a drawing."""

from collections.abc import Iterable

from initiatives.directory.svgmap.atlas import Atlas
from initiatives.directory.svgmap.topology import join_ring
from initiatives.geo import Frame, area, chain, clip_line, clip_ring, path_data, polyline, simplify

# Land goes on beyond the view, so that its cut edges and their water lines stay out of sight.
OVERHANG = 70


class Plate:
    """A sheet of ``size`` (width, height) units on which the ``points`` fill the box (left, top, right, bottom).

    Contours are simplified to ``tolerance`` units and cut a little outside of the sheet.
    """

    def __init__(self, atlas: Atlas, points, size, box, tolerance=0.64):
        self.atlas = atlas
        self.width, self.height = size
        self.box = box
        self.frame = Frame(points, box, atlas.project)
        self.view = (-OVERHANG, -OVERHANG, self.width + OVERHANG, self.height + OVERHANG)
        self.tolerance = tolerance
        self.window = self._window()
        self._drawn = {}

    def shows(self, x, y, margin=0):
        """Whether a point of the drawing is on the sheet, at least ``margin`` units from its edges."""
        return margin <= x <= self.width - margin and margin <= y <= self.height - margin

    def sees(self, shape, topology):
        """Whether a border of the shape may be in the view."""
        return any(self.sees_arc(arc, topology) for arc in shape.arcs)

    def sees_arc(self, arc, topology):
        west, south, east, north = self.window
        left, bottom, right, top = topology.boxes[arc]
        return left < east and right > west and bottom < north and top > south

    def rings(self, shapes, topology):
        """The contours of the shapes on the plate: open rings, cut to the view; empty ones are left out."""
        arcs = self._arcs(topology)
        rings = [clip_ring(join_ring(ring, arcs)[:-1], self.view) for shape in shapes for ring in shape.rings]
        return [ring for ring in rings if len(ring) > 2]

    def land(self, outlines):
        """Rings of (longitude, latitude) on the plate, all turned the same way so that overlaps stay filled."""
        drawn = []
        for outline in outlines:
            points = clip_ring([self.frame(*point) for point in outline][:-1], self.view)
            if len(points) > 2:
                ring = simplify(points + points[:1], self.tolerance)[:-1]
                drawn.append(ring if area(ring) > 0 else ring[::-1])
        return drawn

    def lines(self, arcs: Iterable[int], topology, longest_islet=0):
        """Path data of arcs laid end to end; islets less than ``longest_islet`` wide and high are left out."""
        drawn = self._arcs(topology)
        seen = (number for number in sorted(arcs) if self.sees_arc(number, topology))
        pieces = [piece for number in seen for piece in clip_line(drawn[number], self.view)]
        kept = [line for line in chain(pieces) if _extent(line) > longest_islet]
        return path_data([command for line in kept for command in polyline(line)])

    def outlines(self, lines):
        """Path data of lines of (longitude, latitude)."""
        drawn = [simplify([self.frame(*point) for point in line], self.tolerance) for line in lines]
        pieces = [piece for line in drawn for piece in clip_line(line, self.view)]
        return path_data([command for line in chain(pieces) for command in polyline(line)])

    def put_away(self):
        """Forget the contours drawn so far: a drawing that is kept needs no more than the scale."""
        self._drawn.clear()

    def _window(self):
        """Least longitude and latitude of the view, greatest longitude and latitude: on its edges, not at its corners
        alone, since parallels are curved."""
        left, top, right, bottom = self.view
        middle = (left + right) / 2, (top + bottom) / 2
        edges = [(x, y) for x in (left, middle[0], right) for y in (top, middle[1], bottom)]
        longitudes, latitudes = zip(*(self.frame.place(x, y) for x, y in edges), strict=True)
        return min(longitudes), min(latitudes), max(longitudes), max(latitudes)

    def _arcs(self, topology):
        return self._drawn.setdefault(id(topology), _Arcs(self, topology))


def closed(rings, smallest=2):
    """Path data of open rings; those of less than ``smallest`` square units are left out."""
    kept = [ring for ring in rings if len(ring) > 2 and abs(area(ring)) >= smallest]
    return path_data([command for ring in kept for command in polyline(ring, closed=True)])


def _extent(line):
    xs, ys = zip(*line, strict=True)
    return max(max(xs) - min(xs), max(ys) - min(ys))


class _Arcs(dict):
    """Arc number → its points on the plate, drawn when first asked for; of one that is out of the view, its ends."""

    def __init__(self, plate, topology):
        super().__init__()
        self.plate, self.topology = plate, topology

    def __missing__(self, number):
        arc = self.topology.arcs[number]
        if not self.plate.sees_arc(number, self.topology):
            arc = [arc[0], arc[-1]]
        self[number] = simplify([self.plate.frame(*point) for point in arc], self.plate.tolerance)
        return self[number]
