"""What each step of the deposit is: a form that reads a document and writes its part of it (``submission.documents``).

The same forms, one under the other, propose a change of a published fiche, or correct one that waits::

    forms = [make(document, request.POST or None, request.FILES or None) for make in STEP_FORMS.values()]
    if all_valid(forms):
        changed = changes_of(document, forms)      # {field: value}
"""

import copy
from uuid import uuid4

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.forms.utils import ErrorDict, ErrorList

from initiatives.models import Initiative
from initiatives.submission.documents import differences
from initiatives.submission.forms.answers import TypedForm
from initiatives.submission.forms.names import Names

MOST_ROWS = 30
# Field of a document → the field, or the lines, of the form that asks for it, where its name is another one.
ASKED_BY = {
    "themes": "theme",
    "sites": "commune",
    "participations": "structure",
    "coverage": "territoires",
    "fundings": "financements",
    "notices": "annonces",
    "sources": "liens",
    "ways_to_take_part": "way_acheter",
}
ADD_ROW = "ajouter"


class StepForm(TypedForm):
    """A part of a fiche. ``rows``: its formsets by name, one for each relation that has several lines.

    A step says how it reads and writes: ``read(document)`` gives what its fields begin with, ``write_on(document)``,
    once it is valid, the document with its answers. ``names``: what the keys of the document are called.
    """

    template_name = ""
    use_required_attribute = False

    def __init__(self, document, data=None, files=None, *, names=None):
        self.document = document
        self.names = names or Names(document)
        super().__init__(data, files, initial=self.read(document))
        self.rows = {
            prefix: rows(lines, data, prefix=prefix, names=self.names)
            for prefix, (rows, lines) in self.lines(document).items()
        }
        # What the team says of each (``tell``).
        for asked in [*self.fields.values(), *self.rows.values()]:
            asked.told = []

    def read(self, document) -> dict:
        raise NotImplementedError

    def write_on(self, document) -> dict:
        raise NotImplementedError

    def lines(self, document) -> dict:
        """Prefix → (formset, lines that it begins with)."""
        return {}

    def is_valid(self):
        # Each is asked, so that all the errors are said at once.
        return all([super().is_valid(), *(rows.is_valid() for rows in self.rows.values())])

    @property
    def all_forms(self):
        """For the summary of errors: the form, then its rows."""
        return [self, *self.rows.values()]

    def document_after(self) -> dict:
        """The fields of the document that the answers change: {field: value}."""
        return changes_of(self.document, [self])

    def forget_errors(self):
        """Show what is typed without saying what is wrong: nobody has said that it was finished."""
        for form in [self, *(form for rows in self.rows.values() for form in rows.forms)]:
            form._errors = ErrorDict()
        for rows in self.rows.values():
            rows._errors, rows._non_form_errors = [ErrorDict() for _ in rows.forms], ErrorList()


def changes_of(document, forms) -> dict:
    """What valid forms change in a document, one after the other: {field: value}."""
    return {name: value for name, (_, value) in differences(Initiative, document, written_on(document, forms)).items()}


def written_on(document, forms) -> dict:
    """The document with the answers of valid forms, one after the other."""
    after = copy.deepcopy(document)
    for form in forms:
        after = form.write_on(after)
    return after


def tell(forms, messages) -> list[str]:
    """Put what the team says, (field of the document, text), beside what asks for it. Returns what has no place."""
    asked = {name: field for form in forms for name, field in [*form.fields.items(), *form.rows.items()]}
    without = []
    for name, text in messages:
        place = asked.get(ASKED_BY.get(name, name)) if name else None
        (place.told if place is not None else without).append(text)
    return without


def place_of(forms, name) -> str:
    """The id, in the page of these forms, of what asks for a field of the document; "" when none of them does."""
    asked_by = ASKED_BY.get(name, name)
    for form in forms:
        if asked_by in form.rows:
            return f"p-{asked_by}"
        if asked_by in form.fields:
            field = form[asked_by]
            return f"{field.auto_id}_0" if field.use_fieldset else field.auto_id
    return ""


def with_one_row_more(data, prefix):
    """The same answers, with room for one line more."""
    data = data.copy()
    total = data.get(f"{prefix}-TOTAL_FORMS", "")
    if total.isdecimal() and len(total) < 5 and int(total) < MOST_ROWS:
        data[f"{prefix}-TOTAL_FORMS"] = str(int(total) + 1)
    return data


# Lines


class Row(TypedForm):
    """One line. Left empty, or said to be removed, it is not there. ``DECIDING``: the fields that make it something."""

    use_required_attribute = False
    uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)

    DECIDING, MARKED = (), ()

    def __init__(self, *args, names, **kwargs):
        self.names = names
        super().__init__(*args, **kwargs)
        # A line is itself optional: its fields are asked for when there is one, and are not marked before.
        self.needed = [name for name, field in self.fields.items() if field.required and name not in self.MARKED]
        for name, field in self.fields.items():
            field.required, field.told = field.required and name in self.MARKED, []

    def clean(self):
        cleaned = super().clean()
        for name in self.needed:
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned

    @classmethod
    def read(cls, line, names) -> dict:
        """What the fields begin with."""
        return line

    def write(self, line) -> dict:
        """The line, its fields of ``line`` replaced by the answers."""
        return line | {name: self.cleaned_data[name] for name in self.fields if name in line and name != "uuid"}

    def has_changed(self):
        """Django leaves out what is empty and has not changed: for us, what says nothing."""
        return any(self._typed(name) for name in self.DECIDING)

    def _typed(self, name):
        value = self[name].data if self.is_bound else self[name].initial
        return bool(str(value or "").strip())

    @property
    def is_there(self):
        return self.is_valid() and bool(self.cleaned_data) and not self.cleaned_data.get("DELETE")


class BaseRows(BaseFormSet):
    """The lines of one relation. ``NEW``: what a new line says before any answer."""

    NEW = {}
    ADD = "Ajouter une ligne"

    def __init__(self, lines, data=None, *, prefix, names):
        self.lines = {line["uuid"]: line for line in lines}
        row = self.form
        super().__init__(
            data,
            prefix=prefix,
            initial=[row.read(line, names) for line in lines],
            form_kwargs={"names": names},
        )
        if data is not None and f"{prefix}-TOTAL_FORMS" not in data:
            self.is_bound = False  # answers that say nothing of these lines leave them as they are

    def _construct_form(self, i, **kwargs):
        return super()._construct_form(i, **(kwargs | {"empty_permitted": True}))

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = "Retirer"

    def is_valid(self):
        return not self.is_bound or super().is_valid()

    def lines_after(self) -> list[dict]:
        """The lines as the answers say them; those that were known keep their UUID, and what no field asks."""
        if not self.is_bound:
            return [*self.lines.values()]
        found = []
        for form in self.forms:
            if form.is_there:
                known = self.lines.get(str(form.cleaned_data.get("uuid") or ""))
                found.append(form.write(copy.deepcopy(known) if known else {"uuid": str(uuid4()), **self.NEW}))
        return found


def rows_of(row, *, base=BaseRows, extra=1):
    """A formset of such rows."""
    return formset_factory(
        row, formset=base, extra=extra, max_num=MOST_ROWS, absolute_max=MOST_ROWS, can_delete=True, validate_max=False
    )
