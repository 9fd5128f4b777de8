"""The pages that explain: charter, method, legal pages, contact, plan of the site; and the gallery of components."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from initiatives.directory.editorial import TEXTS, render_words, words_of
from initiatives.directory.live import current
from initiatives.directory.parameters import parameters
from initiatives.models import Actor, FundingSource, Initiative, Territory, Theme

Kind = Territory.Kind


def charter(request):
    return _page(request, "charte")


def method(request):
    options = current(timezone.localdate()).options
    return _page(request, "methode", "pages/method.html", parameters=parameters(options))


def legal(request):
    return render(request, "pages/legal.html")


def privacy(request):
    return _page(request, "donnees-personnelles")


def accessibility(request):
    return _page(request, "accessibilite")


def contact(request):
    return _page(request, "contact")


def sitemap_page(request):
    places = list(Territory.objects.in_scope().filter(kind__in=(Kind.REGION, Kind.DEPARTMENT, Kind.EPCI, Kind.ZONE)))
    departments = [place for place in places if place.kind == Kind.DEPARTMENT]
    smaller = [place for place in places if place.department_id in {department.pk for department in departments}]
    context = {
        "themes": Theme.objects.top().prefetch_related("children"),
        "departments": [
            {"territory": department, "inside": [place for place in smaller if place.department_id == department.pk]}
            for department in departments
        ],
        "others": [place for place in places if place not in departments and place not in smaller],
        **_counts(),
    }
    return render(request, "pages/sitemap.html", context)


def gallery(request):
    """The components with their states, for the team; others have nothing to see there."""
    if not request.user.is_staff:
        raise Http404
    return render(request, "pages/style.html")


def _page(request, key, template="pages/editorial.html", **more):
    """A page that the team writes itself; ``more``: what the site adds to it."""
    (words,) = words_of(request, key)
    rendered = render_words(key, words)
    context = {
        "page": TEXTS[key],
        "words": words,
        "body": rendered.html,
        "parts": [part for part in rendered.headings if part.level == 2],
        **more,
    }
    return render(request, template, context)


def _counts():
    """How many published fiches of each noun there are."""
    return {
        "initiatives_count": Initiative.objects.published().count(),
        "actors_count": Actor.objects.published().count(),
        "funding_count": FundingSource.objects.published().count(),
    }
