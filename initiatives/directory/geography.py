"""Which territories meet which, in memory: what ``Territory`` says in SQL, for the index.

Loaded whole, and again when territories changed; a few thousand places are asked about, each once.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from math import cos, hypot, radians
from typing import NamedTuple

from django.db.models import F

from initiatives.models import Territory
from initiatives.models.site import KM_PER_DEGREE

Kind = Territory.Kind


class Called(NamedTuple):
    name: str
    name_at: str


class Named(NamedTuple):
    """What people read of a territory, under the names of ``Territory``. ``commune``: that of an arrondissement."""

    pk: int
    kind: str
    code: str
    name: str
    name_at: str
    name_of: str
    sort_key: str
    unit_count: int
    region_id: int | None
    department_id: int | None
    epci_id: int | None
    commune_id: int | None
    commune: Called | None

    Kind = Kind

    @property
    def key(self):
        return f"{self.kind}-{self.code}"

    @classmethod
    def read(cls, territories) -> dict:
        """The territories of a queryset, by their primary keys."""
        columns = [*cls._fields[:-1], "commune__name", "commune__name_at"]
        rows = territories.order_by().values_list(*columns)
        return {row[0]: cls(*row[:-2], Called(*row[-2:]) if row[-2] else None) for row in rows}


@dataclass(frozen=True)
class Meeting:
    """How places meet a territory (keys): places of sites, then coverages.

    ``based``: a site there is inside; None for any site. ``acting``: meets it without strictly containing it; None for
    any coverage. ``wider``: strictly contains it.
    """

    based: frozenset | None
    acting: frozenset | None
    wider: frozenset


class Geography:
    """The territories of France as sets of smallest units."""

    def __init__(self):
        self.units = {}  # unit → (commune, epci, department, region)
        self.inside = defaultdict(list)  # territory → its units
        self.points = {}  # commune or district → (latitude, longitude), where the most people live first
        self.counts = {}
        countries = set()
        columns = ("pk", "kind", "commune_id", "epci_id", "department_id", "region_id", "is_unit", "unit_count")
        largest_first = Territory.objects.order_by(F("population").desc(nulls_last=True), "code")
        for pk, kind, *above, is_unit, count, latitude, longitude in largest_first.values_list(
            *columns, "latitude", "longitude"
        ).iterator(5000):
            self.counts[pk] = count
            if kind == Kind.COUNTRY:
                countries.add(pk)
            if kind in (Kind.COMMUNE, Kind.DISTRICT) and latitude is not None:
                self.points[pk] = (latitude, longitude)
            if is_unit:
                self.units[pk] = tuple(above)
                for place in (pk, *filter(None, above)):
                    self.inside[place].append(pk)
        self.countries = frozenset(countries)
        self._named = Named.read(Territory.objects.in_scope())
        self._add_zones()
        self.meeting = lru_cache(512)(self._meeting)
        self._near = lru_cache(256)(self._measure)
        self.middle = lru_cache(None)(self._middle)
        self.main_place = lru_cache(256)(self._main_place)

    def _add_zones(self):
        """A zone is made of communes or districts; a commune of districts stands for all of them."""
        self.zones = defaultdict(set)  # place → zones that hold it
        made_of = defaultdict(set)
        for zone, member in Territory.members.through.objects.values_list("from_territory", "to_territory"):
            made_of[zone].update(unit for unit in self.inside[member] if member in (unit, self.units[unit][0]))
        for zone, units in made_of.items():
            self.inside[zone] = sorted(units)
            self.counts[zone] = len(units)
            for unit in units:
                self.zones[unit].add(zone)

    def _meeting(self, pk, kind):
        if kind == Kind.COUNTRY:
            return Meeting(based=None, acting=None, wider=frozenset())
        units = self.inside[pk]
        shared, based = Counter(), {pk}
        for unit in units:
            above = self.units[unit]
            shared.update({unit, *above, *self.zones.get(unit, ())} - {None})
            based.add(unit)
            if above[0]:
                based.add(above[0])  # a site at Marseille without more may be in any of its districts
        whole = {place for place, count in shared.items() if count == len(units)} | self.countries
        wider = frozenset(place for place in whole if self.counts[place] > len(units))
        return Meeting(frozenset(based), (frozenset(shared) | {pk}) - wider, wider)

    def above(self, place) -> tuple:
        """(commune, EPCI, département, région) that hold a commune or a district; of a commune, as of its districts."""
        unit = place if place in self.units else next(iter(self.inside.get(place, ())), None)
        return self.units.get(unit, (None, None, None, None))

    def named(self, keys) -> dict[int, Named]:
        """What these territories are called; those of elsewhere that were not met before cost one query."""
        keys = set(keys)
        if missing := keys - self._named.keys():
            self._named |= Named.read(Territory.objects.filter(pk__in=missing))
        return {key: self._named[key] for key in keys}

    def _middle(self, pk):
        """(latitude, longitude) of the mean of the points of a territory; None when it has none."""
        if pk in self.points:
            return self.points[pk]
        known = [self.points[place] for place in self._places(pk) if place in self.points]
        return tuple(sum(values) / len(known) for values in zip(*known, strict=True)) if known else None

    def _main_place(self, pk):
        """As ``Territory.main_place``: the commune that the distances of a territory are counted from, or None."""
        if pk in self.points:
            return pk
        own = self._places(pk)
        return next((place for place in self.points if place in own and not self._commune_of(place)), None)

    def _commune_of(self, place):
        return self.units.get(place, (None,))[0]

    # Distances: flat, as ``Site.with_distance`` counts them

    def near(self, territories, km) -> dict[int, float]:
        """Places outside of these territories, within so many km of their nearest commune → km."""
        found = {}
        for territory in territories if km else ():
            for place, distance in self._near(territory.pk, km).items():
                found[place] = min(distance, found.get(place, distance))
        return found

    def _measure(self, pk, km):
        starts = sorted(self.points[place] for place in {*self._places(pk)} if place in self.points)
        if not starts:
            return {}
        own, found, north = self._places(pk), {}, [latitude for latitude, _ in starts]
        for place, point in self.points.items():
            if place in own:
                continue
            reach = km / KM_PER_DEGREE
            around = starts[bisect_left(north, point[0] - reach) : bisect_right(north, point[0] + reach)]
            distance = min((flat_km(start, point) for start in around), default=km + 1)
            if distance <= km:
                found[place] = distance
        return found

    def _places(self, pk):
        return {place for unit in self.inside[pk] for place in (unit, self.units[unit][0]) if place} | {pk}

    def within(self, point, km):
        """Places within so many km of a point: place → km."""
        found = {place: flat_km(point, other) for place, other in self.points.items()}
        return {place: distance for place, distance in found.items() if distance <= km}


def flat_km(start, point):
    """Km between two (latitude, longitude), flat around ``start``: right to 1 % across a region."""
    north = (point[0] - start[0]) * KM_PER_DEGREE
    east = (point[1] - start[1]) * KM_PER_DEGREE * cos(radians(start[0]))
    return hypot(north, east)
