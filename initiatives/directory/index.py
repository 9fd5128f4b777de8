"""The directory in memory: for each value of each criterion, the set of published fiches that carry it (bitmaps).

Derived from the database and never a source of truth. A snapshot never changes: what changed since gives another one,
that shares the rest, so that threads read without a lock. Whoever asks first reads the directory's version.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from django.utils import timezone
from pyroaring import BitMap

from initiatives.directory import fulltext
from initiatives.directory.criteria import CRITERIA, Bound, SetOfValues, Values
from initiatives.directory.geography import Geography
from initiatives.directory.ordering import Order
from initiatives.directory.postings import Postings
from initiatives.directory.spots import OwnPoints, Spots, own_row
from initiatives.models import Initiative, Site
from initiatives.models.initiative import DAILY_RANKS, DAILY_STEP
from initiatives.models.vocabulary import NEAR, Presence

CARRIED = [criterion for criterion in CRITERIA if isinstance(criterion, (Values, Bound))]
ORDERED = ("pk", "sort_key", "published_at", "checked_on", "daily_rank")
# Columns of the fiche that criteria read, each once; some hold several values, of some only the day is read.
OWN = tuple(dict.fromkeys(criterion.column for criterion in CARRIED if criterion.column))
SETS = {criterion.column for criterion in CARRIED if isinstance(criterion, SetOfValues)}
DAY_OF = "__date"
# Beyond so many changes everything is read again, which takes no longer.
MANY = 5000
# Territories of which the fiches around are kept: a robot asks for them all.
MOST_KEPT = 512


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
        return cls(version, day, geography, BitMap(), {}, {}, {}, OwnPoints.of([]), {}, {})._with(None, BitMap())

    def refreshed(self, version: int, day: date) -> "Snapshot":
        """With what changed since, and what the new day changes."""
        touched = self.changed_since()
        if len(touched) > MANY:
            return Snapshot.build(version, day, self.geography)
        snapshot = replace(self, version=version, day=day, _around={})
        if touched:
            snapshot = snapshot._with(list(touched), touched)
        if day != self.day:
            snapshot = snapshot._with_day()
        return snapshot

    def changed_since(self) -> BitMap:
        """The fiches, of any status, that changes named since."""
        changed = Initiative.objects.filter(directory_version__gt=self.version).order_by()
        return BitMap(changed.values_list("pk", flat=True))

    def with_postings(self) -> "Snapshot":
        """With the words of its fiches, that take longer to read than all the rest."""
        return replace(self, postings=Postings.build(fulltext.rows()), _around={})

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
            if len(self._around) >= MOST_KEPT:
                self._around.clear()
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
    def turn(self) -> int:
        """Key that the daily rotation begins at: ``(daily_rank + shift) % DAILY_RANKS`` in increasing order."""
        return DAILY_RANKS - self.day.toordinal() * DAILY_STEP % DAILY_RANKS

    # How it is made

    def _with(self, keys: list[int] | None, touched: BitMap) -> "Snapshot":
        """With these fiches read again (None: all of them)."""
        rows = Initiative.objects.published().order_by()
        sites = Site.objects.order_by().values_list("initiative", "territory", "latitude", "longitude")
        coverages = Initiative.coverage.through.objects.order_by().values_list("initiative", "territory")
        if keys is not None:
            rows = rows.filter(pk__in=keys)
            sites, coverages = sites.filter(initiative__in=keys), coverages.filter(initiative__in=keys)
        read = Read(rows)
        sites = [row for row in sites.iterator(5000) if row[0] in read.keys]
        carried = {}
        for criterion in CARRIED:
            added = read.values(criterion) if criterion.column else _grouped(criterion.pairs(keys, self.day))
            carried[criterion.name] = self._carried(criterion, added, touched, read.keys)
        return replace(
            self,
            everything=(self.everything - touched) | read.keys,
            carried=carried,
            sites=_patched(self.sites, touched, _grouped(row[:2] for row in sites), read.keys),
            plain=_patched(self.plain, touched, _grouped(row[:2] for row in sites if row[2] is None), read.keys),
            own_points=self.own_points.with_changes(touched, (own_row(*row) for row in sites if row[2] is not None)),
            coverages=_patched(self.coverages, touched, _grouped(coverages.iterator(5000)), read.keys),
            orders=self._reordered(touched, read),
            postings=self.postings and self.postings.with_changes(touched, fulltext.rows(read.keys, published=False)),
            _around={},
        )

    def _with_day(self):
        """What depends on the day is read again, of all fiches."""
        carried = dict(self.carried)
        for criterion in CARRIED:
            if criterion.by_day:
                added = _grouped(criterion.pairs(None, self.day))
                carried[criterion.name] = _patched({}, BitMap(), added, self.everything)
        return replace(self, carried=carried)

    def _carried(self, criterion, added, touched, come):
        unknown = getattr(criterion, "unknown", "")
        known = dict(self.carried.get(criterion.name, {}))
        known.pop(unknown, None)
        bitmaps = _patched(known, touched, added, come)
        if unknown:
            everything = (self.everything - touched) | come
            bitmaps[unknown] = everything - BitMap.union(BitMap(), *bitmaps.values())
        return bitmaps

    def _reordered(self, touched, read):
        if not self.orders:
            return {name: Order.of(pairs) for name, pairs in read.orders.items()}
        return {name: self.orders[name].with_changes(touched, pairs) for name, pairs in read.orders.items()}


class Read:
    """What some fiches say in their own columns, read in one go: the rows are wide, and going through them is long."""

    def __init__(self, rows):
        self.held = {column: defaultdict(list) for column in OWN}
        self.orders = {"nom": [], "recentes": [], "verifiees": [], "jour": []}
        names, published, checked, ranks = (order.append for order in self.orders.values())
        ways = [(_reading(column), held) for column, held in self.held.items()]
        columns = [column.removesuffix(DAY_OF) for column in OWN]
        for pk, name, published_at, checked_on, rank, *own in rows.values_list(*ORDERED, *columns).iterator(5000):
            names((name, pk))
            published((-published_at.timestamp(), pk))
            checked((-checked_on.toordinal() if checked_on else 0, pk))
            ranks((rank, pk))
            for (reading, held), value in zip(ways, own, strict=True):
                if value is not None:
                    held[reading(value) if reading else value].append(pk)
        self.keys = BitMap([pk for _, pk in self.orders["nom"]])

    def values(self, criterion) -> dict:
        """Value → the fiches that carry it."""
        held = self.held[criterion.column]
        if not isinstance(criterion, SetOfValues):
            return held
        found = defaultdict(list)
        for values, fiches in held.items():
            for value in values:
                found[value] += fiches
        return found


def _reading(column):
    if column.endswith(DAY_OF):
        zone = timezone.get_current_timezone()  # asked once: it takes longer than to convert
        return lambda moment: moment.astimezone(zone).date()
    return tuple if column in SETS else None


def _grouped(pairs):
    """Value → fiches, of (fiche, value) pairs."""
    found = defaultdict(list)
    for fiche, value in pairs:
        found[value].append(fiche)
    return found


def _patched(bitmaps, touched, added, come):
    """The same bitmaps less the fiches touched, with those that come. ``added``: value → fiches."""
    patched = dict(bitmaps)
    for value, held in bitmaps.items() if touched else ():
        if held.intersect(touched):
            patched[value] = held - touched
    for value, fiches in added.items():
        patched[value] = patched.get(value, BitMap()) | (BitMap(fiches) & come)
    for value in [value for value, held in patched.items() if not held]:
        del patched[value]
    return patched
