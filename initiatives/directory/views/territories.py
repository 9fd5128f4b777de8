"""The territories: all of them, and the profile of each."""

from collections import Counter

from django.db.models import Count, F, OuterRef, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from initiatives.directory.cards import dress, place_name
from initiatives.directory.places import resolve_place
from initiatives.directory.seals import based_url, seals_by
from initiatives.directory.svgmap import locator_map, neighbours, region_map, territory_map
from initiatives.models import Actor, FundingSource, Initiative, InitiativeTheme, Site, Territory, Theme
from initiatives.models.vocabulary import Availability, Presence, Stage

Kind = Territory.Kind
ROWS = 20
LINES = 12


def territories(request):
    """The région's départements with their EPCI, and the zones; a commune is found by its name."""
    if place := resolve_place(request, words_into=""):
        return place
    if key := request.GET.get("territoire"):
        return redirect("territory", key)
    published = Initiative.objects.published()
    seals = seals_by("epci", published)
    known = list(Territory.objects.in_scope().filter(kind__in=(Kind.DEPARTMENT, Kind.EPCI, Kind.ZONE)))
    _count_based(known, published)
    context = {
        "departments": [
            {"territory": department, "epci": [item for item in known if _belongs(item, department)]}
            for department in known
            if department.kind == Kind.DEPARTMENT
        ],
        "zones": [territory for territory in known if territory.kind == Kind.ZONE],
        "map": region_map([seal for _, seal in seals], id_prefix="ct"),
    }
    return render(request, "territories/list.html", context)


def territory(request, key):
    here = _territory(key)
    if here.closed_on and here.successor:
        return redirect(here.successor, permanent=True)
    published = Initiative.objects.published()
    based, concerned = published.based_in(here), published.concerning(here)
    presences = Counter(dict(concerned.order_by().values_list("presence").annotate(Count("pk"))))
    local = concerned.filter(presence__in=(Presence.BASED, Presence.ACTS)).order_by("presence", "sort_key", "pk")
    themes = _themes_of(based)
    seals = _seals(here, based)
    context = {
        "territory": here,
        "is_ours": here.in_scope,
        "based_count": presences[Presence.BASED],
        "acting_count": presences[Presence.ACTS],
        "wider_count": presences[Presence.WIDER],
        "based_url": based_url(here),
        "rows": dress(local.with_card_details()[:ROWS], [here]),
        "themes": [theme for theme in themes if theme.count],
        "absent": _known_elsewhere(here, [theme for theme in themes if not theme.count]),
        "stages": _stages(based),
        "figures": here.figures.all(),
        "map": territory_map(here.kind, here.code, [seal for _, seal in seals], id_prefix="ct", label=here.name),
        "seals": [{"territory": place, "count": seal.count, "url": seal.url} for place, seal in seals],
        "locator": locator_map(here.kind, here.code),
        "around": _around(here, published),
        "neighbours": _neighbours(here, published),
        "actors": Actor.objects.published().acting_in(here).order_by("sort_key", "pk")[:LINES],
        "sources": _sources(here),
        "noindex": not here.in_scope,
    }
    return render(request, "territories/territory.html", context)


def _territory(key):
    """The territory of a public key. Raises ``Http404``: a made-up key, or a commune written in lower case."""
    try:
        return Territory.objects.select_related("region", "department", "epci", "commune", "successor").by_key(key)
    except Territory.DoesNotExist as error:
        raise Http404 from error


def _count_based(territories, published):
    """Give each its ``count``: the initiatives based there."""
    sites = Site.objects.filter(initiative__in=published.values("pk")).order_by()
    counts = {}
    for column in ("department", "epci", "region"):
        rows = sites.values_list(f"territory__{column}").annotate(Count("initiative", distinct=True))
        counts |= {pk: count for pk, count in rows if pk}
    communes = sites.annotate(place=Coalesce("territory__commune", "territory"))
    counts |= dict(communes.values_list("place").annotate(Count("initiative", distinct=True)))
    for territory in territories:
        territory.based_url = based_url(territory)
        if territory.kind == Kind.ZONE:
            territory.count = published.based_in(territory).count()
        else:
            territory.count = counts.get(territory.pk, 0)


def _belongs(epci, department):
    return epci.kind == Kind.EPCI and epci.department_id == department.pk


def _seals(here, based):
    level = {Kind.COUNTRY: "epci", Kind.REGION: "epci"}.get(here.kind, "commune")
    if here.districts.exists() or here.kind == Kind.DISTRICT:
        level = "district"
    return seals_by(level, based, within=here)


def _themes_of(based):
    """The themes of first level, each with ``count``: its initiatives based here; the most present first."""
    links = InitiativeTheme.objects.filter(initiative__in=based.values("pk")).order_by()
    top = links.annotate(top=Coalesce("theme__parent", "theme"))
    counts = dict(top.values_list("top").annotate(Count("initiative", distinct=True)))
    themes = list(Theme.objects.top())
    for theme in themes:
        theme.count = counts.get(theme.pk, 0)
        theme.squares = range(min(theme.count, 60))
    return sorted(themes, key=lambda theme: -theme.count)


def _stages(based):
    counts = dict(based.order_by().values_list("stage").annotate(Count("pk")))
    return [
        {"value": value, "label": label, "count": counts[value]} for value, label in Stage.choices if value in counts
    ]


def _known_elsewhere(here, themes):
    """For each theme without a fiche here, the closest fiche elsewhere: {theme, initiative, place, distance, from}."""
    start = here.main_place()
    if start is None or not themes:
        return []
    sites = Site.objects.with_distance(start.latitude, start.longitude).filter(initiative__status="published")
    nearest = sites.exclude(distance=None).filter(initiative=OuterRef("initiative")).order_by("distance", "pk")
    links = (
        InitiativeTheme.objects.annotate(top=Coalesce("theme__parent", "theme"))
        .filter(top__in=[theme.pk for theme in themes], initiative__status="published")
        .annotate(distance=Subquery(nearest.values("distance")[:1]), site=Subquery(nearest.values("pk")[:1]))
        .exclude(distance=None)
        .annotate(rank=Window(RowNumber(), partition_by=F("top"), order_by=["distance", "initiative"]))
        .filter(rank=1)
        .select_related("initiative")
    )
    closest = {link.top: link for link in links}
    places = Site.objects.select_related("territory", "territory__commune").in_bulk(
        [link.site for link in closest.values()]
    )
    return [
        {
            "theme": theme,
            "initiative": closest[theme.pk].initiative,
            "place": place_name(places[closest[theme.pk].site].territory),
            "distance": max(1, round(closest[theme.pk].distance)),
            "start": start,
        }
        for theme in themes
        if theme.pk in closest
    ]


def _around(here, published):
    """The territories that hold this one, each with its count."""
    wider = [here.commune, here.epci, here.department, here.region]
    wider = [territory for territory in wider if territory and territory.in_scope]
    _count_based(wider, published)
    return wider


def _neighbours(here, published):
    codes = neighbours(here.kind, here.code)
    found = list(Territory.objects.in_scope().filter(kind=here.kind, code__in=codes))
    _count_based(found, published)
    return found


def _sources(here):
    today = timezone.localdate()
    gone = (Availability.HISTORICAL, Availability.CLOSED)
    sources = FundingSource.objects.published().with_availability(today).exclude(availability__in=gone)
    sure = sources.for_territory(here).exclude(territories=None)
    return sure.order_by("sort_key", "pk").distinct()[:LINES]
