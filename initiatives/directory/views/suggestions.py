"""Suggestions for a field that is being filled, as JSON."""

from django.http import JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from initiatives.directory.suggest import suggest

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
