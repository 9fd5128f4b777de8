"""Words asked to the database: the reference of the postings, their fallback, and the phrases. The only module that
speaks the language of a database; both give the same answers, since both hold the same atoms (``analysis.py``).
"""

import json
from collections.abc import Iterable, Iterator

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from pyroaring import BitMap

from initiatives.directory.matches import ByClass, Matches, groups_of, matches
from initiatives.models import Initiative, SearchText
from initiatives.models.search_text import CLASSES
from initiatives.words import Query

READ_AT_ONCE = 2000


def match(query: Query) -> Matches:
    """The initiatives, of any status, that answer a query: one question to the database, two without a wanted word."""
    found = find(groups_of(query))
    return matches(query, found.__getitem__, everything)


def everything() -> BitMap:
    """Every initiative that may be found."""
    return BitMap(SearchText.objects.values_list("pk", flat=True))


def find(groups: list[tuple[str, ...]]) -> dict[tuple[str, ...], ByClass]:
    """What each group of atoms finds, by class, in one question."""
    found = {group: tuple(BitMap() for _ in CLASSES) for group in groups}
    asked = [(group, place) for group in groups for place in range(len(CLASSES))]
    if not asked:
        return found
    one, expression = {"sqlite": (SQLITE, _fts5), "postgresql": (POSTGRESQL, _tsquery)}[connection.vendor]
    parameters = [value for number, (group, place) in enumerate(asked) for value in (number, expression(group, place))]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(asked)), parameters)
        for number, pk in cursor.fetchall():
            group, place = asked[number]
            found[group][place].add(pk)
    return found


def rows(initiative_ids: Iterable[int] | None = None, *, published: bool = True) -> Iterator[tuple]:
    """(initiative, atoms of its name, of its summary, of its links, of its body): what postings are built from."""
    found = SearchText.objects.order_by("pk")
    if published:
        found = found.filter(initiative__in=Initiative.objects.published().order_by().values("pk"))
    if initiative_ids is not None:
        found = found.filter(pk__in=list(initiative_ids))
    return found.values_list("pk", *CLASSES).iterator(READ_AT_ONCE)


def among(ids: Iterable[int]) -> Q:
    """Condition on ``Initiative``: one of these, however many; a list of parameters would have an end."""
    ids = list(ids)
    match connection.vendor:
        case "sqlite":
            return Q(pk__in=RawSQL("SELECT value FROM json_each(%s)", [json.dumps(ids)]))
        case "postgresql":
            return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [ids]))


# The two languages. Atoms are letters, digits and « = » only: nothing in them means something to either.

SQLITE = "SELECT %s, rowid FROM initiatives_fulltext WHERE initiatives_fulltext MATCH %s"
POSTGRESQL = "SELECT %s::int, initiative_id FROM initiatives_searchtext WHERE fulltext @@ %s::tsquery"


def _fts5(group, place):
    any_of = " OR ".join(f'"{atom[:-1]}" *' if atom.endswith("*") else f'"{atom}"' for atom in group)
    return f"{{{CLASSES[place]}}} : ({any_of})"


def _tsquery(group, place):
    return " | ".join(_tsquery_atom(atom, "ABCD"[place]) for atom in group)


def _tsquery_atom(atom, weight):
    if atom.endswith("*"):
        return f"'{atom[:-1]}':*{weight}"
    return "(" + " <-> ".join(f"'{word}':{weight}" for word in atom.split(" ")) + ")"
