from functools import partial

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.urls import path

from initiatives.admin.attention import CompletenessFilter
from initiatives.admin.base import CheckedForm, FicheAdmin, LineForm, LineFormSet, LineInline
from initiatives.admin.lists import LastCheckFilter, OriginFilter, TerritoryFilter, ThemeFilter
from initiatives.admin.milestone import MilestoneInline
from initiatives.admin.names import choice_name
from initiatives.admin.photo import PhotoInline, WithPhotos
from initiatives.admin.quick_entry import quick_entry
from initiatives.admin.site import site
from initiatives.admin.source import SourceInline
from initiatives.models import (
    Funding,
    Initiative,
    InitiativeTheme,
    Lineage,
    Notice,
    Participation,
    Site,
    TakingPart,
    Theme,
)


class ThemeField(forms.ModelChoiceField):
    def __init__(self, label):
        super().__init__(Theme.objects.in_order(), label=label, required=False, empty_label="Aucun")

    def label_from_instance(self, theme):
        return choice_name(theme)


class InitiativeForm(CheckedForm):
    """Its themes are asked for in their order, the main one first, rather than as lines with a rank."""

    theme_1 = ThemeField("Thème principal")
    theme_2 = ThemeField("Deuxième thème")
    theme_3 = ThemeField("Troisième thème")
    THEMES = ("theme_1", "theme_2", "theme_3")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial |= zip(self.THEMES, self.instance.theme_links.values_list("theme", flat=True), strict=False)

    def clean(self):
        cleaned = super().clean()
        themes = self.chosen_themes()
        if len(themes) > len(set(themes)):
            raise forms.ValidationError("Choisissez des thèmes différents.")
        return cleaned

    def chosen_themes(self):
        return [theme for name in self.THEMES if (theme := self.cleaned_data.get(name))]

    def save_themes(self):
        if set(self.changed_data) & set(self.THEMES):
            self.instance.theme_links.all().delete()
            for position, theme in enumerate(self.chosen_themes(), 1):
                InitiativeTheme.objects.create(initiative=self.instance, theme=theme, position=position)


class SiteInline(LineInline):
    model = Site
    fields = ("territory", "label", "address", "latitude", "longitude", "position")
    autocomplete_fields = ("territory",)


class ParticipationForm(LineForm):
    def unknown_columns(self):
        """Which line is the lead holds for the whole list: see ``ParticipationFormSet``."""
        return super().unknown_columns() | {"is_lead"}


class ParticipationFormSet(LineFormSet):
    repeated = "Une seule structure porteuse principale par initiative."

    def once(self, line):
        return line.is_lead

    def save(self, commit=True):
        """The lines that change give up the lead first, so that another one can take it in any order."""
        changed = [form.instance.pk for form in self.initial_forms if form.has_changed()]
        Participation.objects.filter(pk__in=changed).update(is_lead=False)
        return super().save(commit)


class ParticipationInline(LineInline):
    model = Participation
    form = ParticipationForm
    formset = ParticipationFormSet
    fields = ("actor", "role", "is_lead", "detail", "since", "until", "position")
    autocomplete_fields = ("actor",)


class FundingInline(LineInline):
    model = Funding
    fields = ("source", "actor", "amount", "year", "kind", "detail", "position")
    autocomplete_fields = ("source", "actor")


class LineageFormSet(LineFormSet):
    def once(self, line):
        return line.other_id and (line.relation, line.other_id)


class LineageInline(LineInline):
    model = Lineage
    fk_name = "initiative"
    formset = LineageFormSet
    fields = ("relation", "other", "place", "year", "detail")
    autocomplete_fields = ("other",)


class TakingPartInline(LineInline):
    model = TakingPart
    fields = ("way", "how")


class NoticeInline(LineInline):
    model = Notice
    fields = ("kind", "value", "text", "said_on", "until")


@admin.register(Initiative, site=site)
class InitiativeAdmin(WithPhotos, FicheAdmin):
    form = InitiativeForm
    fieldsets = (
        (None, {"fields": ("name", "summary", ("status", "slug"), "whole")}),
        (
            "Le texte",
            {"fields": ("social_need", "response", "innovation", "novelties", "results", "difficulties")},
        ),
        ("De quoi, pour qui", {"fields": (InitiativeForm.THEMES, "audiences")}),
        ("Où (en plus des lieux)", {"fields": ("coverage", ("scale", "milieu"))}),
        (
            "Étape et dates",
            {
                "fields": (
                    ("stage", "stage_as_of", "stage_read_by"),
                    "activity",
                    ("start_year", "start_precision"),
                    ("end_year", "end_precision"),
                )
            },
        ),
        ("Contact public", {"fields": ("website", ("contact_email", "contact_phone"), "contact_note")}),
        (
            "Pour la refaire ailleurs",
            {
                "fields": ("redo_cost", "redo_duration", "redo_partners", "redo_pitfalls"),
                "classes": ["collapse"],
            },
        ),
        (
            "Relecture",
            {"fields": ("to_verify", ("checked_on", "checked_by"), "holder_checked_on", "text_licence", "is_featured")},
        ),
        FicheAdmin.life,
    )
    autocomplete_fields = ("coverage",)
    actions = ["verify", "add_theme", "invite"]
    inlines = (
        SiteInline,
        ParticipationInline,
        FundingInline,
        MilestoneInline,
        LineageInline,
        TakingPartInline,
        NoticeInline,
        PhotoInline,
        SourceInline,
    )
    list_display = ("name", "status", "place", "main_theme", "stage", "met", "checked_on", "edited")
    list_filter = (
        TerritoryFilter,
        ThemeFilter,
        "status",
        LastCheckFilter,
        CompletenessFilter,
        "stage",
        "activity",
        "is_featured",
        OriginFilter,
    )
    search_fields = ("search_text",)

    def get_urls(self):
        view = self.admin_site.admin_view(partial(quick_entry, model_admin=self))
        return [path("saisie-rapide/", view, name="quick_entry"), *super().get_urls()]

    def get_queryset(self, request):
        """With its seat and its main theme, which the list shows."""
        sites = Site.objects.filter(initiative=OuterRef("pk")).order_by("position", "pk")
        themes = InitiativeTheme.objects.filter(initiative=OuterRef("pk")).order_by("position")
        return (
            super()
            .get_queryset(request)
            .annotate(
                place=Subquery(sites.values("territory__name")[:1]),
                main_theme=Subquery(themes.values("theme__name")[:1]),
            )
        )

    def get_fieldsets(self, request, obj=None):
        """Whoever only reads sees the themes in words: their fields are those of a form that is not made."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        shown = {InitiativeForm.THEMES: "all_themes"}
        return [
            (title, options | {"fields": [shown.get(line, line) for line in options["fields"]]})
            for title, options in fieldsets
        ]

    @admin.display(description="thèmes")
    def all_themes(self, initiative):
        return ", ".join(theme.name for theme in initiative.theme_list)

    @admin.display(description="lieu")
    def place(self, initiative):
        return initiative.place

    @admin.display(description="thème principal")
    def main_theme(self, initiative):
        return initiative.main_theme

    def save_related(self, request, form, formsets, change):
        form.save_themes()
        super().save_related(request, form, formsets, change)
