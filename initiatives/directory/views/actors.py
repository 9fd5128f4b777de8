"""The actors: the list, and the page of each."""

from collections import Counter

from django.db.models import Prefetch, Q
from django.shortcuts import render
from django.urls import reverse

from initiatives.directory.access import published_fiche
from initiatives.directory.cards import dress, place_name
from initiatives.directory.doubts import doubts_of
from initiatives.directory.facets import choice_facet, territory_facet
from initiatives.directory.filters import ActorFilter
from initiatives.directory.listing import Address, page_size, paginate, ways_to_widen, where
from initiatives.directory.places import resolve_place
from initiatives.directory.preview import frame_of
from initiatives.directory.structured import actor_data, permanent_address
from initiatives.directory.woven import cloths_of
from initiatives.models import Actor, Initiative, Ownership, Participation
from initiatives.models.vocabulary import ActorKind, LegalForm, Role, Stage

FACETS = ("type", "territoire")
MOST_SQUARES = 12
ROLES = {
    Role.HOLDER: "Initiatives portées",
    Role.PARTNER: "Initiatives dont il est partenaire",
    Role.SUPPORTER: "Initiatives accompagnées",
    Role.FUNDER: "Initiatives financées",
    Role.RESEARCHER: "Initiatives étudiées",
}
# The fields that have a place of their own on the page, where their doubt is said.
SHOWN = """
presentation offers milestones ties kind legal_form seat founded_year coverage themes labels
"""
FIELDS = frozenset(SHOWN.split())


def actors(request):
    if place := resolve_place(request):
        return place
    search = ActorFilter(request.GET, Actor.objects.published())
    size = page_size(request.GET, search.ignored)
    address = Address(request.path, search, par_page=size)
    page = paginate(request.GET, search.qs.with_card_details().order_by("sort_key", "pk"), search.ignored, size)
    total = page.paginator.count
    context = {
        "ignored": search.ignored,
        "page": page,
        "rows": _dress_actors(page.object_list),
        "total": total,
        "where": where(search.values.get("territoire") or []),
        "words": search.values.get("q", ""),
        "facets": {
            "type": choice_facet(search, "type", "kind", ActorKind.choices),
            "territoire": territory_facet(search),
        },
        "chips": address.chips(),
        "address": address,
        "canonical": address.canonical(page.number),
        "carried": {"words": address.hidden("q"), "facets": address.hidden(*FACETS)},
        "ways": [] if total else ways_to_widen(search, address),
        "noindex": address.criteria_count > 1 or not total,
    }
    return render(request, "actors/list.html", context)


def _dress_actors(actors):
    """Give each actor its ``place_line``, its ``form_line`` and the ``cloths`` of its initiatives, one for each."""
    actors = list(actors)
    taking_part = Participation.objects.filter(actor__in=actors, initiative__status="published")
    pairs = set(taking_part.values_list("actor", "initiative"))
    initiatives = Initiative.objects.filter(pk__in={initiative for _, initiative in pairs}).with_card_details()
    cloths = {initiative.pk: _main_cloth(initiative) for initiative in initiatives}
    for actor in actors:
        own = Counter(cloths[initiative] for owner, initiative in pairs if owner == actor.pk)
        woven = [
            cloth for cloth, count in sorted(own.items(), key=lambda item: (-item[1], item[0])) for _ in range(count)
        ]
        actor.cloths, actor.initiative_count = woven[:MOST_SQUARES], len(woven)
        actor.place_line = place_name(actor.seat) if actor.seat else ""
        actor.form_line = actor.get_legal_form_display() if actor.legal_form != LegalForm.UNKNOWN else ""
    return actors


def _main_cloth(initiative):
    themes = initiative.theme_list
    return themes[0].cloth if themes else "neutre"


@published_fiche(Actor)
def actor(request, fiche):
    return actor_page(request, fiche)


