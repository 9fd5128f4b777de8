"""« Saisir pour un porteur »: what somebody said on the telephone or on paper, to be confirmed by them."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from initiatives.admin.asking import PlainLabels
from initiatives.admin.moderation import check_may_moderate
from initiatives.admin.quick_entry import QuickEntryForm, communes, is_another, likely_answers
from initiatives.submission.actions.on_behalf import deposit_for
from initiatives.text import typographic


class OnBehalfForm(PlainLabels, QuickEntryForm):
    """A quick entry, with who is to confirm it; the source may come later."""

    person = forms.CharField(label="Nom de la personne", max_length=150)
    email = forms.EmailField(
        label="Son adresse électronique",
        max_length=254,
        help_text="Elle y recevra le lien par lequel elle confirme la fiche.",
        error_messages={"invalid": "Cette adresse n’est pas complète. Exemple : prenom.nom@exemple.fr."},
    )
    role = forms.CharField(label="Son rôle dans la structure", required=False, max_length=150)
    note = forms.CharField(
        label="Comment elle l’a dit",
        required=False,
        max_length=1000,
        help_text="Au téléphone, sur papier, quand : pour l’équipe seule.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    REQUIRED = {
        **{name: said for name, said in QuickEntryForm.REQUIRED.items() if name not in ("source_url", "publisher")},
        "person": "Donnez le nom de la personne.",
        "email": "Donnez son adresse : sans elle, personne ne peut confirmer.",
    }
    ORDER = ("person", "email", "role", "note", "name", "place", "chosen_place", "summary", "theme")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("source_url", "publisher"):
            self.fields[name].required = False
        self.order_fields(self.ORDER)


@require_http_methods(["GET", "HEAD", "POST"])
def on_behalf(request, site):
    """Ask; show what may be the same; write it down and send the link. Nothing that was typed is lost on the way."""
    check_may_moderate(request)
    if not request.user.has_perm("initiatives.add_initiative"):
        raise PermissionDenied
    form = OnBehalfForm(request.POST if request.method == "POST" else None)
    found = []
    if form.is_bound and form.is_valid():
        found = likely_answers(form.cleaned_data)
        if is_another(request.POST, found):
            return _deposit(request, form.cleaned_data, found)
    context = site.each_context(request) | {
        "title": "Saisir pour un porteur",
        "form": form,
        "communes": communes(),
        "found": found,
    }
    return TemplateResponse(request, "admin/moderation/on_behalf.html", context)


def _deposit(request, answers, found):
    deposit_for(
        email=answers["email"],
        name=answers["person"],
        role=answers["role"],
        note=answers["note"],
        initiative=answers["name"],
        summary=answers["summary"],
        place=answers["territory"],
        theme=answers["theme"],
        source_url=answers["source_url"],
        publisher=answers["publisher"],
        distinct=[likeness.fiche for likeness in found],
        by=request.user,
        at=timezone.now(),
    )
    said = (
        f"« {answers['name']} » est enregistrée. {answers['person']} reçoit le lien qui la confirme ; "
        "elle entrera alors dans la file."
    )
    messages.success(request, typographic(said))
    return HttpResponseRedirect(reverse("admin:moderation"))
