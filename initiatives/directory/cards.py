"""The lines that a row of a list says about an initiative: where, since when, by whom, and why it is here."""

from initiatives.models.vocabulary import NEAR, Activity, LegalForm, Presence, YearPrecision
from initiatives.text import NO_BREAK

MAX_PLACES = 2


def dress(initiatives, territories=(), distances=None):
    """Give each initiative its ``place_line``, ``start_line``, ``form_line`` and, for a territory, its ``reason``.

    ``distances``: place → km, of a search around a territory or a point. Reads only what ``with_card_details()`` has
    fetched. Returns the list.
    """
    initiatives = list(initiatives)
    for initiative in initiatives:
        initiative.place_line = place_line(initiative)
        initiative.start_line = start_line(initiative)
        initiative.form_line = form_line(initiative)
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
