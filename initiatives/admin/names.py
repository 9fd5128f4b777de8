"""How rows and fields are called where people choose among them."""

from django.contrib.auth.models import Permission

from initiatives.models import Territory, Theme
from initiatives.models.publication import Line, Publication

VERBS = {
    "view": "voir",
    "add": "ajouter",
    "change": "modifier",
    "delete": "supprimer",
    "publish": "publier",
    "manage": "gérer l’équipe",
    "moderate": "traiter",
}


def choice_name(row) -> str:
    """The name of a row among others: « Arles (commune, 13004) », « Atelier vélo (brouillon) »."""
    match row:
        case Territory():
            return f"{row} ({row.get_kind_display().lower()}, {row.code})"
        case Theme(parent_id=int()):
            return f"{row.parent} › {row}"
        case Publication(is_published=False):
            return f"{row} ({row.get_status_display().lower()})"
        case Permission():
            verb = VERBS[row.codename.partition("_")[0]]
            return f"{verb} : {row.content_type.model_class()._meta.verbose_name_plural}"
        case _:
            return str(row)


def field_names(model) -> dict[str, str]:
    """The fields of a fiche, its lines included, and what people call them: ``stage`` is « étape »."""
    columns = [*model._meta.fields, *model._meta.many_to_many]
    lines = [relation for relation in model._meta.related_objects if issubclass(relation.related_model, Line)]
    return {column.name: column.verbose_name for column in columns if column.editable} | {
        line.name: line.related_model._meta.verbose_name_plural.partition(" (")[0]
        for line in lines
        if not line.name.endswith("_in")
    }
