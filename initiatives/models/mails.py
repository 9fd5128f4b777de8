"""Questions about the mails that wait, are sent or cannot be: rows of django-post-office."""

from datetime import datetime

from django.db.models import Q, QuerySet
from post_office.models import STATUS, Email


def due_mails(at: datetime) -> QuerySet:
    """What is to be sent now, first what somebody waits for, then what was queued first."""
    return _due_since(at, Q(scheduled_time=None)).order_by("-priority", "pk")


def mails_due_before(at: datetime) -> QuerySet:
    """What ought to have left before that moment, and has not."""
    return _due_since(at, Q(scheduled_time=None, created__lte=at))


def _due_since(at, never_tried):
    waiting = Email.objects.filter(status__in=[STATUS.queued, STATUS.requeued])
    return waiting.filter(never_tried | Q(scheduled_time__lte=at))


def mails_given_up() -> QuerySet:
    """What was refused for days, and is tried no more; without what the team has left at that (``expires_at``)."""
    return Email.objects.filter(status=STATUS.failed, expires_at=None)


def mails_given_up_since(at: datetime) -> QuerySet:
    """What was refused until it was given up, since that moment."""
    return mails_given_up().filter(last_updated__gte=at)
