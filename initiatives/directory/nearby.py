"""What is near a territory where little is known: shown apart, never counted in the results."""

from initiatives.directory.cards import place_name
from initiatives.models import Site
from initiatives.models.vocabulary import Presence

FEW = 5
RADIUS_KM = 30


def nearby(search, territories, presences):
    """The closest fiches outside of one territory, nearest first, when fewer than ``FEW`` are based or act in it.

    Only for a single territory that has a point; None when there is nothing to show. ``presences``: number of results
    for each presence. Gives ``rows`` (the first ones), ``count`` (of all), ``radius`` in km, and ``start``: the place
    that distances are counted from.
    """
    if len(territories) != 1 or presences[Presence.BASED] + presences[Presence.ACTS] >= FEW:
        return None
    [territory] = territories
    start = territory.main_place()
    if start is None:
        return None
    here = search.queryset.with_presence(territory).filter(presence__in=(Presence.BASED, Presence.ACTS))
    around = search.without("territoire", "presence").exclude(pk__in=here.values("pk"))
    around = around.exclude(pk__in=search.qs.order_by().values("pk"))
    sites = Site.objects.with_distance(start.latitude, start.longitude)
    sites = sites.filter(distance__lte=RADIUS_KM, initiative__in=around.values("pk"))
    count = sites.order_by().values("initiative").distinct().count()
    if not count:
        return None
    sites = sites.select_related("initiative", "territory", "territory__commune").order_by("distance", "pk")
    closest = {}
    for site in sites[: FEW * 4]:
        closest.setdefault(site.initiative_id, site)
    rows = [
        {"initiative": site.initiative, "place": place_name(site.territory), "distance": max(1, round(site.distance))}
        for site in list(closest.values())[:FEW]
    ]
    return {"rows": rows, "count": count, "radius": RADIUS_KM, "start": start}
