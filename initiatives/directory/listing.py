"""What every list does with its address: page, page size, order, links that change one thing."""

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404

from initiatives.directory.criteria import CRITERIA
from initiatives.directory.lenient import told
from initiatives.directory.sorts import SORTS, is_possible
from initiatives.models import Territory

PAGE_SIZES = (10, 20, 50, 100)
DEFAULT_SIZE = 20

# What a search is without a criterion, by the label of the criterion.
ANY = {criterion.label: criterion.none for criterion in CRITERIA} | {
    "Genre": "tous les genres",
    "Nature": "toutes les natures",
    "Statut": "tous les statuts",
}


class Address:
    """The search of a list as its address says it: links that add, drop or change one parameter and keep the rest.

    ``shown``: how the results are shown (order, page size), empty when the address does not say it; what was not
    understood is no part of any link.
    """

    def __init__(self, path, search, **shown):
        self.path, self.search, self.shown = path, search, {name: value for name, value in shown.items() if value}
        self.criteria = search.data.copy()
        self.query = search.data.copy()
        for name, value in self.shown.items():
            self.query[name] = value

    def __str__(self):
        return self._link(self.query)

    @property
    def criteria_count(self):
        return sum(len(values) for _, values in self.criteria.lists())

    def canonical(self, page_number):
        """The address of these results whatever the way they are shown; each page of them has its own."""
        query = self.criteria.copy()
        if page_number > 1:
            query["page"] = page_number
        return self._link(query)

    def with_(self, **values):
        query = self.query.copy()
        for name, value in values.items():
            query.setlist(name, [value] if isinstance(value, str) else list(value))
        return self._link(query)

    def without(self, name, value=None):
        """The same search less a criterion, or less one of its values; and less what means nothing without it."""
        query = self.query.copy()
        query.setlist(name, [item for item in query.getlist(name) if value is not None and item != value])
        if not query.get("territoire"):
            query.setlist("presence", [])
            if not query.get("pres_de"):
                query.setlist("rayon", [])
        if query.get("tri") in SORTS and not is_possible(query["tri"], query):
            query.setlist("tri", [])
        return self._link(query)

    def without_criteria(self):
        return self._link(None)

    def elsewhere(self, path, *shown):
        """The same search at another address, with only these of the parameters that say how it is shown."""
        query = self.criteria.copy()
        for name in shown:
            if name in self.shown:
                query[name] = self.shown[name]
        encoded = query.urlencode()
        return f"{path}?{encoded}" if encoded else path

    def chips(self):
        """The criteria in force: what kind, what value, and the address of the same search without it."""
        chips = []
        for name, given in self.criteria.lists():
            criterion = self.search.filters[name]
            labels = self.search.labels(name, given)
            for value in given:
                chips.append({"genre": criterion.label, "label": labels[value], "url": self.without(name, value)})
        return chips

    def hidden(self, *left_out):
        """(name, value) pairs that a form must carry along."""
        return [(name, value) for name, values in self.query.lists() for value in values if name not in left_out]

    def _link(self, query):
        encoded = query.urlencode() if query else ""
        return f"{self.path}?{encoded}" if encoded else self.path


def where(territories):
    """« dans le Var », « à Arles ou dans le Var »: the places that a search is about, for its title."""
    return " ou ".join(territory.name_at or territory.name for territory in territories)


def ways_to_widen(found, address):
    """What to try when nothing is found: what is around the place, then less of each criterion, with their counts.

    ``found``: who counts (``count_with``, ``count_without``). A way that finds nothing either is not offered.
    """
    ways, filters = [], address.search.filters
    territories = found.values.get("territoire") or []
    if len(territories) == 1:
        [here] = territories
        above = [key for key in (here.epci_id, here.department_id, here.region_id) if key]
        places = Territory.objects.in_bulk(above)
        for wider in map(places.get, above):
            url = address.with_(territoire=wider.key)
            ways.append({"url": url, "label": where([wider]), "count": found.count_with("territoire", [wider])})
    for name in filters:
        if found.values.get(name):
            dropped = (name, "presence") if name == "territoire" and "presence" in filters else (name,)
            label = ANY[filters[name].label]
            ways.append({"url": address.without(name), "label": label, "count": found.count_without(*dropped)})
    if address.criteria_count > 1:
        everything = found.count_without(*filters)
        ways.append({"url": address.without_criteria(), "label": "tout l’annuaire", "count": everything})
    return [way for way in ways if way["count"]]


def one_of(data, name, allowed, ignored, label):
    """The value of a single-valued parameter, "" when absent; one that is not allowed is told in ``ignored``."""
    value = data.get(name, "").strip()
    if value and value not in allowed:
        ignored.append((label, told(value)))
        return ""
    return value


def page_size(data, ignored):
    """The number of results that a page of the list shows, as the address says it; "" when it does not."""
    return one_of(data, "par_page", {str(number) for number in range(1, PAGE_SIZES[-1] + 1)}, ignored, "Par page")


def paginate(data, queryset, ignored, size=""):
    """The page asked for. A malformed number is told in ``ignored``; a page past the end is a 404."""
    number = data.get("page", "").strip()
    if number and not (number.isascii() and number.isdigit() and len(number) < 9 and int(number) > 0):
        ignored.append(("Page", told(number)))
        number = ""
    try:
        return Paginator(queryset, int(size or DEFAULT_SIZE)).page(int(number or 1))
    except EmptyPage as error:
        raise Http404 from error


def page_sizes(page):
    """The sizes that a list offers, its own among them."""
    return sorted({*PAGE_SIZES, page.paginator.per_page})
