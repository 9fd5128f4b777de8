"""A search that leaves the site: its address read strictly, its rows read from one state of the database."""

from array import array
from contextlib import contextmanager

from django.db import connection
from django.urls import reverse

from initiatives.directory.filters import InitiativeFilter, told
from initiatives.directory.search import DatabaseSearch
from initiatives.directory.sorts import SORTS, default_sort, is_possible
from initiatives.exchange.batches import batches
from initiatives.exchange.columns import row_of
from initiatives.models import Initiative

OF_THE_PAGE = {
    "lieu": "Réservé à la page : ici, un lieu se donne par « territoire » (com-13004, dep-13).",
    "page": "Réservé à la page : ici, tous les résultats sont donnés.",
    "par_page": "Réservé à la page : ici, tous les résultats sont donnés.",
}
NO_SUCH_PARAMETER = "Ce paramètre n’existe pas."
NO_SUCH_VALUE = "Valeur inconnue, de trop, ou sans objet dans cette recherche."
BEGIN = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}


class Refused(Exception):
    """The address is not one of a search; ``faults``: {parametre, valeur, message} of each thing that is not."""

    def __init__(self, faults):
        super().__init__(", ".join(fault["parametre"] for fault in faults))
        self.faults = faults


class Search:
    """The search that parameters ask for, all of it: one that is unknown or malformed raises ``Refused``."""

    def __init__(self, data):
        self.filter = InitiativeFilter(data, Initiative.objects.published())
        self.order = ""
        faults = [fault for name in data for fault in self._faults(name, _given(data, name))]
        if faults:
            raise Refused(faults)
        # As the address spells it, for links.
        self.query = self.filter.data.copy()
        if self.order:
            self.query["tri"] = self.order

    def _faults(self, name, given):
        if not given or name.startswith("utm_"):
            return []
        if name in OF_THE_PAGE:
            return [_fault(name, given[-1], OF_THE_PAGE[name])]
        if name == "tri":
            return self._read_order(given)
        if name not in self.filter.filters:
            return [_fault(name, given[-1], NO_SUCH_PARAMETER)]
        kept = self.filter.data.getlist(name)
        if len(kept) >= len(given):
            return []
        return [_fault(name, value, NO_SUCH_VALUE) for value in given if value not in kept]

    def _read_order(self, given):
        if len(given) > 1 or given[0] not in SORTS or not is_possible(given[0], self.filter.values):
            return [_fault("tri", value, NO_SUCH_VALUE) for value in given]
        self.order = given[0]
        return []

    @property
    def queryset(self):
        return self.filter.qs

    def ids(self):
        """Ids of the results, in the order of the list: from the database, that the rows are read from too."""
        answers = DatabaseSearch(self.filter)
        return array("q", answers.keys(self.order or default_sort(self.filter.values), 0, answers.total))

    def address(self, name):
        """The path of the same search on another page or in another format."""
        query = self.query.urlencode()
        return f"{reverse(name)}?{query}" if query else reverse(name)


class Rows:
    """The rows of a search in batches; ``count``, of all of them, is known once the first one is read.

    The fiches are those of the moment when the reading began, whatever happens meanwhile.
    """

    def __init__(self, search):
        self.search, self.count = search, 0

    def __iter__(self):
        with snapshot():
            ids = self.search.ids()
            self.count = len(ids)
            for batch in batches(ids):
                yield [row_of(known) for known in batch]


@contextmanager
def snapshot():
    """Reads that all see the same state of the database, without keeping others from writing. Nothing may write inside.

    Not ``atomic``: on SQLite it would hold the lock of the writers, on PostgreSQL each query would see the last state.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(BEGIN[connection.vendor])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def _given(data, name):
    """The values of a parameter, each once, spaces tidied; empty ones are absent."""
    return list(dict.fromkeys(" ".join(value.split()) for value in data.getlist(name) if value.strip()))


def _fault(name, value, message):
    return {"parametre": told(name), "valeur": told(value), "message": message}
