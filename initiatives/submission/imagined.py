"""The page of a fiche as it would be: written in the tables, read by its page as any other fiche, and undone.

What somebody deposits has no fiche before their address is proved, and what is proposed stands beside the fiche that is
online (decision 15): see decision 16. Nothing stays, neither rows nor what was to be done after the commit; neither the
version of the directory nor history hear of it. The answer is whole when it leaves here: a page that reads its rows
later would read those of today.
"""

import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Lock

from django.db import OperationalError, transaction
from django.utils import timezone

from initiatives.directory.preview import Preview
from initiatives.directory.views.actors import actor_page
from initiatives.directory.views.funding import funding_page
from initiatives.directory.views.initiative import initiative_page
from initiatives.models import Actor, FundingSource, Initiative, take_turn
from initiatives.models.vocabulary import ReadBy
from initiatives.submission import documents, lifecycle
from initiatives.submission.actions.deciding_changes import values_on_today
from initiatives.submission.actions.described import described_lines, new_actor, write
from initiatives.submission.drafts import document_of
from initiatives.submission.refusals import Refused, what_is_missing

PAGES = {Initiative: initiative_page, Actor: actor_page, FundingSource: funding_page}
# What a photo that nobody has described yet says of itself.
NOT_SAID_YET = {"alt": "Photo à décrire", "credit": "à préciser"}

# In seconds. On SQLite nobody else writes meanwhile: who waits to write asks again every tenth of a second, and finds
# a moment of calm between two pages, however many people ask for one.
CALM, LONGEST_WAIT = 0.15, 3


@contextmanager
def undone():
    """A transaction that is always undone, what was to be done after its commit included."""
    with one_at_a_time, transaction.atomic():
        yield
        transaction.set_rollback(True)


class OneAtATime:
    """In each process, these pages are made one after the other; who would wait too long is told to come back."""

    def __init__(self):
        self.lock, self.calm_until = Lock(), 0.0

    def __enter__(self):
        if not self.lock.acquire(timeout=LONGEST_WAIT):
            # As when the database itself is too busy: 503.
            raise OperationalError("too many previews are asked for at once")
        time.sleep(max(0, self.calm_until - time.monotonic()))

    def __exit__(self, *error):
        self.calm_until = time.monotonic() + CALM
        self.lock.release()


one_at_a_time = OneAtATime()


def page_of_draft(request, draft, preview: Preview, *, photo_address):
    """The page of the initiative that a draft tells of. ``photo_address``: from a UUID and a width."""
    at = timezone.now()
    with undone():
        draft = lifecycle.locked(draft)
        document = document_of(draft)
        sent = [photo.uuid for photo in draft.photos.all()]
        fiche = Initiative.objects.create(name=document["name"], summary=document["summary"], origin="depot")
        left_out = _write_in(
            fiche,
            document | {"photos": [_described(line) for line in document["photos"]]},
            at=at,
            read_by=ReadBy.HOLDER,
            photos=draft,
            make_actor=_imagined_actors(at),
        )
        return _page(
            request,
            _read_again_by_holder(fiche, at),
            replace(preview, is_owned=True, signed_by=_signature(draft), photo_addresses=_at(photo_address, sent)),
            [*left_out, *_about_photos(document), *_about_actors(document)],
        )


def page_of_deposit(request, submission, preview: Preview):
    """The page of the fiche that waits, with the structures that are described beside it."""
    at = timezone.now()
    with undone():
        take_turn()
        fiche = Initiative.objects.get(pk=submission.initiative_id)
        values = described_lines(fiche, submission)
        left_out = _write_in(fiche, values, at=at, make_actor=_imagined_actors(at)) if values else []
        preview = replace(preview, is_owned=bool(submission.user_id), signed_by=_signature(submission))
        fiche = _read_again_by_holder(fiche, at)
        return _page(request, fiche, preview, [*left_out, *_lacks(fiche), *_about_actors(submission.answers)])


