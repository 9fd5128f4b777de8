"""The forms of actors and funding sources, in sections: each reads a document and writes its part of it."""

from datetime import date

from django import forms
from django.urls import reverse

from initiatives.models import Theme
from initiatives.submission.forms.essential import ThemeChoice
from initiatives.submission.forms.names import Names
from initiatives.submission.forms.photos import SOURCES
from initiatives.submission.forms.places import find_place
from initiatives.submission.forms.steps import StepForm, rows_of
from initiatives.submission.forms.territory import CoverageRows, PlaceRow

LONGEST_NOTE = 3000
PLACE_ROW = "deposit/steps/territoire_un.html"
TERRITORIES = rows_of(PlaceRow, base=CoverageRows)


class SectionForm(StepForm):
    """``columns``: the fields of the document that are fields of the form by the same name.

    ``line_words``: prefix of each relation → (its title, one line of it, template of a line).
    ``suggestions``: a field whose answer is chosen among known ones → (name of the address that proposes, kinds).
    """

    template_name = "submission/section.html"
    columns = ()
    line_words = {}
    suggestions = {}

    def __init__(self, document, *args, **kwargs):
        super().__init__(document, *args, **kwargs)
        for name in self.columns:
            # What is published already may be longer: it is not to be cut to change something else.
            if getattr(self.fields[name], "max_length", None) and isinstance(document[name], str):
                self.fields[name].max_length = max(self.fields[name].max_length, len(document[name]))

    def read(self, document):
        return {name: document[name] for name in self.columns}

    def write_on(self, document):
        return document | {name: _plain(self.cleaned_data[name]) for name in self.columns}

    @property
    def asked(self):
        """Its fields, those whose answer is chosen with their key and the address that proposes."""
        for name in self.fields:
            if name.endswith("_key"):
                continue
            page, kinds = self.suggestions.get(name, ("", ""))
            key = self[f"{name}_key"] if page else None
            yield {"field": self[name], "key": key, "page": reverse(page) if page else "", "kinds": kinds}

    @property
    def relations(self):
        """Its lines, with the words that present them."""
        for prefix, (title, word, row) in self.line_words.items():
            yield {"rows": self.rows[prefix], "title": title, "word": word, "row": row}


class SourcesForm(SectionForm):
    """The pages that speak of it."""

    line_words = {"liens": ("Liens", "Lien", "deposit/steps/lien.html")}

    def lines(self, document):
        return {"liens": (SOURCES, document["sources"])}

    def write_on(self, document):
        return document | {"sources": self.rows["liens"].lines_after()}


class ThemesChoice(forms.ModelMultipleChoiceField):
    """Themes of both levels, as slugs."""

    def __init__(self, **kwargs):
        super().__init__(
            Theme.objects.in_order(),
            to_field_name="slug",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            **kwargs,
        )

    label_from_instance = ThemeChoice.label_from_instance


class DayField(forms.DateField):
    """A day, that a document writes « 2027-12-31 »."""

    def __init__(self, **kwargs):
        super().__init__(
            required=False,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"invalid": "Écrivez une date, comme 31/12/2027."},
            **kwargs,
        )


class NamesOfFiche(Names):
    """What the keys of a document of an actor or of a funding source are called."""

    def __init__(self, document):
        places = [*document.get("coverage", ()), *document.get("territories", ()), document.get("seat")]
        offered_by = document.get("offered_by")
        super().__init__(
            {
                "coverage": [key for key in places if key],
                "participations": [{"actor": offered_by}] if offered_by else [],
            }
        )


def keys_of(rows):
    """A queryset of themes or audiences as a document holds it."""
    return sorted(row.slug for row in rows)


def place_of(form, name, kinds=None):
    """The place that a form names, as a document holds it."""
    place = find_place(form, name, kinds=kinds)
    return place and place.key


def _plain(value):
    return value.isoformat() if isinstance(value, date) else value
