"""What calls cost at any depth: the memory that they map, counted."""

import resource
from concurrent.futures import ThreadPoolExecutor

from initiatives.stack import with_room

TURNS = 400


def negated(number):
    return -number


def turn(depth):
    """A loop of calls, so many calls deep."""
    if depth:
        return turn(depth - 1)
    return [negated(number) for number in range(TURNS)]


def most_faults(function):
    """Memory mapped by a loop, where it is worst; in a thread, whose calls begin in a chunk of their own."""

    def measure():
        worst = 0
        for depth in [*range(200)] * 2:  # what Python takes once is taken the first time
            before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
            function(depth)
            worst = max(worst, resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before)
        return worst

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(measure).result()


def test_a_loop_maps_memory_at_no_depth_when_it_is_given_room():
    assert most_faults(turn) >= TURNS
    assert most_faults(with_room(turn)) < TURNS / 4


def test_what_has_room_is_the_same_function():
    assert with_room(turn)(3) == turn(3)
    assert with_room(turn).__name__ == "turn"
