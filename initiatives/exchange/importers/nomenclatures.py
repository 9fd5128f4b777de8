"""The nomenclatures: themes on two levels, audiences, labels; a first list of synonyms."""

from initiatives.exchange.importers.official_files import read_rows
from initiatives.exchange.importers.place_names import typeset
from initiatives.models import Audience, Label, Synonym, Theme
from initiatives.submission.history import keep


def load_nomenclatures(folder, report):
    """Themes, audiences, labels, synonyms where there are none yet; ``report`` counts what was created and updated."""
    for row in read_rows(folder / "themes.csv"):
        parent = Theme.objects.get(slug=row["parent"]) if row["parent"] else None
        _upsert(
            report,
            Theme,
            {"slug": row["slug"]},
            name=typeset(row["name"]),
            parent=parent,
            position=int(row["position"]),
            own_cloth=row["cloth"],
        )
    for row in read_rows(folder / "audiences.csv"):
        _upsert(report, Audience, {"slug": row["slug"]}, name=typeset(row["name"]), position=int(row["position"]))
    for row in read_rows(folder / "labels.csv"):
        _upsert(
            report,
            Label,
            {"code": row["code"]},
            name=typeset(row["libelle"]),
            nature=row["nature"],
            legal_basis=typeset(row["fondement"]),
        )
    _begin_synonyms(folder / "synonyms.csv", report)


def _begin_synonyms(path, report):
    """The file only begins the list: from then on it is the team's, and nothing that they removed comes back."""
    if Synonym.objects.exists():
        return
    for row in read_rows(path):
        synonym = Synonym(words=row["words"], note=row["note"])
        synonym.clean()
        synonym.save()
        report.created["Synonym"] += 1
        keep(synonym)


def _upsert(report, model, key, **values):
    row = model.objects.filter(**key).first()
    if row is None:
        row = model.objects.create(**key, **values)
        report.created[model.__name__] += 1
    elif any(getattr(row, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        report.updated[model.__name__] += 1
    else:
        return
    if model is not Label:
        keep(row)
