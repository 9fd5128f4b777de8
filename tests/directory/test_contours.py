"""Contours of maps: arcs shared by neighbours, territories made of others, what is drawn on a plate."""

import random

import pytest

from initiatives.directory.svgmap.atlas import (
    coarse_atlas,
    department_atlas,
    department_of,
    districts,
    fine_atlas,
    france,
    neighbours,
    region_atlas,
    straddling_epci,
)
from initiatives.directory.svgmap.engraving import tints
from initiatives.directory.svgmap.plate import OVERHANG, Plate
from initiatives.directory.svgmap.subjects import subject
from initiatives.directory.svgmap.topology import Topology
from initiatives.geo import area, lambert93

pytestmark = pytest.mark.once

FRENCH_REGIONS = [
    "01",
    "02",
    "03",
    "04",
    "06",
    "11",
    "24",
    "27",
    "28",
    "32",
    "44",
    "52",
    "53",
    "75",
    "76",
    "84",
    "93",
    "94",
]


def surface_km2(topology, shape):
    rings = [[lambert93(*point) for point in topology.ring_points(ring)[:-1]] for ring in shape.rings]
    return abs(sum(area(ring) for ring in rings)) / 1e6


# Neighbours


@pytest.mark.parametrize(
    ("kind", "code", "around"),
    [
        ("dep", "13", {"30", "83", "84"}),
        ("dep", "05", {"04", "26", "38", "73"}),
        ("dep", "2A", {"2B"}),
        ("epci", "240600551", {"200030195", "240600593"}),
        ("com", "84138", {"84053", "84097", "84150"}),
        ("arm", "13202", {"13201", "13203", "13215"}),
    ],
)
def test_neighbours_are_those_of_the_map(kind, code, around):
    assert neighbours(kind, code) == around


@pytest.mark.parametrize("kind", ["dep", "epci", "com", "arm"])
def test_to_be_a_neighbour_is_mutual(kind):
    layers = {"dep": france().layers["departements"], "arm": districts().layers["districts"]}
    fine = fine_atlas().topology.layers
    codes = sorted(layers.get(kind) or fine[{"epci": "epci", "com": "communes"}[kind]])

    for code in random.Random(4).sample(codes, min(len(codes), 12)):
        assert all(code in neighbours(kind, other) for other in neighbours(kind, code))


@pytest.mark.parametrize(
    ("kind", "code"),
    [("dep", "99"), ("com", "75056"), ("epci", ""), ("zone", "luberon"), ("reg", "93"), ("pays", "FR")],
)
def test_a_territory_without_contours_has_no_neighbours(kind, code):
    assert neighbours(kind, code) == frozenset()


# Atlases


@pytest.mark.parametrize("region", FRENCH_REGIONS)
def test_every_region_of_france_has_an_atlas(region):
    atlas = region_atlas(region)

    assert atlas.departments
    assert len(atlas.points(atlas.departments.values())) > 10
    wheel = tints(atlas)
    for code, shape in atlas.departments.items():
        for other in atlas.departments.values():
            assert other.code == code or shape.arcs.isdisjoint(other.arcs) or wheel[code] != wheel[other.code]


def test_an_unknown_region_or_department_has_none():
    assert region_atlas("99") is None
    assert department_atlas("99") is None


def test_a_code_says_its_department():
    assert [department_of(code) for code in ("13055", "2A004", "97411")] == ["13", "2A", "974"]


def test_the_region_has_its_946_communes_its_52_epci_and_its_surface():
    topology = fine_atlas().topology

    assert [len(topology.layers[name]) for name in ("communes", "epci", "departements")] == [946, 52, 6]
    surface = sum(surface_km2(topology, shape) for shape in topology.layers["departements"].values())
    assert surface == pytest.approx(31_400, rel=0.02)
    assert all(shape.properties["nom"] for shape in topology.layers["epci"].values())


