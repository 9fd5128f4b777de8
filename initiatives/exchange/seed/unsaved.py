"""A fiche that is not saved yet, with the lines that it is about to have."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from initiatives.directory.completeness import RULES
from initiatives.models.vocabulary import Reading

ORIGIN = "essai de charge"
# A fixed day: what is loaded today can be compared with what was loaded last year.
DAY = date(2026, 11, 1)
SIX_YEARS = timedelta(days=6 * 365)
SOURCE = {"publisher": "Essai de charge", "title": "Aucune source : fiche inventée", "reading": Reading.DOCUMENT}


@dataclass
class Unsaved:
    """``lines``: the rows that point to it, by the name that it knows them under; ``links``: the keys of the rows that
    it is linked to, likewise.
    """

    fiche: object
    lines: dict = field(default_factory=dict)
    links: dict = field(default_factory=dict)

    def completeness(self):
        """Number of rules met, as ``directory.completeness`` counts them once all is saved."""
        seen = _Seen(self.fiche, self.lines | self.links)
        return sum(bool(rule.test(seen)) for rule in RULES[type(self.fiche)])


class _Seen:
    """The fiche as the rules read it: its columns, and its lines through ``all()``."""

    def __init__(self, fiche, lines):
        self._fiche = fiche
        for name, rows in lines.items():
            setattr(self, name, _Rows(rows))

    def __getattr__(self, name):
        return getattr(self._fiche, name)


class _Rows(list):
    def all(self):
        return self


def identity(draw):
    return UUID(int=draw.getrandbits(128), version=4)


def life(draw, status, slug):
    """The columns that say the public life of a fiche: status, address, dates."""
    once_published = status in ("published", "archived")
    noon = datetime.combine(DAY, datetime.min.time(), UTC) + timedelta(hours=12)
    began = noon - timedelta(seconds=draw.randrange(1, int(SIX_YEARS.total_seconds())))
    changed = began + timedelta(seconds=draw.randrange(int((noon - began).total_seconds())))
    checked = once_published and draw.random() < 0.7
    return {
        "status": status,
        "slug": slug if once_published else None,
        "created_at": began,
        "published_at": began if once_published else None,
        "modified_at": changed,
        "checked_on": DAY - timedelta(days=draw.randrange(900)) if checked else None,
        "revision": draw.randint(1, 9),
    }


def one(draw, values_and_weights):
    values, weights = values_and_weights
    return draw.choices(values, weights)[0]
