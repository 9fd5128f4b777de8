"""What is near a territory where little is known: shown apart, never counted in the results."""

from initiatives.directory.cards import place_name
from initiatives.models import Site
from initiatives.models.vocabulary import Presence

FEW = 5
RADIUS_KM = 30


def nearby(search, territories, presences):
    """The closest results outside of one territory, nearest first, when fewer than ``FEW`` are based or act in it.

    Only for a single territory that has a point. ``presences``: number of results for each presence.
    """
    if len(territories) != 1 or presences[Presence.BASED] + presences[Presence.ACTS] >= FEW:
        return []
    [territory] = territories
    place = territory.main_place()
    if place is None:
        return []
    here = search.queryset.with_presence(territory).filter(presence__in=(Presence.BASED, Presence.ACTS))
    around = search.without("territoire", "presence").exclude(pk__in=here.values("pk"))
    sites = (
        Site.objects.with_distance(place.latitude, place.longitude)
        .filter(distance__lte=RADIUS_KM, initiative__in=around.values("pk"))
        .select_related("initiative", "territory", "territory__commune")
        .order_by("distance", "pk")
    )
    closest = {}
    for site in sites[: FEW * 4]:
        closest.setdefault(site.initiative_id, site)
    return [
        {"initiative": site.initiative, "place": place_name(site.territory), "distance": max(1, round(site.distance))}
        for site in list(closest.values())[:FEW]
    ]
