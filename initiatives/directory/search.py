"""A search of initiatives answered: how many, a page of them in an order, how many each value would give.

By the index when it is there (``IndexedSearch``), else by the database (``DatabaseSearch``): the same answers, which a
test compares on random directories. Within a criterion a count is that of the list with the value added; the other
criteria are kept.
"""

from functools import cached_property

from django.db.models import Count, F
from pyroaring import BitMap

from initiatives.directory import fulltext
from initiatives.directory.cards import Card, read_cards
from initiatives.directory.criteria import CRITERIA, RADIUS_KM, Bound, Values
from initiatives.directory.filters import InitiativeFilter, radius
from initiatives.directory.index import Snapshot
from initiatives.directory.matches import Matches
from initiatives.directory.spots import Spots
from initiatives.models import Site
from initiatives.models.vocabulary import NEAR, Presence

REASONS = (str(Presence.BASED), str(Presence.ACTS), NEAR, str(Presence.WIDER))
FACETS = {criterion.name: criterion for criterion in CRITERIA if isinstance(criterion, Values) and criterion.is_facet}
WHERE = ("territoire", "presence", "rayon", "pres_de")
BOUNDS = {criterion.name: criterion for criterion in CRITERIA if isinstance(criterion, Bound)}


def search(asked: InitiativeFilter):
    """The answers to what an address asks."""
    snapshot = asked.live.snapshot
    return IndexedSearch(asked, snapshot) if snapshot else DatabaseSearch(asked)


class Search:
    """What both ways share. ``asked``: the filter set; ``values``: those that are searched for, else those asked."""

    def __init__(self, asked, values=None):
        self.asked = asked
        self.values = {name: value for name, value in (values or asked.values).items() if value}
        self.territories = self.values.get("territoire", [])
        self.km = radius(self.values)

    @cached_property
    def distances(self) -> dict[int, float]:
        """Place → km, of the places that a search around a point or a territory reaches."""
        geography = self.asked.live.geography
        if centre := self.values.get("pres_de"):
            return geography.within(centre, self.values.get("rayon") or RADIUS_KM)
        return geography.near(self.territories, self.km)

    def closest(self, places: dict[int, float], most: int) -> tuple[list[tuple[int, int]], int]:
        """Fiches that the same search would find at these places (with their km), outside of its own territory.

        (fiche, the closest of its places) of ``most`` of them, the closest first; and the number of them all.
        """
        raise NotImplementedError

    def rows(self, order: str, start: int, count: int) -> list[Card]:
        """``count`` results from the ``start``-th, as cards, with their ``presence`` for a territory."""
        return self.rows_of(self.keys(order, start, count))

    def rows_of(self, keys: list[int]) -> list[Card]:
        """These results, in this order."""
        found = read_cards(keys, self.asked.live)
        rows = [found[key] for key in keys if key in found]
        for row in rows:
            row.presence = self.reason_of(row.pk)
        return rows


