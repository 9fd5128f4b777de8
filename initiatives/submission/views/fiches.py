"""The doors of what one may send about a published fiche: the same for the three nouns."""

from functools import wraps

from django.http import HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods

from initiatives.directory.access import fiche_of, follow
from initiatives.models import ModerationRules, Ownership
from initiatives.submission.abuse import refuse_if_too_many
from initiatives.submission.nouns import NOUNS

STEP = "etape"
# What the page says once it is sent: an address is to be confirmed, the team has it, it is done.
CONFIRM, RECEIVED, GRANTED = "confirmer", "recu", "accorde"


def about_a_fiche(model, name):
    """The view receives the published fiche of its ``slug``, and ``closed``, why nothing can be sent about it any more.

    Read: archived, 410; merged, or known by an old slug, 301 to the same page of the fiche of today; unpublished, 404.
    Sent: the view shows again what was typed, with ``closed``; unpublished, 404. ``name``: that of the address.
    """

    def decorate(view):
        @wraps(view)
        @require_http_methods(["GET", "HEAD", "POST"])
        def answer(request, slug):
            found = fiche_of(model, slug)
            fiche = follow(found)
            if request.method == "POST":
                return _alone(view(request, fiche, closed=_why_closed(found, fiche)))
            if fiche.status == "archived":
                return _alone(render(request, "410.html", {"fiche": fiche}, status=410))
            if fiche.slug != slug:
                return _alone(HttpResponsePermanentRedirect(reverse(name, args=[fiche.slug])))
            return _alone(view(request, fiche, closed=""))

        return answer

    return decorate


def _alone(response):
    """A form bears the moment when it was shown: each is for one person and one time, and for no search engine."""
    if not response.has_header("Cache-Control"):
        add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex"
    return response


def _why_closed(found, fiche):
    if fiche.status == "archived":
        return (
            f"La fiche « {found} » a été retirée de l’annuaire pendant que vous écriviez : rien n’a été envoyé. "
            "Vos mots sont toujours là : copiez-les si vous y tenez, et écrivez à la Cress, page « Nous écrire »."
        )
    if found.status == "merged":
        return (
            f"La fiche « {found} » a été réunie à la fiche « {fiche} » pendant que vous écriviez : rien n’a été "
            "envoyé. Vos mots sont toujours là : regardez la fiche qui reste, et proposez-y ce qui manque encore."
        )
    return ""


def closed_status(fiche):
    """What a page that was sent too late answers."""
    return 410 if fiche.status == "archived" else 409


def signed_in(request):
    """Whoever proved their address by signing in, or None."""
    return request.user if request.user.is_authenticated else None


def too_many(request, action, form):
    """What to answer when too much was sent from here, or to this address; None when it may go on."""
    sender = form.sender
    if blocked := refuse_if_too_many(request, action, at=form.now, email=sender.email):
        return blocked
    if sender.email and not sender.user:
        return refuse_if_too_many(request, "mail", at=form.now, email=sender.email)
    return None


def page_context(request, fiche, **more):
    """What the pages about a fiche all name."""
    noun = NOUNS[type(fiche)]
    return {
        "fiche": fiche,
        "noun": noun,
        "claim_page": noun.page("claim", fiche),
        "propose_page": noun.page("propose", fiche),
        "report_page": noun.page("report", fiche),
        "is_owned": Ownership.objects.about(fiche).current().exists(),
        "rules": ModerationRules.current(),
        "noindex": True,
        **more,
    }


def on_to(request, step):
    """After something was sent: the same address, which says what comes next, and sends nothing again."""
    return redirect(f"{request.path}?{STEP}={step}")


def step_of(submission):
    """What comes next for a submission that was just sent."""
    if submission.confirmed_at is None:
        return CONFIRM
    return GRANTED if submission.state == submission.State.ACCEPTED else RECEIVED


def sent_page(request, fiche, titles, relayed=False):
    """The page that follows a form, when it is asked for: ``titles``, what it is called at each step; else None.

    ``relayed``: to somebody else than the team.
    """
    step = request.GET.get(STEP)
    if request.method == "POST" or step not in titles:
        return None
    context = page_context(
        request, fiche, step=step, title=titles[step], can_follow=signed_in(request), relayed=relayed
    )
    return render(request, "submission/sent.html", context)
