"""What a visitor may ask in the address of a list: validation, form, and its meaning in SQL."""

import re

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property

from initiatives.directory import fulltext
from initiatives.directory.criteria import (
    CRITERIA,
    FIRST_YEAR,
    LAST_YEAR,
    RADIUS_KM,
    WIDEST_KM,
    Bound,
    Values,
)
from initiatives.directory.live import current
from initiatives.models import Actor, FundingSource, Initiative, Site, Territory
from initiatives.models.vocabulary import ActorKind, Availability, FundingKind, Presence
from initiatives.text import NO_BREAK, fold
from initiatives.words import Query, parse_query

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


class OptionsField(forms.Field):
    """Several values; ``known`` gives those that exist among them."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, known, **kwargs):
        self.known = known
        super().__init__(**kwargs)

    def to_python(self, values):
        values = list(values or [])
        if values and len(self.known(values)) < len(values):
            raise ValidationError("Valeur inconnue.")
        return values


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


class QueryFilter(django_filters.CharFilter):
    """Words as ``words.parse_query`` reads them, asked to the database: the reference of the index."""

    def __init__(self, **kwargs):
        super().__init__(max_length=MAX_LENGTH, **kwargs)

    def filter(self, queryset, value):
        query = self.parent.read_words(value or "")
        return queryset.filter(pk__in=list(fulltext.match(query).ids)) if query else queryset


# Fields that take all the values of their parameter; the others take the last.
SEVERAL = (TerritoriesField, OptionsField, forms.MultipleChoiceField)


class LenientFilterSet(django_filters.FilterSet):
    """Applies what is valid and names what is not: ``ignored`` holds (label, value) pairs.

    A link with one wrong value still opens the rest of the search; unknown parameters are other people's business.
    """

    def __init__(self, data, queryset):
        super().__init__(data, queryset)
        self.ignored = []
        self.data = self._valid(data)

    def _valid(self, data):
        valid = QueryDict(mutable=True)
        for name, criterion in self.filters.items():
            given = [" ".join(value.split()) for value in data.getlist(name) if value.strip()]
            several = isinstance(criterion.field, SEVERAL)
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

    def count_in(self, territory):
        """Number of results of the same search in this territory instead of its own."""
        return self.with_values(territoire=[territory]).order_by().count()


class CriterionFilter(django_filters.Filter):
    """A criterion of ``criteria.py``: its condition, on the day of its filter set."""

    def __init__(self, criterion, **extra):
        self.criterion = criterion
        super().__init__(label=criterion.label, **extra)

    def filter(self, queryset, value):
        return queryset.filter(self.criterion.condition(value, self.parent.live.day)) if value else queryset


class YearFilter(CriterionFilter):
    field_class = forms.IntegerField


class DayFilter(CriterionFilter):
    field_class = forms.DateField


class OptionsFilter(CriterionFilter):
    field_class = OptionsField

    @property
    def field(self):
        return OptionsField(known=self._known, required=False)

    def _known(self, values):
        return self.parent.live.options.labels(self.criterion, values)


class RadiusFilter(django_filters.Filter):
    field_class = forms.IntegerField


class CentreField(forms.Field):
    """« 43.68,4.63 », rounded before anything else, or the key of a commune; gives (latitude, longitude)."""

    POINT = re.compile(r"(-?\d{1,2}(?:\.\d{1,20})?),(-?\d{1,3}(?:\.\d{1,20})?)")

    def to_python(self, value):
        if not value:
            return None
        if value.startswith(("com-", "arm-")):
            place = Territory.objects.filter(kind=value[:3], code=value[4:]).exclude(latitude=None).first()
            if place:
                return place.latitude, place.longitude
        elif (point := self.POINT.fullmatch(value)) and abs(float(point[1])) <= 90 and abs(float(point[2])) <= 180:
            return round(float(point[1]), 2), round(float(point[2]), 2)
        raise ValidationError("Un point s’écrit latitude,longitude.")


class CentreFilter(django_filters.Filter):
    field_class = CentreField


def _filter_of(criterion):
    match criterion:
        case Values():
            return OptionsFilter(criterion)
        case Bound(is_year=True):
            return YearFilter(criterion, min_value=FIRST_YEAR, max_value=LAST_YEAR)
        case Bound():
            return DayFilter(criterion)
    return {
        "q": QueryFilter(label=criterion.label),
        "territoire": TerritoriesFilter(label=criterion.label),
        "presence": ChoicesFilter(label=criterion.label, choices=Presence.choices),
        "rayon": RadiusFilter(label=criterion.label, min_value=1, max_value=WIDEST_KM),
        "pres_de": CentreFilter(label=criterion.label),
    }[criterion.name]


class InitiativeFilter(LenientFilterSet):
    """The criteria of ``/initiatives/``: those of ``criteria.py``, and how territory, presence and radius go together.

    Its meaning in SQL is what the index must answer too. ``live``: the day, the values that exist, the geography.
    """

    class Meta:
        model = Initiative
        fields = []

    def __init__(self, data, queryset, live=None):
        self.live = live or current(timezone.localdate())
        super().__init__(data, queryset)

    @classmethod
    def get_filters(cls):
        return {criterion.name: _filter_of(criterion) for criterion in CRITERIA}

    def _check_together(self, valid):
        if "q" in valid and not (query := self.read_words(valid["q"])):
            kind = "Mots trop courants" if query.has_only_stop_words else "Mots"
            self.ignored.append((kind, told(valid.pop("q")[-1])))
        if "presence" in valid and "territoire" not in valid:
            self.ignored += [("Présence, sans territoire", value) for value in valid.pop("presence")]
        if "rayon" in valid and "territoire" not in valid and "pres_de" not in valid:
            self.ignored += [("Rayon, sans territoire", value) for value in valid.pop("rayon")]
        return valid

    def read_words(self, text) -> Query:
        return parse_query(text, self.live.options.synonyms)

    @cached_property
    def query(self) -> Query:
        """What the words of the search ask."""
        return self.read_words(self.values.get("q") or "")

    def filter_queryset(self, queryset):
        return self.with_values()

    def labels(self, name, given):
        criterion = getattr(self.filters[name], "criterion", None)
        match criterion, name:
            case Values(), _:
                return self.live.options.labels(criterion, given)
            case Bound(is_year=False), _:
                return {item: date_format(self.values[name], "j F Y") for item in given}
            case _, "rayon":
                return {item: f"{item}{NO_BREAK}km" for item in given}
        return super().labels(name, given)

    def with_values(self, **values):
        values = self.values | values
        queryset = self.queryset.all()
        for name in values.keys() - {"territoire", "presence", "rayon", "pres_de"}:
            queryset = self.filters[name].filter(queryset, values[name])
        if centre := values.get("pres_de"):
            places = self.live.geography.within(centre, values["rayon"] or RADIUS_KM)
            queryset = queryset.filter(Exists(Site.objects.filter(initiative=OuterRef("pk"), territory__in=places)))
        if territories := values.get("territoire"):
            queryset = queryset.with_presence(*territories, near=self.live.geography.near(territories, radius(values)))
            presences = values["presence"]
            queryset = queryset.filter(presence__in=presences) if presences else queryset.exclude(presence=None)
        return queryset


def radius(values) -> int:
    """Km around the territories asked for, 0 without: a radius goes with the centre of a circle when there is one."""
    return 0 if values.get("pres_de") else values.get("rayon") or 0


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
