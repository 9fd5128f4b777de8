"""How many initiatives by theme, by stage, by territory: each number with the address of the list that it counts."""

from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from initiatives.models import InitiativeTheme, Site, Territory, Theme
from initiatives.models.vocabulary import Presence, Stage

Kind = Territory.Kind


def list_url(**criteria):
    """The list of initiatives with these criteria; a criterion may have several values."""
    return f"{reverse('initiatives')}?{urlencode(criteria, doseq=True)}"


def based_url(territory):
    """The list of the initiatives based in a territory."""
    return list_url(territoire=territory.key, presence=Presence.BASED)


def by_theme(initiatives, **criteria):
    """The themes of first level, each with ``count``, sub-themes included, and ``url``.

    ``criteria``: those of the list that ``initiatives`` is.
    """
    top = _theme_links(initiatives).annotate(top=Coalesce("theme__parent", "theme"))
    counts = dict(top.values_list("top").annotate(Count("initiative", distinct=True)))
    themes = list(Theme.objects.top())
    for theme in themes:
        theme.count = counts.get(theme.pk, 0)
        theme.url = list_url(theme=theme.slug, **criteria)
    return themes


def by_subtheme(initiatives, parents):
    """The sub-themes of these themes, each with ``count``."""
    counts = dict(_theme_links(initiatives).values_list("theme").annotate(Count("initiative", distinct=True)))
    children = list(Theme.objects.filter(parent__in=parents).select_related("parent"))
    for child in children:
        child.count = counts.get(child.pk, 0)
    return children


def _theme_links(initiatives):
    return InitiativeTheme.objects.filter(initiative__in=initiatives.order_by().values("pk")).order_by()


def by_stage(initiatives, **criteria):
    """The stages that some are at: {value, label, count, url}, in the order of the stem."""
    counts = dict(initiatives.order_by().values_list("stage").annotate(Count("pk")))
    return [
        {"value": value, "label": label, "count": counts[value], "url": list_url(etape=value, **criteria)}
        for value, label in Stage.choices
        if value in counts
    ]


def count_based(territories, published):
    """Give each of these territories its ``count``, the initiatives based there, and ``based_url``, their list."""
    sites = Site.objects.filter(initiative__in=published.order_by().values("pk")).order_by()
    counts = _by_place(sites)
    if any(territory.kind == Kind.ZONE for territory in territories):
        counts |= _by_zone(sites)
    districts = [territory for territory in territories if territory.kind == Kind.DISTRICT]
    if districts:
        counts |= _by_district(sites, districts)
    for territory in territories:
        territory.count = counts.get(territory.pk, 0)
        territory.based_url = based_url(territory)


def _by_place(sites):
    """Territory → number of initiatives based there: régions, départements, EPCI, communes."""
    communes = sites.annotate(place=Coalesce("territory__commune", "territory"))
    counts = dict(communes.values_list("place").annotate(Count("initiative", distinct=True)))
    for column in ("epci", "department", "region"):
        counts |= dict(sites.values_list(f"territory__{column}").annotate(Count("initiative", distinct=True)))
    return counts


def _by_district(sites, districts):
    """District → number of initiatives based there; those placed in its commune, without more, may be."""
    in_commune = sites.filter(territory__in={district.commune_id for district in districts})
    anywhere = dict(in_commune.values_list("territory").annotate(Count("initiative", distinct=True)))
    same_commune = Site.objects.filter(initiative=OuterRef("initiative"), territory=OuterRef("territory__commune"))
    only_here = sites.filter(~Exists(same_commune), territory__in=districts)
    here = dict(only_here.values_list("territory").annotate(Count("initiative", distinct=True)))
    return {item.pk: here.get(item.pk, 0) + anywhere.get(item.commune_id, 0) for item in districts}


def _by_zone(sites):
    """Zone → number of initiatives based there, in one query that says what ``Territory.place_condition`` says."""
    members = Territory.members.through.objects.filter(from_territory=OuterRef(OuterRef("pk"))).values("to_territory")
    inside = Q(territory__in=members) | Q(territory__commune__in=members) | Q(territory__districts__in=members)
    based = sites.filter(inside).annotate(one=Value(1)).values("one")
    number = based.annotate(number=Count("initiative", distinct=True)).values("number")
    zones = Territory.objects.filter(kind=Kind.ZONE).order_by()
    return dict(zones.values_list("pk", Coalesce(Subquery(number), 0)))
