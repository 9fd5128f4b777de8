from collections import Counter, defaultdict
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from initiatives.models.fields import DerivedField
from initiatives.text import ARTICLES, district_names, fold, place_names, sort_key


@dataclass(frozen=True)
class Relations:
    """How other territories meet one territory: ids, for coverages. ``acting`` None means every territory."""

    acting: frozenset | None
    wider: frozenset


class TerritoryQuerySet(models.QuerySet):
    def in_scope(self):
        """The territories of the region and of the EPCI that straddle it, open today."""
        return self.filter(in_scope=True, closed_on=None)

    def get_by_natural_key(self, kind, code):
        return self.get(kind=kind, code=code)

    def by_key(self, key):
        """The territory of a public key (``dep-13``). Raises ``Territory.DoesNotExist`` on anything else."""
        kind, _, code = key.partition("-")
        return self.get(kind=kind, code=code)

    def by_keys(self, keys) -> dict:
        """Public key → territory, of those that exist, in one question."""
        codes = defaultdict(set)
        for key in keys:
            kind, _, code = key.partition("-")
            codes[kind].add(code)
        asked = Q(pk__in=[])
        for kind, those in codes.items():
            asked |= Q(kind=kind, code__in=those)
        return {territory.key: territory for territory in self.filter(asked)}

    def called(self, words):
        """Territories that bear exactly this name, number or postal code; case, accents, « à », « dans le »… apart."""
        names = {*place_names(words), *district_names(words)} - {""}
        if not names:
            return self.none()
        code = words.strip().upper()
        return self.filter(
            Q(folded__in=names)
            | Q(pk__in=TerritoryName.objects.filter(folded__in=names).values("territory"))
            | Q(pk__in=PostalCode.objects.filter(code=code).values("territory"))
            | Q(kind=Territory.Kind.DEPARTMENT, code=code)
        )

    def shortened(self, words):
        """Territories whose name these words shorten: its first words (« saint remy »), itself without its article
        (« ciotat »), the words that tell an EPCI or a zone (« pays de banon »).
        """
        bare = place_names(words)[-1]
        if len(bare) < 3:
            return self.none()
        inside = Q(folded__contains=f" {bare} ") | Q(folded__endswith=f" {bare}")
        condition = inside & Q(kind__in=(Territory.Kind.EPCI, Territory.Kind.ZONE))
        for name in (bare, *(f"{article} {bare}" for article in ARTICLES)):
            condition |= Q(folded=name) | Q(folded__startswith=f"{name} ")
        return self.filter(condition)