class IndexedSearch(Search):
    """Answers from a snapshot: intersections of bitmaps."""

    def __init__(self, asked, snapshot: Snapshot, values=None, known=None):
        super().__init__(asked, values)
        self.snapshot, known = snapshot, known or {}
        for name in self.values.keys() - known.keys() - {*WHERE}:
            known[name] = self._part(name, self.values[name])
        self.parts = known
        if self.territories:
            self.parts["territoire"] = self._concerned(self.reasons)
        if "pres_de" in self.values:
            self.parts["pres_de"] = snapshot.based_in(self.distances)

    @cached_property
    def result(self) -> BitMap:
        return self._others()

    @cached_property
    def matches(self) -> Matches:
        """The fiches that the words find, the most relevant first."""
        ask = self.snapshot.postings.match if self.snapshot.postings else fulltext.match
        return ask(self.asked.query)

    @cached_property
    def reasons(self) -> dict[str, BitMap]:
        return self.snapshot.concerning(self.territories, self.km)

    @cached_property
    def total(self) -> int:
        return len(self.result)

    def keys(self, order, start, count):
        if order == "jour":
            return self.snapshot.orders[order].take(self.result, start, count, self.snapshot.turn)
        by_name = self.snapshot.orders["nom"]
        match order:
            case "proximite":
                groups = [self.reasons[reason] & self.result for reason in REASONS]
            case "distance":
                groups = self._by_distance()
            case "pertinence":
                groups = [bucket & self.result for bucket in self.matches.buckets]
            case _:
                return self.snapshot.orders[order].take(self.result, start, count)
        page = []
        for group in groups:
            if start >= len(group):
                start -= len(group)
                continue
            page += by_name.take(group, start, count - len(page))
            start = 0
            if len(page) == count:
                break
        return page

    def reason_of(self, key):
        return (
            next((reason for reason, held in self.reasons.items() if key in held), None) if self.territories else None
        )

    def counts(self, name: str) -> dict[str, int]:
        """Value → number of results with this value added, for each value that may be asked for."""
        others, chosen = self._others(name), self.parts.get(name, BitMap())
        already = len(others & chosen)
        rest = others - chosen if already else others
        carried = self.snapshot.carried[name]
        return {
            value: already + (rest.intersection_cardinality(carried[value]) if value in carried else 0)
            for value in self.asked.live.options.of(FACETS[name])
        }

    def presence_counts(self) -> dict[str, int]:
        """Reason → number of results that have it, whichever are asked for."""
        others = self._others("territoire")
        return {reason: others.intersection_cardinality(held) for reason, held in self.reasons.items()}

    def count_with_territory(self, territory) -> int:
        others = self._others("territoire")
        if territory in self.territories:
            return others.intersection_cardinality(self.parts["territoire"])
        reasons = self.snapshot.concerning([*self.territories, territory], self.km)
        return others.intersection_cardinality(self._concerned(reasons))

    def count_with(self, name: str, values) -> int:
        """Number of results with these values of a criterion instead of its own."""
        return self._with(**{name: values}).total

    def count_without(self, *names) -> int:
        return self._with(**dict.fromkeys(names)).total

    def closest(self, places, most):
        others = self._others("territoire") - self.result
        others -= self.reasons[Presence.BASED] | self.reasons[Presence.ACTS]
        by_name, closest, left = self.snapshot.orders["nom"], [], others
        for place in sorted(places.keys() & self.snapshot.sites.keys(), key=lambda place: (places[place], place)):
            if len(closest) == most:
                break
            here = left & self.snapshot.sites[place]
            closest += [(key, place) for key in by_name.take(here, 0, most - len(closest))]
            left = left - here
        return closest, others.intersection_cardinality(self.snapshot.based_in(places))

    def _with(self, **values):
        kept = {name: part for name, part in self.parts.items() if name not in (*values, *WHERE)}
        return IndexedSearch(self.asked, self.snapshot, self.values | values, kept)

    def anywhere(self) -> BitMap:
        """The results of the same search less its territories: what its list for another territory is taken from."""
        return self._others("territoire")

    @property
    def spots(self) -> Spots:
        return self.snapshot.spots

    def _others(self, *left_out):
        parts = [part for name, part in self.parts.items() if name not in left_out]
        return BitMap.intersection(self.snapshot.everything, *parts)

    def _part(self, name, value):
        if name == "q":
            return self.matches.ids
        if name in BOUNDS:
            return self.snapshot.bounded(BOUNDS[name], value)
        return self.snapshot.carrying(name, value)

    def _concerned(self, reasons):
        asked = self.values.get("presence") or REASONS
        return BitMap.union(*(reasons[reason] for reason in asked))

    def _by_distance(self):
        """Groups of results at the same distance, the nearest first; then those that no distance is known of."""
        based = self.reasons[Presence.BASED] & self.result if self.territories and self.km else BitMap()
        groups, left = [based], self.result - based
        by_distance = {}
        for place, km in self.distances.items():
            if place in self.snapshot.sites:
                by_distance.setdefault(km, []).append(place)
        for km in sorted(by_distance):
            group = self.snapshot.based_in(by_distance[km]) & left
            if group:
                groups.append(group)
                left = left - group
        return [*groups, left]


