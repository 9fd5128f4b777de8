"""``/a-jour/<token>/``: the question of the year, answered without signing in by whoever got the link."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from initiatives.directory.access import follow
from initiatives.models import Ownership
from initiatives.submission.actions.rereading import askable_notices, say_still_true
from initiatives.submission.nouns import propose_page
from initiatives.submission.rechecks import read_token_value
from initiatives.submission.refusals import Refused
from initiatives.submission.tokens import BadToken, private_page, read
from initiatives.submission.views.owners import read_keys

GONE = "Cette question n’existe plus."
NOT_YOURS = "Vous ne portez plus cette fiche : on ne vous demande plus rien."


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def fresh(request, token):
    found = read_token_value(read("fresh", token))
    if found is None:
        raise BadToken(GONE)
    recheck, user = found
    fiche = follow(recheck.fiche)
    refusal = _why_not(fiche, user)
    if request.method == "POST" and not recheck.answer and not refusal:
        try:
            notices = read_keys(request.POST.getlist("annonces"))
            say_still_true(fiche=fiche, by=user, at=timezone.now(), notices=notices)
        except Refused as error:
            refusal = str(error)
        else:
            return redirect(request.path)
    context = {
        "recheck": recheck,
        "fiche": fiche,
        "refusal": refusal,
        "notices": list(askable_notices(fiche, timezone.localdate())),
        "propose_page": propose_page(fiche),
    }
    return render(request, "submission/fresh.html", context)


def _why_not(fiche, user):
    """Why nothing is asked any more, in a sentence; "" when it is."""
    if not fiche.is_published:
        return f"« {fiche} » n’est plus dans l’annuaire."
    return "" if Ownership.objects.about(fiche).current().filter(user=user).exists() else NOT_YOURS
