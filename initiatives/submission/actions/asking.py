"""What anybody sends about a published fiche: a change, a report, a claim.

Each is known by the UUID that was made with its form: sent twice, it is one. An address is confirmed before the team is
asked, unless its owner is signed in; a report without any address goes to the team as it is.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from initiatives.models import (
    Initiative,
    ProposedChange,
    Submission,
    SubmissionEvent,
    SubmissionMessage,
    User,
    take_turn,
)
from initiatives.models.target import target
from initiatives.submission.actions import proposals
from initiatives.submission.actions.confirming import enter_as
from initiatives.submission.actions.sent_photos import LEFT, OPEN
from initiatives.submission.consents import keep_consents
from initiatives.submission.lifecycle import State, move, open_in_queue
from initiatives.submission.links import confirmation_link
from initiatives.submission.mailing import queue_mail
from initiatives.submission.refusals import Refused

Kind = Submission.Kind
MAILS = {Kind.CHANGE: "proposal_confirm", Kind.REPORT: "report_confirm", Kind.CLAIM: "claim_confirm"}


@dataclass(frozen=True)
class Sender:
    """Who sends. ``user``: when they are signed in; their address is proved then."""

    email: str = ""
    name: str = ""
    role: str = ""
    user: User | None = None

    @classmethod
    def signed_in(cls, user: User, role: str = "") -> "Sender":
        return cls(user.email, user.name, role, user)


class ChangedMeanwhile(Refused):
    """The fiche is not what it was when the proposal was compared with it."""


@transaction.atomic
def open_draft(*, uuid: UUID, fiche: Initiative, at: datetime) -> Submission:
    """The draft of a change, made when photos come before the rest. Raises ``Refused`` when it was sent already."""
    draft, is_sent = _begin(Kind.CHANGE, uuid, fiche)
    if is_sent:
        raise Refused(LEFT[Kind.CHANGE])
    if draft.pk is None:
        draft.created_at = draft.saved_at = at
        draft.answers = {"name": draft.fiche.name}
        draft.save()
        SubmissionEvent.objects.create(submission=draft, at=at, state=draft.state)
    return draft


@transaction.atomic
def send_change(
    *, uuid: UUID, fiche, revision: int, changes: dict, comment: str, sender: Sender, consents: dict, at: datetime
) -> Submission:
    """Propose changes of a published fiche: field → (what it says, what it should say), as of its ``revision``.

    The draft of this UUID, if there is one, becomes the proposal, and its photos are those proposed; one that the team
    sent back goes to it again. ``consents``: text → version. Raises ``Refused`` when the fiche is published no more,
    ``ChangedMeanwhile`` when it has another revision.
    """
    submission, is_sent = _begin(Kind.CHANGE, uuid, fiche)
    if is_sent:
        return submission
    if not changes:
        raise Refused("Rien n’est changé : il n’y a rien à proposer.")
    if submission.fiche.revision != revision:
        raise ChangedMeanwhile("La fiche vient de changer : relisez votre proposition, puis renvoyez-la.")
    submission.base_revision = revision
    if submission.state == State.CHANGES_REQUESTED:
        return _propose_again(submission, changes, comment, consents, at)
    # What the mails and the page of a submission call it.
    submission.comment, submission.answers = comment, {"name": submission.fiche.name}
    _sign(submission, sender)
    submission.save()
    _propose(submission, changes)
    return _send(submission, sender, consents, at)


def _propose_again(submission, changes, comment, consents, at):
    """The answer to the team: the whole proposal once more; the owners are asked again."""
    submission.changes.all().delete()
    _propose(submission, changes)
    keep_consents(submission, consents, at=at)
    SubmissionMessage.objects.create(submission=submission, at=at, by=submission.user, text=comment)
    move(submission, State.WAITING, at=at)
    proposals.receive(submission, at=at)
    return submission


def _propose(submission, changes):
    ProposedChange.objects.bulk_create(
        ProposedChange(submission=submission, field=field, base=base, proposed=proposed)
        for field, (base, proposed) in changes.items()
    )


@transaction.atomic
def send_report(*, uuid: UUID, fiche, reason: str, comment: str, sender: Sender, consents, at: datetime) -> Submission:
    """Tell the team what is wrong with a published fiche; ``reason``: of ``Reason``. Raises ``Refused``."""
    submission, is_sent = _begin(Kind.REPORT, uuid, fiche)
    if is_sent:
        return submission
    submission.answers, submission.comment = {"name": submission.fiche.name, "reason": reason}, comment
    _sign(submission, sender)
    if sender.email:
        submission.save()
        return _send(submission, sender, consents, at)
    open_in_queue(submission, at=at)
    keep_consents(submission, consents, at=at)
    return submission


@transaction.atomic
def send_claim(*, uuid: UUID, fiche, sender: Sender, comment: str, consents, at: datetime) -> Submission:
    """Ask to be recognised as the holder of a published fiche. Raises ``Refused``."""
    submission, is_sent = _begin(Kind.CLAIM, uuid, fiche)
    if is_sent:
        return submission
    waiting = Submission.objects.about(submission.fiche).filter(kind=Kind.CLAIM, state=State.WAITING)
    if sender.user and (already := waiting.filter(user=sender.user).first()):
        return already
    submission.comment, submission.answers = comment, {"name": submission.fiche.name}
    _sign(submission, sender)
    submission.save()
    return _send(submission, sender, consents, at)


def _begin(kind, uuid, fiche):
    """The submission of this UUID, a draft or a new one, and whether it was sent already."""
    take_turn()
    known = Submission.objects.select_for_update().filter(uuid=uuid).first()
    if known and (known.kind != kind or known.fiche != fiche):
        raise Refused("Ce formulaire a déjà servi à autre chose : rechargez la page.")
    if known and known.state not in OPEN:
        return known, True
    fiche.refresh_from_db()
    if not fiche.is_published:
        raise Refused(f"« {fiche} » n’est plus dans l’annuaire : rien n’a été envoyé.")
    return known or Submission(uuid=uuid, kind=kind, **target(fiche)), False


def _sign(submission, sender):
    submission.email = User.objects.normalize_email(sender.email)
    submission.name, submission.role, submission.user = sender.name, sender.role, sender.user


def _send(submission, sender, consents, at):
    keep_consents(submission, consents, at=at)
    if sender.user:
        return enter_as(submission=submission, user=sender.user, at=at)
    move(submission, State.UNCONFIRMED, at=at)
    queue_mail(
        submission.email, MAILS[submission.kind], {"submission": submission, "link": confirmation_link(submission)}
    )
    return submission
