"""The person has proved their address: what they sent enters the queue."""

from datetime import datetime

from django.db import transaction

from initiatives.models import ModerationRules, Submission, User, take_turn
from initiatives.submission.accounts import account_of
from initiatives.submission.actions import claims, deposits, proposals
from initiatives.submission.lifecycle import State, give_receipt, locked, move
from initiatives.submission.links import tracking_link
from initiatives.submission.mailing import queue_mail
from initiatives.submission.refusals import Refused

Kind = Submission.Kind
# What else happens as each kind comes in, in the same transaction.
RECEIVE = {
    Kind.NEW: deposits.receive,
    Kind.CHANGE: proposals.receive,
    Kind.REPORT: proposals.receive_report,
    Kind.CLAIM: claims.receive,
}


@transaction.atomic
def confirm(*, submission: Submission, at: datetime) -> Submission:
    """Put a submission in the queue, now that its address is proved. Done twice, it is done once.

    Raises ``Refused`` when it is still a draft, or is no more.
    """
    take_turn()
    submission = locked(submission)
    if submission.confirmed_at is not None:
        return submission
    if submission.state == State.DRAFT:
        raise Refused("Cet envoi n’est pas terminé : relisez-le, puis envoyez-le.")
    return _enter(submission, at)


@transaction.atomic
def enter_as(*, submission: Submission, user: User, at: datetime) -> Submission:
    """Put a draft in the queue at once: ``user`` is signed in, their address is proved already."""
    take_turn()
    submission = locked(submission)
    if submission.confirmed_at is not None:
        return submission
    submission.email, submission.user = user.email, user
    return _enter(submission, at)


def _enter(submission, at):
    if submission.user is None or submission.user.email != submission.email:
        # Whoever was signed in when it was written, it is of who proves the address.
        submission.user = account_of(submission.email, submission.name)
    move(submission, State.WAITING, at=at)
    give_receipt(submission)
    if submission.kind in RECEIVE:
        RECEIVE[submission.kind](submission, at=at)
    if not submission.is_ended:
        context = {"submission": submission, "tracking": tracking_link(submission), "rules": ModerationRules.current()}
        queue_mail(submission.email, "received", context)
    return submission
