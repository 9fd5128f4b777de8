"""The circles of a map: how many initiatives are based where, each one a link to the list that it counts."""

from collections import defaultdict
from urllib.parse import urlencode

from django.db.models import Count, F
from django.db.models.functions import Coalesce
from django.urls import reverse

from initiatives.directory.svgmap import Seal
from initiatives.models import Site, Territory


def based_url(territory):
    """The list of the initiatives based in a territory."""
    return f"{reverse('initiatives')}?{urlencode({'territoire': territory.key, 'presence': 'basee'})}"


def seals_by(level, initiatives, within=None):
    """One seal for each territory of a level ("epci", "department", "commune", "district") where some are based.

    ``initiatives``: the queryset that is counted; ``within``: only the sites in that territory. A seal sits at the mean
    point of the communes concerned, weighted by their counts; the largest come first.
    """
    columns = {
        "epci": F("territory__epci"),
        "department": F("territory__department"),
        "commune": Coalesce("territory__commune", "territory"),
        "district": F("territory"),
    }
    sites = Site.objects.filter(initiative__in=initiatives.order_by().values("pk"))
    if within is not None:
        sites = sites.filter(within.place_condition("territory__"))
    places = sites.order_by().values(group=columns[level]).exclude(group=None)
    counts = dict(places.values_list("group").annotate(Count("initiative", distinct=True)))
    points = defaultdict(list)
    for group, latitude, longitude, weight in places.values_list(
        "group", "territory__latitude", "territory__longitude"
    ).annotate(Count("initiative", distinct=True)):
        if latitude is not None:
            points[group].append((latitude, longitude, weight))
    territories = Territory.objects.in_bulk(counts)
    seals = [
        (territories[group], Seal(*_mean(points[group]), count, territories[group].name, based_url(territories[group])))
        for group, count in counts.items()
        if points[group]
    ]
    return sorted(seals, key=lambda item: (-item[1].count, item[0].sort_key))


def _mean(points):
    """(longitude, latitude) of the weighted middle of (latitude, longitude, weight) points."""
    total = sum(weight for *_, weight in points)
    latitude = sum(latitude * weight for latitude, _, weight in points) / total
    longitude = sum(longitude * weight for _, longitude, weight in points) / total
    return longitude, latitude
