"""The photos of a deposit, seen by who has its link: never by anybody else before the fiche is published."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from initiatives.models import Photo, SentPhoto, Submission
from initiatives.models.photo import file_of_width, widths_of
from initiatives.submission import tokens
from initiatives.submission.tokens import private_page

PREVIEW = 480


@require_safe
@private_page
def sent_photo(request, token, uuid, width):
    submission = Submission.objects.filter(uuid=tokens.read("draft", token)).first()
    photo = submission and _photo(submission, uuid)
    if photo is None or width not in map(str, widths_of(photo.width)):
        raise Http404
    try:
        content = (Path(settings.MEDIA_ROOT) / file_of_width(photo.file, int(width))).read_bytes()
    except FileNotFoundError:  # the database was restored without its files
        raise Http404 from None
    return HttpResponse(content, content_type="image/webp")


def _photo(submission, uuid):
    """One that was sent, or that has become one of the fiche made of it."""
    sent = SentPhoto.objects.filter(submission=submission, uuid=uuid).first()
    fiche = submission.initiative
    if sent or fiche is None:
        return sent
    # The link of a change is had by asking for it: it shows no more of a fiche than everybody sees.
    is_theirs = submission.kind == Submission.Kind.NEW and fiche.published_at is None
    if not is_theirs and not fiche.is_published:
        return None
    return Photo.objects.filter(initiative=fiche, uuid=uuid).first()


def previews(submission) -> dict:
    """UUID of each photo of a submission → {address, width, height} of its preview."""
    token = tokens.make("draft", submission.uuid)
    photos = [*submission.photos.all()]
    photos += [*submission.initiative.photos.all()] if submission.initiative else []
    return {
        str(photo.uuid): {
            "address": reverse("sent_photo", args=[token, photo.uuid, PREVIEW]),
            "width": photo.width,
            "height": photo.height,
        }
        for photo in photos
    }
