"""The directory: the list of initiatives, filtered by its address."""

from datetime import date

from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format

from initiatives.directory.cards import dress
from initiatives.directory.editorial import message
from initiatives.directory.facets import facets_of
from initiatives.directory.filters import TOO_COMMON, InitiativeFilter
from initiatives.directory.freshness import revalidated
from initiatives.directory.listing import (
    DEFAULT_SIZE,
    Address,
    one_of,
    page_size,
    page_sizes,
    paginate,
    ways_to_widen,
    where,
)
from initiatives.directory.live import current
from initiatives.directory.misses import count_after
from initiatives.directory.nearby import nearby, split
from initiatives.directory.perimeter import around, beyond, perimeters
from initiatives.directory.places import resolve_place
from initiatives.directory.search import FACETS, REASONS, Results, search
from initiatives.directory.sorts import SORTS, default_sort, is_possible
from initiatives.directory.spelling import suggest_words
from initiatives.models import Initiative

# Facets in the order of the page: those shown open, then those that unfold.
FIRST_FACETS = ("theme", "etape", "territoire", "presence", "forme")
OTHER_FACETS = ("nouveaute", "cherche", "propose", "public", "milieu", "echelle", "porteur", "activite")
YEARS = ("annee_min", "annee_max")


@revalidated
def initiatives(request):
    if place := resolve_place(request):
        return place
    asked = InitiativeFilter(request.GET, Initiative.objects.published(), current(timezone.localdate()))
    found = search(asked)
    asked_order = one_of(request.GET, "tri", SORTS, asked.ignored, "Trier par")
    if asked_order and not is_possible(asked_order, asked.values):
        sort = SORTS[asked_order]
        asked.ignored.append((f"Trier par, {sort.without}", sort.label))
        asked_order = ""
    default_order = default_sort(asked.values)
    order = asked_order or default_order
    size = page_size(request.GET, asked.ignored)
    address = Address(request.path, asked, tri=asked_order, par_page=size)
    page = paginate(request.GET, Results(found, order), asked.ignored, size)
    total = page.paginator.count
    presences = found.presence_counts() if found.territories else {}
    centre = around(found)
    rows = dress(page.object_list, found.territories, found.distances)
    close = nearby(found, presences) if page.number == 1 else None
    rows_before, rows_after = split(rows, order) if close else (rows, [])
    too_common = [value for label, value in asked.ignored if label == TOO_COMMON]
    context = {
        "frame": "fragment.html" if "HX-Request" in request.headers else "base.html",
        "ignored": [(label, value) for label, value in asked.ignored if label != TOO_COMMON],
        "too_common": too_common[0] if too_common else "",
        "page": page,
        "rows": rows,
        "rows_before": rows_before,
        "rows_after": rows_after,
        "nearby": close,
        "total": total,
        "where": ", ".join(filter(None, [where(found.territories), centre and centre["where"]])),
        "territories": found.territories,
        "beyond": _beyond(found, address),
        "words": asked.values.get("q", ""),
        "query": asked.query,
        "suggestion": None if total else _suggestion(asked, address),
        "presences": {value: presences[value] for value in _presences_shown(asked) if presences.get(value)},
        "facets": _facets(found, presences, address),
        "years": {name: asked.data.get(name, "") for name in YEARS},
        "since": _since(asked),
        "perimeters": perimeters(found),
        "chips": _chips(address, centre),
        "orders": {name: sort.label for name, sort in SORTS.items() if is_possible(name, asked.values)},
        "order": order,
        "default_order": default_order,
        "page_sizes": page_sizes(page),
        "default_size": DEFAULT_SIZE,
        "address": address,
        "canonical": address.canonical(page.number),
        "carried": {
            "words": address.hidden("q", "rayon"),
            "facets": address.hidden("territoire", "presence", "publiee_depuis", *FACETS, *YEARS),
            "order": address.hidden("tri", "par_page"),
        },
        "nothing_found": "" if total else message(request, "recherche-vide"),
        "ways": [] if total else ways_to_widen(found, address),
        "noindex": address.criteria_count > 1 or not total,
    }
    response = render(request, "initiatives/list.html", context)
    if total:
        response.directory_version = asked.live.version
    elif asked.query:
        # Such a page is made each time: it counts, and what it suggests depends on more than the directory.
        count_after(response, request, asked.query, asked.live.day)
    return response


def _suggestion(asked, address):
    """The words that were meant, when some are written nowhere, and the address that asks for them."""
    snapshot = asked.live.snapshot
    if not asked.query or not snapshot or not snapshot.postings:
        return None
    words = suggest_words(asked.query, snapshot.postings, asked.live.options.synonyms)
    return {"words": words, "url": address.with_(q=words)} if words else None


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
        "checked": facets["verifiee"]["values"][0],
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


def _chips(address, centre):
    chips = address.chips()
    for chip in chips:
        if centre and chip["genre"] == "Près de":
            chip["label"] = centre["name"]
    return chips
