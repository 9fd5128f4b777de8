"""What two fiches become when they are made one: values chosen field by field, lines that move without meeting.

``fiche`` is the one that goes, ``into`` the one that stays. Used by ``actions.merge``, inside its transaction.
"""

from dataclasses import dataclass
from math import inf

from django.core.exceptions import ValidationError
from django.db.models import Field, Max, Model

from initiatives.models import (
    Actor,
    ActorLabel,
    ActorTie,
    Funding,
    FundingSource,
    Initiative,
    InitiativeTheme,
    Lineage,
    Milestone,
    Notice,
    Offer,
    Participation,
    Photo,
    Site,
    Source,
    TakingPart,
)
from initiatives.submission.history import KEPT

# Columns that mean something only with the one before them: chosen as one, under its name.
TOGETHER = {
    "stage": ("stage_as_of", "stage_read_by"),
    "start_year": ("start_precision",),
    "end_year": ("end_precision",),
    "checked_on": ("checked_by",),
    "siren": ("siret",),
    "amount_min": ("amount_max",),
    "opens_on": ("closes_on", "is_permanent", "returns_in_month", "ended"),
}
# The columns by which two lines say the same thing; beside them, their owner.
SAME = {
    Participation: ("actor", "role"),
    Funding: ("source", "actor", "amount", "year", "kind"),
    Milestone: ("year", "text"),
    Lineage: ("relation", "other", "place"),
    TakingPart: ("way",),
    Notice: ("kind", "value"),
    Photo: ("file",),
    Source: ("url", "title", "publisher", "year"),
    ActorLabel: ("label",),
    ActorTie: ("other", "kind"),
    Offer: ("what", "url"),
}
# Lines of other fiches that point to this one, and the column that does.
POINTING = {
    Initiative: ((Lineage, "other"),),
    Actor: ((ActorTie, "other"), (Participation, "actor"), (Funding, "actor"), (FundingSource, "offered_by")),
    FundingSource: ((Funding, "source"),),
}
# The column that names the fiche which a line belongs to.
OWNER = {ActorTie: "actor"}
THEMES = InitiativeTheme._meta.get_field("theme")


@dataclass(frozen=True)
class Choice:
    """One thing to choose between two fiches: a field, with those that go with it, or a set."""

    name: str
    fields: tuple[Field, ...]
    is_set: bool = False
    most: float = inf

    def values(self, fiche) -> tuple:
        """What the fiche says: comparable with what another one says."""
        if self.fields == (THEMES,):
            return tuple(fiche.theme_links.values_list("theme", flat=True))
        if self.is_set:
            return tuple(sorted(getattr(fiche, self.name).values_list("pk", flat=True)))
        return tuple(field.value_from_object(fiche) for field in self.fields)

    def is_empty(self, values) -> bool:
        """Whether it says nothing: what a new fiche would say."""
        if self.is_set:
            return not values
        return all(
            value in (None, "", [], {}) or value == field.get_default()
            for field, value in zip(self.fields, values, strict=True)
        )

    def assign(self, fiche, values):
        if self.fields == (THEMES,):
            fiche.theme_links.all().delete()
            for position, theme in enumerate(values, 1):
                InitiativeTheme.objects.create(initiative=fiche, theme_id=theme, position=position)
        elif self.is_set:
            getattr(fiche, self.name).set(values)
        else:
            for field, value in zip(self.fields, values, strict=True):
                setattr(fiche, field.attname, value)

    def both(self, first, second) -> tuple:
        """What both say, without repeating; for sets only."""
        return tuple(dict.fromkeys((*first, *second)))


def choices_of(model) -> list[Choice]:
    """All that there is to choose between two fiches of this noun, in the order of its columns."""
    joined = {name for names in TOGETHER.values() for name in names}
    found = []
    for field in model._meta.fields:
        if field.editable and not field.primary_key and field.name not in joined | {"is_featured"}:
            names = (field.name, *TOGETHER.get(field.name, ()))
            found.append(Choice(field.name, tuple(model._meta.get_field(name) for name in names)))
    if model is Initiative:
        found.append(Choice("themes", (THEMES,), is_set=True, most=3))
    sets = [field for field in model._meta.many_to_many if field.remote_field.through._meta.auto_created]
    return found + [Choice(field.name, (field,), is_set=True) for field in sets]


def apply_choices(fiche, into, choices: dict) -> None:
    """Give ``into`` the values chosen. ``choices``: name of a field → ``"fiche"``, ``"into"``, or for a set ``"both"``.

    A field that is not named keeps the value of ``into``, or takes that of ``fiche`` when ``into`` says nothing.
    Sets are saved, columns are not.
    """
    for choice in choices_of(type(fiche)):
        here, there = choice.values(into), choice.values(fiche)
        default = "fiche" if choice.is_empty(here) else "into"
        match choices.get(choice.name, default):
            case "fiche":
                wanted = there
            case "both" if choice.is_set:
                wanted = choice.both(here, there)
            case "into":
                continue
            case other:
                raise ValueError(f"{choice.name}: {other!r}")
        if wanted != here:
            choice.assign(into, wanted[:3] if choice.fields == (THEMES,) else wanted)
            if choice.name == "siren":
                fiche.siren = fiche.siret = ""  # a Siren is that of one actor