def actor_page(request, fiche, *, preview=None):
    """``preview``: what is said of it when it is shown before it is published."""
    fiche = Actor.objects.select_related("seat__department", "seat__commune", "logo").get(pk=fiche.pk)
    roles = _initiatives_by_role(fiche)
    offers, coverage = list(fiche.offers.all()), list(fiche.coverage.all())
    doubts, other_doubts = doubts_of(fiche, FIELDS)
    kind_url = f"{reverse('actors')}?type={fiche.kind}"
    context = {
        "actor": fiche,
        "seat": fiche.seat and {"name": place_name(fiche.seat), "url": fiche.seat.get_absolute_url()},
        "parents": [{"name": fiche.get_kind_display(), "get_absolute_url": kind_url}],
        "logo": getattr(fiche, "logo", None),
        "labels": fiche.labels.select_related("label"),
        "offers": [{"offer": offer, "stages": _stages(offer.stages)} for offer in offers],
        "stages": _stages([stage for offer in offers for stage in offer.stages]),
        "milestones": fiche.milestones.all(),
        "roles": roles,
        "cloths": cloths_of(line["initiative"] for role in roles for line in role["lines"]),
        "ties": _ties(fiche),
        "funding_sources": fiche.funding_sources.published().order_by("sort_key", "pk"),
        "coverage": coverage,
        "themes": fiche.themes.select_related("parent"),
        "sources": fiche.sources.all(),
        "alike": _alike(fiche),
        "is_owned": Ownership.objects.about(fiche).current().exists(),
        "doubts": doubts,
        "other_doubts": other_doubts,
        "permanent_address": permanent_address(fiche),
        "data": {} if preview else actor_data(fiche, offers=offers, coverage=coverage),
        "frame": frame_of(preview),
        "preview": preview,
        "noindex": preview is not None,
    }
    return render(request, "actors/actor.html", context)


def _stages(values):
    """(value, label) of stages, in their order, each once."""
    return [(value, label) for value, label in Stage.choices if value in values]


def _initiatives_by_role(fiche):
    """Its published initiatives, role by role, what it carries first. Those that it only gave money to are funded."""
    lines = (
        Participation.objects.filter(actor=fiche, initiative__status="published")
        .prefetch_related(Prefetch("initiative", Initiative.objects.with_card_details()))
        .order_by("-is_lead", "initiative__sort_key", "pk")
    )
    by_role = {role: [] for role in Role}
    for line in lines:
        by_role[line.role].append({"initiative": line.initiative, "detail": line.detail})
    funded = (
        Initiative.objects.published()
        .filter(Q(fundings__actor=fiche) | Q(fundings__source__offered_by=fiche, fundings__source__status="published"))
        .exclude(participations__actor=fiche)
        .distinct()
        .order_by("sort_key", "pk")
        .with_card_details()
    )
    by_role[Role.FUNDER] += [{"initiative": initiative, "detail": ""} for initiative in funded]
    dress(line["initiative"] for lines in by_role.values() for line in lines)
    return [{"value": role.value, "title": ROLES[role], "lines": found} for role, found in by_role.items() if found]


def _ties(fiche):
    """Its ties with published actors, whichever side they were told from."""
    ties = [
        {"actor": tie.other, "kind": tie.get_kind_display(), "text": tie.text}
        for tie in fiche.ties.filter(other__status="published").select_related("other")
    ]
    inverse = {"membre": "Compte parmi ses membres", "porte": "Porté par", "issu-de": "À l’origine de"}
    ties += [
        {"actor": tie.actor, "kind": inverse.get(tie.kind, tie.get_kind_display()), "text": tie.text}
        for tie in fiche.ties_in.filter(actor__status="published").select_related("actor")
    ]
    return sorted(ties, key=lambda tie: (tie["kind"], tie["actor"].sort_key))


def _alike(fiche):
    """A few actors of the same kind, seated in the same département."""
    if not fiche.seat or not fiche.seat.department_id or fiche.kind == ActorKind.UNKNOWN:
        return []
    around = Actor.objects.published().filter(kind=fiche.kind, seat__department=fiche.seat.department_id)
    found = around.exclude(pk=fiche.pk).select_related("seat__commune").order_by("sort_key", "pk")[:4]
    return [{"actor": item, "place": place_name(item.seat)} for item in found]
