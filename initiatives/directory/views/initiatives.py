"""The directory: the list of initiatives, filtered by its address."""

from django.shortcuts import render
from django.utils import timezone

from initiatives.directory.cards import dress
from initiatives.directory.editorial import message
from initiatives.directory.facets import facets_of
from initiatives.directory.filters import InitiativeFilter
from initiatives.directory.listing import Address, one_of, page_size, page_sizes, paginate, ways_to_widen, where
from initiatives.directory.live import current
from initiatives.directory.misses import count_after
from initiatives.directory.nearby import nearby
from initiatives.directory.places import resolve_place
from initiatives.directory.result_map import result_map
from initiatives.directory.search import FACETS, Results, search
from initiatives.directory.spelling import suggest_words
from initiatives.models import Initiative
from initiatives.models.vocabulary import Presence

ORDERS = {
    "pertinence": "Pertinence",
    "proximite": "Proximité",
    "distance": "Distance",
    "jour": "Découverte, chaque jour",
    "recentes": "Dernières publiées",
    "verifiees": "Dernières vérifiées",
    "nom": "Nom",
}
# Facets shown open; the others unfold.
FIRST_FACETS = ("theme", "etape", "territoire", "presence", "activite")
BY_DEFAULT = ("pertinence", "proximite", "jour")
# Orders that mean something only for some searches: what they want, in words.
WANTS = {"pertinence": "sans mots", "proximite": "sans territoire", "distance": "sans lieu d’où la compter"}


def initiatives(request):
    if place := resolve_place(request):
        return place
    asked = InitiativeFilter(request.GET, Initiative.objects.published(), current(timezone.localdate()))
    found = search(asked)
    orders = {name: label for name, label in ORDERS.items() if name not in _impossible(found)}
    asked_order = one_of(request.GET, "tri", ORDERS, asked.ignored, "Trier par")
    if asked_order and asked_order not in orders:
        asked.ignored.append((f"Trier par, {WANTS[asked_order]}", ORDERS[asked_order]))
        asked_order = ""
    order = asked_order or next(name for name in BY_DEFAULT if name in orders)
    size = page_size(request.GET, asked.ignored)
    address = Address(request.path, asked, tri=asked_order, par_page=size)
    page = paginate(request.GET, Results(found, order), asked.ignored, size)
    total = page.paginator.count
    rows = dress(page.object_list, found.territories)
    presences = found.presence_counts() if found.territories else {}
    context = {
        "ignored": asked.ignored,
        "page": page,
        "rows": rows,
        "drawn": result_map(found, address, rows),
        "total": total,
        "where": where(found.territories),
        "territories": found.territories,
        "words": asked.values.get("q", ""),
        "query": asked.query,
        "suggestion": None if total else _suggestion(asked, address),
        "presences": {value: presences[value] for value in _presences_shown(asked) if presences.get(value)},
        "facets": facets_of(found, presences),
        "first_facets": FIRST_FACETS,
        "chips": address.chips(),
        "orders": orders,
        "order": order,
        "page_sizes": page_sizes(page),
        "address": address,
        "canonical": address.canonical(page.number),
        "carried": {
            "words": address.hidden("q"),
            "facets": address.hidden("territoire", "presence", *FACETS),
            "order": address.hidden("tri", "par_page"),
        },
        "nearby": nearby(asked, found.territories, presences),
        "nothing_found": "" if total else message(request, "recherche-vide"),
        "ways": [] if total else ways_to_widen(asked, address),
        "noindex": address.criteria_count > 1 or not total,
    }
    response = render(request, "initiatives/list.html", context)
    if not total and asked.query:
        count_after(response, request, asked.query, asked.live.day)
    return response


def _suggestion(asked, address):
    """The words that were meant, when some are written nowhere, and the address that asks for them."""
    snapshot = asked.live.snapshot
    if not asked.query or not snapshot or not snapshot.postings:
        return None
    words = suggest_words(asked.query, snapshot.postings, asked.live.options.synonyms)
    return {"words": words, "url": address.with_(q=words)} if words else None


def _impossible(found):
    if not found.asked.query:
        yield "pertinence"
    if not found.territories:
        yield "proximite"
    if not found.distances:
        yield "distance"


def _presences_shown(asked):
    """Those that the results may have: the ones asked for, else all of them."""
    return asked.values.get("presence") or Presence.values
