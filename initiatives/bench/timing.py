"""Times that can be trusted on a machine that others use too: medians of several passes, garbage collected between."""

import gc
import time
from collections.abc import Callable
from contextlib import contextmanager
from statistics import median, quantiles


def timed(work: Callable) -> float:
    """Milliseconds that this takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


@contextmanager
def without_garbage_collection():
    """What is thrown away during a measure is collected between two of them: never in the middle of a page.

    Gives what collects it, quickly: what was there before is left alone. Never to collect would give each page memory
    that was never used, which costs a forked process dear.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield gc.collect
    finally:
        gc.enable()


def repeated(work: Callable, times: int) -> float:
    """The median of several times, after one that does not count."""
    work()
    with without_garbage_collection():
        return median(timed(work) for _ in range(times))


def spread(times: list[float]) -> dict | None:
    """p50, p95, p99 and the longest, in milliseconds; None when nothing was measured."""
    if not times:
        return None
    if len(times) == 1:
        times = times * 2
    cuts = quantiles(times, n=100, method="inclusive")
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(times)}
