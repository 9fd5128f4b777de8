"""What people sent, forgotten: rows, messages, files, and what history says of them.

Each function runs in the caller's transaction and in its turn (``take_turn``). What was once published stays as it is.
"""

import json
import re
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from reversion.models import Revision, Version

from initiatives.models import Initiative, Invitation, Ownership, Photo, Recheck, Submission, record_change
from initiatives.models.publication import ONCE_PUBLISHED
from initiatives.submission import photo_files
from initiatives.submission.actions.fiches import record_edit
from initiatives.submission.history import KEPT, act
from initiatives.submission.merging import linked_fiches


def forget(submission: Submission, *, at: datetime) -> None:
    """Remove a submission with all that hangs on it; and the fiche that it asked for, if it was never public."""
    fiche = submission.initiative if submission.kind == Submission.Kind.NEW else None
    _forget_photos(submission)
    submission.delete()
    if fiche and fiche.status not in ONCE_PUBLISHED:
        forget_fiche(fiche, at=at)


def anonymise(submission: Submission) -> None:
    """Keep of a submission that it was, when, what became of it and which texts were accepted: nothing of anybody."""
    _forget_photos(submission)
    submission.photos.all().delete()
    submission.messages.all().delete()
    submission.changes.all().delete()
    submission.opinions.all().delete()
    submission.events.update(note="")
    submission.email = submission.name = submission.role = submission.comment = ""
    submission.user, submission.answers, submission.distinct = None, {}, []
    submission.save()


def forget_fiche(initiative: Initiative, *, at: datetime) -> None:
    """Remove an initiative that nobody but its holder and the team ever saw, and its history with it."""
    if initiative.status in ONCE_PUBLISHED:
        raise ValueError(f"{initiative.uuid} was once published")
    others = linked_fiches(initiative)
    for model in (Submission, Ownership, Invitation, Recheck):
        for row in model.objects.about(initiative):
            if model is Submission:
                _forget_photos(row)
            row.delete()
    for name in initiative.photos.values_list("file", flat=True):
        photo_files.remove_after_commit(name)
    _forget_history(initiative)
    initiative.delete()
    record_change([])
    if others:
        with act(verb="Suppression d’une fiche liée", at=at):
            for other in others:
                record_edit(fiche=other, at=at)


def scrub_history(address: str) -> int:
    """Take an address out of all that history kept; returns from how many versions. Fiches of today are not read."""
    # Not inside a longer one, which is somebody else's.
    whole = re.compile(rf"(?<![\w.+%-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)
    scrubbed = 0
    for version in Version.objects.filter(Q(serialized_data__icontains=address) | Q(object_repr__icontains=address)):
        data = _without(whole, json.loads(version.serialized_data))
        version.serialized_data = json.dumps(data, ensure_ascii=False)
        version.object_repr = whole.sub("", version.object_repr)
        version.save(update_fields=["serialized_data", "object_repr"])
        scrubbed += 1
    for revision in Revision.objects.filter(comment__icontains=address):
        revision.comment = whole.sub("", revision.comment)
        revision.save(update_fields=["comment"])
    return scrubbed


def _without(whole, value):
    match value:
        case str():
            return whole.sub("", value)
        case list():
            return [_without(whole, item) for item in value]
        case dict():
            return {key: _without(whole, item) for key, item in value.items()}
    return value


def _forget_photos(submission):
    """The files of what it sent, but those that a fiche shows."""
    names = list(submission.photos.values_list("file", flat=True))
    shown = set(Photo.objects.filter(file__in=names).values_list("file", flat=True))
    for name in names:
        if name not in shown:
            photo_files.remove_after_commit(name)


def _forget_history(fiche):
    """The acts that concerned it alone; of the others, what they kept of it."""
    versions = Version.objects.get_for_object(fiche)
    nouns = [ContentType.objects.get_for_model(model).pk for model in KEPT]
    for revision in Revision.objects.filter(version__in=versions).distinct():
        kept = revision.version_set.filter(content_type__in=nouns)
        if not kept.exclude(pk__in=versions).exists():
            revision.delete()
    Version.objects.get_for_object(fiche).delete()
