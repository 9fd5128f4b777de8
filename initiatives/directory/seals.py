"""The circles of a map: how many initiatives are based where, each one a link to the list that it counts."""

from collections import defaultdict

from django.db.models import Count, F
from django.db.models.functions import Coalesce

from initiatives.directory.counts import count_based
from initiatives.directory.svgmap import Seal
from initiatives.models import Site, Territory

# What a site counts for at each level; at the last, a site in Marseille without more stands nowhere.
GROUPS = {
    "epci": F("territory__epci"),
    "department": F("territory__department"),
    "commune": Coalesce("territory__commune", "territory"),
    "district": F("territory"),
}


def seals_by(level, initiatives, within=None):
    """One seal for each territory of a level ("epci", "department", "commune", "district") where some are based.

    ``initiatives``: the queryset that is counted, all that is published; ``within``: only the territories with a site
    in that one. A seal counts all that its list holds, and sits at the mean point of the communes concerned, weighted
    by their counts; the largest come first.
    """
    sites = Site.objects.filter(initiative__in=initiatives.order_by().values("pk")).order_by()
    if within is not None:
        sites = sites.filter(within.place_condition("territory__"))
    if level == "district":
        sites = sites.filter(territory__kind=Territory.Kind.DISTRICT)
    places = sites.exclude(territory__latitude=None).values_list(
        GROUPS[level], "territory__latitude", "territory__longitude"
    )
    points = defaultdict(list)
    for group, latitude, longitude, weight in places.annotate(Count("initiative", distinct=True)):
        points[group].append((latitude, longitude, weight))
    territories = list(Territory.objects.filter(pk__in=[pk for pk in points if pk]))
    count_based(territories, initiatives)
    seals = [(place, Seal(*_mean(points[place.pk]), place.count, place.name, place.based_url)) for place in territories]
    return sorted(seals, key=lambda item: (-item[1].count, item[0].sort_key))


def _mean(points):
    """(longitude, latitude) of the weighted middle of (latitude, longitude, weight) points."""
    total = sum(weight for *_, weight in points)
    latitude = sum(latitude * weight for latitude, _, weight in points) / total
    longitude = sum(longitude * weight for _, longitude, weight in points) / total
    return longitude, latitude
