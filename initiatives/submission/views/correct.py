"""« Répondre et corriger »: the fiche that waits, with what the team says of it, under the hands of who sent it.

Of what holds no fiche, a report or a claim, there is nothing to correct: the answer is in words.
"""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from initiatives.models import Submission
from initiatives.submission import tokens
from initiatives.submission.actions import deposits
from initiatives.submission.drafts import document_to_correct, without_nul
from initiatives.submission.forms import ADD_ROW, with_one_row_more
from initiatives.submission.forms.correction import AnswerForm, CorrectionForms
from initiatives.submission.forms.photos import with_new_photos
from initiatives.submission.forms.steps import place_of, tell
from initiatives.submission.lifecycle import State
from initiatives.submission.nouns import propose_page
from initiatives.submission.refusals import Refused
from initiatives.submission.tokens import private_page
from initiatives.submission.views.drafts import receive_photos
from initiatives.submission.views.sent_photos import previews
from initiatives.submission.views.tracking import submission_of, told_on_both_sides

Kind = Submission.Kind
SENT = "Votre réponse est partie : la Cress relit de nouveau."


@private_page
def correct(request, token):
    """The answer to the team: the steps one under the other, with what it says beside the fields that it speaks of."""
    submission = submission_of("tracking", token)
    if submission.state != State.CHANGES_REQUESTED:
        return redirect("tracking", token)
    if submission.kind == Kind.CHANGE:
        page = propose_page(submission.fiche)
        return redirect(f"{page}?brouillon={tokens.make('draft', submission.uuid)}")
    if submission.kind != Kind.NEW:
        return _answer_in_words(request, token, submission)
    wish = request.POST.get("faire", "")
    forms = CorrectionForms(submission, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, token, forms)
    if wish.startswith(ADD_ROW):
        forms.make_again(with_one_row_more(request.POST, wish.removeprefix(f"{ADD_ROW}-")))
        forms.forget_errors()
        return _page(request, token, forms)
    if wish == "photos" or request.FILES:
        receive_photos(request, submission, timezone.now())
        forms.take_in_photos()
        forms.make_again(with_new_photos(request.POST, document_to_correct(submission)))
        forms.forget_errors()
        return _page(request, token, forms)
    return _answer(request, token, forms) if forms.is_valid() else _page(request, token, forms)


def _answer_in_words(request, token, submission):
    form = AnswerForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        context = {"submission": submission, "token": token, "form": form, "asked": _asked_of_the_holder(submission)}
        return render(request, "deposit/answer.html", context)
    try:
        deposits.answer_in_words(submission=submission, message=form.cleaned_data["text"], at=timezone.now())
        messages.success(request, SENT)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("tracking", token)


def _answer(request, token, forms):
    changes = forms.changes()
    if forms.clashes:
        forms.show_again_on_today(changes)
        return _page(request, token, forms)
    try:
        deposits.answer_moderator(
            submission=forms.submission,
            changes=changes,
            # The one that all of it was compared with.
            revision=forms.submission.initiative.revision,
            message=without_nul(request.POST.get("message", "")).strip()[:4000],
            photos_promised=forms.promised,
            at=timezone.now(),
        )
    except Refused as refusal:
        forms[0].add_error(None, str(refusal))
        return _page(request, token, forms)
    messages.success(request, SENT)
    return redirect("tracking", token)


def _page(request, token, forms):
    submission = forms.submission
    asked = _asked_of_the_holder(submission)
    told = tell(forms, [(line["message"].field, line["message"].text) for line in asked])
    context = {
        "submission": submission,
        "token": token,
        "parts": [{"step": step, "form": form} for step, form in zip(forms.steps, forms, strict=True)],
        "forms": [one for form in forms for one in form.all_forms],
        # What the team says of the whole, or of what no field here asks.
        "told": told,
        "asked": [line | {"place": place} for line in asked if (place := place_of(forms, line["message"].field))],
        "shown_marks": forms.shown_marks,
        "clashes": forms.clashes,
        "message": request.POST.get("message", ""),
        "previews": previews(submission),
        "back": reverse("tracking", args=[token]),
    }
    return render(request, "deposit/correct.html", context)


def _asked_of_the_holder(submission):
    """What the team said since it last had the fiche in hand."""
    since = submission.events.filter(state=State.WAITING).order_by("-at").values_list("at", flat=True).first()
    told = [line for line in told_on_both_sides(submission) if line["message"].is_from_team]
    return [line for line in told if since is None or line["message"].at >= since]
