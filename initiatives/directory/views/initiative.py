"""The fiche of an initiative."""

from django.shortcuts import render
from django.utils import timezone

from initiatives.directory.access import published_fiche
from initiatives.directory.cards import dress, place_name
from initiatives.directory.doubts import doubts_of
from initiatives.directory.echoes import echoes
from initiatives.directory.family import relatives, tree
from initiatives.directory.preview import frame_of
from initiatives.directory.structured import initiative_data, permanent_address
from initiatives.directory.svgmap import locator_map
from initiatives.models import FundingSource, Initiative, Offer, Ownership, Submission
from initiatives.models.vocabulary import Activity, Availability, Novelty, Stage, WayToTakePart

EDITORS = ("redaction", "saisie")
EXPECTED_WAYS = (WayToTakePart.BUY, WayToTakePart.JOIN, WayToTakePart.HELP, WayToTakePart.VISIT)
# The fields that have a place of their own on the fiche, where their doubt is said.
SHOWN = """
social_need response innovation novelties milestones fundings results difficulties redo_partners redo_cost
redo_duration redo_pitfalls lineage participations sites coverage start_year end_year stage activity audiences
scale milieu website ways_to_take_part notices
"""
FIELDS = frozenset(SHOWN.split())
TAKING_PART = {"website", "ways_to_take_part", "notices"}


@published_fiche(Initiative)
def initiative(request, fiche):
    return initiative_page(request, fiche)


def initiative_page(request, fiche, *, preview=None):
    """``preview``: what is said of it when it is shown before it is published."""
    [fiche] = dress(Initiative.objects.filter(pk=fiche.pk).with_fiche_details())
    today = timezone.localdate()
    places = [site.territory for site in fiche.sites.all()]
    lead = fiche.lead_actor if fiche.lead_actor and fiche.lead_actor.is_published else None
    department = _department(places)
    participations, money = _participations(fiche), _money(fiche)
    ancestors, offspring = relatives(fiche)
    takes_part = fiche.activity != Activity.ENDED
    doubts, other_doubts = doubts_of(fiche, FIELDS if takes_part else FIELDS - TAKING_PART)
    context = {
        "initiative": fiche,
        "lead": lead,
        "department": department,
        "parents": [department] if department else list(fiche.coverage.all())[:1],
        "sites": [{"name": place_name(site.territory), "site": site} for site in fiche.sites.all()],
        "coverage": fiche.coverage.all(),
        "audiences": fiche.audiences.all(),
        "intercommunalities": list(dict.fromkeys(place.epci for place in places if place.epci)),
        "map": locator_map(places[0].kind, places[0].code) if places else None,
        "is_over": fiche.activity in (Activity.DORMANT, Activity.ENDED),
        "takes_part": takes_part,
        "ways": _ways(fiche),
        "notices": fiche.notices.current(today),
        "novelties": [label for value, label in Novelty.choices if value in fiche.novelties],
        "photos": preview.photos(fiche.photos.all()) if preview else fiche.photos.all(),
        "milestones": fiche.milestones.all(),
        "participations": participations,
        "money": money,
        "family": [pair for pair in (("Inspirée de", ancestors), ("Refaite ailleurs", offspring)) if pair[1]],
        "offspring": offspring,
        "tree": tree(fiche, offspring),
        "helpers": _who_helps(fiche, today),
        "echoes": _echoes(fiche),
        "sources": fiche.sources.all(),
        "is_unchecked": not fiche.holder_checked_on and fiche.origin in EDITORS,
        "signed_by": (preview and preview.signed_by)
        or Submission.objects.about(fiche).signed().values_list("name", flat=True).first(),
        "is_owned": bool(preview and preview.is_owned) or Ownership.objects.about(fiche).current().exists(),
        "doubts": doubts,
        "other_doubts": other_doubts,
        "permanent_address": permanent_address(fiche),
        "data": {} if preview else initiative_data(fiche, lead=lead, participations=participations, money=money),
        "frame": frame_of(preview),
        "preview": preview,
        "noindex": preview is not None,
    }
    return render(request, "initiatives/fiche.html", context)


def _department(places):
    """The one département of all the sites, or None."""
    departments = {place.department for place in places}
    return departments.pop() if len(departments) == 1 else None


def _ways(fiche):
    """How to take part: what is known, in the order of the list, and in words what is not."""
    known = {line.way: line for line in fiche.ways_to_take_part.all()}
    unknown = [way.label for way in EXPECTED_WAYS if way not in known]
    return {
        "known": [known[way] for way in WayToTakePart if way in known],
        "unknown": ", ".join(unknown).capitalize(),
    }


def _participations(fiche):
    """Who takes part: the lines of published actors."""
    return [
        {"actor": line.actor, "role": line.get_role_display(), "detail": line.detail, "years": _years(line)}
        for line in fiche.participations.all()
        if line.actor.is_published
    ]


def _years(line):
    if line.since and line.until:
        return f"{line.since}–{line.until}"
    return f"depuis {line.since}" if line.since else f"jusqu’en {line.until}" if line.until else ""


def _money(fiche):
    """The money that came, by year: only from sources and actors that are published."""
    lines = [
        {
            "year": line.year,
            "source": line.source if line.source and line.source.is_published else None,
            "actor": line.actor if line.actor and line.actor.is_published else None,
            "nature": ", ".join(filter(None, [line.get_kind_display(), line.detail])),
            "amount": line.amount,
        }
        for line in fiche.fundings.all()
    ]
    shown = [line for line in lines if line["source"] or line["actor"]]
    return sorted(shown, key=lambda line: line["year"] or 0)


def _who_helps(fiche, today):
    """Support and money that say they serve this stage: offers of actors, then funding sources, not the ended ones."""
    if fiche.stage == Stage.UNKNOWN:
        return {"offers": [], "sources": []}
    offers = Offer.objects.filter(stages__has=fiche.stage, actor__status="published").select_related("actor")
    sources = FundingSource.objects.published().with_availability(today).filter(stages__has=fiche.stage)
    gone = (Availability.HISTORICAL, Availability.CLOSED)
    return {
        "offers": offers.order_by("actor__sort_key", "position", "pk")[:3],
        "sources": sources.exclude(availability__in=gone).order_by("sort_key", "pk")[:4],
    }


def _echoes(fiche):
    """Those that answer this one, each with a ``note``: the theme that they share, as precise as it gets."""
    own = {theme.pk for theme in fiche.theme_list}
    families = {theme.top.pk for theme in fiche.theme_list}
    rows = dress(echoes(fiche))
    for row in rows:
        same = [theme for theme in row.theme_list if theme.pk in own]
        same += [theme.top for theme in row.theme_list if theme.top.pk in families]
        row.note = same[0].name if same else ""
    return rows
