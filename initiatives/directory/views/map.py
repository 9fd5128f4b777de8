"""The directory on a full-width map: the same parameters as the list."""

from django.conf import settings
from django.http import HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from pyroaring import BitMap

from initiatives.directory.cards import dress, place_name
from initiatives.directory.editorial import message
from initiatives.directory.filters import InitiativeFilter
from initiatives.directory.listing import Address, one_of, page_size, paginate, ways_to_widen, where
from initiatives.directory.live import current
from initiatives.directory.mapped import Mapped
from initiatives.directory.places import resolve_place
from initiatives.directory.result_map import wide_map
from initiatives.directory.search import Results, search
from initiatives.directory.svgmap.atlas import FINE_REGION
from initiatives.directory.views.initiatives import ORDERS
from initiatives.models import Initiative

BY_DEFAULT = ("pertinence", "proximite", "jour")
IN_A_POPUP = 4
MOST_NAMED = 50


@require_safe
def map_page(request):
    if place := resolve_place(request):
        return place
    asked = InitiativeFilter(request.GET, Initiative.objects.published(), current(timezone.localdate()))
    found = search(asked)
    mapped = Mapped(found, asked.data)
    asked_order, order = _orders(request.GET, found)
    size = page_size(request.GET, asked.ignored)
    address = Address(request.path, asked, tri=asked_order, par_page=size)
    page = paginate(request.GET, Results(found, order), asked.ignored, size)
    rows = dress(page.object_list, found.territories)
    total = page.paginator.count
    context = {
        "ignored": asked.ignored,
        "page": page,
        "rows": rows,
        "total": total,
        "where": where(found.territories),
        "words": asked.values.get("q", ""),
        "query": asked.query,
        "chips": address.chips(),
        "carried": address.hidden("q"),
        "address": address,
        "canonical": address.canonical(page.number),
        "list_url": address.elsewhere(reverse("initiatives"), "tri", "par_page"),
        "drawn": wide_map(mapped, address, rows),
        "points_url": address.elsewhere(reverse("map_points")),
        "cards_url": address.elsewhere(reverse("map_cards")),
        "is_fine": settings.REGION == FINE_REGION,
        "region": settings.REGION,
        "tiles": settings.TILES_URL,
        "nothing_found": "" if total else message(request, "recherche-vide"),
        "ways": [] if total else ways_to_widen(asked, address),
        "noindex": address.criteria_count > 1 or not total,
    }
    return render(request, "map/map.html", context)


def _orders(data, found):
    """The order that the address asks for, "" when it does not or when it means nothing here; and that of the rows."""
    possible = {
        "pertinence": bool(found.asked.query),
        "proximite": bool(found.territories),
        "distance": bool(found.distances),
    }
    orders = [name for name in ORDERS if possible.get(name, True)]
    asked = one_of(data, "tri", orders, found.asked.ignored, "Trier par")
    return asked, asked or next(name for name in BY_DEFAULT if name in orders)


@require_safe
def map_cards(request):
    """A piece of page: the cards of the results that stand at one point of the map, or at several that are one."""
    asked = InitiativeFilter(request.GET, Initiative.objects.published(), current(timezone.localdate()))
    mapped = Mapped(search(asked), asked.data)
    names = [name for name in request.GET.getlist("point") if name.isprintable()][:MOST_NAMED]
    points = [mapped.at(name) for name in names]
    if not points or None in points:
        return HttpResponseBadRequest("Un point s’écrit com-13004, arm-13203 ou latitude,longitude.")
    here = points[0][0] if len({place for place, _ in points}) == 1 else None
    results = BitMap.union(*(held for _, held in points))
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
