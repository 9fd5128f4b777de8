"""The directory on a full-width map: the same parameters as the list."""

from django.conf import settings
from django.http import HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from pyroaring import BitMap

from initiatives.directory.cards import place_name
from initiatives.directory.filters import InitiativeFilter
from initiatives.directory.listing import Address
from initiatives.directory.live import current
from initiatives.directory.mapped import Mapped
from initiatives.directory.places import resolve_place
from initiatives.directory.result_map import wide_map
from initiatives.directory.result_page import ResultPage
from initiatives.directory.search import search
from initiatives.directory.svgmap.atlas import FINE_REGION
from initiatives.models import Initiative

IN_A_POPUP = 4
MOST_NAMED = 50


@require_safe
def map_page(request):
    if place := resolve_place(request):
        return place
    shown = ResultPage.read(request)
    address = shown.address
    context = shown.context(request) | {
        "carried": address.hidden("q"),
        "list_url": address.elsewhere(reverse("initiatives"), "tri", "par_page"),
        "drawn": wide_map(Mapped(shown.found, shown.found.asked.data), address, shown.rows),
        "points_url": address.elsewhere(reverse("map_points")),
        "cards_url": address.elsewhere(reverse("map_cards")),
        "is_fine": settings.REGION == FINE_REGION,
        "region": settings.REGION,
        "tiles": settings.TILES_URL,
    }
    return render(request, "map/map.html", context)


@require_safe
def map_cards(request):
    """A piece of page: the cards of the results that stand at one point of the map, or at several that are one."""
    asked = InitiativeFilter(request.GET, Initiative.objects.published(), current(timezone.localdate()))
    mapped = Mapped(search(asked), asked.data)
    names = [name for name in request.GET.getlist("point") if name.isprintable()][:MOST_NAMED]
    try:
        points = [point for name in names if (point := mapped.at(name))]
    except ValueError:
        names = []
    if not names:
        return HttpResponseBadRequest("Un point s’écrit com-13004, arm-13203 ou latitude,longitude.")
    here = points[0][0] if len({place for place, _ in points}) == 1 else None
    results = BitMap.union(BitMap(), *(held for _, held in points))
    number = _page_number(request.GET.get("page", ""))
    start = (number - 1) * IN_A_POPUP
    rows = mapped.by_name(results, start, IN_A_POPUP)
    address = Address(request.path, asked)
    turns = {"point": names}
    context = {
        "name": place_name(here) if here else "",
        "count": len(results),
        "rows": rows,
        "query": asked.query,
        "first": start + 1,
        "last": start + len(rows),
        "before": address.with_(**turns, page=str(number - 1)) if number > 1 else "",
        "after": address.with_(**turns, page=str(number + 1)) if start + IN_A_POPUP < len(results) else "",
        "based": mapped.based_in(here) if here else 0,
        "based_at": here.name_at if here else "",
        "list_url": mapped.list_of(here) if here else "",
    }
    response = render(request, "map/cards.html", context)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _page_number(given):
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 7 else 1
