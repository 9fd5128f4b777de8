"""The places of France by all that they are called, in memory: what a name that is being typed may become."""

import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from heapq import nsmallest

from django.db.models import F

from initiatives.directory.places import NATURE, NATURES, POSTAL_CODE, WHERE
from initiatives.models import PostalCode, Territory, TerritoryName
from initiatives.text import district_names, fold, fold_place, place_names

MOST = 8
# However many places of the directory begin with a name, those elsewhere in France that bear it exactly are told.
NAMESAKES = 3
NUMBER = re.compile(r"\d{1,5}|2[ab]")
WORD_START = re.compile(r"(?<= )\S")
AFTER_ANY = "\U0010ffff"

Kind = Territory.Kind


class Names:
    """Names in order, each with the place that it leads to; those that begin alike are neighbours."""

    def __init__(self, pairs):
        pairs = sorted(pairs)
        self.names = [name for name, _ in pairs]
        self.places = array("I", [place for _, place in pairs])

    def equal(self, name):
        return self.places[self._between(name, name + "\0")]

    def beginning(self, start):
        return self.places[self._between(start, start + AFTER_ANY)]

    def which(self, start, place):
        """The first name of this place that begins so, or ""."""
        span = self._between(start, start + AFTER_ANY)
        found = zip(self.names[span], self.places[span], strict=True)
        return next((name for name, owner in found if owner == place), "")

    def _between(self, low, high):
        start = bisect_left(self.names, low)
        return slice(start, bisect_left(self.names, high, start))


class Index:
    """What some of the places are called: whole names, names from their second word on, postal codes, numbers."""

    def __init__(self, names, postal_codes, numbers):
        self.names = Names(names)
        rests = ((name[found.start() :], place) for name, place in names for found in WORD_START.finditer(name))
        self.later_words = Names(rests)
        self.postal_codes = Names(postal_codes)
        self.numbers = Names(numbers)

    def find(self, readings, room):
        """(the places called exactly so, those that may be meant, as many as there is room for), each in order."""
        exact = sorted({rank for name, accepts in readings for rank in _accepted(self._called(name), accepts)})
        others = []
        for name, accepts in readings:
            for ranks in self._beginning(name):
                if len(others) < room - len(exact):
                    fitting = {*_accepted(ranks, accepts)}.difference(exact, others)
                    others += nsmallest(room - len(exact) - len(others), fitting)
        return exact, others

    def _called(self, words):
        for name in (*place_names(words), *district_names(words)):
            yield from self.names.equal(name)
            if NUMBER.fullmatch(name):
                yield from self.numbers.equal(name)
                yield from self.postal_codes.equal(name)

    def _beginning(self, words):
        """Those whose name begins so, then those with a word that does; then the same without an article."""
        names = place_names(words)
        for name in dict.fromkeys((names[0], names[-1])):
            if name:
                yield self.names.beginning(name)
                yield self.later_words.beginning(name)
                if NUMBER.fullmatch(name):
                    yield self.postal_codes.beginning(name)


class Gazetteer:
    """The open territories, as the database holds them when it is made; immutable.

    A place is its rank: the lower, the more people live there.
    """

    def __init__(self):
        columns = ("pk", "kind", "code", "name", "nature", "in_scope", "department", "folded", "name_of")
        order = (F("population").desc(nulls_last=True), "sort_key", "kind", "code")
        rows = list(Territory.objects.filter(closed_on=None).order_by(*order).values_list(*columns))
        ranks = {row[0]: rank for rank, row in enumerate(rows)}
        self.kinds, self.codes, self.names = ([row[column] for row in rows] for column in (1, 2, 3))
        self.natures = {rank: row[4] for rank, row in enumerate(rows) if row[4] and row[1] in (Kind.EPCI, Kind.ZONE)}
        self.in_scope = bytes(row[5] for row in rows)
        self.departments = array("i", [ranks.get(row[6], -1) for row in rows])
        names = {(row[7], rank) for rank, row in enumerate(rows)} | {*_long_names(rows)}
        self.other_names = defaultdict(list)
        for name, folded, pk in TerritoryName.objects.values_list("name", "folded", "territory"):
            if pk in ranks:
                self.other_names[ranks[pk]].append((name, folded))
                names.add((folded, ranks[pk]))
        codes = PostalCode.objects.values_list("code", "territory")
        codes = [(code, ranks[pk]) for code, pk in codes if pk in ranks]
        numbers = [(row[2].lower(), rank) for rank, row in enumerate(rows) if row[1] == Kind.DEPARTMENT]
        self.here, self.elsewhere = (
            Index(*([pair for pair in pairs if self.in_scope[pair[1]] == here] for pairs in (names, codes, numbers)))
            for here in (True, False)
        )

    def find(self, words) -> list[int]:
        """At most eight places that these words name, begin or shorten: those of the directory, then the others."""
        readings = [*self._readings(words)]
        exact_here, here = self.here.find(readings, MOST)
        namesakes, elsewhere = self.elsewhere.find(readings, MOST - len(exact_here) - len(here))
        told = namesakes[:NAMESAKES]
        kept = [*exact_here, *here][: max(len(exact_here), MOST - len(told))]
        return [*kept, *told, *namesakes[NAMESAKES:], *elsewhere][:MOST]

    def called(self, place, words) -> str:
        """The other name or the postal code that these words find the place by; "" when it is by its name."""
        name = place_names(words)[-1]
        if NUMBER.fullmatch(name):
            codes = self.here.postal_codes if self.in_scope[place] else self.elsewhere.postal_codes
            return codes.which(name, place)
        own = f" {fold(self.names[place])}"
        others = self.other_names.get(place, ()) if f" {name}" not in own else ()
        return next((other for other, folded in others if f" {name}" in f" {folded}"), "")

    def department(self, place):
        """The name of its département, or ""."""
        department = self.departments[place]
        return self.names[department] if department >= 0 else ""

    def _readings(self, words):
        """(name, which places it may be): what ``places_called`` reads in the words, the département maybe begun."""
        if said := WHERE.fullmatch(words):
            yield said[1], self._in_department(said[2])
        yield words, None
        if (code := POSTAL_CODE.search(words)) and (name := POSTAL_CODE.sub("", words).strip(" ,-()")):
            delivered = {*self.here.postal_codes.equal(code[1]), *self.elsewhere.postal_codes.equal(code[1])}
            yield name, delivered.__contains__
            yield name, self._in_department(code[1][:2])
        elif said := NATURE.fullmatch(fold(words)):
            yield said[2], lambda place: self.kinds[place] == NATURES[said[1]]

    def _in_department(self, words):
        start = fold_place(words)
        found = set()
        for index in (self.here, self.elsewhere) if start else ():
            found.update(index.numbers.beginning(start))
            found.update(rank for rank in index.names.beginning(start) if self.kinds[rank] == Kind.DEPARTMENT)
        return lambda place: place in found or self.departments[place] in found


def _accepted(ranks, accepts):
    return filter(accepts, ranks) if accepts else ranks


def _long_names(rows):
    """« le var », « métropole aix marseille provence »: with the article, or the nature, that people may type."""
    for rank, row in enumerate(rows):
        kind, nature, folded, name_of = row[1], row[4], row[7], row[8]
        if kind not in (Kind.COMMUNE, Kind.DISTRICT):
            article = {"du": "le", "des": "les"}.get(
                name_of.split(" ")[0], "la" if name_of.startswith("de la ") else ""
            )
            for before in filter(None, (article, fold(nature))):
                yield f"{before} {folded}", rank
