"""``/mes-fiches/donnees/``: a holder takes along all that is theirs here, or has it erased."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.models import ModerationRules, Ownership, Submission
from initiatives.submission.actions.my_data import KEPT_STATES, erase
from initiatives.submission.my_data import everything_about
from initiatives.submission.refusals import Refused
from initiatives.submission.tokens import private_page
from initiatives.submission.views.connection import signed_in


@private_page
@signed_in
@require_safe
def export_my_data(request):
    """One JSON file, to keep or to read elsewhere."""
    response = JsonResponse(everything_about(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="mes-donnees-innovguide.json"'
    return response


@private_page
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def erase_my_data(request):
    """Says what goes and what stays; its one button erases, and signs out."""
    if request.method == "POST":
        try:
            erase(user=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("my_fiches")
        logout(request)
        messages.success(request, "Vos données sont effacées. Vous êtes déconnecté.")
        return redirect("home")
    sent = Submission.objects.of(request.user)
    context = {
        "owned": Ownership.objects.current().filter(user=request.user).count(),
        "kept": sent.filter(state__in=KEPT_STATES).count(),
        "gone": sent.exclude(state__in=KEPT_STATES).count(),
        "rules": ModerationRules.current(),
    }
    return render(request, "submission/erase_my_data.html", context)
