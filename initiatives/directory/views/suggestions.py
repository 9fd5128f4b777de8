"""Suggestions for a field that is being filled, as JSON."""

from django.http import JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from initiatives.directory.structures import structures_named
from initiatives.directory.suggest import suggest
from initiatives.models import Actor, FundingSource
from initiatives.models.vocabulary import ActorKind

A_WHILE = 300


@require_safe
@conditional_page
@cache_control(public=True, max_age=A_WHILE)
def suggested_places(request):
    """The places that ``q`` may mean, the best first; none for what is no place."""
    places = [
        {
            "key": place.key,
            "label": place.label,
            "kind": place.kind,
            "department": place.department,
            "outside": place.outside,
            "called": place.called,
        }
        for place in suggest(request.GET.get("q", ""))
    ]
    return JsonResponse({"suggestions": places})


@require_safe
@conditional_page
@cache_control(public=True, max_age=A_WHILE)
def suggested_structures(request):
    """The published actors whose name holds the words of ``q``; with ``avec=financements``, funding sources as well."""
    words = request.GET.get("q", "")
    found = [
        {"key": str(actor.uuid), "label": actor.name, "kind": _kind_of(actor), "department": _seat_of(actor)}
        for actor in structures_named(Actor, words).select_related("seat")
    ]
    if request.GET.get("avec") == "financements":
        found += [
            {"key": str(source.uuid), "label": source.name, "kind": "financement", "department": ""}
            for source in structures_named(FundingSource, words)
        ]
    return JsonResponse({"suggestions": [item | {"called": "", "outside": False} for item in found]})


def _kind_of(actor):
    return "" if actor.kind == ActorKind.UNKNOWN else actor.get_kind_display().lower()


def _seat_of(actor):
    return actor.seat.name if actor.seat else ""