class DatabaseSearch(Search):
    """Answers from the database, by the meaning in SQL of each criterion: while there is no index."""

    @cached_property
    def total(self) -> int:
        return self.asked.qs.order_by().count()

    def keys(self, order, start, count):
        if order == "distance":
            return self._by_distance()[start : start + count]
        if order == "pertinence":
            return self._by_relevance()[start : start + count]
        found = self.asked.qs
        match order:
            case "nom":
                found = found.order_by("sort_key", "pk")
            case "recentes":
                found = found.order_by(F("published_at").desc(nulls_last=True), "pk")
            case "verifiees":
                found = found.order_by(F("checked_on").desc(nulls_last=True), "pk")
            case "proximite":
                found = found.order_by("presence", "sort_key", "pk")
            case _:
                found = found.in_daily_order(self.asked.live.day)
        return list(found.values_list("pk", flat=True)[start : start + count])

    def reason_of(self, key):
        if not self.territories:
            return None
        return self._reasons.get(key)

    def rows_of(self, keys):
        self._reasons = (
            dict(self.asked.qs.filter(pk__in=keys).values_list("pk", "presence")) if self.territories else {}
        )
        return super().rows_of(keys)

    def counts(self, name):
        criterion, chosen = FACETS[name], self.values.get(name, [])
        others = self.asked.with_values(**{name: []}).order_by()
        already = 0
        if chosen:
            condition = criterion.condition(chosen, self.asked.live.day)
            already = others.filter(condition).count()
            others = others.exclude(condition)
        carrying = {}
        for key, value in criterion.pairs(others.values("pk"), self.asked.live.day):
            carrying.setdefault(value, set()).add(key)
        counts = {value: len(keys) for value, keys in carrying.items()}
        if criterion.unknown:
            counts[criterion.unknown] = others.exclude(pk__in=set().union(*carrying.values())).count()
        return {value: already + counts.get(value, 0) for value in self.asked.live.options.of(criterion)}

    def presence_counts(self):
        found = self.asked.with_values(presence=[]).order_by().values_list("presence").annotate(Count("pk"))
        return dict.fromkeys(REASONS, 0) | dict(found)

    def count_with_territory(self, territory):
        wanted = dict.fromkeys([*self.territories, territory])
        return self.asked.with_values(territoire=[*wanted]).order_by().count()

    def count_without(self, *names):
        return self.asked.count_without(*names)

    def closest(self, places, most):
        here = self.asked.queryset.with_presence(*self.territories)
        here = here.filter(presence__in=(Presence.BASED, Presence.ACTS))
        others = self.asked.without("territoire", "presence").exclude(pk__in=here.order_by().values("pk"))
        others = others.exclude(pk__in=self.asked.qs.order_by().values("pk")).order_by()
        sites = Site.objects.filter(territory__in=list(places), initiative__in=others.values("pk")).order_by()
        found = {}
        for key, name, place in sites.values_list("initiative", "initiative__sort_key", "territory"):
            reached = (places[place], place, name, key)
            found[key] = min(reached, found.get(key, reached))
        return [(key, place) for _, place, _, key in sorted(found.values())[:most]], len(found)

    def count_with(self, name, values):
        return self.asked.count_with(name, values)

    @cached_property
    def result(self):
        return BitMap(self.asked.qs.order_by().values_list("pk", flat=True))

    def anywhere(self):
        return BitMap(self.asked.with_values(territoire=None).order_by().values_list("pk", flat=True))

    @property
    def spots(self):
        """Of this search, its territories apart."""
        sites = Site.objects.filter(initiative__in=self.asked.with_values(territoire=None).order_by().values("pk"))
        rows = sites.order_by().values_list("initiative", "territory", "latitude", "longitude")
        return Spots.read(rows.iterator(5000), self.asked.live.geography)

    def _by_relevance(self):
        found, buckets = self._names(), fulltext.match(self.asked.query).buckets
        return [key for bucket in buckets for key in sorted(found.keys() & bucket, key=lambda key: (found[key], key))]

    def _names(self):
        return dict(self.asked.qs.order_by().values_list("pk", "sort_key"))

    def _by_distance(self):
        names = self._names()
        nearest = {}
        if self.territories and self.km:
            based = self.asked.qs.filter(presence=Presence.BASED).order_by()
            nearest = dict.fromkeys(based.values_list("pk", flat=True), -1)
        sites = Site.objects.filter(territory__in=list(self.distances)).order_by()
        for key, place in sites.values_list("initiative", "territory"):
            nearest[key] = min(self.distances[place], nearest.get(key, self.distances[place]))
        return sorted(names, key=lambda key: (nearest.get(key, float("inf")), names[key], key))


class Results:
    """The results of a search in an order, as a paginator wants them: their number, and any slice of them."""

    def __init__(self, found: Search, order: str):
        self.found, self.order = found, order

    def __len__(self):
        return self.found.total

    def __getitem__(self, wanted: slice):
        return self.found.rows(self.order, wanted.start, wanted.stop - wanted.start)
