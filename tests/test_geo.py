"""Points, lines and rings without Django: distance, Lambert-93, clipping, simplification, path data."""

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from initiatives.geo import (
    Frame,
    area,
    chain,
    clip_line,
    clip_ring,
    contains,
    distance_km,
    distance_to_ring,
    lambert93,
    path_data,
    plate_carree,
    polyline,
    roomiest_point,
    simplify,
)

pytestmark = pytest.mark.once

SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10)]
SHEET = (0, 0, 100, 60)
numbers = st.integers(-150, 250)
points = st.tuples(numbers, numbers)
unhurried = settings(deadline=None)


# Distance


def test_the_distance_from_marseille_to_nice_is_that_of_the_atlas():
    assert distance_km(5.3698, 43.2965, 7.2620, 43.7102) == pytest.approx(159.4, abs=1)


def test_a_degree_of_the_meridian_is_some_111_km_and_nowhere_is_at_no_distance():
    assert distance_km(5, 43, 5, 44) == pytest.approx(111.2, abs=0.1)
    assert distance_km(5, 43, 5, 43) == 0


# Projections


@pytest.mark.parametrize(
    ("longitude", "latitude", "easting", "northing"),
    [
        (3, 46.5, 700_000, 6_600_000),  # the origin that IGN gives for Lambert-93
        (2.2945, 48.8584, 648_237.3, 6_862_271.7),  # the Eiffel tower
    ],
)
def test_known_points_are_where_lambert_93_puts_them(longitude, latitude, easting, northing):
    assert lambert93(longitude, latitude) == pytest.approx((easting, northing), abs=0.6)


@pytest.mark.parametrize("latitude", [44, 49])
def test_lengths_are_true_along_the_two_standard_parallels(latitude):
    e2, a = 0.0066943800229, 6_378_137  # GRS80
    radius = a * math.cos(math.radians(latitude)) / math.sqrt(1 - e2 * math.sin(math.radians(latitude)) ** 2)

    length = math.dist(lambert93(5, latitude), lambert93(5.001, latitude))

    assert length == pytest.approx(radius * math.radians(0.001), rel=1e-6)


def test_between_the_standard_parallels_lengths_shrink_a_little():
    length = math.dist(lambert93(5, 46.5), lambert93(5, 46.51))

    assert length / 1000 == pytest.approx(distance_km(5, 46.5, 5, 46.51), rel=0.003)


def test_a_far_land_keeps_its_lengths_at_its_middle_latitude():
    project = plate_carree(-21.1)

    assert math.dist(project(55.5, -21.1), project(55.6, -21.1)) / 1000 == pytest.approx(
        distance_km(55.5, -21.1, 55.6, -21.1), rel=1e-4
    )


def test_a_frame_fills_its_box_in_one_direction_and_centres_in_the_other():
    frame = Frame([(0, 0), (4, 1)], (10, 10, 50, 110), project=lambda x, y: (x, y))

    assert frame(0, 0) == (10, 65)
    assert frame(4, 1) == (50, 55)
    assert frame.scale == 10


def test_a_point_of_a_drawing_is_found_again_on_the_globe():
    frame = Frame([(4.2, 43), (7.7, 45.1)], (50, 150, 650, 670))

    for longitude, latitude in ((5.37, 43.3), (7.6, 44.9), (-2, 48)):
        assert frame.place(*frame(longitude, latitude)) == pytest.approx((longitude, latitude), abs=1e-6)


# Lines and rings


def test_a_ring_that_turns_clockwise_on_the_drawing_has_a_positive_area():
    assert area(SQUARE) == 100
    assert area(SQUARE[::-1]) == -100


def test_points_that_hardly_stray_are_dropped_and_corners_stay():
    line = [(0, 0), (5, 0.2), (10, 0), (10, 6), (10.1, 10)]

    assert simplify(line, 0.5) == [(0, 0), (10, 0), (10.1, 10)]


@unhurried
@given(st.lists(points, min_size=2, max_size=30), st.floats(0, 20))
def test_a_simplified_line_keeps_its_ends_and_no_point_is_farther_than_the_tolerance(line, tolerance):
    kept = simplify(line, tolerance)

    assert (kept[0], kept[-1]) == (line[0], line[-1])
    there_and_back = kept + kept[-2:0:-1]
    assert all(distance_to_ring(there_and_back, *point) <= tolerance + 1e-6 for point in line)


