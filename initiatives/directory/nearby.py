"""What is near a territory where little is known: shown apart, never counted in the results."""

from initiatives.directory.cards import place_name
from initiatives.directory.criteria import RADIUS_KM
from initiatives.directory.search import Search
from initiatives.models import Initiative
from initiatives.models.vocabulary import Presence

FEW = 5


def nearby(found: Search, presences):
    """The closest fiches outside of one territory, nearest first, when fewer than ``FEW`` are based or act in it.

    Only for a single territory that has a point; None when there is nothing to show. ``presences``: number of results
    for each presence. Gives ``rows`` (the first ones), ``count`` (of all), ``radius`` in km, ``start``: the place
    that distances are counted from, from commune to commune; ``here_count``: how many are based or act here.
    """
    here_count = presences[Presence.BASED] + presences[Presence.ACTS] if len(found.territories) == 1 else FEW
    if here_count >= FEW:
        return None
    geography = found.asked.live.geography
    start = geography.main_place(found.territories[0].pk)
    if start is None:
        return None
    places = geography.within(geography.points[start], RADIUS_KM)
    closest, count = found.closest(places, FEW)
    if not count:
        return None
    fiches = Initiative.objects.published().only("slug", "name").in_bulk([key for key, _ in closest])
    towns = geography.named({start, *(place for _, place in closest)})
    rows = [
        {"initiative": fiches[key], "place": place_name(towns[place]), "distance": max(1, round(places[place]))}
        for key, place in closest
        if key in fiches
    ]
    return {"rows": rows, "count": count, "radius": RADIUS_KM, "start": towns[start], "here_count": here_count}


def split(rows, order):
    """The rows that come before what is near, and those after it: those that act more widely."""
    if order != "proximite":
        return [], rows
    place = next((place for place, row in enumerate(rows) if row.presence == Presence.WIDER), len(rows))
    return rows[:place], rows[place:]
