"""What a row of a list says about an initiative: where, since when, by whom, and why it is here."""

from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from django.db.models import FilteredRelation, FloatField, Q, Value
from django.urls import reverse

from initiatives.directory.geography import Named
from initiatives.models import Actor, Initiative, InitiativeTheme, Site, Theme
from initiatives.models.vocabulary import NEAR, Activity, LegalForm, Presence, Stage, YearPrecision
from initiatives.text import NO_BREAK

MAX_PLACES = 2

# Lines of a fiche, all read in one question.
SITE, COVERED, THEME = range(3)


class Lines(list):
    """Lines that are there already: read as those of a relation are."""

    def all(self):
        return self


class Based(NamedTuple):
    """A site of a card."""

    territory: Named
    latitude: float | None
    longitude: float | None

    @property
    def territory_id(self):
        return self.territory.pk


@dataclass
class Card:
    """What a row of results reads of an ``Initiative``, under the same names, without its two hundred instances."""

    pk: int
    slug: str
    name: str
    summary: str
    stage: str
    activity: str
    start_year: int | None
    start_precision: str
    end_year: int | None
    lead_actor: Actor | None
    sites: Lines[Based] = field(default_factory=Lines)
    coverage: Lines[Named] = field(default_factory=Lines)
    theme_list: list[Theme] = field(default_factory=list)

    def get_absolute_url(self):
        return reverse("initiative", args=[self.slug])

    def get_stage_display(self):
        return Stage(self.stage).label

    def get_activity_display(self):
        return Activity(self.activity).label


def read_cards(keys, live) -> dict[int, Card]:
    """The cards of those of these fiches that are published, in two questions.

    ``live``: what knows the themes and the places that they name.
    """
    lead = FilteredRelation("participations", condition=Q(participations__is_lead=True))
    fiches = Initiative.objects.published().filter(pk__in=keys).annotate(lead=lead).order_by()
    columns = ("pk", "slug", "name", "summary", "stage", "activity", "start_year", "start_precision", "end_year")
    cards = {}
    for *said, status, legal_form in fiches.values_list(*columns, "lead__actor__status", "lead__actor__legal_form"):
        cards[said[0]] = Card(*said, _lead(status, legal_form) if status else None)
    lines = sorted(_lines(cards)) if cards else []
    places = live.geography.named(line.of for line in lines if line.kind != THEME)
    themes = {theme.pk: theme for theme in live.options.themes}
    for line in lines:
        card = cards[line.initiative]
        if line.kind == SITE:
            card.sites.append(Based(places[line.of], line.latitude, line.longitude))
        elif line.kind == COVERED:
            card.coverage.append(places[line.of])
        elif line.of in themes:
            card.theme_list.append(themes[line.of])
    for card in cards.values():
        card.coverage.sort(key=lambda place: (place.sort_key, place.kind, place.code))
    return cards


@cache
def _lead(status, legal_form):
    """A structure that carries fiches, for its form alone."""
    return Actor(status=status, legal_form=legal_form)


class Line(NamedTuple):
    """``of``: key of a theme or of a territory."""

    kind: int
    position: int
    pk: int
    initiative: int
    of: int
    latitude: float | None
    longitude: float | None


def _lines(keys):
    nowhere = (Value(None, FloatField()), Value(None, FloatField()))
    sites, covered, themes = (
        lines.objects.filter(initiative__in=keys).order_by()
        for lines in (Site, Initiative.coverage.through, InitiativeTheme)
    )
    rows = sites.values_list(Value(SITE), "position", "pk", "initiative", "territory", "latitude", "longitude").union(
        covered.values_list(Value(COVERED), Value(0), "pk", "initiative", "territory", *nowhere),
        themes.values_list(Value(THEME), "position", "pk", "initiative", "theme", *nowhere),
        all=True,
    )
    return (Line(*row) for row in rows)


def dress(initiatives, territories=(), distances=None):
    """Give each initiative its ``place_line``, ``start_line``, ``form_line``, all of them in its ``meta_line`` and, for
    a territory, its ``reason``.

    ``distances``: place → km, of a search around a territory or a point. Reads only what ``with_card_details()`` has
    fetched. Returns the list.
    """
    initiatives = list(initiatives)
    for initiative in initiatives:
        initiative.place_line = place_line(initiative)
        initiative.start_line = start_line(initiative)
        initiative.form_line = form_line(initiative)
        begun = ", ".join(filter(None, (initiative.place_line, initiative.start_line)))
        initiative.meta_line = ". ".join(filter(None, (begun, initiative.form_line)))
        initiative.reason = reason(initiative, territories, distances or {})
    return initiatives


def place_name(territory):
    """« Arles », « Marseille, 3e » : the name of a commune or of a district in a line."""
    if territory.kind == territory.Kind.DISTRICT:
        return district_name(territory.commune.name, territory.code)
    return territory.name


def district_name(commune, code):
    number = int(code[-2:])
    return f"{commune}, {'1er' if number == 1 else f'{number}e'}"


def place_line(initiative):
    names = list(dict.fromkeys(place_name(site.territory) for site in initiative.sites.all()))
    names = names or [territory.name for territory in initiative.coverage.all()]
    if len(names) > MAX_PLACES:
        others = len(names) - MAX_PLACES + 1
        names = [*names[: MAX_PLACES - 1], f"{others} autres lieux"]
    return " et ".join(names)


def start_line(initiative):
    """« depuis 2008 », « vers 1990 », « avant 2018 » ; for an ended one « de 2014 à 2025 »."""
    start, end = initiative.start_year, initiative.end_year
    if initiative.activity == Activity.ENDED and end:
        return f"de {start} à {end}" if start else f"jusqu’en {end}"
    if not start:
        return ""
    words = {YearPrecision.EXACT: "depuis", YearPrecision.ABOUT: "vers", YearPrecision.BEFORE: "avant"}
    return f"{words[initiative.start_precision]} {start}"


def form_line(initiative):
    lead = initiative.lead_actor
    known = lead and lead.is_published and lead.legal_form != LegalForm.UNKNOWN
    return lead.get_legal_form_display() if known else ""


def reason(initiative, territories, distances):
    """Why a fiche is in the list of these territories: its presence and the sentence that says it, or None."""
    presence = getattr(initiative, "presence", None)
    if presence == NEAR or (presence is None and distances):
        return {"presence": "distance", "text": _distance_text(initiative, distances)}
    if presence is None:
        return None
    return {"presence": presence, "text": _reason_text(initiative, presence, territories)}


def _distance_text(initiative, distances):
    reached = [distances[site.territory_id] for site in initiative.sites.all() if site.territory_id in distances]
    return f"à {max(1, round(min(reached)))}{NO_BREAK}km" if reached else "tout près"


def _reason_text(initiative, presence, territories):
    if presence == Presence.BASED:
        sites = initiative.sites.all()
        here = [site.territory for site in sites if any(_meets(site.territory, place) for place in territories)]
        place = (here or [site.territory for site in sites])[0]
        if place.commune_id and not any(territory.commune_id for territory in territories):
            place = place.commune
        return f"Basée {place.name_at}"
    if presence == Presence.ACTS:
        return "Intervient ici"
    wide = max(initiative.coverage.all(), key=lambda territory: territory.unit_count)
    if wide.kind == wide.Kind.REGION:
        return "Agit dans toute la région"
    return f"Agit {wide.name_at}" if wide.name_at else "Agit plus largement"


def _meets(place, territory):
    keys = (place.pk, place.commune_id, place.epci_id, place.department_id, place.region_id)
    return territory.pk in keys or territory.commune_id == place.pk
