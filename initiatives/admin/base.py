"""What the pages of every noun share: how fields are asked for, and where each save ends."""

from functools import partial

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.forms.models import InlineForeignKeyField
from django.urls import path, reverse
from django.utils import timezone

from initiatives.admin.acts import LONGEST_REASON, ActPages
from initiatives.admin.asking import Asking, PlainLabels
from initiatives.admin.duplicates import LikelyDuplicates
from initiatives.admin.form_fields import FieldsOfAFiche
from initiatives.admin.history import HistoryPages
from initiatives.admin.invite import WithInvitations
from initiatives.admin.line_choices import SharedChoices, Suggested
from initiatives.admin.lists import FicheList
from initiatives.admin.meanwhile import OneAtATime
from initiatives.admin.merge import MergePages
from initiatives.admin.ownership import WithOwners
from initiatives.admin.preview import preview
from initiatives.admin.wording import Wording
from initiatives.directory.completeness import completeness, missing
from initiatives.models import ALL, record_change, take_turn
from initiatives.submission import actions as acts
from initiatives.submission import refusals
from initiatives.submission.history import act, keep
from initiatives.submission.merging import linked_fiches
from initiatives.text import fold, typographic


class CheckedForm(PlainLabels, forms.ModelForm):
    """Says every constraint that the row would break, so that the database has none left to refuse."""

    refusal = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, FieldsOfAFiche):
                field.accept(getattr(self.instance, name))

    def clean(self):
        if self.refusal:
            raise ValidationError(self.refusal)
        return super().clean()

    def validate_unique(self):
        """Then the constraints that Django leaves out, since they name a column that the form does not show."""
        super().validate_unique()
        for column in self.instance._meta.concrete_fields:
            if not column.editable:
                column.pre_save(self.instance, add=False)  # derived columns: what the save will write
        try:
            self.instance.validate_constraints(exclude={*self.errors} | self.unknown_columns())
        except ValidationError as error:
            for sentence in error.messages:
                if sentence not in self.non_field_errors():
                    self.add_error(None, sentence)

    def unknown_columns(self):
        """Those that have no value yet: the fiche of a line, while it is new."""
        owners = {name for name, field in self.fields.items() if isinstance(field, InlineForeignKeyField)}
        return {name for name in owners if getattr(self.instance, f"{name}_id") is None}


class LineForm(CheckedForm):
    """A line of a fiche; without a rank, a new one goes to the end."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            self.fields["position"].required = False
            if not self.instance.pk:
                self.initial["position"] = None

    def clean(self):
        cleaned = super().clean()
        if "position" in self.fields and cleaned.get("position") is None:
            cleaned["position"] = self.instance.position
        return cleaned


class LineFormSet(SharedChoices, forms.BaseInlineFormSet):
    """The lines of a fiche. ``once`` gives what two of them may not share, None when a line may be repeated."""

    repeated = "Deux lignes disent la même chose."

    def once(self, line):
        return None

    def clean(self):
        super().clean()
        kept = [form for form in self.forms if not form.cleaned_data.get("DELETE")]
        keys = [self.once(form.instance) for form in kept if form.instance.pk or form.has_changed()]
        keys = [key for key in keys if key]
        if len(keys) > len(set(keys)):
            raise ValidationError(self.repeated)

    def get_unique_error_message(self, unique_check):
        return self.repeated

    def save_new(self, form, commit=True):
        if "position" in form.fields and not form.instance.position:
            lines = self.model._default_manager.filter(**{self.fk.name: self.instance})
            form.instance.position = (lines.aggregate(last=Max("position"))["last"] or 0) + 1
        return super().save_new(form, commit=commit)


class LineInline(Asking, admin.TabularInline):
    """Lines of a fiche: whoever may change the fiche may change its lines."""

    form = LineForm
    formset = LineFormSet
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.autocomplete_fields)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = Suggested(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_view_permission(self, request, obj=None):
        return self._owner().has_view_permission(request, obj)

    def has_add_permission(self, request, obj):
        return self._may_edit(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._may_edit(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self._may_edit(request, obj)

    def _may_edit(self, request, fiche):
        owner = self._owner()
        return owner.has_change_permission(request, fiche) if fiche else owner.has_add_permission(request)

    def _owner(self):
        return self.admin_site.get_model_admin(self.parent_model)


class StackedLineInline(LineInline):
    """For lines of many fields, one field under another."""

    template = "admin/edit_inline/stacked.html"


class NounAdmin(HistoryPages, Wording, Asking, admin.ModelAdmin):
    """The pages of one noun; each save and each deletion is an act, and ends by moving the directory's version."""

    form = CheckedForm
    list_per_page = 50
    search_help_text = "Les accents et les majuscules ne comptent pas."
    # Relations that forbid to delete a row: what they join would lose something that readers see.
    used_through = ()
    # The initiatives that change when a row is removed.
    concerned_by_deletion = ALL

    def save_form(self, request, form, change):
        """The first step of every save, before anything is written."""
        take_turn()
        return super().save_form(request, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        at = timezone.now()
        with act(verb="Modification" if change else "Création", by=request.user, why=_reason(request), at=at):
            self.record(form.instance, at=at)

    def delete_model(self, request, obj):
        """Kept one last time, as it was: history says who removed it."""
        with act(verb="Suppression", by=request.user, why=_reason(request)):
            if self.has_history():
                keep(obj)
        super().delete_model(request, obj)
        record_change(self.concerned_by_deletion)

    def record(self, row, *, at):
        """Tell history and the directory that ``row`` changed with its lines, in the transaction that changed it."""
        keep(row)
        record_change(ALL)

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and not (obj and any(getattr(obj, name).exists() for name in self.used_through))

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, fold(search_term))


