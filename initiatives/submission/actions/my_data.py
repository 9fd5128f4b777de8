"""A holder takes their data along, or has them erased: what is public stays public, what is theirs goes."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from post_office.models import Email

from initiatives.models import (
    Actor,
    Initiative,
    Invitation,
    Opinion,
    Ownership,
    PrivateContact,
    Question,
    Submission,
    User,
    take_turn,
)
from initiatives.submission.actions.fiches import record_edit
from initiatives.submission.forgetting import anonymise, forget, scrub_history
from initiatives.submission.history import act
from initiatives.submission.lifecycle import State
from initiatives.submission.mailing import queue_mail
from initiatives.submission.refusals import Refused

ERASED = "Compte effacé"
KEPT_STATES = (State.ACCEPTED, State.PARTLY_ACCEPTED)


@transaction.atomic
def erase(*, user: User, at: datetime) -> None:
    """Erase all that the site knows of a holder. Their account stays as an empty name, for history to point to.

    Raises ``Refused`` for somebody of the team.
    """
    take_turn()
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_staff or user.is_superuser:
        raise Refused("Un compte de l’équipe ne s’efface pas d’ici : demandez-le à qui administre le site.")
    if not user.is_active:
        return
    email = user.email
    _end_ownerships(user, at)
    for submission in Submission.objects.of(user).order_by("pk"):
        if submission.state in KEPT_STATES:
            anonymise(submission)
        else:
            forget(submission, at=at)
    Opinion.objects.filter(user=user).delete()
    Invitation.objects.filter(Q(email=email) | Q(sent_by=user, answer="")).delete()
    Question.objects.filter(email__iexact=email).delete()
    PrivateContact.objects.filter(email__iexact=email).delete()
    _take_off_fiches(email, at)
    _close(user)
    scrub_history(email)
    forget_mails_to(email)


def forget_mails_to(email: str) -> None:
    """Those that were sent to an address, or wait to be."""
    for mail in Email.objects.filter(to__icontains=email):
        if email in [User.objects.normalize_email(address) for address in mail.to]:
            mail.delete()


def _end_ownerships(user, at):
    for ownership in Ownership.objects.filter(user=user).with_fiche():
        if ownership.ended_at is None:
            ownership.ended_at = at
            for other in Ownership.objects.about(ownership.fiche).current().exclude(user=user).select_related("user"):
                queue_mail(other.user.email, "owner_gone", {"person": other.user, "fiche": ownership.fiche})
        ownership.role = ""
        ownership.save(update_fields=["ended_at", "role"])


def _take_off_fiches(email, at):
    """The address by which readers could write to them, wherever a fiche gives it."""
    for model in (Initiative, Actor):
        for fiche in model.objects.filter(contact_email__iexact=email).exclude(status="merged"):
            with act(verb="Adresse retirée", why="à la demande de la personne", at=at):
                fiche.contact_email = ""
                fiche.save(update_fields=["contact_email"])
                record_edit(fiche=fiche, at=at)
        model.objects.filter(contact_email__iexact=email).update(contact_email="")


def _close(user):
    user.email, user.name = f"{uuid4().hex}@efface.invalid", ERASED
    user.is_active, user.last_login = False, None
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
