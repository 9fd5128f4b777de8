"""The home page."""

from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from initiatives.directory.cards import dress
from initiatives.directory.seals import based_url, seals_by
from initiatives.directory.svgmap import region_map
from initiatives.directory.views.themes import themes_with_counts
from initiatives.models import Initiative, Site, Territory
from initiatives.models.vocabulary import Activity

Kind = Territory.Kind


def home(request):
    published = Initiative.objects.published()
    departments = list(Territory.objects.in_scope().filter(kind=Kind.DEPARTMENT))
    seals = seals_by("epci", published)
    context = {
        "alive_count": published.alive().count(),
        "alive_url": f"{reverse('initiatives')}?{urlencode({'activite': _alive_values()}, doseq=True)}",
        "region": Territory.objects.get(kind=Kind.REGION, code=settings.REGION),
        "map": region_map([seal for _, seal in seals], id_prefix="ca"),
        "index": _index(published, departments, seals),
        "figures": _figures(published, seals),
        "themes": themes_with_counts(),
        "reading": _reading_of_the_day(published, departments, timezone.localdate()),
    }
    return render(request, "home/home.html", context)


def _alive_values():
    return [value for value in Activity.values if value != Activity.ENDED]


def _index(published, departments, seals):
    """The map as a list: each département with its count, then its EPCI; every number is that of the list it opens."""
    counts = {territory.pk: seal.count for territory, seal in seals_by("department", published)}
    index = [
        {
            "territory": department,
            "count": counts.get(department.pk, 0),
            "url": based_url(department),
            "epci": [
                {"territory": epci, "count": seal.count, "url": seal.url}
                for epci, seal in seals
                if epci.department_id == department.pk
            ],
        }
        for department in departments
    ]
    return sorted(index, key=lambda item: (-item["count"], item["territory"].sort_key))


def _figures(published, seals):
    located = Site.objects.filter(initiative__in=published).values("initiative").distinct().count()
    return {
        "total": published.count(),
        "located": located,
        "not_located": published.filter(sites=None).count(),
        "region_wide": published.filter(sites=None, coverage__kind=Kind.REGION).distinct().count(),
        "epci_reached": len(seals),
        "epci_count": Territory.objects.in_scope().filter(kind=Kind.EPCI).count(),
    }


def _reading_of_the_day(published, departments, today):
    """One living initiative for each département, another each day; a featured one when there is one."""
    chosen = []
    for department in departments:
        here = published.alive().based_in(department).exclude(pk__in=chosen)
        chosen += here.in_daily_order(today, after=["-is_featured"]).values_list("pk", flat=True)[:1]
    return dress(Initiative.objects.filter(pk__in=chosen).in_daily_order(today).with_card_details())
