"""Completion of places while they are typed: every territory of France, from a table in memory.

``places_called`` says what words name once they are whole; this says what they may become. What the first finds by its
very name is among the suggestions.
"""

from dataclasses import dataclass
from threading import Lock

from initiatives.directory.gazetteer import Gazetteer
from initiatives.directory.places import MAX_LENGTH
from initiatives.models import DirectoryVersion, Territory

KINDS = {
    Territory.Kind.COUNTRY: "pays",
    Territory.Kind.REGION: "région",
    Territory.Kind.DEPARTMENT: "département",
    Territory.Kind.EPCI: "intercommunalité",
    Territory.Kind.COMMUNE: "commune",
    Territory.Kind.DISTRICT: "arrondissement",
    Territory.Kind.ZONE: "zone",
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place that words may mean. ``called``: the other name or the postal code that it was found by, or ""."""

    key: str
    name: str
    kind: str
    department: str
    outside: bool
    called: str

    @property
    def label(self):
        return f"{self.name}, hors de la région" if self.outside else self.name


def suggest(words: str) -> list[Suggestion]:
    """At most eight places that these words name, begin or shorten.

    Those of the directory come first; among them those called exactly so, those whose name begins so, those with a word
    that does; then the most populated. What nobody would type for a place suggests nothing.
    """
    words = " ".join("".join(char if char.isprintable() else " " for char in words).split())
    if not words or len(words) > MAX_LENGTH:
        return []
    gazetteer = _current()
    return [
        Suggestion(
            key=f"{gazetteer.kinds[place]}-{gazetteer.codes[place]}",
            name=gazetteer.names[place],
            kind=gazetteer.natures.get(place) or KINDS[gazetteer.kinds[place]],
            department=gazetteer.department(place),
            outside=not gazetteer.in_scope[place],
            called=gazetteer.called(place, words),
        )
        for place in gazetteer.find(words)
    ]


# One a process, made when it is first needed, and again after a change that may concern the places.

_made = (None, None)
_making = Lock()


def _current():
    global _made
    wanted = DirectoryVersion.objects.filter(pk=1).values_list("rebuild_from", flat=True).first() or 0
    version, gazetteer = _made
    # While one makes the next, the others answer from the last; the very first is waited for.
    if version != wanted and _making.acquire(blocking=gazetteer is None):
        try:
            if _made[0] != wanted:
                _made = (wanted, Gazetteer())
        finally:
            _making.release()
    return _made[1]


def prepare():
    """Make it now: for a process that is about to fork."""
    _current()


def forget():
    """Make it anew at the next question: for tests, whose places come without a version."""
    global _made
    _made = (None, None)
