"""The moderation queue: what people sent, the oldest first, and who of the team looks after it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from initiatives.admin.attention import PER_PAGE
from initiatives.directory.cards import place_line, place_name
from initiatives.directory.completeness import RULES
from initiatives.models import Initiative, ModerationRules, Submission, Territory, Theme
from initiatives.submission import queue
from initiatives.submission.actions.decisions import Refused, release, take_charge
from initiatives.submission.drafts import without_nul
from initiatives.submission.replies import called
from initiatives.text import typographic

# What a person of the team may open: what was sent, never what is still being written.
SEEN = (Submission.State.WAITING, Submission.State.CHANGES_REQUESTED, *Submission.ENDED)
# The machine asks to check a fiche again: nobody has an address to prove.
SENT_BY_A_PERSON = [kind for kind in Submission.Kind.values if kind != Submission.Kind.RECHECK]
PARAMETERS = ("type", "territoire", "theme", "miennes", "etat")


def check_may_moderate(request):
    if not request.user.has_perm("initiatives.moderate"):
        raise PermissionDenied


def delay_of_today() -> queue.Delay:
    return queue.Delay(ModerationRules.current().answer_days, timezone.localdate())


def submission_seen(pk) -> Submission:
    """The submission of this key, with what its page shows; 404 for what nobody has sent yet."""
    rows = Submission.objects.with_fiche().select_related("assignee", "user")
    return get_object_or_404(rows.exclude(confirmed_at=None, kind__in=SENT_BY_A_PERSON), pk=pk, state__in=SEEN)


def late_for(user, today):
    """What waits for longer than announced, for those who moderate: (backlog, delay), None when nothing does."""
    if not user.has_perm("initiatives.moderate"):
        return None
    delay = queue.Delay(ModerationRules.current().answer_days, today)
    waiting = queue.backlog(delay)
    return (waiting, delay) if waiting.late else None


@require_safe
def moderation(request, site):
    """The queue, narrowed by kind, territory, theme and person."""
    check_may_moderate(request)
    delay, asked = delay_of_today(), _asked(request)
    every = queue.in_queue(at_the_holder=asked["at_the_holder"])
    rows = _narrowed(every, asked, request.user)
    paginator = Paginator(queue.with_row_details(rows), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    kept = {name: value for name, value in request.GET.items() if name in PARAMETERS and value}
    counts = queue.counts_by_kind(every)
    context = site.each_context(request) | {
        "title": "File de modération",
        "page": page,
        "rows": [_dressed(row, delay, request.user) for row in page.object_list],
        "total": paginator.count,
        "backlog": queue.backlog(delay),
        "delay": delay,
        "kinds": [(kind, label, counts.get(kind, 0)) for kind, label in Submission.Kind.choices],
        "departments": Territory.objects.in_scope().filter(kind=Territory.Kind.DEPARTMENT).order_by("sort_key"),
        "themes": Theme.objects.top().order_by("position", "pk"),
        "asked": asked,
        "is_narrowed": bool(kept),
        "address": reverse("admin:moderation", query=kept or None),
        "may_enter": request.user.has_perm("initiatives.add_initiative"),
    }
    return TemplateResponse(request, "admin/moderation/queue.html", context)


def _asked(request):
    """What the filters ask, as they understand it; what they do not is left aside."""
    kind = request.GET.get("type", "")
    territory, theme = (without_nul(request.GET.get(name, "")) for name in ("territoire", "theme"))
    return {
        "kind": kind if kind in Submission.Kind.values else "",
        "territory": next(iter(Territory.objects.by_keys([territory]).values()), None),
        "theme": Theme.objects.filter(slug=theme).first() if theme else None,
        "mine": bool(request.GET.get("miennes")),
        "at_the_holder": request.GET.get("etat") == "porteur",
    }


def _narrowed(rows, asked, user):
    if asked["kind"]:
        rows = rows.filter(kind=asked["kind"])
    if asked["mine"]:
        rows = rows.filter(assignee=user)
    if asked["territory"]:
        rows = queue.in_territory(rows, asked["territory"])
    if asked["theme"]:
        rows = queue.about_theme(rows, asked["theme"])
    return rows


def _dressed(submission, delay, user):
    """What a row of the table says."""
    fiche, days = submission.fiche, delay.waited(submission)
    return {
        "submission": submission,
        "called": called(submission),
        "days": days,
        "lateness": delay.state_of(days) if submission.state == Submission.State.WAITING else "",
        "place": place_of(fiche),
        "met": fiche and fiche.completeness,
        "rules": fiche and len(RULES[type(fiche)]),
        "is_mine": submission.assignee_id == user.pk,
        "taken_by": submission.assignee and queue.initials(submission.assignee),
    }


def place_of(fiche) -> str:
    """Where a fiche is, in a line."""
    if isinstance(fiche, Initiative):
        return place_line(fiche)
    seat = getattr(fiche, "seat", None)
    return place_name(seat) if seat else ""


@require_POST
def charge(request, pk, site):
    """« M’en charger », or leave it to others; then back to where one was."""
    check_may_moderate(request)
    submission = submission_seen(pk)
    try:
        if "laisser" in request.POST:
            release(submission=submission, by=request.user)
        else:
            take_charge(submission=submission, by=request.user, at=timezone.now())
            said = f"Vous vous chargez de « {called(submission)} »."
            messages.success(request, typographic(said))
    except Refused as error:
        messages.error(request, typographic(str(error)))
    if request.POST.get("vers") == "file":
        return redirect("admin:moderation")
    return redirect("admin:moderation_item", pk)
