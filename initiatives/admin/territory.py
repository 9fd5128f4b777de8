from django import forms
from django.contrib import admin
from django.db.models import Case, Q, Value, When

from initiatives.admin.base import CheckedForm, LineFormSet, LineInline, NounAdmin
from initiatives.admin.lists import ForgivingSearch
from initiatives.admin.site import site
from initiatives.models import PostalCode, Territory, TerritoryFigure, TerritoryName
from initiatives.text import fold, fold_place, grouped


class ZoneForm(CheckedForm):
    """What staff may make: a named set of communes."""

    code = forms.SlugField(
        label="Identifiant", max_length=60, help_text="Il fait l’adresse publique de la zone et ne change plus ensuite."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.instance.kind = Territory.Kind.ZONE
            self.instance.in_scope = True
        if "members" in self.fields:
            self.fields["members"].required = True


class NameFormSet(LineFormSet):
    repeated = "Deux de ces noms se lisent de la même façon."

    def once(self, line):
        return fold(line.name)


class NameInline(LineInline):
    model = TerritoryName
    formset = NameFormSet
    fields = ("name", "former_code")


class FigureFormSet(LineFormSet):
    repeated = "Un chiffre est donné deux fois pour la même année."

    def once(self, line):
        return line.label, line.year


class FigureInline(LineInline):
    model = TerritoryFigure
    formset = FigureFormSet
    fields = ("label", "value", "unit", "year", "source", "source_url", "position")


@admin.register(Territory, site=site)
class TerritoryAdmin(ForgivingSearch, NounAdmin):
    """Official territories are read; their other names and figures, and zones, are written."""

    added_name = "zone"
    ZONE = ("name", "code", "nature", "name_at", "name_of", "members")
    OFFICIAL = (
        "kind",
        "code",
        "name",
        "name_at",
        "name_of",
        "nature",
        "commune",
        "epci",
        "department",
        "region",
        "population",
        ("latitude", "longitude"),
        ("closed_on", "successor"),
    )
    form = ZoneForm
    autocomplete_fields = ("members",)
    inlines = (NameInline, FigureInline)
    list_display = ("name", "kind", "code", "department", "people", "in_scope")
    list_filter = ("in_scope", "kind")
    list_select_related = ("department",)
    search_fields = ("folded",)
    used_through = ("sites", "actors_seated", "actors_covering", "initiatives_covering", "funding_sources")

    def view_on_site(self, territory):
        return territory.get_absolute_url() if territory.in_scope and not territory.closed_on else None

    @admin.display(description="population", ordering="population")
    def people(self, territory):
        return territory.population and grouped(str(territory.population))

    def get_fields(self, request, obj=None):
        return self.OFFICIAL if self._is_official(obj) else self.ZONE

    def get_readonly_fields(self, request, obj=None):
        if self._is_official(obj):
            return tuple(field.name for field in Territory._meta.get_fields() if field.concrete)
        return ("code",) if obj else ()

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"code": ["name"]}

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not self._is_official(obj)

    def get_search_results(self, request, queryset, search_term):
        """By name, other name, postal or official code; the very name first, then the places of the directory."""
        words, found = fold_place(search_term), queryset
        for word in words.split():
            names = TerritoryName.objects.filter(folded__contains=word).values("territory")
            postal_codes = PostalCode.objects.filter(code__startswith=word).values("territory")
            found = found.filter(
                Q(folded__contains=word) | Q(code__iexact=word) | Q(pk__in=names) | Q(pk__in=postal_codes)
            )
        exact = Case(When(folded=words, then=Value(0)), default=Value(1))
        found = self.or_nearest(request, queryset.filter(in_scope=True), words, found)
        return found.order_by(exact, "-in_scope", "sort_key", "pk"), False

    def record(self, row, *, at):
        if not self._is_official(row):
            row.unit_count = Territory.objects.filter(row.unit_condition()).count()
            row.save(update_fields=["unit_count"])
        super().record(row, at=at)

    def _is_official(self, territory):
        return territory is not None and territory.kind != Territory.Kind.ZONE
