"""What a fiche holds that is to be verified, field by field: said beside the field, never silently."""

from collections import defaultdict

from django.core.exceptions import FieldDoesNotExist


def doubts_of(fiche, shown):
    """(field name → sentence, empty for those without a doubt; [(label, sentence)] of the fields not in ``shown``)."""
    others = [(_label(fiche, name), sentence) for name, sentence in fiche.to_verify.items() if name not in shown]
    return defaultdict(str, fiche.to_verify), others


def _label(fiche, name):
    """What people call a field; "" for one that has gone."""
    try:
        field = fiche._meta.get_field(name)
    except FieldDoesNotExist:
        return ""
    described = field.related_model._meta.verbose_name_plural if field.auto_created else field.verbose_name
    return str(described).capitalize()
