"""The engraved maps: each territory has one, its seals are on it and apart, its names are where there is room."""

import math
import random
import re
from collections import Counter
from html.parser import HTMLParser

import html5lib
import pytest
from django.template.loader import render_to_string
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from initiatives.directory.svgmap import Seal, locator_map, region_map, territory_map
from initiatives.directory.svgmap.atlas import districts, fine_atlas
from initiatives.directory.svgmap.circles import HALO, Scale, legend, separate
from initiatives.directory.svgmap.lettering import Box
from tests.factories import TerritoryFactory

FINE = fine_atlas().topology.layers
CODES = {
    "dep": sorted(FINE["departements"]),
    "epci": sorted(FINE["epci"]),
    "arm": sorted(districts().layers["districts"]),
    "com": random.Random(93).sample(sorted(FINE["communes"]), 30),
}
MARSEILLE, NICE, GAP = (5.37, 43.3), (7.26, 43.7), (6.08, 44.56)


def a_seal(point=MARSEILLE, count=1, name="Marseille", url="/initiatives/?territoire=com-13055&presence=basee"):
    return Seal(*point, count, name, url)


def printed(*maps):
    return "".join(render_to_string("components/maps/map.html", {"map": engraved}) for engraved in maps)


class Tags(HTMLParser):
    """Every tag of a piece of HTML: (name, attributes)."""

    def __init__(self, html):
        super().__init__()
        self.all = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, dict(attrs)))


def tags(html, name):
    return [attributes for tag, attributes in Tags(html).all if tag == name]


def overlap(a, b):
    """How far the discs of two seals go into one another, halos not counted."""
    return a.radius + b.radius - math.hypot(a.x - b.x, a.y - b.y)


def pairs(items):
    return [(a, b) for rank, a in enumerate(items) for b in items[rank + 1 :]]


# Every territory


@pytest.mark.parametrize("kind", CODES)
def test_every_territory_of_the_region_has_its_map_and_its_place(kind):
    for code in CODES[kind]:
        engraved = territory_map(kind, code, [], id_prefix="ct", label=code)
        locator = locator_map(kind, code)

        for drawn in (engraved, locator):
            assert 'class="terre"' in drawn.drawing, code
            assert "nan" not in drawn.drawing
            assert len(drawn.drawing) < 70_000, code


def test_the_region_has_its_map_with_its_legend():
    engraved = region_map([a_seal(count=29), a_seal(NICE, 3, "Nice")], id_prefix="ca")

    assert (engraved.width, engraved.height, engraved.fills) == (700, 880, True)
    assert [line.count for line in engraved.legend.lines] == [1, 10, 30]
    assert engraved.sea.name == "Mer Méditerranée"
    assert {label.lines for label in engraved.labels} >= {("Drôme",), ("Italie",)}
    assert "Gap" in [town.name for town in engraved.towns]


@pytest.mark.parametrize("region", ["01", "03", "06", "11", "32", "53", "75", "76", "94"])
def test_another_region_has_its_map_by_departments(settings, region):
    settings.REGION = region

    engraved = region_map([], id_prefix="ca")

    assert engraved.drawing.count("lisere") == len(re.findall(r'clipPath id="ca-\w+-k"', engraved.drawing)) > 0
    assert territory_map("reg", region, [], "ct", "Ailleurs").drawing
    assert territory_map("epci", "243500139", [], "ct", "Une métropole").drawing


def test_brittany_shows_its_communes_by_their_department_and_its_sea(settings):
    settings.REGION = "53"
    rennes = a_seal((-1.68, 48.11), 4, "Rennes")

    engraved = territory_map("com", "35238", [rennes], id_prefix="ct", label="Rennes")

    assert [seal.name for seal in engraved.seals] == ["Rennes"]
    assert region_map([rennes], id_prefix="ca").sea.name in ("Océan Atlantique", "Manche")
    assert locator_map("com", "35238").title == "Carte de situation : Ille-et-Vilaine"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("pays", "FR"),
        ("reg", "99"),
        ("dep", "99"),
        ("epci", "243500139"),
        ("com", "13999"),
        ("arm", "75101"),
        ("zone", "x"),
    ],
)
def test_what_cannot_be_drawn_has_no_map(kind, code):
    assert territory_map(kind, code, [a_seal()], id_prefix="ct", label="Nulle part") is None
    assert locator_map(kind, code) is None
    assert printed(None).strip() == ""


