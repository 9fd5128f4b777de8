"""The maps that pages show: a sheet drawn beforehand, with the names, towns and seals that go over it."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.safestring import SafeString

from initiatives.directory.svgmap.atlas import FINE_REGION, MARSEILLE, TOWNS_FINE, fine_atlas
from initiatives.directory.svgmap.circles import Legend, PlacedSeal, Scale, legend, place_seals, strayed
from initiatives.directory.svgmap.lettering import LARGE_TOWN, Label, SeaName, Town, disc_box, free, place_towns
from initiatives.directory.svgmap.sheets import (
    HOME,
    PAGE,
    PAGE_REGION,
    SIDE,
    WIDE,
    department_sheet,
    district_sheet,
    region_sheet,
    situation_sheet,
    territory_sheet,
)
from initiatives.geo import area, roomiest_point
from initiatives.models import Territory

Kind = Territory.Kind
KEPT = 256
BY_EPCI = ", nombre d’initiatives par intercommunalité"
BESIDE = "La même information est donnée en liste à côté de la carte."

# Radius of one initiative, in units. On the sheet of a territory it shrinks where seals are too crowded.
REGION_UNIT = 9.6
TERRITORY_UNITS = (14, 12, 10, 8.5)
LARGEST = 60
PHONE_SWELL = 1.5  # as in components.css
ENLARGED = {WIDE: 1.3, SIDE: 0.8}  # seals of the layouts that are larger or smaller than a page
FARTHEST = 34  # that a seal may be from its place, before they shrink


@dataclass(frozen=True)
class EngravedMap:
    """What ``components/maps/map.html`` shows.

    ``large_towns``: those that are named on a phone, where names and seals are larger; ``place``: the one place that it
    shows, without a number; ``fills``: it fills its panel and may lose what is around the territory, never the
    territory.
    """

    id: str
    width: int
    height: int
    title: str
    drawing: SafeString
    description: str = ""
    fills: bool = False
    labels: tuple[Label, ...] = ()
    sea: SeaName | None = None
    towns: tuple[Town, ...] = ()
    large_towns: tuple[Town, ...] = ()
    seals: tuple[PlacedSeal, ...] = ()
    legend: Legend | None = None
    place: PlacedSeal | None = None

    @property
    def is_small(self):
        """Whether it only says where a place is: it is shown as it is on every screen."""
        return self.width < 400


def region_map(seals, id_prefix):
    """The map of the région for a panel that it fills, with its legend."""
    return _region_map(settings.REGION, HOME, tuple(seals), id_prefix, f"Carte de la région{BY_EPCI if seals else ''}")


def territory_map(kind, code, seals, id_prefix, label, layout=PAGE, by=""):
    """The map of a territory among its neighbours, with the seals that are on it; None when it cannot be drawn.

    ``by``: what each seal is, in words, when it is not a commune or an arrondissement.

    Where only départements are known, an EPCI or a zone has the map of the région.
    """
    seals = tuple(seals)
    of_region = PAGE_REGION if layout == PAGE else layout
    if kind == Kind.REGION:
        said = f", nombre d’initiatives par {by}" if by else BY_EPCI
        return _region_map(code, of_region, seals, id_prefix, f"Carte : {label}{said if seals else ''}")
    drawn = _territory_map(kind, code, _members(kind, code), seals, id_prefix, label, layout, by)
    if drawn is None and kind in (Kind.EPCI, Kind.ZONE) and settings.REGION != FINE_REGION:
        return _region_map(settings.REGION, of_region, seals, id_prefix, f"Carte : {label}")
    return drawn


def locator_map(kind, code, id_prefix="cl"):
    """A small map that says where a place is: a commune in its département, an arrondissement in Marseille, any other
    territory in its région; None when it cannot be drawn."""
    if kind == Kind.COMMUNE and code in fine_atlas().topology.layers["communes"]:
        return _commune_locator(code, id_prefix)
    if kind == Kind.DISTRICT:
        return _plain(district_sheet(code, id_prefix), id_prefix)
    return _plain(situation_sheet(kind, code, _members(kind, code), id_prefix), id_prefix)


def _members(kind, code):
    """Codes of the communes of a zone; nothing for another territory, whose contours say it all."""
    if kind != Kind.ZONE:
        return frozenset()
    links = Territory.members.through.objects.filter(from_territory__kind=kind, from_territory__code=code)
    return frozenset(links.values_list("to_territory__code", flat=True))


@lru_cache(KEPT)
def _region_map(region, layout, seals, prefix, title):
    sheet = region_sheet(region, layout, prefix)
    if sheet is None:
        return None
    left, top, right, bottom = sheet.plate.box
    seals = [seal for seal in seals if sheet.plate.shows(*sheet.plate.frame(seal.longitude, seal.latitude))]
    counts = [seal.count for seal in seals]
    enlarged = ENLARGED.get(layout, 1)
    scale = Scale.fitting(counts, REGION_UNIT * enlarged, LARGEST * enlarged, room=sheet.surface * 0.4)
    placed = place_seals(seals, sheet.plate, scale, (left - 16, top - 16, right + 16, bottom + 16))
    return _lettered(
        sheet,
        prefix,
        title,
        placed,
        _main_towns(sheet.plate.atlas),
        apart=64 if layout == SIDE else 44,
        wider=True,
        fills=layout == HOME,
        legend=legend(scale, counts) if layout == HOME and seals else None,
    )


@lru_cache(KEPT)
def _territory_map(kind, code, members, seals, prefix, label, layout, by):
    sheet = territory_sheet(kind, code, members, layout, prefix)
    if sheet is None:
        return None
    plate = sheet.plate
    seen = [seal for seal in seals if plate.shows(*plate.frame(seal.longitude, seal.latitude))]
    level = by or ("arrondissement" if kind == Kind.DISTRICT or code == MARSEILLE else "commune")
    return _lettered(
        sheet,
        prefix,
        f"Carte : {label}, nombre d’initiatives par {level}" if seen else f"Carte : {label}",
        _seals_of_territory(sheet, seen, ENLARGED.get(layout, 1)),
        _towns(sheet, outside=0 if kind in (Kind.COMMUNE, Kind.DISTRICT) else 2)
        + (_named(seen) if level == "commune" else []),
    )


def _seals_of_territory(sheet, seals, enlarged):
    """The seals at the largest scale that leaves them near their places."""
    plate, counts = sheet.plate, [seal.count for seal in seals]
    room = max(sheet.surface * 0.4, plate.width * plate.height * 0.06)
    for unit in TERRITORY_UNITS:
        scale = Scale.fitting(counts, unit * enlarged, LARGEST * enlarged, room)
        placed = place_seals(seals, plate, scale, (4, 4, plate.width - 4, plate.height - 4))
        if strayed(placed, seals, plate) < FARTHEST:
            break
    return placed


def _lettered(sheet, prefix, title, placed, towns, apart=36, wider=False, **more):
    """The map with the names that its seals leave room for; ``wider``: the seals are those of EPCI."""
    plate = sheet.plate
    discs = [disc_box(seal.x, seal.y, seal.radius) for seal in placed]
    sea = next((name for name in sheet.sea_names if not any(name.box.meets(disc) for disc in discs)), None)
    taken = [sea.box] if sea else []
    labels = free(sheet.labels, taken + discs, plate)
    around = taken + [label.box for label in labels]
    return EngravedMap(
        id=prefix,
        width=plate.width,
        height=plate.height,
        title=title,
        description=BESIDE if placed else "",
        drawing=sheet.drawing,
        labels=labels,
        sea=sea,
        towns=place_towns(plate, towns, placed, around, wider=wider, apart=apart),
        large_towns=place_towns(plate, towns, placed, taken, LARGE_TOWN, PHONE_SWELL, wider, most=6, apart=90),
        seals=placed,
        **more,
    )


@lru_cache(KEPT)
def _commune_locator(code, prefix):
    commune = fine_atlas().topology.layers["communes"][code]
    sheet = department_sheet(commune.properties["dep"], prefix)
    x, y = _point(commune, sheet.plate)
    disc = PlacedSeal(round(x, 1), round(y, 1), 7.5, 0, commune.properties["nom"], "")
    return EngravedMap(
        id=prefix,
        width=sheet.plate.width,
        height=sheet.plate.height,
        title=f"Carte de situation : {disc.name}",
        drawing=sheet.drawing,
        towns=place_towns(sheet.plate, _towns(sheet, outside=0), [disc], [], most=7, apart=60),
        place=disc,
    )


def _point(commune, plate):
    """Where a commune is on a plate: its town when it is known, else the middle of its contours."""
    for city in fine_atlas().cities:
        if city.code == commune.code:
            return plate.frame(city.longitude, city.latitude)
    largest = max(plate.rings([commune], fine_atlas().topology), key=lambda ring: abs(area(ring)))
    return roomiest_point(largest)[:2]


def _plain(sheet, prefix):
    if sheet is None:
        return None
    title = f"Carte de situation : {sheet.name}" if sheet.name else "Carte de situation"
    return EngravedMap(prefix, sheet.plate.width, sheet.plate.height, title, sheet.drawing)


def _towns(sheet, outside):
    """The towns of the territory; those around it up to the rank ``outside``, to give bearings."""
    cities = sheet.plate.atlas.cities
    return [
        (city.name, city.longitude, city.latitude) for city in cities if city.rank <= outside or city in sheet.towns
    ]


def _main_towns(atlas):
    towns = {city.name: city for city in atlas.cities}
    chosen = (towns[name] for name in TOWNS_FINE if name in towns)
    return [(city.name, city.longitude, city.latitude) for city in chosen]


def _named(seals):
    """The communes that have seals, to be named too."""
    known = {city.name for city in fine_atlas().cities}
    return [(seal.name, seal.longitude, seal.latitude) for seal in seals if seal.name not in known]
