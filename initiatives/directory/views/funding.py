"""The funding sources: the list, and the page of each."""

from django.db.models import Count
from django.shortcuts import render
from django.utils import timezone

from initiatives.directory.access import published_fiche
from initiatives.directory.cards import dress
from initiatives.directory.filters import FundingFilter
from initiatives.directory.listing import Address, paginate
from initiatives.directory.places import resolve_place
from initiatives.models import FundingSource, Initiative
from initiatives.models.vocabulary import Availability, FundingKind


def funding_list(request):
    if place := resolve_place(request, words_into=""):
        return place
    today = timezone.localdate()
    search = FundingFilter(request.GET, FundingSource.objects.published().with_availability(today))
    page = paginate(request.GET, search.qs.with_card_details().order_by("sort_key", "pk"), search.ignored)
    address = Address(request.path, search, request.GET)
    context = {
        "search": search,
        "address": address,
        "page": page,
        "total": page.paginator.count,
        "territories": search.values.get("territoire", []),
        "kinds": _kind_facet(search),
        "availabilities": _availability_facet(search),
        "chips": address.chips(),
        "noindex": address.criteria_count > 1,
    }
    return render(request, "funding/list.html", context)


@published_fiche(FundingSource)
def funding(request, fiche):
    known = FundingSource.objects.with_availability(timezone.localdate()).select_related("offered_by")
    source = known.get(pk=fiche.pk)
    funded = source.fundings.filter(initiative__status="published").select_related("initiative", "actor")
    initiatives = Initiative.objects.filter(pk__in=funded.values("initiative")).order_by("sort_key", "pk")
    context = {
        "source": source,
        "territories": source.territories.all(),
        "themes": source.themes.select_related("parent"),
        "audiences": source.audiences.all(),
        "fundings": funded.order_by("year", "initiative__sort_key", "pk"),
        "initiatives": dress(initiatives.with_card_details()),
        "sources": source.sources.all(),
    }
    return render(request, "funding/funding.html", context)


def _kind_facet(search):
    chosen = search.values.get("type", [])
    sets = list(search.without("type").values_list("kinds", flat=True))
    return [
        {"value": value, "label": label, "count": sum(value in kinds for kinds in sets), "chosen": value in chosen}
        for value, label in FundingKind.choices
    ]


def _availability_facet(search):
    chosen = search.values.get("statut", [])
    counts = dict(search.without("statut").order_by().values_list("availability").annotate(Count("pk")))
    return [
        {"value": value, "label": label, "count": counts.get(value, 0), "chosen": value in chosen}
        for value, label in Availability.choices
    ]