@pytest.mark.django_db
@pytest.mark.parametrize("codes", [["13001", "13055", "84003"], ["13213", "13214"], ["13215", "13002"]])
def test_a_zone_is_drawn_by_its_members_at_the_cost_of_one_query(django_assert_num_queries, codes):
    zone = TerritoryFactory(kind="zone", code="-".join(codes), name="Une zone")
    marseille = TerritoryFactory(code="13055")
    for code in codes:
        is_district = code.startswith("132")
        within = {"kind": "arm", "commune": marseille} if is_district else {}
        zone.members.add(marseille if code == "13055" else TerritoryFactory(code=code, **within))

    with django_assert_num_queries(1):
        engraved = territory_map("zone", zone.code, [], id_prefix="ct", label="Une zone")

    contour = re.search(r'id="ct-s" d="([^"]+)"', engraved.drawing)[1]
    assert len(contour) > 100
    assert locator_map("zone", zone.code)


# Seals


def test_seals_are_on_the_sheet_the_largest_first_and_at_their_places_when_they_have_room():
    engraved = region_map([a_seal(GAP, 1, "Gap"), a_seal(count=29), a_seal(NICE, 3, "Nice")], id_prefix="ca")

    assert [seal.count for seal in engraved.seals] == [29, 3, 1]
    assert [seal.radius for seal in engraved.seals] == [round(9.6 * math.sqrt(count), 1) for count in (29, 3, 1)]
    gap = engraved.seals[-1]
    assert (gap.x, gap.y) == pytest.approx((363, 289), abs=6)


def crowd(kind, code):
    """A seal on each commune of a territory, all at the middle of its contours."""
    rnd = random.Random(code)
    column = {"dep": "dep", "epci": "epci"}[kind]
    topology = fine_atlas().topology
    for shape in FINE["communes"].values():
        if shape.properties[column] == code:
            xs, ys = zip(*topology.ring_points(shape.rings[0]), strict=True)
            point = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
            yield a_seal(point, rnd.choice([1, 1, 2, 5, 12]), shape.properties["nom"])


@pytest.mark.parametrize(("kind", "code"), [("dep", "05"), ("epci", "200054807"), ("epci", "200039857")])
def test_a_seal_on_every_commune_leaves_each_of_them_in_sight(kind, code):
    seals = list(crowd(kind, code))

    engraved = territory_map(kind, code, seals, id_prefix="ct", label=code)

    assert len(engraved.seals) == len(seals)
    for seal in engraved.seals:
        assert HALO <= seal.x - seal.radius <= engraved.width
        assert seal.x + seal.radius + HALO <= engraved.width
        assert seal.y - seal.radius >= HALO
        assert seal.y + seal.radius + HALO <= engraved.height
    assert max(overlap(a, b) for a, b in pairs(engraved.seals)) < 1.5


@hypothesis_settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 500), st.sampled_from([10, 13, 20, 30])), max_size=24))
@example([(0, 0, 10), (0, 0, 10)])
def test_circles_are_set_apart_inside_their_bounds(circles):
    radii = [radius for *_, radius in circles]

    spread = separate([(x, y) for x, y, _ in circles], radii, (0, 0, 600, 500))

    placed = list(zip(spread, radii, strict=True))
    assert all(r - 0.01 <= x <= 600 - r + 0.01 and r - 0.01 <= y <= 500 - r + 0.01 for (x, y), r in placed)
    assert all(math.dist(p, q) > r + s - 3 for (p, r), (q, s) in pairs(placed))


def test_seals_of_one_point_go_apart_and_an_isolated_one_does_not_move():
    spread = separate([(100, 100)] * 3 + [(400, 400)], [10] * 4, (0, 0, 600, 500))

    assert min(math.dist(a, b) for a, b in pairs(spread[:3])) > 19.5
    assert spread[3] == pytest.approx((400, 400), abs=0.1)


def test_the_scale_shrinks_when_the_largest_would_not_fit_but_no_number_is_cut():
    scale = Scale.fitting([10_000, 3], unit=9.6, largest=60, room=100_000)

    assert scale(10_000) == 60
    assert scale(3) == 9.6
    assert scale(120) > 11  # three digits
    assert Scale.fitting([40, 3], unit=9.6, largest=61, room=100_000).unit == 9.6


def test_the_legend_shows_no_circle_much_larger_than_the_largest_of_the_map():
    for largest, shown in ((1, [1]), (2, [1]), (3, [1, 3]), (12, [1, 3, 10]), (29, [1, 10, 30]), (250, [1, 30, 100])):
        scale = Scale.fitting([largest], unit=9.6, largest=60, room=100_000)
        assert [line.count for line in legend(scale, [largest]).lines] == shown


