"""The funding sources: the list, and the page of each."""

from datetime import date

from django.shortcuts import render
from django.utils import timezone

from initiatives.directory.access import published_fiche
from initiatives.directory.cards import dress
from initiatives.directory.doubts import doubts_of
from initiatives.directory.facets import choice_facet, set_facet, territory_facet
from initiatives.directory.filters import FundingFilter
from initiatives.directory.listing import Address, page_size, paginate, ways_to_widen, where
from initiatives.directory.places import resolve_place
from initiatives.directory.preview import frame_of
from initiatives.directory.structured import funding_data, permanent_address
from initiatives.directory.woven import cloths_of
from initiatives.models import FundingSource, Initiative, Ownership
from initiatives.models.funding_source import CHECK_LASTS
from initiatives.models.vocabulary import Availability, FundingKind, LegalForm, Stage
from initiatives.text import NO_BREAK, grouped

FACETS = ("type", "territoire", "statut")
# The fields that have a place of their own on the page, where their doubt is said.
SHOWN = """
amount_min amount_max max_share repayable eligibility exclusions how_to_apply legal_forms audiences stages themes
territories kinds offered_by opens_on closes_on is_permanent returns_in_month ended
"""
FIELDS = frozenset(SHOWN.split())


def funding_list(request):
    if place := resolve_place(request, words_into=""):
        return place
    today = timezone.localdate()
    published = FundingSource.objects.published()
    search = FundingFilter(request.GET, published.with_availability(today))
    size = page_size(request.GET, search.ignored)
    address = Address(request.path, search, par_page=size)
    page = paginate(request.GET, search.qs.with_card_details().order_by("sort_key", "pk"), search.ignored, size)
    total = page.paginator.count
    context = {
        "ignored": search.ignored,
        "page": page,
        "rows": _dress_sources(page.object_list, today),
        "total": total,
        "where": where(search.values.get("territoire") or []),
        "any_checked": published.filter(checked_on__gte=today - CHECK_LASTS).exists(),
        "facets": {
            "type": set_facet(search, "type", "kinds", FundingKind.choices),
            "territoire": territory_facet(search),
            "statut": choice_facet(search, "statut", "availability", Availability.choices),
        },
        "chips": address.chips(),
        "address": address,
        "canonical": address.canonical(page.number),
        "carried": address.hidden(*FACETS),
        "ways": [] if total else ways_to_widen(search, address),
        "noindex": address.criteria_count > 1 or not total,
    }
    return render(request, "funding/list.html", context)


@published_fiche(FundingSource)
def funding(request, fiche):
    return funding_page(request, fiche)


def funding_page(request, fiche, *, preview=None):
    """``preview``: what is said of it when it is shown before it is published."""
    today = timezone.localdate()
    known = FundingSource.objects.with_availability(today).select_related("offered_by")
    [source] = _dress_sources([known.get(pk=fiche.pk)], today)
    funded = source.fundings.filter(initiative__status="published").select_related("actor")
    initiatives = Initiative.objects.filter(pk__in=funded.values("initiative")).order_by("sort_key", "pk")
    rows = dress(initiatives.with_card_details())
    territories = list(source.territories.all())
    doubts, other_doubts = doubts_of(source, FIELDS)
    context = {
        "source": source,
        "territories": territories,
        "themes": source.themes.select_related("parent"),
        "audiences": source.audiences.all(),
        "legal_forms": [label for value, label in LegalForm.choices if value in source.legal_forms],
        "stages": [(value, label) for value, label in Stage.choices if value in source.stages],
        "returns_in": source.returns_in_month and date(today.year, source.returns_in_month, 1),
        "lines": _lines(rows, funded),
        "cloths": cloths_of(rows),
        "sources": source.sources.all(),
        "is_owned": Ownership.objects.about(source).current().exists(),
        "doubts": doubts,
        "other_doubts": other_doubts,
        "permanent_address": permanent_address(source),
        "data": {} if preview else funding_data(source, offered_by=source.offered, territories=territories),
        "frame": frame_of(preview),
        "preview": preview,
        "noindex": preview is not None,
    }
    return render(request, "funding/funding.html", context)


def _dress_sources(sources, today):
    """Give each source its ``kind_line`` and ``stage_line``, when it closes, who offers it if that is published."""
    sources = list(sources)
    for source in sources:
        kinds = [label for value, label in FundingKind.choices if value in source.kinds]
        source.kind_line = ", ".join(kinds[:1] + [kind[0].lower() + kind[1:] for kind in kinds[1:]])
        source.stage_line = ", ".join(label for value, label in Stage.choices if value in source.stages).capitalize()
        source.offered = source.offered_by if source.offered_by and source.offered_by.is_published else None
        source.closes_in = _in_days((source.closes_on - today).days) if source.closes_on else ""
    return sources


def _in_days(days):
    return {0: "aujourd’hui", 1: "demain"}.get(days, f"dans {days} jours")


def _lines(rows, fundings):
    """What it funded here: each initiative, with a ``note`` of what it received, year by year."""
    received = {}
    for line in fundings.order_by("year", "pk"):
        amount = f"{grouped(str(line.amount))}{NO_BREAK}€" if line.amount else ""
        received.setdefault(line.initiative_id, []).append(", ".join(filter(None, [amount, str(line.year or "")])))
    return [
        {"initiative": initiative, "note": " ; ".join(filter(None, received[initiative.pk]))} for initiative in rows
    ]
