"""The pages that explain: charter, method, legal pages, contact, plan of the site; and the gallery of components."""

from django.http import Http404
from django.shortcuts import render

from initiatives.models import Initiative, Territory, Theme


def charter(request):
    return render(request, "pages/charter.html")


def method(request):
    return render(request, "pages/method.html")


def legal(request):
    return render(request, "pages/legal.html")


def privacy(request):
    return render(request, "pages/privacy.html")


def accessibility(request):
    return render(request, "pages/accessibility.html")


def contact(request):
    return render(request, "pages/contact.html")


def sitemap_page(request):
    territories = Territory.objects.in_scope()
    context = {
        "themes": Theme.objects.top().prefetch_related("children"),
        "departments": territories.filter(kind=Territory.Kind.DEPARTMENT),
        "epci": territories.filter(kind=Territory.Kind.EPCI),
        "initiatives_count": Initiative.objects.published().count(),
    }
    return render(request, "pages/sitemap.html", context)


def gallery(request):
    """The components with their states, for the team; others have nothing to see there."""
    if not request.user.is_staff:
        raise Http404
    return render(request, "pages/style.html")
