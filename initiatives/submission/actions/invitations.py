"""What an invited person answers: that all is right, that something is wrong, that they object; or that they accept."""

from datetime import datetime

from django.db import transaction

from initiatives.directory.access import follow
from initiatives.models import Invitation, ModerationRules, Ownership, Submission, User, take_turn
from initiatives.models.target import target
from initiatives.submission.accounts import account_of
from initiatives.submission.actions.owners import grant
from initiatives.submission.actions.rereading import say_still_true
from initiatives.submission.lifecycle import open_in_queue
from initiatives.submission.links import tracking_link
from initiatives.submission.mailing import queue_mail
from initiatives.submission.refusals import Refused

Answer = Invitation.Answer
How = Ownership.How


def is_hand_over(invitation: Invitation) -> bool:
    """Whether it comes from somebody who owned the fiche, and not from the team."""
    owners = Ownership.objects.about(invitation.fiche).filter(user=invitation.sent_by, since__lte=invitation.sent_at)
    return invitation.sent_by is not None and owners.exists()


@transaction.atomic
def say_all_is_right(*, invitation: Invitation, at: datetime, notices=()) -> User | None:
    """The invited person becomes an owner, and the fiche is read again. Returns them, None when it was answered before.

    The three answers raise ``Refused`` when the fiche is published no more.
    """
    invitation, fiche = _locked(invitation)
    if invitation.answer:
        return None
    user = _become_owner(invitation, fiche, How.INVITATION, at)
    say_still_true(fiche=fiche, by=user, at=at, notices=notices)
    _answer(invitation, Answer.CONFIRMED, at)
    return user


@transaction.atomic
def want_to_correct(*, invitation: Invitation, at: datetime) -> User | None:
    """The invited person becomes an owner, and goes on to propose what is to be corrected."""
    invitation, fiche = _locked(invitation)
    if invitation.answer:
        return None
    user = _become_owner(invitation, fiche, How.INVITATION, at)
    _answer(invitation, Answer.CORRECTED, at)
    return user


@transaction.atomic
def object_to(*, invitation: Invitation, text: str, at: datetime) -> Submission | None:
    """The invited person wants no fiche: the team is told, before anything else, and decides."""
    invitation, fiche = _locked(invitation)
    if invitation.answer:
        return None
    _answer(invitation, Answer.OBJECTED, at, note=text)
    submission = Submission(
        kind=Submission.Kind.WITHDRAWAL,
        email=invitation.email,
        name=invitation.name,
        comment=text,
        base_revision=fiche.revision,
        created_at=at,
        **target(fiche),
    )
    open_in_queue(submission, at=at, note="Opposition")
    days, tracking = ModerationRules.current().answer_days, tracking_link(submission)
    context = {"fiche": fiche, "submission": submission, "days": days, "tracking": tracking}
    queue_mail(invitation.email, "objection_received", context)
    return submission


@transaction.atomic
def accept(*, invitation: Invitation, at: datetime) -> User | None:
    """Somebody to whom an owner hands the fiche over becomes an owner; the first one stays until they leave."""
    invitation, fiche = _locked(invitation)
    if invitation.answer:
        return None
    giver = invitation.sent_by
    user = _become_owner(invitation, fiche, How.HAND_OVER, at)
    _answer(invitation, Answer.CONFIRMED, at)
    if giver and Ownership.objects.about(fiche).current().filter(user=giver).exists():
        context = {"name": invitation.name, "fiche": fiche}
        queue_mail(giver.email, "hand_over_accepted", context)
    return user


@transaction.atomic
def decline(*, invitation: Invitation) -> None:
    """They would rather not: nothing of them is kept."""
    take_turn()
    Invitation.objects.filter(pk=invitation.pk, answer="").delete()


def _locked(invitation):
    """The invitation as it is now, and the fiche as it is called now."""
    take_turn()
    rows = Invitation.objects.with_fiche().select_for_update(of=("self",))
    invitation = rows.filter(pk=invitation.pk).first()
    if invitation is None:
        raise Refused("Cette invitation n’existe plus : elle vient d’être retirée.")
    fiche = follow(invitation.fiche)
    if not invitation.answer and not fiche.is_published:
        raise Refused(f"« {fiche} » n’est plus dans l’annuaire.")
    return invitation, fiche


def _become_owner(invitation, fiche, how, at):
    user = account_of(invitation.email, invitation.name)
    grant(user=user, fiche=fiche, how=how, at=at, by=invitation.sent_by)
    return user


def _answer(invitation, answer, at, note=""):
    invitation.answer, invitation.answered_at, invitation.note = answer, at, note
    invitation.save(update_fields=["answer", "answered_at", "note"])
