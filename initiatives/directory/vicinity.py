"""Where fiches are, and how close two of them are: for the rule of likely duplicates."""

from dataclasses import dataclass

from django.db.models import Prefetch

from initiatives.directory.names import name_words
from initiatives.geo import distance_km
from initiatives.models import Actor, FundingSource, Initiative, Site, Territory
from initiatives.text import NO_BREAK

NEAR_KM = 20


@dataclass(frozen=True)
class Closeness:
    """Where two things are. ``km``: between their towns, when these are two. All is empty when it is not known."""

    reason: str = ""
    is_same_town: bool = False
    is_far: bool = False
    km: int = 0


def compare_places(firsts, seconds):
    """The closest of the pairs: in one town, near, one inside the other, not known, far."""
    closest = min(
        (_compare_two(first, second) for first in firsts for second in seconds), key=lambda pair: pair[:2], default=None
    )
    match closest:
        case (0, _):
            return Closeness("même commune", is_same_town=True)
        case (1, km):
            return Closeness(f"à {km}{NO_BREAK}km", km=km)
        case (2, _):
            return Closeness("même territoire")
        case (4, 0):
            return Closeness("mais ailleurs", is_far=True)
        case (4, km):
            return Closeness(f"mais à {km}{NO_BREAK}km", is_far=True)
        case _:
            return Closeness()


def _compare_two(first, second):
    """(rank of the pair, km when both are towns)."""
    local = [place.kind in (Territory.Kind.COMMUNE, Territory.Kind.DISTRICT) for place in (first, second)]
    if all(local):
        if _town(first).pk == _town(second).pk:
            return 0, 0
        if None in (first.latitude, second.latitude):
            return 3, 0
        km = max(1, round(distance_km(first.longitude, first.latitude, second.longitude, second.latitude)))
        return (1 if km <= NEAR_KM else 4), km
    if first.pk in _containers(second) or second.pk in _containers(first):
        return 2, 0
    if Territory.Kind.COUNTRY in (first.kind, second.kind):
        return 2, 0
    comparable = any(local) or first.kind == second.kind
    return (4 if comparable and Territory.Kind.ZONE not in (first.kind, second.kind) else 3), 0


def _containers(place):
    return {place.pk, place.commune_id, place.epci_id, place.department_id, place.region_id}


def _town(place):
    return place.commune or place


def places_of(fiche):
    """The territories where it is: those of its sites or its seat, else those where it acts."""
    match fiche:
        case Initiative():
            return [site.territory for site in fiche.sites.all()] or list(fiche.coverage.all())
        case Actor():
            return [fiche.seat] if fiche.seat else list(fiche.coverage.all())
        case FundingSource():
            return list(fiche.territories.all())


def with_places(model):
    """The fiches of a noun with what ``places_of`` and ``words_of`` read, in a fixed number of queries."""
    match model.__name__:
        case "Initiative":
            sites = Site.objects.select_related("territory__commune", "territory__department")
            sites = sites.only("initiative", "position", *_columns("territory__"))
            return model.objects.prefetch_related(Prefetch("sites", sites), Prefetch("coverage", _territories()))
        case "Actor":
            seats = model.objects.select_related("seat__commune", "seat__department")
            return seats.prefetch_related(Prefetch("coverage", _territories()))
        case _:
            return model.objects.prefetch_related(Prefetch("territories", _territories()))


def _territories():
    return Territory.objects.select_related("commune", "department").only(*_columns(""))


def _columns(prefix):
    columns = ["kind", "code", "name", "latitude", "longitude", "is_unit", "commune", "epci", "department", "region"]
    columns += ["commune__name", "department__code", "department__name"]
    return [f"{prefix}{column}" for column in columns]


def words_of(places):
    """What a name may add to say where: each of its towns; the name and the number of its département, if it has one.

    Each is a tuple of words, as ``name_words`` gives them.
    """
    towns = {_town(place) for place in places if place.is_unit or place.kind == Territory.Kind.COMMUNE}
    words = {name_words(town.name) for town in towns}
    departments = {place if place.kind == Territory.Kind.DEPARTMENT else place.department for place in places}
    if len(departments) == 1 and (department := departments.pop()):
        words |= {(department.code,), name_words(department.name)}
    return tuple(sorted(words))
