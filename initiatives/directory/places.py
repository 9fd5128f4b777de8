"""From what a person types to the places it may mean."""

import re

from django.contrib import messages
from django.shortcuts import redirect, render

from initiatives.models import Territory

MAX_CHOICES = 30


def places_called(words: str) -> list[Territory]:
    """The territories that these words name: exactly, else as the beginning of their name.

    A place of the directory goes before a namesake elsewhere in France. Several: the person chooses. None: the words
    are words.
    """
    words = re.sub(r"\s*\((\w{2,5})\)\s*$", "", words.strip())
    known = Territory.objects.filter(closed_on=None).select_related("department", "commune")
    exact = known.called(words)
    for candidates in (exact.filter(in_scope=True), exact, known.filter(in_scope=True).beginning(words)):
        found = list(candidates.order_by("sort_key", "kind", "code")[:MAX_CHOICES])
        if found:
            return found
    return []


def resolve_place(request, words_into="q"):
    """The answer to the parameter ``lieu`` of a list, or None when the address has none.

    One place fits: the same search with it. Several: the person chooses. None: the words go to the parameter
    ``words_into`` ("" when the list has none), and it is said.
    """
    words = request.GET.get("lieu", "").replace("\x00", "").strip()[:200]
    if not words:
        return None
    places = places_called(words)
    if len(places) == 1:
        return redirect(_address(request, territoire=places[0].key))
    as_words = ""
    if words_into:
        typed = [request.GET.get(words_into, "").strip(), words]
        as_words = _address(request, **{words_into: " ".join(filter(None, typed))})
    if places:
        choices = [{"place": place, "url": _address(request, territoire=place.key)} for place in places]
        context = {"words": words, "choices": choices, "as_words": as_words, "noindex": True}
        return render(request, "components/which_place.html", context)
    sentence = f"Aucun lieu ne s’appelle « {words} »"
    messages.info(request, f"{sentence} : ces mots ont été cherchés dans les fiches." if as_words else f"{sentence}.")
    return redirect(as_words or _address(request))


def _address(request, **values):
    """The address asked for, its ``lieu`` replaced by what it means."""
    query = request.GET.copy()
    for name in ("lieu", "territoire", "page"):
        query.pop(name, None)
    for name, value in values.items():
        query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path
