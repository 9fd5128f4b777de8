"""Sending a draft: what is accepted is written down, and nothing is sent that could not be received."""

from datetime import datetime

from django.db import transaction

from initiatives.models import Consent, Submission, User, take_turn
from initiatives.submission.actions.confirming import confirm
from initiatives.submission.actions.deposits import make_fiche
from initiatives.submission.consents import keep_consents
from initiatives.submission.drafts import TYPED, document_of, promised, steps_to_correct
from initiatives.submission.lifecycle import State, locked, move
from initiatives.submission.links import confirmation_link
from initiatives.submission.mailing import queue_mail
from initiatives.submission.refusals import Refused, what_is_missing


@transaction.atomic
def send(
    *,
    draft: Submission,
    consents: dict[str, str],
    at: datetime,
    name: str = "",
    role: str = "",
    name_is_public: bool = False,
    is_proved: bool = False,
) -> Submission:
    """Send a draft: its address is to be confirmed, unless ``is_proved``. Sent twice, it is sent once.

    ``consents``: text → the version that was accepted. Raises ``Refused`` for what cannot be received.
    """
    draft = locked(draft)
    if draft.state != State.DRAFT:
        return draft
    _check_complete(draft)
    draft.name, draft.role, draft.name_is_public = name, role, name_is_public
    draft.answers.pop(TYPED, None)
    move(draft, State.UNCONFIRMED, at=at)
    texts = consents | _consents_about_photos(draft, consents)
    if not name_is_public:
        texts.pop(Consent.Text.NAME, None)
    keep_consents(draft, texts, at=at)
    if not is_proved:
        _send_confirmation(draft)
    return draft


@transaction.atomic
def send_as(*, draft: Submission, user: User, at: datetime, **said) -> Submission:
    """Send a draft whose address is that of who is signed in: it is in the queue at once. ``said``: as ``send``."""
    take_turn()
    sent = send(draft=draft, at=at, is_proved=user.email == draft.email, **said)
    return confirm(submission=sent, at=at) if user.email == sent.email else sent


@transaction.atomic
def send_confirmation_again(*, submission: Submission, at: datetime) -> None:
    """For who did not get the first message."""
    submission = locked(submission)
    if submission.state != State.UNCONFIRMED:
        raise Refused("Cette adresse est déjà confirmée.")
    _send_confirmation(submission)


def _send_confirmation(submission):
    context = {"name": submission.answers["name"], "link": confirmation_link(submission)}
    queue_mail(submission.email, "confirm", context, priority="high")


def _consents_about_photos(draft, consents):
    """The promises made for the photos, under the licence's version of the day."""
    photos = document_of(draft)["photos"]
    version = consents.get(Consent.Text.PUBLICATION, "")
    said = {Consent.Text.PHOTOS: version} if photos else {}
    return said | ({Consent.Text.PRINT: version} if any(line["print_allowed"] for line in photos) else {})


def _check_complete(draft):
    if steps_to_correct(draft):
        raise Refused("Une étape a encore des réponses à corriger.")
    document = document_of(draft)
    if {line["uuid"] for line in document["photos"]} - {*promised(draft)}:
        raise Refused("Il reste à dire que vous avez le droit de publier chaque photo.")
    try:
        with transaction.atomic():
            missing = what_is_missing(make_fiche(draft, draft.saved_at))
            raise _Rehearsed
    except _Rehearsed:
        # Made and unmade: what is accepted now will not be refused once the address is confirmed.
        if missing:
            raise Refused(f"La fiche ne peut pas être envoyée : {', '.join(missing)}.") from None


class _Rehearsed(Exception):
    """Undoes what was only tried."""
