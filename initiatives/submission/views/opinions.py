"""What an owner thinks of a proposal that somebody else made for their fiche."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from initiatives.models import Opinion
from initiatives.submission import documents
from initiatives.submission.actions.claims import is_owner as follows
from initiatives.submission.actions.proposals import give_opinion, why_too_late
from initiatives.submission.changes import compare
from initiatives.submission.forms.question import OpinionForm
from initiatives.submission.refusals import Refused
from initiatives.submission.tokens import BadToken, private_page, read

GONE = "Cette demande n’existe plus : elle a été effacée."


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request, token):
    found = Opinion.objects.select_related("submission", "user").filter(uuid=read("opinion", token)).first()
    if found is None or found.submission.fiche is None:
        raise BadToken(GONE)
    submission = found.submission
    said = {} if found.agrees is None else {"agrees": "oui" if found.agrees else "non", "comment": found.comment}
    form = OpinionForm(request.POST if request.method == "POST" else None, initial=said)
    too_late = why_too_late(submission, found.user)
    if not too_late and form.is_valid():
        try:
            give_opinion(opinion=found, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            too_late = str(refusal)
        else:
            return redirect(request.path)
    context = {
        "opinion": found,
        "submission": submission,
        "fiche": submission.fiche,
        "changes": told_changes(submission) if _may_read(found.user, submission) else [],
        "form": form,
        "too_late": too_late,
    }
    return render(request, "submission/opinion.html", context)


def _may_read(owner, submission):
    """Whoever left the fiche reads no more of what is proposed for it; nobody, what its author has taken back."""
    return submission.state != submission.State.WITHDRAWN and follows(owner, submission.fiche)


def told_changes(submission):
    """Each field that a proposal changes, in words: what is online, what is proposed."""
    model = type(submission.fiche)
    return [
        {
            "label": documents.label(model, change.field),
            "pieces": compare(
                documents.words(model, change.field, change.base),
                documents.words(model, change.field, change.proposed),
            ),
        }
        for change in submission.changes.all()
    ]
