"""The directory: the list of initiatives, filtered by its address."""

from django.db.models import Count, F
from django.shortcuts import render
from django.utils import timezone

from initiatives.directory.cards import dress
from initiatives.directory.editorial import message
from initiatives.directory.facets import choice_facet, presence_facet, territory_facet, theme_facet
from initiatives.directory.filters import InitiativeFilter
from initiatives.directory.listing import Address, one_of, page_size, page_sizes, paginate, ways_to_widen, where
from initiatives.directory.nearby import nearby
from initiatives.directory.places import resolve_place
from initiatives.models import Initiative
from initiatives.models.vocabulary import Activity, Presence, Stage

ORDERS = {
    "proximite": "Proximité",
    "jour": "Découverte, chaque jour",
    "recentes": "Dernières publiées",
    "nom": "Nom",
}
FACETS = ("theme", "etape", "territoire", "presence", "activite")


def initiatives(request):
    if place := resolve_place(request):
        return place
    search = InitiativeFilter(request.GET, Initiative.objects.published())
    territories = search.values.get("territoire") or []
    asked_order = one_of(request.GET, "tri", ORDERS, search.ignored, "Trier par")
    if asked_order == "proximite" and not territories:
        search.ignored.append(("Trier par, sans territoire", ORDERS["proximite"]))
        asked_order = ""
    order = asked_order or ("proximite" if territories else "jour")
    size = page_size(request.GET, search.ignored)
    address = Address(request.path, search, tri=asked_order, par_page=size)
    page = paginate(request.GET, _ordered(search.qs.with_card_details(), order), search.ignored, size)
    presences = _presence_counts(search) if territories else {}
    total = page.paginator.count
    context = {
        "ignored": search.ignored,
        "page": page,
        "rows": dress(page.object_list, territories),
        "total": total,
        "where": where(territories),
        "territories": territories,
        "words": search.values.get("q", ""),
        "presences": {value: presences[value] for value in _presences_shown(search) if presences.get(value)},
        "facets": _facets(search, territories, presences),
        "chips": address.chips(),
        "orders": {value: label for value, label in ORDERS.items() if value != "proximite" or territories},
        "order": order,
        "page_sizes": page_sizes(page),
        "address": address,
        "canonical": address.canonical(page.number),
        "carried": {
            "words": address.hidden("q"),
            "facets": address.hidden(*FACETS),
            "order": address.hidden("tri", "par_page"),
        },
        "nearby": nearby(search, territories, presences),
        "nothing_found": "" if total else message(request, "recherche-vide"),
        "ways": [] if total else ways_to_widen(search, address),
        "noindex": address.criteria_count > 1 or not total,
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


def _presences_shown(search):
    """Those that the results may have: the ones asked for, else all of them."""
    return search.values.get("presence") or Presence.values


def _facets(search, territories, presences):
    """For each value of each criterion: its label, how many results it would give, whether it is chosen."""
    facets = {
        "theme": theme_facet(search),
        "etape": choice_facet(search, "etape", "stage", Stage.choices),
        "territoire": territory_facet(search),
        "activite": choice_facet(search, "activite", "activity", Activity.choices),
        "presence": presence_facet(search, Presence.choices, presences) if territories else [],
    }
    return facets
