"""``/mes-fiches/``: what a holder answers for and has sent; what they say of it, hand over, leave, take back."""

from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from initiatives.keys import row_key
from initiatives.models import ModerationRules, Ownership, Submission
from initiatives.submission import mine
from initiatives.submission.abuse import refuse_if_too_many
from initiatives.submission.actions.deposits import withdraw
from initiatives.submission.actions.owners import hand_over, leave
from initiatives.submission.actions.rereading import say_still_true
from initiatives.submission.actions.withdrawals import ask_withdrawal, delete_draft
from initiatives.submission.forms.owners import HandOverForm, ReasonForm
from initiatives.submission.refusals import Refused
from initiatives.submission.tokens import private_page
from initiatives.submission.views.connection import signed_in

ASKS = require_http_methods(["GET", "HEAD", "POST"])


@private_page
@signed_in
def my_fiches(request):
    user = request.user
    context = {
        "owned": mine.owned_by(user, timezone.localdate()),
        "sent": mine.sent_by(user),
        "drafts": mine.drafts_of(user),
        "opinions": mine.opinions_asked_of(user),
        "rules": ModerationRules.current(),
    }
    return render(request, "submission/my_fiches.html", context)


def _of_mine(view):
    """The view receives one of the person's own ownerships; another's, or one that ended, does not exist for them."""

    @wraps(view)
    def answer(request, key):
        ownership = Ownership.objects.current().filter(user=request.user, pk=key).with_fiche().first()
        if ownership is None or not ownership.fiche.is_published:
            raise Http404
        return view(request, ownership)

    return private_page(signed_in(answer))


def _sent_by_me(view):
    """The view receives one of the person's own submissions; another's does not exist for them."""

    @wraps(view)
    def answer(request, uuid):
        submission = Submission.objects.of(request.user).with_fiche().filter(uuid=uuid).first()
        if submission is None:
            raise Http404
        return view(request, submission)

    return private_page(signed_in(answer))


@_of_mine
@require_POST
def still_true(request, ownership):
    """« Toujours à jour », with what it looks for and offers, each one ticked when it still holds."""
    notices = read_keys(request.POST.getlist("annonces"))
    return _done(
        request,
        lambda at: say_still_true(fiche=ownership.fiche, by=request.user, at=at, notices=notices),
        f"C’est noté : « {ownership.fiche} » est à jour. Merci.",
    )


@_of_mine
@ASKS
def leave_fiche(request, ownership):
    if request.method == "POST":
        return _done(
            request,
            lambda at: leave(ownership=ownership, at=at),
            f"C’est noté : vous ne portez plus « {ownership.fiche} ».",
        )
    others = Ownership.objects.about(ownership.fiche).current().exclude(pk=ownership.pk).exists()
    return render(request, "submission/leave.html", {"fiche": ownership.fiche, "has_others": others})


@_of_mine
@ASKS
def hand_over_fiche(request, ownership):
    form = HandOverForm(request.POST if request.method == "POST" else None)
    context = {"fiche": ownership.fiche, "form": form}
    template = "submission/hand_over.html"
    if form.is_valid():
        at = timezone.now()
        for email in (request.user.email, form.cleaned_data["email"]):
            if blocked := refuse_if_too_many(request, "mail", at=at, email=email):
                return blocked.again(request, template, context)
        try:
            hand_over(ownership=ownership, at=at, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            said = f"Un message est parti à {form.cleaned_data['email']}. Vous saurez si cette personne accepte."
            messages.success(request, said)
            return redirect("my_fiches")
    return render(request, template, context)


@_of_mine
@ASKS
def ask_to_withdraw(request, ownership):
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _done(
            request,
            lambda at: ask_withdrawal(ownership=ownership, text=form.cleaned_data["text"], at=at),
            "Votre demande de retrait est entre les mains de l’équipe.",
        )
    context = {"fiche": ownership.fiche, "form": form, "rules": ModerationRules.current()}
    return render(request, "submission/ask_withdrawal.html", context)


@_sent_by_me
@ASKS
def take_back(request, submission):
    if request.method == "POST":
        return _done(
            request, lambda at: withdraw(submission=submission, at=at), "C’est retiré : l’équipe ne le lira plus."
        )
    if submission.is_ended:
        messages.info(request, "Cet envoi est déjà terminé.")
        return redirect("my_fiches")
    return render(request, "submission/take_back.html", {"submission": submission, "called": mine.called(submission)})


@_sent_by_me
@ASKS
def throw_draft_away(request, submission):
    if request.method == "POST":
        return _done(request, lambda at: delete_draft(submission=submission, at=at), "Le brouillon est effacé.")
    return render(request, "submission/delete_draft.html", {"called": mine.called(submission)})


def read_keys(texts) -> list[int]:
    """The keys that a form sent; what is no key is left aside."""
    return [key for text in texts if (key := row_key(text)) is not None]


def _done(request, work, said):
    """Do it, say so or say why not, and go back to « Mes fiches »."""
    try:
        work(timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("my_fiches")
