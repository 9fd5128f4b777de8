"""The sourced content: initiatives, actors and funding sources typed by the editors in ``fixtures/content``.

Loading again is safe: a fiche that nobody touched follows its file, one that was edited is reported and left, one that
was archived or merged never comes back.
"""

import hashlib
import json
import tomllib
import uuid
import zlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import transaction

from initiatives.exchange.importers.shapes import (
    SHAPES,
    ContentError,
    current,
    find,
    line_form,
    line_rows,
    told,
    wanted,
)
from initiatives.exchange.importers.texts import follow_texts
from initiatives.models import ALL, Initiative, InitiativeTheme, Territory, TerritoryFigure, record_change
from initiatives.models.initiative import DAILY_RANKS
from initiatives.submission.actions import Refused, publish, record_edit
from initiatives.submission.history import act, keep

ORIGIN = "redaction"
NAMESPACE = uuid.UUID("5d0c1d3e-6b43-5b53-9f0e-1f0f6a3f2015")


@dataclass
class Report:
    """What a load did, noun by noun. ``left``: (fiche, why) for those that people changed since the last load."""

    created: Counter = field(default_factory=Counter)
    updated: Counter = field(default_factory=Counter)
    unchanged: Counter = field(default_factory=Counter)
    left: list = field(default_factory=list)


@transaction.atomic
def load_content(folder: Path, *, at: datetime) -> Report:
    """Load every file of ``folder``, all or nothing. Raises ``ContentError`` on what the directory cannot hold."""
    sources = _read_sources(folder / "sources")
    forms = {
        shape: {path.stem: wanted(shape, _toml(path), sources, path.name) for path in _files(folder / shape.folder)}
        for shape in SHAPES
    }
    report = Report()
    with act(verb="Chargement des contenus", at=at, apart=True):
        fiches = {shape: _existing_or_new(shape, forms[shape]) for shape in SHAPES}
        for shape in SHAPES:
            for slug, form in forms[shape].items():
                _follow(shape, fiches[shape][slug], form, report, at)
        _load_figures(folder / "figures.toml", sources)
        follow_texts(folder / "texts", report, at=at)
    return report


def _existing_or_new(shape, forms):
    """A row for each file before any line is written, so that lines can point to any of them."""
    known = {fiche.origin_id: fiche for fiche in shape.model.objects.filter(origin=ORIGIN)}
    for slug, form in forms.items():
        if slug not in known:
            known[slug] = shape.model(
                uuid=uuid.uuid5(NAMESPACE, f"{shape.folder}/{slug}"), name=form["name"], origin=ORIGIN, origin_id=slug
            )
            if shape.model is Initiative:
                known[slug].daily_rank = zlib.crc32(slug.encode()) % DAILY_RANKS
            known[slug].save()
    return known


def _follow(shape, fiche, form, report, at):
    """Bring one fiche to what its file says, unless people have taken it over."""
    noun = shape.model._meta.verbose_name
    is_new = not fiche.loaded_fingerprint
    if not is_new:
        if fiche.status != "published":
            report.left.append((fiche, f"elle est {fiche.get_status_display().lower()}"))
            return
        if _fingerprint(shape, current(shape, fiche)) != fiche.loaded_fingerprint:
            report.left.append((fiche, "elle a été modifiée ici"))
            return
        if _fingerprint(shape, form) == fiche.loaded_fingerprint:
            report.unchanged[noun] += 1
            return
    _write(shape, fiche, form)
    fiche.loaded_fingerprint = _fingerprint(shape, current(shape, fiche))
    if fiche.loaded_fingerprint != _fingerprint(shape, form):
        raise ContentError(f"{shape.folder}/{fiche.origin_id} : ce qui est écrit n’est pas ce que dit le fichier.")
    fiche.save()
    if is_new:
        try:
            publish(fiche=fiche, at=at, slug=fiche.origin_id)
        except Refused as error:
            raise ContentError(str(error)) from error
        report.created[noun] += 1
    else:
        record_edit(fiche=fiche, at=at)
        report.updated[noun] += 1


def _write(shape, fiche, form):
    for name in shape.columns:
        column = fiche._meta.get_field(name)
        setattr(fiche, name, column.to_python(form[name]))
    for name, model in shape.references.items():
        setattr(fiche, name, find(model, form[name], fiche))
    fiche.save()
    for name, model in shape.sets.items():
        getattr(fiche, name).set([find(model, key, fiche) for key in form[name]])
    for name, lines in shape.lines.items():
        _write_lines(lines, fiche, form[name])


def _write_lines(lines, fiche, forms):
    """Keep the lines that the file still has (and their UUID), remove the others, add the new ones, in its order."""
    is_new = not fiche.loaded_fingerprint
    rows = [] if is_new else line_rows(lines, fiche)
    if lines.model is InitiativeTheme and [line_form(lines, row) for row in rows] != forms:
        fiche.theme_links.all().delete()  # two themes that swap places would meet on one position
        rows = []
    kept, missing = [], list(forms)
    for row in rows:
        form = line_form(lines, row)
        if form in missing:
            missing.remove(form)
            kept.append((form, row))
        else:
            row.delete()
    for position, form in enumerate(forms, 1):
        row = next((row for kept_form, row in kept if kept_form == form), None)
        if row is None:
            row = _new_line(lines, fiche, form, position)
        else:
            kept.remove((form, row))
        if lines.ordered and row.position != position:
            row.position = position
            row.save(update_fields=["position"])


def _new_line(lines, fiche, form, position):
    row = lines.model(**{lines.owner: fiche})
    for name in lines.columns:
        setattr(row, name, row._meta.get_field(name).to_python(form[name]))
    for name, model in lines.references.items():
        setattr(row, name, find(model, form[name], fiche))
    if lines.ordered:
        row.position = position
    row.save()
    return row


def _load_figures(path, sources):
    if not path.exists():
        return
    for position, row in enumerate(_toml(path).get("figures", [])):
        source = sources.get(row["source"])
        if source is None:
            raise ContentError(f"{path.name} : source inconnue « {row['source']} ».")
        territory = find(Territory, row["territory"], path.name)
        key = {"territory": territory, "label": row["label"], "year": row.get("year")}
        said = {
            "value": row["value"],
            "unit": row.get("unit", ""),
            "source": source["publisher"],
            "source_url": source["url"],
            "position": position,
        }
        if not TerritoryFigure.objects.filter(**key, **said).exists():
            TerritoryFigure.objects.update_or_create(**key, defaults=said)
            keep(territory)
    record_change(ALL)


def _read_sources(folder):
    """Key → published text. A key may be told in several files, alike."""
    sources = {}
    for path in _files(folder):
        for key, source in _toml(path).items():
            if sources.setdefault(key, source) != source:
                raise ContentError(f"{path.name} : la source « {key} » est dite autrement dans un autre fichier.")
    return sources


def _files(folder):
    return sorted(folder.glob("*.toml"))


def _toml(path):
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path.name} : {error}") from error


def _fingerprint(shape, form):
    text = json.dumps(told(shape, form), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
