#!/usr/bin/env python3
"""Draws the light basemap of the interactive map from the contours of static/maps.

    python docs/fonds.py

Writes static/maps/fond-93.topojson: the lands around, the départements and the EPCI, simplified together so that
borders stay common. The communes, that only a close view shows, are those of region-93.topojson, fetched when needed.
"""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import django  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "innovguide.settings")
django.setup()

from initiatives.directory.svgmap.atlas import fine_atlas  # noqa: E402
from initiatives.directory.svgmap.topology import Topology  # noqa: E402
from initiatives.geo import area, simplify  # noqa: E402

MAPS = ROOT / "static" / "maps"
TOLERANCE = 0.0011  # degrees: a pixel at zoom 10
STEP = 0.0004  # of the grid that points are rounded to
AROUND_TOLERANCE = 0.003
# Under the lands that the contours around the region do not reach.
INLAND = [(0.5, 44), (0.5, 49), (12, 49), (12, 45), (8, 45), (7, 45.3), (6, 45.2), (4, 44.6), (3, 43.9), (0.5, 44)]


def main():
    region = json.loads((MAPS / "region-93.topojson").read_text())
    topology = Topology.from_topojson(region)
    numbers = {}
    objects = {
        name: {"type": "GeometryCollection", "geometries": [_renumbered(item, numbers) for item in kept["geometries"]]}
        for name, kept in region["objects"].items()
        if name in ("departements", "epci")
    }
    arcs = [simplify(topology.arcs[number], TOLERANCE) for number in numbers]
    atlas = fine_atlas()
    lands = [_turned(_simpler_ring([*ring])) for ring in [*atlas.land_around, INLAND]]
    objects["autour"] = {
        "type": "MultiPolygon",
        "arcs": [[[len(arcs) + rank]] for rank in range(len(lands))],
    }
    arcs += lands
    borders = [simplify([*line], AROUND_TOLERANCE) for line in atlas.lines_around]
    objects["limites"] = {"type": "MultiLineString", "arcs": [[len(arcs) + rank] for rank in range(len(borders))]}
    arcs += borders
    west = min(point[0] for arc in arcs for point in arc)
    south = min(point[1] for arc in arcs for point in arc)
    document = {
        "type": "Topology",
        "transform": {"scale": [STEP, STEP], "translate": [west, south]},
        "objects": objects,
        "arcs": [_deltas(arc, west, south) for arc in arcs],
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    (MAPS / "fond-93.topojson").write_text(text)


def _renumbered(geometry, numbers):
    """The geometry with arcs numbered as they are met."""

    def renumber(item):
        if isinstance(item, list):
            return [renumber(part) for part in item]
        number = numbers.setdefault(max(item, ~item), len(numbers))
        return number if item >= 0 else ~number

    code = geometry["properties"]["code"]
    return {"type": geometry["type"], "arcs": renumber(geometry["arcs"]), "properties": {"code": code}}


def _turned(ring):
    """All the same way round, so that where two lands overlap is land."""
    return ring if area(ring) > 0 else ring[::-1]


def _simpler_ring(ring):
    """A closed line has no direction to simplify along: its halves have one. A small island stays as it is."""
    middle = len(ring) // 2
    halves = simplify(ring[: middle + 1], AROUND_TOLERANCE), simplify(ring[middle:], AROUND_TOLERANCE)
    simpler = halves[0] + halves[1][1:]
    return simpler if len(simpler) > 3 else ring


def _deltas(arc, west, south):
    """The points as steps of the grid from one to the next; those that stay where they are are left out."""
    written, here = [], (0, 0)
    for longitude, latitude in arc:
        there = round((longitude - west) / STEP), round((latitude - south) / STEP)
        if there != here or not written:
            written.append([there[0] - here[0], there[1] - here[1]] if written else [*there])
        here = there
    return written if len(written) > 1 else [*written, [0, 0]]


if __name__ == "__main__":
    main()
