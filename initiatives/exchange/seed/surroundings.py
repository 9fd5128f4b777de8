"""Where the fiches of a load test stand and what they are about: the real places and themes, in a stable order."""

from dataclasses import dataclass
from itertools import accumulate
from random import Random

from initiatives.models import Audience, Territory, Theme

Kind = Territory.Kind
# Of four sites in a city with arrondissements, one says only the city.
CITY_ALONE = 0.25


class NothingToStandOn(Exception):
    """The reference data is not loaded."""


@dataclass(frozen=True)
class Place:
    """A commune or an arrondissement, and what it is in."""

    pk: int
    epci: int | None
    department: int | None
    region: int | None
    latitude: float | None
    longitude: float | None


class Surroundings:
    """The places of the directory, drawn by their population, its themes and its audiences, drawn by Zipf's law.

    Read in the order of their public keys: the same draw means the same place in every database.
    """

    def __init__(self, draw: Random):
        self._read_places()
        self.themes = list(Theme.objects.order_by("slug").values_list("pk", flat=True))
        self.audiences = list(Audience.objects.order_by("slug").values_list("pk", flat=True))
        if not self.places or not self.themes:
            raise NothingToStandOn("Aucun territoire de l’annuaire ou aucun thème : lancez d’abord load_reference.")
        draw.shuffle(self.themes)
        self._theme_weights = _zipf(len(self.themes))
        self._audience_weights = _zipf(len(self.audiences))

    def _read_places(self):
        columns = ("pk", "epci", "department", "region", "latitude", "longitude", "population", "commune", "is_unit")
        rows = Territory.objects.in_scope().filter(kind__in=(Kind.COMMUNE, Kind.DISTRICT)).order_by("kind", "code")
        self.places, weights = [], []
        for *place, population, commune, is_unit in rows.values_list(*columns):
            self.places.append(Place(*place))
            share = 1 - CITY_ALONE if commune else 1 if is_unit else CITY_ALONE
            weights.append((population or 1) * share)
        self._place_weights = [*accumulate(weights)]

    def place(self, draw) -> Place:
        return draw.choices(self.places, cum_weights=self._place_weights)[0]

    def some_themes(self, draw) -> list[int]:
        """One to three different ones, the main one first."""
        return _several(draw, self.themes, self._theme_weights, draw.choices((1, 2, 3), (45, 40, 15))[0])

    def some_audiences(self, draw) -> list[int]:
        return _several(draw, self.audiences, self._audience_weights, draw.choices((0, 1, 2), (40, 45, 15))[0])


def _several(draw, things, weights, count):
    return list(dict.fromkeys(draw.choices(things, cum_weights=weights, k=count))) if things and count else []


def _zipf(count):
    return [*accumulate(1 / rank for rank in range(1, count + 1))]
