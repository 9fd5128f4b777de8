"""The directory: the list of initiatives, filtered by its address."""

from datetime import date

from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from initiatives.directory.facets import facets_of
from initiatives.directory.freshness import revalidated
from initiatives.directory.listing import DEFAULT_SIZE, page_sizes
from initiatives.directory.misses import count_after
from initiatives.directory.nearby import nearby, split
from initiatives.directory.perimeter import beyond, perimeters
from initiatives.directory.places import resolve_place
from initiatives.directory.result_map import result_map
from initiatives.directory.result_page import ResultPage
from initiatives.directory.search import FACETS, REASONS
from initiatives.directory.sorts import SORTS, default_sort, is_possible

# Facets in the order of the page: those shown open, then those that unfold.
FIRST_FACETS = ("theme", "etape", "territoire", "presence", "forme")
OTHER_FACETS = ("nouveaute", "cherche", "propose", "public", "milieu", "echelle", "porteur", "activite")
YEARS = ("annee_min", "annee_max")


@require_safe
@revalidated
def initiatives(request):
    if place := resolve_place(request):
        return place
    shown = ResultPage.read(request)
    found, asked, address, page = shown.found, shown.found.asked, shown.address, shown.page
    presences = found.presence_counts() if found.territories else {}
    close = nearby(found, presences) if page.number == 1 else None
    rows_before, rows_after = split(shown.rows, shown.order) if close else (shown.rows, [])
    context = shown.context(request) | {
        "frame": "fragment.html" if "HX-Request" in request.headers else "base.html",
        "rows_before": rows_before,
        "rows_after": rows_after,
        "nearby": close,
        "drawn": result_map(found, address, shown.rows),
        "beyond": _beyond(found, address),
        "presences": {value: presences[value] for value in _presences_shown(asked) if presences.get(value)},
        "facets": _facets(found, presences, address),
        "years": {name: asked.data.get(name, "") for name in YEARS},
        "since": _since(asked),
        "perimeters": perimeters(found),
        "orders": {name: sort.label for name, sort in SORTS.items() if is_possible(name, asked.values)},
        "order": shown.order,
        "default_order": default_sort(asked.values),
        "page_sizes": page_sizes(page),
        "default_size": DEFAULT_SIZE,
        "carried": {
            "words": address.hidden("q", "rayon"),
            "facets": address.hidden("territoire", "presence", "publiee_depuis", *FACETS, *YEARS),
            "order": address.hidden("tri", "par_page"),
        },
    }
    response = render(request, "initiatives/list.html", context)
    if found.total:
        response.directory_version = asked.live.version
    elif asked.query:
        # Such a page is made each time: it counts, and what it suggests depends on more than the directory.
        count_after(response, request, asked.query, asked.live.day)
    return response


def _beyond(found, address):
    told = beyond(found)
    if told and told["nearest"]:
        told["url"] = address.with_(territoire=told["nearest"].key)
    return told


def _presences_shown(asked):
    """Those that the results may have: the ones asked for, else all of them."""
    return asked.values.get("presence") or REASONS


def _facets(found, presences, address):
    """Two groups of (name, facet), and the one of the fiche itself. ``is_open``: in use, or worth a look at once."""
    facets = facets_of(found, presences)
    for value in facets["theme"]["values"]:
        value["url"] = address.with_(theme=value["instead"]) if value["instead"] else ""
    for name, facet in facets.items():
        has_results = any(value["count"] for value in facet["values"])
        facet["is_open"] = facet["is_chosen"] or (name in FIRST_FACETS and has_results)
        facet["is_long"] = name != "theme" and len(facet["values"]) > 10
    return {
        "first": [(name, facets[name]) for name in FIRST_FACETS if name in facets],
        "others": [(name, facets[name]) for name in OTHER_FACETS],
        "photo": facets["photo"]["values"][0],
        "checked": facets["verifiee"]["values"][0] | {"label": "Vérifiées depuis moins d’un an"},
    }


def _since(asked):
    """The days from which fiches may be published, the one in force among them: value, label, chosen."""
    today, given = asked.live.day, asked.values.get("publiee_depuis")
    quarter = date(today.year - (today.month <= 3), (today.month - 4) % 12 + 1, min(today.day, 28))
    offered = {today.replace(day=1): "ce mois", quarter: "3 mois", today.replace(month=1, day=1): "cette année"}
    if given and given not in offered:
        offered[given] = f"le {date_format(given, 'j F Y')}"
    days = [{"value": day.isoformat(), "label": label, "chosen": day == given} for day, label in offered.items()]
    return [{"value": "", "label": "toujours", "chosen": not given}, *days]
