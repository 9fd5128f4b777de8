"""« Inviter le porteur »: one fiche or several, each with the address to which its invitation goes."""

from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from initiatives.admin.acts import MOST_AT_ONCE
from initiatives.admin.asking import PlainLabels
from initiatives.admin.moderation import check_may_moderate
from initiatives.keys import row_key
from initiatives.models import Actor, FundingSource, Initiative, Invitation, Ownership
from initiatives.models.target import target
from initiatives.submission.actions.owners import invite as send_invitation
from initiatives.submission.refusals import Refused
from initiatives.text import typographic

NOUNS = {model._meta.model_name: model for model in (Initiative, Actor, FundingSource)}


class InvitationForm(PlainLabels, forms.Form):
    """To whom the invitation of one fiche goes; without an address, it does not go."""

    email = forms.EmailField(
        label="Adresse électronique",
        required=False,
        max_length=254,
        error_messages={"invalid": "Cette adresse n’est pas complète. Exemple : contact@exemple.fr."},
    )
    name = forms.CharField(label="Nom", required=False, max_length=150)


class WithInvitations:
    """For the pages of a fiche: the way to invite its holder, and the act on a list."""

    def has_moderate_permission(self, request, obj=None):
        return request.user.has_perm("initiatives.moderate")

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        offered = obj is not None and obj.is_published and self.has_moderate_permission(request)
        context["invite_url"] = _address([obj]) if offered else ""
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.action(description="Inviter les porteurs…", permissions=["moderate"])
    def invite(self, request, queryset):
        """Ask to whom, on a page of its own."""
        if self._are_too_many(request, queryset):
            return None
        fiches = list(queryset)
        if not fiches:
            self.message_user(request, "Ces fiches ne sont plus là.", messages.ERROR)
            return None
        return redirect(_address(fiches))


def _address(fiches):
    asked = [("nature", fiches[0]._meta.model_name), *(("fiche", fiche.pk) for fiche in fiches)]
    return f"{reverse('admin:invite')}?{urlencode(asked)}"


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request, site):
    """Ask to whom each invitation goes; send those that have an address, and say of each what became of it."""
    check_may_moderate(request)
    fiches = _asked(request)
    people = _known_people(fiches)
    forms_of = [
        InvitationForm(
            request.POST if request.method == "POST" else None, prefix=str(fiche.pk), initial=people[fiche.pk]
        )
        for fiche in fiches
    ]
    refusal = ""
    if request.method == "POST" and all([form.is_valid() for form in forms_of]):
        if any(form.cleaned_data["email"] for form in forms_of):
            return _send(request, fiches, forms_of)
        refusal = "Donnez au moins une adresse."
    past = _owners_and_invitations(fiches)
    context = site.each_context(request) | {
        "title": "Inviter le porteur" if len(fiches) == 1 else "Inviter les porteurs",
        "rows": [_dressed(fiche, form, people[fiche.pk], *past) for fiche, form in zip(fiches, forms_of, strict=True)],
        "noun": fiches[0]._meta,
        "refusal": refusal,
        "has_errors": any(form.errors for form in forms_of if form.is_bound),
    }
    return TemplateResponse(request, "admin/moderation/invite.html", context)


def _asked(request):
    """The fiches of the address, in its order; 404 when there are none, or too many."""
    model = NOUNS.get(request.GET.get("nature", ""))
    keys = [key for text in request.GET.getlist("fiche") if (key := row_key(text)) is not None]
    if model is None or len(keys) > MOST_AT_ONCE:
        raise Http404
    found = model.objects.in_bulk(keys)
    fiches = [found[key] for key in dict.fromkeys(keys) if key in found]
    if not fiches:
        raise Http404
    return fiches


def _known_people(fiches) -> dict:
    """Key of each fiche → the address and the name that the directory has for who answers for it, and where from."""
    model = type(fiches[0])
    keys = [fiche.pk for fiche in fiches]
    if model is Actor:
        actors = {pk: pk for pk in keys}
    elif model is Initiative:
        lines = Initiative.participations.rel.related_model.objects.filter(initiative__in=keys, is_lead=True)
        actors = dict(lines.values_list("initiative", "actor"))
    else:
        actors = {fiche.pk: fiche.offered_by_id for fiche in fiches}
    rows = Actor.objects.select_related("private_contact").in_bulk([pk for pk in actors.values() if pk])
    return {fiche.pk: _person(fiche, rows.get(actors.get(fiche.pk))) for fiche in fiches}


def _person(fiche, actor):
    own = getattr(fiche, "contact_email", "")
    private = getattr(actor, "private_contact", None)
    if private is not None and private.email:
        return {"email": private.email, "name": private.name, "known_by": f"contact privé de « {actor} »"}
    if own:
        return {"email": own, "name": "", "known_by": "contact public de la fiche"}
    if actor is not None and actor.contact_email:
        return {"email": actor.contact_email, "name": "", "known_by": f"contact public de « {actor} »"}
    return {"email": "", "name": "", "known_by": ""}


def _dressed(fiche, form, person, owners, invitations):
    """``owners``, ``invitations``: by key of a fiche."""
    last = invitations.get(fiche.pk)
    return {
        "fiche": fiche,
        "form": form,
        "known_by": person["known_by"],
        "owners": owners.get(fiche.pk, 0),
        "last": last,
    }


def _owners_and_invitations(fiches):
    """How many own each fiche already, and the last invitation of each."""
    (column,) = target(fiches[0])
    these = {f"{column}__in": [fiche.pk for fiche in fiches]}
    owners = Ownership.objects.current().filter(**these).order_by().values_list(column).annotate(Count("pk"))
    invitations = Invitation.objects.filter(**these).order_by("sent_at", "pk")
    return dict(owners), {getattr(row, f"{column}_id"): row for row in invitations}


def _send(request, fiches, forms_of):
    sent = 0
    for fiche, form in zip(fiches, forms_of, strict=True):
        if not form.cleaned_data["email"]:
            continue
        try:
            send_invitation(fiche=fiche, **form.cleaned_data, by=request.user, at=timezone.now())
            sent += 1
        except Refused as error:
            messages.error(request, typographic(str(error)))
    if sent:
        messages.success(request, f"{sent} invitation{'s' if sent > 1 else ''} en route.")
    return redirect(f"admin:initiatives_{fiches[0]._meta.model_name}_changelist")
