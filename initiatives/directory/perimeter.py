"""How far around: what the search bar offers, and what a search around a point says of itself."""

from initiatives.directory.criteria import RADIUS_KM
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
    place = Territory.objects.filter(pk=nearest).first()
    name = place.name if place else found.asked.data["pres_de"]
    of = place.name_of or f"de {name}" if place else f"du point {name}"
    return {"name": name, "where": f"autour {of}, à moins de {_km(km)}"}


def _km(number):
    return f"{number}{NO_BREAK}km"
