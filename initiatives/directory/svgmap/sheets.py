"""Sheets: drawings that do not depend on what the directory knows, made once and kept in memory."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString

from initiatives.directory.svgmap.atlas import MARSEILLE, City, fine_atlas, france, region_atlas
from initiatives.directory.svgmap.engraving import engrave_part, engrave_region, engrave_situation, engrave_subject
from initiatives.directory.svgmap.lettering import (
    CAPITALS,
    COMMUNE,
    NEIGHBOUR,
    Box,
    Label,
    SeaName,
    place_names,
    place_sea_names,
)
from initiatives.directory.svgmap.plate import Plate
from initiatives.directory.svgmap.subjects import subject
from initiatives.geo import area, contains

KEPT = 128  # some 30 kB each

# Width and height of a sheet, then the box that the territory fills (left, top, right, bottom).
HOME = (700, 880), (50, 150, 650, 670)
PAGE = (620, 560), (64, 44, 556, 516)
PAGE_REGION = (620, 560), (44, 18, 576, 470)
WIDE = (1060, 800), (90, 44, 970, 756)
SIDE = (420, 400), (24, 22, 396, 378)
COARSE = {WIDE: 1, SIDE: 1.6}  # tolerance, in units, where contours may be simpler
PLACE = (352, 300), (20, 18, 332, 282)
SITUATION = (300, 270), (12, 10, 288, 260)

SEA_AT_HOME = SeaName("Mer Méditerranée", "M446 752C540 744 622 700 692 600", Box(440, 590, 700, 760))


@dataclass(frozen=True, eq=False)
class Sheet:
    """A drawing, the plate that it was made on, the names that may be written on it.

    ``sea_names``: where the name of the sea fits, best place first; ``towns``: those of the territory; ``surface``: of
    the territory, in square units.
    """

    plate: Plate
    drawing: SafeString
    name: str = ""
    labels: tuple[Label, ...] = ()
    sea_names: tuple[SeaName, ...] = ()
    towns: tuple[City, ...] = ()
    surface: float = 0

    def __post_init__(self):
        self.plate.put_away()


@lru_cache(KEPT)
def region_sheet(region, layout, prefix):
    """A région on one of the layouts above; None when there is no such région."""
    atlas = region_atlas(region)
    if atlas is None:
        return None
    plate = Plate(atlas, atlas.points(atlas.departments.values()), *layout, tolerance=COARSE.get(layout, 0.64))
    own = plate.rings(atlas.departments.values(), atlas.topology)
    at_home = layout == HOME and atlas is fine_atlas()
    return Sheet(
        plate,
        engrave_region(plate, prefix, small=layout == SIDE),
        labels=place_names(plate, _departments_around(plate), atlas.names_around, NEIGHBOUR),
        sea_names=(SEA_AT_HOME,) if at_home else place_sea_names(plate, plate.land(atlas.land_around) + own),
        towns=atlas.cities,
        surface=_surface(own),
    )


@lru_cache(KEPT)
def territory_sheet(kind, code, members, layout, prefix):
    """A territory among its neighbours on one of the layouts above; None when its contours are not known."""
    about = subject(kind, code, members)
    if about is None:
        return None
    atlas = about.atlas
    plate = Plate(atlas, about.points(spread=about.spread), *layout, tolerance=COARSE.get(layout, 0.5))
    own = plate.rings(about.shapes, about.topology) + plate.land(about.beyond)
    seen = (area for area in about.areas_around if plate.sees(area[2], area[1]))
    areas = [(name, plate.rings([shape], topology)) for name, topology, shape in seen]
    written = {name for name, _ in areas}
    points = [point for point in atlas.names_around if point[0] not in written]
    return Sheet(
        plate,
        engrave_subject(plate, prefix, about),
        labels=place_names(plate, areas, points, COMMUNE if kind in ("com", "arm") else CAPITALS, around=own),
        sea_names=place_sea_names(plate, _land(plate)),
        towns=_towns_in(plate, own),
        surface=_surface(own),
    )


@lru_cache(KEPT)
def department_sheet(code, prefix):
    """A département on a small sheet, to show where one of its communes is."""
    about = subject("dep", code)
    plate = Plate(about.atlas, about.points(), *PLACE)
    towns = _towns_in(plate, plate.rings(about.shapes, about.topology))
    return Sheet(plate, engrave_subject(plate, prefix, about, small=True), towns=towns)


@lru_cache(KEPT)
def district_sheet(code, prefix):
    """An arrondissement in Marseille, on a small sheet; None when it is not one."""
    city, part = subject("com", MARSEILLE), subject("arm", code)
    if part is None:
        return None
    plate = Plate(city.atlas, city.points(), *PLACE)
    return Sheet(plate, engrave_part(plate, prefix, city, part), part.name)


@lru_cache(KEPT)
def situation_sheet(kind, code, members, prefix):
    """A territory in its région, on a small sheet; None when its contours are not known."""
    about = subject(kind, code, members)
    if about is None:
        return None
    plate = Plate(about.atlas, about.atlas.points(about.atlas.departments.values()), *SITUATION, tolerance=0.9)
    return Sheet(plate, engrave_situation(plate, prefix, about), about.name)


def _departments_around(plate):
    """(name, rings) of the départements around a région whose surroundings have no hand-placed names."""
    if plate.atlas is fine_atlas():
        return []
    every = france().layers["departements"].values()
    others = [shape for shape in every if shape.code not in plate.atlas.departments]
    return [(shape.properties["nom"], plate.rings([shape], france())) for shape in others]


def _land(plate):
    atlas = plate.atlas
    return plate.land(atlas.land_around) + plate.rings(atlas.departments.values(), atlas.topology)


def _towns_in(plate, rings):
    """The towns that are inside these rings."""
    placed = [(city, *plate.frame(city.longitude, city.latitude)) for city in plate.atlas.cities]
    return tuple(city for city, x, y in placed if sum(contains(ring, x, y) for ring in rings) % 2)


def _surface(rings):
    return sum(abs(area(ring)) for ring in rings)
