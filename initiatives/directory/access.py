"""From an address to a fiche: the one of today, where it went, or why it is gone."""

from functools import wraps

from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render

from initiatives.models import GivenSlug


def published_fiche(model):
    """The view receives the published fiche of its ``slug``; other states answer before it.

    Archived: 410 with a sentence. Merged, or known by an old slug: 301 to the fiche of today. All else, drafts
    included: 404, alike for everybody.
    """

    def decorate(view):
        @wraps(view)
        def wrapper(request, slug):
            fiche = follow(fiche_of(model, slug))
            if fiche.status == "archived":
                return _as_of_today(render(request, "410.html", {"fiche": fiche}, status=410))
            if fiche.slug != slug:
                return _as_of_today(HttpResponsePermanentRedirect(fiche.get_absolute_url()))
            return view(request, fiche)

        return wrapper

    return decorate


def _as_of_today(response):
    """Browsers keep a 410 and a 301 for ever unless told not to; yet a fiche comes back, and so does an old address."""
    response["Cache-Control"] = "no-cache"
    return response


def fiche_of(model, slug):
    """The fiche that bears this slug, or bore it. Raises ``Http404``."""
    fiche = model.objects.once_published().filter(slug=slug).first()
    if fiche is None:
        given = GivenSlug.objects.filter(noun=model._meta.model_name, slug=slug).first()
        fiche = given and model.objects.once_published().filter(uuid=given.uuid).first()
    if fiche is None:
        raise Http404
    return fiche


def follow(fiche):
    """Where a merged fiche leads in the end; another one leads to itself."""
    while fiche.status == "merged":
        fiche = fiche.merged_into
    return fiche
