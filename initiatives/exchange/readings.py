"""How each column of an export is read from the facts of a fiche, and how its values are said."""

import re
from datetime import date, datetime

from django.utils import timezone

from initiatives.directory.cards import place_name
from initiatives.directory.doubts import doubts_of
from initiatives.directory.structured import permanent_address

SITE_NAME = "InnovGuide"
UNKNOWN = "inconnu"
# Six decimals of a degree are ten centimetres: what RFC 7946 advises.
DECIMALS = 6
# What XML 1.0 cannot hold, no format holds: they all say the same.
UNSPEAKABLE = re.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def plain(value):
    """A value as files hold it: ISO dates at the site's time, nothing unspeakable in texts, None for an empty one."""
    if isinstance(value, str):
        return UNSPEAKABLE.sub("", value).replace("\r\n", "\n").strip() or None
    if isinstance(value, list):
        return [item for item in map(plain, value) if item is not None]
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


# Readers


def of(path):
    """The reader of an attribute of the facts (``seat.label``): None when a step is."""
    steps = path.split(".")

    def read(known):
        value = known
        for step in steps:
            value = None if value is None else getattr(value, step)
        return value

    return read


def code(path):
    """The same for a value of a closed list: None for the one that says that it is not known."""
    read = of(path)

    def read_code(known):
        value = read(known)
        return None if value == UNKNOWN else value

    return read_code


def latitude(known):
    return _point(known)[0]


def longitude(known):
    return _point(known)[1]


def _point(known):
    """That of the seat, else of its commune."""
    here = known.seat if known.seat and known.seat.latitude is not None else known.place
    if here is None or here.latitude is None:
        return None, None
    return round(here.latitude, DECIMALS), round(here.longitude, DECIMALS)


def point_precision(known):
    if latitude(known) is None:
        return None
    return "commune" if known.seat.latitude is None else "lieu"


def postal_code(known):
    """The one of the place, or among several the one that the address says: never a guess."""
    codes = known.postal_codes
    if len(codes) > 1:
        codes = [code for code in codes if re.search(rf"\b{code}\b", known.seat.address)]
    return codes[0] if len(codes) == 1 else None


def country(known):
    return "FR" if known.seat else None


def themes(known):
    return [theme.name for theme in known.themes]


def theme_slugs(known):
    return [theme.slug for theme in known.themes]


def places(known):
    return [place_name(site.territory) for site in known.sites]


def place_keys(known):
    return [site.territory.key for site in known.sites]


def coverage(known):
    return [territory.name for territory in known.coverage]


def coverage_keys(known):
    return [territory.key for territory in known.coverage]


def stage_read_by(known):
    return None if known.fiche.stage == UNKNOWN else known.fiche.stage_read_by


def start_precision(known):
    return known.fiche.start_precision if known.fiche.start_year else None


def end_precision(known):
    return known.fiche.end_precision if known.fiche.end_year else None


def lead_address(known):
    return permanent_address(known.lead) if known.lead else None


def audiences(known):
    return known.audiences


def doubts(known):
    return [f"{label} : {sentence}" for label, sentence in doubts_of(known.fiche, ())[1]]


def sources(known):
    return [", ".join(filter(None, [line.title, line.publisher, str(line.year or "")])) for line in known.sources]


def source_addresses(known):
    return [line.url for line in known.sources]


def attribution(known):
    fiche = known.fiche
    version = timezone.localdate(fiche.modified_at or fiche.published_at).isoformat()
    return f"« {fiche.name} », {SITE_NAME}, version du {version}, {permanent_address(fiche)}"
