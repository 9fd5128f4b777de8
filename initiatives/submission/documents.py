"""What a fiche says as plain data, field by field: what forms fill in, what drafts keep, what proposals compare.

A **document** is a dict of JSON values. A column is its own value (a choice set is a list; what is not known is "",
None or « inconnu », as in the column). A set is the list of its public keys (slugs, ``com-13055``). Lines are dicts
that know their UUID. A field that is not in a document is left alone.
"""

from datetime import datetime

from django.core.exceptions import ValidationError

from initiatives.models import (
    Actor,
    Funding,
    FundingSource,
    Initiative,
    Milestone,
    Notice,
    Offer,
    Participation,
    Photo,
    Site,
    Source,
    TakingPart,
)
from initiatives.models.vocabulary import ReadBy
from initiatives.submission.document_fields import AUDIENCE, TERRITORY, THEME, Column, Keys, Lines, Themes
from initiatives.submission.refusals import Refused
from initiatives.submission.snapshots import column_name

# What an actor who is only described says of itself; it becomes a fiche when the team accepts it.
NEW_ACTOR = ("name", "kind", "legal_form", "siren", "siret", "website", "summary")

COLUMNS = {
    Initiative: """
        name summary website social_need response innovation novelties results difficulties stage activity start_year
        start_precision end_year end_precision scale milieu contact_email contact_phone contact_note redo_cost
        redo_duration redo_partners redo_pitfalls
    """,
    Actor: """
        name acronym summary website kind legal_form siren siret rna founded_year presentation seat contact_email
        contact_phone contact_note
    """,
    FundingSource: """
        name summary website offered_by kinds amount_min amount_max max_share repayable stages legal_forms exclusions
        opens_on closes_on is_permanent returns_in_month ended eligibility how_to_apply
    """,
}
SOURCE_COLUMNS = ("title", "publisher", "url", "year")
OFFER_COLUMNS = ("what", "description", "stages", "for_whom", "duration", "cost", "how_to_apply", "url")
RELATIONS = {
    Initiative: (
        Themes("themes", THEME),
        Keys("audiences", AUDIENCE),
        Keys("coverage", TERRITORY),
        Lines("sites", Site, ("territory", "label", "address")),
        Lines("participations", Participation, ("actor", "role", "is_lead", "detail", "since", "until")),
        Lines("fundings", Funding, ("source", "actor", "amount", "year", "kind", "detail")),
        Lines("ways_to_take_part", TakingPart, ("way", "how"), has_position=False),
        Lines("notices", Notice, ("kind", "value", "text", "until"), has_position=False),
        Lines("milestones", Milestone, ("year", "text"), has_position=False),
        Lines("photos", Photo, ("alt", "credit", "licence", "print_allowed")),
        Lines("sources", Source, SOURCE_COLUMNS),
    ),
    Actor: (
        Keys("coverage", TERRITORY),
        Keys("themes", THEME),
        Lines("offers", Offer, OFFER_COLUMNS, "actor"),
        Lines("sources", Source, SOURCE_COLUMNS, "actor"),
    ),
    FundingSource: (
        Keys("themes", THEME),
        Keys("audiences", AUDIENCE),
        Keys("territories", TERRITORY),
        Lines("sources", Source, SOURCE_COLUMNS, "funding_source"),
    ),
}
FIELDS = {
    model: {field.name: field for field in (*map(Column, COLUMNS[model].split()), *RELATIONS[model])}
    for model in COLUMNS
}


def label(model, name: str) -> str:
    """What people call a field: « résumé », « lieux »."""
    return column_name(model, "theme_links" if model is Initiative and name == "themes" else name)


def read(fiche) -> dict:
    """What a fiche says now."""
    return {name: field.read(fiche) for name, field in FIELDS[type(fiche)].items()}


def blank(model) -> dict:
    """What a fiche of which nothing is known says."""
    fiche = model()
    return {name: field.read(fiche) if isinstance(field, Column) else [] for name, field in FIELDS[model].items()}


def apply(fiche, values: dict, *, at: datetime, read_by=ReadBy.STAFF, photos=None, make_actor=None) -> None:
    """Write these fields in a fiche that is saved already, inside an act (``record_edit`` ends it).

    ``read_by``: who read the stage. ``photos``: the submission whose photos the lines of photos are. ``make_actor``:
    makes an actor of a described one. Raises ``Refused`` with a sentence when a value cannot be.
    """
    fields = {name: FIELDS[type(fiche)][name] for name in values if name in FIELDS[type(fiche)]}
    columns = [field for field in fields.values() if isinstance(field, Column)]
    stage = getattr(fiche, "stage", None)
    try:
        for field in columns:
            field.apply(fiche, values[field.name])
        if getattr(fiche, "stage", None) != stage:
            fiche.stage_read_by, fiche.stage_as_of = read_by, at.year
        if columns:
            asked = {field.name for field in columns}
            fiche.clean_fields(exclude=[column.name for column in fiche._meta.fields if column.name not in asked])
            fiche.validate_constraints()
            fiche.save()
    except ValidationError as error:
        raise Refused(_in_words(type(fiche), error)) from error
    for name, field in fields.items():
        if not isinstance(field, Column):
            field.apply(fiche, values[name], at=at, photos=photos, make_actor=make_actor)


def differences(model, base: dict, proposed: dict) -> dict:
    """Field → (before, after), for what the second document says otherwise than the first one."""
    return {
        name: (base.get(name), proposed[name])
        for name in FIELDS[model]
        if name in proposed and _plain(base.get(name)) != _plain(proposed[name])
    }


def rebase(model, name: str, *, base, proposed, today):
    """What a proposed change gives on the fiche of today: sets and lines keep what others changed meanwhile."""
    return FIELDS[model][name].rebase(base, proposed, today)


def words(model, name: str, value) -> str | list[str]:
    """What a value says, as ``changes.compare`` reads it."""
    return FIELDS[model][name].words(model, value)


def described_actors(document: dict) -> list[dict]:
    """The actors that a document describes rather than names, each once."""
    lines = [*document.get("participations", ()), *document.get("fundings", ())]
    found = {line["new_actor"]["name"]: line["new_actor"] for line in lines if line.get("new_actor")}
    return list(found.values())


def _plain(value):
    """Nothing is nothing, however it is written."""
    if isinstance(value, str):
        value = value.strip().replace("\r\n", "\n")
    return None if value in ("", [], None) else value


def _in_words(model, error):
    if hasattr(error, "message_dict"):
        return " ".join(
            f"{label(model, name).capitalize()} : {' '.join(said)}" if name != "__all__" else " ".join(said)
            for name, said in error.message_dict.items()
        )
    return " ".join(error.messages)
