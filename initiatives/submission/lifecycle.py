"""The life of a submission: what may follow what, and the trace that each step leaves."""

from datetime import datetime

from initiatives.models import Submission, SubmissionEvent, User
from initiatives.submission.refusals import Refused

State = Submission.State
DECISIONS = (State.ACCEPTED, State.PARTLY_ACCEPTED, State.REJECTED)
TRANSITIONS = {
    State.DRAFT: {State.UNCONFIRMED, State.WAITING, State.WITHDRAWN},
    State.UNCONFIRMED: {State.WAITING, State.WITHDRAWN},
    State.WAITING: {State.CHANGES_REQUESTED, State.WITHDRAWN, *DECISIONS},
    State.CHANGES_REQUESTED: {State.WAITING, State.WITHDRAWN, *DECISIONS},
}


def check_move(submission: Submission, state: str) -> None:
    """Raises ``Refused`` when a submission may not become so from what it is."""
    if state not in TRANSITIONS.get(submission.state, ()):
        now, wanted = submission.get_state_display().lower(), State(state).label.lower()
        raise Refused(f"Cette demande est déjà dans l’état « {now} » : elle ne peut pas passer à « {wanted} ».")


def move(submission: Submission, state: str, *, at: datetime, by: User | None = None, note: str = "") -> None:
    """Make a submission ``state``: its dates, its revision and the event that tells it. In the caller's transaction.

    ``by``: who does it, None for the person who sent it or for a machine. Raises ``Refused``.
    """
    check_move(submission, state)
    _become(submission, state, at)
    submission.save()
    SubmissionEvent.objects.create(submission=submission, at=at, state=state, by=by, note=note)


def open_in_queue(submission: Submission, *, at: datetime, note: str = "") -> None:
    """Save a new submission that waits for the team at once: asked by a proved person, or by the machine itself."""
    _become(submission, State.WAITING, at)
    submission.save()
    give_receipt(submission)
    SubmissionEvent.objects.create(submission=submission, at=at, state=State.WAITING, note=note)


def give_receipt(submission: Submission) -> None:
    """The number by which people speak of it, given once: « IG-2026-00042 »."""
    if not submission.receipt:
        submission.receipt = f"IG-{submission.sent_at.year}-{submission.pk:05d}"
        submission.save(update_fields=["receipt"])


def locked(submission: Submission) -> Submission:
    """The submission as it is now; nobody else decides of it until the transaction ends.

    Where a fiche changes as well, its turn (``take_turn``) is taken before. Raises ``Refused`` when who sent it has
    just had it erased.
    """
    found = Submission.objects.select_for_update().filter(pk=submission.pk).first()
    if found is None:
        raise Refused("Cette demande n’existe plus : elle vient d’être effacée.")
    return found


def _become(submission, state, at):
    submission.state = state
    submission.revision += 1
    submission.saved_at = at
    if state == State.UNCONFIRMED:
        submission.sent_at = at
    if state == State.WAITING:
        submission.sent_at = submission.sent_at or at
        submission.waiting_since = at
        if submission.kind != Submission.Kind.RECHECK:
            submission.confirmed_at = submission.confirmed_at or at
    if state in Submission.ENDED:
        submission.decided_at = at
