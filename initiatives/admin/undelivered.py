"""« Messages non remis »: the mails that were given up, to be tried again or left at that.

What a mail says is never shown: it holds links that open the pages of the person to whom it is written.
"""

import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from initiatives.admin.attention import PER_PAGE, UNDELIVERED
from initiatives.admin.moderation import check_may_moderate
from initiatives.keys import row_key
from initiatives.models.mails import mails_given_up
from initiatives.submission.actions.undelivered import leave, try_again

ADDRESS = f"a-traiter/{UNDELIVERED.slug}/"
# What the button bears → what it does, and what is then said of one and of several.
ACTS = {
    "reessayer": (try_again, "repart dans une minute", "repartent dans une minute"),
    "classer": (leave, "est classé", "sont classés"),
}
# A server may quote what it refused.
LINK = re.compile(r"(?i)\bhttps?:[^\s<>\"]+")


@require_http_methods(["GET", "HEAD", "POST"])
def undelivered(request, site):
    """When, to whom, about what, what the server said; for those who moderate, who know these addresses anyway."""
    check_may_moderate(request)
    if request.method == "POST":
        return _decide(request)
    rows = mails_given_up().order_by("-last_updated", "-pk").prefetch_related("logs")
    # Neither text of the mail leaves the database.
    paginator = Paginator(rows.defer("message", "html_message", "context", "headers"), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = site.each_context(request) | {
        "title": UNDELIVERED.title,
        "page": page,
        "rows": [_dressed(mail) for mail in page.object_list],
        "total": paginator.count,
        "address": reverse("admin:undelivered"),
    }
    return TemplateResponse(request, "admin/undelivered.html", context)


def _decide(request):
    act, one, several = ACTS.get(request.POST.get("act"), ACTS["reessayer"])
    chosen = [row_key(text) for text in request.POST.getlist("message")[:PER_PAGE]]
    count = act(mails=chosen, by=request.user, at=timezone.now())
    if count:
        messages.success(request, f"{count} message{'s' if count > 1 else ''} {several if count > 1 else one}.")
    elif chosen:
        messages.info(request, "Quelqu’un s’en est déjà occupé.")
    else:
        messages.error(request, "Cochez au moins un message.")
    return redirect("admin:undelivered")


def _dressed(mail):
    said = " ".join(log.message for log in mail.logs.all())
    return {
        "key": mail.pk,
        "at": timezone.localtime(mail.last_updated),
        "to": ", ".join(mail.to),
        "subject": mail.subject,
        "said": LINK.sub("[lien]", said),
        "tries": mail.number_of_retries or 0,
    }
