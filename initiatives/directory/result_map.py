"""The engraved map of a search: drawn by the server, each seal a link to the list that it counts."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from initiatives.directory.mapped import Mapped, MappedArea
from initiatives.directory.spots import DISTRICT
from initiatives.directory.svgmap import SIDE, WIDE, EngravedMap, territory_map
from initiatives.models import Territory

Kind = Territory.Kind
LEVEL_NAMES = {
    "departement": "département",
    "epci": "intercommunalité",
    "commune": "commune",
    DISTRICT: "arrondissement",
}
# How many seals a map may hold before they are those of a larger level.
WIDE_MOST = {"epci": 60, "commune": 40}
SIDE_MOST = {"epci": 24, "commune": 24}


@dataclass(frozen=True)
class ResultMap:
    """``map``: None when no contours are known; ``areas``: the same as a list, the largest counts first,
    of all of them for a large map.

    ``located`` of the ``total`` results have a point; ``level``: what the areas are, in words; ``url``: the large map;
    ``ties``: the rows of the page and their places; ``most``: when only the largest areas are drawn, how many of them.
    """

    map: EngravedMap | None
    areas: list[MappedArea]
    level: str
    total: int
    located: int
    url: str
    ties: dict
    most: int = 0

    @property
    def elsewhere(self) -> int:
        """Those that have no point."""
        return self.total - self.located


def result_map(found, address, rows=()) -> ResultMap:
    """The small map beside a list. ``rows``: those that the page shows, with the details of a card."""
    return draw(Mapped(found, address.criteria), address, rows, SIDE, SIDE_MOST)


def wide_map(mapped, address, rows=()) -> ResultMap:
    """The large one."""
    return draw(mapped, address, rows, WIDE, WIDE_MOST)


def draw(mapped, address, rows, layout, most) -> ResultMap:
    here = _territory(mapped.found.territories)
    levels = _levels(here, mapped.found.asked.live.geography)
    level = next((level for level in levels if mapped.count_areas(level) <= most.get(level, 100)), levels[-1])
    # The list that goes with the large map tells them all.
    areas = mapped.areas(level, most=None if layout is WIDE else most.get(level))
    seals = [area.seal for area in areas[: most.get(level)]]
    kind, code, name = (here.kind, here.code, here.name) if here else (Kind.REGION, settings.REGION, "la région")
    engraved = territory_map(kind, code, seals, "cr", name, layout, LEVEL_NAMES[level])
    located = len(mapped.placed)
    url = address.elsewhere(reverse("map"), "tri")
    return ResultMap(
        engraved,
        areas,
        LEVEL_NAMES[level],
        mapped.total,
        located,
        url,
        mapped.ties(rows),
        len(seals) if len(seals) < mapped.count_areas(level) else 0,
    )


def _territory(territories):
    """The one territory that the map is about; None: the région."""
    if len(territories) != 1 or not territories[0].in_scope or territories[0].kind in (Kind.COUNTRY, Kind.REGION):
        return None
    return territories[0]


def _levels(here, geography):
    """What its seals may be, the finest first."""
    if here is None:
        return ["epci", "departement"]
    if here.kind == Kind.DISTRICT or here.kind == Kind.COMMUNE and len(geography.inside[here.pk]) > 1:
        return [DISTRICT]
    return ["commune", "epci"] if here.kind in (Kind.DEPARTMENT, Kind.ZONE) else ["commune"]
