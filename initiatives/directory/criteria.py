"""Every criterion of the list of initiatives, declared once.

From a declaration come what an address may say (``filters.py``), its meaning in SQL (``condition``), what each fiche
carries for the index (``pairs``), the counts, the chips, the labels and the list of parameters of the method page.
To add one: a line in ``CRITERIA``, and a test.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Model, Q, QuerySet, Value

from initiatives.models import (
    Actor,
    Audience,
    Funding,
    FundingSource,
    Initiative,
    InitiativeTheme,
    Notice,
    Participation,
    Photo,
    Theme,
)
from initiatives.models.vocabulary import (
    Activity,
    ActorKind,
    LegalForm,
    Milieu,
    Novelty,
    Offered,
    Presence,
    Scale,
    Sought,
    Stage,
)

UNKNOWN = "inconnu"
FIRST_YEAR, LAST_YEAR = 1800, 2100
RADIUS_KM, WIDEST_KM = 30, 100
CHECKED_LATELY = timedelta(days=365)


@dataclass(frozen=True)
class Carrier:
    """Where fiches carry a value: ``rows`` of a day, the way from them to the initiative, and to the value."""

    rows: Callable[[date], QuerySet]
    owner: str
    value: str

    @property
    def is_own(self) -> bool:
        """Whether the value is a column of the initiative itself."""
        return self.rows is _initiatives

    def having(self, values, today) -> Q:
        """Condition on ``Initiative``: it carries one of these values here."""
        asked = {f"{self.value}__in": values}
        if self.is_own:
            return Q(**asked)
        return Q(pk__in=self.rows(today).filter(**asked).order_by().values(self.owner))

    def having_any(self, today) -> Q:
        rows = self.rows(today).exclude(**{self.value: None})
        return Q(pk__in=rows.order_by().values(self.owner))

    def pairs(self, initiatives, today):
        """(key of an initiative, value) of these initiatives, of all of them for None."""
        rows = self.rows(today).exclude(**{self.value: None}).order_by()
        if initiatives is not None:
            rows = rows.filter(**{f"{self.owner}__in": initiatives})
        return rows.values_list(self.owner, self.value).iterator(5000)


@dataclass(frozen=True)
class Criterion:
    """One parameter. ``label``: its name. ``none``: what a search is without it. ``takes``: its values, in words."""

    name: str
    label: str
    none: str
    takes: str = ""


@dataclass(frozen=True, kw_only=True)
class Values(Criterion):
    """Each fiche carries any number of values; a search asks for those that carry one of several.

    ``choices``: the values with their labels; None when they are rows of ``model``, known by their slug.
    ``unknown``: the value of those that carry none, "" when it cannot be asked for. ``is_facet``: counted and shown
    beside the list. ``by_day``: what fiches carry depends on the day.
    """

    carriers: tuple[Carrier, ...]
    choices: tuple | None = None
    model: type[Model] | None = None
    unknown: str = ""
    is_facet: bool = True
    by_day: bool = False

    def condition(self, values, today) -> Q:
        condition = Q()
        for carrier in self.carriers:
            condition |= carrier.having(values, today)
        if self.unknown and self.unknown in values:
            known = Q()
            for carrier in self.carriers:
                known |= carrier.having_any(today)
            condition |= ~known
        return condition

    @property
    def column(self) -> str:
        """The column of the initiative that holds its values, "" when they are elsewhere."""
        return self.carriers[0].value if all(carrier.is_own for carrier in self.carriers) else ""

    def pairs(self, initiatives, today):
        """(key of an initiative, value), some of them more than once; ``unknown`` is not told."""
        for carrier in self.carriers:
            yield from carrier.pairs(initiatives, today)


@dataclass(frozen=True, kw_only=True)
class SetOfValues(Values):
    """The values are together in one column of the initiative (``ChoiceSetField``)."""

    def condition(self, values, today) -> Q:
        [carrier] = self.carriers
        condition = Q()
        for value in values:
            condition |= Q(**{carrier.value: ""} if value == self.unknown else {f"{carrier.value}__has": value})
        return condition

    def pairs(self, initiatives, today):
        for key, values in super().pairs(initiatives, today):
            for value in values:
                yield key, value


@dataclass(frozen=True, kw_only=True)
class Bound(Criterion):
    """A bound on a year or on a day that fiches carry: ``gte`` from it, ``lte`` up to it."""

    carrier: Carrier
    side: str
    is_year: bool = False
    by_day = False

    @property
    def column(self) -> str:
        """The column of the initiative that holds the year or the day, ``…__date`` for the day of a moment."""
        return self.carrier.value

    def condition(self, value, today) -> Q:
        return Q(**{f"{self.carrier.value}__{self.side}": value})

    def pairs(self, initiatives, today):
        return self.carrier.pairs(initiatives, today)

    def accepts(self, carried, value) -> bool:
        return carried >= value if self.side == "gte" else carried <= value


# Where fiches carry what


def _initiatives(today):
    return Initiative.objects.all()


def _column(name):
    return Carrier(_initiatives, "pk", name)


def _of_leads(column):
    """A column of the structure that carries the initiative. Not to be known is to carry nothing."""

    def rows(today):
        leads = Participation.objects.filter(is_lead=True, actor__status=Actor.Status.PUBLISHED)
        return leads.exclude(**{f"actor__{column}": UNKNOWN})

    return Carrier(rows, "initiative", f"actor__{column}")


def _notices(kind):
    return Carrier(lambda today: Notice.objects.current(today).filter(kind=kind), "initiative", "value")


def _photos(today):
    return Photo.objects.exclude(initiative=None).annotate(said=Value("oui"))


def _checked_lately(today):
    checked = Initiative.objects.filter(checked_on__gt=today - CHECKED_LATELY, checked_on__lte=today)
    return checked.annotate(said=Value("1an"))


def _linked(lines, *path):
    """The slug of a row that lines lead to, every step published: an address never tells that another row exists."""
    steps = ["__".join(path[: number + 1]) for number in range(len(path))]
    published = {f"{step}__status": "published" for step in steps}
    return Carrier(lambda today: lines.objects.filter(**published), "initiative", f"{steps[-1]}__slug")


_NOT_KNOWN = ((UNKNOWN, "Non connu"),)

WORDS = Criterion("q", "Mots", "sans ces mots", "des mots ; « entre guillemets », une expression ; -mot, sans ce mot")
TERRITORY = Criterion("territoire", "Territoire", "partout", "dep-13, com-13004, epci-200054807, zone-…")
PRESENCE = Criterion("presence", "Présence", "basées ici ou non", ", ".join(Presence.values))
RADIUS = Criterion("rayon", "Rayon", "sans distance", "des kilomètres, de 1 à 100")
AROUND = Criterion("pres_de", "Près de", "près ou loin", "latitude,longitude ou com-13004")

CRITERIA = (
    WORDS,
    TERRITORY,
    PRESENCE,
    RADIUS,
    AROUND,
    Values(
        "theme",
        "Thème",
        "tous les thèmes",
        "le dernier mot de l’adresse d’un thème ou d’un sous-thème : /themes/energie-climat/",
        carriers=tuple(
            Carrier(lambda today: InitiativeTheme.objects.all(), "initiative", path)
            for path in ("theme__slug", "theme__parent__slug")
        ),
        model=Theme,
    ),
    Values("etape", "Étape", "toutes les étapes", carriers=(_column("stage"),), choices=tuple(Stage.choices)),
    Values("activite", "Activité", "vivantes ou non", carriers=(_column("activity"),), choices=tuple(Activity.choices)),
    Values(
        "forme",
        "Forme juridique",
        "toutes les formes",
        carriers=(_of_leads("legal_form"),),
        choices=tuple(LegalForm.choices),
        unknown=UNKNOWN,
    ),
    Values(
        "porteur",
        "Genre de porteur",
        "tous les porteurs",
        carriers=(_of_leads("kind"),),
        choices=tuple(ActorKind.choices),
        unknown=UNKNOWN,
    ),
    Values("echelle", "Échelle", "toutes les échelles", carriers=(_column("scale"),), choices=tuple(Scale.choices)),
    Values("milieu", "Milieu", "tous les milieux", carriers=(_column("milieu"),), choices=tuple(Milieu.choices)),
    Values(
        "public",
        "Public",
        "tous les publics",
        carriers=(Carrier(lambda today: Initiative.audiences.through.objects.all(), "initiative", "audience__slug"),),
        choices=_NOT_KNOWN,
        model=Audience,
        unknown=UNKNOWN,
    ),
    SetOfValues(
        "nouveaute",
        "Ce qui est nouveau",
        "toutes les nouveautés",
        carriers=(_column("novelties"),),
        choices=(*Novelty.choices, *_NOT_KNOWN),
        unknown=UNKNOWN,
    ),
    Values(
        "cherche",
        "Cherche",
        "quoi qu’elles cherchent",
        carriers=(_notices(Notice.Kind.SEEKS),),
        choices=tuple(Sought.choices),
        by_day=True,
    ),
    Values(
        "propose",
        "Propose",
        "quoi qu’elles proposent",
        carriers=(_notices(Notice.Kind.OFFERS),),
        choices=tuple(Offered.choices),
        by_day=True,
    ),
    Values(
        "acteur",
        "Acteur",
        "avec tous les acteurs",
        "le dernier mot de l’adresse d’un acteur : il y participe, la finance, ou propose un de ses financements",
        carriers=(
            _linked(Participation, "actor"),
            _linked(Funding, "actor"),
            _linked(Funding, "source", "offered_by"),
        ),
        model=Actor,
        is_facet=False,
    ),
    Values(
        "financement",
        "Financement",
        "tous les financements",
        "le dernier mot de l’adresse d’une source de financement",
        carriers=(_linked(Funding, "source"),),
        model=FundingSource,
        is_facet=False,
    ),
    Bound(
        "annee_min",
        "Démarrée depuis",
        "quelle que soit l’année",
        carrier=_column("start_year"),
        side="gte",
        is_year=True,
    ),
    Bound(
        "annee_max",
        "Démarrée avant",
        "quelle que soit l’année",
        carrier=_column("start_year"),
        side="lte",
        is_year=True,
    ),
    Bound(
        "publiee_depuis",
        "Publiée depuis",
        "quelle que soit la date",
        carrier=_column("published_at__date"),
        side="gte",
    ),
    Values(
        "photo",
        "Photo",
        "avec ou sans photo",
        carriers=(Carrier(_photos, "initiative", "said"),),
        choices=(("oui", "Avec une photo"),),
    ),
    Values(
        "verifiee",
        "Vérifiée",
        "vérifiées ou non",
        carriers=(Carrier(_checked_lately, "pk", "said"),),
        choices=(("1an", "Depuis moins d’un an"),),
        by_day=True,
    ),
)
