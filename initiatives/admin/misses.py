"""The searches that found nothing: what visitors looked for that the directory does not say, or says otherwise."""

import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from initiatives.directory.misses import most_missed
from initiatives.models import SearchMiss
from initiatives.text import typographic

ADDRESS = "a-traiter/recherches-sans-resultat/"
SHOWN = datetime.timedelta(days=90)
PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def search_misses(request, site):
    """The words of the last three months, most often first; somebody says « traitée », and they leave the list."""
    if not request.user.has_perm("initiatives.view_searchmiss"):
        raise PermissionDenied
    if request.method == "POST":
        return _settle(request)
    today = timezone.localdate()
    paginator = Paginator(most_missed(today - SHOWN), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    context = site.each_context(request) | {
        "title": "Recherches sans résultat",
        "page": page,
        "rows": [_dress(row) for row in page.object_list],
        "total": paginator.count,
        "address": reverse("admin:search_misses"),
        "may_settle": request.user.has_perm("initiatives.delete_searchmiss"),
        "may_add_synonym": request.user.has_perm("initiatives.add_synonym"),
    }
    return TemplateResponse(request, "admin/search_misses.html", context)


def _settle(request):
    if not request.user.has_perm("initiatives.delete_searchmiss"):
        raise PermissionDenied
    words = request.POST.get("words", "")
    if "\0" not in words and SearchMiss.objects.filter(words=words).delete()[0]:
        messages.success(request, typographic(f"« {words} » ne compte plus parmi les recherches sans résultat."))
    return HttpResponseRedirect(reverse("admin:search_misses"))


def _dress(row):
    return row | {
        "search_url": reverse("initiatives", query={"q": row["words"]}),
        "synonym_url": reverse("admin:initiatives_synonym_add", query={"words": f"{row['words']}, "}),
    }
