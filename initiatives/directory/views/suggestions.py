"""Suggestions for a field that is being filled, as JSON."""

from django.db.models import Case, When
from django.http import JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from initiatives.directory.suggest import suggest
from initiatives.models import Actor, FundingSource
from initiatives.models.vocabulary import ActorKind
from initiatives.text import sort_key

A_WHILE = 300
SHORTEST, MOST_WORDS, MOST_STRUCTURES = 2, 100, 8


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
    words = sort_key(request.GET.get("q", "")[:MOST_WORDS])
    if len(words) < SHORTEST:
        return JsonResponse({"suggestions": []})
    found = [
        {"key": str(actor.uuid), "label": actor.name, "kind": _kind_of(actor), "department": _seat_of(actor)}
        for actor in _named(Actor, words).select_related("seat")[:MOST_STRUCTURES]
    ]
    if request.GET.get("avec") == "financements":
        found += [
            {"key": str(source.uuid), "label": source.name, "kind": "financement", "department": ""}
            for source in _named(FundingSource, words)[:MOST_STRUCTURES]
        ]
    return JsonResponse({"suggestions": [item | {"called": "", "outside": False} for item in found]})


def _named(model, words):
    """Those whose name begins so come first."""
    found = model.objects.published().filter(sort_key__contains=words)
    begins = Case(When(sort_key__startswith=words, then=0), default=1)
    return found.order_by(begins, "sort_key", "pk")


def _kind_of(actor):
    return "" if actor.kind == ActorKind.UNKNOWN else actor.get_kind_display().lower()


def _seat_of(actor):
    return actor.seat.name if actor.seat else ""
