"""« Poser une question au porteur », and the link by which its author proves their address."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from initiatives.models import Initiative, Question
from initiatives.submission.actions import questions
from initiatives.submission.forms.question import QuestionForm
from initiatives.submission.refusals import Refused
from initiatives.submission.tokens import BadToken, private_page, read
from initiatives.submission.views.fiches import (
    CONFIRM,
    RECEIVED,
    about_a_fiche,
    closed_status,
    on_to,
    page_context,
    sent_page,
    signed_in,
    too_many,
)

TITLES = {CONFIRM: "Confirmez votre adresse", RECEIVED: "Votre question est partie"}
TEMPLATE = "submission/question.html"
GONE = "Cette question n’existe plus : elles sont effacées au bout de trente jours."


@about_a_fiche(Initiative, "question")
def question(request, fiche, closed):
    if sent := sent_page(request, fiche, TITLES, relayed=True):
        return sent
    user = signed_in(request)
    form = QuestionForm(request.POST if request.method == "POST" else None, now=timezone.now(), user=user)
    context = page_context(request, fiche, form=form)
    if closed:
        form.add_error(None, closed)
        return render(request, TEMPLATE, context, status=closed_status(fiche))
    if form.is_valid():
        if blocked := too_many(request, "question", form):
            return blocked.again(request, TEMPLATE, context)
        sender = form.sender
        try:
            asked = questions.ask(
                uuid=form.sent_as,
                initiative=fiche,
                name=sender.name or sender.email,
                email=sender.email,
                message=form.cleaned_data["message"],
                at=form.now,
                is_proved=bool(user),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return on_to(request, RECEIVED if asked.relayed_at else CONFIRM)
    return render(request, TEMPLATE, context)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def question_send(request, token):
    """Opening it changes nothing: its button sends the question on."""
    asked = Question.objects.select_related("initiative").filter(uuid=read("question", token)).first()
    if asked is None:
        raise BadToken(GONE)
    refusal = ""
    if request.method == "POST":
        try:
            questions.relay(question=asked, at=timezone.now())
        except Refused as error:
            refusal = str(error)
        else:
            return redirect(reverse("question_send", args=[token]))
    context = {"question": asked, "fiche": asked.initiative, "refusal": refusal}
    return render(request, "submission/question_send.html", context)
