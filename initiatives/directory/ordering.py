"""Orders of fiches kept ready: a page is taken from any set of fiches without sorting it."""

from array import array
from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyroaring import BitMap

SIZE = 1024


@dataclass(frozen=True)
class Block:
    """Fiches that follow one another, with their keys, and the same fiches as a set."""

    keys: list | array
    fiches: array
    held: BitMap

    @classmethod
    def of(cls, pairs: list[tuple]) -> "Block":
        """From ``(key, fiche)`` pairs in order: numbers weigh less in arrays, which the processes share too."""
        keys = [key for key, _ in pairs]
        if keys and not isinstance(keys[0], str):
            keys = array("q" if isinstance(keys[0], int) else "d", keys)
        fiches = array("I", [fiche for _, fiche in pairs])
        return cls(keys, fiches, BitMap(fiches))

    @property
    def pairs(self) -> list[tuple]:
        return list(zip(self.keys, self.fiches, strict=True))

    @property
    def first(self) -> tuple:
        return self.keys[0], self.fiches[0]


class Order:
    """Fiches in one order, in blocks: those that come before the page asked for are counted, not walked.

    Never changed once made: ``with_changes`` gives another, that shares the blocks that are the same.
    """

    def __init__(self, blocks: list[Block]):
        self.blocks = blocks

    @classmethod
    def of(cls, pairs: Iterable[tuple]) -> "Order":
        """From ``(key, fiche)`` pairs, their keys texts, integers or decimals, all alike."""
        pairs = sorted(pairs)
        return cls([Block.of(pairs[start : start + SIZE]) for start in range(0, len(pairs), SIZE)])

    def with_changes(self, gone: Iterable[int], come: Iterable[tuple]) -> "Order":
        """Less some fiches, with some others."""
        gone = BitMap(gone)
        blocks = [
            Block.of([pair for pair in block.pairs if pair[1] not in gone]) if block.held.intersect(gone) else block
            for block in self.blocks
        ]
        blocks = [block for block in blocks if block.fiches]
        for pair in come:
            place = max(0, bisect_right(blocks, pair, key=lambda block: block.first) - 1)
            pairs = blocks[place].pairs if blocks else []
            insort(pairs, pair)
            halves = [pairs] if len(pairs) <= 2 * SIZE else [pairs[:SIZE], pairs[SIZE:]]
            blocks[place : place + 1] = [Block.of(half) for half in halves]
        return Order(blocks)

    def take(self, wanted: BitMap, start: int, count: int, first: int | None = None) -> list[int]:
        """``count`` of the wanted fiches from the ``start``-th on. ``first``: the key that the turn begins at."""
        page, count = [], min(count, len(wanted) - start)
        for block in self._turn(first) if count > 0 else ():
            among = wanted & block.held
            if start >= len(among):
                start -= len(among)
                continue
            page += [fiche for fiche in block.fiches if fiche in among][start : start + count - len(page)]
            start = 0
            if len(page) == count:
                break
        return page

    def _turn(self, first) -> Iterator[Block]:
        """The blocks from the one that holds ``first``, which is cut in two: its end comes first, its head last."""
        if first is None or not self.blocks:
            yield from self.blocks
            return
        place = max(0, bisect_right(self.blocks, (first,), key=lambda block: block.first) - 1)
        pairs = self.blocks[place].pairs
        cut = bisect_right(pairs, (first,))
        yield Block.of(pairs[cut:])
        yield from self.blocks[place + 1 :]
        yield from self.blocks[:place]
        yield Block.of(pairs[:cut])
