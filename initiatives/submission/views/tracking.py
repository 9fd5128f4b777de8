"""After the sending: the address confirmed, where it stands, what the team says, what one answers, or takes back."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from initiatives.directory.insertions import duration
from initiatives.models import Initiative, ModerationRules, Submission
from initiatives.submission import documents, tokens
from initiatives.submission.abuse import refuse_if_too_many
from initiatives.submission.actions import confirming, deposits, sending
from initiatives.submission.drafts import document_to_correct, promised, without_nul
from initiatives.submission.forms import ADD_ROW, STEPS, PhotosForm, changes_of, with_one_row_more
from initiatives.submission.forms.names import Names
from initiatives.submission.forms.photos import with_new_photos
from initiatives.submission.forms.steps import place_of, tell
from initiatives.submission.lifecycle import State
from initiatives.submission.refusals import Refused
from initiatives.submission.tokens import BadToken, private_page
from initiatives.submission.views.drafts import receive_photos
from initiatives.submission.views.entered import confirm_entered
from initiatives.submission.views.sent_photos import previews

Kind = Submission.Kind
GONE = "Cette demande n’existe plus : elle a été effacée après le délai annoncé, ou à votre demande."


@private_page
def confirm(request, token):
    """One button; opening the link changes nothing."""
    submission = _submission("confirmation", token)
    page = redirect("tracking", tokens.make("tracking", submission.uuid))
    if submission.confirmed_at is not None:
        return page
    if submission.is_on_behalf:
        return confirm_entered(request, submission, page)
    if request.method == "POST":
        try:
            confirming.confirm(submission=submission, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        return page
    return render(request, "deposit/confirm.html", {"submission": submission, "title": "Confirmer mon adresse"})


@private_page
def tracking(request, token):
    submission = _submission("tracking", token)
    if request.method == "POST":
        return _send_again(request, submission, token)
    rules = ModerationRules.current()
    fiche = submission.fiche
    context = {
        "submission": submission,
        "token": token,
        "name": submission.answers.get("name") or fiche or "",
        "fiche": fiche if fiche is not None and fiche.is_published else None,
        "events": submission.events.all(),
        "messages_said": _told(submission),
        "rules": rules,
        "kept": duration(rules.rejected_days),
        "by": _by_when(submission, rules),
        "may_correct": submission.state == State.CHANGES_REQUESTED and submission.kind in (Kind.NEW, Kind.CHANGE),
        "may_withdraw": not submission.is_ended,
    }
    return render(request, "deposit/tracking.html", context)


@private_page
def withdraw(request, token):
    """One button, for who changes their mind."""
    submission = _submission("tracking", token)
    page = redirect("tracking", token)
    if submission.is_ended:
        return page
    if request.method == "POST":
        try:
            deposits.withdraw(submission=submission, at=timezone.now())
            messages.success(request, "C’est retiré : rien n’en sera publié.")
        except Refused as refusal:
            messages.error(request, str(refusal))
        return page
    return render(request, "deposit/withdraw.html", {"submission": submission, "token": token})


@private_page
def correct(request, token):
    """The answer to the team: the steps one under the other, with what it says beside the fields that it speaks of."""
    submission = _submission("tracking", token)
    if submission.state != State.CHANGES_REQUESTED:
        return redirect("tracking", token)
    if submission.kind == Kind.CHANGE:
        page = f"{submission.fiche.get_absolute_url()}proposer-une-modification/"
        return redirect(f"{page}?brouillon={tokens.make('draft', submission.uuid)}")
    if submission.kind != Kind.NEW:
        return redirect("tracking", token)
    at, wish = timezone.now(), request.POST.get("faire", "")
    document = document_to_correct(submission)
    if request.method != "POST":
        return _correction_page(request, submission, token, _correction_forms(submission, document))
    if wish.startswith(ADD_ROW):
        data = with_one_row_more(request.POST, wish.removeprefix(f"{ADD_ROW}-"))
        return _correction_page(request, submission, token, _quietly(_correction_forms(submission, document, data)))
    if wish == "photos" or request.FILES:
        receive_photos(request, submission, at)
        document = document_to_correct(submission)
        forms = _correction_forms(submission, document, with_new_photos(request.POST, document))
        return _correction_page(request, submission, token, _quietly(forms))
    forms = _correction_forms(submission, document, request.POST)
    if not all([form.is_valid() for form in forms]):
        return _correction_page(request, submission, token, forms)
    try:
        deposits.answer_moderator(
            submission=submission,
            changes=changes_of(document, forms),
            revision=_number(request.POST.get("revision", "")),
            message=without_nul(request.POST.get("message", "")).strip()[:4000],
            photos_promised=forms[-1].rows["photos"].promised(),
            at=at,
        )
    except Refused as refusal:
        forms[0].add_error(None, str(refusal))
        return _correction_page(request, submission, token, forms)
    messages.success(request, "Votre réponse est partie : la Cress relit de nouveau.")
    return redirect("tracking", token)


def _submission(purpose, token):
    submissions = Submission.objects.with_fiche()
    submission = submissions.filter(uuid=tokens.read(purpose, token)).first()
    if submission is None:
        raise BadToken(GONE)
    return submission


def _send_again(request, submission, token):
    at = timezone.now()
    if blocked := refuse_if_too_many(request, "mail", at=at, email=submission.email):
        return blocked.page(request)
    try:
        sending.send_confirmation_again(submission=submission, at=at)
        messages.success(request, "Le message est reparti. Regardez aussi parmi les indésirables.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("tracking", token)


def _by_when(submission, rules):
    """The day by which the team said that it would answer, or None."""
    return submission.waiting_since and submission.waiting_since + timezone.timedelta(days=rules.answer_days)


def _told(submission):
    """What was said on both sides, each with the name of the field that it speaks of."""
    model = type(submission.fiche) if submission.fiche else Initiative
    return [
        {"message": message, "field": documents.label(model, message.field) if message.field else ""}
        for message in submission.messages.all()
    ]


def _correction_forms(submission, document, data=None):
    names, more = Names(document), {PhotosForm: {"promised": _promises(submission)}}
    return [step.form(document, data, names=names, **more.get(step.form, {})) for step in STEPS if step.form]


def _quietly(forms):
    """What is typed, without what is wrong in it."""
    for form in forms:
        form.is_valid()
        form.forget_errors()
    return forms


def _promises(submission):
    """Those of the fiche were promised when it was sent."""
    return [*promised(submission), *(str(photo.uuid) for photo in submission.initiative.photos.all())]


def _correction_page(request, submission, token, forms):
    steps = [step for step in STEPS if step.form]
    asked = _asked_of_the_holder(submission)
    told = tell(forms, [(line["message"].field, line["message"].text) for line in asked])
    context = {
        "submission": submission,
        "token": token,
        "parts": [{"step": step, "form": form} for step, form in zip(steps, forms, strict=True)],
        "forms": [one for form in forms for one in form.all_forms],
        # What the team says of the whole, or of what no field here asks.
        "told": told,
        "asked": [line | {"place": place} for line in asked if (place := place_of(forms, line["message"].field))],
        "revision": request.POST.get("revision") or submission.initiative.revision,
        "message": request.POST.get("message", ""),
        "previews": previews(submission),
        "back": reverse("tracking", args=[token]),
    }
    return render(request, "deposit/correct.html", context)


def _asked_of_the_holder(submission):
    """What the team said since it last had the fiche in hand."""
    since = submission.events.filter(state=State.WAITING).order_by("-at").values_list("at", flat=True).first()
    told = [line for line in _told(submission) if line["message"].is_from_team]
    return [line for line in told if since is None or line["message"].at >= since]


def _number(text):
    return int(text) if text.isdecimal() and len(text) < 10 else -1
