"""What the lists of fiches share: their filters, their column of completeness, a search that forgives mistakes."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Q
from django.utils import timezone

from initiatives.admin.names import choice_name
from initiatives.directory.completeness import RULES
from initiatives.directory.near_names import nearest
from initiatives.keys import row_key
from initiatives.models import Initiative, Territory, Theme
from initiatives.models.vocabulary import Presence
from initiatives.text import fold, typographic

A_YEAR = timedelta(days=365)


class ForgivingSearch:
    """When nothing holds the words that were typed, the nearest names; the list says so."""

    def get_search_results(self, request, queryset, search_term):
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        return self.or_nearest(request, queryset, search_term, found), may_repeat

    def or_nearest(self, request, queryset, search_term, found):
        """``found``, unless it is empty: then what is nearest in ``queryset``."""
        if not fold(search_term) or found.exists():
            return found
        near = nearest(search_term, self.names(queryset))
        if near and not hasattr(request, "told_near") and not self._completes(request):
            request.told_near = True
            sentence = f"Rien pour « {search_term.strip()[:100]} ». Voici les noms les plus proches."
            self.message_user(request, typographic(sentence), messages.INFO)
        return queryset.filter(pk__in=near)

    def names(self, queryset):
        """Pairs (key, name) to look among."""
        return queryset.order_by().values_list("pk", "name")

    def _completes(self, request):
        return request.resolver_match.url_name == "autocomplete"


class FicheList(ForgivingSearch):
    """For the lists of initiatives, actors and funding sources."""

    def get_search_results(self, request, queryset, search_term):
        """What was merged is found in its list, and is not proposed to other fiches."""
        if self._completes(request):
            queryset = queryset.exclude(status="merged")
        return super().get_search_results(request, queryset, search_term)

    @property
    def media(self):
        return super().media + PlaceSelect(self.admin_site).media

    @admin.display(description="complétude", ordering="completeness")
    def met(self, fiche):
        return f"{fiche.completeness} sur {len(RULES[type(fiche)])}"

    @admin.display(description="modifiée le", ordering="modified_at", empty_value="–")
    def edited(self, fiche):
        return fiche.modified_at and f"{timezone.localtime(fiche.modified_at):%d/%m/%Y}"


class PlaceSelect(AutocompleteSelect):
    """Any territory, by autocompletion; without JavaScript, the départements."""

    def __init__(self, admin_site):
        super().__init__(Initiative.coverage.field, admin_site, attrs={"id": "filtre-territoire"})
        self.is_required = False

    def optgroups(self, name, value, attrs=None):
        return forms.Select.optgroups(self, name, value, attrs)


class TerritoryFilter(admin.ListFilter):
    """Based in a territory or acting in it: a département, an intercommunalité, a commune, a zone…"""

    title = "territoire"
    template = "admin/territory_filter.html"
    parameter = "territoire"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        asked = params.pop(self.parameter, [""])[-1]
        self.territory = _territory(asked)
        # The list keeps what was asked in the addresses of its other links.
        if self.territory:
            self.used_parameters[self.parameter] = asked
        self.site = model_admin.admin_site

    def expected_parameters(self):
        return [self.parameter]

    def has_output(self):
        return True

    def choices(self, changelist):
        """What the template needs, as its one choice."""
        departments = [row for row in Territory.objects.in_scope().filter(kind=Territory.Kind.DEPARTMENT)]
        offered = departments if self.territory in (None, *departments) else [self.territory, *departments]
        select = PlaceSelect(self.site)
        select.choices = [("", "Partout"), *((row.pk, choice_name(row)) for row in offered)]
        kept = [(name, value) for name, values in self.request.GET.lists() for value in values]
        yield {
            "select": select.render(self.parameter, self.territory and self.territory.pk, {"id": "filtre-territoire"}),
            "kept": [(name, value) for name, value in kept if name not in (self.parameter, "p", "e")],
            "everywhere": changelist.get_query_string(remove=[self.parameter]) if self.territory else "",
        }

    def queryset(self, request, queryset):
        if self.territory is None:
            return queryset
        match queryset.model.__name__:
            case "Initiative":
                return queryset.with_presence(self.territory).filter(presence__in=[Presence.BASED, Presence.ACTS])
            case "Actor":
                return queryset.acting_in(self.territory)
            case _:
                return queryset.for_territory(self.territory)


def _territory(asked):
    """The territory of a number or of a public key (« dep-13 »), or None."""
    if asked.isdecimal():
        return Territory.objects.filter(pk=row_key(asked)).first()
    try:
        return Territory.objects.by_key(asked)
    except (Territory.DoesNotExist, ValueError):
        return None


class ThemeFilter(admin.SimpleListFilter):
    """By main theme; its sub-themes count."""

    title = "thème"
    parameter_name = "theme"

    def lookups(self, request, model_admin):
        return Theme.objects.top().values_list("slug", "name")

    def queryset(self, request, queryset):
        theme = Theme.objects.filter(slug=self.value() or "").first()
        if theme is None:
            return queryset
        if queryset.model is Initiative:
            return queryset.about(theme)
        about = queryset.model.objects.filter(Q(themes=theme) | Q(themes__parent=theme))
        return queryset.filter(pk__in=about.values("pk"))


class LastCheckFilter(admin.SimpleListFilter):
    title = "dernière vérification"
    parameter_name = "verifiee"

    def lookups(self, request, model_admin):
        return [("jamais", "Jamais"), ("ancienne", "Il y a plus d’un an"), ("recente", "Il y a moins d’un an")]

    def queryset(self, request, queryset):
        a_year_ago = timezone.localdate() - A_YEAR
        match self.value():
            case "jamais":
                return queryset.filter(checked_on=None)
            case "ancienne":
                return queryset.filter(checked_on__lt=a_year_ago)
            case "recente":
                return queryset.filter(checked_on__gte=a_year_ago)
            case _:
                return queryset


class OriginFilter(admin.SimpleListFilter):
    """By where the fiche comes from, in words where the origin has some."""

    title = "origine"
    parameter_name = "origin"
    WORDS = {"saisie": "Saisie au bureau", "redaction": "Rédaction d’InnovGuide"}

    def lookups(self, request, model_admin):
        origins = model_admin.model.objects.order_by("origin").values_list("origin", flat=True).distinct()
        return [(origin, self.WORDS.get(origin, origin)) for origin in origins]

    def queryset(self, request, queryset):
        return queryset.filter(origin=self.value()) if self.value() else queryset
