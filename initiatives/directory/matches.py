"""From what each word finds to an answer in order: the same sets and the same order, whoever looked the words up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_

from pyroaring import BitMap

from initiatives.models.search_text import CLASSES
from initiatives.words import Query

# What an atom, a group or a word finds: the initiatives of each field class, in the order of ``CLASSES``.
ByClass = tuple[BitMap, ...]
NOTHING: ByClass = tuple(BitMap() for _ in CLASSES)


@dataclass(frozen=True)
class Matches:
    """The initiatives that answer a query. ``buckets``: the same, the most relevant first; within one, by name."""

    ids: BitMap
    buckets: list[BitMap] = field(repr=False)


def groups_of(query: Query) -> list[tuple[str, ...]]:
    """Every group of atoms that must be looked up, each once."""
    words = query.wanted + query.excluded
    return list(dict.fromkeys(group for word in words for way in word.ways for group in way))


def matches(query: Query, find: Callable, everything: Callable) -> Matches:
    """``find``: what a group of atoms finds, by class. ``everything``: where a query without a wanted word looks."""
    wanted = [_word(word, find) for word in query.wanted]
    ids = reduce(and_, (_union(found) for found in wanted)) if wanted else everything()
    for word in query.excluded:
        ids = ids - _union(_word(word, find))
    return Matches(ids, _buckets(ids, wanted))


def _word(word, find):
    """Any of its ways; what was typed may stand here and there, what means the same must stand in one class."""
    ways = [_way(way, find, may_spread=number == 0) for number, way in enumerate(word.ways)]
    return tuple(map(_union, zip(*ways, strict=True))) if ways else NOTHING


def _way(way, find, *, may_spread):
    """All its groups, in one class; or else wherever they stand, in the class of the one that stands furthest."""
    first, *others = [find(group) for group in way]
    if not others:
        return first
    together = tuple(reduce(and_, found) for found in zip(first, *others, strict=True))
    if not may_spread:
        return together
    so_far, reached, spread = [BitMap() for _ in way], BitMap(), []
    for found in zip(first, *others, strict=True):
        so_far = [before | now for before, now in zip(so_far, found, strict=True)]
        all_here = reduce(and_, so_far)
        spread.append(all_here - reached)
        reached = all_here
    return tuple(here | there for here, there in zip(together, spread, strict=True))


def _buckets(ids, wanted):
    """By the best class that a word stands in, then by how many words stand in it, the most first."""
    if not wanted:
        return [ids] if ids else []
    buckets, left = [], ids
    for found_in_class in zip(*wanted, strict=True):
        at_least = [left] + [BitMap() for _ in wanted]
        for rank, found in enumerate(found_in_class, 1):
            for count in range(rank, 0, -1):
                at_least[count] = at_least[count] | (at_least[count - 1] & found)
        for count in range(len(wanted), 0, -1):
            more = at_least[count + 1] if count < len(wanted) else BitMap()
            if bucket := at_least[count] - more:
                buckets.append(bucket)
        left = left - at_least[1]
    return buckets


def _union(bitmaps):
    return reduce(or_, bitmaps)
