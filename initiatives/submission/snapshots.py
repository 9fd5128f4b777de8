"""States of a fiche, as its history keeps them: the row, its lines, and their values in people's words."""

import json
from dataclasses import dataclass
from functools import cached_property

import reversion
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime
from reversion.models import Version

from initiatives.models import Actor, ActorTie, Funding, FundingSource, Initiative
from initiatives.models.fields import ChoiceSetField
from initiatives.models.publication import Publication
from initiatives.submission.history import KEPT, LEFT_OUT
from initiatives.text import grouped

# « 4 mai 2026 », « 4 mai 2026 à 12 h 05 »
DAY = "j F Y"
MOMENT = "j F Y à G\N{NO-BREAK SPACE}\\h\N{NO-BREAK SPACE}i"
# Columns that tell machines something, and people nothing.
UNSAID = LEFT_OUT | {
    "uuid",
    "revision",
    "created_at",
    "modified_at",
    "published_at",
    "origin",
    "origin_id",
    "width",
    "height",
    "in_scope",
    "is_unit",
}


class Names:
    """What the rows that others point to are called today, read once for all that is shown together."""

    def __init__(self, rows):
        self._wanted, self._found = {}, {}
        for row in rows:
            for field in (*row.model._meta.fields, *row.model._meta.many_to_many):
                value = row.values.get(field.name) if field.is_relation else None
                keys = value if isinstance(value, list) else [value]
                self._wanted.setdefault(field.related_model, set()).update(filter(None, keys))

    def of(self, model, key) -> str:
        if model not in self._found:
            rows = model._base_manager.in_bulk(self._wanted.get(model, {key}))
            self._found[model] = {pk: str(row) for pk, row in rows.items()}
            self._found[model] = self._last_names(model) | self._found[model]
        return self._found[model].get(key, "supprimé")

    def _last_names(self, model):
        """Those of rows that are no more, as they were last kept."""
        gone = self._wanted.get(model, set()) - set(self._found[model])
        if not gone or not reversion.is_registered(model):
            return {}
        kept = Version.objects.get_for_model(model).filter(object_id__in=map(str, gone)).order_by("pk")
        return {int(version.object_id): version.object_repr for version in kept}


@dataclass(frozen=True, eq=False)
class Row:
    """One row of a state. ``values``: its columns and sets, serialized. ``owner``: the column that names its fiche."""

    model: type
    pk: int
    values: dict
    called: str
    names: list  # of one Names, once every row that is shown together is known
    owner: str = ""

    @property
    def key(self):
        """What tells that two states of a line are the same line."""
        return self.model, self.values.get("uuid", self.pk)

    @property
    def title(self):
        """What the line is about, without the name of its fiche."""
        if self.model is Funding:
            return self.called.rpartition(" → ")[0]
        if self.model is ActorTie:
            return self.called.partition(" — ")[2]
        return self.called

    @cached_property
    def words(self) -> dict[str, str | list[str]]:
        """Name of each column that people read → what it says: a text, or a list when it holds several things."""
        columns = [*self.model._meta.fields, *self.model._meta.many_to_many]
        return {
            column.name: describe(column, self.values[column.name], self.names[0])
            for column in columns
            if column.name in self.values and column.name not in UNSAID | {self.owner} and not column.primary_key
        }


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A fiche with its lines, as an act left it."""

    fiche: Row
    lines: tuple[Row, ...]

    @property
    def revision(self) -> int:
        return self.fiche.values.get("revision", 0)

    def lines_by_key(self, model) -> dict:
        return {line.key: line for line in self.lines if line.model is model}


def read_snapshots(versions: list[Version]) -> list[Snapshot]:
    """The states of one fiche that these versions of it belong to, in their order, in a fixed number of queries."""
    if not versions:
        return []
    model = ContentType.objects.get_for_id(versions[0].content_type_id).model_class()
    owners = {}
    for name in KEPT[model]:
        relation = model._meta.get_field(name)
        kind = ContentType.objects.get_for_model(relation.related_model)
        owners[kind.pk] = relation.related_model, relation.field.name
    names, lines = [], {}
    kept = Version.objects.filter(revision__in={version.revision_id for version in versions}, content_type__in=owners)
    for version in kept.order_by("pk") if owners else ():
        line, owner = owners[version.content_type_id]
        row = _row(version, line, names, owner)
        lines.setdefault((version.revision_id, row.values[owner]), []).append(row)
    found = [
        Snapshot(row := _row(version, model, names), tuple(lines.get((version.revision_id, row.pk), ())))
        for version in versions
    ]
    names.append(Names([row for snapshot in found for row in (snapshot.fiche, *snapshot.lines)]))
    return found


def rows_today(rows) -> list[Row]:
    """Rows of one noun as they are now, to be described like those of history."""
    names = []
    found = [
        Row(type(row), row.pk, data["fields"], str(row), names)
        for row, data in zip(rows, serializers.serialize("python", rows), strict=True)
    ]
    names.append(Names(found))
    return found


def column_name(model, name) -> str:
    """What people call a column, a set or the lines of a noun: « étape », « lieux »."""
    if name == "theme_links":
        return "thèmes"
    try:
        column = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    if column.concrete:
        return str(column.verbose_name)
    return str(column.related_model._meta.verbose_name_plural).partition(" (")[0]


def describe(column, value, names) -> str | list[str]:
    """What a serialized value says, in words; empty when it says nothing."""
    if value in (None, "", [], {}):
        return ""
    match column:
        case models.ManyToManyField():
            return [names.of(column.related_model, key) for key in value]
        case models.ForeignKey():
            return names.of(column.related_model, value)
        case ChoiceSetField():
            labels = dict(column.choices)
            return [labels.get(item, item) for item in column.to_python(value)]
        case models.JSONField():
            return _describe_json(column, value)
        case _:
            return _describe_one(column, value)


def _describe_one(column, value) -> str:
    match column:
        case models.BooleanField():
            return "oui" if value else "non"
        case models.DateTimeField():
            return told_date(localtime(column.to_python(value)), MOMENT)
        case models.DateField():
            return told_date(column.to_python(value), DAY)
        case models.PositiveBigIntegerField():
            return grouped(str(value))
        case models.CharField(name="file"):
            return f"fichier {value.rpartition('/')[0][-8:]}"
    return str(dict(column.flatchoices).get(value, value))


def told_date(value, form) -> str:
    """A date or a moment, where the first of a month is « 1er »."""
    said = date_format(value, form)
    return f"1er{said[1:]}" if value.day == 1 else said


def _describe_json(column, value):
    """Doubts (field → sentence), or the fields that a source supports."""
    called = {name: _name_of_a_fiche(column.model, name) for name in value}
    if isinstance(value, dict):
        # In an order of ours: PostgreSQL has its own.
        return "\n".join(f"{called[name]}\N{NO-BREAK SPACE}: {value[name]}" for name in sorted(value))
    return [called[name] for name in value]


def _name_of_a_fiche(model, name):
    """What people call a field of a fiche; a source may support those of any noun."""
    nouns = [model] if issubclass(model, Publication) else [Initiative, Actor, FundingSource]
    return next((said for noun in nouns if (said := column_name(noun, name)) != name), name)


def _row(version, model, names, owner=""):
    (record,) = json.loads(version.serialized_data)
    return Row(model, int(record["pk"]), record["fields"], version.object_repr, names, owner)
