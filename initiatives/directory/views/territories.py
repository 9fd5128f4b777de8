"""The territories: all of them, and the profile of each."""

from collections import Counter, defaultdict

from django.conf import settings
from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from initiatives.directory.cards import dress
from initiatives.directory.counts import based_url, by_stage, by_theme, count_based, list_url
from initiatives.directory.elsewhere import known_elsewhere
from initiatives.directory.filters import InitiativeFilter
from initiatives.directory.nearby import nearby
from initiatives.directory.places import resolve_place
from initiatives.directory.seals import seals_by
from initiatives.directory.search import search
from initiatives.directory.svgmap import locator_map, neighbours, territory_map
from initiatives.models import Actor, FundingSource, Initiative, Territory
from initiatives.models.vocabulary import Availability, FundingKind, Presence

Kind = Territory.Kind
LOCAL = (Presence.BASED, Presence.ACTS)
ROWS = 20
LINES = 12
SQUARES = 60  # of cloth, at most, in a line of the unit chart
ENOUGH_FOR_A_RATE = 10


def territories(request):
    """The région's départements with their EPCI, and the zones; a commune is found by its name."""
    if place := resolve_place(request, words_into=""):
        return place
    if key := request.GET.get("territoire", "").strip():
        return redirect(_territory(key))
    published = Initiative.objects.published()
    places = defaultdict(list)
    known = list(Territory.objects.in_scope().filter(kind__in=(Kind.REGION, Kind.DEPARTMENT, Kind.EPCI, Kind.ZONE)))
    count_based(known, published)
    for place in known:
        places[place.kind].append(place)
    [region] = places[Kind.REGION]
    seals = [seal for _, seal in seals_by("epci", published)]
    context = {
        "region": region,
        "departments": _with_epci(places[Kind.DEPARTMENT], places[Kind.EPCI]),
        "zones": places[Kind.ZONE],
        "map": territory_map(region.kind, region.code, seals, id_prefix="ct", label=region.name),
    }
    return render(request, "territories/list.html", context)


def _with_epci(departments, epci):
    """{department, epci} for each; last, under no département (None), the EPCI that belong to none of these."""
    known = {department.pk for department in departments}
    groups = [
        {"department": department, "epci": [place for place in epci if place.department_id == department.pk]}
        for department in departments
    ]
    others = [place for place in epci if place.department_id not in known]
    return groups + ([{"department": None, "epci": others}] if others else [])


def territory(request, key):
    here = _territory(key)
    if here.closed_on and here.successor:
        return redirect(here.successor, permanent=True)
    published = Initiative.objects.published()
    based, concerned = published.based_in(here), published.concerning(here)
    presences = Counter(dict(concerned.order_by().values_list("presence").annotate(Count("pk"))))
    local = concerned.filter(presence__in=LOCAL)
    rows = local.order_by("presence", "sort_key", "pk").with_card_details()[:ROWS]
    themes = _themes(here, based)
    seals = _seals(here, published)
    around, inside, near = _around(here), _inside(here), _neighbours(here)
    count_based([*around, *inside, *near], published)
    actors = Actor.objects.published().acting_in(here)
    figures = _figures(here)
    context = {
        "territory": here,
        "is_ours": here.in_scope,
        "region": None if here.in_scope else Territory.objects.get(kind=Kind.REGION, code=settings.REGION),
        "communes_count": _communes_count(here),
        "parents": [place for place in reversed(around) if place.kind != Kind.REGION],
        "based_count": presences[Presence.BASED],
        "acting_count": presences[Presence.ACTS],
        "wider_count": presences[Presence.WIDER],
        "local_count": presences[Presence.BASED] + presences[Presence.ACTS],
        "based_url": based_url(here),
        "acting_url": list_url(territoire=here.key, presence=Presence.ACTS),
        "wider_url": list_url(territoire=here.key, presence=Presence.WIDER),
        "local_url": list_url(territoire=here.key, presence=LOCAL),
        "rows": dress(rows, [here]),
        "ways": [
            {"url": place.based_url, "label": place.name, "count": place.count}
            for place in around or near
            if place.count
        ],
        "nearby": nearby(search(InitiativeFilter(QueryDict(f"territoire={here.key}"), published)), presences),
        "themes": themes,
        "absent": known_elsewhere(here, [theme for theme in by_theme(local) if not theme.count]),
        "stages": by_stage(based, territoire=here.key, presence=Presence.BASED),
        "figures": figures,
        "figure_sources": _figure_sources(figures),
        "rate": _rate(here, presences[Presence.BASED]),
        "map": territory_map(here.kind, here.code, [seal for _, seal in seals], id_prefix="ct", label=here.name),
        "seals": [{"territory": place, "count": seal.count, "url": seal.url} for place, seal in seals],
        "locator": locator_map(here.kind, here.code),
        "around": around,
        "inside": inside,
        "neighbours": near,
        "actors": _seated_here_first(actors, here)[:LINES] if here.in_scope else [],
        "actors_count": actors.count(),
        "sources": _sources(here) if here.in_scope else [],
        "noindex": not here.in_scope,
    }
    return render(request, "territories/territory.html", context)


