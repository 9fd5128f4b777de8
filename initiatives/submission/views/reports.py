"""« Signaler une erreur », on the fiche of any noun."""

from django.shortcuts import render
from django.utils import timezone

from initiatives.models import Actor, FundingSource, Initiative
from initiatives.submission.actions.asking import send_report
from initiatives.submission.consents import versions_of
from initiatives.submission.forms.report import ReportForm
from initiatives.submission.refusals import Refused
from initiatives.submission.views.fiches import (
    CONFIRM,
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

TITLES = {CONFIRM: "Confirmez votre signalement", RECEIVED: "Votre signalement est arrivé"}
TEMPLATE = "submission/report.html"


def _report(request, fiche, closed):
    if sent := sent_page(request, fiche, TITLES):
        return sent
    is_sent = request.method == "POST"
    form = ReportForm(request.POST if is_sent else None, now=timezone.now(), user=signed_in(request))
    context = page_context(request, fiche, form=form)
    if closed:
        form.add_error(None, closed)
        return render(request, TEMPLATE, context, status=closed_status(fiche))
    if form.is_valid():
        if blocked := too_many(request, "report", form):
            return blocked.again(request, TEMPLATE, context)
        try:
            submission = send_report(
                uuid=form.sent_as,
                fiche=fiche,
                reason=form.cleaned_data["reason"],
                comment=form.told,
                sender=form.sender,
                consents=versions_of(request, form.consents),
                at=form.now,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return on_to(request, step_of(submission))
    return render(request, TEMPLATE, context)


report_initiative = about_a_fiche(Initiative, "report_initiative")(_report)
report_actor = about_a_fiche(Actor, "report_actor")(_report)
report_funding = about_a_fiche(FundingSource, "report_funding")(_report)
