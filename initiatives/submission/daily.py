"""What the site does by itself once a day: one list, and the memory of what was done.

Each task is its own transaction, with the note that it was done: a kill undoes the one that it interrupts, and the
next worker begins with it. Two workers who come at once wait for each other on the note.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from initiatives.models import DailyTask
from initiatives.submission.digest import send_digest
from initiatives.submission.mailing import purge_mails
from initiatives.submission.purging import purge_expired
from initiatives.submission.rechecks import ask_owners

# From which hour of the day, in France: what it writes to people is read in the morning.
FROM_HOUR = 6
# How long a task that failed is left alone.
PAUSE = timedelta(minutes=10)

log = logging.getLogger(__name__)


def remove_old_mails(*, today: date, at: datetime) -> None:
    purge_mails(at)


def ask_owners_again(*, today: date, at: datetime) -> None:
    ask_owners(at)


def forget_what_expired(*, today: date, at: datetime) -> None:
    for name, count in purge_expired(at):
        if count:
            log.info("Purged: %s, %d.", name, count)


# Each one is called with ``today`` (the day that it is done for) and ``at`` (now), inside a transaction, and is known
# by its name: renamed, it is done once more that day.
DAILY = [remove_old_mails, ask_owners_again, forget_what_expired, send_digest]
# Long ones, that make a transaction of each of their steps and lose nothing when they are done twice.
IN_STEPS = {ask_owners_again, forget_what_expired}


class Days:
    """A worker's round of the daily tasks. Cheap to ask every second: the database is asked when a day begins."""

    def __init__(self, tasks: list[Callable] = DAILY):
        self._tasks = tasks
        self._done_for = None
        self._not_before = None

    def do_what_is_due(self, at: datetime, ending: bool = False) -> None:
        """Do what was not done yet for today; before the hour, for yesterday. What fails is logged and tried again."""
        day = due_day(at)
        if self._done_for == day or (self._not_before and at < self._not_before):
            return
        self._not_before = None
        _make_notes(self._tasks, day)
        for task in self._tasks:
            if ending:
                return
            try:
                if do_once(task, today=day, at=at):
                    log.info("Daily task %s done.", task.__name__)
            except Exception:
                log.exception("Daily task %s failed.", task.__name__)
                self._not_before = at + PAUSE
        if not self._not_before:
            self._done_for = day


def due_day(at: datetime) -> date:
    """The last day whose hour has come."""
    now = timezone.localtime(at)
    return now.date() if now.hour >= FROM_HOUR else now.date() - timedelta(days=1)


def do_once(task: Callable, *, today: date, at: datetime) -> bool:
    """Do a task unless it was done for that day; whether it was this call that did it."""
    if task not in IN_STEPS:
        return _do_once(task, today, at)
    if DailyTask.objects.filter(name=task.__name__, done_on__gte=today).exists():
        return False
    task(today=today, at=at)
    DailyTask.objects.filter(name=task.__name__).update(done_on=today)
    return True


@transaction.atomic
def _do_once(task, today, at):
    note = DailyTask.objects.select_for_update().get(name=task.__name__)
    if note.done_on >= today:
        return False
    task(today=today, at=at)
    note.done_on = today
    note.save()
    return True


@transaction.atomic
def _make_notes(tasks, day):
    """A note for each task, as if done the day before: one that fails from its first day is late the next."""
    names = [task.__name__ for task in tasks]
    DailyTask.objects.exclude(name__in=names).delete()
    new = [DailyTask(name=name, done_on=day - timedelta(days=1)) for name in names]
    DailyTask.objects.bulk_create(new, ignore_conflicts=True)
