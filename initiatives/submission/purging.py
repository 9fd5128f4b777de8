"""What is forgotten by itself once its time is over: what people sent, and what the site keeps to serve them.

The delays are those of ``ModerationRules``, which the page on personal data gives. Each row goes in a transaction of
its own, so that a kill loses nothing and the next day goes on. What was once published stays, with its history.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from initiatives.models import Invitation, ModerationRules, Ownership, Recheck, Submission, User, take_turn
from initiatives.submission.abuse import purge_rate_counts
from initiatives.submission.actions.my_data import erase
from initiatives.submission.actions.questions import purge_questions
from initiatives.submission.forgetting import anonymise, forget
from initiatives.submission.lifecycle import State
from initiatives.submission.mailing import purge_mails

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Thing:
    """``rows``: those whose time is over on that day. ``forget``: what is done to one, in its transaction."""

    name: str
    rows: Callable[[datetime, ModerationRules], QuerySet]
    forget: Callable


def _drafts(at, rules):
    """A draft lives from its last save on."""
    kept_since = at - timedelta(days=rules.draft_days)
    return Submission.objects.filter(state__in=(State.DRAFT, State.UNCONFIRMED), saved_at__lt=kept_since)


def _refused(at, rules):
    kept_since = at - timedelta(days=rules.rejected_days)
    return Submission.objects.filter(state__in=(State.REJECTED, State.WITHDRAWN), decided_at__lt=kept_since)


def _accepted(at, rules):
    """Those that still say something of somebody."""
    ended = Submission.objects.filter(
        state__in=(State.ACCEPTED, State.PARTLY_ACCEPTED), decided_at__lt=at - timedelta(days=rules.accepted_days)
    )
    return ended.exclude(email="", name="", role="", user=None, comment="")


def _invitations(at, rules):
    """An objection is remembered longer, so that nobody writes to that person again."""
    soon, late = at - timedelta(days=rules.rejected_days), at - timedelta(days=rules.accepted_days)
    objected = Q(answer=Invitation.Answer.OBJECTED)
    return Invitation.objects.filter(
        Q(answer="", sent_at__lt=soon)
        | Q(~objected, ~Q(answer=""), answered_at__lt=soon)
        | Q(objected, answered_at__lt=late)
    )


def _rechecks(at, rules):
    return Recheck.objects.exclude(answer="").filter(answered_at__lt=at - timedelta(days=rules.accepted_days))


def _accounts(at, rules):
    """Holders who have nothing here any more and have not come back since."""
    since = at - timedelta(days=rules.accepted_days)
    people = User.objects.filter(is_staff=False, is_superuser=False, is_active=True, date_joined__lt=since)
    sent = Submission.objects.filter(Q(user=OuterRef("pk")) | Q(email=OuterRef("email")))
    owns = Ownership.objects.filter(Q(ended_at=None) | Q(ended_at__gte=since), user=OuterRef("pk"))
    gone = Q(last_login=None) | Q(last_login__lt=since)
    return people.filter(gone, ~Exists(sent), ~Exists(owns))


THINGS = (
    Thing("brouillons et envois non confirmés", _drafts, lambda row, at: forget(row, at=at)),
    Thing("demandes refusées ou retirées", _refused, lambda row, at: forget(row, at=at)),
    Thing("demandes acceptées rendues anonymes", _accepted, lambda row, at: anonymise(row)),
    Thing("invitations", _invitations, lambda row, at: row.delete()),
    Thing("questions de l’année", _rechecks, lambda row, at: row.delete()),
    Thing("comptes sans fiche ni demande", _accounts, lambda row, at: erase(user=row, at=at)),
)
# What no rule of moderation bounds: a name, and what removes it and says how many there were.
OTHERS = (
    ("messages envoyés", purge_mails),
    ("compteurs d’envois", purge_rate_counts),
    ("questions à des porteurs", purge_questions),
    ("sessions", lambda at: Session.objects.filter(expire_date__lt=at).delete()[0]),
)


def purge_expired(at: datetime) -> Iterator[tuple[str, int]]:
    """Forget all whose time is over; gives the name of each thing and how many went. Again at once: nothing more."""
    rules = ModerationRules.current()
    for thing in THINGS:
        yield thing.name, sum(_forget_one(thing, key, at, rules) for key in _keys(thing, at, rules))
    for name, purge in OTHERS:
        yield name, purge(at)


def what_would_go(at: datetime) -> Iterator[tuple[str, int]]:
    """How many of each thing ``purge_expired`` would forget by the rules; changes nothing."""
    rules = ModerationRules.current()
    for thing in THINGS:
        yield thing.name, thing.rows(at, rules).count()


def _keys(thing, at, rules):
    return list(thing.rows(at, rules).order_by("pk").values_list("pk", flat=True))


def _forget_one(thing, key, at, rules):
    """Forget one row if its time is still over, now that it is our turn. What fails is told to the log, and stays."""
    try:
        with transaction.atomic():
            take_turn()
            row = thing.rows(at, rules).filter(pk=key).first()
            if row is None:
                return 0
            thing.forget(row, at)
            return 1
    except Exception:
        log.exception("one row could not be purged")
        return 0
