"""The home page."""

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone

from initiatives.directory.cards import dress
from initiatives.directory.counts import by_theme, count_based, list_url
from initiatives.directory.editorial import message
from initiatives.directory.seals import seals_by
from initiatives.directory.svgmap import region_map
from initiatives.models import Initiative, Site, Territory
from initiatives.models.vocabulary import Activity

Kind = Territory.Kind


def home(request):
    published = Initiative.objects.published()
    places = list(Territory.objects.in_scope().filter(kind__in=(Kind.DEPARTMENT, Kind.EPCI)))
    count_based(places, published)
    departments = [place for place in places if place.kind == Kind.DEPARTMENT]
    epci = [place for place in places if place.kind == Kind.EPCI]
    context = {
        "lead": message(request, "accueil"),
        "alive_count": published.alive().count(),
        "alive_url": list_url(activite=[value for value in Activity.values if value != Activity.ENDED]),
        "region": Territory.objects.filter(kind=Kind.REGION, code=settings.REGION).first(),
        "map": region_map([seal for _, seal in seals_by("epci", published)], id_prefix="ca"),
        "index": _index(departments, epci),
        "figures": _figures(published, epci),
        "themes": by_theme(published),
        "reading": _reading_of_the_day(published, departments, timezone.localdate()),
    }
    return render(request, "home/home.html", context)


def _index(departments, epci):
    """The map as a list: {department, epci}, the largest counts first; only the EPCI where some are based.

    Last, under no département (None), the EPCI that belong to none of these.
    """
    reached = sorted((place for place in epci if place.count), key=_largest_first)
    index = [
        {"department": department, "epci": [place for place in reached if place.department_id == department.pk]}
        for department in sorted(departments, key=_largest_first)
    ]
    known = {department.pk for department in departments}
    others = [place for place in reached if place.department_id not in known]
    return index + ([{"department": None, "epci": others}] if others else [])


def _largest_first(place):
    return -place.count, place.sort_key


def _figures(published, epci):
    """What the directory knows, in numbers: fiches, those placed in a commune, EPCI where some are based."""
    return {
        "total": published.count(),
        "ended": published.filter(activity=Activity.ENDED).count(),
        "located": Site.objects.filter(initiative__in=published.values("pk")).values("initiative").distinct().count(),
        "not_located": published.filter(sites=None).count(),
        "epci_reached": sum(1 for place in epci if place.count),
        "epci_count": len(epci),
    }


def _reading_of_the_day(published, departments, today):
    """One living initiative for each département, another each day; a featured one when there is one."""
    chosen = []
    for department in departments:
        here = published.alive().based_in(department).exclude(pk__in=chosen)
        chosen += here.in_daily_order(today, after=["-is_featured"]).values_list("pk", flat=True)[:1]
    reading = Initiative.objects.filter(pk__in=chosen).in_daily_order(today, after=["-is_featured"])
    return dress(reading.with_card_details())
