"""A photo that comes before the rest: kept with what is being written, until the fiche takes it."""

from datetime import datetime

from django.db import transaction

from initiatives.models import SentPhoto, Submission
from initiatives.submission.drafts import document_of
from initiatives.submission.forms.photos import MOST_PHOTOS, new_photo
from initiatives.submission.images import StoredPhoto
from initiatives.submission.lifecycle import State, locked
from initiatives.submission.refusals import Refused

# What may still be sent, or sent again.
OPEN = (State.DRAFT, State.CHANGES_REQUESTED)
Kind = Submission.Kind
LEFT = {
    Kind.NEW: "Cette fiche est déjà envoyée : elle ne se modifie plus ici.",
    Kind.CHANGE: "Cette proposition est déjà envoyée : rechargez la page pour en faire une autre.",
}


@transaction.atomic
def add_photo(*, submission: Submission, stored: StoredPhoto, at: datetime) -> SentPhoto:
    """Keep a photo that ``store_photo`` has made. Raises ``Refused`` when there are enough of them, or it was sent."""
    submission = locked(submission)
    if submission.state not in OPEN:
        raise Refused(LEFT[submission.kind])
    of_the_fiche = submission.initiative.photos.count() if submission.initiative else 0
    if of_the_fiche + submission.photos.count() >= MOST_PHOTOS:
        # Only a draft loses a photo at once; elsewhere, one that is removed keeps its place until that is written.
        is_freed = submission.kind == Kind.NEW and submission.state == State.DRAFT
        way = "retirez-en une pour en envoyer une autre" if is_freed else "c’est le plus que prend une fiche"
        raise Refused(f"Il y a déjà {MOST_PHOTOS} photos : {way}.")
    photo = SentPhoto.objects.create(
        submission=submission, file=stored.name, width=stored.width, height=stored.height, sent_at=at
    )
    if submission.kind == Kind.NEW and submission.state == State.DRAFT:
        submission.answers["photos"] = [*document_of(submission)["photos"], new_photo(photo.uuid)]
    submission.saved_at = at
    submission.save(update_fields=["answers", "saved_at"])
    return photo
