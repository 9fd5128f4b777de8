"""What a search puts on a map: areas with their counts, or the points themselves, each with the list that it counts.

Numbers count fiches. One that has several sites is counted at each place where it is, and once in a place that holds
several of them; one without a site is counted apart, so that what a map shows and ``unplaced`` make up the total.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from math import isfinite

from django.urls import reverse
from pyroaring import BitMap

from initiatives.directory.cards import Card, dress, place_name
from initiatives.directory.geography import Named
from initiatives.directory.spots import PRECISION, Box
from initiatives.directory.svgmap import Seal
from initiatives.models import Initiative, Territory
from initiatives.models.vocabulary import Presence

# Up to so many (fiche, point) pairs everything is sent, and the reader's machine groups what is close.
ALL_AT_ONCE = 2000
# Beyond so many points and fiches in a view, the communes stand for them.
MOST_POINTS = 2000
# Beyond so many fiches at one point, their number stands for them.
MOST_TOLD = 50
# Zoom from which areas are those of a level; then, points.
LEVEL_FROM = ((0, "departement"), (8, "epci"), (10, "commune"))
POINTS_FROM = 12
# Degrees that no screen is wide at such a zoom.
WIDEST_VIEW = 4


@dataclass(frozen=True)
class MappedArea:
    """A territory with the results based there. ``url``: their list; "" when no address asks for exactly these."""

    territory: Named
    longitude: float
    latitude: float
    count: int
    url: str

    @property
    def name(self):
        return self.territory.name

    @property
    def key(self):
        return self.territory.key

    @property
    def seal(self):
        return Seal(self.longitude, self.latitude, self.count, self.name, self.url, self.key)


@dataclass(frozen=True)
class Spot:
    """A point with the results that stand there. ``place``: key of its commune or district in the database."""

    longitude: float
    latitude: float
    place: int
    held: BitMap
    is_own: bool

    def named(self, territory) -> str:
        """How an address tells it: « com-13004 », or « 43.67671,4.62777 » when it is no commune’s."""
        return f"{self.latitude},{self.longitude}" if self.is_own else territory.key


class Mapped:
    """``found``: a ``Search`` of the directory; ``criteria``: what its address says (a ``QueryDict``)."""

    def __init__(self, found, criteria):
        self.found, self.criteria = found, criteria
        self.result, self.spots, self.total = found.result, found.spots, found.total

    @cached_property
    def anywhere(self) -> BitMap:
        """What the list for another territory is taken from."""
        return self.found.anywhere() if self.found.territories else self.result

    # Areas

    def areas(self, level, box: Box | None = None, most: int | None = None) -> list[MappedArea]:
        """Those of a level where some results are based, the largest counts first. ``most``: how many of them."""
        counted = [(area.held.intersection_cardinality(self.result), area) for area in self._shown(level)]
        names = self.named(area.territory for _, area in counted)
        counted.sort(key=lambda pair: (-pair[0], names[pair[1].territory].sort_key, pair[1].territory))
        mapped = []
        for count, area in counted:
            if len(mapped) == most:
                break
            longitude, latitude = self._middle(area, level)
            if box is None or box.holds(latitude, longitude):
                territory = names[area.territory]
                url = self.list_of(territory) if self._count_of_list(area.held) == count else ""
                mapped.append(MappedArea(territory, longitude, latitude, count, url))
        return mapped

    def count_areas(self, level) -> int:
        return len(self._shown(level))

    def shown_by(self, level) -> BitMap:
        """The results that the areas of a level show."""
        return BitMap.union(BitMap(), *(area.held for area in self._shown(level))) & self.result

    def _shown(self, level):
        return [area for area in self.spots.areas(level) if area.own.intersect(self.result)]

    def _middle(self, area, level):
        """(longitude, latitude): the mean of its places, weighted by the results that they hold.

        Of a département, that of all its places: it does not move from one search to another.
        """
        north = east = weights = 0
        for place in area.places if level != "departement" else ():
            latitude, longitude = self.spots.geography.points[place]
            weight = self.spots.sites[place].intersection_cardinality(self.result)
            north, east, weights = north + latitude * weight, east + longitude * weight, weights + weight
        if weights:
            return east / weights, north / weights
        latitude, longitude = self.spots.geography.middle(area.territory)
        return longitude, latitude

    def _count_of_list(self, held):
        return held.intersection_cardinality(self.anywhere)

    def list_of(self, territory) -> str:
        """The address of the same search, less its territories, for what is based in this one."""
        query = self.criteria.copy()
        query.setlist("territoire", [territory.key])
        query["presence"] = Presence.BASED
        if "pres_de" not in query:
            query.pop("rayon", None)
        return f"{reverse('initiatives')}?{query.urlencode()}"

    # Points

    @cached_property
    def points(self) -> list[Spot]:
        """All of them, from south to north."""
        return self.points_in(None)

    def points_in(self, box: Box | None) -> list[Spot]:
        spots = []
        for place, fiches in self.spots.plain.items():
            point = self.spots.geography.points.get(place)
            if point and (box is None or box.holds(*point)) and (held := fiches & self.result):
                spots.append(Spot(point[1], point[0], place, held, is_own=False))
        own, places = defaultdict(BitMap), {}
        for latitude, longitude, place, fiche in self._own_rows(box):
            if fiche in self.result:
                own[latitude, longitude].add(fiche)
                places.setdefault((latitude, longitude), place)
        spots += [Spot(point[1], point[0], places[point], held, is_own=True) for point, held in own.items()]
        return sorted(spots, key=lambda spot: (spot.latitude, spot.longitude, spot.place))

    def _own_rows(self, box):
        if box is None:
            return self.spots.own
        return (row for row in self.spots.own.between(box.south, box.north) if box.holds(*row[:2]))

    @cached_property
    def placed(self) -> BitMap:
        """The results that have a point."""
        return self.spots.pointed & self.result

    @property
    def is_small(self) -> bool:
        """Whether all its points can be sent at once."""
        return len(self.result) <= ALL_AT_ONCE and sum(len(spot.held) for spot in self.points) <= ALL_AT_ONCE

    def at(self, name: str) -> tuple[Territory, BitMap] | None:
        """The place and the results of a point that ``Spot.named`` tells; None when none stands there any more.

        Raises ``ValueError``: it tells no point.
        """
        latitude, comma, longitude = name.partition(",")
        try:
            if not comma:
                place = Territory.objects.select_related("commune").by_key(name)
                return place, self.spots.plain.get(place.pk, BitMap()) & self.result
            point = float(latitude), float(longitude)
        except Territory.DoesNotExist as error:
            raise ValueError(name) from error
        if not all(map(isfinite, point)):
            raise ValueError(name)
        band = self.spots.own.between(point[0], point[0])
        rows = [row for row in band if row[1] == point[1] and row[3] in self.result]
        if not rows:
            return None
        return Territory.objects.select_related("commune").get(pk=rows[0][2]), BitMap(row[3] for row in rows)

    def based_in(self, territory) -> int:
        """How many the list of this territory would hold (``list_of``)."""
        places = self.spots.geography.meeting(territory.pk, territory.kind).based
        held = BitMap.union(BitMap(), *(self.spots.sites[place] for place in self.spots.sites.keys() & places))
        return self._count_of_list(held)

    def by_name(self, held: BitMap, start: int, count: int) -> list[Card]:
        """Some of these results, with what a card says."""
        snapshot = self.found.asked.live.snapshot
        if snapshot:
            keys = snapshot.orders["nom"].take(held, start, count)
        else:
            named = Initiative.objects.published().filter(pk__in=held).order_by("sort_key", "pk")
            keys = list(named.values_list("pk", flat=True)[start : start + count])
        return dress(self.found.rows_of(keys), self.found.territories, self.found.distances)

    def ties(self, rows) -> dict[str, list[str]]:
        """Slug of each of these results → the points and territories of the map where it is."""
        above, own = {}, {}
        for row in rows:
            sites = row.sites.all()
            places = {
                place for site in sites for place in (site.territory_id, *self._above(site.territory_id)) if place
            }
            above[row.slug] = places
            own[row.slug] = [
                f"{round(site.latitude, PRECISION)},{round(site.longitude, PRECISION)}"
                for site in sites
                if site.latitude is not None
            ]
        named = self.named(set().union(*above.values()))
        return {slug: sorted(named[place].key for place in places) + own[slug] for slug, places in above.items()}

    def _above(self, place):
        commune, epci, department, _ = self.spots.geography.above(place)
        return commune, epci, department

    def named(self, keys) -> dict[int, Named]:
        return self.spots.geography.named(keys)


def level_at(zoom: int) -> str:
    """What areas are at this zoom: the larger, the farther."""
    return next(level for start, level in reversed(LEVEL_FROM) if zoom >= start)


def data(mapped: Mapped, box: Box | None = None, zoom: int = 0) -> dict:
    """What an interactive map shows of a search, as ``/carte/points.json`` tells it.

    ``total`` = ``places`` + ``sans_lieu``, in fiches: those that are shown, once each, and those that no point of this
    answer shows. With a ``box``, only what is in it is listed; the numbers are those of the whole search. A point lists
    its fiches (ranks in ``fiches``), so that they can be counted once when points are grouped; or their number, for a
    point that stands alone.
    """
    if mapped.is_small:
        return _numbers(mapped, mapped.placed) | {"forme": "tout"} | _listed(mapped, mapped.points, _all)
    is_view = box and zoom >= POINTS_FROM and box.east - box.west <= WIDEST_VIEW
    spots = mapped.points_in(box) if is_view else None
    if spots is not None and sum(map(_told, spots)) + len(spots) <= MOST_POINTS:
        return _numbers(mapped, mapped.placed) | {"forme": "vue"} | _listed(mapped, spots, _told)
    level = level_at(zoom)
    areas = mapped.areas(level, box if level == "commune" else None)
    listed = [[*_rounded(area), area.count, area.name, area.key] for area in areas]
    return _numbers(mapped, mapped.shown_by(level)) | {"forme": level, "points": listed}


def _all(spot) -> int:
    return len(spot.held)


def _told(spot) -> int:
    """How many fiches a point names in a view; none when they are many, or all those of a commune."""
    return len(spot.held) if spot.is_own and len(spot.held) <= MOST_TOLD else 0


def _listed(mapped, spots, told):
    places = mapped.named(spot.place for spot in spots)
    told_of = BitMap.union(BitMap(), *(spot.held for spot in spots if told(spot)))
    published = Initiative.objects.published().filter(pk__in=told_of).order_by()
    slugs = dict(published.values_list("pk", "slug"))
    rank = {pk: number for number, pk in enumerate(slugs)}
    points = [
        [
            *_rounded(spot),
            [rank[pk] for pk in spot.held if pk in rank] if told(spot) else len(spot.held),
            place_name(places[spot.place]),
            spot.named(places[spot.place]),
        ]
        for spot in spots
    ]
    return {"fiches": [*slugs.values()], "points": points}


def _numbers(mapped, shown):
    return {"total": mapped.total, "places": len(shown), "sans_lieu": mapped.total - len(shown)}


def _rounded(point):
    return round(point.longitude, 5), round(point.latitude, 5)
