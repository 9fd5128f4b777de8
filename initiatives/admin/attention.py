"""The pages of what needs attention, and the filter on completeness that the lists of the admin share."""

import datetime
from dataclasses import dataclass, replace

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Min, QuerySet
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from initiatives.directory.attention import LISTS, NOUNS, AttentionList
from initiatives.directory.cards import place_line, place_name
from initiatives.directory.completeness import RULES
from initiatives.directory.misses import most_missed
from initiatives.models import Actor, Initiative, ModerationRules, SearchMiss, Territory
from initiatives.models.mails import mails_given_up
from initiatives.submission.queue import Delay, backlog, in_queue

PER_PAGE = 50
# A list apart: its rows are words, not fiches. See ``admin/misses.py``.
MISSES = AttentionList(
    "recherches-sans-resultat",
    "Recherches sans résultat",
    "Les mots que des visiteurs ont cherchés, depuis trois mois, sans rien trouver.",
    "la première fois",
    {},
)

# Another one: its rows are what people sent. See ``admin/moderation.py``.
MODERATION = AttentionList(
    "moderation",
    "Modération",
    "Ce que des personnes ont envoyé : fiches nouvelles, changements, signalements, revendications.",
    "leur envoi",
    {},
)

# And another, shown only when there are some. See ``admin/undelivered.py``.
UNDELIVERED = AttentionList(
    "messages-non-remis",
    "Messages non remis",
    "Des messages que le serveur de courrier a refusés pendant cinq jours, et que le site n’essaie plus d’envoyer.",
    "leur dernier essai",
    {},
)


@dataclass(frozen=True)
class Waiting:
    """A list that somebody may see, with how many wait in it and for how long the first has."""

    entry: AttentionList
    rows: QuerySet
    count: int
    oldest: datetime.date | None
    url: str


def nouns_seen_by(user) -> tuple[str, ...]:
    """The nouns whose fiches this person may see."""
    return tuple(noun for noun, model in NOUNS.items() if user.has_perm(f"initiatives.view_{model._meta.model_name}"))


def waiting_for(user, today, *, with_oldest=False) -> list[Waiting]:
    """Every list that concerns what this person may see; one query a list, two with the oldest."""
    found = [_sent(today), *_undelivered()] if user.has_perm("initiatives.moderate") else []
    nouns = nouns_seen_by(user)
    for entry in LISTS.values():
        if set(entry.parts) & set(nouns):
            rows = entry.rows(today, nouns=nouns)
            first = rows[:1] if with_oldest else []
            oldest = next((row["since"] for row in first), None)
            url = reverse("admin:attention_list", args=[entry.slug])
            found.append(Waiting(entry, rows, rows.count(), oldest, url))
    if user.has_perm("initiatives.view_searchmiss"):
        found.append(_missed(today, with_oldest))
    return found


def _sent(today):
    """The moderation queue, late once it waits for longer than announced."""
    delay = Delay(ModerationRules.current().answer_days, today)
    waiting = backlog(delay)
    oldest = today - datetime.timedelta(days=waiting.days) if waiting.count else None
    entry = replace(MODERATION, late_after=delay.days)
    return Waiting(entry, in_queue(), waiting.count, oldest, reverse("admin:moderation"))


def _undelivered():
    rows = mails_given_up()
    waiting = rows.aggregate(count=Count("pk"), oldest=Min("last_updated"))
    if waiting["count"]:
        oldest = timezone.localdate(waiting["oldest"])
        yield Waiting(UNDELIVERED, rows, waiting["count"], oldest, reverse("admin:undelivered"))


def _missed(today, with_oldest):
    since = today - datetime.timedelta(days=90)
    rows, first = most_missed(since), SearchMiss.objects.filter(day__gte=since).order_by("day")
    oldest = first.values_list("day", flat=True).first() if with_oldest else None
    return Waiting(MISSES, rows, rows.count(), oldest, reverse("admin:search_misses"))


@require_safe
def attention(request, site):
    """Every list, with its count."""
    today = timezone.localdate()
    waiting = waiting_for(request.user, today, with_oldest=True)
    if not waiting:
        raise PermissionDenied
    context = site.each_context(request) | {"title": "À traiter", "waiting": waiting, "today": today}
    return TemplateResponse(request, "admin/attention.html", context)


@require_safe
def attention_list(request, slug, site):
    """One list: narrowed by noun and département, oldest first."""
    entry, today, seen = LISTS.get(slug), timezone.localdate(), nouns_seen_by(request.user)
    if entry is None:
        raise Http404
    offered = [noun for noun in entry.parts if noun in seen]
    if not offered:
        raise PermissionDenied
    noun = request.GET.get("nature", "")
    nouns = [noun] if noun in offered else offered
    departments = Territory.objects.in_scope().filter(kind=Territory.Kind.DEPARTMENT).order_by("sort_key")
    department = next((row for row in departments if row.code == request.GET.get("departement")), None)
    paginator = Paginator(entry.rows(today, nouns=nouns, department=department), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    narrowed = {"nature": noun} if noun in offered else {}
    narrowed |= {"departement": department.code} if department else {}
    context = site.each_context(request) | {
        "title": entry.title,
        "entry": entry,
        "page": page,
        "rows": dressed(page.object_list, today),
        "total": paginator.count,
        "offered": [(name, NOUNS[name]._meta.verbose_name_plural) for name in offered],
        "departments": departments,
        "nature": noun,
        "department": department,
        "is_narrowed": bool(narrowed),
        "address": reverse("admin:attention_list", args=[slug], query=narrowed or None),
        "today": today,
    }
    return TemplateResponse(request, "admin/attention_list.html", context)


def dressed(rows, today) -> list[dict]:
    """The rows of a page, each with its fiche and what the table says of it."""
    rows = list(rows)
    fiches = {}
    for noun, model in NOUNS.items():
        keys = {row["fiche"] for row in rows if row["noun"] == noun}
        fiches[noun] = _with_places(model).in_bulk(keys) if keys else {}
    # A fiche may have gone between the two questions.
    rows = [row | {"fiche": fiches[row["noun"]].get(row["fiche"])} for row in rows]
    return [_dress(row, today) for row in rows if row["fiche"]]


def _with_places(model):
    if model is Initiative:
        return model.objects.prefetch_related("sites__territory__commune", "coverage")
    return model.objects.select_related("seat__commune") if model is Actor else model.objects.all()


def _dress(row, today):
    fiche = row["fiche"]
    place = place_line(fiche) if isinstance(fiche, Initiative) else ""
    if isinstance(fiche, Actor) and fiche.seat:
        place = place_name(fiche.seat)
    return row | {
        "url": reverse(f"admin:initiatives_{fiche._meta.model_name}_change", args=[fiche.pk]),
        "noun": fiche._meta.verbose_name,
        "place": place,
        "rules": len(RULES[type(fiche)]),
        "days": (today - row["since"]).days,
    }


class CompletenessFilter(admin.SimpleListFilter):
    """By how many rules are not met: see ``directory/completeness.py``."""

    title = "complétude"
    parameter_name = "completude"

    def lookups(self, request, model_admin):
        return [("complete", "Complète"), ("presque", "Il manque un ou deux points"), ("a-completer", "À compléter")]

    def queryset(self, request, queryset):
        total = len(RULES[queryset.model])
        match self.value():
            case "complete":
                return queryset.filter(completeness=total)
            case "presque":
                return queryset.filter(completeness__range=(total - 2, total - 1))
            case "a-completer":
                return queryset.filter(completeness__lt=total - 2)
            case _:
                return queryset
