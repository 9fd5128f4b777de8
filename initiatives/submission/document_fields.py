"""The kinds of fields of a document: how each is read from a fiche, written in it, said, and put on another state."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from initiatives.directory.access import follow
from initiatives.models import (
    Actor,
    Audience,
    FundingSource,
    InitiativeTheme,
    Notice,
    Participation,
    Photo,
    SentPhoto,
    Territory,
    Theme,
)
from initiatives.submission import photo_files
from initiatives.submission.refusals import Refused
from initiatives.submission.snapshots import column_name, describe


def _uuid_of(row):
    return row and str(row.uuid)


def _by_uuid(model, key):
    """The fiche of this UUID; of one that was merged, the fiche that stays."""
    try:
        fiche = model.objects.filter(uuid=UUID(key)).first()
    except ValueError:
        return None
    return fiche and follow(fiche)


def _territory(key):
    kind, _, code = key.partition("-")
    return Territory.objects.filter(kind=kind, code=code).first()


@dataclass(frozen=True)
class Reference:
    """How a document names a row of another table: ``key`` of the row, and the row of a key (None when unknown)."""

    key: Callable
    find: Callable


TERRITORY = Reference(lambda row: row and row.key, _territory)
THEME = Reference(lambda row: row and row.slug, lambda key: Theme.objects.filter(slug=key).first())
AUDIENCE = Reference(lambda row: row and row.slug, lambda key: Audience.objects.filter(slug=key).first())
ACTOR = Reference(_uuid_of, partial(_by_uuid, Actor))
SOURCE = Reference(_uuid_of, partial(_by_uuid, FundingSource))
REFERENCES = {Territory: TERRITORY, Theme: THEME, Audience: AUDIENCE, Actor: ACTOR, FundingSource: SOURCE}


def _found(reference, key):
    row = reference.find(key)
    if row is None:
        raise Refused(f"« {key} » n’existe plus dans l’annuaire : choisissez autre chose.")
    return row


@dataclass(frozen=True)
class Column:
    """A column of the fiche."""

    name: str

    def read(self, fiche):
        return _to_json(fiche._meta.get_field(self.name), fiche)

    def apply(self, fiche, value, **_):
        _set(fiche, fiche._meta.get_field(self.name), value)

    def words(self, model, value):
        return _say(model._meta.get_field(self.name), value)

    def rebase(self, base, proposed, today):
        return proposed


@dataclass(frozen=True)
class Keys:
    """A set of rows of another table, by their public keys."""

    name: str
    reference: Reference

    def read(self, fiche):
        return sorted(self.reference.key(row) for row in getattr(fiche, self.name).all())

    def apply(self, fiche, value, **_):
        getattr(fiche, self.name).set([_found(self.reference, key) for key in value])

    def words(self, model, value):
        return [str(self.reference.find(key) or key) for key in value or []]

    def rebase(self, base, proposed, today):
        """What was added and what was taken away, done to the set of today."""
        return sorted(_on_today(base, proposed, today))


@dataclass(frozen=True)
class Themes(Keys):
    """The themes of an initiative, the main one first."""

    def read(self, fiche):
        return [theme.slug for theme in fiche.theme_list]

    def apply(self, fiche, value, **_):
        fiche.theme_links.all().delete()
        for position, slug in enumerate(dict.fromkeys(value), 1):
            InitiativeTheme.objects.create(initiative=fiche, theme=_found(THEME, slug), position=position)

    def rebase(self, base, proposed, today):
        kept = _on_today(base, proposed, today)
        # The order is that of today, unless the proposal gives another one to the same themes, or another main one.
        if [*today] == [*base]:
            return [*proposed]
        main = proposed[:1] if proposed[:1] != base[:1] else []
        return [slug for slug in dict.fromkeys([*main, *kept]) if slug in kept]


@dataclass(frozen=True)
class Lines:
    """The lines of a fiche that are known by their UUID; ``columns``: what a document says of each."""

    name: str
    model: type
    columns: tuple[str, ...]
    owner: str = "initiative"
    has_position: bool = True

    def read(self, fiche):
        related = fiche._meta.get_field(self.name)
        rows = getattr(fiche, self.name)
        rows = [rows] if isinstance(related, models.OneToOneRel) else rows.all()
        return [self._read_line(row) for row in rows]

    def _read_line(self, row):
        values = {name: _to_json(self.model._meta.get_field(name), row) for name in self.columns}
        return {"uuid": str(row.uuid), **values}

    def apply(self, fiche, value, *, at, photos=None, make_actor=None, **_):
        """Lines of today that the value does not name are removed. A described actor is made by ``make_actor``; without
        it, the lines that describe one are left out."""
        rows = {str(row.uuid): row for row in getattr(fiche, self.name).all()}
        wanted = [line for line in value if make_actor or not line.get("new_actor")]
        for uuid in rows.keys() - {line["uuid"] for line in wanted}:
            self._remove(rows[uuid])
        if self.model is Participation:
            # The lead is given up before another line takes it.
            fiche.participations.update(is_lead=False)
        for position, line in enumerate(wanted, 1):
            row = rows.get(line["uuid"]) or self._new(fiche, line, photos)
            try:
                self._fill(row, line, position, at, make_actor)
                row.full_clean(exclude=[self.owner], validate_unique=False)
                row.save()
            except ValidationError as error:
                said = " ".join(error.messages)
                raise Refused(f"{_noun(self.model)}, ligne {position}\N{NO-BREAK SPACE}: {said}") from error

    def _new(self, fiche, line, photos):
        row = self.model(uuid=UUID(line["uuid"]), **{self.owner: fiche})
        if self.model is Photo:
            sent = SentPhoto.objects.filter(uuid=row.uuid, submission=photos).first() if photos else None
            if sent is None:
                raise Refused("Une des photos n’est plus là : envoyez-la de nouveau.")
            row.file, row.width, row.height = sent.file, sent.width, sent.height
            sent.delete()
        return row

    def _fill(self, row, line, position, at, make_actor):
        for name in self.columns:
            if name in line:
                _set(row, self.model._meta.get_field(name), line[name])
        if line.get("new_actor"):
            row.actor = make_actor(line["new_actor"])
        if self.has_position:
            row.position = position
        if self.model is Notice:
            row.said_on = timezone.localdate(at)

    def _remove(self, row):
        if self.model is Photo:
            photo_files.remove_after_commit(row.file)
        row.delete()

    def words(self, model, value):
        return [self._words_of(line) for line in value or []]

    def _words_of(self, line):
        said = {name: _say(self.model._meta.get_field(name), line.get(name)) for name in self.columns}
        if line.get("new_actor"):  # in the place of the actor that it is not yet
            said["actor"] = f"{line['new_actor']['name']} (à créer)"
        parts = [
            f"{column_name(self.model, name)}\N{NO-BREAK SPACE}: {', '.join(text) if isinstance(text, list) else text}"
            for name, text in said.items()
            if text and text != "non"
        ]
        return "\N{NARROW NO-BREAK SPACE}; ".join(parts)

    def rebase(self, base, proposed, today):
        """Three ways, line by line: what the proposal added, changed or took away, done to the lines of today."""
        was, wished = _by_key(base), _by_key(proposed)
        kept = [
            _merged(was.get(line["uuid"]), wished.get(line["uuid"]), line)
            for line in today
            if line["uuid"] not in was or line["uuid"] in wished
        ]
        known = {line["uuid"] for line in kept}
        # A line that was removed meanwhile comes back only when the proposal changed it.
        added = [line for line in proposed if line["uuid"] not in known and was.get(line["uuid"]) != line]
        lines = [*kept, *added]
        if [*_by_key(today)] == [*was]:  # nobody else moved them: the order is the proposed one
            places = {uuid: place for place, uuid in enumerate(wished)}
            lines.sort(key=lambda line: places[line["uuid"]])
        return lines


def _merged(was, wished, line):
    """A line of today with the columns that the proposal changed."""
    if wished is None:
        return line
    return line | {name: value for name, value in wished.items() if was is None or value != was.get(name)}


def _on_today(base, proposed, today):
    """The members of today, without what the proposal took away, with what it added."""
    gone = {*base} - {*proposed}
    return [*(key for key in today if key not in gone), *(key for key in proposed if key not in {*base, *today})]


def _by_key(lines):
    return {line["uuid"]: line for line in lines}


def _noun(model):
    return str(model._meta.verbose_name).capitalize()


def _to_json(column, row):
    if isinstance(column, models.ForeignKey):
        return REFERENCES[column.related_model].key(getattr(row, column.name))
    value = column.value_from_object(row)
    return value.isoformat() if isinstance(value, date) else value


def _set(row, column, value):
    if isinstance(column, models.ForeignKey):
        setattr(row, column.name, _found(REFERENCES[column.related_model], value) if value else None)
    else:
        setattr(row, column.attname, column.to_python(value))


def _say(column, value):
    if isinstance(column, models.ForeignKey):
        return str(REFERENCES[column.related_model].find(value) or "") if value else ""
    return describe(column, value, None)
