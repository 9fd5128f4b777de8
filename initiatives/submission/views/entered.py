"""A deposit that the team typed for somebody: they read it whole, accept the texts, and it enters the queue."""

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone

from initiatives.models import Initiative
from initiatives.submission import documents
from initiatives.submission.actions.on_behalf import accept
from initiatives.submission.forms.sending import SendForm
from initiatives.submission.refusals import Refused


def confirm_entered(request, submission, page):
    """``page``: where to go once it is confirmed. Opening the link changes nothing."""
    form = SendForm(request.POST or None, initial={"name": submission.name, "role": submission.role})
    if form.is_valid():
        answers = form.cleaned_data
        try:
            accept(
                submission=submission,
                consents=form.consents(request),
                name=answers["name"],
                role=answers["role"],
                name_is_public=answers["name_is_public"],
                at=timezone.now(),
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        return page
    context = {"submission": submission, "form": form, "said": _said(submission), "title": "Confirmer cette fiche"}
    return render(request, "deposit/confirm_entered.html", context)


def _said(submission):
    """(label, lines) of each field that says something."""
    unknown = documents.blank(Initiative)
    found = []
    for name, value in submission.answers.items():
        if name in unknown and value != unknown[name]:
            words = documents.words(Initiative, name, value)
            found.append((documents.label(Initiative, name), words if isinstance(words, list) else [words]))
    return found
