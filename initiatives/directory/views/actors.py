"""The actors: the list, and the page of each."""

from django.db.models import Count, Prefetch
from django.shortcuts import render

from initiatives.directory.access import published_fiche
from initiatives.directory.cards import dress
from initiatives.directory.filters import ActorFilter
from initiatives.directory.listing import Address, paginate
from initiatives.directory.places import resolve_place
from initiatives.models import Actor, Initiative, Participation
from initiatives.models.vocabulary import ActorKind, Role


def actors(request):
    if place := resolve_place(request):
        return place
    search = ActorFilter(request.GET, Actor.objects.published())
    page = paginate(request.GET, search.qs.with_card_details().order_by("sort_key", "pk"), search.ignored)
    counts = dict(search.without("type").order_by().values_list("kind").annotate(Count("pk")))
    chosen = search.values.get("type", [])
    address = Address(request.path, search, request.GET)
    context = {
        "search": search,
        "address": address,
        "page": page,
        "total": page.paginator.count,
        "territories": search.values.get("territoire", []),
        "kinds": [
            {"value": value, "label": label, "count": counts.get(value, 0), "chosen": value in chosen}
            for value, label in ActorKind.choices
        ],
        "chips": address.chips(),
        "noindex": address.criteria_count > 1,
    }
    return render(request, "actors/list.html", context)


@published_fiche(Actor)
def actor(request, fiche):
    fiche = Actor.objects.select_related("seat__department", "seat__commune").get(pk=fiche.pk)
    by_role = _initiatives_by_role(fiche)
    funded = dress(
        Initiative.objects.published()
        .filter(fundings__actor=fiche)
        .exclude(participations__actor=fiche)
        .distinct()
        .order_by("sort_key", "pk")
        .with_card_details()
    )
    context = {
        "actor": fiche,
        "labels": fiche.labels.select_related("label"),
        "offers": fiche.offers.all(),
        "milestones": fiche.milestones.all(),
        "roles": by_role,
        "funded": funded,
        "cloths": _cloths([*(row for role in by_role for row in role["rows"]), *funded]),
        "ties": _ties(fiche),
        "funding_sources": fiche.funding_sources.published().order_by("sort_key", "pk"),
        "coverage": fiche.coverage.all(),
        "themes": fiche.themes.select_related("parent"),
        "sources": fiche.sources.all(),
    }
    return render(request, "actors/actor.html", context)


def _initiatives_by_role(fiche):
    """Its published initiatives, role by role: what it carries first."""
    lines = list(
        Participation.objects.filter(actor=fiche, initiative__status="published")
        .prefetch_related(Prefetch("initiative", Initiative.objects.with_card_details()))
        .order_by("-is_lead", "initiative__sort_key", "pk")
    )
    dress(line.initiative for line in lines)
    roles = []
    for value, label in Role.choices:
        rows = []
        for line in lines:
            if line.role == value:
                line.initiative.role_detail = line.detail
                rows.append(line.initiative)
        if rows:
            roles.append({"value": value, "label": label, "rows": rows})
    return roles


def _cloths(initiatives):
    """Cloths of a head band woven from initiatives: one part for each initiative and theme, widest first."""
    weights = {}
    for initiative in dict.fromkeys(initiatives):
        for theme in initiative.theme_list:
            weights[theme.cloth] = weights.get(theme.cloth, 0) + 1
    return sorted(weights.items(), key=lambda item: (-item[1], item[0]))


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
