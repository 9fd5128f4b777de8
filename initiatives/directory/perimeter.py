"""How far around: what the search bar offers, and what a search around a point says of itself."""

import json
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings

from initiatives.directory.criteria import RADIUS_KM
from initiatives.directory.geography import flat_km
from initiatives.models import Territory
from initiatives.text import NO_BREAK

STEPS = (5, 10, 20, 30, 50)


def perimeters(found) -> list[dict]:
    """The values that ``rayon`` may take in the search bar, the one in force among them: value, label, chosen."""
    is_circle, km = "pres_de" in found.values, found.values.get("rayon")
    offered = {"": f"à moins de {_km(RADIUS_KM)}" if is_circle else "ce territoire"}
    for step in sorted({*STEPS, km or RADIUS_KM}):
        if not is_circle or step != RADIUS_KM or km == RADIUS_KM:
            offered[str(step)] = f"à moins de {_km(step)}" if is_circle else f"+ {_km(step)}"
    if is_circle and km == RADIUS_KM:
        del offered[""]
    return [{"value": value, "label": label, "chosen": value == str(km or "")} for value, label in offered.items()]


def around(found) -> dict | None:
    """The place that a search around a point is told by, the nearest one, and the sentence; None without a point."""
    if "pres_de" not in found.values:
        return None
    km = found.values.get("rayon") or RADIUS_KM
    nearest = min(found.distances, key=found.distances.get, default=None)
    place = found.asked.live.geography.named([nearest])[nearest] if nearest else None
    name = place.name if place else found.asked.data["pres_de"]
    of = place.name_of or f"de {name}" if place else f"du point {name}"
    return {"name": name, "where": f"autour {of}, à moins de {_km(km)}"}


def beyond(found) -> dict | None:
    """The places asked for that are out of the region, and its département nearest to the first of them.

    None when all are in the region.
    """
    outside = [place for place in found.territories if not place.in_scope and place.kind != Territory.Kind.COUNTRY]
    if not outside:
        return None
    first, ours = outside[0], {place.code: place for place in found.asked.live.options.departments}
    code = first.code if first.kind == Territory.Kind.DEPARTMENT else first.department and first.department.code
    return {"names": " et ".join(place.name for place in outside), "nearest": ours.get(_nearest(code, tuple(ours)))}


@lru_cache(256)
def _nearest(code, others) -> str | None:
    """Of some départements, the one whose outline comes closest to that of another; None for what has no outline."""
    start = _outlines().get(code)
    known = [other for other in others if other in _outlines()]
    if not start or not known:
        return None

    def apart(other):
        return min(flat_km(point, there) for point in start for there in _outlines()[other])

    return min(known, key=apart)


@cache
def _outlines() -> dict[str, list[tuple[float, float]]]:
    """Code of a département → points of its outline (latitude, longitude), one in three."""
    shapes = json.loads(Path(settings.BASE_DIR, "static", "maps", "departments.geojson").read_text(encoding="utf-8"))
    outlines = {}
    for shape in shapes["features"]:
        parts = shape["geometry"]["coordinates"]
        parts = parts if shape["geometry"]["type"] == "MultiPolygon" else [parts]
        points = [(latitude, longitude) for part in parts for longitude, latitude in part[0]]
        outlines[shape["properties"]["code"]] = points[::3]
    return outlines


def _km(number):
    return f"{number}{NO_BREAK}km"
