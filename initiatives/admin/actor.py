from django.contrib import admin

from initiatives.admin.attention import CompletenessFilter
from initiatives.admin.base import Asking, CheckedForm, FicheAdmin, LineInline, StackedLineInline
from initiatives.admin.lists import LastCheckFilter, OriginFilter, TerritoryFilter, ThemeFilter
from initiatives.admin.milestone import MilestoneInline
from initiatives.admin.photo import LogoInline, WithPhotos
from initiatives.admin.site import site
from initiatives.admin.source import SourceInline
from initiatives.models import Actor, ActorLabel, ActorTie, Offer, PrivateContact


class ActorLabelInline(LineInline):
    model = ActorLabel
    fields = ("label", "since", "until")


class ActorTieInline(LineInline):
    model = ActorTie
    fk_name = "actor"
    fields = ("kind", "other", "text")
    autocomplete_fields = ("other",)


class OfferInline(StackedLineInline):
    model = Offer
    classes = ["collapse"]
    fields = (
        "what",
        "description",
        "stages",
        "for_whom",
        ("duration", "cost"),
        "how_to_apply",
        "url",
        ("checked_on", "position"),
    )


class PrivateContactInline(Asking, admin.StackedInline):
    """Seen by those who may change it, and by nobody else, whatever they may do with the actor."""

    model = PrivateContact
    form = CheckedForm
    classes = ["collapse"]
    fields = (("name", "email", "phone"), "note")

    def has_view_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def has_add_permission(self, request, obj):
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)


@admin.register(Actor, site=site)
class ActorAdmin(WithPhotos, FicheAdmin):
    fieldsets = (
        (None, {"fields": (("name", "acronym"), "summary", ("status", "slug"), "whole")}),
        ("Qui", {"fields": (("kind", "legal_form"), ("siren", "siret", "rna"), "founded_year", "presentation")}),
        ("Où et de quoi", {"fields": ("seat", "coverage", "themes")}),
        ("Contact public", {"fields": ("website", ("contact_email", "contact_phone"), "contact_note")}),
        ("Relecture", {"fields": ("to_verify", ("checked_on", "checked_by"))}),
        FicheAdmin.life,
    )
    autocomplete_fields = ("seat", "coverage")
    inlines = (
        ActorLabelInline,
        ActorTieInline,
        OfferInline,
        MilestoneInline,
        LogoInline,
        SourceInline,
        PrivateContactInline,
    )
    list_display = ("name", "acronym", "status", "kind", "legal_form", "seat", "met", "checked_on", "edited")
    list_filter = (
        TerritoryFilter,
        ThemeFilter,
        "status",
        LastCheckFilter,
        CompletenessFilter,
        "kind",
        "legal_form",
        "labels__label",
        OriginFilter,
    )
    list_select_related = ("seat",)
    search_fields = ("search_text", "siren")
