"""What the team decides of the mails that were given up: try them again, or leave them."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from post_office.models import STATUS, Email

from initiatives.models import User
from initiatives.models.mails import mails_given_up


@transaction.atomic
def try_again(*, mails: Collection[int], by: User, at: datetime) -> int:
    """Queue them once more, as if they had just been written. How many: the others are given up no more.

    Each keeps its Message-ID, so that who received it after all knows it again.
    """
    return _decide(mails, by, at, "Réessayé", status=STATUS.queued, scheduled_time=None, number_of_retries=0)


@transaction.atomic
def leave(*, mails: Collection[int], by: User, at: datetime) -> int:
    """Nobody tries them any more, and nothing says that they wait. How many: the others were left before."""
    return _decide(mails, by, at, "Classé", expires_at=at)


def _decide(mails, by, at, done, **columns):
    """Mails are no fiches: Django's own log says who did it, without the address of anybody."""
    rows = mails_given_up().filter(pk__in=mails)
    found = list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    Email.objects.filter(pk__in=found).update(last_updated=at, **columns)
    kind = ContentType.objects.get_for_model(Email)
    LogEntry.objects.bulk_create(
        LogEntry(
            user=by,
            content_type=kind,
            object_id=pk,
            object_repr=f"Message {pk}",
            action_flag=CHANGE,
            change_message=done,
            action_time=at,
        )
        for pk in found
    )
    return len(found)
