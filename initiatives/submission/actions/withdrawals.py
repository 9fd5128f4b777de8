"""A published fiche is taken off by the team alone, which is asked to archive it; a draft is thrown away at once."""

from datetime import datetime

from django.db import transaction

from initiatives.models import ModerationRules, Ownership, Submission, take_turn
from initiatives.models.target import target
from initiatives.submission.actions.fiches import locked
from initiatives.submission.actions.rereading import check_owner
from initiatives.submission.forgetting import forget
from initiatives.submission.lifecycle import State, open_in_queue
from initiatives.submission.links import tracking_link
from initiatives.submission.mailing import queue_mail
from initiatives.submission.refusals import Refused

Kind = Submission.Kind
NOT_SENT = (State.DRAFT, State.UNCONFIRMED)


@transaction.atomic
def ask_withdrawal(*, ownership: Ownership, text: str, at: datetime) -> Submission:
    """An owner asks the team to take their fiche off the directory. Asked twice, it is one request.

    Raises ``Refused`` when it is published no more, or theirs no more.
    """
    fiche = locked(ownership.fiche)
    check_owner(fiche, ownership.user)
    asked = Submission.objects.about(fiche).filter(kind=Kind.WITHDRAWAL, user=ownership.user)
    if already := asked.exclude(state__in=Submission.ENDED).first():
        return already
    user = ownership.user
    submission = Submission(
        kind=Kind.WITHDRAWAL,
        email=user.email,
        name=user.name,
        role=ownership.role,
        user=user,
        comment=text,
        base_revision=fiche.revision,
        created_at=at,
        **target(fiche),
    )
    open_in_queue(submission, at=at)
    days, tracking = ModerationRules.current().answer_days, tracking_link(submission)
    context = {"fiche": fiche, "submission": submission, "days": days, "tracking": tracking}
    queue_mail(user.email, "withdrawal_asked", context)
    return submission


@transaction.atomic
def delete_draft(*, submission: Submission, at: datetime) -> None:
    """Throw away what was never sent, photos included. Raises ``Refused`` when it has been sent."""
    take_turn()
    submission = Submission.objects.select_for_update().filter(pk=submission.pk).first()
    if submission is None:
        return
    if submission.state not in NOT_SENT:
        raise Refused("Cet envoi n’est plus un brouillon : retirez-le.")
    forget(submission, at=at)
