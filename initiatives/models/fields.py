"""Fields that the nouns share."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst


class ChoiceSetField(models.CharField):
    """Several values of one closed list, as a Python list in the order of the list.

    Stored as ``,a,b,``: a text column that both databases compare alike (PostgreSQL arrays do not exist in SQLite,
    and SQLite has no ``contains`` on JSON). Ask ``field__has="a"``; the commas keep « societe » apart from
    « societe-ess ».
    """

    def __init__(self, *args, choices, **kwargs):
        kwargs.setdefault("max_length", 300)
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, choices=choices, **kwargs)

    def from_db_value(self, value, expression, connection):
        return self._split(value)

    def to_python(self, value):
        if value is None or isinstance(value, (list, tuple)):
            return self._in_order(value or [])
        return self._split(value)

    def get_prep_value(self, value):
        if isinstance(value, str):
            return value
        values = self._in_order(value or [])
        return f",{','.join(values)}," if values else ""

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def validate(self, value, model_instance):
        known = {choice for choice, _ in self.choices}
        unknown = [item for item in value if item not in known]
        if unknown:
            raise ValidationError(f"Valeur inconnue : {', '.join(unknown)}.", code="invalid_choice")
        if not value and not self.blank:
            raise ValidationError(self.error_messages["blank"], code="blank")

    def formfield(self, **kwargs):
        return forms.TypedMultipleChoiceField(
            coerce=str,
            choices=[choice for choice in self.choices if choice[0]],
            required=not self.blank,
            label=kwargs.get("label", capfirst(self.verbose_name)),
            help_text=self.help_text,
            widget=forms.CheckboxSelectMultiple,
        )

    def _split(self, value):
        return [item for item in (value or "").split(",") if item]

    def _in_order(self, values):
        order = [choice for choice, _ in self.choices]
        return sorted(dict.fromkeys(values), key=lambda item: order.index(item) if item in order else len(order))


@ChoiceSetField.register_lookup
class Has(models.Lookup):
    """``field__has="value"``: the set holds that value."""

    lookup_name = "has"

    def get_prep_lookup(self):
        return f"%,{self.rhs},%"

    def as_sql(self, compiler, connection):
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        return f"{lhs} LIKE {rhs}", [*lhs_params, *rhs_params]


class _Derived:
    """A column computed from others at each save: ``derive`` of the text of ``source`` (one name or several).

    With ``text.sort_key`` names order alike on both databases, whatever the collation; with ``text.fold`` what people
    type is compared without case, accents or hyphens.
    """

    def __init__(self, *args, source, derive, **kwargs):
        self.source, self.derive = source, derive
        kwargs.setdefault("default", "")
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"source": self.source, "derive": self.derive}

    def pre_save(self, instance, add):
        names = [self.source] if isinstance(self.source, str) else self.source
        value = self.derive(" ".join(getattr(instance, name) for name in names))[: self.max_length]
        setattr(instance, self.attname, value)
        return value


class DerivedField(_Derived, models.CharField):
    __doc__ = _Derived.__doc__

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 250)
        super().__init__(*args, **kwargs)


class DerivedTextField(_Derived, models.TextField):
    __doc__ = _Derived.__doc__
