"""« La fiche telle qu’elle paraîtra »: what a draft says, on the page that everybody will read."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from initiatives.directory.preview import Preview
from initiatives.submission import tokens
from initiatives.submission.abuse import refuse_if_too_many
from initiatives.submission.drafts import steps_to_correct
from initiatives.submission.forms import STEPS
from initiatives.submission.imagined import page_of_draft
from initiatives.submission.lifecycle import State
from initiatives.submission.refusals import Refused
from initiatives.submission.tokens import BadToken, private_page
from initiatives.submission.views.drafts import draft_of


@require_safe
@private_page
def deposit_preview(request, token):
    draft = draft_of(token)
    if draft.state != State.DRAFT:
        return redirect("tracking", tokens.make("tracking", draft.uuid))
    if blocked := refuse_if_too_many(request, "preview", at=timezone.now(), email=draft.email):
        return blocked.page(request)
    preview = Preview(
        "Aperçu : rien n’est publié.",
        _to_correct(draft),
        back=(reverse("deposit_step", args=[token, "envoi"]), "Revenir à la relecture"),
    )
    try:
        return page_of_draft(request, draft, preview, photo_address=_photo_address(token))
    except Refused as refusal:  # erased a moment ago
        raise BadToken(str(refusal)) from refusal


def _photo_address(token):
    return lambda uuid, width: reverse("sent_photo", args=[token, uuid, width])


def _to_correct(draft) -> tuple[str, ...]:
    """What was left wrong waits beside the draft: it does not show."""
    left = steps_to_correct(draft)
    titles = [f"« {step.title} »" for step in STEPS if step.key in left]
    if not titles:
        return ()
    return (f"Les réponses à corriger ne se voient pas encore ici : {', '.join(titles)}.",)
