"""The directory: the list of initiatives, filtered by its address."""

from django.db.models import Count, F
from django.db.models.functions import Coalesce
from django.shortcuts import render
from django.utils import timezone

from initiatives.directory.cards import dress
from initiatives.directory.filters import InitiativeFilter
from initiatives.directory.listing import PAGE_SIZES, Address, one_of, paginate
from initiatives.directory.nearby import FEW, nearby
from initiatives.directory.places import resolve_place
from initiatives.models import Initiative, Territory, Theme
from initiatives.models.vocabulary import Activity, Presence, Stage

ORDERS = {"proximite": "Proximité", "jour": "Ordre du jour", "recentes": "Dernières publiées", "nom": "Nom"}


def initiatives(request):
    if place := resolve_place(request):
        return place
    search = InitiativeFilter(request.GET, Initiative.objects.published())
    address = Address(request.path, search, request.GET)
    territories = search.values.get("territoire", [])
    order = one_of(request.GET, "tri", ORDERS, search.ignored, "Trier par")
    if order == "proximite" and not territories:
        search.ignored.append(("Trier par, sans territoire", "proximite"))
        order = ""
    order = order or ("proximite" if territories else "jour")
    page = paginate(request.GET, _ordered(search.qs.with_card_details(), order), search.ignored)
    presences = _presence_counts(search) if territories else {}
    context = {
        "search": search,
        "address": address,
        "page": page,
        "rows": dress(page.object_list, territories),
        "total": page.paginator.count,
        "territories": territories,
        "presences": presences,
        "facets": _facets(search, territories, presences),
        "chips": address.chips(),
        "orders": {value: label for value, label in ORDERS.items() if value != "proximite" or territories},
        "order": order,
        "page_sizes": PAGE_SIZES,
        "nearby": nearby(search, territories, presences),
        "few": FEW,
        "noindex": address.criteria_count > 1 or page.number > 1 and page.paginator.count == 0,
    }
    return render(request, "initiatives/list.html", context)


def _ordered(queryset, order):
    match order:
        case "nom":
            return queryset.order_by("sort_key", "pk")
        case "recentes":
            return queryset.order_by(F("published_at").desc(nulls_last=True), "pk")
        case "proximite":
            # basee < intervient < large, by luck of the alphabet; within each, by name
            return queryset.order_by("presence", "sort_key", "pk")
    return queryset.in_daily_order(timezone.localdate())


def _presence_counts(search):
    counts = dict(search.without("presence").order_by().values_list("presence").annotate(Count("pk")))
    return {value: counts.get(value, 0) for value in Presence.values}


def _facets(search, territories, presences):
    """For each value of each criterion: its label, how many results it would give, whether it is chosen."""
    facets = {
        "theme": _theme_facet(search),
        "etape": _choice_facet(search, "etape", "stage", Stage.choices),
        "activite": _choice_facet(search, "activite", "activity", Activity.choices),
        "territoire": _department_facet(search),
    }
    if territories:
        chosen = search.values.get("presence", [])
        facets["presence"] = [
            {"value": value, "label": label, "count": presences[value], "chosen": value in chosen}
            for value, label in Presence.choices
        ]
    return facets


def _choice_facet(search, name, column, choices):
    counts = dict(search.without(name).order_by().values_list(column).annotate(Count("pk")))
    chosen = search.values.get(name, [])
    return [
        {"value": value, "label": label, "count": counts.get(value, 0), "chosen": value in chosen}
        for value, label in choices
    ]


def _theme_facet(search):
    top = Coalesce("theme_links__theme__parent", "theme_links__theme")
    counts = dict(
        search.without("theme")
        .order_by()
        .values_list(top)
        .annotate(Count("pk", distinct=True))
        .exclude(theme_links=None)
    )
    chosen = {theme.pk for theme in search.values.get("theme", [])}
    values = [
        {
            "value": theme.slug,
            "label": theme.name,
            "theme": theme,
            "count": counts.get(theme.pk, 0),
            "chosen": theme.pk in chosen,
        }
        for theme in Theme.objects.top()
    ]
    return values + [
        {"value": theme.slug, "label": theme.name, "theme": theme, "count": None, "chosen": True}
        for theme in search.values.get("theme", [])
        if theme.parent_id
    ]


def _department_facet(search):
    """The départements of the directory, and any other territory that is chosen."""
    chosen = search.values.get("territoire", [])
    around = search.without("territoire", "presence")
    departments = list(Territory.objects.in_scope().filter(kind=Territory.Kind.DEPARTMENT).order_by("sort_key"))
    others = [territory for territory in chosen if territory not in departments]
    return [
        {
            "value": territory.key,
            "label": territory.name,
            "count": around.concerning(territory).count(),
            "chosen": territory in chosen,
        }
        for territory in [*others, *departments]
    ]
