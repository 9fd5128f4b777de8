"""Words asked to memory: for each atom and field class, the initiatives that hold it, as bitmaps.

A ``Postings`` never changes: threads read it without a lock, and a publication gives a new one that shares nearly all
of it. Beside its large table it has a small one, of the initiatives that changed since the large one was made; what the
large one says of them is masked.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property, reduce
from operator import or_

from pyroaring import BitMap

from initiatives.analysis import BREAK
from initiatives.directory import fulltext
from initiatives.directory.matches import ByClass, Matches, groups_of, matches
from initiatives.models.search_text import CLASSES
from initiatives.words import Query

# An initiative that holds an atom in a class is one number: the class above, the key of the initiative below.
CLASS_BITS = 28
BASES = [place << CLASS_BITS for place in range(len(CLASSES))]
RANGES = [BitMap(range(base, base + (1 << CLASS_BITS))) for base in BASES]
# Fewer weigh less as a plain array than as a bitmap.
MANY = 64
# Initiatives of the small table, before both are made one.
MOST_APART = 200


class Table:
    """Atom → where it stands: a bitmap, or an array when it stands in few places."""

    def __init__(self, entries: dict, ids: BitMap):
        self.entries, self.ids = entries, ids

    @classmethod
    def build(cls, rows: Iterable[tuple]) -> "Table":
        """``rows``: those of ``fulltext.rows``."""
        places, ids = defaultdict(_empty), BitMap()
        for pk, *texts in rows:
            ids.add(pk)
            for text, base in zip(texts, BASES, strict=True):
                for atom in set(text.split()):
                    places[atom].append(base + pk)
        places.pop(BREAK, None)
        entries = {}
        while places:  # each is let go once it is packed: both together would be twice the memory
            atom, found = places.popitem()
            entries[atom] = _packed(found)
        return cls(entries, ids)

    @cached_property
    def surfaces(self) -> list[str]:
        """The words that stand in it, folded, in order."""
        return sorted(atom for atom in self.entries if atom[0] != "=")

    def find(self, atoms: Iterable[str]) -> BitMap:
        """Where any of these atoms stands."""
        return _union([entry for atom in atoms for entry in self._entries(atom)])

    def _entries(self, atom):
        if atom.endswith("*"):
            start = bisect_left(self.surfaces, atom[:-1])
            end = bisect_left(self.surfaces, atom[:-1] + chr(0x10FFFF))
            return [self.entries[surface] for surface in self.surfaces[start:end]]
        return [self.entries[atom]] if atom in self.entries else []

    @cached_property
    def by_length(self) -> dict[int, list[str]]:
        """The same, by their number of letters."""
        lengths = defaultdict(list)
        for surface in self.surfaces:
            lengths[len(surface)].append(surface)
        return lengths

    def joined(self, masked: BitMap, new: "Table") -> "Table":
        """This table without what it says of ``masked``, and with another one; what is in neither is shared."""
        gone_keys = {base + pk for pk in masked for base in BASES}
        gone, entries = BitMap(gone_keys), {}
        for atom, entry in self.entries.items():
            if not (gone if isinstance(entry, BitMap) else gone_keys).isdisjoint(entry):
                entry = _packed((BitMap(entry) - gone).to_array())
            if entry:
                entries[atom] = entry
        for atom, entry in new.entries.items():
            old = entries.get(atom)
            entries[atom] = _packed(_union([old, entry]).to_array()) if old else entry
        return Table(entries, (self.ids - masked) | new.ids)


class Postings:
    """The words of the initiatives of ``ids``."""

    def __init__(self, table: Table, masked: BitMap, apart: dict[int, tuple]):
        self.table, self.masked, self._apart = table, masked, apart
        self._small = Table.build(apart.values())
        self.ids = (table.ids - masked) | self._small.ids

    @classmethod
    def build(cls, rows: Iterable[tuple]) -> "Postings":
        """``rows``: those of ``fulltext.rows``."""
        postings = cls(Table.build(rows), BitMap(), {})
        postings.table.surfaces  # noqa: B018 - sorted now, in whichever thread builds
        return postings

    def with_changes(self, initiative_ids: Iterable[int], rows: Iterable[tuple] | None = None) -> "Postings":
        """The same, once these initiatives are read again; those that are published no more are gone.

        ``rows``: theirs; read from the database when they are not given.
        """
        changed = BitMap(initiative_ids)
        rows = fulltext.rows(changed) if rows is None else rows
        apart = {pk: row for pk, row in self._apart.items() if pk not in changed} | {row[0]: row for row in rows}
        masked = self.masked | (changed & self.table.ids)
        if len(apart) <= MOST_APART:
            return Postings(self.table, masked, apart)
        postings = Postings(self.table.joined(masked, Table.build(apart.values())), BitMap(), {})
        postings.table.surfaces  # noqa: B018
        return postings

    def match(self, query: Query) -> Matches:
        """Those that answer a query; phrases are asked to the database, among those that hold their words."""
        groups = groups_of(query)
        with_phrases = [group for group in groups if any(" " in atom for atom in group) and self._may_hold(group)]
        asked = fulltext.find(with_phrases) if with_phrases else {}

        def find(group):
            if group in asked:
                return tuple(found & self.ids for found in asked[group])
            return self.find(group)

        return matches(query, find, lambda: self.ids)

    def find(self, group: tuple[str, ...]) -> ByClass:
        """What a group of atoms finds, by class; phrases apart, which only the database knows."""
        atoms = [atom for atom in group if " " not in atom]
        large = _by_class(self.table.find(atoms))
        if self.masked:
            large = tuple(found - self.masked for found in large)
        return tuple(map(or_, large, _by_class(self._small.find(atoms)))) if self._apart else large

    def of_length(self, letters: int) -> list[str]:
        """Words of so many letters; some may stand only in fiches that are gone."""
        return [*self.table.by_length.get(letters, ()), *self._small.by_length.get(letters, ())]

    def holding(self, surface: str) -> BitMap:
        """The initiatives where a word, folded, stands."""
        return reduce(or_, self.find((surface,)))

    def _may_hold(self, group):
        """Whether the words of one of its phrases all stand somewhere together, or it holds something else."""
        for atom in group:
            if " " not in atom:
                return True
            if BitMap.intersection(*map(self.holding, atom.split(" "))):
                return True
        return False


def _empty():
    return array("I")


def _packed(places: array) -> array | BitMap:
    """As small as may be."""
    if len(places) < MANY:
        return places[:]  # without the room left to grow
    bitmap = BitMap(places)
    bitmap.run_optimize()
    bitmap.shrink_to_fit()
    return bitmap


def _union(entries) -> BitMap:
    bitmaps, few = [], array("I")
    for entry in entries:
        if isinstance(entry, BitMap):
            bitmaps.append(entry)
        else:
            few.extend(entry)
    if few:
        bitmaps.append(BitMap(few))
    return BitMap.union(*bitmaps) if bitmaps else BitMap()


def _by_class(places: BitMap) -> ByClass:
    return tuple((places & within).shift(-base) for base, within in zip(BASES, RANGES, strict=True))
