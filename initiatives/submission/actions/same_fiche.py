"""« C’est la même fiche »: what somebody deposited as a new one becomes a proposal to the one that exists."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from initiatives.models import Initiative, Photo, ProposedChange, SentPhoto, Submission, SubmissionEvent, User
from initiatives.submission import documents
from initiatives.submission.actions import fiches
from initiatives.submission.actions.answering import answer
from initiatives.submission.actions.decisions import open_for
from initiatives.submission.actions.described import NAMING
from initiatives.submission.history import act, keep
from initiatives.submission.refusals import Refused

# What a proposal never says anew: the fiche that exists keeps its name.
KEPT = ("name",)


@transaction.atomic
def turn_into_change(
    *, submission: Submission, revision: int, existing: Initiative, by: User, at: datetime, message: str = ""
) -> None:
    """Make a new fiche that waits a proposal to ``existing``: what it says more, field by field, is to be decided.

    The pending fiche is deleted (nobody ever saw it); history keeps it one last time.
    """
    submission = open_for(Submission.State.WAITING, submission, revision, by)
    if submission is None:
        return
    if submission.kind != Submission.Kind.NEW:
        raise Refused("Seule une nouvelle fiche peut compléter celle qui existe.")
    pending, existing = fiches.locked(submission.initiative), fiches.locked(existing)
    if not existing.is_published or pending.pk == existing.pk:
        raise Refused(f"« {existing} » n’est pas publiée : rien ne peut lui être proposé.")
    base = documents.read(existing)
    proposed = _completed(base, _said(pending, submission))
    found = documents.differences(Initiative, base, proposed)
    if not found:
        raise Refused(f"« {existing} » dit déjà tout cela : refusez la demande, au motif qu’elle existe déjà.")
    submission.kind, submission.initiative, submission.base_revision = "change", existing, existing.revision
    submission.revision += 1
    submission.save()
    ProposedChange.objects.bulk_create(
        ProposedChange(submission=submission, field=field, base=before, proposed=after)
        for field, (before, after) in found.items()
    )
    note = f"Elle complète « {existing} », qui existe déjà."
    SubmissionEvent.objects.create(submission=submission, at=at, state=submission.state, by=by, note=note)
    _delete(pending, submission, why=note, by=by, at=at)
    answer(submission, "turned_into_change", message, by=by, at=at)


def _said(pending, submission):
    """What the pending fiche says, with the lines that describe actors, which it could not keep."""
    said = documents.read(pending)
    for name in NAMING:
        known = {line["uuid"] for line in said[name]}
        lines = [line for line in submission.answers.get(name, ()) if line.get("new_actor")]
        said[name] = [*said[name], *(line for line in lines if line["uuid"] not in known)]
    return said


def _completed(base: dict, said: dict) -> dict:
    """``base`` with what is said more: the columns that are filled in, the members and the lines that are not there."""
    unknown = documents.blank(Initiative)
    proposed = dict(base)
    for name, value in said.items():
        if name in KEPT or value == unknown[name]:
            continue
        if name in documents.COLUMNS[Initiative].split():
            proposed[name] = value
        elif name == "themes":
            proposed[name] = list(dict.fromkeys([*base[name], *value]))[: fiches.MOST_THEMES]
        elif value and isinstance(value[0], dict):
            there = [_content(line) for line in base[name]]
            proposed[name] = [*base[name], *(_anew(name, line) for line in value if _content(line) not in there)]
        else:
            proposed[name] = sorted({*base[name], *value})
    _keep_one_lead(proposed, base)
    return proposed


def _content(line):
    """What a line says, whatever identifies it."""
    return {key: value for key, value in line.items() if key != "uuid" and value not in (None, "", False)}


def _anew(name, line):
    """A line of its own: its UUID goes with the fiche that is deleted. A photo is known by it."""
    return line if name == "photos" else line | {"uuid": str(uuid4())}


def _keep_one_lead(proposed, base):
    """The one that carries the fiche stays the one that carries it."""
    if any(line["is_lead"] for line in base["participations"]):
        known = {line["uuid"] for line in base["participations"]}
        proposed["participations"] = [
            line if line["uuid"] in known else line | {"is_lead": False} for line in proposed["participations"]
        ]


def _delete(pending, submission, *, why, by, at):
    """Its photos go back to the submission, their files with them."""
    for photo in pending.photos.all():
        SentPhoto.objects.get_or_create(
            uuid=photo.uuid,
            defaults={
                "submission": submission,
                "file": photo.file,
                "width": photo.width,
                "height": photo.height,
                "sent_at": at,
            },
        )
    with act(verb="Suppression", by=by, why=why, at=at):
        keep(pending)
    Photo.objects.filter(initiative=pending).delete()
    pending.delete()
