"""The engraved map of a search: drawn by the server, each seal a link to the list that it counts."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from initiatives.directory.mapped import Mapped, MappedArea
from initiatives.directory.spots import DISTRICT
from initiatives.directory.svgmap import SIDE, WIDE, EngravedMap, territory_map
from initiatives.models import Territory

Kind = Territory.Kind
LEVEL_NAMES = {"epci": "intercommunalité", "commune": "commune", DISTRICT: "arrondissement"}
# A département where more communes than that have results is shown by EPCI: on the large map, beside a list.
MOST_COMMUNES = 40
MOST_BESIDE = 24


@dataclass(frozen=True)
class ResultMap:
    """``map``: None when no contours are known; ``areas``: the same as a list, the largest counts first.

    ``located`` of the ``total`` results have a point; ``level``: what the areas are, in words; ``url``: the large map;
    ``ties``: the rows of the page and their places.
    """

    map: EngravedMap | None
    areas: list[MappedArea]
    level: str
    total: int
    located: int
    url: str
    ties: dict

    @property
    def elsewhere(self) -> int:
        """Those that have no point."""
        return self.total - self.located


def result_map(found, address, rows=()) -> ResultMap:
    """The small map beside a list. ``rows``: those that the page shows, with the details of a card."""
    return draw(Mapped(found, address.criteria), address, rows, SIDE, MOST_BESIDE)


def wide_map(mapped, address, rows=()) -> ResultMap:
    """The large one."""
    return draw(mapped, address, rows, WIDE, MOST_COMMUNES)


def draw(mapped, address, rows, layout, most_communes) -> ResultMap:
    here = _territory(mapped.found.territories)
    level = _level(here)
    is_wide = here is not None and here.kind in (Kind.DEPARTMENT, Kind.ZONE)
    if level == "commune" and is_wide and mapped.count_areas(level) > most_communes:
        level = "epci"
    areas = mapped.areas(level)
    seals = [area.seal for area in areas]
    kind, code, name = (here.kind, here.code, here.name) if here else (Kind.REGION, settings.REGION, "la région")
    drawn = territory_map(kind, code, seals, "cr", name, layout, LEVEL_NAMES[level])
    located = len(mapped.placed)
    url = address.elsewhere(reverse("map"), "tri")
    return ResultMap(drawn, areas, LEVEL_NAMES[level], mapped.total, located, url, mapped.ties(rows))


def _territory(territories):
    """The one territory that the map is about; None: the région."""
    if len(territories) != 1 or not territories[0].in_scope or territories[0].kind in (Kind.COUNTRY, Kind.REGION):
        return None
    return territories[0]


def _level(here):
    if here is None:
        return "epci"
    return DISTRICT if here.kind == Kind.DISTRICT or here.districts.exists() else "commune"
