"""What every list does with its address: page, page size, order, links that change one thing."""

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404

from initiatives.directory.filters import ChoicesFilter

PAGE_SIZES = (10, 20, 50, 100)


class Address:
    """The search of a list as its address says it: links that add, drop or change one parameter and keep the rest."""

    NOT_CRITERIA = ("page", "par_page", "tri")

    def __init__(self, path, search, data):
        self.path, self.search = path, search
        self.query = search.data.copy()
        for name in ("tri", "par_page"):
            if data.get(name):
                self.query[name] = data[name]

    def __str__(self):
        return self._link(self.query)

    @property
    def criteria_count(self):
        return sum(len(values) for name, values in self.query.lists() if name not in self.NOT_CRITERIA)

    def with_(self, **values):
        query = self.query.copy()
        for name, value in values.items():
            query.setlist(name, [value] if isinstance(value, str) else list(value))
        return self._link(query)

    def without(self, name, value=None):
        """The same search less a criterion, or less one of its values."""
        query = self.query.copy()
        kept = [item for item in query.getlist(name) if value is not None and item != value]
        query.setlist(name, kept)
        if name == "territoire" and not kept:
            query.setlist("presence", [])
        return self._link(query)

    def without_criteria(self):
        return self._link(None)

    def chips(self):
        """The criteria in force: what kind, what value, and the address of the same search without it."""
        chips = []
        for name, values in self.search.values.items():
            criterion = self.search.filters[name]
            labels = dict(getattr(criterion.field, "choices", ())) if isinstance(criterion, ChoicesFilter) else {}
            for value in [values] if isinstance(values, str) else values or []:
                if value:
                    key = getattr(value, "slug", None) or getattr(value, "key", None) or value
                    label = labels.get(value, value)
                    chips.append({"genre": criterion.label, "label": label, "url": self.without(name, key)})
        return chips

    def hidden(self, *left_out):
        """(name, value) pairs that a form must carry along."""
        return [
            (name, value) for name, values in self.query.lists() for value in values if name not in (*left_out, "page")
        ]

    def _link(self, query):
        encoded = query.urlencode() if query else ""
        return f"{self.path}?{encoded}" if encoded else self.path


def one_of(data, name, allowed, ignored, label):
    """The value of a single-valued parameter, "" when absent; one that is not allowed is told in ``ignored``."""
    value = data.get(name, "").strip()
    if value and value not in allowed:
        ignored.append((label, value[:60]))
        return ""
    return value


def paginate(data, queryset, ignored):
    """The page asked for. A malformed number is told in ``ignored``; a page past the end is a 404."""
    size = one_of(data, "par_page", _numbers(1, 100), ignored, "Par page")
    number = data.get("page", "").strip()
    if number and not (number.isascii() and number.isdigit() and len(number) < 9 and int(number) > 0):
        ignored.append(("Page", number[:60]))
        number = ""
    try:
        return Paginator(queryset, int(size or 20)).page(int(number or 1))
    except EmptyPage as error:
        raise Http404 from error


def _numbers(first, last):
    return {str(number) for number in range(first, last + 1)}
