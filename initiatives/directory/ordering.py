"""Orders of fiches kept ready: a page is taken from any set of fiches without sorting it."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyroaring import BitMap

SIZE = 1024


@dataclass(frozen=True)
class Block:
    """Fiches that follow one another: ``(key…, fiche)`` pairs sorted, and the same fiches as a set."""

    pairs: list[tuple]
    held: BitMap

    @classmethod
    def of(cls, pairs):
        return cls(pairs, BitMap([pair[-1] for pair in pairs]))


class Order:
    """Fiches in one order, in blocks: those that come before the page asked for are counted, not walked.

    Never changed once made: ``with_changes`` gives another, that shares the blocks that are the same.
    """

    def __init__(self, blocks: list[Block]):
        self.blocks = blocks

    @classmethod
    def of(cls, pairs: Iterable[tuple]) -> "Order":
        """From ``(key…, fiche)`` pairs, their keys comparable."""
        pairs = sorted(pairs)
        return cls([Block.of(pairs[start : start + SIZE]) for start in range(0, len(pairs), SIZE)])

    def with_changes(self, gone: Iterable[int], come: Iterable[tuple]) -> "Order":
        """Less some fiches, with some others."""
        gone = BitMap(gone)
        blocks = [
            Block.of([pair for pair in block.pairs if pair[-1] not in gone]) if block.held.intersect(gone) else block
            for block in self.blocks
        ]
        blocks = [block for block in blocks if block.pairs] or [Block.of([])]
        for pair in come:
            place = max(0, bisect_right(blocks, pair, key=lambda block: block.pairs[:1] and block.pairs[0] or ()) - 1)
            pairs = list(blocks[place].pairs)
            insort(pairs, pair)
            halves = [pairs] if len(pairs) <= 2 * SIZE else [pairs[:SIZE], pairs[SIZE:]]
            blocks[place : place + 1] = [Block.of(half) for half in halves]
        return Order([block for block in blocks if block.pairs])

    def take(self, wanted: BitMap, start: int, count: int, first: tuple = ()) -> list[int]:
        """``count`` of the wanted fiches from the ``start``-th on. ``first``: the key that the turn begins at."""
        page = []
        for block in self._turn(first):
            among = wanted & block.held
            if start >= len(among):
                start -= len(among)
                continue
            page += [pair[-1] for pair in block.pairs if pair[-1] in among][start : start + count - len(page)]
            start = 0
            if len(page) == count:
                break
        return page

    def _turn(self, first) -> Iterator[Block]:
        """The blocks from the one that holds ``first``, which is cut in two: its end comes first, its head last."""
        if not first or not self.blocks:
            yield from self.blocks
            return
        place = max(0, bisect_right(self.blocks, first, key=lambda block: block.pairs[0]) - 1)
        cut = bisect_right(self.blocks[place].pairs, first)
        yield Block.of(self.blocks[place].pairs[cut:])
        yield from self.blocks[place + 1 :]
        yield from self.blocks[:place]
        yield Block.of(self.blocks[place].pairs[:cut])
