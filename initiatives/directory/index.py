"""The directory in memory: for each value of each criterion, the set of published fiches that carry it (bitmaps).

Derived from the database and never a source of truth. A snapshot never changes: what changed since gives another one,
that shares the rest, so that threads read without a lock. Whoever asks first reads the directory's version.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from pyroaring import BitMap

from initiatives.directory import fulltext
from initiatives.directory.criteria import CRITERIA, Bound, Values
from initiatives.directory.geography import Geography
from initiatives.directory.ordering import Order
from initiatives.directory.postings import Postings
from initiatives.directory.spots import OwnPoints, Spots, own_row
from initiatives.models import Initiative, Site
from initiatives.models.initiative import DAILY_RANKS, DAILY_STEP
from initiatives.models.vocabulary import NEAR, Presence

CARRIED = [criterion for criterion in CRITERIA if isinstance(criterion, (Values, Bound))]


@dataclass(frozen=True)
class Around:
    """The fiches that concern a territory, before one reason is kept for each."""

    based: BitMap
    acting: BitMap
    wider: BitMap


@dataclass(frozen=True)
class Snapshot:
    """Published fiches as they were at a version of the directory, for a day."""

    version: int
    day: date
    geography: Geography
    everything: BitMap
    carried: dict[str, dict[object, BitMap]]
    sites: dict[int, BitMap]
    plain: dict[int, BitMap]  # of those, the sites that have no point but that of their place
    own_points: OwnPoints
    coverages: dict[int, BitMap]
    orders: dict[str, Order]
    postings: Postings | None = None  # None while words are asked to the database
    _around: dict = field(default_factory=dict)

    @classmethod
    def build(cls, version: int, day: date, geography: Geography) -> "Snapshot":
        """From the whole database, read after its version was: what changes meanwhile is read again next time."""
        empty = cls(version, day, geography, BitMap(), defaultdict(dict), {}, {}, OwnPoints.of([]), {}, {})
        return empty._with(None, BitMap(), [criterion.name for criterion in CARRIED])

    def refreshed(self, version: int, day: date) -> "Snapshot":
        """With what changed since, and what the new day changes."""
        changed = Initiative.objects.filter(directory_version__gt=self.version).order_by()
        touched = BitMap(changed.values_list("pk", flat=True))
        snapshot = replace(self, version=version, day=day, _around={})
        if touched:
            snapshot = snapshot._with(list(touched), touched, [criterion.name for criterion in CARRIED])
        if day != self.day:
            snapshot = snapshot._with_day()
        return snapshot

    def with_postings(self) -> "Snapshot":
        """With the words of its fiches, that take longer to read than all the rest."""
        return replace(self, postings=Postings.build(fulltext.rows(self.everything)), _around={})

    # What a search asks

    def carrying(self, criterion: str, values: Iterable) -> BitMap:
        """The fiches that carry one of these values."""
        bitmaps = self.carried[criterion]
        return BitMap.union(*(bitmaps.get(value, BitMap()) for value in values))

    def bounded(self, criterion: Bound, value) -> BitMap:
        """The fiches on the right side of a bound."""
        bitmaps = self.carried[criterion.name].items()
        return BitMap.union(BitMap(), *(held for carried, held in bitmaps if criterion.accepts(carried, value)))

    def based_in(self, places: Iterable[int]) -> BitMap:
        """The fiches that have a site in one of these communes or districts."""
        return BitMap.union(BitMap(), *(self.sites[place] for place in self.sites.keys() & places))

    def concerning(self, territories, km: int = 0) -> dict[str, BitMap]:
        """The fiches that concern any of these territories, each under its only reason (``Presence`` or ``NEAR``)."""
        around = [self._around_of(territory) for territory in territories]
        based = BitMap.union(BitMap(), *(item.based for item in around))
        acting = BitMap.union(BitMap(), *(item.acting for item in around)) - based
        near = self.based_in(self.geography.near(territories, km)) - based - acting
        wider = BitMap.union(BitMap(), *(item.wider for item in around)) - based - acting - near
        reasons = {Presence.BASED: based, Presence.ACTS: acting, NEAR: near, Presence.WIDER: wider}
        return {str(reason): held for reason, held in reasons.items()}

    def _around_of(self, territory) -> Around:
        if territory.pk not in self._around:
            meeting = self.geography.meeting(territory.pk, territory.kind)
            self._around[territory.pk] = Around(
                self.with_a_site if meeting.based is None else self.based_in(meeting.based),
                self._covering(self.coverages if meeting.acting is None else meeting.acting),
                self._covering(meeting.wider),
            )
        return self._around[territory.pk]

    def _covering(self, territories):
        return BitMap.union(BitMap(), *(self.coverages[key] for key in self.coverages.keys() & territories))

    @cached_property
    def with_a_site(self) -> BitMap:
        return BitMap.union(BitMap(), *self.sites.values())

    @cached_property
    def spots(self) -> Spots:
        """Where its fiches stand, for maps."""
        return Spots(self.sites, self.plain, self.own_points, self.geography)

    @property
    def turn(self) -> tuple:
        """Key that the daily rotation begins at: ``(daily_rank + shift) % DAILY_RANKS`` in increasing order."""
        return (DAILY_RANKS - self.day.toordinal() * DAILY_STEP % DAILY_RANKS,)

    # How it is made

    def _with(self, keys: list[int] | None, touched: BitMap, names: list[str]) -> "Snapshot":
        """With these fiches read again (None: all of them), for these criteria."""
        rows = Initiative.objects.published().order_by()
        if keys is not None:
            rows = rows.filter(pk__in=keys)
        read = list(rows.values_list("pk", "sort_key", "published_at", "checked_on", "daily_rank").iterator(5000))
        come = BitMap([row[0] for row in read])
        sites = Site.objects.order_by().values_list("territory", "initiative", "latitude", "longitude")
        coverages = Initiative.coverage.through.objects.order_by().values_list("territory", "initiative")
        if keys is not None:
            sites, coverages = sites.filter(initiative__in=keys), coverages.filter(initiative__in=keys)
        sites = [row for row in sites.iterator(5000) if row[1] in come]
        carried = dict(self.carried)
        for criterion in CARRIED:
            if criterion.name in names:
                pairs = ((value, key) for key, value in criterion.pairs(keys, self.day))
                carried[criterion.name] = self._carried(criterion, pairs, touched, come)
        return replace(
            self,
            everything=(self.everything - touched) | come,
            carried=carried,
            sites=_patched(self.sites, touched, (row[:2] for row in sites), come),
            plain=_patched(self.plain, touched, (row[:2] for row in sites if row[2] is None), come),
            own_points=self.own_points.with_changes(touched, (own_row(*row) for row in sites if row[2] is not None)),
            coverages=_patched(self.coverages, touched, coverages.iterator(5000), come),
            orders=self._reordered(touched, read),
            postings=self.postings and self.postings.with_changes(touched),
            _around={},
        )

    def _with_day(self):
        """What depends on the day is read again, of all fiches."""
        carried = dict(self.carried)
        for criterion in CARRIED:
            if criterion.by_day:
                pairs = ((value, key) for key, value in criterion.pairs(None, self.day))
                carried[criterion.name] = _patched({}, BitMap(), pairs, self.everything)
        return replace(self, carried=carried)

    def _carried(self, criterion, pairs, touched, come):
        unknown = getattr(criterion, "unknown", "")
        known = {value: held for value, held in self.carried.get(criterion.name, {}).items() if value != unknown}
        bitmaps = _patched(known, touched, pairs, come)
        if unknown:
            everything = (self.everything - touched) | come
            bitmaps[unknown] = everything - BitMap.union(BitMap(), *bitmaps.values())
        return bitmaps

    def _reordered(self, touched, read):
        keys = {
            "nom": [(name, pk) for pk, name, *_ in read],
            "recentes": [(-published.timestamp(), pk) for pk, _, published, *_ in read],
            "verifiees": [(-checked.toordinal() if checked else 0, pk) for pk, _, _, checked, _ in read],
            "jour": [(rank, pk) for pk, *_, rank in read],
        }
        if not self.orders:
            return {name: Order.of(pairs) for name, pairs in keys.items()}
        return {name: self.orders[name].with_changes(touched, pairs) for name, pairs in keys.items()}


def _patched(bitmaps, touched, pairs, come):
    """The same bitmaps less the fiches touched, with the (value, fiche) pairs of those that come."""
    patched = {value: held - touched if held.intersect(touched) else held for value, held in bitmaps.items()}
    added = defaultdict(list)
    for value, fiche in pairs:
        added[value].append(fiche)
    for value, fiches in added.items():
        patched[value] = patched.get(value, BitMap()) | (BitMap(fiches) & come)
    return {value: held for value, held in patched.items() if held}