class Territory(models.Model):
    """Territoire : pays, région, département, EPCI, commune, arrondissement municipal ou zone nommée.

    Known by (kind, code). An EPCI is no level of a tree: some straddle départements and the region, so a commune
    points to both. The smallest units are the communes and, in Marseille, Lyon and Paris, the arrondissements:
    two territories meet when their sets of smallest units meet.
    """

    class Kind(models.TextChoices):
        COUNTRY = "pays", "Pays"
        REGION = "reg", "Région"
        DEPARTMENT = "dep", "Département"
        EPCI = "epci", "Intercommunalité"
        COMMUNE = "com", "Commune"
        DISTRICT = "arm", "Arrondissement municipal"
        ZONE = "zone", "Zone"

    kind = models.CharField("genre", max_length=4, choices=Kind)
    code = models.CharField("code", max_length=60, help_text="Code Insee, ou identifiant de la zone.")
    name = models.CharField("nom", max_length=200)
    name_at = models.CharField("nom avec « à »", max_length=200, blank=True, help_text="à La Ciotat, dans le Var")
    name_of = models.CharField("nom avec « de »", max_length=200, blank=True, help_text="d’Hyères, du Var")
    nature = models.CharField("nature", max_length=80, blank=True, help_text="Communauté de communes, métropole…")
    folded = DerivedField(source="name", derive=fold)
    sort_key = DerivedField(source="name", derive=sort_key)

    region = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="région")
    department = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="département"
    )
    epci = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="intercommunalité"
    )
    commune = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="districts",
        verbose_name="commune",
        help_text="Pour un arrondissement municipal.",
    )
    members = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="zones",
        limit_choices_to={"kind__in": ["com", "arm"]},
        verbose_name="communes de la zone",
    )

    population = models.PositiveIntegerField("population", null=True, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    in_scope = models.BooleanField("dans l’annuaire", default=False, editable=False)
    is_unit = models.BooleanField("plus petite unité", default=False, editable=False)
    unit_count = models.PositiveIntegerField("nombre d’unités", default=0, editable=False)
    closed_on = models.DateField("supprimé le", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="remplacé par"
    )

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire"
        verbose_name_plural = "territoires"
        ordering = ["sort_key", "kind", "code"]
        indexes = [
            models.Index(fields=["folded"], name="territory_folded"),
            models.Index(fields=["in_scope", "kind"], name="territory_scope"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code"],
                name="territory_key",
                violation_error_message="Un territoire porte déjà cet identifiant.",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, latitude__range=(-90, 90))
                & Q(longitude__isnull=False, longitude__range=(-180, 180)),
                name="territory_point_is_whole",
                violation_error_message="La latitude va de −90 à 90, la longitude de −180 à 180.",
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | Q(closed_on__isnull=False), name="territory_successor_needs_closing"
            ),
            models.CheckConstraint(
                condition=~Q(kind="arm") | Q(commune__isnull=False), name="territory_district_has_a_commune"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("territory", args=[self.key])

    def natural_key(self):
        return (self.kind, self.code)

    @property
    def key(self):
        """Its public key, as in addresses: ``dep-13``."""
        return f"{self.kind}-{self.code}"

    @property
    def title(self):
        """Its name with its article, for a title: « Le Pays de Grasse », « Arles »."""
        for of, article in (("du ", "Le "), ("de la ", "La "), ("des ", "Les "), ("de l’", "L’")):
            if self.kind != self.Kind.COMMUNE and self.name_of.startswith(of):
                return article + self.name_of.removeprefix(of)
        return self.name

    def clean(self):
        super().clean()
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError("Un point se donne par sa latitude et sa longitude, ou pas du tout.")

    def main_place(self):
        """The place that its distances are counted from: itself if it is a commune, else its largest commune.

        None when no point is known.
        """
        if self.latitude is not None and self.kind in (self.Kind.COMMUNE, self.Kind.DISTRICT):
            return self
        units = Territory.objects.filter(self.unit_condition()).values("pk")
        communes = Territory.objects.filter(Q(pk__in=units) | Q(districts__in=units), kind=self.Kind.COMMUNE)
        return communes.exclude(latitude=None).order_by(F("population").desc(nulls_last=True), "code").first()

    def unit_condition(self) -> Q:
        """Condition on ``Territory`` rows: the smallest units that make up this territory."""
        units = Q(is_unit=True)
        match self.kind:
            case self.Kind.COUNTRY:
                return units
            case self.Kind.REGION:
                return units & Q(region=self)
            case self.Kind.DEPARTMENT:
                return units & Q(department=self)
            case self.Kind.EPCI:
                return units & Q(epci=self)
            case self.Kind.ZONE:
                members = self.members.through.objects.filter(from_territory=self).values("to_territory")
                return units & (Q(pk__in=members) | Q(commune__in=members))
            case _:
                return units & (Q(pk=self.pk) | Q(commune=self.pk))

    def place_condition(self, prefix="") -> Q:
        """Condition on the territory of a site (``prefix``: path to it): a place that meets this territory.

        A site at Marseille without more may be in any of the 16 arrondissements, so it meets each of them.
        """
        match self.kind:
            case self.Kind.COUNTRY:
                return Q(**{f"{prefix}pk__isnull": False})
            case self.Kind.REGION:
                return Q(**{f"{prefix}region": self})
            case self.Kind.DEPARTMENT:
                return Q(**{f"{prefix}department": self})
            case self.Kind.EPCI:
                return Q(**{f"{prefix}epci": self})
            case self.Kind.COMMUNE:
                return Q(**{f"{prefix}pk": self.pk}) | Q(**{f"{prefix}commune": self.pk})
            case self.Kind.DISTRICT:
                return Q(**{f"{prefix}pk__in": [self.pk, self.commune_id]})
            case _:
                units = Territory.objects.filter(self.unit_condition()).values_list("pk", "commune")
                return Q(**{f"{prefix}pk__in": {place for unit in units for place in unit if place}})

    def relations(self) -> Relations:
        """Which territories meet this one without strictly containing it, and which strictly contain it."""
        if self.kind == self.Kind.COUNTRY:
            return Relations(acting=None, wider=frozenset())
        shared, total = Counter(), 0
        columns = ("pk", "commune_id", "epci_id", "department_id", "region_id")
        places = {}
        for unit in Territory.objects.filter(self.unit_condition()).values_list(*columns):
            total += 1
            shared.update(filter(None, unit))
            for place in filter(None, unit[:2]):
                places.setdefault(place, []).append(unit[0])
        shared.update(self._zones_meeting(places))
        whole = [pk for pk, count in shared.items() if count == total]
        around = Territory.objects.filter(Q(pk__in=whole) | Q(kind=self.Kind.COUNTRY))
        wider = frozenset(territory.pk for territory in around if territory.count_units() > total)
        return Relations(acting=(frozenset(shared) | {self.pk}) - wider, wider=wider)

    def count_units(self) -> int:
        """Number of its smallest units: stored, but for a zone, that people redraw."""
        if self.kind != self.Kind.ZONE:
            return self.unit_count
        return Territory.objects.filter(self.unit_condition()).count()

    def _zones_meeting(self, places) -> Counter:
        """Number of units shared with each zone. ``places``: place → the units it stands for."""
        shared = {}
        links = self.members.through.objects.filter(to_territory__in=list(places)) if len(places) < 5000 else ()
        for link in links:
            shared.setdefault(link.from_territory_id, set()).update(places[link.to_territory_id])
        return Counter({zone: len(units) for zone, units in shared.items()})


class PostalCode(models.Model):
    """Code postal d’une commune ou d’un arrondissement ; plusieurs communes peuvent le partager."""

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="postal_codes")
    code = models.CharField("code postal", max_length=5)

    class Meta:
        verbose_name = "code postal"
        verbose_name_plural = "codes postaux"
        ordering = ["code", "territory"]
        indexes = [models.Index(fields=["code"], name="postal_code")]
        constraints = [models.UniqueConstraint(fields=["territory", "code"], name="postal_code_once")]

    def __str__(self):
        return self.code


class TerritoryName(models.Model):
    """Autre nom d’un territoire : ancienne commune, surnom, nom d’usage."""

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="other_names")
    name = models.CharField("nom", max_length=200)
    folded = DerivedField(source="name", derive=fold)
    former_code = models.CharField("ancien code Insee", max_length=5, blank=True)

    class Meta:
        verbose_name = "autre nom"
        verbose_name_plural = "autres noms"
        ordering = ["folded", "pk"]
        indexes = [models.Index(fields=["folded"], name="territory_other_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "folded"],
                name="territory_name_once",
                violation_error_message="Ce nom est déjà dans la liste.",
            )
        ]

    def __str__(self):
        return self.name
