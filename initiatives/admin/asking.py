"""How a field is asked for at the desk, on the page of a noun or in a line."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models

from initiatives.admin.form_fields import FieldList, FieldNotes, Paragraph
from initiatives.admin.names import choice_name, field_names
from initiatives.models import Audience, Theme, User

NOTHING_CHOSEN = "Non renseigné"


class PlainLabels:
    """Labels stand alone, as on the public forms: no colon."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"label_suffix": ""} | kwargs)


class Asking:
    formfield_overrides = {
        models.URLField: {"assume_scheme": "https"},
        models.FloatField: {"localize": True},  # 43,6 as well as 43.6
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        fiche = getattr(self, "parent_model", self.model)
        if db_field.name == "to_verify":
            return FieldNotes(
                names=field_names(fiche),
                label="À vérifier",
                help_text="Une ligne par champ incertain, « champ : phrase ». Exemple : « étape : lue en 2017 ».",
            )
        if db_field.name == "supports":
            return FieldList(
                names=field_names(fiche), label="Champs appuyés", help_text="Un par ligne. Exemple : « étape »."
            )
        if db_field.name == "summary":
            kwargs |= {"form_class": Paragraph, "widget": AdminTextareaWidget(attrs={"rows": 3})}
        elif isinstance(db_field, models.DateField) and not isinstance(db_field, models.DateTimeField):
            # The calendar of the browser: in French, from the keyboard, without a script.
            kwargs["widget"] = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "vDateField"})
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, models.TextField) and field:
            field.widget.attrs["rows"] = 4  # more come as one types (css/admin.css)
        if isinstance(field, forms.ModelChoiceField):
            self._dress_relation(db_field, field)
        return field

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        has_blank = db_field.blank or not db_field.has_default()
        words = NOTHING_CHOSEN if db_field.blank else "À choisir"
        kwargs.setdefault("choices", db_field.get_choices(include_blank=has_blank, blank_choice=[("", words)]))
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.remote_field.model is User:
            kwargs["queryset"] = User.objects.filter(is_staff=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.remote_field.model in (Audience, Theme):
            kwargs["widget"] = forms.CheckboxSelectMultiple
        if db_field.remote_field.model is Theme:
            kwargs["queryset"] = Theme.objects.in_order()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _dress_relation(self, db_field, field):
        """Names that tell homonyms apart; beside the list, only the ways out that do not lose what was typed."""
        field.label_from_instance = choice_name
        if getattr(field, "empty_label", None):
            field.empty_label = NOTHING_CHOSEN
        field.widget.can_delete_related = field.widget.can_view_related = False
        if db_field.remote_field.model in (Audience, Theme, User):
            field.widget.can_add_related = field.widget.can_change_related = False
