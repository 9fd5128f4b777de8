"""Form fields for what the directory says about the fields of a fiche: one a line, by the name that people read."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError

from initiatives.text import fold


class Paragraph(forms.CharField):
    """A text of one paragraph, typed in several lines. No ``maxlength``: what is too long is said, never cut."""

    def to_python(self, value):
        return " ".join(super().to_python(value).split())

    def widget_attrs(self, widget):
        return {}


class FieldsOfAFiche(forms.CharField):
    """Text that names fields of a fiche. ``names``: what each field is called."""

    def __init__(self, *, names, **kwargs):
        super().__init__(required=False, widget=AdminTextareaWidget(attrs={"rows": 3}), **kwargs)
        self.names = names

    def accept(self, stored):
        """Also take the names that the row already holds: nothing that was there is refused."""
        self.names = {name: name for name in stored} | self.names

    def find(self, words):
        """The field that people call so, or None."""
        called = {fold(name): name for name in self.names} | {fold(label): name for name, label in self.names.items()}
        return called.get(fold(words))

    def lines(self, value):
        """The lines that say something, numbered as they were typed."""
        lines = enumerate(super().to_python(value).splitlines(), 1)
        return [(number, line.strip()) for number, line in lines if line.strip()]


class FieldList(FieldsOfAFiche):
    """Fields, one a line ⇄ the list of their names."""

    def prepare_value(self, value):
        return value if isinstance(value, str) else "\n".join(self.names.get(name, name) for name in value or ())

    def to_python(self, value):
        found = set()
        for number, line in self.lines(value):
            name = self.find(line)
            if name is None:
                raise ValidationError(f"Ligne {number} : « {line} » n’est pas un champ de la fiche.")
            found.add(name)
        return sorted(found)


class FieldNotes(FieldsOfAFiche):
    """« champ : phrase », one a line ⇄ a dictionary from the name of a field to its sentence."""

    def prepare_value(self, value):
        if isinstance(value, str):
            return value
        return "\n".join(f"{self.names.get(name, name)} : {note}" for name, note in (value or {}).items())

    def to_python(self, value):
        notes = {}
        for number, line in self.lines(value):
            label, _, note = (part.strip() for part in line.partition(":"))
            name = self.find(label)
            if not note:
                raise ValidationError(f"Ligne {number} : écrivez « champ : phrase ».")
            if name is None:
                raise ValidationError(f"Ligne {number} : « {label} » n’est pas un champ de la fiche.")
            if name in notes:
                raise ValidationError(f"Ligne {number} : « {label} » est déjà dit plus haut.")
            notes[name] = note
        return notes
