"""What a visitor may ask in the address of a list: validation, form, and its meaning in SQL."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict

from initiatives.models import Actor, FundingSource, Initiative, Territory, Theme
from initiatives.models.vocabulary import Activity, ActorKind, Availability, FundingKind, Presence, Stage
from initiatives.text import fold

MAX_VALUES = 50
MAX_LENGTH = 200


def told(value):
    """A value of an address as a message can show it: short, and nothing that a page cannot hold."""
    return "".join(char for char in value if char.isprintable())[:60]


class TerritoriesField(forms.Field):
    """Territories by their public keys (``dep-13``)."""

    widget = forms.MultipleHiddenInput

    def to_python(self, keys):
        territories = []
        for key in keys or []:
            try:
                territories.append(Territory.objects.by_key(key))
            except Territory.DoesNotExist as error:
                raise ValidationError("Territoire inconnu.") from error
        return territories


class TerritoriesFilter(django_filters.Filter):
    field_class = TerritoriesField


class ThemesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        queryset = Theme.objects.select_related("parent")
        super().__init__(queryset=queryset, to_field_name="slug", **kwargs)


class ThemesFilter(django_filters.Filter):
    field_class = ThemesField


class ChoicesFilter(django_filters.Filter):
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


class WordsFilter(django_filters.CharFilter):
    """Every word, wherever it stands in the name or the texts."""

    def __init__(self, **kwargs):
        super().__init__(max_length=MAX_LENGTH, **kwargs)

    def filter(self, queryset, value):
        return queryset.filter(*[Q(search_text__contains=word) for word in fold(value or "").split()])


class LenientFilterSet(django_filters.FilterSet):
    """Applies what is valid and names what is not: ``ignored`` holds (label, value) pairs.

    A link with one wrong value still opens the rest of the search; unknown parameters are other people's business.
    """

    def __init__(self, data, queryset):
        self.ignored = []
        super().__init__(self._valid(data), queryset)

    def _valid(self, data):
        valid = QueryDict(mutable=True)
        for name, criterion in self.base_filters.items():
            given = [" ".join(value.split()) for value in data.getlist(name) if value.strip()]
            several = not isinstance(criterion.field, forms.CharField)
            given = list(dict.fromkeys(given if several else given[-1:]))
            for value in given[:MAX_VALUES]:
                if self._accepts(criterion, [value] if several else value):
                    valid.appendlist(name, value)
                else:
                    self.ignored.append((criterion.label, told(value)))
            if len(given) > MAX_VALUES:
                self.ignored.append((criterion.label, f"{len(given) - MAX_VALUES} valeurs de trop"))
        return self._check_together(valid)

    def _check_together(self, valid):
        """What is valid alone and means nothing with the rest."""
        return valid

    @staticmethod
    def _accepts(criterion, value):
        # First of all: a NUL is an error for PostgreSQL, and a page may not hold any other control character.
        if not "".join(value).isprintable():
            return False
        try:
            criterion.field.clean(value)
        except ValidationError:
            return False
        return True

    @property
    def values(self):
        """Cleaned value of each criterion."""
        return self.form.cleaned_data if self.form.is_valid() else {}

    def with_values(self, **values):
        """The queryset of the same search, with these values of these criteria instead of its own."""
        queryset = self.queryset.all()
        for name, value in (self.values | values).items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset

    def without(self, *names):
        """The queryset with every criterion but these: what the counts of a facet are taken from."""
        return self.with_values(**dict.fromkeys(names))


class InitiativeFilter(LenientFilterSet):
    """The criteria of ``/initiatives/``."""

    q = WordsFilter(label="Mots")
    territoire = TerritoriesFilter(label="Territoire", method="filter_territory")
    presence = ChoicesFilter(label="Présence", choices=Presence.choices)
    theme = ThemesFilter(label="Thème", method="filter_theme")
    etape = ChoicesFilter(label="Étape", field_name="stage", choices=Stage.choices)
    activite = ChoicesFilter(label="Activité", field_name="activity", choices=Activity.choices)

    class Meta:
        model = Initiative
        fields = []

    def _check_together(self, valid):
        if "presence" in valid and "territoire" not in valid:
            self.ignored += [("Présence, sans territoire", value) for value in valid.pop("presence")]
        return valid

    def filter_territory(self, queryset, name, territories):
        return queryset.concerning(*territories) if territories else queryset

    def filter_theme(self, queryset, name, themes):
        return queryset.about(*themes) if themes else queryset


class ActorFilter(LenientFilterSet):
    """The criteria of ``/acteurs/``."""

    q = WordsFilter(label="Mots")
    type = ChoicesFilter(label="Genre", field_name="kind", choices=ActorKind.choices)
    territoire = TerritoriesFilter(label="Territoire", method="filter_territory")

    class Meta:
        model = Actor
        fields = []

    def filter_territory(self, queryset, name, territories):
        return queryset.acting_in(*territories) if territories else queryset


class FundingFilter(LenientFilterSet):
    """The criteria of ``/financements/``. The queryset carries its availability (``with_availability``)."""

    type = ChoiceSetFilter(label="Nature", field_name="kinds", choices=FundingKind.choices)
    territoire = TerritoriesFilter(label="Territoire", method="filter_territory")
    statut = ChoicesFilter(label="Statut", field_name="availability", choices=Availability.choices)

    class Meta:
        model = FundingSource
        fields = []

    def filter_territory(self, queryset, name, territories):
        return queryset.for_territory(*territories) if territories else queryset
