"""What a person sends with a form of the public: the guards, as the page of a minute ago printed them."""

from datetime import timedelta

from django.utils import timezone

from initiatives.models import SentPhoto
from initiatives.submission import photo_files
from initiatives.submission.abuse import SHOWN_AT, TRAP, form_time


def by_a_person(answers, at=None):
    """``answers`` as a browser sends them with a ``Guarded`` form that was shown a minute before ``at``."""
    shown = (at or timezone.now()) - timedelta(minutes=1)
    return {SHOWN_AT: form_time(shown), TRAP: "", **answers}


def sent_photo(submission):
    """A photo of a submission, with files of one letter."""
    name = photo_files.write({"original.webp": b"x", "480.webp": b"x"})
    return SentPhoto.objects.create(submission=submission, file=name, width=480, height=300)
