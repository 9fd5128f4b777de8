"""What the team decides of a submission. Each decision is one transaction: the fiche, the trace, the mail, or nothing.

``revision`` and ``fiche_revision``: those of the submission and of its fiche on the page from which one decides. A
decision made on older ones raises ``Stale``; the same decision sent twice by the same person is made once.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from initiatives.models import Initiative, Ownership, Recheck, Submission, SubmissionEvent, User, take_turn
from initiatives.submission import lifecycle
from initiatives.submission.actions import fiches, rereading
from initiatives.submission.actions.answering import answer, ask
from initiatives.submission.actions.described import complete_with_described_actors
from initiatives.submission.actions.owners import grant
from initiatives.submission.checklist import check_ticked, reason_in_words
from initiatives.submission.history import act
from initiatives.submission.refusals import Refused, check_transition

State, Kind = Submission.State, Submission.Kind


class Stale(Refused):
    """The submission or its fiche is no longer what the person had before their eyes."""


# Who looks after it


@transaction.atomic
def take_charge(*, submission: Submission, by: User, at: datetime, instead_of: User | None = None) -> None:
    """Say that one looks after a submission. ``instead_of``: the colleague whose place is taken, knowingly."""
    submission = lifecycle.locked(submission)
    if submission.is_ended:
        raise Refused("Cette demande est terminée : il n’y a plus rien à prendre en charge.")
    if submission.assignee == by:
        return
    if submission.assignee not in (None, instead_of):
        raise Refused(f"{submission.assignee} s’en charge déjà.")
    submission.assignee, submission.assigned_at = by, at
    submission.save(update_fields=["assignee", "assigned_at"])


@transaction.atomic
def release(*, submission: Submission, by: User) -> None:
    """Leave a submission to others."""
    submission = lifecycle.locked(submission)
    if submission.assignee != by:
        return
    submission.assignee = submission.assigned_at = None
    submission.save(update_fields=["assignee", "assigned_at"])


# Of any kind


@transaction.atomic
def ask_changes(
    *,
    submission: Submission,
    revision: int,
    by: User,
    at: datetime,
    message: str = "",
    questions: dict[str, str] | None = None,
) -> None:
    """Send it back to who sent it, with a message and questions field by field (``questions``: field → question)."""
    submission = open_for(State.CHANGES_REQUESTED, submission, revision, by)
    if submission is None:
        return
    questions = {field: text.strip() for field, text in (questions or {}).items() if text.strip()}
    if not questions and not message.strip():
        raise Refused("Écrivez ce que vous demandez : un message, ou une question sous un champ.")
    if not submission.email:
        raise Refused("Personne n’a laissé d’adresse : il n’y a personne à qui demander.")
    if submission.kind == Kind.NEW:
        _become(submission.initiative, "changes_requested", "Précisions demandées", by, at)
    lifecycle.move(submission, State.CHANGES_REQUESTED, at=at, by=by)
    ask(submission, questions, message, by=by, at=at)


@transaction.atomic
def reject(*, submission: Submission, revision: int, reason: str, by: User, at: datetime, message: str = "") -> None:
    """Refuse it; ``reason``: key of a reason of ``checklist``, told to who sent it."""
    submission = open_for(State.REJECTED, submission, revision, by)
    if submission is None:
        return
    words = reason_in_words(submission.kind, reason)
    if submission.kind == Kind.NEW:
        _become(submission.initiative, "rejected", "Refus", by, at, why=words)
    submission.changes.filter(decision="").update(decision="rejected", decided_by=by, decided_at=at)
    lifecycle.move(submission, State.REJECTED, at=at, by=by, note=words)
    answer(submission, "rejected", message, by=by, at=at, reason=words)


# Of one kind


@transaction.atomic
def publish_submission(
    *,
    submission: Submission,
    revision: int,
    fiche_revision: int,
    ticked,
    by: User,
    at: datetime,
    message: str = "",
    actors: dict | None = None,
) -> None:
    """Publish what somebody deposited; they become its holder.

    ``ticked``: keys of the checks of ``checklist`` that were made. ``actors``: name of a described actor → the actor
    that it is, None for a new one.
    """
    submission = open_for(State.ACCEPTED, submission, revision, by, kind=Kind.NEW)
    if submission is None:
        return
    left_aside = check_ticked(Kind.NEW, ticked)
    fiche = opened_fiche(submission, fiche_revision)
    with act(verb="Publication", by=by, why=_why(submission), at=at):
        complete_with_described_actors(fiche, submission, actors or {}, at=at)
        fiche.holder_checked_on = timezone.localdate(at)
        fiche.save(update_fields=["holder_checked_on"])
        fiches.publish(fiche=fiche, by=by, at=at)
    fiche.refresh_from_db()
    if submission.user:
        grant(user=submission.user, fiche=fiche, how=Ownership.How.DEPOSIT, role=submission.role, at=at, by=by)
    lifecycle.move(submission, State.ACCEPTED, at=at, by=by, note=_aside(left_aside))
    answer(submission, "published", message, by=by, at=at, fiche=fiche)


@transaction.atomic
def decide_report(
    *, submission: Submission, revision: int, by: User, at: datetime, message: str = "", no_follow_up: str = ""
) -> None:
    """Close a report: the fiche was corrected, or there is ``no_follow_up`` (key of a reason)."""
    wanted = State.REJECTED if no_follow_up else State.ACCEPTED
    submission = open_for(wanted, submission, revision, by, kind=Kind.REPORT)
    if submission is None:
        return
    words = reason_in_words(Kind.REPORT, no_follow_up) if no_follow_up else ""
    lifecycle.move(submission, wanted, at=at, by=by, note=words)
    answer(submission, "report_closed", message, by=by, at=at, reason=words)


@transaction.atomic
def decide_claim(*, submission: Submission, revision: int, by: User, at: datetime, message: str = "") -> None:
    """Make somebody a holder of the fiche that they claim. (To refuse: ``reject``.)"""
    submission = open_for(State.ACCEPTED, submission, revision, by, kind=Kind.CLAIM)
    if submission is None:
        return
    if submission.user is None:
        raise Refused("Cette demande n’a plus de compte : son auteur a effacé ses données.")
    grant(user=submission.user, fiche=submission.fiche, how=Ownership.How.STAFF, role=submission.role, at=at, by=by)
    lifecycle.move(submission, State.ACCEPTED, at=at, by=by)
    # ``grant`` wrote to them: this letter is for what the team adds.
    if message.strip():
        answer(submission, "claim_granted", message, by=by, at=at)


@transaction.atomic
def decide_withdrawal(
    *, submission: Submission, revision: int, fiche_revision: int, by: User, at: datetime, message: str = ""
) -> None:
    """Archive the fiche whose withdrawal is asked. (To refuse: ``reject``.)"""
    submission = open_for(State.ACCEPTED, submission, revision, by, kind=Kind.WITHDRAWAL)
    if submission is None:
        return
    fiche = opened_fiche(submission, fiche_revision)
    if fiche.status != "archived":
        fiches.archive(fiche=fiche, at=at, by=by, why="À la demande du porteur")
    lifecycle.move(submission, State.ACCEPTED, at=at, by=by)
    answer(submission, "archived", message, by=by, at=at)


@transaction.atomic
def close_recheck(
    *, submission: Submission, revision: int, fiche_revision: int, outcome: str, by: User, at: datetime
) -> None:
    """A fiche whose holders said nothing is ``verified`` or ``archived`` by the team, or comes back ``later``."""
    wanted = State.WAITING if outcome == "later" else State.ACCEPTED
    submission = open_for(wanted, submission, revision, by, kind=Kind.RECHECK)
    if submission is None:
        return
    if outcome == "later":
        submission.waiting_since, submission.assignee, submission.assigned_at = at, None, None
        submission.revision += 1
        submission.save()
        SubmissionEvent.objects.create(
            submission=submission, at=at, state=State.WAITING, by=by, note="Remise à plus tard."
        )
        return
    fiche = opened_fiche(submission, fiche_revision)
    why = "Ses porteurs n’ont pas répondu"
    if outcome == "archived":
        fiches.archive(fiche=fiche, at=at, by=by, why=why)
    else:
        fiches.verify(fiche=fiche, at=at, by=by, why=why)
    rereading.close_recheck(fiche=fiche, at=at, answer=Recheck.Answer.CLOSED, by=by)


# What each does first


def open_for(wanted: str, submission: Submission, revision: int, by: User, kind: str = "") -> Submission | None:
    """The submission as it is now, this one's turn taken; None when the same person has just decided the same.

    Raises ``Stale`` when it changed since ``revision``, ``Refused`` when it may not become ``wanted``.
    """
    take_turn()
    submission = lifecycle.locked(submission)
    if kind and submission.kind != kind:
        raise Refused("Cette décision ne convient pas à cette demande.")
    if submission.revision == revision + 1:
        last = submission.events.order_by("at", "pk").last()
        if last and (last.state, last.by) == (wanted, by):
            return None
    if submission.revision != revision:
        raise Stale("Cette demande a changé depuis que vous l’avez ouverte : rien n’est enregistré.")
    if wanted != State.WAITING:
        lifecycle.check_move(submission, wanted)
    elif submission.state != State.WAITING:
        raise Refused("Cette demande n’attend plus.")
    return submission


def opened_fiche(submission: Submission, fiche_revision: int):
    """The fiche of a submission as it is now. Raises ``Stale`` when it changed since ``fiche_revision``."""
    fiche = fiches.locked(submission.fiche)
    if fiche.revision != fiche_revision:
        raise Stale(f"« {fiche} » a changé depuis que vous l’avez ouverte : rien n’est enregistré.")
    return fiche


def _become(fiche: Initiative, status: str, verb: str, by, at, why=""):
    """The status of a pending fiche follows its submission."""
    fiche = fiches.locked(fiche)
    if fiche.status == status:
        return
    check_transition(fiche, status)
    with act(verb=verb, by=by, why=why, at=at):
        fiche.status = status
        fiche.save(update_fields=["status"])
        fiches.record_edit(fiche=fiche, at=at)


def _why(submission):
    return f"Demande {submission.receipt}" if submission.receipt else ""


def _aside(labels):
    return f"Laissé de côté : {', '.join(labels)}." if labels else ""
