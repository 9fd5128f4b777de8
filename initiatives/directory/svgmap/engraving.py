"""The layers of an engraved map, from the sea up. Colours and strokes are in components.css, under « Carte gravée »."""

from functools import cache

from django.utils.safestring import SafeString, mark_safe

from initiatives.directory.svgmap.plate import closed
from initiatives.directory.svgmap.relief import hills

# Water lines: distance from the coast, thickness; from the coast outwards.
WATER_LINES = ((3.4, 0.8), (8, 0.7), (13.6, 0.6), (20.4, 0.55), (28.5, 0.5), (38, 0.45))
WATER_LINES_SMALL = ((2.6, 0.6), (6, 0.5), (10.4, 0.4))


@cache
def tints(atlas):
    """Département → the number of its tint, 1 to 6; neighbours never have the same."""
    chosen = {}
    for rank, code in enumerate(sorted(atlas.departments)):
        arcs = atlas.departments[code].arcs
        near = {chosen[other] for other in chosen if not arcs.isdisjoint(atlas.departments[other].arcs)}
        wheel = [(rank + turn) % 6 + 1 for turn in range(6)]
        chosen[code] = next(tint for tint in wheel if tint not in near)
    return chosen


class Engraving:
    """The layers laid one on another; ``prefix`` begins every id, so that several maps stand in one page."""

    def __init__(self, plate, prefix):
        self.plate = plate
        self.prefix = prefix
        self.layers = []

    @property
    def html(self) -> SafeString:
        return mark_safe("".join(self.layers))

    def sea(self):
        self.layers.append(f'<path class="mer-fond" d="M0 0h{self.plate.width}v{self.plate.height}H0z"/>')

    def define(self, name, data):
        """A contour that several layers use, under the id ``prefix-name``."""
        self.layers.append(f'<defs><path id="{self.prefix}-{name}" d="{data}"/></defs>')

    def clip(self, name):
        """A contour to clip by, under the id ``prefix-name-k``."""
        self.layers.append(f'<clipPath id="{self.prefix}-{name}-k"><use href="#{self.prefix}-{name}"/></clipPath>')

    def water_lines(self, names, lines=WATER_LINES):
        """Lines that follow the coast: every land stroked again and again, in the colours of water and sea in turn."""
        uses = "".join(f'<use href="#{self.prefix}-{name}"/>' for name in names)
        self.layers.append(f'<defs><g id="{self.prefix}-t">{uses}</g></defs><g class="filets">')
        for distance, thickness in reversed(lines):
            for width in (2 * distance + thickness, 2 * distance - thickness):
                self.layers.append(f'<use href="#{self.prefix}-t" stroke-width="{width:g}"/>')
        self.layers.append("</g>")

    def use(self, name, classes):
        self.layers.append(f'<use class="{classes}" href="#{self.prefix}-{name}"/>')

    def edge(self, name, tint):
        """The tinted edge inside a contour."""
        self.layers.append(
            f'<use class="lisere teinte-{tint}" href="#{self.prefix}-{name}" clip-path="url(#{self.prefix}-{name}-k)"/>'
        )

    def lines(self, classes, data):
        if data:
            self.layers.append(f'<path class="{classes}" d="{data}"/>')

    def hills(self):
        self.lines("relief", hills(self.plate))


def engrave_region(plate, prefix, small=False):
    """A région: its départements edged in their tints, hills and EPCI where they are known, its coast.

    ``small``: without hills, and fewer water lines.
    """
    atlas, topology = plate.atlas, plate.atlas.topology
    drawing = Engraving(plate, prefix)
    drawing.sea()
    drawing.define("v", closed(plate.land(atlas.land_around)))
    for code, shape in sorted(atlas.departments.items()):
        drawing.define(code, closed(plate.rings([shape], topology)))
        drawing.clip(code)
    drawing.water_lines(["v", *sorted(atlas.departments)], WATER_LINES_SMALL if small else WATER_LINES)
    drawing.use("v", "autour")
    drawing.lines("autour-limites", plate.outlines(atlas.lines_around))
    for code in sorted(atlas.departments):
        drawing.use(code, "terre")
    for code, tint in tints(atlas).items():
        drawing.edge(code, tint)
    borders = topology.borders(atlas.departments.values())
    between = {arc for arc, codes in borders.items() if len(codes) > 1}
    if "epci" in topology.layers:
        if not small:
            drawing.hills()
        epci = topology.borders(topology.layers["epci"].values())
        drawing.lines("epci", plate.lines({arc for arc, codes in epci.items() if len(codes) > 1} - between, topology))
    drawing.lines("dep", plate.lines(between, topology))
    drawing.lines("region", plate.lines(borders.keys() - between, topology, longest_islet=3))
    return drawing.html


def engrave_subject(plate, prefix, subject, small=False):
    """A territory among its neighbours: they are plain, it is light, edged in the tint of its département."""
    atlas = subject.atlas
    drawing = Engraving(plate, prefix)
    drawing.sea()
    lands = plate.land(atlas.land_around) + plate.rings(atlas.departments.values(), atlas.topology)
    drawing.define("v", closed(lands))
    own = plate.rings(subject.shapes, subject.topology) + plate.land(subject.beyond)
    drawing.define("s", closed(own, smallest=1))
    drawing.clip("s")
    drawing.water_lines(["v", "s"], WATER_LINES_SMALL if small else WATER_LINES)
    drawing.use("v", "autour")
    drawing.lines("autour-limites", plate.outlines(atlas.lines_around))
    outer = {arc for arc, codes in atlas.topology.borders(atlas.departments.values()).items() if len(codes) == 1}
    drawing.lines("cote", plate.lines(outer, atlas.topology))
    for lines in subject.around:
        drawing.lines(lines.stroke, plate.lines(lines.arcs, lines.topology))
    drawing.use("s", "terre")
    drawing.edge("s", tints(atlas)[subject.department])
    if small and "epci" in atlas.topology.layers:
        drawing.hills()
    for lines in subject.inside if not small else [lines for lines in subject.inside if lines.stroke != "com"]:
        drawing.lines(lines.stroke, plate.lines(lines.arcs, lines.topology))
    drawing.use("s", "contour")
    return drawing.html


def engrave_situation(plate, prefix, subject):
    """A small map of a région where one territory stands out; what lies around is left white."""
    atlas, topology = plate.atlas, plate.atlas.topology
    borders = topology.borders(atlas.departments.values())
    between = {arc for arc, codes in borders.items() if len(codes) > 1}
    drawing = Engraving(plate, prefix)
    drawing.sea()
    drawing.define("v", closed(plate.land(atlas.land_around)))
    drawing.define("r", closed(plate.rings([topology.merged(atlas.departments.values())], topology)))
    drawing.water_lines(["v", "r"], WATER_LINES_SMALL)
    drawing.use("v", "blanc")
    drawing.use("r", "terre")
    drawing.lines("dep", plate.lines(between, topology))
    drawing.lines("situ", closed(plate.rings(subject.shapes, subject.topology) + plate.land(subject.beyond)))
    drawing.lines("region", plate.lines(borders.keys() - between, topology, longest_islet=2))
    return drawing.html


def engrave_part(plate, prefix, subject, part):
    """A territory among its neighbours, where one of its parts stands out."""
    situ = closed(plate.rings(part.shapes, part.topology))
    return engrave_subject(plate, prefix, subject, small=True) + mark_safe(f'<path class="situ" d="{situ}"/>')
