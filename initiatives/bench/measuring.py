"""The measure of one directory: every figure of the report, in this process and on its database."""

import logging
import time
from contextlib import contextmanager
from random import Random
from statistics import median
from urllib.parse import urlencode

from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from initiatives.bench import pieces
from initiatives.bench.memory import memory
from initiatives.bench.queries import Query, typed_places
from initiatives.bench.timing import repeated, spread, timed, without_garbage_collection
from initiatives.bench.visitor import Floor, Visitor
from initiatives.models import Initiative

# A floor between so many pages: both are slowed alike by what else the machine does.
PAGES_A_FLOOR = 4
SEARCHES_ALONE = 50
FEW = 8  # when the database answers, which takes long
SLOWEST = 5


def measure(queries: list[Query], *, passes: int, may_write: bool) -> dict:
    """Everything but the load of several people. ``may_write``: the database is a throw-away one."""
    with _silence():
        visitor = Visitor()
        result = {
            "engine": pieces.engine(),
            "initiatives": Initiative.objects.count(),
            "published": Initiative.objects.published().count(),
            "memory": {"start": memory()},
            "first_page": timed(lambda: visitor.get(reverse("initiatives"))),
        }
        result["indexed"] = pieces.wait_for_index()
        result["memory"]["index"] = memory()
        floor = Floor(visitor, reverse("initiatives"))
        with CaptureQueriesContext(connection) as captured:
            result["bytes"] = len(floor().content)
        result["floor_queries"] = len(captured)
        result |= _warm_up(visitor, queries)
        failed = {fault["url"] for fault in result["faults"]}
        queries = [query for query in queries if query.url not in failed]
        result |= _pages(visitor, queries, floor, passes)
        result["measures"] |= _pieces(visitor, queries, passes, SEARCHES_ALONE if result["indexed"] else FEW)
        result["memory"]["end"] = memory()
        result["index"] = pieces.making_of_index()
        result["index"]["refresh"] = median(pieces.refresh_after_publication() for _ in range(5)) if may_write else None
        return result


def _warm_up(visitor, queries):
    """Every page once, untimed: its queries, or what it answered when it is no page."""
    counts, faults = {}, []
    for query in queries:
        with CaptureQueriesContext(connection) as captured:
            answer = visitor.get(query.url)
        if answer.status == 200:
            counts[query.url] = len(captured)
        else:
            faults.append({"status": answer.status, "url": query.url})
    worst = max(counts, key=counts.get)
    return {
        "queries": {"p50": median(counts.values()), "max": counts[worst], "worst": worst},
        "faults": faults,
    }


def _pages(visitor, queries, floor, passes):
    times, works, floors, floor_works = [[] for _ in queries], [[] for _ in queries], [], []
    asks = [visitor.asking(query.url) for query in queries]
    for number in range(passes):
        order = list(range(len(queries)))
        Random(number).shuffle(order)
        with without_garbage_collection() as collect:
            for count, index in enumerate(order):
                # What was kept of the last pass would make this one too easy.
                for cache in caches.all(initialized_only=True):
                    cache.clear()
                collect()
                _note(asks[index], times[index], works[index])
                if count % PAGES_A_FLOOR == 0:
                    collect()
                    _note(floor, floors, floor_works)
    pages = [median(own) for own in times]
    families = {}
    for query, page in zip(queries, pages, strict=True):
        families.setdefault(query.family, []).append(page)
    slowest = sorted(zip(pages, queries, strict=True), key=lambda pair: -pair[0])[:SLOWEST]
    return {
        "floor": median(floors),
        "floor_work": median(floor_works),
        # The floor only computes: had it always had a core to itself, this would be 1.
        "quiet": min(1, sum(floor_works) / sum(floors)),
        "measures": {"page": spread(pages), "work": spread([median(own) for own in works])},
        "families": {family: spread(own) for family, own in families.items()},
        "slowest": [{"ms": page, "url": query.url} for page, query in slowest],
    }


def _note(work, times, works):
    """Milliseconds that it took, and those of processor, that a busy machine hardly changes; the database's own apart
    when it is a server."""
    before = time.process_time()
    times.append(timed(work))
    works.append((time.process_time() - before) * 1000)


def _pieces(visitor, queries, passes, count):
    """The parts alone; None for one that the site does not have."""
    drawn = Random("parties").sample(queries, min(count, len(queries)))
    with_words = [query for query in queries if query.family == "words"][:count]
    place = reverse("suggested_places")
    typed = [f"{place}?{urlencode({'q': words})}" for words in typed_places()]
    return {
        "facets": spread([repeated(pieces.facets(query.url), passes) for query in drawn]),
        "words": spread([repeated(pieces.words(query.url), passes) for query in with_words]),
        "suggestions": spread([repeated(visitor.asking(url), passes) for url in typed]),
        "unchanged": spread(_unchanged(visitor, drawn, passes)),
        "points": spread(_elsewhere(visitor, "map_points", drawn, passes)),
    }


def _elsewhere(visitor, route, queries, passes):
    """Times of the same searches at another address; none when the site does not have it, or gives no answer."""
    try:
        path = reverse(route)
    except NoReverseMatch:
        return []
    times = []
    for query in queries:
        kept = [(name, value) for name, value in query.parameters if name not in ("tri", "page", "par_page")]
        ask = visitor.asking(f"{path}?{urlencode(kept)}")
        if ask().status == 200:
            times.append(repeated(ask, passes))
    return times


def _unchanged(visitor, queries, passes):
    """Times of the answer to who has the page already, none when the site sends it again. Some pages have no tag."""
    times = []
    for query in queries:
        if tag := visitor.get(query.url).headers.get("ETag"):
            again = visitor.asking(query.url, if_none_match=tag)
            if again().status != 304:
                return []
            times.append(repeated(again, passes))
    return times


@contextmanager
def _silence():
    """No line of log for each page: what a terminal costs is not the site's."""
    previous = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(previous)
