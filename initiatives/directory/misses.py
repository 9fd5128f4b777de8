"""Searches that find nothing, counted for the team: words and days, nobody. See ``SearchMiss``."""

import datetime
import logging
import re
from functools import partial

from django.db import DatabaseError
from django.db.models import Count, F, Max, Min, Sum

from initiatives.analysis import WORD, analyse_word
from initiatives.models import SearchMiss
from initiatives.words import Query

LOG = logging.getLogger(__name__)

KEPT = datetime.timedelta(days=365)
# So that no robot fills the table.
MOST_A_DAY = 300
LONGEST = SearchMiss._meta.get_field("words").max_length
# An address or a number is somebody's; such a search is not kept.
PERSONAL = re.compile(r"@|(?:\d[\s.-]?){6}")
ROBOTS = re.compile(r"bot|crawl|spider|slurp|preview|curl|wget|python|headless", re.IGNORECASE)


def count_after(response, request, query: Query, day: datetime.date) -> None:
    """Count a search that found nothing, once its page is sent; not that of a robot or of a browser that reads ahead.

    Whatever happens then, the reader has their page.
    """
    if is_asked_by_a_person(request):
        # Django's own list of what to do once an answer is sent; ``close`` of a subclass would do no better.
        response._resource_closers.append(partial(_count_or_log, query, day))


def count_miss(query: Query, day: datetime.date) -> None:
    """One more time, on this day, for what was wanted; the first of a day also forgets what is older than a year."""
    words = told(query)
    if not words:
        return
    today = SearchMiss.objects.filter(day=day)
    if today.filter(words=words).update(count=F("count") + 1):
        return
    known = today.count()
    if known >= MOST_A_DAY:
        return
    if not known:
        purge(day)
    SearchMiss.objects.bulk_create([SearchMiss(day=day, words=words)], ignore_conflicts=True)


def purge(today: datetime.date) -> int:
    """Forget what is older than a year; returns how many rows were."""
    return SearchMiss.objects.filter(day__lt=today - KEPT).delete()[0]


def most_missed(since: datetime.date):
    """What found nothing since then: ``words``, ``times``, ``days``, ``first``, ``last``; most often first."""
    found = SearchMiss.objects.filter(day__gte=since).order_by().values("words")
    found = found.annotate(times=Sum("count"), days=Count("pk"), first=Min("day"), last=Max("day"))
    return found.order_by("-times", "-last", "words")


def told(query: Query) -> str:
    """The words wanted, folded, in their order; "" for what may name somebody."""
    if PERSONAL.search(query.text):
        return ""
    written = [found for word in query.wanted for found in WORD.findall(word.typed)]
    surfaces = [part.surface for found in written for part in analyse_word(found).parts if part.stems]
    return " ".join(surfaces)[:LONGEST].strip()


def is_asked_by_a_person(request) -> bool:
    """Not by a browser that reads ahead, nor by what says that it is a robot."""
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    agent = request.headers.get("User-Agent", "")
    return request.method == "GET" and "prefetch" not in ahead and bool(agent) and not ROBOTS.search(agent)


def _count_or_log(query, day):
    try:
        count_miss(query, day)
    except DatabaseError:
        LOG.warning("A search without results was not counted.", exc_info=True)
