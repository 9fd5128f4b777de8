"""What a visitor may ask in the address of a list: validation, form, and its meaning in SQL."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
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
from initiatives.directory.lenient import (
    MAX_VALUES,
    ChoiceSetFilter,
    ChoicesFilter,
    LenientFilterSet,
    OptionsField,
    SharedFilter,
    TerritoriesFilter,
    WordsFilter,
    told,
)
from initiatives.directory.live import current
from initiatives.models import Actor, FundingSource, Initiative, Site
from initiatives.models.vocabulary import ActorKind, Availability, FundingKind, Presence
from initiatives.text import NO_BREAK
from initiatives.words import Query, parse_query

# What is said of words that are everywhere, such as « le ».
TOO_COMMON = "Mots trop courants"


class QueryFilter(WordsFilter):
    """Words as ``words.parse_query`` reads them, asked to the database: the reference of the index."""

    def filter(self, queryset, value):
        query = self.parent.read_words(value or "")
        return queryset.filter(fulltext.among(fulltext.match(query).ids)) if query else queryset


class CriterionFilter(SharedFilter):
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
        return self.parent.named(self.criterion, values)


class RadiusFilter(SharedFilter):
    field_class = forms.IntegerField


class CentreField(forms.Field):
    """« 43.68,4.63 », rounded before anything else, or the key of a commune; gives (latitude, longitude)."""

    def __init__(self, *, known, **kwargs):
        self.known = known
        super().__init__(**kwargs)

    POINT = re.compile(r"(-?\d{1,2}(?:\.\d{1,20})?),(-?\d{1,3}(?:\.\d{1,20})?)")

    def to_python(self, value):
        if not value:
            return None
        if value.startswith(("com-", "arm-")):
            place = self.known([value]).get(value)
            if place and place.latitude is not None:
                return place.latitude, place.longitude
        elif (point := self.POINT.fullmatch(value)) and abs(float(point[1])) <= 90 and abs(float(point[2])) <= 180:
            return round(float(point[1]), 2), round(float(point[2]), 2)
        raise ValidationError("Un point s’écrit latitude,longitude.")


class CentreFilter(SharedFilter):
    field_class = CentreField

    @property
    def field(self):
        return CentreField(known=self.parent.places, required=False)


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
        self.live, self._named = live or current(timezone.localdate()), {}
        super().__init__(data, queryset)

    @classmethod
    def get_filters(cls):
        return {criterion.name: _filter_of(criterion) for criterion in CRITERIA}

    def _valid(self, data):
        # What the criteria will look for one after the other, in as few questions.
        self.places([*data.getlist("territoire")[:MAX_VALUES], *data.getlist("pres_de")[-1:]])
        return super()._valid(data)

    def named(self, criterion, values):
        """Value → label of those of these values that exist; rows too many to be held are asked for once."""
        held = self._named.setdefault(criterion.name, {})
        if missing := [value for value in values if value not in held]:
            held |= dict.fromkeys(missing) | self.live.options.labels(criterion, missing)
        return {value: held[value] for value in values if held[value]}

    def _check_together(self, valid):
        if "q" in valid and not (query := self.read_words(valid["q"])):
            kind = TOO_COMMON if query.has_only_stop_words else "Mots"
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
                return self.named(criterion, given)
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
