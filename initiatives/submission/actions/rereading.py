"""An owner has read their fiche again: it is still true, and so is what it looks for and offers."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from initiatives.models import Initiative, Notice, Ownership, Recheck, Submission, User
from initiatives.submission.actions.fiches import locked, record_edit
from initiatives.submission.history import act
from initiatives.submission.lifecycle import State, move
from initiatives.submission.refusals import Refused


def askable_notices(fiche, today: date):
    """What it looks for and offers, that a word of the owner keeps or brings back: all but what is past its own end."""
    if not isinstance(fiche, Initiative):
        return Notice.objects.none()
    return fiche.notices.filter(Q(until=None) | Q(until__gte=today))


@transaction.atomic
def say_still_true(*, fiche, by: User, at: datetime, notices=()) -> None:
    """``by``, an owner, says that the fiche is still true. ``notices``: the keys of those that are still true as well.

    The question of the year is answered with it. Twice in a day, it is said once. Raises ``Refused``.
    """
    fiche = locked(fiche)
    check_owner(fiche, by)
    today = timezone.localdate(at)
    said_again = askable_notices(fiche, today).filter(pk__in=notices, said_on__lt=today)
    if _said_on(fiche) != today or said_again.exists():
        with act(verb="Relecture par le porteur", by=by, at=at):
            said_again.update(said_on=today)
            _say(fiche, today, by)
            record_edit(fiche=fiche, at=at)
    close_recheck(fiche=fiche, at=at, by=by, answer=Recheck.Answer.STILL_TRUE)


def check_owner(fiche, user: User) -> None:
    """Raises ``Refused`` unless the fiche is published and this person answers for it now."""
    if not fiche.is_published:
        raise Refused(f"« {fiche} » n’est plus dans l’annuaire.")
    if not Ownership.objects.about(fiche).current().filter(user=user).exists():
        raise Refused(f"Vous ne portez pas la fiche « {fiche} ».")


@transaction.atomic
def close_recheck(*, fiche, at: datetime, answer: str, by: User | None = None) -> None:
    """The question of the year needs no answer any more, and the team no longer has to look into a silence.

    ``answer``: of ``Recheck.Answer``; « close » when the team itself has read the fiche again.
    """
    Recheck.objects.about(fiche).filter(answer="").update(answer=answer, answered_at=at, answered_by=by)
    waiting = Submission.objects.about(fiche).filter(kind=Submission.Kind.RECHECK, state=State.WAITING)
    for submission in waiting.select_for_update():
        move(submission, State.ACCEPTED, at=at, by=by, note=Recheck.Answer(answer).label)


def _said_on(fiche):
    return fiche.holder_checked_on if isinstance(fiche, Initiative) else fiche.checked_on


def _say(fiche, today, by):
    """An initiative tells its holder's reading from the team's; of the others there is but one."""
    if isinstance(fiche, Initiative):
        fiche.holder_checked_on = today
        fiche.save(update_fields=["holder_checked_on"])
    else:
        fiche.checked_on, fiche.checked_by = today, by
        fiche.save(update_fields=["checked_on", "checked_by"])
