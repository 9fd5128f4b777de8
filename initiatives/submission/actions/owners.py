"""Who answers for a fiche: recognised, invited, handed over to, left or ended. The table is its own history."""

from datetime import datetime, timedelta

from django.db import transaction

from initiatives.models import Invitation, ModerationRules, Ownership, User, take_turn
from initiatives.models.target import target
from initiatives.submission.accounts import account_of
from initiatives.submission.links import mailed_link
from initiatives.submission.mailing import queue_mail
from initiatives.submission.refusals import Refused

# Asked again within a day: a double click.
ASKED_TWICE = timedelta(days=1)
How = Ownership.How


@transaction.atomic
def grant(*, user: User, fiche, how: str, at: datetime, by: User | None = None, role: str = "") -> Ownership:
    """Recognise somebody as an owner of a fiche. Already one: nothing changes. One who had left gets a new line.

    ``how``: of ``Ownership.How``. ``by``: who of the team decided it, or who handed it over. Writes to the person when
    no page or other mail of the same act tells them (domain, team), and to the other owners.
    """
    take_turn()
    if not user.is_active:
        raise Refused("Ce compte a été fermé : il ne peut pas porter de fiche.")
    if fiche.status == "merged":
        raise Refused(f"« {fiche} » est fusionnée : reconnaissez plutôt un porteur de « {fiche.merged_into} ».")
    current = Ownership.objects.about(fiche).filter(user=user, ended_at=None).first()
    if current:
        return current
    others = _owners(fiche)
    ownership = Ownership.objects.create(
        user=user, how=how, since=at, granted_by=by, role=role.strip(), **target(fiche)
    )
    if how in (How.DOMAIN, How.STAFF):
        queue_mail(user.email, "owner_granted", {"person": user, "fiche": fiche})
    for other in others:
        queue_mail(other.email, "owner_joined", {"person": other, "fiche": fiche, "how": ownership.get_how_display()})
    return ownership


@transaction.atomic
def recognise(*, fiche, email: str, name: str, role: str, by: User, at: datetime) -> Ownership:
    """The team recognises somebody by hand, and makes their account if they have none. Raises ``Refused``."""
    take_turn()
    if fiche.published_at is None:
        raise Refused(f"« {fiche} » n’a pas encore été publiée : elle n’a pas de porteur.")
    return grant(user=account_of(email, name), fiche=fiche, how=How.STAFF, at=at, by=by, role=role)


@transaction.atomic
def leave(*, ownership: Ownership, at: datetime) -> None:
    """« Je quitte la structure »: an owner is one no more. A second click changes nothing."""
    ownership = _locked(ownership)
    if ownership.ended_at:
        return
    ownership.ended_at = at
    ownership.save(update_fields=["ended_at"])
    left = _owners(ownership.fiche)
    queue_mail(ownership.user.email, "owner_left", {"fiche": ownership.fiche, "others": len(left)})
    for other in left:
        queue_mail(other.email, "owner_gone", {"person": other, "fiche": ownership.fiche})


@transaction.atomic
def end(*, ownership: Ownership, at: datetime, by: User) -> None:
    """The team ends an ownership; the invitations by which it was to be handed over go with it."""
    ownership = _locked(ownership)
    if ownership.ended_at:
        return
    ownership.ended_at = at
    ownership.save(update_fields=["ended_at"])
    Invitation.objects.about(ownership.fiche).filter(sent_by=ownership.user, answer="").delete()
    queue_mail(ownership.user.email, "owner_ended", {"fiche": ownership.fiche})


@transaction.atomic
def hand_over(*, ownership: Ownership, email: str, name: str, at: datetime) -> Invitation:
    """An owner invites another person, who becomes one when they accept (``invitations.accept``). The first stays."""
    ownership = _locked(ownership)
    if ownership.ended_at:
        raise Refused("Vous ne portez plus cette fiche.")
    email = User.objects.normalize_email(email)
    _refuse_an_owner(ownership.fiche, email)
    context = {"from_person": ownership.user}
    return _send(ownership.fiche, email, name, ownership.user, at, "hand_over", context)


@transaction.atomic
def invite(*, fiche, email: str, name: str, by: User, at: datetime) -> Invitation:
    """The team invites a holder to read their fiche: the mail says where it comes from and what their rights are.

    Raises ``Refused`` when the fiche is not published, when they own it already, or when they objected once.
    """
    take_turn()
    if not fiche.is_published:
        raise Refused(f"« {fiche} » n’est pas publiée : publiez-la avant d’inviter son porteur.")
    email = User.objects.normalize_email(email)
    _refuse_an_owner(fiche, email)
    objected = Invitation.Answer.OBJECTED
    if Invitation.objects.about(fiche).filter(email=email, answer=objected).exists():
        raise Refused(f"{email} s’est déjà opposée à la fiche « {fiche} » : ne lui écrivez plus d’ici.")
    context = {"sources": list(fiche.sources.all()), "rules": ModerationRules.current()}
    return _send(fiche, email, name, by, at, "invitation", context)


def _send(fiche, email, name, by, at, template, context):
    """One open invitation for each person and fiche: asked again, it is sent again, unless it has just been."""
    invitation, is_new = Invitation.objects.get_or_create(
        email=email, answer="", **target(fiche), defaults={"name": name.strip(), "sent_by": by, "sent_at": at}
    )
    if not is_new and at - invitation.sent_at < ASKED_TWICE:
        return invitation
    if not is_new:
        invitation.name, invitation.sent_by, invitation.sent_at = name.strip() or invitation.name, by, at
        invitation.save(update_fields=["name", "sent_by", "sent_at"])
    link = mailed_link("invitation", "invitation", invitation.uuid)
    queue_mail(email, template, {"invitation": invitation, "fiche": fiche, "link": link, **context})
    return invitation


def _refuse_an_owner(fiche, email):
    if Ownership.objects.about(fiche).current().filter(user__email=email).exists():
        raise Refused(f"{email} porte déjà la fiche « {fiche} ».")


def _owners(fiche):
    """Those who answer for a fiche now."""
    return [line.user for line in Ownership.objects.about(fiche).current().select_related("user")]


def _locked(ownership):
    take_turn()
    return Ownership.objects.with_fiche().select_related("user").select_for_update(of=("self",)).get(pk=ownership.pk)