def _territory(key):
    """The territory of a public key. Raises ``Http404``: a made-up key, or a commune written in lower case."""
    try:
        known = Territory.objects.select_related("region", "department", "epci", "commune", "successor")
        return known.by_key(key.replace("\x00", ""))
    except Territory.DoesNotExist as error:
        raise Http404 from error


def _communes_count(here):
    """How many communes make it up today; None for what is a commune, or less, or the country."""
    communes = Territory.objects.filter(kind=Kind.COMMUNE, closed_on=None)
    match here.kind:
        case Kind.REGION:
            return communes.filter(region=here).count()
        case Kind.DEPARTMENT:
            return communes.filter(department=here).count()
        case Kind.EPCI:
            return communes.filter(epci=here).count()
        case Kind.ZONE:
            return here.members.filter(kind=Kind.COMMUNE).count()
    return None


def _themes(here, based):
    """The themes of the initiatives based here, the most present first, each with its ``squares`` of cloth."""
    themes = [theme for theme in by_theme(based, territoire=here.key, presence=Presence.BASED) if theme.count]
    for theme in themes:
        theme.squares = range(min(theme.count, SQUARES))
    return sorted(themes, key=lambda theme: -theme.count)


def _seals(here, published):
    level = {Kind.COUNTRY: "epci", Kind.REGION: "epci"}.get(here.kind, "commune")
    if here.districts.exists() or here.kind == Kind.DISTRICT:
        level = "district"
    return seals_by(level, published, within=here)


def _figures(here):
    """Its figures, the latest of each kind."""
    latest = {}
    for figure in here.figures.all():
        if figure.label not in latest or (figure.year or 0) > (latest[figure.label].year or 0):
            latest[figure.label] = figure
    return list(latest.values())


def _figure_sources(figures):
    """Where the figures come from, each source once: {labels, source, url}."""
    groups = {}
    for figure in figures:
        groups.setdefault((figure.source, figure.source_url), []).append(figure.label)
    return [{"labels": ", ".join(labels), "source": source, "url": url} for (source, url), labels in groups.items()]


def _rate(here, count):
    """Initiatives for 100,000 inhabitants; None where it means nothing: under ten, or in a district, which counts those
    that may be in another."""
    if not here.population or count < ENOUGH_FOR_A_RATE or here.kind == Kind.DISTRICT:
        return None
    return round(count * 100_000 / here.population, 1)


def _around(here):
    """The territories of the directory that hold this one, from the narrowest."""
    wider = [here.commune, here.epci, here.department, here.region]
    return [territory for territory in wider if territory and territory.in_scope]


def _inside(here):
    """The départements of a région, the EPCI of a département."""
    places = Territory.objects.in_scope().order_by("sort_key", "code")
    match here.kind:
        case Kind.REGION:
            return list(places.filter(kind=Kind.DEPARTMENT, region=here))
        case Kind.DEPARTMENT:
            return list(places.filter(kind=Kind.EPCI, department=here))
    return []


def _neighbours(here):
    """Those that share its border; out of the directory, the départements that touch its own."""
    place = here if here.in_scope else here.department or here
    codes = neighbours(place.kind, place.code)
    return list(Territory.objects.in_scope().filter(kind=place.kind, code__in=codes).order_by("sort_key", "code"))


def _seated_here_first(actors, here):
    seated = Q(seat__isnull=False) & here.place_condition("seat__")
    return actors.order_by(Case(When(seated, then=Value(0)), default=Value(1)), "sort_key", "pk")


def _sources(here):
    """Funding sources that are for this territory, then those whose territory is not known; each with a ``note``."""
    gone = (Availability.HISTORICAL, Availability.CLOSED)
    sources = FundingSource.objects.published().with_availability(timezone.localdate()).exclude(availability__in=gone)
    known = FundingSource.territories.through.objects.filter(fundingsource=OuterRef("pk"))
    ordered = sources.for_territory(here).annotate(is_placed=Exists(known)).order_by("-is_placed", "sort_key", "pk")
    found = list(ordered[:LINES])
    for source in found:
        source.note = _funding_note(source)
    return found


def _funding_note(source):
    """« Garantie bancaire, prêt, à vérifier »: what a source gives, and how sure it is."""
    words = [FundingKind(kind).label for kind in source.kinds]
    if not source.is_placed and source.availability != Availability.TO_CHECK:
        words.append("Territoire à vérifier")
    return ", ".join([*words, Availability(source.availability).label]).capitalize()
