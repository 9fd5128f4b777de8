"""The contours that maps are drawn from: fine ones for Provence-Alpes-Côte d’Azur, départements for all of France."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from initiatives.directory.svgmap.topology import Shape, Topology, rings_of
from initiatives.geo import clip_line, lambert93, plate_carree

MAPS = Path(settings.BASE_DIR) / "static" / "maps"

FINE_REGION = "93"
LAYERS = {"dep": "departements", "epci": "epci", "com": "communes"}
MARSEILLE = "13055"
OVERSEAS = {"01": 16.2, "02": 14.6, "03": 4, "04": -21.1, "06": -12.8}  # région → latitude of its middle

# Lands beyond the borders, roughly: they lie under the départements, whose contours make the border.
ABROAD = [
    [
        *((2.55, 51.09), (3.4, 51.4), (4.2, 52.1), (9, 53.6), (13, 54), (13, 44.4), (9.8, 44), (8.8, 44.4), (8.2, 44)),
        *((7.5, 43.78), (6.5, 44.5), (5.5, 45.5), (5.5, 46.5), (6.5, 48.5), (5, 49), (3, 50), (2.55, 51.09)),
    ],
    [
        *((-1.79, 43.37), (-3.8, 43.5), (-8, 43.7), (-9, 41), (-1, 39), (-0.2, 40), (2.2, 41.3), (3.2, 41.9)),
        *((3.17, 42.43), (2, 42.6), (0, 43), (-1.79, 43.37)),
    ],
]

# The contours of the region and those around it come from different sources: what shows through where they part.
UNDER_FINE_BORDERS = [
    [(6.3, 45.3), (7.3, 45.2), (7.9, 44.3), (7.62, 43.95), (6.9, 44.1), (6.3, 44.6), (6.3, 45.3)],
    [(4.6, 44.3), (4.95, 44.3), (5, 43.9), (4.75, 43.72), (4.55, 43.75), (4.55, 43.9), (4.6, 44.3)],
]
UNDER_FINE_DEPARTMENTS = ("04", "05", "26", "84")

# Names around the region, where there is room on the widest map.
AROUND_FINE = (
    ("Drôme", 5.02, 44.63),
    ("Ardèche", 4.5, 44.5),
    ("Gard", 4.397, 43.9),
    ("Isère", 5.85, 44.98),
    ("Italie", 7.3, 44.7),
)


# The towns that the map of the whole region names, where its seals leave room: few, well spread.
TOWNS_FINE = (
    *("Marseille", "Nice", "Toulon", "Avignon", "Gap", "Digne-les-Bains", "Arles", "Briançon", "Draguignan", "Fréjus"),
    *(
        "Manosque",
        "Sisteron",
        "Barcelonnette",
        "Menton",
        "Orange",
        "Grasse",
        "Brignoles",
        "Embrun",
        "Apt",
        "Carpentras",
    ),
)


@dataclass(frozen=True)
class City:
    """A town that gives its bearings: ``rank`` from 1 (préfecture, large) to 4."""

    code: str
    name: str
    longitude: float
    latitude: float
    rank: int


@dataclass(frozen=True, eq=False)
class Atlas:
    """One region and what surrounds it.

    ``land_around``: rings of (longitude, latitude); ``lines_around``: their borders and coasts; ``names_around``: names
    with their longitudes and latitudes.
    """

    topology: Topology
    departments: dict[str, Shape]
    land_around: list
    lines_around: list
    names_around: tuple
    cities: tuple[City, ...]
    project: Callable

    def points(self, shapes):
        """All the points of the contours of these shapes."""
        return [point for shape in shapes for arc in shape.arcs for point in self.topology.arcs[arc]]


def read(name):
    return json.loads((MAPS / name).read_text(encoding="utf-8"))


def outlines(data):
    """The rings of every contour of a GeoJSON collection."""
    return [[tuple(point) for point in ring] for feature in data["features"] for ring in rings_of(feature["geometry"])]


@cache
def fine_atlas():
    """The contours of Provence-Alpes-Côte d’Azur: départements, EPCI, communes."""
    topology = Topology.from_topojson(read("region-93.topojson"))
    cities = sorted(
        (
            City(town["code"], town["nom"], *feature["geometry"]["coordinates"], town["rang"])
            for feature in read("cities-93.geojson")["features"]
            for town in [feature["properties"]]
        ),
        key=lambda city: city.rank,
    )
    departments, countries = read("around-93-departments.geojson"), read("around-93-countries.geojson")
    return Atlas(
        topology=topology,
        departments=topology.layers["departements"],
        land_around=[
            *([_beyond_cut(*point) for point in ring] for ring in outlines(departments) + outlines(countries)),
            *(france().ring_points(ring) for code in UNDER_FINE_DEPARTMENTS for ring in _coarse(code).rings),
            *UNDER_FINE_BORDERS,
        ],
        lines_around=[
            *(piece for arc in Topology.from_geojson(departments, "around").arcs for piece in _inside_cut(arc)),
            *(piece for ring in outlines(countries) for piece in clip_line(ring, ITALIAN_COAST)),
            *(piece for arc in france().arcs for piece in clip_line(arc, NORTH_OF_CUT)),
        ],
        names_around=AROUND_FINE,
        cities=tuple(cities),
        project=lambert93,
    )


# The contours around the region were cut to a rectangle. Their cut edges are pushed away, and no line follows them;
# the simpler contours of France take over in the north.
WEST, EAST, NORTH = 3.6, 8.4, 45.6
NORTH_OF_CUT = (WEST, NORTH, 7.1, 47)
ITALIAN_COAST = (7.55, 43.7, EAST - 0.01, 44.6)


def _coarse(code):
    return france().layers["departements"][code]


def _beyond_cut(longitude, latitude):
    longitude += -3 if longitude <= WEST else 3 if longitude >= EAST else 0
    return longitude, latitude + 2 if latitude >= NORTH else latitude


def _inside_cut(arc):
    """The pieces of a line that do not follow a cut edge."""
    return clip_line(arc, (WEST + 0.001, 0, EAST - 0.001, NORTH - 0.001))


@cache
def districts():
    """The contours of the arrondissements of Marseille."""
    return Topology.from_geojson(read("districts-13055.geojson"), "districts")


@cache
def straddling_epci():
    """EPCI code → rings of its whole contour, for those that also have communes outside the region."""
    features = read("straddling-epci-93.geojson")["features"]
    return {
        feature["properties"]["code"]: [[tuple(point) for point in ring] for ring in rings_of(feature["geometry"])]
        for feature in features
    }


@cache
def france():
    """The contours of the départements of France, simpler."""
    return Topology.from_geojson(read("departments.geojson"), "departements")


@cache
def coarse_atlas(region):
    """A région by its départements alone; None when there is no such région."""
    topology = france()
    every = topology.layers["departements"]
    departments = {code: shape for code, shape in every.items() if shape.properties["reg"] == region}
    if not departments:
        return None
    overseas = region in OVERSEAS
    others = [] if overseas else [shape for shape in every.values() if shape.code not in departments]
    return Atlas(
        topology=topology,
        departments=departments,
        land_around=[]
        if overseas
        else ABROAD + [topology.ring_points(ring) for shape in others for ring in shape.rings],
        lines_around=[topology.arcs[arc] for arc in topology.borders(others)],
        names_around=(),
        cities=(),
        project=plate_carree(OVERSEAS[region]) if overseas else lambert93,
    )


def region_atlas(region):
    """The finest atlas of a région; None when there is none."""
    return fine_atlas() if region == FINE_REGION else coarse_atlas(region)


def department_atlas(code):
    """The finest atlas that has this département; None when there is none."""
    shape = france().layers["departements"].get(code)
    return region_atlas(shape.properties["reg"]) if shape else None


def department_of(code):
    """The code of the département of a commune or an arrondissement municipal, read from its own."""
    return code[:3] if code.startswith("97") else code[:2]


@cache
def neighbours(kind, code):
    """Codes of the territories of the same kind that share a border: départements of France, EPCI and communes of the
    region, arrondissements of Marseille. Empty for any other."""
    if kind == "dep":
        topology, layer = france(), LAYERS[kind]
    elif kind == "arm":
        topology, layer = districts(), "districts"
    elif kind in LAYERS:
        topology, layer = fine_atlas().topology, LAYERS[kind]
    else:
        return frozenset()
    return frozenset(topology.neighbours(layer, code) if code in topology.layers[layer] else ())