def page_of_changes(request, submission, changes, preview: Preview, *, photo_address):
    """The page of the fiche of today with these changes; ``photo_address``: of the photos that came with them."""
    at, model = timezone.now(), type(submission.fiche)
    with undone():
        take_turn()
        fiche = model.objects.get(pk=submission.fiche.pk)
        sent = [photo.uuid for photo in submission.photos.all()]
        values = values_on_today(fiche, changes)
        left_out = []
        if values:
            left_out = _write_in(fiche, values, at=at, photos=submission, make_actor=_imagined_actors(at))
        fiche = model.objects.get(pk=fiche.pk)
        preview = replace(preview, photo_addresses=_at(photo_address, sent))
        return _page(request, fiche, preview, [*left_out, *_lacks(fiche), *_about_actors(values)])


def _page(request, fiche, preview, sentences):
    shown = replace(preview, sentences=(*preview.sentences, *sentences))
    return PAGES[type(fiche)](request, fiche, preview=shown)


# Writing as far as one can


def _write_in(fiche, values, **options) -> list[str]:
    """Write these fields; those that cannot be are left as they were, and told in sentences."""
    model = type(fiche)
    try:
        write(model.objects.get(pk=fiche.pk), values, **options)
    except Refused as refusal:
        if len(values) == 1:
            [name] = values
            return [f"Laissé de côté, {documents.label(model, name)} : {refusal}"]
        return [said for part in _parts(model, values) for said in _write_in(fiche, part, **options)]
    return []


def _parts(model, values) -> list[dict]:
    """The columns together, since some depend on one another, and each relation; then field by field."""
    columns = {name: value for name, value in values.items() if name in documents.COLUMNS[model].split()}
    rest = [{name: value} for name, value in values.items() if name not in columns]
    return [columns, *rest] if columns and rest else [{name: value} for name, value in values.items()]


def _imagined_actors(at: datetime):
    """What makes actors of described ones, once for each name: published, so that the page shows them."""
    made = {}

    def make(described):
        # One that was made for lines that could not be written is undone with them: it is made again.
        if known := Actor.objects.filter(uuid=made.get(described["name"])).first():
            return known
        actor = new_actor(described)
        actor.status, actor.slug, actor.published_at = "published", f"apercu-{actor.uuid}", at
        actor.summary = actor.summary or actor.name
        actor.save()
        made[described["name"]] = actor.uuid
        return actor

    return make


def _described(line: dict) -> dict:
    return line | {name: line[name] or words for name, words in NOT_SAID_YET.items()}


def _read_again_by_holder(fiche, at):
    Initiative.objects.filter(pk=fiche.pk).update(holder_checked_on=timezone.localdate(at))
    return Initiative.objects.get(pk=fiche.pk)


def _signature(submission) -> str:
    return submission.name if submission.name_is_public else ""


def _at(photo_address, uuids) -> dict:
    return {uuid: partial(photo_address, uuid) for uuid in uuids}


# What is said above the fiche


def _lacks(fiche) -> list[str]:
    missing = what_is_missing(fiche)
    return [f"Ainsi, elle ne pourrait pas être publiée : {', '.join(missing)}."] if missing else []


def _about_photos(document) -> list[str]:
    waiting = any(not line[name] for line in document["photos"] for name in NOT_SAID_YET)
    return ["Les photos n’ont pas toutes leur description et leur crédit."] if waiting else []


def _about_actors(said) -> list[str]:
    """The page of a structure that is only described: its links lead nowhere before."""
    names = [f"« {actor['name']} »" for actor in documents.described_actors({k: v for k, v in said.items() if v})]
    if not names:
        return []
    own = "aura sa propre page" if len(names) == 1 else "auront leur propre page"
    return [f"{', '.join(names)} {own} quand la Cress l’acceptera : d’ici là, le lien ne mène nulle part."]
