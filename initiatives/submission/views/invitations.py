"""``/invitation/<token>/``: an invited person reads the fiche, then says that it is right, corrects it, or objects."""

from django.conf import settings
from django.contrib.auth import login
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from initiatives.directory.access import follow
from initiatives.models import Invitation, ModerationRules
from initiatives.submission.actions.invitations import (
    accept,
    decline,
    is_hand_over,
    object_to,
    say_all_is_right,
    want_to_correct,
)
from initiatives.submission.actions.rereading import askable_notices
from initiatives.submission.connection import BACKEND
from initiatives.submission.forms.owners import ReasonForm
from initiatives.submission.nouns import propose_page
from initiatives.submission.refusals import Refused
from initiatives.submission.tokens import BadToken, private_page, read
from initiatives.submission.views.owners import read_keys

GONE = "Cette invitation n’existe plus : elle a été retirée, ou votre réponse l’a effacée."


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """Opening it changes nothing. It is answered once; opened again, it says what was answered."""
    found = Invitation.objects.with_fiche().select_related("sent_by").filter(uuid=read("invitation", token)).first()
    if found is None:
        raise BadToken(GONE)
    fiche = follow(found.fiche)
    is_handed = is_hand_over(found)
    form = ReasonForm(request.POST if request.POST.get("reponse") == "opposition" else None)
    refusal = "" if fiche.is_published else f"« {fiche} » n’est plus dans l’annuaire."
    if request.method == "POST" and not found.answer and not refusal:
        try:
            answer = _answer_hand_over if is_handed else _answer
            if response := answer(request, found, fiche, form):
                return response
        except Refused as error:
            refusal = str(error)
    context = {
        "invitation": found,
        "fiche": fiche,
        "form": form,
        "refusal": refusal,
        "sources": list(fiche.sources.all()),
        "notices": list(askable_notices(fiche, timezone.localdate())),
        "rules": ModerationRules.current(),
        "propose_page": propose_page(fiche),
    }
    template = "submission/handed_over.html" if is_handed else "submission/invitation.html"
    return render(request, template, context)


def _answer(request, found, fiche, form):
    """What follows one of the three buttons; None when what was sent is none of them, or is to be corrected."""
    at = timezone.now()
    match request.POST.get("reponse"):
        case "juste":
            notices = read_keys(request.POST.getlist("annonces"))
            say_all_is_right(invitation=found, at=at, notices=notices)
        case "corriger":
            user = want_to_correct(invitation=found, at=at)
            _sign_in(request, user)
            return redirect(propose_page(fiche))
        case "opposition" if form.is_valid():
            object_to(invitation=found, text=form.cleaned_data["text"], at=at)
        case _:
            return None
    return redirect(request.path)


def _answer_hand_over(request, found, fiche, form):
    match request.POST.get("reponse"):
        case "accepter":
            accept(invitation=found, at=timezone.now())
            return redirect(request.path)
        case "refuser":
            decline(invitation=found)
            return render(request, "submission/declined.html", {"fiche": fiche})
    return None


def _sign_in(request, user):
    """Whoever answers has opened a link that only their address got, and that serves once: they go on without another.

    The team signs in by password alone.
    """
    if user and not user.is_staff and not request.user.is_authenticated:
        login(request, user, backend=BACKEND)
        request.session.set_expiry(settings.HOLDER_SESSION_AGE)
