"""Filter sets that forgive: what is valid in an address is applied, what is not is named."""

from copy import copy

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.functional import cached_property

from initiatives.models import Territory
from initiatives.text import fold

MAX_VALUES = 50
MAX_LENGTH = 200


def told(value):
    """A value of an address as a message can show it: short, and nothing that a page cannot hold."""
    return "".join(char for char in value if char.isprintable())[:60]


class SharedFilter(django_filters.Filter):
    """Each search has its own, all of them the same field: it holds nothing of what is asked."""

    def __deepcopy__(self, memo):
        own = copy(self)
        own.method = self.method  # which knows its filter
        return own


class KnownField(forms.Field):
    """Several values that are rows; ``known`` gives those that exist among them: a dictionary."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, known, **kwargs):
        self.known = known
        super().__init__(**kwargs)

    def to_python(self, values):
        values = list(values or [])
        known = self.known(values)
        if len(known) < len(values):
            raise ValidationError("Valeur inconnue.")
        return self.cleaned(values, known)


class OptionsField(KnownField):
    def cleaned(self, values, known):
        return values


class TerritoriesField(KnownField):
    """Territories by their public keys (``dep-13``)."""

    def cleaned(self, values, known):
        return [known[key] for key in values]


class TerritoriesFilter(SharedFilter):
    field_class = TerritoriesField

    @property
    def field(self):
        return TerritoriesField(known=self.parent.places, required=False)


class ChoicesFilter(SharedFilter):
    """Any of several values of one closed list."""

    field_class = forms.MultipleChoiceField

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs)

    def filter(self, queryset, value):
        return queryset.filter(**{f"{self.field_name}__in": value}) if value else queryset


class ChoiceSetFilter(ChoicesFilter):
    """Rows whose set of values holds any of those asked."""

    def filter(self, queryset, value):
        condition = Q()
        for item in value or []:
            condition |= Q(**{f"{self.field_name}__has": item})
        return queryset.filter(condition)


class WordsFilter(SharedFilter, django_filters.CharFilter):
    """Every word, wherever it stands in the name or the texts."""

    def __init__(self, **kwargs):
        super().__init__(max_length=MAX_LENGTH, **kwargs)

    def filter(self, queryset, value):
        return queryset.filter(*[Q(search_text__contains=word) for word in fold(value or "").split()])


# Fields that take all the values of their parameter; the others take the last.
SEVERAL = (KnownField, forms.MultipleChoiceField)


class LenientFilterSet(django_filters.FilterSet):
    """Applies what is valid and names what is not: ``ignored`` holds (label, value) pairs.

    A link with one wrong value still opens the rest of the search; unknown parameters are other people's business.
    """

    def __init__(self, data, queryset):
        super().__init__(data, queryset)
        self.ignored, self._cleaned, self._places = [], {}, {}
        self.data = self._valid(data)

    def _valid(self, data):
        valid = QueryDict(mutable=True)
        for name, criterion in self.filters.items():
            given = [" ".join(value.split()) for value in data.getlist(name) if value.strip()]
            field = criterion.field
            several = isinstance(field, SEVERAL)
            given = list(dict.fromkeys(given if several else given[-1:]))
            if isinstance(field, KnownField):
                # In one question, before each is looked at.
                field.known([value for value in given[:MAX_VALUES] if value.isprintable()])
            for value in given[:MAX_VALUES]:
                if self._accepts(name, value, several):
                    valid.appendlist(name, value)
                else:
                    self.ignored.append((criterion.label, told(value)))
            if len(given) > MAX_VALUES:
                self.ignored.append((criterion.label, f"{len(given) - MAX_VALUES} valeurs de trop"))
        return self._check_together(valid)

    def places(self, keys):
        """Key → territory of those that exist; each is asked for once."""
        if missing := [key for key in keys if key not in self._places and key.isprintable()]:
            self._places |= dict.fromkeys(missing) | Territory.objects.by_keys(missing)
        return {key: self._places[key] for key in keys if self._places.get(key)}

    def _check_together(self, valid):
        """What is valid alone and means nothing with the rest."""
        return valid

    def _accepts(self, name, value, several):
        # First of all: a NUL is an error for PostgreSQL, and a page may not hold any other control character.
        if not value.isprintable():
            return False
        try:
            self._cleaned[name, value] = self.filters[name].field.clean([value] if several else value)
        except ValidationError:
            return False
        return True

    @cached_property
    def values(self):
        """Cleaned value of each criterion: not the form's, which would read again what ``_accepts`` did."""
        values = {}
        for name, criterion in self.filters.items():
            cleaned = [self._cleaned[name, value] for value in self.data.getlist(name)]
            if isinstance(criterion.field, SEVERAL):
                values[name] = [item for items in cleaned for item in items]
            else:
                values[name] = cleaned[-1] if cleaned else criterion.field.clean(None)
        return values

    def labels(self, name, given):
        """The values given of a criterion → what people read."""
        value, field = self.values.get(name), self.filters[name].field
        if isinstance(field, TerritoriesField):
            return dict(zip(given, map(str, value), strict=True))
        return {item: item for item in given} | dict(getattr(field, "choices", ()))

    def with_values(self, **values):
        """The queryset of the same search, with these values of these criteria instead of its own."""
        queryset = self.queryset.all()
        for name, value in (self.values | values).items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset

    def without(self, *names):
        """The queryset with every criterion but these: what the counts of a facet are taken from."""
        return self.with_values(**dict.fromkeys(names))

    def count_without(self, *names):
        return self.without(*names).order_by().count()

    def count_with(self, name, values):
        """Number of results with these values of a criterion instead of its own."""
        return self.with_values(**{name: values}).order_by().count()
