"""« Porteurs »: who answers for a fiche, and who did; recognised by hand, or ended, by those who moderate."""

from django import forms
from django.contrib.admin.utils import unquote
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from initiatives.admin.asking import PlainLabels
from initiatives.admin.moderation import check_may_moderate
from initiatives.keys import row_key
from initiatives.models import Ownership
from initiatives.submission.actions.owners import end, recognise
from initiatives.submission.refusals import Refused
from initiatives.text import typographic


class OwnerForm(PlainLabels, forms.Form):
    """Somebody to recognise. Their address makes their account."""

    email = forms.EmailField(
        label="Adresse électronique",
        error_messages={
            "required": "Écrivez l’adresse de la personne.",
            "invalid": "Cette adresse n’est pas complète. Exemple : contact@exemple.fr.",
        },
    )
    name = forms.CharField(label="Nom", required=False, max_length=150)
    role = forms.CharField(label="Rôle dans la structure", required=False, max_length=150)


class WithOwners:
    """For the pages of a fiche: one page more, of its owners."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_owners"
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.owners_view))
        return [path("<path:object_id>/porteurs/", view, name=name), *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        offered = obj is not None and obj.published_at and request.user.has_perm("initiatives.moderate")
        context["owners_url"] = self._owners_page(obj) if offered else ""
        return super().render_change_form(request, context, add, change, form_url, obj)

    def owners_view(self, request, object_id):
        """Its owners, of today and of before. « Mettre fin » ends one of today; the form recognises one more."""
        check_may_moderate(request)
        fiche = self.get_object(request, unquote(object_id))
        if fiche is None:
            raise Http404
        form = OwnerForm(request.POST if "recognise" in request.POST else None)
        if "end" in request.POST:
            return self._end(request, fiche)
        if form.is_valid() and self._recognise(request, fiche, form):
            return redirect(self._owners_page(fiche))
        owners = Ownership.objects.about(fiche).select_related("user", "granted_by")
        context = self.admin_site.each_context(request) | {
            "title": f"Porteurs de « {fiche} »",
            "subtitle": None,
            "opts": self.opts,
            "fiche": fiche,
            "current": [owner for owner in owners if owner.ended_at is None],
            "former": [owner for owner in owners if owner.ended_at],
            "form": form,
        }
        return TemplateResponse(request, "admin/moderation/owners.html", context)

    def _recognise(self, request, fiche, form):
        try:
            ownership = recognise(fiche=fiche, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("email", typographic(str(refusal)))
            return False
        self.message_user(request, typographic(f"{ownership.user} porte « {fiche} »."))
        return True

    def _end(self, request, fiche):
        ownership = Ownership.objects.about(fiche).filter(pk=row_key(request.POST["end"])).first()
        if ownership is None:
            raise Http404
        end(ownership=ownership, at=timezone.now(), by=request.user)
        self.message_user(request, typographic(f"{ownership.user} ne porte plus « {fiche} »."))
        return redirect(self._owners_page(fiche))

    def _owners_page(self, fiche):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_owners", args=[fiche.pk])