class FicheAdmin(LikelyDuplicates, WithInvitations, WithOwners, ActPages, MergePages, OneAtATime, FicheList, NounAdmin):
    """The pages of an initiative, an actor or a funding source: edited here, published and archived by acts."""

    actions = ["verify", "invite"]
    readonly_fields = ("status", "slug", "created_at", "published_at", "modified_at", "origin", "uuid", "whole")
    life = (
        "Vie de la fiche",
        {"fields": (("created_at", "published_at", "modified_at"), "origin", "uuid"), "classes": ["collapse"]},
    )

    # A draft: no reader knew it, and what led to it is told as an edit of its own.
    concerned_by_deletion = ()
    # What those who may not publish read without changing it: each has an act.
    MODERATED = ("checked_on", "checked_by", "holder_checked_on")

    def view_on_site(self, fiche):
        return fiche.get_absolute_url() if fiche.is_published else None

    def get_urls(self):
        look = self.admin_site.admin_view(partial(preview, model_admin=self))
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        return [path("<path:object_id>/apercu/", look, name=name), *super().get_urls()]

    def has_publish_permission(self, request, obj=None):
        """Who may publish, archive, merge, verify and feature: see ``create_staff_groups``."""
        return request.user.has_perm(f"{self.opts.app_label}.publish_{self.opts.model_name}")

    def get_readonly_fields(self, request, obj=None):
        fields = (*super().get_readonly_fields(request, obj), "is_featured")
        return fields if self.has_publish_permission(request, obj) else (*fields, *self.MODERATED)

    def has_change_permission(self, request, obj=None):
        """What was merged is only read. (A save of what was typed before is refused in a sentence, and shown again.)"""
        is_over = obj is not None and obj.status == "merged" and request.method in ("GET", "HEAD")
        return super().has_change_permission(request, obj) and not is_over

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and obj.status == "merged":
            stays = obj.merged_into
            page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[stays.pk])
            context |= {"merged_into": stays, "merged_into_url": page}
            context |= {"show_save": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def why_closed(self, row):
        return typographic(refusals.why_closed(row))

    @admin.display(description="complétude")
    def whole(self, fiche):
        """« 8 sur 12 ; il manque : le besoin… », by the rules of ``directory/completeness.py``."""
        if fiche.pk is None:
            return "comptée à l’enregistrement"
        (met, total), lacks = completeness(fiche), missing(fiche)
        return typographic(f"{met} sur {total} ; il manque : {', '.join(lacks)}." if lacks else f"{met} sur {total}.")

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj and obj.published_at)

    def delete_model(self, request, obj):
        """A draft goes with the lines of others that lead to it: their history says so too."""
        others = linked_fiches(obj)
        super().delete_model(request, obj)
        at = timezone.now()
        with act(verb="Suppression d’une fiche liée", by=request.user, why=f"« {obj} »", at=at):
            for other in others:
                acts.record_edit(fiche=other, at=at)

    def record(self, row, *, at):
        """Raises ``Refused`` when a published fiche lost something that a reader needs, or when one was merged."""
        refusals.check_merged(row)
        missing = refusals.what_is_missing(row) if row.is_published else ()
        if missing:
            raise refusals.Refused(f"« {row} » est publiée : {', '.join(missing)}.")
        acts.record_edit(fiche=row, at=at)


def _reason(request):
    """Why, as the person typed it beside the act."""
    return request.POST.get("why", "")[:LONGEST_REASON]
