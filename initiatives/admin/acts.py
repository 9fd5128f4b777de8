"""Acts on a fiche: buttons of its page, and the few that are safe on many fiches at once."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from initiatives.admin.names import choice_name
from initiatives.models import Initiative, Theme, take_turn
from initiatives.submission import actions as acts
from initiatives.submission.refusals import TRANSITIONS
from initiatives.text import typographic

LONGEST_REASON = 300
# An act on a list is one transaction: others wait for it, some two seconds for so many (SQLite gives up after five).
MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Button:
    """An act that the page of a fiche offers. ``done``: what is then true of the fiche."""

    label: str
    act: Callable
    done: str
    offered: Callable
    is_main: bool = False


def _may_become(status):
    return lambda fiche: status in TRANSITIONS[type(fiche)].get(fiche.status, ())


BUTTONS = {
    "publier": Button(
        "Publier",
        acts.publish,
        "est publiée",
        lambda fiche: _may_become("published")(fiche) and not fiche.published_at,
        is_main=True,
    ),
    "republier": Button(
        "Republier",
        acts.publish,
        "est de nouveau publiée",
        lambda fiche: _may_become("published")(fiche) and fiche.published_at,
        is_main=True,
    ),
    "verifier": Button(
        "Marquer comme vérifiée", acts.verify, "est vérifiée à ce jour", lambda fiche: fiche.status != "merged"
    ),
    "mettre-a-la-une": Button(
        "Mettre à la une",
        acts.feature,
        "est à la une",
        lambda fiche: isinstance(fiche, Initiative) and fiche.is_published and not fiche.is_featured,
    ),
    "retirer-de-la-une": Button(
        "Retirer de la une",
        acts.unfeature,
        "n’est plus à la une",
        lambda fiche: isinstance(fiche, Initiative) and fiche.is_featured,
    ),
    "archiver": Button("Archiver", acts.archive, "est archivée", _may_become("archived")),
}


class ThemeForm(forms.Form):
    theme = forms.ModelChoiceField(Theme.objects.in_order(), label="Thème")
    as_main = forms.BooleanField(label="En faire le thème principal", required=False)
    why = forms.CharField(label="Pourquoi (facultatif)", required=False, max_length=LONGEST_REASON)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"].label_from_instance = choice_name


class ActPages:
    """For the pages of a fiche. The model admin says who ``has_publish_permission``."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        view = self.admin_site.admin_view(self.act_view)
        return [path("<path:object_id>/acte/", view, name=name), *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        may_act = obj is not None and self.has_publish_permission(request, obj)
        context["buttons"] = [(key, button) for key, button in BUTTONS.items() if may_act and button.offered(obj)]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def act_view(self, request, object_id):
        """Do what a button of the page of a fiche says, to the fiche that the person had before their eyes."""
        page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[unquote(object_id)])
        if request.method != "POST":
            return redirect(page)
        button = BUTTONS.get(request.POST.get("act"))
        with transaction.atomic():
            take_turn()
            fiche = self.get_object(request, unquote(object_id))
            if not self.has_publish_permission(request, fiche):
                raise PermissionDenied
            if fiche is None or button is None:
                raise Http404
            if request.POST.get("revision") != str(fiche.revision):
                said = f"« {fiche} » a changé depuis que vous l’avez ouverte : relisez-la, puis recommencez."
                self.message_user(request, typographic(said), messages.ERROR)
            elif self._do(request, fiche, button.act, why=request.POST.get("why", "")[:LONGEST_REASON]):
                self.message_user(request, typographic(f"« {fiche} » {button.done}."), messages.SUCCESS)
        return redirect(page)

    @admin.action(description="Marquer comme vérifiées", permissions=["publish"])
    def verify(self, request, queryset):
        self._do_each(request, queryset, acts.verify, "vérifiée")

    @admin.action(description="Ajouter un thème…", permissions=["change"])
    def add_theme(self, request, queryset):
        """Ask which one, then add it to each."""
        if self._are_too_many(request, queryset):
            return None
        form = ThemeForm(request.POST if "apply" in request.POST else None)
        if form.is_valid():
            self._do_each(request, queryset, acts.add_theme, "complétée", **form.cleaned_data)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": "Ajouter un thème",
            "subtitle": None,
            "opts": self.opts,
            "fiches": list(queryset),
            "form": form,
            "chosen_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/add_theme.html", context)

    def _do(self, request, fiche, act, **values):
        """Whether it was done; a sentence says why when it was not."""
        try:
            act(fiche=fiche, at=timezone.now(), by=request.user, **values)
        except acts.Refused as error:
            self.message_user(request, typographic(str(error)), messages.ERROR)
            return False
        return True

    def _are_too_many(self, request, queryset):
        count = queryset.count()
        if count > MOST_AT_ONCE:
            said = f"{count} fiches, c’est trop à la fois : choisissez-en {MOST_AT_ONCE} au plus."
            self.message_user(request, typographic(said), messages.ERROR)
        return count > MOST_AT_ONCE

    def _do_each(self, request, queryset, act, done, **values):
        if self._are_too_many(request, queryset):
            return
        with transaction.atomic():  # a refusal leaves one fiche as it was, a breakdown all of them
            count = sum(self._do(request, fiche, act, **values) for fiche in queryset)
        if count:
            plural = "s" if count > 1 else ""
            self.message_user(request, f"{count} fiche{plural} {done}{plural}.", messages.SUCCESS)
