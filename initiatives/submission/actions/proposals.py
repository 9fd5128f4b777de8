"""What is proposed for a published fiche, once its author is known: its owners are asked what they think of it."""

from datetime import datetime

from django.db import transaction

from initiatives.models import Opinion, Ownership, Recheck, Submission, User
from initiatives.submission.actions.rereading import close_recheck
from initiatives.submission.lifecycle import locked
from initiatives.submission.links import mailed_link
from initiatives.submission.mailing import queue_mail
from initiatives.submission.refusals import Refused


def receive(submission: Submission, *, at: datetime) -> None:
    """Ask the owners of the fiche, other than the author, before the team decides. In the caller's transaction.

    What an owner proposes answers the question of the year.
    """
    if Ownership.objects.about(submission.fiche).current().filter(user=submission.user).exists():
        close_recheck(fiche=submission.fiche, at=at, by=submission.user, answer=Recheck.Answer.CORRECTED)
    for owner in other_owners(submission.fiche, submission.user.email):
        # What was said of another version of the proposal is asked anew.
        opinion, _ = Opinion.objects.update_or_create(
            submission=submission, user=owner, defaults={"asked_at": at, "agrees": None, "at": None, "comment": ""}
        )
        link = mailed_link("opinion", "opinion", opinion.uuid)
        queue_mail(owner.email, "opinion_asked", {"submission": submission, "owner": owner, "link": link})


def other_owners(fiche, email: str) -> list[User]:
    """Those who are told of what this address proposes for a fiche."""
    others = Ownership.objects.about(fiche).current().exclude(user__email=User.objects.normalize_email(email))
    return [line.user for line in others.select_related("user")]


def receive_report(submission: Submission, *, at: datetime) -> None:
    """A report goes to the team alone."""


@transaction.atomic
def give_opinion(*, opinion: Opinion, agrees: bool, comment: str, at: datetime) -> Opinion:
    """What an owner thinks of a proposal; said again, the last one counts.

    Raises ``Refused`` when the team has decided, or when they answer for the fiche no more.
    """
    submission = locked(opinion.submission)
    if refusal := why_too_late(submission, opinion.user):
        raise Refused(refusal)
    opinion = Opinion.objects.select_for_update().get(pk=opinion.pk)
    opinion.agrees, opinion.comment, opinion.at = agrees, comment, at
    opinion.save(update_fields=["agrees", "comment", "at"])
    return opinion


def why_too_late(submission, owner) -> str:
    """Why an owner can say nothing more of a proposal, in a sentence; "" when they can."""
    if submission.is_ended:
        return f"La demande est déjà traitée : {submission.get_state_display().lower()}."
    if not Ownership.objects.about(submission.fiche).current().filter(user=owner).exists():
        return "Vous ne suivez plus cette fiche : votre avis n’est plus demandé."
    return ""
