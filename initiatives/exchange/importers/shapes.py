"""The shape of a content fixture: how a TOML file and the rows of a fiche are the same thing.

``wanted`` makes the canonical form of a file, ``current`` that of a fiche in the database; when both are equal there is
nothing to do. Keys are natural: slugs, ``dep-13``, addresses of sources.
"""

from dataclasses import dataclass, field
from datetime import date

from initiatives.models import (
    Actor,
    ActorLabel,
    ActorTie,
    Audience,
    Funding,
    FundingSource,
    Initiative,
    InitiativeTheme,
    Label,
    Lineage,
    Milestone,
    Offer,
    Participation,
    Site,
    Source,
    Territory,
    Theme,
)


class ContentError(Exception):
    """A content file says something that the directory cannot hold; ``str(error)`` says where and what."""


# The column that names a row in a file.
KEYS = {
    Territory: "key",
    Theme: "slug",
    Audience: "slug",
    Label: "code",
    Actor: "origin_id",
    Initiative: "origin_id",
    FundingSource: "origin_id",
    Source: "url",
}


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines of a fiche: where they hang, which columns they have, which of them point to other rows."""

    model: type
    related_name: str
    owner: str
    columns: tuple
    references: dict = field(default_factory=dict)
    table: str = ""
    ordered: bool = False


@dataclass(frozen=True, eq=False)
class Shape:
    """A noun: its folder, its columns, its references, its sets and its lines."""

    model: type
    folder: str
    columns: tuple
    references: dict
    sets: dict
    lines: dict


SOURCES = ("title", "title_from_address", "publisher", "url", "year", "reading", "supports")


def _sources(owner):
    return Lines(Source, "sources", owner, SOURCES, table="citations", ordered=True)


def _milestones(owner):
    return Lines(Milestone, "milestones", owner, ("year", "text"), {"source": Source})


ACTORS = Shape(
    Actor,
    "actors",
    ("name", "acronym", "kind", "legal_form", "summary", "presentation", "founded_year", "website", "to_verify"),
    {"seat": Territory},
    {"coverage": Territory, "themes": Theme},
    {
        "sources": _sources("actor"),
        "labels": Lines(ActorLabel, "labels", "actor", ("since", "until"), {"label": Label}),
        "offers": Lines(
            Offer,
            "offers",
            "actor",
            ("what", "description", "stages", "for_whom", "duration", "cost", "how_to_apply", "url"),
            ordered=True,
        ),
        "milestones": _milestones("actor"),
        "ties": Lines(ActorTie, "ties", "actor", ("kind", "text"), {"other": Actor}),
    },
)

FUNDING = Shape(
    FundingSource,
    "funding",
    (
        "name",
        "summary",
        "kinds",
        "amount_min",
        "amount_max",
        "max_share",
        "repayable",
        "stages",
        "legal_forms",
        "exclusions",
        "opens_on",
        "closes_on",
        "is_permanent",
        "returns_in_month",
        "ended",
        "eligibility",
        "how_to_apply",
        "website",
        "to_verify",
    ),
    {"offered_by": Actor},
    {"themes": Theme, "audiences": Audience, "territories": Territory},
    {"sources": _sources("funding_source")},
)

INITIATIVES = Shape(
    Initiative,
    "initiatives",
    (
        "name",
        "summary",
        "social_need",
        "response",
        "innovation",
        "novelties",
        "results",
        "difficulties",
        "stage",
        "stage_as_of",
        "activity",
        "start_year",
        "start_precision",
        "end_year",
        "end_precision",
        "scale",
        "milieu",
        "website",
        "redo_cost",
        "redo_duration",
        "redo_partners",
        "redo_pitfalls",
        "to_verify",
    ),
    {},
    {"audiences": Audience, "coverage": Territory},
    {
        "sources": _sources("initiative"),
        "themes": Lines(InitiativeTheme, "theme_links", "initiative", (), {"theme": Theme}, ordered=True),
        "sites": Lines(Site, "sites", "initiative", ("label",), {"territory": Territory}, ordered=True),
        "participations": Lines(
            Participation,
            "participations",
            "initiative",
            ("role", "is_lead", "detail", "since", "until"),
            {"actor": Actor},
            ordered=True,
        ),
        "fundings": Lines(
            Funding,
            "fundings",
            "initiative",
            ("amount", "year", "kind", "detail"),
            {"source": FundingSource, "actor": Actor},
            ordered=True,
        ),
        "milestones": _milestones("initiative"),
        "lineage": Lines(
            Lineage, "lineage", "initiative", ("relation", "place", "year", "detail"), {"other": Initiative}
        ),
    },
)

# The order in which they are loaded: a tie needs both its ends.
SHAPES = (ACTORS, FUNDING, INITIATIVES)


def wanted(shape: Shape, record: dict, sources: dict, where: str) -> dict:
    """Canonical form of a content file. ``sources``: key → published text. Raises ``ContentError``."""
    record = dict(record)
    if shape is FUNDING and "url" in record:
        record["website"] = record.pop("url")
    tables = {name: record.pop(lines.table or name, []) for name, lines in shape.lines.items()}
    form = _columns(shape.model, shape.columns, record)
    form |= {name: record.pop(name, None) for name in shape.references}
    form |= {name: sorted(record.pop(name, [])) for name in shape.sets}
    if record:
        raise ContentError(f"{where} : clé inconnue « {', '.join(record)} ».")
    for name, lines in shape.lines.items():
        form[name] = [_line(lines, row, sources, f"{where}, {name}") for row in tables[name]]
        if not lines.ordered:
            form[name].sort(key=repr)
    return form


def current(shape: Shape, fiche) -> dict:
    """Canonical form of a fiche as the database holds it."""
    form = {name: _plain(getattr(fiche, name)) for name in shape.columns}
    form |= {name: _key(model, getattr(fiche, name)) for name, model in shape.references.items()}
    form |= {
        name: sorted(getattr(row, KEYS[model]) for row in getattr(fiche, name).all())
        for name, model in shape.sets.items()
    }
    for name, lines in shape.lines.items():
        form[name] = [line_form(lines, row) for row in line_rows(lines, fiche)]
        if not lines.ordered:
            form[name].sort(key=repr)
    return form


def told(shape: Shape, form: dict) -> dict:
    """A canonical form without what keeps its default: a column that is added later changes nothing in it."""
    kept = _told(shape.model, form)
    for name, lines in shape.lines.items():
        kept[name] = [_told(lines.model, line) for line in form[name]]
    return {name: value for name, value in kept.items() if value not in (None, [])}


def _told(model, form):
    columns = {column.name: column for column in model._meta.concrete_fields}
    return {name: value for name, value in form.items() if name not in columns or value != _default(columns[name])}


def _default(column):
    return None if column.is_relation else _plain(column.get_default())


def line_rows(lines: Lines, fiche):
    return list(getattr(fiche, lines.related_name).select_related(*lines.references))


def line_form(lines: Lines, row) -> dict:
    form = {name: _plain(getattr(row, name)) for name in lines.columns}
    return form | {name: _key(model, getattr(row, name)) for name, model in lines.references.items()}


def find(model, key, where):
    """The row that a natural key names, None for no key. ``where``: the fiche that names it."""
    if key is None:
        return None
    try:
        if model is Source:
            return where.sources.get(url=key)
        if model is Territory:
            return Territory.objects.by_key(key)
        return model.objects.get(**{KEYS[model]: key})
    except model.DoesNotExist as error:
        raise ContentError(f"{where} : {model._meta.verbose_name} inconnu(e) « {key} ».") from error


def _line(lines, row, sources, where):
    if lines.model is InitiativeTheme:
        return {"theme": row}
    row = dict(row)
    if lines.model is Source:
        return _source(row, sources, where)
    if lines.model is ActorTie:
        row["other"] = row.pop("actor")
    elif lines.model is Lineage and "initiative" in row:
        row["other"] = row.pop("initiative")
    elif lines.model is Participation:
        row["is_lead"] = row.pop("lead", False)
    elif lines.model is Milestone and "source" in row:
        row["source"] = _known(sources, row["source"], where)["url"]
    form = _columns(lines.model, lines.columns, row) | {name: row.pop(name, None) for name in lines.references}
    if row:
        raise ContentError(f"{where} : clé inconnue « {', '.join(row)} ».")
    return form


def _source(row, sources, where):
    text = _known(sources, row.pop("source"), where)
    form = _columns(Source, SOURCES, text | {"supports": sorted(row.pop("supports", []))})
    if row:
        raise ContentError(f"{where} : clé inconnue « {', '.join(row)} ».")
    return form


def _known(sources, key, where):
    if key not in sources:
        raise ContentError(f"{where} : source inconnue « {key} ».")
    return dict(sources[key])


def _columns(model, names, record):
    """The values of a record for these columns, taken out of it; a column that it does not give has its default."""
    form = {}
    for name in names:
        column = model._meta.get_field(name)
        value = record.pop(name, None)
        form[name] = _default(column) if value is None else _plain(column.to_python(_tidy(value)))
    return form


def _tidy(value):
    return value.strip() if isinstance(value, str) else value


def _plain(value):
    return value.isoformat() if isinstance(value, date) else value


def _key(model, row):
    return None if row is None else getattr(row, KEYS[model])