def test_a_ring_is_cut_at_the_edges_of_the_sheet():
    ring = clip_ring([(-50, 10), (50, 10), (50, 30), (-50, 30)], SHEET)

    assert abs(area(ring)) == 50 * 20
    assert {x for x, _ in ring} == {0, 50}


@unhurried
@given(st.lists(points, min_size=3, max_size=12))
def test_what_is_left_of_a_cut_ring_is_on_the_sheet(ring):
    kept = clip_ring(ring, SHEET)

    assert all(-1e-9 <= x <= 100 + 1e-9 and -1e-9 <= y <= 60 + 1e-9 for x, y in kept)
    if all(0 <= x <= 100 and 0 <= y <= 60 for x, y in ring):
        assert kept == ring


def test_a_ring_that_holds_the_sheet_becomes_the_sheet_and_one_beside_it_nothing():
    assert abs(area(clip_ring([(-9, -9), (200, -9), (200, 90), (-9, 90)], SHEET))) == 6000
    assert clip_ring([(-9, 0), (-5, 0), (-5, 9)], SHEET) == []


def test_a_line_that_leaves_the_sheet_and_comes_back_is_two_pieces():
    line = [(10, 10), (20, 10), (150, 10), (150, 50), (90, 50), (80, 50)]

    assert clip_line(line, SHEET) == [[(10, 10), (20, 10), (150, 10)], [(150, 50), (90, 50), (80, 50)]]
    assert clip_line([(-9, 0), (-5, 70)], SHEET) == []


def test_lines_that_meet_are_laid_end_to_end_whatever_their_direction():
    chained = chain([[(2, 0), (1, 0)], [(0, 0), (1, 0)], [(2, 0), (3, 0)], [(9, 9), (8, 8)]])

    assert sorted(min(line, line[::-1]) for line in chained) == [[(0, 0), (1, 0), (2, 0), (3, 0)], [(8, 8), (9, 9)]]


def test_the_roomiest_point_is_in_the_ring_and_out_of_its_holes():
    hole = [(3, 3), (9, 3), (9, 9), (3, 9)]

    x, y, room = roomiest_point(SQUARE, holes=[hole], steps=20)

    assert contains(SQUARE, x, y)
    assert not contains(hole, x, y)
    assert room == pytest.approx(1.5, abs=0.3)
    assert roomiest_point(SQUARE) == (5, 5, 5)
    assert roomiest_point(SQUARE, holes=[SQUARE]) is None


# Path data


def walked(data):
    """The points that relative path data goes through, to check it the way a browser reads it."""
    x = y = 0
    seen = []
    for letter, numbers_text in re.findall(r"([a-z])([^a-z]*)", data.lower()):
        values = [float(value) for value in re.findall(r"-?\d*\.?\d+", numbers_text)]
        pairs = {"h": lambda v: [(n, 0) for n in v], "v": lambda v: [(0, n) for n in v], "z": lambda v: []}
        for dx, dy in pairs.get(letter, lambda v: list(zip(v[::2], v[1::2], strict=True)))(values):
            x, y = x + dx, y + dy
            seen.append((round(x, 1), round(y, 1)))
    return seen


def test_path_data_is_short_and_relative():
    assert path_data(polyline([(10, 10), (10.54, 10), (10.5, 12.25), (9, 14)])) == "m10 10h.5v2.2l-1.5 1.8"
    assert path_data(polyline(SQUARE, closed=True)) == "m0 0h10v10h-10z"
    curve = [("M", [(1, 1)]), ("C", [(2, 2), (3, 2), (4, 1)]), ("L", [(5, 1)])]
    assert path_data(curve) == "m1 1c1 1 2 1 3 0h1"


@unhurried
@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=1, max_size=40))
def test_path_data_goes_through_every_point_without_drift(line):
    seen = walked(path_data(polyline(line)))

    tenths = [(round(x * 10) / 10, round(y * 10) / 10) for x, y in line]
    expected = [point for point, before in zip(tenths, [None, *tenths], strict=False) if point != before]
    assert [point for point, before in zip(seen, [None, *seen], strict=False) if point != before] == expected
