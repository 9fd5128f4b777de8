"""A form typed on an older state of a row, typed again on the state of today.

Field by field and line by line: what was touched stays as it was typed, what was not takes the value of today. Needs
the state on which the form was opened; without it all that was typed counts as touched.
"""

import re
from dataclasses import dataclass, field

from django.db.models import ForeignKey, JSONField, ManyToManyField
from django.forms import CheckboxInput, FileField
from django.utils.datastructures import MultiValueDict

from initiatives.models import InitiativeTheme

COUNTS = ("TOTAL_FORMS", "INITIAL_FORMS")


@dataclass
class TypedLine:
    """A line as it was typed: name of its field → values, and files."""

    number: int
    data: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)

    def key(self, column):
        return (self.data.get(column) or [""])[0]


class Retyping:
    """``data`` and ``files`` are what to read instead of what was sent; ``kept`` the keys of what was touched."""

    def __init__(self, pages, request, row, base):
        self.sent, self.sent_files = request.POST, request.FILES
        self.data, self.files = request.POST.copy(), MultiValueDict(dict(request.FILES.lists()))
        self.kept = set()
        self.base = base
        self._retype_fields(pages.get_form(request, row, change=True)(instance=row), row)
        for form_set, inline in pages.get_formsets_with_inlines(request, row):
            prefix = form_set.get_default_prefix()
            if f"{prefix}-TOTAL_FORMS" in self.sent:
                self._retype_lines(prefix, form_set, inline.get_queryset(request).filter(**{form_set.fk.name: row}))

    def _retype_fields(self, today, row):
        initial = _initial(self.base.fiche, today) if self.base else {}
        themes = getattr(today, "THEMES", ())
        if self.base:
            links = self.base.lines_by_key(InitiativeTheme).values()
            initial |= dict.fromkeys(themes) | dict(zip(themes, (link.values["theme"] for link in links), strict=False))
        touched = {name for name in today.fields if _is_touched(today, name, self.sent, self.sent_files, name, initial)}
        if touched & set(themes):
            touched |= set(themes)
            self.kept.add((type(row), None, "theme_links"))
        for name in today.fields:
            if name in touched:
                self.kept.add((type(row), None, name))
            else:
                self.data.setlist(name, _as_typed(today[name]))

    def _retype_lines(self, prefix, form_set, rows):
        column = form_set.model._meta.pk.name
        typed = self._take_lines(prefix)
        by_key = {line.key(column): line for line in typed if line.key(column)}
        bases = {str(line.pk): line for line in self.base.lines if line.model is form_set.model} if self.base else {}
        existing, added = [], [line for line in typed if not line.key(column)]
        for row in rows:
            today = form_set.form(instance=row)
            line = by_key.pop(str(row.pk), None)
            if line is None and form_set.max_num == 1 and added:
                line = added.pop()  # there is one at most: what was typed is about this one
                existing.append(TypedLine(0, line.data | {column: [str(row.pk)]}, line.files))
            elif line is None:
                data = {name: _as_typed(today[name]) for name in today.fields}
                existing.append(TypedLine(0, data | {column: [str(row.pk)]}))
            else:
                existing.append(self._retype_line(prefix, line, today, bases.get(str(row.pk))))
        # Removed meanwhile: those that were touched are added anew.
        for key, line in by_key.items():
            if self._was_touched(prefix, line, form_set.form(), bases.get(key)):
                added.append(TypedLine(0, line.data | {column: [""]}, line.files))
        for number, line in enumerate((*existing, *added)):
            self._put_line(f"{prefix}-{number}", line)
        for name, count in zip(COUNTS, (len(existing) + len(added), len(existing)), strict=True):
            self.data[f"{prefix}-{name}"] = str(count)

    def _retype_line(self, prefix, line, today, base):
        initial = _initial(base, today) if base else {}
        data = dict(line.data)
        for name in today.fields:
            if _is_touched(today, name, self.sent, self.sent_files, f"{prefix}-{line.number}-{name}", initial):
                self.kept.add(_key(today.instance, name))
            else:
                data[name] = _as_typed(today[name])
        return TypedLine(0, data, line.files)

    def _was_touched(self, prefix, line, form, base):
        """Whether a line that is no more was changed, rather than left as it was or removed here too."""
        if "DELETE" in line.data:
            return False
        if base is None:
            return True
        initial, start = _initial(base, form), f"{prefix}-{line.number}-"
        if any(_is_touched(form, name, self.sent, self.sent_files, start + name, initial) for name in form.fields):
            self.kept.add((*base.key, ""))
            return True
        return False

    def _take_lines(self, prefix):
        """The lines of this prefix, taken out of what is to be read."""
        lines = {}
        for sent, kept, part in ((self.sent, self.data, "data"), (self.sent_files, self.files, "files")):
            for name, values in sent.lists():
                if found := re.fullmatch(rf"{re.escape(prefix)}-(\d{{1,4}})-(.+)", name):
                    line = lines.setdefault(int(found[1]), TypedLine(int(found[1])))
                    getattr(line, part)[found[2]] = values
                    del kept[name]
        return [lines[number] for number in sorted(lines)]

    def _put_line(self, start, line):
        for name, values in line.data.items():
            self.data.setlist(f"{start}-{name}", values)
        for name, values in line.files.items():
            self.files.setlist(f"{start}-{name}", values)


def typed_anew(pages, request):
    """The same form for a row that is to be made: its lines are new, and belong to nothing yet."""
    data = request.POST.copy()
    for form_set, _ in pages.get_formsets_with_inlines(request):
        prefix = form_set.get_default_prefix()
        if f"{prefix}-INITIAL_FORMS" in data:
            data[f"{prefix}-INITIAL_FORMS"] = "0"
        for name in [*data]:
            if re.fullmatch(rf"{re.escape(prefix)}-\d+-({form_set.model._meta.pk.name}|{form_set.fk.name})", name):
                data[name] = ""
    data.pop("revision", None)
    return data


def _key(row, name):
    return type(row), str(getattr(row, "uuid", row.pk)), name


def _initial(state, form) -> dict:
    """What the fields of the form showed of a state."""
    found = {}
    for column in (*state.model._meta.fields, *state.model._meta.many_to_many):
        if column.name in form.fields and column.name in state.values:
            value = state.values[column.name]
            as_is = isinstance(column, (ManyToManyField, ForeignKey, JSONField)) or value is None
            found[column.name] = value if as_is else column.to_python(value)
    return found


def _is_touched(form, name, data, files, sent_as, initial):
    """Whether a field was sent with something else than it showed; yes when what it showed is unknown."""
    control = form.fields[name]
    typed = control.widget.value_from_datadict(data, files, sent_as)
    if isinstance(control, FileField):
        return typed is not None
    return name not in initial or control.has_changed(initial[name], typed)


def _as_typed(bound) -> list[str]:
    """What a browser would send of a field as it stands."""
    widget = getattr(bound.field.widget, "widget", bound.field.widget)  # the admin wraps that of a relation
    if isinstance(widget, CheckboxInput):
        return ["on"] if bound.value() else []
    value = widget.format_value(bound.value())
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else [str(value)]
