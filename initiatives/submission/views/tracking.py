"""After the sending: the address confirmed, where it stands, what was said, or taken back."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from initiatives.directory.insertions import duration
from initiatives.models import Initiative, ModerationRules, Submission
from initiatives.submission import documents, tokens
from initiatives.submission.abuse import refuse_if_too_many
from initiatives.submission.actions import confirming, deposits, sending
from initiatives.submission.lifecycle import State
from initiatives.submission.refusals import Refused
from initiatives.submission.tokens import BadToken, private_page
from initiatives.submission.views.entered import confirm_entered

Kind = Submission.Kind
OR_ELSE = "vous demande des précisions, ou refuse en disant pourquoi."
# What the team does of each, once it has read it.
NEXT = {
    Kind.NEW: f"Elle publie, {OR_ELSE}",
    Kind.CHANGE: f"Elle publie ce qu’elle accepte, {OR_ELSE}",
    Kind.REPORT: "Elle vérifie, corrige la fiche au besoin, et vous dit ce qu’elle a fait, ou pourquoi rien ne bouge.",
    Kind.CLAIM: f"Elle vous reconnaît porteur de la fiche, {OR_ELSE}",
    Kind.WITHDRAWAL: f"Elle retire la fiche de l’annuaire, {OR_ELSE}",
    Kind.RECHECK: "Elle vérifie la fiche, ou la retire de l’annuaire.",
}
GONE = "Cette demande n’existe plus : elle a été effacée après le délai annoncé, ou à votre demande."


@private_page
def confirm(request, token):
    """One button; opening the link changes nothing."""
    submission = submission_of("confirmation", token)
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
    submission = submission_of("tracking", token)
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
        "messages_said": told_on_both_sides(submission),
        "rules": rules,
        "kept": duration(rules.rejected_days),
        "next": NEXT[submission.kind],
        "by": _by_when(submission, rules),
        "may_answer": submission.state == State.CHANGES_REQUESTED,
        "may_correct": submission.kind in (Kind.NEW, Kind.CHANGE),
        "may_withdraw": not submission.is_ended,
    }
    return render(request, "deposit/tracking.html", context)


@private_page
def withdraw(request, token):
    """One button, for who changes their mind."""
    submission = submission_of("tracking", token)
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


def submission_of(purpose, token):
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


def told_on_both_sides(submission):
    """What was said on both sides, each with the name of the field that it speaks of."""
    model = type(submission.fiche) if submission.fiche else Initiative
    return [
        {"message": message, "field": documents.label(model, message.field) if message.field else ""}
        for message in submission.messages.all()
    ]
