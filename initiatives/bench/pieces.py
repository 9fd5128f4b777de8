"""The parts of a page, each alone: counts of facets, words, the index and how it is made."""

import time
from collections import deque
from urllib.parse import urlsplit

from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from initiatives.bench.timing import timed
from initiatives.directory import fulltext, live
from initiatives.directory.facets import facets_of
from initiatives.directory.filters import InitiativeFilter
from initiatives.directory.index import CARRIED, DAY_OF, ORDERED, OWN, Snapshot
from initiatives.directory.postings import Postings
from initiatives.directory.search import search
from initiatives.models import Initiative, Site, record_change

PATIENCE = 120


def answers(url):
    """The search of an address, ready to answer."""
    return search(InitiativeFilter(QueryDict(urlsplit(url).query), Initiative.objects.published()))


def facets(url):
    """A function that counts every value of every facet of a search."""
    found = answers(url)
    return lambda: facets_of(found, found.presence_counts() if found.territories else {})


def words(url):
    """A function that finds what the words of a search find."""
    return lambda: answers(url).total


def wait_for_index() -> bool:
    """Whether the index answers, words too, once it has had the time to be made."""
    until = time.monotonic() + PATIENCE
    while True:
        snapshot = live.current(_today()).snapshot
        if snapshot and snapshot.postings:
            return True
        if live.holder.failure or time.monotonic() > until:
            return False
        time.sleep(0.1)


def making_of_index() -> dict:
    """Milliseconds to read its rows, to make it from them, to make the postings of words."""
    today = _today()
    held = live.current(today)
    return {
        "read": timed(lambda: _read_rows(today)),
        "build": timed(lambda: Snapshot.build(held.version, today, held.geography)),
        "postings": timed(lambda: Postings.build(fulltext.rows())),
    }


def refresh_after_publication() -> float:
    """Milliseconds to bring the index in step once one fiche has changed. Writes: for a throw-away database only."""
    changed = Initiative.objects.published().order_by("pk").values_list("pk", flat=True)[:1]
    record_change(list(changed))
    return timed(lambda: live.current(_today()))


def engine() -> str:
    version = connection.Database.sqlite_version if connection.vendor == "sqlite" else _postgresql_version()
    return f"{connection.display_name} {version}"


def _postgresql_version():
    number = connection.pg_version
    return f"{number // 10000}.{number % 10000}"


def _read_rows(today):
    """The questions of ``Snapshot.build``, and nothing done with their answers."""
    columns = [column.removesuffix(DAY_OF) for column in OWN]
    lines = (Site, Initiative.coverage.through)
    for rows in (
        Initiative.objects.published().order_by().values_list(*ORDERED, *columns).iterator(5000),
        *(model.objects.order_by().values_list("initiative", "territory").iterator(5000) for model in lines),
        *(criterion.pairs(None, today) for criterion in CARRIED if not criterion.column),
    ):
        deque(rows, maxlen=0)


def _today():
    return timezone.localdate()
