"""Where fiches stand, for maps: by place, by larger territory, and the sites that have a point of their own."""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pyroaring import BitMap

from initiatives.directory.geography import Geography

# Decimals of the degrees of a point: a metre or so.
PRECISION = 5

# What an area of each level is, among the territories that hold a place: ``Geography.above``.
LEVELS = {"commune": 0, "epci": 1, "departement": 2}
DISTRICT = "arrondissement"


@dataclass(frozen=True)
class Box:
    """What a map shows, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, latitude, longitude) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


@dataclass(frozen=True)
class OwnPoints:
    """Sites with a point of their own, from south to north, as columns: some twenty bytes each."""

    latitudes: array
    longitudes: array
    places: array
    fiches: array

    @classmethod
    def of(cls, rows: Iterable[tuple]) -> "OwnPoints":
        """From (latitude, longitude, place, fiche) rows."""
        columns = [*zip(*sorted(rows), strict=True)] or [(), (), (), ()]
        return cls(*(array(kind, column) for kind, column in zip("ddII", columns, strict=True)))

    def __iter__(self) -> Iterator[tuple]:
        return zip(self.latitudes, self.longitudes, self.places, self.fiches, strict=True)

    def with_changes(self, touched: BitMap, rows: Iterable[tuple]) -> "OwnPoints":
        rows = list(rows)
        if not rows and not self.fiches:
            return self
        return self.of([row for row in self if row[3] not in touched] + rows)

    def between(self, south: float, north: float) -> Iterator[tuple]:
        """The rows of a band."""
        first, last = bisect_left(self.latitudes, south), bisect_right(self.latitudes, north)
        columns = (self.latitudes, self.longitudes, self.places, self.fiches)
        return zip(*(column[first:last] for column in columns), strict=True)


@dataclass(frozen=True)
class Area:
    """A territory of a level: the fiches based there, those that make it shown, its places that have a point.

    ``own``: less those that may be elsewhere in its commune, which an arrondissement counts too.
    """

    territory: int
    held: BitMap
    own: BitMap
    places: tuple[int, ...]


@dataclass(frozen=True)
class Spots:
    """``sites``: place → fiches with a site there; ``plain``: those whose site has no point but that of the place."""

    sites: dict[int, BitMap]
    plain: dict[int, BitMap]
    own: OwnPoints
    geography: Geography
    _areas: dict = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, rows: Iterable[tuple], geography: Geography) -> "Spots":
        """From (fiche, place, latitude or None, longitude or None) rows: the sites."""
        sites, plain, own = defaultdict(BitMap), defaultdict(BitMap), []
        for fiche, place, latitude, longitude in rows:
            sites[place].add(fiche)
            if latitude is None:
                plain[place].add(fiche)
            else:
                own.append(own_row(fiche, place, latitude, longitude))
        return cls(dict(sites), dict(plain), OwnPoints.of(own), geography)

    @cached_property
    def pointed(self) -> BitMap:
        """The fiches that have a point."""
        known = (held for place, held in self.plain.items() if place in self.geography.points)
        return BitMap.union(BitMap(self.own.fiches), *known)

    def areas(self, level: str) -> list[Area]:
        """The territories of a level where some are based and that a map can show: a point is known there.

        What is in no EPCI stands for itself. An arrondissement holds what is in its commune without more, which may
        be in any of them.
        """
        if level not in self._areas:
            self._areas[level] = [*(self._districts() if level == DISTRICT else self._grouped(LEVELS[level]))]
        return self._areas[level]

    def _grouped(self, rank):
        groups = defaultdict(list)
        for place in self.sites:
            above = self.geography.above(place)
            groups[above[rank] or above[0] or place].append(place)
        for territory, places in groups.items():
            if self.geography.middle(territory):
                held = BitMap.union(*(self.sites[place] for place in places))
                yield Area(territory, held, held, tuple(place for place in places if place in self.geography.points))

    def _districts(self):
        for place, own in self.sites.items():
            commune = self.geography.above(place)[0]
            if commune and commune != place and place in self.geography.points:
                yield Area(place, own | self.sites.get(commune, BitMap()), own, (place,))


def own_row(fiche, place, latitude, longitude):
    return round(latitude, PRECISION), round(longitude, PRECISION), place, fiche
