"""Who and what goes with a fiche when it is merged: its holders, what was sent about it, what was asked of them."""

from datetime import datetime

from initiatives.models import Initiative, Invitation, Ownership, Question, Recheck, Submission
from initiatives.models.target import target


def move_people(fiche, into, at: datetime) -> None:
    """Lead to ``into`` all that people sent or answer for about ``fiche``. In the caller's transaction."""
    Submission.objects.about(fiche).update(**target(into))
    _move_unless_there(Ownership.objects.about(fiche).filter(ended_at=None), "user", into, {"ended_at": at})
    Ownership.objects.about(fiche).exclude(ended_at=None).update(**target(into))
    _move_unless_there(Invitation.objects.about(fiche).filter(answer=""), "email", into)
    Invitation.objects.about(fiche).exclude(answer="").update(**target(into))
    if Recheck.objects.about(into).filter(answer="").exists():
        Recheck.objects.about(fiche).filter(answer="").delete()
    Recheck.objects.about(fiche).update(**target(into))
    if isinstance(fiche, Initiative):
        Question.objects.filter(initiative=fiche).update(initiative=into)


def _move_unless_there(rows, column, into, instead=None):
    """Move those whose person is not known to ``into`` already; of the others, end them (``instead``) or delete."""
    there = rows.model.objects.about(into)
    there = there.filter(ended_at=None) if instead else there.filter(answer="")
    twins = list(rows.filter(**{f"{column}__in": list(there.values_list(column, flat=True))}))
    for twin in twins:
        if instead:
            type(twin).objects.filter(pk=twin.pk).update(**instead)
        else:
            twin.delete()
    rows.update(**target(into))
