"""The deposit of an initiative: a draft, then a submission that waits, then the answers of its holder.

To answer in words and to take back are the same for all that is sent.

``document``: see ``submission.documents``. Each is one transaction, mails included: a kill leaves it done or not begun.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from initiatives.directory.duplicates import remember_distinct
from initiatives.models import (
    Initiative,
    Submission,
    SubmissionEvent,
    SubmissionMessage,
    User,
    take_turn,
)
from initiatives.models.target import target
from initiatives.models.vocabulary import ReadBy
from initiatives.submission import documents, photo_files
from initiatives.submission.actions.fiches import locked as locked_fiche
from initiatives.submission.actions.fiches import record_edit
from initiatives.submission.actions.sent_photos import LEFT
from initiatives.submission.drafts import PROMISED, TYPED, document_of, promised
from initiatives.submission.history import act
from initiatives.submission.lifecycle import State, locked, move
from initiatives.submission.links import draft_link
from initiatives.submission.mailing import queue_mail
from initiatives.submission.refusals import Refused, check_transition

Kind = Submission.Kind
ORIGIN = "depot"
SECOND_CLICK = timedelta(minutes=2)


# The draft


@transaction.atomic
def start_draft(
    *, document: dict, email: str, at: datetime, door: str = "", distinct=(), user: User | None = None
) -> Submission:
    """Keep the first answers, and send the link that opens them again. ``distinct``: UUIDs of fiches told apart.

    A second click of the same person makes no second draft.
    """
    take_turn()
    if twin := _just_started(document, email, at):
        return twin
    draft = Submission.objects.create(
        kind=Kind.NEW,
        email=User.objects.normalize_email(email),
        user=user,
        door=door,
        answers=document,
        done_steps=["essentiel"],
        distinct=sorted(map(str, distinct)),
        created_at=at,
        saved_at=at,
    )
    SubmissionEvent.objects.create(submission=draft, at=at, state=draft.state)
    _send_draft(draft)
    return draft


@transaction.atomic
def start_completion(*, fiche: Initiative, comment: str, email: str, at: datetime) -> Submission:
    """« C’est la même, je la complète » : a draft of a change of a published fiche, that keeps what was typed."""
    draft = Submission.objects.create(
        kind=Kind.CHANGE,
        email=User.objects.normalize_email(email) if email else "",
        answers=documents.read(fiche),
        base_revision=fiche.revision,
        comment=comment,
        created_at=at,
        saved_at=at,
        **target(fiche),
    )
    SubmissionEvent.objects.create(submission=draft, at=at, state=draft.state)
    return draft


@transaction.atomic
def save_step(
    *,
    draft: Submission,
    step: str,
    at: datetime,
    changes: dict | None = None,
    typed: dict | None = None,
    promised: list[str] | None = None,
    email: str = "",
    is_done: bool = True,
) -> Submission:
    """Keep a step: its ``changes``, and all that was ``typed`` in it when it is not right.

    ``promised``: the photos that may be published. ``email``: another address, to which the link is sent again.
    """
    draft = _open_draft(draft)
    draft.answers |= changes or {}
    if is_done:
        draft.done_steps = list(dict.fromkeys([*draft.done_steps, step]))
    if promised or (promised is not None and PROMISED in draft.answers):
        draft.answers[PROMISED] = promised
    _keep_typed(draft, step, typed)
    moved = email and User.objects.normalize_email(email) != draft.email
    if moved:
        draft.email = User.objects.normalize_email(email)
    draft.saved_at = at
    draft.save()
    if moved:
        _send_draft(draft)
    return draft


@transaction.atomic
def tell_apart(*, draft: Submission, distinct, at: datetime) -> None:
    """Remember that these fiches are something else."""
    draft = _open_draft(draft)
    draft.distinct = sorted({*draft.distinct, *map(str, distinct)})
    draft.saved_at = at
    draft.save(update_fields=["distinct", "saved_at"])


@transaction.atomic
def remove_photo(*, submission: Submission, uuid: str, at: datetime) -> None:
    """Take a photo away, its files with it. One that is gone already stays gone."""
    draft = _open_draft(submission)
    draft.answers["photos"] = [line for line in document_of(draft)["photos"] if line["uuid"] != str(uuid)]
    draft.answers[PROMISED] = [known for known in promised(draft) if known != str(uuid)]
    draft.saved_at = at
    draft.save(update_fields=["answers", "saved_at"])
    for photo in draft.photos.filter(uuid=uuid):
        photo_files.remove_after_commit(photo.file)
        photo.delete()


# In the queue


def receive(submission: Submission, *, at: datetime) -> None:
    """Make the fiche of a submission that was just confirmed; in the transaction of ``confirming.confirm``.

    The structures that it describes wait in the submission: the team makes them when it publishes.
    """
    with act(verb="Dépôt", by=submission.user, why=submission.receipt or "", at=at):
        fiche = make_fiche(submission, at)
        check_transition(fiche, "pending")
        fiche.status = Initiative.Status.PENDING
        fiche.save(update_fields=["status"])
        record_edit(fiche=fiche, at=at)
    for other in Initiative.objects.filter(uuid__in=[UUID(key) for key in submission.distinct]):
        remember_distinct(fiche, other, submission.user)
    fiche.refresh_from_db()
    submission.initiative, submission.base_revision = fiche, fiche.revision
    submission.save(update_fields=["initiative", "base_revision"])


@transaction.atomic
def answer_moderator(
    *, submission: Submission, changes: dict, at: datetime, revision: int, message: str = "", photos_promised=()
) -> Submission:
    """The holder corrects: only what they change is written in the fiche, and it waits for the team again.

    ``revision``: the one of the fiche that was shown. Raises ``Refused`` when it moved meanwhile. Done twice, once.
    """
    take_turn()
    submission = locked(submission)
    if submission.state == State.WAITING:
        return submission
    if submission.state != State.CHANGES_REQUESTED:
        raise Refused("Rien n’est attendu de vous pour cette fiche.")
    fiche = locked_fiche(submission.initiative)
    if fiche.revision != revision:
        raise Refused("La Cress a modifié la fiche pendant que vous répondiez : relisez-la, puis envoyez de nouveau.")
    with act(verb="Réponse du porteur", by=submission.user, at=at):
        documents.apply(fiche, changes, at=at, read_by=ReadBy.HOLDER, photos=submission)
        check_transition(fiche, "pending")
        fiche.status = Initiative.Status.PENDING
        fiche.save(update_fields=["status"])
        record_edit(fiche=fiche, at=at)
    submission.answers |= changes | {PROMISED: sorted({*promised(submission), *photos_promised})}
    if message:
        SubmissionMessage.objects.create(submission=submission, at=at, by=submission.user, text=message)
    move(submission, State.WAITING, at=at)
    return submission


@transaction.atomic
def answer_in_words(*, submission: Submission, message: str, at: datetime) -> Submission:
    """The answer about a report, a claim, a withdrawal: what was sent holds nothing to correct, and waits again.

    Raises ``Refused`` when nothing was asked. Done twice, once.
    """
    submission = locked(submission)
    if submission.state == State.WAITING:
        return submission
    if submission.state != State.CHANGES_REQUESTED:
        raise Refused("Rien n’est attendu de vous pour cette demande.")
    SubmissionMessage.objects.create(submission=submission, at=at, by=submission.user, text=message)
    move(submission, State.WAITING, at=at)
    return submission


@transaction.atomic
def withdraw(*, submission: Submission, at: datetime) -> Submission:
    """The holder takes back what they sent, whatever its state but published; nothing of it is published."""
    take_turn()
    submission = locked(submission)
    if submission.state == State.WITHDRAWN:
        return submission
    move(submission, State.WITHDRAWN, at=at)
    fiche = submission.initiative if submission.kind == Kind.NEW else None
    if fiche is not None:
        fiche = locked_fiche(fiche)
        check_transition(fiche, "withdrawn")
        with act(verb="Retrait par le porteur", by=submission.user, at=at):
            fiche.status = Initiative.Status.WITHDRAWN
            fiche.save(update_fields=["status"])
            record_edit(fiche=fiche, at=at)
    return submission


# What they share


def _just_started(document, email, at):
    """The draft that the same answers have begun a moment ago, or None."""
    drafts = Submission.objects.filter(
        kind=Kind.NEW,
        state=State.DRAFT,
        email=User.objects.normalize_email(email),
        created_at__gt=at - SECOND_CLICK,
    )
    said = ("name", "summary", "themes")
    same = (draft for draft in drafts if all(draft.answers.get(name) == document.get(name) for name in said))
    return next(same, None)


def _open_draft(draft):
    draft = locked(draft)
    if draft.state != State.DRAFT:
        raise Refused(LEFT[draft.kind])
    return draft


def _keep_typed(draft, step, typed):
    kept = draft.answers.pop(TYPED, {})
    kept.pop(step, None)
    if typed is not None:
        kept[step] = typed
    if kept:
        draft.answers[TYPED] = kept


def _send_draft(draft):
    link = draft_link(draft)
    queue_mail(draft.email, "draft", {"name": draft.answers["name"], "link": link}, priority="high")


def make_fiche(submission, at) -> Initiative:
    """The fiche that a submission tells of, a draft yet; in an act, or to be undone. Raises ``Refused``."""
    document = document_of(submission)
    fiche = Initiative.objects.create(name=document["name"], summary=document["summary"], origin=ORIGIN)
    documents.apply(fiche, document, at=at, read_by=ReadBy.HOLDER, photos=submission)
    return fiche
