"""What the lines of a fiche choose among, read once for all of them: each line would otherwise ask for its own."""

from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.forms import ModelChoiceField


class Suggested(AutocompleteSelect):
    """A choice by autocompletion. ``known``: the row that its line names, already read with the line, or None."""

    known = None

    def optgroups(self, name, value, attrs=None):
        if self.known is None or [*value] != [str(self.known.pk)]:
            return super().optgroups(name, value, attrs)
        label = self.choices.field.label_from_instance(self.known)
        empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        return [(None, [*empty, self.create_option(name, self.known.pk, label, True, len(empty))], 0)]


class SharedChoices:
    """For the lines of a fiche, as a form set."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for name, field in form.fields.items():
            if isinstance(field, ModelChoiceField) and name != self._pk_field.name:
                self._share(form, name, field)

    def _share(self, form, name, field):
        widget = field.widget
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget = widget.widget
        if isinstance(widget, Suggested):
            widget.known = form.instance._state.fields_cache.get(name)
        else:
            lists = self.__dict__.setdefault("_lists", {})
            if name not in lists:
                lists[name] = [*field.choices]
            field.choices = lists[name]
