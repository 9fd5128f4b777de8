import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse

from initiatives.models.fields import ChoiceSetField, DerivedField
from initiatives.models.publication import Publication, PublicationQuerySet, PublicationStatus
from initiatives.models.vocabulary import Availability, FundingKind, LegalForm, Stage
from initiatives.text import sort_key

CHECK_LASTS = datetime.timedelta(days=365)
CLOSING_SOON = datetime.timedelta(days=30)


class FundingSourceQuerySet(PublicationQuerySet):
    def with_availability(self, today):
        """Annotate ``availability`` on the day ``today`` (a date in Europe/Paris): the first rule that holds."""
        return self.annotate(
            availability=Case(
                When(ended=True, then=Value(Availability.HISTORICAL)),
                When(closes_on__lt=today, then=Value(Availability.CLOSED)),
                When(opens_on__gt=today, then=Value(Availability.UPCOMING)),
                When(Q(checked_on=None) | Q(checked_on__lt=today - CHECK_LASTS), then=Value(Availability.TO_CHECK)),
                When(closes_on__lte=today + CLOSING_SOON, then=Value(Availability.CLOSING_SOON)),
                When(is_permanent=True, then=Value(Availability.PERMANENT)),
                default=Value(Availability.OPEN),
                output_field=models.CharField(),
            )
        )

    def for_territory(self, *territories):
        """Those whose territories meet one of these, and those whose territories are still to be checked."""
        relations = [territory.relations() for territory in territories]
        if any(item.acting is None for item in relations):
            return self
        meeting = set().union(*(item.acting | item.wider for item in relations))
        links = self.model.territories.through.objects.all()
        return self.filter(
            Q(pk__in=links.filter(territory__in=meeting).values("fundingsource"))
            | ~Q(pk__in=links.values("fundingsource"))
        )

    def with_card_details(self):
        """All that a row of a list shows, in a fixed number of queries."""
        return self.select_related("offered_by").prefetch_related("territories")


class FundingSource(Publication):
    """Source de financement : un dispositif qui peut financer une initiative, tenu par un acteur, à relire souvent."""

    Status = PublicationStatus

    status = models.CharField("statut", max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    sort_key = DerivedField(source="name", derive=sort_key)
    offered_by = models.ForeignKey(
        "initiatives.Actor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="funding_sources",
        verbose_name="proposée par",
    )
    kinds = ChoiceSetField("natures", choices=FundingKind.choices)
    amount_min = models.PositiveBigIntegerField("montant minimum (euros)", null=True, blank=True)
    amount_max = models.PositiveBigIntegerField("montant maximum (euros)", null=True, blank=True)
    max_share = models.PositiveSmallIntegerField(
        "part maximale du budget (%)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    repayable = models.BooleanField("à rembourser", null=True, blank=True)
    stages = ChoiceSetField("étapes", choices=[choice for choice in Stage.choices if choice[0] != Stage.UNKNOWN])
    themes = models.ManyToManyField(
        "initiatives.Theme", blank=True, related_name="funding_sources", verbose_name="thèmes"
    )
    legal_forms = ChoiceSetField(
        "formes juridiques", choices=[choice for choice in LegalForm.choices if choice[0] != LegalForm.UNKNOWN]
    )
    audiences = models.ManyToManyField(
        "initiatives.Audience", blank=True, related_name="funding_sources", verbose_name="publics"
    )
    exclusions = models.TextField("exclusions", blank=True)
    territories = models.ManyToManyField(
        "initiatives.Territory",
        blank=True,
        related_name="funding_sources",
        verbose_name="territoires",
        help_text="Aucun : à vérifier (et non « partout »).",
    )
    opens_on = models.DateField("ouvre le", null=True, blank=True)
    closes_on = models.DateField("ferme le", null=True, blank=True)
    is_permanent = models.BooleanField("permanente", default=False)
    returns_in_month = models.PositiveSmallIntegerField(
        "revient chaque année (mois)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    ended = models.BooleanField("terminée pour de bon", default=False)
    eligibility = models.TextField("conditions", blank=True)
    how_to_apply = models.TextField("comment demander", blank=True)

    objects = FundingSourceQuerySet.as_manager()

    class Meta(Publication.Meta):
        abstract = False
        verbose_name = "source de financement"
        verbose_name_plural = "sources de financement"
        permissions = [("publish_fundingsource", "Peut publier, archiver, fusionner, vérifier")]
        ordering = ["sort_key", "pk"]
        constraints = [
            *Publication.Meta.constraints,
            models.CheckConstraint(
                condition=Q(amount_min=None) | Q(amount_max=None) | Q(amount_max__gte=F("amount_min")),
                name="fundingsource_amounts_in_order",
                violation_error_message="Le montant maximum ne peut pas être inférieur au montant minimum.",
            ),
            models.CheckConstraint(
                condition=Q(max_share=None) | Q(max_share__range=(1, 100)),
                name="fundingsource_share_is_a_percentage",
                violation_error_message="La part maximale est comprise entre 1 et 100.",
            ),
            models.CheckConstraint(
                condition=Q(opens_on=None) | Q(closes_on=None) | Q(closes_on__gte=F("opens_on")),
                name="fundingsource_closes_after_it_opens",
                violation_error_message="La fermeture ne peut pas précéder l’ouverture.",
            ),
            models.CheckConstraint(
                condition=Q(returns_in_month=None) | Q(returns_in_month__range=(1, 12)),
                name="fundingsource_month_is_a_month",
                violation_error_message="Le mois est compris entre 1 et 12.",
            ),
            models.CheckConstraint(
                condition=Q(is_permanent=False) | Q(closes_on=None),
                name="fundingsource_permanent_never_closes",
                violation_error_message="Une source permanente n’a pas de date de fermeture.",
            ),
        ]

    def get_absolute_url(self):
        return reverse("funding", args=[self.slug])
