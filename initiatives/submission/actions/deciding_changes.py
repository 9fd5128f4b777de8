"""What the team decides of changes proposed to a fiche: field by field, on the fiche of today."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from initiatives.models import Initiative, Ownership, ProposedChange, Submission, User
from initiatives.models.vocabulary import ReadBy
from initiatives.submission import documents, lifecycle
from initiatives.submission.actions import fiches
from initiatives.submission.actions.answering import answer
from initiatives.submission.actions.decisions import open_for, opened_fiche
from initiatives.submission.actions.described import actor_maker, write
from initiatives.submission.checklist import check_ticked, reason_in_words
from initiatives.submission.history import act
from initiatives.submission.refusals import Refused, check_merged, what_is_missing

State, Kind, Decision = Submission.State, Submission.Kind, ProposedChange.Decision


@transaction.atomic
def decide_change(
    *,
    submission: Submission,
    revision: int,
    fiche_revision: int,
    decisions: dict[str, str],
    ticked,
    by: User,
    at: datetime,
    message: str = "",
    reason: str = "",
    actors: dict | None = None,
) -> None:
    """Accept some of the changes and write them in the fiche; refuse the others.

    ``decisions``: field → "accepted" or "rejected", for each field. ``ticked``, ``actors``: as ``publish_submission``.
    ``reason``: key of the reason, when nothing is accepted. What others changed meanwhile in the fiche is kept
    (``documents.rebase``).
    """
    changes = list(submission.changes.order_by("pk"))
    accepted = [change for change in changes if decisions.get(change.field) == Decision.ACCEPTED]
    wanted = (
        State.REJECTED if not accepted else State.PARTLY_ACCEPTED if len(accepted) < len(changes) else State.ACCEPTED
    )
    submission = open_for(wanted, submission, revision, by, kind=Kind.CHANGE)
    if submission is None:
        return
    _check_decided(changes, decisions)
    left_aside = check_ticked(Kind.CHANGE, ticked) if accepted else []
    words = "" if accepted else reason_in_words(Kind.CHANGE, reason)
    fiche = opened_fiche(submission, fiche_revision)
    if accepted:
        _write_in(fiche, submission, accepted, actors or {}, by=by, at=at)
    for change in changes:
        change.decision, change.decided_by, change.decided_at = decisions[change.field], by, at
        change.save(update_fields=["decision", "decided_by", "decided_at"])
    note = words or (f"Laissé de côté : {', '.join(left_aside)}." if left_aside else "")
    lifecycle.move(submission, wanted, at=at, by=by, note=note)
    model = type(fiche)
    answer(
        submission,
        "changes_accepted" if accepted else "rejected",
        message,
        by=by,
        at=at,
        reason=words,
        accepted=[documents.label(model, change.field) for change in accepted],
        rejected=[documents.label(model, change.field) for change in changes if change not in accepted],
    )


def values_on_today(fiche, changes, today: dict | None = None) -> dict:
    """What these changes give on the fiche as it is now: field → value."""
    today = today or documents.read(fiche)
    return {
        change.field: documents.rebase(
            type(fiche), change.field, base=change.base, proposed=change.proposed, today=today[change.field]
        )
        for change in changes
    }


def _check_decided(changes, decisions):
    if not changes:
        raise Refused("Cette demande ne propose aucun changement.")
    left = [change for change in changes if decisions.get(change.field) not in Decision.values]
    if left:
        said = "un champ" if len(left) == 1 else f"{len(left)} champs"
        raise Refused(f"Il reste {said} à décider : acceptez ou refusez chacun.")


def _write_in(fiche, submission, accepted, actors, *, by, at):
    check_merged(fiche)
    is_owner = Ownership.objects.about(fiche).current().filter(user=submission.user).exists()
    values = values_on_today(fiche, accepted)
    if len(values.get("themes", ())) > fiches.MOST_THEMES and isinstance(fiche, Initiative):
        raise Refused(f"« {fiche} » aurait plus de {fiches.MOST_THEMES} thèmes : refusez celui-ci, ou retirez-en un.")
    with act(verb="Proposition acceptée", by=by, why=f"Demande {submission.receipt}", at=at):
        write(
            fiche,
            values,
            at=at,
            read_by=ReadBy.HOLDER if is_owner else ReadBy.STAFF,
            photos=submission,
            make_actor=actor_maker(actors, at=at),
        )
        if is_owner and isinstance(fiche, Initiative):
            fiche.holder_checked_on = timezone.localdate(at)
            fiche.save(update_fields=["holder_checked_on"])
        fiche = type(fiche).objects.get(pk=fiche.pk)
        missing = what_is_missing(fiche) if fiche.is_published else ()
        if missing:
            raise Refused(f"« {fiche} » ne serait plus complète : {', '.join(missing)}.")
        fiches.record_edit(fiche=fiche, at=at)
