"""Actors that people describe, for want of finding them: made when the team accepts what names them, never before."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from initiatives.models import Actor, Initiative, Submission
from initiatives.submission import documents
from initiatives.submission.actions import fiches
from initiatives.submission.refusals import Refused, what_is_missing

# The fields of an initiative whose lines may describe an actor.
NAMING = ("participations", "fundings")


def complete_with_described_actors(
    fiche: Initiative, submission: Submission, actors: dict[str, Actor | None], *, at: datetime
) -> None:
    """Add to a pending fiche the lines that were left out because they describe an actor. Inside an act."""
    if values := described_lines(fiche, submission):
        write(fiche, values, at=at, make_actor=actor_maker(actors, at=at))


def described_lines(fiche: Initiative, submission: Submission) -> dict[str, list[dict]]:
    """Field → its lines of today with those that were left out because they describe an actor; fields without any
    are not there."""
    today = documents.read(fiche)
    values = {}
    for name in NAMING:
        lines = [line for line in submission.answers.get(name, ()) if line.get("new_actor")]
        known = {line["uuid"] for line in today[name]}
        if added := [line for line in lines if line["uuid"] not in known]:
            values[name] = [*today[name], *added]
    return values


def actor_maker(actors: dict[str, Actor | None], *, at: datetime) -> Callable[[dict], Actor]:
    """What makes an actor of a described one, once for each name. ``actors``: name → the one that it is, if known."""
    made = {name: actor for name, actor in actors.items() if actor is not None}

    def make(described):
        name = described["name"]
        if name not in made:
            made[name] = _make(described, at)
        return made[name]

    return make


def write(fiche, values: dict, **options) -> None:
    """``documents.apply``, whose refusals by the database are said in a sentence."""
    try:
        with transaction.atomic():
            documents.apply(fiche, values, **options)
    except IntegrityError as error:
        raise Refused("Deux lignes diraient la même chose : le même acteur dans le même rôle, par exemple.") from error


def _make(described, at):
    """A published actor; a draft when something that a reader needs is missing. Inside an act."""
    actor = new_actor(described)
    if what_is_missing(actor):
        fiches.record_edit(fiche=actor, at=at)
    else:
        fiches.publish(fiche=actor, at=at)
    return actor


def new_actor(described: dict) -> Actor:
    """A draft of what is described, saved. Raises ``Refused``."""
    values = {name: described[name] for name in documents.NEW_ACTOR if described.get(name)}
    actor = Actor(origin="depot", **values)
    if actor.siret and not actor.siren:
        actor.siren = actor.siret[:9]
    try:
        actor.full_clean()
    except ValidationError as error:
        raise Refused(f"« {actor} » ne peut pas être créé : {' '.join(error.messages)}") from error
    actor.save()
    return actor
