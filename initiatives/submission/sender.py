"""Sends the mails that wait, ten at a time, and writes down what became of each before it sends the next.

A mail leaves at least once. It leaves twice only when the sender dies, or loses the database, between a server's
« accepted » and its own note of it: that mail alone, with the Message-ID that it was queued with.
"""

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.core import mail
from django.db import transaction
from django.utils import timezone
from post_office.models import STATUS, Email, Log

from initiatives.models.mails import due_mails

BATCH = 10
# How long a refused mail waits before it is tried again: five days in all, then it is given up, and /sante/ says so.
# « For good » is tried again too: it is also what a server says that was badly set up for a day.
WAITS = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15)]
WAITS += [timedelta(hours=hours) for hours in (1, 3, 6, 12, 24, 24, 24, 24)]
MAX_REASON = 1000  # characters

log = logging.getLogger(__name__)


class ServerDown(Exception):
    """The mail server cannot be reached, or does not let us in: no mail is to blame, all wait."""


class Sender:
    """``candidate``: whether we are the sender (``election``). ``ending``: whether to stop. Asked before each."""

    def __init__(self, candidate, ending):
        self._candidate = candidate
        self._ending = ending
        # What the database could not be told: it is told first thing next time, or the mail would be sent again.
        self._untold = {}

    def send_batch(self) -> int:
        """Send at most ten due mails; how many were tried. Raises ``ServerDown``, and ``django.db.Error``."""
        self._tell()
        # Whole, so that a mail is never blamed for a database that went away.
        mails = due_mails(timezone.now()).prefetch_related("attachments")[:BATCH]
        tried = 0
        with Transport() as transport:
            for row in mails:
                if self._ending or not self._candidate.is_elected():
                    break
                self._untold[row.pk] = _send(row, transport)
                self._tell()
                tried += 1
        return tried

    def _tell(self):
        for pk, outcome in [*self._untold.items()]:
            _record(pk, **outcome)
            del self._untold[pk]


class Transport:
    """The way to the mail server: opened for the first mail, opened again after a refusal."""

    def __init__(self):
        self._connection = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def send(self, message):
        """Raises ``ServerDown`` when no mail could leave, anything else when it is this one that could not."""
        if self._connection is None:
            try:
                self._connection = mail.get_connection()
                self._connection.open()
            except Exception as error:
                self.close()
                raise ServerDown(type(error).__name__) from error
        try:
            self._connection.send_messages([message])
        except Exception:
            self.close()
            raise

    def close(self):
        if self._connection:
            with suppress(Exception):
                self._connection.close()
            self._connection = None


def _send(row, transport) -> dict:
    """What became of a mail: what is to be recorded of it."""
    try:
        message = row.email_message()
        # An address may hold a comma, where the row's list is cut.
        message.to = [", ".join(row.to)]
        transport.send(message)
    except ServerDown:
        raise
    except Exception as error:
        return _refused(row, error, timezone.now())
    log.info("Mail %d sent.", row.pk)
    return {"status": STATUS.sent, "at": timezone.now()}


def _refused(row, error, at: datetime) -> dict:
    tries = row.number_of_retries or 0
    told = {"at": at, "kind": type(error).__name__, "reason": _said(error)[:MAX_REASON], "number_of_retries": tries + 1}
    if tries < len(WAITS):
        log.warning("Mail %d not sent: %s. It will be tried again.", row.pk, type(error).__name__)
        return told | {"status": STATUS.requeued, "scheduled_time": at + WAITS[tries]}
    log.error("Mail %d given up: %s.", row.pk, type(error).__name__)
    return told | {"status": STATUS.failed}


def _said(error):
    """What the server answered, as it said it: « 550 5.1.1 Nobody of that name »."""
    match error:
        case SMTPRecipientsRefused():
            return "; ".join(f"{code} {_words(text)}" for code, text in error.recipients.values())
        case SMTPResponseException():
            return f"{error.smtp_code} {_words(error.smtp_error)}"
        case _:
            return str(error)


def _words(text):
    return text.decode(errors="replace") if isinstance(text, bytes) else str(text)


@transaction.atomic
def _record(pk, *, status, at, kind="", reason="", **columns):
    # What is told late may be told after another sender did it.
    waiting = Email.objects.filter(pk=pk, status__in=[STATUS.queued, STATUS.requeued])
    is_there = waiting.update(status=status, last_updated=at, **columns)
    # Of several refusals the last one is kept.
    Log.objects.filter(email=pk).delete()
    if is_there and kind:
        Log.objects.create(email_id=pk, status=STATUS.failed, exception_type=kind, message=reason)
