"""A page of the results that an address asks for: what the list and the map have in common."""

from dataclasses import dataclass

from django.core.paginator import Page
from django.utils import timezone

from initiatives.directory.cards import Card, dress
from initiatives.directory.criteria import AROUND, RADIUS, TERRITORY
from initiatives.directory.editorial import message
from initiatives.directory.filters import TOO_COMMON, InitiativeFilter
from initiatives.directory.listing import Address, one_of, page_size, paginate, ways_to_widen, where
from initiatives.directory.live import current
from initiatives.directory.perimeter import around
from initiatives.directory.search import Results, Search, search
from initiatives.directory.sorts import SORTS, default_sort, is_possible
from initiatives.directory.spelling import suggest_words
from initiatives.models import Initiative

# Criteria that the sentence of where the results are tells already.
IN_WHERE = {criterion.label for criterion in (TERRITORY, AROUND, RADIUS)}


@dataclass(frozen=True)
class ResultPage:
    """``order``: that of ``page``; ``rows``: the fiches that it shows, dressed for their cards."""

    found: Search
    order: str
    address: Address
    page: Page
    rows: list[Card]

    @classmethod
    def read(cls, request) -> "ResultPage":
        """Raises ``Http404``: past the last page. What the address says that means nothing is in ``asked.ignored``."""
        asked = InitiativeFilter(request.GET, Initiative.objects.published(), current(timezone.localdate()))
        found = search(asked)
        asked_order = _asked_order(request.GET, asked)
        order = asked_order or default_sort(asked.values)
        size = page_size(request.GET, asked.ignored)
        address = Address(request.path, asked, tri=asked_order, par_page=size)
        page = paginate(request.GET, Results(found, order), asked.ignored, size)
        return cls(found, order, address, page, dress(page.object_list, found.territories, found.distances))

    def context(self, request) -> dict:
        """What the templates of both pages say of the search."""
        found, asked, address, page = self.found, self.found.asked, self.address, self.page
        total = page.paginator.count
        centre = around(found)
        chips = _chips(address, centre)
        too_common = [value for label, value in asked.ignored if label == TOO_COMMON]
        return {
            "ignored": [(label, value) for label, value in asked.ignored if label != TOO_COMMON],
            "too_common": too_common[0] if too_common else "",
            "page": page,
            "rows": self.rows,
            "total": total,
            "where": ", ".join(filter(None, [where(found.territories), centre and centre["where"]])),
            "words": asked.values.get("q", ""),
            "query": asked.query,
            "chips": chips,
            "title_chips": [chip["label"] for chip in chips if chip["genre"] not in IN_WHERE],
            "address": address,
            "canonical": address.canonical(page.number),
            "nothing_found": "" if total else message(request, "recherche-vide"),
            "ways": [] if total else ways_to_widen(found, address),
            "suggestion": None if total else _suggestion(asked, address),
            "noindex": address.criteria_count > 1 or not total,
        }


def _asked_order(data, asked):
    """The order that the address asks for, "" when it does not, or when it means nothing in this search."""
    name = one_of(data, "tri", SORTS, asked.ignored, "Trier par")
    if name and not is_possible(name, asked.values):
        asked.ignored.append((f"Trier par, {SORTS[name].without}", SORTS[name].label))
        return ""
    return name


def _suggestion(asked, address):
    """The words that were meant, when some are written nowhere, and the address that asks for them."""
    snapshot = asked.live.snapshot
    if not asked.query or not snapshot or not snapshot.postings:
        return None
    words = suggest_words(asked.query, snapshot.postings, asked.live.options.synonyms)
    return {"words": words, "url": address.with_(q=words)} if words else None


def _chips(address, centre):
    chips = address.chips()
    for chip in chips:
        if centre and chip["genre"] == "Près de":
            chip["label"] = centre["name"]
    return chips
