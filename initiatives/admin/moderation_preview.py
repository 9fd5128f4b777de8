"""The fiche as it will look, for those who decide: what is deposited, or the fiche online with what is proposed.

Two addresses: a page of its own, and the same one to be shown inside the page of the request. Only the second may be
framed, and only by us.
"""

from dataclasses import replace

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import Http404
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.admin.moderation import check_may_moderate, submission_seen
from initiatives.directory.preview import Preview
from initiatives.models import ProposedChange, Submission
from initiatives.submission.imagined import page_of_changes, page_of_deposit

Kind = Submission.Kind
ACCEPTED = ProposedChange.Decision.ACCEPTED
TITLE = "Aperçu : rien n’est publié."


def has_preview(submission) -> bool:
    """Whether something is yet to be decided that the fiche would show."""
    return submission.kind in (Kind.NEW, Kind.CHANGE) and submission.fiche is not None and not submission.is_ended


@require_safe
def moderation_preview(request, pk, site):
    """In a page of its own, all that is proposed."""
    submission = _previewed(request, pk)
    item = reverse("admin:moderation_item", args=[submission.pk])
    return _page(request, submission, Preview(TITLE, back=(item, "Revenir à la demande")))


@csp_replace({"frame-ancestors": [SELF]})
@xframe_options_sameorigin
@require_http_methods(["GET", "HEAD", "POST"])
def moderation_embedded(request, pk, site):
    """Inside the page of the request. Sent by its form, it shows the changes that are accepted there, and no other.

    Sent rather than asked for, since what is typed in the form has no place in an address. It changes nothing.
    """
    return _page(request, _previewed(request, pk), Preview(TITLE, is_embedded=True))


def _previewed(request, pk):
    check_may_moderate(request)
    submission = submission_seen(pk)
    if not has_preview(submission):
        raise Http404
    return submission


def _page(request, submission, preview):
    if submission.kind == Kind.NEW:
        return page_of_deposit(request, submission, preview)
    changes, sentence = _shown_changes(request, submission)
    shown = replace(preview, sentences=(sentence,))
    return page_of_changes(request, submission, changes, shown, photo_address=_photo_address(submission))


def _shown_changes(request, submission):
    """The changes to show, and a sentence that says which they are."""
    changes = list(submission.changes.all())
    if request.method != "POST":
        several = "les changements proposés" if len(changes) > 1 else "le changement proposé"
        return changes, f"Voici la fiche avec {several}."
    accepted = [change for change in changes if request.POST.get(f"d-{change.field}") == ACCEPTED]
    if not accepted:
        return [], "Aucun changement n’est accepté : voici la fiche telle qu’elle est en ligne."
    several = "les changements acceptés" if len(accepted) > 1 else "le changement accepté"
    return accepted, f"Voici la fiche avec {several} : {len(accepted)} sur {len(changes)}."


def _photo_address(submission):
    return lambda uuid, width: reverse("admin:moderation_photo", args=[submission.pk, uuid, width])