def test_a_seal_that_is_out_of_the_sheet_is_left_to_the_list():
    engraved = territory_map("com", "05061", [a_seal(GAP, 2, "Gap"), a_seal()], id_prefix="ct", label="Gap")

    assert [seal.name for seal in engraved.seals] == ["Gap"]


# Names


@pytest.mark.parametrize(("kind", "code"), [("dep", "84"), ("epci", "200039857"), ("com", "84088"), ("arm", "13203")])
def test_names_are_on_the_sheet_and_apart(kind, code):
    engraved = territory_map(kind, code, [], id_prefix="ct", label=code)

    assert engraved.labels
    assert all(label.box.within(engraved.width, engraved.height) for label in engraved.labels)
    assert not any(a.box.meets(b.box) for a, b in pairs(engraved.labels))


def test_a_name_that_a_seal_would_cover_is_not_written():
    free = territory_map("epci", "200039857", [], id_prefix="ct", label="Pays de Grasse")
    label = free.labels[0]
    disc = Box(label.x - 20, label.y - 20, label.x + 20, label.y + 20)
    everywhere = list(crowd("dep", "06"))

    covered = territory_map("epci", "200039857", everywhere, id_prefix="ct", label="Pays de Grasse")

    assert label.box.meets(disc)
    assert len(covered.labels) < len(free.labels)


def test_the_name_of_a_commune_stands_beside_its_own_seal():
    # The second is pushed aside by the first, which covers its commune.
    seals = [a_seal((6.92, 43.66), 30, "Grasse"), a_seal((6.97, 43.62), 1, "Mouans-Sartoux")]

    engraved = territory_map("epci", "200039857", seals, id_prefix="ct", label="Pays de Grasse")

    discs = {seal.name: seal for seal in engraved.seals}
    for town in engraved.towns:
        if town.name in discs:
            assert not town.dot
            seal = discs[town.name]
            assert math.hypot(town.label_x - seal.x, town.label_y - seal.y) < seal.radius + 25
    assert {"Grasse", "Mouans-Sartoux"} <= {town.name for town in engraved.towns}


# What is printed


def test_two_maps_of_a_page_share_no_id_and_point_to_their_own():
    html = printed(
        region_map([a_seal()], "ca"), territory_map("dep", "13", [a_seal()], "ct", "Le 13"), locator_map("dep", "13")
    )

    ids = Counter(re.findall(r'\bid="([^"]+)"', html))
    assert set(ids.values()) == {1}
    pointed = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', html)
    assert {one or other for one, other in pointed} <= ids.keys()
    for labels in re.findall(r'aria-labelledby="([^"]+)"', html):
        assert set(labels.split()) <= ids.keys()


def test_the_map_is_valid_html_without_inline_style():
    html = printed(region_map([a_seal(count=1234)], "ca"), locator_map("com", "13055"))

    html5lib.HTMLParser(strict=True).parse(f"<!doctype html><title>Carte</title>{html}")
    assert "style=" not in html
    assert "<script" not in html


def test_names_and_addresses_of_seals_are_escaped():
    seal = a_seal(count=2, name='L’« Isle » <b>"&', url='/initiatives/?q=%22"><script>alert(1)</script>&presence=basee')

    html = printed(region_map([seal], "ca"))

    [link] = [tag for tag in tags(html, "a") if tag.get("class") == "lieu"]
    assert link["href"] == seal.url
    assert link["aria-label"].endswith('<b>"&\u00a0: 2 initiatives')
    assert not tags(html, "script")
    assert not tags(html, "b")


def test_every_seal_says_its_place_and_its_count_in_french():
    html = printed(region_map([a_seal(count=1234), a_seal(GAP, 1, "Gap")], "ca"))

    labels = [tag["aria-label"] for tag in tags(html, "a")]
    assert labels == ["Marseille\u00a0: 1\u202f234 initiatives", "Gap\u00a0: 1 initiative"]


def test_a_map_with_links_is_a_group_and_one_without_is_a_picture():
    assert 'role="group"' in printed(region_map([a_seal()], "ca"))
    plain = printed(locator_map("com", "84088"))
    assert 'role="img"' in plain
    assert "Pernes-les-Fontaines" in plain
    assert not tags(plain, "a")


def test_a_drawing_is_made_once():
    first = territory_map("dep", "84", [], id_prefix="ct", label="Le Vaucluse")
    second = territory_map("dep", "84", [a_seal((4.8, 43.95), 2, "Avignon")], id_prefix="ct", label="Le Vaucluse")

    assert first.drawing is second.drawing
    assert second is territory_map(
        "dep", "84", [a_seal((4.8, 43.95), 2, "Avignon")], id_prefix="ct", label="Le Vaucluse"
    )
