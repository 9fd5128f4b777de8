"""« C’est mon initiative »: granted at once to an address on the organisation's own domain, else by the team."""

from datetime import datetime

from initiatives.models import Actor, FundingSource, Ownership, Submission
from initiatives.submission.actions import owners
from initiatives.submission.lifecycle import State, move
from initiatives.submission.own_domain import is_own_address

ON_OWN_DOMAIN = "L’adresse est celle du site de la structure."
ALREADY = "Cette personne suit déjà la fiche."


def receive(submission: Submission, *, at: datetime) -> None:
    """What follows when the address of a claim is proved: granted, or left to the team. In the caller's transaction."""
    fiche, user = submission.fiche, submission.user
    if not fiche.is_published or not user.is_active:
        return
    if is_owner(user, fiche):
        move(submission, State.ACCEPTED, at=at, note=ALREADY)
    elif is_own_address(submission.email, websites_of(fiche)):
        owners.grant(user=user, fiche=fiche, how=Ownership.How.DOMAIN, at=at, role=submission.role)
        move(submission, State.ACCEPTED, at=at, note=ON_OWN_DOMAIN)


def is_owner(user, fiche) -> bool:
    """Whether this person answers for the fiche now."""
    return Ownership.objects.about(fiche).current().filter(user=user).exists()


def websites_of(fiche) -> list[str]:
    """The websites of the organisation that a fiche is about: its own, and that of who carries it or offers it."""
    if isinstance(fiche, Actor):
        return [fiche.website]
    carrier = fiche.offered_by if isinstance(fiche, FundingSource) else fiche.lead_actor
    return [fiche.website, carrier.website if carrier and carrier.is_published else ""]