def test_a_straddling_epci_is_larger_than_its_part_in_the_region():
    topology = fine_atlas().topology

    assert len(straddling_epci()) == 6
    for code, rings in straddling_epci().items():
        whole = abs(sum(area([lambert93(*point) for point in ring[:-1]]) for ring in rings)) / 1e6
        assert whole > surface_km2(topology, topology.layers["epci"][code]) * 1.005


# Topology


def a_square(code, left, top):
    ring = [[left, top], [left + 1, top], [left + 1, top + 1], [left, top + 1], [left, top]]
    return {"properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


@pytest.fixture
def board():
    """Four squares: a b above c d."""
    squares = [a_square("a", 0, 0), a_square("b", 1, 0), a_square("c", 0, 1), a_square("d", 1, 1)]
    return Topology.from_geojson({"features": squares}, "squares")


def test_a_border_between_two_neighbours_is_one_arc(board):
    borders = board.borders(board.layers["squares"].values())

    assert sorted("".join(sorted(codes)) for codes in borders.values() if len(codes) > 1) == ["ab", "ac", "bd", "cd"]
    assert board.neighbours("squares", "a") == {"b", "c"}


def test_rings_made_of_arcs_are_the_rings_that_were_read(board):
    for code, left, top in (("a", 0, 0), ("d", 1, 1)):
        [ring] = board.layers["squares"][code].rings
        points = board.ring_points(ring)
        assert points[0] == points[-1]
        assert set(points) == {(left, top), (left + 1, top), (left + 1, top + 1), (left, top + 1)}


def test_merged_territories_lose_the_borders_between_them(board):
    squares = board.layers["squares"]

    whole = board.merged(squares.values())

    assert [abs(area(board.ring_points(ring)[:-1])) for ring in whole.rings] == [4]
    assert (1, 1) not in board.ring_points(whole.rings[0])


def test_territories_that_touch_at_a_corner_alone_keep_their_surface(board):
    squares = board.layers["squares"]

    apart = board.merged([squares["a"], squares["d"]])

    assert sum(abs(area(board.ring_points(ring)[:-1])) for ring in apart.rings) == 2


def test_the_communes_of_a_department_merged_are_the_department():
    topology = fine_atlas().topology
    communes = [shape for shape in topology.layers["communes"].values() if shape.properties["dep"] == "84"]

    merged = topology.merged(communes)

    assert len(merged.rings) == 2  # Valréas is an island in the Drôme
    assert surface_km2(topology, merged) == pytest.approx(surface_km2(topology, topology.layers["departements"]["84"]))


# Plates


def test_the_contours_of_a_plate_fill_their_box_and_stop_a_little_outside_of_the_sheet():
    atlas = fine_atlas()
    box = (50, 150, 650, 670)
    plate = Plate(atlas, atlas.points(atlas.departments.values()), (700, 880), box)

    own = [point for ring in plate.rings(atlas.departments.values(), atlas.topology) for point in ring]
    around = [point for ring in plate.land(atlas.land_around) for point in ring]

    xs, ys = zip(*own, strict=True)
    assert (min(xs), max(xs)) == pytest.approx((50, 650), abs=1)
    assert min(ys) >= 149
    assert max(ys) <= 671
    edge = OVERHANG + 0.01
    assert all(-edge <= x <= 700 + edge and -edge <= y <= 880 + edge for x, y in around)


def test_land_goes_on_to_the_edges_of_the_widest_map():
    atlas = fine_atlas()
    plate = Plate(atlas, atlas.points(atlas.departments.values()), (700, 880), (50, 150, 650, 670))

    xs, ys = zip(*(point for ring in plate.land(atlas.land_around) for point in ring), strict=True)

    assert min(ys) < 0
    assert min(xs) < 0
    assert max(xs) > 700


@pytest.mark.parametrize(
    ("kind", "code"), [("dep", "99"), ("com", "13999"), ("epci", "1"), ("arm", "75101"), ("x", "")]
)
def test_a_territory_without_contours_is_no_subject(kind, code):
    assert subject(kind, code) is None


def test_a_commune_that_is_not_drawn_is_shown_by_its_department():
    assert subject("com", "26146").name == "Drôme"
    assert coarse_atlas("84").departments.keys() >= {"26"}
