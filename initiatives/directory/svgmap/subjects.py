"""What a map is about: the contours of a territory, the lines inside it and around it, the names of its neighbours."""

from dataclasses import dataclass

from initiatives.directory.svgmap.atlas import (
    MARSEILLE,
    Atlas,
    department_atlas,
    department_of,
    districts,
    fine_atlas,
    france,
    straddling_epci,
)
from initiatives.directory.svgmap.topology import Shape, Topology


@dataclass(frozen=True, eq=False)
class Lines:
    """Borders to draw: the class of their stroke, arc numbers of a topology."""

    stroke: str
    topology: Topology
    arcs: frozenset


@dataclass(frozen=True, eq=False)
class Subject:
    """A territory to draw among its neighbours.

    ``department``: whose tint it takes; ``beyond``: rings of (longitude, latitude) of what goes out of the atlas;
    ``areas_around``: (name, topology, shape); ``spread``: how much wider than itself the view must be.
    """

    name: str
    department: str
    atlas: Atlas
    topology: Topology
    shapes: tuple[Shape, ...]
    inside: tuple[Lines, ...] = ()
    around: tuple[Lines, ...] = ()
    areas_around: tuple = ()
    beyond: tuple = ()
    spread: float = 1

    def points(self, spread=1):
        """The points of its contours, then the corners of a box ``spread`` times as wide and high."""
        points = [point for shape in self.shapes for ring in shape.rings for point in self.topology.ring_points(ring)]
        points += [point for ring in self.beyond for point in ring]
        longitudes, latitudes = zip(*points, strict=True)
        return points + [(_away(longitudes, end, spread), _away(latitudes, end, spread)) for end in (min, max)]


def subject(kind, code, members=()):
    """The territory to draw; None when its contours are not known. ``members``: codes of the communes of a zone."""
    match kind:
        case "dep":
            return _department(code)
        case "epci":
            return _epci(code)
        case "com":
            return _commune(code)
        case "arm":
            return _district(code)
        case "zone":
            return _zone(members)
    return None


def _away(values, end, spread):
    middle = (min(values) + max(values)) / 2
    return middle + (end(values) - middle) * spread


def shared(topology, shapes):
    """Arcs that lie between two of these shapes."""
    return frozenset(arc for arc, codes in topology.borders(shapes).items() if len(codes) > 1)


def _layer(name):
    topology = fine_atlas().topology
    return topology, topology.layers[name]


def _department(code):
    atlas = department_atlas(code)
    if atlas is None:
        return None
    shape = atlas.departments[code]
    inside = ()
    if atlas is fine_atlas():
        topology, communes = _layer("communes")
        own = [commune for commune in communes.values() if commune.properties["dep"] == code]
        between_epci = shared(topology, topology.layers["epci"].values())
        inner = shared(topology, own)
        inside = (
            Lines("com", topology, inner - between_epci),
            Lines("epci", topology, inner & between_epci),
        )
    others = [other for other in atlas.departments.values() if other.code != code]
    return Subject(
        name=france().layers["departements"][code].properties["nom"],
        department=code,
        atlas=atlas,
        topology=atlas.topology,
        shapes=(shape,),
        inside=inside,
        around=(Lines("dep", atlas.topology, shared(atlas.topology, others)),),
        areas_around=_departments_around([code]),
    )


def _epci(code):
    topology, layer = _layer("epci")
    if code not in layer:
        return None
    communes = [shape for shape in topology.layers["communes"].values() if shape.properties["epci"] == code]
    others = [shape for shape in layer.values() if shape.code != code]
    beyond = tuple(straddling_epci().get(code, ()))
    return Subject(
        name=layer[code].properties["nom"],
        department=communes[0].properties["dep"],
        atlas=fine_atlas(),
        topology=topology,
        # A straddling one is drawn by its whole contour: the border of the région is a line inside it.
        shapes=() if beyond else (layer[code],),
        beyond=beyond,
        inside=(
            Lines("com", topology, shared(topology, communes)),
            Lines("dep", topology, _region_border() & layer[code].arcs if beyond else frozenset()),
        ),
        around=(Lines("epci", topology, shared(topology, others)), _department_limits()),
        areas_around=(
            *((shape.properties["nom"], topology, shape) for shape in others),
            *_departments_around(fine_atlas().departments),
        ),
    )


def _commune(code):
    topology, layer = _layer("communes")
    if code not in layer:
        if code[:2] in fine_atlas().departments:
            return None
        return _department(department_of(code))
    shape = layer[code]
    others = [other for other in layer.values() if other.code != code]
    inside = ()
    if code == MARSEILLE:
        inside = (Lines("epci", districts(), shared(districts(), districts().layers["districts"].values())),)
    return Subject(
        name=shape.properties["nom"],
        department=shape.properties["dep"],
        atlas=fine_atlas(),
        topology=topology,
        shapes=(shape,),
        inside=inside,
        around=(
            Lines("com", topology, shared(topology, others)),
            Lines("epci", topology, shared(topology, topology.layers["epci"].values())),
            _department_limits(),
        ),
        areas_around=tuple((other.properties["nom"], topology, other) for other in others),
        spread=1.3 if code == MARSEILLE else 2.2,
    )


def _district(code):
    layer = districts().layers["districts"]
    if code not in layer:
        return None
    communes, names = _layer("communes")
    others = [other for other in layer.values() if other.code != code]
    outside = [other for other in names.values() if other.code != MARSEILLE]
    return Subject(
        name=layer[code].properties["nom"].replace("Arrondissement", "arrondissement"),
        department=MARSEILLE[:2],
        atlas=fine_atlas(),
        topology=districts(),
        shapes=(layer[code],),
        around=(
            Lines("com", districts(), shared(districts(), others)),
            Lines("epci", communes, shared(communes, names.values())),
        ),
        areas_around=(
            *((short_name(other), districts(), other) for other in others),
            *((other.properties["nom"], communes, other) for other in outside),
        ),
        spread=2,
    )


def short_name(district):
    """« 3e arr. », from the code of an arrondissement of Marseille."""
    number = int(district.code[-2:])
    return f"{number}{'er' if number == 1 else 'e'} arr."


def _zone(members):
    """Its communes as one; of arrondissements alone, these; of both, the whole of Marseille for its arrondissements."""
    topology, layer = _layer("communes")
    if members and members <= districts().layers["districts"].keys():
        topology, layer = districts(), districts().layers["districts"]
    elif members & districts().layers["districts"].keys():
        members |= {MARSEILLE}
    parts = [layer[code] for code in sorted(members) if code in layer]
    if not parts:
        return None
    communes = fine_atlas().topology
    return Subject(
        name="",
        department=parts[0].properties["dep"],
        atlas=fine_atlas(),
        topology=topology,
        shapes=(topology.merged(parts),),
        inside=(Lines("com", topology, shared(topology, parts)),),
        around=(Lines("epci", communes, shared(communes, communes.layers["epci"].values())), _department_limits()),
        areas_around=_departments_around(fine_atlas().departments),
    )


def _department_limits():
    topology = fine_atlas().topology
    return Lines("dep", topology, shared(topology, topology.layers["departements"].values()))


def _region_border():
    topology = fine_atlas().topology
    borders = topology.borders(topology.layers["departements"].values())
    return {arc for arc, codes in borders.items() if len(codes) == 1}


def _departments_around(left_out):
    topology = france()
    return tuple(
        (shape.properties["nom"], topology, shape)
        for shape in topology.layers["departements"].values()
        if shape.code not in left_out
    )