def linked_fiches(fiche) -> list[Model]:
    """The other fiches whose lines point to this one."""
    found = set()
    for model, column in POINTING[type(fiche)]:
        owner = None if model is FundingSource else OWNER.get(model, "initiative")
        for row in model.objects.filter(**{column: fiche}).select_related(owner):
            found.add(getattr(row, owner) if owner else row)
    return sorted(found - {fiche}, key=lambda row: (row._meta.model_name, row.pk))


def merged_beside(fiche) -> list[Model]:
    """The fiches that a line of this one leads to although they were merged with another."""
    found = []
    for noun, lines in POINTING.items():
        for model, column in lines:
            owner = "pk" if model is FundingSource else OWNER.get(model, "initiative")
            of = model if model is FundingSource else model._meta.get_field(owner).related_model
            if of is type(fiche):
                chosen = model.objects.filter(**{owner: fiche.pk}).values(column)
                found += noun.objects.filter(status="merged", pk__in=chosen).select_related("merged_into")
    return found


def lines_of(fiche):
    """All the lines that a merge moves: (line, name of the column that leads to the fiche)."""
    model = type(fiche)
    own = [(model._meta.get_field(name).field.name, getattr(fiche, name).all()) for name in _own_lines(model)]
    pointing = [(column, line.objects.filter(**{column: fiche})) for line, column in POINTING[model]]
    # Sources come first: a date that quotes one finds where it went.
    own.sort(key=lambda item: item[1].model is not Source)
    return [(row, column) for column, rows in (*own, *pointing) for row in rows.select_related(*_related(rows.model))]


def owner_column(row) -> str | None:
    """The column of a line that names the fiche which it belongs to; None for a fiche."""
    match row:
        case FundingSource():
            return None
        case Milestone() | Source() | Photo():
            return next(name for name in ("initiative", "actor", "funding_source") if getattr(row, f"{name}_id", None))
        case ActorLabel() | ActorTie() | Offer():
            return "actor"
    return "initiative"


def twin_of(row, column, into):
    """The line of ``into`` that already says what ``row`` says, or None. ``column``: what leads from the row to it."""
    model = type(row)
    if model is FundingSource:
        return None
    if model is Site:
        return _site_like(row, into)
    names = ("url",) if model is Source and row.url else SAME[model]
    same = {name: getattr(row, name) for name in (owner_column(row), *names)} | {column: into}
    return model.objects.filter(**same).exclude(pk=row.pk).first()


def _site_like(site, into):
    """Its site in the same commune, when one of the two says no more than the commune, or both say the same."""
    for other in into.sites.filter(territory=site.territory):
        said, there = (site.label, site.address), (other.label, other.address)
        if said == there or not any(said) or not any(there):
            return other
    return None


def move_lines(fiche, into) -> None:
    """Lead to ``into`` every line that leads to ``fiche``: its own, and those of others. Twins become one."""
    for row, column in lines_of(fiche):
        row.refresh_from_db()
        if _would_join_itself(row, column, into):
            row.delete()
        elif twin := twin_of(row, column, into):
            _join(twin, row)
        else:
            _move(row, column, into)
    if isinstance(fiche, Actor):
        _move_alone(fiche, into, "logo")
        _move_alone(fiche, into, "private_contact")


def _own_lines(model):
    return [name for name in KEPT[model] if name not in ("theme_links", "logo")]


def _related(model):
    return [column.name for column in model._meta.fields if column.many_to_one]


def _would_join_itself(row, column, into):
    ends = {Lineage: ("initiative", "other"), ActorTie: ("actor", "other")}.get(type(row))
    return bool(ends) and getattr(row, next(end for end in ends if end != column)) == into


def _move(row, column, into):
    is_own = column == owner_column(row)
    setattr(row, column, into)
    if is_own and hasattr(row, "position"):
        siblings = type(row).objects.filter(**{column: into})
        row.position = (siblings.aggregate(last=Max("position"))["last"] or 0) + 1
    if is_own and getattr(row, "is_lead", False):
        row.is_lead = not into.participations.filter(is_lead=True).exists()
    row.save()


def _join(twin, row):
    """Keep one of two lines that say the same thing, with what only the other one said."""
    if isinstance(row, Source):
        Milestone.objects.filter(source=row).update(source=twin)
        twin.supports = sorted({*twin.supports, *row.supports})
    for field in twin._meta.fields:
        if field.editable and not field.is_relation and field.value_from_object(twin) in (None, ""):
            setattr(twin, field.attname, field.value_from_object(row))
    was_lead = getattr(row, "is_lead", False)
    row.delete()
    if was_lead:
        twin.is_lead = not Participation.objects.filter(initiative=twin.initiative, is_lead=True).exists()
    try:
        twin.validate_constraints()
    except ValidationError:
        twin.refresh_from_db()  # what each says does not go together: the line that stays says enough
    twin.save()


def _move_alone(fiche, into, name):
    """Move the one line of this name, unless ``into`` has its own."""
    model = type(fiche)._meta.get_field(name).related_model
    if not model.objects.filter(actor=into).exists():
        model.objects.filter(actor=fiche).update(actor=into)
