"""« C’est mon initiative », on the fiche of any noun."""

from django.shortcuts import render
from django.utils import timezone

from initiatives.models import Actor, FundingSource, Initiative, Submission
from initiatives.submission.actions.asking import send_claim
from initiatives.submission.actions.claims import is_owner, websites_of
from initiatives.submission.consents import versions_of
from initiatives.submission.forms.claim import ClaimForm
from initiatives.submission.own_domain import own_host
from initiatives.submission.refusals import Refused
from initiatives.submission.views.fiches import (
    CONFIRM,
    GRANTED,
    RECEIVED,
    about_a_fiche,
    closed_status,
    on_to,
    page_context,
    sent_page,
    signed_in,
    step_of,
    too_many,
)

TITLES = {
    CONFIRM: "Confirmez votre adresse",
    RECEIVED: "Votre demande est arrivée",
    GRANTED: "Vous suivez désormais cette fiche",
}
TEMPLATE = "submission/claim.html"


def _claim(request, fiche, closed):
    if sent := sent_page(request, fiche, TITLES):
        return sent
    user = signed_in(request)
    form = ClaimForm(request.POST if request.method == "POST" else None, now=timezone.now(), user=user)
    context = page_context(
        request,
        fiche,
        form=form,
        is_mine=bool(user) and is_owner(user, fiche),
        waits=False,
        websites=[] if closed else _hosts(fiche),
    )
    if user:
        waiting = Submission.objects.about(fiche).filter(kind="claim", state="waiting", user=user)
        context["waits"] = waiting.exists()
    if closed:
        form.add_error(None, closed)
        return render(request, TEMPLATE, context, status=closed_status(fiche))
    if not context["is_mine"] and form.is_valid():
        if blocked := too_many(request, "claim", form):
            return blocked.again(request, TEMPLATE, context)
        try:
            submission = send_claim(
                uuid=form.sent_as,
                fiche=fiche,
                sender=form.sender,
                comment=form.cleaned_data["comment"],
                consents=versions_of(request, form.consents),
                at=form.now,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return on_to(request, step_of(submission))
    return render(request, TEMPLATE, context)


def _hosts(fiche):
    """The domains whose addresses are recognised at once, as people read them."""
    return [host for host in dict.fromkeys(map(own_host, websites_of(fiche))) if host]


claim_initiative = about_a_fiche(Initiative, "claim_initiative")(_claim)
claim_actor = about_a_fiche(Actor, "claim_actor")(_claim)
claim_funding = about_a_fiche(FundingSource, "claim_funding")(_claim)
