from django.contrib import admin
from django.utils import timezone

from initiatives.admin.attention import CompletenessFilter
from initiatives.admin.base import FicheAdmin
from initiatives.admin.lists import LastCheckFilter, OriginFilter, TerritoryFilter, ThemeFilter
from initiatives.admin.site import site
from initiatives.admin.source import SourceInline
from initiatives.models import FundingSource
from initiatives.models.vocabulary import Availability, FundingKind


class AvailabilityFilter(admin.SimpleListFilter):
    title = "état"
    parameter_name = "etat"

    def lookups(self, request, model_admin):
        return Availability.choices

    def queryset(self, request, queryset):
        return queryset.filter(availability=self.value()) if self.value() else queryset


class KindFilter(admin.SimpleListFilter):
    title = "nature"
    parameter_name = "type"

    def lookups(self, request, model_admin):
        return FundingKind.choices

    def queryset(self, request, queryset):
        return queryset.filter(kinds__has=self.value()) if self.value() else queryset


@admin.register(FundingSource, site=site)
class FundingSourceAdmin(FicheAdmin):
    fieldsets = (
        (None, {"fields": ("name", "summary", "offered_by", ("status", "slug"), "whole")}),
        (
            "Quoi",
            {"fields": ("kinds", ("amount_min", "amount_max", "max_share"), "repayable", "eligibility", "exclusions")},
        ),
        ("Pour qui", {"fields": ("stages", "legal_forms", "themes", "audiences", "territories")}),
        (
            "Quand et comment",
            {
                "fields": (
                    ("opens_on", "closes_on"),
                    ("is_permanent", "returns_in_month", "ended"),
                    "how_to_apply",
                    "website",
                )
            },
        ),
        ("Relecture", {"fields": ("to_verify", ("checked_on", "checked_by"))}),
        FicheAdmin.life,
    )
    autocomplete_fields = ("offered_by", "territories")
    inlines = (SourceInline,)
    list_display = ("name", "status", "state", "offered_by", "closes_on", "met", "checked_on", "edited")
    list_filter = (
        TerritoryFilter,
        ThemeFilter,
        "status",
        LastCheckFilter,
        CompletenessFilter,
        AvailabilityFilter,
        KindFilter,
        OriginFilter,
    )
    list_select_related = ("offered_by",)
    # Its folded name, without spaces.
    search_fields = ("sort_key",)

    def get_queryset(self, request):
        return super().get_queryset(request).with_availability(timezone.localdate())

    @admin.display(description="état")
    def state(self, source):
        return Availability(source.availability).label
