"""From what a person types to the places it may mean."""

import re

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import redirect, render

from initiatives.models import Initiative, PostalCode, Territory
from initiatives.text import fold, fold_place, place_names

MAX_CHOICES = 30
MAX_LENGTH = 200

Kind = Territory.Kind
NATURES = {"region": Kind.REGION, "departement": Kind.DEPARTMENT}
NATURES |= dict.fromkeys(("metropole", "communaute", "agglomeration", "intercommunalite", "cc", "ca", "cu"), Kind.EPCI)
NATURE = re.compile(rf"({'|'.join(NATURES)})(?: de communes| d agglomeration| urbaine)? (.+)")
POSTAL_CODE = re.compile(r"\b(\d{5})\b")
WHERE = re.compile(r"(.+?)\s*[,(]\s*([^,()]+?)\s*\)?")


def places_called(words: str) -> tuple[list[Territory], bool]:
    """The territories that these words name, those of the directory first; and whether it is sure.

    Sure: one of the directory bears exactly this name. Else, those of the directory whose name the words shorten, and
    the namesakes elsewhere in France. Several: the person chooses. None: the words are words.
    """
    known = Territory.objects.filter(closed_on=None).select_related("department")
    for name, condition in _readings(words):
        around = known.filter(condition)
        here = around.filter(in_scope=True)
        for sure, candidates in ((True, here.called(name)), (False, here.shortened(name) | around.called(name))):
            found = list(candidates.order_by("-in_scope", "sort_key", "kind", "code")[:MAX_CHOICES])
            if found:
                return found, sure
    return [], False


def _readings(words):
    """What the words may say, (name, condition): the name is all of them, or some say where it is or what."""
    if said := WHERE.fullmatch(words):  # before the whole: « Marseille (13) » is not its 13th arrondissement
        department = Q(code=said[2].upper()) | Q(folded=fold_place(said[2]))
        departments = Territory.objects.filter(department, kind=Kind.DEPARTMENT)
        yield said[1], Q(department__in=departments) | Q(pk__in=departments)
    yield words, Q()
    if (code := POSTAL_CODE.search(words)) and (name := POSTAL_CODE.sub("", words).strip(" ,-()")):
        yield name, Q(pk__in=PostalCode.objects.filter(code=code[1]).values("territory"))
        yield name, Q(department__code=code[1][:2])  # « 13000 Marseille », that no office delivers
    elif said := NATURE.fullmatch(fold(words)):
        yield said[2], Q(kind=NATURES[said[1]])


def resolve_place(request, words_into="q"):
    """The answer to the parameter ``lieu`` of a list, or None when the address has none.

    One place fits: the same search with it. Several, or one that may as well be a word: the person chooses. None: the
    words go to the parameter ``words_into`` ("" when the list has none), and it is said.
    """
    typed = "".join(char if char.isprintable() else " " for char in request.GET.get("lieu", ""))
    words = " ".join(typed[:MAX_LENGTH].split())
    if not words:
        return None
    places, sure = places_called(words)
    if len(places) == 1 and (sure or not words_into or not _is_a_word(words)):
        return redirect(_address(request, territoire=places[0].key))
    as_words = ""
    if words_into:
        already = request.GET.get(words_into, "").strip()
        as_words = _address(request, **{words_into: f"{already} {words}".strip()})
    if places:
        choices = [{"place": place, "url": _address(request, territoire=place.key)} for place in places]
        context = {"words": words, "choices": choices, "as_words": as_words, "noindex": True}
        return render(request, "initiatives/which_place.html", context)
    sentence = f"Aucun lieu ne s’appelle « {words} »"
    messages.info(request, f"{sentence} : ces mots ont été cherchés dans les fiches." if as_words else f"{sentence}.")
    return redirect(as_words or _address(request))


def _is_a_word(words):
    """Whether it is one word that fiches hold: « jardin » is a commune of Isère, « terre » an EPCI in short."""
    word = place_names(words)[-1]
    return " " not in word and Initiative.objects.published().filter(search_text__contains=word).exists()


def _address(request, **values):
    """The address asked for, its ``lieu`` replaced by what it means."""
    query = request.GET.copy()
    for name, given in request.GET.lists():
        query.setlist(name, [value for value in given if value.strip() and name not in ("lieu", "page")])
    for name, value in values.items():
        query[name] = value
    if "territoire" in values:
        query.pop("pres_de", None)  # a place that is named takes the place of « autour de moi »
    encoded = query.urlencode()
    return f"{request.path}?{encoded}" if encoded else request.path
