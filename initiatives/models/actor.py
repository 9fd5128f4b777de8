from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siren, siret

from initiatives.models.fields import DerivedField, DerivedTextField
from initiatives.models.publication import Line, Publication, PublicationQuerySet, PublicationStatus
from initiatives.models.vocabulary import ActorKind, LegalForm, TieKind
from initiatives.text import fold, sort_key


def validate_siren(value):
    _check(siren, value, "Ce Siren n’est pas valable : 9 chiffres dont le dernier est une clé.")


def validate_siret(value):
    _check(siret, value, "Ce Siret n’est pas valable : 14 chiffres, le Siren puis l’établissement.")


# python-stdnum does not know the RNA: « W », the département of the file (2A and 2B for Corsica), then a sequence.
validate_rna = RegexValidator(
    r"\AW[0-9][0-9AB][0-9]{7}\Z", "Ce numéro RNA n’est pas valable : W suivi de 9 caractères, comme W133000000."
)


def _check(number, value, message):
    try:
        number.validate(value)
    except NumberError as error:
        raise ValidationError(message) from error


class ActorQuerySet(PublicationQuerySet):
    def acting_in(self, *territories):
        """Those seated in one of these territories, or whose coverage meets one."""
        condition = Q()
        for territory in territories:
            relations = territory.relations()
            condition |= territory.place_condition("seat__") & Q(seat__isnull=False)
            coverage = self.model.coverage.through.objects.all()
            if relations.acting is not None:
                coverage = coverage.filter(territory__in=relations.acting | relations.wider)
            condition |= Q(pk__in=coverage.values("actor"))
        return self.filter(condition)

    def with_card_details(self):
        """All that a row of a list shows, in a fixed number of queries."""
        return self.select_related("seat", "seat__department", "seat__commune").prefetch_related("coverage")


class Actor(Publication):
    """Acteur : une organisation qui porte, aide, finance ou relie des initiatives. Jamais une personne."""

    Status = PublicationStatus

    status = models.CharField("statut", max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    acronym = models.CharField("sigle", max_length=40, blank=True)
    sort_key = DerivedField(source="name", derive=sort_key)
    search_text = DerivedTextField(source=("name", "acronym", "summary", "presentation"), derive=fold)
    kind = models.CharField("genre", max_length=20, choices=ActorKind, default=ActorKind.UNKNOWN)
    legal_form = models.CharField("forme juridique", max_length=20, choices=LegalForm, default=LegalForm.UNKNOWN)
    siren = models.CharField("Siren", max_length=9, blank=True, validators=[validate_siren])
    siret = models.CharField("Siret", max_length=14, blank=True, validators=[validate_siret])
    rna = models.CharField("numéro RNA", max_length=10, blank=True, validators=[validate_rna])
    founded_year = models.PositiveSmallIntegerField("année de création", null=True, blank=True)
    presentation = models.TextField("présentation", blank=True)

    seat = models.ForeignKey(
        "initiatives.Territory",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actors_seated",
        limit_choices_to={"kind__in": ["com", "arm"]},
        verbose_name="siège",
    )
    coverage = models.ManyToManyField(
        "initiatives.Territory", blank=True, related_name="actors_covering", verbose_name="territoires d’intervention"
    )
    themes = models.ManyToManyField("initiatives.Theme", blank=True, related_name="actors", verbose_name="thèmes")

    contact_email = models.EmailField("adresse électronique publique", blank=True)
    contact_phone = models.CharField("téléphone public", max_length=30, blank=True)
    contact_note = models.CharField("comment écrire", max_length=200, blank=True)

    objects = ActorQuerySet.as_manager()

    class Meta(Publication.Meta):
        abstract = False
        verbose_name = "acteur"
        verbose_name_plural = "acteurs"
        permissions = [("publish_actor", "Peut publier, archiver, fusionner, vérifier")]
        ordering = ["sort_key", "pk"]
        constraints = [
            *Publication.Meta.constraints,
            models.UniqueConstraint(
                fields=["siren"],
                condition=~Q(siren=""),
                name="actor_siren_once",
                violation_error_message="Un autre acteur porte déjà ce Siren.",
            ),
            models.CheckConstraint(
                condition=Q(siret="") | Q(siren="") | Q(siret__startswith=F("siren")),
                name="actor_siret_starts_with_siren",
                violation_error_message="Le Siret commence par le Siren.",
            ),
            models.CheckConstraint(
                condition=Q(founded_year=None) | Q(founded_year__gte=1000, founded_year__lte=2100),
                name="actor_founded_year_is_sane",
                violation_error_message="L’année de création est comprise entre 1000 et 2100.",
            ),
        ]

    def get_absolute_url(self):
        return reverse("actor", args=[self.slug])


class ActorLabel(Line):
    """Agrément ou label d’un acteur (Esus…), avec ses dates."""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="labels")
    label = models.ForeignKey("initiatives.Label", models.PROTECT, related_name="+", verbose_name="label")
    since = models.PositiveSmallIntegerField("depuis", null=True, blank=True)
    until = models.PositiveSmallIntegerField("jusqu’à", null=True, blank=True)

    class Meta:
        verbose_name = "label"
        verbose_name_plural = "labels et agréments"
        ordering = ["label", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "label"],
                name="actor_label_once",
                violation_error_message="Cet acteur a déjà ce label.",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                name="actor_label_dates_in_order",
                violation_error_message="L’année de fin ne peut pas précéder celle du début.",
            ),
        ]

    def __str__(self):
        return str(self.label)


class ActorTie(Line):
    """Lien entre deux acteurs : l’un est membre de l’autre (un réseau), issu de lui, le porte…"""

    actor = models.ForeignKey(Actor, models.CASCADE, related_name="ties")
    other = models.ForeignKey(Actor, models.CASCADE, related_name="ties_in", verbose_name="autre acteur")
    kind = models.CharField("lien", max_length=20, choices=TieKind)
    text = models.CharField("précision", max_length=250, blank=True)

    class Meta:
        verbose_name = "lien"
        verbose_name_plural = "liens avec d’autres acteurs"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "other", "kind"], name="actor_tie_once", violation_error_message="Ce lien existe déjà."
            ),
            models.CheckConstraint(
                condition=~Q(actor=F("other")),
                name="actor_tie_joins_two_actors",
                violation_error_message="Un acteur n’a pas de lien avec lui-même.",
            ),
        ]

    def __str__(self):
        return f"{self.actor} — {self.get_kind_display()} {self.other}"


class PrivateContact(models.Model):
    """Contact privé d’un acteur, pour l’équipe seule : tenu à part de la fiche, jamais publié."""

    actor = models.OneToOneField(Actor, models.CASCADE, related_name="private_contact")
    name = models.CharField("nom", max_length=150, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    note = models.TextField("note", blank=True)

    class Meta:
        verbose_name = "contact privé"
        verbose_name_plural = "contacts privés"

    def __str__(self):
        return f"Contact privé : {self.actor}"
