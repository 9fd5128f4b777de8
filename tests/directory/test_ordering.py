"""Orders kept ready give the pages that sorting would give, whatever comes and goes."""

from random import Random

import pytest
from pyroaring import BitMap

from initiatives.directory import ordering
from initiatives.directory.ordering import Order


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(ordering, "SIZE", 4)


def pairs_of(order):
    return [pair for block in order.blocks for pair in block.pairs]


@pytest.mark.parametrize("kind", [int, str, float])
@pytest.mark.parametrize("seed", range(5))
def test_changes_give_the_order_that_would_be_made(kind, seed):
    draw = Random(seed)
    held = {fiche: kind(draw.randint(-50, 50)) for fiche in range(draw.choice([0, 1, 30, 60]))}
    order = Order.of((key, fiche) for fiche, key in held.items())
    for _ in range(12):
        gone = draw.sample(range(120), draw.choice([0, 1, 20, 90]))
        come = {fiche: kind(draw.randint(-90, 90)) for fiche in draw.sample(gone, len(gone) // 2)}
        before = pairs_of(order)

        changed = order.with_changes(gone, [(key, fiche) for fiche, key in come.items()])

        assert pairs_of(order) == before
        held = {fiche: key for fiche, key in held.items() if fiche not in gone} | come
        assert pairs_of(changed) == sorted((key, fiche) for fiche, key in held.items())
        assert all(0 < len(block.fiches) <= 8 for block in changed.blocks)
        assert [set(block.held) for block in changed.blocks] == [set(block.fiches) for block in changed.blocks]
        order = changed


@pytest.mark.parametrize("seed", range(5))
def test_a_page_is_that_of_the_sorted_list_and_of_its_turn(seed):
    draw = Random(seed)
    keys = {fiche: draw.randint(0, 40) for fiche in range(60)}
    order = Order.of((key, fiche) for fiche, key in keys.items())
    wanted = BitMap(draw.sample(range(60), 25))
    for first in (None, 0, 17, 40, 99):
        turned = sorted(wanted, key=lambda fiche: (first is not None and keys[fiche] < first, keys[fiche], fiche))
        for start in (0, 3, 20, 25, 90):
            assert order.take(wanted, start, 10, first) == turned[start : start + 10], (first, start)


def test_an_order_of_nothing():
    assert Order.of([]).take(BitMap([1]), 0, 10, 5) == []
    assert pairs_of(Order.of([]).with_changes([3], [(2, 1), (1, 3)])) == [(1, 3), (2, 1)]
