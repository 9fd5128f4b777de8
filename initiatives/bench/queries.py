"""Two hundred searches as people make them, drawn from what the directory holds: always the same for the same rows."""

import re
from collections import Counter
from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from django.urls import reverse

from initiatives.directory.listing import DEFAULT_SIZE
from initiatives.models import Initiative, Territory, Theme
from initiatives.models.vocabulary import Activity, LegalForm, Milieu, Presence, Scale, Stage

SAMPLE = 400
FAMILIES = {"all": 16, "words": 62, "territory": 50, "presence": 24, "values": 20, "together": 28}
ORDERS = ("recentes", "nom", "jour", "verifiees")
PAIR = re.compile(r"\b([^\W\d_]{4,}) ([^\W\d_]{4,})\b")

Kind = Territory.Kind


@dataclass(frozen=True)
class Query:
    """One search: its family, and its address."""

    family: str
    parameters: tuple

    @property
    def url(self):
        path = reverse("initiatives")
        return f"{path}?{urlencode(self.parameters)}" if self.parameters else path


def mix() -> list[Query]:
    """The two hundred, each family in its share. Raises ``LookupError`` when nothing is published."""
    ground = _Ground()
    families = {
        "all": ground.all_of_it(),
        "words": ground.words(),
        "territory": ground.territories(),
        "presence": ground.presences(),
        "values": ground.values(),
        "together": ground.together(),
    }
    queries = []
    for family, count in FAMILIES.items():
        found = [tuple(parameters) for parameters in families[family]]
        queries += [Query(family, found[number % len(found)]) for number in range(count)]
    return queries


def typed_places() -> list[str]:
    """What somebody types for a place, letter after letter: for completion."""
    names = _Ground().names
    return [name[:length] for name in names[:20] for length in (1, 2, 3, 5, len(name))]


class _Ground:
    """What the searches are made of: words, places and themes of this directory."""

    def __init__(self):
        self.draw = Random("mesure")
        published = Initiative.objects.published()
        self.count = published.count()
        if not self.count:
            raise LookupError("Aucune fiche publiée : rien à mesurer.")
        keys = list(published.order_by("sort_key", "pk").values_list("pk", flat=True))
        rows = published.filter(pk__in=keys[:: max(1, len(keys) // SAMPLE)]).order_by("sort_key", "pk")
        texts = [" ".join(row) for row in rows.values_list("summary", "social_need", "response")]
        counted = Counter(word for text in texts for word in re.findall(r"[^\W\d_]{4,}", text.lower()))
        ranked = sorted(counted, key=lambda word: (-counted[word], word))
        self.common, self.rare = ranked[:40], ranked[-400:]
        self.draw.shuffle(self.rare)
        self.phrases = [f'"{found[1]} {found[2]}"' for text in texts for found in [PAIR.search(text)] if found]
        in_scope = Territory.objects.in_scope().order_by("-population", "kind", "code")
        self.places = {kind: list(in_scope.filter(kind=kind)) for kind in Kind}
        self.names = [place.name for place in self.places[Kind.COMMUNE]]
        self.elsewhere = list(
            Territory.objects.filter(in_scope=False, kind=Kind.COMMUNE, closed_on=None).order_by("-population", "code")[
                :2
            ]
        )
        self.themes = list(Theme.objects.order_by("slug").values_list("slug", flat=True))

    def all_of_it(self):
        """Orders, page sizes, pages far away."""
        last = -(-self.count // DEFAULT_SIZE)
        yield ()
        for order in ORDERS:
            yield [("tri", order)]
            yield [("tri", order), ("page", max(1, last // 2))]
        yield from ([("page", max(1, page))] for page in (min(2, last), last // 4, last - 1, last))
        yield from ([("par_page", size)] for size in (10, 50, 100))

    def words(self):
        """Common and rare, several, begun, in a phrase, excluded, unknown, too short to mean anything."""
        rare = iter(self.rare * 3)
        yield from ([("q", word)] for word in self.common[:14])
        yield from ([("q", next(rare))] for _ in range(12))
        yield from ([("q", f"{word} {other}")] for word, other in zip(self.common[:8], self.common[8:16], strict=False))
        yield from ([("q", f"{word} {next(rare)}")] for word in self.common[:6])
        yield from ([("q", word[:4])] for word in self.common[4:10])
        yield from ([("q", phrase)] for phrase in self.phrases[:8])
        yield from ([("q", f"{word} -{other}")] for word, other in zip(self.common[:3], self.common[3:6], strict=False))
        yield from ([("q", words)] for words in ("de la", "zzyzx", "l’eau", "ECOLE ateliers", "jardin partage"))

    def territories(self):
        communes, count = self.places[Kind.COMMUNE], len(self.places[Kind.COMMUNE])
        for places, most in (
            (communes, 8),
            (communes[count // 2 :], 7),
            (communes[::-1], 7),
            (self.places[Kind.DEPARTMENT], 6),
            (self.places[Kind.EPCI], 8),
            (self.places[Kind.REGION], 1),
            (self.places[Kind.DISTRICT], 4),
            (self.places[Kind.ZONE], 2),
            (self.places[Kind.COUNTRY], 1),
            (self.elsewhere, 2),
        ):
            yield from ([("territoire", place.key)] for place in places[:most])
        for kind in (Kind.COMMUNE, Kind.DEPARTMENT, Kind.EPCI):
            yield [("territoire", place.key) for place in self.places[kind][:3]]

    def presences(self):
        """How it concerns a territory, and what is around."""
        for kind in (Kind.DEPARTMENT, Kind.EPCI, Kind.COMMUNE):
            for place in self.places[kind][:2]:
                for presence in Presence.values:
                    yield [("territoire", place.key), ("presence", presence)]
        communes = self.places[Kind.COMMUNE]
        for place in (*communes[:3], *communes[-1:]):
            yield [("territoire", place.key), ("rayon", self.draw.choice((5, 20, 50)))]
        for place in [place for place in communes if place.latitude][:2]:
            point = f"{place.latitude:.2f},{place.longitude:.2f}"
            yield [("pres_de", point), ("rayon", 30), ("tri", "distance")]

    def values(self):
        yield from ([("theme", theme)] for theme in self.themes[:8])
        yield [("theme", theme) for theme in self.themes[:3]]
        for name, values in (
            ("etape", Stage.values),
            ("activite", Activity.values),
            ("forme", LegalForm.values),
            ("echelle", Scale.values),
            ("milieu", Milieu.values),
        ):
            yield [(name, values[0])]
            yield [(name, value) for value in values[1:3]]
        yield [("annee_min", 2005), ("annee_max", 2015)]

    def together(self):
        """A place, a theme, a word, a stage: two, three or four of them, and another order or page size."""
        places = [*self.places[Kind.DEPARTMENT], *self.places[Kind.EPCI], *self.places[Kind.COMMUNE][:10]]
        for number in range(FAMILIES["together"]):
            criteria = [
                ("territoire", self.draw.choice(places).key),
                ("theme", self.draw.choice(self.themes)),
                ("q", self.draw.choice(self.common)),
                ("etape", self.draw.choice(Stage.values)),
            ]
            chosen = self.draw.sample(criteria, 2 + number % 3)
            yield chosen + [[], [("tri", "nom")], [("par_page", 50)]][number % 3]
